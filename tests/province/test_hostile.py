"""Whatever a device writes: every contact is acknowledged, everything is judged, and nobody else is harmed by it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector_app.domain.numbering import Number
from inspector_app.domain.verdicts import VerdictSheet
from inspector_app.journal.chain import ACTOR_CONTEXT, PrivatePart, commitment, entry_hash
from inspector_app.journal.entries.custody import BlockRequested
from inspector_app.journal.entries.devices import PersonKeyAdded, RetentionApplied
from inspector_app.journal.entries.printing import PrintOrderReceived, PrintReleased
from inspector_app.journal.envelope import VERSION, Envelope, Fact, encode_fact, registered
from province.journal import contact
from province.journal.models import Deferred, FeedDocument, Journal, State
from province.journal.projecting import differences, rebuild
from province.journal.rows import DjangoRows
from province.registry import trust
from sync.client import Device, prepare_from
from sync.frames import Purpose, seal_frame
from sync.protocol import SYNC_PATH, epoch_number, to_bytes
from tests.journal.samples import DEVICE, SAMPLES
from tests.province import work
from tests.province.fixtures import VET, Province
from tests.sync.fakes import FakeDevice


def envelope(writer: FakeDevice, value: Fact, **changes: Any) -> Envelope:
    """An entry in its place, but for what is changed."""
    stamp = writer.clock.now()
    made = Envelope(
        v=VERSION,
        device=writer.device,
        seq=len(writer.entries) + 1,
        at=stamp.at,
        mono=stamp.mono,
        boot=stamp.boot,
        actor=VET,
        kind=value.KIND,
        fact=encode_fact(value),
    )
    return msgspec.structs.replace(made, **changes)


def write(device: FakeDevice, made: Envelope, private: bytes | None = None) -> int:
    """Write an entry whatever it says, signed by the vet; returns its place."""
    part = None if private is None else PrivatePart(b"s" * 16, private)
    promise = "" if part is None else commitment(part.salt, part.content)
    public = msgspec.json.encode(msgspec.structs.replace(made, private=promise))
    signature = device.people[VET].sign(ACTOR_CONTEXT, entry_hash(device.hashes[-1], public))
    device.write(public, signature, part)
    return len(device.entries)


def codes(province: Province, device: FakeDevice) -> dict[int, str]:
    """The verdicts on a device's entries, by place, after a contact that left nothing unacknowledged."""
    assert device.sync(province.exchange).left == 0
    journal = Journal.objects.using(province.using).get(device=device.device)
    assert journal.judged == journal.seq
    rows = DjangoRows(province.using).many("verdicts", device=device.device)
    return {int(row["seq"] or 0): str(row["code"]) for row in rows}


REQUEST = BlockRequested(kind="B", wanted=1, emergency=False)


# --- an entry in another's name -------------------------------------------------------------------------------------


@pytest.mark.parametrize("claim", [{"device": "ab" * 16, "seq": 77}, {"seq": 77}, {"seq": 1}, {"device": "ab" * 16}])
def test_an_entry_that_names_another_place_is_malformed_and_stops_nobody(
    either_province: Province, claim: dict[str, Any]
) -> None:
    device, sister = either_province.enrol("一号机"), either_province.enrol("二号机")
    seq = write(device, envelope(device, REQUEST, **claim))
    good = work.certify(device)
    assert codes(either_province, device) == {seq: "malformed"}
    assert codes(either_province, sister) == {}
    assert DjangoRows(either_province.using).one("certificates", number=str(good.number)) is not None
    rebuild(either_province.using)
    assert differences(either_province.using) == []
    assert not either_province.enrol("三号机").frozen


def test_an_entry_in_a_sister_s_name_neither_speaks_for_her_nor_blames_her(province: Province) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机")
    work.certify(sister)
    declared = work.declare(device)
    stolen = msgspec.json.decode(device.entries[-2].public, type=Envelope)
    assert declared.endswith(f"/{stolen.seq}")
    seq = write(device, msgspec.structs.replace(stolen, device=sister.device, seq=len(sister.entries) + 1))
    assert codes(province, device) == {seq: "malformed"}
    work.certify(sister)
    assert codes(province, sister) == {}
    assert [sheet.device for sheet in sister.held(VerdictSheet)] == [device.device]


def test_a_private_part_of_a_misplaced_entry_is_not_told_to_anybody(province: Province) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机")
    fact, _private = SAMPLES["party.recorded/1"]
    write(device, envelope(device, fact, device=sister.device), b'{"name":"x"}')
    codes(province, device)
    sister.sync(province.exchange)
    assert not [one for one in sister.stored if b"party.recorded" in one.content]


def test_a_row_of_the_feed_that_stands_for_nothing_stops_nobody(province: Province) -> None:
    device = province.enrol()
    told = FeedDocument.objects.using(province.using)
    last = told.order_by("-cursor").first()
    assert last is not None
    told.create(
        cursor=last.cursor + 1, epoch=last.epoch, kind="entry", station=7, entry_device="ab" * 16, entry_seq=5, at=1
    )
    State.objects.using(province.using).update(cursor=last.cursor + 1)
    assert device.sync(province.exchange).left == 0
    assert differences(province.using) == []


# --- entries nobody can digest --------------------------------------------------------------------------------------

NUMBER = Number("99-B", "B", "9900000777")
POISON: list[tuple[Fact, str]] = [
    (PersonKeyAdded(person=VET, suite=1, key="zz"), "malformed"),
    (PersonKeyAdded(person=VET, suite=1, key=""), "malformed"),
    (PersonKeyAdded(person=VET, suite=2**53, key="ab"), "signature_bad"),
    (RetentionApplied(entries=["{device}/²"]), "retention_early"),
    (RetentionApplied(entries=["{device}/" + "9" * 5000]), "retention_early"),
    (RetentionApplied(entries=["\x00", "/", "online/", ""]), "retention_early"),
    (PrintReleased(number=NUMBER, print=2, reason="other", spoiled=[], credential="zz"), "malformed"),
    (PrintOrderReceived(number=NUMBER, issued="x", ordered="x", prints=["zz"]), "malformed"),
    (PrintOrderReceived(number=NUMBER, issued="x", ordered="x", prints=["ab" * 32]), "reference_unknown"),
]


@pytest.mark.parametrize(("fact", "code"), POISON, ids=lambda value: value.KIND if isinstance(value, Fact) else value)
def test_a_poisoned_entry_gets_its_verdict_and_what_follows_is_judged(
    either_province: Province, fact: Fact, code: str
) -> None:
    device = either_province.enrol()
    raw = encode_fact(fact)
    fact_of_device = msgspec.Raw(bytes(raw).replace(b"{device}", device.device.encode()))
    seq = write(device, envelope(device, fact, fact=fact_of_device))
    good = work.certify(device)
    assert codes(either_province, device) == {seq: code}
    row = DjangoRows(either_province.using).one("certificates", number=str(good.number))
    assert row is not None
    assert differences(either_province.using) == []


def test_a_print_order_for_a_number_nobody_was_given_puts_no_certificate_on_record(province: Province) -> None:
    device = province.enrol()
    write(device, envelope(device, PrintOrderReceived(number=NUMBER, issued="x", ordered="x", prints=["ab" * 32])))
    codes(province, device)
    assert DjangoRows(province.using).one("certificates", number=str(NUMBER)) is None


@pytest.mark.parametrize("at", [2**52, -(2**52), 2**53])
def test_a_moment_no_calendar_has_is_malformed_and_the_admin_still_shows_it(site: Province, at: int) -> None:
    device = site.enrol()
    seq = write(device, envelope(device, REQUEST, at=at))
    assert codes(site, device) == {seq: "malformed"}
    User.objects.db_manager(site.using).create_superuser("admin", password="luyu chitang qingchen 7")
    client = Client()
    assert client.login(username="admin", password="luyu chitang qingchen 7")
    page = client.get("/admin/journal/storedentry/")
    assert page.status_code == 200
    assert str(at) in page.content.decode()


@pytest.mark.parametrize(
    "changes",
    [{"prints": ["zz", "yy", "xx"]}, {"prints": ["AB" * 32]}, {"issued_at": 2**52}, {"departs_at": -(2**52)}],
    ids=str,
)
def test_a_certificate_whose_pages_could_not_be_shown_is_malformed(province: Province, changes: dict[str, Any]) -> None:
    device = province.enrol()
    issued = work.certify(device, **changes)
    seq = len(device.entries)
    assert codes(province, device) == {seq: "malformed"}
    assert DjangoRows(province.using).one("certificates", number=str(issued.number)) is None


def test_a_sister_s_poison_waits_without_stopping_anybody(either_province: Province) -> None:
    """What waits is judged again at another device's contact: it must not fail there either."""
    device, sister = either_province.enrol("一号机"), either_province.enrol("二号机")
    declaration = f"{sister.device}/{len(sister.entries) + 1}"
    fact, _private = SAMPLES["inspection.completed/1"]
    write(device, envelope(device, msgspec.structs.replace(fact, declaration=declaration, suspected=["\x00"])), b"{}")
    assert codes(either_province, device) == {}
    assert Deferred.objects.using(either_province.using).count() == 1
    assert work.declare(sister) == declaration
    assert codes(either_province, sister) == {}
    assert not Deferred.objects.using(either_province.using).exists()
    assert set(codes(either_province, device).values()) <= {"wrong_state", "moment_wrong"}


# --- requests -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("epoch", ["9" * 5000, "²-ab", "-", "\x00", "1" * 10 + "-ab"])
def test_an_epoch_nobody_counted_is_none(province: Province, epoch: str) -> None:
    assert epoch_number(epoch) == 0
    device = province.enrol()
    request = prepare_from(Device(device, device.signer, device.clock), None, 1000)
    frame = seal_frame(Purpose.SYNC_REQUEST, to_bytes(msgspec.structs.replace(request, epoch=epoch)), device.signer)
    assert province.exchange.post(SYNC_PATH, frame).status == 200
    assert not State.objects.using(province.using).get(only=1).rolled_back


@pytest.mark.parametrize("step", ["judge", "blocks.replenish", "publishing.renew_lease", "trust.publish"])
@pytest.mark.parametrize("fault", [OperationalError("disk is full"), RuntimeError("a bug of ours")], ids=repr)
def test_what_goes_wrong_after_recording_never_costs_the_receipt(
    province: Province, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str, fault: Exception
) -> None:
    device = province.enrol()
    work.certify(device)

    def broken(*_arguments: object) -> None:
        raise fault

    where, _, name = step.rpartition(".")
    with monkeypatch.context() as patched:
        patched.setattr(getattr(contact, where) if where else contact, name, broken)
        assert device.sync(province.exchange).left == 0
    assert "failed" in caplog.text
    assert device.note.seq >= 7
    device.record(VET, REQUEST)
    assert codes(province, device) == {}


# --- every field of every kind --------------------------------------------------------------------------------------

TEXTS = ["", "\x00", "²", "zz", "9" * 5000, "{device}/²", "{device}/0", "{device}/1", "{device}/" + "9" * 15]
TEXTS += ["x" * 5000, "-1", "2026-13-45", "B 9900000001", "\u202e", "ab" * 16 + "/1", "passed", "printed", "A", "𠮷"]
NUMBERS = [0, -1, 1, 5, 101, 2**31, 2**52, 2**53, -(2**53)]
REAL = ("declaration.recorded/1", "declaration.accepted/1", "inspection.completed/1", "certificate.issued/1")


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each string, integer and flag of a fact."""
    if isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for key, member in members:
            yield from leaves(member, (*path, key))
    else:
        yield path


def replaced(value: Any, path: tuple[Any, ...], hostile: Any) -> Any:
    """The same fact with one leaf exchanged."""
    changed = copy.deepcopy(value)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = hostile
    return changed


def honest(device: FakeDevice, kind: str) -> tuple[Any, bytes | None]:
    """A fact of this kind as it could come next from this device, and its private part."""
    if kind not in REAL:
        fact, private = SAMPLES[kind]
        text = msgspec.json.encode(fact).replace(DEVICE.encode(), device.device.encode())
        return msgspec.json.decode(text), None if private is None else msgspec.json.encode(private)
    work.certify(device)
    work.ISSUED[device].pop()
    where = len(device.entries) - len(REAL) + REAL.index(kind)
    taken = device.entries[where]
    del device.entries[where:], device.hashes[where + 1 :]
    fact = msgspec.json.decode(bytes(msgspec.json.decode(taken.public, type=Envelope).fact))
    return fact, taken.private.content if taken.private else None


def test_whatever_stands_in_a_field_the_contact_is_acknowledged(either_province: Province) -> None:
    """Each kind with hostile values in each field: all of it judged, the books equal, everybody's pages still made."""
    device, sister = either_province.enrol("一号机"), either_province.enrol("二号机")

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data(), st.sampled_from(sorted(registered())))
    def one(data: st.DataObject, kind: str) -> None:
        fact, private = honest(device, kind)
        if ways := sorted(leaves(fact), key=str):
            hostile = data.draw(st.sampled_from([*TEXTS, *NUMBERS]))
            if isinstance(hostile, str):
                hostile = hostile.replace("{device}", data.draw(st.sampled_from([device.device, sister.device])))
            fact = replaced(fact, data.draw(st.sampled_from(ways)), hostile)
        made = envelope(device, REQUEST, kind=kind, fact=msgspec.Raw(msgspec.json.encode(fact)))
        actors: list[int] = [VET, VET, VET, 0, -1, 2**53]
        made = msgspec.structs.replace(made, actor=data.draw(st.sampled_from(actors)))
        write(device, made, private)
        codes(either_province, device)

    one()
    work.certify(sister)
    codes(either_province, sister)
    assert not sister.frozen
    assert differences(either_province.using) == []
    assert trust.build(either_province.using).blocks
