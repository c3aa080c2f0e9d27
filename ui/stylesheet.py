"""The style sheet over Fusion: only what a palette cannot say (round corners, paddings, the focus ring), ≤ 150 lines.

A widget chooses its look by the dynamic property ``look``; colours and sizes come from the tokens and the font scale.
"""

from __future__ import annotations

import re

from ui.tokens import Tokens

SHEET = """
QMainWindow, QWidget[look="page"], QScrollArea[look="page"], QDialog { background: $background; }
QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget[look="clear"] { background: transparent; }
QWidget[look="side"] { background: $side; border-right: 1px solid $line; }
QWidget[look="strip"] { background: $panel; border-top: 1px solid $line; }
QFrame[look="card"] { background: $panel; border: 1px solid $line; border-radius: 10px; }
QFrame[look="well"] { background: $background; border: 1px solid $line; border-radius: 8px; }
QFrame[look="popup"] { background: $panel; border: 1px solid $edge; border-radius: 8px; }
QFrame[look="sheet"] { background: $panel; border: 1px solid $edge; }
QFrame[look="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QLabel { background: transparent; }
QLabel[look="h1"] { font-size: %20px; font-weight: 700; }
QLabel[look="h2"] { font-size: %16px; font-weight: 700; }
QLabel[look="h3"] { font-weight: 700; }
QLabel[look="big"] { font-size: %26px; font-weight: 700; }
QLabel[look="muted"] { color: $muted; font-size: %13px; }
QLabel[look="label"] { color: $muted; font-size: %13px; }
QLabel[look="echo"] { color: $muted; font-size: %13px; }
QLabel[look="message"] { font-size: %13px; }
QLabel[look="message"][tone="bad"] { color: $bad; }
QLabel[look="message"][tone="warn"] { color: $warn; }
QLabel[look="message"][tone="good"] { color: $good; }
QLabel[look="message"][tone="info"] { color: $info; }
QLabel[look="message"][tone="off"] { color: $muted; }
QLabel[look="key"] { font-size: %13px; background: $off_bg; color: $off; border-radius: 4px; padding: 2px 7px; }
QFrame[look="banner"] { border-radius: 8px; border: none; }
QFrame[look="banner"][tone="good"] { background: $good_bg; }
QFrame[look="banner"][tone="warn"] { background: $warn_bg; }
QFrame[look="banner"][tone="bad"] { background: $bad_bg; }
QFrame[look="banner"][tone="info"] { background: $info_bg; }
QFrame[look="banner"][tone="off"] { background: $off_bg; }
QFrame[look="banner"][tone="good"] QLabel { color: $good; }
QFrame[look="banner"][tone="warn"] QLabel { color: $warn; }
QFrame[look="banner"][tone="bad"] QLabel { color: $bad; }
QFrame[look="banner"][tone="info"] QLabel { color: $info; }
QFrame[look="banner"][tone="off"] QLabel { color: $off; }
QFrame[look="toast"] { background: $text; border-radius: 8px; }
QFrame[look="toast"] QLabel { color: $panel; }
QFrame[look="toast"] QPushButton { color: $panel; background: transparent; border: 1px solid $muted; }
QLineEdit, QPlainTextEdit, QComboBox {
    background: $panel; color: $text; border: 1px solid $edge; border-radius: 6px;
    padding: ^6px ^9px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover { border-color: $muted; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus { border: 2px solid $accent; padding: ^5px ^8px; }
QLineEdit[problem="true"], QPlainTextEdit[problem="true"], QComboBox[problem="true"] { border-color: $bad; }
QLineEdit:read-only, QLineEdit:disabled { background: $background; color: $muted; }
QLineEdit[look="large"] { font-size: %18px; }
QComboBox::drop-down { border: none; width: ^24px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $edge; outline: 0;
    selection-background-color: $soft; selection-color: $text; }
QPushButton {
    background: $panel; color: $text; border: 1px solid $edge; border-radius: 6px; padding: ^7px ^14px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $soft; }
QPushButton[look="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 700; }
QPushButton[look="primary"]:hover { border-color: $text; }
QPushButton[look="danger"] { background: $bad_bg; color: $bad; border: 1px solid $bad; font-weight: 700; }
QPushButton[look="quiet"] { background: transparent; border: 1px solid transparent; color: $muted; }
QPushButton[look="quiet"]:hover { background: $hover; color: $text; }
QPushButton[look="link"] { background: transparent; border: 0; color: $accent; padding: ^2px ^4px; text-align: left; }
QPushButton[look="tile"] { text-align: left; padding: ^12px ^16px; border-radius: 10px; }
QPushButton[look="tile"]:checked { border: 2px solid $accent; background: $soft; }
QPushButton[look="place"] { text-align: left; padding: ^4px ^12px; border: none; border-radius: 6px;
    background: transparent; color: $muted; }
QPushButton[look="place"]:hover { background: $hover; color: $text; }
QPushButton[look="place"]:checked { background: $soft; color: $accent; font-weight: 700; }
QPushButton[look="cell"] { border: none; border-radius: 4px; background: transparent; color: $muted;
    padding: ^5px ^10px; font-size: %13px; text-align: left; }
QPushButton[look="cell"]:hover { background: $hover; color: $text; }
QPushButton[look="cell"][tone="warn"] { color: $warn; background: $warn_bg; }
QPushButton[look="cell"][tone="bad"] { color: $bad; background: $bad_bg; }
QPushButton[look="segment"] { border-radius: 6px; padding: ^6px ^14px; }
QPushButton[look="segment"]:checked { background: $soft; border: 1px solid $accent; color: $accent; font-weight: 700; }
QPushButton[look="filter"] { border-radius: ^13px; padding: ^3px ^12px; font-size: %13px; }
QPushButton[look="filter"]:checked { background: $soft; border: 1px solid $accent; color: $accent; }
QPushButton[blocked="true"], QPushButton:disabled { background: $off_bg; color: $muted; border: 1px solid $off_bg; }
QPushButton, QCheckBox, QRadioButton { outline: 0; }
QCheckBox, QRadioButton { spacing: ^9px; padding: ^4px; background: transparent; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $accent; border-radius: 5px; padding: ^2px; }
QTableView, QListView, QTreeView {
    background: $panel; border: none; outline: 0; selection-background-color: $soft; selection-color: $text;
    gridline-color: transparent; alternate-background-color: $panel; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section { background: $panel; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: ^7px ^8px; font-size: %13px; font-weight: 400; }
QHeaderView::section:focus, QHeaderView::section:hover { color: $text; }
QTableCornerButton::section { background: $panel; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $edge; border-radius: 3px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $edge; }
QProgressBar { background: $off_bg; border: none; border-radius: 4px; max-height: 8px; min-height: 8px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QToolTip { background: $text; color: $panel; border: none; padding: 6px 8px; }
QMenu { background: $panel; border: 1px solid $edge; padding: 4px; }
QMenu::item { padding: ^6px ^18px; border-radius: 4px; }
QMenu::item:selected { background: $soft; }
"""

_COLOUR = re.compile(r"\$([a-z_]+)")
_FONT_SIZE = re.compile(r"%(\d+)px")
_SPACE = re.compile(r"\^(\d+)px")


def sheet(tokens: Tokens, scale: int) -> str:
    """The sheet with this theme's colours; ``%`` sizes follow the font scale (percent), ``^`` spaces by half of it."""
    text = _COLOUR.sub(lambda found: str(getattr(tokens, found[1])), SHEET)
    text = _FONT_SIZE.sub(lambda found: f"{round(int(found[1]) * scale / 100)}px", text)
    return _SPACE.sub(lambda found: f"{round(int(found[1]) * (100 + scale) / 200)}px", text)
