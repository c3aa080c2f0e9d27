"""The public notice (作废公告) of what a store lost: its PDF, and where it was published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspector_app.domain.stock_endings import Ending
from inspector_app.errors import StationError
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock_endings import OPEN
from province.custody.notice_papers import draw_notice, redraw
from province.custody.store_notices import MEDIUM, Publication, notice_due_on, notice_of, publish_notice
from province.databases import DEFAULT
from province.desk.acting import attempt
from province.desk.forms import ActForm, choice, day, line, photograph, picture_digest
from province.desk.showing import Fact, Link, Section, show
from province.desk.stock_forms import offer_reasons
from province.desk.visitor import Visitor, desk_page
from province.journal.rows import DjangoRows

PHONE = "notice_phone_"


class NoticeForm(ActForm):
    """What the paper says besides the loss itself."""

    act = "draw_notice"
    phone = line(required=False, inputmode="tel")

    def __init__(self, visitor: Visitor, row: Row, data: Any = None) -> None:
        super().__init__(visitor.language, data)
        self.to = reverse("desk-stock-notice", args=[row["ending"]])


class PublicationForm(ActForm):
    """Where the notice appeared, with its clipping."""

    act = "publish_notice"
    medium = choice()
    published_on = day()
    picture = photograph(required=True)

    def __init__(self, visitor: Visitor, row: Row, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor.language, data, **settings)
        self.to = reverse("desk-stock-publication", args=[row["ending"]])
        self.fields["picture"].label = self.say("field_picture_of_clipping")
        offer_reasons(self, visitor, MEDIUM, field="medium")

    def publication(self) -> Publication:
        """What a valid form says."""
        said = self.cleaned_data
        picture = picture_digest(said["picture"])
        return Publication(medium=said["medium"], picture=picture, published_on=said["published_on"])


def notice_section(visitor: Visitor, row: Row, *forms: ActForm) -> Section:
    """How far the notice of a loss came, and the next step; ``forms`` are those just posted."""
    known = notice_of(DEFAULT, str(row["ending"]))
    form = next(iter(forms), None) or _next(visitor, row, known)
    return Section(
        title=visitor.say("notice_title"),
        note=visitor.say("note_notice") if row["state"] == OPEN else "",
        facts=_facts(visitor, row, known),
        form=form,
        links=_again(visitor, row, known, form),
        wide=False,
    )


def _next(visitor: Visitor, row: Row, known: Row | None) -> ActForm | None:
    if row["state"] != OPEN or (known is not None and known["published_on"]):
        return None
    return PublicationForm(visitor, row) if known is not None else NoticeForm(visitor, row)


def _again(visitor: Visitor, row: Row, known: Row | None, form: ActForm | None) -> list[Link]:
    """The paper that was drawn; as long as the case is open another may be drawn."""
    if known is None:
        return []
    found = [Link(reverse("desk-stock-notice-pdf", args=[row["ending"]]), visitor.say("save_notice"))]
    if row["state"] == OPEN and not known["published_on"] and not isinstance(form, NoticeForm):
        found.append(Link(reverse("desk-stock-notice", args=[row["ending"]]), visitor.say("draw_notice_again")))
    return found


def _facts(visitor: Visitor, row: Row, known: Row | None) -> list[Fact]:
    due = Fact(visitor.say("notice_due"), notice_due_on(DEFAULT, row))
    if known is None:
        return [due, Fact(visitor.say("notice_state"), visitor.say("not_drawn"), "notice")]
    drawn = f"{known['drawn_on']} · {visitor.who(known['drawn_by'])}"
    facts = [due, Fact(visitor.say("notice_drawn"), drawn), Fact("SHA-256", str(known["notice"]))]
    if not known["published_on"]:
        return [*facts, Fact(visitor.say("notice_state"), visitor.say("not_published"), "notice")]
    where = (
        f"{visitor.reason(MEDIUM, known['medium'])} · {known['published_on']} · {visitor.who(known['published_by'])}"
    )
    return [*facts, Fact(visitor.say("notice_state"), where, "good")]


@desk_page("GET", "POST")
def notice(visitor: Visitor, record: str) -> HttpResponse:
    """The notice is drawn, its hash on record; the paper is saved from the case's page."""
    row = _loss(record)
    form = NoticeForm(visitor, row, visitor.request.POST if visitor.request.method == "POST" else None)
    if visitor.request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        done = attempt(visitor, form, lambda: draw_notice(DEFAULT, record, by=visitor.person, phone=phone))
        if done is not None:
            visitor.request.session[f"{PHONE}{record}"] = phone
            return redirect("desk-stock-loss", record)
    return _page(visitor, row, form)


@desk_page()
def notice_pdf(visitor: Visitor, record: str) -> HttpResponse:
    """The paper that was drawn, the very bytes on record; else it is to be drawn again.

    The telephone number on it is nowhere on record: the session of who drew it remembers it.
    """
    row = _loss(record)
    form, phone = NoticeForm(visitor, row, {}), str(visitor.request.session.get(f"{PHONE}{record}", ""))
    pdf = paper(visitor, form, lambda: redraw(DEFAULT, record, phone=phone))
    if pdf is not None:
        return pdf_answer(f"notice-{record}", pdf)
    if not form.errors:
        form.refuse_by("notice_gone", {})
    return _page(visitor, row, form, status=409)


@desk_page("GET", "POST")
def publication(visitor: Visitor, record: str) -> HttpResponse:
    """Where the notice appeared."""
    row = _loss(record)
    posted = visitor.request.method == "POST"
    form = PublicationForm(visitor, row, visitor.request.POST if posted else None, files=visitor.request.FILES or None)
    if posted and form.is_valid():
        said = form.publication()
        if attempt(visitor, form, lambda: publish_notice(DEFAULT, record, said, by=visitor.person)) is not None:
            return redirect("desk-stock-loss", record)
    return _page(visitor, row, form)


def _page(visitor: Visitor, row: Row, form: ActForm, status: int = 200) -> HttpResponse:
    back = Section(links=[Link(reverse("desk-stock-loss", args=[row["ending"]]), visitor.say("store_case_title"))])
    sections = [notice_section(visitor, row, form), back]
    return show(visitor, "stock", visitor.say("notice_title"), sections, status=status)


def _loss(record: str) -> Row:
    row = DjangoRows(DEFAULT).one("stock_endings", ending=record, how=Ending.LOST.value)
    if row is None or not row["ranges"]:
        raise Http404
    return row


def paper(visitor: Visitor, form: ActForm, made: Callable[[], bytes | None]) -> bytes | None:
    """A paper to save; None with the reason in the form where it cannot be drawn, such as on a form nobody released."""
    try:
        return made()
    except StationError as problem:
        form.tell(visitor.sentence("faults", problem.code, problem.details), ())
        return None


def pdf_answer(name: str, pdf: bytes) -> HttpResponse:
    """A paper to save and print."""
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer
