"""The after-life of sheets: spoiled, collected, found, handed in; each once, only from where its life allows it."""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec
import pytest

from inspector_app.domain.custody import SheetState
from inspector_app.domain.hand_ins import OldSheetsReceived
from inspector_app.domain.refusals import RefusalCode
from inspector_app.journal.entries.printing import PrintSubmitted
from inspector_app.journal.entries.sheets import SheetName
from inspector_app.journal.projections import Row
from inspector_app.ports import PrintJob
from inspector_app.services.custody_cases import conclude_case, open_cases
from inspector_app.services.day_close import day_sheet
from inspector_app.services.device import Device, Session
from inspector_app.services.handing_over import StubCount, file_stub, hand_over_refusals, stub_count
from inspector_app.services.issuing import can_issue
from inspector_app.services.number_custody import request_block
from inspector_app.services.old_sheets import outstanding
from inspector_app.services.on_desk import Sheet
from inspector_app.services.print_jobs import release_spare, submit
from inspector_app.services.sheet_custody import (
    find_lost,
    hand_in,
    lose_sheet,
    spoil_sheet,
    spoiled_register,
    to_hand_in,
)
from tests.office import CLERK, NOON, STATION, HandClock, Office
from tests.printers.fake import FakePrinter
from tests.services.old_papers import TRAVELLING, collected, named, photo
from tests.services.work import (
    acting,
    assert_sound,
    codes,
    collect_marked,
    done,
    draft,
    hand_over,
    handed_over,
    inspected,
    issued,
    only,
    printed,
    reasons,
    void_paper,
)

C = RefusalCode
S = SheetState
STUB = Sheet(1, 1)


def row_of(device: Device, number: str, at: Sheet) -> Row:
    return device.rows.one("sheets", number=number, print=at.print_no, sheet=at.sheet) or {}


def state_of(device: Device, number: str, at: Sheet) -> str:
    return str(row_of(device, number, at)["state"])


def lost(device: Device) -> str:
    """A certificate whose travelling sheet nobody found when it was voided."""
    number = printed(device)
    done(void_paper(device, number, reason="missing_sheet", on_desk=1, lost=[TRAVELLING]))
    return number


def balanced(device: Device) -> None:
    assert day_sheet(device, device.today()).equations_hold
    assert_sound(device)


# --- spoiled ---------------------------------------------------------------------------------------------------------


def test_a_sheet_found_torn_on_the_desk_goes_into_the_register(device: Device) -> None:
    number = printed(device)
    done(spoil_sheet(device, number, TRAVELLING, category="damaged", photos=photo(device)))
    (line,) = spoiled_register(device)
    assert (line.name, line.category, line.written_off) == (named(number, TRAVELLING), "damaged", False)
    assert (line.since, line.due_on, line.overdue) == ("2026-11-21", "2026-11-27", False)
    balanced(device)


def test_a_spoiled_sheet_is_overdue_when_its_working_days_are_over(device: Device, clock: HandClock) -> None:
    done(spoil_sheet(device, printed(device), TRAVELLING, category="damaged", photos=photo(device)))
    clock.forward(days=6)
    assert not spoiled_register(device)[0].overdue
    clock.forward(days=1)
    assert spoiled_register(device)[0].overdue


def test_what_a_spare_print_spoiled_is_in_the_register_too(device: Device) -> None:
    number = printed(device)
    done(release_spare(device, number, reason="paper_jam", spoiled=[1, 2]))
    assert [line.category for line in spoiled_register(device)] == ["paper_jam", "paper_jam"]


def test_g34_a_spoiled_sheet_has_a_category_and_a_photograph(device: Device) -> None:
    number = printed(device)
    only(spoil_sheet(device, number, TRAVELLING, category="damaged"), C.PHOTO_MISSING, "attachments")
    only(spoil_sheet(device, number, TRAVELLING, category="", photos=photo(device)), C.FIELD_MISSING, "category")
    only(spoil_sheet(device, number, TRAVELLING, category="ugly", photos=photo(device)), C.FIELD_INVALID, "category")
    only(spoil_sheet(device, number, TRAVELLING, category="damaged", no_picture="lazy"), C.FIELD_INVALID, "no_picture")
    assert state_of(device, number, TRAVELLING) == S.PRINTED


def test_where_the_camera_is_broken_the_reason_is_on_record(device: Device) -> None:
    number = printed(device)
    done(spoil_sheet(device, number, TRAVELLING, category="incomplete", no_picture="camera_broken"))
    assert state_of(device, number, TRAVELLING) == S.SPOILED


def test_what_the_holder_has_cannot_be_spoiled_here(device: Device) -> None:
    number = handed_over(device)
    found = only(
        spoil_sheet(device, number, TRAVELLING, category="damaged", photos=photo(device)), C.WRONG_STATE, "sheet"
    )
    assert (found.current, found.details) == ("handed_over", {"sheet": f"{number} 1/2"})


def test_a_sheet_nobody_printed_is_not_spoiled(device: Device) -> None:
    number = printed(device)
    found = only(
        spoil_sheet(device, number, Sheet(1, 9), category="damaged", photos=photo(device)), C.NOT_FOUND, "sheet"
    )
    assert found.current == f"{number} 1/9"


# --- collected -------------------------------------------------------------------------------------------------------


def test_a_voided_certificate_comes_back_from_its_holder(device: Device) -> None:
    number = collected(device)
    assert (state_of(device, number, TRAVELLING), row_of(device, number, TRAVELLING)["category"]) == (
        "collected",
        "voided",
    )
    assert day_sheet(device, device.today()).came_back == 1
    balanced(device)


def test_g36_what_is_in_force_is_not_taken_from_its_holder_as_void_or_used(device: Device) -> None:
    number = handed_over(device)
    for reason in ("voided", "used"):
        found = only(collect_marked(device, number, TRAVELLING, reason=reason), C.WRONG_STATE, "reason")
        assert (found.current, found.limit) == ("issued", reason)
    assert state_of(device, number, TRAVELLING) == S.HANDED_OVER


@pytest.mark.parametrize(("reason", "code"), [("", C.FIELD_MISSING), ("because", C.FIELD_INVALID)])
def test_g36_a_collection_has_a_reason_of_the_measures(device: Device, reason: str, code: C) -> None:
    only(collect_marked(device, handed_over(device), TRAVELLING, reason=reason), code, "reason")


def test_a_used_certificate_is_collected_once_its_trip_is_over(device: Device, clock: HandClock) -> None:
    number = handed_over(device)
    clock.forward(days=1)
    done(collect_marked(device, number, TRAVELLING, reason="used"))
    assert state_of(device, number, TRAVELLING) == S.COLLECTED


@pytest.mark.parametrize("reason", ["found_after_notice", "stub", "other"])
def test_g36_what_covers_a_trip_is_taken_from_nobody_whatever_the_reason(device: Device, reason: str) -> None:
    number = handed_over(device)
    found = only(collect_marked(device, number, TRAVELLING, reason=reason, note="县局通知"), C.WRONG_STATE, "reason")
    assert (found.current, found.limit) == ("issued", reason)
    assert state_of(device, number, TRAVELLING) == S.HANDED_OVER


def test_another_case_of_the_rules_says_which(device: Device, clock: HandClock) -> None:
    number = handed_over(device)
    clock.forward(days=1)
    only(collect_marked(device, number, TRAVELLING, reason="other"), C.FIELD_MISSING, "note")
    done(collect_marked(device, number, TRAVELLING, reason="other", note="县局通知收回"))


def test_nothing_is_collected_twice(device: Device) -> None:
    number = collected(device)
    assert (
        only(collect_marked(device, number, TRAVELLING, reason="voided"), C.WRONG_STATE, "sheet").current == "collected"
    )


def test_a_clerk_collects_and_writes_nothing_off(device: Device, clerk: Session, clock: HandClock) -> None:
    number = handed_over(device)
    clock.forward(days=1)
    with acting(device, clerk):
        done(collect_marked(device, number, TRAVELLING, reason="other", note="货主交回"))
        assert C.POST_MISSING in codes(hand_in(device, to_hand_in(device), to="county_keeper"))


# --- found -----------------------------------------------------------------------------------------------------------


def test_a_lost_sheet_that_is_found_is_on_hand_again(device: Device) -> None:
    number = lost(device)
    done(find_lost(device, number, TRAVELLING))
    assert state_of(device, number, TRAVELLING) == S.FOUND
    balanced(device)


def test_g47_a_found_sheet_is_neither_spoiled_nor_handed_over_nor_found_again(device: Device) -> None:
    number = lost(device)
    done(find_lost(device, number, TRAVELLING))
    for again in (
        find_lost(device, number, TRAVELLING),
        spoil_sheet(device, number, TRAVELLING, category="damaged", photos=photo(device)),
        collect_marked(device, number, TRAVELLING, reason="voided"),
    ):
        assert only(again, C.WRONG_STATE, "sheet").current == "found"
    assert hand_over_refusals(device, number)


def test_only_what_is_lost_is_found(device: Device) -> None:
    assert only(find_lost(device, printed(device), TRAVELLING), C.WRONG_STATE, "sheet").current == "printed"


@pytest.mark.parametrize(("day", "code"), [("2099-01-01", C.DAY_TO_COME), ("昨天", C.FIELD_INVALID)])
def test_a_sheet_was_found_on_a_day_that_has_been(device: Device, day: str, code: C) -> None:
    only(find_lost(device, lost(device), TRAVELLING, found_on=day), code, "found_on")


# --- handed in -------------------------------------------------------------------------------------------------------


def test_old_sheets_are_handed_in_with_a_slip(device: Device) -> None:
    number = collected(device)
    spoilt = printed(device)
    done(spoil_sheet(device, spoilt, STUB, category="wrong_make", photos=photo(device)))
    sheets = to_hand_in(device)
    assert sheets == [named(spoilt, STUB), named(number, TRAVELLING)]
    handed = done(hand_in(device, sheets, to="county_keeper"))
    assert {state_of(device, number, TRAVELLING), state_of(device, spoilt, STUB)} == {"returned"}
    title, facts, tables, *_ = json.loads(device.files.read(handed.slip))
    assert (title, facts["合计"], facts["接收"]) == ("证章标志交接清单", "2 联", "县级机构证章标志管理员")
    assert [row[2] for row in tables[0]["rows"]] == ["1", "1"]
    assert day_sheet(device, device.today()).left_for_good == 2
    balanced(device)


def test_nothing_goes_in_twice_nor_together_with_what_is_not_here(device: Device) -> None:
    number = collected(device)
    sheets = to_hand_in(device)
    only(hand_in(device, sheets * 2, to="county_keeper"), C.FIELD_INVALID, "sheets")
    only(hand_in(device, [*sheets, SheetName("B", "8800000001", 1, 1)], to="county_keeper"), C.NOT_FOUND, "sheet")
    done(hand_in(device, sheets, to="county_keeper"))
    assert only(hand_in(device, sheets, to="county_keeper"), C.WRONG_STATE, "sheet").current == "returned"
    assert state_of(device, number, TRAVELLING) == S.RETURNED


def test_an_empty_list_is_refused(device: Device) -> None:
    only(hand_in(device, [], to="county_keeper"), C.FIELD_MISSING, "sheets")


def test_what_the_holder_has_is_not_handed_in(device: Device) -> None:
    number = handed_over(device)
    only(hand_in(device, [named(number, TRAVELLING)], to="county_keeper"), C.WRONG_STATE, "sheet")
    only(hand_in(device, [named(number, STUB)], to="the cellar"), C.FIELD_INVALID, "receiver")


# --- two computers ---------------------------------------------------------------------------------------------------


@pytest.fixture
def both(office: Office, device: Device, sister: Device) -> str:
    """A certificate handed over and voided, as both computers of the station know."""
    number = handed_over(device)
    done(void_paper(device, number, reason="trip_cancelled", on_desk=0))
    office.show_blocks(device, sister)
    office.relay(device, sister)
    return number


@pytest.mark.parametrize("here_first", [True, False])
def test_a_sheet_two_computers_collect_is_in_the_keeping_of_the_first(
    office: Office, device: Device, sister: Device, both: str, clock: HandClock, *, here_first: bool
) -> None:
    first, second = (device, sister) if here_first else (sister, device)
    for one in (first, second):
        done(collect_marked(one, both, TRAVELLING, reason="voided"))
        clock.forward(minutes=1)
    office.relay(device, sister)
    office.relay(sister, device)
    for one in (device, sister):
        row = row_of(one, both, TRAVELLING)
        assert (row["state"], row["device"]) == ("collected", first.id)
        balanced(one)
    assert device.rows.many("sheet_moves", number=both) == sister.rows.many("sheet_moves", number=both)


def test_what_one_computer_handed_in_the_other_cannot_lose(office: Office, device: Device, sister: Device) -> None:
    number = printed(device)
    done(spoil_sheet(device, number, TRAVELLING, category="damaged", photos=photo(device)))
    office.show_blocks(device, sister)
    office.relay(device, sister)
    done(hand_in(device, to_hand_in(device), to="county_keeper"))
    with acting(sister, sister.session):
        office.publish(sister, office.grant(CLERK, "vet", "clerk", kinds=("B",)))
        done(void_paper(sister, number, reason="missing_sheet", on_desk=0))
    office.relay(device, sister)
    office.relay(sister, device)
    assert state_of(device, number, TRAVELLING) == state_of(sister, number, TRAVELLING) == "returned"
    balanced(device)


def test_what_one_computer_took_back_the_other_cannot_lose(office: Office, device: Device, sister: Device) -> None:
    number = printed(device)
    office.show_blocks(device, sister)
    office.relay(device, sister)
    with acting(sister, sister.session):
        office.publish(sister, office.grant(CLERK, "vet", "clerk", kinds=("B",)))
        done(hand_over(sister, number))
        done(void_paper(sister, number, reason="trip_cancelled", on_desk=0))
        done(collect_marked(sister, number, TRAVELLING, reason="voided"))
    done(void_paper(device, number, reason="missing_sheet", on_desk=1, lost=[TRAVELLING]))
    office.relay(device, sister)
    office.relay(sister, device)
    assert state_of(device, number, TRAVELLING) == state_of(sister, number, TRAVELLING) == "collected"
    for one in (device, sister):
        balanced(one)


def test_what_came_back_is_lost_on_both_computers_once_its_loss_is_told(
    office: Office, device: Device, sister: Device, both: str
) -> None:
    done(collect_marked(device, both, TRAVELLING, reason="voided"))
    office.relay(device, sister)
    done(lose_sheet(sister, both, TRAVELLING, cause="stolen"))
    office.relay(sister, device)
    assert state_of(device, both, TRAVELLING) == state_of(sister, both, TRAVELLING) == "lost"
    balanced(device)


@pytest.mark.parametrize("note", ["找到\u202e了", "字" * 30_000])
def test_words_nobody_could_keep_are_refused(device: Device, note: str) -> None:
    only(find_lost(device, lost(device), TRAVELLING, note=note), C.FIELD_INVALID, "note")


# --- stubs and old sheets --------------------------------------------------------------------------------------------


def test_a_stub_says_in_which_box_it_lies(device: Device) -> None:
    number = printed(device)
    done(hand_over(device, number, file_stub=False))
    done(file_stub(device, number, box=" 2026-ｂ-03"))
    assert row_of(device, number, STUB)["box"] == "2026-B-03"
    assert stub_count(device) == StubCount(filed=1, due=1, unmarked=0)


def test_the_box_of_a_stub_is_told_later_and_once(device: Device) -> None:
    number = handed_over(device)
    assert (stub_count(device).filed, stub_count(device).unmarked) == (1, 1)
    done(file_stub(device, number, box="2026-B-03"))
    assert row_of(device, number, STUB)["box"] == "2026-B-03"
    assert codes(file_stub(device, number, box="2026-B-04")) == [C.ALREADY_RECORDED]


@pytest.mark.parametrize("box", ["王大河的柜子", "-3", "B" * 21, "B/3"])
def test_a_box_has_a_mark_and_no_name(device: Device, box: str) -> None:
    number = printed(device)
    done(hand_over(device, number, file_stub=False))
    only(file_stub(device, number, box=box), C.FIELD_INVALID, "box")


def spoil_of_first_draw(office: Office, device: Device, *, draws: int) -> str:
    """A spoiled sheet of the first draw, and so many draws in all."""
    number = printed(device)
    done(spoil_sheet(device, number, TRAVELLING, category="damaged", photos=photo(device)))
    for _ in range(draws - 1):
        draw, block = office.numbers(device.id, "B")
        office.publish(device, msgspec.structs.replace(draw, issued_at=draw.issued_at + block.ordinal), block)
    return number


def test_g09_old_sheets_come_before_new_numbers(office: Office, device: Device) -> None:
    spoil_of_first_draw(office, device, draws=2)
    found = only(request_block(device, "B", 5), C.OLD_SHEETS_OUTSTANDING)
    assert found.details == {"draw": "draw-B-1", "stubs": 0, "sheets": 1}
    slip = done(hand_in(device, to_hand_in(device), to="county_keeper"))
    only(request_block(device, "B", 5), C.OLD_SHEETS_OUTSTANDING)  # nobody above has counted them yet
    office.publish(device, counted_in(slip.ref))
    done(request_block(device, "B", 5))


def counted_in(hand_in: str, *missing: str) -> OldSheetsReceived:
    """The count of a slip of one sheet by the county's keeper."""
    found, due_on = 1 - len(missing), "2026-12-04" if missing else ""
    return OldSheetsReceived("99-C0001-aa", hand_in, STATION, 100, 1, found, missing, "2026-11-21", due_on, 33, NOON)


def test_g10_a_sheet_the_keeper_above_did_not_find_stands_in_the_way_until_its_case_is_concluded(
    office: Office, device: Device, head: Session
) -> None:
    number = spoil_of_first_draw(office, device, draws=2)
    slip = done(hand_in(device, to_hand_in(device), to="county_keeper"))
    office.publish(device, counted_in(slip.ref, f"{number} 1/2"))
    assert only(request_block(device, "B", 5), C.OLD_SHEETS_OUTSTANDING).details["sheets"] == 1
    (case,) = open_cases(device)
    assert (case["ref"], case["kind"], case["due_on"]) == (slip.ref, "hand_in_differs", "2026-12-04")
    with acting(device, head):
        done(conclude_case(device, slip.ref, cause="misfiled", conclusion="put_right"))
    done(request_block(device, "B", 5))


def test_g10_a_missing_sheet_stands_in_the_way_until_its_loss_is_concluded(office: Office, device: Device) -> None:
    lost(device)
    slip = done(hand_in(device, to_hand_in(device), to="county_keeper"))
    office.publish(device, counted_in(slip.ref))
    draw, block = office.numbers(device.id, "B")
    office.publish(device, msgspec.structs.replace(draw, issued_at=draw.issued_at + block.ordinal), block)
    found = only(request_block(device, "B", 5), C.OLD_SHEETS_OUTSTANDING)
    assert found.details == {"draw": "draw-B-1", "stubs": 0, "sheets": 1}


def test_g09_a_stub_that_is_not_on_file_stands_in_the_way(office: Office, device: Device) -> None:
    number = printed(device)
    done(hand_over(device, number, file_stub=False))
    draw, block = office.numbers(device.id, "B")
    office.publish(device, msgspec.structs.replace(draw, issued_at=draw.issued_at + 1), block)
    assert only(request_block(device, "B", 5), C.OLD_SHEETS_OUTSTANDING).details["stubs"] == 1
    done(file_stub(device, number))
    done(request_block(device, "B", 5))


def test_one_draw_in_arrears_and_an_emergency_are_allowed(office: Office, device: Device) -> None:
    spoil_of_first_draw(office, device, draws=1)
    assert outstanding(device, "B") == []
    done(request_block(device, "B", 5))
    spoil_of_first_draw(office, device, draws=2)
    done(request_block(device, "B", 5, emergency=True))
    done(request_block(device, "A", 5))


# --- before the first print, and after issue -------------------------------------------------------------------------


class LookingPrinter(FakePrinter):
    """Notes, when its first byte comes, what is on record."""

    def __init__(self, look: Callable[[], list[object]]) -> None:
        super().__init__()
        self.look = look
        self.seen: list[object] = []

    def submit(self, job: PrintJob) -> str:
        self.seen += self.look()
        return super().submit(job)


def test_g28_certificate_and_attempt_are_on_record_before_the_first_byte(device: Device) -> None:
    """That this is durable is shown at the system call: tests/crash."""
    number = issued(device)

    def look() -> list[object]:
        certificate = device.rows.one("certificates", number=number) or {}
        attempts = [row["outcome"] for row in device.rows.many("attempts", number=number)]
        entry = device.store.entry(f"{device.id}/{device.store.head().seq}")
        return [certificate.get("state"), attempts, isinstance(entry and entry.fact, PrintSubmitted)]

    printer = LookingPrinter(look)
    done(submit(device, number, printer))
    assert printer.seen == ["issued", ["open"], True]


def test_g32_what_was_issued_is_corrected_once_by_a_new_one_that_names_it(device: Device) -> None:
    batch = inspected(device)
    old = issued(device, batch)
    before = device.rows.one("certificates", number=old) or {}
    new = issued(device, batch, replaces=old, replace_reason="wrong_entry", plate="苏K54321")
    row = device.rows.one("certificates", number=old) or {}
    assert (row["state"], row["replaced_by"]) == ("replaced", new)
    assert {name: row[name] for name in ("plate", "value", "destination")} == {
        name: before[name] for name in ("plate", "value", "destination")
    }
    again = draft(device, batch, replaces=old, replace_reason="wrong_entry")
    assert C.WRONG_STATE in [one.code for one in can_issue(device, again)]
    without = draft(device, batch, replaces=new)
    assert [(one.code, one.field) for one in can_issue(device, without)] == [(C.FIELD_MISSING, "replace_reason")]


@pytest.mark.parametrize("paper", ["", "9900000002", "B 9900000001 x"])
def test_g33_on_pre_numbered_paper_the_sheet_bears_the_certificate_s_number(
    office: Office, device: Device, paper: str
) -> None:
    office.publish(device, office.policy(paper_mode="pre_numbered"))
    number = issued(device)
    found = only(submit(device, number, FakePrinter(), paper=paper), C.PAPER_NUMBER_DIFFERS, "paper")
    assert found.limit == "9900000001"
    assert device.rows.many("attempts", number=number) == []


def test_the_right_sheet_is_printed_on_and_its_number_is_on_record(office: Office, device: Device) -> None:
    office.publish(device, office.policy(paper_mode="pre_numbered"))
    number = issued(device)
    attempt = done(submit(device, number, FakePrinter(), paper="９９００００００ ０１"))
    entry = device.store.entry(attempt.ref)
    assert entry is not None
    assert getattr(entry.fact, "paper", None) == "9900000001"


def test_plain_paper_has_no_number(device: Device) -> None:
    attempt = done(submit(device, issued(device), FakePrinter(), paper="anything"))
    entry = device.store.entry(attempt.ref)
    assert entry is not None
    assert getattr(entry.fact, "paper", None) == ""


def test_every_refusal_of_a_list_names_its_sheet(device: Device) -> None:
    number = handed_over(device)
    found = reasons(hand_in(device, [named(number, TRAVELLING)], to="county_keeper"))
    assert [one.details["sheet"] for one in found] == [f"{number} 1/2"]
