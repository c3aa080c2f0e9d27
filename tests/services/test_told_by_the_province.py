"""What the province told a station of its custody: cost fees that are owed, returned numbers that went up."""

from __future__ import annotations

from inspector_app.domain.continuity import Standing
from inspector_app.domain.stock import FeeCharged, FeeSettled, OpenFee, StockGivenBack
from inspector_app.services.device import Device
from inspector_app.services.fees import open_fees
from inspector_app.services.ledgers import continuity
from inspector_app.services.number_custody import return_numbers
from inspector_app.services.ready import Weight, before_next_draw, check_departure
from tests.office import NOON, Office
from tests.services.test_ready import english
from tests.services.work import DAY, done

UNIT, COUNTY, KEEPER = 1000, 100, 33


def charged(fee: str = "99-F0001", *, amount_fen: int = 12_345, at: int = 1) -> FeeCharged:
    return FeeCharged(fee, "99-D0001", UNIT, COUNTY, amount_fen, "FP-7", "2026-11-20", KEEPER, at)


def settled(amount_fen: int, receipt: str = "SJ-1") -> FeeSettled:
    return FeeSettled("99-F0001", receipt, amount_fen, "2026-11-21", KEEPER, 2)


def handed_up(station: int, first: str, last: str) -> StockGivenBack:
    """What the station's keeper gave to the county of what vets gave back."""
    count = int(last) - int(first) + 1
    told = ("too_many", "2026-11-21", "GX-2014/1", KEEPER, NOON + DAY)
    return StockGivenBack("99-B0001", UNIT, 1, COUNTY, station, "B", ((first, last),), count, True, *told)


def test_g15_a_fee_that_is_owed_is_shown_before_the_next_draw(office: Office, device: Device) -> None:
    office.publish(device, charged())
    (reason,) = before_next_draw(device)
    assert (reason.code, reason.weight) == ("fee_owed", Weight.NOTE)
    assert reason.details == {"fee": "99-F0001", "invoice": "FP-7", "yuan": "123.45"}
    assert reason in check_departure(device)
    assert "123.45 yuan are not settled" in english().of("reasons", reason.code, "en", reason.details).happened


def test_a_payment_in_part_leaves_the_rest_and_the_whole_leaves_nothing(office: Office, device: Device) -> None:
    office.publish(device, charged(), settled(345))
    assert open_fees(device) == [OpenFee("99-F0001", "FP-7", 12_000)]
    office.publish(device, settled(12_000, "SJ-2"))
    assert open_fees(device) == []
    assert before_next_draw(device) == []


def test_a_receipt_that_is_told_twice_pays_once(office: Office, device: Device) -> None:
    office.publish(device, charged(), settled(345), settled(345))
    assert open_fees(device) == [OpenFee("99-F0001", "FP-7", 12_000)]


def test_the_oldest_fee_comes_first(office: Office, device: Device) -> None:
    office.publish(device, charged("99-F0002", at=9), charged(at=1))
    assert [one.fee for one in open_fees(device)] == ["99-F0001", "99-F0002"]


def test_a_receipt_for_a_fee_nobody_charged_owes_nothing(office: Office, device: Device) -> None:
    office.publish(device, settled(345))
    assert open_fees(device) == []


# --- what went up ---------------------------------------------------------------------------------------------------


def test_returned_numbers_say_by_which_record_they_went_up(office: Office, device: Device) -> None:
    done(return_numbers(device, "B", "9900000006-10", reason="too_many"))
    office.publish(device, handed_up(device.sheet.station, "9900000006", "9900000008"))
    up, left = [one for one in continuity(device).stretches if one.standing is Standing.RETURNED]
    assert (up.first, up.last, up.passed_up) == ("9900000006", "9900000008", "99-B0001")
    assert (left.first, left.last, left.passed_up) == ("9900000009", "9900000010", "")
    assert up.entry == left.entry


def test_another_station_s_return_and_numbers_still_in_use_are_not_said_to_have_gone_up(
    office: Office, device: Device
) -> None:
    done(return_numbers(device, "B", "9900000006-10", reason="too_many"))
    office.publish(device, handed_up(device.sheet.station + 1, "9900000006", "9900000010"))
    assert not [one for one in continuity(device).stretches if one.passed_up]
