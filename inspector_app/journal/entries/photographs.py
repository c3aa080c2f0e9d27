"""Photographs that come later than the act they show (后补照片)."""

from __future__ import annotations

from inspector_app.journal.envelope import Fact, fact


@fact("photographs.added/1", accountable=True)
class PhotographsAdded(Fact, frozen=True):
    """A reason excused the photograph of an act; here it is. ``about`` is the entry of that act."""

    about: str
    attachments: list[str]
