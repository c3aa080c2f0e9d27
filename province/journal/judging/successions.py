"""Whether a device may go on for another, and whose papers it may account for."""

from __future__ import annotations

from inspector_app.domain.keys import PublicKey
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.successions import (
    SUCCESSION_CONTEXT,
    DeviceSucceeded,
    PaperRegularised,
    succession_message,
)
from inspector_app.suites import verify
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.recording import hash_at
from province.registry.models import Device

_UNPROVED = CONSEQUENCES[Judgement.SIGNATURE_BAD]._replace(takes_effect=False)


def proved(case: Case) -> Finding | None:
    """The earlier device is of the same station and has signed who goes on for it: nobody shuts down another's.

    One that a restored province has forgotten cannot be asked for; then nothing is held against anybody.
    """
    fact = case.entry.fact
    if not isinstance(fact, DeviceSucceeded):
        return None
    row = Device.objects.using(case.using).filter(device=fact.device).first()
    if row is None:
        return None if case.court.known.doubtful else CONSEQUENCES[Judgement.WRONG_STATE]
    if row.station_id != case.journal.station or row.device == case.journal.device:
        return CONSEQUENCES[Judgement.WRONG_STATE]
    return None if _is_signed(case, fact, PublicKey(row.suite, bytes(row.key))) else _UNPROVED


def _is_signed(case: Case, fact: DeviceSucceeded, key: PublicKey) -> bool:
    try:
        message = succession_message(fact.device, case.journal.device, fact.seq, fact.hash)
        return verify(key, SUCCESSION_CONTEXT, message, bytes.fromhex(fact.proof))
    except (ValueError, OverflowError):
        return False


def regularised(case: Case) -> Finding | None:
    """Only who goes on for a device accounts for its papers, and only in that device's own blocks."""
    fact = case.entry.fact
    if not isinstance(fact, PaperRegularised):
        return None
    if (hash_at(case.using, fact.device, fact.seq) or b"").hex() == fact.hash:
        # It was recorded with that device's journal, and stands: who goes on by stick may not have heard of it.
        return CONSEQUENCES[Judgement.WRONG_STATE]._replace(takes_effect=False)
    if not case.rows.many("successions", device=case.journal.device, earlier=fact.device):
        return CONSEQUENCES[Judgement.WRONG_STATE]
    block = case.rows.one("blocks", block=fact.block)
    if block is None:
        return None if case.court.known.doubtful else CONSEQUENCES[Judgement.OUTSIDE_BLOCK]
    return None if _holds(block, fact) else CONSEQUENCES[Judgement.OUTSIDE_BLOCK]


def _holds(block: dict[str, str | int | None], fact: PaperRegularised) -> bool:
    digits, first, last = fact.number.digits, str(block["first"]), str(block["last"])
    own = (block["device"], block["kind"], block["scheme"]) == (fact.device, fact.number.kind, fact.number.scheme)
    return own and len(digits) == len(first) and first <= digits <= last
