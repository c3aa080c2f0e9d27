"""Late rejections at the province: which case, whose, by when; settled by the very act that puts it right."""

from __future__ import annotations

from inspector_app.clock import MS_PER_DAY, legal_date
from inspector_app.domain.late_rejections import LateCase
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.books.late_cases import Remark, remarks
from inspector_app.journal.entries.custody_cases import CustodyCaseConcluded, CustodyCaseOpened
from inspector_app.journal.entries.declarations import Note
from province.journal.overview import overview
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from tests.province import work
from tests.province.fixtures import CLERK, HEAD, STATION, VET, Province
from tests.province.judged import verdicts_on
from tests.sync.fakes import FakeDevice


def told(province: Province, device: FakeDevice) -> list[Remark]:
    """What the province's own rows say of a device."""
    return remarks(DjangoRows(province.using), [device.device])


def inspected_by_a_clerk(province: Province) -> tuple[FakeDevice, str]:
    """An inspection by somebody who may not: nobody takes it back, somebody has to decide."""
    device = province.enrol(people=(VET, CLERK, HEAD))
    ref = work.inspect(device, work.declare(device), actor=CLERK)
    device.sync(province.exchange)
    return device, ref


def issued_too_much(province: Province) -> tuple[FakeDevice, work.Issued]:
    """A paper beyond what was inspected: it is to be replaced."""
    device = province.enrol(people=(VET, CLERK, HEAD))
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    work.issue(device, inspection, declaration, quantity=work.QUANTITY)
    paper = work.issue(device, inspection, declaration, quantity=Quantity(1, 0, work.FISH))
    device.sync(province.exchange)
    return device, paper


def explain(device: FakeDevice, ref: str, *, actor: int = HEAD) -> None:
    day = legal_date(device.clock.now().at)
    fact = CustodyCaseOpened(case="late_rejection", about=ref, due_on=day, opened_on=day, form="", first="", last="")
    opened = device.record(actor, fact, private=Note(text=""))
    done = CustodyCaseConcluded(opened=opened, cause="rule_not_kept", conclusion="explained")
    device.record(actor, done, private=Note(text="x"))


def test_what_does_not_hold_is_told_with_case_owner_and_day(province: Province) -> None:
    device, ref = inspected_by_a_clerk(province)
    (sheet,) = verdicts_on(province, device)
    (remark,) = told(province, device)
    assert (remark.case, remark.owner, remark.due_on) == (LateCase.DECIDE, sheet.owner, sheet.due_on)
    assert remark.owner == f"station/{STATION}/supervisor"
    assert (remark.ref, remark.number, remark.is_open) == (ref, "", True)


def test_the_overview_names_what_is_open_and_what_is_overdue(province: Province) -> None:
    inspected_by_a_clerk(province)
    (before,) = overview(province.using)["late_cases"]
    province.clock.at += 30 * MS_PER_DAY
    (after,) = overview(province.using)["late_cases"]
    assert (before["overdue"], after["overdue"]) == (False, True)
    assert after["case"] == "decide"


def test_the_head_s_explanation_settles_it_here_as_there(province: Province) -> None:
    device, _ref = inspected_by_a_clerk(province)
    explain(device, told(province, device)[0].ref)
    device.sync(province.exchange)
    (remark,) = told(province, device)
    assert remark.settled == "explained"
    assert overview(province.using)["late_cases"] == []
    assert len(verdicts_on(province, device)) == 1, "the explanation itself is in order"
    assert differences(province.using) == []


def test_whoever_may_not_conclude_settles_nothing_in_silence(province: Province) -> None:
    device, _ref = inspected_by_a_clerk(province)
    explain(device, told(province, device)[0].ref, actor=CLERK)
    device.sync(province.exchange)
    codes = [sheet.code for sheet in verdicts_on(province, device)]
    assert codes.count(Judgement.POST_MISSING) == 2


def test_an_explanation_of_another_entry_settles_nothing(province: Province) -> None:
    device, _ref = inspected_by_a_clerk(province)
    explain(device, f"{device.device}/1")
    device.sync(province.exchange)
    assert told(province, device)[0].is_open


def test_a_paper_that_is_voided_settles_its_case(province: Province) -> None:
    device, paper = issued_too_much(province)
    (remark,) = told(province, device)
    assert (remark.case, remark.number) == (LateCase.REPLACE, str(paper.number))
    work.void(device, paper)
    device.sync(province.exchange)
    assert told(province, device)[0].settled == "paper_ended"
    assert overview(province.using)["late_cases"] == []


def test_a_paper_voided_beside_it_settles_nothing(province: Province) -> None:
    device, _paper = issued_too_much(province)
    other = work.certify(device, quantity=work.QUANTITY)
    work.void(device, other)
    device.sync(province.exchange)
    assert told(province, device)[0].is_open


def test_what_holds_has_neither_owner_nor_day_nor_a_place_in_the_overview(province: Province) -> None:
    device = province.enrol()
    declaration = work.declare(device)
    number, block = work.next_number(device, "B", skip=1)
    work.issue(device, work.inspect(device, declaration), declaration, taken=(number, block))
    device.sync(province.exchange)
    (remark,) = told(province, device)
    assert (remark.code, remark.case, remark.owner, remark.due_on) == (Judgement.ORDER, None, "", "")
    assert overview(province.using)["late_cases"] == []
