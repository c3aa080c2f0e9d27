"""What the command palette finds besides places, and the groups of the shortcut sheet."""

from __future__ import annotations

from collections.abc import Sequence

from inspector_app.services.device import Device
from inspector_app.services.lists import listed
from inspector_app.services.tracing import drawn_numbers
from ui.models.naming import Naming
from ui.places import SIGNS, Place
from ui.texts import text

FOUND_MOST = 8
Found = tuple[Place, str, str, str]


def records_for(device: Device, asked: str) -> list[Found]:
    """Certificates, declarations and drawn numbers that letters or digits find: place, subject, words, quiet words."""
    naming = Naming(device)
    found: list[Found] = []
    for row in listed(device, "certificates", search=asked, count=FOUND_MOST).rows:
        words = f"{row['number']}  {row['owner_name'] or text('removed')}"
        found.append((Place.CERTIFICATES, str(row["number"]), words, naming.batch(row)))
    for row in listed(device, "declarations", search=asked, count=FOUND_MOST).rows:
        words = f"{row['owner_name'] or text('removed')}  {naming.batch(row)}"
        found.append((Place.DECLARATIONS, str(row["ref"]), words, text("place.declarations")))
    return [*found, *((Place.LIFE, number, number, text("place.life")) for number in drawn_numbers(device, asked))]


def shortcut_groups(here: Sequence[tuple[str, str]]) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """Keys that work everywhere, in forms and lists, and on this page."""
    places = [(sign.keys, text(f"place.{place.value}")) for place, sign in SIGNS.items() if sign.keys]
    everywhere = [
        ("Ctrl+K", text("palette.name")),
        ("Ctrl+/", text("shortcuts.title")),
        ("Ctrl+L", text("top.lock")),
        ("F5", text("key.refresh")),
        ("Esc", text("key.close")),
    ]
    forms = [
        ("Enter", text("key.next")),
        ("Shift+Enter", text("key.back")),
        ("Ctrl+Enter", text("key.submit")),
        ("F4", text("key.open_list")),
        ("+  −", text("key.day")),
        ("Ctrl+Z", text("key.undo")),
    ]
    lists = [("Enter", text("key.open")), (text("key.space"), text("key.preview")), ("Ctrl+C", text("key.copy"))]
    groups: list[tuple[str, Sequence[tuple[str, str]]]] = [
        (text("shortcuts.places"), places),
        (text("shortcuts.everywhere"), everywhere),
        (text("shortcuts.forms"), [*forms, *lists]),
    ]
    return [(text("shortcuts.here"), here), *groups] if here else groups
