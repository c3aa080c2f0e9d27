"""Ending a paper on the command line: its marked sheets are photographed, or a reason says why not."""

from __future__ import annotations

from tests.commands.conftest import Desk
from tests.services.work import HOUR, printed, state

PICTURE = b"%PDF-1.7 two sheets, marked"
VOID = ("--reason", "wrong_entry", "--on-desk", "2")


def refusal(desk: Desk, *typed: str) -> tuple[str, str]:
    ran = desk.run("--json", *typed)
    assert ran.code == 1, ran.out
    (found,) = ran.json["refused"]
    return found["code"], found["field"]


def to_replace(desk: Desk, number: str) -> tuple[str, ...]:
    with desk.at_work() as device:
        declaration = str((device.rows.one("certificates", number=number) or {})["declaration"])
    form = {
        "replaces": number,
        "replaces_on_desk": 2,
        "replace_reason": "vehicle_changed",
        "plate": "苏K54321",
        "departs_at": desk.parts.clock.now().at + HOUR,
    }
    return ("issue", declaration, desk.file("again.json", form))


def test_a_void_shows_its_sheets(desk: Desk) -> None:
    number = desk.doing(printed)
    assert refusal(desk, "void", number, *VOID) == ("photo_missing", "attachments")
    assert refusal(desk, "void", number, *VOID, "--no-picture", "lazy") == ("field_invalid", "no_picture")
    assert desk.run("void", number, *VOID, "--photo", desk.file("marked.jpg", PICTURE)).code == 0
    with desk.at_work() as device:
        assert state(device, number) == "voided"


def test_a_replacement_shows_the_old_sheets(desk: Desk) -> None:
    number = desk.doing(printed)
    again = to_replace(desk, number)
    assert refusal(desk, *again) == ("photo_missing", "replaces_photos")
    assert desk.run(*again, "--photo", desk.file("marked.jpg", PICTURE)).code == 0
    with desk.at_work() as device:
        assert state(device, number) == "replaced"


def test_more_photographs_than_an_entry_names_are_refused_before_any_is_kept(desk: Desk) -> None:
    number = desk.doing(printed)
    many = [part for _ in range(500) for part in ("--photo", desk.path("none.jpg"))]
    assert desk.run("--json", "void", number, *VOID, *many).json["fault"] == "form_too_large"
