"""Words: both languages, the same facts, nothing missing, nothing left over, switched while the window is open."""

from __future__ import annotations

import ast
import re
import string

import pytest
from PySide6.QtWidgets import QApplication

from inspector_app.errors import BugError
from tests import source_tree
from tests.source_tree import Module
from ui import texts
from ui.application import Shell
from ui.texts import Language, labels, text
from ui.widgets.living import Living
from ui.widgets.words import words

CHINESE = re.compile(r"[\u3400-\u9fff]")
BOTH_WAYS = {
    "settings.language_zh",
    "unlock.other_language",
    "example.quantity",
    "example.plate",
    "about.specimen_practice",
}
SCREENS = [module for module in source_tree.modules() if module.name.startswith("ui")]


def used_keys(module: Module) -> list[re.Pattern[str]]:
    """What a module asks `text` for; the parts an f-string puts in stand for anything."""
    found = []
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("text", "has_text")
            and node.args
        ):
            for asked in _spelled(node.args[0]):
                found.append(re.compile(asked))
    return found


def _spelled(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return _spelled(node.body) + _spelled(node.orelse)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [re.escape(node.value)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[\w.]+" for p in node.values)]
    return []


def constants(module: Module) -> set[str]:
    return {
        node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_text_a_screen_asks_for_exists() -> None:
    asked = {(module.path, key.pattern) for module in SCREENS for key in used_keys(module)}
    missing = [(path, key) for path, key in asked if not any(re.fullmatch(key, known) for known in labels())]
    assert not missing


def test_no_text_is_left_over() -> None:
    asked = [key for module in SCREENS for key in used_keys(module)]
    spelled = set().union(*(constants(module) for module in SCREENS))
    unused = [key for key in labels() if key not in spelled and not any(re.fullmatch(p, key) for p in asked)]
    assert not unused


@pytest.mark.parametrize("key", sorted(labels()))
def test_both_languages_say_the_same_with_the_same_values(key: str) -> None:
    entry = labels()[key]
    named = {
        lang: {field for _, field, _, _ in string.Formatter().parse(said) if field} for lang, said in entry.items()
    }
    assert entry["zh"].strip()
    assert entry["en"].strip()
    assert named["zh"] == named["en"]
    assert named.get("en_one", set()) <= named["en"]
    assert key in BOTH_WAYS or key.startswith("place_also.") or not CHINESE.search(entry["en"]), entry["en"]


def test_no_screen_has_chinese_of_its_own() -> None:
    """Words stand in resources/i18n; comments and docstrings may name the Chinese term."""
    found = [
        (module.path, node.value) for module in SCREENS for node in _literals(module) if CHINESE.search(str(node.value))
    ]
    allowed = {("ui/widgets/moment_field.py", ...), ("ui/models/naming.py", ...), ("ui/widgets/quantity_field.py", ...)}
    assert not [(path, value) for path, value in found if (path, ...) not in allowed]


def _literals(module: Module) -> list[ast.Constant]:
    documented = {id(ast.get_docstring(node, clean=False)) for node in ast.walk(module.tree)
                  if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)}  # fmt: skip
    return [node for node in ast.walk(module.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node.value) not in documented]  # fmt: skip


def test_an_unknown_text_is_our_mistake_and_says_which() -> None:
    with pytest.raises(BugError, match=r"no text for place\.nowhere"):
        text("place.nowhere")


def test_english_counts_one_thing_as_one(app: QApplication) -> None:
    texts.switch(app, Language.EN)
    assert text("strip.waiting", n=1).startswith("1 to upload")
    assert text("strip.waiting", n=1200).startswith("1,200 to upload")
    texts.switch(app, Language.ZH)
    assert text("strip.waiting", n=1).startswith("待上传 1 条")


def test_a_switch_of_language_reaches_open_widgets(app: QApplication) -> None:
    class Greeting(Living, type(words())):  # type: ignore[misc]
        def _set_texts(self) -> None:
            self.setText(text("place.today"))

    label = Greeting()
    label.begin()
    label.show()
    assert label.text() == "工作台"
    texts.switch(app, Language.EN)
    assert label.text() == "Today"
    texts.switch(app, Language.ZH)
    assert label.text() == "工作台"
    label.close()


def test_the_whole_window_changes_its_language_while_open(shell: Shell) -> None:
    from tests.ui.conftest import settle

    assert shell.workplace is not None
    shell.speak(Language.EN)
    settle(shell)
    assert shell.workplace.top.title.text() == "Today"
    assert "Offline" in shell.workplace.strip.cells["connection"].text()
    assert shell.preferences.language is Language.EN
    shell.speak(Language.ZH)
    settle(shell)
    assert shell.workplace.top.title.text() == "工作台"
