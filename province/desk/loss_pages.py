"""M13 遗失与公告: losses, the level they have come to, notice and reports; a level takes one up here."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspector_app.clock import moment_text
from inspector_app.domain.losses import Level
from inspector_app.domain.stock import span
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.losses import PASSED, PUBLISHED
from province.databases import DEFAULT
from province.desk.acting import attempt
from province.desk.forms import press
from province.desk.showing import Button, Cell, Fact, Link, Section, Table, chip, show, text
from province.desk.stock_pages import refused
from province.desk.visitor import Visitor, desk_page
from province.journal.rows import DjangoRows
from province.ledgers.losses import LossState, loss_states, pass_on, speaks_for


@desk_page()
def losses(visitor: Visitor) -> HttpResponse:
    """Every loss, the latest first."""
    head = [visitor.say(f"col_{name}") for name in ("day", "station", "goods", "cause", "notice", "gone_to", "case")]
    rows = [_loss(visitor, one) for one in loss_states(DEFAULT)]
    section = Section(
        note=visitor.say("losses_note"), table=Table(head=head, rows=rows, empty=visitor.say("no_losses"))
    )
    return show(visitor, "losses", visitor.say("menu_losses"), [section])


def goods(visitor: Visitor, one: LossState) -> str:
    """What was lost."""
    kind = f"{visitor.short_kind(one.kind)} " if one.kind else ""
    return kind + (span(one.first, one.last) if one.first != one.last else one.first)


def _loss(visitor: Visitor, one: LossState) -> list[Cell]:
    link = f"{reverse('desk-loss')}?loss={one.loss}"
    return [
        text(one.told_on, link=link),
        text(visitor.station(one.station)),
        text(goods(visitor, one), note=visitor.say(f"lost_{one.what}")),
        text(visitor.term("loss", one.cause)),
        chip(visitor.say("published"), "good") if one.published else chip(visitor.say("not_published"), "notice"),
        _level(visitor, one),
        chip(visitor.say("concluded"), "good") if one.concluded else chip(visitor.say("open_case"), "unknown"),
    ]


def _level(visitor: Visitor, one: LossState) -> Cell:
    if not one.waits_for:
        return chip(visitor.say("at_province"), "good")
    return chip(visitor.say("waits_for_level", level=visitor.term("level", one.waits_for)), "notice")


@desk_page("GET", "POST")
def loss(visitor: Visitor) -> HttpResponse:
    """One loss and everything done about it; the level whose turn it is takes it up."""
    asked = visitor.request.GET.get("loss", "")
    one = next((state for state in loss_states(DEFAULT) if state.loss == asked), None)
    if one is None:
        raise Http404
    if visitor.request.method == "POST":
        return _pass_on(visitor, one, visitor.request.POST.get("level", ""))
    title = visitor.say("loss_title", day=one.told_on)
    return show(visitor, "losses", title, [_facts(visitor, one), _steps(visitor, one)])


def _pass_on(visitor: Visitor, one: LossState, level: str) -> HttpResponse:
    form = press(visitor.language)
    if visitor.person and not speaks_for(DEFAULT, one.station, level, visitor.person):
        form.refuse_by("loss_level_foreign", {"level": level, "current": visitor.person})
    else:
        attempt(visitor, form, lambda: pass_on(DEFAULT, one.loss, level, by=visitor.person))
    if form.errors:
        return refused(visitor, form, "losses")
    return redirect(f"{reverse('desk-loss')}?loss={one.loss}")


def _facts(visitor: Visitor, one: LossState) -> Section:
    facts = [
        Fact(visitor.say("col_station"), visitor.station(one.station)),
        Fact(visitor.say("col_goods"), goods(visitor, one)),
        Fact(visitor.say("col_cause"), visitor.term("loss", one.cause)),
        Fact(visitor.say("col_record"), one.loss),
    ]
    for level in Level:
        day = one.passed.get(level.value, "")
        facts.append(Fact(visitor.term("level", level.value), day or "—", "good" if day else ""))
    button = Button(
        f"{reverse('desk-loss')}?loss={one.loss}",
        visitor.say("do_pass_on", level=visitor.term("level", one.waits_for)),
        {"level": one.waits_for},
    )
    may = bool(one.waits_for) and speaks_for(DEFAULT, one.station, one.waits_for, visitor.person)
    note = visitor.say("pass_on_note") if one.waits_for and not may else ""
    links = [Link(reverse("desk-losses"), visitor.say("menu_losses"))]
    return Section(facts=facts, buttons=[button] if may else (), note=note, links=links)


def _steps(visitor: Visitor, one: LossState) -> Section:
    rows = DjangoRows(DEFAULT).many("loss_steps", order="at", loss=one.loss)
    head = [visitor.say(f"col_{name}") for name in ("moment", "step", "to", "day", "said", "person")]
    lines = [_step(visitor, row) for row in rows]
    return Section(title=visitor.say("steps"), table=Table(head=head, rows=lines, empty=visitor.say("no_steps")))


def _step(visitor: Visitor, row: Row) -> list[Cell]:
    step, whom = str(row["step"]), str(row["to_whom"] or "")
    listed = "loss_medium" if step == PUBLISHED else "loss_conclusion"
    return [
        text(moment_text(int(row["at"] or 0))),
        text(visitor.say(f"loss_{step}")),
        text(visitor.term("level", whom) if step == PASSED else visitor.say(f"to_{whom}") if whom else ""),
        text(row["day"]),
        text(visitor.reason(listed, row["code"])),
        text(visitor.who(row["by"])),
    ]
