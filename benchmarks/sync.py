"""Catching up with the province, in bytes, requests and seconds, beside Anki's sync server and PouchDB in the same run.

Ours is all of it: a real home (SQLCipher) that signs in and frames that are signed both ways, over HTTP to the real
province under waitress, which records, judges, projects and answers with receipts, verdicts, numbers and trust file.
Its entries are those of a day on the road, 0.9 KB each in the mean; the peers get the same records as JSON. Bytes are
those of the connections both ways, HTTP headers included, TLS excluded, counted by a proxy; each phase begins with a
new connection. ``attachments`` are 100 scans of 200 KB that no compression makes smaller, after the entry that names
them went. ``resume`` is the second try after the line died in the middle of 1,000 entries, and of the 100 scans. Links:
``plain`` is loopback, ``shaped`` has 40 kbit/s up, 80 down and a round trip of 700 ms; the scans alone would take more
than an hour there, and go over ``plain`` only.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import msgspec

from benchmarks import station
from benchmarks.peers import PEERS, Client, NotInstalledError, Peer, installed, served
from benchmarks.proxy import PLAIN, SHAPED, Counted, Link, Proxy
from benchmarks.setting import setting
from inspector_app.errors import StationError
from inspector_app.journal.chain import WrittenEntry
from inspector_app.services.attaching import unsent_attachments
from inspector_app.services.catching_up import DeviceJournal
from sync import client
from sync.pacing import Pace
from sync.protocol import written_size

OURS: Final = "inspector"
SMALL, LARGE = 1_000, 10_000
SCANS = 100
CUT_AT: Final = 0.6
"""The part of the upload that got through before the line died."""
KB: Final = 1_000
LINKS: Final = {"plain": (PLAIN,), "shaped": (SHAPED,), "both": (PLAIN, SHAPED)}


class Row(msgspec.Struct, frozen=True):
    """One phase of one product over one link."""

    who: str
    link: str
    phase: str
    n: int
    bytes: int
    requests: int
    seconds: float


class Resent(msgspec.Struct, frozen=True):
    """What the dead line cost: bytes that went up and were never answered; the whole upload; the largest frame."""

    lost: int
    whole: int
    chunk: int


class Applied(msgspec.Struct, frozen=True):
    """What the server did with ``n`` entries, in seconds of one processor: recording them, and all of it.

    Not by the clock on the wall: on a machine with other work that would measure the others.
    """

    n: int
    recorded_s: float
    all_s: float


class Found(msgspec.Struct):
    """Everything a run found."""

    rows: list[Row] = []
    resent: Resent | None = None
    resent_scans: Resent | None = None
    applied: Applied | None = None
    entry_bytes: float = 0
    missing: dict[str, str] = {}

    def row(self, who: str, link: str, phase: str, n: int) -> Row | None:
        """The row of a phase, if it was measured."""
        wanted = (who, link, phase, n)
        return next((one for one in self.rows if (one.who, one.link, one.phase, one.n) == wanted), None)


def _measured(proxy: Proxy, step: Callable[[], object]) -> tuple[Counted, float]:
    proxy.look()
    began = time.perf_counter()
    step()
    spent = time.perf_counter() - began
    return proxy.look(), spent


# --- ours ------------------------------------------------------------------------------------------------------------


class Ours:
    """Our phases, each on a device of its own station."""

    def __init__(self, folder: Path, found: Found) -> None:
        self.folder, self.found = folder, found
        self.province = station.Province(folder / "province")
        self._count = 0
        self.records: dict[int, list[WrittenEntry]] = {}

    def device(self, entries: int) -> tuple[station.Measured, str]:
        """A device with so many entries to tell, and a declaration to inspect afterwards."""
        self._count += 1
        made = self.province.device(self._count, numbers=entries // station.ENTRIES_OF_A_CASE + 1)
        last = station.to_inspect(self.province, made)
        with station.opened(made, self.province.parts()) as (home, device):
            self.province.catch_up(home, device)
        written = station.work(self.province, made, entries)
        self.records.setdefault(entries, written)
        self.found.entry_bytes = round(sum(map(written_size, written)) / len(written), 1)
        return made, last

    def _scanning(self) -> tuple[station.Measured, str]:
        """A device with nothing to tell, and a declaration whose inspection will name scans."""
        self._count += 1
        made = self.province.device(self._count, numbers=1)
        last = station.to_inspect(self.province, made)
        with station.opened(made, self.province.parts()) as (home, device):
            self.province.catch_up(home, device)
        return made, last

    def run(self, sizes: Sequence[int], links: Sequence[Link]) -> None:
        """Make the devices, then serve the province and measure."""
        wanted = [(n, link) for link in links for n in sizes if link is PLAIN or n == SMALL]
        devices = [(n, link, self.device(n)) for n, link in wanted]
        broken = self.device(SMALL)[0] if PLAIN in links else None
        scanning = [self._scanning() for _ in range(2)] if PLAIN in links else []
        if max(sizes) == LARGE and PLAIN in links:
            self._apply(next(made for n, _link, (made, _last) in devices if n == LARGE))
        with self.province.served() as port, Proxy(port) as proxy:
            for n, link, (made, last) in devices:
                proxy.shape(link)
                self._phases(proxy, link, n, made, last)
            proxy.shape(PLAIN)
            if broken is not None:
                self._resume(proxy, broken)
            for phase, (made, last) in zip((self._attachments, self._resume_scans), scanning, strict=False):
                station.scanned(made, last, SCANS)
                station.synced(made, proxy.url, attachments=False)
                phase(proxy, made)
        self.province.close()

    def _note(self, link: Link, phase: str, n: int, found: tuple[Counted, float]) -> None:
        counted, seconds = found
        self.found.rows.append(Row(OURS, link.name, phase, n, counted.total, counted.requests, round(seconds, 3)))

    def _phases(self, proxy: Proxy, link: Link, n: int, made: station.Measured, last: str) -> None:
        self._note(link, "initial", n, _measured(proxy, lambda: station.synced(made, proxy.url)))
        self._check(made)
        proxy.shape(PLAIN)
        station.rest(made, proxy.url)
        proxy.shape(link)
        self._note(link, "no_change", n, _measured(proxy, lambda: station.synced(made, proxy.url)))
        station.one_more(made, last)
        self._note(link, "one_change", n, _measured(proxy, lambda: station.synced(made, proxy.url)))
        self._check(made)

    def _check(self, made: station.Measured) -> None:
        """What was measured is worth nothing unless everything is recorded and judged, and nothing disputed."""
        with station.opened(made) as (_home, device):
            recorded, judged, verdicts = self.province.standing(device)
            if (recorded, judged, verdicts) != (device.store.acknowledged().seq, recorded, 0):
                raise SystemExit(f"recorded {recorded}, judged {judged}, verdicts {verdicts}")

    def _resume(self, proxy: Proxy, made: station.Measured) -> None:
        whole = next(row.bytes for row in self.found.rows if (row.phase, row.n) == ("initial", SMALL))
        proxy.cut(round(whole * CUT_AT))
        proxy.look()
        try:
            station.synced(made, proxy.url)
        except StationError:
            lost = proxy.look().unanswered
        else:
            raise SystemExit("the line was cut and nobody noticed")
        proxy.mend()
        self._note(PLAIN, "resume", SMALL, _measured(proxy, lambda: station.synced(made, proxy.url)))
        self._check(made)
        self.found.resent = Resent(lost, whole, whole * Pace.LARGEST // self._raw(SMALL))

    def _attachments(self, proxy: Proxy, made: station.Measured) -> None:
        self._note(PLAIN, "attachments", SCANS, _measured(proxy, lambda: station.synced(made, proxy.url)))
        self._check_scans(made)

    def _resume_scans(self, proxy: Proxy, made: station.Measured) -> None:
        whole = next(row.bytes for row in self.found.rows if row.phase == "attachments")
        proxy.cut(round(whole * CUT_AT))
        proxy.look()
        if not station.synced(made, proxy.url).attachments_left:
            raise SystemExit("the line was cut and nobody noticed")
        lost = proxy.look().unanswered
        proxy.mend()
        self._note(PLAIN, "resume", SCANS, _measured(proxy, lambda: station.synced(made, proxy.url)))
        self._check_scans(made)
        self.found.resent_scans = Resent(lost, whole, whole * Pace.LARGEST // (SCANS * station.SCAN_BYTES))

    def _check_scans(self, made: station.Measured) -> None:
        """The province holds every scan whole, and the device knows."""
        with station.opened(made) as (_home, device):
            held, left = self.province.scans_held(device), unsent_attachments(device)[0]
        if (held, left) != (SCANS, 0):
            raise SystemExit(f"scans held {held}, not confirmed {left}")

    def _raw(self, entries: int) -> int:
        return sum(map(written_size, self.records[entries]))

    def _apply(self, made: station.Measured) -> None:
        """The same upload once more on copies of home and province, in this process, with a watch on the server."""
        copied = station.Measured(self.folder / "copied", made.person)
        shutil.copytree(made.folder, copied.folder)
        with self.province.apart(self.folder / "apart") as exchange, _watched() as spent:
            with station.opened(copied) as (home, device):
                journal = DeviceJournal(device, home.paths.trust, home.parts.disk)
                caller = client.Device(journal, device.identity.signing, home.parts.clock)
                sent = client.sync_round(caller, exchange).sent
        self.found.applied = Applied(sent, round(spent["append_entries"], 3), round(spent["answer"], 3))


@contextmanager
def _watched() -> Iterator[dict[str, float]]:
    """Processor seconds spent in the province while this lasts: recording, and all of it."""
    spent = {"append_entries": 0.0, "answer": 0.0}
    from province.journal import contact

    with ExitStack() as watches:
        for name in spent:
            watches.enter_context(patch.object(contact, name, _timed(getattr(contact, name), name, spent)))
        yield spent


def _timed(real: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    def call(*arguments: Any, **named: Any) -> Any:
        began = time.thread_time()
        try:
            return real(*arguments, **named)
        finally:
            spent[name] += time.thread_time() - began

    return call


# --- the peers -------------------------------------------------------------------------------------------------------


def as_json(entry: WrittenEntry, place: int) -> dict[str, Any]:
    """An entry as a peer would keep it: the same content, hashes and signatures, in one JSON object."""
    private = entry.private
    record = {"id": f"{place:032x}", **json.loads(entry.public), "signature": entry.actor_sig.hex()}
    if private is None:
        return record
    return {**record, "salt": private.salt.hex(), "details": json.loads(private.content)}


def write_records(entries: Sequence[WrittenEntry], file: Path) -> Path:
    """The records of a peer, one a line."""
    lines = (json.dumps(as_json(one, place), ensure_ascii=False) for place, one in enumerate(entries))
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


class Beside:
    """One peer's phases."""

    def __init__(self, peer: Peer, place: Path, folder: Path, found: Found) -> None:
        self.peer, self.place, self.folder, self.found = peer, place, folder, found

    def run(self, n: int, link: Link, records: Path) -> None:
        """Initial, no change, one change; over loopback with 1,000 records the resuming and the scans too."""
        folder = self.folder / f"{self.peer.name}-{n}-{link.name}"
        with served(self.peer, self.place, folder / "server") as port, Proxy(port) as proxy:
            with self._client(folder / "client", proxy) as one:
                one.do("add", file=str(records))
                self._phases(one, proxy, n, link)
        if (n, link) == (SMALL, PLAIN):
            with served(self.peer, self.place, folder / "resumed") as port, Proxy(port) as proxy:
                with self._client(folder / "resuming", proxy) as one:
                    one.do("add", file=str(records))
                    self._resume(one, proxy)
            with served(self.peer, self.place, folder / "scanned") as port, Proxy(port) as proxy:
                with self._client(folder / "scanning", proxy) as one:
                    one.do("attach", files=[str(file) for file in station.write_scans(folder / "scans", SCANS)])
                    self._note(one, proxy, PLAIN, "attachments", SCANS, command="sync_pictures")

    @contextmanager
    def _client(self, folder: Path, proxy: Proxy) -> Iterator[Client]:
        one = Client(self.peer.drive(self.place), folder, proxy.url + "/")
        one.do("begin")
        try:
            yield one
        finally:
            one.close()

    def _phases(self, one: Client, proxy: Proxy, n: int, link: Link) -> None:
        proxy.shape(link)
        for phase in ("initial", "no_change", "one_change"):
            if phase == "one_change":
                one.do("change")
            self._note(one, proxy, link, phase, n)

    def _note(self, one: Client, proxy: Proxy, link: Link, phase: str, n: int, *, command: str = "sync") -> None:
        proxy.look()
        answer = one.do(command)
        if answer.get("failed"):
            raise SystemExit(f"{self.peer.name}, {phase}: {answer['failed']}")
        counted, seconds = proxy.look(), round(answer["seconds"], 3)
        self.found.rows.append(Row(self.peer.name, link.name, phase, n, counted.total, counted.requests, seconds))

    def _resume(self, one: Client, proxy: Proxy) -> None:
        whole = self.found.row(self.peer.name, "plain", "initial", SMALL)
        proxy.cut(round((whole.bytes if whole else 0) * CUT_AT))
        if not one.do("sync")["failed"]:
            raise SystemExit(f"{self.peer.name}: the line was cut and nobody noticed")
        proxy.mend()
        self._note(one, proxy, PLAIN, "resume", SMALL)


def _peers(folder: Path, found: Found, ours: Ours, sizes: Sequence[int], links: Sequence[Link]) -> None:
    files = {n: write_records(entries, folder / f"records-{n}.jsonl") for n, entries in ours.records.items()}
    for peer in PEERS:
        try:
            place = installed(peer)
        except NotInstalledError as problem:
            found.missing[peer.name] = str(problem)
            continue
        for n, link in [(n, link) for link in links for n in sizes if link is PLAIN or n == SMALL]:
            Beside(peer, place, folder, found).run(n, link, files[n])


# --- what is aimed at ------------------------------------------------------------------------------------------------


class Aim(msgspec.Struct, frozen=True):
    """What was to be reached, and whether it was."""

    what: str
    limit: float
    value: float

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        return self.value <= self.limit


_BYTES: Final = (
    ("no_change", SMALL, 600),
    ("no_change", LARGE, 600),
    ("one_change", SMALL, 1.3 * KB),
    ("one_change", LARGE, 1.3 * KB),
    ("initial", SMALL, 300 * KB),
    ("initial", LARGE, 3_000 * KB),
)


def aims(found: Found) -> list[Aim]:
    """Every aim for which there are figures."""
    made = []
    for phase, n, limit in _BYTES:
        if (row := found.row(OURS, "plain", phase, n)) is not None:
            made.append(Aim(f"{phase}, {n} entries: bytes", limit, row.bytes))
            if phase == "no_change":
                made.append(Aim(f"{phase}, {n} entries: requests", 1, row.requests))
    if found.resent is not None:
        made.append(Aim("resume: bytes sent twice", found.resent.whole / 100 + found.resent.chunk, found.resent.lost))
    if (scans := found.resent_scans) is not None:
        made.append(Aim("resume, attachments: bytes sent twice", scans.whole / 100 + scans.chunk, scans.lost))
    if found.applied is not None:
        made.append(Aim(f"server, {found.applied.n} entries recorded: processor seconds", 2, found.applied.recorded_s))
    ours, theirs = (found.row(who, "shaped", "initial", SMALL) for who in (OURS, PEERS[0].name))
    if ours is not None and theirs is not None:
        made.append(Aim(f"shaped initial: seconds, of {theirs.who}'s", 0.8, round(ours.seconds / theirs.seconds, 2)))
    return made


def main(argv: list[str]) -> int:
    """Print the table (or ``--json``); exit 0 when every aim is met, 1 when one is not."""
    options = _options(argv)
    sizes = (SMALL,) if options.quick else (SMALL, LARGE)
    links = LINKS[options.link or ("plain" if options.only else "both")]
    found = Found()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        ours = Ours(Path(folder), found)
        ours.run(sizes, links)
        if not options.only:
            _peers(Path(folder), found, ours, sizes, links)
    if options.json:
        print(json.dumps(_said(found, only=bool(options.only)), ensure_ascii=False))
    else:
        _print_table(found)
    return 0 if all(aim.met for aim in aims(found)) else 1


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks sync", description=__doc__)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--only", choices=("ours",), help="leave the peers out")
    parser.add_argument("--link", choices=tuple(LINKS), help="default: plain with --only, otherwise both")
    parser.add_argument("--quick", action="store_true", help=f"{SMALL} entries only")
    parser.add_argument("--folder", type=Path, default=None, help="where homes and servers are made (a real disk)")
    return parser.parse_args(argv)


def _said(found: Found, *, only: bool) -> dict[str, Any]:
    """With ``--only ours`` the bare rows, whose shape others read; otherwise everything."""
    if only:
        return {"rows": [{name: getattr(row, name) for name in _PLAIN_ROW} for row in found.rows]}
    return {"setting": setting(), **msgspec.to_builtins(found), "aims": msgspec.to_builtins(aims(found))}


_PLAIN_ROW: Final = ("phase", "n", "bytes", "requests", "seconds")


def _print_table(found: Found) -> None:
    print("\n".join(f"{name:8} {value}" for name, value in setting().items()))
    print(f"\nentries of {found.entry_bytes:g} bytes in the mean\n")
    print(f"{'':20}{'link':8}{'phase':12}{'n':>7}{'bytes':>12}{'requests':>10}{'seconds':>10}")
    for row in found.rows:
        print(f"{row.who:20}{row.link:8}{row.phase:12}{row.n:7}{row.bytes:12,}{row.requests:10}{row.seconds:10.3f}")
    if found.applied is not None:
        done = found.applied
        both = f"recorded in {done.recorded_s:g} s of one processor; judged and told too, {done.all_s:g} s"
        print(f"\nserver, {done.n} entries: {both}")
    for name, why in found.missing.items():
        print(f"\n{name} is not here: {why}")
    print()
    for aim in aims(found):
        print(f"{aim.what:52}{aim.value:>12,g}  aim {aim.limit:,g}: {'met' if aim.met else 'NOT met'}")
