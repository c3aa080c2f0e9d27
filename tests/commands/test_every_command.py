"""Every command: wrong usage is 2, a refusal 1, a fault of the environment 3, done 0; always JSON with ``--json``."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from inspector_app import config
from inspector_app.__main__ import PASSED_ON, _parser, main
from tests.commands.conftest import Desk
from tests.services.work import declared, printed

NOTHING = "00000000000000000000000000000000/1"
NUMBER = "B 9900000077"


class Command(NamedTuple):
    """What to type: what is not understood, and what is refused (with its code), both after the command's name."""

    wrong: tuple[str, ...]
    refused: tuple[str, ...] = ()
    because: str = ""


COMMANDS: dict[str, Command] = {
    "ready": Command(("x",)),
    "list": Command(("cats",)),
    "numbers": Command(("x",)),
    "ledger": Command(("recipes",), ("stock", "--from", "yesterday"), "field_invalid"),
    "trace": Command((), ("B 8800000001",), "not_found"),
    "doctor": Command(("x",)),
    "declare": Command((), ("--online", "no-such"), "not_found"),
    "accept": Command((), (NOTHING,), "not_found"),
    "not-accept": Command(("D",), (NOTHING, "--reason", "x"), "not_found"),
    "withdraw": Command(("D",), (NOTHING, "--reason", "x"), "not_found"),
    "inspect": Command((), ("{inspection}",), "not_found"),
    "sample": Command((), ("{sample}",), "not_inspected"),
    "sample-sent": Command(("S", "--laboratory", "x"), (NOTHING, "--laboratory", "3"), "not_found"),
    "result": Command((), ("{result}",), "not_found"),
    "issue": Command((), (NOTHING,), "not_found"),
    "notice": Command((), ("{notice}",), "not_inspected"),
    "declaration-form": Command(("D",), (NOTHING, "--pdf", "{out}"), "not_found"),
    "print": Command((NUMBER,), (NUMBER, "--printer", "pdf:x"), "not_found"),
    "answer": Command((NUMBER, "perhaps"), (NUMBER, "printed"), "not_found"),
    "cancel-print": Command((), (NUMBER,), "not_found"),
    "file-stub": Command((), (NUMBER,), "not_found"),
    "hand-over": Command((NUMBER,), (NUMBER, "--wet-signature", "--wet-seal"), "not_found"),
    "void": Command((NUMBER,), (NUMBER, "--reason", "wrong_entry"), "not_found"),
    "correct": Command((NUMBER,), (NUMBER, "{values}", "--reason", "wrong_entry"), "not_found"),
    "owner-told": Command((NUMBER,), (NUMBER, "--means", "telephone"), "not_found"),
    "losses": Command(("x",)),
    "loss-papers": Command((NUMBER,), (NUMBER, "--out", "{folder}"), "not_found"),
    "loss-published": Command((NUMBER,), (NUMBER, "--medium", "website", "--name", "x"), "not_found"),
    "loss-reported": Command((NUMBER,), (NUMBER, "--to", "authority"), "not_found"),
    "loss-acknowledged": Command((NUMBER,), (NUMBER, "--to", "authority"), "not_found"),
    "loss-concluded": Command((NUMBER,), (NUMBER, "--cause", "theft", "--conclusion", "instructed"), "not_found"),
    "report-found": Command(("B",), ("B", "1-2"), "not_found"),
    "confirm-void": Command((), (NUMBER,), "not_found"),
    "confirm": Command((), ("0123456789abcdef0123456789abcdef/1",), "not_found"),
    "order": Command((NUMBER,), (NUMBER, "--to", "0" * 32, "--out", "{out}"), "not_found"),
    "receive-order": Command(()),
    "hand-case": Command((NOTHING,), (NOTHING, "--to", "0" * 32, "--out", "{out}"), "not_found"),
    "take-case": Command(()),
    "return-case": Command((NOTHING,), (NOTHING, "--out", "{out}"), "not_found"),
    "recover-case": Command((), (NOTHING,), "wrong_state"),
    "day-close": Command(("x",), ("--date", "yesterday"), "field_invalid"),
    "verify": Command(()),
    "sync": Command(("x",)),
    "bundle": Command(("carry", "F")),
    "enrol": Command(()),
    "succeed": Command(()),
    "join": Command(("somebody",)),
    "request-numbers": Command(("C", "5"), ("B", "0"), "field_invalid"),
    "return-numbers": Command(("B", "1-2"), ("B", "1-2", "--reason", "too_many"), "not_found"),
    "report-loss": Command(("B", "1-2"), ("B", "1-2", "--cause", "lost"), "not_found"),
    "stocktake": Command(("begin",), ("count", "unused", "B", "1-2"), "not_found"),
    "case": Command(
        ("close",), ("conclude", NOTHING, "--cause", "misfiled", "--conclusion", "found_again"), "not_found"
    ),
    "storage": Command(("sell",), ("check", "cellar"), "not_found"),
    "supervision": Command(("visit",), ("rectify", NOTHING, "--finding", "other"), "not_found"),
    "opening": Command((), ("{list}", "--store", "cellar"), "not_found"),
    "spoil": Command((), (NUMBER, "1/2", "--category", "damaged"), "not_found"),
    "add-photo": Command((), (NOTHING,), "photo_missing"),
    "collect": Command((NUMBER, "1/2"), (NUMBER, "1/2", "--reason", "voided"), "not_found"),
    "take-in": Command(
        ("B 3300000003", "2"), ("B 3300000003", "2", "--reason", "used", "--source", "given_up"), "photo_missing"
    ),
    "lost": Command((NUMBER, "1/2"), (NUMBER, "1/2", "--cause", "lost"), "not_found"),
    "found": Command((NUMBER,), (NUMBER, "1/2"), "not_found"),
    "hand-in": Command((), ("--to", "county_keeper", "--sheets", f"{NUMBER} 1/2"), "not_found"),
    "write-off": Command((), ("{write_off}",), "not_found"),
    "due": Command(("x",), ("--on", "soon"), "field_invalid"),
    "request-destruction": Command(
        ("--method", "pulping"), ("--method", "pulping", "--on", "2026-12-01", "--count", "0"), "field_missing"
    ),
    "destructions": Command(("x",)),
    "review-destruction": Command((NOTHING,), (NOTHING, "--count", "1"), "not_found"),
    "approve-destruction": Command((), (NOTHING,), "not_found"),
    "sign-destruction": Command((NOTHING,), (NOTHING, "--deputy", "1", "--legal", "2"), "not_found"),
    "destroy": Command((NOTHING,), (NOTHING, "--method", "pulping", "--count", "1", "--supervisor", "1"), "not_found"),
}

FAULTS = {
    "inspect": ("{missing}",),
    "sample": ("{missing}",),
    "result": ("{missing}",),
    "notice": ("{missing}",),
    "receive-order": ("{missing}",),
    "take-case": ("{missing}",),
    "write-off": ("{missing}",),
    "verify": ("{missing}", "--trust", "{missing}"),
    "sync": (),
    "bundle": ("import", "{missing}"),
    "join": ("99", "--new-passphrase-file", "{missing}"),
    "list": ("prints", "--csv", "{folder}"),
    "ledger": ("stock", "--pdf", "{folder}"),
    "day-close": ("--pdf", "{folder}"),
    "opening": ("{missing}",),
}
"""What meets the environment's fault, and nothing else."""

FORMS = {
    "inspection": {"declaration": NOTHING, "quantity": {"value": 1, "scale": 0, "unit": 1}, "started_at": 1,
                   "ended_at": 2, "conclusion": "passed", "history_clean": True},
    "sample": {"inspection": NOTHING, "individuals": 1, "preservation": "ethanol", "diseases": ["GCHD"]},
    "result": {"sample": NOTHING, "laboratory": 3, "report_no": "1", "reported_on": "2026-11-21",
               "outcomes": [{"disease": "GCHD", "outcome": "negative"}]},
    "values": {"plate": "苏K99887"},
    "write_off": {"number": NUMBER, "print": 1, "checks": [], "copies": [], "same_hand": True},
    "notice": {"inspection": NOTHING, "failures": ["x"], "basis": ["x"], "method": "x"},
}  # fmt: skip


def typed(desk: Desk, words: tuple[str, ...]) -> list[str]:
    """The words with their places filled: forms, files that are missing, a folder."""
    places = {name: desk.file(f"{name}.json", form) for name, form in FORMS.items()}
    places |= {"list": desk.file("list.csv", b"what,kind\n")}
    places |= {"missing": desk.path("missing.json"), "folder": str(desk.folder), "out": desk.path("out.pdf")}
    return [word.format(**places) if word.startswith("{") else word for word in words]


def test_every_command_is_tried_here() -> None:
    offered = next(set(action.choices) for action in _parser()._actions if isinstance(action.choices, dict))
    assert set(COMMANDS) == offered - set(PASSED_ON)


@pytest.mark.parametrize("command", COMMANDS)
def test_wrong_usage_is_2_and_told_to_people_and_programs(
    command: str, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    given = [command, *COMMANDS[command].wrong]
    assert main([*given, "--no-such-option"] if not COMMANDS[command].wrong else given) == 2
    plain = capsys.readouterr()
    assert plain.out == ""
    assert plain.err.startswith("usage: inspector")
    assert main(["--json", command, "--no-such-option"]) == 2
    assert json.loads(capsys.readouterr().out)["fault"] == "wrong_usage"


@pytest.mark.parametrize("command", [name for name, how in COMMANDS.items() if how.refused])
def test_a_refusal_is_1_with_every_reason(desk: Desk, command: str) -> None:
    how = COMMANDS[command]
    ran = desk.run("--json", command, *typed(desk, how.refused))
    assert ran.code == 1, ran
    reasons = ran.json["refused"]
    assert how.because in {reason["code"] for reason in reasons}
    assert all(reason["sentence"] and reason["safe"] and reason["what_to_do"] for reason in reasons)
    said = desk.run("--lang", "zh", command, *typed(desk, how.refused))
    assert (said.code, said.err) == (1, "")
    assert "。" in said.out


@pytest.mark.parametrize("command", FAULTS)
def test_a_fault_of_the_environment_is_3_on_standard_error(desk: Desk, command: str) -> None:
    ran = desk.run("--json", command, *typed(desk, FAULTS[command]))
    assert ran.code == 3, ran
    assert ran.json["fault"] not in ("bug", "")
    assert all(ran.json[part] for part in ("sentence", "safe", "what_to_do", "reference"))
    said = desk.run(command, *typed(desk, FAULTS[command]))
    assert (said.code, said.out) == (3, "")
    assert len(said.err.splitlines()) == 3


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("verify", "enrol")])
def test_a_wrong_passphrase_is_told_by_every_command_that_signs_in(desk: Desk, command: str) -> None:
    (desk.folder / "wrong").write_text("not the passphrase at all", "utf-8")
    given = COMMANDS[command].refused or FAULTS.get(command, ())
    given = {"list": ("prints",), "join": ("12", "--new-passphrase-file", "{secret}")}.get(command, given)
    given = {"bundle": ("export", "{out}"), "day-close": (), "succeed": ("earlier",)}.get(command, given)
    words = [word.replace("{secret}", str(desk.folder / "passphrase")) for word in given]
    ran = desk.run("--json", command, *typed(desk, tuple(words)), secret="wrong")
    assert (ran.code, ran.json["fault"]) == (3, "vault_wrong_passphrase")


DONE = {
    "ready": (),
    "numbers": (),
    "doctor": (),
    "list": ("certificates",),
    "ledger": ("stock",),
    "day-close": (),
    "request-numbers": ("B", "5"),
    "spoil": (),
    "due": (),
    "destructions": (),
}


@pytest.mark.parametrize("command", DONE)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_done_is_0_in_either_language_and_json(desk: Desk, command: str, lang: str) -> None:
    desk.doing(printed)
    told = desk.run("--json", "--lang", lang, command, *DONE[command])
    assert (told.code in (0, 1), told.err) == (True, "")
    assert told.json is not None
    said = desk.run("--lang", lang, command, *DONE[command])
    assert said.err == ""
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said.out) == (lang == "zh") or command in ("list", "ledger")


REASONS = {"not-accept": "not_accepted", "withdraw": "withdrawn"}


@pytest.mark.parametrize(
    ("command", "rest", "zh"),
    [
        ("accept", ("--short-notice", "stage_window"), "已受理"),
        ("not-accept", (), "不予受理"),
        ("withdraw", (), "已撤回"),
    ],
)
def test_a_declaration_is_decided_in_chinese(desk: Desk, command: str, rest: tuple[str, ...], zh: str) -> None:
    declaration = desk.doing(declared)
    if command in REASONS:
        reasons = desk.parts.catalogue.reasons(REASONS[command], "2026-11-21")
        rest = ("--reason", reasons[0].code, "--note", "x")
    ran = desk.run("--lang", "zh", command, declaration, *rest)
    assert (ran.code, ran.err) == (0, ""), ran
    assert zh in ran.out


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert config.VERSION in capsys.readouterr().out
