"""A practice station with invented farms, people and plates: the home that tests and screenshots open.

Documents come from the province in the palm of a hand (:mod:`tests.office`); everything else is the real thing: real
services, real encrypted home, the real press.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from inspector_app import bootstrap
from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE, Clock
from inspector_app.domain.authority import FormSheet, StationSheet
from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.declaration import DeclarationForm, OnlineDeclaration
from inspector_app.domain.documents import sign_document
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import Refused
from inspector_app.errors import StationError
from inspector_app.journal.feed import Pulled
from inspector_app.services.catching_up import take_in
from inspector_app.services.declaring import accept_declaration, record_declaration, refuse_acceptance
from inspector_app.services.device import Device
from inspector_app.services.inspecting import InspectionForm, complete_inspection
from inspector_app.services.sampling import SampleForm, send_sample, take_sample
from inspector_app.services.sign_in import LockedHome, Parts
from sync import diagnosis, schedule
from tests import office
from tests.office import CLERK, HEAD, PASSPHRASE, VET, CountingRandom, HandClock, Office

HOUR = 3_600_000
GAOYOU, XINGHUA, HANJIANG, WUHU, HUZHOU = 321084, 321281, 321003, 340210, 330502
GRASS, SILVER, CRUCIAN, MANDARIN, CRAB = "草鱼", "鲢", "鲫", "鳜", "中华绒螯蟹"
WAN = 11


class RealPaperOffice(Office):
    """The same province, releasing the forms the real press draws."""

    def station_documents(self, device: str) -> list[msgspec.Struct]:
        paper = bootstrap.station_paper()
        found: list[msgspec.Struct] = []
        for struct in super().station_documents(device):
            if isinstance(struct, FormSheet):
                found.append(FormSheet(struct.form, "1", bytes.fromhex(paper.form_hash(struct.form)), 0))
            elif isinstance(struct, StationSheet):
                found.append(
                    StationSheet(
                        office.STATION,
                        1,
                        "高邮湖西申报点",
                        "Gaoyou Lake West Station",
                        GAOYOU,
                        "0514-84600000",
                        "练习省高邮市水生动物检疫站",
                        "高邮市湖西新区",
                    )
                )
            else:
                found.append(struct)
        return found

    def online_documents(self, struct: OnlineDeclaration) -> list[Pulled]:
        """An online declaration as the next document of the feed; the server signs those."""
        self._cursor += 1
        signed = sign_document(struct, self.server)
        return [Pulled(office.EPOCH, self._cursor, signed.type, signed.encoded())]


class Line:
    """The province as a test says it answers."""

    def __init__(self, around: Surroundings, device: Device) -> None:
        self._around, self._device = around, device

    def sync(self, progress: Any, cancelled: Any, *, by_hand: bool = True) -> Any:
        around, now = self._around, self._device.clock.now()
        try:
            if around.sync_with is None:
                raise StationError("network.unreachable")
            report = around.sync_with(self._device, progress, cancelled)
        except StationError as problem:
            around.ended = schedule.failed(around.ended, now, problem.code, problem.details, by_hand=by_hand)
            raise
        around.ended = schedule.ended(now, left=0, frozen=False)
        return report

    def diagnose(self, tell: Any, cancelled: Any) -> Any:
        assert self._around.diagnose_with is not None
        return self._around.diagnose_with(tell, cancelled)

    def last(self) -> schedule.Last | None:
        return self._around.ended

    def plan(self) -> schedule.Plan:
        return schedule.Plan(self._around.due_in_ms, 60 * 60_000)


class Surroundings:
    """Printers and province of the practice station: what a test hands in, nothing more."""

    practice_passphrase = PASSPHRASE

    def __init__(self, printers: Mapping[str, Any] | None = None) -> None:
        self._printers = dict(printers or {})
        self.sync_with: Callable[..., Any] | None = None
        self.diagnose_with: Callable[..., Any] | None = None
        self.ended: schedule.Last | None = None
        self.due_in_ms = 60 * 60_000

    def printers(self) -> Mapping[str, Any]:
        return self._printers

    def printer_addresses(self) -> list[str]:
        return [name for name in self._printers if ":" in name]

    def add_printer(self, address: str) -> None:
        self._printers[address] = bootstrap.printer(address)

    def remove_printer(self, address: str) -> None:
        del self._printers[address]

    def contact(self, device: Device) -> Line:
        return Line(self, device)

    def findings(self, last: schedule.Last) -> tuple[diagnosis.Finding, ...]:
        return diagnosis.of_last(last.code, last.details).findings

    def read_codes(self, content: bytes) -> list[str]:
        return bootstrap.code_reader().read(content)


def station_parts(clock: Clock, **changes: object) -> Parts:
    """Cheap keys and a clock in the hand; the real press."""
    return office.parts(clock, paper=bootstrap.station_paper(), **changes)  # type: ignore[arg-type]


class Station:
    """A founded practice home; :meth:`open` gives it to the desktop."""

    def __init__(self, folder: Path, clock: HandClock | None = None) -> None:
        self.clock = clock or HandClock()
        self.folder = folder
        self.office = RealPaperOffice()
        self.parts = station_parts(self.clock)
        self._home: LockedHome | None = None
        self.device: Device | None = self.office.enrol(folder, self.parts, blocks=400)

    @property
    def at(self) -> Device:
        """The device, while the desktop does not have it."""
        assert self.device is not None
        return self.device

    def rest(self) -> None:
        """Close the device; the home lies on the disk."""
        if self.device is not None:
            self.device.store.database.close()
            self.device = None
        if self._home is not None:
            self._home.close()
            self._home = None

    def open(self) -> LockedHome:
        """Close the device and hand the home over."""
        self.rest()
        return LockedHome(self.folder, self.parts, doing="desktop test")

    def moved_to(self, folder: Path) -> Station:
        """The same station over a folder that holds the same bytes, with a clock of its own."""
        other = object.__new__(Station)
        other.clock = HandClock(self.clock.at)
        # Of its own too: what one test publishes would move the numbers and the feed of the next.
        other.folder, other.office, other.device, other._home = folder, copy.deepcopy(self.office), None, None
        other.parts = station_parts(other.clock, random=CountingRandom(folder.as_posix()))
        return other

    def work(self, person: int = VET) -> Device:
        """Sign in beside the desktop's back, to prepare what a test needs."""
        self._home = LockedHome(self.folder, self.parts, doing="test")
        device = self._home.unlock(person, PASSPHRASE)
        assert isinstance(device, Device), device
        self.device = device
        return device

    # --- a day's work -----------------------------------------------------------------------------------------------

    def species(self, name: str) -> int:
        """The code of a species by its Chinese name."""
        return self.at.catalogue.search_species(name)[0].code

    def declare(self, owner: str, species: str, stage: str, quantity: Quantity, **changes: Any) -> str:
        """Take a declaration down."""
        form = DeclarationForm(
            owner=owner,
            owner_phone=changes.pop("phone", "13805140001"),
            species=self.species(species),
            stage=stage,
            quantity=quantity,
            purpose=1,
            origin=GAOYOU,
            origin_place=changes.pop("from_place", "湖西新区天山村"),
            destination=changes.pop("to", XINGHUA),
            destination_place=changes.pop("to_place", "戴南镇水产养殖场"),
            departs_at=self.clock.at + changes.pop("hours", 2) * HOUR,
            pond=changes.pop("pond", "3 号池"),
            **changes,
        )
        return _done(record_declaration(self.at, form))

    def accept(self, declaration: str) -> str:
        """Accept it for today."""
        _done(accept_declaration(self.at, declaration, inspect_on=self.at.today(), short_notice="stage_window"))
        return declaration

    def inspect(self, declaration: str, *, passed: bool = True, batch: str = "2026-11-01") -> str:
        """Inspect the whole declared quantity."""
        row = self.at.rows.one("declarations", ref=declaration) or {}
        documents = [check.code for check in self.at.catalogue.checks("documents", self.at.today())]
        form = InspectionForm(
            declaration=declaration,
            quantity=Quantity(int(row["value"] or 0), int(row["scale"] or 0), int(row["unit"] or 0)),
            started_at=self.clock.at - MS_PER_MINUTE,
            ended_at=self.clock.at,
            history_clean=True,
            conclusion="passed" if passed else "failed",
            checks=documents,
            findings=[] if passed else ["fish_bleeding"],
            batch=batch,
            place="3 号池",
        )
        return _done(complete_inspection(self.at, form))

    def draft(self, inspection: str, kind: str, quantity: Quantity, **changes: Any) -> IssueDraft:
        """What a vet fills in."""
        return IssueDraft(
            inspection=inspection,
            kind=kind,
            quantity=quantity,
            destination=changes.pop("to", XINGHUA),
            destination_place=changes.pop("to_place", "戴南镇水产养殖场"),
            departs_at=self.clock.at + HOUR,
            plate=changes.pop("plate", "苏K5A168"),
            **changes,
        )

    def online(self, owner: str, species: str, stage: str, quantity: Quantity, *, name: str) -> None:
        """An online declaration is pulled from the province."""
        struct = OnlineDeclaration(
            name, office.STATION, self.clock.at - 2 * MS_PER_DAY, owner, "13905140088", "高邮市送桥镇", "(苏)苗第0101号",
            self.species(species), stage, quantity, 1, GAOYOU, "送桥镇苗种繁育基地", "7 号池", HANJIANG, "公道镇渔业园区",
            "公道渔业合作社", False, self.clock.at + 3 * MS_PER_DAY, "",
        )  # fmt: skip
        take_in(self.at, office.EPOCH, self.office.online_documents(struct))


def _done(outcome: str | Refused) -> str:
    assert isinstance(outcome, str), outcome
    return outcome


def busy_station(folder: Path, clock: HandClock | None = None) -> Station:
    """A station in the middle of a working day."""
    station = Station(folder, clock)
    station.declare("车逻水产站", SILVER, "fry", Quantity(3000, 0, WAN), hours=30, phone="13805141123")
    station.online("送桥特种水产苗种场", CRUCIAN, "summer_fingerling", Quantity(62, 0, WAN), name="99-20261119-0007")
    refused = station.declare("甘垛鱼种场", CRUCIAN, "fingerling", Quantity(45, 0, 1), hours=50)
    _done(refuse_acceptance(station.at, refused, reason="materials_incomplete"))
    station.accept(station.declare("三垛鱼种场", GRASS, "fingerling", Quantity(85, 1, WAN), hours=5, to=HANJIANG))
    ready = station.accept(station.declare("菱塘鱼种场", GRASS, "summer_fingerling", Quantity(50, 0, WAN)))
    station.inspect(ready)
    waits = station.accept(
        station.declare("湖西特种水产苗种场", MANDARIN, "summer_fingerling", Quantity(120, 0, WAN), to=WUHU, hours=28)
    )
    inspection = station.inspect(waits, batch="2026-11-07")
    sample = take_sample(
        station.at,
        SampleForm(inspection=inspection, individuals=150, preservation="live", diseases=["ISKN"]),
    )
    send_sample(station.at, _done(sample), laboratory=1, sent_on=station.at.today())
    return station


__all__ = [
    "CLERK",
    "HEAD",
    "PASSPHRASE",
    "VET",
    "RealPaperOffice",
    "Station",
    "Surroundings",
    "busy_station",
    "station_parts",
]
