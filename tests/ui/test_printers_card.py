"""Printers are added, tried and taken away in the window; what is no address is said and not kept."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inspector_app.errors import StationError
from inspector_app.surroundings import PRINTERS_FILE, Surroundings
from tests.ui.at_work import at, said
from tests.ui.conftest import settle
from ui.application import Shell
from ui.places import Place
from ui.widgets.button import Button


def add(shell: Shell, kind: str, address: str) -> Any:
    card = at(shell, Place.SETTINGS).printers
    card.kind.set_value(kind)
    card.address.set_value(address)
    card.add_button.click()
    settle(shell)
    return card


def press(shell: Shell, card: Any, name: str) -> None:
    (button,) = [one for one in card.findChildren(Button) if one.isVisible() and one.accessibleName().startswith(name)]
    button.click()
    settle(shell)


@pytest.mark.parametrize(
    ("kind", "typed", "address"),
    [
        ("ipp", "192.168.1.20/ipp/print", "ipp://192.168.1.20/ipp/print"),
        ("ipp", "ipp://192.168.1.20/ipp/print", "ipp://192.168.1.20/ipp/print"),
        ("escpos", "192.168.1.21:9100", "escpos://192.168.1.21:9100"),
    ],
)
def test_a_printer_is_added_by_kind_and_address_and_offered(shell: Shell, kind: str, typed: str, address: str) -> None:
    add(shell, kind, typed)
    assert shell.desk is not None
    assert address in shell.desk.printers
    assert said(shell) == f"已添加 {address}"


def test_a_folder_is_tried_and_taken_away_again(shell: Shell, tmp_path: Path) -> None:
    card = add(shell, "folder", (tmp_path / "nowhere").as_posix())
    press(shell, card, "试一下")
    assert "现在不能打印" in card.banner._headline.text()
    (tmp_path / "nowhere").mkdir()
    press(shell, card, "试一下")
    assert "可以打印" in card.banner._headline.text()
    press(shell, card, "去掉")
    assert shell.desk is not None
    assert not [name for name in shell.desk.printers if "nowhere" in name]


def test_nothing_typed_adds_nothing(shell: Shell) -> None:
    card = add(shell, "ipp", "")
    assert card.address.message
    assert shell.desk is not None
    assert shell.desk.printers == {}


def surroundings(folder: Path) -> Surroundings:
    home: Any = SimpleNamespace(
        paths=SimpleNamespace(folder=folder), sheet=SimpleNamespace(practice=False), parts=SimpleNamespace(clock=None)
    )
    return Surroundings(home)


def test_the_list_keeps_what_else_stands_in_its_file(tmp_path: Path) -> None:
    (tmp_path / PRINTERS_FILE).write_text("# 大厅\nlaser\n", "utf-8")
    around = surroundings(tmp_path)
    around.add_printer("escpos://10.0.0.9")
    around.add_printer("escpos://10.0.0.9")
    assert around.printer_addresses() == ["laser", "escpos://10.0.0.9"]
    around.remove_printer("laser")
    assert (tmp_path / PRINTERS_FILE).read_text("utf-8") == "# 大厅\nescpos://10.0.0.9\n"
    assert list(around.printers()) == ["escpos://10.0.0.9", "PDF"]


def test_what_is_no_address_is_refused_and_not_written(tmp_path: Path) -> None:
    with pytest.raises(StationError, match="printer_unknown"):
        surroundings(tmp_path).add_printer("lpt:1")
    assert not (tmp_path / PRINTERS_FILE).exists()
