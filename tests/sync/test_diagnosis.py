"""The chain of looks: whatever is wrong, the first failing step is named, and nothing behind it is claimed."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from inspector_app import config
from inspector_app.errors import StationError
from sync.diagnosis import (
    ROOM_NEEDED,
    STEP_OF,
    Contacted,
    Diagnosis,
    Greeting,
    Here,
    Outcome,
    Server,
    Step,
    diagnose,
    of_failure,
    of_last,
)
from sync.protocol import is_older

NOW = 1_800_000_000_000
YEAR = 365 * 86_400_000
SERVER = Server("province.example", 443, tls=True)
HERE = Here("0.1.0", 600_000, lambda: NOW)


def raising(code: str, **details: Any) -> Callable[..., Any]:
    def look(*_arguments: Any) -> Any:
        raise StationError(code, **details)

    return look


class Seen:
    """A line on which everything is well, but for what a test changes."""

    def __init__(self, **changes: Any) -> None:
        self.has_route = lambda: True
        self.resolve = lambda _server: ("192.0.2.7",)
        self.greet = lambda _server: Greeting(at=NOW)
        self.ask = lambda: Contacted(NOW, "0.1.0")
        self.room = lambda: ROOM_NEEDED
        for name, look in changes.items():
            setattr(self, name, look)


def found(server: Server = SERVER, here: Here = HERE, **changes: Any) -> Diagnosis:
    return diagnose(Seen(**changes), server, here)


def outcomes(diagnosis: Diagnosis) -> dict[str, str]:
    return {one.step.value: one.outcome.value for one in diagnosis.findings}


def test_on_a_good_line_every_step_has_passed() -> None:
    assert set(outcomes(found()).values()) == {"passed"}
    assert list(outcomes(found())) == [step.value for step in Step]
    assert found().failing is None


LATE = Greeting(at=NOW, in_time=False, valid_from=NOW - YEAR, valid_until=NOW - 1)


@pytest.mark.parametrize(
    ("changes", "step", "code"),
    [
        ({"has_route": lambda: False}, Step.LINK, "network.no_link"),
        ({"resolve": lambda _server: ()}, Step.DNS, "network.name_unknown"),
        ({"greet": raising("network.refused")}, Step.TLS, "network.refused"),
        ({"greet": raising("network.captive_portal", status=0)}, Step.TLS, "network.captive_portal"),
        ({"greet": lambda _server: LATE}, Step.TLS, "network.certificate_ended"),
        ({"ask": lambda: Contacted(NOW + YEAR, "")}, Step.CLOCK, "network.clock_wrong"),
        ({"ask": lambda: Contacted(NOW - 600_001, "")}, Step.CLOCK, "network.clock_wrong"),
        ({"greet": raising("network.identity")}, Step.IDENTITY, "network.identity"),
        ({"ask": raising("network.unknown_device", status=403)}, Step.IDENTITY, "network.unknown_device"),
        ({"ask": raising("network.server_key_ended")}, Step.IDENTITY, "network.server_key_ended"),
        ({"ask": raising("network.program_too_old", needs="2.0")}, Step.VERSION, "network.program_too_old"),
        ({"ask": raising("network.frame_refused", status=400)}, Step.VERSION, "network.frame_refused"),
        ({"ask": lambda: Contacted(NOW, "0.2.0")}, Step.VERSION, "network.below_minimum"),
        ({"room": lambda: ROOM_NEEDED - 1}, Step.QUOTA, "disk_full"),
        ({"ask": raising("network.server_busy", status=503)}, Step.QUOTA, "network.server_busy"),
        ({"ask": raising("network.server_full", status=507)}, Step.QUOTA, "network.server_full"),
    ],
)
def test_the_first_failing_step_is_named(changes: dict[str, Any], step: Step, code: str) -> None:
    failing = found(**changes).failing
    assert failing is not None
    assert (failing.step, failing.code) == (step, code)


def test_behind_a_failure_nothing_is_claimed() -> None:
    said = outcomes(found(resolve=lambda _server: ()))
    assert said == {
        "link": "passed",
        "dns": "failed",
        **dict.fromkeys(("tls", "clock", "identity", "version", "quota"), "not_seen"),
    }


def test_a_step_that_was_not_looked_at_is_not_said_to_have_passed() -> None:
    """Who shows somebody else's certificate says nothing about the clock."""
    said = outcomes(found(greet=raising("network.identity")))
    assert (said["dns"], said["clock"], said["identity"]) == ("passed", "not_seen", "failed")


def test_a_certificate_out_of_its_days_is_a_clock_problem_when_the_clock_explains_it() -> None:
    shown = Greeting(at=NOW + YEAR, in_time=False, valid_from=NOW + YEAR // 2, valid_until=NOW + 2 * YEAR)
    failing = found(greet=lambda _server: shown).failing
    assert failing is not None
    assert (failing.step, failing.code) == (Step.CLOCK, "network.clock_wrong")
    assert failing.seen == {"apart": YEAR, "at": NOW + YEAR}


def test_a_certificate_out_of_its_days_and_no_word_of_the_time_still_points_at_the_clock() -> None:
    shown = Greeting(at=None, in_time=False, valid_from=NOW + 1, valid_until=NOW + YEAR)
    failing = found(greet=lambda _server: shown).failing
    assert failing is not None
    assert failing.code == "network.certificate_time"


def test_nothing_is_asked_of_who_shows_a_certificate_out_of_its_days() -> None:
    """The device's name is told to nobody whose certificate does not hold at this moment."""
    asked: list[int] = []
    shown = Greeting(at=NOW + YEAR, in_time=False, valid_from=NOW + 1, valid_until=NOW + 2 * YEAR)
    found(greet=lambda _server: shown, ask=lambda: asked.append(1))
    assert not asked


def test_a_busy_province_is_not_a_wrong_clock() -> None:
    said = outcomes(found(ask=raising("network.server_busy", status=503)))
    assert (said["clock"], said["identity"], said["version"], said["quota"]) == ("passed", "passed", "passed", "failed")


def test_a_line_that_breaks_between_two_looks_fails_at_the_line() -> None:
    said = outcomes(found(ask=raising("network.interrupted")))
    assert (said["dns"], said["tls"], said["clock"]) == ("passed", "failed", "not_seen")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_to_loopback_no_way_out_is_needed(host: str) -> None:
    assert found(Server(host, 8000, tls=False), has_route=lambda: False).failing is None


def test_an_address_needs_nobody_who_knows_names() -> None:
    assert found(Server("192.0.2.7", 443, tls=True), resolve=raising("network.interrupted")).failing is None


def test_a_stop_takes_effect_before_the_next_look() -> None:
    told: list[Step] = []
    with pytest.raises(StationError, match="sync_cancelled"):
        diagnose(Seen(), SERVER, HERE, tell=told.append, stop=lambda: len(told) == 2)
    assert told == [Step.LINK, Step.DNS]


# --- what a round says by itself ------------------------------------------------------------------------------------


def test_every_failure_of_the_line_has_its_step() -> None:
    said = tomllib.loads(config.read_resource("i18n/faults.toml").decode())
    codes = {code for code in said if code.startswith("network.")}
    assert len(codes) > 20
    assert codes - set(STEP_OF) == set()
    assert {code for code in STEP_OF if code.startswith("network.")} - codes == set()


@pytest.mark.parametrize(("code", "step"), STEP_OF.items())
def test_a_failed_round_names_its_step_without_a_second_look(code: str, step: Step) -> None:
    diagnosis = of_failure(code, {})
    order = [one.outcome for one in diagnosis.findings]
    at = list(Step).index(step)
    assert diagnosis.failing is not None
    assert diagnosis.failing.step is step
    assert order == [Outcome.PASSED] * at + [Outcome.FAILED] + [Outcome.NOT_SEEN] * (6 - at)


@pytest.mark.parametrize("code", ["document.document_malformed", "block.block_overlap", "sync_cancelled", "bug"])
def test_what_says_nothing_about_the_line_names_no_step(code: str) -> None:
    assert of_failure(code, {}).findings == ()


def test_a_good_round_is_a_chain_that_passed() -> None:
    assert set(outcomes(of_last("", {})).values()) == {"passed"}


def test_a_diagnosis_goes_through_json() -> None:
    diagnosis = found(ask=raising("network.server_busy", status=503))
    assert msgspec.json.decode(msgspec.json.encode(diagnosis), type=Diagnosis) == diagnosis


@pytest.mark.parametrize(
    ("program", "needs", "older"),
    [
        *(("0.9.0", "0.10.0", True), ("0.10.0", "0.9.0", False), ("1.0", "1.0.1", True), ("0.1.0", "0.1.0", False)),
        *(
            ("0.1.0", "", False),
            ("unreadable", "1.0", False),
            ("0.1.0", "unreadable", False),
            ("2.0-dev", "1.9", False),
        ),
    ],
)
def test_versions_are_compared_as_numbers(program: str, needs: str, older: bool) -> None:
    assert is_older(program, needs) is older
