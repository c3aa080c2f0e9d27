"""What the day leaves on paper: one PDF per print with all its copies, pictures of thermal strips, the trust file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from inspector_app import bootstrap
from inspector_app.clock import SystemClock
from inspector_app.demo.stage import Seat, Stage
from inspector_app.domain.credential import Judgement
from inspector_app.domain.trust import TrustFile
from inspector_app.errors import BugError
from inspector_app.journal.projections import Row
from inspector_app.ports import PaperContent
from inspector_app.services import print_jobs, verifying
from inspector_app.services.day_close import Closed
from inspector_app.services.print_jobs import THERMAL_FORMS
from inspector_app.store.disk import LocalDisk

if TYPE_CHECKING:
    from printing.content import Content

CERTIFICATES, NOTICES, DAY_CLOSE, TRUST = "certificates", "notices", "day-close", "trust.pack"
THERMAL_DPI = 203


class Print(NamedTuple):
    """One print of a certificate as it lies in the folder; paths are relative to it."""

    number: str
    print_no: int
    content: PaperContent
    pdf: str
    strip: str | None
    verdict: Judgement


class Papers(NamedTuple):
    """Everything on paper: the prints of all certificates, oldest first, notices, day-close sheets."""

    prints: dict[str, list[Print]]
    notices: dict[str, Print]
    days: dict[str, str]

    def current(self, number: str) -> Print:
        """The print of a certificate that counts, or counted last."""
        return self.prints[number][-1]


def leave(stage: Stage, closed: dict[str, Closed]) -> Papers:
    """Write the papers of the day into the stage's folder, and judge each by the newest trust file."""
    trust = leave_trust(stage)
    certificates = stage.laptop.device.rows.many("certificates", order="kind, digits")
    prints = {str(row["number"]): _prints(stage, row, trust) for row in certificates}
    notices = {
        str(row["number"]): _notice(stage, str(row["number"]), trust)
        for row in stage.laptop.device.rows.many("notices")
    }
    days = {}
    for seat in (stage.laptop, stage.desk):
        days[seat.place] = f"{DAY_CLOSE}/{seat.place}.pdf"
        _write(stage, days[seat.place], seat.device.files.read(closed[seat.place].sheet))
    return Papers(prints, notices, days)


def leave_trust(stage: Stage) -> TrustFile:
    """The newest trust file, as it lies in both homes after the last contact."""
    packs = {seat.place: seat.home.paths.trust.read_bytes() for seat in (stage.laptop, stage.desk)}
    if packs["laptop"] != packs["desk"]:
        raise BugError("after the last contact both devices hold the same trust file")
    _write(stage, TRUST, packs["laptop"])
    return verifying.trust_from_pack(packs["laptop"])


def _prints(stage: Stage, row: Row, trust: TrustFile) -> list[Print]:
    number = str(row["number"])
    seat = stage.desk if row["print_device"] == stage.desk.device.id else stage.laptop
    attempts = seat.device.rows.many("attempts", order="print", number=number)
    made = dict.fromkeys(int(attempt["print"] or 0) for attempt in attempts)
    return [_print(stage, seat, number, print_no, trust) for print_no in made]


def _print(stage: Stage, seat: Seat, number: str, print_no: int, trust: TrustFile) -> Print:
    content = print_jobs.content_of(seat.device, number, print_no)
    name = f"{CERTIFICATES}/{number.replace(' ', '-')}-print-{print_no}"
    strip = None
    if content.form in THERMAL_FORMS:
        pdf = strip_pdf(content)
        strip = f"{name}.png"
        _write(stage, strip, seat.device.paper.picture(content, THERMAL_DPI)[0])
    else:
        pdf = print_jobs.kept_bytes(seat.device, number, print_no) or b""
    _write(stage, f"{name}.pdf", pdf)
    return Print(number, print_no, content, f"{name}.pdf", strip, judge(pdf, trust))


def judge(what: bytes | str, trust: TrustFile) -> Judgement:
    """What ``inspector verify`` says now, by the computer's own clock."""
    return verifying.verify(what, trust, SystemClock().now().at, bootstrap.code_reader())


def strip_pdf(content: PaperContent) -> bytes:
    """The thermal strips of a print as PDF pages of the strip's width: the same layout, drawn as lines and letters."""
    from printing import layout, pdf
    from printing.fonts import shipped_fonts
    from printing.paper import shipped_forms

    return pdf.render(layout.place(shipped_forms()[content.form], printed_content(content), shipped_fonts()))


def printed_content(content: PaperContent) -> Content:
    """What a print says, as the layout takes it."""
    from printing.content import Content

    return Content(
        form=content.form,
        number=content.number,
        values=content.values,
        made_at=content.made_at,
        code=content.code,
        check_code=content.check_code,
        print_no=content.print_no,
        specimen=content.leave is None,
    )


def _notice(stage: Stage, number: str, trust: TrustFile) -> Print:
    name = f"{NOTICES}/{number.replace(' ', '-')}.pdf"
    device = stage.laptop.device
    pdf = print_jobs.kept_bytes(device, number, 1) or b""
    _write(stage, name, pdf)
    return Print(number, 1, print_jobs.content_of(device, number, 1), name, None, judge(pdf, trust))


def _write(stage: Stage, name: str, content: bytes) -> None:
    write(stage.folder, name, content)


def write(folder: Path, name: str, content: bytes) -> None:
    """Write a file of the output."""
    LocalDisk().replace(folder / name, content)


class SummaryLine(msgspec.Struct, frozen=True):
    """One certificate in ``summary.json``."""

    number: str
    kind: str
    state: str
    pdf: str
    ticket: str | None
    qr: str
    verdict: str


def summary_line(row: Row, current: Print) -> SummaryLine:
    """The line of one certificate: its state by the journal, its verdict by the paper."""
    return SummaryLine(
        number=str(row["digits"]),
        kind=str(row["kind"]),
        state=str(row["state"]),
        pdf=current.pdf,
        ticket=current.strip,
        qr=current.content.code,
        verdict=current.verdict.code,
    )
