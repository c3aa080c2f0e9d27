"""Writing off: by data, by eye, copy against copy against record; what stands against a paper is stored."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import RefusalCode
from inspector_app.domain.writing_off import CopyRead
from inspector_app.services.custody_cases import open_cases
from inspector_app.services.device import Device, Session
from inspector_app.services.writing_off import latest_check, write_off
from tests.office import CLERK, HEAD, VET, Office
from tests.services.old_papers import collected, form, staff, written_off
from tests.services.work import (
    FISH,
    KG,
    TEN_THOUSAND_FISH,
    acting,
    assert_sound,
    codes,
    done,
    handed_over,
    only,
    printed,
)

C = RefusalCode
SAID = Quantity(10, 0, TEN_THOUSAND_FISH)


@pytest.fixture(autouse=True)
def keeper(office: Office, device: Device) -> None:
    """The vet is also keeper."""
    staff(office, device)


def read(sheet: int, issued_on: str = "2026-11-21", quantity: Quantity = SAID) -> CopyRead:
    return CopyRead(sheet=sheet, issued_on=issued_on, quantity=quantity)


def test_a_paper_in_order_is_written_off_and_nothing_stands_against_it(device: Device) -> None:
    number = collected(device)
    done_so = written_off(device, number)
    assert (done_so.suspect, done_so.against) == (False, ())
    row = latest_check(device, number, 1) or {}
    assert (row["suspect"], row["by"]) == (0, VET)
    assert_sound(device)


def test_ten_wan_are_a_hundred_thousand(device: Device) -> None:
    number = collected(device)
    other = [read(1, quantity=Quantity(100_000, 0, FISH)), read(2)]
    assert not written_off(device, number, copies=other).suspect


@pytest.mark.parametrize(
    ("copies", "same_hand", "against"),
    [
        ([read(1), read(2, issued_on="2026-11-20")], True, ("date",)),
        ([read(1), read(2, quantity=Quantity(11, 0, TEN_THOUSAND_FISH))], True, ("quantity",)),
        ([read(1), read(2, quantity=Quantity(10, 0, KG))], True, ("quantity",)),
        ([read(1), read(2, quantity=Quantity(10, 0, 9_999))], True, ("quantity",)),
        ([read(1), read(2)], False, ("handwriting",)),
        (
            [read(1, "2026-11-20"), read(2, "2026-11-20", Quantity(1, 0, FISH))],
            False,
            ("date", "quantity", "handwriting"),
        ),
    ],
)
def test_g44_copies_that_differ_from_the_record_are_stored_as_that(
    device: Device, copies: list[CopyRead], same_hand: bool, against: tuple[str, ...]
) -> None:
    number = collected(device)
    found = written_off(device, number, copies=copies, same_hand=same_hand)
    assert (found.suspect, found.against) == (True, against)
    row = latest_check(device, number, 1) or {}
    assert msgspec.json.decode(str(row["mismatches"])) == list(against)


def test_each_sheet_that_is_there_is_compared(device: Device) -> None:
    number = collected(device)
    found = only(write_off(device, form(device, number, copies=[read(1)])), C.COPY_NOT_COMPARED)
    assert found.details == {"sheet": 2}


@pytest.mark.parametrize(
    "copies", [[read(1), read(2), read(2)], [read(1), read(2), read(3)], [read(1, "yesterday"), read(2)]]
)
def test_what_is_not_there_cannot_be_read(device: Device, copies: list[CopyRead]) -> None:
    number = collected(device)
    assert codes(write_off(device, form(device, number, copies=copies))) == [C.FIELD_INVALID]


def test_with_the_holder_s_copy_away_the_stub_is_held_against_the_record(device: Device) -> None:
    number = handed_over(device)
    assert written_off(device, number, copies=[read(1, "2026-11-19")]).against == ("date",)


def test_g42_a_vet_without_the_authority_on_the_day_of_issue_is_noticed(office: Office, device: Device) -> None:
    number = collected(device)
    office.publish(device, office.grant(VET, "vet", "keeper", kinds=("A",)))  # what held then was signed only now
    assert written_off(device, number).against == ("vet",)


def test_g42_a_form_nobody_released_is_noticed(device: Device) -> None:
    number = collected(device)
    device.rows.update("forms", {"form": "certificate_b"}, {"valid_from": 2**52})
    assert written_off(device, number).against == ("form",)


def test_g42_another_institution_is_noticed(device: Device) -> None:
    number = collected(device)
    device.rows.update("certificates", {"number": number}, {"station": 8})
    assert written_off(device, number).against == ("institution",)


@pytest.mark.parametrize("finding", ["not_blank_issued", "not_forged", "not_altered", "one_hand", "filled_properly"])
def test_what_is_seen_on_the_paper_makes_it_suspect(device: Device, finding: str) -> None:
    number = collected(device)
    checks = [code for code in form(device, number).checks if code != finding]
    assert written_off(device, number, checks=checks, findings=[finding]).against == (finding,)


def test_g43_every_check_is_answered_and_once(device: Device) -> None:
    number = collected(device)
    checks = form(device, number).checks
    found = only(write_off(device, form(device, number, checks=checks[1:])), C.FIELD_MISSING, "checks")
    assert found.current == "filled_properly"
    twice = form(device, number, findings=checks[:1])
    assert only(write_off(device, twice), C.FIELD_INVALID, "checks").current == "filled_properly"
    strange = form(device, number, findings=["smells"])
    assert only(write_off(device, strange), C.FIELD_INVALID, "checks").current == "smells"
    assert latest_check(device, number, 1) is None


def test_nobody_clears_alone_what_they_suspected(office: Office, device: Device, head: Session) -> None:
    number = collected(device)
    assert written_off(device, number, same_hand=False).suspect
    only(write_off(device, form(device, number)), C.ONE_PERSON_TWICE, "checks")
    office.publish(device, office.grant(HEAD, "head", "keeper"))
    with acting(device, head):
        assert not written_off(device, number).suspect
    assert (latest_check(device, number, 1) or {})["by"] == HEAD


@pytest.mark.parametrize("finding", ["not_forged", "filled_properly"])
def test_a_suspect_paper_opens_a_case(device: Device, finding: str) -> None:
    number = collected(device)
    checks = [code for code in form(device, number).checks if code != finding]
    made = written_off(device, number, checks=checks, findings=[finding])
    (case,) = open_cases(device)
    assert (case["ref"], case["kind"], case["about"]) == (made.case, "doubtful_paper", made.ref)
    assert f"{case['form']} {case['first']}" == f"{case['form']} {case['last']}" == number
    assert_sound(device)


def test_a_paper_in_order_opens_no_case(device: Device) -> None:
    assert (written_off(device, collected(device)).case, open_cases(device)) == ("", [])


def test_two_who_doubt_a_paper_have_one_case(office: Office, device: Device, head: Session) -> None:
    number = collected(device)
    first = written_off(device, number, same_hand=False)
    office.publish(device, office.grant(HEAD, "head", "keeper"))
    with acting(device, head):
        second = written_off(device, number, same_hand=False)
    assert (second.suspect, second.case, [case["ref"] for case in open_cases(device)]) == (True, "", [first.case])


def test_a_paper_is_written_off_once(device: Device) -> None:
    number = collected(device)
    written_off(device, number)
    only(write_off(device, form(device, number)), C.ALREADY_RECORDED)


def test_what_is_not_here_is_not_written_off(device: Device) -> None:
    number = printed(device)
    only(write_off(device, form(device, number, print=2, copies=[])), C.NOT_FOUND, "sheet")
    absent = msgspec.structs.replace(form(device, number), number="B 9900000099")
    assert codes(write_off(device, absent)) == [C.NOT_FOUND]


def test_a_clerk_writes_nothing_off(device: Device, clerk: Session) -> None:
    number = collected(device)
    with acting(device, clerk):
        assert codes(write_off(device, form(device, number))) == [C.POST_MISSING]
    assert clerk.person == CLERK
    assert done(write_off(device, form(device, number))).ref
