"""关于与帮助: what this is, what of it is a specimen, this device's facts, the keys, the licences (S28, S31)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from inspector_app import config
from inspector_app.services.device import Device
from ui.desk import Desk
from ui.pages.page import Page
from ui.places import Place
from ui.texts import either, text
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.facts import Facts
from ui.widgets.scroll import Scroll
from ui.widgets.words import words


class DeviceFacts(NamedTuple):
    """This device in words."""

    facts: list[tuple[str, str]]
    support: str
    licensed: bool


def read_device(device: Device) -> DeviceFacts:
    """Read this device's facts; runs in the background."""
    station = device.rows.one("stations", station=device.sheet.station) or {}
    root = device.keyring.root
    head = device.store.head()
    facts = [
        (text("about.station"), either(str(station.get("name") or ""), str(station.get("name_en") or ""))),
        (text("about.device"), device.id[:8]),
        (text("about.province"), either(root.name, root.name_en)),
        (text("about.policy"), device.policy().version),
        (text("about.catalogue"), device.catalogue.version),
        (text("about.records"), f"{head.seq:,}"),
        (text("about.head"), head.hash.hex()[:16]),
    ]
    licensed = device.licence() is not None
    return DeviceFacts(facts, str(station.get("phone") or ""), licensed)


class AboutPage(Page):
    """Cards of text; nothing to fill in."""

    place = Place.ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.program, self.specimen, self.device_card, self.licences = Card(), Card(), Card(), Card()
        self._program = words("", wrap=True)
        self._version = Facts()
        self._specimen = words("", wrap=True)
        self._device = Facts()
        self._licences = words("", wrap=True)
        self.take_button = Button("plain", "files")
        self._told = ""
        self._licensed = False
        self._build()
        self.take_button.act_wanted.connect(self._take)
        self.begin()

    def _build(self) -> None:
        self.program.add(self._program, self._version)
        self.specimen.add(self._specimen)
        self.device_card.add(self._device)
        row = QHBoxLayout()
        row.addWidget(self.take_button)
        row.addStretch(1)
        self.device_card.body.addLayout(row)
        self.licences.add(self._licences)
        inner = QWidget()
        columns = QHBoxLayout(inner)
        columns.setContentsMargins(0, 0, 6, 0)
        columns.setSpacing(14)
        for cards in ((self.program, self.specimen), (self.device_card, self.licences)):
            column = QVBoxLayout()
            column.setSpacing(14)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self.content.addWidget(Scroll(inner), 1)

    def refresh(self) -> None:
        """Read the device's facts."""
        self.desk.read(read_device, self).on_success(self._show).on_failure(self.say_problem)

    def _say_specimen(self) -> None:
        """Practice, a licensed computer, or one whose papers still bear the mark."""
        real = "real" if self._licensed else "unlicensed"
        self._specimen.setText(text(f"about.specimen_{'practice' if self.desk.device.practice else real}"))

    def _show(self, found: DeviceFacts) -> None:
        self._licensed = found.licensed
        self._say_specimen()
        self._device.show_facts([*found.facts, (text("about.support"), found.support)])
        self._told = "\n".join(f"{question}: {answer}" for question, answer in (*self._version.shown, *found.facts))

    def _take(self) -> None:
        QGuiApplication.clipboard().setText(self._told)
        self.desk.say(text("banner.taken"))

    def submit(self) -> None:
        """Copy the device's facts for whoever helps."""
        self._take()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (("Ctrl+/", text("shortcuts.title")),)

    def _set_texts(self) -> None:
        self.program.title(text("about.title"))
        self._program.setText(text("about.what"))
        self._version.show_facts([(text("about.version"), config.VERSION), ("Qt", qVersion())])
        self.specimen.title(text("about.specimen"))
        self._say_specimen()
        self.device_card.title(text("about.this_device"))
        self.licences.title(text("about.licences"))
        self._licences.setText(text("about.licences_body"))
        self.take_button.say(text("about.take"))
        if not self._stale:
            self.refresh()
