"""What the chapters of the story share: stage, teller, printers, and the records they refer to."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from inspector_app import bootstrap
from inspector_app.demo.acts import OXYGEN, TEMPERATURE
from inspector_app.demo.cast import PONDS, Trip
from inspector_app.demo.stage import Contact, Seat, Stage
from inspector_app.demo.story_clock import StoryClock
from inspector_app.demo.telling import Both, Tale
from inspector_app.domain.filling import batch_text
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import Refused
from inspector_app.domain.sentences import describe_refusal
from inspector_app.ports import Printer
from inspector_app.store.disk import LocalDisk


class Figure(NamedTuple):
    """One line of a proof: what was looked at, and what was seen each time."""

    what: Both
    seen: tuple[str, ...]


class Proof(NamedTuple):
    """One proof: what was done to the program, when it was looked at (``columns``), what was seen, what follows."""

    name: str
    title: Both
    done: Both
    columns: tuple[Both, ...]
    figures: tuple[Figure, ...]
    follows: Both


class Refusal(NamedTuple):
    """Something the program would not do, in its own words."""

    at: int
    tried: Both
    code: str
    said: Both


class Story:
    """One run of the demonstration."""

    def __init__(self, stage: Stage, tale: Tale, clock: StoryClock) -> None:
        self.stage, self.tale, self.clock = stage, tale, clock
        self.declarations: dict[str, str] = {}
        self.inspections: dict[str, str] = {}
        self.samples: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        self.refusals: list[Refusal] = []
        self.proofs: dict[str, Proof] = {}
        self.acts: dict[str, str] = {}
        self.morning_trust = b""

    @property
    def folder(self) -> Path:
        """Where everything of this run lies."""
        return self.stage.folder

    def printer(self, seat: Seat, name: str) -> Printer:
        """A printer of the story: a folder in which every attempt is a file. Connected once the folder is there."""
        from printing.file_printer import PdfFilePrinter

        return PdfFilePrinter(name, self.spool(seat, name), LocalDisk(self.clock))

    def spool(self, seat: Seat, name: str) -> Path:
        """The folder that stands for a printer."""
        return seat.folder / "prints" / name

    def plug_in(self, seat: Seat, name: str) -> None:
        """Connect a printer."""
        self.spool(seat, name).mkdir(parents=True, exist_ok=True)

    def was_inspected(self, trip: Trip, outcome: Both) -> None:
        """Tell an inspection: what, where, with which result."""
        what, where = cargo(trip), place_of(trip)
        self.tale.tell(
            Both(
                f"Inspected · {what.en} · {where.en} · {outcome.en}",
                f"检疫 · {what.zh} · {where.zh} · {outcome.zh}",
            ),
            kind="inspected",
        )

    def met_province(self, contact: Contact, lead: Both | None = None) -> None:
        """Tell a contact in figures; every contact of the day is told."""
        begin, name = lead or Both("", ""), PLACES[contact.place]
        self.tale.tell(
            Both(
                f"{begin.en}{contact.place}: {counted(contact.pushed, 'entry', 'entries')} up in "
                f"{contact.bytes_up:,} bytes, {counted(contact.pulled, 'document')} down in {contact.bytes_down:,} "
                f"bytes, {counted(contact.requests, 'request')}; {contact.waiting} waiting",
                f"{begin.zh}{name.zh}：上传 {contact.pushed} 条（{contact.bytes_up:,} 字节），收到 {contact.pulled} 份"
                f"（{contact.bytes_down:,} 字节），{contact.requests} 次请求；待上传 {contact.waiting}",
            ),
            place=contact.place,
            online=True,
            kind="contact",
        )

    def was_refused(self, tried: Both, refusal: Refused, short: Both, *, place: str = "laptop") -> None:
        """Tell what the program would not do, in its own words."""
        item = refusal.headline
        en, zh = (describe_refusal(bootstrap.sentences(), item, lang).happened for lang in ("en", "zh"))
        self._note_refusal(tried, item.code.value, Both(units_in_english(en), zh))
        self.tale.tell(self._refusal_told(), place=place, kind="refused", short=short)

    def was_told_no(self, tried: Both, code: str, said: Both, short: Both) -> None:
        """Tell what the institutions above would not do."""
        self._note_refusal(tried, code, said)
        self.tale.tell(self._refusal_told(), place="province", online=True, kind="refused", short=short)

    def _note_refusal(self, tried: Both, code: str, said: Both) -> None:
        self.refusals.append(Refusal(self.clock.now().at, tried, code, said))

    def _refusal_told(self) -> Both:
        last = self.refusals[-1]
        return Both(f"{last.tried.en} · refused: {last.said.en}", f"{last.tried.zh} · 不予办理：{last.said.zh}")


PLACES = {"laptop": Both("the vet's laptop", "笔记本"), "desk": Both("the desk's computer", "窗口电脑")}
HEALTHY = Both(
    f"papers in order, no sign of disease, water {TEMPERATURE / 10} °C, oxygen {OXYGEN / 10} mg/L: passed",
    f"材料齐全，临床健康，水温 {TEMPERATURE / 10} ℃，溶氧 {OXYGEN / 10} mg/L：合格",
)


def counted(amount: int, one: str, many: str = "") -> str:
    """``1 entry``, ``7 entries``."""
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def place_of(trip: Trip) -> Both:
    """Where a batch is inspected: ``Sanduo Fish Farm, pond 7``."""
    return Both(f"{trip.farm.name_en}, {PONDS[trip.pond]}", f"{trip.farm.name} {trip.pond}")


def plate_in_english(plate: str) -> str:
    """A plate for who has no Chinese letters: the province's character is spelt, ``苏K1I207`` is ``Su K1I207``."""
    return plate.replace("苏", "Su ")


def units_in_english(text: str) -> str:
    """``900,000尾`` as ``900,000 fish``: a refusal shows quantities as they stand on the form."""
    for unit in sorted(bootstrap.catalogue().units.values(), key=lambda unit: -len(unit.zh)):
        text = re.sub(rf"(?<=[0-9]){unit.zh}", f" {unit.en}", text)
    return text


def cargo(trip: Trip, quantity: Quantity | None = None) -> Both:
    """What travels, in one line: ``500,000 grass carp fry``."""
    known, amount = bootstrap.catalogue(), quantity or trip.quantity
    return Both(*(batch_text(known, trip.species, trip.stage, amount, lang) for lang in ("en", "zh")))


def route(trip: Trip) -> Both:
    """From where to where: ``Gaoyou → Xinghua``."""
    areas = bootstrap.areas()
    origin, there = areas.area(trip.farm.area), areas.area(trip.buyer.area)
    return Both(f"{origin.name_en} → {trip.buyer.town_en}", f"{origin.name} → {there.name}")
