"""How often certificates are voided, replaced or printed again, by station and vet, and which sheets are still out."""

from __future__ import annotations

import msgspec

from inspector_app.journal.projections import Row
from province.journal.rows import DjangoRows

MOST_SHEETS = 500


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """Certificates one vet issued at one station in a period, and what became of them since.

    ``further_prints`` counts every print after a certificate's first.
    """

    station: int
    vet: int
    issued: int
    voided: int
    replaced: int
    further_prints: int

    @property
    def ended_percent(self) -> int:
        """Voided and replaced of a hundred issued."""
        return (self.voided + self.replaced) * 100 // self.issued

    @property
    def further_percent(self) -> int:
        """Further prints for a hundred issued."""
        return self.further_prints * 100 // self.issued


def rates(using: str, first: str, last: str) -> list[Rate]:
    """Every vet who issued in this period of legal days, those with most voids first."""
    tally = DjangoRows(using).tally(
        "certificates", "station", "vet", "state", "current_print", column="issued_on", first=first, last=last
    )
    found: dict[tuple[int, int], Rate] = {}
    for (station, vet, state, current), count in tally.items():
        key = int(station or 0), int(vet or 0)
        held = found.get(key) or Rate(station=key[0], vet=key[1], issued=0, voided=0, replaced=0, further_prints=0)
        found[key] = Rate(
            station=held.station,
            vet=held.vet,
            issued=held.issued + count,
            voided=held.voided + count * (state == "voided"),
            replaced=held.replaced + count * (state == "replaced"),
            further_prints=held.further_prints + count * max(int(current or 1) - 1, 0),
        )
    return sorted(found.values(), key=lambda one: (-one.ended_percent, -one.further_percent, one.station, one.vet))


def sheets_out(using: str) -> list[Row]:
    """Sheets to be collected: in a holder's hands, their certificate voided or replaced; the oldest first."""
    return DjangoRows(using).uncollected(MOST_SHEETS)
