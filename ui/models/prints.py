"""Papers on their way from the printer to the holder: what is to be done with each next."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from inspector_app.errors import StationError
from inspector_app.services.device import Device
from inspector_app.services.handing_over import seal_is_drawn
from inspector_app.services.lists import QueueLine, finds, print_queue
from inspector_app.services.paperwork import NOTICE_KIND
from inspector_app.services.print_jobs import (
    THERMAL,
    content_of,
    current_print,
    media_type,
    open_attempts,
    stock_of,
)
from ui.explain import label
from ui.models.naming import Naming, Row, day_words
from ui.models.standing import moment_words
from ui.texts import text
from ui.tokens import Tone

PAPER_DPI = 110
STEP_TONES = {
    "print": Tone.INFO,
    "answer": Tone.WARN,
    "hand_over": Tone.GOOD,
    "release": Tone.BAD,
    "expired": Tone.BAD,
    "stub": Tone.WARN,
}
NEEDED_MARKS = ("signature", "seal", "receipt")
PDF_FOLDER = "pdf:"


class PaperLine(NamedTuple):
    """One paper in the queue."""

    number: str
    owner: str
    batch: str
    print_no: int
    step: str
    step_words: str
    tone: Tone
    at: int


def read_queue(device: Device, *, search: str = "") -> list[PaperLine]:
    """Papers of this device not yet in the holder's hands, oldest first."""
    naming = Naming(device)
    return [_line(line, naming) for line in print_queue(device) if finds(search, line.row)]


def _line(line: QueueLine, naming: Naming) -> PaperLine:
    return PaperLine(
        number=line.number,
        owner=str(line.row["owner_name"] or text("removed")),
        batch=f"{naming.batch(line.row)} · {naming.quantity(line.row)}",
        print_no=line.print_no,
        step=line.next_step,
        step_words=text(f"step.{line.next_step}"),
        tone=STEP_TONES[line.next_step],
        at=int(line.row["issued_at"] or 0),
    )


class PaperDetail(NamedTuple):
    """One paper: facts, what came of each attempt, the open attempt, its sheets, and what it says.

    ``stock`` is the paper it is printed on, ``media_type`` what its printer must take; ``marks`` are to be ticked at
    hand-over; ``file`` is where the open attempt was written when its printer is a folder.
    """

    line: PaperLine
    facts: list[tuple[str, str]]
    attempts: list[tuple[str, str]]
    open_attempt: str
    printer: str
    sheets: list[int]
    content: Any
    blocked: str
    stock: str
    media_type: str
    marks: tuple[str, ...]
    file: str

    @property
    def is_notice(self) -> bool:
        """Whether it is a treatment notice."""
        return "receipt" in self.marks


def read_paper(device: Device, number: str) -> PaperDetail | None:
    """One paper of the queue; None when it is no longer there."""
    found = next((line for line in print_queue(device) if line.number == number), None)
    if found is None:
        return None
    naming, now = Naming(device), device.clock.now().at
    held = current_print(device, number) or {"print": 1}
    print_no = int(held["print"] or 1)
    attempts = device.rows.many("attempts", number=number)
    opened = [row for row in attempts if row["outcome"] == "open"]
    stock = stock_of(found.row)
    others = [row for row in open_attempts(device) if row["number"] != number and row["medium"] == stock]
    sheets = device.rows.many("sheets", number=number, print=print_no)
    return PaperDetail(
        line=_line(found, naming),
        facts=_facts(found.row, naming, now, print_no),
        attempts=[_attempt(row, now) for row in attempts],
        open_attempt=str(opened[-1]["ref"]) if opened else "",
        printer=str(opened[-1]["printer"]) if opened else "",
        sheets=[int(row["sheet"] or 0) for row in sheets],
        content=_content(device, number, print_no),
        blocked=str(others[0]["number"]) if others else "",
        stock=stock,
        media_type=media_type(str(found.row.get("form") or "")),
        marks=marks_of(device, found.row),
        file=_file(device, opened[-1]) if opened else "",
    )


def marks_of(device: Device, row: Any) -> tuple[str, ...]:
    """What is said of the paper at hand-over; a stub that fades is filed by a step of its own."""
    seal = () if seal_is_drawn(device) else ("seal",)
    receipt = ("receipt",) if row["kind"] == NOTICE_KIND else ()
    return ("signature", *seal, *receipt, *(() if stock_of(row) == THERMAL else ("stub",)))


def _file(device: Device, attempt: Row) -> str:
    address, ticket = str(attempt["printer"]), device.store.ticket(str(attempt["ref"]))
    if not address.startswith(PDF_FOLDER) or not ticket:
        return ""
    return str(Path(address.removeprefix(PDF_FOLDER)) / ticket)


def _content(device: Device, number: str, print_no: int) -> Any:
    """What this print says; None when its names are gone or its credential is on another device."""
    try:
        return content_of(device, number, print_no)
    except StationError:
        return None


def _facts(row: Row, naming: Naming, now: int, print_no: int) -> list[tuple[str, str]]:
    destination = row.get("destination")
    place = naming.place(int(destination or 0), str(row.get("destination_place") or "")) if destination else ""
    return [
        (label("field", "owner"), str(row["owner_name"] or text("removed"))),
        (label("field", "species"), naming.batch(row)),
        (label("field", "quantity"), naming.quantity(row)),
        (label("field", "destination_place"), place),
        (label("field", "plate"), str(row.get("plate") or "")),
        (label("field", "departs_at"), day_words(int(row.get("departs_at") or 0), now)),
        (text("prints.print_no"), text("prints.print", n=print_no)),
    ]


def _attempt(row: Row, now: int) -> tuple[str, str]:
    outcome = str(row["outcome"])
    words = text("prints.unanswered") if outcome == "open" else label("state", outcome)
    name = text("prints.attempt", print=int(row["print"] or 0), attempt=int(row["attempt"] or 0))
    when = moment_words(int(row["submitted_at"] or 0), now)
    return name, f"{words} · {printer_words(str(row['printer']))} · {when}"


def printer_words(address: str) -> str:
    """A printer as people call it: a folder for files is PDF, a queue its own name."""
    return "PDF" if address.startswith("pdf:") else address.rpartition("/")[2] or address
