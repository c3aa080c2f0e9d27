"""What is typed about a supervision visit: the day, the findings and their term, the photograph, what was put right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from province.custody.visits import FINDINGS, NO_PICTURE, VisitReport, above, acts_for, codes_of_findings, is_supervisor
from province.databases import DEFAULT
from province.desk.forms import ActForm, choice, day, photograph, picture_digest
from province.desk.stock_forms import offer_reasons
from province.desk.visitor import Visitor


def ticks(*, required: bool = False) -> forms.MultipleChoiceField:
    """A field of boxes to tick; what may be ticked is offered later."""
    return forms.MultipleChoiceField(required=required, widget=forms.CheckboxSelectMultiple())


def offer_findings(form: ActForm, visitor: Visitor, codes: Sequence[str]) -> None:
    """The findings that may be ticked."""
    field = form.fields["findings"]
    assert isinstance(field, forms.MultipleChoiceField)  # declared so above
    field.choices = [(code, visitor.reason(FINDINGS, code)) for code in codes]


class VisitForm(ActForm):
    """One visit to a station."""

    act = "record_visit"
    organisation = choice()
    visited_on = day()
    findings = ticks()
    rectify_by = day()
    picture = photograph()
    no_picture = choice(required=False)

    def __init__(self, visitor: Visitor, station: int, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor.language, data, **settings)
        self.station = station
        own = speaks_for(visitor, station)
        self.offer("organisation", [(one, visitor.organisation(one)) for one in own], none=not own)
        offer_findings(self, visitor, codes_of_findings(visitor.today))
        offer_reasons(self, visitor, NO_PICTURE, field="no_picture")

    def report(self, person: int) -> VisitReport:
        """The visit of a valid form."""
        said = self.cleaned_data
        return VisitReport(
            station=self.station,
            organisation=int(said["organisation"]),
            by=person,
            findings=tuple(said["findings"]),
            rectify_by=said["rectify_by"],
            visited_on=said["visited_on"],
            picture=picture_digest(said["picture"]),
            no_picture=said["no_picture"],
        )


def speaks_for(visitor: Visitor, station: int) -> list[int]:
    """The institutions above a station for which the visitor may visit it, the nearest first."""
    upper = above(DEFAULT, station)
    if is_supervisor(DEFAULT, station, visitor.person):
        return upper
    return [one for one in upper if acts_for(DEFAULT, one, visitor.person)]


class RectifiedForm(ActForm):
    """What was seen put right of a visit's findings."""

    act = "record_rectified"
    findings = ticks(required=True)

    def __init__(self, visitor: Visitor, left: Sequence[str], data: Any = None) -> None:
        super().__init__(visitor.language, data)
        self.fields["findings"].help_text = ""
        offer_findings(self, visitor, left)
