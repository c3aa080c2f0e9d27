"""Verifying without signing in: a text, a photograph, a PDF; the gravest answer first."""

from __future__ import annotations

import pytest

from inspector_app.domain.credential import Reason, Verdict
from inspector_app.domain.trust import Standing
from inspector_app.errors import StationError
from inspector_app.services.verifying import verify, verify_all
from tests.proof_samples import DAY_MS, NOW, block, code, credential, exception, trust_file

TRUST = trust_file(blocks=(block(exceptions=(exception(4, Standing.VOIDED),)),))
GOOD, VOIDED = code(credential(3)), code(credential(4))
SHOP = "https://shop.example/p/1"


class Page:
    """A page bearing these codes; any other bytes are no picture."""

    def __init__(self, *texts: str) -> None:
        self._texts = list(texts)

    def read(self, content: bytes) -> list[str]:
        if content != b"page":
            raise StationError("not_a_picture")
        return self._texts


def test_a_text_is_judged_as_it_is() -> None:
    assert verify(GOOD, TRUST, NOW, Page()).code == "practice:genuine"


def test_two_copies_of_a_print_on_one_page_get_one_answer() -> None:
    judged = verify_all(b"page", TRUST, NOW, Page(GOOD, GOOD.upper()))
    assert [one.code for one in judged] == ["practice:genuine"]


def test_a_bad_sheet_cannot_hide_behind_a_good_one() -> None:
    assert verify(b"page", TRUST, NOW, Page(GOOD, VOIDED)).verdict is Verdict.VOIDED
    assert [one.verdict for one in verify_all(b"page", TRUST, NOW, Page(GOOD, VOIDED))] == [
        Verdict.VOIDED,
        Verdict.GENUINE,
    ]


def test_codes_that_are_none_of_ours_count_only_if_all_are() -> None:
    assert verify(b"page", TRUST, NOW, Page(SHOP, GOOD)).verdict is Verdict.GENUINE
    only = verify_all(b"page", TRUST, NOW, Page(SHOP, "tel:123"))
    assert [(one.verdict, one.reasons) for one in only] == [(Verdict.UNREADABLE, ("code_not_ours",))]


def test_a_damaged_code_of_ours_is_not_silently_passed_over() -> None:
    middle = len(GOOD) - 200
    altered = GOOD[:middle] + str((int(GOOD[middle]) + 1) % 10) + GOOD[middle + 1 :]
    assert verify(b"page", TRUST, NOW, Page(GOOD, altered)).verdict is Verdict.ALTERED


def test_a_page_without_a_code_says_so_and_how_old_the_knowledge_is() -> None:
    judged = verify(b"page", TRUST, NOW, Page())
    assert judged.verdict is Verdict.UNREADABLE
    assert judged.reasons == (Reason.NO_CODE_FOUND.value,)
    assert judged.trust_age_ms == DAY_MS


def test_a_code_of_ours_damaged_beyond_its_frame_still_counts() -> None:
    beyond = f"https://chaxun.practice.invalid/q/9{GOOD.rpartition('/')[2][1:]}"
    judged = verify(b"page", TRUST, NOW, Page(GOOD, beyond))
    assert (judged.verdict, judged.reasons) == (Verdict.UNREADABLE, ("code_damaged",))


def test_bytes_that_are_no_picture_are_the_environments_fault() -> None:
    with pytest.raises(StationError, match="not_a_picture"):
        verify(b"\x00", TRUST, NOW, Page(GOOD))
