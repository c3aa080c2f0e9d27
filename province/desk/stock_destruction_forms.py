"""What is typed about the destruction of a store's stock: the request, the review, the signed form, the deed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse

from inspector_app.domain.destruction import Approvals
from inspector_app.journal.projections import Row
from province.custody.destroying import BACK, METHOD, DestructionRequest, Done
from province.desk.forms import ActForm, WholeNumber, choice, day, line, photograph, picture_digest
from province.desk.stock_forms import offer_kinds, offer_reasons, offer_stores, store_of
from province.desk.visitor import Visitor


class AskForm(ActForm):
    """What is to be destroyed of a store, why, how and when."""

    act = "ask_destruction"
    store = choice()
    kind = choice()
    ranges = line(required=False, inputmode="numeric")
    count = WholeNumber(required=False)
    cause = choice()
    destruction_method = choice()
    planned_on = day(required=True)

    def __init__(self, visitor: Visitor, data: Any = None) -> None:
        super().__init__(visitor.language, data)
        self.fields["cause"].label = self.say("field_destruction_cause")
        offer_stores(self, visitor)
        offer_kinds(self, visitor)
        offer_reasons(self, visitor, "loss", field="cause")
        offer_reasons(self, visitor, METHOD, field="destruction_method")

    def request(self, visitor: Visitor) -> DestructionRequest:
        """The request of a valid form."""
        organisation, location = store_of(self)
        said = self.cleaned_data
        return DestructionRequest(
            organisation=organisation,
            kind=said["kind"],
            by=visitor.person,
            cause=said["cause"],
            method=said["destruction_method"],
            planned_on=said["planned_on"],
            typed=said["ranges"],
            count=said["count"],
            location=location,
        )


class OfRequest(ActForm):
    """An act about one request, posted to an address of its own."""

    def __init__(self, visitor: Visitor, row: Row, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor.language, data, **settings)
        self.to = reverse("desk-stock-destroy-act", args=[row["ask"], self.act])
        if "counted" in self.fields:
            self.fields["counted"].label = self.say("field_counted_pieces")


def goes_back_only(visitor: Visitor, row: Row) -> bool:
    """Whether a request can only go back: it was reviewed, or who looks decides in place of its head."""
    held = visitor.organisations.get(int(row["organisation"] or 0))
    return bool(row["reviewed_by"]) or held is None or held["head"] != visitor.person


class ReviewForm(OfRequest):
    """The head's review: what the head counted, or why it goes back; once reviewed it can only go back."""

    act = "review_destruction"
    counted = WholeNumber()
    sent_back = choice(required=False)
    suspected = forms.BooleanField(required=False)

    def __init__(self, visitor: Visitor, row: Row, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor, row, data, **settings)
        offer_reasons(self, visitor, BACK, field="sent_back")
        if goes_back_only(visitor, row):
            self.label, self.fields["sent_back"].required = self.say("do_send_back"), True

    def said(self) -> dict[str, Any]:
        """The review of a valid form."""
        return {name: self.cleaned_data[name] for name in ("counted", "sent_back", "suspected")}


class SignedForm(OfRequest):
    """The request that both signed and sealed on paper."""

    act = "enter_signed"
    signed_on = day()
    picture = photograph(required=True)

    def __init__(self, visitor: Visitor, row: Row, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor, row, data, **settings)
        self.fields["picture"].label = self.say("field_picture_of_form")

    def said(self, today: str) -> dict[str, str]:
        """The signed form of a valid form."""
        return {
            "signed_on": self.cleaned_data["signed_on"] or today,
            "picture": picture_digest(self.cleaned_data["picture"]),
        }


class DoneForm(OfRequest):
    """How it was destroyed, and who watched."""

    act = "destroy_stock"
    destruction_method = choice()
    counted = WholeNumber()
    supervisor = choice()
    destroyed_on = day()
    picture = photograph(required=True)

    def __init__(self, visitor: Visitor, row: Row, agreed: Approvals, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor, row, data, **settings)
        offer_reasons(self, visitor, METHOD, field="destruction_method")
        people = dict.fromkeys(one for one in (agreed.deputy, agreed.legal, agreed.head) if one)
        self.offer("supervisor", [(one, visitor.who(one)) for one in people])

    def done(self) -> Done:
        """The destruction of a valid form."""
        said = self.cleaned_data
        return Done(
            method=said["destruction_method"],
            counted=said["counted"],
            supervisor=int(said["supervisor"]),
            picture=picture_digest(said["picture"]),
            on=said["destroyed_on"],
        )
