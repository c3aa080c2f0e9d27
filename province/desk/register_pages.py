"""Registers (登记簿): organisations, stores with their keepers, seals, licence files; and next year's cost estimate.

They are read here, and every line leads to the page where its change is asked for
(:mod:`province.desk.register_change_pages`): what stands in them is changed by signed documents alone.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from inspector_app.domain.organisations import Line
from inspector_app.domain.stock import yuan
from inspector_app.domain.usage import EstimateLine
from inspector_app.journal.projections import Row
from province.custody.using import estimate as estimate_of
from province.databases import DEFAULT
from province.desk import register_change_pages
from province.desk.forms import ActForm, WholeNumber, choice
from province.desk.showing import Cell, Link, Section, Table, chip, csv_answer, number, show, text
from province.desk.visitor import Visitor, desk_page, whole_number
from province.journal.rows import DjangoRows

REGISTERS = ("organisations", "stores", "seals", "licences")
ESTIMATE_HEAD = ("kind", "used_in_year", "unit_price", "amount_yuan")
SHORT = 12
"""So many digits of an impression's SHA-256 tell it from every other at a glance."""


@desk_page()
def registers(visitor: Visitor) -> HttpResponse:
    """One register, or with ``format=csv`` all of it as a file."""
    asked = visitor.request.GET.get("register", "")
    chosen = asked if asked in REGISTERS else REGISTERS[0]
    names, lines = _READ[chosen](visitor)
    head = [visitor.say(f"col_{name}") for name in names]
    if visitor.request.GET.get("format") == "csv":
        return csv_answer(chosen, head, ([cell.text for cell in line] for line in lines))
    new = Link(reverse(f"desk-register-{chosen}-new"), visitor.say(f"go_register_{chosen}"))
    section = Section(
        note=visitor.say(f"register_note_{chosen}"),
        table=Table(head=head, rows=lines, empty=visitor.say("register_empty")),
        links=[new, Link(f"?{urlencode({'register': chosen, 'format': 'csv'})}", visitor.say("save_csv"))],
    )
    sections = [section, *register_change_pages.waiting(visitor, chosen)]
    return show(visitor, "registers", visitor.say("menu_registers"), sections, tabs=tabs(visitor, chosen))


def tabs(visitor: Visitor, chosen: str) -> list[Link]:
    """The registers and the estimate side by side."""
    here = reverse("desk-registers")
    found = [Link(f"{here}?register={one}", visitor.say(f"tab_{one}"), one == chosen) for one in REGISTERS]
    return [*found, Link(reverse("desk-estimate"), visitor.say("tab_estimate"), chosen == "estimate")]


Lines = tuple[tuple[str, ...], list[list[Cell]]]


def _organisations(visitor: Visitor) -> Lines:
    names = ("number", "organisation", "line", "level", "superior", "area", "headed_by", "filing")
    rows = DjangoRows(DEFAULT).many("organisations")
    return names, [_organisation(visitor, row) for row in rows]


def _organisation(visitor: Visitor, row: Row) -> list[Cell]:
    term = f"{row['filed_from']} – {row['filed_until'] or ''}" if row["filed_from"] else ""
    return [
        text(row["organisation"], link=reverse("desk-register-organisations", args=[row["organisation"]])),
        text(row["name"], note=visitor.station(row["station"]) if row["station"] else ""),
        text(visitor.say(f"line_{row['line']}")),
        text(visitor.say(f"level_{row['level']}")),
        text(visitor.organisation(row["superior"]) if row["superior"] else ""),
        text(row["area"]),
        text(visitor.who(row["head"]), note=_others(visitor, row)),
        text(row["filing"], note=term),
    ]


def _others(visitor: Visitor, row: Row) -> str:
    """The two who agree to a destruction beside the head."""
    named = (("step_deputy", row["deputy"]), ("step_legal", row["legal"]))
    return "\u3000".join(f"{visitor.say(post)} {visitor.who(person)}" for post, person in named if person)


def _stores(visitor: Visitor) -> Lines:
    rows = DjangoRows(DEFAULT).many("stock_locations")
    return ("organisation", "store", "keeper", "named_by"), [_store(visitor, row) for row in rows]


def _store(visitor: Visitor, row: Row) -> list[Cell]:
    return [
        text(visitor.organisation(row["organisation"])),
        text(f"{row['name']} · {row['location']}", link=_to_store(row)),
        text(visitor.who(row["keeper"])),
        text(visitor.who(row["by"])),
    ]


def _to_store(row: Row) -> str:
    return reverse("desk-register-stores", args=[row["organisation"], row["location"]])


def _seals(visitor: Visitor) -> Lines:
    """Every sheet of every seal, so that who held it when can be read."""
    rows = DjangoRows(DEFAULT).many("seals")
    newest = {row["seal"]: row["ordinal"] for row in rows}
    names = ("seal", "organisation", "holder", "impression", "since", "until", "state")
    return names, [_seal(visitor, row, newest=newest[row["seal"]] == row["ordinal"]) for row in rows]


def _seal(visitor: Visitor, row: Row, *, newest: bool) -> list[Cell]:
    return [
        text(row["seal"], link=reverse("desk-register-seals", args=[row["seal"]]) if newest else ""),
        text(visitor.organisation(row["organisation"])),
        text(visitor.who(row["holder"]) or visitor.say("with_the_keeper")),
        text(str(row["impression"])[:SHORT]),
        text(row["since"]),
        text(row["until"]),
        _state(visitor, row) if newest else chip(visitor.say("seal_superseded"), "unknown"),
    ]


def _state(visitor: Visitor, row: Row) -> Cell:
    """Whether a seal is in force today."""
    if row["until"] and str(row["until"]) < visitor.today:
        return chip(visitor.say("seal_ended"), "unknown")
    if str(row["since"]) > visitor.today:
        return chip(visitor.say("seal_to_come"), "info")
    return chip(visitor.say("seal_in_force"), "good")


def _licences(visitor: Visitor) -> Lines:
    rows = DjangoRows(DEFAULT).many("licence_files")
    names = ("file", "licence", "organisation", "opened_on", "cancelled_on", "removed_on")
    return names, [_licence(visitor, row) for row in rows]


def _licence(visitor: Visitor, row: Row) -> list[Cell]:
    days = [text(row[name]) for name in ("opened_on", "cancelled_on", "removed_on")]
    file = text(row["file"], link=reverse("desk-register-licences", args=[row["file"]]))
    return [file, text(row["licence"]), text(visitor.organisation(row["organisation"])), *days]


_READ: dict[str, Callable[[Visitor], Lines]] = {
    "organisations": _organisations,
    "stores": _stores,
    "seals": _seals,
    "licences": _licences,
}


# --- the estimate ---------------------------------------------------------------------------------------------------


class EstimateForm(ActForm):
    """Whose estimate, from the use of which year."""

    act = "show_estimate"
    organisation = choice()
    year = WholeNumber()

    def __init__(self, visitor: Visitor, organisation: int, year: int) -> None:
        super().__init__(visitor.language, {"organisation": str(organisation), "year": str(year)})
        self.method = "get"
        self.offer("organisation", institutions(visitor), none=False)


def institutions(visitor: Visitor) -> list[tuple[int, str]]:
    """The institutions above the stations."""
    found = visitor.organisations.items()
    return [(one, str(row["name"])) for one, row in found if not row["station"] and row["line"] == Line.INSTITUTION]


@desk_page()
def estimate(visitor: Visitor) -> HttpResponse:
    """The cost estimate (工本费预算) for the year after, to print or as CSV (GX-2014 Art. 14)."""
    organisation, year = _asked(visitor)
    lines = estimate_of(DEFAULT, organisation, year) if organisation else []
    if visitor.request.GET.get("format") == "csv":
        head = [visitor.say(f"col_{name}") for name in ESTIMATE_HEAD]
        return csv_answer(f"estimate-{organisation}-{year + 1}", head, (_csv_line(visitor, one) for one in lines))
    form = Section(form=EstimateForm(visitor, organisation, year), wide=False)
    sections = [form, _estimate(visitor, organisation, year, lines)]
    return show(visitor, "registers", visitor.say("menu_registers"), sections, tabs=tabs(visitor, "estimate"))


def _asked(visitor: Visitor) -> tuple[int, int]:
    """The institution and year asked for; the first one and this year where that is neither."""
    offered = [one for one, _name in institutions(visitor)]
    asked = whole_number(visitor.request.GET.get("organisation", ""))
    this_year = int(visitor.today[:4])
    year = whole_number(visitor.request.GET.get("year", ""), this_year)
    organisation = asked if asked in offered else next(iter(offered), 0)
    return organisation, year if 2000 <= year <= this_year else this_year


def _estimate(visitor: Visitor, organisation: int, year: int, lines: list[EstimateLine]) -> Section:
    head = [visitor.say(f"col_{name}") for name in ESTIMATE_HEAD]
    rows = [[text(visitor.kind(one.kind)), number(one.used), *_money(one)] for one in lines]
    total = [text(visitor.say("total")), number(sum(one.used for one in lines)), text(""), _yuan(sum_of(lines))]
    query = urlencode({"organisation": organisation, "year": year, "format": "csv"})
    name = visitor.organisation(organisation) if organisation else ""
    return Section(
        title=visitor.say("estimate_of", organisation=name, year=year + 1),
        note=visitor.say("estimate_note", year=year),
        table=Table(head=head, rows=[*rows, total] if rows else [], empty=visitor.say("estimate_empty")),
        links=[Link(f"?{query}", visitor.say("save_csv"))],
    )


def _money(line: EstimateLine) -> list[Cell]:
    return [_yuan(line.unit_price_fen), _yuan(line.amount_fen)]


def _yuan(fen: int) -> Cell:
    return Cell(text=yuan(fen), right=True)


def sum_of(lines: list[EstimateLine]) -> int:
    """The whole estimate, in fen."""
    return sum(one.amount_fen for one in lines)


def _csv_line(visitor: Visitor, one: EstimateLine) -> tuple[object, ...]:
    return visitor.kind(one.kind), one.used, yuan(one.unit_price_fen), yuan(one.amount_fen)
