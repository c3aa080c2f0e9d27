"""Changing a register: one person asks, a second agrees here or later, the authority key carries it out.

Licence files need no authority key: their keeper changes them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspector_app.clock import moment_text
from inspector_app.domain.register_changes import OrganisationAsked, RegisterState, StoreAsked, Wish
from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.register_changes import wish_of
from province.custody import registering, seals
from province.databases import DEFAULT
from province.desk.acting import attempt, seconded_by
from province.desk.document_pages import field_label, field_value
from province.desk.forms import ActForm, press
from province.desk.register_forms import CancelForm, LicenceForm, OrganisationForm, SealForm, StoreForm
from province.desk.showing import Button, Cell, Fact, Link, Section, Table, chip, show, text
from province.desk.visitor import Visitor, desk_page, whole_number
from province.journal.rows import DjangoRows

WishForm: TypeAlias = OrganisationForm | StoreForm | SealForm
TONES = {
    RegisterState.ASKED: "notice",
    RegisterState.AGREED: "info",
    RegisterState.CARRIED_OUT: "good",
    RegisterState.DROPPED: "unknown",
}
SHOWN = 20


def waiting(visitor: Visitor, register: str) -> list[Section]:
    """What was asked for on one register, the latest first; nothing where nothing ever was."""
    rows = DjangoRows(DEFAULT).many("register_asks", order="at", register=register)[::-1][:SHOWN]
    if not rows:
        return []
    head = [visitor.say(f"col_{name}") for name in ("record", "subject", "state", "asked_by", "agreed_by", "moment")]
    lines = [_line(visitor, row) for row in rows]
    return [Section(title=visitor.say("register_asks"), table=Table(head=head, rows=lines))]


def _line(visitor: Visitor, row: Row) -> list[Cell]:
    return [
        text(row["ask"], link=reverse("desk-register-ask", args=[row["ask"]])),
        text(_subject(visitor, row)),
        _state(visitor, row),
        text(visitor.who(row["by"])),
        text(visitor.who(row["agreed_by"])),
        text(moment_text(int(row["at"] or 0))),
    ]


def _subject(visitor: Visitor, row: Row) -> str:
    """What is changed, by its name where the register has one."""
    if row["register"] == "seals":
        return str(row["subject"])
    wish = wish_of(row)
    if isinstance(wish, OrganisationAsked) and wish.sheet.organisation not in visitor.organisations:
        return f"{wish.sheet.name} {wish.sheet.organisation}"
    place = f" · {wish.sheet.location}" if isinstance(wish, StoreAsked) else ""
    return visitor.organisation(wish.sheet.organisation) + place


def _state(visitor: Visitor, row: Row) -> Cell:
    state = RegisterState(str(row["state"]))
    return chip(visitor.say(f"register_{state}"), TONES[state])


# --- asking ----------------------------------------------------------------------------------------------------------


@desk_page("GET", "POST")
def organisation(visitor: Visitor, number: int = 0) -> HttpResponse:
    """An organisation as it shall stand."""
    held = _held("organisations", organisation=number) if number else None
    return _ask(visitor, "organisations", OrganisationForm(visitor, held, _posted(visitor)))


@desk_page("GET", "POST")
def store(visitor: Visitor, number: int = 0, location: int = 0) -> HttpResponse:
    """A store as it shall stand."""
    held = _held("stock_locations", organisation=number, location=location) if number else None
    return _ask(visitor, "stores", StoreForm(visitor, held, _posted(visitor)))


@desk_page("GET", "POST")
def seal(visitor: Visitor, name: str = "") -> HttpResponse:
    """A seal as it shall stand."""
    rows = DjangoRows(DEFAULT).many("seals", seal=name) if name else []
    if name and not rows:
        raise Http404
    files = visitor.request.FILES or None
    return _ask(visitor, "seals", SealForm(visitor, rows[-1] if rows else None, _posted(visitor), files=files))


def _posted(visitor: Visitor) -> object:
    return visitor.request.POST if visitor.request.method == "POST" else None


def _held(table: str, **key: int) -> Row:
    row = DjangoRows(DEFAULT).one(table, **key)
    if row is None:
        raise Http404
    return row


def _ask(visitor: Visitor, register: str, form: WishForm) -> HttpResponse:
    if form.is_bound and form.is_valid():
        second = seconded_by(visitor, form)
        if second is not None:
            done: tuple[Wish, int] | None = attempt(visitor, form, lambda: _wished(visitor, form, second))
            if done is not None:
                return redirect("desk-register-ask", done[0].ask)
    note = visitor.say(f"note_register_{register}")
    back = Link(f"{reverse('desk-registers')}?register={register}", visitor.say("menu_registers"))
    sections = [Section(note=note, form=form, links=[back], wide=False)]
    changing = "change" if form.held is not None else "go"
    return show(visitor, "registers", visitor.say(f"{changing}_register_{register}"), sections)


def _wished(visitor: Visitor, form: WishForm, second: int) -> Wish | StockRefused:
    return registering.ask(DEFAULT, form.wish(visitor.person), second=second)


# --- one ask ---------------------------------------------------------------------------------------------------------


@desk_page("GET", "POST")
def asked(visitor: Visitor, record: str) -> HttpResponse:
    """What is to be changed, from what to what; the second person agrees or does not, who asked may take it back."""
    row = _ask_row(record)
    form = press(visitor.language)
    if visitor.request.method == "POST":
        act = registering.drop if "drop" in visitor.request.POST else registering.agree
        if attempt(visitor, form, lambda: act(DEFAULT, record, by=visitor.person)) is not None:
            return redirect("desk-register-ask", record)
    wish, status = wish_of(row), 409 if form.errors else 200
    title = visitor.say(f"change_register_{row['register']}")
    return show(
        visitor, "registers", title, [_facts(visitor, row, wish, form), _changes(visitor, row, wish)], status=status
    )


def _ask_row(record: str) -> Row:
    row = DjangoRows(DEFAULT).one("register_asks", ask=record)
    if row is None:
        raise Http404
    return row


def _facts(visitor: Visitor, row: Row, wish: Wish, form: ActForm) -> Section:
    state = RegisterState(str(row["state"]))
    agreed = f"{visitor.who(row['agreed_by'])} · {_moment(row['agreed_at'])}" if row["agreed_by"] else ""
    who_may = " / ".join(visitor.who(one) for one in registering.seconds(DEFAULT, wish)) or "—"
    facts = [
        Fact(visitor.say("col_record"), str(row["ask"])),
        Fact(visitor.say("col_subject"), _subject(visitor, row)),
        Fact(visitor.say("col_asked_by"), f"{visitor.who(row['by'])} · {_moment(row['at'])}"),
        Fact(visitor.say("col_agreed_by"), agreed or visitor.say("agrees_next", who=who_may)),
        Fact(visitor.say("col_state"), visitor.say(f"register_{state}"), TONES[state]),
    ]
    if row["answered_at"]:
        facts.append(Fact(visitor.say("col_moment"), _moment(row["answered_at"])))
    back = Link(f"{reverse('desk-registers')}?register={row['register']}", visitor.say("menu_registers"))
    note = {RegisterState.ASKED: "note_register_asked", RegisterState.AGREED: "note_register_agreed"}.get(state, "")
    return Section(
        note=visitor.say(note) if note else "",
        facts=facts,
        problems=[str(one) for one in form.non_field_errors()],
        buttons=list(_buttons(visitor, row, wish)),
        links=[back],
        wide=False,
    )


def _moment(at: object) -> str:
    return moment_text(int(str(at)))


def _buttons(visitor: Visitor, row: Row, wish: Wish) -> Iterator[Button]:
    here, state = reverse("desk-register-ask", args=[row["ask"]]), row["state"]
    is_second = visitor.person in registering.seconds(DEFAULT, wish)
    if is_second and state == RegisterState.ASKED:
        yield Button(here, visitor.say("do_agree_register"), {"agree": "1"})
    if state in (RegisterState.ASKED, RegisterState.AGREED) and (is_second or visitor.person == row["by"] != 0):
        mine = visitor.person == row["by"]
        yield Button(here, visitor.say("do_take_back" if mine else "do_decline_draw"), {"drop": "1"})


def _changes(visitor: Visitor, row: Row, wish: Wish) -> Section:
    """From what to what; of what is settled only what was asked for, for the register has gone on."""
    is_open = row["state"] in (RegisterState.ASKED, RegisterState.AGREED)
    found = registering.changes(DEFAULT, wish) if is_open else registering.as_asked(wish)
    columns = ("field", "before", "after") if is_open else ("field", "after")
    rows = [_change(visitor, one, is_open=is_open) for one in found]
    counted = getattr(wish, "counted", ())
    rows += [_counted(visitor, kind, count, is_open=is_open) for kind, count in counted]
    table = Table(head=[visitor.say(f"col_{name}") for name in columns], rows=rows, empty=visitor.say("no_changes"))
    return Section(title=visitor.say("what_changes"), table=table, wide=False)


def _change(visitor: Visitor, one: registering.Change, *, is_open: bool) -> list[Cell]:
    cells = [text(field_label(visitor, one.field))]
    if is_open:
        cells.append(text(_value(visitor, one.field, one.before)))
    return [*cells, text(_value(visitor, one.field, one.after) or "—")]


def _counted(visitor: Visitor, kind: str, count: int, *, is_open: bool) -> list[Cell]:
    named = text(visitor.say("field_counted_of", kind=visitor.kind(kind)))
    return [named, *([text("")] if is_open else []), text(f"{count:,}")]


def _value(visitor: Visitor, field: str, value: str | int | None) -> str:
    """A field of a sheet as people read it."""
    if value in (None, "", 0):
        return ""
    words: dict[str, Callable[[object], str]] = {
        "line": lambda one: visitor.say(f"line_{one}"),
        "level": lambda one: visitor.say(f"level_{one}"),
        "station": visitor.station,
        "category": lambda one: visitor.reason("unit_category", one),
    }
    return words[field](value) if field in words else field_value(visitor, field, value)


# --- licence files ---------------------------------------------------------------------------------------------------


@desk_page("GET", "POST")
def licence_new(visitor: Visitor) -> HttpResponse:
    """Papers of a licence's application go on file."""
    form = LicenceForm(visitor, visitor.request.POST or None)
    if visitor.request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = attempt(
            visitor,
            form,
            lambda: seals.open_file(
                DEFAULT,
                said["file"],
                organisation=whole_number(said["organisation"]),
                licence=said["licence"],
                by=visitor.person,
            ),
        )
        if done is not None:
            return redirect("desk-register-licences", said["file"])
    note = visitor.say("note_register_licences") if visitor.keeps else visitor.say("keeps_nothing")
    sections = [Section(note=note, form=form, wide=False)]
    return show(visitor, "registers", visitor.say("go_register_licences"), sections)


@desk_page("GET", "POST")
def licence(visitor: Visitor, file: str) -> HttpResponse:
    """One file: its licence is cancelled, and two years later its papers are destroyed."""
    row = DjangoRows(DEFAULT).one("licence_files", file=file)
    if row is None:
        raise Http404
    posted = visitor.request.POST if visitor.request.method == "POST" else None
    pressed, form = press(visitor.language), CancelForm(visitor, posted if posted and "remove" not in posted else None)
    if posted is not None and _licence_acted(visitor, file, pressed, form):
        return redirect("desk-register-licences", file)
    sections = [_licence(visitor, row, pressed)]
    if not row["cancelled_on"] or form.errors:
        sections.append(Section(title=form.label, form=form, wide=False))
    status = 409 if pressed.errors else 200
    return show(visitor, "registers", visitor.say("licence_file_title", file=file), sections, status=status)


def _licence_acted(visitor: Visitor, file: str, pressed: ActForm, form: CancelForm) -> bool:
    if "remove" in visitor.request.POST:
        return attempt(visitor, pressed, lambda: seals.remove_file(DEFAULT, file, by=visitor.person)) is not None
    if not form.is_valid():
        return False
    day = form.cleaned_data["cancelled_on"]
    return attempt(visitor, form, lambda: seals.cancel_licence(DEFAULT, file, by=visitor.person, day=day)) is not None


def _licence(visitor: Visitor, row: Row, pressed: ActForm) -> Section:
    days = ("opened_on", "cancelled_on", "removed_on")
    facts = [
        Fact(visitor.say("col_licence"), str(row["licence"])),
        Fact(visitor.say("col_organisation"), visitor.organisation(row["organisation"])),
        *(Fact(visitor.say(f"col_{name}"), str(row[name] or "—")) for name in days),
        Fact(visitor.say("col_person"), visitor.who(row["by"])),
    ]
    here = reverse("desk-register-licences", args=[row["file"]])
    keeps = any(organisation == row["organisation"] for organisation, _at in visitor.keeps)
    may = keeps and bool(row["cancelled_on"]) and not row["removed_on"]
    back = Link(f"{reverse('desk-registers')}?register=licences", visitor.say("menu_registers"))
    return Section(
        note=visitor.say("register_note_licences"),
        facts=facts,
        problems=[str(one) for one in pressed.non_field_errors()],
        buttons=[Button(here, visitor.say("do_remove_file"), {"remove": "1"})] if may else (),
        links=[back],
        wide=False,
    )
