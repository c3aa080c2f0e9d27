"""Letters and reports as PDF: what station and province draw alike, from a report's form and what it says."""

from __future__ import annotations

import msgspec

from inspector_app.errors import BugError, StationError
from inspector_app.ports import Leave, ReportLetter, ReportTable
from printing import pdf, report
from printing.content import Licence
from printing.fonts import FontSet, shipped_fonts
from printing.forms import ReportForm, load_form


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a report says; ``facts`` are label and value, ``made_at`` UTC ms for the file's date.

    Without a ``leave`` every page is marked as a specimen.
    """

    title: str
    made_at: int
    facts: dict[str, str] = {}
    tables: tuple[ReportTable, ...] = ()
    letter: ReportLetter | None = None
    leave: Leave | None = None


def report_form(raw: bytes) -> ReportForm:
    """The form in a file. StationError ``printing.form_damaged``; BugError for a form of another sort."""
    form = load_form(raw)
    if not isinstance(form, ReportForm):
        raise BugError(f"{form.id} is no report")
    return form


def draw_report(form: ReportForm, said: Report, fonts: FontSet | None = None) -> bytes:
    """The PDF. StationError ``printing.no_glyph`` when no shipped font draws one of the characters."""
    letter, drawn_with = said.letter or ReportLetter(), fonts or shipped_fonts()
    content = report.ReportContent(
        title=said.title,
        made_at=said.made_at,
        facts=tuple(said.facts.items()),
        tables=tuple(report.Table(table.title, table.head, table.rows, table.carried) for table in said.tables),
        specimen=said.leave is None,
        addressee=letter.addressee,
        paragraphs=letter.paragraphs,
        closing=letter.closing,
    )
    lacking = "".join(problem.characters for problem in report.check(form, content, drawn_with))
    if lacking:
        raise StationError("printing.no_glyph", characters=lacking)
    placed = report.compose(form, content, drawn_with)
    return pdf.render(placed, licence=_licence(form, said.leave), fonts=drawn_with)


def _licence(form: ReportForm, leave: Leave | None) -> Licence | None:
    return None if leave is None else Licence(leave.terminal, leave.template, leave.grant, form.hash)
