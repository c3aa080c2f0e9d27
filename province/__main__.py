"""``python -m province``: exit 0 done, 1 not done for a reason of the trade, 2 wrong usage, 3 environment fault."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from inspector_app.errors import StationError

DONE, REFUSED, ENVIRONMENT = 0, 1, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command."""
    from province import commands

    given = list(sys.argv[1:] if argv is None else argv)
    try:
        arguments, answer = commands.run(given)
    except StationError as problem:
        _say_refused("faults", problem.code, problem.details, as_json="--json" in given)
        return ENVIRONMENT
    except Exception as problem:
        if not _is_of_the_trade(problem):
            raise
        _say_reasons(problem, as_json="--json" in given)
        return REFUSED
    if answer:
        _say(answer, as_json=arguments.json)
    return DONE


def _is_of_the_trade(problem: Exception) -> bool:
    from province.custody.refused import RefusedError
    from province.numbers.ranges import NumbersError

    return isinstance(problem, NumbersError | RefusedError)


def _say_reasons(problem: Exception, *, as_json: bool) -> None:
    """Every reason of the trade, each in its sentence."""
    from province.numbers.ranges import NumbersError

    if isinstance(problem, NumbersError):
        _say_refused("desk", problem.code.sentence, problem.details, as_json=as_json, code=problem.code)
        return
    code, details = problem.args
    if as_json:
        _say_refused("stock", code, details, as_json=True)
        return
    for reason in details["reasons"]:
        _say_refused("stock", reason["code"], reason, as_json=False)


def _say_refused(family: str, key: str, details: dict[str, Any], *, as_json: bool, code: str = "") -> None:
    """What happened, what is safe and what to do, in both languages; for a program beside the code and its values."""
    from province.texts import sentences

    said = {language: sentences().of(family, key, language, details) for language in ("zh", "en")}
    if as_json:
        whole = {language: sentence.whole for language, sentence in said.items()}
        print(json.dumps({"refused": code or key, **details, "said": whole}, ensure_ascii=False))
        return
    for sentence in said.values():
        print(f"{sentence.whole} {sentence.reference}")


def _say(answer: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    for name, value in answer.items():
        print(
            f"{name}: {value}"
            if not isinstance(value, list)
            else "\n".join([f"{name}:", *(f"  {one}" for one in value)])
        )


if __name__ == "__main__":
    sys.exit(main())
