"""The second person's confirmation (复核) of what one person did: at the same desk, later elsewhere, or on paper."""

from __future__ import annotations

from collections.abc import Sequence

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action
from inspector_app.domain.certificate import CertificateState
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.journal.entries.ceremony import VOIDS, ActConfirmed, Ceremony
from inspector_app.journal.entries.custody import DayClosed
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.ceremony import confirming
from inspector_app.services.device import Device, Session
from inspector_app.services.on_desk import paper_row
from inspector_app.services.typed import attachment_refusals, code_refusals

TOGETHER, APART, ON_PAPER = (form.value for form in Ceremony)
"""The three forms by the names the screens and the command line use."""


def unconfirmed(device: Device) -> list[Row]:
    """Acts of this station that still wait for a second person, oldest first.

    What two computers did to the same paper waits once: whoever confirms either has confirmed what became of it.
    """
    return [row for row in device.rows.many("acts", order="at, ref", confirmed_by=None) if not is_settled(device, row)]


def is_settled(device: Device, act: Row) -> bool:
    """Whether an act is confirmed, be it at another computer where the same was done; or came to nothing.

    A void of what a colleague had replaced changed nothing, and of a day closed once more the last close counts.
    """
    if act["kind"] == DayClosed.KIND and not device.rows.many("days", ref=act["ref"]):
        return True
    if act["confirmed_by"] or not act["subject"]:
        return bool(act["confirmed_by"])
    if act["kind"] in VOIDS and _paper(device, str(act["subject"])).get("state") != CertificateState.VOIDED:
        return True
    twins = device.rows.many("acts", subject=act["subject"], kind=act["kind"])
    return any(twin["confirmed_by"] not in (None, act["by"]) for twin in twins)


def void_acts(device: Device, number: str) -> list[Row]:
    """Every void of a paper, oldest first: mostly one, more where computers voided it without knowing of each other."""
    return [row for row in device.rows.many("acts", order="at, ref", subject=number) if row["kind"] in VOIDS]


def second_person(device: Device, number: str) -> int:
    """Who confirmed the void of a paper; 0 while nobody has. Whoever made the void that stands never counts."""
    paper = _paper(device, number)
    told = [int(row["confirmed_by"] or 0) for row in void_acts(device, number)]
    return next((one for one in told if one not in (0, paper.get("void_by"))), 0)


def _paper(device: Device, number: str) -> Row:
    return paper_row(device, number) or {}


def unconfirmed_voids(device: Device) -> list[Row]:
    """Voids of this station's papers that still wait for a second person, oldest first."""
    return [row for row in unconfirmed(device) if row["kind"] in VOIDS]


def overdue_voids(device: Device) -> list[Row]:
    """Those of them whose working days (policy ``void_confirm_working_days``) have passed."""
    today = device.today()
    return [row for row in unconfirmed_voids(device) if due_on(device, row) < today]


def due_on(device: Device, void: Row) -> str:
    """The last legal day on which the second person confirms a void in time."""
    day = legal_date(int(void["at"] or 0))
    policy = device.policy().on(day)
    return policy.after_working_days(day, policy.void_confirm_working_days)


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


def may_be_second(device: Device, act: str, person: int) -> bool:
    """Whether a person could confirm an act: another one than did it, who holds a post that allows it now."""
    row, grant = device.rows.one("acts", ref=act), device.grant(person)
    if row is None or grant is None or row["by"] == person:
        return False
    return not device.may(_wanted(device, row), grant)


def _wanted(device: Device, act: Row) -> Action:
    first = device.grant(int(act["by"] or 0))
    return confirming(device.rows, act, first.posts if first is not None else ())


def confirm_refusals(device: Device, act: str, form: str, attachments: Sequence[str] = ()) -> list[Refusal]:
    """Why this person may not confirm that act now; whoever did it never counts as the second, whatever their posts."""
    found = [*code_refusals("form", [form], Ceremony), *attachment_refusals(device, attachments)]
    row = device.rows.one("acts", ref=act)
    if not attachments and (form == Ceremony.ON_PAPER or _wants_paper(device, row, form)):
        found.append(Refusal(code=RefusalCode.FIELD_MISSING, field="attachments"))
    if row is None:
        return [*device.signed_in(), Refusal(code=RefusalCode.NOT_FOUND, current=act), *found]
    found += device.may(_wanted(device, row))
    if device.session is not None and row["by"] == device.session.person:
        found.append(Refusal(code=RefusalCode.ONE_PERSON_TWICE))
    if is_settled(device, row):
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, current=str(row["subject"] or act)))
    return found


def _wants_paper(device: Device, act: Row | None, form: str) -> bool:
    """Whether the province's policy wants a signed form where the two persons were not at one desk."""
    is_void = act is not None and act["kind"] in VOIDS
    return is_void and form != Ceremony.TOGETHER and device.policy().ceremony("void") == Ceremony.ON_PAPER
