"""The port `Paper`: from what a document says to the exact bytes that go to a printer, with the shipped forms.

Also where the pieces of this package come together; everything it calls is pure.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec
from PIL import Image

from inspector_app.errors import BugError
from inspector_app.ports import Leave, PaperContent, PaperProblem, ReportLetter, ReportTable
from printing import layout, pdf, preview, proof, thermal
from printing.content import Content, Licence
from printing.fonts import FontSet, shipped_fonts
from printing.forms import AnyForm, ReportForm, RollForm, load_form, require_allowed
from printing.letters import Report, draw_report
from printing.seal import SealImage

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "forms"
PLAIN_REPORT = "report"


def shipped_forms(folder: Path = FOLDER) -> dict[str, AnyForm]:
    """All forms of a folder by their id. Raises StationError ``printing.form_damaged``."""
    forms = (load_form(path.read_bytes()) for path in sorted(folder.glob("*.toml")))
    return {form.id: form for form in forms}


class StationPaper:
    """Draws on the forms it was given.

    `allowed` are the hashes of the forms the province signed; None trusts the forms given (the practice province signs
    the shipped ones). `seal` is the station's registered seal.
    """

    def __init__(
        self,
        forms: Mapping[str, AnyForm],
        *,
        allowed: Collection[str] | None = None,
        seal: SealImage | None = None,
        profile: thermal.PrinterProfile | None = None,
        fonts: FontSet | None = None,
    ) -> None:
        self._forms, self._allowed, self._seal = dict(forms), allowed, seal
        self._profile = profile or thermal.PrinterProfile(name="any 80 mm")
        self._fonts = fonts or shipped_fonts()

    def form_hash(self, form: str) -> str:
        """Hex SHA-256 of a form template's bytes."""
        return self._form(form).hash

    def copies(self, form: str) -> int:
        """How many copies (联) one print of the form holds."""
        return len(layout.copies_of(self._form(form)))

    def sheets(self, form: str) -> int:
        """How many sheets of paper (or strips) one print of the form takes."""
        chosen = self._form(form)
        return len({copy.page for copy in chosen.copies}) if not isinstance(chosen, RollForm | ReportForm) else 1

    def check(self, content: PaperContent) -> tuple[PaperProblem, ...]:
        """Everything that would keep this content from being drawn whole."""
        problems = layout.check(self._form(content.form), _content(content), self._fonts)
        return tuple(PaperProblem(problem.code, problem.field, problem.characters) for problem in problems)

    def render(self, content: PaperContent) -> bytes:
        """The PDF of one print with all its copies, or ESC/POS bytes for a thermal form; read back before it is given.

        Raises StationError ``printing.form_not_allowed``, BugError when the page does not say what it should.
        """
        form, says = self._form(content.form), _content(content)
        licence = _licence(form, content.leave)
        placed = layout.place(form, says, self._fonts)
        if isinstance(form, RollForm):
            drawn = thermal.ticket(form, says, self._profile, licence=licence, seal=self._seal, fonts=self._fonts)
            faults = proof.selfcheck_strip(placed, says.code, form.dots)
        else:
            drawn = pdf.render(placed, licence=licence, seal=self._seal, fonts=self._fonts)
            faults = proof.selfcheck(drawn, placed, says.code)
        if faults:
            raise BugError(f"the print of {content.number} does not read back: {', '.join(faults)}")
        return drawn

    def picture(self, content: PaperContent, dpi: int) -> tuple[bytes, ...]:
        """PNG pages of what :meth:`render` would put on paper; a thermal form in the dots of the print head."""
        form = self._form(content.form)
        if isinstance(form, RollForm):
            placed = layout.place(form, _content(content), self._fonts)
            licence = _licence(form, content.leave)
            return (thermal.portable_picture(placed, form.dots, licence=licence, seal=self._seal, fonts=self._fonts),)
        drawn = self.render(content)
        return tuple(_png(preview.page_image(drawn, dpi, page), dpi) for page in range(preview.page_count(drawn)))

    def draws_seal(self) -> bool:
        """Whether the station's registered seal image is drawn in its place."""
        return self._seal is not None

    def report_form(self, title: str) -> str:
        """The id of the form a report of this title is drawn on."""
        return self._report_form(title).id

    def report(
        self,
        title: str,
        facts: dict[str, str],
        tables: tuple[ReportTable, ...],
        made_at: int,
        *,
        leave: Leave | None = None,
        signatures: tuple[str, ...] = (),
        letter: ReportLetter | None = None,
    ) -> bytes:
        """A PDF of facts and tables with signature lines, such as the day-close sheet; a specimen without a leave.

        Raises StationError ``printing.no_glyph`` when no shipped font draws one of the characters.
        """
        form = self._report_form(title)
        signed = msgspec.structs.replace(form, signatures=signatures) if signatures else form
        said = Report(title=title, made_at=made_at, facts=facts, tables=tables, letter=letter, leave=leave)
        return draw_report(signed, said, self._fonts)

    def _form(self, name: str) -> AnyForm:
        form = self._forms.get(name)
        if form is None:
            raise BugError(f"no form {name}")
        if self._allowed is not None:
            require_allowed(form, self._allowed)
        return form

    def _report_form(self, title: str) -> ReportForm:
        named = [form for form in self._forms.values() if isinstance(form, ReportForm) and form.title == title]
        form = named[0] if named else self._form(PLAIN_REPORT)
        if not isinstance(form, ReportForm):
            raise BugError(f"{form.id} is no report")
        return form


def _content(content: PaperContent) -> Content:
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


def _licence(form: AnyForm, leave: Leave | None) -> Licence | None:
    return None if leave is None else Licence(leave.terminal, leave.template, leave.grant, form.hash)


def _png(image: Image.Image, dpi: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", dpi=(dpi, dpi))
    return file.getvalue()
