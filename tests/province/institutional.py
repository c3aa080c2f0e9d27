"""Institutions as their tests set them up."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.loss_notice import StoreNoticeDrawn, StoreNoticePublished, StoreReportsDrawn, StoreReportSent
from inspector_app.domain.stock import FeeCharged
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.stock_refusals import StockRefused
from province.custody import fees, notice_papers, report_papers, store_notices, store_reports, stores
from province.custody.ordering import OrderRequest
from province.custody.store_notices import Publication
from tests.province.fixtures import Province
from tests.province.institutions import (
    CITY,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    PROVINCE_KEEPER,
    found_chain,
    give,
    to_city,
)


@pytest.fixture
def chain(either_province: Province) -> Province:
    """The institutions over the stations, on either database."""
    found_chain(either_province)
    return either_province


@pytest.fixture
def one_chain(province: Province) -> Province:
    """The same on SQLite alone."""
    found_chain(province)
    return province


def codes(outcome: object) -> list[C]:
    assert isinstance(outcome, StockRefused), outcome
    return list(outcome.codes)


def on_hand(province: Province, organisation: int, kind: str = "B") -> list[tuple[str, str, int]]:
    return [(lot.first, lot.last, lot.count) for lot in stores.lots(province.using, organisation, kind)]


def order(**changes: object) -> OrderRequest:
    stated = OrderRequest(organisation=COUNTY, superior=CITY, kind="B", wanted=500, by=COUNTY_KEEPER)
    return msgspec.structs.replace(stated, **changes)


def charged(province: Province, amount_fen: int = 7_500) -> FeeCharged:
    given = give(province, to_city(), CITY_KEEPER)
    made = fees.charge(province.using, given.distribution, amount_fen=amount_fen, invoice="FP-1", by=PROVINCE_KEEPER)
    assert isinstance(made, FeeCharged), made
    return made


CLIPPING = "cd" * 32


def published(province: Province, loss: str, by: int = COUNTY_HEAD) -> None:
    """The notice of a store's loss, drawn and in the newspaper."""
    drawn = notice_papers.draw_notice(province.using, loss, by=by)
    assert isinstance(drawn, StoreNoticeDrawn), drawn
    told = Publication(medium="newspaper", picture=CLIPPING)
    made = store_notices.publish_notice(province.using, loss, told, by=by)
    assert isinstance(made, StoreNoticePublished), made


def reported(province: Province, loss: str, by: int = COUNTY_HEAD) -> None:
    """Every report of a store's loss, drawn and gone out."""
    drawn = report_papers.draw_reports(province.using, loss, by=by)
    assert isinstance(drawn, StoreReportsDrawn), drawn
    for one in drawn.reports:
        sent = store_reports.send_report(province.using, loss, store_reports.Step(to=one.to), by=by)
        assert isinstance(sent, StoreReportSent), sent
