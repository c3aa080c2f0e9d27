"""Blank sheets of pre-numbered stock (预印编号的空白纸证)."""

from __future__ import annotations

from inspector_app.domain.numbering import Number
from inspector_app.journal.envelope import Fact, fact


@fact("blank.spoiled/1", accountable=True)
class BlankSpoiled(Fact, frozen=True):
    """A blank with 断码, 重号 or 破损 was put among the spoiled sheets before anything was printed on it (Art. 23 (1)).

    ``number`` is what it bears, of ``block``: nobody uses it any more. ``category`` is of the list ``spoil``;
    ``unpictured`` the reason (list ``no_picture``) where there is no photograph.
    """

    number: Number
    block: str
    category: str
    attachments: list[str] = []
    unpictured: str = ""
