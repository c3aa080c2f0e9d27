"""Stock of an institution's store that is to be destroyed (销毁), by four different persons (GX-2014 Art. 24).

As at a station (:mod:`inspector_app.domain.destruction`): the keeper asks, the head reviews, deputy leader and legal
representative agree at the desk or by signing and sealing the printed request, which counts once the head has confirmed
it; the keeper destroys in the deputy's presence. Then the stock has ended (:class:`StockEnded`).
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.destruction import Approvals, Step
from inspector_app.domain.documents import Role, document
from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock import Ranges
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, refusal


@document("stock_end_asked", 1, signed_by=Role.SERVER)
class StockEndAsked(msgspec.Struct, frozen=True, array_like=True):
    """A keeper asks that stock be destroyed: ``cause`` is why, of the list ``loss``, ``method`` of ``destruction``.

    ``planned_on`` is the legal day on which it is to be done. ``ended``: numbers vets gave back, which lie there on a
    shelf of their own.
    """

    ask: str
    organisation: int
    location: int
    kind: str
    ranges: Ranges
    count: int
    cause: str
    method: str
    planned_on: str
    ended: bool
    by: int
    at: int


@document("stock_end_reviewed", 1, signed_by=Role.SERVER)
class StockEndReviewed(msgspec.Struct, frozen=True, array_like=True):
    """The head's review (初审) with what the head counted: it goes on, or back with a reason of ``destruction_back``.

    ``suspected`` of an offence it is a case from then on, to be concluded by ``due_on`` ("" for none).
    """

    ask: str
    counted: int
    sent_back: str
    suspected: bool
    due_on: str
    by: int
    at: int


@document("stock_end_approved", 1, signed_by=Role.SERVER)
class StockEndApproved(msgspec.Struct, frozen=True, array_like=True):
    """Deputy leader or legal representative (``step``) agreed at the desk."""

    ask: str
    step: str
    by: int
    at: int


@document("stock_end_signed", 1, signed_by=Role.SERVER)
class StockEndSigned(msgspec.Struct, frozen=True, array_like=True):
    """The keeper enters the request that both signed and sealed on paper, on a legal day.

    ``picture`` is the SHA-256 (hex) of its photograph, which stays with the institution. The head has yet to confirm.
    """

    form: str
    ask: str
    deputy: int
    legal: int
    signed_on: str
    picture: str
    by: int
    at: int


@document("stock_end_form_confirmed", 1, signed_by=Role.SERVER)
class StockEndFormConfirmed(msgspec.Struct, frozen=True, array_like=True):
    """The head saw the signed form: both names count."""

    form: str
    by: int
    at: int


@document("stock_destroyed", 1, signed_by=Role.SERVER)
class StockDestroyed(msgspec.Struct, frozen=True, array_like=True):
    """A request was carried out on a legal day under the eyes of ``supervisor``; ``ending`` is the stock that ended.

    ``picture`` is the SHA-256 (hex) of the photograph, which stays with the institution.
    """

    ask: str
    ending: str
    method: str
    counted: int
    on: str
    supervisor: int
    picture: str
    by: int
    at: int


# --- who agrees ------------------------------------------------------------------------------------------------------


def standing_of(organisation: OrganisationSheet, person: int) -> Step | None:
    """As whom somebody agrees to a destruction; who is registered as both stands for the deputy."""
    if person and person == organisation.deputy:
        return Step.DEPUTY
    return Step.LEGAL if person and person == organisation.legal else None


@enforces("G38")
def post_refusals(organisation: OrganisationSheet, person: int) -> list[StockRefusal]:
    """Who agrees is deputy leader or legal representative of the organisation by its register (Art. 24 (2))."""
    if standing_of(organisation, person) is not None:
        return []
    return [refusal(StockCode.NOT_DEPUTY_NOR_LEGAL, organisation=organisation.organisation, current=person or "")]


@enforces("G38")
def signer_refusals(organisation: OrganisationSheet, agreed: Approvals) -> list[StockRefusal]:
    """The two who sign on paper are registered, and stand for nobody else in this request."""
    signers = (organisation.deputy, organisation.legal)
    if not all(signers):
        return [refusal(StockCode.NOT_DEPUTY_NOR_LEGAL, organisation=organisation.organisation, current="")]
    twice = next((one for one in signers if one in (agreed.keeper, agreed.head) or signers.count(one) > 1), 0)
    return [refusal(StockCode.AGREES_TWICE, current=twice)] if twice else []


@enforces("G38")
def twice_refusals(agreed: Approvals, person: int) -> list[StockRefusal]:
    """Nobody agrees to one request twice, whatever posts they hold: persons are compared."""
    stands = person and any(getattr(agreed, step.value) == person for step in Step)
    return [refusal(StockCode.AGREES_TWICE, current=person)] if stands else []


@enforces("G38")
def turn_refusals(agreed: Approvals) -> list[StockRefusal]:
    """Deputy leader and legal representative agree to what the head has reviewed, never before it."""
    return [] if agreed.head else [refusal(StockCode.NOT_AGREED_YET, step=Step.HEAD.value)]


@enforces("G38")
def agreement_refusals(agreed: Approvals) -> list[StockRefusal]:
    """Nothing is destroyed before all four agreed, four different persons (Art. 24 (2))."""
    missing = agreed.missing()
    if missing:
        return [refusal(StockCode.NOT_AGREED_YET, step=missing[0].value)]
    return [refusal(StockCode.AGREES_TWICE, current=_twice(agreed))] if agreed.is_twice() else []


def _twice(agreed: Approvals) -> int:
    people: list[int] = [getattr(agreed, step.value) for step in Step]
    return next(person for person in people if people.count(person) > 1)


# --- what is destroyed, and how --------------------------------------------------------------------------------------


@enforces("G41")
def count_refusals(asked: int, counted: int) -> list[StockRefusal]:
    """What was counted in hand is what the request says; otherwise it goes back to the keeper (Art. 24 (4))."""
    return [] if counted == asked else [refusal(StockCode.COUNT_DIFFERS, limit=asked, current=counted)]


@enforces("G41")
def method_refusals(asked: str, method: str) -> list[StockRefusal]:
    """It is destroyed in the way that was agreed to."""
    return [] if method == asked else [refusal(StockCode.METHOD_DIFFERS, limit=asked, current=method)]


@enforces("G41")
def suspicion_refusals(sent_back: str, *, suspected: bool) -> list[StockRefusal]:
    """Where an offence is suspected nothing is destroyed: the request goes back, and a case is opened."""
    return [refusal(StockCode.SUSPECTED_GOES_BACK)] if suspected and not sent_back else []


@enforces("G39")
def presence_refusals(agreed: Approvals, supervisor: int, picture: str, *, by: int) -> list[StockRefusal]:
    """The deputy leader who agreed is there and supervises, and it is photographed (Art. 24 (2)).

    Who destroys (``by``) is somebody else: a keeper who became the deputy since watches nobody but themself.
    """
    found = []
    if supervisor and supervisor == by:
        found.append(refusal(StockCode.AGREES_TWICE, current=by))
    if agreed.deputy and supervisor != agreed.deputy:
        found.append(refusal(StockCode.SUPERVISOR_ABSENT, limit=agreed.deputy, current=supervisor or ""))
    return found + picture_refusals(picture)


def picture_refusals(picture: str) -> list[StockRefusal]:
    """What was seen is photographed: the SHA-256 (hex) of the picture."""
    whole = len(picture) == 64 and not set(picture) - set("0123456789abcdef")
    return [] if whole else [refusal(StockCode.PICTURE_NEEDED)]
