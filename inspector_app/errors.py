"""The two families of exception.

Expected refusals are not exceptions but values (:mod:`inspector_app.domain.refusals`). What remains is::

    InspectorError
    ├── StationError   the environment's fault: disk full, printer absent, wrong server, damaged file.
    │                  Explained to the operator by its code; sentences live in ``resources/i18n/faults.toml``.
    └── BugError       our fault: a rule of our own was broken. Stops issuing, keeps the form on screen, makes a report.
"""

from __future__ import annotations


class InspectorError(Exception):
    """Root of everything the program raises itself."""


class StationError(InspectorError):
    """The environment does not allow what was asked; ``code`` names the sentence shown to the operator.

    ``details`` are the values the sentence mentions: never secrets, never personal data.
    """

    def __init__(self, code: str, **details: str | int) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.code} ({shown})" if shown else self.code


class BugError(InspectorError):
    """A rule of the program itself was broken; nothing an operator did can cause it."""
