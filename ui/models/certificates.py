"""Certificates as the list and the page beside it show them; how far the province has heard of each (U90)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from inspector_app.domain.certificate import is_recorded_late
from inspector_app.errors import StationError
from inspector_app.services import ceremony
from inspector_app.services.correcting import LABELS, current_values, last_correction
from inspector_app.services.device import Device
from inspector_app.services.handing_over import LATE_RECORD, Sheet, sheets_in_hand
from inspector_app.services.lists import PAGE, listed
from inspector_app.services.marked_sheets import Marked, shown_by
from inspector_app.services.paperwork import notice_content
from inspector_app.services.photographs import later_pictures
from inspector_app.services.print_jobs import content_of, current_print
from inspector_app.services.telling_owners import owners_to_tell
from inspector_app.services.typed import NO_PICTURE
from ui.explain import label, word
from ui.models.naming import CERTIFICATE_TONES, Naming, Row, day_words
from ui.models.prints import marks_of
from ui.models.standing import moment_words
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.popup_list import Option

VIEWS = ("today", "all", "voided", "notices")
ENDED = ("voided", "replaced")
ICON_LOCAL, ICON_PART, ICON_HEARD, ICON_ATTENTION = "clock", "upload", "circle-check", "triangle-alert"


class CertificateLine(NamedTuple):
    """One line of the list."""

    number: str
    owner: str
    batch: str
    quantity: str
    to: str
    issued_at: int
    issued: str
    code: str
    state: str
    tone: Tone
    told: str
    told_tone: Tone
    told_icon: str
    table: str


class CertificateList(NamedTuple):
    """One page of the list."""

    lines: list[CertificateLine]
    total: int


def read_certificates(device: Device, *, view: str, search: str, first: int = 0, count: int = PAGE) -> CertificateList:
    """One page, newest first; runs in the background."""
    naming, now = Naming(device), device.clock.now().at
    table = "notices" if view == "notices" else "certificates"
    equal: dict[str, str] = {"today": {"issued_on": device.today()}, "voided": {"state": "voided"}}.get(view, {})
    page = listed(device, table, search=search, first=first, count=count, **equal)
    hearing = read_hearing(device, page.rows)
    return CertificateList([_line(row, naming, now, hearing, table) for row in page.rows], page.total)


def _line(row: Row, naming: Naming, now: int, hearing: Hearing, table: str) -> CertificateLine:
    code = str(row.get("state") or "issued")
    state = "expired" if code == "issued" and is_expired(row, now) else code
    told, tone, icon = _told(row, hearing)
    issued_at = int(row["issued_at"] or 0)
    return CertificateLine(
        number=str(row["number"]),
        owner=str(row["owner_name"] or text("removed")),
        batch=naming.batch(row),
        quantity=naming.quantity(row),
        to=naming.area_short(int(row.get("destination") or 0)),
        issued_at=issued_at,
        issued=moment_words(issued_at, now),
        code=code,
        state=label("state", state),
        tone=CERTIFICATE_TONES[state],
        told=told,
        told_tone=tone,
        told_icon=icon,
        table=table,
    )


def is_expired(row: Row, now: int) -> bool:
    """Whether a certificate is past its validity; never stored, because it depends on when one looks (DESIGN 4)."""
    until = int(row.get("expires_at") or 0)
    return bool(until) and now > until


class Hearing(NamedTuple):
    """What the province has heard: this device's entries up to one, those it relays of sisters, and its remarks."""

    device: str
    heard: int
    troubled: set[str]
    relayed: set[str]

    def has(self, ref: str) -> bool:
        """Whether the province has this entry. Only own entries are counted; a relayed one came from the province."""
        device, _, seq = ref.rpartition("/")
        return int(seq) <= self.heard if device == self.device else ref in self.relayed


def read_hearing(device: Device, rows: Sequence[Row]) -> Hearing:
    """Read how far the province has heard of these rows."""
    refs = {ref for row in rows for ref in _refs(row)}
    return Hearing(
        device=device.id,
        heard=device.store.acknowledged().seq,
        troubled={f"{row['device']}/{row['seq']}" for row in device.rows.many("verdicts")},
        relayed={ref for ref in refs if device.rows.one("relayed", ref=ref)},
    )


def _told(row: Row, hearing: Hearing) -> tuple[str, Tone, str]:
    """How far the province has heard: kept here, partly, all of it, or it has a remark."""
    refs = _refs(row)
    known = [hearing.has(ref) for ref in refs]
    if hearing.troubled.intersection(refs):
        return text("told.attention"), Tone.WARN, ICON_ATTENTION
    if all(known):
        return text("told.heard"), Tone.GOOD, ICON_HEARD
    if any(known):
        return text("told.part"), Tone.INFO, ICON_PART
    return text("told.local"), Tone.OFF, ICON_LOCAL


def _refs(row: Row) -> list[str]:
    return [str(row[name]) for name in ("ref", "void_ref") if row.get(name)]


class CertificateDetail(NamedTuple):
    """One certificate or notice: everything about it, and what may be done."""

    line: CertificateLine
    facts: list[tuple[str, str]]
    prints: list[tuple[str, str]]
    on_desk: int
    in_hand: list[Sheet]
    handed_over: bool
    print_no: int
    print_state: str
    to_confirm: bool
    own_void: bool
    may_order: bool
    content: Any
    sheets: list[int]
    correctable: dict[str, str] = {}
    by_order: bool = False
    to_tell: bool = False
    to_picture: str = ""
    """The entry that ended the paper, where a reason still stands for the photograph of its sheets."""
    marks: tuple[str, ...] = ()
    """What is to be ticked of a paper ended meanwhile whose hand-over nobody recorded; empty where there is none."""


def read_certificate(device: Device, number: str) -> CertificateDetail | None:
    """One certificate or notice by its number; None when there is none."""
    table = "certificates"
    row = device.rows.one(table, number=number)
    if row is None:
        table = "notices"
        row = device.rows.one(table, number=number)
    if row is None:
        return None
    naming, now = Naming(device), device.clock.now().at
    line = _line(row, naming, now, read_hearing(device, [row]), table)
    held = current_print(device, number) or {"print": 1, "state": ""}
    print_no = int(held["print"] or 1)
    sheets = device.rows.many("sheets", number=number, print=print_no)
    in_hand = sheets_in_hand(device, number)
    person = device.session.person if device.session else 0
    ended_by = str(row.get("void_ref") or "")
    shown, later = shown_by(device, ended_by), later_pictures(device, ended_by)
    return CertificateDetail(
        line=line,
        facts=[*_facts(device, row, naming, now), *_offline(row, line), *_marked(naming, shown, later)],
        prints=_prints(device, number),
        on_desk=len(in_hand),
        in_hand=in_hand,
        handed_over=bool(row.get("handed_over_at")),
        print_no=print_no,
        print_state=str(held["state"]),
        to_confirm=any(void["subject"] == number for void in ceremony.unconfirmed_voids(device)),
        own_void=all(void["by"] == person for void in ceremony.void_acts(device, number)),
        may_order=row.get("device") == device.id and held["state"] == "open" and print_no == 1,
        content=_content(device, number, table, print_no),
        sheets=[int(one["sheet"] or 0) for one in sheets],
        correctable=_correctable(device, row) if table == "certificates" else {},
        by_order=table == "certificates" and bool(row.get("handed_over_at")),
        to_tell=any(one["number"] == number for one in owners_to_tell(device)),
        to_picture=ended_by if shown.no_picture and not later else "",
        marks=marks_of(device, row) if _may_have_been_given(row, str(held["state"])) else (),
    )


def _may_have_been_given(row: Row, print_state: str) -> bool:
    """Whether the holder may have had a paper that was voided or replaced since, and nobody recorded it."""
    return row["state"] in ENDED and not row["handed_over_at"] and print_state == "printed"


def _marked(naming: Naming, shown: Marked, later: int) -> list[tuple[str, str]]:
    """How many photographs show the marked sheets of a paper that ended, or why none does."""
    pictures, words = len(shown.photos) + later, naming.explained(NO_PICTURE, shown.no_picture, "")
    return [(text("certificates.marked"), text("old_sheets.pictures", n=pictures) if pictures else words)]


def _correctable(device: Device, row: Row) -> dict[str, str]:
    """What a note may change of a certificate on the road today, with what it says now."""
    if row["state"] != "issued" or not row["handed_over_at"]:
        return {}
    values, policy = current_values(device, str(row["number"])), device.policy()
    return {name: values[name] for name in LABELS if name in values and policy.may_correct(name)}


def _content(device: Device, number: str, table: str, print_no: int) -> Any:
    try:
        return notice_content(device, number) if table == "notices" else content_of(device, number, print_no)
    except StationError:
        return None


def _facts(device: Device, row: Row, naming: Naming, now: int) -> list[tuple[str, str]]:
    def fact(name: str, value: str) -> tuple[str, str]:
        return label("field", name), value

    void_at = int(row.get("void_at") or 0)
    replaced_by, replaces = str(row.get("replaced_by") or ""), str(row.get("replaces") or "")
    confirmed = ceremony.second_person(device, str(row["number"])) if void_at else 0
    destination = int(row.get("destination") or 0)
    origin = int(row.get("origin") or 0)
    return [
        fact("owner", str(row["owner_name"] or text("removed"))),
        fact("species", naming.batch(row)),
        fact("quantity", naming.quantity(row)),
        fact("origin_place", naming.place(origin, str(row.get("origin_place") or "")) if origin else ""),
        fact("destination_place", naming.place(destination, _text(row, "destination_place")) if destination else ""),
        fact("consignee", str(row.get("consignee") or "")),
        fact("carrier", str(row.get("carrier") or "")),
        fact("plate", naming.noted(str(row.get("plate") or ""), "plate", str(row.get("plate_reason") or ""))),
        fact("issued_on", day_words(int(row["issued_at"] or 0), now)),
        fact("validity", day_words(int(row.get("expires_at") or 0), now)),
        fact("vet", naming.person(int(row["vet"] or 0))),
        (text("certificates.handed_over"), day_words(int(row.get("handed_over_at") or 0), now)
         if row.get("handed_over_at") else ""),
        (text("certificates.handed_over_late"), _late_record(row, naming, now)),
        (text("certificates.replaces"), replaces),
        (text("certificates.replaced_by"), replaced_by),
        (text("certificates.void_at"), day_words(void_at, now) if void_at else ""),
        (text("certificates.void_reason"), _why_ended(row, naming)),
        (text("certificates.void_by"), naming.person(int(row.get("void_by") or 0)) if row.get("void_by") else ""),
        (text("certificates.corrected_on"), _notes(device, row, now)),
        (text("certificates.owner_told"), _owner_told(device, row, naming, now)),
        (text("certificates.confirmed_by"), naming.person(confirmed) if confirmed else ""),
    ]  # fmt: skip


def _notes(device: Device, row: Row, now: int) -> str:
    """Each correction note: when, and what is to be read now."""
    at, told = last_correction(device, str(row["number"]))
    if not at:
        return ""
    values = [f"{label('field', name)} {value or text('removed')}" for name, value in sorted(told.items())]
    return " · ".join([day_words(at, now), *values])


def _owner_told(device: Device, row: Row, naming: Naming, now: int) -> str:
    """How and when the owner heard that the paper in their hands ended."""
    told = device.rows.many("owner_notices", order="at", number=row["number"])
    if not told:
        return ""
    how = naming.explained("owner_told", str(told[0]["means"]), str(told[0]["note"] or ""))
    return " · ".join((day_words(int(told[0]["told_at"] or 0), now), how))


def _offline(row: Row, line: CertificateLine) -> list[tuple[str, str]]:
    """An A issued without contact is marked, and asks for a sync before the truck leaves (DESIGN 15)."""
    if row.get("kind") != "A" or not row.get("offline"):
        return []
    heard = line.told_tone is Tone.GOOD
    shown = "offline_heard" if heard or line.code != "issued" else "offline_asked"
    return [(text("certificates.offline"), text(f"certificates.{shown}"))]


def _late_record(row: Row, naming: Naming, now: int) -> str:
    """When a hand-over was written down and why later; "" for one recorded as it happened."""
    handed, recorded = int(row.get("handed_over_at") or 0), int(row.get("handed_over_recorded_at") or 0)
    said = row.get("late_reason") or row.get("late_note")
    if not handed or not (said or is_recorded_late(handed, recorded)):
        return ""
    why = naming.explained(LATE_RECORD, str(row.get("late_reason") or ""), str(row.get("late_note") or ""))
    return " · ".join(filter(None, (day_words(recorded, now), why)))


def _why_ended(row: Row, naming: Naming) -> str:
    of = "replacement" if row.get("state") == "replaced" else "void"
    return naming.explained(of, str(row.get("void_reason") or ""), str(row.get("void_note") or ""))


def _prints(device: Device, number: str) -> list[tuple[str, str]]:
    found, naming = [], Naming(device)
    for row in device.rows.many("prints", number=number):
        if row["state"] == "sealed":
            continue
        print_no = int(row["print"] or 0)
        sheets = device.rows.many("sheets", number=number, print=print_no)
        why = naming.explained("spare_print", str(row["reason"] or ""), str(row["note"] or ""))
        parts = [label("state", str(row["state"])), *([why] if why else [])]
        parts += [
            f"{text('prints.sheet', n=int(one['sheet'] or 0))} {word('state', str(one['state']))}" for one in sheets
        ]
        found.append((text("prints.print", n=print_no), " · ".join(parts)))
    return found


def _text(row: Row, column: str) -> str:
    return str(row.get(column) or "")


def place(sheet: Sheet) -> str:
    """A sheet as print/sheet."""
    return f"{sheet.print_no}/{sheet.sheet}"


def sheet_option(sheet: Sheet) -> Option:
    """A sheet to be named as lost."""
    return Option(place(sheet), text("certificates.lost_sheet", n=sheet.print_no, sheet=sheet.sheet))
