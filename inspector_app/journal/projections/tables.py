"""The tables everything a person sees is read from; they are never migrated but rebuilt (``VERSION``).

Columns are TEXT or INTEGER; a column that holds something personal comes from an entry's private part and turns NULL
when that part is removed at the end of its retention (:mod:`inspector_app.journal.projections.retention`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

LOGIC = 8
"""Raised whenever a projection writes other rows than before for the same entries; the tables speak for themselves."""


class Table(msgspec.Struct, frozen=True):
    """One table: its columns (name → TEXT or INTEGER), key columns and further indexes."""

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()


def _table(name: str, key: str, text: str, integer: str = "", *indexes: str) -> Table:
    columns = dict.fromkeys(text.split(), "TEXT") | dict.fromkeys(integer.split(), "INTEGER")
    return Table(name, columns, tuple(key.split()), tuple(tuple(index.split()) for index in indexes))


_BATCH = "species value scale unit"

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table("journals", "device", "device root province name", "station"),
        _table("parties", "ref", "ref device role name phone address permit", "area at"),
        _table(
            "declarations",
            "ref",
            "ref device state owner channel online stage inspect_on reason short_notice decided_ref decision_note "
            "accepted_ref acceptance_note "
            "holder owner_name owner_phone owner_address origin_place pond destination_place consignee permit remarks",
            f"{_BATCH} purpose origin destination wild declared_at departs_at recorded_at recorded_by "
            "decided_at decided_by accepted_at accepted_by",
            "state",
        ),
        _table(
            "case_moves",
            "declaration turn giver",
            "declaration giver device act ref bundle uses received_ref",
            "turn at by received_at",
        ),
        _table(
            "online_declarations",
            "online",
            "online stage owner_name owner_phone owner_address origin_place pond destination_place consignee "
            "permit remarks declaration",
            f"station declared_at {_BATCH} purpose origin destination wild departs_at",
        ),
        _table(
            "inspections",
            "ref",
            "ref device declaration stage catalogue checks failings findings suspected measurements conclusion "
            "quantity_reason attachments batch place note",
            f"vet {_BATCH} started_at ended_at history_clean",
            "declaration",
        ),
        _table(
            "samples",
            "ref",
            "ref device inspection code preservation diseases sent_on attachments note",
            "individuals laboratory taken_at",
            "inspection",
        ),
        _table(
            "results",
            "ref",
            "ref device sample inspection report_no reported_on outcomes attachments",
            "laboratory",
            "inspection",
        ),
        _table("photographs", "ref", "ref device about", "pictures by at", "about"),
        _table("attachments", "ref name", "ref device name", "seq", "device name"),
        _table("excuses", "ref", "ref device number reason kind", "by at", "number"),
        _table("draws", "draw", "draw scheme kind first last previous", "station holder issued_at turn"),
        _table(
            "blocks",
            "block",
            "block draw scheme kind first last device",
            "holder ordinal size issued_at expires",
            "draw",
        ),
        _table("block_requests", "ref", "ref device kind", "wanted emergency at"),
        _table("numbers", "number block", "number scheme kind digits block state ended_by", "", "block state digits"),
        _table(
            "certificates",
            "number",
            "number kind digits ref device state declaration inspection stage issued_on medium form replaces "
            "replaced_by key void_ref void_reason void_note handed_over_ref late_reason late_note plate_reason "
            "owner_name owner_phone origin_place destination_place consignee carrier plate print_device",
            f"{_BATCH} purpose origin destination vet grant_ordinal station issued_at departs_at expires_at "
            "current_print handed_over_at handed_over_recorded_at void_at void_by offline",
            "inspection",
            "issued_on",
            "declaration",
            "ref",
        ),
        _table(
            "notices",
            "number",
            "number kind digits ref device state declaration inspection stage issued_on method owner_name owner_phone "
            "void_ref void_reason void_note handed_over_ref late_reason late_note",
            f"{_BATCH} vet station issued_at handed_over_at handed_over_recorded_at void_at void_by",
            "issued_on",
            "ref",
        ),
        _table(
            "prints",
            "number print",
            "number state credential reason released_ref note",
            "print released_by released_at",
        ),
        _table(
            "attempts",
            "ref",
            "ref device number printer medium form file outcome source",
            "print attempt sheets submitted_at ended_at by",
            "number print",
            "outcome",
        ),
        _table("sheets", "number print sheet", "number state device category box", "print sheet at filed"),
        _table(
            "sheet_moves",
            "ref number print sheet device",
            "ref number device flow state day",
            "print sheet at by",
            "day",
        ),
        _table("taken_in", "ref", "ref device number reason source note", "sheet by at", "number"),
        _table("hand_ins", "ref", "ref device receiver slip", "sheets at by"),
        _table(
            "hand_in_counts",
            "receipt",
            "receipt hand_in missing day",
            "station organisation location counted by at",
            "hand_in",
        ),
        _table(
            "write_offs",
            "ref",
            "ref device number unlawful findings mismatches",
            "print suspect at by",
            "number print",
        ),
        _table(
            "destructions",
            "ref",
            "ref device state method planned_on form reason back_ref destroyed_ref destroyed_on",
            "counted at by suspected back_at destroyed_at destroyed_by supervisor destroyed_count",
            "state",
        ),
        _table(
            "destruction_sheets",
            "request number print sheet",
            "request number",
            "print sheet",
            "number print sheet",
        ),
        _table("destruction_steps", "ref step", "ref step request", "person on_paper at", "request"),
        _table("print_orders", "number", "number ref from_device to_device state", "at"),
        _table(
            "days",
            "device date",
            "device date ref hash head sheet",
            "ordinal closed_by closed_at equations_hold waiting closing_sheets",
        ),
        _table("acts", "ref", "ref kind device subject confirm_ref form", "by at confirmed_by confirmed_at", "subject"),
        _table(
            "corrections",
            "ref",
            "ref number device fields reason owner_phone carrier carrier_phone plate agency_phone remarks note",
            "at by",
            "number",
        ),
        _table(
            "losses",
            "ref",
            "ref device what number block draw kind first last cause found_out_on note",
            "print sheet at by",
            "block",
            "draw",
        ),
        _table("loss_steps", "ref", "ref loss device step to_whom code cause day files name note", "at by", "loss"),
        _table("found_numbers", "ref", "ref device block draw first last found_on note", "at by", "block", "draw"),
        _table("owner_notices", "ref", "ref number device means note", "told_at at by", "number"),
        _table(
            "stocktakes",
            "ref",
            "ref device purpose kinds lines store state ended_ref differences reason note",
            "opened_by opened_at explained ended_by ended_at",
            "state",
        ),
        _table(
            "stock_counts",
            "ref",
            "ref device stocktake shelf kind ranges means",
            "seq pages anew by at",
            "stocktake",
        ),
        _table(
            "custody_cases",
            "ref",
            "ref device kind about form first last state opened_on due_on note "
            "concluded_ref cause conclusion conclusion_note",
            "opened_by opened_at concluded_by concluded_at",
            "state",
        ),
        _table("successions", "ref", "ref device earlier hash", "seq by at", "earlier"),
        _table("branch_papers", "ref", "ref device earlier hash number block", "seq", "earlier", "number"),
        _table("store_keepers", "ref", "ref device store previous stocktake", "station keeper by at", "station store"),
        _table(
            "stores",
            "station store",
            "store ref sort measures described_ref note",
            "station keeper since described_at",
        ),
        _table(
            "store_checks",
            "ref",
            "ref device store findings attachments no_picture note",
            "station by at",
            "station store",
        ),
        _table("draw_receipts", "ref", "ref draw device store", "by at", "draw"),
        _table(
            "visits",
            "ref",
            "ref device visited_on findings rectify_by ledgers attachments no_picture official unit note",
            "station organisation blocks_hold sheets_hold open_cases by at",
        ),
        _table("rectifications", "ref", "ref device visit findings attachments note", "by at", "visit"),
        _table("openings", "ref", "ref device source store note", "lines by at"),
        _table("opening_lines", "ref line", "ref what form first last state since", "line pages"),
        _table(
            "grants",
            "person ordinal",
            "name name_en posts kinds filings",
            "person ordinal station valid_from valid_until",
        ),
        _table("person_keys", "key_id", "key_id device key", "person suite valid_from valid_until published"),
        _table("devices", "device", "device name key box_key state", "ordinal station suite"),
        _table("stations", "station", "name name_en phone agency address", "station ordinal area"),
        _table("licences", "device valid_from", "device", "station valid_from valid_until"),
        _table("leases", "device", "device accepted_hash", "granted_at issue_until accepted_seq"),
        _table("policies", "version", "version body", "issued_at"),
        _table("forms", "form version", "form version sha256", "valid_from"),
        _table("pulls", "device", "device epoch", "last"),
        _table("verdicts", "device seq", "device code owner due_on", "seq followed holds given_at"),
        _table("relayed", "ref", "ref device hash pulled_ref", "seq pulled_at"),
        _table(
            "organisations",
            "organisation",
            "name line level filing category filed_from filed_until",
            "organisation ordinal superior area station head deputy legal by at",
        ),
        _table("stock_locations", "organisation location", "name", "organisation location ordinal keeper by at"),
        _table(
            "stock_endings",
            "ending",
            "ending kind ranges how cause day due_on shipment state case_cause conclusion",
            "organisation location count ended by at head concluded_by concluded_at",
            "state",
        ),
        _table(
            "stock_end_asks",
            "ask",
            "ask kind ranges cause method planned_on state reason ending destroyed_on picture "
            "due_on case_state case_cause conclusion",
            "organisation location count ended by at suspected reviewed_by supervisor concluded_by concluded_at",
            "state",
        ),
        _table(
            "stock_end_steps",
            "record step",
            "record step ask signed_on picture",
            "person on_paper by at confirmed_by",
            "ask",
        ),
        _table(
            "store_notices",
            "ending",
            "ending notice drawn_on medium published_on picture",
            "drawn_by drawn_at published_by published_at",
        ),
        _table(
            "store_reports",
            "ending to_whom",
            "ending to_whom report drawn_on sent_on sent_picture acknowledged_on acknowledged_picture",
            "addressee drawn_by drawn_at sent_by sent_at acknowledged_by acknowledged_at",
        ),
        _table(
            "register_asks",
            "ask",
            "ask register subject wish state",
            "organisation ordinal by at agreed_by agreed_at answered_by answered_at",
            "state",
        ),
        _table(
            "store_counts",
            "count",
            "count kind surplus ending day due_on state case_cause conclusion",
            "organisation location expected counted surplus_count by at confirmed_by confirmed_at "
            "concluded_by concluded_at",
            "state",
        ),
        _table(
            "store_hand_overs",
            "organisation location ordinal",
            "counted",
            "organisation location ordinal previous keeper by at",
        ),
        _table(
            "stock_moves",
            "record flow line",
            "record flow kind first last day",
            "line organisation location count counterpart ended by at",
            "organisation kind",
            "kind",
        ),
        _table(
            "orders",
            "order_no",
            "order_no kind day month reason ask",
            "organisation superior wanted late approved_by by at",
        ),
        _table(
            "distributions",
            "distribution",
            "distribution kind scheme ranges day order_no reason ask ledger received_on",
            "giver location receiver count paper approved_by by at received_by received_at",
            "receiver",
        ),
        _table(
            "stock_approvals",
            "ask",
            "ask act kind ranges day order_no reason ledger state record",
            "organisation location counterpart count paper by at answered_by answered_at",
            "state",
        ),
        _table(
            "stock_returns",
            "record",
            "record kind ranges reason day ledger received_on",
            "giver location receiver station count ended by at received_by received_at",
            "station",
        ),
        _table(
            "fees",
            "fee",
            "fee distribution invoice day settled_on",
            "payer payee amount_fen paid_fen by at",
            "payer",
        ),
        _table("fee_payments", "fee receipt", "fee receipt day", "amount_fen by at"),
        _table(
            "draw_asks",
            "ask",
            "ask kind first last reason emergency ledger state draw",
            "giver location station holder by at answered_by answered_at",
            "state",
        ),
        _table(
            "draw_decisions",
            "draw",
            "draw reason emergency ask ledger",
            "giver location receiver recent coming cap unused by head at",
        ),
        _table("seals", "seal ordinal", "seal impression since until", "ordinal organisation holder by at"),
        _table(
            "licence_files",
            "file",
            "file licence opened_on cancelled_on removed_on",
            "ordinal organisation by at",
        ),
        _table("visit_plans", "plan", "plan day seed pool drawn", "organisation by at"),
        _table("set_aside", "ref", "ref kind"),
    )
}


def create_sql(table: Table, name: str, schema: str = "") -> list[str]:
    """The statements that make the table under ``name`` (``doctor`` rebuilds under other names, and elsewhere)."""
    columns = ", ".join(f"{column} {kind}" for column, kind in table.columns.items())
    statements = [
        f"CREATE TABLE {schema}{name} ({columns}, PRIMARY KEY ({', '.join(table.key)})) STRICT, WITHOUT ROWID"
    ]
    for columns_of in table.indexes:
        statements.append(f"CREATE INDEX {schema}{name}_{'_'.join(columns_of)} ON {name} ({', '.join(columns_of)})")
    return statements


def version(kinds: Iterable[str]) -> int:
    """The version of projections made by these tables and this logic from entries of these kinds.

    A program that knows a kind the last one did not, or another column, rebuilds when it opens the home.
    """
    said = [LOGIC, sorted(kinds), *TABLES.values()]
    return int.from_bytes(hashlib.sha256(msgspec.json.encode(said)).digest()[:6], "big")
