"""A new device goes on for an earlier one of its station (重新入网), and accounts for the papers nobody took over."""

from __future__ import annotations

from typing import Final

from inspector_app.domain.numbering import Number
from inspector_app.journal.envelope import Fact, fact

SUCCESSION_CONTEXT: Final = "inspector/succession/1"
"""Under which the earlier device's key signs :func:`succession_message`."""


def succession_message(earlier: str, successor: str, seq: int, head: str) -> bytes:
    """What the earlier device signs: who goes on for it, and where its own journal stood (hex hash) when it stopped."""
    return bytes.fromhex(earlier) + bytes.fromhex(successor) + seq.to_bytes(8, "big") + bytes.fromhex(head)


@fact("device.succeeded/1", accountable=True)
class DeviceSucceeded(Fact, frozen=True):
    """This device goes on for ``device``, whose journal stood at ``seq`` with ``hash`` (hex) and issues nothing more.

    ``proof`` (hex) is that device's own signature: nobody shuts down another's computer by a word.
    """

    device: str
    seq: int
    hash: str
    proof: str


@fact("paper.regularised/1", accountable=True)
class PaperRegularised(Fact, frozen=True):
    """A paper of the earlier device that the province never took in as such is known by its number from now on.

    It stands in entry ``seq`` of ``device``, whose ``hash`` (hex) tells it from another entry of that place. Its number
    is used, and a case of custody opened with this entry is to be concluded by the legal day ``due_on``.
    """

    device: str
    seq: int
    hash: str
    number: Number
    block: str
    opened_on: str
    due_on: str
