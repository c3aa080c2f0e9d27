"""Amounts and moments as typed: what is shown below is what will be recorded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app import bootstrap
from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE, day_start, moment_text
from inspector_app.domain.quantities import Quantity, base_value
from ui.models.naming import readable
from ui.widgets.moment_field import DayEdit, MomentEdit, parse_day, parse_moment, parse_time
from ui.widgets.quantity_field import QuantityEdit

UNITS = bootstrap.catalogue().units
FISH, WAN = 1, 11
TODAY = "2026-11-21"
NOW = day_start(TODAY) + 12 * 60 * MS_PER_MINUTE


@pytest.fixture
def amount(app: QApplication, qtbot: QtBot) -> QuantityEdit:
    edit = QuantityEdit(UNITS, WAN)
    qtbot.addWidget(edit)
    return edit


@pytest.mark.parametrize(
    ("typed", "fish"),
    [
        ("120万", 1_200_000),
        ("120", 1_200_000),
        ("１．５", 15_000),
        ("1.5万", 15_000),
        ("500000尾", 500_000),
        ("2亿尾", 200_000_000),
    ],
)
def test_an_amount_is_read_once_and_stays_what_it_was(amount: QuantityEdit, typed: str, fish: int) -> None:
    """120万 beside 万尾 is 120 万尾, before and after the field is left."""
    amount.line.setText(typed)
    before = amount.value()
    amount.line.left.emit()
    after = amount.value()
    assert before is not None
    assert after is not None
    assert base_value(before, UNITS) == base_value(after, UNITS) == fish


def test_capital_numerals_stand_below(amount: QuantityEdit) -> None:
    amount.set_value(Quantity(120, 0, WAN))
    assert "壹佰贰拾万尾" in amount.echo


@pytest.mark.parametrize(
    ("typed", "code"), [("", "quantity_empty"), ("abc", "quantity_not_a_number"), ("0", "quantity_not_positive")]
)
def test_what_cannot_be_read_is_no_amount_and_has_a_reason(amount: QuantityEdit, typed: str, code: str) -> None:
    amount.line.setText(typed)
    assert amount.value() is None
    assert amount.problem == code


def test_the_wheel_never_changes_a_unit(amount: QuantityEdit) -> None:
    before = amount.unit.currentIndex()
    wheel = QWheelEvent(QPointF(1, 1), QPointF(1, 1), QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    amount.unit.wheelEvent(wheel)
    assert amount.unit.currentIndex() == before
    assert not wheel.isAccepted()


def test_an_amount_shown_is_ready_to_be_edited(amount: QuantityEdit) -> None:
    amount.set_value(Quantity(1_200_000, 0, FISH))
    assert amount.line.text() == "1200000"


@given(st.integers(1, 10**12))
def test_an_amount_made_readable_is_the_same_amount(fish: int) -> None:
    quantity = Quantity(fish, 0, FISH)
    assert base_value(readable(quantity, UNITS), UNITS) == fish


@pytest.mark.parametrize(
    ("typed", "day"),
    [("1121", "2026-11-21"), ("11-21", "2026-11-21"), ("20261121", "2026-11-21"), ("2026-11-21", "2026-11-21"),
     ("0105", "2027-01-05"), ("11月21日", "2026-11-21"), ("１１２１", "2026-11-21"), ("0801", "2026-08-01")],
)  # fmt: skip
def test_a_day_without_a_year_is_the_nearest(typed: str, day: str) -> None:
    assert parse_day(typed, TODAY) == day


@pytest.mark.parametrize("typed", ["", "1332", "2026-02-30", "tomorrow", "0000"])
def test_what_is_no_day_is_none(typed: str) -> None:
    assert parse_day(typed, TODAY) is None


@pytest.mark.parametrize(("typed", "minutes"), [("830", 510), ("8:30", 510), ("08", 480), ("2359", 1439), ("8时", 480)])
def test_times_are_read_in_every_usual_way(typed: str, minutes: int) -> None:
    assert parse_time(typed) == minutes


@pytest.mark.parametrize("typed", ["2460", "99", "x"])
def test_what_is_no_time_is_none(typed: str) -> None:
    assert parse_time(typed) is None


@given(st.integers(0, 10 * 365 * 1440))
def test_every_moment_shown_is_read_back(minutes: int) -> None:
    moment = day_start("2024-01-01") + minutes * MS_PER_MINUTE
    assert parse_moment(moment_text(moment), TODAY) == moment


def test_plus_and_minus_change_the_day_and_keep_the_time(app: QApplication, qtbot: QtBot) -> None:
    edit = MomentEdit(lambda: NOW)
    qtbot.addWidget(edit)
    edit.set_value(NOW)
    qtbot.keyClick(edit, Qt.Key.Key_Plus)
    assert edit.value() == NOW + MS_PER_DAY
    qtbot.keyClick(edit, Qt.Key.Key_Minus)
    assert edit.value() == NOW


def test_a_minus_inside_a_date_being_typed_is_part_of_it(app: QApplication, qtbot: QtBot) -> None:
    edit = DayEdit(lambda: TODAY)
    qtbot.addWidget(edit)
    qtbot.keyClicks(edit, "11-25")
    assert edit.text() == "11-25"
    assert edit.value() == "2026-11-25"
    edit.left.emit()
    assert edit.text() == "2026-11-25"


def test_a_moment_that_cannot_be_read_is_kept_as_typed(app: QApplication, qtbot: QtBot) -> None:
    edit = MomentEdit(lambda: NOW)
    qtbot.addWidget(edit)
    qtbot.keyClicks(edit, "soon")
    edit.left.emit()
    assert (edit.value(), edit.text()) == (None, "soon")
