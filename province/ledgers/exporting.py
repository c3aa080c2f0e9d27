"""``province export``: every projection in plain columns without personal parts, and a list of the documents.

For whoever has to go on without this program: CSV, UTF-8 with BOM, one file a table, and a page that says what stands
in which column.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from inspector_app.clock import moment_text
from inspector_app.domain.spreadsheets import as_csv
from inspector_app.errors import StationError
from inspector_app.journal.feed import RELAYED
from inspector_app.journal.projections import TABLES
from inspector_app.journal.projections.retention import public_columns
from province import provinces
from province.custody.models import RefusedRequest
from province.journal.feed import rows_after
from province.journal.models import State
from province.journal.rows import DjangoRows
from province.numbers.models import Stock
from province.texts import word
from province.violations import Violation, violations

README = "README.md"
DOCUMENTS = "documents.csv"
VIOLATIONS, REFUSED, STOCK = "violations.csv", "refused_requests.csv", "stock.csv"
"""What stands in no projection: reckoned when it is asked for, or kept by the server itself."""
STOCK_COLUMNS = ("kind", "scheme", "first", "last", "source", "received_at")
REFUSED_COLUMNS = ("at", "act", "by", "organisation", "counterpart", "kind", "codes")
DOCUMENT_COLUMNS = ("cursor", "epoch", "kind", "station", "device", "held_back", "entry", "at", "bytes", "sha256")


def export(using: str, folder: Path) -> dict[str, Any]:
    """Write everything into ``folder``, made if need be; says how many rows each file holds.

    StationError ``file_unreadable`` where the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StationError("file_unreadable", name=folder.name) from error
    counts = {name: _write_table(using, folder, name) for name in TABLES}
    registers = {name: _write(folder, name, *read(using)) for name, read in REGISTERS.items()}
    documents = list(_documents(using))
    (folder / DOCUMENTS).write_bytes(as_csv(DOCUMENT_COLUMNS, documents))
    (folder / README).write_text(_readme(using, counts, registers, len(documents)), "utf-8")
    return {"folder": str(folder), "tables": counts, "registers": registers, "documents": len(documents)}


def _write_table(using: str, folder: Path, name: str) -> int:
    columns = public_columns(name)
    rows = DjangoRows(using).many(name)
    content = as_csv(columns, ([row[column] for column in columns] for row in rows))
    (folder / f"{name}.csv").write_bytes(content)
    return len(rows)


Register = tuple[Sequence[str], list[Sequence[object]]]
"""Columns and rows."""


def _write(folder: Path, name: str, columns: Sequence[str], rows: list[Sequence[object]]) -> int:
    (folder / name).write_bytes(as_csv(columns, rows))
    return len(rows)


def _violations(using: str) -> Register:
    columns = Violation.__struct_fields__
    return columns, [[getattr(one, name) for name in columns] for one in violations(using)]


def _refused(using: str) -> Register:
    found = RefusedRequest.objects.using(using).order_by("pk")
    return REFUSED_COLUMNS, list(found.values_list(*REFUSED_COLUMNS))


def _stock(using: str) -> Register:
    return STOCK_COLUMNS, list(Stock.objects.using(using).order_by("low").values_list(*STOCK_COLUMNS))


REGISTERS: dict[str, Callable[[str], Register]] = {VIOLATIONS: _violations, REFUSED: _refused, STOCK: _stock}


def _documents(using: str) -> Iterator[tuple[object, ...]]:
    """What the province told, in its order; an entry's bytes hold names, so of those there is only the place."""
    for row, content in rows_after(using, 0):
        entry = f"{row.entry_device}/{row.entry_seq}" if row.entry_device else ""
        sealed = content if row.kind != RELAYED and content is not None else b""
        digest = hashlib.sha256(sealed).hexdigest() if sealed else ""
        told = (row.cursor, row.epoch, row.kind, row.station, row.device, int(row.held_back), entry, row.at)
        yield (*told, len(sealed), digest)


def _readme(using: str, counts: dict[str, int], registers: dict[str, int], documents: int) -> str:
    state, now = State.objects.using(using).get(only=1), provinces.of(using).clock.now().at
    lines = [f"# {state.name} {state.province} · {moment_text(now)} (UTC+8)", ""]
    for language in ("zh", "en"):
        lines += [word("export", "about", language), ""]
    for name, count in counts.items():
        lines += [f"## {name}.csv ({count})", "", *_columns(name), ""]
    for name, count in registers.items():
        lines += [f"## {name} ({count})", "", *(f"- {one}" for one in REGISTERS[name](using)[0]), ""]
    return "\n".join([*lines, f"## {DOCUMENTS} ({documents})", "", *(f"- {one}" for one in DOCUMENT_COLUMNS), ""])


def _columns(name: str) -> list[str]:
    spec, kept = TABLES[name], public_columns(name)
    written = [f"- {one}: {spec.columns[one]}{' (key)' if one in spec.key else ''}" for one in kept]
    left_out = [one for one in spec.columns if one not in kept]
    return [*written, *([f"- 未导出 left out: {', '.join(left_out)}"] if left_out else [])]
