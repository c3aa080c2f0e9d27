"""Draws as their tests make them."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.journal.entries.custody import BlockRequested
from inspector_app.journal.entries.printing import PrintEnded, PrintSubmitted
from inspector_app.journal.entries.stores import DrawReceived, StoreAssigned
from province.custody import drawing
from province.custody.drawing import DrawRequest
from province.journal.rows import DjangoRows
from province.numbers.models import CutBlock, DrawnRange
from tests.province import work
from tests.province.fixtures import STATION, VET, Province
from tests.province.institutions import (
    COUNTY_KEEPER,
    found_chain,
    stock_county,
)
from tests.sync.fakes import FakeDevice


@pytest.fixture
def chain(either_province: Province) -> Province:
    """The institutions, 1000 certificates B in the county's store, on either database."""
    found_chain(either_province)
    stock_county(either_province, 1000)
    return either_province


@pytest.fixture
def one_chain(province: Province) -> Province:
    """The same on SQLite alone."""
    found_chain(province)
    stock_county(province, 1000)
    return province


def codes(outcome: object) -> list[C]:
    assert isinstance(outcome, StockRefused), outcome
    return list(outcome.codes)


def request(**changes: object) -> DrawRequest:
    stated = DrawRequest(station=STATION, kind="B", by=COUNTY_KEEPER, count=100)
    return msgspec.structs.replace(stated, **changes)


def drawn(province: Province, **changes: object) -> DrawnRange:
    province.clock.wait(1)
    made = drawing.draw(province.using, request(**changes))
    assert isinstance(made, DrawnRange), made
    return made


def take_in(province: Province, device: FakeDevice, *draws: DrawnRange, store: str = "S1") -> None:
    """The station's keeper takes draws into the store."""
    if DjangoRows(province.using).one("stores", station=STATION, store=store) is None:
        device.record(VET, StoreAssigned(store=store, keeper=VET))
    for draw in draws:
        device.record(VET, DrawReceived(draw=draw.draw, store=store))
    device.sync(province.exchange)


def print_one(device: FakeDevice, issued: work.Issued) -> None:
    submitted = PrintSubmitted(
        number=issued.number,
        print=1,
        attempt=1,
        printer="laser",
        medium="laser",
        form="certificate_b",
        file="00" * 32,
        sheets=2,
    )
    attempt = device.record(VET, submitted)
    device.record(VET, PrintEnded(attempt=attempt, outcome="printed", source="person"))


def printed(province: Province) -> tuple[FakeDevice, work.Issued]:
    """A certificate of the station's first draw, printed; the draw is no longer the latest."""
    device = province.enrol()
    issued = work.certify(device)
    print_one(device, issued)
    device.sync(province.exchange)
    drawn(province, count=50)
    return device, issued


def run_dry(province: Province) -> FakeDevice:
    """A computer whose station's first draw was cut to the last number."""
    device = province.enrol()
    device.record(VET, BlockRequested(kind="B", wanted=900, emergency=False))
    device.sync(province.exchange)
    for draw in DrawnRange.objects.using(province.using).filter(kind="B"):
        draw.cut_through = draw.high
        draw.save(using=province.using)
    return device


def cut_for(province: Province, device: FakeDevice) -> int:
    blocks = CutBlock.objects.using(province.using).filter(device=device.device, kind="B")
    return sum(block.size for block in blocks)
