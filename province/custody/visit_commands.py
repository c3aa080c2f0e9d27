"""Supervision visits of the institution, on the server's command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from province.custody.commands import BY, TEXT, Answer, done, picture_digest
from province.databases import DEFAULT


def visit(arguments: argparse.Namespace) -> Answer:
    """Record a visit to a station with its ledgers as the province has them."""
    from province.custody import visits

    report = visits.VisitReport(
        station=arguments.station,
        organisation=arguments.organisation,
        by=arguments.by,
        findings=tuple(arguments.finding),
        rectify_by=arguments.term,
        visited_on=arguments.day,
        picture=picture_digest(arguments.picture),
        no_picture=arguments.no_picture,
    )
    return done(visits.record_visit(DEFAULT, report))


def rectified(arguments: argparse.Namespace) -> Answer:
    """Record that findings of a visit were seen put right."""
    from province.custody import visits

    return done(visits.record_rectified(DEFAULT, arguments.visit, arguments.finding, by=arguments.by))


def add(verbs: Any, verb: Any) -> None:
    """Add the commands; ``verb`` adds one, as :mod:`province.commands` does."""
    number = {"type": int, "required": True}
    place = (("--station", number), ("--organisation", number))
    finding = ("--finding", {"action": "append", "default": [], "help": "of the list supervision_finding"})
    term = ("--term", {**TEXT, "help": "YYYY-MM-DD: to be put right by"})
    picture = (
        ("--picture", {"type": Path, "help": "the photograph; its SHA-256 goes on record"}),
        ("--no-picture", {**TEXT, "help": "of the list no_picture"}),
    )
    verb(verbs, "visit", visit, *place, finding, term, ("--day", TEXT), *picture, BY)
    verb(verbs, "rectified", rectified, ("visit", {}), finding, BY)
