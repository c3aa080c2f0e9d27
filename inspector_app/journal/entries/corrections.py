"""Correction notes (更正说明) to certificates on the road."""

from __future__ import annotations

from inspector_app.domain.correction import CorrectedValues
from inspector_app.domain.numbering import Number
from inspector_app.journal.envelope import Fact, fact


@fact("certificate.corrected/1", private=CorrectedValues, accountable=True)
class CertificateCorrected(Fact, frozen=True):
    """Immaterial fields of a certificate were corrected by a note; its number and paper stay valid.

    ``fields`` names what changed, the values are private; ``reason`` is a code of the list ``correction``.
    """

    number: Number
    fields: list[str]
    reason: str
