"""What a command says: text for people, JSON with ``--json``, and the exit code that belongs to it."""

from __future__ import annotations

import io
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import msgspec

from inspector_app.domain.refusals import Detail, Refused
from inspector_app.domain.sentences import Sentence, Sentences, describe_fault, describe_refusal
from inspector_app.errors import StationError
from sync.diagnosis import STEP_OF

DONE, REFUSED, WRONG_USAGE, FAULT = 0, 1, 2, 3
BUG = "bug"

MISTYPED = frozenset(
    "form_unreadable form_not_utf8 form_key_twice form_too_large option_does_not_fit printer_unknown user_needed "
    "passphrase_too_short passphrases_differ enrol.code_malformed enrol.no_way network.address_wrong "
    "time_unreadable sheets_unreadable places_unreadable rows_unreadable".split()
)
"""Faults of what the person typed or wrote into a file, not of the environment: wrong usage (DESIGN 11)."""


def speak_utf8() -> None:
    """Say everything in UTF-8 whatever the console's locale, so that a Chinese name is no fault; once, at the start."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file name that is no UTF-8 comes with lone surrogates.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def leave_quietly() -> None:
    """The reader of a pipe has gone: nothing is left to be said, not by the interpreter either when it ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        sys.stdout = io.StringIO()  # no file behind it


class Output:
    """Standard output in the form the caller asked for."""

    def __init__(self, *, as_json: bool, lang: str, sentences: Sentences) -> None:
        self.as_json = as_json
        self.lang = lang
        self.sentences = sentences

    def say(self, text: str) -> None:
        """A line for people; nothing when JSON was asked for."""
        if not self.as_json:
            print(text)

    def phrase(self, key: str, **values: Detail) -> str:
        """What the command line says of something done, in the chosen language."""
        return self.sentences.phrase(key, self.lang, values)

    def result(self, value: Any, text: str = "") -> int:
        """The outcome of a command that did what it was asked."""
        if self.as_json:
            _print_json(value)
        elif text:
            print(text)
        return DONE

    def refused(self, refused: Refused) -> int:
        """Every reason, the headline first."""
        if self.as_json:
            _print_json({"refused": self.refusals_told(refused)})
            return REFUSED
        for item in refused.refusals:
            print(three_parts(describe_refusal(self.sentences, item, self.lang)))
        return REFUSED

    def refusals_told(self, refused: Refused) -> list[dict[str, Any]]:
        """Refusals as a program reads them."""
        return [
            msgspec.to_builtins(item) | in_parts(describe_refusal(self.sentences, item, self.lang))
            for item in refused.refusals
        ]

    def fault(self, error: StationError) -> int:
        """What the environment did not allow; said on standard error so that a pipe sees only results."""
        said = self.fault_told(error)
        if self.as_json:
            _print_json(said)
        else:
            self.complain(error)
        return WRONG_USAGE if error.code in MISTYPED else FAULT

    def complain(self, error: StationError) -> None:
        """The three parts of a fault on standard error; nothing when JSON was asked for."""
        self.complain_of(error.code, error.details)

    def complain_of(self, code: str, details: dict[str, Detail]) -> None:
        """The same of a fault that was told and not raised."""
        if not self.as_json:
            print(three_parts(describe_fault(self.sentences, code, details, self.lang)), file=sys.stderr)

    def fault_told(self, error: StationError) -> dict[str, Any]:
        """A fault as a program reads it."""
        return self.fault_told_of(error.code, error.details)

    def fault_told_of(self, code: str, details: dict[str, Detail]) -> dict[str, Any]:
        """The same of a fault that was found and not raised; ``step`` is where in the line to the province it lies."""
        sentence = describe_fault(self.sentences, code, details, self.lang)
        told = {"fault": code, "details": details, **in_parts(sentence)}
        return told | ({"step": STEP_OF[code].value} if code in STEP_OF else {})

    def bug(self, error: BaseException) -> int:
        """A mistake of ours. Its place is told, never its text, which may hold somebody's name."""
        sentence = describe_fault(self.sentences, BUG, {}, self.lang)
        place = place_of(error)
        if self.as_json:
            _print_json({"fault": BUG, "details": {"place": place}, **in_parts(sentence)})
        else:
            print(f"{three_parts(sentence)}\n{place}", file=sys.stderr)
        return FAULT

    def outcome(self, value: Any, text: str = "") -> int:
        """Either a refusal or the result."""
        return self.refused(value) if isinstance(value, Refused) else self.result(value, text)


def place_of(error: BaseException) -> str:
    """What kind of mistake and where: ``KeyError at papers.py:31``."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + where


def three_parts(sentence: Sentence) -> str:
    """What happened, what is safe, what to do: a line each."""
    return "\n".join(part for part in (sentence.happened, sentence.safe, sentence.todo) if part)


def in_parts(sentence: Sentence) -> dict[str, str]:
    """The same for a program: ``sentence`` is what happened."""
    said = {"sentence": sentence.happened, "safe": sentence.safe, "what_to_do": sentence.todo}
    return said | {"reference": sentence.reference}


def _print_json(value: Any) -> None:
    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
