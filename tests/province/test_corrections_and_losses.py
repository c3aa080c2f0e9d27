"""Correction notes, losses and papers in their owners' hands before the judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from inspector_app.config import read_resource
from inspector_app.domain.correction import CorrectedValues
from inspector_app.domain.credential import judge
from inspector_app.domain.trust import Standing, Trust, open_pack
from inspector_app.domain.verdicts import Judgement
from inspector_app.errors import StationError
from inspector_app.journal.entries.certificates import CertificateVoided, OwnerTold
from inspector_app.journal.entries.corrections import CertificateCorrected
from inspector_app.journal.entries.custody import NumbersLost
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.entries.losses import (
    LossAcknowledged,
    LossConcluded,
    LossDrafted,
    LossPublished,
    LossReported,
    NumbersFound,
    Publication,
)
from inspector_app.journal.projections.corrections import corrected_values
from inspector_app.journal.projections.losses import CONCLUDED, REPORTED
from inspector_app.suites import verify
from province import inprocess
from province.journal.models import Deferred
from province.journal.projecting import differences
from province.journal.recovery import declare_epoch
from province.journal.rows import DjangoRows
from province.ledgers.losses import loss_states, pass_on
from province.registry import publishing, trust
from tests.province import work
from tests.province.fixtures import CLERK, HEAD, OTHER_STATION, SECOND_VET, VET, Province
from tests.province.judged import certificate, held, number_states, only, verdicts_on
from tests.sync.fakes import FakeDevice

J = Judgement
FILE = "00" * 32


def correct(device: FakeDevice, issued: work.Issued, *fields: str, actor: int = VET) -> str:
    """A note that corrects these fields."""
    fact = CertificateCorrected(number=issued.number, fields=list(fields or ("plate",)), reason="vehicle_changed")
    return device.record(actor, fact, private=CorrectedValues(plate="苏K99887"))


def on_the_road(device: FakeDevice) -> work.Issued:
    """A certificate with its holder."""
    issued = work.certify(device)
    work.hand_over(device, issued)
    return issued


# --- corrections -----------------------------------------------------------------------------------------------------


def test_a_note_is_accepted_in_silence_and_the_certificate_stands(either_province: Province) -> None:
    device = either_province.enrol()
    issued = on_the_road(device)
    correct(device, issued)
    assert verdicts_on(either_province, device) == []
    rows = DjangoRows(either_province.using)
    assert corrected_values(rows, str(issued.number)) == {"plate": "苏K99887"}
    assert certificate(either_province, issued)["state"] == "issued"
    assert differences(either_province.using) == []


@pytest.mark.parametrize("fields", [("owner",), ("plate", "quantity"), ("destination",)])
def test_g32_a_note_that_changes_what_is_material_changes_nothing(province: Province, fields: tuple[str, ...]) -> None:
    device = province.enrol()
    issued = on_the_road(device)
    correct(device, issued, *fields)
    assert only(province, device) == (J.NOT_CORRECTABLE, False, False)
    assert corrected_values(DjangoRows(province.using), str(issued.number)) == {}


def test_g32_what_the_new_policy_forbids_blames_nobody_who_had_the_old_one(province: Province) -> None:
    device = province.enrol()
    issued = on_the_road(device)
    correct(device, issued)
    text = read_resource("catalogue/policy.toml").decode().replace('value = ["plate", "carrier", ', "value = [")
    publishing.publish_policy(province.using, "stricter", text)
    assert only(province, device) == (J.NOT_CORRECTABLE, True, False)


def test_another_station_s_certificate_is_not_ours_to_correct(province: Province) -> None:
    publishing.grant(province.using, SECOND_VET, station=OTHER_STATION, posts=("vet",), kinds=("B",), valid_from=1)
    owner = province.enrol("一号机")
    stranger = province.enrol("外站", station=OTHER_STATION, people=(SECOND_VET,))
    issued = on_the_road(owner)
    owner.sync(province.exchange)
    correct(stranger, issued, actor=SECOND_VET)
    assert only(province, stranger) == (J.REFERENCE_UNKNOWN, False, False)
    assert corrected_values(DjangoRows(province.using), str(issued.number)) == {}


def test_a_clerk_corrects_nothing(province: Province) -> None:
    device = province.enrol(people=(VET, CLERK))
    issued = on_the_road(device)
    correct(device, issued, actor=CLERK)
    assert only(province, device) == (J.POST_MISSING, False, False)


def test_who_corrects_while_a_sister_voids_is_not_blamed(province: Province) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    issued = on_the_road(owner)
    owner.sync(province.exchange)
    desk.sync(province.exchange)
    void = CertificateVoided(number=issued.number, reason="trip_cancelled", on_desk=0)
    desk.record(SECOND_VET, void, private=Note(text=""))
    assert verdicts_on(province, desk) == []
    correct(owner, issued)
    assert verdicts_on(province, owner) == []
    assert certificate(province, issued)["state"] == "voided"


def test_who_knew_of_the_void_corrects_nothing_any_more(province: Province) -> None:
    device = province.enrol()
    issued = on_the_road(device)
    void = CertificateVoided(number=issued.number, reason="trip_cancelled", on_desk=0)
    device.record(VET, void, private=Note(text=""))
    correct(device, issued)
    assert only(province, device) == (J.WRONG_STATE, False, False)


def test_a_note_waits_for_the_certificate_it_corrects(province: Province) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    issued = work.certify(owner)
    correct(desk, issued, actor=SECOND_VET)
    assert verdicts_on(province, desk) == []
    assert Deferred.objects.using(province.using).count() == 1
    assert verdicts_on(province, owner) == []
    assert corrected_values(DjangoRows(province.using), str(issued.number)) == {"plate": "苏K99887"}


def test_who_scans_a_corrected_certificate_is_told_and_it_stays_genuine(province: Province) -> None:
    """Within one publication, on every terminal, by the trust file alone."""
    device = province.enrol()
    issued, other = on_the_road(device), on_the_road(device)
    assert verdicts_on(province, device) == []
    before = trust.build(province.using)
    correct(device, issued)
    assert verdicts_on(province, device) == []
    told = judge(issued.code(), trust.build(province.using), province.clock.at, verify)
    assert told.code == "practice:genuine"
    assert "certificate_corrected" in told.reasons
    assert told.corrected_ms // 60_000 == province.clock.at // 60_000
    assert judge(issued.code(), before, province.clock.at, verify).corrected_ms == 0
    assert judge(other.code(), trust.build(province.using), province.clock.at, verify).corrected_ms == 0


def test_a_corrected_certificate_that_is_void_is_void(province: Province) -> None:
    device = province.enrol()
    issued = on_the_road(device)
    correct(device, issued)
    void = CertificateVoided(number=issued.number, reason="trip_cancelled", on_desk=0)
    device.record(VET, void, private=Note(text=""))
    assert verdicts_on(province, device) == []
    told = judge(issued.code(), trust.build(province.using), province.clock.at, verify)
    assert told.verdict == "voided"
    assert told.corrected_ms > 0


def test_g46_a_paper_that_bears_a_lost_number_is_told_by_every_terminal_after_one_publication(
    province: Province,
) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    block = held(province, owner)
    issued = work.certify(owner)
    lose(desk, block, actor=SECOND_VET)
    assert verdicts_on(province, desk) == []
    assert [sheet.code for sheet in verdicts_on(province, owner)] == [J.NUMBER_LOST]
    trust.publish(province.using)
    opened = open_pack(trust.newest(province.using, than=(0, 0)), verify, root=None, at_ms=province.clock.at)
    assert isinstance(opened, Trust)
    assert judge(issued.code(), opened.file, province.clock.at, verify).verdict == "lost"


def test_a_returned_number_verifies_as_withdrawn_and_a_found_one_stays_lost(province: Province) -> None:
    device = province.enrol()
    block = held(province, device)
    lose(device, block)
    find(device, block)
    assert verdicts_on(province, device) == []
    told = trust.build(province.using).block("B", str(block["first"]))
    assert told is not None
    exception = told.exception(str(block["first"]))
    assert exception is not None
    assert (exception.standing, exception.count) == (Standing.LOST, int(block["size"]))


# --- in the owner's hands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "order"),
    [
        ("wrong_entry", {}),
        ("wrong_entry", {"legal_basis": "apl_103", "ordered_by": HEAD}),
        ("seized", {}),
        ("revoked", {"legal_basis": "apl_103"}),
        ("other", {"ordered_by": HEAD}),
    ],
)
def test_g50_a_paper_in_its_owner_s_hands_is_not_just_ended(
    province: Province, reason: str, order: dict[str, Any]
) -> None:
    device = province.enrol()
    issued = on_the_road(device)
    void = CertificateVoided(number=issued.number, reason=reason, on_desk=0, **order)
    device.record(VET, void, private=Note(text=""))
    assert only(province, device) == (J.REPLACEMENT_MISSING, False, False)
    assert certificate(province, issued)["state"] == "voided", "in force all the same: people settle it"


@pytest.mark.parametrize("reason", ["trip_cancelled", "not_departed"])
def test_what_its_owner_gave_up_is_voided_in_silence_and_the_owner_told(province: Province, reason: str) -> None:
    device = province.enrol(people=(VET, CLERK))
    issued = on_the_road(device)
    device.record(VET, CertificateVoided(number=issued.number, reason=reason, on_desk=0), private=Note(text=""))
    told = OwnerTold(number=issued.number, means="telephone", told_at=device.clock.now().at)
    device.record(CLERK, told, private=Note(text=""))
    assert verdicts_on(province, device) == []
    assert len(DjangoRows(province.using).many("owner_notices", number=str(issued.number))) == 1


@pytest.mark.parametrize(
    ("order", "followed"),
    [
        ({"legal_basis": "x", "ordered_by": HEAD}, True),  # of a newer list, for all the province knows
        ({"legal_basis": "apl_103", "ordered_by": 99_999}, False),
        ({"legal_basis": "apl_103", "ordered_by": CLERK}, False),
        ({"legal_basis": "apl_103", "ordered_by": VET}, False),
    ],
    ids=["no law", "nobody", "who may not", "their own"],
)
def test_g50_no_law_and_nobody_s_order_take_a_paper_from_its_owner(
    province: Province, order: dict[str, Any], *, followed: bool
) -> None:
    device = province.enrol()
    issued = on_the_road(device)
    device.record(
        VET, CertificateVoided(number=issued.number, reason="seized", on_desk=0, **order), private=Note(text="")
    )
    assert only(province, device) == (J.SEIZURE_UNFOUNDED, followed, False)
    assert certificate(province, issued)["state"] == "voided", "people settle it"


def test_who_could_not_know_that_who_ordered_it_had_left_did_nothing_wrong(province: Province) -> None:
    device = province.enrol()
    issued = on_the_road(device)
    device.sync(province.exchange)
    publishing.grant(province.using, HEAD, station=OTHER_STATION, posts=("head",), kinds=(), valid_from=1)
    order = CertificateVoided(number=issued.number, reason="seized", on_desk=0, legal_basis="apl_103", ordered_by=HEAD)
    device.record(VET, order, private=Note(text=""))
    assert only(province, device) == (J.SEIZURE_UNFOUNDED, True, False)


def test_an_order_of_the_head_on_a_legal_basis_is_accepted_in_silence(province: Province) -> None:
    device = province.enrol()
    issued = on_the_road(device)
    order = CertificateVoided(number=issued.number, reason="seized", on_desk=0, legal_basis="apl_103", ordered_by=HEAD)
    device.record(VET, order, private=Note(text=""))
    assert verdicts_on(province, device) == []


def test_who_did_not_know_of_the_hand_over_voided_a_paper_of_the_desk(province: Province) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    issued = work.certify(owner)
    owner.sync(province.exchange)
    desk.sync(province.exchange)
    work.hand_over(owner, issued)
    owner.sync(province.exchange)
    work.void(desk, issued, actor=SECOND_VET)
    assert verdicts_on(province, desk) == []


# --- losses ----------------------------------------------------------------------------------------------------------


def lose(device: FakeDevice, block: dict[str, Any], actor: int = VET, **span: str) -> str:
    """Numbers of a block reported stolen."""
    said = {"first": str(block["first"]), "last": str(block["last"])} | span
    fact = NumbersLost(block=block["block"], **said, cause="stolen", found_out_on="2026-11-21")
    return device.record(actor, fact, private=Note(text=""))


def follow(device: FakeDevice, loss: str, *, reports: tuple[str, ...] = ("authority", "institution")) -> None:
    """Every step but the conclusion."""
    device.record(HEAD, LossDrafted(loss=loss, notice=FILE, to_authority=FILE, to_institution=FILE))
    published = LossPublished(loss=loss, medium="newspaper", published_on="2026-11-22", attachments=[FILE])
    device.record(HEAD, published, private=Publication(name="练习日报"))
    for to in reports:
        device.record(HEAD, LossReported(loss=loss, to=to, sent_on="2026-11-22"), private=Note(text=""))
        fact = LossAcknowledged(loss=loss, to=to, acknowledged_on="2026-11-22")
        device.record(HEAD, fact, private=Note(text=""))


def conclude(device: FakeDevice, loss: str) -> str:
    """The case closed."""
    fact = LossConcluded(loss=loss, cause="theft", conclusion="to_police")
    return device.record(HEAD, fact, private=Note(text=""))


def test_a_loss_is_followed_to_its_conclusion_in_silence(either_province: Province) -> None:
    device = either_province.enrol(people=(VET, HEAD))
    loss = lose(device, held(either_province, device))
    follow(device, loss)
    conclude(device, loss)
    assert verdicts_on(either_province, device) == []
    steps = DjangoRows(either_province.using).many("loss_steps", loss=loss)
    assert len(steps) == 7
    assert differences(either_province.using) == []


@pytest.mark.parametrize("told", [(), ("authority",), ("institution",)])
def test_g22_a_loss_reported_to_one_of_the_two_is_not_concluded(province: Province, told: tuple[str, ...]) -> None:
    device = province.enrol(people=(VET, HEAD))
    loss = lose(device, held(province, device))
    follow(device, loss, reports=told)
    conclude(device, loss)
    assert only(province, device) == (J.WRONG_STATE, False, False)


def test_a_conclusion_stands_whose_reports_were_forgotten_in_a_restore(province: Province, tmp_path: Path) -> None:
    first, second = province.enrol("一号机", people=(VET, HEAD)), province.enrol("二号机", people=(HEAD,))
    loss = lose(first, held(province, first))
    first.sync(province.exchange)
    backup = tmp_path / "backup.sqlite3"
    inprocess.copy_database(province.using, backup)
    follow(first, loss)
    first.sync(province.exchange)
    second.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    conclude(second, loss)
    assert verdicts_on(province, second) == []
    assert verdicts_on(province, first) == []
    assert {row["step"] for row in DjangoRows(province.using).many("loss_steps", loss=loss)} >= {REPORTED, CONCLUDED}


def test_a_step_waits_for_the_loss_a_sister_told_of(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(HEAD,))
    loss = lose(first, held(province, first))
    follow(second, loss, reports=())
    assert verdicts_on(province, second) == []
    assert Deferred.objects.using(province.using).count() == 2
    assert verdicts_on(province, first) == []
    assert len(DjangoRows(province.using).many("loss_steps", loss=loss)) == 2


@pytest.mark.parametrize("loss", ["nothing", "{own}/1"])
def test_nobody_follows_what_was_never_lost(province: Province, loss: str) -> None:
    device = province.enrol(people=(VET, HEAD))
    named = loss.format(own=device.device)
    device.record(HEAD, LossDrafted(loss=named, notice=FILE, to_authority=FILE, to_institution=FILE))
    assert only(province, device) == (J.REFERENCE_UNKNOWN, False, False)


def test_a_vet_concludes_no_loss(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    loss = lose(device, held(province, device))
    follow(device, loss)
    device.record(VET, LossConcluded(loss=loss, cause="theft", conclusion="to_police"), private=Note(text=""))
    assert only(province, device) == (J.POST_MISSING, False, False)


def test_the_same_loss_told_by_two_computers_blames_nobody(province: Province) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    block = held(province, owner)
    lose(owner, block)
    lose(desk, block, actor=SECOND_VET)
    assert verdicts_on(province, owner) == []
    assert verdicts_on(province, desk) == []
    assert set(number_states(province, block)) == {"lost"}
    assert differences(province.using) == []


def test_a_loss_that_spans_used_and_free_numbers_kills_the_free_ones(province: Province) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    block = held(province, owner)
    issued = work.certify(owner)
    assert verdicts_on(province, owner) == []
    lose(desk, block, actor=SECOND_VET)
    assert verdicts_on(province, desk) == []
    found = number_states(province, block)
    assert (found.count("used"), found.count("lost")) == (1, int(block["size"]) - 1)
    assert certificate(province, issued)["state"] == "issued"


def find(device: FakeDevice, block: dict[str, Any], *, first: str = "", actor: int = VET) -> str:
    """Numbers found again."""
    fact = NumbersFound(
        block=block["block"], first=first or str(block["first"]), last=block["last"], found_on="2026-12-01"
    )
    return device.record(actor, fact, private=Note(text=""))


def test_g47_what_was_lost_is_found_and_stays_dead(province: Province) -> None:
    device = province.enrol()
    block = held(province, device)
    find(device, block, first=str(block["last"]))
    assert only(province, device) == (J.WRONG_STATE, False, False)
    lose(device, block)
    find(device, block)
    assert len(verdicts_on(province, device)) == 1
    assert set(number_states(province, block)) == {"lost"}


def test_another_station_finds_nothing_of_ours(province: Province) -> None:
    publishing.grant(province.using, SECOND_VET, station=OTHER_STATION, posts=("vet",), kinds=("B",), valid_from=1)
    owner = province.enrol("一号机")
    stranger = province.enrol("外站", station=OTHER_STATION, people=(SECOND_VET,))
    block = held(province, owner)
    lose(owner, block)
    owner.sync(province.exchange)
    find(stranger, block, actor=SECOND_VET)
    assert only(province, stranger) == (J.OUTSIDE_BLOCK, False, False)


def test_a_fact_with_words_in_its_public_part_cannot_be_written() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"loss": "x", "cause": 3, "conclusion": "y"}, LossConcluded)


# --- going up --------------------------------------------------------------------------------------------------------


def test_g46_a_loss_goes_up_level_by_level_and_no_level_is_passed_over(province: Province) -> None:
    device = province.enrol()
    loss = lose(device, held(province, device))
    assert verdicts_on(province, device) == []
    for level in ("city", "province"):
        with pytest.raises(StationError, match=r"loss\.level_wrong"):
            pass_on(province.using, loss, level)
    for level, next_one in (("county", "city"), ("city", "province"), ("province", "")):
        assert pass_on(province.using, loss, level).waits_for == next_one
    with pytest.raises(StationError, match=r"loss\.level_wrong"):
        pass_on(province.using, loss, "province")


def test_the_list_of_losses_says_how_far_each_has_come(either_province: Province) -> None:
    device = either_province.enrol(people=(VET, HEAD))
    loss = lose(device, held(either_province, device))
    follow(device, loss)
    assert verdicts_on(either_province, device) == []
    pass_on(either_province.using, loss, "county")
    (state,) = loss_states(either_province.using)
    assert (state.loss, state.published, state.concluded, state.waits_for) == (loss, True, False, "city")
    assert list(state.passed) == ["county"]
    assert differences(either_province.using) == []


@pytest.mark.parametrize("loss", ["", "nothing", "0123456789abcdef0123456789abcdef/9"])
def test_what_nobody_lost_does_not_go_up(province: Province, loss: str) -> None:
    with pytest.raises(StationError, match=r"loss\.unknown"):
        pass_on(province.using, loss, "county")
