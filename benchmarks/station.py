"""Our side of the measurements of catching up: a province served on loopback, devices of it with real homes.

What comes before a measurement happens at an earlier hour of the same day, by a clock moved by hand and with the
province in this process: founding, enrolment, one block of numbers, the work of a day on the road. From there on the
province is a process of its own (waitress) and the device syncs as ``inspector sync`` does, by the clock of the system.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

import msgspec

from inspector_app import bootstrap
from inspector_app.clock import MS_PER_MINUTE, Stamp, SystemClock, day_start, legal_date
from inspector_app.domain.quantities import Quantity
from inspector_app.journal.chain import WrittenEntry
from inspector_app.ports import SyncReport
from inspector_app.services.attaching import attach
from inspector_app.services.catching_up import DeviceJournal
from inspector_app.services.device import Device
from inspector_app.services.enrolment import Enrolment, prepare_home
from inspector_app.services.inspecting import complete_inspection
from inspector_app.services.sign_in import LockedHome, Parts
from inspector_app.vault.faults import VaultFault
from province import inprocess
from sync import client
from sync.enrolment import enrol
from sync.pacing import Pace
from sync.protocol import written_size
from tests.office import CHEAP, PASSPHRASE
from tests.services.work import FISH, accepted, done, inspected, inspection_form, issued
from tests.source_tree import ROOT

ALIAS, APART = "measured", "measured_apart"
NOWHERE: Final = "http://127.0.0.1:1"
EARLIER_MS: Final = 8 * 60 * MS_PER_MINUTE
ENTRIES_OF_A_CASE: Final = 5
"""Owner, declaration, acceptance, inspection, certificate: what a vet on the road writes; the desk prints."""
AREA: Final = 321084
SCAN_BYTES: Final = 200_000
BLOCK: Final = 100
"""Numbers in a block, as the province cuts them."""
_PDF: Final = b"%PDF-1.7\n"
_ROUNDS_TO_REST: Final = 6
_WAIT_S, _TRIES = 0.05, 600

_SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁"
_PLACES = ("湖西新区", "三垛镇", "菱塘回族乡", "界首镇", "车逻镇", "甘垛镇", "周巷镇", "送桥镇", "临泽镇", "汤庄镇")
_WORDS = (
    "体表无损伤 游动正常 摄食活跃 规格整齐 鳃丝鲜红 鳞片完整 水质清新 溶氧充足 增氧机两台 网箱无破损 "
    "运输车已消毒 用药记录齐全 苗种来源清楚 进出台账相符 隔离池空置 未见寄生虫 抽检三十尾 水温十四度 "
    "透明度四十厘米 池埂完好 饲料开封日期已记 无死亡记录 上次清塘为三月 司机在场 装车时间待定 分两车装运 "
    "货主要求当日到达 收货方已电话确认"
).split()


class WalkingClock:
    """A clock that walks on by itself: each reading is a little later, so that a day's work takes a day's hours."""

    def __init__(self, at: int) -> None:
        self.at, self.step_ms = at, 1
        self._dice = random.Random(at)

    def now(self) -> Stamp:
        """The next moment."""
        self.at += self._dice.randrange(self.step_ms) + 1
        return Stamp(self.at, self.at - 1_000_000_000, "the day on the road")

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.at += round(seconds * 1000)


class Measured(msgspec.Struct, frozen=True):
    """A device to be measured: where its home is and who works there."""

    folder: Path
    person: int


class Province:
    """A practice province in a folder, founded in this process and later served by its own."""

    def __init__(self, folder: Path) -> None:
        inprocess.set_up_django()
        from province import founding
        from province.chance import SystemRandom
        from province.generations import FILE as GENERATION_FILE
        from province.generations import FileGeneration
        from province.high_water import FileHighWater
        from province.keys import make_folder

        self.folder = folder
        folder.mkdir(parents=True)
        self.clock = WalkingClock(_earlier())
        self.exchange = inprocess.attach_province(
            *(ALIAS, str(folder / "province.sqlite3"), make_folder(folder, SystemRandom())),
            clock=self.clock,
            random=SystemRandom(),
            high_water=FileHighWater(folder / "high_water.json"),
            generation=FileGeneration(folder / GENERATION_FILE),
        )
        _migrate()
        founding.found(ALIAS, code="99", name="练习省", name_en="Practice Province", practice=True)

    def close(self) -> None:
        """Forget it in this process."""
        inprocess.close_province(ALIAS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def device(self, number: int, *, numbers: int) -> Measured:
        """A device of station ``number`` with one vet, enrolled, with blocks for so many certificates B."""
        from province.registry.enrolment import make_code

        self._register(number)
        self._draw(number, numbers)
        folder = self.folder.parent / f"home-{number}"
        parts = self.parts()
        identity = prepare_home(folder, parts)
        code = make_code(ALIAS, number)
        welcome = enrol(
            *(self.exchange, code, identity.signing, identity.box.public_raw),
            name=f"{number} 号机", clock=self.clock,
        )  # fmt: skip
        told = {name: getattr(welcome, name) for name in Enrolment.__struct_fields__ if name not in ("server", "ca")}
        enrolment = Enrolment(server=NOWHERE, **told)
        bootstrap.Joining(folder, parts, enrolment, "").found(number, PASSPHRASE).store.database.close()
        made = Measured(folder, number)
        with opened(made, parts) as (home, device):
            self.catch_up(home, device)
            self._cut(device, number, numbers)
            self.catch_up(home, device)
        return made

    def parts(self) -> Parts:
        """Real parts, by the province's earlier clock."""
        return bootstrap.real_parts(self.clock, cost=CHEAP)

    def _register(self, number: int) -> None:
        from province.registry import publishing

        name = f"{_PLACES[number % len(_PLACES)]}申报点（练习）"
        publishing.add_station(ALIAS, number, name=name, name_en="", area=AREA, phone="0514-0000-0001")
        publishing.add_person(ALIAS, number, name=f"{_SURNAMES[number % len(_SURNAMES)]}练习", name_en="")
        publishing.grant(ALIAS, number, station=number, posts=("vet",), kinds=("B",))

    @staticmethod
    def _draw(number: int, numbers: int) -> None:
        from province.numbers import custody

        first = custody.free_start(ALIAS, "B")
        last = str(int(first) + numbers + 3 * BLOCK).zfill(len(first))
        custody.add_stock(ALIAS, "B", first, last, source="practice")
        custody.draw(ALIAS, "B", first, last, station=number)

    @staticmethod
    def _cut(device: Device, person: int, numbers: int) -> None:
        from django.db import transaction

        from province.numbers import blocks

        with transaction.atomic(using=ALIAS):
            for _ in range(-(-numbers // BLOCK)):
                blocks.cut_block(ALIAS, blocks.Holder(device.id, person, "B", person, BLOCK))

    def catch_up(self, home: LockedHome, device: Device) -> None:
        """Rounds in this process until both sides rest."""
        journal = DeviceJournal(device, home.paths.trust, home.parts.disk)
        caller = client.Device(journal, device.identity.signing, self.clock)
        for _ in range(_ROUNDS_TO_REST):
            report = client.sync_round(caller, self.exchange, batch_bytes=Pace.LARGEST)
            if not report.sent and not report.pulled:
                return
        raise SystemExit("province and device do not come to rest")

    @contextmanager
    def served(self) -> Iterator[int]:
        """The port on which the province is served, by a process of its own, while this lasts."""
        announce = self.folder / "address"
        command = [sys.executable, "-m", "province", "--folder", str(self.folder), "serve", "--port", "0"]
        options = ["--announce", str(announce), "--until-input-closes"]
        with subprocess.Popen([*command, *options], cwd=ROOT, stdin=subprocess.PIPE) as process:
            try:
                yield _port_in(announce, process)
            finally:
                if process.stdin is not None:
                    process.stdin.close()
                process.wait(20)

    @contextmanager
    def apart(self, folder: Path) -> Iterator[inprocess.InProcessExchange]:
        """A copy of the province as it stands, in this process, while this lasts."""
        from province import provinces
        from province.chance import SystemRandom

        folder.mkdir()
        place = folder / "province.sqlite3"
        inprocess.copy_database(ALIAS, place)
        keys = provinces.of(ALIAS).keys
        yield inprocess.attach_province(APART, str(place), keys, clock=SystemClock(), random=SystemRandom())
        inprocess.close_province(APART)

    def standing(self, device: Device) -> tuple[int, int, int]:
        """Of a device's journal: entries recorded, entries judged, verdicts given."""
        from province.journal.models import Journal
        from province.journal.rows import DjangoRows

        journal = Journal.objects.using(ALIAS).get(device=device.id)
        return journal.seq, journal.judged, DjangoRows(ALIAS).count("verdicts", device=device.id)

    @staticmethod
    def scans_held(device: Device) -> int:
        """How many attachments of a device are here whole."""
        from province.journal.models import Attachment

        return Attachment.objects.using(ALIAS).filter(device=device.id, whole=True).count()

    @staticmethod
    def holds(device: Device) -> bool:
        """Whether what the province recorded of a device is its journal, hash by hash, and nothing is set aside."""
        from province.journal.models import AsideEntry, StoredEntry

        own = [hashed for hashed, _written in device.store.stored()]
        held = StoredEntry.objects.using(ALIAS).filter(device=device.id).order_by("seq").values_list("hash", flat=True)
        recorded = [bytes(one) for one in held]
        aside = AsideEntry.objects.using(ALIAS).filter(device=device.id).exists()
        return recorded == own[: len(recorded)] and not aside


def _earlier() -> int:
    """Some hours ago, on the same legal day: a certificate B is for the day it is issued on."""
    now = SystemClock().now().at
    return max(day_start(legal_date(now)) + 1, now - EARLIER_MS)


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", database=ALIAS, verbosity=0, interactive=False)


def _port_in(announce: Path, process: subprocess.Popen[bytes]) -> int:
    for _ in range(_TRIES):
        if announce.exists():
            return int(announce.read_text("ascii").strip().rpartition(":")[2])
        if process.poll() is not None:
            break
        time.sleep(_WAIT_S)
    raise SystemExit("the province was not served")


@contextmanager
def opened(measured: Measured, parts: Parts | None = None) -> Iterator[tuple[LockedHome, Device]]:
    """A device's home, its person signed in, by the system's clock unless other parts are given."""
    home = LockedHome(measured.folder, parts or bootstrap.real_parts(cost=CHEAP), doing="benchmark")
    try:
        device = home.unlock(measured.person, PASSPHRASE)
        if isinstance(device, VaultFault):
            raise SystemExit(f"the home does not open: {device}")
        yield home, device
    finally:
        home.close()


def synced(measured: Measured, url: str, *, attachments: bool = True) -> SyncReport:
    """One round over a new connection, by a home newly opened."""
    with opened(measured) as (home, device):
        contact = bootstrap.Contact(home, device, server=url)
        return contact.sync(lambda _done, _all, _size=0: None, lambda: False, attachments=attachments)


def rest(measured: Measured, url: str) -> None:
    """Rounds until neither side has anything to tell."""
    for _ in range(_ROUNDS_TO_REST):
        report = synced(measured, url)
        if not report.pushed and not report.pulled:
            return
    raise SystemExit("province and device do not come to rest")


def work(province: Province, measured: Measured, entries: int) -> list[WrittenEntry]:
    """A day on the road: so many entries through the services, and one accepted declaration before; what was written.

    Each case is one owner's batch, declared, accepted, inspected, certified for one truck.
    """
    with opened(measured, province.parts()) as (_home, device):
        dice = random.Random(measured.person)
        province.clock.step_ms = _step(province.clock.at, entries)
        before = device.store.head().seq
        for case in range(entries // ENTRIES_OF_A_CASE):
            _certify(device, case, dice)
        province.clock.step_ms = 1
        return list(device.store.written(before + 1))


def _step(at: int, entries: int) -> int:
    """About how far each of some fifty readings of a case may move the clock so that all fit before now."""
    left = SystemClock().now().at - MS_PER_MINUTE - at
    return max(left // (entries * 12), 1)


def _certify(device: Device, case: int, dice: random.Random) -> None:
    owner = f"{dice.choice(_SURNAMES)}{dice.choice(_SURNAMES)}{case}家庭渔场（练习）"
    batch = inspected(
        device,
        form={"note": _note(dice, 14), "batch": f"{dice.randrange(1, 30)} 号池"},
        owner=owner,
        owner_phone=f"139{dice.randrange(10**8):08d}",
        origin_place=f"{dice.choice(_PLACES)}{dice.randrange(1, 40)} 组",
        remarks=_note(dice, 8),
        quantity=Quantity(dice.randrange(200, 900) * 1000, 0, FISH),
    )
    plate = f"苏K{dice.randrange(10**5):05d}"
    issued(device, batch, quantity=Quantity(dice.randrange(10, 190) * 1000, 0, FISH), plate=plate)


def _note(dice: random.Random, words: int) -> str:
    return "，".join(dice.choice(_WORDS) for _ in range(words))


def one_more(measured: Measured, declaration: str) -> int:
    """One act, now: the batch of a declaration is inspected; returns the size of its entry."""
    with opened(measured) as (_home, device):
        done(complete_inspection(device, inspection_form(device, declaration, note="体表无损伤")))
        (written,) = device.store.written(device.store.head().seq, 1)
        return written_size(written)


def scans(count: int, person: int = 0) -> Iterator[bytes]:
    """Scans as they come from a station: PDF, which is kept as it is, with content that cannot be compressed.

    Each person has others: what the province holds already, from whomever, is not sent again.
    """
    dice = random.Random(person)
    for _ in range(count):
        yield _PDF + dice.randbytes(SCAN_BYTES - len(_PDF))


def write_scans(folder: Path, count: int) -> list[Path]:
    """Scans of the same size in files, for a peer."""
    folder.mkdir(parents=True)
    files = [folder / f"scan-{number}.pdf" for number in range(count)]
    for file, content in zip(files, scans(count), strict=True):
        file.write_bytes(content)
    return files


def scanned(measured: Measured, declaration: str, count: int) -> None:
    """One act, now: the batch of a declaration is inspected, and the inspection names so many scans."""
    with opened(measured) as (_home, device):
        names = [attach(device, content) for content in scans(count, measured.person)]
        done(complete_inspection(device, inspection_form(device, declaration, attachments=names)))


def to_inspect(province: Province, measured: Measured) -> str:
    """One more declaration accepted, for :func:`one_more`."""
    with opened(measured, province.parts()) as (_home, device):
        return accepted(device)
