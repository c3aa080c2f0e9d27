"""设置: language, appearance, size, printer; everything shows at once and is kept on this computer (S29)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from ui import texts, theme
from ui.desk import Desk
from ui.forms.form import Form
from ui.idle import MINUTES
from ui.pages.page import Page
from ui.pages.printers_card import PrintersCard
from ui.places import Place
from ui.texts import Language, language, text
from ui.theme import SCALES, ThemeChoice
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.choice import DropDown, Segments
from ui.widgets.field import Field
from ui.widgets.popup_list import Option
from ui.widgets.scroll import Scroll

CONTACT = ((True, "on"), (False, "off"))


class SettingsPage(Page):
    """One card per matter."""

    place = Place.SETTINGS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.language = Field("language", Segments(), words=lambda: text("settings.language"))
        self.theme = Field("theme", Segments(), words=lambda: text("settings.theme"))
        self.scale = Field("scale", Segments(), words=lambda: text("settings.scale"))
        self.printer = Field("printer", DropDown(), words=lambda: text("settings.printer"))
        self.lock = Field("lock_minutes", DropDown(), words=lambda: text("settings.lock"))
        self.contact = Field("contact", Segments(), words=lambda: text("settings.contact"))
        self.widths = Button("plain", "undo-2")
        self.look, self.paper, self.lists = Card(), Card(), Card()
        self.printers = PrintersCard(desk)
        self._build()
        self.language.editor.edited.connect(self._on_language)
        self.theme.editor.edited.connect(self._on_theme)
        self.scale.editor.edited.connect(self._on_scale)
        self.lock.editor.edited.connect(self._on_lock)
        self.contact.editor.edited.connect(self._on_contact)
        self.printer.editor.edited.connect(self._on_printer)
        self.widths.act_wanted.connect(self._on_widths)
        desk.printers_found.connect(self.refresh)
        self.begin()

    def _build(self) -> None:
        self.look.add(self.language, self.theme, self.scale, self.lock, self.contact)
        self.paper.add(self.printer)
        self.lists.body.addWidget(self.widths, 0, Qt.AlignmentFlag.AlignLeft)
        inner = Form()
        for card in (self.look, self.paper, self.printers, self.lists):
            card.setMaximumWidth(theme.scaled(760))
            inner.add_widget(card)
        for field in (self.language, self.theme, self.scale, self.lock, self.contact, self.printer):
            inner.adopt(field)
        for field in (self.printers.kind, self.printers.address):
            inner.adopt(field)
        inner.follow_with(self.printers.add_button, self.widths)
        self._form = inner
        self.content.addWidget(Scroll(inner), 1)

    def refresh(self) -> None:
        """Show what is in force."""
        self.language.set_value(language().value)
        self.theme.set_value(self.desk.theme.choice.value)
        self.scale.set_value(self.desk.theme.scale)
        self.lock.set_value(self.desk.preferences.lock_minutes)
        self.contact.set_value(self.desk.preferences.automatic_contact)
        names = list(self.desk.printers)
        self.printer.editor.offer([Option(name, name) for name in names])
        chosen = self.desk.preferences.printer
        self.printer.set_value(chosen if chosen in names else names[0] if names else None)
        self.printer.say("" if names else text("settings.no_printer"), Tone.OFF)

    def _on_language(self) -> None:
        chosen = Language(str(self.language.value()))
        self.desk.preferences.language = chosen
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        texts.switch(app, chosen)

    def _on_theme(self) -> None:
        chosen = ThemeChoice(str(self.theme.value()))
        self.desk.preferences.theme = chosen
        self.desk.theme.choose(chosen)

    def _on_scale(self) -> None:
        percent = self.scale.value()
        if isinstance(percent, int):
            self.desk.preferences.scale = percent
            self.desk.theme.set_scale(percent)

    def _on_lock(self) -> None:
        minutes = self.lock.value()
        if isinstance(minutes, int):
            self.desk.preferences.lock_minutes = minutes

    def _on_contact(self) -> None:
        self.desk.preferences.automatic_contact = bool(self.contact.value())

    def _on_printer(self) -> None:
        self.desk.preferences.printer = str(self.printer.value() or "")

    def _on_widths(self) -> None:
        self.desk.preferences.forget_layouts()
        self.desk.say(text("settings.widths_forgotten"))

    def enter(self, subject: str = "") -> None:
        """Show what is in force."""
        self.refresh()
        self.desk.look_for_printers()
        self.language.setFocus()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (("← →", text("settings.key_choose")),)

    def _set_texts(self) -> None:
        self.look.title(text("settings.look"))
        self.paper.title(text("settings.paper"), text("settings.paper_caption"))
        self.lists.title(text("settings.lists"))
        self.widths.say(text("settings.widths"))
        self.language.editor.offer([Option(one.value, text(f"settings.language_{one.value}")) for one in Language])
        self.theme.editor.offer([Option(one.value, text(f"settings.theme_{one.value}")) for one in ThemeChoice])
        self.scale.editor.offer([Option(one, text("settings.percent", n=one)) for one in SCALES])
        self.lock.editor.offer(
            [Option(n, text("settings.minutes", n=n) if n else text("settings.never")) for n in MINUTES]
        )
        self.contact.editor.offer([Option(on, text(f"settings.contact_{name}")) for on, name in CONTACT])
        for part in (self.language, self.theme, self.scale, self.contact):
            for button in part.editor.buttons:
                self._form.watch(button)
        self.refresh()
