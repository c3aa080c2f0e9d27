"""Numbers no database counts to, wherever the command line takes one: refused in a sentence, never a fault of ours."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from inspector_app.services.device import Device
from inspector_app.services.sampling import SampleForm
from tests.commands.conftest import Desk
from tests.commands.test_every_command import COMMANDS, typed
from tests.services.work import accepted, declaration_form, draft, inspected, inspection_form, printed

HUGE = str(10**30)
DIGITS = "9" * 25
INTEGERS = {
    "sample-sent": ("0" * 32 + "/1", "--laboratory", HUGE),
    "void": ("B 9900000077", "--reason", "wrong_entry", "--on-desk", HUGE),
    "request-numbers": ("B", HUGE),
    "stocktake": ("count", "on_hand", "B", "9900000001", "--pages", HUGE),
    "storage": ("assign", "main", HUGE),
    "request-destruction": ("--method", "pulping", "--on", "2026-12-01", "--count", HUGE),
    "review-destruction": ("0" * 32 + "/1", "--count", HUGE),
    "sign-destruction": ("0" * 32 + "/1", "--deputy", HUGE, "--legal", HUGE),
    "destroy": ("0" * 32 + "/1", "--method", "pulping", "--count", HUGE, "--supervisor", HUGE),
}
NEGATIVE = {name: tuple(f"-{word}" if word == HUGE else word for word in words) for name, words in INTEGERS.items()}


def is_told(ran: Any) -> bool:
    """Refused, or a wrong use of the command; a fault of the program's own is neither."""
    return ran.code in (1, 2) or (ran.code == 3 and ran.json["fault"] not in ("bug", "unknown"))


@pytest.mark.parametrize("command", INTEGERS)
@pytest.mark.parametrize("words", [INTEGERS, NEGATIVE], ids=["beyond", "below"])
def test_an_option_beyond_all_counting_is_told(desk: Desk, command: str, words: dict[str, tuple[str, ...]]) -> None:
    desk.doing(printed)
    ran = desk.run("--json", command, *words[command])
    assert is_told(ran), ran


def test_who_joins_or_confirms_is_a_person_there_is(desk: Desk) -> None:
    secret = desk.path("passphrase")
    assert is_told(desk.run("--json", "join", HUGE, "--new-passphrase-file", secret))
    second = ("--second", HUGE, "--second-passphrase-file", secret)
    assert is_told(desk.run("--json", "confirm", "0" * 32 + "/1", *second))


def test_a_person_beyond_all_counting_does_not_sign_in(desk: Desk) -> None:
    assert is_told(desk.run("--json", "numbers", user=int(HUGE)))


@pytest.mark.parametrize(
    "command",
    [name for name, how in COMMANDS.items() if any("9900000077" in word or "1-2" in word for word in how.refused)],
)
@pytest.mark.parametrize("digits", [f"{'0' * 20}-{'9' * 20}", "9" * 5000])
def test_a_number_of_any_length_is_told(desk: Desk, command: str, digits: str) -> None:
    words = [
        word.replace("9900000077", digits).replace("1-2", digits) for word in typed(desk, COMMANDS[command].refused)
    ]
    assert is_told(desk.run("--json", command, *words))


FIELDS = {
    "declare": [
        *("species", "purpose", "origin", "destination", "departs_at", "declared_at"),
        *("value", "scale", "unit"),
    ],
    "inspect": ["started_at", "ended_at", "value", "scale", "unit"],
    "sample": ["individuals"],
    "issue": ["destination", "departs_at", "value", "scale", "unit"],
}


def form_of(command: str, device: Device) -> Any:
    """The form of a command in a place where everything else about it is right."""
    match command:
        case "declare":
            return declaration_form(device)
        case "inspect":
            return inspection_form(device, accepted(device))
        case "sample":
            return SampleForm(inspection=inspected(device), individuals=5, preservation="ethanol", diseases=["GCHD"])
        case _:
            return draft(device, inspected(device))


@pytest.mark.parametrize("size", [int(HUGE), 2**60])
@pytest.mark.parametrize(("command", "field"), [(name, field) for name, fields in FIELDS.items() for field in fields])
def test_a_form_with_a_number_beyond_all_counting_is_told(desk: Desk, command: str, field: str, size: int) -> None:
    form = json.loads(msgspec.json.encode(desk.doing(lambda device: form_of(command, device))))
    (form["quantity"] if field in ("value", "scale", "unit") else form)[field] = size
    first = () if command != "issue" else (declaration_of(desk),)
    ran = desk.run("--json", command, *first, desk.file("huge.json", form))
    assert is_told(ran), ran


def declaration_of(desk: Desk) -> str:
    with desk.at_work() as device:
        return str(device.rows.many("declarations")[0]["ref"])


@pytest.mark.parametrize("seq", ["9" * 19, "9" * 5000, "-1"])
def test_an_entry_beyond_all_counting_is_not_found(desk: Desk, seq: str) -> None:
    with desk.at_work() as device:
        ref = f"{device.id}/{seq}"
    for command in ("confirm", "accept", "approve-destruction"):
        assert is_told(desk.run("--json", command, ref))


def test_a_list_with_pages_beyond_all_counting_is_told(desk: Desk) -> None:
    rows = f"what,kind,first,last,pages,state\nsheet,B,{DIGITS},,{'9' * 5000},blank\n"
    ran = desk.run("--json", "opening", desk.file("list.csv", rows.encode()), "--dry-run")
    assert {one["details"]["fault"] for one in ran.json["refused"]} == {"range", "pages"}
