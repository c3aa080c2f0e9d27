"""Destruction: four persons, the term of keeping, the deputy's presence, and a book in which it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inspector_app.domain.refusals import RefusalCode
from inspector_app.services.ceremony import confirm_act
from inspector_app.services.custody_cases import conclude_case, open_cases
from inspector_app.services.custody_papers import ranges
from inspector_app.services.day_close import close_day, day_sheet, unclosed_days
from inspector_app.services.destroying import (
    approve,
    destroy,
    due_for_destruction,
    enter_signed,
    open_requests,
    request_destruction,
    review,
)
from inspector_app.services.device import Device, Session
from inspector_app.services.ledger_paper import draw_book
from inspector_app.services.ledgers import Ledger, read_book
from inspector_app.services.on_desk import Sheet
from inspector_app.services.sheet_custody import find_lost, hand_in, spoil_sheet
from inspector_app.services.sign_in import Parts
from inspector_app.services.writing_off import write_off
from tests.office import CLERK, HEAD, VET, HandClock, Office
from tests.services.old_papers import (
    DEPUTY,
    LEGAL,
    TRAVELLING,
    carried_out,
    collected,
    due,
    form,
    named,
    photo,
    requested,
    signed,
    staff,
    written_off,
)
from tests.services.work import (
    acting,
    assert_sound,
    codes,
    collect_marked,
    done,
    handed_over,
    issued,
    only,
    printed,
    reasons,
    void_paper,
)

C = RefusalCode


@pytest.fixture(autouse=True)
def keeper(office: Office, device: Device) -> None:
    """The vet is keeper, the head only head; deputy and legal representative stand in the roster."""
    staff(office, device)


@pytest.fixture
def request_ref(device: Device, clock: HandClock) -> str:
    """A request for one collected sheet whose year has passed."""
    return requested(device, due(device, clock))


@pytest.fixture
def reviewed_ref(device: Device, head: Session, request_ref: str) -> str:
    """The same, reviewed by the head."""
    with acting(device, head):
        done(review(device, request_ref, counted=1))
    return request_ref


def state_of(device: Device, request: str) -> str:
    return str((device.rows.one("destructions", ref=request) or {})["state"])


def sheet_states(device: Device, request: str) -> list[str]:
    names = device.rows.many("destruction_sheets", request=request)
    return [
        str((device.rows.one("sheets", number=row["number"], print=row["print"], sheet=row["sheet"]) or {})["state"])
        for row in names
    ]


# --- the whole way ---------------------------------------------------------------------------------------------------


def test_four_persons_agree_and_the_sheet_is_gone(device: Device, head: Session, request_ref: str) -> None:
    signed(device, request_ref, head)
    done(destroy(device, request_ref, carried_out(device)))
    assert (state_of(device, request_ref), sheet_states(device, request_ref)) == ("destroyed", ["destroyed"])
    assert open_requests(device) == []
    sheet = day_sheet(device, device.today())
    assert (sheet.left_for_good, sheet.equations_hold) == (1, True)
    assert_sound(device)


def test_deputy_and_legal_representative_approve_at_a_computer_too(
    office: Office, device: Device, home: Path, home_parts: Parts, head: Session, request_ref: str
) -> None:
    deputy, legal = (office.let_join(device, home, home_parts, person) for person in (DEPUTY, LEGAL))
    with acting(device, head):
        done(review(device, request_ref, counted=1))
    with acting(device, legal):
        done(approve(device, request_ref))
        only(approve(device, request_ref), C.ONE_PERSON_TWICE, "request")
    assert only(destroy(device, request_ref, carried_out(device)), C.NOT_APPROVED).details == {"step": "deputy"}
    with acting(device, deputy):
        done(approve(device, request_ref))
    done(destroy(device, request_ref, carried_out(device)))


def test_the_request_names_item_quantity_numbers_method_and_time(device: Device, clock: HandClock) -> None:
    sheets = due(device, clock)
    made = done(request_destruction(device, sheets, method="pulping", planned_on="2027-12-01", counted=1))
    title, facts, tables, *_ = json.loads(device.files.read(made.form))
    assert title == "证章标志销毁申请单"
    assert (facts["销毁方式"], facts["拟销毁时间"], facts["合计"]) == ("化浆", "2027-12-01", "1 联")
    assert tables[0]["rows"] == [["动物检疫合格证明（动物B）", "回收", "1", "9900000001"]]


# --- the request -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"method": ""}, C.FIELD_MISSING, "destruction_method"),
        ({"method": "burying"}, C.FIELD_INVALID, "destruction_method"),
        ({"planned_on": "soon"}, C.FIELD_INVALID, "planned_on"),
        ({"counted": 2}, C.COUNT_DIFFERS, "counted"),
    ],
)
def test_g37_a_request_has_method_time_and_the_right_count(
    device: Device, clock: HandClock, changes: dict[str, Any], code: C, field: str
) -> None:
    sheets = due(device, clock)
    wanted: dict[str, Any] = {"method": "shredding", "planned_on": device.today(), "counted": 1} | changes
    only(request_destruction(device, sheets, **wanted), code, field)
    assert open_requests(device) == []


def test_g37_only_what_is_written_off_is_asked_for(device: Device, clock: HandClock) -> None:
    number = collected(device)
    clock.forward(days=366)
    sheets = [named(number, TRAVELLING)]
    asked = request_destruction(device, sheets, method="shredding", planned_on=device.today(), counted=1)
    assert only(asked, C.NOT_WRITTEN_OFF, "sheets").details == {"number": number}


def test_g37_what_is_suspect_is_kept_as_evidence(device: Device, clock: HandClock) -> None:
    number = collected(device)
    written_off(device, number, same_hand=False)
    clock.forward(days=366)
    sheets = [named(number, TRAVELLING)]
    asked = request_destruction(device, sheets, method="shredding", planned_on=device.today(), counted=1)
    only(asked, C.KEPT_AS_EVIDENCE, "sheets")


def test_a_doubt_another_keeper_cleared_is_evidence_until_its_case_is_concluded(
    office: Office, device: Device, clock: HandClock, head: Session
) -> None:
    number = collected(device)
    case = written_off(device, number, same_hand=False).case
    office.publish(device, office.grant(HEAD, "head", "keeper"))
    with acting(device, head):
        written_off(device, number)
    clock.forward(days=366)
    sheets = [named(number, TRAVELLING)]
    day = device.today()
    asked = request_destruction(device, sheets, method="shredding", planned_on=day, counted=1)
    only(asked, C.KEPT_AS_EVIDENCE, "sheets")
    with acting(device, head):
        done(conclude_case(device, case, cause="other", conclusion="unfounded", note="两联由同事分别誊写"))
    done(request_destruction(device, sheets, method="shredding", planned_on=day, counted=1))


def test_what_is_asked_for_is_not_asked_for_again(device: Device, clock: HandClock) -> None:
    sheets = due(device, clock)
    requested(device, sheets)
    asked = request_destruction(device, sheets, method="shredding", planned_on=device.today(), counted=1)
    only(asked, C.ALREADY_RECORDED, "sheets")


def test_g18_what_came_back_is_kept_a_year(device: Device, clock: HandClock) -> None:
    number = collected(device)
    written_off(device, number)
    clock.forward(days=365)  # to the very day: it is still kept
    sheets = [named(number, TRAVELLING)]
    asked = request_destruction(device, sheets, method="shredding", planned_on=device.today(), counted=1)
    found = only(asked, C.STILL_TO_BE_KEPT, "sheets")
    assert (found.limit, found.details) == ("2027-11-21", {"sheet": f"{number} 1/2"})
    clock.forward(days=1)
    requested(device, sheets)


def test_g18_a_stub_is_kept_two_years(device: Device, clock: HandClock) -> None:
    number = handed_over(device)
    written_off(device, number)
    clock.forward(days=400)
    sheets = [named(number, Sheet(1, 1))]
    asked = request_destruction(device, sheets, method="shredding", planned_on=device.today(), counted=1)
    assert only(asked, C.STILL_TO_BE_KEPT, "sheets").limit == "2028-11-21"
    clock.forward(days=332)
    requested(device, sheets)


def test_g18_a_stub_on_file_that_is_spoiled_is_kept_as_long_as_a_stub(device: Device, clock: HandClock) -> None:
    number = handed_over(device)
    done(spoil_sheet(device, number, Sheet(1, 1), category="damaged", photos=photo(device)))
    written_off(device, number)
    clock.forward(days=400)
    sheets = [named(number, Sheet(1, 1))]
    asked = request_destruction(device, sheets, method="shredding", planned_on=device.today(), counted=1)
    assert only(asked, C.STILL_TO_BE_KEPT, "sheets").limit == "2028-11-21"


def test_g18_nothing_was_destroyed_before_it_was_asked_for(device: Device, head: Session, request_ref: str) -> None:
    signed(device, request_ref, head)
    early = carried_out(device, destroyed_on="2027-11-20")
    assert only(destroy(device, request_ref, early), C.FIELD_INVALID, "destroyed_on").limit == device.today()
    assert sheet_states(device, request_ref) == ["collected"]


def test_a_sheet_that_came_back_after_the_check_is_checked_before_it_is_destroyed(
    device: Device, clock: HandClock
) -> None:
    number = handed_over(device)
    written_off(device, number)  # the stub alone
    only(write_off(device, form(device, number)), C.ALREADY_RECORDED)
    clock.forward(minutes=1)
    done(void_paper(device, number, reason="trip_cancelled", on_desk=0))
    done(collect_marked(device, number, TRAVELLING, reason="voided"))
    clock.forward(days=366)
    (line,) = due_for_destruction(device)
    assert (line.name, line.written_off) == (named(number, TRAVELLING), False)
    asked = request_destruction(device, [line.name], method="shredding", planned_on=device.today(), counted=1)
    only(asked, C.NOT_WRITTEN_OFF, "sheets")
    written_off(device, number)
    requested(device, [line.name])


def test_the_quarterly_list_says_what_is_due_and_what_stands_in_the_way(device: Device, clock: HandClock) -> None:
    first, second = collected(device), collected(device)
    written_off(device, first)
    assert due_for_destruction(device) == []
    clock.forward(days=366)
    lines = {line.name.number: line for line in due_for_destruction(device)}
    assert {number: line.written_off for number, line in lines.items()} == {first: True, second: False}
    assert lines[first].kept_through == "2027-11-21"
    assert due_for_destruction(device, "2027-11-21") == []


# --- who agrees ------------------------------------------------------------------------------------------------------


def test_g38_nothing_is_destroyed_before_all_have_agreed(device: Device, head: Session, request_ref: str) -> None:
    found = only(destroy(device, request_ref, carried_out(device)), C.NOT_APPROVED)
    assert found.details == {"step": "head"}
    with acting(device, head):
        done(review(device, request_ref, counted=1))
    assert only(destroy(device, request_ref, carried_out(device)), C.NOT_APPROVED).details == {"step": "deputy"}
    act = done(
        enter_signed(device, request_ref, deputy=DEPUTY, legal=LEGAL, signed_on=device.today(), photos=photo(device))
    )
    # The form counts once the head has confirmed it.
    assert only(destroy(device, request_ref, carried_out(device)), C.NOT_APPROVED).details == {"step": "deputy"}
    assert sheet_states(device, request_ref) == ["collected"]
    with acting(device, head):
        done(confirm_act(device, act))
    done(destroy(device, request_ref, carried_out(device)))


def test_g38_nobody_agrees_twice_through_two_posts(
    office: Office, device: Device, head: Session, request_ref: str
) -> None:
    office.publish(device, office.grant(VET, "vet", "keeper", "head", kinds=("A", "B")))
    only(review(device, request_ref, counted=1), C.ONE_PERSON_TWICE, "request")
    office.publish(device, office.grant(HEAD, "head", "deputy"))
    with acting(device, head):
        done(review(device, request_ref, counted=1))
        only(approve(device, request_ref), C.ONE_PERSON_TWICE, "request")
    on_paper: dict[str, Any] = {"signed_on": device.today(), "photos": photo(device)}
    only(enter_signed(device, request_ref, deputy=HEAD, legal=LEGAL, **on_paper), C.ONE_PERSON_TWICE, "request")
    office.publish(device, office.grant(DEPUTY, "deputy", "legal"))
    only(enter_signed(device, request_ref, deputy=DEPUTY, legal=DEPUTY, **on_paper), C.ONE_PERSON_TWICE, "request")
    assert sheet_states(device, request_ref) == ["collected"]


def test_g38_nobody_agrees_before_the_head_has_reviewed(
    office: Office, device: Device, home: Path, home_parts: Parts, head: Session, request_ref: str
) -> None:
    on_paper: dict[str, Any] = {"signed_on": device.today(), "photos": photo(device)}
    found = only(enter_signed(device, request_ref, deputy=DEPUTY, legal=LEGAL, **on_paper), C.NOT_APPROVED)
    assert found.details == {"step": "head"}
    with acting(device, office.let_join(device, home, home_parts, LEGAL)):
        assert only(approve(device, request_ref), C.NOT_APPROVED).details == {"step": "head"}
    assert device.rows.many("destruction_steps", request=request_ref) == []
    signed(device, request_ref, head)  # in its order it goes on


def test_who_signs_on_paper_stands_in_the_roster(device: Device, reviewed_ref: str) -> None:
    on_paper: dict[str, Any] = {"signed_on": device.today(), "photos": photo(device)}
    only(enter_signed(device, reviewed_ref, deputy=99, legal=LEGAL, **on_paper), C.FIELD_INVALID, "deputy")
    only(enter_signed(device, reviewed_ref, deputy=DEPUTY, legal=CLERK, **on_paper), C.FIELD_INVALID, "legal")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"photos": []}, C.PHOTO_MISSING, "attachments"),
        ({"photos": ["00" * 32]}, C.FIELD_INVALID, "attachments"),
        ({"signed_on": "2099-01-01"}, C.DAY_TO_COME, "signed_on"),
        ({"signed_on": "2027-11-20"}, C.FIELD_INVALID, "signed_on"),
    ],
)
def test_the_signed_form_is_photographed_and_of_a_day_that_has_been(
    device: Device, reviewed_ref: str, changes: dict[str, Any], code: C, field: str
) -> None:
    said = {"signed_on": device.today(), "photos": photo(device)} | changes
    only(enter_signed(device, reviewed_ref, deputy=DEPUTY, legal=LEGAL, **said), code, field)


def test_who_entered_the_form_does_not_confirm_it(
    office: Office, device: Device, head: Session, request_ref: str
) -> None:
    with acting(device, head):
        done(review(device, request_ref, counted=1))
    act = done(
        enter_signed(device, request_ref, deputy=DEPUTY, legal=LEGAL, signed_on=device.today(), photos=photo(device))
    )
    office.publish(device, office.grant(VET, "vet", "keeper", "head", kinds=("A", "B")))
    only(confirm_act(device, act), C.ONE_PERSON_TWICE)


def test_the_head_sends_a_request_back_and_the_sheets_may_be_asked_for_anew(
    device: Device, head: Session, request_ref: str
) -> None:
    with acting(device, head):
        only(review(device, request_ref, counted=2), C.COUNT_DIFFERS, "counted")
        only(review(device, request_ref, counted=2, sent_back="mood"), C.FIELD_INVALID, "sent_back")
        done(review(device, request_ref, counted=2, sent_back="count_differs", suspected=True))
    row = device.rows.one("destructions", ref=request_ref) or {}
    assert (row["state"], row["reason"], row["suspected"]) == ("sent_back", "count_differs", 1)
    (case,) = open_cases(device)
    assert (case["kind"], case["about"]) == ("destruction_differs", request_ref)
    assert C.WRONG_STATE in codes(destroy(device, request_ref, carried_out(device)))
    sheets = [named("B 9900000001", TRAVELLING)]
    assert requested(device, sheets) != request_ref


def test_g41_what_is_suspected_does_not_go_on(device: Device, head: Session, request_ref: str) -> None:
    with acting(device, head):
        only(review(device, request_ref, counted=1, suspected=True), C.FIELD_MISSING, "sent_back")
    assert (state_of(device, request_ref), open_cases(device)) == ("requested", [])


def test_a_request_nobody_made_is_not_found(device: Device, head: Session) -> None:
    with acting(device, head):
        only(review(device, "nothing", counted=1), C.NOT_FOUND, "request")
    assert C.NOT_FOUND in codes(destroy(device, "nothing", carried_out(device)))
    assert codes(approve(device, "nothing")) == [C.POST_MISSING, C.NOT_FOUND]


def test_nobody_destroys_who_is_not_keeper(device: Device, clerk: Session, head: Session, request_ref: str) -> None:
    signed(device, request_ref, head)
    with acting(device, clerk):
        assert codes(destroy(device, request_ref, carried_out(device))) == [C.POST_MISSING]


# --- the destruction -------------------------------------------------------------------------------------------------


def test_g39_the_deputy_is_there_and_it_is_photographed(device: Device, head: Session, request_ref: str) -> None:
    signed(device, request_ref, head)
    found = only(destroy(device, request_ref, carried_out(device, supervisor=LEGAL)), C.SUPERVISOR_ABSENT, "supervisor")
    assert found.limit == DEPUTY
    only(destroy(device, request_ref, carried_out(device, photos=())), C.PHOTO_MISSING, "attachments")
    assert sheet_states(device, request_ref) == ["collected"]


def test_g39_a_deputy_who_is_keeper_too_does_not_destroy_under_their_own_eyes(
    office: Office, device: Device, home: Path, home_parts: Parts, head: Session, request_ref: str
) -> None:
    signed(device, request_ref, head)
    office.publish(device, office.grant(DEPUTY, "deputy", "keeper", name="沈分管"))
    done_by = carried_out(device)
    with acting(device, office.let_join(device, home, home_parts, DEPUTY)):
        only(destroy(device, request_ref, done_by), C.ONE_PERSON_TWICE, "request")
    assert sheet_states(device, request_ref) == ["collected"]
    done(destroy(device, request_ref, done_by))


def test_g41_request_book_and_count_agree(device: Device, head: Session, request_ref: str) -> None:
    signed(device, request_ref, head)
    found = only(destroy(device, request_ref, carried_out(device, counted=0)), C.COUNT_DIFFERS, "counted")
    assert (found.limit, found.current) == (1, 0)
    other = only(
        destroy(device, request_ref, carried_out(device, method="incineration")), C.METHOD_DIFFERS, "destruction_method"
    )
    assert (other.limit, other.current) == ("shredding", "incineration")


def test_g41_what_left_after_the_request_sends_it_back(device: Device, head: Session, request_ref: str) -> None:
    signed(device, request_ref, head)
    done(hand_in(device, [named("B 9900000001", TRAVELLING)], to="county_keeper"))
    found = only(destroy(device, request_ref, carried_out(device)), C.WRONG_STATE, "sheet")
    assert found.current == "returned"


def test_a_destruction_happened_on_a_day_that_has_been(device: Device, head: Session, request_ref: str) -> None:
    signed(device, request_ref, head)
    only(destroy(device, request_ref, carried_out(device, destroyed_on="2099-01-01")), C.DAY_TO_COME, "destroyed_on")
    done(destroy(device, request_ref, carried_out(device)))
    assert C.WRONG_STATE in codes(destroy(device, request_ref, carried_out(device)))


def sheet_lines(device: Device, first: str = "") -> list[dict[str, Any]]:
    """The lines of the book on sheets (出入库分类登记表), each by its columns."""
    read = read_book(device, "stock", first=first)
    assert isinstance(read, Ledger)
    assert read.holds
    names = [column.name for column in read.columns]
    return [
        dict(zip(names, line.cells, strict=True))
        for section in read.sections
        if section.item == "sheets"
        for line in section.lines
        if not line.label
    ]


def test_g40_a_destruction_stands_in_the_book_with_its_request(device: Device, head: Session, request_ref: str) -> None:
    signed(device, request_ref, head)
    done(destroy(device, request_ref, carried_out(device)))
    (line,) = [line for line in sheet_lines(device) if line["what"] == "destroyed"]
    assert (line["came_in"], line["went_out"], line["span"]) == ("", 1, "B 9900000001/1")
    assert line["request"] == request_ref
    book = read_book(device, "stock")
    assert isinstance(book, Ledger)
    _title, _facts, tables, *_ = json.loads(draw_book(device, book, lambda _table, code: code))
    heads = {str(table["title"]): "request" in table["head"] for table in tables}
    assert [shown for title, shown in heads.items() if "sheets" in title] == [True]
    assert not any(shown for title, shown in heads.items() if "numbers" in title)


def test_what_else_leaves_the_book_names_no_request(device: Device) -> None:
    handed_over(device)
    assert [line["request"] for line in sheet_lines(device)] == ["", ""]


def test_the_book_balances_line_by_line_over_the_years(device: Device, clock: HandClock, head: Session) -> None:
    printed(device)
    clock.forward(days=1)
    request = requested(device, due(device, clock))
    signed(device, request, head)
    done(destroy(device, request, carried_out(device)))
    on_hand = 0
    for line in sheet_lines(device, "2026-11-21"):
        on_hand += int(line["came_in"] or 0) - int(line["went_out"] or 0)
        assert line["left"] == on_hand
    assert on_hand == day_sheet(device, device.today()).keeper.closing
    assert sheet_lines(device, device.today())[0]["left"] == on_hand


def test_neighbouring_numbers_are_drawn_together() -> None:
    assert ranges(["9900000001", "9900000003", "9900000002", "9900000007"]) == "9900000001–9900000003、9900000007"
    assert ranges([]) == ""


# --- what it withstands ----------------------------------------------------------------------------------------------


def test_a_void_in_a_later_period_than_its_issue_and_a_destruction_later_still(
    device: Device, clock: HandClock, head: Session
) -> None:
    number = printed(device, issued(device))
    done(close_day(device, device.today()))
    clock.forward(days=40)
    done(void_paper(device, number, reason="not_departed", on_desk=2))
    written_off(device, number)
    done(close_day(device, device.today()))
    clock.forward(days=400)
    request = requested(device, [named(number, Sheet(1, 1)), named(number, TRAVELLING)])
    signed(device, request, head)
    done(destroy(device, request, carried_out(device, counted=2)))
    sheet = day_sheet(device, device.today())
    assert (sheet.keeper.opening, sheet.keeper.went_out, sheet.keeper.closing) == (2, 2, 0)
    assert sheet.equations_hold
    assert unclosed_days(device) == []
    done(close_day(device, device.today()))
    assert_sound(device)


def test_a_sheet_found_after_a_request_is_in_a_request_of_its_own(
    device: Device, clock: HandClock, head: Session
) -> None:
    number = printed(device)
    done(void_paper(device, number, reason="missing_sheet", on_desk=1, lost=[TRAVELLING]))
    written_off(device, number)
    clock.forward(days=366)
    request = requested(device, [named(number, Sheet(1, 1))])
    done(find_lost(device, number, TRAVELLING))
    signed(device, request, head)
    done(destroy(device, request, carried_out(device)))
    assert sheet_states(device, request) == ["destroyed"]
    both = [named(number, Sheet(1, 1)), named(number, TRAVELLING)]
    late = reasons(request_destruction(device, both, method="shredding", planned_on=device.today(), counted=2))
    assert {one.code for one in late} == {C.STILL_TO_BE_KEPT, C.WRONG_STATE, C.NOT_WRITTEN_OFF}


def test_two_computers_destroy_once_and_both_books_balance(
    office: Office, device: Device, sister: Device, head: Session, request_ref: str, clock: HandClock
) -> None:
    staff(office, sister)
    office.publish(sister, office.grant(sister.person(), "keeper"))
    signed(device, request_ref, head)
    office.show_blocks(device, sister)
    office.relay(device, sister)
    done(destroy(sister, request_ref, carried_out(sister)))
    clock.forward(minutes=1)
    done(destroy(device, request_ref, carried_out(device)))
    office.relay(device, sister)
    office.relay(sister, device)
    rows = [one.rows.one("destructions", ref=request_ref) for one in (device, sister)]
    assert rows[0] == rows[1]
    assert str((rows[0] or {})["destroyed_ref"]).startswith(sister.id)
    for one in (device, sister):
        assert day_sheet(one, one.today()).equations_hold
        assert_sound(one)
