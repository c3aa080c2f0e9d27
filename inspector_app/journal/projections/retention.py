"""What projections forget when private parts are removed at the end of their retention.

The rows stay, with everything that was public; what came from the private part turns NULL, exactly as a rebuild without
it leaves it. The columns are shown as 已按保存期限清除.
"""

from __future__ import annotations

from inspector_app.journal.projections.certificates import CONTENT_COLUMNS, PARTY_COLUMNS
from inspector_app.journal.projections.corrections import VALUE_COLUMNS
from inspector_app.journal.projections.rows import Rows
from inspector_app.journal.projections.tables import TABLES

DECLARED_COLUMNS = (
    "owner_name",
    "owner_phone",
    "owner_address",
    "origin_place",
    "pond",
    "destination_place",
    "consignee",
    "permit",
    "remarks",
)
"""What a producer says of people and places, at the counter or online: the columns of both kinds of declaration."""

PERSONAL: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("parties", "ref", ("name", "phone", "address", "permit")),
    ("declarations", "ref", DECLARED_COLUMNS),
    ("declarations", "decided_ref", ("decision_note",)),
    ("declarations", "accepted_ref", ("acceptance_note",)),
    ("inspections", "ref", ("batch", "place", "note")),
    ("samples", "ref", ("note",)),
    ("certificates", "ref", PARTY_COLUMNS),
    ("certificates", "void_ref", ("void_note",)),
    ("certificates", "handed_over_ref", ("late_note",)),
    ("notices", "ref", ("owner_name", "owner_phone")),
    ("notices", "void_ref", ("void_note",)),
    ("notices", "handed_over_ref", ("late_note",)),
    ("prints", "released_ref", ("note",)),
    ("corrections", "ref", VALUE_COLUMNS),
    ("losses", "ref", ("note",)),
    ("loss_steps", "ref", ("name", "note")),
    ("taken_in", "ref", ("note",)),
    ("found_numbers", "ref", ("note",)),
    ("owner_notices", "ref", ("note",)),
    ("stocktakes", "ended_ref", ("note",)),
    ("custody_cases", "ref", ("note",)),
    ("custody_cases", "concluded_ref", ("conclusion_note",)),
    ("stores", "described_ref", ("note",)),
    ("store_checks", "ref", ("note",)),
    ("visits", "ref", ("official", "unit", "note")),
    ("rectifications", "ref", ("note",)),
    ("openings", "ref", ("note",)),
)
"""Table, the column that names the entry, and the columns its private part filled."""


STAFF = {"grants": ("name", "name_en")}
"""Names the province publishes itself: no private part, but personal all the same."""


def public_columns(table: str) -> tuple[str, ...]:
    """The columns of a table in which nothing personal stands, in their order; KeyError for a table there is not."""
    personal = {column for name, _entry, columns in PERSONAL if name == table for column in columns}
    personal |= {*DECLARED_COLUMNS, *PARTY_COLUMNS, *STAFF.get(table, ())}
    return tuple(column for column in TABLES[table].columns if column not in personal)


def forget(ref: str, rows: Rows) -> None:
    """Turn NULL what the private part of the entry ``ref`` (``<device>/<seq>``) had brought into the rows."""
    for table, entry, columns in PERSONAL:
        rows.update(table, {entry: ref}, dict.fromkeys(columns))
    # A print order brings a sister's whole certificate in its private part, until the sister's own entry arrives.
    for order in rows.many("print_orders", ref=ref):
        brought = dict.fromkeys((*CONTENT_COLUMNS, *PARTY_COLUMNS))
        rows.update("certificates", {"number": order["number"], "key": None}, brought)
