"""Continuity at the station: what each number became, by whose entry, a sister's too."""

from __future__ import annotations

import msgspec

from inspector_app.domain.continuity import Standing
from inspector_app.services import ledgers
from inspector_app.services.device import Device
from inspector_app.services.losses import report_loss
from inspector_app.services.number_custody import return_numbers
from inspector_app.services.tracing import trace
from tests.office import VET, Office
from tests.services.work import done, inspected, issued, void_paper

S = Standing


def of_b(device: Device) -> list[tuple[str, str, Standing, str, str]]:
    """Last two digits, standing, day and reason of every stretch of B numbers."""
    found = ledgers.continuity(device).stretches
    return [(one.first[-2:], one.last[-2:], one.standing, one.day, one.reason) for one in found if one.kind == "B"]


def test_a_station_accounts_for_every_number(device: Device) -> None:
    batch = inspected(device)
    first = issued(device, batch)
    issued(device, batch, replaces=first, replace_reason="vehicle_changed")
    done(void_paper(device, issued(device, batch), reason="wrong_entry", on_desk=0))
    done(report_loss(device, "B", "9900000006", cause="stolen"))
    done(return_numbers(device, "B", "9900000009-10", reason="too_many"))
    today = device.today()
    assert of_b(device) == [
        ("01", "01", S.REPLACED, today, "vehicle_changed"),
        ("02", "02", S.USED, today, ""),
        ("03", "03", S.VOIDED, today, "wrong_entry"),
        ("04", "05", S.FREE, "", ""),
        ("06", "06", S.LOST, today, "stolen"),
        ("07", "08", S.FREE, "", ""),
        ("09", "10", S.RETURNED, today, "too_many"),
    ]
    assert ledgers.continuity(device).to_explain == ()


def test_a_sisters_numbers_are_accounted_for_with_her_own_words(office: Office, device: Device, sister: Device) -> None:
    office.publish(sister, office.grant(sister.person(), "clerk", "vet", kinds=("B",)))
    held = office.numbers(sister.id, "B", holder=sister.person(), size=5)
    office.publish(sister, *held)
    office.publish(device, *held)
    done(return_numbers(sister, "B", "9900000014-15", reason="year_end"))
    assert of_b(device)[-1][2] is S.FREE, "it has not heard of it yet"
    office.relay(sister, device)
    back = ledgers.continuity(device).stretches[-2]
    assert (back.standing, back.reason, back.place.device) == (S.RETURNED, "year_end", sister.id)
    assert back.entry.startswith(f"{sister.id}/")
    assert ledgers.continuity(device).stretches[-1].kind == "N"


def test_a_draw_of_another_station_is_in_no_account_here(office: Office, device: Device) -> None:
    before = ledgers.continuity(device)
    draw, _block = office.numbers(device.id, "B", holder=VET)
    office.publish(device, msgspec.structs.replace(draw, station=99))
    assert ledgers.continuity(device) == before


def test_a_used_number_whose_paper_is_not_on_record_is_to_be_explained(device: Device) -> None:
    issued(device)
    device.store.rows.update("numbers", {"number": "B 9900000002"}, {"state": "used", "ended_by": f"{device.id}/3"})
    (one,) = ledgers.continuity(device).to_explain
    assert (one.first, one.standing, one.entry) == ("9900000002", S.UNEXPLAINED, f"{device.id}/3")


def test_every_number_stands_in_its_life_as_in_the_report(office: Office, device: Device) -> None:
    batch = inspected(device)
    first = issued(device, batch)
    issued(device, batch, replaces=first, replace_reason="vehicle_changed")
    done(return_numbers(device, "B", "9900000009-10", reason="too_many"))
    office.publish(device, *office.numbers(device.id, "B", holder=VET))
    device.store.rows.update("numbers", {"number": "B 9900000014"}, {"state": "used", "ended_by": f"{device.id}/3"})
    draw, _block = office.numbers(device.id, "B", size=3, holder=VET)
    office.publish(device, draw)
    report = ledgers.continuity(device).stretches
    assert {S.UNCUT, S.FREE, S.USED, S.REPLACED, S.RETURNED, S.UNEXPLAINED} <= {one.standing for one in report}
    for one in report:
        for digits in {one.first, one.last}:
            life = done(trace(device, f"{one.kind} {digits}"))
            assert (life.standing, life.place) == (one.standing, one.place), digits
