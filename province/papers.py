"""Letters the province draws itself (decision 0078): notice and reports of a loss, a request for destruction.

Never a certificate.

A page without the specimen mark rests on three signed documents here too, with the province's root in the place of a
terminal's licence and the organisation's sheet in the place of a person's grant. Practice draws specimens.
"""

from __future__ import annotations

import msgspec

from inspector_app.config import read_resource
from inspector_app.domain.documents import PRACTICE_PROVINCE
from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.rules import enforces
from inspector_app.errors import BugError, StationError
from inspector_app.ports import Leave
from inspector_app.suites import sha256
from printing.letters import Report, draw_report, report_form
from province import provinces
from province.journal.models import FeedDocument, State
from province.journal.rows import DjangoRows

FORMS = ("loss_notice", "loss_report", "destruction_request")
"""The forms drawn here: none bears a number of a scheme, a code or a seal image."""


def draw_letter(using: str, form: str, said: Report, organisation: OrganisationSheet) -> bytes:
    """The PDF of a letter for an organisation, with the leave of its three documents or, in practice, as a specimen.

    StationError ``printing.form_not_allowed`` for a form the province did not release, ``printing.no_glyph``.
    """
    if form not in FORMS:
        raise BugError(f"the province draws no {form}")
    drawn_on = report_form(read_resource(f"forms/{form}.toml"))
    if State.objects.using(using).get(only=1).province == PRACTICE_PROVINCE:
        return draw_report(drawn_on, msgspec.structs.replace(said, leave=None))
    require_released(using, form, drawn_on.hash)
    return draw_report(drawn_on, msgspec.structs.replace(said, leave=_leave(using, drawn_on.hash, organisation)))


@enforces("G29")
def require_released(using: str, form: str, form_hash: str) -> None:
    """Only on a template the authority key has signed, and exactly that one (GX-2014 Art. 20)."""
    now = provinces.of(using).clock.now().at
    released = DjangoRows(using).many("forms", form=form, sha256=form_hash)
    if not any(int(row["valid_from"] or 0) <= now for row in released):
        raise StationError("printing.form_not_allowed", form=form, hash=form_hash[:16])


def _leave(using: str, form_hash: str, organisation: OrganisationSheet) -> Leave:
    root = FeedDocument.objects.using(using).filter(kind="root/1").order_by("cursor").first()
    if root is None:
        raise BugError("a province without its root sheet")
    return Leave(
        terminal=sha256(bytes(root.content)).hex(),
        template=form_hash,
        grant=sha256(msgspec.json.encode(organisation)).hex(),
    )
