"""With which institution a vet is filed: asked for at the grant, carried by it, held against what is issued."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from inspector_app.domain.authority import Grant
from inspector_app.domain.documents import sign_document
from inspector_app.domain.filings import Filing
from inspector_app.errors import StationError
from province.custody.refused import RefusedError
from province.journal.rows import DjangoRows
from province.registry import furnishing, publishing
from province.registry.filings import FiledWith, read_filed
from province.registry.models import PublishedGrant
from tests.province import work
from tests.province.fixtures import OTHER_STATION, STATION, VET, Province
from tests.province.institutional import chain, one_chain
from tests.province.institutions import CITY, COUNTY, OTHER_COUNTY, PROVINCE, UNIT, register
from tests.province.judged import J, only, verdicts_on
from tests.province.test_custody_commands import CHAIN, run

__all__ = ["chain", "one_chain"]  # found by their names
A, B = FiledWith("A", PROVINCE, "省检 A-11"), FiledWith("B", COUNTY, "邮检 B-11")
BOTH = ("A", "B")


def give(
    province: Province, *filed: FiledWith, kinds: tuple[str, ...] = BOTH, station: int = STATION
) -> PublishedGrant:
    """The vet's grant, filed like this."""
    whose: dict[str, Any] = {"station": station, "posts": ("vet",), "kinds": kinds}
    return publishing.grant(province.using, VET, **whose, filed=filed, valid_from=province.clock.at - 1)


# --- when it is given -------------------------------------------------------------------------------------------------


def test_a_grant_says_where_its_vet_is_filed(chain: Province) -> None:
    device = chain.enrol()
    give(chain, A, B)
    device.sync(chain.exchange)
    assert device.held(Grant)[-1].filings == (
        Filing("A", PROVINCE, "province", "省检 A-11"),
        Filing("B", COUNTY, "county", "邮检 B-11"),
    )


@pytest.mark.parametrize(("filed", "lacking"), [((), "A"), ((A,), "B"), ((B,), "A")])
def test_g24_no_kind_is_granted_without_its_filing(
    one_chain: Province, filed: tuple[FiledWith, ...], lacking: str
) -> None:
    with pytest.raises(StationError, match="filing_missing") as told:
        give(one_chain, *filed)
    assert told.value.details == {"kind": lacking}


def test_before_the_station_is_a_using_unit_no_register_could_say_with_whom(province: Province) -> None:
    give(province)
    give(province, kinds=())


@pytest.mark.parametrize(
    ("kind", "organisation"),
    [("A", CITY), ("A", COUNTY), ("B", PROVINCE), ("B", UNIT), ("B", OTHER_COUNTY), ("B", 500)],
)
def test_g25_a_is_filed_with_the_province_and_b_with_a_city_or_county_above_the_station(
    one_chain: Province, kind: str, organisation: int
) -> None:
    register(one_chain, 500, line="authority", level="province", area=320000)
    with pytest.raises(StationError, match="filing_misplaced"):
        give(one_chain, FiledWith(kind, organisation, "备 1"), kinds=(kind,))


def test_nobody_is_filed_with_an_institution_that_is_not_registered(one_chain: Province) -> None:
    with pytest.raises(StationError, match="filing_misplaced"):
        give(one_chain, FiledWith("B", 9999, "备 1"), kinds=("B",))


def test_b_may_be_filed_with_the_city_and_what_is_not_granted_is_not_carried(one_chain: Province) -> None:
    device = one_chain.enrol()
    give(one_chain, A, FiledWith("B", CITY, "扬检 B-11"), kinds=("B",))
    device.sync(one_chain.exchange)
    assert device.held(Grant)[-1].filings == (Filing("B", CITY, "city", "扬检 B-11"),)


def test_a_post_without_a_kind_needs_no_filing(one_chain: Province) -> None:
    give(one_chain, kinds=())
    assert DjangoRows(one_chain.using).many("grants", person=VET)[-1]["filings"] == "[]"


def test_a_grant_at_any_station_is_filed_too_once_there_is_a_register(one_chain: Province) -> None:
    with pytest.raises(StationError, match="filing_missing"):
        give(one_chain, station=0)
    give(one_chain, A, FiledWith("B", OTHER_COUNTY, "兴检 B-11"), station=0)


@pytest.mark.parametrize("text", ["", "A", "A=", "A=1", "A=1/", "A=x/备 1", "=1/备 1", "A=一/备 1", "A=1/ "])
def test_a_filing_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(StationError, match="filing_unreadable"):
        read_filed(text)


def test_a_filing_is_read_with_whatever_its_number_holds() -> None:
    assert read_filed("A=1/桂检/2026=A-12 ") == FiledWith("A", 1, "桂检/2026=A-12")


def test_a_grant_by_command_says_where_its_vet_is_filed(site: Province) -> None:
    furnishing.furnish(site.using, tomllib.loads(CHAIN))
    grant = ("grant", "--person", str(VET), "--station", str(STATION), "--post", "vet", "--kind", "B")
    with pytest.raises(StationError, match="filing_missing"):
        run(*grant)
    with pytest.raises(StationError, match="filing_unreadable"):
        run(*grant, "--filed", "B")
    run(*grant, "--filed", "B=100/邮检 B-11")
    assert DjangoRows(site.using).many("grants", person=VET)[-1]["filings"] == '[["B",100,"county","邮检 B-11"]]'


# --- a table of registers ---------------------------------------------------------------------------------------------


def furnished(filed: list[str]) -> dict[str, Any]:
    """The registers of a chain with one vet of the station who is filed like this."""
    table = tomllib.loads(CHAIN)
    vet = {"number": 51, "name": "沈五湖", "station": STATION, "posts": ["vet"], "kinds": ["B"], "filed": filed}
    table["person"].append(vet)
    return table


def test_a_table_grants_the_filed_once_it_has_registered_with_whom(province: Province) -> None:
    furnishing.furnish(province.using, furnished(["B=100/邮检 B-51"]))
    (row,) = DjangoRows(province.using).many("grants", person=51)
    assert row["filings"] == '[["B",100,"county","邮检 B-51"]]'


def test_a_table_with_a_filing_at_the_wrong_level_is_taken_in_not_at_all(province: Province) -> None:
    with pytest.raises((StationError, RefusedError), match="filing_misplaced"):
        furnishing.furnish(province.using, furnished(["B=1/省检 B-51"]))
    assert DjangoRows(province.using).count("organisations") == 0


# --- what is issued ---------------------------------------------------------------------------------------------------


def test_a_certificate_names_the_grant_it_was_signed_under(one_chain: Province) -> None:
    ordinal = give(one_chain, A, B).ordinal
    device = one_chain.enrol()
    issued = work.certify(device, grant=ordinal)
    assert verdicts_on(one_chain, device) == []
    row = DjangoRows(one_chain.using).one("certificates", number=str(issued.number)) or {}
    assert (row["vet"], row["grant_ordinal"]) == (VET, ordinal)


@pytest.mark.parametrize("kinds", [("A",), ()])
def test_g25_a_grant_the_vet_never_had_for_the_kind_is_no_authority(
    one_chain: Province, kinds: tuple[str, ...]
) -> None:
    wrong = give(one_chain, A, B, kinds=kinds).ordinal if kinds else 99
    give(one_chain, A, B)
    device = one_chain.enrol()
    work.certify(device, grant=wrong)
    assert only(one_chain, device) == (J.AUTHORITY_MISSING, False, True)


def test_who_did_not_know_of_the_next_filing_is_not_blamed(one_chain: Province) -> None:
    first = give(one_chain, A, B).ordinal
    device = one_chain.enrol()
    give(one_chain, A, FiledWith("B", CITY, "扬检 B-11"))
    work.certify(device, grant=first)
    assert verdicts_on(one_chain, device) == []


@pytest.mark.parametrize("heard", [True, False])
def test_g24_a_misfiled_grant_covers_nothing_and_blames_only_who_had_it(one_chain: Province, heard: bool) -> None:
    """The authority signed what it should not have: a vet filed with the county for A."""
    device = one_chain.enrol()
    ends = one_chain.clock.at + 1_000_000
    wrong = (Filing("A", COUNTY, "county", "邮检 A-11"),)
    grant = Grant(VET, 99, "陆清河", "Lu Qinghe", STATION, ("vet",), ("A",), one_chain.clock.at - 1, ends, wrong)
    raw = sign_document(grant, publishing.authority_of(one_chain.using)).encoded()
    publishing.publish_grant(one_chain.using, grant, raw)
    if heard:
        device.sync(one_chain.exchange)
    declaration = work.declare(device, destination=work.WUHU)
    work.issue(device, work.inspect(device, declaration), declaration, kind="A")
    assert (J.AUTHORITY_MISSING, not heard, False) in {
        (J(sheet.code), sheet.followed, sheet.holds) for sheet in verdicts_on(one_chain, device)
    }


def test_a_grant_of_another_station_is_filed_with_that_one_s_county(one_chain: Province) -> None:
    with pytest.raises(StationError, match="filing_misplaced"):
        give(one_chain, B, kinds=("B",), station=OTHER_STATION)
    give(one_chain, FiledWith("B", OTHER_COUNTY, "兴检 B-11"), kinds=("B",), station=OTHER_STATION)
