"""Draws in an emergency: what a vet who ran dry is given, and what it does not excuse."""

from __future__ import annotations

from inspector_app.domain.numbering import Block
from inspector_app.domain.stock import DrawAsked
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.journal.entries.custody import BlockRequested
from province.custody import drawing, emergencies
from province.numbers.models import CutBlock, DrawnRange
from tests.province.drawing import codes, cut_for, drawn, one_chain, request, run_dry
from tests.province.fixtures import STATION, VET, Province
from tests.province.institutions import (
    COUNTY,
    COUNTY_HEAD,
)

__all__ = ["one_chain"]  # found by their names


def test_an_emergency_is_answered_beyond_the_usual_size_out_of_every_draw_with_room(one_chain: Province) -> None:
    device = one_chain.enrol()
    usual = cut_for(one_chain, device)
    drawn(one_chain, count=150)
    device.record(VET, BlockRequested(kind="B", wanted=1_030, emergency=True))
    device.sync(one_chain.exchange)
    assert cut_for(one_chain, device) == 1_030
    assert len({block.draw for block in device.held(Block) if block.kind == "B"}) == 2
    assert emergencies.open_emergencies(one_chain.using) == []
    device.sync(one_chain.exchange)
    assert cut_for(one_chain, device) == 1_030 > usual + 500


def test_what_no_draw_can_answer_is_the_keeper_s_to_do_until_it_is_done(one_chain: Province) -> None:
    device = run_dry(one_chain)
    cut = cut_for(one_chain, device)
    ref = device.record(VET, BlockRequested(kind="B", wanted=cut + 250, emergency=True))
    device.sync(one_chain.exchange)
    (one,) = emergencies.open_emergencies(one_chain.using)
    assert (one.request, one.station, one.short, one.room, one.keeper_of) == (ref, STATION, 250, 0, COUNTY)
    assert one.is_for_keeper
    made = drawing.draw(one_chain.using, request(count=250, reason="emergency", emergency=ref))
    assert isinstance(made, DrawAsked)
    assert isinstance(drawing.confirm(one_chain.using, made.ask, by=COUNTY_HEAD), DrawnRange)
    (one,) = emergencies.open_emergencies(one_chain.using)
    assert not one.is_for_keeper  # the next contact brings it
    device.sync(one_chain.exchange)
    assert cut_for(one_chain, device) == cut + 250
    assert emergencies.open_emergencies(one_chain.using) == []


def test_part_of_an_emergency_is_answered_now_and_the_rest_when_it_was_drawn(one_chain: Province) -> None:
    device = run_dry(one_chain)
    cut = cut_for(one_chain, device)
    drawn(one_chain, count=60)
    device.record(VET, BlockRequested(kind="B", wanted=cut + 100, emergency=True))
    device.sync(one_chain.exchange)
    assert cut_for(one_chain, device) == cut + 60
    (one,) = emergencies.open_emergencies(one_chain.using)
    assert (one.short, one.room) == (40, 0)
    drawn(one_chain, count=100)
    device.sync(one_chain.exchange)
    assert cut_for(one_chain, device) >= cut + 100
    assert emergencies.open_emergencies(one_chain.using) == []


def test_a_fenced_computer_s_emergency_is_nobody_s_to_do(one_chain: Province) -> None:
    from province.registry.fencing import fence_device

    device = run_dry(one_chain)
    device.record(VET, BlockRequested(kind="B", wanted=2_000, emergency=True))
    device.sync(one_chain.exchange)
    assert len(emergencies.open_emergencies(one_chain.using)) == 1
    fence_device(one_chain.using, device.device)
    assert emergencies.open_emergencies(one_chain.using) == []


def test_an_ordinary_request_is_no_emergency(one_chain: Province) -> None:
    device = run_dry(one_chain)
    ref = device.record(VET, BlockRequested(kind="B", wanted=2_000, emergency=False))
    device.sync(one_chain.exchange)
    assert emergencies.open_emergencies(one_chain.using) == []
    assert codes(drawing.draw(one_chain.using, request(emergency=ref))) == [C.RECORD_UNKNOWN]


def test_the_answer_to_an_emergency_fits_into_pictures(one_chain: Province) -> None:
    from sync.courier import MAX_TEXT, from_text, to_text

    device = run_dry(one_chain)
    device.record(VET, BlockRequested(kind="B", wanted=2_000, emergency=True))
    made = drawn(one_chain, count=150)
    device.sync(one_chain.exchange)
    block = CutBlock.objects.using(one_chain.using).filter(draw_id=made.draw).first()
    assert block is not None
    for raw in (bytes(block.document), bytes(made.document)):
        text = to_text(raw)
        assert len(text) <= MAX_TEXT // 2
        assert from_text(text) == raw
