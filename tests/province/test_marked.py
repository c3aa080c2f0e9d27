"""The province asks of a paper that ended that its sheets were marked 作废 and shown, of whoever could know."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.certificates import CertificateVoided
from inspector_app.journal.entries.sheets import SheetCollected
from province.journal.rows import DjangoRows
from tests.province import work
from tests.province.fixtures import SECOND_VET, VET, Province
from tests.province.judged import only, verdict_on, verdicts_on
from tests.province.test_moments import printed
from tests.sync.fakes import FakeDevice

PHOTO = "5f" * 32


def void(device: FakeDevice, issued: work.Issued, **changes: object) -> None:
    fact = CertificateVoided(number=issued.number, reason="wrong_entry", on_desk=2)
    device.record(VET, msgspec.structs.replace(fact, **changes))


def given(device: FakeDevice) -> work.Issued:
    """A certificate its holder drove off with."""
    issued = work.certify(device)
    printed(device, issued)
    work.hand_over(device, issued)
    return issued


def state_of(province: Province, issued: work.Issued) -> str:
    return str((DjangoRows(province.using).one("certificates", number=str(issued.number)) or {})["state"])


def test_g35_a_void_that_shows_nothing_is_in_force_and_disputed(province: Province) -> None:
    device = province.enrol()
    issued = work.certify(device)
    void(device, issued)
    assert only(province, device) == (Judgement.PHOTO_MISSING, False, False)
    assert state_of(province, issued) == "voided"


@pytest.mark.parametrize("shown", [{"attachments": [PHOTO]}, {"no_picture": "too_dark"}, {"on_desk": 0}])
def test_a_photograph_a_reason_or_nothing_to_show_is_enough(province: Province, shown: dict[str, object]) -> None:
    device = province.enrol()
    void(device, work.certify(device), **shown)
    assert verdicts_on(province, device) == []


def test_g35_a_sheet_of_a_void_paper_that_came_back_unmarked_is_disputed(province: Province) -> None:
    device = province.enrol()
    issued = given(device)
    void(device, issued, reason="trip_cancelled", on_desk=0)
    device.record(VET, SheetCollected(issued.number, 1, 2, reason="voided"))
    assert only(province, device) == (Judgement.SHEET_UNMARKED, False, False)


def test_who_did_not_know_of_the_void_took_in_a_used_sheet(province: Province) -> None:
    device, sister = province.enrol(), province.enrol("二号机", people=(SECOND_VET,))
    issued = given(device)
    device.sync(province.exchange)
    sister.sync(province.exchange)
    void(device, issued, reason="trip_cancelled", on_desk=0)
    device.sync(province.exchange)
    ref = sister.record(SECOND_VET, SheetCollected(issued.number, 1, 2, reason="used"))
    assert verdict_on(province, sister, ref) == []
