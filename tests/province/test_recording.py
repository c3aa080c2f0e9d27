"""The contract of recording (SYNC 3.3): whatever happens on the way, each entry is held once, in its place."""

from __future__ import annotations

import threading

import msgspec
import pytest
from django.db import DatabaseError, connections, transaction

from inspector_app.domain.verdicts import VerdictSheet
from inspector_app.errors import StationError
from inspector_app.journal.chain import PrivatePart, commitment, entry_hash
from inspector_app.journal.entries.custody import BlockRequested
from inspector_app.journal.entries.devices import RetentionApplied
from inspector_app.journal.envelope import Envelope
from inspector_app.ports import Reply
from inspector_app.suites import SigningKey, Suite
from province.journal.judging.bench import chain_holds
from province.journal.models import AsideEntry, EntryPrivate, FeedDocument, Incident, Journal, JournalState, StoredEntry
from sync.client import Device, prepare_from
from sync.frames import Purpose, seal_frame
from sync.protocol import SYNC_PATH, SyncRequest, to_bytes
from tests.office import CountingRandom
from tests.province import work
from tests.province.fixtures import VET, Province
from tests.sync.fakes import FakeDevice, Line


def held(province: Province, device: FakeDevice) -> list[bytes]:
    """The public bytes the province holds of a device, in order."""
    rows = StoredEntry.objects.using(province.using).filter(device=device.device).order_by("seq")
    return [bytes(row.public) for row in rows]


def written(device: FakeDevice) -> list[bytes]:
    return [entry.public for entry in device.entries]


def request_of(device: FakeDevice) -> SyncRequest:
    """The request the device would send now."""
    return prepare_from(Device(device, device.signer, device.clock), None, 256 * 1024)


def post(province: Province, device: FakeDevice, request: SyncRequest, key: SigningKey | None = None) -> Reply:
    frame = seal_frame(Purpose.SYNC_REQUEST, to_bytes(request), key or device.signer)
    return province.exchange.post(SYNC_PATH, frame)


# --- what happens on the way ----------------------------------------------------------------------------------------


def test_a_lost_answer_does_not_record_twice(either_province: Province) -> None:
    device = either_province.enrol()
    work.declare(device)
    with pytest.raises(StationError, match=r"network\.timeout"):
        device.sync(Line(either_province.exchange, *["lost_answer"] * 4))
    report = device.sync(either_province.exchange)
    assert (report.left, device.frozen) == (0, "")
    assert held(either_province, device) == written(device)


def test_a_lost_request_leaves_everything_for_the_next(either_province: Province) -> None:
    device = either_province.enrol()
    before = held(either_province, device)
    work.declare(device)
    with pytest.raises(StationError, match=r"network\.timeout"):
        device.sync(Line(either_province.exchange, *["lost_request"] * 4))
    assert held(either_province, device) == before
    device.sync(either_province.exchange)
    assert held(either_province, device) == written(device)


def test_a_doubled_request_changes_nothing(either_province: Province) -> None:
    device = either_province.enrol()
    work.declare(device)
    device.sync(Line(either_province.exchange, "doubled", "doubled"))
    assert held(either_province, device) == written(device)
    assert not device.frozen


def test_an_old_request_that_arrives_late_changes_nothing(either_province: Province) -> None:
    device = either_province.enrol()
    work.declare(device)
    line = Line(either_province.exchange)
    device.sync(line)
    work.declare(device)
    device.sync(line)
    for frame in [*line.frames, *reversed(line.frames)]:
        assert either_province.exchange.post(SYNC_PATH, frame).status == 200
    assert held(either_province, device) == written(device)
    assert Journal.objects.using(either_province.using).get(device=device.device).state == JournalState.ACTIVE
    device.sync(either_province.exchange)
    assert not device.frozen


def test_a_late_answer_is_harmless(province: Province) -> None:
    device = province.enrol()
    line = Line(province.exchange)
    device.sync(line)
    work.certify(device)
    line.faults = ["late"]
    device.sync(line)
    device.sync(line)
    assert (device.frozen, held(province, device)) == ("", written(device))


def test_a_request_after_a_gap_records_nothing_and_is_told_where_to_begin(either_province: Province) -> None:
    device = either_province.enrol()
    for _ in range(3):
        device.record(VET, BlockRequested(kind="B", wanted=5, emergency=False))
    before = held(either_province, device)
    last = len(device.entries)
    jumping = msgspec.structs.replace(
        request_of(device), from_seq=last, base_hash=device.hash_at(last - 1), entries=(device.entries[-1],)
    )
    reply = post(either_province, device, jumping)
    assert reply.status == 200
    assert held(either_province, device) == before
    device.sync(either_province.exchange)
    assert held(either_province, device) == written(device)


def test_a_truncated_frame_is_refused_whole(either_province: Province) -> None:
    device = either_province.enrol()
    work.declare(device)
    before = held(either_province, device)
    with pytest.raises(StationError, match=r"network\.(unknown_device|frame_refused)"):
        device.sync(Line(either_province.exchange, "cut"))
    assert held(either_province, device) == before
    device.sync(either_province.exchange)
    assert held(either_province, device) == written(device)


def test_small_batches_arrive_in_order(province: Province) -> None:
    device = province.enrol()
    for _ in range(40):
        device.record(VET, BlockRequested(kind="B", wanted=5, emergency=False))
    report = device.sync(province.exchange, batch_bytes=4096)
    assert report.requests >= 2
    assert held(province, device) == written(device)
    assert chain_holds(province.using, device.device)


# --- who may speak --------------------------------------------------------------------------------------------------


def test_a_frame_signed_by_a_stranger_is_not_read(province: Province) -> None:
    device = province.enrol()
    work.declare(device)
    stranger = SigningKey.generate(Suite.ED25519, CountingRandom("stranger"))
    reply = post(province, device, request_of(device), stranger)
    assert (reply.status, reply.body) == (403, b"frame_unknown_key")


def test_a_device_cannot_speak_for_its_sister(province: Province) -> None:
    device, sister = province.enrol(), province.enrol("二号机")
    work.declare(device)
    reply = post(province, device, request_of(device), sister.signer)
    assert (reply.status, reply.body) == (403, b"foreign_device")
    assert len(held(province, device)) == len(device.entries) - 2


def test_a_changed_frame_is_not_read(province: Province) -> None:
    device = province.enrol()
    frame = bytearray(seal_frame(Purpose.SYNC_REQUEST, to_bytes(request_of(device)), device.signer))
    frame[-1] ^= 1
    reply = province.exchange.post(SYNC_PATH, bytes(frame))
    assert (reply.status, reply.body) == (403, b"frame_bad_signature")


def test_a_head_the_device_did_not_sign_is_refused(province: Province) -> None:
    device = province.enrol()
    work.declare(device)
    request = msgspec.structs.replace(request_of(device), head_sig=bytes(64))
    reply = post(province, device, request)
    assert (reply.status, reply.body) == (400, b"head_signature_bad")


@pytest.mark.parametrize(("claims", "code"), [(True, b"head_differs"), (False, b"head_signature_bad")])
def test_entries_that_lead_elsewhere_than_to_the_head_are_refused(
    province: Province, claims: bool, code: bytes
) -> None:
    device = province.enrol()
    work.declare(device)
    request = request_of(device)
    assert request.head_hash == b"", "it follows from the entries"
    head_hash = device.head().hash if claims else b""
    swapped = msgspec.structs.replace(request, entries=tuple(reversed(request.entries)), head_hash=head_hash)
    before = held(province, device)
    reply = post(province, device, swapped)
    assert (reply.status, reply.body) == (400, code)
    assert held(province, device) == before


def test_bytes_that_are_no_message_are_refused(province: Province) -> None:
    device = province.enrol()
    reply = province.exchange.post(SYNC_PATH, seal_frame(Purpose.SYNC_REQUEST, b"\xff\xff", device.signer))
    assert (reply.status, reply.body) == (400, b"request_malformed")
    assert province.exchange.post(SYNC_PATH, b"GET / HTTP/1.1").status == 400
    assert province.exchange.post("/api/v1/other", b"").status == 404


def test_a_request_above_the_limit_is_refused(province: Province) -> None:
    device = province.enrol()
    for _ in range(20):
        device.write(b'{"x":"' + b"y" * 60_000 + b'"}')
    request = msgspec.structs.replace(request_of(device), entries=tuple(device.entries[len(device.entries) - 20 :]))
    assert post(province, device, request).status == 413


# --- what cannot be refused -----------------------------------------------------------------------------------------


def envelope_of(device: FakeDevice, kind: str, fact: bytes) -> bytes:
    """An entry of any kind, well formed."""
    stamp = device.clock.now()
    envelope = Envelope(
        v=1,
        device=device.device,
        seq=len(device.entries) + 1,
        at=stamp.at,
        mono=stamp.mono,
        boot=stamp.boot,
        actor=VET,
        kind=kind,
        fact=msgspec.Raw(fact),
    )
    return msgspec.json.encode(envelope)


@pytest.mark.parametrize(
    ("code", "fact", "kind"),
    [
        ("unknown_kind", b'{"colour":"blue"}', "pond.painted/1"),
        ("malformed", b'{"kind":"B","wanted":"many","emergency":false}', "block.requested/1"),
        ("not_canonical", b'{"wanted":5,"kind":"B","emergency":false}', "block.requested/1"),
        ("malformed", b'{"kind":"B","wanted":5,"wanted":6,"emergency":false}', "block.requested/1"),
        ("malformed", b'{"kind":"B","wanted":5.5,"emergency":false}', "block.requested/1"),
        ("unknown_kind", b"{}", "pond.\x00painted/1"),
    ],
)
def test_a_bad_entry_is_recorded_judged_and_blocks_nothing(
    either_province: Province, code: str, fact: bytes, kind: str
) -> None:
    device = either_province.enrol()
    device.write(envelope_of(device, kind, fact))
    seq = len(device.entries)
    work.certify(device)
    device.sync(either_province.exchange)
    assert held(either_province, device) == written(device)
    verdicts = {sheet.seq: sheet.code for sheet in device.held(VerdictSheet)}
    assert verdicts.keys() == {seq}
    assert verdicts[seq] in (code, "not_canonical" if code == "malformed" else code)
    assert Journal.objects.using(either_province.using).get(device=device.device).judged == len(device.entries)


@pytest.mark.parametrize(
    "public", [b"", b"\xff\xfe", b"[" * 5000, b"{" + b'"a":' * 20 + b"1}", b'{"x":"' + b"y" * 70_000 + b'"}']
)
def test_bytes_that_are_no_entry_keep_their_place_in_the_chain(province: Province, public: bytes) -> None:
    device = province.enrol()
    device.write(public)
    seq = len(device.entries)
    work.declare(device)
    device.sync(province.exchange)
    assert held(province, device) == written(device)
    assert chain_holds(province.using, device.device)
    assert [(sheet.seq, sheet.code) for sheet in device.held(VerdictSheet)] == [(seq, "malformed")]


def test_a_private_part_that_was_not_promised_is_not_kept(province: Province) -> None:
    device = province.enrol()
    right = PrivatePart(b"s" * 16, b'{"text":"right"}')
    public = envelope_of(device, "pond.painted/1", b"{}")
    promised = msgspec.json.decode(public)
    promised["private"] = commitment(right.salt, right.content)
    device.write(msgspec.json.encode(promised), private=PrivatePart(b"s" * 16, b'{"text":"wrong"}'))
    device.sync(province.exchange)
    assert held(province, device) == written(device)
    assert (
        not EntryPrivate.objects.using(province.using)
        .filter(device=device.device, seq=len(device.entries) - 1)
        .exists()
    )


# --- two journals of one name ---------------------------------------------------------------------------------------


def test_a_cloned_disk_is_noticed_and_both_branches_are_kept(either_province: Province) -> None:
    device = either_province.enrol()
    twin = device.clone()
    first, second = work.certify(device), work.certify(twin)
    assert first.number == second.number
    device.sync(either_province.exchange)
    report = twin.sync(either_province.exchange)
    assert (twin.frozen, report.status) == ("fork", "fork")
    aside = AsideEntry.objects.using(either_province.using).filter(device=device.device).order_by("seq")
    left_at = next(seq for seq in range(len(twin.hashes)) if twin.hashes[seq] != device.hashes[seq])
    assert [(row.seq, bytes(row.hash)) for row in aside] == list(enumerate(twin.hashes))[left_at:]
    assert device.sync(either_province.exchange).frozen == "fork"
    incident = Incident.objects.using(either_province.using).get(kind="fork")
    assert bytes(incident.frame).startswith(b"IF\x01")


def test_a_branch_can_be_followed_from_where_it_left_the_journal(province: Province) -> None:
    device = province.enrol()
    twin = device.clone()
    work.declare(device)
    device.sync(province.exchange)
    twin.clock.wait(1)
    work.declare(twin)
    twin.sync(province.exchange)
    rows = list(AsideEntry.objects.using(province.using).order_by("seq"))
    assert bytes(rows[0].base) == device.hash_at(rows[0].seq - 1)
    for row in rows:
        assert entry_hash(bytes(row.base), bytes(row.public)) == bytes(row.hash)


def test_an_idle_clone_is_noticed_without_new_entries(province: Province) -> None:
    device = province.enrol()
    twin = device.clone()
    work.declare(device)
    device.sync(province.exchange)
    twin.sync(province.exchange)
    assert twin.frozen == "rolled_back"
    assert not device.frozen


def test_a_restored_journal_freezes_before_it_can_fork(province: Province) -> None:
    device = province.enrol()
    backup = device.clone()
    work.certify(device)
    device.sync(province.exchange)
    assert backup.sync(province.exchange).frozen == "rolled_back"
    state = Journal.objects.using(province.using).get(device=device.device).state
    assert state == JournalState.ACTIVE  # nobody wrote anything else: nothing is proved against this journal


# --- for ever -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["entry", "feed", "entry_aside", "incident", "entry_private", "feed_private"])
def test_the_database_itself_refuses_to_rewrite(either_province: Province, table: str) -> None:
    device = either_province.enrol()
    twin = device.clone()
    work.declare(device)
    work.certify(twin)
    device.sync(either_province.exchange)
    twin.sync(either_province.exchange)
    _some_online_declaration(either_province)
    column = {"feed": "kind", "incident": "kind", "entry_private": "salt", "feed_private": "content"}.get(
        table, "public"
    )
    value = "'x'" if column == "kind" else "decode('00', 'hex')" if _is_postgresql(either_province) else "x'00'"
    assert _refused(either_province, f"UPDATE {table} SET {column} = {value}")
    if table != "feed_private":
        assert _refused(either_province, f"DELETE FROM {table}")


def test_postgresql_refuses_to_empty_a_table(either_province: Province) -> None:
    either_province.enrol()
    statement = "TRUNCATE entry" if _is_postgresql(either_province) else "DELETE FROM entry"
    assert _refused(either_province, statement)


def _some_online_declaration(province: Province) -> None:
    from tests.province.declarations import declare_online

    declare_online(province)


def _is_postgresql(province: Province) -> bool:
    return connections[province.using].vendor == "postgresql"


def _refused(province: Province, statement: str) -> bool:
    try:
        with transaction.atomic(using=province.using), connections[province.using].cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as problem:
        return "append-only" in str(problem) or "only retention" in str(problem)
    return False


def test_only_a_retention_entry_removes_a_private_part(either_province: Province) -> None:
    device = either_province.enrol()
    ref = work.declare(device)
    device.sync(either_province.exchange)
    seq = int(ref.partition("/")[2])
    parts = EntryPrivate.objects.using(either_province.using).filter(device=device.device, seq=seq)
    assert parts.exists()
    either_province.clock.wait(3 * 365 * 86_400)
    device.record(0, RetentionApplied(entries=[ref]))
    device.sync(either_province.exchange)
    assert not parts.exists()
    assert chain_holds(either_province.using, device.device)
    relayed = FeedDocument.objects.using(either_province.using).filter(entry_device=device.device, entry_seq=seq)
    assert relayed.exists()


# --- how much it costs ----------------------------------------------------------------------------------------------


def test_recording_many_entries_takes_few_statements(province: Province) -> None:
    from django.test.utils import CaptureQueriesContext

    from province.journal.recording import append_entries

    device = province.enrol()
    for _ in range(300):
        device.record(VET, BlockRequested(kind="B", wanted=5, emergency=False))
    request = request_of(device)
    assert len(request.entries) == 300
    with CaptureQueriesContext(connections[province.using]) as queries:
        append_entries(province.using, request, key=device.signer.public, frame=b"", at=device.clock.now().at)
    assert len(queries) <= 10


def test_two_servers_that_take_the_same_request_at_once_record_it_once(
    postgresql_databases: object, request: pytest.FixtureRequest
) -> None:
    from tests.province.fixtures import opened
    from tests.province.places import Databases

    assert isinstance(postgresql_databases, Databases)
    for province in opened(postgresql_databases.fresh()):
        device = province.enrol()
        for _ in range(30):
            work.declare(device)
        frame = seal_frame(Purpose.SYNC_REQUEST, to_bytes(request_of(device)), device.signer)
        statuses: list[int] = []

        def contact(province: Province = province, frame: bytes = frame, statuses: list[int] = statuses) -> None:
            statuses.append(province.exchange.post(SYNC_PATH, frame).status)
            connections[province.using].close()

        threads = [threading.Thread(target=contact) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert statuses == [200] * 4
        assert held(province, device) == written(device)
        rows = FeedDocument.objects.using(province.using).filter(entry_device=device.device)
        assert rows.count() == len(set(rows.values_list("entry_seq", flat=True)))
