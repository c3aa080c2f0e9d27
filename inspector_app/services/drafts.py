"""What people are typing: kept within a second, listed at start, taken back after a change of mind (草稿).

A draft is the text as typed, also where it cannot be read yet; it never enters the journal and takes no number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from inspector_app.services.device import Device
from inspector_app.store.drafts import Draft

NAME_BYTES = 8


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One draft: ``form`` names the form, ``subject`` the record it is about ("" for a new one)."""

    draft: str
    form: str
    subject: str
    person: int
    saved_at: int
    content: dict[str, Any]


def new_draft(device: Device) -> str:
    """A name for a draft about to be kept."""
    return device.random.bytes(NAME_BYTES).hex()


def save(device: Device, draft: str, *, form: str, subject: str, content: Mapping[str, Any]) -> int:
    """Keep the latest text; returns when (UTC ms). ``content`` is what JSON can say."""
    at = device.clock.now().at
    held = device.drafts.get(draft)
    person = held.person if held is not None else device.person()
    device.drafts.save(Draft(draft, form, person, subject, msgspec.json.encode(content), at))
    return at


def kept(device: Device, form: str = "") -> list[Kept]:
    """Drafts that are neither finished nor put aside, latest first."""
    return [_kept(draft) for draft in device.drafts.open_drafts(form)]


def find(device: Device, draft: str) -> Kept | None:
    """One draft, also one put aside; None when it was finished or never was."""
    held = device.drafts.get(draft)
    return _kept(held) if held is not None else None


def about(device: Device, form: str, subject: str) -> Kept | None:
    """The latest draft of a form about one record."""
    return next((draft for draft in kept(device, form) if draft.subject == subject), None)


def discard(device: Device, draft: str) -> None:
    """Put a draft aside; :func:`restore` takes it back within thirty days."""
    device.drafts.discard(draft, device.clock.now().at)


def restore(device: Device, draft: str) -> None:
    """Take a draft back."""
    device.drafts.restore(draft)


def finish(device: Device, draft: str) -> None:
    """The draft became a record."""
    device.drafts.finish(draft)


def _kept(draft: Draft) -> Kept:
    return Kept(
        draft=draft.draft,
        form=draft.form,
        subject=draft.subject,
        person=draft.person,
        saved_at=draft.saved_at,
        content=msgspec.json.decode(draft.content, type=dict[str, Any]),
    )
