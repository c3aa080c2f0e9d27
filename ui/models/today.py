"""Work to do on this device: what is due, in the order in which it is due (工作台)."""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.clock import MS_PER_DAY, day_start, legal_date
from inspector_app.domain.authority import Action
from inspector_app.domain.custody import SheetState
from inspector_app.services import ceremony, drafts
from inspector_app.services.day_close import unclosed_days
from inspector_app.services.device import Device
from inspector_app.services.lists import QueueLine, certificates_today, issuables, print_queue
from inspector_app.services.number_custody import ledger
from inspector_app.services.stocktaking import own_stocktake
from inspector_app.services.upkeep import DESTRUCTION, PHOTOGRAPH, STOCKTAKE, STORE_CHECK, Due, upkeep_due
from ui.models.cases import read_cases
from ui.models.confirmations import read_waiting
from ui.models.contact import read_remarks
from ui.models.inspections import batch_of
from ui.models.naming import Naming, Row, day_words
from ui.models.standing import Standing, moment_words, read_standing, to_inspect
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone


class TaskLine(NamedTuple):
    """One thing to do: words, quiet words, when it is due (UTC ms), a state, and where it is done."""

    title: str
    detail: str
    due: int
    due_words: str
    state: str
    tone: Tone
    place: Place
    subject: str = ""


class DraftLine(NamedTuple):
    """One unfinished form."""

    draft: str
    form: str
    title: str
    saved_at: int
    place: Place
    subject: str


class Today(NamedTuple):
    """What the first page shows."""

    tasks: list[TaskLine]
    drafts: list[DraftLine]
    standing: Standing
    issued_today: int
    stock: dict[str, tuple[int, int]]  # by kind: numbers left, and how many were given


DRAFT_PLACES = {
    "declaration": Place.DECLARATIONS,
    "inspection": Place.INSPECTION,
    "sample": Place.INSPECTION,
    "sending": Place.INSPECTION,
    "result": Place.INSPECTION,
    "notice": Place.INSPECTION,
    "issue": Place.ISSUE,
    "stock_count": Place.STOCKTAKE,
}
OF_SHEETS = "spoil collect find lose write_off hand_in".split()
OF_REQUESTS = "destruction_request destruction_review destruction_back destruction_signed destruction".split()
OF_LOSSES = "loss_publish loss_report loss_acknowledge loss_conclude".split()
DEED_PLACES = {
    **dict.fromkeys([*OF_SHEETS, *OF_REQUESTS], Place.OLD_SHEETS),
    **dict.fromkeys("store_profile store_keeper store_check draw_receipt".split(), Place.STORES),
    **dict.fromkeys("visit rectification".split(), Place.SUPERVISION),
    **dict.fromkeys(OF_LOSSES, Place.LOSSES),
    "remark": Place.SYNC,
}
"""Forms that are asked beside a record: the draft is there again when the record's deed is chosen."""
DEED_VIEWS = {"hand_in": "to_hand_in", "destruction_request": "due", "visit": ""}


def read_today(device: Device) -> Today:
    """Read everything the first page shows; runs in the background."""
    naming, now = Naming(device), device.clock.now().at
    tasks = [
        *_unclosed(device, now),
        *_confirmations(device),
        *_stocktakes(device, now),
        *_upkeep(device),
        *_cases(device),
        *_papers(device, naming, now),
        *_voids(device, naming, now),
        *_verdicts(device),
        *_issuable(device, naming, now),
        *_inspections(device, naming, now),
        *_declarations(device, naming, now),
        *_online(device, naming, now),
    ]
    tasks.sort(key=lambda task: (task.place is not Place.DAY_CLOSE, task.due))  # an unclosed day comes first
    standing = read_standing(device)
    return Today(tasks, _drafts(device), standing, certificates_today(device), _stock(device, standing))


def _stock(device: Device, standing: Standing) -> dict[str, tuple[int, int]]:
    own = [line for line in ledger(device) if (line.device, line.holder) == (device.id, device.session.person)]
    return {
        kind: (left, sum(line.count.size for line in own if line.kind == kind))
        for kind, left in standing.numbers.items()
    }


def _unclosed(device: Device, now: int) -> list[TaskLine]:
    return [
        TaskLine(
            text("task.close_day", date=date),
            text("task.close_day_detail"),
            day_start(date) + MS_PER_DAY,
            day_words(day_start(date) + MS_PER_DAY, now),
            text("state.not_closed"),
            Tone.WARN,
            Place.DAY_CLOSE,
            date,
        )
        for date in unclosed_days(device)
    ]


def _confirmations(device: Device) -> list[TaskLine]:
    """What colleagues did alone and this person may confirm, the oldest first; voids are listed with their papers."""
    return [
        TaskLine(
            text("task.confirm", what=act.title),
            text("confirmations.done_by", name=act.name, when=act.when),
            act.at,
            act.when,
            text("state.to_confirm"),
            Tone.WARN,
            Place.CONFIRMATIONS,
            act.ref,
        )
        for act in read_waiting(device)
        if not act.why and not act.due
    ]


def _stocktakes(device: Device, now: int) -> list[TaskLine]:
    """A stocktake that was interrupted."""
    if device.may(Action.STOCKTAKE):
        return []
    row = own_stocktake(device)
    if row is None:
        return []
    at, name = int(row["opened_at"] or 0), "task.stocktake_open"
    state = text("state.under_way")
    return [TaskLine(text(name), text(f"{name}_detail"), at, moment_words(at, now), state, Tone.INFO, Place.STOCKTAKE)]


UPKEEP_PLACES = {STOCKTAKE: Place.STOCKTAKE, STORE_CHECK: Place.STORES}
VIEWS = {SheetState.SPOILED: "spoiled", SheetState.COLLECTED: "to_hand_in"}
"""Under which old sheets a photograph is added; that of a paper that ended, beside the certificate."""


def _upkeep(device: Device) -> list[TaskLine]:
    """The stocktake, the checks of stores and the quarterly list that are due."""
    return [_upkeep_task(device, due) for due in upkeep_due(device)]


def _upkeep_task(device: Device, due: Due) -> TaskLine:
    place, subject = _where(due)
    state, tone = ("to_photograph", Tone.INFO) if due.code == PHOTOGRAPH else ("due", Tone.WARN)
    if due.due_on < device.today():
        state, tone = "overdue", Tone.BAD
    return TaskLine(
        text(f"task.{due.code}", n=due.sheets, store=due.store, number=due.number),
        text(f"task.{due.code}_detail"),
        day_start(due.due_on) + MS_PER_DAY,
        due.due_on[5:],
        text(f"state.{state}"),
        tone,
        place,
        subject,
    )


def _where(due: Due) -> tuple[Place, str]:
    """The page on which something due is done, and what it is opened with."""
    if due.code == DESTRUCTION:
        return Place.OLD_SHEETS, "due"
    if due.code == PHOTOGRAPH:
        return (Place.OLD_SHEETS, VIEWS[due.state]) if due.state else (Place.CERTIFICATES, due.number)
    return UPKEEP_PLACES[due.code], due.store


def _cases(device: Device) -> list[TaskLine]:
    """Open cases, for whoever concludes them."""
    if device.may(Action.CONCLUDE_CUSTODY_CASE):
        return []
    return [
        TaskLine(
            text("task.case", what=case.title),
            case.about,
            day_start(case.due) + MS_PER_DAY,
            case.due[5:],
            case.state,
            case.tone,
            Place.STOCKTAKE,
            case.ref,
        )
        for case in read_cases(device)
        if case.is_open
    ]


def _papers(device: Device, naming: Naming, now: int) -> list[TaskLine]:
    found = []
    for line in print_queue(device):
        due = int(line.row.get("departs_at") or line.row["issued_at"] or 0)
        title = text(f"task.{line.next_step}", number=line.number)
        found.append(_paper_task(line, naming, title, due, now))
    return found


def _paper_task(line: QueueLine, naming: Naming, title: str, due: int, now: int) -> TaskLine:
    detail = " · ".join((str(line.row["owner_name"] or ""), naming.batch(line.row), naming.quantity(line.row)))
    tone = Tone.WARN if line.next_step in ("answer", "release", "expired", "stub") else Tone.INFO
    words = text(f"step.{line.next_step}")
    return TaskLine(title, detail, due, day_words(due, now), words, tone, Place.PRINTS, line.number)


def _voids(device: Device, naming: Naming, now: int) -> list[TaskLine]:
    """Voids that the person signed in may confirm: made by somebody else."""
    if device.may(Action.CONFIRM_VOID):
        return []
    theirs = [row for row in ceremony.unconfirmed_voids(device) if row["by"] != device.person()]
    ends = [day_start(ceremony.due_on(device, row)) + MS_PER_DAY - 1 for row in theirs]
    return [_void_task(row, due, naming, now) for row, due in zip(theirs, ends, strict=True)]


def _void_task(row: Row, due: int, naming: Naming, now: int) -> TaskLine:
    number = str(row["subject"])
    detail = text("task.confirm_void_detail", who=naming.person(int(row["by"] or 0)))
    state, tone = ("overdue", Tone.BAD) if due < now else ("to_confirm", Tone.WARN)
    title, words = text("task.confirm_void", number=number), day_words(due, now)
    return TaskLine(title, detail, due, words, text(f"state.{state}"), tone, Place.CERTIFICATES, number)


def _verdicts(device: Device) -> list[TaskLine]:
    """What the province asks to be put right: whose it is, and by when."""
    return [
        TaskLine(
            line.happened,
            text("task.verdict_detail", case=line.case, owner=line.owner),
            day_start(line.due_on) + MS_PER_DAY if line.due_on else line.remark.given_at,
            line.due_on[5:],
            text("state.overdue" if line.overdue else "state.attention"),
            line.tone,
            Place.SYNC,
            line.remark.ref,
        )
        for line in read_remarks(device)
    ]


def _issuable(device: Device, naming: Naming, now: int) -> list[TaskLine]:
    found = []
    for item in issuables(device):
        row, due = item.declaration, int(item.declaration["departs_at"] or 0)
        waits = item.missing or item.positive
        night = item.kind == "B" and legal_date(due) != legal_date(now)
        state = "waits_result" if waits else "after_midnight" if night else "ready"
        tone = Tone.OFF if waits else Tone.INFO if night else Tone.GOOD
        title = text("task.issue", kind=item.kind, owner=str(row["owner_name"] or ""))
        detail = " · ".join((naming.batch(item.inspection), naming.amount(item.left), _to(naming, row)))
        ref = str(item.inspection["ref"])
        found.append(TaskLine(title, detail, due, day_words(due, now), text(f"state.{state}"), tone, Place.ISSUE, ref))
    return found


def _inspections(device: Device, naming: Naming, now: int) -> list[TaskLine]:
    found = []
    for row in to_inspect(device):
        due = day_start(str(row["inspect_on"])) if row["inspect_on"] else int(row["departs_at"] or 0)
        title = text("task.inspect", owner=str(row["owner_name"] or ""))
        tone = Tone.WARN if due + MS_PER_DAY <= now else Tone.INFO
        words = str(row["inspect_on"] or "")[5:]
        found.append(
            TaskLine(
                title,
                _about(naming, row),
                due,
                words,
                text("state.to_inspect"),
                tone,
                Place.INSPECTION,
                str(row["ref"]),
            )
        )
    return found


def _declarations(device: Device, naming: Naming, now: int) -> list[TaskLine]:
    found = []
    for row in device.rows.many("declarations", state="recorded"):
        due = int(row["departs_at"] or 0)
        title = text("task.decide", owner=str(row["owner_name"] or ""))
        found.append(
            TaskLine(
                title,
                _about(naming, row),
                due,
                day_words(due, now),
                text("state.undecided"),
                Tone.WARN,
                Place.DECLARATIONS,
                str(row["ref"]),
            )
        )
    return found


def _online(device: Device, naming: Naming, now: int) -> list[TaskLine]:
    found = []
    for row in device.rows.many("online_declarations"):
        if row["declaration"]:
            continue
        due = int(row["departs_at"] or 0)
        title = text("task.online", owner=str(row["owner_name"] or ""))
        found.append(
            TaskLine(
                title,
                _about(naming, row),
                due,
                day_words(due, now),
                text("state.online"),
                Tone.INFO,
                Place.DECLARATIONS,
                f"online:{row['online']}",
            )
        )
    return found


def _about(naming: Naming, row: Row) -> str:
    return " · ".join((naming.batch(row), naming.quantity(row), _to(naming, row)))


def _to(naming: Naming, row: Row) -> str:
    return text("task.to", place=naming.area_short(int(row["destination"] or 0)))


def _drafts(device: Device) -> list[DraftLine]:
    found = []
    for kept in drafts.kept(device):
        place = DRAFT_PLACES.get(kept.form) or DEED_PLACES.get(kept.form)
        if place is None:
            continue
        is_deed = kept.form in DEED_PLACES
        name = _deed_name(kept) if is_deed else _draft_name(device, kept)
        title = f"{text(f'draft.{kept.form}')}  {name}".strip()
        subject = _deed_subject(kept) if is_deed else f"draft:{kept.draft}"
        found.append(DraftLine(kept.draft, kept.form, title, kept.saved_at, place, subject))
    return found


def _deed_subject(kept: drafts.Kept) -> str:
    """Where the record of a deed is shown: the number of a sheet, a view, a store, or the entry."""
    if kept.form in OF_REQUESTS and kept.subject:
        return "requests"
    if kept.form in OF_SHEETS and kept.subject:
        return kept.subject.rpartition(" ")[0]
    return DEED_VIEWS.get(kept.form, kept.subject)


def _deed_name(kept: drafts.Kept) -> str:
    """The sheet or store by its name; an entry has none that says anything."""
    return kept.subject if "/" not in kept.subject or kept.form in OF_SHEETS else ""


def _draft_name(device: Device, kept: drafts.Kept) -> str:
    about = kept.content.get("owner") or kept.content.get("batch") or kept.content.get("destination_place")
    if isinstance(about, list) and len(about) == 3:
        return str(about[1])
    return str(about or "") or _batch_name(device, kept.subject)


def _batch_name(device: Device, subject: str) -> str:
    """Whose batch a form about a batch or a sample of it is about."""
    inspection = device.rows.one("inspections", ref=batch_of(device, subject))
    declaration = device.rows.one("declarations", ref=inspection["declaration"]) if inspection else None
    return str(declaration["owner_name"] or inspection["batch"] or "") if inspection and declaration else ""
