"""A person at the pages of a station: where they go, what they fill in, what was recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from inspector_app import bootstrap
from inspector_app.domain.quantities import Quantity
from inspector_app.services.device import Device
from inspector_app.services.issuing import Issued, issue_certificate
from tests.ui.conftest import settle, wait_for
from tests.ui.station import WAN, XINGHUA, Station, Surroundings
from ui.application import Shell
from ui.places import Place
from ui.widgets.review import Review


def at(shell: Shell, place: Place, subject: str = "") -> Any:
    assert shell.workplace is not None
    shell.workplace.go(place, subject)
    settle(shell)
    return shell.workplace.page


def device_of(shell: Shell) -> Device:
    assert shell.desk is not None
    return shell.desk.device


def said(shell: Shell) -> str:
    assert shell.workplace is not None
    return shell.workplace.toast.said


def certify(shell: Shell, station: Station) -> str:
    """A certificate in force; its number."""
    station.device = device_of(shell)
    ref = station.declare("界首鱼种场", "草鱼", "summer_fingerling", Quantity(5, 0, WAN))
    batch = station.inspect(station.accept(ref), batch="second")
    outcome = issue_certificate(device_of(shell), station.draft(batch, "B", Quantity(5, 0, WAN)))
    assert isinstance(outcome, Issued)
    return outcome.number


def open_review(app: QApplication) -> Review:
    found = [widget for widget in app.topLevelWidgets() if isinstance(widget, Review) and widget.isVisible()]
    assert len(found) == 1
    return found[0]


def rows(shell: Shell, table: str, **equal: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in device_of(shell).rows.many(table, **equal)]


def fill_declaration(page: Any, *, departs: int, owner: str = "新来的渔场") -> None:
    form = page.editor.form
    area = page.editor.editor._naming.area_option(XINGHUA)
    species = page.editor.editor._naming.species_option(101)
    form.fields["species"].editor.choose(species)
    form.fill({"owner": owner, "owner_phone": "13805140077", "stage": "summer_fingerling", "quantity": Quantity(30, 0, WAN),
               "origin_place": "天山村", "destination": area, "destination_place": "戴南镇", "departs_at": departs})  # fmt: skip
    form.edited.emit()


def start_inspection(shell: Shell) -> Any:
    (row,) = [row for row in rows(shell, "declarations", state="accepted") if "三垛" in row["owner_name"]]
    return at(shell, Place.INSPECTION, row["ref"])


def issue_page(shell: Shell) -> Any:
    inspection = next(row for row in rows(shell, "inspections") if row["batch"] == "2026-11-01")
    page = at(shell, Place.ISSUE, inspection["ref"])
    wait_for(lambda: page.side.currentWidget() is page.pane)
    settle(shell)
    return page


def issue_one(shell: Shell) -> str:
    page = issue_page(shell)
    page.pane.form.fill({"plate": "苏K5A168"})
    page.pane.live.look()
    settle(shell)
    assert not page.pane.act_button.reason
    page.submit()
    settle(shell)
    (row,) = rows(shell, "certificates")
    return str(row["number"])


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    folder = tmp_path / "printed"
    folder.mkdir()
    return Surroundings({"PDF": bootstrap.printer(f"pdf:{folder}")})


def printed(shell: Shell) -> Any:
    number = issue_one(shell)
    page = at(shell, Place.PRINTS, number)
    wait_for(lambda: page.pane.detail is not None and page.pane.detail.line.step == "answer", "sent to the printer")
    settle(shell)
    heard(page)
    return page


def heard(page: Any) -> None:
    """Wait until the step has stood long enough for keys to belong to it."""
    wait_for(lambda: not page.pane.is_resting, "keys are heard again")


def pass_time(shell: Shell, station: Station, **time: int) -> None:
    """Time passes with somebody at the desk: on a slow machine the window would look at its clock and lock itself."""
    station.clock.forward(**time)
    QTest.keyClick(shell.window, Qt.Key.Key_Shift)


def tick(page: Any, *codes: str) -> None:
    """Tick what is seen on the paper, box by box as a person does."""
    for box, code in zip(page.pane.handing_over.signed.boxes, page.pane.handing_over.signed.codes, strict=True):
        if code in codes:
            box.click()
