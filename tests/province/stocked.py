"""Institutions with stock in their stores, as the tests of what becomes of it begin."""

from __future__ import annotations

import pytest

from province.custody import stores
from tests.province.fixtures import Province
from tests.province.institutions import COUNTY, found_chain, receive, stock_county


@pytest.fixture
def one_chain(province: Province) -> Province:
    """The institutions, 1000 certificates B in the county's store, 40 marks in the province's."""
    found_chain(province)
    stock_county(province, 1000)
    receive(province, kind="mark", typed="", count=40)
    return province


def on_hand(province: Province, organisation: int = COUNTY, kind: str = "B") -> int:
    """How many of a kind an organisation's store holds."""
    return sum(lot.count for lot in stores.lots(province.using, organisation, kind))
