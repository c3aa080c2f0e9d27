"""Handing the paper to the holder (已签字盖章，交给货主), filing stubs, voiding and confirming voids.

The same for certificates and treatment notices, except that a notice's party signs for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import msgspec

from inspector_app.clock import MS_PER_MINUTE, moment_text
from inspector_app.domain.authority import Action
from inspector_app.domain.certificate import OWNERS_WISH, CertificateState, is_recorded_late
from inspector_app.domain.custody import SheetState
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.ceremony import ActConfirmed, Ceremony
from inspector_app.journal.entries.certificates import (
    CertificateHandedOver,
    CertificateVoided,
    NoticeHandedOver,
    NoticeVoided,
)
from inspector_app.journal.entries.custody import StubFiled
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.envelope import Fact
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.sheets import STUB, VOID
from inspector_app.ports import PaperContent
from inspector_app.services import ceremony
from inspector_app.services.device import Device, Session
from inspector_app.services.marked_sheets import UNSEEN, Marked, as_recorded, marked_refusals
from inspector_app.services.on_desk import (
    Sheet,
    ending_refusals,
    paper_row,
    report_lost,
    sheets_in_hand,
    sheets_on_desk,
    strange_number_refusals,
    stubs_waiting,
    travelling_refusals,
)
from inspector_app.services.paperwork import NOTICE_KIND, leave
from inspector_app.services.print_jobs import THERMAL, content_of, current_print, expired_by, number_of, stock_of
from inspector_app.services.telling_owners import NO_ORDER, Order, holder_refusals
from inspector_app.services.typed import attachment_refusals, one_text, reason_refusals

__all__ = ["Sheet", "sheets_in_hand", "sheets_on_desk"]

LATE_RECORD = "late_record"
"""The list of reasons for recording a hand-over late."""
MEANS = ("paper", "laser", "photo")
"""How a stub came on file: the laser copy itself, an A4 stub drawn from the record, a photograph."""
STUB_TITLE = "存根归档补打"
_BOX = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")


def _known(device: Device, number: str) -> tuple[Row | None, list[Refusal]]:
    row = paper_row(device, number)
    return row, [] if row else [Refusal(code=RefusalCode.NOT_FOUND, current=number)]


def _in_state(row: Row | None, wanted: str) -> list[Refusal]:
    if row is None or row["state"] == wanted:
        return []
    return [Refusal(code=RefusalCode.WRONG_STATE, current=str(row["state"]), limit=wanted)]


def _is_notice(row: Row) -> bool:
    return row["kind"] == NOTICE_KIND


# --- handing over ----------------------------------------------------------------------------------------------------


class Handed(msgspec.Struct, frozen=True):
    """When a paper changed hands, and why that is written down late.

    ``at`` is UTC ms, None for now; ``reason`` a code of the list ``late_record``, ``note`` the words some reasons
    demand. A reason is demanded of a late record only; one that is given stands on record in any case.
    """

    at: int | None = None
    reason: str = ""
    note: str = ""


NOW = Handed()


def hand_over(
    device: Device,
    number: str,
    *,
    wet_signature: bool,
    wet_seal: bool,
    receipt_signed: bool,
    file_stub: bool = True,
    handed: Handed = NOW,
) -> str | Refused:
    """The holder received the travelling sheets; by default the stub goes on file in the same act.

    A stub on thermal paper never does: it fades, and counts only after :func:`file_stub`. ``receipt_signed`` says that
    a notice's party signed for it (当事人签收). What was ``handed`` over earlier is judged as of that time (补录): also
    when a colleague, who could not know of it, has ended the paper since.
    """

    def against() -> list[Refusal]:
        said = marks_refusals(device, number, wet_signature, wet_seal, receipt_signed)
        return [*hand_over_refusals(device, number, handed), *said]

    def build(act: Act) -> str:
        row, print_no = paper_row(device, number) or {}, _print_no(device, number)
        sheets = device.rows.many("sheets", number=number, print=print_no)
        travelling = [sheet for sheet in sheets if sheet["sheet"] != STUB]
        stubs = [sheet for sheet in sheets if sheet["sheet"] == STUB and _may_be_filed(sheet)]
        at = act.at if handed.at is None else handed.at
        said = (wet_signature, wet_seal, receipt_signed)
        fact = _handed_over(device, row, len(travelling), said, msgspec.structs.replace(handed, at=at))
        ref = act.add(fact, private=note_of(handed.note), sign=device.sign)
        if file_stub and stubs and stock_of(row) != THERMAL:
            act.add(StubFiled(number=fact.number, print=print_no, sheets=len(stubs)))
        return ref

    return device.record_unless(against, build)


def _may_be_filed(stub: Row) -> bool:
    # One spoiled only because the paper was void comes back on file with the hand-over.
    return stub["state"] == SheetState.PRINTED or (stub["state"] == SheetState.SPOILED and stub["category"] == VOID)


def _handed_over(
    device: Device, row: Row, sheets: int, said: tuple[bool, bool, bool], told: Handed
) -> CertificateHandedOver | NoticeHandedOver:
    number, print_no = number_of(device, str(row["number"])), _print_no(device, str(row["number"]))
    at = told.at or 0
    if _is_notice(row):
        return NoticeHandedOver(number, print_no, sheets, *said, at, told.reason)
    return CertificateHandedOver(number, print_no, sheets, *said[:2], at, told.reason)


def _print_no(device: Device, number: str) -> int:
    return int((current_print(device, number) or {})["print"] or 0)


def marks_refusals(device: Device, number: str, signature: bool, seal: bool, receipt: bool) -> list[Refusal]:
    """What is not on the paper yet: signature and seal, on a notice also the party's signature for it."""
    found = [] if signature else [Refusal(code=RefusalCode.PAPER_UNSIGNED, field="wet_signature")]
    if not (seal or seal_is_drawn(device)):
        found.append(Refusal(code=RefusalCode.PAPER_UNSEALED, field="wet_seal"))
    row = paper_row(device, number)
    if row is not None and _is_notice(row) and not receipt:
        found.append(Refusal(code=RefusalCode.RECEIPT_UNSIGNED, field="receipt_signed"))
    return found


def seal_is_drawn(device: Device) -> bool:
    """Whether the paper comes out of the printer with the registered seal, and policy lets that count."""
    return device.paper.draws_seal() and not device.practice and device.policy().seal_image_counts


def hand_over_refusals(device: Device, number: str, handed: Handed = NOW) -> list[Refusal]:
    """Why no hand-over may be recorded: its current print must lie on the desk, whole, and once is enough."""
    row, found = _known(device, number)
    found = [*device.may(Action.HAND_OVER), *found]
    if row is None:
        return found
    if not _was_given_before_its_end(row, handed):
        found += _in_state(row, "issued")
    held = current_print(device, number)
    if held is None or held["state"] != "printed":
        found.append(Refusal(code=RefusalCode.WRONG_STATE, current=str(held["state"]) if held else "", limit="printed"))
    if row["handed_over_at"]:
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, current=number))
    elif held is not None and not found:  # where the paper itself stands in the way its sheets say nothing more
        found += travelling_refusals(device, number, int(held["print"] or 0), handed_at=handed.at)
    return found + _when_refusals(device, row, held, handed)


def _was_given_before_its_end(row: Row, handed: Handed) -> bool:
    """Whether the holder had the paper before it was voided or replaced: that is a fact, whoever ended it since."""
    return handed.at is not None and row["void_at"] is not None and handed.at < int(row["void_at"])


def _when_refusals(device: Device, row: Row, held: Row | None, handed: Handed) -> list[Refusal]:
    """A paper changes hands after it came to the printer and while it covers the trip, never in time to come."""
    now = device.clock.now().at
    at = now if handed.at is None else handed.at
    found = expired_by(row, at, field="handed_at")
    earliest = _earliest(device, row, held)
    if handed.at is not None and not earliest <= at <= now:
        limit, current = moment_text(earliest), moment_text(at)
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="handed_at", limit=limit, current=current))
    if is_recorded_late(at, now) or handed.reason:
        return found + reason_refusals(device, LATE_RECORD, handed.reason, handed.note, field="late_reason")
    return found + one_text("note", handed.note)


def _earliest(device: Device, row: Row, held: Row | None) -> int:
    """When the paper can first have changed hands: issued, and sent to its printer, by whichever clocks those were."""
    number, print_no, tolerance = row["number"], (held or {}).get("print"), device.policy().clock_tolerance_ms
    # Not when a person answered for it: after a power cut the answer, too, is given late.
    sent = device.rows.many("attempts", number=number, print=print_no, outcome="printed")
    begun = [_minute(attempt["submitted_at"]) - _apart(device, attempt, tolerance) for attempt in sent]
    return max([_minute(row["issued_at"]) - tolerance, *begun])  # of the issue the province asks just that


def _apart(device: Device, attempt: Row, tolerance: int) -> int:
    """How far the clock that sent an attempt may be ahead of the one here."""
    return 0 if attempt["device"] == device.id else tolerance


def _minute(at: str | int | None) -> int:
    """The minute a moment lies in: people write minutes."""
    return int(at or 0) // MS_PER_MINUTE * MS_PER_MINUTE


# --- the stub --------------------------------------------------------------------------------------------------------


def file_stub(
    device: Device, number: str, *, means: str = "paper", attachments: Sequence[str] = (), box: str = ""
) -> str | Refused:
    """The station's copy goes on file (存根归档); a thermal one with its photograph or the A4 stub drawn for it.

    ``box`` is the mark of the box or folder it lies in; it may be told later, once.
    """
    mark = box_mark(box)

    def build(act: Act) -> str:
        fact = StubFiled(
            number=number_of(device, number),
            print=_print_no(device, number),
            sheets=1,
            means=means,
            attachments=list(attachments),
            box=mark,
        )
        return act.add(fact)

    return device.record_unless(lambda: stub_refusals(device, number, means, attachments, mark), build)


def box_mark(typed: str) -> str:
    """The mark of a box as it is kept: ``２０２６-b-3`` → ``2026-B-3``."""
    return "".join(unicodedata.normalize("NFKC", typed).upper().split())


def stub_refusals(device: Device, number: str, means: str, attachments: Sequence[str], box: str = "") -> list[Refusal]:
    """Why a stub may not go on file now."""
    row, found = _known(device, number)
    found = [*device.may(Action.HAND_OVER), *found]
    if means not in MEANS:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="means", current=means))
    if box and not _BOX.fullmatch(box):
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="box", current=box))
    if row is not None and box and _lies_unmarked(device, number):
        return found + attachment_refusals(device, attachments)
    if row is not None:
        found += _stub_sheet_refusals(device, number)
        if means != "paper" or stock_of(row) == THERMAL:
            found += [] if attachments and means != "paper" else [Refusal(code=RefusalCode.STUB_NEEDS_PROOF)]
    return found + attachment_refusals(device, attachments)


def _stub(device: Device, number: str) -> Row | None:
    return device.rows.one("sheets", number=number, print=_print_no(device, number), sheet=STUB)


def _lies_unmarked(device: Device, number: str) -> bool:
    """Whether the stub is on file and nobody has said in which box."""
    stub = _stub(device, number)
    return stub is not None and stub["state"] == SheetState.KEPT and not stub["box"]


class StubCount(msgspec.Struct, frozen=True):
    """Stubs on file and in all (存根归档 n/n), and how many of those on file lie in no box that was named."""

    filed: int
    due: int
    unmarked: int


def stub_count(device: Device) -> StubCount:
    """The stubs of papers handed over from this device's keeping."""
    filed = device.rows.many("sheets", device=device.id, sheet=STUB, state=SheetState.KEPT.value)
    unmarked = sum(1 for stub in filed if not stub["box"])
    return StubCount(len(filed), len(filed) + len(stubs_waiting(device)), unmarked)


def _stub_sheet_refusals(device: Device, number: str) -> list[Refusal]:
    stub = _stub(device, number)
    state = str(stub["state"]) if stub else ""
    if state == SheetState.KEPT:
        return [Refusal(code=RefusalCode.ALREADY_RECORDED, current=number)]
    if state != SheetState.PRINTED:
        return [Refusal(code=RefusalCode.WRONG_STATE, current=state, limit="printed")]
    return []


def draw_stub(device: Device, number: str) -> str:
    """Draw the A4 stub of a certificate (归档补打) and keep it; returns its file (hex SHA-256).

    It repeats what the thermal copy says, without its code: a stub is no second original.
    """
    content = content_of(device, number, _print_no(device, number))
    form = device.paper.report_form(STUB_TITLE)
    drawn = device.paper.report(
        STUB_TITLE,
        _stub_facts(device, content),
        (),
        device.clock.now().at,
        leave=leave(device, form, device.person()),
        signatures=("归档人", "日期"),
    )
    return device.files.add(drawn, "application/pdf")


_STUB_LABELS = {
    "owner": "货主",
    "owner_phone": "联系电话",
    "species": "动物种类",
    "quantity": "数量及单位",
    "origin": "启运地点",
    "destination": "到达地点",
    "purpose": "用途",
    "validity": "有效期",
    "vet": "官方兽医",
    "issued_on": "签发日期",
    "agency": "出证机构",
    "agency_phone": "机构电话",
    "remarks": "备注",
}


def _stub_facts(device: Device, content: PaperContent) -> dict[str, str]:
    says = {label: content.values[key] for key, label in _STUB_LABELS.items() if content.values.get(key)}
    made = {"打印": f"第 {content.print_no} 次", "核验码": content.check_code or "无"}
    return {"证号": content.number} | says | made | {"补打时间": moment_text(device.clock.now().at)}


# --- void ------------------------------------------------------------------------------------------------------------


def void_refusals(
    device: Device,
    number: str,
    reason: str,
    on_desk: int,
    note: str = "",
    lost: Sequence[Sheet] = (),
    *,
    order: Order = NO_ORDER,
    marked: Marked = UNSEEN,
) -> list[Refusal]:
    """Why a paper may not be voided now: before hand-over all its sheets must lie on the desk or be reported lost.

    Those on the desk are marked 作废 and photographed, or a reason says why not.

    A void protects, so it works at once and at any computer of the station, also when the one that issued is lost.
    """
    row, found = _known(device, number)
    found = [*device.may(Action.VOID), *found, *_in_state(row, "issued")]
    found += [*strange_number_refusals(device, row), *reason_refusals(device, "void", reason, note)]
    if row is None:
        return found
    found += [*holder_refusals(device, row, reason, order), *ending_refusals(device, number, on_desk, lost)]
    return found + marked_refusals(device, on_desk, marked)


def void_certificate(
    device: Device,
    number: str,
    *,
    reason: str,
    on_desk: int,
    note: str = "",
    lost: Sequence[Sheet] = (),
    order: Order = NO_ORDER,
    marked: Marked = UNSEEN,
) -> str | Refused:
    """Void (作废) a certificate or notice, in force at once; its number is never used again, its sheets are kept.

    ``on_desk`` is what the person counted, never what the books say; ``lost`` are the sheets nobody can find; ``order``
    is on what a paper is ended that its owner holds and did not give up; ``marked`` shows those on the desk.
    """

    def build(act: Act) -> str:
        report_lost(act, number_of(device, number), lost)
        fact = _voided(device, number, reason, on_desk, order, as_recorded(marked, on_desk))
        return act.add(fact, private=note_of(note), sign=device.sign)

    def against() -> list[Refusal]:
        return void_refusals(device, number, reason, on_desk, note, lost, order=order, marked=marked)

    return device.record_unless(against, build)


def _voided(device: Device, number: str, reason: str, on_desk: int, order: Order, seen: Marked) -> Fact:
    row, named = paper_row(device, number) or {}, number_of(device, number)
    if _is_notice(row):
        return NoticeVoided(named, reason, on_desk, seen.photos, seen.no_picture)
    # An order counts for what its owner holds and did not give up; elsewhere it would accuse somebody of nothing.
    stands = order if row["handed_over_at"] and reason not in OWNERS_WISH else NO_ORDER
    by = (stands.legal_basis, stands.ordered_by)
    return CertificateVoided(named, reason, on_desk, *by, seen.photos, seen.no_picture)


def confirm_void(
    device: Device, number: str, *, form: str = Ceremony.APART, attachments: Sequence[str] = ()
) -> str | Refused:
    """The second person confirms a void; one person never counts twice, whatever posts they hold.

    Voided at two computers, either void may be confirmed: the oldest that waits and that this person did not make is.
    """

    def build(act: Act) -> str:
        fact = ActConfirmed(act=_void_to_confirm(device, number), form=form, attachments=list(attachments))
        return act.add(fact, sign=device.sign)

    return device.record_unless(lambda: confirm_refusals(device, number, form, attachments), build)


def confirm_void_together(device: Device, number: str, second: Session) -> str | Refused:
    """The second person confirms at the desk of whoever voided, having given their own passphrase there."""
    act = _void_to_confirm(device, number, second.person)
    return ceremony.confirm_together(device, act, second) if act else Refused(_not_void(device, number))


def confirm_refusals(
    device: Device, number: str, form: str = Ceremony.APART, attachments: Sequence[str] = ()
) -> list[Refusal]:
    """Why this person may not confirm a void now."""
    act = _void_to_confirm(device, number)
    if not act:
        return [*device.may(Action.CONFIRM_VOID), *_not_void(device, number)]
    return ceremony.confirm_refusals(device, act, form, attachments)


def _void_to_confirm(device: Device, number: str, person: int = 0) -> str:
    """The void of a paper that this person would confirm, by its entry's name; "" of a paper that is not void."""
    person = person or (device.session.person if device.session else 0)
    if (paper_row(device, number) or {}).get("state") != CertificateState.VOIDED:
        return ""
    acts = ceremony.void_acts(device, number)
    acts.sort(key=lambda row: (ceremony.is_settled(device, row), row["by"] == person))
    return str(acts[0]["ref"]) if acts else ""


def _not_void(device: Device, number: str) -> tuple[Refusal, ...]:
    row, found = _known(device, number)
    return (*found, *_in_state(row, CertificateState.VOIDED))
