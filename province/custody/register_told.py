"""What stations hear of the register of organisations (G22, G45, G46).

The register stays with the province; a station hears of its own chain: the using unit it is, the institutions above it,
the authorities over its area. It is told the very sheets the authority signed, each once; a later ordinal replaces what
it held. Who leaves a chain hears so by the sheet that says it, and then of nothing further there.
"""

from __future__ import annotations

from collections.abc import Iterable

from inspector_app.domain.documents import DocumentSigner, sign_document
from inspector_app.domain.organisations import Line, OrganisationSheet
from inspector_app.domain.rules import enforces
from inspector_app.journal.books.register import chain_of, stations_below, stations_in, unit_of
from inspector_app.journal.projections.rows import Rows
from province.custody import deciding
from province.journal import feed
from province.journal.models import FeedDocument
from province.journal.rows import DjangoRows
from province.registry.publishing import authority_of

KIND = "organisation/1"


@enforces("G22", "G46")
def tell_stations(using: str, made: OrganisationSheet, held: OrganisationSheet | None) -> None:
    """Tell the stations a new sheet concerns, and of the rest of their chain what they have not heard yet.

    StationError where the authority key does not lie. The caller holds the transaction in which it was recorded.
    """
    rows, signer = DjangoRows(using), authority_of(using)
    concerned = set(concerned_by(rows, made))
    for station in sorted(set(concerned_by(rows, held)) - concerned if held is not None else ()):
        _tell(using, station, [made], signer)
    for station in sorted(concerned):
        unit = unit_of(rows, station)
        _tell(using, station, chain_of(rows, unit) if unit is not None else [made], signer)


def concerned_by(rows: Rows, sheet: OrganisationSheet) -> list[int]:
    """The stations in whose chain an organisation stands, or as its sheet says stood."""
    if sheet.line == Line.AUTHORITY:
        return stations_in(rows, sheet.area)
    return [*([sheet.station] if sheet.station else []), *stations_below(rows, sheet.organisation)]


def _tell(using: str, station: int, sheets: Iterable[OrganisationSheet], signer: DocumentSigner) -> None:
    told = FeedDocument.objects.using(using).filter(kind=KIND, station=station)
    heard = {bytes(content) for content in told.values_list("content", flat=True)}
    for sheet in sheets:
        signed = sign_document(sheet, signer)
        if signed.encoded() not in heard:
            feed.publish(using, signed, feed.Audience(station=station), deciding.moment(using))
