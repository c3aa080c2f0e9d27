"""The province under this world: the real code on a database of its own, with power cuts, backups and restores.

The province's power goes before any statement of its database; what was not committed is gone, and no answer leaves.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypedDict

from django.core.management import call_command
from django.db import connections

from inspector_app.config import read_resource
from inspector_app.ports import Reply
from province import founding, granting, inprocess, provinces
from province.high_water import MemoryHighWater
from province.journal import recovery
from province.keys import make_keys
from province.registry import furnishing, publishing
from simulation import institutions
from simulation.chance import Dice, SeededRandom
from simulation.clockwork import TrueTime
from simulation.violations import Violation

HOST = "q.practice.example"
STATION, CANAL_STATION, MARSH_STATION = 7, 8, 9
EVERYWHERE = 0
"""Where the county's deputy leader and legal representative have their posts."""
VET, CLERK, HEAD, SECOND_VET, DEPUTY, LEGAL = 11, 12, 13, 14, 15, 16
STATIONS = tuple(
    {"number": number, "name": name, "name_en": name_en, "area": 321084, "phone": phone}
    for number, name, name_en, phone in (
        (STATION, "高邮湖西站", "Gaoyou Lake West", "0514-84600000"),
        (CANAL_STATION, "高邮运河站", "Gaoyou Canal", "0514-84600001"),
        (MARSH_STATION, "高邮荡滩站", "Gaoyou Marsh", "0514-84600002"),
    )
)
"""Three declaration points of one county: whose producers come to whichever is near."""


class Worker(TypedDict):
    """A person of the station as the register has them."""

    station: int
    number: int
    name: str
    name_en: str
    posts: list[str]
    kinds: list[str]


NOBODY_REAL = (
    Worker(station=STATION, number=VET, name="陆清河", name_en="Lu Qinghe", posts=["vet"], kinds=["A", "B"]),
    Worker(
        station=STATION, number=CLERK, name="钱小满", name_en="Qian Xiaoman", posts=["clerk", "reception"], kinds=[]
    ),
    Worker(station=STATION, number=HEAD, name="周望山", name_en="Zhou Wangshan", posts=["head"], kinds=[]),
    Worker(
        station=STATION, number=SECOND_VET, name="严白石", name_en="Yan Baishi", posts=["vet", "keeper"], kinds=["B"]
    ),
    Worker(station=EVERYWHERE, number=DEPUTY, name="沈分管", name_en="Shen Fenguan", posts=["deputy"], kinds=[]),
    Worker(station=EVERYWHERE, number=LEGAL, name="高法人", name_en="Gao Faren", posts=["legal"], kinds=[]),
    Worker(station=CANAL_STATION, number=21, name="丁一舟", name_en="Ding Yizhou", posts=["vet"], kinds=["A", "B"]),
    Worker(station=CANAL_STATION, number=22, name="邱晚荷", name_en="Qiu Wanhe", posts=["head", "keeper"], kinds=[]),
    Worker(station=MARSH_STATION, number=31, name="贺潮生", name_en="He Chaosheng", posts=["vet"], kinds=["A", "B"]),
    Worker(station=MARSH_STATION, number=32, name="林渔火", name_en="Lin Yuhuo", posts=["clerk", "keeper"], kinds=[]),
    Worker(station=MARSH_STATION, number=33, name="施明礁", name_en="Shi Mingjiao", posts=["head"], kinds=[]),
)
FURNITURE = {
    "station": list(STATIONS),
    "person": list(NOBODY_REAL),
    "numbers": [
        {"kind": kind, "count": 400, "station": station["number"]} for station in STATIONS for kind in ("A", "B", "N")
    ],
}

UNITS = {STATION: (HEAD, SECOND_VET), CANAL_STATION: (22, 21), MARSH_STATION: (33, 32)}
"""Head and keeper of the using unit that each station is."""


QUOTA = 60
"""The most a station without a history of use may draw: a second draw of a kind is more."""


def short_terms() -> str:
    """The shipped policy but for the terms of keeping and the quota, so that two days are long enough."""
    text = read_resource("catalogue/policy.toml").decode()
    for name in ("retention_months", "stub_retention_months"):
        text = re.sub(rf'(name = "{name}"\nvalue = )\d+', r"\g<1>0", text)
    return re.sub(r'(name = "draw_quota_new"\nvalue = )\d+', rf"\g<1>{QUOTA}", text)


class ProvinceDown(BaseException):
    """The power of the province went; nothing in the program may catch it and go on."""


def _kind_of(sql: str) -> str:
    """The statement by its first words; a savepoint's name holds the number of its thread, another one in every run."""
    words = sql.split()
    return words[0] if "SAVEPOINT" in words[:2] else " ".join(words[:3])


class Complaints(logging.Handler):
    """What the province notes in its log as gone wrong."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Remember it, with the exception's own words."""
        why = f": {record.exc_info[1]!r}" if record.exc_info else ""
        self.heard.append(record.getMessage() + why)


class Server:
    """One province in this process, under the alias ``using``."""

    def __init__(
        self, using: str, place: Path, time: TrueTime, name: str, high_water: MemoryHighWater | None = None
    ) -> None:
        self.using = using
        self.place = place
        self.high_water = high_water or MemoryHighWater()
        self._left = 0
        self.points = 0
        self.cuts = 0
        self.complaints = Complaints()
        self._looking: sqlite3.Connection | None = None
        self._log = logging.getLogger("province")
        # One province for all seeds: its keys never depend on the seed, so a founded database can be copied.
        self.keys = make_keys(SeededRandom("province keys"))
        self._exchange = inprocess.attach_province(
            using, str(place), self.keys, clock=time, random=SeededRandom("province", name), high_water=self.high_water
        )

    def __enter__(self) -> Server:
        connections[self.using].execute_wrappers.append(self._before)
        self._log.addHandler(self.complaints)
        self._was_passed_on, self._log.propagate = self._log.propagate, False
        return self

    def __exit__(self, *_: object) -> None:
        self._log.removeHandler(self.complaints)
        self._log.propagate = self._was_passed_on
        self._stop_looking()
        inprocess.close_province(self.using)

    def found(self) -> None:
        """Make the province out of an empty database: schema, keys, people, stock and draws."""
        call_command("migrate", database=self.using, verbosity=0, interactive=False)
        founding.found(self.using, code="99", name="练习省", name_en="Practice Province", practice=True, hosts=HOST)
        furnishing.furnish(self.using, FURNITURE)
        furnishing.furnish(self.using, institutions.furniture(UNITS))
        publishing.publish_policy(self.using, "world-1", short_terms())
        institutions.stock_up(self.using)

    def go_on_with(self, marks: dict[str, int]) -> None:
        """Stand where another server stood, with what it remembered outside its database, and hold in its place."""
        self.high_water.marks.update(marks)
        provinces.of(self.using).generation.write(self.high_water.read(granting.HOLDER))

    # --- contact ----------------------------------------------------------------------------------------------------

    def post(self, path: str, frame: bytes) -> Reply:
        """What the province answers; raises ProvinceDown when its power goes meanwhile."""
        with self._powered():
            reply = self._exchange.post(path, frame)
        if self.complaints.heard:
            raise Violation("crash", f"the province complains: {self.complaints.heard}")
        return reply

    def work(self, function: Callable[[], Any]) -> Any:
        """Let somebody work at the province's desk; raises ProvinceDown likewise."""
        with self._powered():
            return function()

    @contextmanager
    def _powered(self) -> Iterator[None]:
        try:
            yield
        except ProvinceDown:
            self.cuts += 1
            self._drop_connection()
            raise
        finally:
            self._left = 0

    def dare_the_power(self, dice: Dice, rate: float) -> None:
        """Throw for a power cut in the next contact."""
        nth = dice.between(1, 60)
        if dice.happens(rate):
            self.arm(nth)

    def arm(self, nth: int) -> None:
        """Cut the province's power at the ``nth`` statement of the next contact that may change something."""
        self._left, self.points = nth, 0

    def _before(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.lstrip().upper().startswith(("SELECT", "PRAGMA")):
            self.points += 1
            if self._left:
                self._left -= 1
                if not self._left:
                    raise ProvinceDown(_kind_of(sql))
        return execute(sql, *rest)

    def _drop_connection(self) -> None:
        # A connection whose transaction was torn apart is thrown away; the file holds what was committed.
        connection = connections[self.using]
        wrappers = connection.execute_wrappers
        if connection.connection is not None:
            connection.connection.close()
        del connections[self.using]
        connections[self.using].execute_wrappers.extend(wrappers)

    # --- backups ----------------------------------------------------------------------------------------------------

    def copy_to(self, place: Path) -> None:
        """A backup of the database; keys and high-water marks are kept elsewhere."""
        inprocess.copy_database(self.using, place)

    def put_back(self, copy: Path) -> None:
        """Restore a backup; the high-water marks outlive the database."""
        self._stop_looking()
        inprocess.restore_database(self.using, copy)

    def declare_epoch(self) -> str:
        """Begin a new epoch, as the first act after a restore."""
        return recovery.declare_epoch(self.using)

    def is_in_doubt(self) -> bool:
        """Whether the province has found out that it must have been restored."""
        with self.committed() as database:
            return bool(database.execute("SELECT rolled_back FROM journal_state").fetchone()[0])

    # --- looked at from outside -------------------------------------------------------------------------------------

    @contextmanager
    def committed(self) -> Iterator[sqlite3.Connection]:
        """The database as anybody else sees it: only what is committed."""
        if self._looking is None:
            self._looking = sqlite3.connect(f"file:{self.place}?mode=ro", uri=True, cached_statements=256)
        yield self._looking

    def version(self) -> int:
        """Another number whenever somebody has committed something since."""
        with self.committed() as database:
            return int(database.execute("PRAGMA data_version").fetchone()[0])

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking.close()
            self._looking = None
