"""What lists say of certificates is computed when read: past its validity, how far the province has heard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.services.device import Device
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.print_orders import order_print, receive_order
from tests.office import HandClock, Office, parts
from tests.services.work import done, draft_a, inspected, issued, reported, void_paper
from ui.models.certificates import CertificateLine, read_certificate, read_certificates
from ui.models.issuing import read_case, values_of
from ui.models.naming import Naming
from ui.tokens import Tone

FREE_OF_DISEASE = "negative"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def province() -> Office:
    return Office()


@pytest.fixture
def device(province: Office, tmp_path: Path, clock: HandClock, sentences: None) -> Iterator[Device]:
    opened = province.enrol(tmp_path / "home", parts(clock))
    yield opened
    opened.store.database.abandon()


@pytest.fixture
def sister(province: Office, device: Device, tmp_path: Path, clock: HandClock) -> Iterator[Device]:
    opened = province.enrol(tmp_path / "sister", parts(clock, seed="sister"))
    province.introduce(device, opened)
    yield opened
    opened.store.database.abandon()


def line(device: Device, number: str) -> CertificateLine:
    return next(one for one in read_certificates(device, view="all", search="").lines if one.number == number)


def heard_all(device: Device) -> None:
    """The province has everything this device wrote so far."""
    head = device.store.head()
    device.store.note_acknowledged(device.store.acknowledged()._replace(seq=head.seq, hash=head.hash))


def test_a_certificate_past_its_validity_does_not_look_valid(device: Device, clock: HandClock) -> None:
    number = issued(device)
    assert (line(device, number).state, line(device, number).tone) == ("已签发", Tone.GOOD)
    clock.forward(days=1)
    late = line(device, number)
    assert (late.state, late.tone, late.code) == ("已过期", Tone.OFF, "issued")
    detail = read_certificate(device, number)
    assert detail is not None
    assert detail.line.state == "已过期"


def test_a_voided_certificate_stays_voided_when_its_day_is_over(device: Device, clock: HandClock) -> None:
    number = issued(device)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    clock.forward(days=1)
    assert line(device, number).state == "已作废"


def test_own_certificates_are_told_by_what_the_province_acknowledged(device: Device) -> None:
    first = issued(device)
    heard_all(device)
    second = issued(device)
    assert line(device, first).told == "已确认"
    assert line(device, second).told == "在本机"


def test_a_sisters_certificate_that_was_relayed_is_confirmed(device: Device, sister: Device, province: Office) -> None:
    number = issued(sister)
    province.relay(sister, device)
    assert line(device, number).told == "已确认"


def test_a_sisters_certificate_brought_by_hand_is_not_confirmed_by_our_own_sequence(
    device: Device, sister: Device
) -> None:
    number = issued(sister)
    sealed = done(order_print(sister, number, device.id))
    done(receive_order(device, sealed))
    for _ in range(3):
        inspected(device)
    heard_all(device)
    assert line(device, number).told == "在本机"


# --- replacing --------------------------------------------------------------------------------------------------------


def issued_a(device: Device) -> str:
    batch = inspected(device)
    reported(device, batch, GCHD=FREE_OF_DISEASE)
    draft = draft_a(device, batch, valid_days=3, transport=2, disinfectant=4, remarks="夜间启运", consignee="三墩渔场")
    return done(issue_certificate(device, draft)).number


def begun(device: Device, number: str) -> dict[str, object]:
    case = read_case(device, "", replaces=number)
    assert case is not None
    return values_of(case, Naming(device))


def test_a_replacement_begins_with_everything_the_old_certificate_says(device: Device) -> None:
    values = begun(device, issued_a(device))
    names = ("valid_days", "carrier", "carrier_phone", "transport", "disinfectant", "plate", "remarks", "consignee")
    assert [values[name] for name in names] == [
        3, "李长路", "13900000002", 2, 4, "苏K12345", "夜间启运", "三墩渔场",
    ]  # fmt: skip


def test_a_portable_b_is_replaced_by_a_portable_b(device: Device) -> None:
    assert begun(device, issued(device, medium="thermal_80"))["medium"] == "thermal_80"


def test_a_certificate_whose_names_are_gone_begins_with_what_is_left(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = issued(device)

    def removed(_device: Device, number: str) -> None:
        raise StationError("personal_data_removed", number=number)

    monkeypatch.setattr("ui.models.issuing.issued_papers", removed)
    values = begun(device, number)
    assert values["carrier_phone"] == ""
    assert values["destination_place"] == "沙沟镇练习村"
