"""What is done in a real window, as a process of its own: ``python -m tests.desktop.driver WHAT FOLDER``.

It prints one line of JSON with what came of it. Qt has one screen per process, and a killed window must be a real one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from PySide6.QtCore import Qt

from tests.desktop.hands import CONTROL, ENTER, NUMPAD_ENTER, Hands
from tests.desktop.practice import Practice
from ui.application import Shell, make_app
from ui.forms.autosave import Autosave
from ui.places import Place

SPACE, DOWN = Qt.Key.Key_Space, Qt.Key.Key_Down
OWNER = "甘垛新鱼种场（练习）"


def open_window(practice: Practice) -> Hands:
    """The window at its lock page."""
    app = make_app(["inspector"])
    shell = Shell(app, practice.home, practice.around)
    shell.start()
    hands = Hands(app, shell)
    hands.wait(shell.window.isActiveWindow, "the window")
    return hands


def sign_in(hands: Hands, practice: Practice) -> None:
    """The passphrase box has the focus; the first person is the vet."""
    page = hands.shell.window.inside
    hands.wait(lambda: page.passphrase.hasFocus(), "the passphrase box")
    hands.type(practice.around.practice_passphrase)
    hands.press(NUMPAD_ENTER)
    hands.wait(lambda: hands.shell.workplace is not None, "the workplace")
    hands.shell.desk.preferences.automatic_contact = False  # the hands say when, or a slow run would meet the schedule
    hands.settle()


def whole_day(practice: Practice) -> dict[str, Any]:
    """Declaration → inspection → issue → print → hand-over → sync, without touching the mouse."""
    hands = open_window(practice)
    sign_in(hands, practice)
    _declare(hands)
    _inspect(hands)
    number = _issue(hands)
    _print_and_hand_over(hands)
    hands.press(Qt.Key.Key_F9)
    hands.settle()
    hands.press(Qt.Key.Key_F9)
    hands.settle()
    return _outcome(hands, number)


def _declare(hands: Hands) -> None:
    hands.press(Qt.Key.Key_K, CONTROL)
    hands.type("sb")
    hands.press(ENTER)
    hands.settle()
    hands.press(Qt.Key.Key_N, CONTROL)
    hands.settle()
    hands.type(OWNER)
    hands.press(ENTER)
    hands.type("13900000066")
    hands.go_to("品种")
    hands.type("cy")
    hands.press(ENTER)
    hands.wait(lambda: hands.here.startswith("规格阶段"), "the stage")
    hands.press(DOWN, times=5)
    hands.press(NUMPAD_ENTER)
    hands.type("12万")
    hands.go_to("启运地点")
    hands.type("甘垛镇横泾村")
    hands.press(ENTER)
    hands.type("xinghua")
    hands.press(ENTER)
    hands.type("大垛镇养殖场")
    hands.press(ENTER)
    today = hands.shell.desk.today().replace("-", "")[4:]
    hands.type(f"{today} 2359")
    hands.press(ENTER)
    hands.submit()
    hands.wait(lambda: hands.here.startswith("缩短时限"), "the reason for the short notice")
    hands.press(DOWN)
    hands.submit()


def _inspect(hands: Hands) -> None:
    hands.submit()
    hands.wait(lambda: hands.here.startswith("批次"), "the inspection")
    hands.press(Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    hands.go_to("没有发生")
    hands.press(SPACE)
    hands.go_to("合格")
    hands.press(SPACE)
    hands.settle()
    hands.submit()
    hands.wait(lambda: hands.shell.workplace.page.side.currentWidget() is hands.shell.workplace.page.batch, "the batch")


def _issue(hands: Hands) -> str:
    hands.submit()
    hands.wait(lambda: hands.here.startswith("车牌号"), "the plate")
    hands.type("苏K0I009")
    hands.settle()
    page = hands.shell.workplace.page
    hands.wait(lambda: page.pane.paper.pages, "the paper on the screen")
    hands.wait(lambda: not page.pane.act_button.reason, f"nothing missing, but {page.pane.act_button.reason}")
    named = page.pane.act_button.text()
    hands.submit()
    return "".join(character for character in named if character.isdigit())


def _print_and_hand_over(hands: Hands) -> None:
    page = hands.shell.workplace.page
    assert page.place is Place.PRINTS, page.place
    hands.wait(lambda: page.pane.answering.answers[0].hasFocus(), "the question whether it printed well")
    hands.wait(lambda: not page.pane.is_resting, "keys are heard again")
    hands.press(ENTER)
    hands.settle()
    hands.wait(lambda: page.pane.handing_over.hand_over_button.isVisible(), "the hand-over")
    hands.wait(lambda: not page.pane.is_resting, "keys are heard again")
    page.pane.take_focus()
    for _box in page.pane.handing_over.signed.boxes:
        hands.press(SPACE)
        hands.press(Qt.Key.Key_Tab)
    hands.submit()
    hands.settle()


def _outcome(hands: Hands, number: str) -> dict[str, Any]:
    device = hands.shell.desk.device
    (row,) = [row for row in device.rows.many("certificates") if row["owner_name"] == OWNER]
    return {
        "number_on_button": number,
        "number": row["number"],
        "state": row["state"],
        "quantity": [row["value"], row["unit"]],
        "handed_over": bool(row["handed_over_at"]),
        "waiting": device.store.waiting(),
        "files": [path.name for path in (hands.shell.home.paths.folder / "prints").iterdir()],
        "longest_stall_ms": hands.shell.watchdog.longest_ms,
    }


def type_and_wait(practice: Practice) -> NoReturn:
    """Type into a new declaration, touch nothing more, say when it was kept by itself; the test pulls the plug."""
    hands = open_window(practice)
    sign_in(hands, practice)
    hands.shell.workplace.go(Place.DECLARATIONS, "new")
    hands.settle()
    hands.type(OWNER)
    hands.press(ENTER)
    hands.type("139000000")
    kept_by_itself(hands, hands.shell.workplace.page.editor.autosave)
    sys.stdout.write("kept\n")
    sys.stdout.flush()
    while True:
        hands.breathe()


def kept_by_itself(hands: Hands, autosave: Autosave) -> None:
    """Wait until what was typed is on the disk; nobody has left the field or the page."""
    hands.wait(lambda: not autosave.has_unsaved, "the pause after typing")
    hands.wait(lambda: hands.shell.tasks.under_way == 0, "the disk")


def recovered(practice: Practice) -> dict[str, Any]:
    """What the first page offers after a crash, and what is in the form when it is taken up."""
    hands = open_window(practice)
    sign_in(hands, practice)
    today = hands.shell.workplace.page
    hands.wait(lambda: today._drafts, "the drafts")
    draft = today._drafts[0]
    hands.shell.workplace.go(draft.place, f"draft:{draft.draft}")
    hands.settle()
    form = hands.shell.workplace.page.editor.form
    return {"title": draft.title, "owner": form.value("owner"), "phone": form.fields["owner_phone"].editor.text()}


def small(practice: Practice) -> dict[str, Any]:
    """Every page at 1024 × 600: does a page need more width than there is?"""
    hands = open_window(practice)
    sign_in(hands, practice)
    hands.shell.window.resize(1024, 600)
    wider = []
    for place in Place:
        hands.shell.workplace.go(place)
        hands.settle()
        frame = hands.shell.workplace.frames[place]
        if frame.horizontalScrollBar().maximum() > 0:
            wider.append(place.value)
    return {"width": hands.shell.window.width(), "scroll_sideways": wider}


WHAT: dict[str, Callable[[Practice], dict[str, Any]]] = {
    "whole_day": whole_day,
    "type_and_wait": type_and_wait,
    "recovered": recovered,
    "small": small,
}


def main(arguments: list[str]) -> int:
    """Do one of these on the practice home in a folder."""
    what, folder = arguments
    practice = Practice(Path(folder))
    try:
        outcome = WHAT[what](practice)
    finally:
        practice.close()
    sys.stdout.write(json.dumps(outcome, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
