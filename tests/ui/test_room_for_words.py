"""Nothing is cut: bold words, headings, narrow lists, messages below the field one is in, the copy on the paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QHBoxLayout, QHeaderView, QWidget
from pytestqt.qtbot import QtBot

from inspector_app import bootstrap
from tests.ui.at_work import at, issue_page, printed
from tests.ui.conftest import settle, wait_for
from tests.ui.station import Surroundings
from ui import theme
from ui.application import Shell
from ui.forms.form import Form
from ui.models.items import Cell, Column
from ui.pages.day_close import ELSEWHERE
from ui.places import Place
from ui.preferences import Preferences
from ui.texts import Language
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.line import Line
from ui.widgets.list_pane import ListPane
from ui.widgets.paper_view import PaperView
from ui.widgets.scroll import Scroll
from ui.widgets.top_bar import TopBar

MODES = QHeaderView.ResizeMode


def bold_width(button: Button) -> int:
    font = QFont(button.font())
    font.setBold(True)
    return QFontMetrics(font).horizontalAdvance(button.text())


@pytest.mark.parametrize("look", ["segment", "place"])
def test_a_chosen_answer_in_bold_letters_fits_its_button(app: QApplication, qtbot: QtBot, look: str) -> None:
    button = Button(look)
    qtbot.addWidget(button)
    button.setCheckable(True)
    button.say("Certificate B, for the whole province")
    quiet = Button("quiet")
    qtbot.addWidget(quiet)
    quiet.say("Certificate B, for the whole province")
    padding = quiet.sizeHint().width() - quiet.fontMetrics().horizontalAdvance(quiet.text())
    assert button.minimumSizeHint().width() >= bold_width(button) + padding - 8
    assert bold_width(button) > quiet.fontMetrics().horizontalAdvance(quiet.text())


# --- lists ------------------------------------------------------------------------------------------------------------


def list_of(qtbot: QtBot, folder: Path, columns: tuple[Column, ...], cells: Any, width: int) -> ListPane:
    made = ListPane("numbers", columns, cells, Preferences(folder / "screen.ini"), searchable=False)
    qtbot.addWidget(made)
    made.resize(width, 300)
    made.show()
    made.show_items([1, 2])
    QApplication.processEvents()
    return made


@pytest.mark.parametrize("percent", [100, 175])
def test_headings_are_never_narrower_than_their_words(shell: Shell, percent: int) -> None:
    shell.speak(Language.EN)
    shell.theme.set_scale(percent)
    table = at(shell, Place.NUMBERS).ledger.table
    small = QFont(table.font())
    small.setPixelSize(theme.scaled(13))
    for column in range(table.model().columnCount()):
        shown = str(table.model().headerData(column, table.horizontalHeader().orientation()))
        assert table.columnWidth(column) >= QFontMetrics(small).horizontalAdvance(shown) + 16, shown


def test_the_first_column_keeps_what_can_be_read_and_the_list_scrolls_sideways(
    app: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    columns = (Column("block", 220, stretch=True), *[Column("size", 90)] * 4)
    made = list_of(qtbot, tmp_path, columns, lambda _item: [Cell("x")] * 5, 400)
    header = made.table.horizontalHeader()
    assert made.table.columnWidth(0) == 220
    assert header.sectionResizeMode(0) is MODES.Fixed
    assert made.table.horizontalScrollBar().maximum() > 0
    made.resize(900, 300)
    QApplication.processEvents()
    assert header.sectionResizeMode(0) is MODES.Stretch
    assert made.table.columnWidth(0) > 220


def test_a_column_of_states_is_as_wide_as_its_widest_state(app: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    columns = (Column("owner", stretch=True), Column("state"))

    def cells(item: int) -> list[Cell]:
        return [Cell("x"), Cell("等检测结果" * item, tone=Tone.OFF)]

    short = list_of(qtbot, tmp_path / "a", columns, lambda _item: cells(1), 600).table.columnWidth(1)
    long = list_of(qtbot, tmp_path / "b", columns, cells, 600).table.columnWidth(1)
    assert long > short + 50


def test_a_narrower_window_is_no_choice_of_the_person(app: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    made = list_of(
        qtbot, tmp_path, (Column("block", stretch=True), Column("size", 90)), lambda _item: [Cell("x")] * 2, 600
    )
    made.resize(420, 300)
    QApplication.processEvents()
    assert made.table._preferences.layout("numbers").isEmpty()
    made.table.setColumnWidth(1, 140)
    assert not made.table._preferences.layout("numbers").isEmpty()


# --- the bar above the pages ------------------------------------------------------------------------------------------


def test_where_the_bar_is_too_narrow_the_search_is_its_sign_alone(app: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    bar = TopBar(window)
    bar.show_page("签发", [("可签发 12 批，等检测结果 3 批", Tone.WARN)])
    bar.show_person("陆清河", "官方兽医 A/B/N")
    bar.resize(1100, 56)
    window.show()
    assert "搜索" in bar.search.text()
    bar.resize(380, 56)
    assert bar.search.text().strip() == ""
    assert bar.search.accessibleName() == "搜索或输入命令"
    bar.resize(1100, 56)
    assert "搜索" in bar.search.text()


# --- the field one is in ----------------------------------------------------------------------------------------------


@pytest.fixture
def low(app: QApplication, qtbot: QtBot) -> Form:
    form = Form()
    form.add_section([Field(f"field{at}", Line(), words=lambda: "一项") for at in range(12)], columns=1)
    scroll = Scroll(form)
    qtbot.addWidget(scroll)
    scroll.resize(300, 200)
    scroll.show()
    scroll.activateWindow()
    wait_for(scroll.isActiveWindow)
    return form


def in_sight(part: QWidget) -> bool:
    viewport = part.parentWidget()
    while not isinstance(viewport, Scroll):
        viewport = viewport.parentWidget()
    seen = viewport.viewport()
    return seen.rect().contains(QRect(part.mapTo(seen, QPoint(0, 0)), part.size()))


def test_the_whole_field_is_in_sight_when_one_comes_to_it(low: Form, qtbot: QtBot) -> None:
    low.go_to("field7")
    wait_for(lambda: in_sight(low.fields["field7"]))
    low.go_to("field2")
    wait_for(lambda: in_sight(low.fields["field2"]))


def test_a_message_that_comes_later_is_in_sight_with_its_field(low: Form, qtbot: QtBot) -> None:
    low.go_to("field7")
    wait_for(lambda: in_sight(low.fields["field7"]))
    low.fields["field7"].say("今天已有同一车牌的证明 B 9900000005，请确认这一车确实是另一车", Tone.WARN)
    qtbot.wait(30)
    wait_for(lambda: in_sight(low.fields["field7"]))


# --- the paper --------------------------------------------------------------------------------------------------------


def page_with_two_copies() -> bytes:
    """Ink between a tenth and nine tenths of the width, a pale mark across everything."""
    picture = QPixmap(1000, 1400)
    picture.fill(QColor("#FFFFFF"))
    painter = QPainter(picture)
    painter.fillRect(0, 0, 1000, 1400, QColor("#EADADA"))
    for top in (100, 800):
        painter.fillRect(100, top, 800, 500, QColor("#000000"))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(buffer.data().data())


def test_over_the_whole_width_one_copy_is_shown_without_the_margins(app: QApplication, qtbot: QtBot) -> None:
    view = PaperView(110)
    qtbot.addWidget(view)
    view.resize(500, 600)
    view.show()
    view.show_pages([page_with_two_copies()], "", 2)
    (sheet,) = view.pages
    assert sheet.page.height() == 700
    assert 800 <= sheet.page.width() <= 840
    narrow = view._fitting_percent()
    view.fit(whole_page=True)
    assert (sheet.page.width(), sheet.page.height()) == (1000, 1400)
    assert view._fitting_percent() < narrow


def test_an_empty_page_is_shown_whole(app: QApplication, qtbot: QtBot) -> None:
    view = PaperView(110)
    qtbot.addWidget(view)
    blank = QPixmap(300, 400)
    blank.fill(QColor("#FFFFFF"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    blank.save(buffer, "PNG")
    view.show_pages([bytes(buffer.data().data())])
    assert view.pages[0].page.width() == 300


def test_the_issuing_page_keeps_quantity_and_number_in_sight(shell: Shell) -> None:
    pane = issue_page(shell).pane
    assert ("可签发数量", "50万尾") in pane.facts.shown
    pane._ask_preview()
    settle(shell)
    assert pane.paper.pages


# --- pages in a window of a common size -------------------------------------------------------------------------------

SIZES = [(1024, 700), (1280, 720), (1366, 768)]


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    folder = tmp_path / "printed"
    folder.mkdir()
    return Surroundings({"PDF": bootstrap.printer(f"pdf:{folder}")})


def sideways(shell: Shell, width: int, height: int) -> dict[str, int]:
    """By how much what is seen of the window has to be scrolled sideways to be read."""
    shell.window.resize(width, height)
    settle(shell)
    seen = [part for part in shell.window.findChildren(Scroll) if part.isVisible()]
    assert seen
    return {type(part.widget()).__name__: over for part in seen if (over := part.horizontalScrollBar().maximum())}


@pytest.mark.parametrize("spoken", [Language.ZH, Language.EN])
def test_the_step_that_hands_a_paper_over_never_scrolls_sideways(shell: Shell, spoken: Language) -> None:
    shell.speak(spoken)
    page = printed(shell)
    page.pane.answering.answers[0].click()
    settle(shell)
    assert page.pane.handing_over.hand_over_button.isVisible()
    assert [sideways(shell, *size) for size in SIZES] == [{}] * len(SIZES)


@pytest.mark.parametrize("spoken", [Language.ZH, Language.EN])
def test_the_inspection_page_never_scrolls_sideways(shell: Shell, spoken: Language) -> None:
    shell.speak(spoken)
    page = at(shell, Place.INSPECTION)
    assert [sideways(shell, *size) for size in SIZES] == [{}] * len(SIZES), "before a batch was looked at"
    waiting = next(line for line in page.list.model.items if not line.inspection)
    page.start(waiting.declaration)
    settle(shell)
    assert page.side.currentWidget() is page.pane
    assert [sideways(shell, *size) for size in SIZES] == [{}] * len(SIZES)


def test_a_button_in_a_narrow_row_gives_up_its_keys_and_keeps_its_words(app: QApplication, qtbot: QtBot) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    button = Button("primary", "check")
    button.say("Complete the inspection", "Ctrl+Enter")
    inside = QHBoxLayout(row)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.addWidget(button)
    row.resize(button.sizeHint())
    row.show()
    assert button.text().endswith("Ctrl+Enter")
    row.resize(row.minimumSizeHint())
    QApplication.processEvents()
    assert button.text().strip() == "Complete the inspection"
    assert button.width() >= button.minimumSizeHint().width()


def test_a_part_as_wide_as_its_words_pushes_what_is_beside_it(app: QApplication, qtbot: QtBot) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    button = Button()
    button.say("Yes")
    content = QWidget()
    QHBoxLayout(content).addWidget(button)
    part = Scroll(content, as_wide=True)
    inside = QHBoxLayout(row)
    inside.addWidget(part, 1)
    inside.addWidget(QWidget(), 2)
    row.resize(400, 100)
    row.show()
    button.say("Signed, sealed and handed over to the owner of the fish")
    qtbot.wait(50)
    assert button.width() >= button.minimumSizeHint().width() > 133
    assert part.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("spoken", [Language.ZH, Language.EN])
def test_the_whole_day_is_in_sight_in_a_narrow_window(shell: Shell, spoken: Language) -> None:
    shell.speak(spoken)
    page = at(shell, Place.DAY_CLOSE)
    shell.window.resize(1024, 700)
    settle(shell)
    table = page.counts.table
    assert table.horizontalScrollBar().maximum() == 0
    assert table.isColumnHidden(ELSEWHERE)
    assert table._preferences.layout("day").isEmpty(), "what the page hides is no choice of the person"


def test_numbers_ended_elsewhere_have_their_column_when_there_are_any(shell: Shell) -> None:
    page = at(shell, Place.DAY_CLOSE)
    day = page._day
    first, *rest = day.sheet.counts
    ended = msgspec.structs.replace(first, ended_elsewhere=2, first="9900000001", last="9900000003")
    page._show(day._replace(sheet=msgspec.structs.replace(day.sheet, counts=[ended, *rest])))
    assert not page.counts.table.isColumnHidden(ELSEWHERE)
    assert page.counts.model.cell(0, ELSEWHERE).shown == "2"
    assert page.counts.model.cell(0, 0).detail == "9900000001 – 9900000003"
