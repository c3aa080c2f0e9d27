"""Judging a code, a photograph or a PDF on the command line, with no network and without signing in."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from inspector_app import bootstrap
from inspector_app.clock import SystemClock, legal_date
from inspector_app.commands.output import DONE, REFUSED, Output, in_parts, three_parts
from inspector_app.commands.parsing import Commands, add_command
from inspector_app.commands.session import home_folder, read_file
from inspector_app.domain.credential import Judgement
from inspector_app.domain.sentences import describe_verdict
from inspector_app.domain.trust import TrustFile
from inspector_app.errors import StationError
from inspector_app.services import verifying


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    parser = add_command(commands, "verify", "judge a code, a photograph or a PDF, offline", verify)
    parser.add_argument("what", metavar="TEXT|IMAGE|PDF")
    parser.add_argument("--trust", metavar="FILE")


def verify(arguments: Namespace, output: Output) -> int:
    """``inspector verify TEXT|IMAGE|PDF [--trust FILE]``: no sign-in, no network; exit 1 unless genuine."""
    trust = _trust(arguments)
    content = _claim(arguments.what)
    now = SystemClock().now().at
    judged = verifying.verify_all(content, trust, now, bootstrap.code_reader())
    said = [_judgement(judgement, output) for judgement in judged]
    for judgement in judged:
        output.say(_verdict_text(judgement, output))
    output.result(said[0] if len(said) == 1 else said)
    return DONE if judged[0].code in ("genuine", "practice:genuine") else REFUSED


def _verdict_text(judgement: Judgement, output: Output) -> str:
    """The verdict, what stands beside it, and always how old the knowledge is (DESIGN 6)."""
    sentence = describe_verdict(output.sentences, judgement, output.lang)
    notes = [output.sentences.of("reasons", reason, output.lang).happened for reason in judgement.reasons]
    if judgement.corrected_ms:
        notes.append(output.phrase("corrected_on", day=legal_date(judgement.corrected_ms)))
    return "\n".join([three_parts(sentence), *notes, output.phrase("trust_age", age=judgement.trust_age_ms)])


def _claim(what: str) -> str | bytes:
    if "://" in what or what.replace(" ", "").isalnum():
        return what
    return read_file(what)


def _trust(arguments: Namespace) -> TrustFile:
    if arguments.trust:
        return verifying.trust_from_pack(read_file(arguments.trust))
    if not (home_folder(arguments) / "home.json").exists():
        raise StationError("trust_missing")
    trust = bootstrap.kept_trust(home_folder(arguments))
    if trust is None:
        raise StationError("trust_missing")
    return trust


def _judgement(judgement: Judgement, output: Output) -> dict[str, Any]:
    sentence = describe_verdict(output.sentences, judgement, output.lang)
    facts = judgement.facts
    return {
        "verdict": judgement.code,
        "number": facts.number if facts else "",
        "print": facts.print_no if facts else 0,
        "trust_age_ms": judgement.trust_age_ms,
        "corrected_on": legal_date(judgement.corrected_ms) if judgement.corrected_ms else "",
        **in_parts(sentence),
    }
