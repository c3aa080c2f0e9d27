"""Forms by keyboard: Enter walks, Shift+Enter back, Ctrl+Enter submits; messages below their fields; undo over fields."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.domain.refusals import Refusal, RefusalCode
from tests.ui.conftest import wait_for
from tests.ui.test_lines import commit, compose
from ui.forms.form import Form
from ui.tokens import Tone
from ui.widgets.checklist import CheckList
from ui.widgets.choice import DropDown, Segments
from ui.widgets.field import Field
from ui.widgets.line import CodeLine, Line
from ui.widgets.note import Note
from ui.widgets.popup_list import Option

ENTER = Qt.Key.Key_Return
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def form(app: QApplication, qtbot: QtBot, sentences: None) -> Form:
    made = Form()
    checks, answers, lists = CheckList(1), Segments(), DropDown()
    made.add_section(
        [
            Field("owner", Line(), required=True),
            Field("owner_phone", CodeLine(), required=True),
            Field("checks", checks),
            Field("conclusion", answers, required=True),
            Field("purpose", lists),
            Field("remarks", Note(1)),
            Field("plate", CodeLine()),
        ]
    )
    checks.offer([Option("one", "1"), Option("two", "2")])
    answers.offer([Option("yes", "Y"), Option("no", "N")])
    lists.offer([Option(1, "a"), Option(2, "b")])
    for part in (*checks.boxes, *answers.buttons):
        made.watch(part)
    made.settle()
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    made.activateWindow()
    wait_for(made.isActiveWindow)
    made.go_to("owner")
    return made


def focus(app: QApplication) -> str:
    widget = app.focusWidget()
    return widget.accessibleName() if widget else ""


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_walks_every_kind_of_field_in_reading_order(
    app: QApplication, form: Form, qtbot: QtBot, key: Qt.Key
) -> None:
    seen = [focus(app)]
    for _ in range(5):
        qtbot.keyClick(app.focusWidget(), key)
        seen.append(focus(app))
    assert seen == ["货主, 必填", "货主电话, 必填", "1", "Y", "用途", "备注"]


def test_shift_enter_goes_back(app: QApplication, form: Form, qtbot: QtBot) -> None:
    qtbot.keyClick(app.focusWidget(), ENTER)
    qtbot.keyClick(app.focusWidget(), ENTER)
    qtbot.keyClick(app.focusWidget(), ENTER, SHIFT)
    assert focus(app) == "货主电话, 必填"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_control_enter_submits_from_any_field(app: QApplication, form: Form, qtbot: QtBot, key: Qt.Key) -> None:
    wanted: list[bool] = []
    form.submit_wanted.connect(lambda: wanted.append(True))
    for name in ("owner", "checks", "conclusion", "remarks"):
        form.go_to(name)
        qtbot.keyClick(app.focusWidget(), key, CONTROL)
    assert len(wanted) == 4


def test_enter_in_the_last_field_submits(app: QApplication, form: Form, qtbot: QtBot) -> None:
    form.go_to("plate")
    with qtbot.waitSignal(form.submit_wanted, timeout=500):
        qtbot.keyClick(app.focusWidget(), ENTER)


def test_nothing_happens_while_a_word_is_composed(app: QApplication, form: Form, qtbot: QtBot) -> None:
    wanted: list[bool] = []
    form.submit_wanted.connect(lambda: wanted.append(True))
    compose(app, form.fields["owner"].editor, "ni")
    qtbot.keyClick(app.focusWidget(), ENTER)
    qtbot.keyClick(app.focusWidget(), ENTER, CONTROL)
    assert focus(app) == "货主, 必填"
    assert not wanted


def test_a_message_stands_below_its_field_and_goes_when_it_is_mended(
    app: QApplication, form: Form, qtbot: QtBot
) -> None:
    left = form.say_refusals(
        [
            Refusal(code=RefusalCode.FIELD_MISSING, field="owner"),
            Refusal(code=RefusalCode.NO_NUMBERS_LEFT, details={"kind": "B"}),
        ]
    )
    field = form.fields["owner"]
    assert [one.code for one in left] == [RefusalCode.NO_NUMBERS_LEFT]
    assert "货主" in field.message
    assert field.editor.property("problem") is True
    assert field.editor.accessibleDescription() == field.message
    assert form.go_to_problem()
    commit(app, field.editor, "三垛")
    assert field.message == ""
    assert field.editor.property("problem") is False


def test_without_a_problem_there_is_nowhere_to_go(form: Form) -> None:
    assert not form.go_to_problem()


def test_required_is_said_until_it_is_filled(app: QApplication, form: Form) -> None:
    field = form.fields["owner"]
    assert field._mark.isVisible()
    commit(app, field.editor, "三垛")
    assert not field._mark.isVisible()


def test_an_information_is_no_problem(form: Form) -> None:
    field = form.fields["owner"]
    field.say("申报为 120 万尾", Tone.INFO)
    assert field.editor.property("problem") is False
    assert form.fields["owner"].message


def test_a_draft_holds_everything_as_typed(app: QApplication, form: Form) -> None:
    form.fields["owner_phone"].editor.setText("１３８ 没写完")
    form.fields["checks"].set_value(["two"])
    form.fields["conclusion"].set_value("no")
    form.fields["purpose"].set_value(2)
    form.fields["remarks"].set_value("a\nb")
    kept = form.draft()
    form.fill({"owner_phone": "", "checks": [], "conclusion": None, "purpose": None, "remarks": ""})
    form.restore(kept)
    assert form.fields["owner_phone"].editor.text() == "１３８ 没写完"
    assert form.values()["checks"] == ["two"]
    assert form.value("conclusion") == "no"
    assert form.value("purpose") == 2
    assert form.value("remarks") == "a\nb"


def test_undo_goes_back_over_whole_fields_and_forward_again(app: QApplication, form: Form, qtbot: QtBot) -> None:
    commit(app, form.fields["owner"].editor, "三垛")
    form.go_to("checks")
    qtbot.keyClick(app.focusWidget(), Qt.Key.Key_Space)
    assert form.value("checks") == ["one"]
    qtbot.keyClick(app.focusWidget(), Qt.Key.Key_Z, CONTROL)
    assert form.value("checks") == []
    assert form.value("owner") == "三垛"
    assert form.undo()
    assert form.value("owner") == ""
    assert not form.undo()
    assert form.redo()
    assert form.redo()
    assert form.value("checks") == ["one"]
    assert not form.redo()


def test_arrows_choose_an_answer_and_space_ticks(app: QApplication, form: Form, qtbot: QtBot) -> None:
    form.go_to("conclusion")
    qtbot.keyClick(app.focusWidget(), Qt.Key.Key_Right)
    assert form.value("conclusion") == "no"
    qtbot.keyClick(app.focusWidget(), Qt.Key.Key_Left)
    assert form.value("conclusion") == "yes"


def test_walking_past_a_question_never_answers_it(app: QApplication, form: Form, qtbot: QtBot) -> None:
    form.go_to("conclusion")
    qtbot.keyClick(app.focusWidget(), ENTER)
    assert form.value("conclusion") is None
    assert focus(app) == "用途"


def test_a_narrow_form_has_one_column(form: Form, qtbot: QtBot) -> None:
    def lefts() -> set[int]:
        return {field.mapTo(form, field.rect().topLeft()).x() for field in form.fields.values()}

    assert len(lefts()) == 2
    form.resize(420, 900)
    wait_for(lambda: len(lefts()) == 1)
