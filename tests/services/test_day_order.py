"""Day closes in their order: numbered and chained, none before the last, every device of the station on the sheet."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.refusals import RefusalCode
from inspector_app.journal.entries.custody import DayClosed
from inspector_app.services import ready
from inspector_app.services.day_close import Closed, close_day, day_sheet, overdue_days, unclosed_days
from inspector_app.services.device import Device, Session
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.noticing import NoticeDraft, issue_notice
from inspector_app.services.ready import Weight
from tests.office import HandClock, Office
from tests.services.work import acting, assert_sound, codes, done, draft, inspected, issued, only, printed, void_paper

C = RefusalCode
TODAY, NEXT = "2026-11-21", "2026-11-22"  # a Saturday and a Sunday


def closed_fact(device: Device, closed: Closed) -> DayClosed:
    entry = device.store.entry(closed.ref)
    assert entry is not None
    assert isinstance(entry.fact, DayClosed)
    return entry.fact


def test_closes_are_numbered_and_each_names_the_one_before(device: Device, clock: HandClock) -> None:
    first = done(close_day(device, TODAY))
    issued(device)
    again = done(close_day(device, TODAY))
    clock.forward(days=1)
    third = done(close_day(device, NEXT))
    facts = [closed_fact(device, one) for one in (first, again, third)]
    assert [fact.ordinal for fact in facts] == [1, 2, 3]
    hashes = [entry.hash.hex() for one in (first, again) if (entry := device.store.entry(one.ref)) is not None]
    assert [fact.previous for fact in facts] == ["", *hashes]
    assert_sound(device)


def test_no_day_before_the_last_closed_one_is_closed(device: Device, clock: HandClock) -> None:
    clock.forward(days=1)
    done(close_day(device, NEXT))
    head = device.store.head()
    found = only(close_day(device, TODAY), C.DAY_BEFORE_LAST, "date")
    assert (found.limit, found.current, device.store.head()) == (NEXT, TODAY, head)


def test_no_day_is_closed_while_an_earlier_one_is_open(device: Device, clock: HandClock) -> None:
    issued(device)
    clock.forward(days=1)
    found = only(close_day(device, NEXT), C.DAY_EARLIER_OPEN, "date")
    assert (found.limit, found.current) == (TODAY, NEXT)
    done(close_day(device, TODAY))
    done(close_day(device, NEXT))


def test_a_day_without_work_may_stay_without_a_close(device: Device, clock: HandClock) -> None:
    done(close_day(device, TODAY))
    clock.forward(days=2)
    done(close_day(device, "2026-11-23"))
    assert unclosed_days(device) == []


def test_a_day_closed_by_a_clock_a_year_ahead_does_not_end_closing(device: Device, clock: HandClock) -> None:
    clock.forward(days=365)
    ahead = done(close_day(device, "2027-11-21"))
    clock.forward(days=-365)
    back = closed_fact(device, done(close_day(device, TODAY)))
    before = device.store.entry(ahead.ref)
    assert before is not None
    assert (back.ordinal, back.previous) == (2, before.hash.hex())


def test_what_a_clock_set_back_wrote_is_told_with_the_next_close(device: Device, clock: HandClock) -> None:
    number = issued(device)
    done(close_day(device, TODAY))
    clock.forward(days=1)
    done(close_day(device, NEXT))
    clock.forward(days=-1)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    clock.forward(days=1)
    assert day_sheet(device, NEXT).set_back == 1
    again = done(close_day(device, NEXT))
    assert msgspec.json.decode(device.files.read(again.sheet))[1]["时钟回拨"] == "1 条记录的日期早于上一次日结"
    assert (unclosed_days(device), day_sheet(device, NEXT).set_back) == ([], 0)


# --- every device of the station ------------------------------------------------------------------------------------


def test_the_sheet_lists_every_device_as_closed_or_not_in_with_its_last_known_head(
    office: Office, device: Device, sister: Device
) -> None:
    issued(device)
    sheet = {one.device: one for one in day_sheet(device, TODAY).devices}
    assert (sheet[sister.id].ordinal, sheet[sister.id].seq, sheet[sister.id].head) == (0, 0, "")
    done(close_day(sister, TODAY))
    office.relay(sister, device)
    heard = {one.device: one for one in day_sheet(device, TODAY).devices}[sister.id]
    head = sister.store.head()
    assert (heard.ordinal, heard.seq, heard.head) == (1, head.seq, head.hash.hex())
    own = {one.device: one for one in day_sheet(device, TODAY).devices}[device.id]
    assert (own.seq, own.head) == (device.store.head().seq, device.store.head().hash.hex())


def test_the_printed_sheet_says_who_is_not_in(office: Office, device: Device, sister: Device) -> None:
    done(close_day(device, TODAY))
    issued(device)
    closed = done(close_day(device, TODAY))
    _title, facts, tables, *_rest = msgspec.json.decode(device.files.read(closed.sheet))
    assert facts["日结序号"].startswith(f"第 2 号，接 {TODAY} 第 1 号 ")
    rows = {row[0][-8:]: row[1:] for row in tables[2]["rows"]}
    assert rows[sister.id[:8]] == ["未报", "—", "—"]
    assert rows[device.id[:8]][0] == "本单"


def test_a_device_out_of_use_is_not_waited_for(office: Office, device: Device, sister: Device) -> None:
    office.publish(device, office.device_sheet(sister, state="shut_down"))
    assert [one.device for one in day_sheet(device, TODAY).devices] == [device.id]


# --- days left open -------------------------------------------------------------------------------------------------


def test_an_open_day_is_a_reminder_until_the_third_working_day(device: Device, clock: HandClock) -> None:
    batch = inspected(device)
    issued(device, batch)
    for _day in range(4):  # Sunday to Wednesday, the third working day
        clock.forward(days=1)
        assert overdue_days(device) == {}
    issued(device, batch)
    clock.forward(days=1)
    assert overdue_days(device) == {TODAY: "2026-11-25"}
    found = only(issue_certificate(device, draft(device, batch)), C.DAY_UNCLOSED)
    assert (found.limit, found.current) == ("2026-11-25", TODAY)


def test_closing_the_open_day_lets_issue_again(device: Device, clock: HandClock) -> None:
    batch = inspected(device)
    issued(device, batch)
    clock.forward(days=5)
    only(issue_certificate(device, draft(device, batch)), C.DAY_UNCLOSED)
    done(close_day(device, TODAY))
    issued(device, batch)


def test_a_notice_waits_for_the_open_day_too(device: Device, clock: HandClock) -> None:
    failed = inspected(device, form={"conclusion": "failed", "findings": ["fish_bleeding"]})
    issued(device)
    clock.forward(days=5)
    drafted = NoticeDraft(inspection=failed, basis=["apl_56"], method="isolation", failures=["clinical_signs"])
    only(issue_notice(device, drafted), C.DAY_UNCLOSED)


def test_an_open_day_stops_no_void(device: Device, clock: HandClock) -> None:
    number = printed(device)
    clock.forward(days=5)
    done(void_paper(device, number, reason="not_departed", on_desk=2))


def test_a_device_that_did_nothing_for_weeks_issues_at_once(device: Device, clock: HandClock) -> None:
    done(close_day(device, TODAY))
    clock.forward(days=6)
    issued(device)


def test_the_province_says_for_how_long_it_is_a_reminder(office: Office, device: Device, clock: HandClock) -> None:
    office.publish(device, office.policy(unclosed_day_soft_days=0))
    batch = inspected(device)
    issued(device, batch)
    clock.forward(days=1)
    assert codes(issue_certificate(device, draft(device, batch))) == [C.DAY_UNCLOSED]


def test_before_driving_off_it_is_told_once_and_stops_whoever_signs(
    device: Device, clerk: Session, clock: HandClock
) -> None:
    issued(device)
    clock.forward(days=1)
    told = {reason.code: reason.weight for reason in ready.check_departure(device)}
    assert told["day_not_closed"] is Weight.CURE
    clock.forward(days=4)
    told = {reason.code: reason.weight for reason in ready.check_departure(device)}
    assert told["day_unclosed"] is Weight.STOPS
    assert "day_not_closed" not in told
    with acting(device, clerk):
        assert "day_unclosed" not in {reason.code for reason in ready.check_departure(device)}


@pytest.mark.parametrize("days", [1, 5])
def test_a_day_closed_in_time_is_never_overdue(device: Device, clock: HandClock, days: int) -> None:
    issued(device)
    done(close_day(device, TODAY))
    clock.forward(days=days)
    assert overdue_days(device) == {}
