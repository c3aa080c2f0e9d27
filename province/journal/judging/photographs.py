"""Photographs that come later stand only beside acts whose photograph a reason had excused."""

from __future__ import annotations

from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.photographs import PhotographsAdded, excuse_of
from inspector_app.journal.envelope import read_envelope, read_fact
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.earlier import place_of
from province.journal.models import StoredEntry


def excused(case: Case) -> Finding | None:
    """What was photographed from the beginning, or never needed it, asks for nothing.

    An act that is not here yet, or that nobody can read, is not spoken about.
    """
    fact = case.entry.fact
    if not isinstance(fact, PhotographsAdded):
        return None
    device, seq = place_of(fact.about)
    if device == case.journal.device and seq >= case.seq:
        return CONSEQUENCES[Judgement.REFERENCE_UNKNOWN]
    stored = StoredEntry.objects.using(case.using).filter(device=device, seq=seq).first()
    return None if stored is None or _is_excused(stored) else CONSEQUENCES[Judgement.RECORD_DIFFERS]


def _is_excused(stored: StoredEntry) -> bool:
    envelope, _verdict = read_envelope(bytes(stored.public))
    fact = read_fact(envelope)[0] if envelope is not None else None
    return fact is None or bool(excuse_of(fact))
