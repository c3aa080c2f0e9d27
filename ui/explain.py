"""From codes to sentences: what happened, what is safe, what to do; for refusals, faults and our own mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inspector_app import config
from inspector_app.domain.catalogue import Catalogue
from inspector_app.domain.refusals import Detail, Refusal
from inspector_app.domain.sentences import FAMILIES, WORDS, Sentence, Sentences, describe_fault, describe_refusal
from inspector_app.errors import InspectorError, StationError
from ui.texts import language, text
from ui.tokens import Tone


class Explained(NamedTuple):
    """A message for a banner: tone, headline, what is safe and what to do, and what 复制详情 takes."""

    tone: Tone
    headline: str
    body: str
    details: str


class _Known:
    """The sentences in use: the program's, and the names of the catalogue's diseases."""

    sentences: Sentences | None = None


def sentences() -> Sentences:
    """All sentences for codes, read when first needed."""
    if _Known.sentences is None:
        names = [f"i18n/{name}.toml" for name in (*FAMILIES, WORDS)]
        _Known.sentences = Sentences.parse(config.read_resource(name).decode("utf-8") for name in names)
    return _Known.sentences


def name_diseases(catalogue: Catalogue) -> None:
    """Let sentences name diseases, checks and reasons instead of their codes."""
    _Known.sentences = sentences().naming(catalogue)


def language_code() -> str:
    """The language in force as sentences know it: zh or en."""
    return language().value


def word(table: str, value: str) -> str:
    """A state, post, kind or field in the language in force, as it stands inside a sentence."""
    return sentences().word(table, value, language().value)


def label(table: str, value: str) -> str:
    """The same as it stands alone: in English with a capital."""
    found = word(table, value)
    return found[:1].upper() + found[1:]


def refusal(one: Refusal) -> Explained:
    """A reason why something was not done."""
    return _explained(Tone.WARN, describe_refusal(sentences(), one, language().value), one.code.value)


def refused(refusals: Sequence[Refusal]) -> Explained:
    """All reasons of one refusal: the first as the headline, the others below."""
    first = refusal(refusals[0])
    others = [refusal(one).headline for one in refusals[1:]]
    body = "\n".join([first.body, *others]) if others else first.body
    return first._replace(body=body)


def field_message(one: Refusal, question: str) -> str:
    """What stands below a field: what is wrong and how to mend it, in one line."""
    said = describe_refusal(sentences(), one, language().value)
    return said.happened or said.todo or question


def problem(error: Exception) -> Explained:
    """A fault of the environment by its code; anything else is our own mistake and is said as such."""
    if isinstance(error, StationError):
        return fault(error.code, error.details)._replace(details=str(error))
    kind = "BugError" if isinstance(error, InspectorError) else type(error).__name__
    body = "\n".join((text("mishap.safe"), text("mishap.todo")))
    return Explained(Tone.BAD, text("mishap.happened"), body, f"{kind}: {error}")


def fault(code: str, details: dict[str, Detail]) -> Explained:
    """A fault of the environment that was found and not raised."""
    return _explained(Tone.BAD, describe_fault(sentences(), code, details, language().value), code)


def trouble(error: StationError) -> Explained:
    """A fault beside an act that is recorded and holds; the fault's own sentence would say that it was not done."""
    body = "\n".join((text("trouble.happened"), text("trouble.todo")))
    return Explained(Tone.WARN, text("trouble.recorded"), body, str(error))


def _explained(tone: Tone, said: Sentence, details: str) -> Explained:
    return Explained(tone, said.happened, "\n".join(part for part in (said.safe, said.todo) if part), details)
