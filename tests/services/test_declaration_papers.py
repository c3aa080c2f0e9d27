"""The declaration form and the acceptance slip: papers about a declaration, never numbered stock."""

from __future__ import annotations

from inspector_app import bootstrap
from inspector_app.domain.refusals import RefusalCode, Refused
from inspector_app.ports import PaperContent
from inspector_app.services.declaration_papers import declaration_content, slip_content
from inspector_app.services.declaring import refuse_acceptance, withdraw_declaration
from inspector_app.services.device import Device
from tests.services.work import HANGZHOU, accepted, declared, done, only

C = RefusalCode


def paper(outcome: PaperContent | Refused) -> PaperContent:
    return done(outcome)


def test_a_recorded_declaration_leaves_the_points_part_free(device: Device) -> None:
    content = paper(declaration_content(device, declared(device, destination=HANGZHOU, pond="3 号池")))
    assert (content.values["owner"], content.values["pond"], content.values["accepted"]) == ("王大河", "3 号池", "")
    assert content.values["destination"].startswith("浙江省杭州市西湖区")
    assert content.leave is None


def test_an_accepted_one_names_who_decided_and_when_the_vet_comes(device: Device) -> None:
    declaration = accepted(device)
    content = paper(declaration_content(device, declaration))
    assert (content.values["accepted"], content.values["handled_by"]) == ("✓", "陆清河")
    assert content.values["inspect_at"] == "2026年11月21日"
    slip = paper(slip_content(device, declaration))
    assert (slip.number, slip.values["accepted"], slip.values["reason"]) == (content.number, "✓", "/")


def test_a_refusal_states_the_reason_the_law_demands(device: Device) -> None:
    declaration = declared(device)
    done(refuse_acceptance(device, declaration, reason="out_of_scope"))
    slip = paper(slip_content(device, declaration))
    assert slip.values["not_accepted"] == "✓"
    assert "检疫范围" in slip.values["reason"]
    assert slip.values["inspect_at"] == "/"


def test_there_is_no_slip_before_the_decision_nor_after_a_withdrawal(device: Device) -> None:
    declaration = declared(device)
    assert only(slip_content(device, declaration), C.WRONG_STATE).current == "recorded"
    done(withdraw_declaration(device, declaration, reason="trip_cancelled"))
    assert only(slip_content(device, declaration), C.WRONG_STATE).current == "withdrawn"


def test_a_declaration_nobody_made_has_no_paper(device: Device) -> None:
    for content in (declaration_content(device, "nowhere/1"), slip_content(device, "nowhere/1")):
        assert only(content, C.NOT_FOUND).current == "nowhere/1"


def test_no_two_declarations_bear_one_number(device: Device) -> None:
    numbers = {paper(declaration_content(device, declared(device))).number for _ in range(3)}
    assert len(numbers) == 3
    assert all(number.startswith("321084-20261121-") for number in numbers)


def test_the_real_press_draws_both(device: Device) -> None:
    device.paper = bootstrap.station_paper()
    declaration = accepted(device, owner="王𬀩")
    for content in (declaration_content(device, declaration), slip_content(device, declaration)):
        assert device.paper.check(paper(content)) == ()
        assert device.paper.render(paper(content)).startswith(b"%PDF")
