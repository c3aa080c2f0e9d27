"""Destruction of old sheets (销毁): asked by the keeper, agreed by three others, supervised (GX-2014 Art. 24).

Keeper → head (初审) → deputy leader and legal representative → destruction in the deputy's presence. The two usually
sign and seal the printed request; the keeper enters that with a photograph, and the head confirms it
(:mod:`inspector_app.services.ceremony`).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action, Post
from inspector_app.domain.custody import DESTROYABLE, SheetState
from inspector_app.domain.destruction import Approvals, DestructionState, Step
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.journal.books.standing import came_after
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.entries.sheets import (
    DestructionApproved,
    DestructionRequested,
    DestructionReviewed,
    DestructionSigned,
    SheetName,
    SheetsDestroyed,
)
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.destruction import approvals, requested_sheets
from inspector_app.journal.projections.openings import former_lines, kept_since
from inspector_app.journal.projections.sheets import is_stub
from inspector_app.services import custody_papers
from inspector_app.services.custody_cases import add_case
from inspector_app.services.device import Device
from inspector_app.services.sheet_custody import find_row, list_refusals, name_of, oldest_batch, past_day_refusals
from inspector_app.services.stock_freeze import frozen_sheet_refusals
from inspector_app.services.typed import attachment_refusals, day_refusals, one_text, reason_refusals
from inspector_app.services.writing_off import latest_check, open_doubt

DIFFERS = "destruction_differs"
"""The case of a request under which an offence is suspected."""
METHOD, BACK = "destruction", "destruction_back"
"""The lists of methods, and of reasons for sending a request back."""


# --- what is due -----------------------------------------------------------------------------------------------------


def kept_through(device: Device, row: Row, taken_over: Sequence[Row] | None = None) -> str:
    """The last legal day for which a sheet is kept, counted from when it was filed or came back (Art. 16).

    ``taken_over``: the lines of all lists, for who asks about many sheets.
    """
    return device.policy().sheet_kept_through(kept_since(device.rows, row, taken_over), stub=is_stub(row))


class DueLine(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet of the quarterly list (Art. 23): its last day of keeping, and whether a check stands in the way."""

    name: SheetName
    state: str
    kept_through: str
    written_off: bool
    suspect: bool


def due_for_destruction(device: Device, day: str = "") -> list[DueLine]:
    """Every sheet whose term of keeping has passed on ``day`` (today unless given), the oldest first."""
    lines = [_due_line(device, row, kept) for kept, row in sheets_due(device, day or device.today())]
    return sorted(lines, key=lambda line: (line.kept_through, line.name))


def sheets_due(device: Device, until: str) -> list[tuple[str, Row]]:
    """The sheets whose term of keeping has passed on a legal day, each with the last day of its term."""
    taken_over = former_lines(device.rows)
    rows = [row for state in sorted(DESTROYABLE) for row in device.rows.many("sheets", state=state.value)]
    kept = ((kept_through(device, row, taken_over), row) for row in rows)
    return [(day, row) for day, row in kept if day < until]


def _due_line(device: Device, row: Row, kept: str) -> DueLine:
    check = latest_check(device, str(row["number"]), int(row["print"] or 0)) or {}
    return DueLine(
        name=name_of(row),
        state=str(row["state"]),
        kept_through=kept,
        written_off=bool(check) and not came_after(row, check),
        suspect=bool(check.get("suspect")),
    )


@enforces("G18")
def retention_refusals(device: Device, sheets: Sequence[SheetName]) -> list[Refusal]:
    """The sheet that has to be kept longest, where its term has not passed (Art. 16)."""
    rows = [row for one in sheets if (row := find_row(device, one)) is not None]
    kept = [(kept_through(device, row), str(name_of(row))) for row in rows if row["state"] in DESTROYABLE]
    late = max((one for one in kept if one[0] >= device.today()), default=None)
    if late is None:
        return []
    return [Refusal(code=RefusalCode.STILL_TO_BE_KEPT, field="sheets", limit=late[0], details={"sheet": late[1]})]


# --- the request -----------------------------------------------------------------------------------------------------


class Requested(msgspec.Struct, frozen=True):
    """A request on record, its PDF (hex SHA-256) to be signed and sealed, its sheets, and how many it left out."""

    ref: str
    form: str
    count: int
    left: int


def request_destruction(
    device: Device, sheets: Sequence[SheetName], *, method: str, planned_on: str, counted: int, note: str = ""
) -> Requested | Refused:
    """Ask that sheets be destroyed (销毁申请单): item, quantity and numbers follow from the sheets.

    Of more than one request names (:func:`~inspector_app.services.sheet_custody.oldest_batch`) the oldest are asked
    for; ``counted`` is of those.
    """
    some, left = oldest_batch(device, sheets)

    def build(act: Act) -> Requested:
        drawn = custody_papers.draw_request(device, some, method, planned_on)
        form = device.files.add(drawn, "application/pdf")
        fact = DestructionRequested(sheets=some, method=method, planned_on=planned_on, counted=counted, form=form)
        return Requested(act.add(fact, private=note_of(note), sign=device.sign), form, len(some), left)

    def against() -> list[Refusal]:
        found = device.may(Action.REQUEST_DESTRUCTION) + retention_refusals(device, some)
        return found + request_refusals(device, some, method, planned_on, counted, note)

    return device.record_unless(against, build)


@enforces("G37")
def request_refusals(
    device: Device, sheets: Sequence[SheetName], method: str, planned_on: str, counted: int, note: str = ""
) -> list[Refusal]:
    """A request names sheets in hand that are written off and free of suspicion, their count, method and time."""
    found = list_refusals(device, sheets, SheetState.DESTROYED) + reason_refusals(
        device, METHOD, method, note, field="destruction_method"
    )
    found += day_refusals("planned_on", planned_on) + count_refusals(len(sheets), counted)
    return found + _check_refusals(device, sheets) + _asked_refusals(device, sheets)


def count_refusals(named: int, counted: int) -> list[Refusal]:
    """What was counted in hand is what the request names."""
    if counted == named:
        return []
    return [Refusal(code=RefusalCode.COUNT_DIFFERS, field="counted", limit=named, current=counted)]


def _check_refusals(device: Device, sheets: Sequence[SheetName]) -> list[Refusal]:
    found = []
    for number, print_no in dict.fromkeys((one.number, one.print) for one in sheets):
        check = latest_check(device, number, print_no)
        rows = [find_row(device, one) or {} for one in sheets if (one.number, one.print) == (number, print_no)]
        if check is None or any(row and came_after(row, check) for row in rows):
            found.append(Refusal(code=RefusalCode.NOT_WRITTEN_OFF, field="sheets", details={"number": number}))
        elif check["suspect"] or open_doubt(device, number) is not None:
            found.append(Refusal(code=RefusalCode.KEPT_AS_EVIDENCE, field="sheets", details={"number": number}))
    return found


def _asked_refusals(device: Device, sheets: Sequence[SheetName]) -> list[Refusal]:
    for request in device.rows.many("destructions", state=DestructionState.REQUESTED.value):
        again = set(requested_sheets(device.rows, str(request["ref"]))) & set(sheets)
        if again:
            return [Refusal(code=RefusalCode.ALREADY_RECORDED, field="sheets", current=str(min(again)))]
    return []


# --- who agrees ------------------------------------------------------------------------------------------------------


def open_requests(device: Device) -> list[Row]:
    """Requests that are neither carried out nor sent back, oldest first."""
    return device.rows.many("destructions", order="at", state=DestructionState.REQUESTED.value)


def sheets_of(device: Device, request: str) -> list[SheetName]:
    """The sheets a request names."""
    return requested_sheets(device.rows, request)


def agreed(device: Device, request: Row) -> Approvals:
    """Who agreed to a request so far, each standing for one step."""
    return approvals(device.rows, request)


def asked_for(device: Device) -> set[SheetName]:
    """The sheets that stand in a request that is still open."""
    return {name for row in open_requests(device) for name in sheets_of(device, str(row["ref"]))}


def unconfirmed_forms(device: Device, request: str) -> list[str]:
    """The entries by which a form signed on paper was entered that the head has not confirmed yet."""
    steps = device.rows.many("destruction_steps", order="at", request=request, on_paper=1)
    refs = dict.fromkeys(str(step["ref"]) for step in steps)
    return [ref for ref in refs if not (device.rows.one("acts", ref=ref) or {}).get("confirmed_by")]


def find_request(device: Device, request: str) -> tuple[Row | None, list[Refusal]]:
    """A request that is still open, else why not."""
    row = device.rows.one("destructions", ref=request)
    if row is None:
        return None, [Refusal(code=RefusalCode.NOT_FOUND, field="request", current=request)]
    if row["state"] != DestructionState.REQUESTED:
        state, wanted = str(row["state"]), DestructionState.REQUESTED.value
        return row, [Refusal(code=RefusalCode.WRONG_STATE, field="request", current=state, limit=wanted)]
    return row, []


@enforces("G38")
def twice_refusals(device: Device, row: Row, person: int) -> list[Refusal]:
    """Nobody agrees to one request twice, whatever posts they hold: persons are compared, not accounts."""
    known = approvals(device.rows, row)
    stands = any(getattr(known, step.value) == person for step in Step)
    return [Refusal(code=RefusalCode.ONE_PERSON_TWICE, field="request")] if stands else []


@enforces("G38")
def order_refusals(device: Device, row: Row) -> list[Refusal]:
    """Deputy leader and legal representative agree to what the head has reviewed, never before it (Art. 24 (2))."""
    missing = approvals(device.rows, row).missing()
    if Step.HEAD not in missing:
        return []
    return [Refusal(code=RefusalCode.NOT_APPROVED, details={"step": Step.HEAD.value})]


def review(
    device: Device, request: str, *, counted: int, sent_back: str = "", suspected: bool = False, note: str = ""
) -> str | Refused:
    """The head's review (初审): the request goes on, or back to the handler with its reason and perhaps a suspicion."""

    def build(act: Act) -> str:
        fact = DestructionReviewed(request=request, counted=counted, sent_back=sent_back, suspected=suspected)
        ref = act.add(fact, private=note_of(note), sign=device.sign)
        if suspected:
            add_case(act, device, DIFFERS, request)
        return ref

    def against() -> list[Refusal]:
        found = review_refusals(device, request, counted, sent_back, note)
        return found + suspicion_refusals(sent_back, suspected=suspected)

    return device.record_unless(against, build)


def review_refusals(device: Device, request: str, counted: int, sent_back: str, note: str = "") -> list[Refusal]:
    """Why this person cannot review it so: it goes on only when request, book and count agree."""
    row, found = find_request(device, request)
    found = [*device.may(Action.REVIEW_DESTRUCTION), *found]
    found += [] if sent_back else one_text("note", note)
    if sent_back:
        return found + reason_refusals(device, BACK, sent_back, note, field="sent_back")
    if row is not None:
        found += difference_refusals(device, row, counted, str(row["method"]))
        found += twice_refusals(device, row, device.person()) if device.session is not None else []
    return found


@enforces("G41")
def suspicion_refusals(sent_back: str, *, suspected: bool) -> list[Refusal]:
    """Where an offence is suspected nothing is destroyed: the request goes back, and a case is opened (Art. 24 (4))."""
    if suspected and not sent_back:
        return [Refusal(code=RefusalCode.FIELD_MISSING, field="sent_back")]
    return []


def approve(device: Device, request: str) -> str | Refused:
    """Deputy leader or legal representative approves at a computer."""

    def against() -> list[Refusal]:
        row, found = find_request(device, request)
        found = [*device.may(Action.APPROVE_DESTRUCTION), *found]
        if row is not None and device.session is not None:
            found += order_refusals(device, row) + twice_refusals(device, row, device.session.person)
        return found

    def build(act: Act) -> str:
        return act.add(DestructionApproved(request=request, post=_post(device)), sign=device.sign)

    return device.record_unless(against, build)


def _post(device: Device) -> str:
    """As whom the signed-in person approves; who holds both posts stands for the deputy."""
    grant = device.grant(device.person())
    return Step.DEPUTY.value if grant is not None and Post.DEPUTY in grant.posts else Step.LEGAL.value


def enter_signed(
    device: Device, request: str, *, deputy: int, legal: int, signed_on: str, photos: Sequence[str]
) -> str | Refused:
    """Enter the request that both signed and sealed on paper; the head has yet to confirm it."""

    def build(act: Act) -> str:
        fact = DestructionSigned(
            request=request, deputy=deputy, legal=legal, signed_on=signed_on, attachments=list(photos)
        )
        return act.add(fact, sign=device.sign)

    def against() -> list[Refusal]:
        row, found = find_request(device, request)
        found = [*device.may(Action.REQUEST_DESTRUCTION), *found, *past_day_refusals(device, "signed_on", signed_on)]
        found += attachment_refusals(device, photos)
        found += [] if photos else [Refusal(code=RefusalCode.PHOTO_MISSING, field="attachments")]
        if row is None:
            return found
        found += order_refusals(device, row) + before_refusals(row, "signed_on", signed_on)
        return found + signer_refusals(device, row, deputy, legal)

    return device.record_unless(against, build)


@enforces("G38")
def signer_refusals(device: Device, request: Row, deputy: int, legal: int) -> list[Refusal]:
    """Who signed holds the post in the roster, and stands for nobody else in this request."""
    signed = {Post.DEPUTY: deputy, Post.LEGAL: legal}
    found = [refusal for post, person in signed.items() for refusal in _roster_refusals(device, post, person)]
    known = approvals(device.rows, request)
    if len({known.keeper, known.head or -1, deputy, legal}) < len(Step):
        found.append(Refusal(code=RefusalCode.ONE_PERSON_TWICE, field="request"))
    return found


def _roster_refusals(device: Device, post: Post, person: int) -> list[Refusal]:
    grant, now = device.grant(person), device.clock.now().at
    holds = grant is not None and post in grant.posts and grant.station in (0, device.sheet.station)
    if grant is not None and holds and grant.valid_from <= now <= grant.valid_until:
        return []
    return [Refusal(code=RefusalCode.FIELD_INVALID, field=post.value, current=person)]


# --- the destruction -------------------------------------------------------------------------------------------------


class Destruction(msgspec.Struct, frozen=True, kw_only=True):
    """How a request was carried out: ``supervisor`` is the person's number, ``photos`` or the video's stills."""

    method: str
    counted: int
    destroyed_on: str
    supervisor: int
    photos: tuple[str, ...]


def destroy(device: Device, request: str, done: Destruction, *, note: str = "") -> str | Refused:
    """Record that the sheets of a request were destroyed; each ceases to exist, in the same act."""

    def build(act: Act) -> str:
        fact = SheetsDestroyed(
            request=request,
            method=done.method,
            counted=done.counted,
            destroyed_on=done.destroyed_on,
            supervisor=done.supervisor,
            attachments=list(done.photos),
        )
        return act.add(fact, private=note_of(note), sign=device.sign)

    return device.record_unless(lambda: destroy_refusals(device, request, done, note), build)


def destroy_refusals(device: Device, request: str, done: Destruction, note: str = "") -> list[Refusal]:
    """Why a request may not be carried out so; every sheet is still here, as the request says."""
    row, found = find_request(device, request)
    found = [*device.may(Action.DESTROY_SHEETS), *found, *attachment_refusals(device, done.photos)]
    found += past_day_refusals(device, "destroyed_on", done.destroyed_on)
    found += reason_refusals(device, METHOD, done.method, note, field="destruction_method")
    if row is None:
        return found
    found += approval_refusals(device, row) + presence_refusals(device, row, done)
    found += before_refusals(row, "destroyed_on", done.destroyed_on)
    sheets = requested_sheets(device.rows, request)
    found += retention_refusals(device, sheets) + frozen_sheet_refusals(device, sheets)
    return found + difference_refusals(device, row, done.counted, done.method)


@enforces("G18")
def before_refusals(request: Row, field: str, day: str) -> list[Refusal]:
    """Nothing was agreed to or destroyed before it was asked for, when its term of keeping had passed."""
    asked = legal_date(int(request["at"] or 0))
    return [Refusal(code=RefusalCode.FIELD_INVALID, field=field, current=day, limit=asked)] if day < asked else []


@enforces("G38")
def approval_refusals(device: Device, request: Row) -> list[Refusal]:
    """Who has yet to agree; four different persons, whatever posts each of them holds (Art. 24 (2))."""
    known = approvals(device.rows, request)
    found = [Refusal(code=RefusalCode.NOT_APPROVED, details={"step": step.value}) for step in known.missing()[:1]]
    return found + ([Refusal(code=RefusalCode.ONE_PERSON_TWICE, field="request")] if known.is_twice() else [])


@enforces("G39")
def presence_refusals(device: Device, request: Row, done: Destruction) -> list[Refusal]:
    """The deputy leader who approved is there and supervises, and the destruction is photographed (Art. 24 (2)).

    Who records it is somebody else: nobody watches themself, whatever posts they hold.
    """
    deputy = approvals(device.rows, request).deputy
    found = []
    if deputy and device.session is not None and device.session.person == deputy:
        found.append(Refusal(code=RefusalCode.ONE_PERSON_TWICE, field="request"))
    if deputy and done.supervisor != deputy:
        found.append(Refusal(code=RefusalCode.SUPERVISOR_ABSENT, field="supervisor", limit=deputy))
    return found if done.photos else [*found, Refusal(code=RefusalCode.PHOTO_MISSING, field="attachments")]


@enforces("G41")
def difference_refusals(device: Device, request: Row, counted: int, method: str) -> list[Refusal]:
    """Request, book and physical count agree, and so does the method; else it goes back (Art. 24 (4))."""
    sheets = requested_sheets(device.rows, str(request["ref"]))
    found = list_refusals(device, sheets, SheetState.DESTROYED) + count_refusals(len(sheets), counted)
    if method != request["method"]:
        wanted = str(request["method"])
        found.append(Refusal(code=RefusalCode.METHOD_DIFFERS, field="destruction_method", limit=wanted, current=method))
    return found
