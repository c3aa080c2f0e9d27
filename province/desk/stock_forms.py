"""What is typed about stock: a delivery, an order, a distribution, a fee and its payment."""

from __future__ import annotations

from typing import Any

from django import forms

from inspector_app.domain.organisations import Line
from province import reference
from province.custody.distributing import DistributionRequest
from province.custody.ordering import OrderRequest
from province.custody.receiving import ISSUED_KINDS, Delivery
from province.custody.returning import ReturnRequest
from province.desk.forms import ActForm, Money, WholeNumber, WithSecond, choice, day, line
from province.desk.visitor import Visitor


def offer_kinds(form: ActForm, visitor: Visitor, *, drawn_only: bool = False) -> None:
    """The kinds of stock in force."""
    kinds = reference.catalogue().stock_kinds(visitor.today)
    form.offer(
        "kind",
        [(row.code, row.name(visitor.language)) for row in kinds if row.code in ISSUED_KINDS or not drawn_only],
        none=False,
    )


def offer_stores(form: ActForm, visitor: Visitor) -> None:
    """The stores whose keeper acts here."""
    named = [(f"{one}:{at}", f"{visitor.organisation(one)} · {at}") for one, at in visitor.keeps]
    form.offer("store", named, none=not named)


def offer_reasons(form: ActForm, visitor: Visitor, listed: str, *, field: str = "reason") -> None:
    """The reasons of one list."""
    reasons = reference.catalogue().reasons(listed, visitor.today)
    form.offer(field, [(row.code, row.name(visitor.language)) for row in reasons])


def store_of(form: ActForm) -> tuple[int, int]:
    """Organisation and location of the store chosen."""
    organisation, _, location = form.cleaned_data["store"].partition(":")
    return int(organisation), int(location)


class DeliveryForm(ActForm):
    """A delivery of the printing house."""

    act = "receive_delivery"
    store = choice()
    kind = choice()
    ranges = line(required=False, inputmode="numeric")
    count = WholeNumber(required=False)
    day = day()
    note = line()

    def __init__(self, visitor: Visitor, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor.language, data, **settings)
        offer_stores(self, visitor)
        offer_kinds(self, visitor)

    def delivery(self, person: int) -> Delivery:
        """The delivery of a valid form."""
        organisation, location = store_of(self)
        said = self.cleaned_data
        return Delivery(
            organisation=organisation,
            location=location,
            kind=said["kind"],
            by=person,
            typed=said["ranges"],
            count=said["count"],
            day=said["day"],
            note=said["note"],
        )


class OrderForm(WithSecond):
    """An order to the direct superior."""

    act = "place_order"
    store = choice()
    kind = choice()
    wanted = WholeNumber()
    reason = choice(required=False)
    second_name = line(required=False, autocomplete="off")
    second_passphrase = forms.CharField(required=False, strip=False)

    def __init__(self, visitor: Visitor, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor.language, data, **settings)
        offer_stores(self, visitor)
        offer_kinds(self, visitor)
        offer_reasons(self, visitor, "late_order")

    def request(self, visitor: Visitor, head: int) -> OrderRequest:
        """The order of a valid form; it goes to the direct superior."""
        organisation, location = store_of(self)
        row = visitor.organisations.get(organisation)
        return OrderRequest(
            organisation=organisation,
            superior=int(row["superior"] or 0) if row is not None else 0,
            kind=self.cleaned_data["kind"],
            wanted=self.cleaned_data["wanted"],
            by=visitor.person,
            location=location,
            reason=self.cleaned_data["reason"],
            approved_by=head,
        )


class DistributionForm(WithSecond):
    """A distribution to a direct subordinate; without ranges the oldest is taken."""

    act = "distribute"
    store = choice()
    receiver = choice()
    kind = choice()
    count = WholeNumber(required=False)
    ranges = line(required=False, inputmode="numeric")
    order = line(required=False)
    paper = forms.BooleanField(required=False)
    day = day()
    reason = choice(required=False)
    second_name = line(required=False, autocomplete="off")
    second_passphrase = forms.CharField(required=False, strip=False)

    def __init__(self, visitor: Visitor, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor.language, data, **settings)
        self.looks = [("propose", self.say("do_propose"))]
        offer_stores(self, visitor)
        offer_kinds(self, visitor)
        offer_reasons(self, visitor, "other_stock")
        own = {organisation for organisation, _at in visitor.keeps}
        lower = [row for row in visitor.organisations.values() if row["superior"] in own]
        named = [(row["organisation"], str(row["name"])) for row in lower if row["line"] == Line.INSTITUTION]
        self.offer("receiver", named)

    def request(self, visitor: Visitor, head: int) -> DistributionRequest:
        """The distribution of a valid form."""
        giver, location = store_of(self)
        said = self.cleaned_data
        return DistributionRequest(
            giver=giver,
            receiver=int(said["receiver"]),
            kind=said["kind"],
            by=visitor.person,
            location=location,
            typed=said["ranges"],
            count=said["count"],
            day=said["day"],
            paper=said["paper"],
            order=said["order"],
            reason=said["reason"],
            approved_by=head,
        )


class ReturnForm(ActForm):
    """Unused stock back to the direct superior."""

    act = "give_back"
    store = choice()
    kind = choice()
    ranges = line(required=False, inputmode="numeric")
    count = WholeNumber(required=False)
    return_reason = choice()

    def __init__(self, visitor: Visitor, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor.language, data, **settings)
        offer_stores(self, visitor)
        offer_kinds(self, visitor)
        offer_reasons(self, visitor, "number_return", field="return_reason")

    def request(self, visitor: Visitor) -> ReturnRequest:
        """What a valid form gives back."""
        giver, location = store_of(self)
        said = self.cleaned_data
        return ReturnRequest(
            giver=giver,
            kind=said["kind"],
            by=visitor.person,
            reason=said["return_reason"],
            location=location,
            typed=said["ranges"],
            count=said["count"],
        )


class ChargeForm(ActForm):
    """The cost fee of a distribution."""

    act = "charge_fee"
    distribution = line()
    yuan = Money()
    invoice = line()

    def __init__(self, visitor: Visitor, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor.language, data, **settings)


class PaymentForm(ActForm):
    """A payment of a fee."""

    act = "settle_fee"
    fee = line()
    yuan = Money()
    receipt = line()

    def __init__(self, visitor: Visitor, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor.language, data, **settings)
