"""Issuing: what is recorded is what is signed is what is on the paper; quantities add up; numbers go in order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector_app.clock import day_start
from inspector_app.config import read_resource
from inspector_app.domain.authority import PolicySheet
from inspector_app.domain.certificate import CertificateParties, record_hash
from inspector_app.domain.credential import Credential, Verdict, body_of, judge
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import RefusalCode, Refused
from inspector_app.domain.trust import Standing
from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import ACTOR_CONTEXT
from inspector_app.journal.entries.certificates import CertificateIssued
from inspector_app.services import issuing
from inspector_app.services.declaring import withdraw_declaration
from inspector_app.services.device import Device
from inspector_app.services.issuing import Issued, issue_certificate, propose, spare_info
from inspector_app.services.paperwork import certificate_content, draft_content, issued_papers
from inspector_app.services.print_jobs import content_of, open_credential
from inspector_app.suites import SealError, sha256, verify
from tests.office import NOON, VET, HandClock, Office, parts
from tests.services.proof import code_of, judged, trust_of, with_exception
from tests.services.work import (
    DAY,
    FISH,
    GAOYOU,
    GRASS_CARP,
    HOUR,
    TEN_THOUSAND_FISH,
    XINGHUA,
    assert_sound,
    codes,
    done,
    draft,
    draft_a,
    inspected,
    issued,
    number_states,
    only,
    reported,
    state,
)


def certificate(device: Device, number: str) -> dict[str, Any]:
    return device.rows.one("certificates", number=number) or {}


def issued_fact(device: Device, number: str) -> CertificateIssued:
    entry = device.store.entry(str(certificate(device, number)["ref"]))
    assert entry is not None
    assert isinstance(entry.fact, CertificateIssued)
    return entry.fact


# --- what is issued --------------------------------------------------------------------------------------------------


def test_a_b_is_in_force_at_once_until_the_end_of_its_day(device: Device) -> None:
    number = issued(device)
    held = certificate(device, number)
    assert (number, held["state"], held["kind"]) == ("B 9900000001", "issued", "B")
    assert (held["issued_on"], held["expires_at"]) == ("2026-11-21", day_start("2026-11-22"))
    assert_sound(device)


def test_an_a_is_valid_for_its_days_from_the_minute_of_issue(device: Device) -> None:
    batch = inspected(device)
    reported(device, batch, GCHD="negative")
    number = done(issue_certificate(device, draft_a(device, batch, valid_days=3))).number
    assert certificate(device, number)["expires_at"] == device.clock.now().at + 3 * DAY


def test_the_record_states_the_batch_the_trip_and_what_it_was_made_under(device: Device) -> None:
    number = issued(device, remarks=" 充氧袋 ", consignee="李㛃")
    record = issued_fact(device, number).record
    assert (record.species, record.stage, record.quantity) == (GRASS_CARP, "fry", Quantity(10, 0, TEN_THOUSAND_FISH))
    assert (record.origin, record.destination, record.vet) == (GAOYOU, XINGHUA, VET)
    assert (record.catalogue, record.policy) == (device.catalogue.version, device.policy().version)
    assert (record.form, record.form_hash) == ("certificate_b", device.paper.form_hash("certificate_b"))
    assert (record.offline, record.time_confidence, record.issued_at) == (True, 2, NOON)
    parties = issued_papers(device, number).parties
    assert (parties.owner, parties.consignee, parties.plate, parties.remarks) == (
        "王大河",
        "李㛃",
        "苏K12345",
        "充氧袋",
    )
    assert (parties.vet_name, parties.station_name) == ("陆清河", "练习检疫站")


def test_names_plates_and_telephones_are_in_the_private_part_alone(device: Device) -> None:
    number = issued(device, consignee="李㛃", carrier="赵𠮷", carrier_phone="13900000002", remarks="下午到")
    seq = int(str(certificate(device, number)["ref"]).partition("/")[2])
    (written,) = device.store.written(seq, 1)
    for text in ("王大河", "李㛃", "赵𠮷", "13900000002", "苏K12345", "下午到", "陆清河", "沙沟镇"):
        assert text.encode() not in written.public
        assert written.private is not None
        assert text.encode() in written.private.content


def test_the_entry_bears_the_vets_signature(device: Device) -> None:
    number = issued(device)
    seq = int(str(certificate(device, number)["ref"]).partition("/")[2])
    (written,) = device.store.written(seq, 1)
    assert verify(device.session_key().public, ACTOR_CONTEXT, device.store.hash_at(seq), written.actor_sig)


def test_numbers_are_used_in_order_without_a_gap(device: Device) -> None:
    batch = inspected(device)
    assert [issued(device, batch) for _ in range(3)] == [f"B 990000000{digit}" for digit in (1, 2, 3)]
    assert number_states(device, "B") == ["used"] * 3 + ["free"] * 7


def test_a_draft_looked_at_a_hundred_times_takes_no_number(device: Device) -> None:
    batch = inspected(device)
    for _ in range(100):
        assert draft_content(device, draft(device, batch)) is not None
    assert number_states(device, "B") == ["free"] * 10
    shown = draft_content(device, draft(device, batch))
    assert shown is not None
    assert (shown.number, shown.code) == ("B 9900000001", "")


def test_a_draft_without_a_number_to_come_says_so(device: Device) -> None:
    batch = inspected(device)
    for _ in range(10):
        issued(device, batch, quantity=Quantity(1, 0, TEN_THOUSAND_FISH))
    shown = draft_content(device, draft(device, batch))
    assert shown is not None
    assert shown.number == "B —"


def test_a_block_used_up_is_followed_by_the_next_one(office: Office, device: Device) -> None:
    office.publish(device, *office.numbers(device.id, "B", size=3))
    batch = inspected(device)
    used = [issued(device, batch, quantity=Quantity(1, 0, TEN_THOUSAND_FISH)) for _ in range(13)]
    assert used == [f"B 99000000{digit:02d}" for digit in range(1, 14)]
    outcome = issue_certificate(device, draft(device, batch, quantity=Quantity(1, 0, FISH)))
    only(outcome, RefusalCode.NO_NUMBERS_LEFT)


@pytest.mark.parametrize(
    ("age", "confidence"), [(0, 0), (DAY - 1, 0), (DAY, 1), (7 * DAY - 1, 1), (7 * DAY, 2), (-1, 2)]
)
def test_how_far_the_clock_is_trusted_follows_from_the_last_contact(device: Device, age: int, confidence: int) -> None:
    note = device.store.acknowledged()._replace(contacted_at=device.clock.now().at - age)
    device.store.note_acknowledged(note)
    assert issued_fact(device, issued(device)).record.time_confidence == confidence


def test_what_a_batch_still_has_is_proposed(device: Device) -> None:
    batch = inspected(device)
    issued(device, batch, quantity=Quantity(100, 0, TEN_THOUSAND_FISH))
    made = propose(device, device.rows.one("inspections", ref=batch) or {})
    assert (made.kind, made.quantity, made.destination) == ("B", Quantity(20, 0, TEN_THOUSAND_FISH), XINGHUA)
    assert made.destination_place == "沙沟镇练习村"


# --- the credential --------------------------------------------------------------------------------------------------


def test_the_code_on_the_paper_says_what_the_record_says(device: Device) -> None:
    number = issued(device)
    papers = issued_papers(device, number)
    facts = body_of(open_credential(device, number, 1))
    record = papers.record
    assert facts == Credential(
        digits="9900000001",
        kind=2,
        device_seq=papers.seq,
        prev=papers.previous[:8],
        issue_minute=NOON // 60_000,
        valid_minutes=720,
        species=record.species,
        quantity_value=10,
        quantity_scale=0,
        unit=TEN_THOUSAND_FISH,
        origin=record.origin,
        destination=record.destination,
        purpose=record.purpose,
        plate="苏K12345",
        vet=VET,
        print_no=1,
        record=record_hash(record, papers.promise)[:16],
        time_confidence=2,
        offline=True,
    )


def test_a_verifier_far_away_finds_it_genuine_practice(device: Device) -> None:
    number = issued(device)
    found = judged(device, number)
    assert (found.code, found.claimed) == ("practice:genuine", number)
    assert found.facts == body_of(open_credential(device, number, 1))


def test_one_changed_digit_anywhere_says_altered_or_worse(device: Device) -> None:
    code = code_of(device, issued(device))
    trust, now = trust_of(device), device.clock.now().at
    start = code.rindex("/") + 1
    verdicts = set()
    for place in range(start, len(code), 7):
        changed = code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]
        verdicts.add(judge(changed, trust, now, verify).verdict)
    assert Verdict.ALTERED in verdicts
    assert verdicts <= {Verdict.ALTERED, Verdict.UNREADABLE, Verdict.UNKNOWN_KEY, Verdict.NEWER_VERSION}
    last = code[:-1] + str((int(code[-1]) + 1) % 10)
    assert judge(last, trust, now, verify).code == "practice:altered"


def test_the_record_is_bound_by_the_code_so_a_changed_name_would_show(device: Device) -> None:
    number = issued(device)
    papers = issued_papers(device, number)
    facts = body_of(open_credential(device, number, 1))
    assert facts is not None
    entry = device.store.entry(str(certificate(device, number)["ref"]))
    assert entry is not None
    assert papers.promise == entry.envelope.private
    assert isinstance(entry.private, CertificateParties)
    assert record_hash(papers.record, sha256(b"other").hex())[:16] != facts.record


def test_the_three_prints_of_an_issue_are_promised_and_only_the_first_lies_open(device: Device) -> None:
    number = issued(device)
    promised = issued_fact(device, number).prints
    assert promised[0] == sha256(open_credential(device, number, 1)).hex()
    for print_no in (2, 3):
        held = device.store.credential(number, print_no)
        assert held is not None
        assert (held.credential, held.sealed is not None) == (None, True)
        opened = device.identity.box.open(spare_info(number, print_no), held.sealed or b"")
        assert sha256(opened).hex() == promised[print_no - 1]
        body = body_of(opened)
        assert body is not None
        assert body.print_no == print_no


def test_a_sealed_spare_opens_for_its_own_number_and_print_only(device: Device) -> None:
    batch = inspected(device)
    first, second = issued(device, batch), issued(device, batch)
    sealed = device.store.credential(first, 2)
    assert sealed is not None
    for info in (spare_info(first, 3), spare_info(second, 2)):
        with pytest.raises(SealError):
            device.identity.box.open(info, sealed.sealed or b"")


def test_how_many_spares_are_signed_is_policy(office: Office, device: Device) -> None:
    office.publish(device, office.policy(spare_prints=0))
    assert len(issued_fact(device, issued(device)).prints) == 1


def test_a_certificate_voided_since_is_told_at_the_gate(device: Device) -> None:
    number = issued(device)
    trust = with_exception(trust_of(device), number, Standing.VOIDED)
    assert judged(device, number, trust=trust).code == "practice:voided"


def test_what_the_paper_shows_is_filled_from_the_record(device: Device) -> None:
    number = issued(device)
    content = content_of(device, number, 1)
    assert content.values["quantity"] == "壹拾万尾"
    assert content.values["species"] == "草鱼（水花）"
    assert content.values["destination"] == "泰州市兴化市沙沟镇练习村"
    assert content.values["issued_on"] == "二〇二六年十一月二十一日"
    assert (content.number, content.print_no, content.leave) == (number, 1, None)
    assert content.code == code_of(device, number)


def test_an_issued_certificate_says_the_same_after_policy_and_names_have_changed(
    office: Office, device: Device
) -> None:
    number = issued(device)
    before = certificate_content(device, issued_papers(device, number), print_no=1, code="", check="")
    office.publish(device, office.grant(VET, "vet", kinds=("A", "B"), name="陆清河（改）"))
    after = certificate_content(device, issued_papers(device, number), print_no=1, code="", check="")
    assert after == before


# --- several certificates on one batch -------------------------------------------------------------------------------


def test_one_batch_is_split_over_two_trucks_and_never_exceeded(device: Device) -> None:
    batch = inspected(device)
    issued(device, batch, quantity=Quantity(70, 0, TEN_THOUSAND_FISH), plate="苏K11111")
    issued(device, batch, quantity=Quantity(500_000, 0, FISH), plate="苏K22222")
    found = only(
        issue_certificate(device, draft(device, batch, quantity=Quantity(1, 0, FISH))),
        RefusalCode.QUANTITY_EXCEEDS_INSPECTED,
        "quantity",
    )
    assert (found.limit, found.current) == ("0", "1")


def test_a_replacement_frees_the_quantity_of_what_it_replaces(device: Device) -> None:
    batch = inspected(device)
    whole = Quantity(120, 0, TEN_THOUSAND_FISH)
    old = issued(device, batch, quantity=whole)
    new = issued(device, batch, quantity=whole, plate="苏K99999", replaces=old, replace_reason="vehicle_changed")
    assert (state(device, old), state(device, new)) == ("replaced", "issued")
    assert certificate(device, old)["replaced_by"] == new
    assert certificate(device, new)["replaces"] == old
    assert issued_fact(device, new).record.replace_reason == "vehicle_changed"
    assert number_states(device, "B")[:2] == ["used", "used"]
    assert_sound(device)


def test_a_replacement_cannot_carry_more_than_both_together_may(device: Device) -> None:
    batch = inspected(device)
    issued(device, batch, quantity=Quantity(70, 0, TEN_THOUSAND_FISH))
    old = issued(device, batch, quantity=Quantity(30, 0, TEN_THOUSAND_FISH))
    fields: dict[str, Any] = {"replaces": old, "replace_reason": "quantity_changed"}
    found = only(
        issue_certificate(device, draft(device, batch, quantity=Quantity(51, 0, TEN_THOUSAND_FISH), **fields)),
        RefusalCode.QUANTITY_EXCEEDS_INSPECTED,
        "quantity",
    )
    assert found.limit == "500,000"
    issued(device, batch, quantity=Quantity(50, 0, TEN_THOUSAND_FISH), **fields)


def test_voiding_and_replacing_is_one_fact_and_never_half_done(device: Device) -> None:
    old = issued(device)
    before = device.store.head().seq
    batch = str(certificate(device, old)["inspection"])
    issued(device, batch, replaces=old, replace_reason="wrong_entry")
    assert device.store.head().seq == before + 1


# --- at once ---------------------------------------------------------------------------------------------------------


def overtake(monkeypatch: pytest.MonkeyPatch, faster: Callable[[], object]) -> None:
    """Let a colleague act once, between this vet's gates and the commit."""
    real, waiting = issuing.sign_credential, [faster]

    def sign(device: Device, credential: Credential) -> bytes:
        if waiting:
            waiting.pop()()
        return real(device, credential)

    monkeypatch.setattr(issuing, "sign_credential", sign)


def test_a_head_that_moves_while_the_vet_signs_only_costs_a_second_signature(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = inspected(device)
    overtake(monkeypatch, lambda: issued(device, batch))
    assert issued(device, batch) == "B 9900000002"
    assert number_states(device, "B")[:3] == ["used", "used", "free"]
    assert_sound(device)


def test_of_two_trucks_for_the_same_last_fish_the_second_is_refused(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = inspected(device)
    whole = Quantity(120, 0, TEN_THOUSAND_FISH)
    overtake(monkeypatch, lambda: issued(device, batch, quantity=whole))
    outcome = issue_certificate(device, draft(device, batch, quantity=whole))
    assert codes(outcome) == [RefusalCode.QUANTITY_EXCEEDS_INSPECTED]
    assert number_states(device, "B")[:2] == ["used", "free"]


def test_the_last_number_goes_to_one_of_two(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = inspected(device)
    one_fish = Quantity(1, 0, FISH)
    for _ in range(9):
        issued(device, batch, quantity=one_fish)
    overtake(monkeypatch, lambda: issued(device, batch, quantity=one_fish))
    only(issue_certificate(device, draft(device, batch, quantity=one_fish)), RefusalCode.NO_NUMBERS_LEFT)


def test_a_case_withdrawn_while_the_vet_signs_is_not_certified(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = inspected(device)
    declaration = str(device.rows.many("declarations")[0]["ref"])
    overtake(monkeypatch, lambda: done(withdraw_declaration(device, declaration, reason="trip_cancelled")))
    only(issue_certificate(device, draft(device, batch)), RefusalCode.DECLARATION_NOT_ACCEPTED)


def test_documents_pulled_while_the_vet_signs_are_pulled_and_the_certificate_is_issued(
    office: Office, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = inspected(device)
    overtake(monkeypatch, lambda: office.publish(device, *office.numbers(device.id, "B")))
    assert issued(device, batch) == "B 9900000001"
    assert len(number_states(device, "B")) == 20


def test_threads_issuing_at_once_never_share_a_number_nor_exceed_the_batch(
    office: Office, tmp_path: Path, clock: HandClock
) -> None:
    device = office.enrol(tmp_path / "home", parts(clock), blocks=40)
    batch = inspected(device)
    outcomes: list[Issued | Refused] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        for _ in range(8):
            outcomes.append(issue_certificate(device, draft(device, batch, quantity=Quantity(50_000, 0, FISH))))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    numbers = sorted(outcome.number for outcome in outcomes if isinstance(outcome, Issued))
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert numbers == [f"B 99000000{digit:02d}" for digit in range(1, 25)]  # 24 × 5 万 = 120 万
    assert [codes(outcome) for outcome in refused] == [[RefusalCode.QUANTITY_EXCEEDS_INSPECTED]] * 8
    assert_sound(device)
    device.store.database.abandon()


@pytest.mark.parametrize("reading", range(1, 16))
def test_wherever_midnight_strikes_a_b_bears_the_date_it_departs_on(device: Device, reading: int) -> None:
    batch = inspected(device)
    midnight = day_start("2026-11-22")
    made = draft(device, batch, departs_at=midnight + HOUR)
    device.clock = Striking(midnight - 1, midnight, reading)
    outcome = issue_certificate(device, made)
    if isinstance(outcome, Refused):
        assert codes(outcome) == [RefusalCode.DEPARTS_NEXT_DATE]
        assert number_states(device, "B")[0] == "free"
    else:
        assert issued_fact(device, outcome.number).record.issued_on == "2026-11-22"


class Striking(HandClock):
    """A clock that strikes twelve at one of its readings."""

    def __init__(self, before: int, after: int, reading: int) -> None:
        super().__init__(before)
        self._after, self._left = after, reading

    def now(self) -> Any:
        self._left -= 1
        if self._left == 0:
            self.at = self._after
        return super().now()


# --- what the environment does ---------------------------------------------------------------------------------------


def test_a_witness_that_cannot_be_written_never_makes_an_issued_certificate_look_refused(device: Device) -> None:
    def full(head: object) -> None:
        raise StationError("disk_full")

    device.after_commit.insert(0, full)
    heard: list[object] = []
    device.after_commit.append(heard.append)
    number = issued(device)
    assert state(device, number) == "issued"
    assert device.trouble is not None
    assert device.trouble.code == "disk_full"
    assert heard
    device.after_commit.remove(full)
    issued(device, str(certificate(device, number)["inspection"]))
    assert device.trouble is None


def test_nobody_signed_in_can_make_an_entry_by_any_way_around_the_gates(device: Device) -> None:
    from inspector_app.journal.entries.custody import BlockRequested

    device.session = None
    before = device.store.head()
    with pytest.raises(BugError, match="nobody is signed in"):
        device.record(lambda act: act.add(BlockRequested(kind="B", wanted=1, emergency=False)))
    assert device.store.head() == before


def test_a_policy_published_before_the_program_asked_for_a_rule_stops_nobody(office: Office, device: Device) -> None:
    shipped = read_resource("catalogue/policy.toml").decode()
    head, *rules = shipped.split("[[rule]]")
    older = "[[rule]]".join([head, *(rule for rule in rules if 'name = "clock_tolerance_minutes"' not in rule)])
    assert older != shipped
    office.publish(device, PolicySheet(version="older", body=older, issued_at=device.clock.now().at + 1))
    assert device.policy().clock_tolerance_ms == 5 * 60_000
    assert issued(device) == "B 9900000001"
