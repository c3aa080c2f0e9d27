"""The second person's confirmation (复核) of what one person did: at the same desk, later elsewhere, or on paper."""

from __future__ import annotations

from collections.abc import Sequence

from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.journal.entries.ceremony import ActConfirmed, Ceremony
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.ceremony import confirming
from inspector_app.services.device import Device, Session
from inspector_app.services.typed import attachment_refusals, code_refusals


def unconfirmed(device: Device) -> list[Row]:
    """Acts of this station that still wait for a second person, oldest first."""
    return device.rows.many("acts", order="at", confirmed_by=None)


def confirm_act(
    device: Device, act: str, *, form: str = Ceremony.APART, attachments: Sequence[str] = ()
) -> str | Refused:
    """Confirm an act by its entry's name; on paper with the photographs of the form both signed."""
    fact = ActConfirmed(act=act, form=form, attachments=list(attachments))
    return device.record_unless(
        lambda: confirm_refusals(device, act, form, attachments), lambda entries: entries.add(fact, sign=device.sign)
    )


def confirm_together(device: Device, act: str, second: Session) -> str | Refused:
    """The second person confirms at the desk of the first, having given their own passphrase there."""
    first, device.session = device.session, second
    try:
        return confirm_act(device, act, form=Ceremony.TOGETHER)
    finally:
        device.session = first


def confirm_refusals(device: Device, act: str, form: str, attachments: Sequence[str] = ()) -> list[Refusal]:
    """Why this person may not confirm that act now; whoever did it never counts as the second, whatever their posts."""
    found = [*code_refusals("form", [form], Ceremony), *attachment_refusals(device, attachments)]
    if form == Ceremony.ON_PAPER and not attachments:
        found.append(Refusal(code=RefusalCode.FIELD_MISSING, field="attachments"))
    row = device.rows.one("acts", ref=act)
    if row is None:
        return [*device.signed_in(), Refusal(code=RefusalCode.NOT_FOUND, current=act), *found]
    first = device.grant(int(row["by"] or 0))
    found += device.may(confirming(device.rows, row, first.posts if first is not None else ()))
    if device.session is not None and row["by"] == device.session.person:
        found.append(Refusal(code=RefusalCode.ONE_PERSON_TWICE))
    if row["confirmed_by"]:
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, current=act))
    return found
