"""Old sheets that stations handed in: slips that wait to be counted, and the count of one (清点收回)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspector_app.clock import moment_text
from province.custody.hand_ins import Count, HandIn, count_in, find_hand_in, open_hand_ins
from province.databases import DEFAULT
from province.desk.acting import attempt
from province.desk.forms import ActForm, WholeNumber
from province.desk.showing import Cell, Fact, Section, Table, chip, number, show, text
from province.desk.visitor import Visitor, desk_page


class CountForm(ActForm):
    """What was there of a slip; every sheet that was not is ticked."""

    act = "count_in"
    counted = WholeNumber()
    missing = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple())

    def __init__(self, visitor: Visitor, held: HandIn, data: Any = None) -> None:
        super().__init__(visitor.language, data)
        field = self.fields["missing"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one, one) for one in held.sheets]

    def count(self, visitor: Visitor, held: HandIn) -> Count:
        """The count of a valid form."""
        said = self.cleaned_data
        at = next((at for one, at in visitor.keeps if one == held.superior), 1)
        missing = tuple(said["missing"])
        return Count(hand_in=held.hand_in, counted=said["counted"], by=visitor.person, missing=missing, location=at)


def waiting(visitor: Visitor) -> Section:
    """The slips nobody has counted, or in which something was missing."""
    head = [visitor.say(f"col_{name}") for name in ("hand_in", "station", "sheets", "handed_in_by", "state")]
    rows = [_line(visitor, one) for one in open_hand_ins(DEFAULT)]
    return Section(
        title=visitor.say("hand_ins"),
        note=visitor.say("hand_ins_note") if rows else "",
        table=Table(head=head, rows=rows, empty=visitor.say("no_hand_ins")),
    )


def _line(visitor: Visitor, one: HandIn) -> list[Cell]:
    state = chip(visitor.say("hand_in_waits"), "notice")
    if one.counts:
        state = chip(visitor.say("hand_in_missing", count=len(one.missing)), "stop")
    mine = not one.superior or any(organisation == one.superior for organisation, _at in visitor.keeps)
    here = reverse("desk-hand-in", args=[one.hand_in])
    return [
        text(moment_text(one.at), link=here if mine else "", note=visitor.organisation(one.superior or None)),
        text(visitor.station(one.station)),
        number(len(one.sheets)),
        text(visitor.who(one.by)),
        state,
    ]


@desk_page("GET", "POST")
def hand_in(visitor: Visitor, ref: str) -> HttpResponse:
    """One slip, and its count."""
    held = find_hand_in(DEFAULT, ref)
    if held is None:
        raise Http404
    form = CountForm(visitor, held, visitor.request.POST or None)
    if visitor.request.method == "POST" and form.is_valid():
        done = attempt(visitor, form, lambda: count_in(DEFAULT, form.count(visitor, held)))
        if done is not None:
            return redirect("desk-document", done[1])
    asked = Section(note=visitor.say("note_count_in"), form=form, wide=False) if held.is_open else None
    sections = [_facts(visitor, held), *([asked] if asked else [])]
    return show(visitor, "draws", visitor.say("hand_in_title"), sections)


def _facts(visitor: Visitor, held: HandIn) -> Section:
    facts = [
        Fact(visitor.say("col_station"), visitor.station(held.station)),
        Fact(visitor.say("col_handed_in_by"), f"{visitor.who(held.by)} · {moment_text(held.at)}"),
        Fact(visitor.say("col_sheets"), str(len(held.sheets))),
        *([Fact(visitor.say("field_missing"), "\u3000".join(held.missing), "stop")] if held.missing else []),
    ]
    rows = [[text(one)] for one in held.sheets]
    return Section(facts=facts, table=Table(head=[visitor.say("col_sheet_name")], rows=rows))
