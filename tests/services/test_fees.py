"""Cost fees at the station: what the province said is owed is shown before the next draw, and nothing else."""

from __future__ import annotations

from inspector_app.domain.stock import FeeCharged, FeeSettled, OpenFee
from inspector_app.services.device import Device
from inspector_app.services.fees import open_fees
from inspector_app.services.ready import Weight, before_next_draw, check_departure
from tests.office import Office
from tests.services.test_ready import english

UNIT, COUNTY, KEEPER = 1000, 100, 33


def charged(fee: str = "99-F0001", *, amount_fen: int = 12_345, at: int = 1) -> FeeCharged:
    return FeeCharged(fee, "99-D0001", UNIT, COUNTY, amount_fen, "FP-7", "2026-11-20", KEEPER, at)


def settled(amount_fen: int, receipt: str = "SJ-1") -> FeeSettled:
    return FeeSettled("99-F0001", receipt, amount_fen, "2026-11-21", KEEPER, 2)


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
