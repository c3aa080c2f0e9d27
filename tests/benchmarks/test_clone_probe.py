"""The probe of the copied home: ours stops by the second contact, and what would be a failure is said to be one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import clone_probe
from benchmarks.clone_probe import Contact, Probed
from benchmarks.peers import Peer


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory) -> Probed:
    return clone_probe.ours(tmp_path_factory.mktemp("probe"))


def test_ours_stops_at_the_second_contact_and_keeps_both_histories(probed: Probed) -> None:
    assert [one.issues for one in probed.contacts] == [True, False, False]
    assert (probed.stopped_at, probed.kept, probed.shown) == (2, 2, 1)
    assert clone_probe.failed(probed) == []


def test_both_copies_are_told_why(probed: Probed) -> None:
    assert all(one.said.startswith("fork: ") for one in probed.contacts[1:])


def contacts(*issues: bool) -> list[Contact]:
    return [Contact(who, "", one) for who, one in zip(clone_probe.WHO, issues, strict=True)]


@pytest.mark.parametrize(
    ("probed", "problems"),
    [
        (Probed("x", contacts(True, True, True), 2, 1), 3),
        (Probed("x", contacts(True, True, False), 2, 1), 2),
        (Probed("x", contacts(True, False, True), 2, 1), 1),
        (Probed("x", contacts(True, False, False), 1, 1), 1),
        (Probed("x", contacts(True, False, False), 2, 1), 0),
    ],
)
def test_going_on_or_losing_a_history_is_a_failure(probed: Probed, problems: int) -> None:
    assert len(clone_probe.failed(probed)) == problems


@pytest.mark.parametrize(("stopped", "code"), [(True, 0), (False, 1)])
def test_the_exit_code_says_whether_it_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stopped: bool, code: int
) -> None:
    made = Probed("inspector", contacts(True, not stopped, not stopped), 2, 1)
    monkeypatch.setattr(clone_probe, "ours", lambda _folder: made)
    assert clone_probe.main(["--only", "ours", "--json"]) == code
    said = json.loads(capsys.readouterr().out)
    assert (said["rows"][0]["stopped_at"], bool(said["problems"])) == (2 if stopped else 0, not stopped)
    assert clone_probe.main(["--only", "ours"]) == code
    assert ("never stopped" in capsys.readouterr().out) != stopped


def test_a_peer_s_answer_is_told_contact_by_contact(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer = json.dumps({"said": ["x", "y", "z"], "held": ["x"], "hidden": 1})
    script = f"read begin; echo '{{}}'; read copy; echo '{answer}'"
    listening = "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); time.sleep(60)"
    one = Peer(
        "stand-in",
        lambda _place: None,
        lambda _place, _data, port: (["python3", "-c", listening, str(port)], {}),
        lambda _place: ["sh", "-c", script, "sh"],
    )
    monkeypatch.setattr("benchmarks.peers.cache", lambda: tmp_path / "cache")
    made = clone_probe.peer(one, tmp_path / "data")
    assert [(contact.who, contact.said) for contact in made.contacts] == [
        ("original", "x"),
        ("copy", "y"),
        ("original", "z"),
    ]
    assert (made.stopped_at, made.kept, made.shown) == (0, 2, 1)
