"""The day close: what the day used, both equations on any day a person can live, and days that were not closed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import RefusalCode, Refused
from inspector_app.journal.entries.custody import DayClosed
from inspector_app.services import day_close, day_deeds
from inspector_app.services.attaching import attach
from inspector_app.services.ceremony import confirm_act, unconfirmed
from inspector_app.services.day_close import Closed, close_day, day_sheet, unclosed_days
from inspector_app.services.device import Device, Session
from inspector_app.services.handing_over import file_stub, sheets_on_desk
from inspector_app.services.issuing import Issued, issue_certificate
from inspector_app.services.noticing import NoticeDraft, issue_notice
from inspector_app.services.number_custody import ledger
from inspector_app.services.print_jobs import answer, current_print, open_attempts, release_spare, submit
from inspector_app.services.print_orders import order_print, receive_order
from tests.office import CLERK, HandClock, Office, parts
from tests.printers.fake import FakePrinter
from tests.services.work import (
    FISH,
    HANGZHOU,
    TEN_THOUSAND_FISH,
    acting,
    assert_sound,
    codes,
    done,
    draft,
    draft_a,
    hand_over,
    handed_over,
    inspected,
    issued,
    only,
    printed,
    reported,
    void_paper,
)

C = RefusalCode
TODAY = "2026-11-21"


def closed_fact(device: Device, closed: Closed) -> DayClosed:
    entry = device.store.entry(closed.ref)
    assert entry is not None
    assert isinstance(entry.fact, DayClosed)
    return entry.fact


def a_full_day(device: Device) -> None:
    """Three B (one replaced, one voided), a spoiled print, one hand-over, one notice."""
    batch = inspected(device)
    handed_over(device, printed(device, issued(device, batch)))
    jammed = printed(device, issued(device, batch))
    done(release_spare(device, jammed, reason="paper_jam", spoiled=[1, 2]))
    printed(device, jammed)
    done(void_paper(device, jammed, reason="wrong_entry", on_desk=4))
    old = issued(device, batch)
    issued(device, batch, replaces=old, replace_reason="vehicle_changed")
    failed = inspected(device, form={"conclusion": "failed", "findings": ["fish_bleeding"]})
    notice = done(
        issue_notice(
            device, NoticeDraft(inspection=failed, basis=["apl_56"], method="isolation", failures=["clinical_signs"])
        )
    ).number
    printed(device, notice)


# --- what is counted -------------------------------------------------------------------------------------------------


def test_a_day_is_counted_by_kind(device: Device) -> None:
    a_full_day(device)
    sheet = day_sheet(device, TODAY)
    counts = {count.kind: count for count in sheet.counts}
    b = counts["B"]
    assert (b.issued, b.first, b.last, b.voided, b.replaced) == (4, "9900000001", "9900000004", 1, 1)
    assert (b.prints, b.sheets, b.spoiled, b.stubs, b.free) == (3, 6, 2, 1, 6)
    assert (counts["N"].issued, counts["N"].sheets, counts["N"].free) == (1, 2, 9)
    assert (counts["A"].issued, counts["A"].first, counts["A"].free) == (0, "", 10)
    assert (sheet.keeper.opening, sheet.keeper.came_in, sheet.keeper.went_out, sheet.keeper.closing) == (0, 8, 1, 7)
    assert sheet.equations_hold


def test_the_close_states_head_waiting_and_the_sheet_it_drew(device: Device) -> None:
    a_full_day(device)
    head = device.store.head()
    closed = done(close_day(device, TODAY))
    fact = closed_fact(device, closed)
    assert (fact.at_seq, fact.head) == (head.seq, head.hash.hex())
    assert (fact.waiting, fact.equations_hold, fact.sheet) == (head.seq, True, closed.sheet)
    assert (fact.opening_sheets, fact.sheets_in, fact.sheets_out, fact.closing_sheets) == (0, 8, 1, 7)
    title, facts, tables, _made_at, leave, signers = msgspec.json.decode(device.files.read(closed.sheet))
    assert (title, facts["日期"], facts["账本摘要"]) == ("日结单", TODAY, head.hash.hex()[:16])
    assert (leave, signers) == (None, ["官方兽医", "站（所）负责人", "日期"])
    assert (facts["号段等式"], facts["纸证等式"]) == ("成立", "0 + 8 = 1 + 7（成立）")
    assert [row[:4] for row in tables[0]["rows"]] == [
        ["动物 A", "0", "—", "—"],
        ["动物 B", "4", "9900000001", "9900000004"],
        ["处理通知单", "1", "9900000001", "9900000001"],
    ]
    assert_sound(device)


def test_what_lay_on_the_desk_at_night_opens_the_next_day(device: Device, clock: HandClock) -> None:
    batch = inspected(device, destination=HANGZHOU)
    reported(device, batch, GCHD="negative")
    number = printed(device, done(issue_certificate(device, draft_a(device, batch))).number)
    clock.forward(days=1)
    done(hand_over(device, number))
    keeper = day_sheet(device, "2026-11-22").keeper
    assert (keeper.opening, keeper.came_in, keeper.went_out, keeper.closing) == (2, 0, 1, 1)
    before = day_sheet(device, TODAY).keeper
    assert (before.opening, before.came_in, before.went_out, before.closing) == (0, 2, 0, 2)


def test_a_void_counts_on_the_day_it_was_voided(device: Device, clock: HandClock) -> None:
    number = issued(device)
    clock.forward(days=1)
    done(void_paper(device, number, reason="not_departed", on_desk=0))
    first, second = (day_sheet(device, day).counts for day in (TODAY, "2026-11-22"))
    assert [(count.issued, count.voided) for count in first if count.kind == "B"] == [(1, 0)]
    assert [(count.issued, count.voided) for count in second if count.kind == "B"] == [(0, 1)]


def test_a_sisters_work_is_the_sisters_to_close(office: Office, device: Device, sister: Device) -> None:
    printed(device)
    office.relay(device, sister)
    assert day_sheet(sister, TODAY).counts == []
    assert day_sheet(sister, TODAY).keeper.came_in == 0
    assert unclosed_days(sister) == []


# --- what a sister ended ---------------------------------------------------------------------------------------------


def heading(office: Office, sister: Device) -> None:
    """The person at the sister may void, and she knows whose numbers are whose."""
    office.publish(sister, office.grant(sister.person(), "clerk", "head"))


def voided_by_sister(office: Office, device: Device, sister: Device, *, paper: bool = True) -> str:
    heading(office, sister)
    office.show_blocks(device, sister)
    number = printed(device) if paper else issued(device)
    office.relay(device, sister)
    done(void_paper(sister, number, reason="wrong_entry", on_desk=0))
    return number


def b_of(device: Device, day: str) -> tuple[int, int, int]:
    """(voided, replaced, ended elsewhere) of B on a day."""
    for count in day_sheet(device, day).counts:
        if count.kind == "B":
            return count.voided, count.replaced, count.ended_elsewhere
    return 0, 0, 0


def test_a_void_counts_in_the_close_of_the_device_that_made_it(office: Office, device: Device, sister: Device) -> None:
    number = voided_by_sister(office, device, sister)
    assert b_of(sister, TODAY) == (1, 0, 0)
    (told,) = day_sheet(sister, TODAY).endings.for_sisters
    assert (told.number, told.device, told.ended_at) == (number, device.id, sister.id)
    fact = closed_fact(sister, done(close_day(sister, TODAY)))
    assert [(count.kind, count.issued, count.voided) for count in fact.counts] == [("B", 0, 1)]
    assert unclosed_days(sister) == []


def test_until_it_is_known_a_sisters_void_is_on_no_sheet_of_the_device_that_issued(
    office: Office, device: Device, sister: Device
) -> None:
    voided_by_sister(office, device, sister)
    assert b_of(device, TODAY) == (0, 0, 0)
    assert day_sheet(device, TODAY).endings == ([], [])


def test_a_void_learnt_a_day_later_leaves_the_signed_day_and_is_on_the_next(
    office: Office, device: Device, sister: Device, clock: HandClock
) -> None:
    number = voided_by_sister(office, device, sister)
    signed = closed_fact(device, done(close_day(device, TODAY)))
    clock.forward(days=1)
    office.relay(sister, device)
    assert day_sheet(device, TODAY).counts == signed.counts
    assert b_of(device, "2026-11-22") == (0, 0, 1)
    (told,) = day_sheet(device, "2026-11-22").endings.elsewhere
    assert (told.number, told.state, told.ended_at) == (number, "voided", sister.id)
    assert_sound(device)


def test_a_void_learnt_after_the_close_of_the_same_day_has_it_closed_once_more(
    office: Office, device: Device, sister: Device, clock: HandClock
) -> None:
    voided_by_sister(office, device, sister, paper=False)
    done(close_day(device, TODAY))
    office.relay(sister, device)
    again = closed_fact(device, done(close_day(device, TODAY)))
    assert [count.ended_elsewhere for count in again.counts if count.kind == "B"] == [1]
    only(close_day(device, TODAY), RefusalCode.ALREADY_RECORDED)


def test_a_day_on_which_only_a_sisters_void_became_known_is_an_unclosed_day(
    office: Office, device: Device, sister: Device, clock: HandClock
) -> None:
    voided_by_sister(office, device, sister, paper=False)
    done(close_day(device, TODAY))
    clock.forward(days=1)
    office.relay(sister, device)
    clock.forward(days=1)
    assert unclosed_days(device) == ["2026-11-22"]
    done(close_day(device, "2026-11-22"))
    assert unclosed_days(device) == []


def test_both_voided_it_and_each_sheet_says_its_own(office: Office, device: Device, sister: Device) -> None:
    number = voided_by_sister(office, device, sister, paper=False)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    office.relay(sister, device)
    assert (b_of(device, TODAY), b_of(sister, TODAY)) == ((1, 0, 0), (1, 0, 0))


def test_a_notice_voided_elsewhere_is_told_like_a_certificate(office: Office, device: Device, sister: Device) -> None:
    heading(office, sister)
    office.show_blocks(device, sister)
    failed = inspected(device, form={"conclusion": "failed", "findings": ["fish_bleeding"]})
    drafted = NoticeDraft(inspection=failed, basis=["apl_56"], method="isolation", failures=["clinical_signs"])
    number = done(issue_notice(device, drafted)).number
    office.relay(device, sister)
    done(void_paper(sister, number, reason="wrong_entry", on_desk=0))
    office.relay(sister, device)
    assert [one.number for one in day_sheet(device, TODAY).endings.elsewhere] == [number]
    assert [(count.kind, count.voided) for count in day_sheet(sister, TODAY).counts] == [("N", 1)]


def test_sheets_a_sister_marked_void_stay_in_their_keepers_book_from_the_day_it_is_known(
    office: Office, device: Device, sister: Device, clock: HandClock
) -> None:
    voided_by_sister(office, device, sister)
    clock.forward(days=1)
    office.relay(sister, device)
    moved = [(row["day"], row["state"]) for row in day_deeds.moves(device) if row["state"] == "spoiled"]
    assert moved == [("2026-11-22", "spoiled")] * 2
    keeper = day_sheet(device, "2026-11-22").keeper
    assert (keeper.opening, keeper.came_in, keeper.went_out, keeper.closing) == (2, 0, 0, 2)
    assert [count.spoiled for count in day_sheet(device, "2026-11-22").counts if count.kind == "B"] == [0]


def test_the_printed_sheets_name_what_was_ended_for_and_by_another_computer(
    office: Office, device: Device, sister: Device
) -> None:
    number = voided_by_sister(office, device, sister, paper=False)
    office.relay(sister, device)
    facts = [msgspec.json.decode(one.files.read(done(close_day(one, TODAY)).sheet))[1] for one in (device, sister)]
    assert facts[0]["他机作废换证"] == f"{number} 作废（由 {sister.id[:8]}）"
    assert facts[1]["代他机作废换证"] == f"{number} 作废（号属 {device.id[:8]}）"
    assert (facts[0]["代他机作废换证"], facts[1]["他机作废换证"]) == ("无", "无")


# --- refusals --------------------------------------------------------------------------------------------------------


def test_a_print_nobody_answered_for_is_named_and_its_answer_reopens_the_day(device: Device) -> None:
    number = issued(device)
    attempt = done(submit(device, number, FakePrinter(deaf=True)))
    assert day_sheet(device, TODAY).open_prints == [number]
    done(close_day(device, TODAY))
    done(answer(device, attempt.ref, "printed"))
    assert day_sheet(device, TODAY).open_prints == []
    done(close_day(device, TODAY))
    only(close_day(device, TODAY), RefusalCode.ALREADY_RECORDED)


@pytest.mark.parametrize("date", ["", "2026-11-31", "today", "2026/11/21"])
def test_what_is_no_day_is_refused_as_such(device: Device, date: str) -> None:
    assert only(close_day(device, date), C.FIELD_INVALID, "date").current == date


def test_a_day_to_come_and_one_before_this_device_are_refused(device: Device) -> None:
    assert only(close_day(device, "2026-11-22"), C.DAY_TO_COME, "date").current == "2026-11-22"
    found = only(close_day(device, "2026-11-20"), C.DAY_BEFORE_FIRST, "date")
    assert (found.limit, found.current) == (TODAY, "2026-11-20")


def test_a_clerks_day_shows_what_came_out_although_nothing_was_issued_there(
    office: Office, device: Device, sister: Device
) -> None:
    number = issued(device)
    sealed = done(order_print(device, number, sister.id))
    done(receive_order(sister, sealed))
    printed(sister, number)
    done(release_spare(sister, number, reason="paper_jam", spoiled=[1, 2]))
    printed(sister, number)
    (b,) = day_sheet(sister, TODAY).counts
    assert (b.kind, b.issued, b.prints, b.sheets, b.spoiled, b.free) == ("B", 0, 2, 4, 2, 0)
    title, _facts, tables, _at, _leave, signers = msgspec.json.decode(
        sister.files.read(done(close_day(sister, TODAY)).sheet)
    )
    assert (title, signers[0]) == ("日结单", "经办人")
    assert [row[:2] for row in tables[0]["rows"]] == [["动物 B", "0"]]


def test_stubs_still_to_be_filed_are_on_the_sheet(device: Device) -> None:
    number = handed_over(device, printed(device, issued(device, medium="thermal_58")))
    assert day_sheet(device, TODAY).stubs_waiting == [number]
    _title, facts, *_rest = msgspec.json.decode(device.files.read(done(close_day(device, TODAY)).sheet))
    assert facts["存根待归档"] == f"1（{number}）"
    photo = attach(device, b"%PDF-1.7 stub")
    done(file_stub(device, number, means="photo", attachments=[photo]))
    assert day_sheet(device, TODAY).stubs_waiting == []
    assert [count.stubs for count in day_sheet(device, TODAY).counts if count.kind == "B"] == [1]


def test_sheets_of_a_void_are_kept_but_not_counted_as_spoiled_prints(device: Device) -> None:
    number = printed(device)
    done(void_paper(device, number, reason="wrong_entry", on_desk=2))
    (b,) = [count for count in day_sheet(device, TODAY).counts if count.kind == "B"]
    assert (b.sheets, b.spoiled, b.voided) == (2, 0, 1)
    keeper = day_sheet(device, TODAY).keeper
    assert (keeper.came_in, keeper.closing, keeper.holds) == (2, 2, True)


def test_a_day_is_closed_once_while_nothing_happens_after_it(device: Device) -> None:
    issued(device)
    done(close_day(device, TODAY))
    head = device.store.head()
    assert only(close_day(device, TODAY), RefusalCode.ALREADY_RECORDED).current == TODAY
    assert device.store.head() == head


@pytest.mark.parametrize("later", ["issue", "void", "print", "notice"])
def test_work_after_the_close_closes_the_day_once_more(device: Device, clock: HandClock, later: str) -> None:
    batch = inspected(device)
    number = issued(device, batch)
    failed = inspected(device, form={"conclusion": "failed", "findings": ["fish_bleeding"]})
    done(close_day(device, TODAY))
    match later:
        case "issue":
            issued(device, batch)
        case "void":
            done(void_paper(device, number, reason="wrong_entry", on_desk=0))
        case "print":
            printed(device, number)
        case _:
            done(
                issue_notice(
                    device,
                    NoticeDraft(inspection=failed, basis=["apl_56"], method="isolation", failures=["clinical_signs"]),
                )
            )
    clock.forward(days=1)
    assert unclosed_days(device) == [TODAY]
    again = done(close_day(device, TODAY))
    assert unclosed_days(device) == []
    assert (device.rows.one("days", device=device.id, date=TODAY) or {})["ref"] == again.ref
    assert_sound(device)


def test_of_a_day_closed_once_more_only_the_last_close_waits_for_the_second_person(
    office: Office, device: Device, clerk: Session, clock: HandClock
) -> None:
    first = done(close_day(device, TODAY))
    clock.forward(minutes=10)
    printed(device)
    again = done(close_day(device, TODAY))
    assert [row["ref"] for row in unconfirmed(device)] == [again.ref]
    with acting(device, clerk):
        office.publish(device, office.grant(CLERK, "head", "keeper"))
        only(confirm_act(device, first.ref), C.ALREADY_RECORDED)
        done(confirm_act(device, again.ref))
    assert unconfirmed(device) == []


def test_a_close_confirmed_before_the_day_went_on_leaves_the_last_one_to_be_confirmed(
    office: Office, device: Device, clerk: Session, clock: HandClock
) -> None:
    first = done(close_day(device, TODAY))
    with acting(device, clerk):
        office.publish(device, office.grant(CLERK, "head", "keeper"))
        done(confirm_act(device, first.ref))
    clock.forward(minutes=10)
    printed(device)
    again = done(close_day(device, TODAY))
    assert [row["ref"] for row in unconfirmed(device)] == [again.ref]


def test_days_with_work_and_without_a_close_are_listed_oldest_first(device: Device, clock: HandClock) -> None:
    number = issued(device)
    clock.forward(days=2)
    done(void_paper(device, number, reason="not_departed", on_desk=0))
    clock.forward(days=1)
    assert unclosed_days(device) == [TODAY, "2026-11-23"]
    done(close_day(device, TODAY))
    assert unclosed_days(device) == ["2026-11-23"]
    done(close_day(device, "2026-11-23"))
    assert unclosed_days(device) == []


def test_an_unclosed_day_never_stops_the_next_morning(device: Device, clock: HandClock) -> None:
    batch = inspected(device)
    issued(device, batch)
    clock.forward(days=1)
    assert unclosed_days(device) == [TODAY]
    issued(device, batch)


def test_whoever_keeps_no_post_closes_no_day(office: Office, device: Device, clerk: Session) -> None:
    office.publish(device, office.grant(clerk.person, "reception"))
    with acting(device, clerk):
        assert only(close_day(device, TODAY), C.POST_MISSING).details == {"action": "close_day"}
    with acting(device, None):
        only(close_day(device, TODAY), C.NOT_SIGNED_IN)


def test_everything_against_a_close_is_told_in_order(device: Device, clerk: Session, office: Office) -> None:
    done(close_day(device, TODAY))
    office.publish(device, office.grant(clerk.person, "reception"))
    with acting(device, clerk):
        assert codes(close_day(device, "2027-01-01")) == [C.POST_MISSING, C.DAY_TO_COME]
        assert codes(close_day(device, TODAY)) == [C.POST_MISSING, RefusalCode.ALREADY_RECORDED]


def test_what_happens_while_the_sheet_is_drawn_is_on_the_sheet(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = inspected(device)
    real, faster = day_close.draw_sheet, [1]

    def meanwhile(where: Device, sheet: day_close.DaySheet) -> bytes:
        if faster:
            faster.clear()
            issued(where, batch)
        return real(where, sheet)

    monkeypatch.setattr(day_close, "draw_sheet", meanwhile)
    fact = closed_fact(device, done(close_day(device, TODAY)))
    assert [count.issued for count in fact.counts if count.kind == "B"] == [1]
    assert fact.at_seq == device.store.head().seq - 1


# --- any day ---------------------------------------------------------------------------------------------------------

DEEDS = (
    "issue issue issue_a print_well print_well jam lose_sight spare lose hand_over void replace notice midnight close"
).split()


class RandomStation:
    """A station that tries whatever comes; what is refused changes nothing."""

    def __init__(self, device: Device, clock: HandClock) -> None:
        self.device, self.clock = device, clock
        self.batch = inspected(device, quantity=Quantity(9000, 0, TEN_THOUSAND_FISH))
        reported(device, self.batch, GCHD="negative")
        self.numbers: list[str] = []

    def do(self, deed: str, which: int) -> None:
        """Do one of DEEDS to one of the papers so far."""
        number = self.numbers[which % len(self.numbers)] if self.numbers else "B 9900000001"
        getattr(self, deed)(number, which)

    def _keep(self, outcome: Issued | Refused) -> None:
        if isinstance(outcome, Issued):
            self.numbers.append(outcome.number)

    def issue(self, _number: str, which: int) -> None:
        self._keep(
            issue_certificate(self.device, draft(self.device, self.batch, quantity=Quantity(1 + which, 0, FISH)))
        )

    def issue_a(self, _number: str, which: int) -> None:
        made = draft_a(self.device, self.batch, quantity=Quantity(1 + which, 0, FISH))
        self._keep(issue_certificate(self.device, made))

    def replace(self, number: str, _which: int) -> None:
        counted = sheets_on_desk(self.device, number)
        changes = {"replaces": number, "replaces_on_desk": counted, "replace_reason": "vehicle_changed"}
        made = draft(self.device, self.batch, **changes)
        self._keep(issue_certificate(self.device, made))

    def notice(self, _number: str, _which: int) -> None:
        failed = inspected(self.device, form={"conclusion": "failed", "findings": ["fish_dark"]})
        self._keep(
            issue_notice(
                self.device,
                NoticeDraft(inspection=failed, basis=["apl_56"], method="therapy", failures=["clinical_signs"]),
            )
        )

    def _print(self, number: str, said: str) -> None:
        submit(self.device, number, FakePrinter(deaf=True))
        for attempt in open_attempts(self.device):
            answer(self.device, str(attempt["ref"]), said)

    def print_well(self, number: str, _which: int) -> None:
        self._print(number, "printed")

    def jam(self, number: str, _which: int) -> None:
        self._print(number, "spoiled")

    def lose_sight(self, number: str, _which: int) -> None:
        self._print(number, "unknown")

    def _sheets(self, number: str) -> list[int]:
        held = (current_print(self.device, number) or {}).get("print")
        return [int(row["sheet"] or 0) for row in self.device.rows.many("sheets", number=number, print=held)]

    def spare(self, number: str, _which: int) -> None:
        release_spare(self.device, number, reason="paper_jam", spoiled=self._sheets(number))

    def lose(self, number: str, _which: int) -> None:
        release_spare(self.device, number, reason="lost_before_handover", spoiled=self._sheets(number)[:1])

    def hand_over(self, number: str, which: int) -> None:
        hand_over(self.device, number, file_stub=bool(which % 2))

    def void(self, number: str, _which: int) -> None:
        void_paper(self.device, number, reason="wrong_entry", on_desk=sheets_on_desk(self.device, number))

    def midnight(self, _number: str, _which: int) -> None:
        self.clock.forward(minutes=12 * 60)

    def close(self, _number: str, _which: int) -> None:
        close_day(self.device, self.device.today())


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 9)), min_size=5, max_size=40))
def test_both_equations_hold_on_any_day(deeds: list[tuple[str, int]]) -> None:
    clock = HandClock()
    with tempfile.TemporaryDirectory() as folder:
        device = Office().enrol(Path(folder) / "home", parts(clock), blocks=60)
        station = RandomStation(device, clock)
        days = {device.today()}
        for deed, which in deeds:
            station.do(deed, which)
            days.add(device.today())
        for day in sorted(days):
            sheet = day_sheet(device, day)
            assert sheet.equations_hold, (day, sheet)
        assert all(line.count.holds for line in ledger(device))
        closing = day_sheet(device, max(days)).keeper.closing
        assert closing == sum(1 for row in device.rows.many("sheets") if row["state"] in ("printed", "kept", "spoiled"))
        assert_sound(device)
        device.store.database.abandon()
