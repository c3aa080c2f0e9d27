"""The trust file as published: what a device with no network then says of a certificate."""

from __future__ import annotations

import threading

import msgspec
import pytest
from django.db import IntegrityError, connections, transaction
from django.test.utils import CaptureQueriesContext

from inspector_app.domain.credential import Judgement, judge
from inspector_app.domain.trust import Trust, open_pack
from inspector_app.errors import StationError
from inspector_app.journal.entries.certificates import NoticeIssued
from inspector_app.journal.entries.custody import SheetLost
from inspector_app.journal.entries.printing import PrintReleased
from inspector_app.journal.envelope import VERSION, Envelope, encode, encode_fact
from inspector_app.journal.projections import Row
from inspector_app.suites import verify
from province import provinces
from province.journal.rows import DjangoRows
from province.numbers.models import ContestedNumber, CutBlock
from province.registry import trust
from province.registry.fencing import fence_device
from province.registry.models import TrustRelease
from tests.province import work
from tests.province.fixtures import CLERK, SECOND_VET, VET, Province
from tests.province.test_moments import printed
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


def test_what_nobody_was_given_and_is_lost_is_believed_nowhere_until_it_turns_out_to_be_with_its_holder(
    province: Province,
) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机")
    issued, other = work.certify(device), work.certify(device)
    printed(device, issued)
    printed(device, other)
    device.sync(province.exchange)
    sister.sync(province.exchange)
    device.record(VET, SheetLost(issued.number, 1, 2, category="stolen"))
    device.record(VET, SheetLost(other.number, 1, 1, category="stolen"))  # its stub convinces nobody
    device.sync(province.exchange)
    assert [verdict(device, one.code()) for one in (issued, other)] == ["practice:lost", "practice:genuine"]
    work.hand_over(sister, issued)
    sister.sync(province.exchange)
    assert verdict(sister, issued.code()) == "practice:genuine"


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


def the_same_number_twice(province: Province) -> tuple[FakeDevice, FakeDevice, work.Issued, work.Issued]:
    """A copied disk: both laptops issue their next number, with different quantities. Nothing is synced yet."""
    device = province.enrol()
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    twin = device.clone()
    taken = work.next_number(device, "B")
    first = work.issue(device, inspection, declaration, taken=taken)
    other = work.issue(twin, inspection, declaration, taken=taken, quantity=work.QUANTITY)
    return device, twin, first, other


def test_two_papers_of_one_number_are_doubted_everywhere_once_the_fork_is_known(either_province: Province) -> None:
    device, twin, first, other = the_same_number_twice(either_province)
    sister = either_province.enrol("二号机")
    device.sync(either_province.exchange)
    twin.sync(either_province.exchange)
    sister.sync(either_province.exchange)
    assert verdict(sister, first.code()) == verdict(sister, other.code()) == "practice:disputed"


def test_a_paper_that_came_too_late_for_its_number_makes_it_doubted(either_province: Province) -> None:
    device = either_province.enrol()
    first = work.certify(device)
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    block = work.next_number(device, "B")[1]
    again = work.issue(device, inspection, declaration, taken=(first.number, block))
    after = work.certify(device)
    device.sync(either_province.exchange)
    assert [verdict(device, one.code()) for one in (first, again, after)] == [
        "practice:disputed",
        "practice:disputed",
        "practice:genuine",
    ]


def test_a_void_certificate_stays_void_when_a_second_paper_comes_to_light(province: Province) -> None:
    device, twin, first, other = the_same_number_twice(province)
    sister = province.enrol("二号机")
    work.void(device, first)
    device.sync(province.exchange)
    twin.sync(province.exchange)
    sister.sync(province.exchange)
    assert verdict(sister, first.code()) == verdict(sister, other.code()) == "practice:voided"


def test_nobody_makes_another_device_s_numbers_doubted(province: Province) -> None:
    honest, rogue = province.enrol("一号机"), province.enrol("二号机")
    issued = work.certify(honest)
    honest.sync(province.exchange)
    fence_device(province.using, rogue.device)
    declaration = work.declare(rogue)
    inspection = work.inspect(rogue, declaration)
    work.issue(rogue, inspection, declaration, taken=(issued.number, work.next_number(honest, "B")[1]))
    rogue.sync(province.exchange)
    assert ContestedNumber.objects.using(province.using).get().digits == issued.number.digits
    trust.publish(province.using)
    honest.sync(province.exchange)
    assert verdict(honest, issued.code()) == "practice:genuine"


def test_evidence_that_names_no_number_of_ours_is_kept_and_said_of_nobody(either_province: Province) -> None:
    device = either_province.enrol()
    issued = work.certify(device)
    device.sync(either_province.exchange)
    fence_device(either_province.using, device.device)
    strange = msgspec.structs.replace(issued.number, digits="99\x0000000002")
    fact = NoticeIssued(
        number=strange,
        block="no block",
        declaration="none",
        inspection="none",
        species=101,
        stage="fry",
        quantity=work.QUANTITY,
        basis=[],
        failures=[],
        diseases=[],
        method="destroy",
        issued_on="2026-11-21",
        vet=VET,
        station=device.station,
        form="notice",
        form_hash="00" * 32,
    )
    envelope = Envelope(
        v=VERSION,
        device=device.device,
        seq=len(device.entries) + 1,
        at=device.clock.now().at,
        mono=0,
        boot="x",
        actor=VET,
        kind=fact.KIND,
        fact=encode_fact(fact),
    )
    device.write(encode(envelope))
    assert device.sync(either_province.exchange).status == "fenced"
    assert not ContestedNumber.objects.using(either_province.using).exists()


def test_a_number_passed_over_is_doubted_and_costs_one_line(either_province: Province) -> None:
    device = either_province.enrol()
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    secret = device.clone()
    hidden = work.issue(secret, inspection, declaration, taken=work.next_number(device, "B", skip=2))
    later = work.issue(device, inspection, declaration, taken=work.next_number(device, "B", skip=4))
    device.sync(either_province.exchange)
    assert verdict(device, hidden.code()) == "practice:disputed"
    assert verdict(device, later.code()) == "practice:genuine"
    block = trust.build(either_province.using).block("B", later.number.digits)
    assert block is not None
    assert [(one.offset, one.count) for one in block.exceptions] == [(0, 4)]


def test_a_number_passed_over_is_good_again_once_it_is_reported(province: Province) -> None:
    device = province.enrol()
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    first, second = work.next_number(device, "B"), work.next_number(device, "B", skip=1)
    work.issue(device, inspection, declaration, taken=second)
    device.sync(province.exchange)
    late = work.issue(device, inspection, declaration, taken=first)
    assert verdict(device, late.code()) == "practice:disputed"
    device.sync(province.exchange)
    assert verdict(device, late.code()) == "practice:genuine"


def test_a_printed_order_alone_reports_nothing(province: Province) -> None:
    device = province.enrol()
    issued = work.certify(device)
    rows = DjangoRows(province.using)
    content: Row = {"number": str(issued.number), "kind": "B", "digits": issued.number.digits, "ref": issued.ref}
    rows.insert("certificates", content | {"state": "issued", "current_print": 1})
    assert judge(issued.code(), trust.build(province.using), province.clock.at, verify).verdict == "not_yet_reported"


def test_building_costs_the_same_few_questions_however_many_blocks_there_are(province: Province) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connections[province.using]) as asked:
            trust.build(province.using)
        return len(asked)

    province.enrol()
    few, blocks = questions(), CutBlock.objects.using(province.using).count()
    for number in range(2, 5):
        province.enrol(f"{number}号机", people=(VET, SECOND_VET))
    assert CutBlock.objects.using(province.using).count() > 3 * blocks
    assert questions() == few <= 16


def test_two_contacts_may_release_at_once(either_province: Province) -> None:
    either_province.enrol()
    using = either_province.using
    either_province.clock.wait(8 * 86_400)  # now there is something to release
    found: list[object] = []

    def release() -> None:
        try:
            found.append(trust.publish(using))
        except IntegrityError as problem:
            found.append(problem)
        finally:
            connections[using].close()

    with transaction.atomic(using=using):
        assert trust.publish(using) is not None
        other = threading.Thread(target=release)
        other.start()
        other.join(timeout=0.5)
    other.join(timeout=30)
    assert found == [None]


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
