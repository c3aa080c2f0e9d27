"""Sheets after use before the judge: honest work is silent, what cannot be is named, late news blame nobody."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.clock import legal_date
from inspector_app.domain.numbering import Number
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.verdicts import Judgement
from inspector_app.domain.writing_off import CopyRead
from inspector_app.journal.entries.ceremony import ActConfirmed
from inspector_app.journal.entries.certificates import CertificateVoided
from inspector_app.journal.entries.custody import SheetLost, SheetSpoiled, StubFiled
from inspector_app.journal.entries.openings import OpeningLine, OpeningRecorded
from inspector_app.journal.entries.sheets import (
    DestructionApproved,
    DestructionRequested,
    DestructionReviewed,
    DestructionSigned,
    PaperWrittenOff,
    SheetCollected,
    SheetFound,
    SheetName,
    SheetsDestroyed,
    SheetsHandedIn,
)
from inspector_app.journal.entries.stores import StoreAssigned
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.registry import publishing
from tests.province import work
from tests.province.fixtures import CLERK, HEAD, OTHER_STATION, SECOND_VET, STATION, VET, Province
from tests.province.test_moments import printed, verdicts
from tests.sync.fakes import FakeDevice

J = Judgement
DEPUTY, LEGAL = 15, 16
FAR = 2**52
DAY_S = 86_400
PHOTO = "5f" * 32
CHECKED = ["filled_properly", "one_hand", "not_blank_issued", "not_forged", "not_altered"]


def said(code: Judgement, *, followed: bool = False, holds: bool = False) -> tuple[str, bool, bool]:
    return (code.value, followed, holds)


@pytest.fixture
def staffed(province: Province) -> Province:
    """The vet is keeper too; deputy leader and legal representative stand in the roster; all grants last."""
    for person, name, posts in (
        (VET, "陆清河", ("vet", "keeper")),
        (HEAD, "周望山", ("head",)),
        (DEPUTY, "沈分管", ("deputy",)),
        (LEGAL, "高法人", ("legal",)),
    ):
        if person in (DEPUTY, LEGAL):
            publishing.add_person(province.using, person, name=name, name_en=name)
        kinds = ("A", "B") if person == VET else ()
        span: dict[str, Any] = {"valid_from": province.clock.at - 60_000, "valid_until": FAR}
        publishing.grant(province.using, person, station=STATION, posts=posts, kinds=kinds, **span)
    return province


def states(province: Province, issued: work.Issued) -> list[str]:
    assert differences(province.using) == []
    return [str(row["state"]) for row in DjangoRows(province.using).many("sheets", number=str(issued.number))]


def sheet(issued: work.Issued, at: int = 2) -> SheetName:
    return SheetName(issued.number.kind, issued.number.digits, 1, at)


def on_the_road(device: FakeDevice) -> work.Issued:
    """A certificate with its holder, voided since."""
    issued = work.certify(device)
    printed(device, issued)
    work.hand_over(device, issued)
    device.record(VET, CertificateVoided(number=issued.number, reason="trip_cancelled", on_desk=0))
    return issued


def collect(device: FakeDevice, issued: work.Issued, actor: int = VET) -> str:
    return device.record(actor, SheetCollected(issued.number, 1, 2, reason="voided", marked=True))


def today(device: FakeDevice) -> str:
    """The legal day by a device's clock."""
    return legal_date(device.clock.now().at)


def write_off(device: FakeDevice, issued: work.Issued, actor: int = VET) -> None:
    copies = [CopyRead(sheet=2, issued_on="2026-11-21", quantity=Quantity(100_000, 0, 1))]
    lists: dict[str, Any] = {"unlawful": [], "checks": CHECKED, "findings": [], "mismatches": []}
    device.record(actor, PaperWrittenOff(issued.number, 1, copies=copies, same_hand=True, suspect=False, **lists))


def request(device: FakeDevice, *sheets: SheetName) -> str:
    fact = DestructionRequested(list(sheets), "shredding", today(device), counted=len(sheets), form=PHOTO)
    return device.record(VET, fact)


def agree(device: FakeDevice, asked: str, *, deputy: int = DEPUTY, legal: int = LEGAL) -> None:
    """The head reviews, the two sign on paper, the keeper enters that, the head confirms."""
    device.record(HEAD, DestructionReviewed(asked, counted=1))
    act = device.record(VET, DestructionSigned(asked, deputy, legal, today(device), attachments=[PHOTO]))
    device.record(HEAD, ActConfirmed(act=act, form="apart"))


def destroy(device: FakeDevice, asked: str, *, supervisor: int = DEPUTY, actor: int = VET) -> None:
    device.record(actor, SheetsDestroyed(asked, "shredding", 1, today(device), supervisor, attachments=[PHOTO]))


def aged(province: Province, device: FakeDevice, *, days: int = 366) -> work.Issued:
    """A certificate that was voided, collected and written off, and kept for so many days since."""
    issued = on_the_road(device)
    collect(device, issued)
    write_off(device, issued)
    device.sync(province.exchange)
    province.clock.wait(days * DAY_S)
    return issued


# --- honest work -----------------------------------------------------------------------------------------------------


def test_the_way_of_a_sheet_from_its_holder_to_its_end_is_accepted_in_silence(staffed: Province) -> None:
    device = staffed.enrol(people=(VET, HEAD))
    issued = aged(staffed, device)
    asked = request(device, sheet(issued))
    agree(device, asked)
    destroy(device, asked)
    assert verdicts(staffed, device) == []
    assert states(staffed, issued)[1] == "destroyed"
    row = DjangoRows(staffed.using).one("destructions", ref=asked) or {}
    assert (row["state"], row["supervisor"], row["destroyed_count"]) == ("destroyed", DEPUTY, 1)


def test_found_and_handed_in_sheets_are_accepted_in_silence(staffed: Province) -> None:
    device = staffed.enrol()
    issued = work.certify(device)
    printed(device, issued)
    device.record(VET, SheetLost(issued.number, 1, 2, category="lost_before_handover"))
    void = CertificateVoided(number=issued.number, reason="missing_sheet", on_desk=1, no_picture="too_dark")
    device.record(VET, void)
    device.record(VET, SheetFound(issued.number, 1, 2, found_on="2026-11-21"))
    device.record(VET, SheetsHandedIn([sheet(issued, 1), sheet(issued)], to="county_keeper", slip=PHOTO))
    assert verdicts(staffed, device) == []
    assert states(staffed, issued) == ["returned", "returned"]


def test_a_sheet_that_came_back_may_be_lost_and_found_in_silence(staffed: Province) -> None:
    device = staffed.enrol()
    issued = on_the_road(device)
    collected = collect(device, issued)
    device.record(VET, SheetLost(issued.number, 1, 2, category="lost", came_back=collected))
    device.record(VET, SheetFound(issued.number, 1, 2, found_on="2026-11-21"))
    assert verdicts(staffed, device) == []
    assert states(staffed, issued)[1] == "found"


def test_a_loss_waits_for_the_sister_by_whom_the_sheet_came_back(staffed: Province) -> None:
    device = staffed.enrol()
    sister = staffed.enrol("二号机", people=(HEAD,))
    issued = on_the_road(device)
    device.sync(staffed.exchange)
    collected = collect(sister, issued, HEAD)
    device.record(VET, SheetLost(issued.number, 1, 2, category="lost", came_back=collected))
    device.sync(staffed.exchange)
    assert states(staffed, issued)[1] == "handed_over", "it is not said to be wrong before the sister was heard"
    sister.sync(staffed.exchange)
    assert verdicts(staffed, device) == []
    assert states(staffed, issued)[1] == "lost"


def test_a_sheet_that_is_still_with_its_holder_is_not_lost_by_saying_it_came_back(staffed: Province) -> None:
    device = staffed.enrol()
    issued = on_the_road(device)
    device.sync(staffed.exchange)
    given = str((DjangoRows(staffed.using).one("certificates", number=str(issued.number)) or {})["handed_over_ref"])
    device.record(VET, SheetLost(issued.number, 1, 2, category="lost", came_back=given))
    assert verdicts(staffed, device) == [said(J.WRONG_STATE)]
    assert states(staffed, issued)[1] == "handed_over"


# --- who may, and from where -----------------------------------------------------------------------------------------


def test_who_has_not_the_post_is_named(staffed: Province) -> None:
    device = staffed.enrol(people=(VET, CLERK))
    issued = on_the_road(device)
    collect(device, issued, actor=CLERK)
    write_off(device, issued, actor=CLERK)
    device.record(CLERK, SheetsHandedIn([sheet(issued)], to="county_keeper", slip=PHOTO))
    assert verdicts(staffed, device) == [said(J.POST_MISSING)] * 2


def test_g47_a_found_sheet_is_not_collected_nor_found_again(staffed: Province) -> None:
    device = staffed.enrol()
    issued = work.certify(device)
    printed(device, issued)
    device.record(VET, SheetLost(issued.number, 1, 2, category="lost_before_handover"))
    void = CertificateVoided(number=issued.number, reason="missing_sheet", on_desk=1, no_picture="too_dark")
    device.record(VET, void)
    for _ in range(2):
        device.record(VET, SheetFound(issued.number, 1, 2, found_on="2026-11-21"))
    collect(device, issued)
    assert verdicts(staffed, device) == [said(J.WRONG_STATE)] * 2
    assert states(staffed, issued)[1] == "found"


def test_a_sheet_that_never_was_is_not_handed_in(staffed: Province) -> None:
    device = staffed.enrol()
    issued = work.certify(device)
    device.record(VET, SheetsHandedIn([sheet(issued)], to="county_keeper", slip=PHOTO))
    assert verdicts(staffed, device) == [said(J.WRONG_STATE)]


def test_another_station_s_sheets_are_not_ours_to_end(staffed: Province) -> None:
    span: dict[str, Any] = {"valid_from": 1, "valid_until": FAR}
    publishing.grant(staffed.using, SECOND_VET, station=OTHER_STATION, posts=("vet", "keeper"), kinds=("B",), **span)
    ours = staffed.enrol(people=(VET, HEAD))
    theirs = staffed.enrol(station=OTHER_STATION, people=(SECOND_VET,))
    issued = on_the_road(ours)
    write_off(ours, issued)
    asked = request(ours, sheet(issued))
    assert verdicts(staffed, ours) == []
    theirs.record(SECOND_VET, SheetsHandedIn([sheet(issued)], to="county_keeper", slip=PHOTO))
    theirs.record(SECOND_VET, SheetCollected(issued.number, 1, 2, reason="voided", marked=True))
    destroy(theirs, asked, actor=SECOND_VET)
    assert verdicts(staffed, theirs) == [said(J.REFERENCE_UNKNOWN)] * 3
    assert states(staffed, issued)[1] == "handed_over"


def test_a_review_waits_for_the_request_of_a_sister(staffed: Province) -> None:
    first, second = staffed.enrol(people=(VET,)), staffed.enrol(people=(HEAD,))
    issued = on_the_road(first)
    write_off(first, issued)
    asked = request(first, sheet(issued))
    second.record(HEAD, DestructionReviewed(asked, counted=1))
    assert verdicts(staffed, second) == []
    assert DjangoRows(staffed.using).many("destruction_steps") == []
    assert verdicts(staffed, first) == []
    (step,) = DjangoRows(staffed.using).many("destruction_steps")
    assert (step["step"], step["person"]) == ("head", HEAD)


# --- two computers ---------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(staffed: Province) -> tuple[FakeDevice, FakeDevice, work.Issued]:
    """Two computers that both know a void certificate with its holder."""
    first, second = staffed.enrol("1", people=(VET, HEAD)), staffed.enrol("2", people=(VET, HEAD))
    issued = on_the_road(first)
    first.sync(staffed.exchange)
    second.sync(staffed.exchange)
    return first, second, issued


@pytest.mark.parametrize("earlier_first", [True, False])
def test_a_sheet_two_collect_blames_nobody_and_is_with_the_first(
    staffed: Province, pair: tuple[FakeDevice, FakeDevice, work.Issued], *, earlier_first: bool
) -> None:
    first, second, issued = pair
    for device in (first, second):
        collect(device, issued)
        staffed.clock.wait(60)
    for device in (first, second) if earlier_first else (second, first):
        assert verdicts(staffed, device) == []
    assert states(staffed, issued)[1] == "collected"
    rows = DjangoRows(staffed.using)
    assert (rows.one("sheets", number=str(issued.number), print=1, sheet=2) or {})["device"] == first.device
    net = {device.device: 0 for device in (first, second)}
    for move in rows.many("sheet_moves", number=str(issued.number), sheet=2, state="collected"):
        net[str(move["device"])] += {"in": 1, "out": -1}[str(move["flow"])]
    assert net == {first.device: 1, second.device: 0}


def test_who_knew_that_it_was_handed_in_does_not_collect_it(
    staffed: Province, pair: tuple[FakeDevice, FakeDevice, work.Issued]
) -> None:
    first, second, issued = pair
    collect(first, issued)
    first.record(VET, SheetsHandedIn([sheet(issued)], to="county_keeper", slip=PHOTO))
    collect(second, issued)  # unheard of: nobody's fault
    first.sync(staffed.exchange)
    assert verdicts(staffed, second) == []
    collect(second, issued)
    assert verdicts(staffed, second) == [said(J.WRONG_STATE)]
    assert states(staffed, issued)[1] == "returned"


@pytest.mark.parametrize("spoiled_first", [True, False])
def test_a_sheet_spoiled_here_and_handed_in_there_is_handed_in(staffed: Province, *, spoiled_first: bool) -> None:
    first, second = staffed.enrol("1"), staffed.enrol("2")
    issued = work.certify(first)
    printed(first, issued)
    first.record(VET, CertificateVoided(number=issued.number, reason="wrong_entry", on_desk=2, no_picture="too_dark"))
    first.sync(staffed.exchange)
    second.sync(staffed.exchange)
    second.record(VET, SheetsHandedIn([sheet(issued)], to="county_keeper", slip=PHOTO))
    first.record(VET, SheetSpoiled(issued.number, 1, 2, category="damaged"))
    for device in (first, second) if spoiled_first else (second, first):
        device.sync(staffed.exchange)
    assert states(staffed, issued)[1] == "returned"


# --- destruction -----------------------------------------------------------------------------------------------------


def test_g38_without_four_persons_it_is_disputed_and_gone(staffed: Province) -> None:
    device = staffed.enrol(people=(VET, HEAD))
    issued = aged(staffed, device)
    asked = request(device, sheet(issued))
    device.record(HEAD, DestructionReviewed(asked, counted=1))
    destroy(device, asked)
    assert verdicts(staffed, device) == [said(J.NOT_AGREED)]
    assert states(staffed, issued)[1] == "destroyed"


@pytest.mark.parametrize(("deputy", "legal"), [(HEAD, LEGAL), (DEPUTY, VET), (DEPUTY, DEPUTY)])
def test_g38_one_person_never_stands_for_two(staffed: Province, deputy: int, legal: int) -> None:
    posts = {HEAD: ("head", "deputy"), VET: ("vet", "keeper", "legal"), DEPUTY: ("deputy", "legal")}
    for person, held in posts.items():
        span: dict[str, Any] = {"valid_from": staffed.clock.at - 60_000, "valid_until": FAR}
        kinds = ("A", "B") if person == VET else ()
        publishing.grant(staffed.using, person, station=STATION, posts=held, kinds=kinds, **span)
    device = staffed.enrol(people=(VET, HEAD))
    issued = aged(staffed, device)
    asked = request(device, sheet(issued))
    agree(device, asked, deputy=deputy, legal=legal)
    destroy(device, asked, supervisor=deputy)
    assert verdicts(staffed, device) == [said(J.ONE_PERSON_TWICE), said(J.NOT_AGREED)]


def test_g38_two_posts_of_one_person_are_one_approval(staffed: Province) -> None:
    span: dict[str, Any] = {"valid_from": staffed.clock.at - 60_000, "valid_until": FAR}
    publishing.grant(staffed.using, DEPUTY, station=STATION, posts=("deputy", "legal"), kinds=(), **span)
    publishing.grant(staffed.using, VET, station=STATION, posts=("vet", "keeper", "head"), kinds=("A", "B"), **span)
    device = staffed.enrol(people=(VET, HEAD, DEPUTY))
    issued = aged(staffed, device)
    asked = request(device, sheet(issued))
    device.record(VET, DestructionReviewed(asked, counted=1))  # the keeper as their own head
    device.record(HEAD, DestructionReviewed(asked, counted=1))
    for post in ("deputy", "legal"):
        device.record(DEPUTY, DestructionApproved(asked, post=post))
    assert verdicts(staffed, device) == [said(J.ONE_PERSON_TWICE)] * 2
    destroy(device, asked)
    assert verdicts(staffed, device)[-1] == said(J.NOT_AGREED)


def test_g38_what_is_agreed_to_before_the_head_s_review_is_agreed_to_by_nobody(staffed: Province) -> None:
    device = staffed.enrol(people=(VET, HEAD, DEPUTY, LEGAL))
    issued = aged(staffed, device)
    asked = request(device, sheet(issued))
    device.record(LEGAL, DestructionApproved(asked, post="legal"))
    device.record(VET, DestructionSigned(asked, DEPUTY, LEGAL, today(device), attachments=[PHOTO]))
    device.record(HEAD, DestructionReviewed(asked, counted=1))
    device.record(DEPUTY, DestructionApproved(asked, post="deputy"))
    assert verdicts(staffed, device) == [said(J.OUT_OF_TURN)] * 2
    destroy(device, asked)
    assert verdicts(staffed, device)[-1] == said(J.NOT_AGREED)
    steps = DjangoRows(staffed.using).many("destruction_steps", order="at", request=asked)
    assert [(row["step"], row["person"]) for row in steps] == [("head", HEAD), ("deputy", DEPUTY)]


@pytest.mark.parametrize("heard", [True, False])
def test_a_sister_s_review_counts_for_who_had_heard_of_it(staffed: Province, *, heard: bool) -> None:
    first, second = staffed.enrol("1", people=(VET, HEAD)), staffed.enrol("2", people=(DEPUTY, LEGAL))
    issued = on_the_road(first)
    asked = request(first, sheet(issued))
    first.sync(staffed.exchange)
    second.sync(staffed.exchange)
    first.record(HEAD, DestructionReviewed(asked, counted=1))
    first.sync(staffed.exchange)
    if heard:
        second.sync(staffed.exchange)
    second.record(DEPUTY, DestructionApproved(asked, post="deputy"))
    assert verdicts(staffed, second) == ([] if heard else [said(J.OUT_OF_TURN)])


def test_who_relied_on_a_review_that_is_none_did_nothing_wrong(staffed: Province) -> None:
    device = staffed.enrol(people=(VET, HEAD, DEPUTY))
    issued = on_the_road(device)
    write_off(device, issued)
    asked = request(device, sheet(issued))
    device.sync(staffed.exchange)
    device.record(VET, DestructionReviewed(asked, counted=1))  # the vet has no post to review
    device.record(DEPUTY, DestructionApproved(asked, post="deputy"))
    assert verdicts(staffed, device) == [said(J.POST_MISSING), said(J.OUT_OF_TURN, followed=True)]


def test_g39_another_than_the_deputy_supervised(staffed: Province) -> None:
    device = staffed.enrol(people=(VET, HEAD))
    issued = aged(staffed, device)
    asked = request(device, sheet(issued))
    agree(device, asked)
    destroy(device, asked, supervisor=LEGAL)
    assert verdicts(staffed, device) == [said(J.NOT_AGREED)]


def test_who_holds_another_post_approves_nothing(staffed: Province) -> None:
    device = staffed.enrol(people=(VET, HEAD, DEPUTY, LEGAL))
    issued = aged(staffed, device)
    asked = request(device, sheet(issued))
    device.record(HEAD, DestructionReviewed(asked, counted=1))
    device.record(VET, DestructionApproved(asked, post="legal"))
    device.record(DEPUTY, DestructionApproved(asked, post="legal"))
    device.record(DEPUTY, DestructionApproved(asked, post="deputy"))
    destroy(device, asked)
    assert verdicts(staffed, device) == [said(J.POST_MISSING)] * 2 + [said(J.NOT_AGREED)]
    steps = DjangoRows(staffed.using).many("destruction_steps", order="at", request=asked)
    assert {(row["step"], row["person"]) for row in steps} == {("head", HEAD), ("deputy", DEPUTY)}


def test_both_approve_at_a_computer_too(staffed: Province) -> None:
    device = staffed.enrol(people=(VET, HEAD, DEPUTY, LEGAL))
    issued = aged(staffed, device)
    asked = request(device, sheet(issued))
    device.record(HEAD, DestructionReviewed(asked, counted=1))
    device.record(LEGAL, DestructionApproved(asked, post="legal"))
    device.record(DEPUTY, DestructionApproved(asked, post="deputy"))
    destroy(device, asked)
    assert verdicts(staffed, device) == []


def test_g18_what_was_not_kept_long_enough_is_named_and_gone(staffed: Province) -> None:
    device = staffed.enrol(people=(VET, HEAD))
    issued = aged(staffed, device, days=365)
    asked = request(device, sheet(issued))
    agree(device, asked)
    destroy(device, asked)
    assert verdicts(staffed, device) == [said(J.DESTROYED_EARLY)]
    assert states(staffed, issued)[1] == "destroyed"


def test_g18_a_stub_on_file_is_kept_its_longer_term_though_it_was_spoiled(staffed: Province) -> None:
    assert of_spoiled_stub(staffed, days=400) == [said(J.DESTROYED_EARLY)]


def test_a_spoiled_stub_past_its_longer_term_is_destroyed_in_silence(staffed: Province) -> None:
    assert of_spoiled_stub(staffed, days=732) == []


def of_spoiled_stub(staffed: Province, *, days: int) -> list[tuple[str, bool, bool]]:
    """What is said where a stub was filed, spoiled, kept for so many days and destroyed."""
    device = staffed.enrol(people=(VET, HEAD))
    issued = work.certify(device)
    printed(device, issued)
    work.hand_over(device, issued)
    device.record(VET, StubFiled(issued.number, 1, 1))
    device.record(VET, SheetSpoiled(issued.number, 1, 1, category="damaged"))
    write_off(device, issued)
    device.sync(staffed.exchange)
    staffed.clock.wait(days * DAY_S)
    asked = request(device, sheet(issued, 1))
    agree(device, asked)
    destroy(device, asked)
    told = verdicts(staffed, device)
    assert states(staffed, issued)[0] == "destroyed"
    return told


def test_who_could_not_know_that_a_stub_was_filed_kept_it_as_long_as_they_knew(
    staffed: Province, pair: tuple[FakeDevice, FakeDevice, work.Issued]
) -> None:
    first, second, issued = pair
    first.record(VET, SheetSpoiled(issued.number, 1, 1, category="damaged"))
    write_off(first, issued)
    first.sync(staffed.exchange)
    second.sync(staffed.exchange)
    second.record(VET, StubFiled(issued.number, 1, 1))
    second.sync(staffed.exchange)
    staffed.clock.wait(400 * DAY_S)
    asked = request(first, sheet(issued, 1))
    agree(first, asked)
    destroy(first, asked)
    assert verdicts(staffed, first) == [said(J.DESTROYED_EARLY, followed=True)]


def test_who_could_not_know_that_it_was_sent_back_did_as_agreed(
    staffed: Province, pair: tuple[FakeDevice, FakeDevice, work.Issued]
) -> None:
    first, second, issued = pair
    collect(first, issued)
    write_off(first, issued)
    staffed.clock.wait(366 * DAY_S)
    asked = request(first, sheet(issued))
    agree(first, asked)
    first.sync(staffed.exchange)
    second.sync(staffed.exchange)
    second.record(HEAD, DestructionReviewed(asked, counted=0, sent_back="count_differs", suspected=True))
    second.sync(staffed.exchange)
    destroy(first, asked)
    assert verdicts(staffed, first) == [said(J.NOT_AGREED, followed=True)]
    row = DjangoRows(staffed.using).one("destructions", ref=asked) or {}
    assert (row["state"], row["reason"], row["suspected"]) == ("destroyed", "count_differs", 1)


def test_a_request_two_carry_out_blames_nobody(
    staffed: Province, pair: tuple[FakeDevice, FakeDevice, work.Issued]
) -> None:
    first, second, issued = pair
    collect(first, issued)
    write_off(first, issued)
    staffed.clock.wait(366 * DAY_S)
    asked = request(first, sheet(issued))
    agree(first, asked)
    first.sync(staffed.exchange)
    second.sync(staffed.exchange)
    for device in (first, second):
        destroy(device, asked)
        assert verdicts(staffed, device) == []
    assert states(staffed, issued)[1] == "destroyed"


# --- papers of a former system ---------------------------------------------------------------------------------------

FORMER = Number("", "B", "3200000021")


def taken_over(province: Province, since: str) -> tuple[FakeDevice, str]:
    """A former stub, taken over, checked, and asked to be destroyed as four agree."""
    device = province.enrol(people=(VET, HEAD))
    lines = [
        OpeningLine(what="sheet", form="B", first="3200000021", last="3200000021", pages=1, state="kept", since=since)
    ]
    device.record(VET, StoreAssigned(store="main", keeper=VET))
    act = device.record(VET, OpeningRecorded(source=PHOTO, store="main", lines=lines))
    device.record(HEAD, ActConfirmed(act=act, form="apart"))
    copies = [CopyRead(sheet=1, issued_on="2024-05-12", quantity=Quantity(100_000, 0, 1))]
    lists: dict[str, Any] = {"unlawful": [], "checks": CHECKED, "findings": [], "mismatches": []}
    device.record(VET, PaperWrittenOff(FORMER, 0, copies=copies, same_hand=True, suspect=False, **lists))
    asked = request(device, SheetName("B", "3200000021", 0, 1))
    agree(device, asked)
    return device, asked


def test_a_former_stub_is_kept_from_the_day_it_was_filed_on(staffed: Province) -> None:
    device, asked = taken_over(staffed, "2024-06-30")
    destroy(device, asked)
    assert verdicts(staffed, device) == []
    assert differences(staffed.using) == []
    (row,) = DjangoRows(staffed.using).many("sheets", number="B 3200000021")
    assert row["state"] == "destroyed"


@pytest.mark.parametrize("since", ["", "2025-06-30"])
def test_g18_a_former_stub_whose_day_nobody_knows_is_kept_from_the_taking_over(staffed: Province, since: str) -> None:
    device, asked = taken_over(staffed, since)
    destroy(device, asked)
    assert verdicts(staffed, device) == [said(J.DESTROYED_EARLY)]


def test_a_former_paper_nobody_took_over_is_unknown_to_the_judge(staffed: Province) -> None:
    device = staffed.enrol(people=(VET,))
    lists: dict[str, Any] = {"unlawful": [], "checks": CHECKED, "findings": [], "mismatches": []}
    copies = [CopyRead(sheet=1, issued_on="2024-05-12", quantity=Quantity(100_000, 0, 1))]
    device.record(VET, PaperWrittenOff(FORMER, 0, copies=copies, same_hand=True, suspect=False, **lists))
    request(device, SheetName("B", "3200000021", 0, 1))
    assert [code for code, _followed, _holds in verdicts(staffed, device)] == [J.REFERENCE_UNKNOWN.value] * 2
