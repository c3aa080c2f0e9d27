"""Whatever is typed into whatever field: a refusal or a record whose public part does not hold it, never a crash.

Public parts are kept for ever. One field is public as typed by design: the number of a laboratory's report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.declaration import DeclarationForm
from inspector_app.domain.refusals import Refused
from inspector_app.services.declaring import record_declaration
from inspector_app.services.device import Device
from inspector_app.services.inspecting import InspectionForm, Measurement, complete_inspection
from inspector_app.services.issuing import Issued, can_issue, issue_certificate
from inspector_app.services.sampling import DiseaseOutcome, ResultForm, SampleForm, receive_result, take_sample
from tests.services.work import (
    accepted,
    assert_sound,
    declaration_form,
    done,
    draft,
    draft_a,
    inspected,
    inspection_form,
    issued,
    reported,
)

SECRET = "王大河的短信"
TYPED_AND_PUBLIC = ("ResultForm", "report_no")
AWKWARD = ["", " ", "\x00", "\u202e", "\ufeff", "x" * 300, "../etc"]

Act = Callable[[Device, Any], object]
Scene = Callable[[Device], tuple[msgspec.Struct, Act]]


def declaring(device: Device) -> tuple[msgspec.Struct, Act]:
    return declaration_form(device), record_declaration


def inspecting(device: Device) -> tuple[msgspec.Struct, Act]:
    return inspection_form(device, accepted(device)), complete_inspection


def taking(device: Device) -> tuple[SampleForm, Act]:
    form = SampleForm(inspection=inspected(device), individuals=5, preservation="ethanol", diseases=["GCHD"])
    return form, take_sample


def receiving(device: Device) -> tuple[msgspec.Struct, Act]:
    sample = done(take_sample(device, taking(device)[0]))
    outcomes = [DiseaseOutcome("GCHD", "negative")]
    day = device.today()
    return ResultForm(sample=sample, laboratory=3, report_no="1", reported_on=day, outcomes=outcomes), receive_result


def issuing_b(device: Device) -> tuple[msgspec.Struct, Act]:
    return draft(device, inspected(device)), issue


def issuing_a(device: Device) -> tuple[msgspec.Struct, Act]:
    batch = inspected(device)
    reported(device, batch, GCHD="negative")
    return draft_a(device, batch), issue


def replacing(device: Device) -> tuple[msgspec.Struct, Act]:
    batch = inspected(device)
    number = issued(device, batch)
    return draft(device, batch, replaces=number, replace_reason="vehicle_changed"), issue


def issue(device: Device, made: IssueDraft) -> object:
    can_issue(device, made)
    return issue_certificate(device, made)


SCENES: dict[Scene, type[msgspec.Struct]] = {
    declaring: DeclarationForm,
    inspecting: InspectionForm,
    taking: SampleForm,
    receiving: ResultForm,
    issuing_b: IssueDraft,
    issuing_a: IssueDraft,
    replacing: IssueDraft,
}


def cases() -> Iterator[tuple[Scene, str]]:
    for scene, form in SCENES.items():
        for field in fields(form):
            if field.type in (str, list[str], list[Measurement], list[DiseaseOutcome]):
                yield scene, field.name


def filled(form: msgspec.Struct, name: str, text: str) -> msgspec.Struct:
    """The form with the text in one field, whatever the field holds texts in."""
    kind = next(field.type for field in fields(form) if field.name == name)
    value: Any = {
        str: text,
        list[str]: [text],
        list[Measurement]: [Measurement(text, 1, 1, text)],
        list[DiseaseOutcome]: [DiseaseOutcome(text, text)],
    }[kind]
    return replace(form, **{name: value})


texts = st.sampled_from(AWKWARD) | st.text(max_size=20)


@pytest.mark.parametrize(("scene", "name"), [*cases()], ids=lambda part: getattr(part, "__name__", part))
def test_no_field_lets_a_text_into_the_public_part_or_crashes(device: Device, scene: Scene, name: str) -> None:
    form, act = scene(device)

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(before=texts, after=texts, secret=st.booleans())
    def any_text(before: str, after: str, secret: bool) -> None:
        head = device.store.head()
        text = before + SECRET + after if secret else before + after
        outcome = act(device, filled(form, name, text))
        assert isinstance(outcome, str | Issued | Refused)
        assert (device.store.head() == head) == isinstance(outcome, Refused)

    any_text()
    act(device, filled(form, name, SECRET))
    public = b"".join(written.public for written in device.store.written())
    assert SECRET.encode() not in public or (type(form).__name__, name) == TYPED_AND_PUBLIC
    assert_sound(device)


@pytest.mark.parametrize("name", ["replace_reason", "replace_note"])
def test_a_reason_beside_nothing_that_is_replaced_is_refused_or_left_out(device: Device, name: str) -> None:
    made = draft(device, inspected(device), **{name: SECRET})
    outcome = issue_certificate(device, made)
    if name == "replace_reason":
        assert isinstance(outcome, Refused)
        assert [one.field for one in outcome.refusals] == ["replaces"]
    else:
        entry = device.store.entry(done(outcome).ref)
        assert entry is not None
        assert SECRET.encode() not in msgspec.json.encode(entry.private)


def test_a_note_on_replacing_nothing_must_still_be_readable(device: Device) -> None:
    outcome = issue_certificate(device, draft(device, inspected(device), replace_note="停电\x00"))
    assert isinstance(outcome, Refused)
    assert [one.field for one in outcome.refusals] == ["replace_note"]
