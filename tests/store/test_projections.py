"""Rows made of entries: what a sister says never stops a pull, books balance across devices, retention reaches rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from inspector_app.domain.documents import sign_document
from inspector_app.domain.numbering import Number
from inspector_app.errors import BugError
from inspector_app.journal.chain import Head
from inspector_app.journal.entries.certificates import (
    CertificateHandedOver,
    CertificateIssued,
    CertificateVoided,
)
from inspector_app.journal.entries.custody import SheetSpoiled, StubFiled
from inspector_app.journal.entries.declarations import DeclarationWithdrawn
from inspector_app.journal.entries.devices import RetentionApplied
from inspector_app.journal.entries.printing import (
    OrderContent,
    PrintEnded,
    PrintOrdered,
    PrintOrderReceived,
    PrintReleased,
    PrintSubmitted,
)
from inspector_app.journal.envelope import Fact
from inspector_app.journal.feed import relay
from inspector_app.journal.projections import TABLES
from inspector_app.journal.projections.retention import PERSONAL
from inspector_app.store.doctor import Finding, count_sheets, examine, net_moves
from tests.journal.samples import DEVICE, MORNING, NUMBER, PARTIES, SAMPLES, SISTER, act_on, record, sign
from tests.journal.test_feed import ONLINE
from tests.proof_samples import SERVER
from tests.store.homes import Home, Sister, block_document, draw_document, grant_document

ISSUED = SAMPLES["certificate.issued/1"][0]
VOID = CertificateVoided(number=NUMBER, reason="wrong_entry", on_desk=0)
KEY_ADDED = SAMPLES["person.key_added/1"][0]


@pytest.fixture
def station(home: Home) -> Home:
    """A device with numbers and a certificate B 9900000003 in force."""
    home.record(KEY_ADDED)
    home.pull(draw_document(), block_document(3, 12))
    assert isinstance(ISSUED, CertificateIssued)
    record = msgspec.structs.replace(ISSUED.record, block="D1-0a-1")
    home.record(msgspec.structs.replace(ISSUED, record=record))
    return home


def certificate(home: Home, number: Number = NUMBER) -> dict[str, Any]:
    row = home.store.rows.one("certificates", number=str(number))
    assert row is not None
    return row


def sound(home: Home) -> list[Finding]:
    """Findings of the doctor; the files of these made-up prints were never there."""
    return [finding for finding in examine(home.store) if finding.code != "file_missing"]


def printed(home: Home, *, print_no: int = 1, outcome: str = "printed") -> None:
    """A print of the certificate came out of this device's printer."""
    value = msgspec.structs.replace(SAMPLES["print.submitted/1"][0], print=print_no)
    assert isinstance(value, PrintSubmitted)
    (attempt,) = home.record(value)
    home.record(PrintEnded(attempt=attempt, outcome=outcome, source="person"))


def handed_over(sheets: int = 1, print_no: int = 1) -> CertificateHandedOver:
    return CertificateHandedOver(NUMBER, print_no, sheets, wet_signature=True, wet_seal=True, handed_at=MORNING)


def states(home: Home, print_no: int = 1) -> list[object]:
    return [row["state"] for row in home.store.rows.many("sheets", number=str(NUMBER), print=print_no)]


# --- numbers and certificates ---------------------------------------------------------------------------------------


def test_a_block_brings_its_numbers_and_issuing_uses_one(station: Home) -> None:
    assert station.store.rows.one("numbers", number=str(NUMBER)) == {
        "number": str(NUMBER),
        "scheme": "practice-10",
        "kind": "B",
        "digits": "9900000003",
        "block": "D1-0a-1",
        "state": "used",
        "ended_by": f"{DEVICE}/3",
    }
    free = station.store.lowest_free("D1-0a-1")
    assert free == {"scheme": "practice-10", "digits": "9900000004"}
    assert station.store.lowest_free("no such block") is None


def test_a_number_is_used_once_and_a_second_certificate_on_it_is_never_recorded(station: Home) -> None:
    with pytest.raises(BugError, match=r"a used number cannot become used|UNIQUE"):
        station.record(ISSUED)
    assert station.store.head().seq == 3


def test_void_and_replace_is_one_fact(station: Home) -> None:
    other = Number(NUMBER.scheme, "B", "9900000004")
    replacing = record(other, replaces=str(NUMBER), replace_reason="vehicle_changed")
    (ref,) = station.record(CertificateIssued(record=replacing, key="11" * 8, prints=["01" * 32]))
    old = certificate(station)
    assert (old["state"], old["replaced_by"], old["void_ref"]) == ("replaced", str(other), ref)
    assert (old["void_reason"], old["void_by"]) == ("vehicle_changed", 7)
    assert certificate(station, other)["replaces"] == str(NUMBER)


def test_a_block_told_once_more_changes_nothing_and_one_that_differs_is_set_aside(station: Home) -> None:
    numbers = station.database.all("SELECT * FROM p_numbers")
    station.pull(block_document(3, 12))
    assert station.store.rows.many("set_aside") == []
    station.pull(block_document(3, 13))
    assert station.store.rows.many("set_aside") == [{"ref": "feed:1-0badcafe/4", "kind": "block/1"}]
    assert station.database.all("SELECT * FROM p_numbers") == numbers
    assert sound(station) == []


def test_every_grant_is_kept_in_whatever_order_they_come(station: Home) -> None:
    station.pull(grant_document(2), grant_document(1), grant_document(2))
    assert [row["ordinal"] for row in station.store.rows.many("grants", person=7)] == [1, 2]


# --- a sister's word ------------------------------------------------------------------------------------------------


REPLACING = CertificateIssued(
    record=record(Number(NUMBER.scheme, "B", "9900000004"), replaces=str(NUMBER)), key="", prints=[]
)
CONTRADICTIONS: dict[str, tuple[Fact, Fact]] = {
    "she issued the same number": (VOID, ISSUED),
    "an outcome nobody knows": (
        SAMPLES["print.submitted/1"][0],
        PrintEnded(attempt=f"{DEVICE}/4", outcome="eaten", source="person"),
    ),
    "a key that is no key": (VOID, msgspec.structs.replace(KEY_ADDED, key="no-hex")),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_what_does_not_fit_is_set_aside_and_the_next_takes_effect(station: Home, case: str) -> None:
    """Both did what they could see; the pull must not stop, or nothing from the province would arrive any more."""
    here, there = CONTRADICTIONS[case]
    station.record(here)
    before = certificate(station)
    sister = Sister()
    station.pull(sister.relayed(there), sister.relayed(SAMPLES["party.recorded/1"][0]), grant_document(1))
    assert station.store.rows.many("set_aside") == [{"ref": f"{SISTER}/1", "kind": there.KIND}]
    assert certificate(station) == before
    assert [row["device"] for row in station.store.rows.many("parties")] == [SISTER]
    assert station.store.rows.one("grants", person=7) is not None
    assert sound(station) == []


@pytest.mark.parametrize("here", [VOID, REPLACING], ids=["voided", "replaced"])
def test_a_sister_who_voids_what_was_ended_here_changes_nothing(station: Home, here: Fact) -> None:
    station.record(here)
    before = certificate(station)
    station.pull(Sister().relayed(VOID))
    assert station.store.rows.many("set_aside") == []
    assert certificate(station) == before
    assert sound(station) == []


def test_a_sisters_declaration_is_decided_once(station: Home) -> None:
    sister = Sister()
    declared = SAMPLES["declaration.recorded/1"][0]
    ref = f"{SISTER}/1"
    withdrawn = DeclarationWithdrawn(declaration=ref, reason="trip_cancelled")
    accepted = msgspec.structs.replace(SAMPLES["declaration.accepted/1"][0], declaration=ref)
    station.pull(*[sister.relayed(value) for value in (declared, withdrawn, accepted)])
    row = station.store.rows.one("declarations", ref=ref)
    assert row is not None
    assert row["state"] == "withdrawn"
    assert [one["ref"] for one in station.store.rows.many("set_aside")] == [f"{SISTER}/3"]


def test_a_sisters_entry_told_twice_takes_effect_once(station: Home) -> None:
    sister = Sister()
    told = sister.relayed(SAMPLES["party.recorded/1"][0])
    station.pull(told)
    station.pull(told, epoch="2-ff")
    assert len(station.store.rows.many("parties")) == 1
    assert station.store.rows.many("set_aside") == []
    assert sound(station) == []


def test_a_forked_sister_is_noticed_and_her_second_version_set_aside(station: Home) -> None:
    """Two entries with one seq and two hashes: her folder was cloned."""
    one, other = Sister(), Sister()
    station.pull(one.relayed(SAMPLES["party.recorded/1"][0]))
    station.pull(other.relayed(SAMPLES["block.requested/1"][0]))
    assert station.store.rows.many("block_requests") == []
    assert station.store.rows.many("set_aside") == [{"ref": f"{SISTER}/1", "kind": "block.requested/1"}]


def test_an_entry_that_does_not_follow_what_its_sister_told_is_set_aside(station: Home) -> None:
    """Its envelope names a place whose journal goes on another way: it speaks in her name."""
    one, other = Sister(), Sister()
    station.pull(one.relayed(SAMPLES["party.recorded/1"][0]))
    other.relayed(SAMPLES["day.closed/1"][0])
    station.pull(other.relayed(SAMPLES["block.requested/1"][0]))
    assert station.store.rows.many("block_requests") == []
    assert station.store.rows.many("set_aside") == [{"ref": f"{SISTER}/2", "kind": "block.requested/1"}]
    assert sound(station) == []


@pytest.mark.parametrize("change", ["kind", "garbage", "canonical"])
def test_a_relayed_entry_this_program_cannot_read_is_kept_and_changes_nothing(station: Home, change: str) -> None:
    act = act_on(Head(SISTER, 0, bytes(32)))
    act.add(SAMPLES["party.recorded/1"][0])
    written = act.entries[0]
    public = {
        "kind": written.public.replace(b"party.recorded/1", b"party.recorded/7"),
        "garbage": b"\xff\x00",
        "canonical": written.public.replace(b'"area":', b'"area": '),
    }[change]
    content = relay(bytes(32), msgspec.structs.replace(written, public=public))
    station.pull(("entry", content), ("nobody.knows/1", b"a document of next year"))
    assert station.store.rows.many("parties") == []
    assert station.store.documents("1-0badcafe", 3, 3)[0].content == content
    assert sound(station) == []


# --- sheets: whose book they stand in -------------------------------------------------------------------------------


def balanced(home: Home) -> dict[str, int]:
    """Sheets on hand per device, by the moves and by the sheets."""
    by_moves = {device: net for device, net in net_moves(home.store).items() if net}
    assert by_moves == count_sheets(home.store)
    return by_moves


def test_a_sheet_stays_in_the_book_of_the_device_that_printed_it(station: Home) -> None:
    printed(station)
    assert balanced(station) == {DEVICE: 2}
    sister = Sister()
    station.pull(sister.relayed(SheetSpoiled(number=NUMBER, print=1, sheet=1, category="torn_or_wet")))
    assert balanced(station) == {DEVICE: 2}
    station.pull(sister.relayed(handed_over()))
    assert balanced(station) == {DEVICE: 1}
    assert states(station) == ["spoiled", "handed_over"]
    assert sound(station) == []


def test_handing_over_moves_the_travelling_sheets_that_can_go(station: Home) -> None:
    printed(station)
    station.record(SheetSpoiled(number=NUMBER, print=1, sheet=2, category="torn_or_wet"))
    station.record(handed_over())
    assert states(station) == ["printed", "spoiled"], "a spoiled sheet is not handed over"
    station.record(StubFiled(number=NUMBER, print=1, sheets=5))
    assert states(station) == ["kept", "spoiled"]
    assert sound(station) == []


@pytest.mark.parametrize("outcome", ["not_printed", "unknown"])
def test_only_paper_that_came_out_is_in_the_book(station: Home, outcome: str) -> None:
    printed(station, outcome=outcome)
    assert states(station) == []
    assert balanced(station) == {}


def test_an_attempt_that_ends_after_its_print_was_superseded_revives_nothing(station: Home) -> None:
    (attempt,) = station.record(SAMPLES["print.submitted/1"][0])
    station.record(PrintReleased(number=NUMBER, print=2, reason="outcome_unknown", spoiled=[], credential="02" * 32))
    station.record(PrintEnded(attempt=attempt, outcome="printed", source="device"))
    made = {row["print"]: row["state"] for row in station.store.rows.many("prints", number=str(NUMBER))}
    assert made == {1: "superseded", 2: "open", 3: "sealed"}
    assert states(station) == ["printed", "printed"]


@pytest.mark.parametrize("ends", [("not_printed", "printed"), ("printed", "not_printed")])
def test_an_attempt_that_came_to_nothing_takes_no_paper_back_whichever_is_heard_of_first(
    station: Home, ends: tuple[str, str]
) -> None:
    submitted = SAMPLES["print.submitted/1"][0]
    attempts = station.record(submitted, msgspec.structs.replace(submitted, attempt=2))
    for attempt, outcome in zip(attempts, ends, strict=True):
        station.record(PrintEnded(attempt=attempt, outcome=outcome, source="device"))
    made = {row["print"]: row["state"] for row in station.store.rows.many("prints", number=str(NUMBER))}
    assert made[1] == "printed"


def test_releasing_a_print_puts_the_spoiled_sheets_of_the_one_before_on_record(station: Home) -> None:
    printed(station)
    station.record(PrintReleased(number=NUMBER, print=2, reason="paper_jam", spoiled=[2], credential="02" * 32))
    assert states(station) == ["printed", "spoiled"]
    assert certificate(station)["current_print"] == 2


# --- print orders, in whichever order they are heard of ---------------------------------------------------------------


HERS = Number(NUMBER.scheme, "B", "9900000400")
HER_RECORD = record(HERS, declaration=f"{SISTER}/4", inspection=f"{SISTER}/6")
ORDER = PrintOrderReceived(number=HERS, issued=f"{SISTER}/1", ordered=f"{SISTER}/2", prints=["01" * 32, "02" * 32])
CONTENT = OrderContent(record=HER_RECORD, parties=PARTIES, promise="5f" * 32)


def receive(home: Home) -> str:
    act = act_on(home.store.head())
    ref = act.add(ORDER, private=CONTENT)
    home.store.append(act)
    return ref


def hear_of_it(home: Home) -> None:
    sister = Sister()
    issued = CertificateIssued(record=HER_RECORD, key="22" * 8, prints=["01" * 32, "02" * 32])
    home.pull(sister.relayed(issued, PARTIES), sister.relayed(PrintOrdered(number=HERS, device=DEVICE)))


def test_a_sisters_certificate_is_the_same_row_whether_order_or_relay_came_first(station: Home, tmp_path: Any) -> None:
    other = Home(tmp_path)
    other.record(KEY_ADDED)
    receive(station)
    hear_of_it(station)
    hear_of_it(other)
    receive(other)
    assert certificate(station, HERS) == certificate(other, HERS)
    assert certificate(station, HERS)["print_device"] == DEVICE
    for home in (station, other):
        row = home.store.rows.one("print_orders", number=str(HERS))
        assert row is not None
        assert row["state"] == "received"
        assert home.store.rows.many("set_aside") == []
        assert sound(home) == []
    other.close()


def test_what_was_printed_for_a_sister_stands_when_her_own_entry_arrives(station: Home) -> None:
    receive(station)
    submitted = msgspec.structs.replace(SAMPLES["print.submitted/1"][0], number=HERS)
    (attempt,) = station.record(submitted)
    station.record(PrintEnded(attempt=attempt, outcome="spoiled", source="person"))
    station.record(PrintReleased(number=HERS, print=2, reason="paper_jam", spoiled=[], credential="02" * 32))
    hear_of_it(station)
    assert certificate(station, HERS)["current_print"] == 2
    made = {row["print"]: row["state"] for row in station.store.rows.many("prints", number=str(HERS))}
    assert made == {1: "superseded", 2: "open"}
    assert sound(station) == []


# --- retention ------------------------------------------------------------------------------------------------------


def retain(home: Home, *refs: str) -> None:
    act = act_on(home.store.head(), actor=0)
    act.add(RetentionApplied(entries=list(refs)))
    home.store.append(act)


def personal_text(home: Home) -> str:
    """Everything the projections and private tables still hold, as one text."""
    tables = [f"p_{name}" for name in TABLES] + ["entry_private", "document_private", "province_documents"]
    found = [repr(home.database.all(f"SELECT * FROM {table}")) for table in tables]
    blobs = [bytes(value) for table in tables[-3:] for row in home.database.all(f"SELECT * FROM {table}")
             for value in row if isinstance(value, bytes)]  # fmt: skip
    return "\n".join(found) + "\n".join(blob.decode("utf-8", "replace") for blob in blobs)


SECRETS = ("王𬀩", "13900000000", "李㛃", "苏K12345", "一号塘")


def with_private_parts(home: Home) -> list[str]:
    """Every kind whose private part makes columns, here and at the sister; returns their names."""
    refs = []
    for kind in ("party.recorded/1", "declaration.recorded/1", "inspection.completed/1", "notice.issued/1",
                 "certificate.issued/1"):  # fmt: skip
        refs += home.record(SAMPLES[kind][0])
    refs.append(receive(home))
    sister = Sister()
    declared = msgspec.structs.replace(ONLINE, online="O1")
    other = record(Number(NUMBER.scheme, "B", "9900000401"))
    home.pull(
        sister.relayed(*SAMPLES["party.recorded/1"]),
        sister.relayed(CertificateIssued(record=other, key="22" * 8, prints=[]), PARTIES),
        ("online_declaration/1", sign_document(declared, SERVER).encoded()),
    )
    return [*refs, f"{SISTER}/1", f"{SISTER}/2", "online/O1"]


def test_after_retention_nothing_personal_is_left_anywhere_and_everything_public_is(home: Home) -> None:
    home.record(KEY_ADDED)
    refs = with_private_parts(home)
    certificates = len(home.store.rows.many("certificates"))
    held = personal_text(home)
    assert all(secret in held for secret in SECRETS)
    retain(home, *refs)
    left = personal_text(home)
    assert not [secret for secret in SECRETS if secret in left]
    assert len(home.store.rows.many("certificates")) == certificates
    assert certificate(home)["species"] == 101
    assert sound(home) == []
    home.store.rebuild()
    assert sound(home) == []
    assert not [secret for secret in SECRETS if secret in personal_text(home)]


def test_every_column_that_came_from_a_private_part_is_forgotten(home: Home) -> None:
    """Remove one private part after the other; each time the rows are those a rebuild would make."""
    home.record(KEY_ADDED)
    for ref in with_private_parts(home):
        retain(home, ref)
        assert sound(home) == []


@pytest.mark.parametrize("first", ["the order", "her entry"])
def test_an_ordered_certificate_keeps_what_is_known_from_the_other_source(station: Home, first: str) -> None:
    ref = receive(station)
    hear_of_it(station)
    retain(station, ref if first == "the order" else f"{SISTER}/1")
    owner = certificate(station, HERS)["owner_name"]
    assert owner == ("王𬀩" if first == "the order" else None)
    assert certificate(station, HERS)["species"] == 101
    assert sound(station) == []
    retain(station, f"{SISTER}/1" if first == "the order" else ref)
    assert certificate(station, HERS)["owner_name"] is None
    assert sound(station) == []


def test_what_retention_removed_does_not_come_back_with_a_restored_province(home: Home) -> None:
    home.record(KEY_ADDED)
    told = Sister().relayed(*SAMPLES["party.recorded/1"])
    online = ("online_declaration/1", sign_document(ONLINE, SERVER).encoded())
    home.pull(told, online)
    retain(home, f"{SISTER}/1", "online/O1")
    home.pull(told, online, epoch="2-ff")
    assert not [secret for secret in SECRETS if secret in personal_text(home)]
    assert home.store.rows.many("online_declarations") == []
    assert sound(home) == []


@pytest.mark.parametrize("ref", [f"{DEVICE}/x", f"{DEVICE}/", f"{DEVICE}/99", f"{DEVICE}/1.5"])
def test_retention_of_something_that_is_no_entry_is_a_bug(home: Home, ref: str) -> None:
    home.record(SAMPLES["party.recorded/1"][0])
    with pytest.raises(BugError):
        retain(home, ref)
    assert home.store.head().seq == 1
    assert "王𬀩" in personal_text(home)


def test_retention_of_the_same_part_twice_is_a_bug(home: Home) -> None:
    (ref,) = home.record(SAMPLES["party.recorded/1"][0])
    retain(home, ref)
    with pytest.raises(BugError, match="UNIQUE"):
        retain(home, ref)


def test_the_columns_to_forget_exist(home: Home) -> None:
    for table, entry, columns in PERSONAL:
        assert {entry, *columns} <= TABLES[table].columns.keys()


# --- rebuilding never fails -----------------------------------------------------------------------------------------


def test_an_entry_an_older_program_took_is_set_aside_when_this_one_cannot(station: Home) -> None:
    """A stricter rule of a later program must not keep a station from opening its home."""
    station.record(VOID)
    act = act_on(station.store.head())
    act.add(VOID, sign=sign)
    _past_the_rules(station, act)
    station.store.rebuild()
    assert station.store.rows.many("set_aside") == [{"ref": f"{DEVICE}/5", "kind": "certificate.voided/1"}]
    assert certificate(station)["void_ref"] == f"{DEVICE}/4"
    assert sound(station) == []


def _past_the_rules(home: Home, act: Any) -> None:
    written, entry_hash = act.entries[0], act.hashes[0]
    sql = "INSERT INTO entries (seq, hash, public, actor_sig) VALUES (?, ?, ?, ?)"
    home.database.execute(sql, (act.head.seq, entry_hash, written.public, written.actor_sig))
    home.database.execute("UPDATE projections SET seq = ?", (act.head.seq,))


def test_rebuilding_is_the_same_whoever_does_it_and_how_often(station: Home) -> None:
    printed(station)
    station.record(VOID)
    before = {name: station.database.all(f"SELECT * FROM p_{name}") for name in TABLES}
    rebuilds: list[Callable[[], None]] = [station.store.rebuild, station.store.rebuild]
    for rebuild in rebuilds:
        rebuild()
        assert {name: station.database.all(f"SELECT * FROM p_{name}") for name in TABLES} == before
