"""What appears on a paper, before anybody has decided where: plain values, all of them text.

The filling rules (capital numerals, Chinese dates, validity wording) live in :mod:`inspector_app.domain.filling`;
nothing here or later in `printing` knows what a field means.
"""

from __future__ import annotations

import msgspec

from inspector_app.errors import StationError

FIRST_PRINT = 1


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one print of one document says.

    `form` is the form's id, `number` what stands after "No." (``B 9900000003``), `values` the text of each field,
    `code` the text of the QR (empty while the certificate is not yet signed: the place then stays free), `check_code`
    the letters a person may type instead. `made_at` is the UTC millisecond written into the PDF, so that the same
    content always gives the same bytes. `specimen` says that the document was made under a practice root.
    """

    form: str
    number: str
    values: dict[str, str]
    made_at: int
    code: str = ""
    check_code: str = ""
    print_no: int = FIRST_PRINT
    specimen: bool = True
    lang: str = "zh-CN"

    def text_of(self, key: str) -> str | None:
        """The text a form's ``{key}`` stands for; None when this content has none."""
        own = {"number": self.number, "check_code": self.check_code, "print_no": str(self.print_no)}
        if key == "code_host":
            return code_host(self.code)
        return own[key] if key in own else self.values.get(key)


OWN_KEYS = frozenset({"number", "check_code", "print_no", "code_host"})
"""Keys every content answers by itself, besides its values."""


def code_host(code: str) -> str:
    """The host a person may type by hand, from the text of the QR (``https://host/q/…`` → ``host``)."""
    return code.partition("://")[2].partition("/")[0]


class LayoutProblem(msgspec.Struct, frozen=True, order=True):
    """Why a content cannot be put on a form: an expected refusal, to be cleared before the certificate is issued.

    `code` is ``no_glyph`` (no shipped font draws `characters`), ``too_long`` (does not fit even at the smallest size;
    `characters` is the text), ``missing`` (the form needs a value the content lacks) or ``code_too_big`` (the QR does
    not fit its box with modules large enough to be read).
    """

    code: str
    field: str
    characters: str = ""


class Licence(msgspec.Struct, frozen=True):
    """Leave to draw a page without the specimen mark (DESIGN 10).

    Made by the service that has checked the three signed documents; the renderer compares `form_hash` with the form it
    is given and refuses when one is empty. `terminal` and `grant` are the documents' hashes, `template` the signed
    template's, all hex SHA-256.
    """

    terminal: str
    template: str
    grant: str
    form_hash: str

    def covers(self, form_hash: str) -> bool:
        """Whether an unmarked page of the form with this hash may be drawn."""
        return all((self.terminal, self.template, self.grant)) and self.form_hash == form_hash


def require_leave(specimen: bool, form_hash: str, licence: Licence | None) -> None:
    """Refuse an unmarked page nobody licensed: every way to draw a page asks here first.

    Raises StationError ``printing.unlicensed``.
    """
    if specimen or (licence is not None and licence.covers(form_hash)):
        return
    raise StationError("printing.unlicensed", form_hash=form_hash)


class Calibration(msgspec.Struct, frozen=True):
    """Where a printer's tray really puts a form: moved right and down by `dx_mm`, `dy_mm`, stretched by `sx`, `sy`.

    Measured with the target sheet and corrected in one transform in front of the page (PRINTING 1.2), so these are the
    *corrections*: a printer that prints 1 mm too far right gets ``dx_mm=-1``.
    """

    dx_mm: float = 0.0
    dy_mm: float = 0.0
    sx: float = 1.0
    sy: float = 1.0
