"""What a command says: text for people, JSON with ``--json``, and the exit code that belongs to it."""

from __future__ import annotations

import sys
from typing import Any

import msgspec

from inspector_app.domain.refusals import Refused
from inspector_app.domain.sentences import Sentence, Sentences, describe_fault, describe_refusal
from inspector_app.errors import StationError

DONE, REFUSED, WRONG_USAGE, FAULT = 0, 1, 2, 3


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
            _print_json({"refused": [self._refusal(item) for item in refused.refusals]})
            return REFUSED
        for item in refused.refusals:
            sentence = describe_refusal(self.sentences, item, self.lang)
            print(_three_parts(sentence))
        return REFUSED

    def _refusal(self, item: Any) -> dict[str, Any]:
        sentence = describe_refusal(self.sentences, item, self.lang)
        plain: dict[str, Any] = msgspec.to_builtins(item)
        return plain | {"sentence": sentence.happened}

    def fault(self, error: StationError) -> int:
        """What the environment did not allow; said on standard error so that a pipe sees only results."""
        sentence = describe_fault(self.sentences, error.code, error.details, self.lang)
        if self.as_json:
            _print_json({"fault": error.code, "details": error.details, "sentence": sentence.happened})
        else:
            print(_three_parts(sentence), file=sys.stderr)
        return FAULT

    def outcome(self, value: Any, text: str = "") -> int:
        """Either a refusal or the result."""
        return self.refused(value) if isinstance(value, Refused) else self.result(value, text)


def _three_parts(sentence: Sentence) -> str:
    return "\n".join(part for part in (sentence.happened, sentence.safe, sentence.todo) if part)


def _print_json(value: Any) -> None:
    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
