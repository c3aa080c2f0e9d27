"""Entries and documents turned into rows. A projection never reads clock, locale, randomness or a file."""

from inspector_app.journal.projections import (
    authority,
    ceremony,
    certificates,
    custody,
    declarations,
    destruction,
    inspections,
    prints,
    sheet_custody,
)
from inspector_app.journal.projections.registry import project, project_document, projected
from inspector_app.journal.projections.retention import forget
from inspector_app.journal.projections.rows import Row, Rows, Value
from inspector_app.journal.projections.tables import TABLES, Table, create_sql, version

VERSION = version(shape.KIND for shape in projected())

__all__ = [
    "TABLES",
    "VERSION",
    "Row",
    "Rows",
    "Table",
    "Value",
    "authority",
    "ceremony",
    "certificates",
    "create_sql",
    "custody",
    "declarations",
    "destruction",
    "forget",
    "inspections",
    "prints",
    "project",
    "project_document",
    "projected",
    "sheet_custody",
]
