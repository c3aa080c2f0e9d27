"""Why there is no contact: a chain of looks from the socket in the wall to the province's disk.

The first that fails is named.

In this order, each with one outcome::

    link       a way out of this computer: a cable, a wireless network, a modem
    dns        the name of the province's server is known here
    tls        the server answers, and it is no log-in page of the network
    clock      this computer's clock agrees with the province's
    identity   who answers is the province, and it knows this computer
    version    both programs understand each other
    quota      there is room here, and the province can take more

What a round failed with says its place in the chain as well (:func:`of_failure`), so mostly nothing is looked at twice.
Nothing here touches a network: what is seen comes through :class:`Line` (`sync.probing` has the real one).
"""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Callable
from typing import Final, Protocol

import msgspec

from inspector_app.domain.refusals import Detail
from inspector_app.errors import StationError
from sync.protocol import is_older


class Step(enum.StrEnum):
    """The links of the chain, in the order in which they are looked at."""

    LINK = "link"
    DNS = "dns"
    TLS = "tls"
    CLOCK = "clock"
    IDENTITY = "identity"
    VERSION = "version"
    QUOTA = "quota"


class Outcome(enum.StrEnum):
    """What became of one step; ``not_seen`` is what lies behind a failure."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_SEEN = "not_seen"


STEP_OF: Final[dict[str, Step]] = {
    "network.no_link": Step.LINK,
    "network.name_unknown": Step.DNS,
    "network.address_wrong": Step.DNS,
    "network.unreachable": Step.TLS,
    "network.refused": Step.TLS,
    "network.timeout": Step.TLS,
    "network.interrupted": Step.TLS,
    "network.captive_portal": Step.TLS,
    "network.certificate_ended": Step.TLS,
    "network.certificate_time": Step.CLOCK,
    "network.clock_wrong": Step.CLOCK,
    "network.identity": Step.IDENTITY,
    "network.unknown_device": Step.IDENTITY,
    "network.server_key_ended": Step.IDENTITY,
    "network.province_rolled_back": Step.IDENTITY,
    "network.program_too_old": Step.VERSION,
    "network.below_minimum": Step.VERSION,
    "network.frame_refused": Step.VERSION,
    "network.answer_damaged": Step.VERSION,
    "network.no_end": Step.VERSION,
    "network.too_large": Step.QUOTA,
    "network.server_busy": Step.QUOTA,
    "network.server_full": Step.QUOTA,
    "network.server_error": Step.QUOTA,
    "disk_full": Step.QUOTA,
    "disk_read_only": Step.QUOTA,
    "disk_failing": Step.QUOTA,
}
"""Where in the chain each failure of a round belongs. What is not here says nothing about the line."""

ROOM_NEEDED: Final = 20 * 1024 * 1024
"""Bytes without which nothing more is taken in here: the database and its log grow while a feed is stored."""
MS_PER_SECOND: Final = 1_000


class Finding(msgspec.Struct, frozen=True):
    """One step and what was seen there; ``code`` names the failure, with ``seen`` as the values of its sentence."""

    step: Step
    outcome: Outcome
    code: str = ""
    seen: dict[str, Detail] = {}


class Diagnosis(msgspec.Struct, frozen=True):
    """All steps in their order."""

    findings: tuple[Finding, ...]

    @property
    def failing(self) -> Finding | None:
        """The first step that failed; None when everything is well."""
        return next((one for one in self.findings if one.outcome is Outcome.FAILED), None)


class Server(msgspec.Struct, frozen=True):
    """Where the province is, as this device has it. Without ``tls`` only loopback is spoken to (practice)."""

    host: str
    port: int
    tls: bool


class Greeting(msgspec.Struct, frozen=True):
    """What the server showed before anything of ours was sent.

    ``at`` is the time it says it is (UTC ms), None when it did not say. ``in_time`` is False for a certificate of the
    province's that is not valid at this computer's time; ``valid_from`` and ``valid_until`` are its days (UTC ms).
    """

    at: int | None = None
    in_time: bool = True
    valid_from: int = 0
    valid_until: int = 0


class Contacted(msgspec.Struct, frozen=True):
    """What the province signed when asked for nothing: its time (UTC ms), the oldest program it lets issue."""

    at: int
    min_version: str


class Line(Protocol):
    """What is seen of the outside. Each look raises StationError ``network.*`` for what it finds wrong."""

    def has_route(self) -> bool:
        """Whether any way leads out of this computer; nothing is sent."""

    def resolve(self, server: Server) -> tuple[str, ...]:
        """The addresses the server's name has here; none when nobody knows it."""

    def greet(self, server: Server) -> Greeting:
        """Connect, and see who answers."""

    def ask(self) -> Contacted:
        """One signed request without any entry, and the province's signed answer."""

    def room(self) -> int:
        """Free bytes on the home's drive."""


class Here(msgspec.Struct, frozen=True):
    """What is known on this side: the version of the program, how far clocks may differ, and the time (UTC ms)."""

    program: str
    tolerance_ms: int
    now: Callable[[], int]


Tell = Callable[[Step], None]
Stop = Callable[[], bool]


def diagnose(
    line: Line, server: Server, here: Here, *, tell: Tell | None = None, stop: Stop | None = None
) -> Diagnosis:
    """Look at one step after the other until one fails. StationError ``sync_cancelled`` when ``stop`` says so."""
    chain = _Chain(line, server, here)
    looks = (
        (Step.LINK, chain.link),
        (Step.DNS, chain.dns),
        (Step.TLS, chain.tls),
        (Step.CLOCK, chain.clock),
        (Step.IDENTITY, chain.identity),
        (Step.VERSION, chain.version),
        (Step.QUOTA, chain.quota),
    )
    passed: dict[Step, dict[str, Detail]] = {}
    for step, look in looks:
        if stop is not None and stop():
            raise StationError("sync_cancelled")
        if tell is not None:
            tell(step)
        try:
            passed[step] = look()
        except StationError as problem:
            return of_failure(problem.code, problem.details, passed, found_at=step)
    return Diagnosis(tuple(Finding(step, Outcome.PASSED, seen=seen) for step, seen in passed.items()))


def of_failure(
    code: str,
    details: dict[str, Detail],
    passed: dict[Step, dict[str, Detail]] | None = None,
    *,
    found_at: Step | None = None,
) -> Diagnosis:
    """What a failure says about the chain: it failed at its step, and whoever got so far had passed what comes before.

    Without ``passed`` (a round, which looks at nothing by itself) what comes before is taken as passed; with it, only
    what was seen to pass. A code that says nothing about the line gives an empty diagnosis.
    """
    failed = STEP_OF.get(code, found_at)
    if failed is None:
        return Diagnosis(())
    return Diagnosis(tuple(_finding(step, failed, code, details, passed) for step in Step))


def of_last(code: str, details: dict[str, Detail]) -> Diagnosis:
    """What the end of the last contact says: after a good one (``code`` empty) everything had passed."""
    if code:
        return of_failure(code, details)
    return Diagnosis(tuple(Finding(step, Outcome.PASSED) for step in Step))


def _finding(
    step: Step, failed: Step, code: str, details: dict[str, Detail], passed: dict[Step, dict[str, Detail]] | None
) -> Finding:
    if step is failed:
        return Finding(step, Outcome.FAILED, code, details)
    order = list(Step)
    comes_before = order.index(step) < order.index(failed)
    if comes_before and (passed is None or step in passed):
        return Finding(step, Outcome.PASSED, seen=(passed or {}).get(step, {}))
    return Finding(step, Outcome.NOT_SEEN)


class _Chain:
    """The looks, each of which may use what the ones before it saw."""

    def __init__(self, line: Line, server: Server, here: Here) -> None:
        self._line, self._server, self._here = line, server, here
        self._greeting = Greeting()
        self._contacted: Contacted | None = None
        self._failed: StationError | None = None

    def link(self) -> dict[str, Detail]:
        """A way out; to loopback there always is one."""
        if not _is_loopback(self._server.host) and not self._line.has_route():
            raise StationError("network.no_link")
        return {}

    def dns(self) -> dict[str, Detail]:
        """The name is known; an address needs nobody to know it."""
        if _is_address(self._server.host):
            return {"addresses": self._server.host}
        found = self._line.resolve(self._server)
        if not found:
            raise StationError("network.name_unknown", host=self._server.host)
        return {"addresses": ", ".join(found)}

    def tls(self) -> dict[str, Detail]:
        """Somebody answers. A certificate that has ended by the province's own clock is the province's matter."""
        self._greeting = said = self._line.greet(self._server)
        if not said.in_time and said.at is not None and not said.valid_from <= said.at <= said.valid_until:
            raise StationError("network.certificate_ended")
        return {"port": self._server.port}

    def clock(self) -> dict[str, Detail]:
        """The two clocks agree; what the certificate's days leave open, the province's own word decides."""
        if not self._greeting.in_time and self._greeting.at is None:
            raise StationError("network.certificate_time")
        if self._greeting.in_time:
            self._contacted, self._failed = self._try_to_ask()
        if self._failed is not None and _step_of(self._failed) in (Step.LINK, Step.DNS, Step.TLS):
            raise self._failed  # the line broke between two looks
        told = self._contacted.at if self._contacted is not None else self._greeting.at
        if told is None:
            return {}
        offset = told - self._here.now()
        if abs(offset) > self._here.tolerance_ms:
            raise StationError("network.clock_wrong", apart=abs(offset), at=told)
        if not self._greeting.in_time:  # both clocks agree, and between them lies the very end of the certificate
            raise StationError("network.certificate_time")
        return {"seconds": offset // MS_PER_SECOND}

    def _try_to_ask(self) -> tuple[Contacted | None, StationError | None]:
        try:
            return self._line.ask(), None
        except StationError as problem:
            return None, problem

    def identity(self) -> dict[str, Detail]:
        """The answer is signed by the province and meant for this computer."""
        if self._failed is not None and _step_of(self._failed) not in (Step.VERSION, Step.QUOTA):
            raise self._failed
        return {}

    def version(self) -> dict[str, Detail]:
        """Neither program is too old for the other."""
        if self._failed is not None and _step_of(self._failed) is Step.VERSION:
            raise self._failed
        needs = self._contacted.min_version if self._contacted is not None else ""
        if is_older(self._here.program, needs):
            raise StationError("network.below_minimum", needs=needs, program=self._here.program)
        return {"program": self._here.program}

    def quota(self) -> dict[str, Detail]:
        """Room on this drive, and none of the province's reasons to wait."""
        free = self._line.room()
        if free < ROOM_NEEDED:
            raise StationError("disk_full")
        if self._failed is not None:
            raise self._failed
        return {"free_mb": free // (1024 * 1024)}


def _step_of(problem: StationError) -> Step:
    return STEP_OF.get(problem.code, Step.IDENTITY)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)
