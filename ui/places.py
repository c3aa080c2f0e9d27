"""The places one can go to, in the order in which a day's work passes through them."""

from __future__ import annotations

import enum
from typing import NamedTuple


class Place(enum.StrEnum):
    """A page of the window; its words are ``place.<value>``."""

    TODAY = "today"
    READY = "ready"
    DECLARATIONS = "declarations"
    INSPECTION = "inspection"
    ISSUE = "issue"
    PRINTS = "prints"
    CERTIFICATES = "certificates"
    NUMBERS = "numbers"
    STOCKTAKE = "stocktake"
    LEDGERS = "ledgers"
    LIFE = "life"
    CONFIRMATIONS = "confirmations"
    OLD_SHEETS = "old_sheets"
    STORES = "stores"
    LOSSES = "losses"
    SUPERVISION = "supervision"
    VERIFY = "verify"
    DAY_CLOSE = "day_close"
    SYNC = "sync"
    SETTINGS = "settings"
    ABOUT = "about"


class Sign(NamedTuple):
    """How a place is shown in the navigation: icon, shortcut, and whether a gap stands before it."""

    icon: str
    keys: str = ""
    gap: bool = False


SIGNS: dict[Place, Sign] = {
    Place.TODAY: Sign("house", "F2"),
    Place.READY: Sign("truck", "F3"),
    Place.DECLARATIONS: Sign("inbox", "Ctrl+Shift+D", gap=True),
    Place.INSPECTION: Sign("microscope", "Ctrl+Shift+I"),
    Place.ISSUE: Sign("file-signature", "F8"),
    Place.PRINTS: Sign("printer", "F10"),
    Place.CERTIFICATES: Sign("files", "F11", gap=True),
    Place.NUMBERS: Sign("list-ordered", "Ctrl+Shift+N"),
    Place.STOCKTAKE: Sign("hash", "Ctrl+Shift+P"),
    Place.LEDGERS: Sign("clipboard-list", "Ctrl+Shift+B"),
    Place.LIFE: Sign("history", "Ctrl+Shift+T"),
    Place.CONFIRMATIONS: Sign("users", "Ctrl+Shift+C"),
    Place.OLD_SHEETS: Sign("archive", "Ctrl+Shift+H"),
    Place.STORES: Sign("package-check", "Ctrl+Shift+K"),
    Place.LOSSES: Sign("shield-alert", "Ctrl+Shift+M"),
    Place.SUPERVISION: Sign("shield-check", "Ctrl+Shift+J"),
    Place.VERIFY: Sign("scan-line", "F7"),
    Place.DAY_CLOSE: Sign("calendar-check", "Ctrl+Shift+E", gap=True),
    Place.SYNC: Sign("refresh-cw", "F9"),
    Place.SETTINGS: Sign("settings", "Ctrl+,"),
    Place.ABOUT: Sign("circle-help", "F1"),
}
