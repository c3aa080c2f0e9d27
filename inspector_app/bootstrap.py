"""What puts a device together: real clocks, disk and randomness, reference data from ``resources``, the press.

Everything real is chosen here and nowhere else; tests and the simulated world build the same parts with others.
"""

from __future__ import annotations

import contextlib
import functools
import secrets
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from inspector_app import config
from inspector_app.clock import Clock, SystemClock, legal_date
from inspector_app.config import VERSION
from inspector_app.domain.areas import Areas, parse_areas
from inspector_app.domain.authority import Grant
from inspector_app.domain.catalogue import Catalogue, parse_catalogue
from inspector_app.domain.documents import CaSheet, Keyring, open_as
from inspector_app.domain.policy import Policy, parse_policy
from inspector_app.domain.sentences import FAMILIES, WORDS, Sentences
from inspector_app.domain.trust import TrustFile
from inspector_app.errors import StationError
from inspector_app.journal.envelope import UNREADABLE
from inspector_app.journal.feed import read_document
from inspector_app.ports import CodeReader, Disk, Exchange, Paper, Printer, SyncReport, Told
from inspector_app.services.attaching import DeviceAttachments
from inspector_app.services.catching_up import DeviceJournal
from inspector_app.services.contact_needs import waiting_needs
from inspector_app.services.device import Device
from inspector_app.services.enrolment import Enrolment, found_home, prepare_home
from inspector_app.services.sign_in import LockedHome, Parts, read_trust
from inspector_app.store.disk import LocalDisk
from inspector_app.store.home import HomePaths, read_sheet
from inspector_app.suites import Argon2Cost, verify
from sync import client, diagnosis, schedule
from sync.attachments import AttachmentProgress, AttachmentReport, report_unsent, send_attachments
from sync.bundle import read_bundle
from sync.enrolment import Enrolled, introduce, read_introduction, welcomed
from sync.enrolment import enrol as enrolment_exchange
from sync.frames.bundled import Content
from sync.pacing import Pace
from sync.probing import RealLine, Resolver, server_of, system_resolver
from sync.protocol import ProvinceBox
from sync.sticks import StickReport, export_requests, import_answers
from sync.transport import HttpsExchange

POLICY = "catalogue/policy.toml"
CATALOGUE = "catalogue"
AREAS = "catalogue/areas.csv"
RAW_PORT = 9100
CA_SHEET, PROVINCE_BOX = "ca/1", "province_box/1"
SENTENCES = (*FAMILIES, WORDS)


class SystemRandom:
    """The operating system's randomness."""

    def bytes(self, count: int) -> bytes:
        """``count`` unpredictable bytes."""
        return secrets.token_bytes(count)


@functools.cache
def catalogue() -> Catalogue:
    """The catalogue the program ships."""
    names = [name for name in config.resource_names(CATALOGUE, ".toml") if name != POLICY]
    return parse_catalogue(config.read_resource(name).decode("utf-8") for name in names)


@functools.cache
def areas() -> Areas:
    """GB/T 2260 as shipped."""
    return parse_areas(config.read_resource(AREAS).decode("utf-8"))


@functools.cache
def sentences() -> Sentences:
    """What the program says for codes, in both languages."""
    texts = (config.read_resource(f"i18n/{name}.toml").decode("utf-8") for name in SENTENCES)
    return Sentences.parse(texts).naming(catalogue())


def base_policy() -> Policy:
    """The policy shipped with the program: in force until the province's own arrives."""
    return parse_policy(config.read_resource(POLICY).decode("utf-8"))


@functools.cache
def station_paper() -> Paper:
    """The press over the shipped forms; imported when first needed, because it brings the fonts."""
    from printing.paper import StationPaper, shipped_forms

    return StationPaper(shipped_forms())


def machine_identity() -> bytes:
    """What this machine calls itself; no secret, it only keeps a copied home from opening elsewhere."""
    if sys.platform == "win32":
        return _windows_machine()
    path = Path("/etc/machine-id")
    return path.read_bytes().strip() if path.exists() else b""


def _windows_machine() -> bytes:
    import winreg

    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:  # type: ignore[attr-defined,unused-ignore]
        return str(winreg.QueryValueEx(key, "MachineGuid")[0]).encode()  # type: ignore[attr-defined,unused-ignore]


def real_parts(clock: Clock | None = None, *, cost: Argon2Cost = Argon2Cost.FLOOR) -> Parts:
    """Everything real a home needs."""
    used = clock or SystemClock()
    return Parts(
        clock=used,
        random=SystemRandom(),
        disk=LocalDisk(used),
        catalogue=catalogue(),
        areas=areas(),
        paper=station_paper(),
        base_policy=base_policy().on(legal_date(used.now().at)),
        machine=machine_identity(),
        cost=cost,
    )


def open_home(folder: Path, *, doing: str, parts: Parts | None = None) -> LockedHome:
    """Open a home and hold its lock. StationError ``home_missing``, ``home_in_use``, ``home_not_local``."""
    return LockedHome(folder, parts or real_parts(), doing=doing)


def earlier_home(folder: Path, machine: bytes | None = None) -> LockedHome:
    """The home of a computer that this one goes on for; ``machine`` is what that one called itself, None for the same.

    The name is no secret (:func:`machine_identity`): who has the whole disk and a passphrase of its people may read it.
    """
    parts = real_parts() if machine is None else msgspec.structs.replace(real_parts(), machine=machine)
    return LockedHome(folder, parts, doing="succeed")


def code_reader() -> CodeReader:
    """Reads QR codes out of pictures and PDFs."""
    from printing.preview import PageCodeReader

    return PageCodeReader()


def kept_trust(folder: Path) -> TrustFile | None:
    """The trust file of a home, without opening or locking it; verifying needs nothing else."""
    paths, disk = HomePaths(folder), LocalDisk()
    sheet = read_sheet(paths, disk)
    return read_trust(paths, disk, sheet) if sheet else None


def printer(address: str, clock: Clock | None = None) -> Printer:
    """The printer at an address.

    ``ipp://host/path`` a printer or queue, a bare name a local CUPS queue, ``escpos://host:port`` a thermal printer on
    the network, ``escpos:/dev/usb/lp0`` one behind a device file, ``pdf:FOLDER`` a folder for PDF files.
    StationError ``printer_unknown`` for anything else.
    """
    from printing.escpos_printers import EscposFilePrinter, EscposTcpPrinter
    from printing.file_printer import PdfFilePrinter
    from printing.ipp_printer import IppPrinter
    from printing.thermal import PrinterProfile

    used = clock or SystemClock()
    scheme, colon, rest = address.partition(":")
    if scheme == "ipp" and _endpoint(address):
        return IppPrinter(address, address, used)
    if scheme == "escpos" and rest.startswith("//"):
        if (endpoint := _endpoint(address)) is None:
            raise StationError("printer_unknown", address=address)
        host, port = endpoint
        return EscposTcpPrinter(address, host, PrinterProfile(name=address), port=port or RAW_PORT)
    if scheme == "escpos" and rest:
        return EscposFilePrinter(address, Path(rest))
    if scheme == "pdf" and rest:
        return PdfFilePrinter(address, Path(rest), LocalDisk(used))
    if address and not colon:
        return IppPrinter(address, f"ipp://127.0.0.1:631/printers/{address}", used)
    raise StationError("printer_unknown", address=address)


def _endpoint(address: str) -> tuple[str, int] | None:
    """Host and port (0 where none is given) of an address; None when it names no host or no possible port."""
    try:
        parts = urlsplit(address)
        return (parts.hostname, parts.port or 0) if parts.hostname else None
    except ValueError:
        return None


class Contact:
    """The province over a network, for one device (`inspector_app.ports.Province`)."""

    def __init__(self, home: LockedHome, device: Device, *, server: str = "") -> None:
        self._home = home
        self._device = device
        self._server = server or home.sheet.server
        self._batch = self._attachment_batch = Pace.START
        journal = DeviceJournal(device, home.paths.trust, home.parts.disk)
        self._caller = client.Device(journal, device.identity.signing, home.parts.clock)
        self._note = ContactNote(home.paths.contact, home.parts.disk)

    def sync(
        self, progress: Told, cancelled: Callable[[], bool], *, by_hand: bool = True, attachments: bool = True
    ) -> SyncReport:
        """One round of catching up, and ``attachments`` after it.

        StationError ``network.*`` without contact, ``sync_cancelled`` when stopped before the entries were through.
        """
        clock, before = self._home.parts.clock, self._note.read()
        try:
            report = self._round(progress, cancelled, attachments=attachments)
        except StationError as problem:
            self._note.keep(schedule.failed(before, clock.now(), problem.code, problem.details, by_hand=by_hand))
            raise
        # Attachments that have to wait for somebody else are no reason to call again soon; a line that broke is.
        ended = schedule.ended(clock.now(), left=report.waiting, frozen=bool(report.frozen))
        if report.attachments_ended:
            ended = schedule.failed(before, clock.now(), report.attachments_ended, {}, by_hand=by_hand)
        self._note.keep(ended)
        return report

    def last(self) -> schedule.Last | None:
        """How the last contact ended; None before the first."""
        return self._note.read()

    def plan(self) -> schedule.Plan:
        """When the next automatic contact is due."""
        waits = waiting_needs(self._device)
        now, needs = self._home.parts.clock.now(), schedule.Needs(waits.count, waits.is_urgent)
        return schedule.next_contact(self._note.read(), needs, self._device.id, now)

    def diagnose(
        self,
        tell: diagnosis.Tell,
        cancelled: Callable[[], bool],
        *,
        resolver: Resolver = system_resolver,
    ) -> diagnosis.Diagnosis:
        """Look where the line to the province ends. StationError ``sync_cancelled`` when stopped."""
        device, clock = self._device, self._home.parts.clock
        ca = pinned_ca(self._home, device)
        tolerance = device.policy().clock_tolerance_ms
        here = diagnosis.Here(VERSION, tolerance, lambda: clock.now().at)
        try:
            server = server_of(self._server)
            with HttpsExchange(self._server, clock, ca=ca, stop=cancelled) as exchange:
                line = RealLine(self._caller, exchange, device.free_bytes, ca=ca, resolver=resolver)
                return diagnosis.diagnose(line, server, here, tell=tell, stop=cancelled)
        except StationError as problem:
            if problem.code != "network.address_wrong":
                raise
            return diagnosis.of_failure(problem.code, problem.details)

    def _round(self, progress: Told, cancelled: Callable[[], bool], *, attachments: bool) -> SyncReport:
        def watch(step: client.Progress) -> None:
            progress(step.sent, step.sent + step.left, step.size)
            if cancelled() and step.stage is not client.Stage.DONE:
                raise StationError("sync_cancelled")

        ca = pinned_ca(self._home, self._device)
        with HttpsExchange(self._server, self._home.parts.clock, ca=ca, stop=cancelled) as exchange:
            report = client.sync_round(self._caller, exchange, watch=watch, batch_bytes=self._batch)
            sent = self._send(exchange, progress, cancelled) if attachments else self._unsent()
        self._batch = report.batch_bytes
        return SyncReport(
            pushed=report.sent,
            pulled=report.pulled,
            requests=report.requests + sent.requests,
            bytes_up=report.bytes_up + sent.bytes_up,
            bytes_down=report.bytes_down + sent.bytes_down,
            waiting=report.left,
            frozen=report.frozen,
            attachments_sent=sent.sent,
            attachments_left=sent.left,
            attachment_bytes_left=sent.bytes_left,
            attachments_ended=sent.ended,
            clock_offset_ms=report.clock_offset_ms,
            min_version=report.min_version,
        )

    def _send(self, exchange: Exchange, progress: Told, cancelled: Callable[[], bool]) -> AttachmentReport:
        def watch(step: AttachmentProgress) -> None:
            progress(step.items, step.items_all, step.bytes)
            if cancelled() and step.items < step.items_all:
                raise StationError("sync_cancelled")

        port = DeviceAttachments(self._device)
        report = send_attachments(self._caller, port, exchange, watch=watch, batch_bytes=self._attachment_batch)
        self._attachment_batch = report.batch_bytes
        return report

    def _unsent(self) -> AttachmentReport:
        return report_unsent(self._caller, DeviceAttachments(self._device))


class ContactNote:
    """How the last contact ended, beside the database: a later run goes by it, and no record depends on it."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self._path, self._disk = path, disk

    def read(self) -> schedule.Last | None:
        """The note; None where there is none that can be read, and then a contact is due."""
        raw = self._disk.read(self._path)
        try:
            return msgspec.json.decode(raw, type=schedule.Last) if raw else None
        except UNREADABLE:
            return None

    def keep(self, last: schedule.Last) -> None:
        """Keep it; what becomes of the contact itself is no matter of whether this could be written."""
        with contextlib.suppress(StationError):
            self._disk.replace(self._path, msgspec.json.encode(last), durable=False)


def pinned_ca(home: LockedHome, device: Device) -> str | None:
    """Where the CA of this home's province lies: the root's newest word, else what was vouched for at enrolment.

    None where neither is: then the system's CAs are asked.
    """
    stated = newest_ca(device.store.documents_of(CA_SHEET), device.keyring)
    return _kept_ca(home.paths, home.parts.disk, stated or home.sheet.ca)


def newest_ca(documents: Iterable[bytes], keyring: Keyring) -> bytes:
    """The CA (PEM) of the newest sheet that the root has signed; empty when there is none."""
    opened = [open_as(CaSheet, raw, keyring, verify, at_ms=0) for raw in documents]
    sheets = sorted((one for one in opened if isinstance(one, CaSheet)), key=lambda sheet: sheet.ordinal)
    return sheets[-1].pem if sheets else b""


def _kept_ca(paths: HomePaths, disk: Disk, pem: bytes) -> str | None:
    # The file is for the TLS library alone; what it holds is decided anew at every contact.
    if not pem:
        return None
    if disk.read(paths.ca) != pem:
        disk.replace(paths.ca, pem)
    return str(paths.ca)


class Stick:
    """The province by stick, for one device: the frames of the network in files."""

    def __init__(self, home: LockedHome, device: Device) -> None:
        journal = DeviceJournal(device, home.paths.trust, home.parts.disk)
        self._caller = client.Device(journal, device.identity.signing, home.parts.clock)
        self._device = device
        self._port = DeviceAttachments(device)
        # A stick is read elsewhere: what is written there is no file of the home.
        self._disk = LocalDisk(home.parts.clock, private=False)

    def export(self, path: Path, *, attachments: bool = True) -> StickReport:
        """Write what the province has not acknowledged, and as many attachments as policy puts on one stick.

        StationError ``bundle.no_receiver`` without its key.
        """
        most = self._device.policy().stick_attachment_bytes if attachments else 0
        return export_requests(self._caller, self._disk, path, self._province_box(), self._port, most)

    def take_in(self, path: Path) -> client.RoundReport:
        """Take in the province's answer. StationError ``bundle.*``, ``network.identity`` or ``document.*``."""
        return import_answers(self._caller, self._disk, path, self._device.identity.box, self._port)

    def _province_box(self) -> bytes:
        now, keyring = self._device.clock.now().at, self._device.keyring
        stored = self._device.store.documents_of(PROVINCE_BOX)
        opened = [open_as(ProvinceBox, raw, keyring, verify, at_ms=now) for raw in stored]
        boxes = sorted((one for one in opened if isinstance(one, ProvinceBox)), key=lambda box: box.ordinal)
        if not boxes:
            raise StationError("bundle.no_receiver")
        return boxes[-1].key


def enrol(folder: Path, server: str, code: str, *, name: str, parts: Parts | None = None, ca: bytes = b"") -> Joining:
    """Join a province with a one-time code; the home is founded when its first person joins (:func:`found`).

    ``ca`` (PEM) is whom the server's certificate must come from, where the system's CAs do not know it.
    """
    used = parts or real_parts()
    identity = prepare_home(folder, used)
    with HttpsExchange(server, used.clock, ca=_kept_ca(HomePaths(folder), used.disk, ca)) as exchange:
        welcome = enrolment_exchange(
            exchange, code, identity.signing, identity.box.public_raw, name=name, clock=used.clock
        )
    return Joining(folder, used, _enrolment(welcome, server, ca), name)


def ask_by_stick(folder: Path, code: str, file: Path, *, name: str, parts: Parts | None = None) -> str:
    """Write the file that asks a province to enrol this device; returns the device's id.

    What was asked is kept in the home: the answer counts only for that.
    """
    used = parts or real_parts()
    identity = prepare_home(folder, used)
    asked = introduce(code, identity.signing, identity.box.public_raw, name=name, clock=used.clock)
    used.disk.replace(HomePaths(folder).introduction, asked)
    LocalDisk(used.clock, private=False).replace(file, asked)
    return identity.device_id


def enrol_by_stick(folder: Path, code: str, file: Path, *, server: str, parts: Parts | None = None) -> Joining:
    """Take in the province's answer to :func:`ask_by_stick`. StationError ``enrol.not_asked``, ``bundle.*``."""
    used = parts or real_parts()
    identity = prepare_home(folder, used)
    asked = used.disk.read(HomePaths(folder).introduction)
    if asked is None:
        raise StationError("enrol.not_asked")
    bundle = read_bundle(used.disk, file, identity.box)
    if bundle.content is not Content.FROM_PROVINCE or len(bundle.frames) != 1:
        raise StationError("bundle.not_for_this")
    welcome = welcomed(code, asked, bundle.frames[0], identity.signing)
    return Joining(folder, used, _enrolment(welcome, server, b""), read_introduction(asked).name)


def _enrolment(welcome: Enrolled, server: str, ca: bytes) -> Enrolment:
    return Enrolment(
        device=welcome.device,
        station=welcome.station,
        province=welcome.province,
        practice=welcome.practice,
        server=server,
        host=welcome.host,
        root=welcome.root,
        statements=welcome.statements,
        epoch=welcome.epoch,
        documents=welcome.documents,
        ca=ca,
    )


class Joining(NamedTuple):
    """A device the province has welcomed, waiting for its first person."""

    folder: Path
    parts: Parts
    enrolment: Enrolment
    name: str

    def people(self) -> tuple[Grant, ...]:
        """Whom the province has granted posts at this station: who may join this device."""
        opened = [read_document(document.content) for document in self.enrolment.documents]
        return tuple(value for value in opened if isinstance(value, Grant))

    def found(self, person: int, passphrase: str) -> Device:
        """Found the home; the person is signed in."""
        return found_home(self.folder, self.parts, self.enrolment, name=self.name, person=person, passphrase=passphrase)
