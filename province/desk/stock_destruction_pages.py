"""M12 库存销毁: an institution's stock is destroyed by four persons (GX-2014 Art. 24); each does their step here.

Every step has an address of its own, so that a page may offer several; what was typed stays where it was refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspector_app.clock import moment_text
from inspector_app.domain.destruction import DestructionState, Step
from inspector_app.domain.stock import span
from inspector_app.domain.stock_destruction import standing_of
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ranges_of
from inspector_app.journal.projections.stock_destruction import stock_approvals
from inspector_app.journal.projections.stock_endings import OPEN
from province.custody import destroying
from province.custody.destruction_papers import draw_request
from province.custody.ending import conclude_loss
from province.custody.organisations import find
from province.databases import DEFAULT
from province.desk.acting import attempt
from province.desk.ending_pages import ConcludeForm, concluded, decides
from province.desk.forms import ActForm, press
from province.desk.notice_pages import paper, pdf_answer
from province.desk.showing import Button, Cell, Fact, Link, Section, Table, chip, show, text
from province.desk.stock_destruction_forms import AskForm, DoneForm, ReviewForm, SignedForm, goes_back_only
from province.desk.visitor import Visitor, desk_page
from province.journal.rows import DjangoRows

SHOWN = 50
APPROVE, CONFIRM, CONCLUDE = "approve_destruction", "confirm_signed", ConcludeForm.act
PAPER = "paper"
TONES = {
    DestructionState.REQUESTED: "notice",
    DestructionState.SENT_BACK: "unknown",
    DestructionState.DESTROYED: "good",
}


class Case:
    """A request as whoever looks at it sees it."""

    def __init__(self, visitor: Visitor, row: Row) -> None:
        self.visitor, self.row = visitor, row
        self.ask, self.state = str(row["ask"]), DestructionState(str(row["state"]))
        unit = find(DEFAULT, int(row["organisation"] or 0))
        if unit is None:
            raise Http404
        self.unit = unit
        self.agreed = stock_approvals(DjangoRows(DEFAULT), row)

    @property
    def is_open(self) -> bool:
        """Whether it is neither carried out nor sent back."""
        return self.state is DestructionState.REQUESTED

    @property
    def goods(self) -> str:
        """What is to be destroyed."""
        ranges = "\u3000".join(span(*ends) for ends in ranges_of(str(self.row["ranges"])))
        pieces = self.visitor.say("pieces", count=int(self.row["count"] or 0))
        dead = f" · {self.visitor.say('ended_numbers')}" if self.row["ended"] else ""
        return f"{ranges} · {pieces}{dead}" if ranges else pieces

    @cached_property
    def is_keeper(self) -> bool:
        """Whether who looks keeps the store."""
        return (self.unit.organisation, int(self.row["location"] or 0)) in self.visitor.keeps

    @property
    def is_head(self) -> bool:
        """Whether who looks heads the organisation."""
        return bool(self.visitor.person) and self.unit.head == self.visitor.person

    @cached_property
    def decides(self) -> bool:
        """Whether who looks may send it back and concludes its case: the head, or who decides for them."""
        return decides(self.visitor, self.row)

    def to(self, act: str) -> str:
        """The address of a step."""
        return reverse("desk-stock-destroy-act", args=[self.ask, act])


@desk_page("GET", "POST")
def destructions(visitor: Visitor) -> HttpResponse:
    """The requests, the latest first, and a new one."""
    form = AskForm(visitor, visitor.request.POST or None)
    if visitor.request.method == "POST" and form.is_valid():
        done = attempt(visitor, form, lambda: destroying.ask_destruction(DEFAULT, form.request(visitor)))
        if done is not None:
            return redirect("desk-stock-destruction", done[0].ask)
    note = visitor.say("note_ask_destruction") if visitor.keeps else visitor.say("keeps_nothing")
    new = Section(title=form.label, note=note, form=form, wide=False)
    return show(visitor, "stock", visitor.say("go_stock_destroy"), [_requests(visitor), new])


def _requests(visitor: Visitor) -> Section:
    rows = DjangoRows(DEFAULT).many("stock_end_asks", order="at")[::-1][:SHOWN]
    head = [visitor.say(f"col_{name}") for name in ("record", "organisation", "kind", "goods", "state")]
    head += [visitor.say(f"step_{step}") for step in Step]
    lines = [_request(Case(visitor, row)) for row in rows]
    return Section(
        title=visitor.say("stock_destructions"),
        note=visitor.say("destruction_note"),
        table=Table(head=head, rows=lines, empty=visitor.say("no_destructions")),
    )


def _request(case: Case) -> list[Cell]:
    visitor, row = case.visitor, case.row
    told = visitor.reason(destroying.BACK, row["reason"]) if row["reason"] else str(row["destroyed_on"] or "")
    return [
        text(case.ask, link=reverse("desk-stock-destruction", args=[case.ask])),
        text(visitor.organisation(row["organisation"])),
        text(visitor.short_kind(str(row["kind"]))),
        text(case.goods),
        Cell(text=visitor.term("state", case.state.value), tone=TONES[case.state], note=told),
        *(_agreed(case, step) for step in Step),
    ]


def _agreed(case: Case, step: Step) -> Cell:
    person = getattr(case.agreed, step.value)
    return text(case.visitor.who(person)) if person else chip(case.visitor.say("missing"), "unknown")


# --- one request -----------------------------------------------------------------------------------------------------


@desk_page()
def destruction(visitor: Visitor, record: str) -> HttpResponse:
    """One request, who agreed, and what whoever looks may do."""
    return _page(_case(visitor, record))


@desk_page()
def request_pdf(visitor: Visitor, record: str) -> HttpResponse:
    """The request (销毁申请单) to print, sign and seal."""
    case, form = _case(visitor, record), press(visitor.language)
    drawn = paper(visitor, form, lambda: draw_request(DEFAULT, case.row, case.unit, visitor.who(case.row["by"])))
    return pdf_answer(f"destruction-{case.ask}", drawn) if drawn is not None else _page(case, PAPER, form)


@desk_page("GET", "POST")
def act(visitor: Visitor, record: str, step: str) -> HttpResponse:
    """One step of a request."""
    case = _case(visitor, record)
    if step not in _ACTS:
        raise Http404
    if visitor.request.method == "GET":
        return redirect("desk-stock-destruction", record)
    form = _ACTS[step](case)
    return _page(case, step, form) if form.errors else redirect("desk-stock-destruction", record)


def _case(visitor: Visitor, record: str) -> Case:
    row = DjangoRows(DEFAULT).one("stock_end_asks", ask=record)
    if row is None:
        raise Http404
    return Case(visitor, row)


def _review(case: Case) -> ActForm:
    visitor = case.visitor
    form = ReviewForm(visitor, case.row, visitor.request.POST)
    if form.is_valid():
        attempt(visitor, form, lambda: destroying.review(DEFAULT, case.ask, by=visitor.person, **form.said()))
    return form


def _approve(case: Case) -> ActForm:
    form = press(case.visitor.language)
    attempt(case.visitor, form, lambda: destroying.approve(DEFAULT, case.ask, by=case.visitor.person))
    return form


def _enter_signed(case: Case) -> ActForm:
    visitor = case.visitor
    form = SignedForm(visitor, case.row, visitor.request.POST, files=visitor.request.FILES)
    if form.is_valid():
        said = form.said(visitor.today)
        attempt(visitor, form, lambda: destroying.enter_signed(DEFAULT, case.ask, by=visitor.person, **said))
    return form


def _confirm(case: Case) -> ActForm:
    visitor, form = case.visitor, press(case.visitor.language)
    named = visitor.request.POST.get("form", "")
    attempt(visitor, form, lambda: destroying.confirm_signed(DEFAULT, named, by=visitor.person))
    return form


def _destroy(case: Case) -> ActForm:
    visitor = case.visitor
    form = DoneForm(visitor, case.row, case.agreed, visitor.request.POST, files=visitor.request.FILES)
    if form.is_valid():
        attempt(visitor, form, lambda: destroying.destroy(DEFAULT, case.ask, form.done(), by=visitor.person))
    return form


def _conclude(case: Case) -> ActForm:
    visitor = case.visitor
    form = _to_conclude(case, visitor.request.POST)
    if form.is_valid():
        attempt(visitor, form, lambda: conclude_loss(DEFAULT, case.ask, by=visitor.person, **form.said()))
    return form


def _to_conclude(case: Case, data: object = None) -> ConcludeForm:
    form = ConcludeForm(case.visitor, data)
    form.to = case.to(CONCLUDE)
    return form


_ACTS: Mapping[str, Callable[[Case], ActForm]] = {
    ReviewForm.act: _review,
    APPROVE: _approve,
    SignedForm.act: _enter_signed,
    CONFIRM: _confirm,
    DoneForm.act: _destroy,
    CONCLUDE: _conclude,
}


# --- as it is shown --------------------------------------------------------------------------------------------------


def _page(case: Case, step: str = "", form: ActForm | None = None) -> HttpResponse:
    """A request; ``form`` is the one just refused, without fields where it was a press of a button or a paper."""
    pressed = form if step in (APPROVE, CONFIRM, PAPER) else None
    forms = {} if form is None or pressed is not None else {step: form}
    sections = [_facts(case, pressed), _steps(case), *_offered(case, forms)]
    status = 409 if pressed is not None else 200
    return show(case.visitor, "stock", case.visitor.say("end_ask_title"), sections, status=status)


def _facts(case: Case, pressed: ActForm | None) -> Section:
    visitor, row = case.visitor, case.row
    facts = [
        Fact(visitor.say("col_record"), case.ask),
        Fact(visitor.say("col_organisation"), f"{visitor.organisation(row['organisation'])} · {row['location']}"),
        Fact(visitor.say("col_kind"), visitor.kind(str(row["kind"]))),
        Fact(visitor.say("col_goods"), case.goods),
        Fact(visitor.say("col_cause"), visitor.reason("loss", row["cause"])),
        Fact(visitor.say("col_method"), visitor.reason(destroying.METHOD, row["method"])),
        Fact(visitor.say("planned_for"), str(row["planned_on"])),
        Fact(visitor.say("col_state"), visitor.term("state", case.state.value), TONES[case.state]),
        *_ending(case),
    ]
    links = [
        Link(reverse("desk-stock-destruction-pdf", args=[case.ask]), visitor.say("save_request")),
        Link(reverse("desk-stock-destroy"), visitor.say("go_stock_destroy")),
    ]
    buttons = _buttons(case)
    problems = [str(one) for one in pressed.non_field_errors()] if pressed is not None else []
    note = visitor.say("note_agree_destruction") if buttons else ""
    return Section(note=note, facts=facts, problems=problems, buttons=buttons, links=links, wide=False)


def _ending(case: Case) -> Iterator[Fact]:
    """What became of it."""
    visitor, row = case.visitor, case.row
    if row["reason"]:
        yield Fact(visitor.say("sent_back_for"), visitor.reason(destroying.BACK, row["reason"]))
    if row["ending"]:
        watched = visitor.say("under", who=visitor.who(row["supervisor"]))
        yield Fact(visitor.say("col_destroyed"), f"{row['destroyed_on']} · {watched}", "good")
        yield Fact(visitor.say("in_ledger_as"), str(row["ending"]))
        yield Fact(visitor.say("picture_hash"), str(row["picture"]))
    if row["case_cause"]:
        yield concluded(visitor, row)


def _buttons(case: Case) -> list[Button]:
    """Agreeing, where it is this person's turn; and confirming a signed form."""
    visitor, found = case.visitor, []
    step = standing_of(case.unit, visitor.person)
    if case.is_open and case.agreed.head and step is not None and not getattr(case.agreed, step.value):
        found.append(Button(case.to(APPROVE), visitor.say("do_approve_destruction")))
    if case.is_open and case.is_head:
        for row in destroying.unconfirmed_forms(DEFAULT, case.ask):
            said = visitor.say("do_confirm_signed", day=str(row["signed_on"]))
            found.append(Button(case.to(CONFIRM), said, {"form": str(row["record"])}))
    return found


def _steps(case: Case) -> Section:
    """Who agreed, how and when; a signed form waits for the head."""
    visitor = case.visitor
    asked = [text(visitor.say("step_keeper")), text(visitor.who(case.row["by"])), text(visitor.say("at_the_desk"))]
    lines = [[*asked, text(moment_text(int(case.row["at"] or 0)))]]
    rows = DjangoRows(DEFAULT).many("stock_end_steps", order="at", ask=case.ask)
    lines += [_step(visitor, row) for row in rows]
    missing = [one for one in case.agreed.missing() if not any(row["step"] == one for row in rows)]
    waits = chip(visitor.say("missing"), "unknown")
    lines += [[text(visitor.say(f"step_{one}")), waits, text(""), text("")] for one in missing]
    head = [visitor.say(f"col_{name}") for name in ("step", "person", "way", "moment")]
    return Section(title=visitor.say("who_agreed"), table=Table(head=head, rows=lines), wide=False)


def _step(visitor: Visitor, row: Row) -> list[Cell]:
    way = text(visitor.say("at_the_desk"))
    if row["on_paper"]:
        seen = visitor.say("confirmed_by", who=visitor.who(row["confirmed_by"])) if row["confirmed_by"] else ""
        said, tone = visitor.say("on_paper", day=str(row["signed_on"])), "" if seen else "notice"
        way = Cell(text=said, tone=tone, note=seen or visitor.say("waits_for_head"))
    moment = moment_text(int(row["at"] or 0))
    return [text(visitor.say(f"step_{row['step']}")), text(visitor.who(row["person"])), way, text(moment)]


def _offered(case: Case, posted: Mapping[str, ActForm]) -> Iterator[Section]:
    """The forms of whoever looks; one that was just refused stays, whoever looks."""
    visitor, row = case.visitor, case.row
    may_destroy = case.is_open and case.is_keeper and case.agreed.complete
    offers = (
        (ReviewForm.act, case.is_open and case.decides, lambda: ReviewForm(visitor, row)),
        (SignedForm.act, _may_enter(case), lambda: SignedForm(visitor, row)),
        (DoneForm.act, may_destroy, lambda: DoneForm(visitor, row, case.agreed)),
        (CONCLUDE, case.decides and row["case_state"] == OPEN, lambda: _to_conclude(case)),
    )
    for name, may, made in offers:
        if may or name in posted:
            form = posted.get(name) or made()
            again = name == ReviewForm.act and goes_back_only(visitor, row)
            above = again and not row["reviewed_by"]
            note = visitor.say("note_send_back_above" if above else "note_send_back" if again else f"note_{name}")
            yield Section(title=form.label, note=note, form=form, wide=False)


def _may_enter(case: Case) -> bool:
    open_steps = not (case.agreed.deputy and case.agreed.legal)
    return case.is_open and case.is_keeper and bool(case.agreed.head) and open_steps
