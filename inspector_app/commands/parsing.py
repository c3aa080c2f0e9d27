"""How a subject's module tells the command line what it offers: a parser for each command, and who answers it."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from inspector_app.commands.output import Output
from inspector_app.domain.canonical import MAX_INTEGER

Handler = Callable[[Namespace, Output], int]
NUMBER_KINDS = ("A", "B", "N")


class UsageError(Exception):
    """The command line was not understood; the text is argparse's, with the usage above it."""

    def __init__(self, usage: str, said: str) -> None:
        super().__init__(said)
        self.usage, self.said = usage, said


class Parser(ArgumentParser):
    """Says what it did not understand to whoever asked, instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        """Raise :class:`UsageError`."""
        raise UsageError(self.format_usage(), message)


if TYPE_CHECKING:
    Commands = _SubParsersAction[Parser]
else:
    Commands = _SubParsersAction  # which takes no parameter when the program runs


def whole(text: str) -> int:
    """A whole number as records hold them; argparse says of any other that it is invalid."""
    number = int(text)
    if abs(number) > MAX_INTEGER:
        raise ValueError(text)
    return number


whole.__name__ = "whole number"  # as argparse calls it


def add_common(parser: ArgumentParser, *, again: bool = False) -> None:
    """Options of every command; they may stand before the command or after it (``again``)."""
    plain = SUPPRESS if again else None
    parser.add_argument("--home", default=plain, help="folder of the station's home")
    parser.add_argument("--user", type=whole, default=plain, help="person's number")
    parser.add_argument("--passphrase-file", default=plain, metavar="F")
    parser.add_argument("--json", action="store_true", default=SUPPRESS if again else False, help="JSON on stdout")
    parser.add_argument("--lang", choices=("zh", "en"), default=SUPPRESS if again else "en")


def add_command(commands: Commands, name: str, text: str, answer: Handler) -> Parser:
    """A command with the options of every command; ``answer`` runs it."""
    parser = _add_plain(commands, name, text)
    parser.set_defaults(answer=answer)
    return parser


def add_steps(commands: Commands, name: str, text: str, answer: Handler) -> Commands:
    """A command of several steps, all run by ``answer``; without one it shows how things stand."""
    return add_command(commands, name, text, answer).add_subparsers(dest="step", metavar="STEP")


def add_step(steps: Commands, name: str, text: str) -> Parser:
    """One step of a command of several."""
    return _add_plain(steps, name, text)


def add_noted_step(steps: Commands, name: str, text: str, *, photos: bool = False) -> Parser:
    """A step with words of its own beside its codes, and with photographs."""
    step = _add_plain(steps, name, text)
    step.add_argument("--note", default="", help="words beside the codes")
    if photos:
        step.add_argument("--photo", action="append", default=[], metavar="F")
    return step


def _add_plain(commands: Commands, name: str, text: str) -> Parser:
    parser = commands.add_parser(name, help=text, description=text)
    add_common(parser, again=True)
    return parser
