"""``inspector``: without a command the desktop opens; everything the screens do, a command does too."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from types import ModuleType

import msgspec

from inspector_app import config
from inspector_app.commands.output import DONE, FAULT, WRONG_USAGE, Output, leave_quietly, speak_utf8
from inspector_app.commands.parsing import Parser, UsageError, add_common
from inspector_app.errors import StationError

PASSED_ON = ("demo", "simulate", "province", "practice-province")
WITH_VALUE = ("--home", "--user", "--passphrase-file", "--lang")
INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = sys.argv[1:] if argv is None else argv
    speak_utf8()
    try:
        return _run(given)
    except UsageError as error:
        return _misunderstood(error, as_json="--json" in given)
    except BrokenPipeError:
        leave_quietly()
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(given: list[str]) -> int:
    try:
        return _dispatch(given)
    finally:
        # Here, where a reader who has gone is noticed, and not when the interpreter ends.
        sys.stdout.flush()


def _dispatch(given: list[str]) -> int:
    at = _command_at(given)
    if given[at : at + 1] and given[at] in PASSED_ON:
        return _pass_on(given[at], given[:at] + given[at + 1 :])
    arguments = _parser().parse_args(given)
    if arguments.command is None:
        return _open_desktop(arguments)
    return _answer(arguments, _output(arguments))


def _output(arguments: Namespace) -> Output:
    from inspector_app import bootstrap

    return Output(as_json=arguments.json, lang=arguments.lang, sentences=bootstrap.sentences())


def _answer(arguments: Namespace, output: Output) -> int:
    """The one place where what a command raises becomes a sentence and an exit code."""
    try:
        code: int = arguments.answer(arguments, output)
        return code
    except StationError as error:
        return output.fault(error)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the person reads a sentence and not a traceback
        return output.bug(error)


def _command_at(given: list[str]) -> int:
    """Where the command's name stands: behind the options of every command."""
    at = 0
    while at < len(given) and given[at].startswith("-"):
        at += 2 if given[at] in WITH_VALUE else 1
    return at


def _misunderstood(error: UsageError, *, as_json: bool) -> int:
    if as_json:
        print(msgspec.json.encode({"fault": "wrong_usage", "details": {"said": error.said}}).decode())
    print(f"{error.usage}inspector: {error.said}", file=sys.stderr)
    return WRONG_USAGE


def _pass_on(command: str, rest: list[str]) -> int:
    if command == "demo":
        from inspector_app.demo.run import main as demo

        return demo(rest)
    if command == "simulate":
        from simulation.run import main as simulate

        return simulate(rest)
    if command == "practice-province":
        from inspector_app.practice.province import main as practice_province

        return practice_province(rest)
    from province.__main__ import main as province

    return province(rest)


def _open_desktop(arguments: Namespace) -> int:
    """The desktop over ``--home``, else over practice mode."""
    if not config.has_display():
        print("No display: the desktop cannot open here. Try 'python3 run.py demo'.", file=sys.stderr)
        return FAULT
    from inspector_app import bootstrap, surroundings
    from ui.application import run

    try:
        if arguments.home:
            home = bootstrap.open_home(Path(arguments.home), doing="desktop")
            around = surroundings.Surroundings(home)
        else:
            home, around = surroundings.open_practice(config.default_home() / "practice", print)
    except StationError as error:
        return _output(arguments).fault(error)
    try:
        return run(home, around)
    finally:
        around.close()


def _parser() -> ArgumentParser:
    parser = Parser(prog="inspector", description="Offline certificates for aquatic seed (水产苗种产地检疫出证)")
    parser.add_argument("--version", action="version", version=f"inspector {config.VERSION}")
    add_common(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for subject in _subjects():
        subject.add_commands(commands)
    for name, text in (
        ("demo", "one working day, told line by line"),
        ("simulate", "the deterministic world"),
        ("province", "the provincial server's own commands"),
    ):
        commands.add_parser(name, help=text)
    return parser


def _subjects() -> tuple[ModuleType, ...]:
    """The modules that offer commands, in the order in which ``--help`` shows them."""
    from inspector_app.commands import (
        cases,
        confirming,
        contact,
        correcting,
        custody,
        day,
        doctor,
        ledgers,
        losses,
        old_sheets,
        orders,
        overview,
        papers,
        people,
        stock,
        succeeding,
        verifying,
        work,
    )

    at_the_desk = (work, papers, correcting, confirming, orders, cases, day, verifying)
    reading = (overview, ledgers, doctor)
    return (*at_the_desk, *reading, losses, contact, people, succeeding, custody, stock, old_sheets)


if __name__ == "__main__":
    sys.exit(main())
