"""The two reports of what a store lost: their PDFs, the day each went out, and its acknowledgement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import msgspec
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspector_app.domain.stock_endings import Ending
from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.journal.entries.losses import Recipient
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock_endings import OPEN
from province.custody.organisations import find
from province.custody.report_papers import addressee, draw_reports, redraw
from province.custody.store_reports import (
    Step,
    acknowledge_report,
    answer_due_on,
    needs_reports,
    recipients_of,
    report_due_on,
    report_of,
    send_report,
    unsent,
)
from province.databases import DEFAULT
from province.desk.acting import attempt
from province.desk.forms import ActForm, choice, day, photograph, picture_digest, press
from province.desk.notice_pages import paper, pdf_answer
from province.desk.showing import Button, Cell, Fact, Link, Section, Table, chip, show, text
from province.desk.stock_pages import refused
from province.desk.visitor import Visitor, desk_page
from province.journal.rows import DjangoRows


def to_send(row: Row) -> list[Recipient]:
    """To whom a report was drawn and did not go out."""
    return [to for to in unsent(DEFAULT, row) if report_of(DEFAULT, str(row["ending"]), to) is not None]


def to_acknowledge(row: Row) -> list[Recipient]:
    """Whose report went out and was not acknowledged."""
    found = ((to, report_of(DEFAULT, str(row["ending"]), to) or {}) for to in Recipient)
    return [to for to, one in found if one.get("sent_on") and not one.get("acknowledged_on")]


class StepForm(ActForm):
    """A step of a report: of which of those that wait for it, on what day, with a photograph or none.

    ``field`` names the day.
    """

    field: ClassVar[str]

    def __init__(self, visitor: Visitor, row: Row, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor.language, data, **settings)
        self.to = reverse(f"desk-stock-{self.act.replace('_', '-')}", args=[row["ending"]])
        waiting = WAITING[type(self)](row)
        self.offer("recipient", [(one.value, self.say(f"to_{one.value}")) for one in waiting], none=len(waiting) != 1)
        self.fields["picture"].label = self.say("field_picture_of_report")

    def step(self) -> Step:
        """What a valid form says."""
        said = self.cleaned_data
        return Step(to=said["recipient"], on=said[self.field], picture=picture_digest(said["picture"]))


class SentForm(StepForm):
    """A report went out."""

    act, field = "send_report", "sent_on"
    recipient = choice()
    sent_on = day()
    picture = photograph()


class AnsweredForm(StepForm):
    """A report was acknowledged."""

    act, field = "acknowledge_report", "acknowledged_on"
    recipient = choice()
    acknowledged_on = day()
    picture = photograph()


WAITING: dict[type[StepForm], Callable[[Row], list[Recipient]]] = {SentForm: to_send, AnsweredForm: to_acknowledge}
"""The reports of a loss that wait for each step, by their recipients."""


def report_sections(visitor: Visitor, row: Row, *forms: StepForm) -> list[Section]:
    """How far both reports of a loss came, and what may be done next; ``forms`` are those just posted."""
    if not needs_reports(row):
        return []
    sections = [_papers(visitor, row)]
    for shape, waiting in WAITING.items():
        posted = next((form for form in forms if isinstance(form, shape)), None)
        if posted is not None or (waiting(row) and (shape is AnsweredForm or row["state"] == OPEN)):
            form = posted or shape(visitor, row)
            sections.append(Section(title=form.label, form=form, wide=False))
    return sections


def _papers(visitor: Visitor, row: Row) -> Section:
    head = [visitor.say(f"col_{name}") for name in ("to", "addressee", "drawn", "sent", "acknowledged", "paper")]
    rows = [_report(visitor, row, to) for to in recipients_of(DEFAULT, row)]
    return Section(
        title=visitor.say("reports_title"),
        note=visitor.say("note_reports") if row["state"] == OPEN else "",
        facts=[Fact(visitor.say("reports_due"), report_due_on(DEFAULT, row))],
        table=Table(head=head, rows=rows),
        buttons=_draw_button(visitor, row),
    )


def _draw_button(visitor: Visitor, row: Row) -> list[Button]:
    missing = unsent(DEFAULT, row) if row["state"] == OPEN else []
    if not missing:
        return []
    drawn = all(report_of(DEFAULT, str(row["ending"]), to) is not None for to in missing)
    label = visitor.say("draw_notice_again" if drawn else "do_draw_reports")
    return [Button(reverse("desk-stock-reports", args=[row["ending"]]), label, quiet=drawn)]


def _report(visitor: Visitor, row: Row, to: Recipient) -> list[Cell]:
    known = report_of(DEFAULT, str(row["ending"]), to)
    whom = [text(visitor.say(f"to_{to.value}")), text(_addressee(visitor, row, to, known))]
    if known is None:
        late = report_due_on(DEFAULT, row) < visitor.today
        return [*whom, chip(visitor.say("not_drawn"), "stop" if late else "notice"), text("—"), text("—"), text("—")]
    link = reverse("desk-stock-report-pdf", args=[row["ending"], to.value])
    drawn = text(known["drawn_on"], note=visitor.who(known["drawn_by"]))
    saved = text(visitor.say("save_report"), link=link, note=f"SHA-256 {str(known['report'])[:16]}…")
    return [*whom, drawn, _sent(visitor, row, known), _answered(visitor, known), saved]


def _addressee(visitor: Visitor, row: Row, to: Recipient, known: Row | None) -> str:
    """Whom a drawn report names; before that, whom it would name today."""
    organisation = find(DEFAULT, int(row["organisation"] or 0))
    if organisation is None:
        return ""
    return addressee(DEFAULT, organisation, to, str(known["drawn_on"]) if known is not None else visitor.today)


def _sent(visitor: Visitor, row: Row, known: Row) -> Cell:
    if known["sent_on"]:
        return text(known["sent_on"], note=visitor.who(known["sent_by"]))
    return _awaited(visitor, report_due_on(DEFAULT, row), "not_sent")


def _answered(visitor: Visitor, known: Row) -> Cell:
    if known["acknowledged_on"]:
        return text(known["acknowledged_on"], note=visitor.who(known["acknowledged_by"]))
    if not known["sent_on"]:
        return text("—")
    return _awaited(visitor, answer_due_on(DEFAULT, known), "not_acknowledged")


def _awaited(visitor: Visitor, due_on: str, state: str) -> Cell:
    late = due_on < visitor.today
    return chip(visitor.say("overdue_since", day=due_on) if late else visitor.say(state), "stop" if late else "notice")


def reports_cell(visitor: Visitor, row: Row) -> Cell:
    """How far the reports of a loss came, for a list."""
    wanted = recipients_of(DEFAULT, row)
    if not wanted:
        return text("—")
    missing, due_on = unsent(DEFAULT, row), report_due_on(DEFAULT, row)
    if not missing:
        return chip(visitor.say("reports_sent"), "good")
    late = due_on < visitor.today
    said = visitor.say("overdue_since", day=due_on) if late else visitor.say("until_day", day=due_on)
    return chip(said, "stop" if late else "notice")


# --- pages -----------------------------------------------------------------------------------------------------------


@desk_page("POST")
def draw(visitor: Visitor, record: str) -> HttpResponse:
    """The reports are drawn, their hashes on record; the papers are saved from the case's page."""
    _loss(record)
    form = press(visitor.language)
    if attempt(visitor, form, lambda: draw_reports(DEFAULT, record, by=visitor.person)) is None:
        return refused(visitor, form, "stock")
    return redirect("desk-stock-loss", record)


@desk_page()
def report_pdf(visitor: Visitor, record: str, to: str) -> HttpResponse:
    """The paper that was drawn, the very bytes on record; else why it cannot be made again."""
    row, form = _loss(record), press(visitor.language)
    if to not in recipients_of(DEFAULT, row) or report_of(DEFAULT, record, to) is None:
        raise Http404
    pdf = paper(visitor, form, lambda: redraw(DEFAULT, record, Recipient(to)))
    if pdf is not None:
        return pdf_answer(f"report-{record}-{to}", pdf)
    if not form.errors:
        form.refuse_by("report_gone", {})
    return refused(visitor, form, "stock")


@desk_page("GET", "POST")
def sent(visitor: Visitor, record: str) -> HttpResponse:
    """A report went out."""
    return _step(visitor, record, SentForm, send_report)


@desk_page("GET", "POST")
def acknowledged(visitor: Visitor, record: str) -> HttpResponse:
    """A report was acknowledged."""
    return _step(visitor, record, AnsweredForm, acknowledge_report)


def _step(
    visitor: Visitor, record: str, shape: type[StepForm], act: Callable[..., msgspec.Struct | StockRefused]
) -> HttpResponse:
    row, request = _loss(record), visitor.request
    posted = request.method == "POST"
    form = shape(visitor, row, request.POST if posted else None, files=request.FILES or None)
    if posted and form.is_valid():
        said = form.step()
        if attempt(visitor, form, lambda: act(DEFAULT, record, said, by=visitor.person)) is not None:
            return redirect("desk-stock-loss", record)
    return _page(visitor, row, form)


def _page(visitor: Visitor, row: Row, form: StepForm) -> HttpResponse:
    back = Section(links=[Link(reverse("desk-stock-loss", args=[row["ending"]]), visitor.say("store_case_title"))])
    sections: Sequence[Section] = [*report_sections(visitor, row, form), back]
    return show(visitor, "stock", visitor.say("reports_title"), sections)


def _loss(record: str) -> Row:
    row = DjangoRows(DEFAULT).one("stock_endings", ending=record, how=Ending.LOST.value)
    if row is None or not needs_reports(row):
        raise Http404
    return row
