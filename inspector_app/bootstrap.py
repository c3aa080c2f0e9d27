"""What puts a device together: real clocks, disk and randomness, reference data from ``resources``, the press.

Everything real is chosen here and nowhere else; tests and the simulated world build the same parts with others.
"""

from __future__ import annotations

import functools
import secrets
import sys
from pathlib import Path

from inspector_app import config
from inspector_app.clock import Clock, SystemClock, legal_date
from inspector_app.domain.areas import Areas, parse_areas
from inspector_app.domain.catalogue import Catalogue, parse_catalogue
from inspector_app.domain.policy import Policy, parse_policy
from inspector_app.domain.sentences import Sentences
from inspector_app.ports import Paper
from inspector_app.services.sign_in import LockedHome, Parts
from inspector_app.store.disk import LocalDisk
from inspector_app.suites import Argon2Cost

POLICY = "catalogue/policy.toml"
CATALOGUE = "catalogue"
AREAS = "catalogue/areas.csv"
SENTENCES = ("refusals", "faults", "verdicts", "reasons", "judgements")


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
    return Sentences.parse(config.read_resource(f"i18n/{name}.toml").decode("utf-8") for name in SENTENCES)


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
