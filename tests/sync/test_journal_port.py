"""One contract for every journal that catches up: the fake of these tests, and the real device with all it has."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec
import pytest

from inspector_app.domain.authority import StationSheet
from inspector_app.domain.documents import DocumentSigner, sign_document
from inspector_app.errors import StationError
from inspector_app.journal.chain import entry_hash, genesis
from inspector_app.journal.feed import Acknowledged, Pulled
from inspector_app.services.catching_up import DeviceJournal
from inspector_app.services.enrolment import Enrolment, found_home, prepare_home
from inspector_app.store.disk import LocalDisk
from province import provinces
from province.registry import trust
from province.registry.enrolment import make_code
from sync.client import Device, sync_round
from sync.enrolment import enrol
from sync.journal_port import JournalPort
from tests.office import PASSPHRASE, parts
from tests.province.fixtures import STATION, VET, Province
from tests.sync.fakes import Line


class Opened(Protocol):
    """A journal behind the port, its signing key, and how to see whether it is frozen."""

    port: JournalPort
    signer: DocumentSigner

    def frozen(self) -> str: ...


class FakeOne:
    """The device of these tests."""

    def __init__(self, province: Province, _folder: Path) -> None:
        self.device = province.enrol()
        self.port: JournalPort = self.device
        self.signer: DocumentSigner = self.device.signer

    def frozen(self) -> str:
        return self.device.frozen


class RealOne:
    """Home, vault, SQLCipher, services: enrolled as the program does it."""

    def __init__(self, province: Province, folder: Path) -> None:
        made = parts(province.clock)
        identity = prepare_home(folder / "home", made)
        welcome = enrol(
            province.exchange,
            make_code(province.using, STATION),
            identity.signing,
            identity.box.public_raw,
            name="一号机",
            clock=province.clock,
        )
        enrolment = Enrolment(
            device=welcome.device,
            station=welcome.station,
            province=welcome.province,
            practice=welcome.practice,
            server="",
            host=welcome.host,
            root=welcome.root,
            statements=welcome.statements,
            epoch=welcome.epoch,
            documents=welcome.documents,
        )
        self.device = found_home(folder / "home", made, enrolment, name="一号机", person=VET, passphrase=PASSPHRASE)
        self.port: JournalPort = DeviceJournal(self.device, folder / "trust.pack", LocalDisk(province.clock))
        self.signer: DocumentSigner = identity.signing
        sync_round(Device(self.port, self.signer, province.clock), province.exchange)

    def frozen(self) -> str:
        return self.device.frozen


MAKERS: list[Callable[[Province, Path], Opened]] = [FakeOne, RealOne]
either = pytest.mark.parametrize("make", MAKERS, ids=["fake", "real"])


def side(opened: Opened, province: Province) -> Device:
    return Device(opened.port, opened.signer, province.clock)


@either
def test_entries_chain_up_to_the_head(
    province: Province, tmp_path: Path, make: Callable[[Province, Path], Opened]
) -> None:
    port = make(province, tmp_path).port
    head = port.head()
    assert head.device == port.device
    base = genesis(port.device).hash
    assert port.hash_at(0) == base
    for seq, entry in enumerate(port.written(1, head.seq), start=1):
        base = entry_hash(base, entry.public)
        assert port.hash_at(seq) == base
    assert head.hash == base
    assert len(list(port.written(2, 2))) == 2
    assert list(port.written(head.seq + 1, 5)) == []


@either
def test_a_note_is_kept_as_it_was_given(
    province: Province, tmp_path: Path, make: Callable[[Province, Path], Opened]
) -> None:
    port = make(province, tmp_path).port
    note = Acknowledged("1-ab", 2, b"\x01" * 32, b"receipt", 7, 99)
    port.note_acknowledged(note)
    assert port.acknowledged() == note


def next_document(province: Province, port: JournalPort, struct: msgspec.Struct, *, authority: bool = True) -> Pulled:
    """The struct as the feed's next document for this journal."""
    keys = provinces.of(province.using).keys
    signer = keys.authority if authority else keys.server
    assert signer is not None
    signed = sign_document(struct, signer)
    epoch, cursor = port.pulled_through()
    return Pulled(epoch, cursor + 1, signed.type, signed.encoded())


SHEET = StationSheet(99, 1, "新站", "New Station", 321084, "0514-1", "", "")


@either
def test_documents_are_stored_with_the_entry_that_says_so(
    province: Province, tmp_path: Path, make: Callable[[Province, Path], Opened]
) -> None:
    port = make(province, tmp_path).port
    document = next_document(province, port, SHEET)
    before = port.head().seq
    port.take_in(document.epoch, [document])
    assert port.head().seq == before + 1
    assert port.pulled_through() == (document.epoch, document.cursor)
    assert list(port.documents(document.epoch, document.cursor, document.cursor)) == [document]


@either
def test_a_document_that_does_not_verify_takes_the_whole_pull_with_it(
    province: Province, tmp_path: Path, make: Callable[[Province, Path], Opened]
) -> None:
    port = make(province, tmp_path).port
    good = next_document(province, port, SHEET)
    bad = next_document(province, port, SHEET, authority=False)._replace(cursor=good.cursor + 1)
    before = (port.head(), port.pulled_through())
    with pytest.raises(StationError) as refused:
        port.take_in(good.epoch, [good, bad])
    assert refused.value.code.startswith("document.")
    assert refused.value.details["cursor"] == bad.cursor
    assert (port.head(), port.pulled_through()) == before


@either
def test_a_newer_trust_file_is_kept_and_an_older_one_is_not(
    province: Province, tmp_path: Path, make: Callable[[Province, Path], Opened]
) -> None:
    opened = make(province, tmp_path)
    port = opened.port
    first = trust.newest(province.using, than=(0, 0))
    known = port.trust_known()
    assert known > (0, 0)
    province.enrol("二号机")
    second = trust.newest(province.using, than=known)
    port.take_trust(second)
    assert port.trust_known() > known
    with pytest.raises(StationError, match=r"trust\.trust_older_than_known"):
        port.take_trust(first)
    with pytest.raises(StationError, match=r"trust\."):
        port.take_trust(second[:-1])
    assert port.trust_known() > known


@either
def test_freezing_is_remembered(province: Province, tmp_path: Path, make: Callable[[Province, Path], Opened]) -> None:
    opened = make(province, tmp_path)
    opened.port.freeze("fork")
    assert opened.frozen() == "fork"


@either
def test_it_comes_to_rest_and_survives_a_bad_line(
    province: Province, tmp_path: Path, make: Callable[[Province, Path], Opened]
) -> None:
    opened = make(province, tmp_path)
    line = Line(province.exchange, "doubled", "lost_answer", "late", "doubled")
    for _ in range(3):
        with contextlib.suppress(StationError):
            sync_round(side(opened, province), line)
    report = sync_round(side(opened, province), province.exchange)
    assert (report.requests, report.sent, report.pulled, report.left) == (1, 0, 0, 0)
    assert opened.frozen() == ""


@either
def test_a_cloned_province_s_head_freezes_it(
    province: Province, tmp_path: Path, make: Callable[[Province, Path], Opened]
) -> None:
    opened = make(province, tmp_path)
    from tests.sync.test_client import Meddler, replacing

    sync_round(side(opened, province), Meddler(province, replacing(head_seq=10_000)))
    assert opened.frozen() == "rolled_back"
