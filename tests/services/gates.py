"""The gates of issuing as a test asks them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.services.device import Device
from inspector_app.services.issuing import can_issue
from tests.office import PlainPaper
from tests.services.work import (
    draft,
    draft_a,
    inspected,
)

C = RefusalCode


@pytest.fixture
def batch(device: Device) -> str:
    """120 万尾 of grass carp fry, inspected and passed."""
    return inspected(device)


def one(device: Device, *, inspection: str, kind: str = "B", **fields: Any) -> Refusal:
    """The only refusal of a draft."""
    made = (draft_a if kind == "A" else draft)(device, inspection, **fields)
    found = can_issue(device, made)
    assert len(found) == 1, found
    return found[0]


def coded(device: Device, made: IssueDraft) -> list[tuple[RefusalCode, str]]:
    return [(refusal.code, refusal.field) for refusal in can_issue(device, made)]


class UnprintablePaper(PlainPaper):
    """Paper whose fonts lack one character; it shows the consignee."""

    unprintable = "龘"

    def check(self, content: Any) -> Any:
        return super().check(msgspec.structs.replace(content, values=content.values | {"consignee": "王龘"}))
