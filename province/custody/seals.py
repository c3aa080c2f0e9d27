"""Official seals and the files of licence applications: registers of single things (GX-2014 Art. 3, 16)."""

from __future__ import annotations

import re

import msgspec

from inspector_app.domain.organisations import keeper_refusals
from inspector_app.domain.seals import LicenceFile, SealSheet, removal_refusals
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.journal.projections import Row
from province import provinces
from province.custody import deciding
from province.custody.deciding import Sides, record, record_by_authority, refuse
from province.custody.organisations import find, location_of, sheet_of
from province.high_water import next_ordinal
from province.journal.rows import DjangoRows

_SHA256 = re.compile(r"[0-9a-f]{64}")


def seal_now(using: str, seal: str) -> SealSheet | None:
    """A seal's newest sheet."""
    rows = DjangoRows(using).many("seals", seal=seal)
    return sheet_of(SealSheet, rows[-1] if rows else None)


def keep_seal(using: str, sheet: SealSheet, *, location: int = 1) -> SealSheet | StockRefused:
    """Register a seal, give it to its next holder, or end it; ``ordinal`` and ``at`` are set here.

    Each is a new sheet, so that who held it when stays on record. One impression is one seal's.
    """
    with deciding.deciding(using):
        if found := seal_refusals(using, sheet, location):
            return refuse(using, _sides("seal", sheet.by, sheet.organisation), found)
        held = seal_now(using, sheet.seal)
        ordinal = _ordinal(using, f"seal {sheet.seal}", held.ordinal if held else 0)
        made = msgspec.structs.replace(sheet, ordinal=ordinal, at=deciding.moment(using))
        record_by_authority(using, made)
        return made


def seal_refusals(using: str, sheet: SealSheet, location: int) -> list[StockRefusal]:
    """What stands against a seal as this sheet has it, whoever signs it."""
    found = keeper_refusals(location_of(using, sheet.organisation, location), sheet.by)
    return found + deciding.people_refusals(using, sheet.by, sheet.holder) + _sheet_refusals(using, sheet)


def _sheet_refusals(using: str, sheet: SealSheet) -> list[StockRefusal]:
    rows = DjangoRows(using)
    found = (
        [] if find(using, sheet.organisation) else [refusal(StockCode.ORGANISATION_UNKNOWN, current=sheet.organisation)]
    )
    held = seal_now(using, sheet.seal)
    others = {str(row["seal"]) for row in rows.many("seals", impression=sheet.impression)} - {sheet.seal}
    changed = held is not None and (held.impression != sheet.impression or held.organisation != sheet.organisation)
    ended = held is not None and bool(held.until) and held.until < deciding.today(using)
    if others or changed or ended or not _SHA256.fullmatch(sheet.impression):
        found.append(refusal(StockCode.SEAL_KNOWN, current=sheet.seal, limit=" ".join(sorted(others))))
    found += deciding.date_refusals(sheet.since, sheet.until)
    if not sheet.since or (sheet.until and sheet.until < sheet.since):
        found.append(refusal(StockCode.DAY_IMPOSSIBLE, current=sheet.until, limit=sheet.since))
    return found


def open_file(
    using: str, file: str, *, organisation: int, licence: str, by: int, day: str = ""
) -> LicenceFile | StockRefused:
    """Put the papers of a licence's application on file; ``file`` is their number on the shelf."""
    with deciding.deciding(using):
        on = day or deciding.today(using)
        found = keeper_refusals(location_of(using, organisation, 1), by) + deciding.day_refusals(using, on)
        if _file(using, file) is not None:
            found.append(refusal(StockCode.RECORD_SETTLED, current=file))
        if found:
            return refuse(using, _sides("licence_file", by, organisation), found)
        return _keep(using, LicenceFile(file, 0, organisation, licence, on, "", "", by, 0))


def cancel_licence(using: str, file: str, *, by: int, day: str = "") -> LicenceFile | StockRefused:
    """The licence was cancelled (注销) on a day; from then on its papers are kept for two years more."""
    with deciding.deciding(using):
        held, on = _file(using, file), day or deciding.today(using)
        if held is None:
            return _no_file(using, file, by)
        found = keeper_refusals(location_of(using, held.organisation, 1), by)
        found += deciding.day_refusals(using, on, earliest=held.opened_on)
        if held.cancelled_on:
            found.append(refusal(StockCode.RECORD_SETTLED, current=file))
        if found:
            return refuse(using, _sides("licence_file", by, held.organisation), found)
        return _keep(using, msgspec.structs.replace(held, cancelled_on=on, by=by))


def remove_file(using: str, file: str, *, by: int) -> LicenceFile | StockRefused:
    """The papers are destroyed today: refused before two years have passed since the licence was cancelled (G19)."""
    with deciding.deciding(using):
        held, on = _file(using, file), deciding.today(using)
        if held is None:
            return _no_file(using, file, by)
        found = keeper_refusals(location_of(using, held.organisation, 1), by)
        found += removal_refusals(held.cancelled_on, on, deciding.policy(using).licence_file_months)
        if held.removed_on:
            found.append(refusal(StockCode.RECORD_SETTLED, current=file))
        if found:
            return refuse(using, _sides("licence_file", by, held.organisation), found)
        return _keep(using, msgspec.structs.replace(held, removed_on=on, by=by))


def _file(using: str, file: str) -> LicenceFile | None:
    row: Row | None = DjangoRows(using).one("licence_files", file=file)
    return sheet_of(LicenceFile, row)


def _keep(using: str, sheet: LicenceFile) -> LicenceFile:
    ordinal = _ordinal(using, f"licence_file {sheet.file}", sheet.ordinal)
    made = msgspec.structs.replace(sheet, ordinal=ordinal, at=deciding.moment(using))
    record(using, made)
    return made


def _no_file(using: str, file: str, by: int) -> StockRefused:
    return refuse(using, _sides("licence_file", by, 0), [refusal(StockCode.RECORD_UNKNOWN, current=file)])


def _ordinal(using: str, named: str, last: int) -> int:
    return next_ordinal(provinces.of(using).high_water, named, last)


def _sides(act: str, by: int, organisation: int) -> Sides:
    return Sides(act=act, by=by, organisation=organisation)
