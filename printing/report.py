"""Reports: a title, facts, paragraphs and tables on A4, with page numbers and lines to sign on.

The day close, hand-over lists and statistics use it. A row is never broken over two pages, a table's head is repeated,
and a cell's text is broken into lines, never cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from inspector_app.errors import BugError
from printing.content import LayoutProblem
from printing.fonts import Typefaces
from printing.forms import ReportForm
from printing.placed import MM_PER_POINT, Block, Ink, Mark, Placed, PlacedPage, Region, Stroke
from printing.typeset import break_lines, first_baseline, line_height, line_runs, missing_glyphs, width_mm

WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT, TOP, BOTTOM = 20.0, 190.0, 18.0, 275.0
FOOT = 283.0
BODY, SMALL, HEAD, TITLE = 10.0, 8.5, 11.5, 20.0
SERIF, BOLD = "serif", "serif-bold"
CELL_PADDING = 1.4
FACT_GAP = 2.2
NARROWEST_MM = 9.0
LINE_MM = 0.15
SIGN_ROOM_MM = 16.0
BOX_MM = 36.0
BOX_SIGNED = "签名（盖章）：　　　　　　　　　　年　　月　　日"
LONGEST_COUNT = 10
LETTER, LETTER_LEAD, LETTER_CELL, LETTER_GAP_MM = 16.0, 1.25, 12.0, 4.0
INDENT = "　　"
CLOSING_INSET_MM = 11.3
TO_NEXT, FROM_LAST = "过次页", "承前页"


class Table(msgspec.Struct, frozen=True):
    """Head cells and rows of text; numbers are set to the right.

    ``carried`` holds sums so far for each row: drawn where a page is turned, below and again above (过次页, 承前页).
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    carried: tuple[tuple[str, ...], ...] = ()


class ReportContent(msgspec.Struct, frozen=True, kw_only=True):
    """What a report says. `facts` are label and value, two to a line; `made_at` UTC ms for the file's date.

    `closing` are the lines at the right below everything: who issues it, and when.
    """

    title: str
    made_at: int
    facts: tuple[tuple[str, str], ...] = ()
    addressee: str = ""
    paragraphs: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    number: str = ""
    specimen: bool = True
    lang: str = "zh-CN"


def check(form: ReportForm, content: ReportContent, fonts: Typefaces) -> list[LayoutProblem]:
    """Characters no font draws, by the text they stand in; a report has room for any length."""
    lacking = ((text, missing_glyphs(text, SERIF, fonts)) for text in _texts(form, content))
    return sorted({LayoutProblem("no_glyph", text, characters) for text, characters in lacking if characters})


def _texts(form: ReportForm, content: ReportContent) -> Iterator[str]:
    yield from (content.title, content.number, form.heading, content.addressee, *content.paragraphs, *content.closing)
    yield from (*form.notes, *form.signatures)
    yield from (*form.boxes, BOX_SIGNED)
    for fact in content.facts:
        yield from fact
    for table in content.tables:
        yield table.title
        for row in (table.head, *table.rows, *table.carried, (TO_NEXT, FROM_LAST)):
            yield from row


def compose(form: ReportForm, content: ReportContent, fonts: Typefaces) -> Placed:
    """The report as placed pages. Raises BugError when it was not checked first."""
    problems = check(form, content, fonts)
    if problems:
        raise BugError(f"{form.id} was not checked before it was composed: {problems}")
    paper = _Paper(fonts)
    paper.title(form, content)
    paper.facts(content.facts)
    size, lead = (LETTER, LETTER_LEAD) if form.letter else (BODY, 1.0)
    paper.cell = LETTER_CELL if form.letter else SMALL
    paper.y += LETTER_GAP_MM * form.letter
    if content.addressee:
        paper.paragraph(content.addressee, size, lead)
    for paragraph in content.paragraphs:
        paper.paragraph(INDENT * form.letter + paragraph, size, lead)
    for table in content.tables:
        paper.table(table)
    paper.closing(content.closing, size, lead)
    paper.boxes(form.boxes)
    paper.ending(form)
    return Placed(
        title=content.title,
        number=content.number,
        form=form.id,
        form_hash=form.hash,
        pages=paper.pages(content.title, content.number),
        specimen=content.specimen,
        made_at=content.made_at,
        lang=content.lang,
    )


class _Paper:
    """Pages being filled from the top; `y` is where the next thing goes."""

    def __init__(self, fonts: Typefaces) -> None:
        self.fonts = fonts
        self.sheets: list[list[Mark]] = [[]]
        self.y = TOP
        self.cell = SMALL

    def pages(self, title: str, number: str) -> tuple[PlacedPage, ...]:
        """The finished pages, numbered."""
        count = len(self.sheets)
        for index, marks in enumerate(self.sheets, 1):
            marks.extend(self._line(f"第 {index} 页　共 {count} 页", SERIF, SMALL, FOOT, "centre", (LEFT, RIGHT)))
            if index > 1:
                marks.extend(self._line(f"{title} {number}".strip(), SERIF, SMALL, FOOT, "left", (LEFT, RIGHT)))
        whole = Region(0, 0, WIDTH, HEIGHT)
        return tuple(PlacedPage(WIDTH, HEIGHT, tuple(marks), (whole,)) for marks in self.sheets)

    def title(self, form: ReportForm, content: ReportContent) -> None:
        if form.heading:
            self._put(form.heading, SERIF, HEAD, "centre")
            self.y += 1.5
        self._put(content.title, BOLD, TITLE, "centre")
        self.y += 2
        if content.number:
            self.sheets[-1].extend(
                self._line(f"No. {content.number}", BOLD, HEAD, self.y, "right", (LEFT, RIGHT), ink=Ink.RED)
            )
            self.y += line_height(HEAD)
        self.y += 2

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Two columns of label and value with a thin line under each pair."""
        middle, label = (LEFT + RIGHT) / 2, self._label_width(facts)
        for start in range(0, len(facts), 2):
            pair = facts[start : start + 2]
            spans = [(LEFT, middle - 3), (middle + 3, RIGHT)]
            tall = max(
                len(self._fact_lines(fact, span, label)) for fact, span in zip(pair, spans, strict=False)
            ) * line_height(BODY)
            self._need(tall + FACT_GAP)
            for fact, (left, right) in zip(pair, spans, strict=False):
                self._fact(fact, (left, right), label)
                base = self.y + tall + FACT_GAP / 2
                self.sheets[-1].append(Stroke(left, base, right, base, LINE_MM, Ink.GREY))
            self.y += tall + FACT_GAP
        self.y += 3 if facts else 0

    def _label_width(self, facts: Sequence[tuple[str, str]]) -> float:
        return max((width_mm(label, SERIF, BODY, self.fonts) for label, _ in facts), default=0) + 4

    def _fact_lines(self, fact: tuple[str, str], span: tuple[float, float], label: float) -> list[str]:
        return break_lines(fact[1], SERIF, BODY, span[1] - span[0] - label, self.fonts)

    def _fact(self, fact: tuple[str, str], span: tuple[float, float], label: float) -> None:
        left = span[0]
        self.sheets[-1].extend(self._line(fact[0], SERIF, BODY, self.y, "left", span, ink=Ink.GREY))
        for index, text in enumerate(self._fact_lines(fact, span, label)):
            y = self.y + index * line_height(BODY)
            self.sheets[-1].extend(self._line(text, SERIF, BODY, y, "left", (left + label, span[1])))

    def paragraph(self, text: str, size: float, lead: float = 1.0) -> None:
        for line in break_lines(text, SERIF, size, RIGHT - LEFT, self.fonts):
            self._need(line_height(size) * lead)
            self._put(line, SERIF, size, "left")
            self.y += line_height(size) * (lead - 1)
        self.y += 1

    def closing(self, lines: Sequence[str], size: float, lead: float) -> None:
        """Who issues it and when, at the right, kept together."""
        if not lines:
            return
        self._need((len(lines) + 1) * line_height(size) * lead)
        self.y += line_height(size) * lead
        span = (LEFT, RIGHT - CLOSING_INSET_MM)
        for line in lines:
            self.sheets[-1].extend(self._line(line, SERIF, size, self.y, "right", span))
            self.y += line_height(size) * lead

    def table(self, table: Table) -> None:
        widths = _column_widths(table, self.fonts, self.cell)
        head = self._cells(table.head, widths, BOLD)
        self._need(line_height(HEAD) + 2 * _row_height(head, self.cell) + 4)
        if table.title:
            self._put(table.title, BOLD, HEAD, "left")
            self.y += 1.2
        numeric = _numeric_columns(table)
        self._row(head, widths, numeric, shaded=True)
        for at, row in enumerate(table.rows or (("无", *("",) * (len(table.head) - 1)),)):
            cells = self._cells(row, widths, SERIF)
            sums = table.carried[at - 1][1:] if at and table.carried else ()
            if self.y + _row_height(cells, self.cell) + self._room_for(table, at) > BOTTOM:
                self._carry(sums, TO_NEXT, widths, numeric)
                self._turn_page()
                self._row(head, widths, numeric, shaded=True)
                self._carry(sums, FROM_LAST, widths, numeric)
            self._row(cells, widths, numeric)
        self.y += 5

    def _room_for(self, table: Table, at: int) -> float:
        """What the row of sums takes that must fit below a row with others after it."""
        return line_height(SMALL) + 2 * CELL_PADDING if table.carried and at < len(table.rows) - 1 else 0.0

    def _carry(self, sums: tuple[str, ...], label: str, widths: list[float], numeric: set[int]) -> None:
        if sums:
            self._row(self._cells((label, *sums), widths, BOLD), widths, numeric)

    def _cells(self, row: tuple[str, ...], widths: list[float], role: str) -> list[tuple[str, list[str]]]:
        broken = zip(row, widths, strict=True)
        return [
            (role, break_lines(text, role, self.cell, width - 2 * CELL_PADDING, self.fonts)) for text, width in broken
        ]

    def _row(
        self, cells: list[tuple[str, list[str]]], widths: list[float], numeric: set[int], *, shaded: bool = False
    ) -> None:
        height, x, marks = _row_height(cells, self.cell), LEFT, self.sheets[-1]
        if shaded:
            marks.append(Block(LEFT, self.y, RIGHT - LEFT, height, Ink.SHADE))
        for index, ((role, lines), width) in enumerate(zip(cells, widths, strict=True)):
            align = "right" if index in numeric else "left"
            span = (x + CELL_PADDING, x + width - CELL_PADDING)
            y = (
                self.y
                + (height - len(lines) * line_height(self.cell)) / 2
                + (line_height(self.cell) - self.cell * MM_PER_POINT) / 2
            )
            for line in lines:
                marks.extend(self._line(line, role, self.cell, y, align, span))
                y += line_height(self.cell)
            marks.append(Stroke(x, self.y, x, self.y + height, LINE_MM))
            x += width
        marks.append(Stroke(RIGHT, self.y, RIGHT, self.y + height, LINE_MM))
        marks.append(Stroke(LEFT, self.y, RIGHT, self.y, LINE_MM))
        self.y += height
        marks.append(Stroke(LEFT, self.y, RIGHT, self.y, LINE_MM))

    def boxes(self, captions: Sequence[str]) -> None:
        """Room for opinions, signatures and seals, two boxes to a row; a row stays on one page."""
        half = (RIGHT - LEFT) / 2
        for start in range(0, len(captions), 2):
            self._need(BOX_MM)
            for at, caption in enumerate(captions[start : start + 2]):
                self._box(caption, LEFT + at * half, half)
            self.y += BOX_MM
        self.y += 5 if captions else 0

    def _box(self, caption: str, left: float, width: float) -> None:
        right, bottom, marks = left + width, self.y + BOX_MM, self.sheets[-1]
        span = (left + CELL_PADDING, right - CELL_PADDING)
        for x1, y1, x2, y2 in (
            (left, self.y, right, self.y),
            (left, bottom, right, bottom),
            (left, self.y, left, bottom),
            (right, self.y, right, bottom),
        ):
            marks.append(Stroke(x1, y1, x2, y2, LINE_MM))
        marks.extend(self._line(caption, SERIF, BODY, self.y + CELL_PADDING, "left", span))
        foot = bottom - line_height(SMALL) - CELL_PADDING
        marks.extend(self._line(BOX_SIGNED, SERIF, SMALL, foot, "right", span))

    def ending(self, form: ReportForm) -> None:
        """Notes, then the lines to sign on, kept together."""
        notes = [line for note in form.notes for line in break_lines(note, SERIF, SMALL, RIGHT - LEFT, self.fonts)]
        self._need(len(notes) * line_height(SMALL) + (SIGN_ROOM_MM if form.signatures else 0) + 2)
        for note in notes:
            self._put(note, SERIF, SMALL, "left")
        if not form.signatures:
            return
        self.y += SIGN_ROOM_MM - line_height(BODY)
        share = (RIGHT - LEFT) / len(form.signatures)
        for index, caption in enumerate(form.signatures):
            left = LEFT + index * share
            text = f"{caption}："
            self.sheets[-1].extend(self._line(text, SERIF, BODY, self.y, "left", (left, left + share)))
            start = left + width_mm(text, SERIF, BODY, self.fonts)
            base = self.y + line_height(BODY)
            self.sheets[-1].append(Stroke(start, base, left + share - 4, base, LINE_MM))
        self.y += line_height(BODY)

    def _need(self, height: float) -> None:
        if self.y + height > BOTTOM:
            self._turn_page()

    def _turn_page(self) -> None:
        self.sheets.append([])
        self.y = TOP

    def _put(self, text: str, role: str, size: float, align: str) -> None:
        self.sheets[-1].extend(self._line(text, role, size, self.y, align, (LEFT, RIGHT)))
        self.y += line_height(size)

    def _line(
        self,
        text: str,
        role: str,
        size: float,
        y: float,
        align: str,
        span: tuple[float, float],
        *,
        ink: Ink = Ink.BLACK,
    ) -> Iterator[Mark]:
        spare = span[1] - span[0] - width_mm(text, role, size, self.fonts)
        x = span[0] + spare * {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
        yield from line_runs(text, role, size, (x, first_baseline(y, size)), self.fonts, ink)


def _numeric_columns(table: Table) -> set[int]:
    """Columns that hold nothing but counts; a long number that names something is read from the left."""
    columns = enumerate(zip(*table.rows, strict=True)) if table.rows else ()
    return {index for index, cells in columns if any(cells) and all(_is_count(cell) for cell in cells)}


def _is_count(text: str) -> bool:
    digits = text.replace(",", "")
    return (digits.isdigit() and len(digits) < LONGEST_COUNT) or text in ("", "—")


def _row_height(cells: list[tuple[str, list[str]]], size: float) -> float:
    return max(len(lines) for _, lines in cells) * line_height(size) + 2 * CELL_PADDING


def _column_widths(table: Table, fonts: Typefaces, size: float) -> list[float]:
    """Each column as wide as it would like, all shrunk or stretched alike to fill the page."""
    wanted = []
    for column in zip(table.head, *table.rows, *table.carried, strict=True):
        widest = max(width_mm(text, BOLD, size, fonts) for text in column)
        wanted.append(max(widest + 2 * CELL_PADDING + 0.5, NARROWEST_MM))
    room, whole = RIGHT - LEFT, sum(wanted)
    if whole <= room:
        return [width + (room - whole) / len(wanted) for width in wanted]
    return _squeezed(wanted, room)


def _squeezed(wanted: list[float], room: float) -> list[float]:
    """Narrow columns keep their width, wide ones share what is left."""
    fair = room / len(wanted)
    narrow = sum(width for width in wanted if width <= fair)
    wide = sum(width for width in wanted if width > fair)
    factor = (room - narrow) / wide
    return [width if width <= fair else width * factor for width in wanted]
