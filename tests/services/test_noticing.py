"""Treatment notices for batches that failed: numbers of their own, and a paper that can be drawn."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.domain.refusals import RefusalCode
from inspector_app.errors import StationError
from inspector_app.journal.entries.certificates import NoticeDetails, NoticeHandedOver, NoticeIssued, NoticeVoided
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.entries.devices import CaseHandedOver, RetentionApplied
from inspector_app.services import noticing
from inspector_app.services.day_close import day_sheet
from inspector_app.services.device import Device, Session
from inspector_app.services.lists import print_queue
from inspector_app.services.noticing import NoticeDraft, issue_notice, notice_refusals
from inspector_app.services.paperwork import notice_content
from inspector_app.services.print_jobs import submit
from tests.office import HandClock, PlainPaper
from tests.printers.fake import FakePrinter
from tests.services.work import (
    acting,
    assert_sound,
    codes,
    done,
    draft,
    hand_over,
    inspected,
    number_states,
    only,
    printed,
    reported,
    void_paper,
)

C = RefusalCode


@pytest.fixture
def failed(device: Device) -> str:
    """A batch with bleeding fish."""
    return inspected(device, form=FAILED)


FAILED: dict[str, Any] = {"conclusion": "failed", "findings": ["fish_bleeding"], "suspected": ["GCHD"]}


def notice(inspection: str, **changes: Any) -> NoticeDraft:
    fields: dict[str, Any] = {
        "inspection": inspection,
        "basis": ["apl_56", "proc2023_fish"],
        "method": "isolation",
        "failures": ["clinical_signs"],
    }
    return NoticeDraft(**{**fields, **changes})


def test_a_failed_batch_gets_a_notice_with_the_next_notice_number(device: Device, failed: str) -> None:
    made = done(issue_notice(device, notice(failed, remarks=" 隔离池 5 号 ")))
    assert made.number == "N 9900000001"
    assert number_states(device, "N")[:2] == ["used", "free"]
    entry = device.store.entry(made.ref)
    assert entry is not None
    assert isinstance(entry.private, NoticeDetails)
    assert (entry.private.owner, entry.private.remarks, entry.private.vet_name) == ("王大河", "隔离池 5 号", "陆清河")
    assert_sound(device)


def test_the_paper_names_reason_basis_and_treatment(device: Device, failed: str) -> None:
    number = done(issue_notice(device, notice(failed))).number
    content = notice_content(device, number)
    assert content.values["quantity"] == "壹佰贰拾万尾"
    assert content.values["diseases"] == "临床检查发现异常：草鱼出血病"
    assert content.values["basis"] == "《中华人民共和国动物防疫法》第五十六条、《鱼类产地检疫规程》"
    assert content.values["method"] == "隔离观察，禁止移动"
    assert content.code == ""


def test_a_positive_result_is_answered_with_a_notice(device: Device) -> None:
    passed = inspected(device)
    found = only(issue_notice(device, notice(passed)), C.WRONG_STATE)
    assert (found.current, found.limit) == ("passed", "failed")
    reported(device, passed, GCHD="positive")
    assert codes(noticing_instead(device, passed)) == [C.RESULT_POSITIVE]
    done(issue_notice(device, notice(passed, failures=["result_positive"])))
    assert_sound(device)


def test_what_the_laboratory_found_is_named_and_what_nobody_suspected_is_not(device: Device) -> None:
    batch = inspected(device)
    reported(device, batch, GCHD="negative", CEVD="positive")
    only(issue_notice(device, notice(batch, diseases=["GCHD"])), C.DISEASE_NOT_CONCERNED, "diseases")
    made = done(issue_notice(device, notice(batch, failures=["result_positive"])))
    fact = (device.store.entry(made.ref) or pytest.fail("no entry")).fact
    assert isinstance(fact, NoticeIssued)
    assert fact.diseases == ["CEVD"]


def test_a_failed_batch_without_a_suspicion_accuses_of_no_disease(device: Device) -> None:
    batch = inspected(device, form={"conclusion": "failed", "findings": ["fish_bleeding"]})
    found = only(issue_notice(device, notice(batch, diseases=["GCHD"])), C.DISEASE_NOT_CONCERNED, "diseases")
    assert found.current == "GCHD"
    number = done(issue_notice(device, notice(batch))).number
    assert notice_content(device, number).values["diseases"] == "临床检查发现异常"


def test_a_suspicion_the_laboratory_did_not_confirm_is_not_repeated(device: Device, failed: str) -> None:
    reported(device, failed, GCHD="negative")
    number = done(issue_notice(device, notice(failed))).number
    assert notice_content(device, number).values["diseases"] == "临床检查发现异常"


def test_a_void_notice_makes_room_for_the_right_one(device: Device, failed: str) -> None:
    wrong = printed(device, done(issue_notice(device, notice(failed))).number)
    only(void_paper(device, wrong, reason="wrong_entry", on_desk=0), C.COPIES_NOT_ON_DESK, "on_desk")
    ref = done(void_paper(device, wrong, reason="other", on_desk=2, note="货主写错"))
    entry = device.store.entry(ref)
    assert entry is not None
    assert (type(entry.fact), entry.private) == (NoticeVoided, Note(text="货主写错"))
    row = device.rows.one("notices", number=wrong) or {}
    assert (row["state"], row["void_reason"], row["void_note"]) == ("voided", "other", "货主写错")
    assert [sheet["state"] for sheet in device.rows.many("sheets", number=wrong)] == ["spoiled", "spoiled"]
    assert print_queue(device) == []
    assert codes(submit(device, wrong, FakePrinter())) == [C.WRONG_STATE, C.WRONG_STATE]
    assert done(issue_notice(device, notice(failed))).number == "N 9900000002"
    assert number_states(device, "N")[:3] == ["used", "used", "free"]
    assert_sound(device)


def test_a_notice_is_handed_over_against_the_partys_signature(device: Device, failed: str) -> None:
    number = printed(device, done(issue_notice(device, notice(failed))).number)
    assert [line.next_step for line in print_queue(device)] == ["hand_over"]
    only(hand_over(device, number, receipt_signed=False), C.RECEIPT_UNSIGNED, "receipt_signed")
    ref = done(hand_over(device, number))
    fact = (device.store.entry(ref) or pytest.fail("no entry")).fact
    assert isinstance(fact, NoticeHandedOver)
    assert (fact.sheets, fact.receipt_signed) == (1, True)
    assert [sheet["state"] for sheet in device.rows.many("sheets", number=number)] == ["kept", "handed_over"]
    assert print_queue(device) == []
    assert only(hand_over(device, number), C.ALREADY_RECORDED).current == number
    keeper = day_sheet(device, device.today()).keeper
    assert (keeper.came_in, keeper.went_out, keeper.closing, keeper.holds) == (2, 1, 1, True)
    assert_sound(device)


def test_a_notice_already_with_the_party_is_voided_without_its_sheets(device: Device, failed: str) -> None:
    number = printed(device, done(issue_notice(device, notice(failed))).number)
    done(hand_over(device, number))
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    assert [sheet["state"] for sheet in device.rows.many("sheets", number=number)] == ["kept", "handed_over"]
    assert only(void_paper(device, number, reason="wrong_entry", on_desk=0), C.WRONG_STATE).current == "voided"


def noticing_instead(device: Device, inspection: str) -> object:
    """The certificate one might still try to issue."""
    from inspector_app.services.issuing import issue_certificate

    return issue_certificate(device, draft(device, inspection))


def test_a_batch_gets_one_notice(device: Device, failed: str) -> None:
    done(issue_notice(device, notice(failed)))
    assert only(issue_notice(device, notice(failed)), C.ALREADY_RECORDED).current == failed


def test_a_batch_nobody_inspected_gets_none(device: Device) -> None:
    assert only(issue_notice(device, notice("nowhere/2")), C.NOT_INSPECTED).current == "nowhere/2"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"basis": []}, C.FIELD_MISSING, "basis"),
        ({"basis": ["apl_56", "my_opinion"]}, C.FIELD_INVALID, "basis"),
        ({"basis": ["proc2011_fish_5_2"]}, C.FIELD_INVALID, "basis"),  # ended in April 2023
        ({"method": ""}, C.FIELD_MISSING, "method"),
        ({"method": "boiling"}, C.FIELD_INVALID, "method"),
        ({"failures": []}, C.FIELD_MISSING, "failures"),
        ({"failures": ["bad luck"]}, C.FIELD_INVALID, "failures"),
        ({"diseases": ["the flu"]}, C.FIELD_INVALID, "diseases"),
        ({"remarks": "隔离\u202e池"}, C.FIELD_INVALID, "remarks"),
    ],
)
def test_a_notice_is_refused_at_its_fault_before_a_number_is_taken(
    device: Device, failed: str, changes: dict[str, Any], code: RefusalCode, field: str
) -> None:
    only(issue_notice(device, notice(failed, **changes)), code, field)
    assert number_states(device, "N") == ["free"] * 10


def test_a_name_the_fonts_cannot_draw_is_refused_before_a_number_is_taken(device: Device) -> None:
    device.paper = NoDragons()
    failed = inspected(device, owner="王龘", form=FAILED)
    found = only(issue_notice(device, notice(failed)), C.CHARACTER_NOT_PRINTABLE, "owner")
    assert found.current == "龘"
    assert number_states(device, "N") == ["free"] * 10


class NoDragons(PlainPaper):
    """Paper whose fonts lack one character."""

    unprintable = "龘"


def test_a_template_nobody_released_prints_no_notice(device: Device, failed: str) -> None:
    class OtherPaper(PlainPaper):
        def form_hash(self, form: str) -> str:
            return "00" * 32

    device.paper = OtherPaper()
    assert only(issue_notice(device, notice(failed)), C.TEMPLATE_NOT_SIGNED).details == {"form": "treatment_notice"}


def test_a_case_with_a_sister_device_is_noticed_there(device: Device, failed: str) -> None:
    declaration = str(device.rows.many("declarations")[0]["ref"])
    fact = CaseHandedOver(declaration=declaration, device="5" * 32, bundle="0" * 64, turn=1)
    device.record(lambda act: act.add(fact, sign=device.sign))
    assert only(issue_notice(device, notice(failed)), C.CASE_HANDED_OVER).details == {"device": "5" * 32}


def test_only_a_vet_on_a_device_with_the_right_to_issue_makes_one(
    device: Device, failed: str, clerk: Session, clock: HandClock
) -> None:
    with acting(device, clerk):
        assert codes(issue_notice(device, notice(failed))) == [C.POST_MISSING, C.NO_NUMBERS_LEFT]
    with acting(device, None):
        assert codes(issue_notice(device, notice(failed))) == [C.NOT_SIGNED_IN]
    device.frozen = "witness_higher"
    clock.forward(days=8)
    assert codes(issue_notice(device, notice(failed))) == [C.DEVICE_FROZEN, C.LEASE_EXPIRED]


def test_of_two_notices_for_one_batch_at_once_only_one_is_made(
    device: Device, failed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, faster = noticing.notice_refusals, [1]

    def meanwhile(where: Device, made: NoticeDraft) -> Any:
        found = real(where, made)
        if faster:
            faster.clear()
            done(issue_notice(where, made))
        return found

    monkeypatch.setattr(noticing, "notice_refusals", meanwhile)
    assert codes(issue_notice(device, notice(failed))) == [C.ALREADY_RECORDED]
    assert number_states(device, "N")[:2] == ["used", "free"]


def test_a_notice_whose_names_are_gone_says_so(device: Device, failed: str) -> None:
    made = done(issue_notice(device, notice(failed)))
    device.record(lambda act: act.add(RetentionApplied(entries=[made.ref])), actor=0)
    with pytest.raises(StationError, match="personal_data_removed"):
        notice_content(device, made.number)
    assert_sound(device)


def test_what_stands_against_a_notice_can_be_asked_without_making_one(device: Device, failed: str) -> None:
    assert notice_refusals(device, notice(failed)) == []
    assert number_states(device, "N") == ["free"] * 10
