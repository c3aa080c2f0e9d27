"""Appending acts: all of an act or nothing, only on the head it was built on, and bytes that read back."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import Head, WrittenEntry, genesis
from inspector_app.journal.entries.custody import BlockRequested
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.entries.devices import ProvincePulled
from inspector_app.journal.envelope import Fact
from inspector_app.journal.feed import Acknowledged, Pulled, feed_hash
from inspector_app.journal.projections import VERSION
from inspector_app.store.journal_store import HeadMoved, HeldCredential, pulled_entry
from tests.journal.samples import DEVICE, MORNING, NUMBER, SAMPLES, SISTER, act_on, sign
from tests.store.homes import EPOCH, Home, Sister, block_document, draw_document

PARTY, DETAILS = SAMPLES["party.recorded/1"]
WANTED = BlockRequested(kind="B", wanted=20, emergency=False)


# --- all or nothing, on one head ------------------------------------------------------------------------------------


def test_an_empty_journal_stands_at_its_genesis(home: Home) -> None:
    assert home.store.head() == genesis(DEVICE)
    assert home.store.last_at() == 0
    assert home.store.hash_at(0) == genesis(DEVICE).hash
    assert list(home.store.entries()) == []


def test_an_act_is_stored_byte_for_byte_as_it_was_written(home: Home) -> None:
    act = act_on()
    act.add(PARTY, private=DETAILS)
    act.add(SAMPLES["certificate.voided/1"][0], private=Note(text="车牌写错"), sign=sign)
    home.store.append(act)
    assert list(home.store.written()) == act.entries
    assert [stored for stored, _written in home.store.stored()] == act.hashes
    assert home.store.head() == act.head
    assert home.store.last_at() == MORNING


def test_only_entries_whose_bytes_hold_a_word_are_read(home: Home) -> None:
    for count in range(12):
        home.record(BlockRequested(kind="B", wanted=count + 1, emergency=False))
    wanted = [entry.envelope.seq for entry in home.store.entries_naming({'"wanted":3', '"wanted":1,'})]
    assert wanted == [1, 3]
    assert [entry.envelope.seq for entry in home.store.entries_naming({'"wanted":1'})] == [1, 10, 11, 12]
    assert list(home.store.entries_naming({"no such word"})) == []
    assert list(home.store.entries_naming(set())) == []


@pytest.mark.parametrize("late", [0, 1, 5])
def test_an_act_prepared_before_another_was_committed_is_prepared_again(home: Home, late: int) -> None:
    prepared = act_on()
    prepared.add(WANTED)
    for _ in range(late):
        home.record(PARTY)
    if late:
        with pytest.raises(HeadMoved):
            home.store.append(prepared)
        assert home.store.head().seq == late
        prepared = act_on(home.store.head())
        prepared.add(WANTED)
    home.store.append(prepared)
    assert home.store.head().seq == late + 1


def test_an_act_on_the_right_seq_and_the_wrong_hash_is_refused_too(home: Home) -> None:
    home.record(PARTY)
    forked = act_on(Head(DEVICE, 1, b"\x01" * 32))
    forked.add(WANTED)
    with pytest.raises(HeadMoved):
        home.store.append(forked)


def test_an_act_of_another_device_is_a_bug(home: Home) -> None:
    act = act_on(genesis(SISTER))
    act.add(WANTED)
    with pytest.raises(BugError, match="an act of another device"):
        home.store.append(act)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_when_one_entry_of_an_act_fails_none_of_it_is_there(home: Home, place: int) -> None:
    """The entry that fails enrols a device that is enrolled."""
    enrolled = SAMPLES["device.enrolled/1"][0]
    home.record(enrolled)
    rows = home.database.all("SELECT * FROM p_block_requests")
    facts: list[Fact] = [WANTED, WANTED]
    facts.insert(place, enrolled)
    with pytest.raises(BugError, match="UNIQUE constraint failed"):
        home.record(*facts)
    assert home.store.head().seq == 1
    assert home.database.all("SELECT * FROM p_block_requests") == rows
    home.record(WANTED)


def test_a_failed_act_leaves_neither_documents_nor_credentials(home: Home) -> None:
    documents = [Pulled(EPOCH, 1, *draw_document())]
    enrolled = SAMPLES["device.enrolled/1"][0]
    home.record(enrolled)
    act = act_on(home.store.head())
    act.add(pulled_entry(EPOCH, documents))
    act.add(enrolled)
    with pytest.raises(BugError):
        home.store.append(act, pulled=documents, credentials=[HeldCredential("B 1", 1, b"x", None)])
    for table in ("province_documents", "document_private", "credentials", "p_draws"):
        assert home.database.one(f"SELECT COUNT(*) FROM {table}") == (0,)


# --- what is written is what will be read ---------------------------------------------------------------------------


class Unregistered(Fact, frozen=True):
    """A fact nobody registered."""

    KIND = "nobody.knows/1"


@pytest.mark.parametrize(
    "value",
    [
        Unregistered(),
        msgspec.structs.replace(WANTED, wanted="twenty"),
        msgspec.structs.replace(WANTED, emergency=1),
        msgspec.structs.replace(SAMPLES["sheet.spoiled/1"][0], attachments=("a",), sheet="2"),
    ],
    ids=["unknown kind", "text for a number", "number for a truth", "text for a sheet"],
)
def test_a_fact_that_would_not_read_back_is_a_bug_before_it_is_a_record(home: Home, value: Fact) -> None:
    """Structs do not look at what they are given; decoding does, and would then find nothing for ever."""
    act = act_on()
    act.add(value)
    with pytest.raises(BugError, match="does not read back"):
        home.store.append(act)
    assert home.store.head().seq == 0


def test_a_private_part_that_would_not_read_back_is_a_bug_too(home: Home) -> None:
    act = act_on()
    act.add(PARTY, private=msgspec.structs.replace(DETAILS, phone=139))  # type: ignore[type-var]
    with pytest.raises(BugError, match="does not read back"):
        home.store.append(act)


def test_an_act_whose_bytes_were_changed_on_the_way_is_a_bug(home: Home) -> None:
    act = act_on()
    act.add(WANTED)
    act.entries[0] = WrittenEntry(act.entries[0].public.replace(DEVICE.encode(), SISTER.encode()))
    with pytest.raises(BugError, match="own entry does not follow: foreign_device"):
        home.store.append(act)


@pytest.mark.parametrize("kind", ["print.ended/1", "declaration.withdrawn/1"])
def test_a_move_that_a_life_does_not_have_is_a_bug_of_ours(home: Home, kind: str) -> None:
    """Services refuse it before; if one of them forgets, nothing is recorded."""
    if kind == "print.ended/1":
        home.record(SAMPLES["certificate.issued/1"][0], SAMPLES["print.submitted/1"][0])
        wrong: Fact = msgspec.structs.replace(SAMPLES[kind][0], attempt=f"{DEVICE}/2", outcome="eaten")
    else:
        (ref,) = home.record(SAMPLES["declaration.recorded/1"][0])
        home.record(msgspec.structs.replace(SAMPLES["declaration.not_accepted/1"][0], declaration=ref))
        wrong = msgspec.structs.replace(SAMPLES[kind][0], declaration=ref)
    before = home.store.head()
    with pytest.raises(BugError, match=f"own entry {kind} does not fit"):
        home.record(wrong)
    assert home.store.head() == before


# --- reading --------------------------------------------------------------------------------------------------------


def test_entries_are_found_by_their_name_and_nothing_else_is(home: Home) -> None:
    home.record(PARTY, WANTED)
    found = home.store.entry(f"{DEVICE}/2")
    assert found is not None
    assert found.fact == WANTED
    assert found.previous == home.store.hash_at(1)
    for ref in ("", "/", DEVICE, f"{DEVICE}/", f"{DEVICE}/0", f"{DEVICE}/3", f"{DEVICE}/-1", f"{DEVICE}/x",
                f"{DEVICE}/１", f"{DEVICE}/1/1", f"{DEVICE}/{10**30}", f"{SISTER}/1"):  # fmt: skip
        assert home.store.entry(ref) is None


def test_asking_for_the_hash_of_an_entry_that_is_not_there_is_a_bug(home: Home) -> None:
    with pytest.raises(BugError, match="no entry 7"):
        home.store.hash_at(7)


@pytest.mark.parametrize(
    ("first", "limit", "seqs"), [(1, 3, [1, 2, 3]), (1_100, 99, [1_100]), (1_101, 5, []), (2, 0, [])]
)
def test_any_part_of_a_long_journal_can_be_read(home: Home, first: int, limit: int, seqs: list[int]) -> None:
    home.record(*[WANTED] * 1_100)
    found = list(home.store.stored(first, limit))
    assert [home.store.hash_at(seq) for seq in seqs] == [stored for stored, _written in found]
    assert len(list(home.store.entries())) == 1_100


def test_a_damaged_entry_is_told_with_its_place(home: Home) -> None:
    home.record(PARTY, WANTED, WANTED)
    home.database.execute("DROP TRIGGER entries_are_never_changed")
    home.database.execute("UPDATE entries SET public = x'ff' WHERE seq = 2")
    with pytest.raises(StationError, match="journal_damaged .seq=2"):  # noqa: RUF043
        list(home.store.entries())


# --- pulls ----------------------------------------------------------------------------------------------------------


def test_documents_are_given_back_exactly_as_received(home: Home) -> None:
    contents = [draw_document(), block_document(1, 5), Sister().relayed(PARTY, DETAILS)]
    home.pull(*contents)
    held = home.store.documents(EPOCH, 1, 3)
    assert [(one.kind, one.content) for one in held] == contents
    assert home.store.documents(EPOCH, 2, 2) == held[1:2]
    assert home.store.documents("another epoch", 1, 3) == []


@pytest.mark.parametrize("states", ["nothing", "another hash", "fewer", "another epoch"])
def test_documents_that_the_act_does_not_state_are_not_stored(home: Home, states: str) -> None:
    documents = [
        Pulled(EPOCH, place, *content) for place, content in enumerate([draw_document(), block_document(1, 5)], 1)
    ]
    right = pulled_entry(EPOCH, documents)
    stated: Fact = {
        "nothing": WANTED,
        "another hash": msgspec.structs.replace(right, hash="00" * 32),
        "fewer": ProvincePulled(epoch=EPOCH, first=1, last=1, hash=feed_hash(documents[:1]).hex()),
        "another epoch": msgspec.structs.replace(right, epoch="2-ff"),
    }[states]
    act = act_on()
    act.add(stated)
    with pytest.raises(BugError, match=r"the documents stored are not those pulled|no province.pulled of the act"):
        home.store.append(act, pulled=documents)
    assert home.database.one("SELECT COUNT(*) FROM province_documents") == (0,)


def test_the_same_place_of_the_feed_is_never_taken_in_twice(home: Home) -> None:
    home.pull(draw_document())
    documents = [Pulled(EPOCH, 1, *block_document(1, 5))]
    act = act_on(home.store.head())
    act.add(pulled_entry(EPOCH, documents))
    with pytest.raises(BugError, match="append-only"):
        home.store.append(act, pulled=documents)


def test_two_epochs_of_the_province_may_use_the_same_place(home: Home) -> None:
    home.pull(draw_document())
    home.pull(draw_document(), block_document(1, 5), epoch="2-ff")
    assert len(home.store.documents("2-ff", 1, 2)) == 2


# --- small things kept beside ---------------------------------------------------------------------------------------


def test_a_credential_lies_open_or_sealed_and_is_opened_on_release(home: Home) -> None:
    act = act_on()
    act.add(WANTED)
    held = [HeldCredential(str(NUMBER), 1, b"open", None), HeldCredential(str(NUMBER), 2, None, b"sealed")]
    home.store.append(act, credentials=held)
    assert [home.store.credential(str(NUMBER), print_no) for print_no in (1, 2, 3)] == [*held, None]
    released = HeldCredential(str(NUMBER), 2, b"opened", None)
    again = act_on(home.store.head())
    again.add(WANTED)
    home.store.append(again, credentials=[released])
    assert home.store.credential(str(NUMBER), 2) == released


def test_a_credential_that_is_neither_open_nor_sealed_is_a_bug(home: Home) -> None:
    act = act_on()
    act.add(WANTED)
    with pytest.raises(BugError, match="CHECK"):
        home.store.append(act, credentials=[HeldCredential(str(NUMBER), 1, None, None)])
    assert home.store.head().seq == 0


def test_what_waits_is_the_rest_of_the_journal(home: Home) -> None:
    assert home.store.acknowledged() == Acknowledged()
    home.record(PARTY, WANTED, WANTED)
    assert home.store.waiting() == 3
    note = Acknowledged(EPOCH, 2, home.store.hash_at(2), b"receipt", 9, MORNING)
    home.store.note_acknowledged(note)
    assert home.store.acknowledged() == note
    assert home.store.waiting() == 1


def test_the_printers_name_of_a_job_is_remembered(home: Home) -> None:
    assert home.store.ticket("a") == ""
    home.store.keep_ticket("a", "job 7")
    home.store.keep_ticket("a", "job 8")
    assert home.store.ticket("a") == "job 8"


def test_the_first_reason_for_freezing_stays(home: Home) -> None:
    assert home.store.frozen() == ""
    home.store.freeze("fork", MORNING)
    home.store.freeze("rollback", MORNING + 1)
    assert home.store.frozen() == "fork"


# --- opening --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["another version", "no version", "behind the journal"])
def test_projections_of_another_program_are_rebuilt_when_the_home_is_opened(home: Home, state: str) -> None:
    home.record(PARTY, WANTED)
    home.database.execute("DELETE FROM p_parties")
    home.database.execute("CREATE TABLE p_of_an_older_program (a TEXT)")
    home.database.execute(
        {
            "another version": "UPDATE projections SET version = version + 1",
            "no version": "DELETE FROM projections",
            "behind the journal": "UPDATE projections SET seq = 1",
        }[state]
    )
    home.store.open()
    assert home.database.one("SELECT version, seq FROM projections") == (VERSION, 2)
    assert [row["name"] for row in home.store.rows.many("parties")] == ["王𬀩"]
    assert home.database.one("SELECT 1 FROM sqlite_schema WHERE name = 'p_of_an_older_program'") is None


def test_projections_of_this_program_are_left_alone_when_the_home_is_opened(home: Home) -> None:
    home.record(PARTY)
    home.database.execute("UPDATE p_parties SET name = 'kept'")
    home.store.open()
    assert home.store.rows.many("parties")[0]["name"] == "kept"


def test_the_version_of_projections_follows_their_tables_and_kinds() -> None:
    from inspector_app.journal.projections import projected, tables

    kinds = [shape.KIND for shape in projected()]
    assert tables.version(kinds) == tables.version(reversed(kinds)) == VERSION
    assert tables.version([*kinds, "harvest.weighed/1"]) != VERSION
    assert 0 < VERSION < 2**53


@pytest.mark.parametrize("wrong", ["nonsense", "number; DROP TABLE entries", "at DESC"])
def test_rows_are_ordered_by_their_columns_and_by_nothing_else(home: Home, wrong: str) -> None:
    with pytest.raises(BugError, match="cannot be ordered by"):
        home.store.rows.many("parties", order=wrong)


@pytest.mark.parametrize(
    ("table", "row"), [("nonsense", {"a": 1}), ("parties", {"nonsense": 1}), ("parties; --", {"ref": "x"})]
)
def test_rows_are_written_to_known_tables_and_columns_only(
    home: Home, table: str, row: dict[str, str | int | None]
) -> None:
    for deed in (home.store.rows.insert, home.store.rows.put):
        with pytest.raises(BugError, match="has no such columns"):
            deed(table, row)
    with pytest.raises(BugError, match="has no such columns"):
        home.store.rows.update(table, {"ref": "x"}, row)


def test_asking_for_one_row_where_there_are_two_is_a_bug(home: Home) -> None:
    home.record(PARTY, PARTY)
    with pytest.raises(BugError, match="parties has 2 rows for"):
        home.store.rows.one("parties", role="owner")
    assert home.store.rows.one("parties", role="carrier") is None
