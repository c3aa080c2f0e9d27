"""What the computers of a station wrote, read again from their journals: projections keep only what stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

from inspector_app.journal.chain import reference
from inspector_app.journal.envelope import Fact, read_envelope, read_fact
from province.journal.judging.case import Case
from province.journal.models import Journal, StoredEntry

F = TypeVar("F", bound=Fact)


NOWHERE = ("", -1)
"""Where what is no reference stands: in no journal, before everything."""


def place_of(ref: str) -> tuple[str, int]:
    """Device and place an entry's name speaks of; `NOWHERE` for any other text, as a stranger may write it."""
    device, _, seq = ref.partition("/")
    named = len(device) == 32 and seq.isascii() and seq.isdigit() and len(seq) < 16
    return (device, int(seq)) if named else NOWHERE


class Said(NamedTuple, Generic[F]):
    """A fact, who wrote it, and where it stands."""

    device: str
    seq: int
    actor: int
    fact: F

    @property
    def ref(self) -> str:
        """The entry's name."""
        return reference(self.device, self.seq)


def earlier(case: Case, *shapes: type[F]) -> Iterator[Said[F]]:
    """Facts of these shapes in the station's journals, in this device's own only before the entry."""
    station = Journal.objects.using(case.using).filter(station=case.journal.station).values("device")
    kinds = [shape.KIND for shape in shapes]
    rows = StoredEntry.objects.using(case.using).filter(device__in=station, kind__in=kinds)
    for stored in rows.order_by("device", "seq").iterator(chunk_size=500):
        envelope, _verdict = read_envelope(bytes(stored.public))
        fact = read_fact(envelope)[0] if envelope is not None else None
        before = stored.device != case.journal.device or stored.seq < case.seq
        if before and isinstance(fact, shapes):
            yield Said(stored.device, stored.seq, stored.actor, fact)
