"""Date and time in one line: 1121 becomes 2026-11-21, ``1121 0830`` a moment; + and − change the day (U48)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE, clock_text, day_start, legal_date, moment_text
from inspector_app.domain.typed_text import normalise_code_text
from ui.widgets.line import CodeLine

_DAY = re.compile(r"(?:(?P<year>\d{4})[-./年]?)?(?P<month>\d{1,2}?)[-./月]?(?P<day>\d{1,2})日?")
_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.时]?(?P<minute>\d{2}))?[时分]?")


def parse_day(typed: str, today: str) -> str | None:
    """``1121``, ``11-21``, ``20261121``, ``2026-11-21`` → ISO date; None when it is no date.

    Without a year the nearest one is meant: the day that lies at most half a year from ``today``.
    """
    found = _DAY.fullmatch(normalise_code_text(typed))
    if found is None:
        return None
    month, day = int(found["month"]), int(found["day"])
    if found["year"]:
        return _iso(int(found["year"]), month, day)
    now = datetime.date.fromisoformat(today)
    near = [one for one in (_iso(now.year + by, month, day) for by in (-1, 0, 1)) if one]
    return min(near, key=lambda one: abs(datetime.date.fromisoformat(one) - now), default=None)


def parse_time(typed: str) -> int | None:
    """``830``, ``8:30``, ``08``, ``8时`` → minutes of the day; None when it is no time."""
    found = _TIME.fullmatch(normalise_code_text(typed))
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def parse_moment(typed: str, today: str, default_minute: int = 0) -> int | None:
    """Date and, after a space, time (UTC+8) → UTC ms; ``default_minute`` of the day when there is no time."""
    parts = typed.replace("\u3000", " ").split(maxsplit=1)
    day = parse_day(parts[0], today) if parts else None
    minute = parse_time(parts[1]) if len(parts) == 2 else default_minute
    return None if day is None or minute is None else day_start(day) + minute * MS_PER_MINUTE


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


class DayEdit(CodeLine):
    """A legal day; its value is ``YYYY-MM-DD`` or ""."""

    def __init__(self, today: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today

    def value(self) -> str:
        """The day, "" while it cannot be read."""
        return parse_day(self.text(), self._today()) or ""

    @property
    def is_unread(self) -> bool:
        """Whether something stands there that is no day."""
        return not self.value() and bool(self.text().strip())

    def _on_left(self) -> None:
        if self.value():
            self.set_value(self.value())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and − change the day."""
        by = {"+": 1, "=": 1, "-": -1}.get(event.text(), 0)
        whole = parse_day(self.text(), self._today()) if by and self._is_complete() else None
        if whole is None:
            super().keyPressEvent(event)
            return
        self.set_value(legal_date(day_start(whole) + by * MS_PER_DAY))
        self.edited.emit()

    def _is_complete(self) -> bool:
        """A minus inside a date being typed (11-21) is part of it."""
        return len(self.text()) == len("2026-11-21") or self.hasSelectedText()


class MomentEdit(CodeLine):
    """A moment of a day; its value is UTC ms or None. It shows ``YYYY-MM-DD HH:MM`` on the station's wall."""

    def __init__(self, now: Callable[[], int], default_minute: int = 8 * 60, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._default_minute = default_minute

    def value(self) -> int | None:  # type: ignore[override]
        """The moment, None while it cannot be read."""
        return parse_moment(self.text(), legal_date(self._now()), self._default_minute)

    @property
    def is_unread(self) -> bool:
        """Whether something stands there that is no moment."""
        return self.value() is None and bool(self.text().strip())

    def set_value(self, value: int | str | None) -> None:
        """Show a moment (UTC ms) or a text still being typed."""
        super().set_value(moment_text(value) if isinstance(value, int) else value or "")

    def _on_left(self) -> None:
        moment = self.value()
        if moment is not None:
            self.set_value(moment)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and − change the day and keep the time."""
        by = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}.get(Qt.Key(event.key()), 0)
        moment = self.value() if by and len(self.text()) == len("2026-11-21 08:00") else None
        if moment is None:
            super().keyPressEvent(event)
            return
        day = legal_date(moment + by * MS_PER_DAY)
        self.set_value(f"{day} {clock_text(moment)}")
        self.edited.emit()
