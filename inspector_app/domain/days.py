"""Terms counted in calendar months (按月计算的期间)."""

from __future__ import annotations

import calendar
import datetime

from inspector_app.domain.numerals import iso_date


def after_months(day: str, months: int, *, days: int = 0) -> str:
    """The legal day ``months`` on (back when negative) and some days further; a shorter month ends on its last day."""
    date = iso_date(day)
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    moved = date.replace(year=year, month=month + 1, day=min(date.day, last))
    return (moved + datetime.timedelta(days=days)).isoformat()
