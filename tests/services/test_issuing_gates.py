"""Why no certificate is issued: device, person, number, replacement; and which reason comes first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from inspector_app.domain.authority import Grant, Lease, PersonKey, TerminalLicence
from inspector_app.domain.filings import Filing
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import RefusalCode
from inspector_app.services.device import Device, Session
from inspector_app.services.issuing import can_issue, issue_certificate
from tests.office import FAR, NOON, STATION, VET, HandClock, Office, parts
from tests.services.gates import UnprintablePaper, batch, coded, one
from tests.services.work import (
    DAY,
    GAOYOU,
    HOUR,
    KG,
    acting,
    codes,
    done,
    draft,
    draft_a,
    inspected,
    issued,
    number_states,
    reported,
)

__all__ = ["batch"]  # found by its name

C = RefusalCode


# --- the device ------------------------------------------------------------------------------------------------------


def test_a_frozen_device_says_why_it_is_frozen(device: Device, batch: str) -> None:
    device.frozen = "witness_higher"
    found = one(device, inspection=batch)
    assert (found.code, found.details) == (C.DEVICE_FROZEN, {"reason": "witness_higher"})


def test_a_clock_behind_the_journal_says_both_times(device: Device, batch: str, clock: HandClock) -> None:
    last = clock.at
    clock.forward(minutes=-6)
    found = one(device, inspection=batch, departs_at=last + HOUR)
    assert (found.code, found.limit, found.current) == (C.CLOCK_BEHIND_JOURNAL, last, clock.at)


def test_a_clock_set_back_by_a_moment_stops_nobody(device: Device, batch: str, clock: HandClock) -> None:
    clock.forward(minutes=-5)
    assert can_issue(device, draft(device, batch)) == ()


def test_nobody_signed_in_issues_nothing(device: Device, batch: str) -> None:
    made = draft(device, batch)
    with acting(device, None):
        assert codes(issue_certificate(device, made)) == [C.NOT_SIGNED_IN]


def test_a_full_disk_is_told_before_a_number_is_taken(device: Device, batch: str) -> None:
    device.free_bytes = lambda: 63 * 1024 * 1024
    found = one(device, inspection=batch)
    assert (found.code, found.limit, found.current) == (C.DISK_LOW, 64, 63)


@pytest.fixture
def real(tmp_path: Path, clock: HandClock) -> Iterator[tuple[Office, Device]]:
    """A device under a root that is no practice."""
    office = Office(practice=False, province="32")
    opened = office.enrol(tmp_path / "real", parts(clock))
    yield office, opened
    opened.store.database.abandon()


def test_without_a_licence_a_real_device_is_no_terminal(real: tuple[Office, Device], clock: HandClock) -> None:
    office, device = real
    batch = inspected(device)
    assert one(device, inspection=batch).code is C.NO_TERMINAL_LICENCE
    office.publish(device, TerminalLicence(device.id, STATION, clock.at, clock.at + 5 * DAY))
    assert can_issue(device, draft(device, batch)) == ()
    clock.forward(days=5, minutes=1)
    assert one(device, inspection=batch).code is C.NO_TERMINAL_LICENCE


def test_a_licence_renewed_by_a_faster_clock_leaves_the_one_before_in_force(
    real: tuple[Office, Device], clock: HandClock
) -> None:
    office, device = real
    batch = inspected(device)
    office.publish(device, TerminalLicence(device.id, STATION, clock.at - DAY, clock.at + DAY))
    office.publish(device, TerminalLicence(device.id, STATION, clock.at + DAY // 2, FAR))
    assert can_issue(device, draft(device, batch)) == ()


def test_a_licence_taken_back_ends_the_one_before(real: tuple[Office, Device], clock: HandClock) -> None:
    office, device = real
    batch = inspected(device)
    office.publish(device, TerminalLicence(device.id, STATION, clock.at - DAY, FAR))
    office.publish(device, TerminalLicence(device.id, STATION, clock.at - 1, clock.at - 1))
    assert one(device, inspection=batch).code is C.NO_TERMINAL_LICENCE


def test_a_licence_for_another_device_is_none(real: tuple[Office, Device], clock: HandClock) -> None:
    office, device = real
    office.publish(device, TerminalLicence("7" * 32, STATION, clock.at, FAR))
    assert one(device, inspection=inspected(device)).code is C.NO_TERMINAL_LICENCE


# --- the person ------------------------------------------------------------------------------------------------------


def test_g23_only_a_vet_issues(device: Device, batch: str, clerk: Session) -> None:
    made = draft(device, batch)
    with acting(device, clerk):
        found = can_issue(device, made)
    assert [(refusal.code, refusal.details) for refusal in found] == [
        (C.POST_MISSING, {"action": "issue"}),
        (C.AUTHORITY_MISSING, {}),
        (C.NO_NUMBERS_LEFT, {"kind": "B"}),
    ]


def test_g23_an_expired_grant_stops_issuing(office: Office, device: Device, batch: str, clock: HandClock) -> None:
    office.publish(device, office.grant(VET, "vet", kinds=("A", "B"), valid_until=clock.at + HOUR))
    clock.forward(minutes=61)
    found = one(device, inspection=batch)
    assert (found.code, found.limit) == (C.GRANT_EXPIRED, "2026-11-21")


def test_a_grant_that_begins_tomorrow_changes_nothing_today(
    office: Office, device: Device, batch: str, clock: HandClock
) -> None:
    office.publish(device, office.grant(VET, "clerk", valid_from=clock.at + HOUR))
    assert can_issue(device, draft(device, batch)) == ()
    clock.forward(minutes=61)
    assert C.POST_MISSING in codes(issue_certificate(device, draft(device, batch)))


def test_a_first_grant_that_has_not_begun_does_not_count_yet(tmp_path: Path, clock: HandClock) -> None:
    office = Office()
    whole = office.grant
    office.grant = lambda *posts, **fields: whole(*posts, **fields, valid_from=clock.at + HOUR)  # type: ignore[method-assign]
    device = office.enrol(tmp_path / "home", parts(clock))
    assert C.GRANT_EXPIRED in codes(issue_certificate(device, draft(device, "")))
    device.store.database.abandon()


def test_a_key_whose_window_has_ended_signs_nothing(
    office: Office, device: Device, batch: str, clock: HandClock
) -> None:
    key = device.session_key().public
    ends = PersonKey(VET, device.id, key.suite, key.raw, 0, clock.at + HOUR)
    office.publish(device, ends)
    assert can_issue(device, draft(device, batch)) == ()
    clock.forward(minutes=61)
    found = one(device, inspection=batch)
    assert (found.code, found.limit) == (C.KEY_ENDED, "2026-11-21")
    office.publish(device, msgspec.structs.replace(ends, valid_until=FAR))
    assert can_issue(device, draft(device, batch)) == ()


def test_an_older_grant_never_overwrites_a_newer_one(office: Office, device: Device, batch: str) -> None:
    old, new = office.grant(VET, "clerk"), office.grant(VET, "vet", kinds=("B",))
    office.publish(device, new, old)
    assert can_issue(device, draft(device, batch)) == ()


def test_g24_a_kind_outside_the_authority_names_what_is_inside(office: Office, device: Device, batch: str) -> None:
    reported(device, batch, GCHD="negative")
    office.publish(device, office.grant(VET, "vet", kinds=("B",)))
    found = one(device, inspection=batch, kind="A")
    assert (found.code, found.limit, found.current) == (C.AUTHORITY_MISSING, "A", "B")


def test_g25_a_vet_filed_for_a_alone_issues_no_b(office: Office, device: Device, batch: str) -> None:
    office.publish(device, office.grant(VET, "vet", kinds=("A",)))
    found = one(device, inspection=batch)
    assert (found.code, found.limit, found.current) == (C.AUTHORITY_MISSING, "B", "A")


def test_g24_a_vet_filed_with_the_county_for_a_issues_none(office: Office, device: Device, batch: str) -> None:
    reported(device, batch, GCHD="negative")
    office.publish(device, filed(office, Filing("A", 100, "county", "邮检 A-11")))
    found = one(device, inspection=batch, kind="A")
    assert (found.code, found.limit, found.current) == (C.FILED_ELSEWHERE, "A", 100)
    assert found.details == {"filing": "邮检 A-11", "level": "county"}


def test_g25_a_vet_filed_with_the_province_for_b_issues_none(office: Office, device: Device, batch: str) -> None:
    office.publish(device, filed(office, Filing("B", 1, "province", "省检 B-11")))
    assert one(device, inspection=batch).code is C.FILED_ELSEWHERE
    office.publish(device, filed(office, Filing("B", 10, "city", "扬检 B-11")))
    assert can_issue(device, draft(device, batch)) == ()


def test_a_certificate_names_the_grant_it_was_signed_under(office: Office, device: Device) -> None:
    grant = filed(office, Filing("B", 100, "county", "邮检 B-11"))
    office.publish(device, grant)
    row = device.rows.one("certificates", number=issued(device)) or {}
    assert row["grant_ordinal"] == grant.ordinal
    held = device.rows.one("grants", person=row["vet"], ordinal=row["grant_ordinal"]) or {}
    assert held["filings"] == '[["B",100,"county","邮检 B-11"]]'


def filed(office: Office, *filings: Filing) -> Grant:
    """The vet's next grant with these filings."""
    return msgspec.structs.replace(office.grant(VET, "vet", kinds=("A", "B")), filings=filings)


def test_a_key_the_province_has_not_published_signs_nothing(tmp_path: Path, clock: HandClock) -> None:
    office = Office()
    office.publish_key = lambda device: None  # type: ignore[method-assign]
    device = office.enrol(tmp_path / "home", parts(clock))
    assert one(device, inspection=inspected(device)).code is C.KEY_NOT_PUBLISHED
    Office.publish_key(office, device)
    issued(device)
    device.store.database.abandon()


def test_a_lapsed_lease_names_its_last_day(device: Device, batch: str, clock: HandClock) -> None:
    clock.forward(days=7)
    assert can_issue(device, draft(device, batch)) == ()
    clock.forward(minutes=1)
    found = one(device, inspection=batch)
    assert (found.code, found.limit) == (C.LEASE_EXPIRED, "2026-11-28")


def test_a_longer_lease_gives_the_right_back_and_a_stale_one_takes_nothing(
    office: Office, device: Device, batch: str, clock: HandClock
) -> None:
    clock.forward(days=8)
    office.publish(device, Lease(device.id, clock.at, clock.at + 7 * DAY, 0, b""))
    office.publish(device, Lease(device.id, NOON, NOON + DAY, 0, b""))
    assert can_issue(device, draft(device, batch)) == ()


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_without_numbers_the_kind_is_named(office: Office, tmp_path: Path, clock: HandClock) -> None:
    device = office.enrol(tmp_path / "home", parts(clock), blocks=0)
    found = one(device, inspection=inspected(device))
    assert (found.code, found.details) == (C.NO_NUMBERS_LEFT, {"kind": "B"})
    device.store.database.abandon()


def test_only_a_block_past_its_last_day_left_is_told_as_such(office: Office, tmp_path: Path, clock: HandClock) -> None:
    device = office.enrol(tmp_path / "home", parts(clock), blocks=0)
    draw, block = office.numbers(device.id, "B")
    office.publish(device, draw, msgspec.structs.replace(block, expires=clock.at + HOUR))
    batch = inspected(device)
    issued(device, batch)
    clock.forward(minutes=61)
    found = one(device, inspection=batch)
    assert (found.code, found.details) == (C.BLOCK_EXPIRED, {"block": block.block})
    device.store.database.abandon()


# --- replacing -------------------------------------------------------------------------------------------------------


def test_what_is_replaced_must_be_here_in_force_and_of_this_batch(device: Device, batch: str) -> None:
    reason = {"replace_reason": "vehicle_changed"}
    found = one(device, inspection=batch, replaces="B 9900000009", **reason)
    assert (found.code, found.field, found.current) == (C.NOT_FOUND, "replaces", "B 9900000009")
    other = issued(device)
    found = one(device, inspection=batch, replaces=other, **reason)
    assert (found.code, found.field, found.current) == (C.FIELD_INVALID, "replaces", other)
    old = issued(device, batch)
    issued(device, batch, replaces=old, **reason)
    found = one(device, inspection=batch, replaces=old, **reason)
    assert (found.code, found.field, found.current, found.limit) == (C.WRONG_STATE, "replaces", "replaced", "issued")


@pytest.mark.parametrize(
    ("reason", "code"), [("", C.FIELD_MISSING), ("因为王大河换了车", C.FIELD_INVALID), ("void", C.FIELD_INVALID)]
)
def test_replacing_needs_a_reason_of_the_list(device: Device, batch: str, reason: str, code: RefusalCode) -> None:
    old = issued(device, batch)
    found = one(device, inspection=batch, replaces=old, replace_reason=reason)
    assert (found.code, found.field) == (code, "replace_reason")


# --- which comes first -----------------------------------------------------------------------------------------------


def test_everything_that_stands_against_a_draft_is_told_in_one_order(
    office: Office, device: Device, clock: HandClock
) -> None:
    failed = inspected(device, form={"conclusion": "failed", "suspected": ["ICH"]})
    office.publish(device, office.policy(offline_kinds=[]))
    office.publish(device, office.grant(VET, "clerk", valid_until=clock.at - 1))
    device.frozen = "witness_other_hash"
    device.free_bytes = lambda: 0
    last = clock.at
    clock.at += 8 * DAY
    issued_nothing = draft_a(
        device,
        failed,
        quantity=Quantity(3, 0, KG),
        destination_place="",
        plate="1",
        valid_days=9,
        departs_at=last,
        replaces="A 1",
        destination=GAOYOU,
        medium="none",
    )
    assert codes(issue_certificate(device, issued_nothing)) == [
        C.DEVICE_FROZEN,
        C.POST_MISSING,
        C.AUTHORITY_MISSING,
        C.LEASE_EXPIRED,
        C.NOT_FOUND,
        C.INSPECTION_FAILED,
        C.RESULT_MISSING,
        C.RESULT_MISSING,
        C.UNITS_DIFFER,
        C.FIELD_MISSING,
        C.FIELD_MISSING,
        C.FIELD_INVALID,
        C.FIELD_INVALID,
        C.KIND_WRONG,
        C.DEPARTURE_PASSED,
        C.VALIDITY_TOO_LONG,
        C.OFFLINE_NOT_ALLOWED,
        C.DISK_LOW,
    ]


def test_the_paper_is_asked_only_when_the_rest_could_be_printed(device: Device, batch: str) -> None:
    device.paper = UnprintablePaper()
    assert coded(device, draft(device, batch, plate="")) == [(C.FIELD_MISSING, "plate")]
    assert [code for code, _field in coded(device, draft(device, batch))] == [C.CHARACTER_NOT_PRINTABLE]


def test_what_may_be_issued_is_issued_and_what_may_not_changes_nothing(device: Device, batch: str) -> None:
    before = device.store.head()
    assert codes(issue_certificate(device, draft(device, batch, plate=""))) == [C.FIELD_MISSING]
    assert device.store.head() == before
    assert number_states(device, "B") == ["free"] * 10
    assert can_issue(device, draft(device, batch)) == ()
    done(issue_certificate(device, draft(device, batch)))
