"""What the head answers a keeper who asked, on the server's command line."""

from __future__ import annotations

import argparse
from typing import Any

from province.custody.commands import BY, Answer, done
from province.databases import DEFAULT


def decide_stock(arguments: argparse.Namespace) -> Answer:
    """The head lets an order after its window, or other stock than the oldest, pass; with --decline does not."""
    from province.custody import approving

    answer = approving.decline if arguments.decline else approving.approve
    return done(answer(DEFAULT, arguments.ask, by=arguments.by))


def add(verbs: Any, verb: Any) -> None:
    """Add the command; ``verb`` adds one, as :mod:`province.commands` does."""
    verb(verbs, "decide-stock", decide_stock, ("ask", {}), BY, ("--decline", {"action": "store_true"}))
