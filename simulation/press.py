"""A press without ink: the content of a print as bytes. What the real press draws is not this world's business."""

from __future__ import annotations

import msgspec

from inspector_app.config import read_resource
from inspector_app.ports import Leave, PaperContent, PaperProblem, ReportLetter, ReportTable
from inspector_app.suites import sha256


class PlainPress:
    """`inspector_app.ports.Paper`: the same content always gives the same bytes, another content other bytes."""

    def __init__(self) -> None:
        self._hashes: dict[str, str] = {}

    def form_hash(self, form: str) -> str:
        """Hex SHA-256 of a shipped form, as the province releases it."""
        if form not in self._hashes:
            self._hashes[form] = sha256(read_resource(f"forms/{form}.toml")).hex()
        return self._hashes[form]

    def copies(self, form: str) -> int:
        """Two copies of everything."""
        return 2

    def check(self, content: PaperContent) -> tuple[PaperProblem, ...]:
        """Everything can be drawn."""
        return ()

    def render(self, content: PaperContent) -> bytes:
        """The content itself."""
        return msgspec.json.encode(content)

    def picture(self, content: PaperContent, dpi: int) -> tuple[bytes, ...]:
        """One page."""
        return (self.render(content),)

    def draws_seal(self) -> bool:
        """The wet seal is needed."""
        return False

    def report_form(self, title: str) -> str:
        """The plain report."""
        return "report"

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
        """The report's words."""
        return msgspec.json.encode([title, facts, tables, made_at, leave, signatures, letter])
