"""Entries and documents turned into rows. A projection never reads clock, locale, randomness or a file."""

from inspector_app.journal.projections import (
    authority,
    blanks,
    ceremony,
    certificates,
    corrections,
    custody,
    custody_cases,
    declarations,
    destruction,
    hand_ins,
    inspections,
    losses,
    openings,
    photographs,
    prints,
    sheet_custody,
    stock,
    stock_endings,
    stocktakes,
    stores,
    supervision,
    visit_plans,
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
    "blanks",
    "ceremony",
    "certificates",
    "corrections",
    "create_sql",
    "custody",
    "custody_cases",
    "declarations",
    "destruction",
    "forget",
    "hand_ins",
    "inspections",
    "losses",
    "openings",
    "photographs",
    "prints",
    "project",
    "project_document",
    "projected",
    "stock",
    "stock_endings",
    "stocktakes",
    "stores",
    "supervision",
    "sheet_custody",
    "visit_plans",
]
