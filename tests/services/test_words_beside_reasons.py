"""Words beside a reason: demanded where its list says so, kept, shown on the paper, forgotten in time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inspector_app.domain.refusals import RefusalCode
from inspector_app.journal.entries.certificates import CertificateIssued
from inspector_app.journal.projections import forget
from inspector_app.services.declaration_papers import slip_content
from inspector_app.services.declaring import accept_declaration, refuse_acceptance, withdraw_declaration
from inspector_app.services.device import Device
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.noticing import NoticeDraft, issue_notice
from inspector_app.services.print_jobs import release_spare
from tests.services.work import (
    HOUR,
    assert_sound,
    declared,
    document_checks,
    done,
    draft,
    inspected,
    issued,
    only,
    printed,
    void_paper,
)

WORDS = "凌晨停电，增氧机无法开启"
Act = Callable[[Device, str], object]


def column(device: Device, table: str, name: str, **key: str | int) -> object:
    return (device.rows.one(table, **key) or {})[name]


def accepting(device: Device) -> tuple[Act, Callable[[], object]]:
    declaration = declared(device, departs_at=device.clock.now().at + 4 * HOUR)

    def act(device: Device, words: str) -> object:
        return accept_declaration(device, declaration, inspect_on=device.today(), short_notice="other", note=words)

    return act, lambda: column(device, "declarations", "decision_note", ref=declaration)


def refusing(device: Device) -> tuple[Act, Callable[[], object]]:
    declaration = declared(device)
    return (
        lambda device, words: refuse_acceptance(device, declaration, reason="other_law", note=words),
        lambda: column(device, "declarations", "decision_note", ref=declaration),
    )


def withdrawing(device: Device) -> tuple[Act, Callable[[], object]]:
    declaration = declared(device)
    return (
        lambda device, words: withdraw_declaration(device, declaration, reason="other", note=words),
        lambda: column(device, "declarations", "decision_note", ref=declaration),
    )


def voiding(device: Device) -> tuple[Act, Callable[[], object]]:
    number = issued(device)
    return (
        lambda device, words: void_paper(device, number, reason="other", on_desk=0, note=words),
        lambda: column(device, "certificates", "void_note", number=number),
    )


def replacing(device: Device) -> tuple[Act, Callable[[], object]]:
    batch = inspected(device)
    number = issued(device, batch)

    def act(device: Device, words: str) -> object:
        changed = draft(device, batch, replaces=number, replace_reason="other", replace_note=words)
        return issue_certificate(device, changed)

    return act, lambda: column(device, "certificates", "void_note", number=number)


def printing_anew(device: Device) -> tuple[Act, Callable[[], object]]:
    number = printed(device)
    return (
        lambda device, words: release_spare(device, number, reason="other", spoiled=[1, 2], note=words),
        lambda: column(device, "prints", "note", number=number, print=2),
    )


REASONED = [accepting, refusing, withdrawing, voiding, replacing, printing_anew]


@pytest.mark.parametrize("reasoned", REASONED)
def test_words_are_demanded_kept_and_forgotten_in_time(
    device: Device, reasoned: Callable[[Device], tuple[Act, Callable[[], object]]]
) -> None:
    act, kept = reasoned(device)
    before = device.store.head()
    field = "replace_note" if reasoned is replacing else "note"
    only(act(device, "  "), RefusalCode.FIELD_MISSING, field)
    only(act(device, "停电\u202e"), RefusalCode.FIELD_INVALID, field)
    assert device.store.head() == before
    done(act(device, f" {WORDS} "))
    assert kept() == WORDS
    assert_sound(device)
    forget(f"{device.id}/{device.store.head().seq}", device.store.rows)
    assert kept() is None


def test_the_refusal_slip_says_the_words_beside_the_reason(device: Device) -> None:
    declaration = declared(device)
    done(refuse_acceptance(device, declaration, reason="other_law", note=WORDS))
    assert done(slip_content(device, declaration)).values["reason"].endswith(f"：{WORDS}")


def test_words_beside_a_reason_nobody_needed_are_not_recorded(device: Device) -> None:
    declaration = declared(device)
    done(accept_declaration(device, declaration, inspect_on=device.today(), short_notice="other", note=WORDS))
    assert column(device, "declarations", "decision_note", ref=declaration) is None


def test_another_treatment_is_described_in_the_remarks(device: Device) -> None:
    failed = inspected(device, form={"conclusion": "failed", "failings": document_checks(device)[:1]})
    notice = NoticeDraft(inspection=failed, basis=["apl_56"], method="other", failures=["documents"])
    only(issue_notice(device, notice), RefusalCode.FIELD_MISSING, "remarks")


def test_why_a_plate_is_unusual_is_recorded_and_only_then(device: Device) -> None:
    batch = inspected(device)
    unusual = issued(device, batch, plate="KA12345", plate_reason="foreign")
    usual = issued(device, batch, plate="苏K12345", plate_reason="foreign")
    facts = [entry.fact for entry in device.store.entries() if isinstance(entry.fact, CertificateIssued)]
    assert [fact.record.plate_reason for fact in facts] == ["foreign", ""]
    numbers = (unusual, usual)
    assert [column(device, "certificates", "plate_reason", number=one) for one in numbers] == ["foreign", ""]
