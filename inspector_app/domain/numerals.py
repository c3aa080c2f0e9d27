"""Chinese numerals as forms print them: capital numerals (大写数字), and dates in small digits.

Capital numerals are hard to alter, so the quantity on a certificate is written in them (FORM-2010). The rule: sections
of four digits, 万 after the second, 亿 after the third; a 零 stands for any run of missing places *inside* the number,
and none for missing places at its end.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

CAPITAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
SMALL_DIGITS = "〇一二三四五六七八九"
_PLACES = ("", "拾", "佰", "仟")
_WAN = 10_000
_YI = 100_000_000


def tens(scale: int) -> int:
    """10^``scale`` for 0 ≤ ``scale``, as an integer."""
    return int("1" + "0" * scale)


def capital_integer(number: int) -> str:
    """``number`` (0 ≤ number < 10^16) in capital numerals: 105 → 壹佰零伍, 100050000 → 壹亿零伍万."""
    if not 0 <= number < _YI * _YI:
        raise ValueError(f"no capital numerals for {number}")
    return _below_yi_yi(number) if number else CAPITAL_DIGITS[0]


def capital_decimal(number: int, scale: int) -> str:
    """``number`` × 10^-``scale`` with 点 before the decimals: (15, 1) → 壹点伍; zeros at the end are dropped."""
    whole, part = divmod(number, tens(scale))
    decimals = str(part).zfill(scale).rstrip("0") if part else ""
    text = capital_integer(whole)
    return text + "点" + "".join(CAPITAL_DIGITS[int(digit)] for digit in decimals) if decimals else text


def small_chinese_numeral(number: int) -> str:
    """A small count on a form in capitals, as in 应于贰日内到达有效; 1 ≤ number ≤ 99."""
    if not 1 <= number <= 99:
        raise ValueError(f"{number} is not a small count")
    return capital_integer(number)


def chinese_digits_date(day: str) -> str:
    """An ISO date as certificates write it: 2021-10-08 → 二〇二一年十月八日 (year digit by digit); else ValueError."""
    date = iso_date(day)
    year = "".join(SMALL_DIGITS[int(digit)] for digit in f"{date.year:04d}")
    return f"{year}年{_spoken(date.month)}月{_spoken(date.day)}日"


def iso_date(day: str) -> datetime.date:
    """The date of ``YYYY-MM-DD`` and nothing else; ValueError for any other spelling or a day that does not exist."""
    date = datetime.date.fromisoformat(day)
    if date.isoformat() != day:
        raise ValueError(f"{day!r} is not YYYY-MM-DD")
    return date


def _below_yi_yi(number: int) -> str:
    """1 ≤ number < 10^16: what counts 亿, then the rest."""
    high, low = divmod(number, _YI)
    if not high:
        return _below_yi(low)
    return _below_yi(high) + "亿" + _rest(low, _YI, _below_yi)


def _below_yi(number: int) -> str:
    """1 ≤ number < 10^8: what counts 万, then the rest."""
    high, low = divmod(number, _WAN)
    if not high:
        return _section(low)
    return _section(high) + "万" + _rest(low, _WAN, _section)


def _rest(low: int, limit: int, write: Callable[[int], str]) -> str:
    """The part below a 万 or 亿: a 零 first when its leading place is empty."""
    if not low:
        return ""
    return ("零" if low < limit // 10 else "") + write(low)


def _section(number: int) -> str:
    """1 ≤ number < 10^4: digits with 仟 佰 拾, one 零 for each inner gap."""
    text = ""
    gap = False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + CAPITAL_DIGITS[digit] + _PLACES[place]
        gap = not digit
    return text


def _spoken(number: int) -> str:
    """1–31 as spoken: 8 → 八, 10 → 十, 21 → 二十一."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else SMALL_DIGITS[tens]) + ("十" if tens else "") + (SMALL_DIGITS[ones] if ones else "")
