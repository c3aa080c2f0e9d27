"""The trust file as published: what a device with no network then says of a certificate."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.credential import Judgement, judge
from inspector_app.domain.trust import Trust, open_pack
from inspector_app.errors import StationError
from inspector_app.journal.entries.printing import PrintReleased
from inspector_app.suites import verify
from province import provinces
from province.registry import trust
from province.registry.fencing import fence_device
from province.registry.models import TrustRelease
from tests.province import work
from tests.province.fixtures import CLERK, VET, Province
from tests.sync.fakes import FakeDevice


def verdict(device: FakeDevice, code: str) -> str:
    """What the device says offline."""
    assert device.trust is not None
    judgement: Judgement = judge(code, device.trust.file, device.clock.now().at, verify)
    return judgement.code


def test_a_reported_certificate_is_genuine_on_every_device(either_province: Province) -> None:
    first, second = either_province.enrol("一号机"), either_province.enrol("二号机")
    issued = work.certify(first)
    assert verdict(first, issued.code()) == "practice:not_yet_reported"
    first.sync(either_province.exchange)
    second.sync(either_province.exchange)
    assert verdict(first, issued.code()) == verdict(second, issued.code()) == "practice:genuine"


def test_voided_and_replaced_certificates_are_exceptions(province: Province) -> None:
    device = province.enrol()
    voided = work.certify(device)
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    old = work.issue(device, inspection, declaration)
    new = work.issue(device, inspection, declaration, replaces=str(old.number), replace_reason="wrong_plate")
    work.void(device, voided)
    device.sync(province.exchange)
    assert [verdict(device, one.code()) for one in (voided, old, new)] == [
        "practice:voided",
        "practice:replaced",
        "practice:genuine",
    ]


def test_only_the_print_that_counts_is_genuine(province: Province) -> None:
    device = province.enrol(people=(VET, CLERK))
    issued = work.certify(device)
    device.sync(province.exchange)
    assert verdict(device, issued.code(2)) == "practice:not_yet_reported"  # a sealed spare that got out
    from inspector_app.suites import sha256

    device.record(
        CLERK,
        PrintReleased(
            number=issued.number, print=2, reason="jam", spoiled=[1, 2], credential=sha256(issued.payloads[1]).hex()
        ),
    )
    device.sync(province.exchange)
    assert verdict(device, issued.code(1)) == "practice:print_superseded"
    assert verdict(device, issued.code(2)) == "practice:genuine"


def test_a_certificate_that_does_not_hold_is_disputed(province: Province) -> None:
    device = province.enrol()
    issued = work.certify(device, kind="A")  # no laboratory result
    device.sync(province.exchange)
    assert verdict(device, issued.code()) == "practice:disputed"


def test_what_a_lost_device_signs_afterwards_is_not_believed(province: Province) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机")
    before = work.certify(device)
    device.sync(province.exchange)
    province.clock.wait(600)
    fence_device(province.using, device.device)
    province.clock.wait(600)
    after = work.certify(device)
    trust.publish(province.using)
    sister.sync(province.exchange)
    assert verdict(sister, before.code()) == "practice:genuine"
    assert verdict(sister, after.code()) == "practice:key_not_valid_then"


def test_a_release_verifies_from_the_root_down(province: Province) -> None:
    device = province.enrol()
    pack = trust.newest(province.using, than=(0, 0))
    opened = open_pack(pack, verify, root=device.keyring().root.key, at_ms=province.clock.at)
    assert isinstance(opened, Trust)
    assert opened.file.hosts == ("q.practice.example",)
    assert opened.file.stations[0].name_en == "Gaoyou Huxi Station"
    altered = pack[:-9] + bytes([pack[-9] ^ 1]) + pack[-8:]
    assert not isinstance(open_pack(altered, verify, root=device.keyring().root.key, at_ms=province.clock.at), Trust)


def test_nothing_new_is_not_released_again(province: Province) -> None:
    device = province.enrol()
    count = TrustRelease.objects.using(province.using).count()
    assert trust.publish(province.using) is None
    for _ in range(3):
        device.sync(province.exchange)
    assert TrustRelease.objects.using(province.using).count() == count
    province.clock.wait(8 * 86_400)
    assert trust.publish(province.using) is not None  # its age would worry its readers


def test_the_online_server_cannot_release_one(province: Province) -> None:
    served = provinces.of(province.using)
    keys = msgspec.structs.replace(served.keys, authority=None, root=None)
    provinces.register(msgspec.structs.replace(served, keys=keys, publishes=False))
    with pytest.raises(StationError, match=r"province\.authority_key_absent"):
        trust.publish(province.using)
    device = province.enrol()  # everything else goes on
    assert device.trust is None
    assert device.sync(province.exchange).status == "ok"


def test_what_the_public_page_asks_equals_the_whole_file(province: Province) -> None:
    device = province.enrol()
    certificates = [work.certify(device) for _ in range(3)]
    work.void(device, certificates[1])
    device.sync(province.exchange)
    whole = trust.build(province.using)
    for issued in certificates:
        payload = issued.payloads[0]
        part = trust.build_about(
            province.using, key_id=payload[1:9], kind=issued.number.kind, digits=issued.number.digits
        )
        assert len(part.blocks) == len(part.keys) == 1
        now = province.clock.at
        assert judge(issued.code(), part, now, verify).verdict == judge(issued.code(), whole, now, verify).verdict
