"""``python -m province``: exit 0 done, 1 not done for a reason of the trade, 2 wrong usage, 3 environment fault."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from inspector_app.errors import StationError

DONE, REFUSED, ENVIRONMENT = 0, 1, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command."""
    from province import commands

    given = list(sys.argv[1:] if argv is None else argv)
    try:
        arguments, answer = commands.run(given)
    except StationError as problem:
        _say({"refused": problem.code, **problem.details}, as_json="--json" in given)
        return ENVIRONMENT
    except Exception as problem:
        if not _is_of_the_trade(problem):
            raise
        _say({"refused": problem.args[0], **problem.args[1]}, as_json="--json" in given)
        return REFUSED
    if answer:
        _say(answer, as_json=arguments.json)
    return DONE


def _is_of_the_trade(problem: Exception) -> bool:
    from province.custody.commands import RefusedError
    from province.numbers.ranges import NumbersError

    return isinstance(problem, NumbersError | RefusedError)


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
