"""A device goes on for an earlier one: the earlier is shut down, its papers known, their numbers no longer free."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.numbering import Block, NumberState
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.custody import NumbersLost
from inspector_app.journal.entries.custody_cases import CustodyCaseConcluded
from inspector_app.journal.entries.successions import (
    SUCCESSION_CONTEXT,
    DeviceSucceeded,
    PaperRegularised,
    succession_message,
)
from province.journal.models import AsideEntry, Cause, Journal, JournalState
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.ledgers.branch_papers import BranchPaper, branch_papers
from province.numbers.models import ContestedNumber
from province.registry.fencing import fence_device, is_fenced
from tests.province import work
from tests.province.fixtures import CLERK, HEAD, OTHER_STATION, STATION, VET, Province
from tests.province.judged import only, verdicts_on
from tests.sync.fakes import FakeDevice

J = Judgement


def succession(earlier: FakeDevice, successor: FakeDevice, *, signed_for: str = "") -> DeviceSucceeded:
    head = earlier.head()
    message = succession_message(earlier.device, signed_for or successor.device, head.seq, head.hash.hex())
    proof = earlier.signer.sign(SUCCESSION_CONTEXT, message)
    return DeviceSucceeded(device=earlier.device, seq=head.seq, hash=head.hash.hex(), proof=proof.hex())


def _block(device: FakeDevice, issued: work.Issued) -> str:
    number = issued.number
    blocks = (one for one in device.held(Block) if (one.kind, one.device) == (number.kind, device.device))
    return next(one.block for one in blocks if one.first <= number.digits <= one.last)


def regularised(earlier: FakeDevice, issued: work.Issued, seq: int, **changes: object) -> PaperRegularised:
    fact = PaperRegularised(
        device=earlier.device,
        seq=seq,
        hash=earlier.hashes[seq].hex(),
        number=issued.number,
        block=_block(earlier, issued),
        opened_on="2026-11-21",
        due_on="2026-12-04",
    )
    return msgspec.structs.replace(fact, **changes)


class Branch:
    """A copied disk: the original reported first, so what its copy issued stands aside; a new device is there."""

    def __init__(self, province: Province) -> None:
        self.province = province
        self.original = province.enrol()
        self.copy = self.original.clone()
        self.accepted = work.certify(self.original)
        self.original.sync(province.exchange)
        self.aside = work.certify(self.copy)
        self.seq = self.copy.head().seq
        self.beyond = work.certify(self.copy)
        self.beyond_seq = self.copy.head().seq
        self.copy.sync(province.exchange)
        self.successor = province.enrol("新机", people=(VET, HEAD))

    def go_on(self) -> None:
        self.successor.record(VET, succession(self.copy, self.successor))
        for issued, seq in ((self.aside, self.seq), (self.beyond, self.beyond_seq)):
            self.successor.record(VET, regularised(self.copy, issued, seq))
        self.successor.sync(self.province.exchange)

    def state(self, issued: work.Issued) -> str:
        row = DjangoRows(self.province.using).one("numbers", number=str(issued.number), block=_block(self.copy, issued))
        assert row is not None
        return str(row["state"])

    def listed(self, **asked: bool) -> list[BranchPaper]:
        return branch_papers(self.province.using, station=STATION, **asked)


@pytest.fixture
def branch(province: Province) -> Branch:
    """Two histories of one device, both known to the province."""
    return Branch(province)


def test_the_branch_nobody_accepted_is_kept_in_full_and_its_numbers_warned_of(branch: Branch) -> None:
    assert (branch.accepted.number, branch.copy.frozen) == (branch.aside.number, "fork")
    kept = AsideEntry.objects.using(branch.province.using).filter(device=branch.copy.device)
    assert {bytes(one.hash) for one in kept} == set(branch.copy.hashes) - set(branch.original.hashes)
    contested = ContestedNumber.objects.using(branch.province.using).values_list("digits", flat=True)
    assert {branch.aside.number.digits, branch.beyond.number.digits} == set(contested)


def test_who_goes_on_shuts_the_earlier_computer_down_and_accounts_for_its_papers(branch: Branch) -> None:
    branch.go_on()
    assert verdicts_on(branch.province, branch.successor) == []
    assert is_fenced(branch.province.using, branch.copy.device)
    assert branch.state(branch.beyond) == NumberState.USED
    rows = DjangoRows(branch.province.using)
    kept = rows.one("numbers", number=str(branch.aside.number), block=_block(branch.copy, branch.aside))
    assert kept is not None
    assert str(kept["ended_by"]).startswith(branch.original.device)
    cases = rows.many("custody_cases", kind="branch_paper", order="about")
    assert [row["about"] for row in cases] == [str(branch.aside.number), str(branch.beyond.number)]
    assert differences(branch.province.using) == []


def test_each_such_paper_is_listed_with_both_papers_owner_and_deadline(branch: Branch) -> None:
    before = branch.listed()
    assert [(one.number, one.case, bool(one.accepted), one.station, one.by) for one in before] == [
        (str(branch.aside.number), "", True, STATION, VET),
        (str(branch.beyond.number), "", False, STATION, VET),
    ]
    assert all(one.due_on > "2026-11-21" and not one.overdue for one in before)
    branch.go_on()
    assert all(one.case.startswith(branch.successor.device) and one.due_on == "2026-12-04" for one in branch.listed())


def test_what_nobody_takes_up_becomes_overdue_and_what_is_concluded_leaves_the_list(branch: Branch) -> None:
    branch.province.clock.forward(days=30)
    assert all(one.overdue for one in branch.listed())
    branch.go_on()
    case = branch.listed()[0].case
    said = CustodyCaseConcluded(opened=case, cause="recording_mistake", conclusion="record_added")
    branch.successor.record(HEAD, said)
    branch.successor.sync(branch.province.exchange)
    assert [one.number for one in branch.listed(concluded=False)] == [str(branch.beyond.number)]
    assert len(branch.listed()) == 2


def test_a_succession_the_earlier_computer_did_not_sign_shuts_nobody_down(branch: Branch) -> None:
    branch.successor.record(VET, succession(branch.copy, branch.successor, signed_for=branch.copy.device))
    assert only(branch.province, branch.successor) == (J.SIGNATURE_BAD, False, False)
    assert not is_fenced(branch.province.using, branch.copy.device)
    assert DjangoRows(branch.province.using).many("successions") == []


@pytest.mark.parametrize("proof", ["", "zz", "00" * 32, "ab" * 31])
def test_a_proof_that_is_none_is_a_verdict_and_no_crash(branch: Branch, proof: str) -> None:
    fact = succession(branch.copy, branch.successor)
    branch.successor.record(VET, DeviceSucceeded(device=fact.device, seq=fact.seq, hash=fact.hash, proof=proof))
    assert only(branch.province, branch.successor)[0] == J.SIGNATURE_BAD
    assert not is_fenced(branch.province.using, branch.copy.device)


def test_nobody_goes_on_for_a_computer_of_another_station(province: Province) -> None:
    device, stranger = province.enrol(), province.enrol("外站机", station=OTHER_STATION, people=())
    device.record(VET, succession(stranger, device))
    assert only(province, device) == (J.WRONG_STATE, False, False)
    assert not is_fenced(province.using, stranger.device)


def test_nobody_goes_on_for_a_computer_nobody_enrolled(province: Province) -> None:
    device = province.enrol()
    device.record(VET, succession(FakeDevice(province.clock, device.random), device))
    assert only(province, device) == (J.WRONG_STATE, False, False)


def test_papers_of_a_computer_one_does_not_go_on_for_are_not_accounted_for(branch: Branch) -> None:
    branch.successor.record(VET, regularised(branch.copy, branch.beyond, branch.beyond_seq))
    assert only(branch.province, branch.successor) == (J.WRONG_STATE, False, False)
    assert branch.state(branch.beyond) == NumberState.FREE


def test_only_numbers_of_that_computer_s_own_blocks_are_accounted_for(branch: Branch) -> None:
    foreign = work.certify(branch.successor)
    own = {"block": _block(branch.successor, foreign), "number": foreign.number}
    branch.successor.record(VET, succession(branch.copy, branch.successor))
    fact = regularised(branch.copy, branch.beyond, branch.beyond_seq, **own)
    branch.successor.record(VET, fact)
    assert only(branch.province, branch.successor) == (J.OUTSIDE_BLOCK, False, False)


def test_a_paper_recorded_with_the_earlier_journal_stands_and_opens_no_case(branch: Branch) -> None:
    """Who goes on by stick may not have heard that the province has it."""
    seq = branch.original.head().seq
    branch.successor.record(VET, succession(branch.original, branch.successor))
    branch.successor.record(VET, regularised(branch.original, branch.accepted, seq))
    assert only(branch.province, branch.successor) == (J.WRONG_STATE, False, False)
    assert {one.case for one in branch.listed()} == {""}


def test_a_number_lost_before_its_paper_turned_up_stays_lost(branch: Branch) -> None:
    digits = branch.beyond.number.digits
    lost = NumbersLost(
        block=_block(branch.copy, branch.beyond), first=digits, last=digits, cause="lost", found_out_on="2026-11-21"
    )
    branch.successor.record(VET, lost)
    branch.go_on()
    assert branch.state(branch.beyond) == NumberState.LOST
    assert str(branch.beyond.number) in [one.number for one in branch.listed()]


def test_a_stolen_laptop_found_again_is_regularised_though_it_was_fenced(province: Province) -> None:
    device = province.enrol()
    fence_device(province.using, device.device)
    paper = work.certify(device)
    device.sync(province.exchange)
    assert branch_papers(province.using)[0].cause == Cause.FENCE
    successor = province.enrol("新机")
    successor.record(VET, succession(device, successor))
    successor.record(VET, regularised(device, paper, device.head().seq))
    successor.sync(province.exchange)
    assert verdicts_on(province, successor) == []
    listed = branch_papers(province.using)
    assert [(one.number, bool(one.case)) for one in listed] == [(str(paper.number), True)]
    journal = Journal.objects.using(province.using).get(device=device.device)
    assert journal.state == JournalState.FENCED


def test_it_takes_a_post(branch: Branch) -> None:
    branch.successor.add_person(CLERK)
    branch.successor.record(CLERK, succession(branch.copy, branch.successor))
    branch.successor.sync(branch.province.exchange)
    assert is_fenced(branch.province.using, branch.copy.device)
