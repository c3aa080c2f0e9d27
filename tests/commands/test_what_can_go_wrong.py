"""Whatever is typed ends in a sentence and an exit code, never in a traceback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from inspector_app import __main__ as program
from inspector_app import bootstrap
from inspector_app.commands import doctor, overview
from inspector_app.commands.forms import MAX_FORM_BYTES, MAX_PHOTOS
from inspector_app.errors import BugError, StationError
from tests.commands.conftest import Desk
from tests.services.work import accepted, declaration_form, inspection_form, issued
from tests.source_tree import ROOT


def declaration(desk: Desk) -> dict[str, Any]:
    with desk.at_work() as device:
        built: dict[str, Any] = msgspec.to_builtins(declaration_form(device))
        return built


# --- the pipe, the console -------------------------------------------------------------------------------------------


def in_a_shell(script: str, home: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))}
    given = {**plain, "PYTHONPATH": str(ROOT), "INSPECTOR_HOME": str(home), "PY": sys.executable, **environment}
    return subprocess.run(
        ["bash", "-c", script], env=given, cwd=home.parent, capture_output=True, timeout=240, check=False
    )


def test_a_reader_who_leaves_is_no_fault(tmp_path: Path) -> None:
    # A pipe nobody reads from: the very first byte meets the broken pipe.
    done = in_a_shell('set -o pipefail; "$PY" -m inspector_app --help | true; echo "${PIPESTATUS[0]}"', tmp_path / "h")
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr


def test_a_broken_pipe_in_the_middle_of_a_command_ends_quietly(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: object) -> int:
        raise BrokenPipeError

    monkeypatch.setattr(overview, "show_list", gone)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert program.main(["--home", str(desk.home), "list", "certificates"]) == 0
    assert desk.capture.readouterr().err == ""


@pytest.mark.parametrize("coding", ["ascii", "latin-1", "gbk"])
def test_a_console_of_any_encoding_gets_utf_8(tmp_path: Path, coding: str) -> None:
    done = in_a_shell('"$PY" -m inspector_app --lang zh --user 1 list certificates', tmp_path, PYTHONIOENCODING=coding)
    assert done.returncode == 3
    assert "站点数据" in done.stderr.decode("utf-8")


def test_a_file_name_that_is_no_text_is_shown_all_the_same(tmp_path: Path) -> None:
    done = in_a_shell("\"$PY\" -m inspector_app verify x --trust $'\\xff.pack'", tmp_path)
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
    assert b".pack" in done.stderr


# --- mistakes of ours ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mistake", [KeyError("陆清河"), BugError("陆清河"), RecursionError("陆清河")])
def test_a_mistake_of_ours_is_a_sentence_with_its_place_and_nobodys_name(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, mistake: Exception
) -> None:
    def wrong(*_args: object) -> int:
        raise mistake

    monkeypatch.setattr(doctor, "doctor", wrong)
    ran = desk.run("doctor")
    assert (ran.code, ran.out) == (3, "")
    assert f"{type(mistake).__name__} at test_what_can_go_wrong.py:" in ran.err
    assert "陆清河" not in ran.err
    said = desk.run("--json", "doctor").json
    assert said["fault"] == "bug"
    assert said["details"]["place"].startswith(type(mistake).__name__)


def test_ctrl_c_ends_without_a_word(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_args: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "doctor", stopped)
    assert desk.run("doctor") == (130, "", "")


# --- what was typed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["escpos://a:b", "escpos://a:99999", "escpos://:9100", "ipp://a:b/c", "ipp://", "smb://x", "pdf:", ""]
)
def test_an_address_that_names_no_printer_is_wrong_usage(desk: Desk, address: str) -> None:
    with pytest.raises(StationError, match="printer_unknown"):
        bootstrap.printer(address)
    number = desk.doing(issued)
    ran = desk.run("--json", "print", number, "--printer", address)
    assert (ran.code, ran.json["fault"]) == (2, "printer_unknown")


def test_a_passed_on_command_is_found_behind_options(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given: list[tuple[str, list[str]]] = []

    def passed(name: str, rest: list[str]) -> int:
        given.append((name, rest))
        return 7

    monkeypatch.setattr(program, "_pass_on", passed)
    assert program.main(["--lang", "zh", "demo", "--out", "x"]) == 7
    assert program.main(["--lang=zh", "--json", "province", "status"]) == 7
    assert given == [("demo", ["--lang", "zh", "--out", "x"]), ("province", ["--lang=zh", "--json", "status"])]


def test_what_is_not_understood_is_wrong_usage_for_people_and_programs(desk: Desk) -> None:
    plain = desk.run("list", "cats")
    assert (plain.code, plain.out) == (2, "")
    assert "cats" in plain.err
    told = desk.run("--json", "list", "cats")
    assert (told.code, told.json["fault"]) == (2, "wrong_usage")
    assert "cats" in told.json["details"]["said"]


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_form_with_the_mark_windows_writes_is_read(desk: Desk) -> None:
    form = b"\xef\xbb\xbf" + json.dumps(declaration(desk)).encode()
    ran = desk.run("--json", "declare", desk.file("bom.json", form))
    assert ran.code == 0, ran
    with desk.at_work() as device:
        assert device.rows.one("declarations", ref=ran.json["declaration"])


def faulty_forms(desk: Desk) -> dict[str, bytes]:
    form = declaration(desk)
    plain = json.dumps(form, ensure_ascii=False)
    twice = plain.replace('"species": 101', '"species": 118, "species": 101')
    assert twice != plain
    return {
        "form_not_utf8": plain.encode("gbk"),
        "form_key_twice": twice.encode(),
        "form_unreadable": b'{"owner": 1}',
        "form_too_large": json.dumps(form | {"remarks": "x" * MAX_FORM_BYTES}).encode(),
    }


@pytest.mark.parametrize("code", ["form_not_utf8", "form_key_twice", "form_unreadable", "form_too_large"])
def test_a_form_that_does_not_fit_is_wrong_usage_with_all_three_parts(desk: Desk, code: str) -> None:
    file = desk.file("form.json", faulty_forms(desk)[code])
    ran = desk.run("--json", "declare", file)
    assert (ran.code, ran.json["fault"]) == (2, code)
    assert all(ran.json[part] for part in ("sentence", "safe", "what_to_do"))
    assert "form.json" in ran.json["sentence"]
    with desk.at_work() as device:
        assert not device.rows.many("declarations")


@pytest.mark.parametrize("content", [b"", b"[" * 20_000, b"{", b"\x00", b"nul"])
def test_what_is_no_json_at_all_is_told(desk: Desk, content: bytes) -> None:
    ran = desk.run("--json", "declare", desk.file("form.json", content))
    assert (ran.code, ran.json["fault"]) == (2, "form_unreadable")


def test_a_list_too_long_for_a_record_is_refused_before_it_is_one(desk: Desk) -> None:
    with desk.at_work() as device:
        form = inspection_form(device, accepted(device))
        long = msgspec.to_builtins(form) | {"checks": [*form.checks] * 2_000}
    ran = desk.run("--json", "inspect", desk.file("long.json", long))
    assert (ran.code, ran.json["fault"]) == (2, "form_too_large")


def test_the_longest_form_that_is_read_still_fits_a_record(desk: Desk) -> None:
    with desk.at_work() as device:
        form = msgspec.to_builtins(inspection_form(device, accepted(device)))
    room = MAX_FORM_BYTES - len(json.dumps(form)) - 20
    form["checks"] = [*form["checks"], *["history_clean"] * (room // len('"history_clean", '))]
    photo = desk.file("photo.jpg", b"%PDF-1.7 1")
    photos = [word for _ in range(MAX_PHOTOS) for word in ("--photo", photo)]
    ran = desk.run("--json", "inspect", desk.file("long.json", form), *photos)
    assert ran.code in (0, 1), ran.out
    assert desk.run("--json", "inspect", desk.file("long.json", form), *photos, *photos[:2]).json["fault"] == (
        "form_too_large"
    )


def test_a_passphrase_file_that_is_no_text_is_told(desk: Desk) -> None:
    (desk.folder / "binary").write_bytes(b"\xff\xfe\x00")
    ran = desk.run("--json", "numbers", secret="binary")
    assert (ran.code, ran.json["fault"]) == (3, "passphrase_not_utf8")


def test_without_a_terminal_the_passphrase_is_asked_of_nobody(desk: Desk) -> None:
    script = '"$PY" -m inspector_app --json --user 11 numbers < /dev/null'
    done = in_a_shell(f"setsid {script}" if sys.platform == "linux" else script, desk.home)
    assert done.returncode == 3
    assert json.loads(done.stdout)["fault"] == "passphrase_not_given"
    assert b"Traceback" not in done.stderr
