"""Photographs that come later than the act they show (后补照片)."""

from __future__ import annotations

from inspector_app.journal.envelope import Fact, fact

EXCUSES = ("no_picture", "unpictured")
"""The fields of facts that hold the reason (list ``no_picture``) why there was no photograph."""


def excuse_of(said: Fact) -> str:
    """The reason that stands where an act has no photograph; "" for an act that has one, or needs none."""
    return next((reason for name in EXCUSES if (reason := getattr(said, name, ""))), "")


@fact("photographs.added/1", accountable=True)
class PhotographsAdded(Fact, frozen=True):
    """A reason excused the photograph of an act; here it is. ``about`` is the entry of that act."""

    about: str
    attachments: list[str]
