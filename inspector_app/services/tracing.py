"""The whole life of any number this station drew or took over, as it is known here (追溯)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

import msgspec

from inspector_app.domain.credential import ScannedCode, body_of, read_code
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, refused
from inspector_app.journal.books.lives import Life, SheetStep, Step, numbers_meant, read_life
from inspector_app.services.device import Device
from inspector_app.services.known_entries import KnownEntries, Watch

__all__ = ["Life", "SheetStep", "Step"]

_OF_SHEET = re.compile(r"(?P<number>.+?)\s+(?P<print>[0-9]{1,3})/(?P<sheet>[0-9]{1,2})")


class Asked(msgspec.Struct, frozen=True):
    """What is to be traced: a number as it was typed, and the sheets of it, each (print, sheet); none for all."""

    number: str
    sheets: tuple[tuple[int, int], ...] = ()


def asked_for(typed: str) -> Asked:
    """What a person typed or a scanner read: ``B 9900000003``, one sheet of it as ``B 9900000003 1/2``, or the code.

    Of a code that cannot be read nothing is left; whether one is genuine is for :mod:`verifying` to say.
    """
    plain = unicodedata.normalize("NFKC", typed).strip()
    scanned = read_code(plain)
    if isinstance(scanned, ScannedCode):
        body = body_of(scanned.payload)
        return Asked(body.number if body is not None else "")
    named = _OF_SHEET.fullmatch(plain)
    return Asked(named["number"], ((int(named["print"]), int(named["sheet"])),)) if named else Asked(plain)


def drawn_numbers(device: Device, typed: str) -> list[str]:
    """The numbers drawn for this station that ``B 9900000001`` or bare digits mean, as they are written."""
    meant = numbers_meant(device.rows, typed)
    return [f"{kind} {digits}" for kind, digits, station in meant if station == device.sheet.station]


def trace(device: Device, typed: str, *, watch: Watch | None = None) -> Life | Refused:
    """The life of ``B 9900000001``, or of bare digits where one kind alone has them; used or not, cut or not.

    ``watch`` hears how many entries were read, and may raise to stop.
    """
    station = device.sheet.station
    found = [(kind, digits) for kind, digits, of in numbers_meant(device.rows, typed) if of == station]
    if len(found) == 1:
        life = read_life(device.rows, station, *found[0], KnownEntries(device, watch))
        if life is not None:
            return life
    code = RefusalCode.AMBIGUOUS if len(found) > 1 else RefusalCode.NOT_FOUND
    candidates = ", ".join(f"{kind} {digits}" for kind, digits in found)
    return refused(Refusal(code=code, field="number", current=typed, details={"candidates": candidates}))


class EntryBehind(msgspec.Struct, frozen=True):
    """What an entry says of itself: its kind, when (UTC ms), by whom, its name and hex hash."""

    kind: str
    at: int
    by: int
    ref: str
    hash: str


def entry_behind(device: Device, ref: str) -> EntryBehind | None:
    """The entry behind a line of a book; None for a document of the province or an entry that is not here."""
    entry = KnownEntries(device).find(ref) if "/" in ref else None
    if entry is None:
        return None
    said = entry.envelope
    return EntryBehind(said.kind.partition("/")[0], said.at, said.actor, entry.ref, entry.hash.hex())


def of_sheets(life: Life, wanted: Collection[tuple[int, int]]) -> Life:
    """The same life with what concerns some sheets alone, each (print, sheet); all of it when none are named."""
    if not wanted:
        return life
    steps = [
        msgspec.structs.replace(step, sheets=tuple(one for one in step.sheets if (one.print, one.sheet) in wanted))
        for step in life.steps
    ]
    kept = tuple(step for step, whole in zip(steps, life.steps, strict=True) if step.sheets or not whole.sheets)
    now = tuple(one for one in life.sheets if (one.print, one.sheet) in wanted)
    return msgspec.structs.replace(life, steps=kept, sheets=now)
