"""Lists: searched, paged, newest first; what can still be issued; what is still to be printed."""

from __future__ import annotations

import pytest

from inspector_app.domain.quantities import Quantity
from inspector_app.errors import BugError
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.lists import certificates_today, finds, issuables, listed, print_queue, quantity_text
from inspector_app.services.noticing import NoticeDraft, issue_notice
from inspector_app.services.print_jobs import answer, release_spare, submit
from inspector_app.services.print_orders import order_print
from tests.office import HandClock, Office
from tests.printers.fake import FakePrinter
from tests.services.work import (
    HANGZHOU,
    HOUR,
    TEN_THOUSAND_FISH,
    accepted,
    declared,
    done,
    handed_over,
    inspected,
    issued,
    printed,
    reported,
    void_paper,
)


def numbers(device: Device, search: str = "") -> list[str]:
    return [str(row["number"]) for row in listed(device, "certificates", search=search).rows]


def test_certificates_are_found_by_number_owner_plate_and_place(device: Device, clock: HandClock) -> None:
    first = issued(device, plate="苏K11111")
    clock.forward(minutes=1)
    second = issued(device, inspected(device, owner="李渔"), plate="苏K22222", destination_place="戴南镇")
    assert numbers(device) == [second, first]
    for typed in ("b 9900000002", "Ｂ ９９０００００００２", "0000002", "李渔", "苏k22222", "戴南", " 22222 "):
        assert numbers(device, typed) == [second], typed
    assert numbers(device, "2026-11-21") == [second, first]
    assert numbers(device, "nobody") == []


def test_names_and_places_are_found_by_pinyin_and_its_initials(device: Device) -> None:
    number = issued(
        device, inspected(device, owner="湖西特种水产苗种场"), destination_place="戴南镇", consignee="李长路"
    )
    issued(device)
    for typed in ("hxtz", "huxi", "HXTZ", "dainan", "dn", "lcl"):
        assert numbers(device, typed) == [number], typed
    assert numbers(device, "hxtzx") == []


def test_a_telephone_is_found_by_its_end_and_by_nothing_in_its_middle(device: Device) -> None:
    first = issued(device, inspected(device, owner="李渔", owner_phone="13905148866"))
    issued(device)
    for typed in ("8866", "866", "８８６６", "13905148866"):
        assert numbers(device, typed) == [first], typed
    for typed in ("0514", "66", "8866x"):
        assert numbers(device, typed) == [], typed


def test_one_search_looks_through_all_rows_of_a_thing() -> None:
    declaration: Row = {"owner_name": "车逻水产站", "owner_phone": "13805141123", "plate": None}
    truck: Row = {"number": "B 9900000002", "plate": "苏K5A168"}
    assert finds("", declaration)
    for typed in ("clsc", "1123", "b 99", "B9900000002", "5a1", "苏ｋ５"):
        assert finds(typed, declaration, truck), typed
        assert not finds(typed, {"owner_name": "别人", "owner_phone": "13900000000"}), typed
    assert not finds("5a1", declaration)


def test_a_list_is_paged_and_says_how_much_there_is(device: Device) -> None:
    for owner in ("甲", "乙", "丙"):
        declared(device, owner=owner)
    page = listed(device, "declarations", first=1, count=1)
    assert (len(page.rows), page.total) == (1, 3)
    assert listed(device, "declarations", first=9).rows == []
    assert listed(device, "declarations", state="recorded").total == 3
    assert listed(device, "declarations", state="accepted").total == 0


@pytest.mark.parametrize(
    "table",
    ["certificates", "declarations", "notices", "online_declarations", "inspections", "samples", "attempts"],
)
def test_every_list_can_be_searched(device: Device, table: str) -> None:
    batch = inspected(device)
    reported(device, batch, GCHD="negative")
    printed(device, issued(device, batch))
    assert listed(device, table, search="no such thing").rows == []
    assert listed(device, table).total == len(device.rows.many(table))


def test_a_table_nobody_has_is_our_fault(device: Device) -> None:
    with pytest.raises(BugError):
        listed(device, "passwords")


def test_what_can_be_issued_shows_what_is_left_and_what_it_waits_for(device: Device) -> None:
    accepted(device)
    later = inspected(device, destination=HANGZHOU, departs_at=device.clock.now().at + 90 * HOUR)
    sooner = inspected(device, departs_at=device.clock.now().at + 80 * HOUR)
    inspected(device, form={"conclusion": "failed", "findings": ["fish_dark"]})
    issued(device, sooner, quantity=Quantity(100, 0, TEN_THOUSAND_FISH))
    found = issuables(device)
    assert [item.inspection["ref"] for item in found] == [sooner, later]
    assert [(item.kind, item.left.value, item.missing, item.positive) for item in found] == [
        ("B", 20, (), ()),
        ("A", 120, ("GCHD",), ()),
    ]
    issued(device, sooner, quantity=Quantity(20, 0, TEN_THOUSAND_FISH))
    assert [item.inspection["ref"] for item in issuables(device)] == [later]


def test_the_print_queue_says_what_comes_next(device: Device) -> None:
    batch = inspected(device)
    waiting, asked, ready, jammed = (issued(device, batch) for _ in range(4))
    handed_over(device, printed(device, issued(device, batch)))
    void = issued(device, batch)
    done(void_paper(device, void, reason="wrong_entry", on_desk=0))
    printed(device, ready)
    done(answer(device, done(submit(device, jammed, FakePrinter(jams=True))).ref, "spoiled"))
    done(submit(device, asked, FakePrinter(deaf=True)))
    assert {line.number: line.next_step for line in print_queue(device)} == {
        waiting: "print",
        asked: "answer",
        ready: "hand_over",
        jammed: "release",
    }


def test_a_released_spare_is_to_be_printed(device: Device) -> None:
    number = printed(device)
    done(release_spare(device, number, reason="misplaced", spoiled=[1, 2]))
    (line,) = print_queue(device)
    assert (line.print_no, line.state, line.next_step) == (2, "open", "print")


def test_a_notice_leaves_the_queue_when_the_party_has_it(device: Device) -> None:
    failed = inspected(device, form={"conclusion": "failed", "findings": ["fish_dark"]})
    number = done(
        issue_notice(
            device, NoticeDraft(inspection=failed, basis=["apl_56"], method="therapy", failures=["clinical_signs"])
        )
    ).number
    assert [line.number for line in print_queue(device)] == [number]
    printed(device, number)
    assert [line.next_step for line in print_queue(device)] == ["hand_over"]
    handed_over(device, number)
    assert print_queue(device) == []


def test_an_expired_paper_waits_to_be_voided_and_nothing_else(device: Device, clock: HandClock) -> None:
    printed_in_time, never_printed = printed(device), issued(device)
    clock.forward(days=1)
    assert {line.number: line.next_step for line in print_queue(device)} == {
        printed_in_time: "expired",
        never_printed: "expired",
    }
    done(void_paper(device, never_printed, reason="not_departed", on_desk=0))
    assert [line.number for line in print_queue(device)] == [printed_in_time]


def test_a_paper_voided_elsewhere_stays_in_sight_while_its_print_blocks_the_stock(
    office: Office, device: Device, sister: Device
) -> None:
    office.publish(sister, office.grant(sister.person(), "clerk", "head"))
    office.show_blocks(device, sister)
    number = issued(device)
    attempt = done(submit(device, number, FakePrinter(deaf=True)))
    office.relay(device, sister)
    done(void_paper(sister, number, reason="wrong_entry", on_desk=0))
    office.relay(sister, device)
    assert [(line.number, line.next_step) for line in print_queue(device)] == [(number, "answer")]
    done(answer(device, attempt.ref, "printed"))
    assert print_queue(device) == []
    assert [row["state"] for row in device.rows.many("sheets", number=number)] == ["spoiled", "spoiled"]


def test_a_thermal_stub_stays_in_the_queue_until_it_is_on_file(device: Device) -> None:
    number = handed_over(device, printed(device, issued(device, medium="thermal_80")))
    assert [(line.number, line.next_step) for line in print_queue(device)] == [(number, "stub")]


def test_what_a_sister_prints_is_in_the_sisters_queue(office: Office, device: Device, sister: Device) -> None:
    number = issued(device)
    done(order_print(device, number, sister.id))
    assert print_queue(device) == []


def test_todays_certificates_are_counted(device: Device, clock: HandClock) -> None:
    batch = inspected(device)
    issued(device, batch)
    clock.forward(days=1)
    issued(device, batch)
    assert certificates_today(device) == 1


def test_a_quantity_reads_in_both_languages(device: Device) -> None:
    row = device.rows.one("inspections", ref=inspected(device)) or {}
    assert (quantity_text(device, row), quantity_text(device, row, "en")) == ("120万尾", "1,200,000 fish")
