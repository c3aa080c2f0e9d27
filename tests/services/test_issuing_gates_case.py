"""Why no certificate is issued on a case: what stands against the batch and its inspection."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import RefusalCode
from inspector_app.journal.entries.devices import CaseHandedOver
from inspector_app.services.declaring import withdraw_declaration
from inspector_app.services.device import Device
from inspector_app.services.inspecting import complete_inspection
from inspector_app.services.issuing import batch_to_issue, can_issue
from tests.services.gates import batch, one
from tests.services.work import (
    FISH,
    KG,
    TEN_THOUSAND_FISH,
    accepted,
    done,
    draft,
    draft_a,
    inspected,
    inspection_form,
    issued,
    only,
    reported,
)

__all__ = ["batch"]  # found by its name

C = RefusalCode


def test_a_batch_nobody_inspected_is_named(device: Device) -> None:
    found = one(device, inspection="nowhere/4")
    assert (found.code, found.current) == (C.NOT_INSPECTED, "nowhere/4")


def test_a_withdrawn_declaration_carries_no_certificate(device: Device, batch: str) -> None:
    declaration = str(device.rows.many("declarations")[0]["ref"])
    done(withdraw_declaration(device, declaration, reason="trip_cancelled"))
    found = one(device, inspection=batch)
    assert (found.code, found.current) == (C.DECLARATION_NOT_ACCEPTED, "withdrawn")


def test_a_case_given_to_a_sister_device_is_issued_there(device: Device, batch: str) -> None:
    declaration = str(device.rows.many("declarations")[0]["ref"])
    fact = CaseHandedOver(declaration=declaration, device="5" * 32, bundle="0" * 64, turn=1)
    device.record(lambda act: act.add(fact, sign=device.sign))
    found = one(device, inspection=batch)
    assert (found.code, found.details) == (C.CASE_HANDED_OVER, {"device": "5" * 32})


def test_a_batch_that_failed_is_never_certified(device: Device) -> None:
    failed = inspected(device, form={"conclusion": "failed", "findings": ["fish_bleeding"]})
    assert one(device, inspection=failed).code is C.INSPECTION_FAILED


def other_batch(device: Device, sound: str, **form: Any) -> None:
    """A second batch of the declaration of ``sound`` that failed."""
    declaration = str((device.rows.one("inspections", ref=sound) or {})["declaration"])
    given = {"batch": "4 号池", "quantity": Quantity(1, 0, TEN_THOUSAND_FISH), "conclusion": "failed", **form}
    done(complete_inspection(device, inspection_form(device, declaration, **given)))


@pytest.mark.parametrize("sign", [{"findings": ["fish_dark"]}, {"suspected": ["ICH"]}, {"history_clean": False}])
def test_disease_in_one_batch_of_a_declaration_stops_the_others(device: Device, sign: dict[str, Any]) -> None:
    sound = inspected(device, form={"quantity": Quantity(60, 0, TEN_THOUSAND_FISH)})
    assert can_issue(device, draft(device, sound)) == ()
    other_batch(device, sound, **sign)
    found = one(device, inspection=sound)
    assert (found.code, found.field, found.current) == (C.INSPECTION_FAILED, "batch", "4 号池")


SUSPICION = {"findings": ["fish_bleeding"], "suspected": ["GCHD", "ICH"]}


def sick_sister(device: Device) -> tuple[str, str]:
    """A sound batch, and another of its declaration that failed under suspicion."""
    part = Quantity(60, 0, TEN_THOUSAND_FISH)
    sound = inspected(device, form={"quantity": part})
    other_batch(device, sound, **SUSPICION)
    (sick,) = device.rows.many("inspections", conclusion="failed")
    return sound, str(sick["ref"])


def test_a_suspicion_the_laboratory_cleared_stops_no_other_batch(device: Device) -> None:
    sound, sick = sick_sister(device)
    reported(device, sick, GCHD="negative")
    assert one(device, inspection=sound).code is C.INSPECTION_FAILED  # the second suspicion still stands
    reported(device, sick, ICH="negative")
    assert can_issue(device, draft(device, sound)) == ()
    assert can_issue(device, draft(device, sick))[0].code is C.INSPECTION_FAILED


@pytest.mark.parametrize("outcome", ["positive", "inconclusive"])
def test_a_suspicion_that_was_confirmed_or_stays_open_stops_the_others(device: Device, outcome: str) -> None:
    sound, sick = sick_sister(device)
    reported(device, sick, GCHD="negative", ICH=outcome)
    assert one(device, inspection=sound).field == "batch"
    # No later report takes a positive finding back.
    reported(device, sick, ICH="negative")
    assert bool(can_issue(device, draft(device, sound))) == (outcome == "positive")


def test_an_outbreak_within_twelve_months_is_cleared_by_no_report(device: Device) -> None:
    sound = inspected(device, form={"quantity": Quantity(60, 0, TEN_THOUSAND_FISH)})
    other_batch(device, sound, **SUSPICION, history_clean=False)
    (sick,) = device.rows.many("inspections", conclusion="failed")
    reported(device, str(sick["ref"]), GCHD="negative", ICH="negative")
    assert one(device, inspection=sound).code is C.INSPECTION_FAILED


def test_a_batch_that_failed_on_its_papers_stops_no_other(device: Device) -> None:
    sound = inspected(device, form={"quantity": Quantity(60, 0, TEN_THOUSAND_FISH)})
    other_batch(device, sound, failings=["production_record"])
    assert can_issue(device, draft(device, sound)) == ()


def test_the_batch_of_a_declaration_is_found_or_said_why_not(device: Device) -> None:
    only(batch_to_issue(device, "nowhere/1"), C.NOT_FOUND)
    declaration = accepted(device)
    only(batch_to_issue(device, declaration), C.NOT_INSPECTED)
    part = {"quantity": Quantity(10, 0, TEN_THOUSAND_FISH)}
    missing = {"conclusion": "failed", "failings": ["production_record"], "batch": "1"}
    done(complete_inspection(device, inspection_form(device, declaration, **part, **missing)))
    only(batch_to_issue(device, declaration), C.INSPECTION_FAILED)
    now = device.clock.now().at
    first, second = (
        done(complete_inspection(device, inspection_form(device, declaration, **part, batch=name, ended_at=end)))
        for name, end in (("2", now - 1), ("3", now))
    )
    assert done(batch_to_issue(device, declaration))["ref"] == first
    issued(device, first)
    assert done(batch_to_issue(device, declaration))["ref"] == second


def test_an_a_is_refused_until_its_required_result_stands(device: Device, batch: str) -> None:
    found = one(device, inspection=batch, kind="A")
    assert (found.code, found.details) == (C.RESULT_MISSING, {"disease": "GCHD"})
    reported(device, batch, GCHD="inconclusive")
    assert one(device, inspection=batch, kind="A").code is C.RESULT_MISSING
    reported(device, batch, GCHD="negative")
    assert can_issue(device, draft_a(device, batch)) == ()


def test_every_missing_result_is_named(device: Device) -> None:
    koi = inspected(device, species=106, stage="fingerling")
    missing = [refusal.details["disease"] for refusal in can_issue(device, draft_a(device, koi))]
    assert missing == ["CEVD", "KHVD", "SVC"]


def test_a_positive_result_stops_a_and_b_alike(device: Device, batch: str) -> None:
    reported(device, batch, GCHD="positive")
    for kind in ("A", "B"):
        found = one(device, inspection=batch, kind=kind)
        assert (found.code, found.details) == (C.RESULT_POSITIVE, {"disease": "GCHD"})


def test_what_exceeds_the_inspected_batch_is_told_what_is_left(device: Device, batch: str) -> None:
    issued(device, batch, quantity=Quantity(1_000_000, 0, FISH))
    found = one(device, inspection=batch, quantity=Quantity(21, 0, TEN_THOUSAND_FISH))
    assert (found.code, found.field) == (C.QUANTITY_EXCEEDS_INSPECTED, "quantity")
    assert (found.limit, found.current) == ("200,000", "210,000")
    assert can_issue(device, draft(device, batch, quantity=Quantity(20, 0, TEN_THOUSAND_FISH))) == ()


def test_one_fish_too_many_is_too_many(device: Device, batch: str) -> None:
    found = one(device, inspection=batch, quantity=Quantity(1_200_001, 0, FISH))
    assert found.code is C.QUANTITY_EXCEEDS_INSPECTED


def test_a_weight_is_never_summed_with_a_count(device: Device, batch: str) -> None:
    found = one(device, inspection=batch, quantity=Quantity(3, 0, KG))
    assert (found.code, found.field) == (C.UNITS_DIFFER, "quantity")
