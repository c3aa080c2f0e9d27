"""Samples and results: labels, what a report must say, and how required results stand."""

from __future__ import annotations

import re
from typing import Any

import pytest

from inspector_app.domain.refusals import RefusalCode
from inspector_app.journal.entries.inspections import DiseaseOutcome
from inspector_app.services.device import Device, Session
from inspector_app.services.sampling import (
    ResultForm,
    SampleForm,
    designated,
    receive_result,
    results_standing,
    send_sample,
    take_sample,
)
from tests.office import HandClock, Office
from tests.services.work import (
    GRASS_CARP,
    LABORATORY,
    LOACH,
    acting,
    assert_sound,
    codes,
    done,
    inspected,
    only,
    reported,
)

KOI = 106


def sample_form(inspection: str, **changes: Any) -> SampleForm:
    fields: dict[str, Any] = {
        "inspection": inspection,
        "individuals": 150,
        "preservation": "ethanol",
        "diseases": ["GCHD"],
    }
    return SampleForm(**{**fields, **changes})


def result_form(device: Device, sample: str, **changes: Any) -> ResultForm:
    fields: dict[str, Any] = {
        "sample": sample,
        "laboratory": LABORATORY,
        "report_no": "JC-2026-118",
        "reported_on": device.today(),
        "outcomes": [DiseaseOutcome("GCHD", "negative")],
    }
    return ResultForm(**{**fields, **changes})


def sampled(device: Device, inspection: str = "") -> str:
    return done(take_sample(device, sample_form(inspection or inspected(device))))


def standing(device: Device, inspection: str, kind: str = "A") -> tuple[tuple[str, ...], tuple[str, ...]]:
    row = device.rows.one("inspections", ref=inspection)
    assert row is not None
    found = results_standing(device, row, kind)
    return found.missing, found.positive


# --- samples ---------------------------------------------------------------------------------------------------------


def test_a_label_names_area_day_device_and_running_number(device: Device, clock: HandClock) -> None:
    inspection = inspected(device)
    labels = [(device.rows.one("samples", ref=sampled(device, inspection)) or {})["code"] for _ in range(2)]
    assert labels == [f"32108420261121{device.id[:2]}00{number}" for number in (1, 2)]
    clock.forward(days=1)
    tomorrow = str((device.rows.one("samples", ref=sampled(device, inspection)) or {})["code"])
    assert re.fullmatch(rf"32108420261122{device.id[:2]}001", tomorrow)


def test_a_sample_is_of_an_inspected_batch(device: Device) -> None:
    found = only(take_sample(device, sample_form("nowhere/9")), RefusalCode.NOT_INSPECTED)
    assert found.current == "nowhere/9"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"individuals": 0}, RefusalCode.FIELD_INVALID, "individuals"),
        ({"individuals": -3}, RefusalCode.FIELD_INVALID, "individuals"),
        ({"individuals": 2**60}, RefusalCode.FIELD_INVALID, "individuals"),
        ({"diseases": []}, RefusalCode.FIELD_MISSING, "diseases"),
        ({"diseases": ["GCHD", "measles"]}, RefusalCode.FIELD_INVALID, "diseases"),
        ({"preservation": ""}, RefusalCode.FIELD_MISSING, "preservation"),
        ({"preservation": "in my fridge"}, RefusalCode.FIELD_INVALID, "preservation"),
        ({"note": "三\u202c号"}, RefusalCode.FIELD_INVALID, "note"),
        ({"attachments": ["00" * 32]}, RefusalCode.FIELD_INVALID, "attachments"),
    ],
)
def test_a_sample_form_is_refused_at_its_fault(
    device: Device, changes: dict[str, Any], code: RefusalCode, field: str
) -> None:
    only(take_sample(device, sample_form(inspected(device), **changes)), code, field)


def test_only_a_vet_takes_samples_and_a_reception_may_enter_the_report(device: Device, clerk: Session) -> None:
    inspection = inspected(device)
    with acting(device, clerk):
        assert only(take_sample(device, sample_form(inspection)), RefusalCode.POST_MISSING).details == {
            "action": "sample"
        }
    sample = sampled(device, inspection)
    with acting(device, clerk):
        done(receive_result(device, result_form(device, sample)))


@pytest.mark.parametrize(
    ("laboratory", "day", "field"),
    [(0, "2026-11-21", "laboratory"), (2**40, "2026-11-21", "laboratory"), (3, "soon", "sent_on"),
     (3, "2026-11-22", "sent_on"), (77, "2026-11-21", "laboratory"), (3, "2026-11-20", "sent_on")],
)  # fmt: skip
def test_a_sample_is_sent_to_a_laboratory_on_a_day_that_has_come(
    device: Device, laboratory: int, day: str, field: str
) -> None:
    outcome = send_sample(device, sampled(device), laboratory=laboratory, sent_on=day)
    only(outcome, RefusalCode.FIELD_INVALID, field)


def test_a_sample_nobody_took_is_neither_sent_nor_reported(device: Device) -> None:
    only(send_sample(device, "nowhere/1", laboratory=3, sent_on=device.today()), RefusalCode.NOT_FOUND, "sample")
    only(receive_result(device, result_form(device, "nowhere/1")), RefusalCode.NOT_FOUND, "sample")


# --- reports ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"report_no": " "}, RefusalCode.FIELD_MISSING, "report_no"),
        ({"report_no": "J" * 41}, RefusalCode.FIELD_INVALID, "report_no"),
        ({"report_no": "JC\u200f-1"}, RefusalCode.FIELD_INVALID, "report_no"),
        ({"outcomes": []}, RefusalCode.FIELD_MISSING, "outcomes"),
        ({"outcomes": [DiseaseOutcome("GCHD", "阴性")]}, RefusalCode.FIELD_INVALID, "outcomes"),
        ({"outcomes": [DiseaseOutcome("gchd", "negative")]}, RefusalCode.FIELD_INVALID, "diseases"),
        ({"reported_on": "2026-11-22"}, RefusalCode.FIELD_INVALID, "reported_on"),
        ({"reported_on": "21.11.2026"}, RefusalCode.FIELD_INVALID, "reported_on"),
        ({"reported_on": "2001-01-01"}, RefusalCode.FIELD_INVALID, "reported_on"),
        ({"laboratory": -1}, RefusalCode.FIELD_INVALID, "laboratory"),
        ({"laboratory": 77}, RefusalCode.FIELD_INVALID, "laboratory"),
        ({"laboratory": 2**70}, RefusalCode.FIELD_INVALID, "laboratory"),
        ({"outcomes": [DiseaseOutcome("SVC", "negative")]}, RefusalCode.FIELD_INVALID, "tested"),
        ({"outcomes": [DiseaseOutcome("SVC", "inconclusive")]}, RefusalCode.FIELD_INVALID, "tested"),
    ],
)
def test_a_report_is_refused_at_its_fault(
    device: Device, changes: dict[str, Any], code: RefusalCode, field: str
) -> None:
    only(receive_result(device, result_form(device, sampled(device), **changes)), code, field)


def test_several_faults_of_a_report_are_told_at_once(device: Device) -> None:
    outcome = receive_result(device, result_form(device, "nowhere/1", report_no="", laboratory=0))
    assert codes(outcome) == [RefusalCode.NOT_FOUND, RefusalCode.FIELD_MISSING, RefusalCode.FIELD_INVALID]


def test_a_report_is_not_older_than_the_sending_of_its_sample(device: Device, clock: HandClock) -> None:
    sample = sampled(device)
    taken_on = device.today()
    clock.forward(days=2)
    done(send_sample(device, sample, laboratory=LABORATORY, sent_on=device.today()))
    early = receive_result(device, result_form(device, sample, reported_on=taken_on))
    assert only(early, RefusalCode.FIELD_INVALID, "reported_on").limit == device.today()
    done(receive_result(device, result_form(device, sample)))


def test_one_report_is_recorded_once(device: Device) -> None:
    sample = sampled(device)
    done(receive_result(device, result_form(device, sample)))
    again = receive_result(device, result_form(device, sample, report_no=" JC-2026-118 "))
    assert only(again, RefusalCode.ALREADY_RECORDED, "report_no").current == "JC-2026-118"
    done(receive_result(device, result_form(device, sample, report_no="JC-2026-119")))
    done(receive_result(device, result_form(device, sample, laboratory=1)))
    assert_sound(device)


def test_a_negative_report_on_another_disease_opens_no_gate(device: Device) -> None:
    inspection = inspected(device)
    sample = done(take_sample(device, sample_form(inspection, diseases=["SVC"])))
    only(receive_result(device, result_form(device, sample)), RefusalCode.FIELD_INVALID, "tested")
    assert standing(device, inspection) == (("GCHD",), ())


def test_the_laboratories_are_those_the_province_designated(device: Device, office: Office) -> None:
    assert [row.code for row in designated(device)] == [1, 2, 3]
    assert device.catalogue.laboratories("32", device.today()) == ()


def test_photographs_of_sample_and_report_are_in_the_lists(device: Device) -> None:
    photo = device.files.add(b"a photograph", "image/jpeg")
    sample = done(take_sample(device, sample_form(inspected(device), attachments=[photo])))
    result = done(receive_result(device, result_form(device, sample, attachments=[photo])))
    for table, ref in (("samples", sample), ("results", result)):
        assert (device.rows.one(table, ref=ref) or {})["attachments"] == f'["{photo}"]'


# --- how results stand -----------------------------------------------------------------------------------------------


def test_an_a_waits_for_every_disease_a_laboratory_must_confirm(device: Device) -> None:
    inspection = inspected(device, species=KOI, stage="fingerling")
    assert standing(device, inspection) == (("CEVD", "KHVD", "SVC"), ())
    reported(device, inspection, CEVD="negative", KHVD="negative")
    assert standing(device, inspection) == (("SVC",), ())
    reported(device, inspection, SVC="negative")
    assert standing(device, inspection) == ((), ())
    assert_sound(device)


def test_a_b_waits_for_nothing_but_what_the_vet_suspects(device: Device) -> None:
    assert standing(device, inspected(device, species=GRASS_CARP), "B") == ((), ())
    suspicious = inspected(device, species=LOACH, form={"suspected": ["ICH"]})
    assert standing(device, suspicious, "B") == (("ICH",), ())


def test_an_inconclusive_report_proves_nothing(device: Device) -> None:
    inspection = inspected(device)
    reported(device, inspection, GCHD="inconclusive")
    assert standing(device, inspection) == (("GCHD",), ())


def test_no_later_report_takes_a_positive_one_back(device: Device) -> None:
    inspection = inspected(device)
    reported(device, inspection, GCHD="positive")
    reported(device, inspection, GCHD="negative")
    assert standing(device, inspection) == ((), ("GCHD",))


def test_a_positive_finding_counts_for_a_disease_nobody_asked_about(device: Device) -> None:
    inspection = inspected(device)
    reported(device, inspection, GCHD="negative", ICH="positive")
    assert standing(device, inspection, "B") == ((), ("ICH",))


def test_which_kinds_wait_for_results_is_policy(office: Office, device: Device) -> None:
    inspection = inspected(device)
    office.publish(device, office.policy(result_required_kinds=["A", "B"]))
    assert standing(device, inspection, "B") == (("GCHD",), ())
    office.publish(device, office.policy(result_required_kinds=[]))
    assert standing(device, inspection, "A") == ((), ())
