"""Counting a store at the desk: the keeper counts blind, the head confirms beside or later; differences are cases."""

from __future__ import annotations

import pytest

from province.custody import counting
from province.journal.rows import DjangoRows
from province.ledgers.cases import cases
from tests.province.desks import PASSPHRASE, Desk, error_at, open_account
from tests.province.fixtures import Province
from tests.province.institutions import (
    CITY_HEAD,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    found_chain,
    stock_county,
)

COUNT = {"store": f"{COUNTY}:1", "kind": "B"}
THERE = "9900001001-9900001500,9900001511-9900002000"


@pytest.fixture
def chain(site: Province) -> Province:
    """The institutions, 1000 certificates B in the county's store."""
    found_chain(site)
    stock_county(site, 1000)
    return site


def latest(site: Province) -> str:
    return str(DjangoRows(site.using).many("store_counts", order="at")[-1]["count"])


def test_a_store_that_agrees_is_counted_and_confirmed_later(chain: Province) -> None:
    keeper, head = Desk(chain, COUNTY_KEEPER), Desk(chain, COUNTY_HEAD)
    assert "1,000" not in keeper.get("stock/counts/"), "a count is no copy of the book"
    page = keeper.post("stock/counts/", **COUNT)
    assert "账实相符" in page
    assert "复核无误" not in page
    here = f"stock/counts/{latest(chain)}/"
    for stranger in (keeper, Desk(chain, CITY_HEAD)):
        assert "YJ-7203" in stranger.refused(here, confirm="1")
    assert "复核无误" in head.get(here)
    head.post(here, confirm="1")
    assert "复核无误" not in head.get(here)
    assert counting.unconfirmed_counts(chain.using) == []
    assert "YJ-7228" in head.refused(here, confirm="1")


def test_the_head_who_counts_along_confirms_on_the_same_form(chain: Province) -> None:
    for name, person in (("head", COUNTY_HEAD), ("stranger", CITY_KEEPER)):
        open_account(chain, name, person)
    keeper = Desk(chain, COUNTY_KEEPER)
    for name, passphrase, said in (("head", "wrong", "YJ-7832"), ("stranger", PASSPHRASE, "YJ-7203")):
        page = keeper.post("stock/counts/", **COUNT, second_name=name, second_passphrase=passphrase)
        assert said in error_at(page, "second_name")
    assert DjangoRows(chain.using).count("store_counts") == 0
    keeper.post("stock/counts/", **COUNT, second_name="head", second_passphrase=PASSPHRASE)
    assert counting.unconfirmed_counts(chain.using) == []


def test_what_is_missing_leads_to_its_case_and_its_notice(chain: Province) -> None:
    keeper = Desk(chain, COUNTY_KEEPER)
    page = keeper.post("stock/counts/", **COUNT, there=THERE, cause="stolen")
    assert "缺 10" in page
    (case,) = cases(chain.using)
    assert f"/desk/stock/endings/{case.case}/" in page
    assert "9900001501–9900001510" in keeper.get(f"stock/endings/{case.case}/")
    assert "作废公告" in keeper.get(f"stock/endings/{case.case}/")


def test_what_is_too_much_is_concluded_by_the_head_on_the_count_s_page(chain: Province) -> None:
    keeper, head = Desk(chain, COUNTY_KEEPER), Desk(chain, COUNTY_HEAD)
    keeper.post("stock/counts/", **COUNT, there="9900000901-9900000905, 9900001001-9900002000")
    here, said = (
        f"stock/counts/{latest(chain)}/",
        {"case_cause": "recording_mistake", "case_conclusion": "record_added"},
    )
    assert "多 5" in keeper.get(here)
    assert "YJ-7203" in keeper.post(here, **said)
    assert "请填写这一项" in error_at(head.post(here, case_cause="recording_mistake"), "case_conclusion")
    head.post(here, **said)
    assert cases(chain.using, concluded=False) == []
    assert cases(chain.using)[0].concluded_by == COUNTY_HEAD


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"there": THERE}, "cause", "YJ-7225"),
        ({"cause": "lost"}, "cause", "YJ-8054"),
        ({"there": "abc"}, "there", "YJ-"),
        ({"pieces_there": "990"}, "there", "YJ-"),
        ({"pieces_there": "many"}, "pieces_there", "请核对这一项的写法"),
        ({"store": ""}, "store", "请填写这一项"),
    ],
)
def test_what_is_wrong_with_a_count_is_said_at_its_field(
    chain: Province, typed: dict[str, str], field: str, said: str
) -> None:
    page = Desk(chain, COUNTY_KEEPER).post("stock/counts/", **(COUNT | typed))
    assert said in error_at(page, field)
    assert DjangoRows(chain.using).count("store_counts") == 0


def test_nothing_left_is_another_thing_than_nothing_typed(chain: Province) -> None:
    page = Desk(chain, COUNTY_KEEPER).post("stock/counts/", **COUNT, pieces_there="0", cause="stolen")
    assert "缺 1,000" in page


def test_a_count_there_is_not_has_no_page(chain: Province) -> None:
    Desk(chain, COUNTY_KEEPER).get("stock/counts/99-K9999-zz/", 404)
