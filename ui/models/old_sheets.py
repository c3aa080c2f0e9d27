"""Old sheets in words: spoiled, to be handed in, outside, due for destruction; slips, and one sheet or several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action
from inspector_app.domain.custody import DESTROYABLE, SHEET_MOVES, SheetState
from inspector_app.domain.typed_text import normalise_code_text
from inspector_app.services.blanks import BLANK_SHEET
from inspector_app.services.custody_papers import ranges
from inspector_app.services.destroying import DueLine, asked_for, due_for_destruction
from inspector_app.services.device import Device
from inspector_app.services.number_custody import KINDS
from inspector_app.services.old_sheets import TO_HAND_IN, missing_of
from inspector_app.services.on_desk import paper_row
from inspector_app.services.photographs import is_excused, later_pictures
from inspector_app.services.sheet_custody import SheetName, SpoiledLine, find_row, name_of, spoiled_register
from inspector_app.services.upkeep import quarter_end
from inspector_app.services.writing_off import earlier_refusals, latest_check
from ui import explain
from ui.models.naming import Naming, Row
from ui.models.records import Deed, Line, Record, why_not
from ui.texts import text
from ui.tokens import Tone

CATEGORY_LISTS = ("spoil", "spare_print", "collection")
ENDED = ("voided", "replaced")
REGISTERED = (SheetState.SPOILED, SheetState.COLLECTED)


def sheet_words(name: SheetName) -> str:
    """Print and place of a sheet: 第 1 次打印 · 第 2 联; of a blank that nothing was printed on it."""
    if (name.print, name.sheet) == BLANK_SHEET:
        return text("old_sheets.blank")
    return text("old_sheets.sheet", print=name.print, sheet=name.sheet)


def category_words(naming: Naming, code: str) -> str:
    """Why a sheet is no good or came back, whichever list it is from."""
    known = next((of for of in CATEGORY_LISTS if naming.catalogue.reason(of, code)), "")
    if known:
        return naming.reason(known, code)
    return text("old_sheets.with_void") if code == "void" else code


def _line(name: SheetName, what: str, day: str, state: str, tone: Tone) -> Line:
    return Line(str(name), name.number, sheet_words(name), what, day, state, tone, name)


# --- the views -------------------------------------------------------------------------------------------------------


def read_spoiled(device: Device) -> list[Line]:
    """The register of spoiled sheets with what is overdue."""
    naming = Naming(device)
    return [_spoiled(naming, line) for line in spoiled_register(device)]


def _spoiled(naming: Naming, line: SpoiledLine) -> Line:
    if line.written_off:
        state, tone = text("old_sheets.written_off"), Tone.GOOD
    elif line.overdue:
        state, tone = text("old_sheets.overdue", day=line.due_on), Tone.BAD
    else:
        state, tone = text("old_sheets.due_by", day=line.due_on), Tone.WARN
    return _line(line.name, category_words(naming, line.category), line.since, state, tone)


def read_to_hand_in(device: Device) -> list[Line]:
    """Everything at the station that goes to the keeper above."""
    rows = [row for state in TO_HAND_IN for row in device.rows.many("sheets", state=state.value)]
    return _by_state(device, rows)


def read_outside(device: Device, search: str) -> list[Line]:
    """Sheets of ended papers that are still with their holders, and lost ones; or every sheet of one number."""
    typed = normalise_code_text(search)
    if typed:
        rows = [row for number in _numbers(typed) for row in device.rows.many("sheets", number=number)]
        return _by_state(device, rows)
    papers = [
        row for table in ("certificates", "notices") for state in ENDED for row in device.rows.many(table, state=state)
    ]
    out = [
        row
        for paper in papers
        for row in device.rows.many("sheets", number=paper["number"], state=SheetState.HANDED_OVER.value)
    ]
    return _by_state(device, [*out, *device.rows.many("sheets", state=SheetState.LOST.value)])


def _numbers(typed: str) -> list[str]:
    kind, digits = typed[:1], typed.lstrip("".join(KINDS))
    return [f"{kind} {digits}"] if kind in KINDS else [f"{one} {digits}" for one in KINDS]


STATE_TONES = {"spoiled": Tone.WARN, "handed_over": Tone.WARN, "lost": Tone.BAD, "kept": Tone.GOOD}


def _by_state(device: Device, rows: Iterable[Row]) -> list[Line]:
    naming = Naming(device)
    return [
        _line(
            name_of(dict(row)),
            category_words(naming, str(row["category"] or "")),
            legal_date(int(row["at"] or 0)),
            explain.label("state", str(row["state"])),
            STATE_TONES.get(str(row["state"]), Tone.INFO),
        )
        for row in rows
    ]


def read_due(device: Device) -> list[Line]:
    """The quarterly list: what falls due by the end of the quarter, and what stands in the way of each."""
    asked = asked_for(device)
    return [_due(device, line, asked) for line in due_for_destruction(device, quarter_end(device.today()))]


def _due(device: Device, line: DueLine, asked: set[SheetName]) -> Line:
    if line.suspect:
        state, tone = text("old_sheets.suspect"), Tone.BAD
    elif line.name in asked:
        state, tone = text("old_sheets.asked"), Tone.INFO
    elif not line.written_off:
        state, tone = text("old_sheets.not_written_off"), Tone.WARN
    elif line.kept_through >= device.today():
        state, tone = text("old_sheets.not_yet"), Tone.OFF
    else:
        state, tone = text("old_sheets.ready"), Tone.GOOD
    return _line(line.name, explain.label("state", line.state), line.kept_through, state, tone)


def read_slips(device: Device) -> list[Line]:
    """What was handed in, with its slip; the latest first."""
    naming = Naming(device)
    rows = reversed(device.rows.many("hand_ins", order="at"))
    return [_slip(naming, row, device.rows.many("hand_in_counts", order="at", hand_in=row["ref"])) for row in rows]


def _slip(naming: Naming, row: Row, counts: Sequence[Row]) -> Line:
    title, day = text("old_sheets.slip_of", n=int(row["sheets"] or 0)), legal_date(int(row["at"] or 0))
    by, to = naming.person(int(row["by"] or 0)), naming.reason("hand_in", str(row["receiver"]))
    state, tone = _counted(counts)
    return Line(str(row["ref"]), title, by, to, day, state, tone, str(row["slip"]))


def _counted(counts: Sequence[Row]) -> tuple[str, Tone]:
    """What the keeper above said of a slip: settled is what was counted in."""
    if not counts:
        return text("old_sheets.not_counted_in"), Tone.WARN
    missing = missing_of(counts[-1])
    if missing:
        return text("old_sheets.missing_of_slip", n=len(missing)), Tone.BAD
    return text("old_sheets.counted_in", day=str(counts[-1]["day"])), Tone.GOOD


# --- one sheet, several, a slip ---------------------------------------------------------------------------------------


def read_slip(line: Line) -> Record:
    """One slip."""
    facts = [
        (text("old_sheets.receiver"), line.what),
        (text("old_sheets.day"), line.day),
        (text("old_sheets.by"), line.detail),
    ]
    return Record(line.ref, line.title, "", line.state, line.tone, facts, [Deed("save_slip", "download")])


def read_sheets(device: Device, view: str, chosen: Sequence[Line]) -> Record:
    """One sheet with its paper, or several together; and what may be done with them."""
    if len(chosen) > 1:
        return _several(device, view, chosen)
    name: SheetName = chosen[0].item
    row, naming = find_row(device, name) or {}, Naming(device)
    paper = paper_row(device, name.number) or {}
    facts = [
        (text("old_sheets.paper"), explain.label("state", str(paper["state"])) if paper else ""),
        (text("old_sheets.issued_on"), str(paper.get("issued_on") or "")),
        (text("old_sheets.what_batch"), naming.batch(paper) if paper.get("species") else ""),
        (text("old_sheets.quantity"), naming.quantity(paper) if paper else ""),
        (text("old_sheets.sheet_state"), explain.label("state", str(row["state"])) if row else ""),
        (text("old_sheets.category"), category_words(naming, str(row.get("category") or ""))),
        (text("old_sheets.since"), legal_date(int(row.get("at") or 0))),
        (text("old_sheets.box"), str(row.get("box") or "")),
        *_later_facts(device, name),
        *check_facts(device, naming, name),
    ]
    line = chosen[0]
    return Record(line.ref, line.title, line.detail, line.state, line.tone, facts, _deeds(device, view, chosen))


def registered_by(device: Device, name: SheetName) -> str:
    """The entry that put a sheet among the spoiled ones or took it in, "" for any other sheet."""
    moves = device.rows.many("sheet_moves", number=name.number, print=name.print, sheet=name.sheet, order="at")
    return next((str(one["ref"]) for one in reversed(moves) if one["state"] in REGISTERED), "")


def _later_facts(device: Device, name: SheetName) -> list[tuple[str, str]]:
    count = later_pictures(device, registered_by(device, name))
    return [(text("old_sheets.later_photos"), text("old_sheets.pictures", n=count))] if count else []


def check_facts(device: Device, naming: Naming, name: SheetName) -> list[tuple[str, str]]:
    """What the write-off of a print found."""
    check = latest_check(device, name.number, name.print)
    if check is None:
        return [(text("old_sheets.check"), text("old_sheets.not_written_off"))]
    found = text("old_sheets.suspect") if check["suspect"] else text("old_sheets.written_off")
    day = legal_date(int(check["at"] or 0))
    return [(text("old_sheets.check"), f"{found} · {day} · {naming.person(int(check['by'] or 0))}")]


def _several(device: Device, view: str, chosen: Sequence[Line]) -> Record:
    facts = [
        (text("old_sheets.how_many"), text("old_sheets.sheets", n=len(chosen))),
        *span_facts([line.item for line in chosen]),
    ]
    title = text("old_sheets.several", n=len(chosen))
    return Record("several", title, "", "", Tone.OFF, facts, _deeds(device, view, chosen))


def span_facts(names: Sequence[SheetName]) -> list[tuple[str, str]]:
    """The numbers of several sheets, kind by kind."""
    kinds = sorted({name.kind for name in names})
    return [
        (explain.label("kind", kind), ranges({name.digits for name in names if name.kind == kind})) for kind in kinds
    ]


def _deeds(device: Device, view: str, chosen: Sequence[Line]) -> list[Deed]:
    states = [SheetState(str((find_row(device, line.item) or {})["state"])) for line in chosen]
    if len(chosen) > 1:
        return _together(device, view, chosen, states)
    alone = _alone(device, chosen[0].item, states[0])
    together = _together(device, view, chosen, states)
    # What the view is for comes first; a loss is never what Ctrl+Enter does.
    return [*together, *alone] if view == "due" else [*alone, *together, *_lose(device, states[0])]


def _alone(device: Device, name: SheetName, state: SheetState) -> list[Deed]:
    """What is done with one sheet at a time."""
    found, check = [], latest_check(device, name.number, name.print)
    if state in (*TO_HAND_IN, SheetState.KEPT) and (check is None or check["suspect"]):
        earlier = earlier_refusals(device, name.number, name.print)
        found.append(Deed("write_off", "check", why_not(device, Action.WRITE_OFF, *earlier)))
    if SheetState.COLLECTED in SHEET_MOVES[state]:
        found.append(Deed("collect", "inbox", why_not(device, Action.COLLECT_SHEET)))
    if state is SheetState.LOST:
        found.append(Deed("find", "search", why_not(device, Action.COLLECT_SHEET)))
    if state in (SheetState.PRINTED, SheetState.KEPT):
        found.append(Deed("spoil", "ban", why_not(device, Action.SPOIL_SHEET)))
    if is_excused(device, registered_by(device, name)):
        found.append(Deed("add_photo", "camera", why_not(device, Action.ADD_PHOTOGRAPH)))
    return found


def _lose(device: Device, state: SheetState) -> list[Deed]:
    if SheetState.LOST not in SHEET_MOVES[state]:
        return []
    return [Deed("lose", "triangle-alert", why_not(device, Action.REPORT_LOSS))]


def _together(device: Device, view: str, chosen: Sequence[Line], states: Sequence[SheetState]) -> list[Deed]:
    """What may be done with several sheets at once."""
    found = []
    if view == "due" and all(state in DESTROYABLE for state in states):
        unready = next((line for line in chosen if line.tone is not Tone.GOOD), None)
        stands = text("old_sheets.stands_in_the_way", sheet=unready.title, why=unready.state) if unready else ""
        found.append(Deed("request", "file-text", why_not(device, Action.REQUEST_DESTRUCTION) or stands))
    if all(state in TO_HAND_IN for state in states):
        found.append(Deed("hand_in", "upload", why_not(device, Action.HAND_IN_SHEETS)))
    return found
