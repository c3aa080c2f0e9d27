"""Homes in a temporary folder, and lives lived in them: long random histories that a real station could have had.

:class:`Life` plays one device with people, a sister device and a province, from a seed: every act is one a person could
have done on the rows as they stand. What the sister does is relayed, also where it contradicts what was done here.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from inspector_app.clock import MS_PER_DAY, legal_date
from inspector_app.domain.authority import Grant
from inspector_app.domain.documents import sign_document
from inspector_app.domain.numbering import Block, Draw, Number
from inspector_app.journal.chain import Head, genesis
from inspector_app.journal.entries.ceremony import ActConfirmed
from inspector_app.journal.entries.certificates import (
    CertificateHandedOver,
    CertificateIssued,
    CertificateVoided,
    NoticeIssued,
)
from inspector_app.journal.entries.custody import BlockRequested, DayClosed, SheetSpoiled, StubFiled
from inspector_app.journal.entries.declarations import (
    DeclarationAccepted,
    DeclarationNotAccepted,
    DeclarationRecorded,
    DeclarationWithdrawn,
    Note,
)
from inspector_app.journal.entries.devices import PersonKeyAdded, RetentionApplied
from inspector_app.journal.entries.inspections import InspectionCompleted, ResultReceived, SampleSent, SampleTaken
from inspector_app.journal.entries.printing import (
    OrderContent,
    PrintEnded,
    PrintOrdered,
    PrintOrderReceived,
    PrintReleased,
    PrintSubmitted,
)
from inspector_app.journal.envelope import Fact
from inspector_app.journal.feed import Pulled, relay
from inspector_app.journal.projections import Row
from inspector_app.store.database import Database, Hook
from inspector_app.store.disk import LocalDisk
from inspector_app.store.drafts import DraftStore
from inspector_app.store.files import FileStore
from inspector_app.store.home import HomePaths
from inspector_app.store.journal_store import HeldCredential, JournalStore, pulled_entry
from inspector_app.suites import sha256
from tests.journal.samples import DEVICE, MORNING, PARTIES, SAMPLES, SISTER, act_on, record, sign
from tests.journal.test_feed import ONLINE
from tests.proof_samples import AUTHORITY, NOW, SERVER, VET, VET_KEY, SeededRandom

KEY: Final = bytes(range(32))
EPOCH: Final = "1-0badcafe"
HEAD_VET: Final = 8
SCHEME: Final = "practice-10"


class Home:
    """One opened home: database, journal, files, drafts."""

    def __init__(self, folder: Path, *, before: Hook | None = None, seed: int = 0, must_exist: bool = False) -> None:
        self.paths = HomePaths(folder)
        self.database = Database(self.paths.database, KEY, before=before, must_exist=must_exist)
        self.store = JournalStore(self.database, DEVICE)
        self.files = FileStore(self.paths.files, self.database, LocalDisk(), SeededRandom(seed))
        self.drafts = DraftStore(self.database)
        self.store.open()

    def record(self, *facts: Fact, at: int = MORNING, seed: int = 0) -> list[str]:
        """Record sample facts in one act; returns their references."""
        act = act_on(self.store.head(), at=at, seed=seed)
        refs = [act.add(value, private=SAMPLES[value.KIND][1], sign=sign) for value in facts]
        self.store.append(act)
        return refs

    def pull(self, *contents: tuple[str, bytes], at: int = MORNING, epoch: str = EPOCH) -> str:
        """Take documents in, in one act with the entry that says so."""
        pull = self.store.rows.one("pulls", device=DEVICE)
        last = int(pull["last"] or 0) if pull and pull["epoch"] == epoch else 0
        documents = [Pulled(epoch, last + place, *content) for place, content in enumerate(contents, 1)]
        act = act_on(self.store.head(), at=at, actor=0)
        ref = act.add(pulled_entry(epoch, documents))
        self.store.append(act, pulled=documents)
        return ref

    def close(self) -> None:
        self.database.close()


def draw_document(kind: str = "B", name: str = "D1") -> tuple[str, bytes]:
    """A draw of 500 numbers of a kind."""
    drawn = Draw(name, SCHEME, kind, "9900000001", "9900000500", station=1, holder=0, issued_at=NOW)
    return "draw/1", sign_document(drawn, AUTHORITY).encoded()


def block_document(
    first: int, last: int, *, kind: str = "B", device: str = DEVICE, ordinal: int = 1, draw: str = "D1"
) -> tuple[str, bytes]:
    """A block of a draw."""
    name = f"{draw}-{device[:2]}-{ordinal}"
    cut = Block(name, draw, SCHEME, kind, f"99{first:08d}", f"99{last:08d}", device, VET, ordinal, NOW)
    return "block/1", sign_document(cut, SERVER).encoded()


def grant_document(ordinal: int) -> tuple[str, bytes]:
    """The vet's grant."""
    given = Grant(VET, ordinal, "钱官医", "Qian", 1, ("vet", "head"), ("A", "B"), NOW, NOW + 90 * MS_PER_DAY)
    return "grant/1", sign_document(given, AUTHORITY).encoded()


class Sister:
    """Another device of the station: its journal continues by itself and is relayed here."""

    def __init__(self, device: str = SISTER) -> None:
        self.head: Head = genesis(device)
        self.device = device

    def relayed(self, value: Fact, private: msgspec.Struct | None = None, *, at: int = MORNING) -> tuple[str, bytes]:
        """The sister records a fact; returns the document by which it reaches us."""
        act = act_on(self.head, at=at, seed=self.head.seq)
        act.add(value, private=private, sign=sign)
        previous, self.head = self.head.hash, act.head
        return "entry", relay(previous, act.entries[0])


class Life:
    """A seeded life of one home; :meth:`step` does one more thing."""

    def __init__(self, home: Home, seed: int) -> None:
        self.home = home
        self.rows = home.store.rows
        self.dice = random.Random(seed)
        self.at = MORNING
        self.blocks = 0
        self.sister = Sister()
        self.sisters_blocks = 0
        self.sisters_numbers: list[Number] = []
        self.online = 0
        self.grants = 0
        self._begin()

    def _begin(self) -> None:
        enrolled = SAMPLES["device.enrolled/1"][0]
        self._record(enrolled)
        self._record(PersonKeyAdded(person=VET, suite=VET_KEY.public.suite, key=VET_KEY.public.raw.hex()))
        self._record(
            PersonKeyAdded(person=HEAD_VET, suite=VET_KEY.public.suite, key=VET_KEY.public.raw.hex()), actor=HEAD_VET
        )
        kinds = [draw_document("A", "DA"), draw_document("B", "DB"), draw_document("N", "DN")]
        self.home.pull(*kinds, self._block("A"), self._block("B"), self._block("N"), at=self.at)
        for deed in (self.declare, self.declare, self.decide, self.decide, self.inspect, self.inspect, self.inspect):
            deed()

    def run(self, steps: int) -> None:
        """Live ``steps`` steps."""
        for _ in range(steps):
            self.step()

    def step(self) -> None:
        """Do one thing that can be done now."""
        self.at += self.dice.choice([1, 60_000, 600_000, 3_600_000, 0])
        deeds: list[Callable[[], object]] = [
            self.declare, self.decide, self.inspect, self.sample, self.notice, self.close_day, self.ask_for_numbers,
            self.issue, self.issue, self.issue, self.void, self.confirm, self.give_to_print, self.receive_order,
            self.print_it, self.print_it, self.print_it, self.end_print, self.end_print, self.end_print, self.spare,
            self.hand_over, self.spoil, self.file_stub, self.hear_from_province, self.hear_from_sister, self.forget,
        ]  # fmt: skip
        self.dice.choice(deeds)()

    def _record(
        self,
        value: Fact,
        private: msgspec.Struct | None = None,
        *,
        actor: int = VET,
        credentials: tuple[HeldCredential, ...] = (),
    ) -> str:
        head = self.home.store.head()
        act = act_on(head, at=self.at, actor=actor, seed=head.seq)
        ref = act.add(value, private=private, sign=sign)
        self.home.store.append(act, credentials=credentials)
        return ref

    def _one(self, table: str, **equal: Any) -> Row | None:
        rows = self.rows.many(table, order="", **equal)
        return self.dice.choice(rows) if rows else None

    def _private(self, kind: str) -> msgspec.Struct | None:
        return SAMPLES[kind][1] if self.dice.random() < 0.9 else None

    # --- the chain of work ------------------------------------------------------------------------------------------

    def declare(self) -> str:
        self._record(*SAMPLES["party.recorded/1"])
        waiting = self._one("online_declarations", declaration=None)
        sample = SAMPLES["declaration.recorded/1"][0]
        online = str(waiting["online"]) if waiting and self.dice.random() < 0.7 else ""
        value = msgspec.structs.replace(sample, online=online, channel="online" if online else "point")
        return self._record(value, self._private("declaration.recorded/1"))

    def decide(self) -> None:
        row = self._one("declarations", state=self.dice.choice(["recorded", "recorded", "recorded", "accepted"]))
        if row is None:
            return
        ref = str(row["ref"])
        deeds: list[tuple[Fact, msgspec.Struct | None]] = [
            (DeclarationAccepted(declaration=ref, inspect_on=legal_date(self.at), area=321084), None),
            (DeclarationNotAccepted(declaration=ref, reason="other_law"), Note(text="见说明")),
            (DeclarationWithdrawn(declaration=ref, reason="trip_cancelled"), Note(text="买方取消")),
        ]
        if row["state"] == "accepted":
            deeds = deeds[2:] if self.dice.random() < 0.2 else []
        if deeds:
            value, private = self.dice.choice([deeds[0], *deeds])
            self._record(value, private)

    def inspect(self) -> str | None:
        row = self._one("declarations", state="accepted")
        if row is None:
            return None
        sample = SAMPLES["inspection.completed/1"][0]
        picture = [self.home.files.add(b"picture %d" % self.at, "image/png")] if self.dice.random() < 0.3 else []
        value = msgspec.structs.replace(
            sample,
            declaration=row["ref"],
            attachments=picture,
            conclusion=self.dice.choice(["passed", "passed", "failed"]),
        )
        assert isinstance(value, InspectionCompleted)
        return self._record(value, self._private("inspection.completed/1"))

    def sample(self) -> None:
        row = self._one("inspections")
        if row is None:
            return
        taken = msgspec.structs.replace(
            SAMPLES["sample.taken/1"][0], inspection=row["ref"], code=f"S{self.at}", attachments=[]
        )
        assert isinstance(taken, SampleTaken)
        ref = self._record(taken, self._private("sample.taken/1"))
        if self.dice.random() < 0.7:
            self._record(SampleSent(sample=ref, laboratory=3, sent_on=legal_date(self.at)))
            result = msgspec.structs.replace(SAMPLES["result.received/1"][0], sample=ref, attachments=[])
            assert isinstance(result, ResultReceived)
            self._record(result)

    # --- certificates -----------------------------------------------------------------------------------------------

    def _take(self, kind: str) -> tuple[Number, str] | None:
        for block in self.rows.many("blocks", order="ordinal", device=DEVICE, kind=kind):
            free = self.home.store.lowest_free(str(block["block"]))
            if free is not None:
                return Number(str(free["scheme"]), kind, str(free["digits"])), str(block["block"])
        return None

    def issue(self) -> str | None:
        kind = self.dice.choice("AB")
        batch = self._one("inspections", conclusion="passed")
        taken = self._take(kind)
        if batch is None or taken is None:
            return None
        replaced = self._one("certificates", state="issued", device=DEVICE) if self.dice.random() < 0.15 else None
        made = record(
            taken[0],
            block=taken[1],
            inspection=str(batch["ref"]),
            declaration=str(batch["declaration"]),
            issued_at=self.at,
            issued_on=legal_date(self.at),
            replaces=str(replaced["number"]) if replaced else "",
            replace_reason="vehicle_changed" if replaced else "",
        )
        payloads = [b"%s print %d" % (str(taken[0]).encode(), print_no) for print_no in (1, 2, 3)]
        value = CertificateIssued(record=made, key="11" * 8, prints=[sha256(payload).hex() for payload in payloads])
        held = [HeldCredential(str(taken[0]), 1, payloads[0], None)]
        held += [HeldCredential(str(taken[0]), place, None, payloads[place - 1]) for place in (2, 3)]
        return self._record(value, self._private("certificate.issued/1"), credentials=tuple(held))

    def notice(self) -> None:
        batch = self._one("inspections", conclusion="failed")
        taken = self._take("N")
        if batch is not None and taken is not None:
            value = msgspec.structs.replace(
                SAMPLES["notice.issued/1"][0],
                number=taken[0],
                block=taken[1],
                inspection=batch["ref"],
                issued_on=legal_date(self.at),
            )
            assert isinstance(value, NoticeIssued)
            self._record(value, self._private("notice.issued/1"))

    def print_it(self) -> None:
        row = self._one("prints", state="open")
        if row is None:
            return
        number = self._number(str(row["number"]))
        tries = self.rows.many("attempts", number=row["number"], print=row["print"])
        value = PrintSubmitted(
            number=number,
            print=int(row["print"] or 0),
            attempt=len(tries) + 1,
            printer="一号打印机",
            medium="laser",
            form="certificate_b",
            file=self.home.files.add(f"{number} print {row['print']}".encode(), "application/pdf"),
            sheets=2,
        )
        self._record(value)

    def end_print(self) -> None:
        row = self._one("attempts", outcome="open")
        if row is not None:
            outcome = self.dice.choice(["printed", "printed", "printed", "not_printed", "unknown", "spoiled"])
            self._record(PrintEnded(attempt=str(row["ref"]), outcome=outcome, source="person"))

    def hand_over(self) -> None:
        row = self._one("certificates", state="issued", handed_over_at=None)
        if row is not None and self.rows.many("sheets", number=row["number"], print=row["current_print"]):
            number, print_no = self._number(str(row["number"])), int(row["current_print"] or 0)
            value = CertificateHandedOver(number, print_no, 1, wet_signature=True, wet_seal=False, handed_at=self.at)
            self._record(value)
            self._record(StubFiled(number=number, print=print_no, sheets=1))

    def spoil(self) -> None:
        row = self._one("sheets", state=self.dice.choice(["printed", "kept"]))
        if row is not None:
            self._record(self._spoiled(row))

    def _spoiled(self, row: Row) -> SheetSpoiled:
        number = self._number(str(row["number"]))
        place = int(row["print"] or 0), int(row["sheet"] or 0)
        return SheetSpoiled(number=number, print=place[0], sheet=place[1], category="torn_or_wet")

    def file_stub(self) -> None:
        row = self._one("sheets", state="printed", sheet=1)
        if row is not None:
            self._record(StubFiled(number=self._number(str(row["number"])), print=int(row["print"] or 0), sheets=1))

    def void(self) -> None:
        row = self._one("certificates", state="issued", device=DEVICE)
        if row is not None and self.dice.random() < 0.5:
            number = self._number(str(row["number"]))
            self._record(CertificateVoided(number=number, reason="wrong_entry", on_desk=0), Note(text="车牌写错"))

    def confirm(self) -> None:
        row = self._one("acts", kind=CertificateVoided.KIND, confirmed_by=None)
        if row is not None:
            self._record(ActConfirmed(act=str(row["ref"]), form="apart"), actor=HEAD_VET)

    def spare(self) -> None:
        row = self._one("prints", state=self.dice.choice(["unknown", "spoiled", "printed"]))
        if row is None or int(row["print"] or 0) > 2:
            return
        number, print_no = self._number(str(row["number"])), int(row["print"] or 0)
        certificate = self.rows.one("certificates", number=str(number))
        if certificate is None or certificate["current_print"] != print_no or certificate["device"] != DEVICE:
            return
        payload = f"{number} print {print_no + 1}".encode()
        on_desk = self.rows.many("sheets", number=str(number), print=print_no, state="printed")
        value = PrintReleased(
            number=number,
            print=print_no + 1,
            reason="paper_jam",
            spoiled=[int(sheet["sheet"] or 0) for sheet in on_desk],
            credential=sha256(payload).hex(),
        )
        self._record(value, credentials=(HeldCredential(str(number), print_no + 1, payload, None),))

    def give_to_print(self) -> None:
        row = self._one("certificates", state="issued", device=DEVICE, print_device=DEVICE)
        if row is not None and self.dice.random() < 0.4:
            self._record(PrintOrdered(number=self._number(str(row["number"])), device=SISTER))

    def receive_order(self) -> None:
        if self.dice.random() < 0.5:
            number = self._sisters_number()
            value = PrintOrderReceived(
                number=number, issued=f"{SISTER}/{self.sister.head.seq + 1}", ordered=f"{SISTER}/0", prints=["01" * 32]
            )
            content = OrderContent(record=record(number), parties=PARTIES, promise="5f" * 32)
            self._record(value, content)
            if self.dice.random() < 0.7:
                told = CertificateIssued(record=record(number), key="22" * 8, prints=["01" * 32])
                self.home.pull(self.sister.relayed(told, PARTIES, at=self.at), at=self.at)
            else:
                self.sister.relayed(CertificateIssued(record=record(number), key="22" * 8, prints=["01" * 32]), PARTIES)

    def _number(self, text: str) -> Number:
        kind, _, digits = text.partition(" ")
        return Number(SCHEME, kind, digits)

    # --- the day, the province, the sister --------------------------------------------------------------------------

    def ask_for_numbers(self) -> None:
        self._record(BlockRequested(kind=self.dice.choice("ABN"), wanted=20, emergency=False))

    def close_day(self) -> None:
        date = legal_date(self.at)
        if self.rows.one("days", device=DEVICE, date=date) is None and self.dice.random() < 0.3:
            sheet = self.home.files.add(b"day " + date.encode(), "application/pdf")
            value = msgspec.structs.replace(SAMPLES["day.closed/1"][0], date=date, sheet=sheet)
            assert isinstance(value, DayClosed)
            self._record(value)

    def _block(self, kind: str) -> tuple[str, bytes]:
        self.blocks += 1
        first = 1 + (self.blocks - 1) * 5
        return block_document(first, first + 4, kind=kind, ordinal=self.blocks, draw=f"D{kind}")

    def _sisters_number(self) -> Number:
        number = Number(SCHEME, "B", f"99{1_000 + len(self.sisters_numbers):08d}")
        self.sisters_numbers.append(number)
        return number

    def hear_from_province(self) -> None:
        news: list[tuple[str, bytes]] = []
        for _ in range(self.dice.randint(1, 3)):
            match self.dice.randrange(4):
                case 0 | 1:
                    news.append(self._block(self.dice.choice("ABN")))
                case 2:
                    self.grants += 1
                    news.append(grant_document(self.grants))
                case _:
                    self.online += 1
                    declared = msgspec.structs.replace(ONLINE, online=f"O{self.online}", declared_at=self.at)
                    news.append((("online_declaration/1"), sign_document(declared, SERVER).encoded()))
        self.home.pull(*news, at=self.at)

    def hear_from_sister(self) -> None:
        told = [self._sisters_news() for _ in range(self.dice.randint(1, 3))]
        self.home.pull(*[self.sister.relayed(value, private, at=self.at) for value, private in told], at=self.at)

    def _sisters_news(self) -> tuple[Fact, msgspec.Struct | None]:
        """What the sister did: with papers of her own, and with ours, whatever has become of them here meanwhile."""
        ours = self._one("certificates") or self._one("notices")
        sheet = self._one("sheets")
        number = self._number(str(ours["number"])) if ours else Number(SCHEME, "B", "9900000001")
        match self.dice.randrange(7):
            case 0:
                made = record(self._sisters_number(), issued_at=self.at, issued_on=legal_date(self.at))
                return CertificateIssued(record=made, key="22" * 8, prints=["01" * 32, "02" * 32]), PARTIES
            case 1:
                return CertificateVoided(number=number, reason="wrong_entry", on_desk=0), Note(text="她的说明")
            case 2 if sheet is not None:
                return self._spoiled(sheet), None
            case 3 if sheet is not None:
                value = CertificateHandedOver(
                    number=self._number(str(sheet["number"])),
                    print=int(sheet["print"] or 0),
                    sheets=1,
                    wet_signature=True,
                    wet_seal=True,
                    handed_at=self.at,
                )
                return value, None
            case 4:
                return CertificateIssued(record=record(number), key="33" * 8, prints=["09" * 32]), None
            case 5:
                return SAMPLES["party.recorded/1"][0], SAMPLES["party.recorded/1"][1]
            case _:
                return DeclarationRecorded(**msgspec.structs.asdict(SAMPLES["declaration.recorded/1"][0])), None

    def forget(self) -> None:
        """Retention ends for some private parts, here and of what was relayed."""
        if self.dice.random() < 0.5:
            return
        database = self.home.database
        own = [f"{DEVICE}/{seq}" for (seq,) in database.all("SELECT seq FROM entry_private")]
        told = [ref for (ref,) in database.all("SELECT DISTINCT ref FROM document_private")]
        chosen = self.dice.sample(own, min(2, len(own))) + self.dice.sample(told, min(2, len(told)))
        if chosen:
            self._record(RetentionApplied(entries=chosen), actor=0)
