"""What a person likes on this computer: language, theme, scale, column widths. No record, nothing personal.

An INI file beside the home, since language and size are needed before anybody has signed in.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from ui.idle import MINUTES, USUAL_MINUTES
from ui.texts import Language
from ui.theme import ThemeChoice

_ON, _OFF = "on", "off"


class Preferences:
    """Typed access to the settings file; an unreadable value counts as not set."""

    def __init__(self, path: Path) -> None:
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def language(self) -> Language:
        """zh unless English was chosen."""
        return Language.EN if self._word("language") == Language.EN else Language.ZH

    @language.setter
    def language(self, chosen: Language) -> None:
        self._settings.setValue("language", chosen.value)

    @property
    def theme(self) -> ThemeChoice:
        """As the system unless chosen otherwise."""
        word = self._word("theme")
        return ThemeChoice(word) if word in set(ThemeChoice) else ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, chosen: ThemeChoice) -> None:
        self._settings.setValue("theme", chosen.value)

    @property
    def scale(self) -> int:
        """Font scale in percent."""
        word = self._word("scale")
        return int(word) if word.isdigit() else 100

    @scale.setter
    def scale(self, percent: int) -> None:
        self._settings.setValue("scale", str(percent))

    @property
    def lock_minutes(self) -> int:
        """After how many minutes without a touch the desk locks; 0 never."""
        word = self._word("lock_minutes")
        return int(word) if word.isdigit() and int(word) in MINUTES else USUAL_MINUTES

    @lock_minutes.setter
    def lock_minutes(self, minutes: int) -> None:
        self._settings.setValue("lock_minutes", str(minutes))

    @property
    def automatic_contact(self) -> bool:
        """Whether the program contacts the province by itself when it is time; yes unless switched off."""
        return self._word("automatic_contact") != _OFF

    @automatic_contact.setter
    def automatic_contact(self, wanted: bool) -> None:
        self._settings.setValue("automatic_contact", _ON if wanted else _OFF)

    @property
    def printer(self) -> str:
        """Name of the printer chosen on this computer, or ""."""
        return self._word("printer")

    @printer.setter
    def printer(self, name: str) -> None:
        self._settings.setValue("printer", name)

    def printer_for(self, stock: str) -> str:
        """The printer last used for a kind of paper; for what was never printed, the one chosen in the settings."""
        return self._word(f"printer/{stock}") or self.printer

    def set_printer_for(self, stock: str, name: str) -> None:
        """Keep it for this kind of paper."""
        self._settings.setValue(f"printer/{stock}", name)

    def layout(self, of: str) -> QByteArray:
        """The stored header or splitter state ``of`` something; empty when there is none."""
        value = self._settings.value(f"layout/{of}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_layout(self, of: str, state: QByteArray) -> None:
        """Keep a header or splitter state."""
        self._settings.setValue(f"layout/{of}", state)

    def forget_layouts(self) -> None:
        """Back to the widths the program came with."""
        self._settings.remove("layout")

    def _word(self, key: str) -> str:
        value = self._settings.value(key)
        return value if isinstance(value, str) else ""
