"""The process dies at every single statement of an act: afterwards all of it is there, or nothing.

The world stops inside the ``before`` hook; what the operating system has of the files at that moment is copied and
opened as the next start would find it. Nothing is closed, rolled back or tidied up before.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from inspector_app.domain.numbering import Number
from inspector_app.journal.entries.certificates import CertificateIssued
from inspector_app.journal.entries.devices import RetentionApplied
from inspector_app.journal.entries.stores import StorageChecked
from inspector_app.store.doctor import examine
from inspector_app.store.journal_store import HeldCredential
from inspector_app.suites import sha256
from tests.journal.samples import DEVICE, SAMPLES, SISTER, act_on, record, sign
from tests.store.homes import Home, Life, Sister, block_document, grant_document


class PowerCutError(BaseException):
    """The end of the process, at this statement."""


class Fuse:
    """Lets a number of statements pass once it is armed, then cuts the power and copies what is on the disk."""

    def __init__(self, folder: Path, found: Path) -> None:
        self.left: int | None = None
        self.passed = 0
        self._folder, self._found = folder, found

    def __call__(self, sql: str) -> None:
        if self.left is None:
            return
        if self.left == 0:
            shutil.copytree(self._folder, self._found)
            self.left = None
            raise PowerCutError(sql)
        self.left -= 1
        self.passed += 1


def issue(home: Home) -> None:
    """Issue on the lowest free number, replacing a certificate in force."""
    old = home.store.rows.many("certificates", state="issued", device=DEVICE)[0]
    block = home.store.rows.many("blocks", order="ordinal", device=DEVICE, kind="B")
    free = next(found for one in block if (found := home.store.lowest_free(str(one["block"]))) is not None)
    number = Number(str(free["scheme"]), "B", str(free["digits"]))
    payload = b"credential"
    value = CertificateIssued(
        record=record(number, replaces=str(old["number"]), replace_reason="wrong_entry"),
        key="11" * 8,
        prints=[sha256(payload).hex()],
    )
    act = act_on(home.store.head())
    act.add(value, private=SAMPLES["certificate.issued/1"][1], sign=sign)
    home.store.append(act, credentials=[HeldCredential(str(number), 1, payload, None)])


def pull(home: Home) -> None:
    """A block, a grant and a sister's entries, one of which does not fit."""
    sister = Sister("ee" * 16)
    number = home.store.rows.many("certificates", state="issued", device=DEVICE)[0]["number"]
    kind, _, digits = str(number).partition(" ")
    void = msgspec.structs.replace(SAMPLES["certificate.voided/1"][0], number=Number("practice-10", kind, digits))
    home.pull(
        block_document(471, 480, ordinal=90, draw="DB"),
        grant_document(99),
        sister.relayed(*SAMPLES["party.recorded/1"]),
        sister.relayed(void),
        sister.relayed(void),
    )


def retain(home: Home) -> None:
    """Retention ends for private parts here and of a sister."""
    own = [f"{DEVICE}/{seq}" for (seq,) in home.database.all("SELECT seq FROM entry_private ORDER BY seq LIMIT 3")]
    told = home.database.all("SELECT DISTINCT ref FROM document_private WHERE ref LIKE ? LIMIT 2", (SISTER + "%",))
    act = act_on(home.store.head(), actor=0)
    act.add(RetentionApplied(entries=[*own, *(ref for (ref,) in told)]))
    home.store.append(act)


def three_at_once(home: Home) -> None:
    """One act of three entries."""
    home.record(*(SAMPLES[kind][0] for kind in ("party.recorded/1", "declaration.recorded/1", "block.requested/1")))


def rebuild(home: Home) -> None:
    """Projections are built anew."""
    home.store.rebuild()


DEEDS: dict[str, Callable[[Home], None]] = {one.__name__: one for one in (issue, pull, retain, three_at_once)}


@pytest.fixture(scope="module")
def lived_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lived")
    home = Home(folder)
    Life(home, seed=16).run(70)
    home.pull(block_document(461, 470, ordinal=80, draw="DB"))
    home.close()
    return folder


def run_until(lived: Path, place: Path, deed: Callable[[Home], None], statements: int | None) -> Path | None:
    """Do a deed on a copy until the power is cut; the folder the next start finds, None when the deed was done."""
    working, found = place / "working", place / "found"
    for old in (working, found):
        shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(lived, working)
    fuse = Fuse(working, found)
    home = Home(working, before=fuse)
    fuse.left = 1_000_000_000 if statements is None else statements
    try:
        deed(home)
    except PowerCutError:
        return found
    finally:
        fuse.left = None
        home.database.abandon()
    return None


@pytest.mark.parametrize("name", DEEDS)
def test_cut_at_any_statement_an_act_is_wholly_there_or_not_at_all(
    lived_folder: Path, tmp_path: Path, name: str
) -> None:
    deed = DEEDS[name]
    before = Home(Path(shutil.copytree(lived_folder, tmp_path / "before")))
    old, used = before.store.head(), before.store.rows.many("numbers", state="used")
    before.close()
    cuts = 0
    while (found := run_until(lived_folder, tmp_path, deed, cuts)) is not None:
        after = Home(found)
        assert after.store.head() == old, f"cut {cuts} left a part of the act"
        assert after.store.rows.many("numbers", state="used") == used
        if cuts % 5 == 0:
            assert examine(after.store, after.files) == []
        deed(after)
        assert after.store.head().seq > old.seq, "and the act can be done again"
        assert examine(after.store, after.files) == [] or cuts % 5
        after.close()
        cuts += 1
    assert cuts > 5
    done = Home(tmp_path / "working")
    assert done.store.head().seq > old.seq
    assert examine(done.store, done.files) == []
    done.close()


def test_cut_while_projections_are_rebuilt_the_old_ones_stand(lived_folder: Path, tmp_path: Path) -> None:
    for cut in (0, 1, 2, 40, 80, 120, 200, 300, 500):
        found = run_until(lived_folder, tmp_path, rebuild, cut)
        if found is None:
            assert cut > 200
            return
        after = Home(found)
        assert examine(after.store, after.files) == []
        after.close()


def test_cut_at_any_statement_of_the_first_opening_the_next_one_begins_again(tmp_path: Path) -> None:
    """Also between two migrations and inside one."""
    cuts = opened = 0
    while not opened:
        place = tmp_path / str(cuts)
        (place / "working").mkdir(parents=True)
        fuse = Fuse(place / "working", place / "found")
        fuse.left = cuts
        try:
            Home(place / "working", before=fuse).close()
            opened = 1
        except PowerCutError:
            after = Home(place / "found")
            after.record(SAMPLES["party.recorded/1"][0])
            assert examine(after.store, after.files) == []
            after.close()
        cuts += 7
    assert cuts > 50


def test_cut_between_a_file_and_its_key_the_file_is_swept_away(lived_folder: Path, tmp_path: Path) -> None:
    def keep(home: Home) -> None:
        home.files.add(b"exact bytes of a print", "application/pdf")

    cuts = strays = 0
    while (found := run_until(lived_folder, tmp_path, keep, cuts)) is not None:
        after = Home(found)
        strays += after.files.sweep()
        assert examine(after.store, after.files) == []
        assert not after.files.has(sha256(b"exact bytes of a print").hex())
        after.close()
        cuts += 1
    assert strays >= 2, "the file was there before its key"


def test_cut_while_noting_what_the_province_holds_all_is_noted_or_nothing(lived_folder: Path, tmp_path: Path) -> None:
    names: list[str] = []

    def keep_and_note(home: Home) -> None:
        names[:] = [home.files.add(b"%%PDF-1.7 %d" % number, "application/pdf") for number in range(3)]
        home.record(StorageChecked(store="main", findings=[], attachments=list(names)))
        home.files.note_uploaded(names, 1)

    cuts, waiting = 0, set[int]()
    while (found := run_until(lived_folder, tmp_path, keep_and_note, cuts)) is not None:
        after = Home(found)
        unsent = [one.name for one in after.files.unsent(DEVICE, after.store.head().seq, 1) if one.name in names]
        waiting.add(len(unsent))
        assert sorted(unsent) in ([], sorted(names))
        assert examine(after.store, after.files) == []
        after.close()
        cuts += 1
    assert waiting == {0, 3}, "the entry names them together, and they are noted together"
