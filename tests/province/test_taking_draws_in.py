"""The dead end of a draw: its keeper became the person who decided it, so another of the station takes it in."""

from __future__ import annotations

import pytest

from inspector_app.domain.stock import DrawDecided
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.journal.entries.stores import DrawReceived, StoreAssigned
from province.custody import drawing, terms
from province.journal.rows import DjangoRows
from province.numbers.models import DrawnRange
from province.registry import publishing
from tests.province.drawing import codes, drawn, one_chain, request
from tests.province.fixtures import CLERK, HEAD, OTHER_STATION, SECOND_VET, STATION, VET, Province
from tests.province.institutions import COUNTY, COUNTY_KEEPER, name_keeper
from tests.province.judged import J, verdict_on
from tests.sync.fakes import FakeDevice

__all__ = ["one_chain"]  # found by its name


def station_of_the_decider(province: Province) -> tuple[FakeDevice, DrawnRange, DrawnRange]:
    """The county's keeper decides two draws and then keeps the station's store: head of the county's branch there."""
    device = province.enrol(people=(VET, SECOND_VET, CLERK))
    name_keeper(province, COUNTY, HEAD)
    draws = drawn(province, count=50, by=HEAD), drawn(province, count=50, by=HEAD)
    begun = province.clock.at - 60_000
    publishing.grant(province.using, HEAD, station=STATION, posts=("head", "keeper"), kinds=(), valid_from=begun)
    device.add_person(HEAD)
    device.sync(province.exchange)
    device.record(VET, StoreAssigned(store="S1", keeper=HEAD))
    return device, *draws


def receive(device: FakeDevice, who: int, draw: DrawnRange) -> str:
    return device.record(who, DrawReceived(draw=draw.draw, store="S1"))


def test_the_station_hears_who_decided_its_draws_and_no_other_does(one_chain: Province) -> None:
    made = drawn(one_chain, count=50)
    device, stranger = one_chain.enrol(), one_chain.enrol("外站", station=OTHER_STATION, people=())
    assert [(one.draw, one.by) for one in device.held(DrawDecided)] == [(made.draw, COUNTY_KEEPER)]
    assert stranger.held(DrawDecided) == []


@pytest.mark.parametrize("who", [VET, SECOND_VET])
def test_a_vet_takes_in_what_the_keeper_decided_and_the_next_is_drawn(one_chain: Province, who: int) -> None:
    device, first, _second = station_of_the_decider(one_chain)
    ref = receive(device, who, first)
    assert verdict_on(one_chain, device, ref) == []
    name_keeper(one_chain, COUNTY, COUNTY_KEEPER)  # who keeps the station's store decides nothing more for it
    drawn(one_chain, count=50)


def test_g10_the_decider_s_own_receipt_counts_for_nothing_and_the_draws_stop(one_chain: Province) -> None:
    device, first, _second = station_of_the_decider(one_chain)
    ref = receive(device, HEAD, first)
    assert verdict_on(one_chain, device, ref) == [(J.DRAW_ONE_SIDED, False, False)]
    name_keeper(one_chain, COUNTY, COUNTY_KEEPER)
    assert codes(drawing.draw(one_chain.using, request(count=50))) == [C.DRAW_UNTAKEN]
    assert first.draw in {term.record for term in terms.open_terms(one_chain.using)}
    receive(device, VET, first)
    device.sync(one_chain.exchange)
    assert first.draw not in {term.record for term in terms.open_terms(one_chain.using)}
    drawn(one_chain, count=50)
    assert len(DjangoRows(one_chain.using).many("draw_receipts", draw=first.draw)) == 2


def test_g10_who_had_not_heard_who_decided_is_not_blamed(one_chain: Province) -> None:
    device = one_chain.enrol(people=(VET, SECOND_VET))
    begun = one_chain.clock.at - 60_000
    publishing.grant(one_chain.using, HEAD, station=STATION, posts=("head", "keeper"), kinds=(), valid_from=begun)
    device.add_person(HEAD)
    device.sync(one_chain.exchange)
    device.record(VET, StoreAssigned(store="S1", keeper=HEAD))
    name_keeper(one_chain, COUNTY, HEAD)
    made = drawn(one_chain, count=50, by=HEAD)  # before the county hears whose the store is
    ref = receive(device, HEAD, made)
    assert verdict_on(one_chain, device, ref) == [(J.DRAW_ONE_SIDED, True, False)]


@pytest.mark.parametrize(("who", "code"), [(CLERK, J.POST_MISSING), (SECOND_VET, J.POST_MISSING)])
def test_where_somebody_else_decided_it_the_keeper_alone_takes_it_in(one_chain: Province, who: int, code: J) -> None:
    device = one_chain.enrol(people=(VET, SECOND_VET, CLERK))
    made = drawn(one_chain, count=50)
    device.sync(one_chain.exchange)
    device.record(VET, StoreAssigned(store="S1", keeper=VET))
    assert verdict_on(one_chain, device, receive(device, who, made)) == [(code, False, False)]


def test_a_clerk_takes_in_nothing_for_the_keeper_either(one_chain: Province) -> None:
    device, first, _second = station_of_the_decider(one_chain)
    assert verdict_on(one_chain, device, receive(device, CLERK, first)) == [(J.POST_MISSING, False, False)]


def test_who_could_not_know_of_the_true_keeper_is_not_blamed(one_chain: Province) -> None:
    """By what this computer knew the decider keeps the store; at its sister another was named keeper before."""
    sister = one_chain.enrol("二号机")
    one_chain.clock.wait(120)
    device, first, _second = station_of_the_decider(one_chain)
    device.sync(one_chain.exchange)
    one_chain.clock.at -= 120_000
    sister.record(VET, StoreAssigned(store="S1", keeper=VET))
    one_chain.clock.wait(120)
    sister.sync(one_chain.exchange)
    assert (DjangoRows(one_chain.using).one("stores", station=STATION, store="S1") or {})["keeper"] == VET
    ref = receive(device, SECOND_VET, first)
    assert verdict_on(one_chain, device, ref) == [(J.POST_MISSING, True, False)]
