"""Write-offs and destructions before the judge: the province compares again, and knows what rests on nothing."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from inspector_app.clock import legal_date
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.verdicts import Judgement
from inspector_app.domain.writing_off import CopyRead
from inspector_app.journal.entries.ceremony import ActConfirmed
from inspector_app.journal.entries.sheets import (
    DestructionRequested,
    DestructionReviewed,
    DestructionSigned,
    PaperWrittenOff,
    SheetsDestroyed,
)
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.registry import publishing
from tests.province import work
from tests.province.fixtures import HEAD, OTHER_STATION, STATION, VET, Province
from tests.province.judged import verdict_on
from tests.province.test_moments import verdicts
from tests.province.test_old_sheets import (
    CHECKED,
    DEPUTY,
    FAR,
    LEGAL,
    PHOTO,
    aged,
    agree,
    collect,
    on_the_road,
    request,
    said,
    sheet,
    staffed,
    states,
    today,
)
from tests.sync.fakes import FakeDevice

__all__ = ["staffed"]

J = Judgement
MINE = Quantity(100_000, 0, 1)
TRUE = CopyRead(sheet=2, issued_on="2026-11-21", quantity=MINE)


def write_off(device: FakeDevice, issued: work.Issued, actor: int = VET, **changes: Any) -> str:
    """A clean check of what came back from its holder, but for the changes."""
    clean = PaperWrittenOff(
        number=issued.number,
        print=1,
        unlawful=[],
        checks=CHECKED,
        findings=[],
        copies=[TRUE],
        same_hand=True,
        mismatches=[],
        suspect=False,
    )
    return device.record(actor, msgspec.structs.replace(clean, **changes))


@pytest.fixture
def come_back(staffed: Province) -> tuple[FakeDevice, work.Issued]:
    """A computer, and a void certificate that its holder gave back."""
    device = staffed.enrol(people=(VET, HEAD))
    issued = on_the_road(device)
    collect(device, issued)
    return device, issued


# --- the write-off ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"checks": CHECKED[:-1], "findings": CHECKED[-1:], "suspect": True},
        {"copies": [msgspec.structs.replace(TRUE, issued_on="2026-11-22")], "mismatches": ["date"], "suspect": True},
        {"same_hand": False, "mismatches": ["handwriting"], "suspect": True},
        {"copies": [msgspec.structs.replace(TRUE, quantity=Quantity(10, 0, 11))]},  # ten times ten thousand
    ],
    ids=["clean", "altered", "another day", "two hands", "another unit"],
)
def test_a_write_off_that_says_what_is_so_is_accepted_in_silence(
    staffed: Province, come_back: tuple[FakeDevice, work.Issued], found: dict[str, Any]
) -> None:
    device, issued = come_back
    write_off(device, issued, **found)
    assert verdicts(staffed, device) == []


@pytest.mark.parametrize(
    "found",
    [
        {"copies": [msgspec.structs.replace(TRUE, issued_on="2020-01-01")]},
        {"copies": [msgspec.structs.replace(TRUE, quantity=Quantity(1, 0, 1))]},
        {"copies": [msgspec.structs.replace(TRUE, quantity=Quantity(1, 0, 4))]},
        {"same_hand": False},
        {"mismatches": ["date"], "suspect": True},
    ],
    ids=["day", "quantity", "what cannot be compared", "hands", "none at all"],
)
def test_g44_what_copies_and_record_differ_in_is_asked_of_the_record_here(
    staffed: Province, come_back: tuple[FakeDevice, work.Issued], found: dict[str, Any]
) -> None:
    device, issued = come_back
    write_off(device, issued, **found)
    assert verdicts(staffed, device) == [said(J.WRITE_OFF_WRONG)]
    assert len(DjangoRows(staffed.using).many("write_offs")) == 1, "it is on record all the same"


@pytest.mark.parametrize(
    ("answers", "followed"),
    [
        ({"findings": CHECKED[-1:], "checks": CHECKED[:-1]}, False),  # something found, and not suspect
        ({"checks": []}, False),
        ({"checks": [*CHECKED, CHECKED[0]]}, False),
        ({"findings": CHECKED[:1], "suspect": True}, False),
        ({"checks": CHECKED[:-1]}, True),  # an older program's list may have been shorter
    ],
)
def test_g43_each_check_is_answered_once_and_what_is_found_makes_it_suspect(
    staffed: Province, come_back: tuple[FakeDevice, work.Issued], answers: dict[str, Any], *, followed: bool
) -> None:
    device, issued = come_back
    write_off(device, issued, **answers)
    assert verdicts(staffed, device) == [said(J.WRITE_OFF_WRONG, followed=followed)]


@pytest.mark.parametrize("claimed", [["vet"], ["form", "institution"]])
def test_g42_nothing_is_unlawful_by_grants_and_forms_that_is_lawful(
    staffed: Province, come_back: tuple[FakeDevice, work.Issued], claimed: list[str]
) -> None:
    device, issued = come_back
    write_off(device, issued, unlawful=claimed, suspect=True)
    assert verdicts(staffed, device) == [said(J.WRITE_OFF_WRONG)]


@pytest.mark.parametrize("told", [True, False])
def test_g42_a_vet_without_the_authority_at_issue_is_missed_by_who_had_been_told(
    staffed: Province, come_back: tuple[FakeDevice, work.Issued], *, told: bool
) -> None:
    device, issued = come_back
    device.sync(staffed.exchange)
    span: dict[str, Any] = {"valid_from": 1, "valid_until": FAR}
    publishing.grant(staffed.using, VET, station=STATION, posts=("vet", "keeper"), kinds=("A",), **span)
    if told:
        device.sync(staffed.exchange)
    ref = write_off(device, issued)
    assert verdict_on(staffed, device, ref) == [(J.WRITE_OFF_WRONG, not told, False)]


# --- what rests on it -------------------------------------------------------------------------------------------------


def test_g42_what_was_never_written_off_is_not_to_be_destroyed(
    staffed: Province, come_back: tuple[FakeDevice, work.Issued]
) -> None:
    device, issued = come_back
    asked = request(device, sheet(issued))
    assert verdict_on(staffed, device, asked) == [(J.NOT_WRITTEN_OFF, False, False)]


def test_g43_what_is_suspect_is_kept_as_evidence_and_its_destruction_is_named(staffed: Province) -> None:
    device = staffed.enrol(people=(VET, HEAD))
    issued = on_the_road(device)
    collect(device, issued)
    write_off(device, issued, checks=CHECKED[:-1], findings=CHECKED[-1:], suspect=True)
    device.sync(staffed.exchange)
    staffed.clock.wait(366 * 86_400)
    asked = request(device, sheet(issued))
    agree(device, asked)
    gone = destroy(device, asked)
    assert verdict_on(staffed, device, asked) == [(J.KEPT_AS_EVIDENCE, False, False)]
    assert verdict_on(staffed, device, gone) == [(J.KEPT_AS_EVIDENCE, False, False)]
    assert states(staffed, issued)[1] == "destroyed"


def test_g44_a_disputed_check_clears_nothing_and_blames_nobody_who_relied_on_it(
    staffed: Province, come_back: tuple[FakeDevice, work.Issued]
) -> None:
    device, issued = come_back
    write_off(device, issued, same_hand=False)
    asked = request(device, sheet(issued))
    assert verdict_on(staffed, device, asked) == [(J.NOT_WRITTEN_OFF, True, False)]


def checked_again(staffed: Province, device: FakeDevice, issued: work.Issued, actor: int) -> tuple[str, str]:
    """A suspect paper found clean by ``actor`` afterwards, and a request for its destruction."""
    span: dict[str, Any] = {"valid_from": 1, "valid_until": FAR}
    publishing.grant(staffed.using, HEAD, station=STATION, posts=("head", "keeper"), kinds=(), **span)
    device.sync(staffed.exchange)
    write_off(device, issued, checks=CHECKED[:-1], findings=CHECKED[-1:], suspect=True)
    staffed.clock.wait(60)
    return write_off(device, issued, actor), request(device, sheet(issued))


def test_another_person_clears_what_was_suspect(staffed: Province, come_back: tuple[FakeDevice, work.Issued]) -> None:
    checked_again(staffed, *come_back, HEAD)
    assert verdicts(staffed, come_back[0]) == []


def test_g43_nobody_clears_alone_what_they_suspected(
    staffed: Province, come_back: tuple[FakeDevice, work.Issued]
) -> None:
    again, asked = checked_again(staffed, *come_back, VET)
    assert verdict_on(staffed, come_back[0], again) == [(J.WRITE_OFF_WRONG, False, False)]
    assert verdict_on(staffed, come_back[0], asked) == [(J.KEPT_AS_EVIDENCE, True, False)]


def test_a_sister_s_check_counts_for_who_had_heard_of_it(staffed: Province) -> None:
    first, second = staffed.enrol("1", people=(VET, HEAD)), staffed.enrol("2", people=(VET, HEAD))
    issued = on_the_road(first)
    collect(first, issued)
    first.sync(staffed.exchange)
    second.sync(staffed.exchange)
    write_off(second, issued)
    second.sync(staffed.exchange)
    unheard = request(first, sheet(issued))
    assert verdict_on(staffed, first, unheard) == []
    assert verdicts(staffed, second) == []


# --- the destruction --------------------------------------------------------------------------------------------------


def destroy(device: FakeDevice, asked: str, **changes: Any) -> str:
    done = SheetsDestroyed(asked, "shredding", 1, today(device), DEPUTY, attachments=[PHOTO])
    return device.record(VET, msgspec.structs.replace(done, **changes))


@pytest.fixture
def asked_for(staffed: Province) -> tuple[FakeDevice, str]:
    """A request that four persons agreed to, a day ago."""
    device = staffed.enrol(people=(VET, HEAD))
    asked = request(device, sheet(aged(staffed, device)))
    agree(device, asked)
    staffed.clock.wait(86_400)
    assert verdicts(staffed, device) == []
    return device, asked


@pytest.mark.parametrize(
    "done",
    [
        {"counted": 77},
        {"counted": 0},
        {"method": "burning"},
        {"destroyed_on": "2020-01-01"},
        {"destroyed_on": "2028-01-01"},
    ],
    ids=["more", "none", "another method", "before it was asked for", "not yet"],
)
def test_g41_a_destruction_that_is_not_what_was_asked_for_is_named_and_gone(
    staffed: Province, asked_for: tuple[FakeDevice, str], done: dict[str, Any]
) -> None:
    device, asked = asked_for
    gone = destroy(device, asked, **done)
    assert verdict_on(staffed, device, gone) == [(J.DESTRUCTION_DIFFERS, False, False)]
    assert (DjangoRows(staffed.using).one("destructions", ref=asked) or {})["state"] == "destroyed"
    assert differences(staffed.using) == []


def test_g39_a_destruction_without_a_photograph_is_named(staffed: Province, asked_for: tuple[FakeDevice, str]) -> None:
    device, asked = asked_for
    gone = destroy(device, asked, attachments=[])
    assert verdict_on(staffed, device, gone) == [(J.PHOTO_MISSING, False, False)]


def test_g39_who_supervises_does_not_destroy(staffed: Province) -> None:
    device = staffed.enrol(people=(VET, HEAD, DEPUTY))
    asked = request(device, sheet(aged(staffed, device)))
    agree(device, asked)
    span: dict[str, Any] = {"valid_from": 1, "valid_until": FAR}
    publishing.grant(staffed.using, DEPUTY, station=STATION, posts=("deputy", "keeper"), kinds=(), **span)
    device.sync(staffed.exchange)
    done = SheetsDestroyed(asked, "shredding", 1, today(device), DEPUTY, attachments=[PHOTO])
    gone = device.record(DEPUTY, done)
    assert verdict_on(staffed, device, gone) == [(J.NOT_AGREED, False, False)]


def test_a_destruction_as_asked_for_is_accepted_in_silence(
    staffed: Province, asked_for: tuple[FakeDevice, str]
) -> None:
    device, asked = asked_for
    destroy(device, asked)
    assert verdicts(staffed, device) == []


def test_g37_a_request_counts_what_it_names(staffed: Province) -> None:
    device = staffed.enrol(people=(VET, HEAD))
    names = [sheet(aged(staffed, device))]
    fact = DestructionRequested(names, "shredding", today(device), counted=77, form=PHOTO)
    assert verdict_on(staffed, device, device.record(VET, fact)) == [(J.DESTRUCTION_DIFFERS, False, False)]


def test_g41_the_head_sends_back_what_they_count_otherwise(staffed: Province) -> None:
    device = staffed.enrol(people=(VET, HEAD))
    asked = request(device, sheet(aged(staffed, device)))
    passed = device.record(HEAD, DestructionReviewed(asked, counted=2))
    back = device.record(HEAD, DestructionReviewed(asked, counted=2, sent_back="count_differs"))
    assert verdict_on(staffed, device, passed) == [(J.DESTRUCTION_DIFFERS, False, False)]
    assert verdict_on(staffed, device, back) == []


# --- the form signed on paper -----------------------------------------------------------------------------------------


def reviewed(staffed: Province) -> tuple[FakeDevice, str]:
    """A request the head has reviewed."""
    device = staffed.enrol(people=(VET, HEAD))
    asked = request(device, sheet(aged(staffed, device)))
    device.record(HEAD, DestructionReviewed(asked, counted=1))
    assert verdicts(staffed, device) == []
    return device, asked


@pytest.mark.parametrize(("deputy", "legal"), [(7001, 7002), (DEPUTY, 7002), (LEGAL, DEPUTY)])
def test_g38_who_is_not_in_the_roster_with_that_post_signed_nothing(staffed: Province, deputy: int, legal: int) -> None:
    device, asked = reviewed(staffed)
    signed = device.record(VET, DestructionSigned(asked, deputy, legal, today(device), attachments=[PHOTO]))
    device.record(HEAD, ActConfirmed(act=signed, form="apart"))
    gone = destroy(device, asked, supervisor=deputy)
    assert verdict_on(staffed, device, signed) == [(J.POST_MISSING, False, False)]
    assert verdict_on(staffed, device, gone) == [(J.NOT_AGREED, False, False)]


def test_who_could_not_know_that_a_deputy_had_left_did_nothing_wrong(staffed: Province) -> None:
    device, asked = reviewed(staffed)
    span: dict[str, Any] = {"valid_from": staffed.clock.at, "valid_until": FAR}
    publishing.grant(staffed.using, DEPUTY, station=OTHER_STATION, posts=("deputy",), kinds=(), **span)
    signed = device.record(VET, DestructionSigned(asked, DEPUTY, LEGAL, today(device), attachments=[PHOTO]))
    assert verdict_on(staffed, device, signed) == [(J.POST_MISSING, True, False)]


@pytest.mark.parametrize("days", [-1, 1], ids=["before it was asked for", "not yet"])
def test_g41_the_day_of_the_signatures_lies_between_request_and_record(staffed: Province, days: int) -> None:
    device, asked = reviewed(staffed)
    day = legal_date(staffed.clock.at + days * 86_400_000)
    signed = device.record(VET, DestructionSigned(asked, DEPUTY, LEGAL, day, attachments=[PHOTO]))
    assert verdict_on(staffed, device, signed) == [(J.DESTRUCTION_DIFFERS, False, False)]


def test_g38_a_signed_form_nobody_photographed_is_named(staffed: Province) -> None:
    device, asked = reviewed(staffed)
    signed = device.record(VET, DestructionSigned(asked, DEPUTY, LEGAL, today(device), attachments=[]))
    assert verdict_on(staffed, device, signed) == [(J.PHOTO_MISSING, False, False)]
