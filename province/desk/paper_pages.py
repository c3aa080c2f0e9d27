"""M11 作废·补打: rates of voids and further prints, and the sheets still to be collected."""

from __future__ import annotations

from django.http import HttpResponse

from inspector_app.clock import legal_date
from inspector_app.domain.days import after_months
from inspector_app.domain.numerals import iso_date
from province.databases import DEFAULT
from province.desk.forms import ActForm, day
from province.desk.rates import MOST_SHEETS, Rate, rates, sheets_out
from province.desk.showing import Cell, Section, Table, chip, number, show, text
from province.desk.visitor import Visitor, desk_page

MUCH_PERCENT = 5
"""Voids and replacements above this share of a vet's certificates are marked for a look; no rule follows from it."""


class PeriodForm(ActForm):
    """A period of legal days."""

    act = "show_period"
    first = day()
    last = day()

    def __init__(self, visitor: Visitor, first: str, last: str) -> None:
        super().__init__(visitor.language, {"first": first, "last": last})
        self.method = "get"


@desk_page()
def papers(visitor: Visitor) -> HttpResponse:
    """Rates over a period, the last three months unless another is asked for."""
    first, last = period(visitor)
    form = PeriodForm(visitor, first, last)
    return show(visitor, "papers", visitor.say("menu_papers"), [_rates(visitor, form, first, last), _out(visitor)])


def period(visitor: Visitor) -> tuple[str, str]:
    """First and last day asked for; what is no day is passed over."""
    last = _day(visitor, "last", visitor.today)
    return _day(visitor, "first", after_months(visitor.today, -3, days=1)), last


def _day(visitor: Visitor, name: str, default: str) -> str:
    asked = visitor.request.GET.get(name, "")
    try:
        return iso_date(asked).isoformat()
    except ValueError:
        return default


def _rates(visitor: Visitor, form: ActForm, first: str, last: str) -> Section:
    names = ("station", "vet", "issued", "voided", "replaced", "ended_rate", "further_prints", "further_rate")
    found = rates(DEFAULT, first, last)
    rows = [_rate(visitor, one) for one in found]
    head = [visitor.say(f"col_{name}") for name in names]
    return Section(
        title=visitor.say("rates", first=first, last=last),
        note=visitor.say("rates_note"),
        form=form,
        table=Table(head=head, rows=rows, empty=visitor.say("nothing_issued")),
    )


def _rate(visitor: Visitor, one: Rate) -> list[Cell]:
    return [
        text(visitor.station(one.station)),
        text(visitor.who(one.vet)),
        number(one.issued),
        number(one.voided),
        number(one.replaced),
        _share(one.ended_percent),
        number(one.further_prints),
        _share(one.further_percent),
    ]


def _share(percent: int) -> Cell:
    tone = "notice" if percent > MUCH_PERCENT else ""
    return Cell(text=f"{percent} %", tone=tone, share=min(percent, 100), right=True)


def _out(visitor: Visitor) -> Section:
    found = sheets_out(DEFAULT)
    names = ("number", "print", "sheet", "station", "vet", "state", "since")
    rows = [
        [
            text(row["number"]),
            number(int(row["print"] or 0)),
            number(int(row["sheet"] or 0)),
            text(visitor.station(row["station"])),
            text(visitor.who(row["vet"])),
            chip(visitor.term("state", row["state"]), "stop" if row["state"] == "voided" else "unknown"),
            text(legal_date(int(row["void_at"] or 0)) if row["void_at"] else ""),
        ]
        for row in found
    ]
    head = [visitor.say(f"col_{name}") for name in names]
    note = visitor.say("first_only", count=MOST_SHEETS) if len(found) == MOST_SHEETS else visitor.say("sheets_out_note")
    return Section(
        title=visitor.say("sheets_out", count=len(found)),
        note=note,
        table=Table(head=head, rows=rows, empty=visitor.say("no_sheets_out")),
    )
