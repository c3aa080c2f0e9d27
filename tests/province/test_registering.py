"""Registers are changed by two persons at the desk and by the authority key, wherever that lies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspector_app.domain.organisations import LocationSheet, OrganisationSheet
from inspector_app.domain.register_changes import (
    OrganisationAsked,
    RegisterAgreed,
    RegisterCarriedOut,
    RegisterDropped,
    SealAsked,
    StoreAsked,
    Wish,
)
from inspector_app.domain.seals import SealSheet
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.errors import StationError
from inspector_app.suites import SigningKey
from province import __main__, commands, provinces
from province.custody import organisations, registering, seals
from province.custody.ending import EndRequest, end_stock
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.keys import make_keys
from tests.province import places
from tests.province.desks import PASSPHRASE, Desk, error_at, open_account
from tests.province.drawing import codes
from tests.province.fixtures import OTHER_STATION, VET, Province
from tests.province.institutions import (
    CITY,
    CITY_HEAD,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    DEPUTY,
    LEGAL,
    OTHER_CITY_KEEPER,
    PROVINCE,
    PROVINCE_HEAD,
    PROVINCE_KEEPER,
    found_chain,
    stock_county,
)

NEW = 101
IMPRESSION = "ab" * 32
SUCCESSOR = 34
FEW = "9900001001-9900001010"


@pytest.fixture
def chain(province: Province) -> Iterator[Province]:
    """The institutions, 1000 certificates B in the county's store; the authority key lies elsewhere."""
    yield from furnished(province)


@pytest.fixture
def either_chain(either_province: Province) -> Iterator[Province]:
    """The same on either database."""
    yield from furnished(either_province)


def furnished(province: Province) -> Iterator[Province]:
    found_chain(province)
    stock_county(province, 1000)
    whole = provinces.of(province.using)
    provinces.register(without_key(whole))
    yield province
    provinces.register(whole)


def without_key(whole: provinces.Province) -> provinces.Province:
    """The province as its web server has it."""
    return msgspec.structs.replace(whole, keys=msgspec.structs.replace(whole.keys, authority=None, root=None))


def with_key(chain: Province, key: SigningKey | None) -> None:
    held = provinces.of(chain.using)
    provinces.register(msgspec.structs.replace(held, keys=msgspec.structs.replace(held.keys, authority=key)))


def county(by: int = COUNTY_KEEPER, **changes: object) -> OrganisationAsked:
    """The county under another name."""
    sheet = OrganisationSheet(
        COUNTY,
        0,
        "高邮市所",
        "institution",
        "county",
        CITY,
        321084,
        0,
        COUNTY_HEAD,
        "",
        "",
        "",
        "",
        by,
        0,
        DEPUTY,
        LEGAL,
    )
    return OrganisationAsked("", msgspec.structs.replace(sheet, **changes))


def store(by: int = COUNTY_HEAD, keeper: int = SUCCESSOR, counted: int = 1000) -> StoreAsked:
    """The county's store passes to another keeper."""
    return StoreAsked("", LocationSheet(COUNTY, 1, 0, "证章标志专用柜", keeper, by, 0), (("B", counted),))


def seal(by: int = COUNTY_KEEPER, **changes: object) -> SealAsked:
    """A first seal of the county."""
    sheet = SealSheet("高邮 1 号", 0, COUNTY, VET, IMPRESSION, "2026-11-01", "", by, 0)
    return SealAsked("", msgspec.structs.replace(sheet, **changes), 1)


def changed_by_command(chain: Province, **changes: object) -> None:
    """Somebody where the authority key lies changes the county meanwhile."""
    held = organisations.find(chain.using, COUNTY)
    assert held is not None
    with_key(chain, chain_key())
    chain.clock.wait(1)
    made = organisations.register(chain.using, msgspec.structs.replace(held, **changes))
    assert isinstance(made, OrganisationSheet), made
    with_key(chain, None)


def asked(chain: Province, wish: Wish, second: int = 0) -> str:
    made = registering.ask(chain.using, wish, second=second)
    assert not hasattr(made, "refusals"), made
    return str(made.ask)


def state(chain: Province, ask: str) -> str:
    row = DjangoRows(chain.using).one("register_asks", ask=ask)
    assert row is not None
    return str(row["state"])


def name_of(chain: Province, number: int = COUNTY) -> str:
    sheet = organisations.find(chain.using, number)
    return sheet.name if sheet is not None else ""


# --- asked, agreed, carried out --------------------------------------------------------------------------------------


def test_a_change_stands_on_the_register_once_two_agreed_and_the_key_has_signed_it(either_chain: Province) -> None:
    chain = either_chain
    key = chain_key()
    ask = asked(chain, county())
    assert (state(chain, ask), name_of(chain)) == ("asked", "机构")
    assert isinstance(registering.agree(chain.using, ask, by=CITY_HEAD), RegisterAgreed)
    assert (state(chain, ask), name_of(chain)) == ("agreed", "机构")
    with pytest.raises(StationError, match=r"province\.authority_key_absent"):
        registering.carry_out(chain.using, ask)
    with_key(chain, key)
    made = registering.carry_out(chain.using, ask)
    assert isinstance(made, RegisterCarriedOut), made
    held = organisations.find(chain.using, COUNTY)
    assert held is not None
    assert (held.name, held.by, held.ordinal, state(chain, ask)) == (
        "高邮市所",
        COUNTY_KEEPER,
        made.ordinal,
        "carried_out",
    )
    assert codes(registering.carry_out(chain.using, ask)) == [C.RECORD_SETTLED]
    assert registering.waiting(chain.using) == []
    assert differences(chain.using) == []


def chain_key() -> SigningKey | None:
    """The authority key of the province under test, from where it is kept."""
    return make_keys(places.seeded()).authority


@pytest.mark.parametrize("is_agreed", [True, False], ids=["after it was agreed", "before"])
def test_a_wish_does_not_undo_what_was_changed_after_it_was_asked_for(chain: Province, is_agreed: bool) -> None:
    ask = asked(chain, county())
    if is_agreed:
        registering.agree(chain.using, ask, by=CITY_HEAD)
    changed_by_command(chain, head=SUCCESSOR)
    if is_agreed:
        with_key(chain, chain_key())
        assert codes(registering.carry_out(chain.using, ask)) == [C.REGISTER_OVERTAKEN]
    else:
        assert codes(registering.agree(chain.using, ask, by=CITY_HEAD)) == [C.REGISTER_OVERTAKEN]
    held = organisations.find(chain.using, COUNTY)
    assert held is not None
    assert (held.head, held.name) == (SUCCESSOR, "机构")
    assert isinstance(registering.drop(chain.using, ask, by=COUNTY_KEEPER), RegisterDropped)
    assert asked(chain, county(head=SUCCESSOR)) != ask


def test_where_the_key_lies_the_change_stands_as_soon_as_the_second_person_agreed(chain: Province) -> None:
    with_key(chain, chain_key())
    ask = asked(chain, county(), second=CITY_HEAD)
    assert (state(chain, ask), name_of(chain)) == ("carried_out", "高邮市所")


def test_a_new_organisation_is_asked_for_by_who_stands_above_it(chain: Province) -> None:
    with_key(chain, chain_key())
    wish = county(by=CITY_KEEPER, organisation=NEW, name="高邮分所", head=0, deputy=0, legal=0)
    assert state(chain, asked(chain, wish, second=CITY_HEAD)) == "carried_out"
    assert name_of(chain, NEW) == "高邮分所"


def test_g02_a_store_passes_on_as_the_head_asked_and_the_new_keeper_agreed(chain: Province) -> None:
    with_key(chain, chain_key())
    assert codes(registering.ask(chain.using, store(counted=999))) == [C.HAND_OVER_DIFFERS]
    assert C.NOT_THE_HEAD in codes(registering.ask(chain.using, store(by=COUNTY_KEEPER)))
    assert codes(registering.ask(chain.using, store(), second=COUNTY_KEEPER)) == [C.NOT_THE_SECOND]
    assert state(chain, asked(chain, store(), second=SUCCESSOR)) == "carried_out"
    held = organisations.location_of(chain.using, COUNTY, 1)
    assert held is not None
    assert held.keeper == SUCCESSOR
    (passed,) = [row for row in DjangoRows(chain.using).many("store_hand_overs") if row["keeper"] == SUCCESSOR]
    assert (passed["previous"], passed["counted"]) == (COUNTY_KEEPER, "B 1000")


def test_a_seal_is_asked_for_by_its_keeper_and_agreed_by_the_head(chain: Province) -> None:
    with_key(chain, chain_key())
    assert codes(registering.ask(chain.using, seal(), second=CITY_HEAD)) == [C.NOT_THE_SECOND]
    assert state(chain, asked(chain, seal(), second=COUNTY_HEAD)) == "carried_out"
    held = seals.seal_now(chain.using, "高邮 1 号")
    assert held is not None
    assert (held.holder, held.by) == (VET, COUNTY_KEEPER)


# --- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (county(by=VET), C.NOT_FOR_REGISTER),
        (county(by=OTHER_CITY_KEEPER), C.NOT_FOR_REGISTER),
        (county(by=0), C.NOT_FOR_REGISTER),
        (county(superior=PROVINCE), C.ORGANISATION_MISPLACED),
        (county(head=4242), C.PERSON_UNKNOWN),
        (county(deputy=4242), C.PERSON_UNKNOWN),
        (county(head=COUNTY_KEEPER), C.KEEPER_IS_HEAD),
        (county(filed_from="soon"), C.DAY_IMPOSSIBLE),
        (county(name="机构"), C.REGISTER_AS_IT_IS),
        (store(keeper=COUNTY_HEAD), C.KEEPER_IS_HEAD),
        (store(keeper=4242), C.PERSON_UNKNOWN),
        (seal(by=CITY_KEEPER), C.NOT_THE_KEEPER),
        (seal(impression="a picture"), C.SEAL_KNOWN),
        (seal(since="soon"), C.DAY_IMPOSSIBLE),
    ],
)
def test_what_a_register_would_not_take_is_not_asked_for(chain: Province, wish: Wish, code: C) -> None:
    assert code in codes(registering.ask(chain.using, wish))
    assert registering.waiting(chain.using) == []


@pytest.mark.parametrize("person", [COUNTY_KEEPER, COUNTY_HEAD, CITY_KEEPER, VET, 0])
def test_only_a_head_above_agrees_and_never_who_asked(chain: Province, person: int) -> None:
    ask = asked(chain, county())
    refused = codes(registering.agree(chain.using, ask, by=person))
    assert refused == [C.SAME_PERSON if person == COUNTY_KEEPER else C.NOT_THE_SECOND]
    assert state(chain, ask) == "asked"


def test_the_head_above_who_asks_is_agreed_with_by_the_one_above_them(chain: Province) -> None:
    ask = asked(chain, county(by=CITY_HEAD))
    assert codes(registering.agree(chain.using, ask, by=CITY_HEAD)) == [C.SAME_PERSON]
    assert isinstance(registering.agree(chain.using, ask, by=PROVINCE_HEAD), RegisterAgreed)


def test_one_change_of_a_subject_waits_at_a_time_until_it_is_dropped(chain: Province) -> None:
    ask = asked(chain, county())
    assert codes(registering.ask(chain.using, county(by=COUNTY_HEAD, name="别名"))) == [C.ASKED_ALREADY]
    assert codes(registering.drop(chain.using, ask, by=VET)) == [C.NOT_THE_SECOND]
    assert isinstance(registering.drop(chain.using, ask, by=COUNTY_KEEPER), RegisterDropped)
    assert codes(registering.agree(chain.using, ask, by=CITY_HEAD)) == [C.RECORD_SETTLED]
    again = asked(chain, county(by=COUNTY_HEAD, name="别名"))
    assert isinstance(registering.drop(chain.using, again, by=CITY_HEAD), RegisterDropped)


def test_what_is_no_longer_right_is_not_signed(chain: Province) -> None:
    ask = asked(chain, store(), second=SUCCESSOR)
    with_key(chain, chain_key())
    lost = EndRequest(organisation=COUNTY, kind="B", how="lost", cause="lost", typed=FEW, by=COUNTY_KEEPER)
    end_stock(chain.using, lost)
    assert codes(registering.carry_out(chain.using, ask)) == [C.HAND_OVER_DIFFERS]
    assert state(chain, ask) == "agreed"


def test_of_an_ask_there_is_not_nothing_is_agreed_dropped_or_signed(chain: Province) -> None:
    for act in (registering.agree, registering.drop):
        assert codes(act(chain.using, "99-X9999-zz", by=CITY_HEAD)) == [C.RECORD_UNKNOWN]
    assert codes(registering.carry_out(chain.using, "99-X9999-zz")) == [C.RECORD_UNKNOWN]


# --- by command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk_chain(site: Province) -> Province:
    """The institutions with the desk open; the authority key lies here, as in practice."""
    found_chain(site)
    return site


@pytest.fixture
def keyless(desk_chain: Province) -> Iterator[Province]:
    """The same without the authority key."""
    whole = provinces.of(desk_chain.using)
    provinces.register(without_key(whole))
    yield desk_chain
    provinces.register(whole)


def test_the_command_shows_what_waits_and_signs_it_in_one_go(
    keyless: Province, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "run", ran_here)
    first = asked(keyless, county(), second=CITY_HEAD)
    late = asked(keyless, seal())
    assert __main__.main(["--json", "registers"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["ask"] for one in told["waiting"]] == [first, late]
    assert told["waiting"][0]["changes"] == [{"field": "name", "before": "机构", "after": "高邮市所"}]
    assert __main__.main(["--json", "registers", "--carry-out"]) == 3
    assert "authority" in capsys.readouterr().out
    with_key(keyless, chain_key())
    assert __main__.main(["--json", "registers", "--carry-out"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["ask"] for one in told["carried_out"]] == [first]
    assert [one["ask"] for one in told["waiting"]] == [late]
    assert told["refused"] == []
    assert name_of(keyless) == "高邮市所"


def ran_here(argv: list[str]) -> tuple[Any, dict[str, Any]]:
    """The command in this process and its province."""
    arguments = commands.parser().parse_args(argv)
    return arguments, arguments.run(arguments)


# --- at the desk -----------------------------------------------------------------------------------------------------

TYPED = {"name": "高邮市所", "line": "institution", "level": "county", "superior": str(CITY), "area": "321084"}
TYPED |= {"station": "0", "head": str(COUNTY_HEAD), "deputy": str(DEPUTY), "legal": str(LEGAL)}
HERE = f"registers/organisations/{COUNTY}/"


def test_an_organisation_is_changed_at_the_desk_by_two_under_their_own_accounts(keyless: Province) -> None:
    keeper, head = Desk(keyless, COUNTY_KEEPER), Desk(keyless, CITY_HEAD)
    assert 'value="机构"' in keeper.get(HERE)
    page = keeper.post(HERE, **TYPED)
    assert "高邮市所" in page
    assert "同意</button>" not in page
    (row,) = registering.waiting(keyless.using)
    there = f"registers/asks/{row['ask']}/"
    assert "YJ-7204" in keeper.refused(there, agree="1")
    assert "待第二人同意" in head.get("registers/")
    page = head.post(there, agree="1")
    assert "province registers --carry-out" in page
    assert "撤回</button>" in keeper.get(there)
    keeper.post(there, drop="1")
    assert state(keyless, str(row["ask"])) == "dropped"


def test_who_stands_beside_agrees_on_the_same_form(desk_chain: Province) -> None:
    open_account(desk_chain, "cityhead", CITY_HEAD)
    keeper = Desk(desk_chain, COUNTY_KEEPER)
    page = keeper.post(HERE, **TYPED, second_name="cityhead", second_passphrase="wrong")
    assert "YJ-7832" in error_at(page, "second_name")
    assert "已生效" in keeper.post(HERE, **TYPED, second_name="cityhead", second_passphrase=PASSPHRASE)
    assert name_of(desk_chain) == "高邮市所"


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"superior": str(PROVINCE)}, "superior", "YJ-7206"),
        ({"head": str(COUNTY_KEEPER)}, "head", "YJ-"),
        ({"name": ""}, "name", "请填写这一项"),
        ({"area": "gaoyou"}, "area", "请核对"),
    ],
)
def test_what_is_wrong_with_a_change_is_said_at_its_field(
    keyless: Province, changes: dict[str, str], field: str, said: str
) -> None:
    assert said in error_at(Desk(keyless, COUNTY_KEEPER).post(HERE, **(TYPED | changes)), field)
    assert registering.waiting(keyless.using) == []


def test_a_using_unit_is_registered_at_the_desk(desk_chain: Province) -> None:
    open_account(desk_chain, "head", COUNTY_HEAD)
    keeper = Desk(desk_chain, COUNTY_KEEPER)
    unit = {"number": "1001", "name": "高邮城南站", "level": "station", "superior": str(COUNTY), "head": "0"}
    filed = {"filing": "备 9", "category": "aquatic_seed", "filed_from": "2026-01-01", "deputy": "0", "legal": "0"}
    beside = {"second_name": "head", "second_passphrase": PASSPHRASE}
    page = keeper.post(
        "registers/organisations/new/", **(TYPED | unit | filed | beside | {"station": str(OTHER_STATION)})
    )
    assert "YJ-7207" in error_at(page, "station")
    assert name_of(desk_chain, 1001) == ""


def test_a_store_passes_on_at_the_desk_with_what_both_counted(desk_chain: Province) -> None:
    stock_county(desk_chain, 1000)
    open_account(desk_chain, "next", SUCCESSOR)
    head, there = Desk(desk_chain, COUNTY_HEAD), f"registers/stores/{COUNTY}/1/"
    said = {"store_name": "证章标志专用柜", "keeper": str(SUCCESSOR)}
    beside = {"second_name": "next", "second_passphrase": PASSPHRASE}
    assert "1,000" not in head.get(there), "the count is not copied from the book"
    assert "YJ-" in head.post(there, **said, kind_B="999", **beside)
    assert "已生效" in head.post(there, **said, kind_B="1,000", **beside)
    held = organisations.location_of(desk_chain.using, COUNTY, 1)
    assert held is not None
    assert held.keeper == SUCCESSOR


def test_a_second_store_is_registered_at_the_desk(desk_chain: Province) -> None:
    open_account(desk_chain, "next", SUCCESSOR)
    beside = {"second_name": "next", "second_passphrase": PASSPHRASE}
    typed = {"organisation": str(COUNTY), "location": "2", "store_name": "备用柜", "keeper": str(SUCCESSOR)}
    Desk(desk_chain, COUNTY_KEEPER).post("registers/stores/new/", **typed, **beside)
    assert organisations.location_of(desk_chain.using, COUNTY, 2) is None, "the head alone names a keeper"
    Desk(desk_chain, COUNTY_HEAD).post("registers/stores/new/", **typed, **beside)
    assert organisations.location_of(desk_chain.using, COUNTY, 2) is not None


def test_a_seal_is_registered_and_given_on_at_the_desk(desk_chain: Province) -> None:
    open_account(desk_chain, "head", COUNTY_HEAD)
    keeper, beside = Desk(desk_chain, COUNTY_KEEPER), {"second_name": "head", "second_passphrase": PASSPHRASE}
    typed = {"store": f"{COUNTY}:1", "holder": str(VET), "since": "2026-11-01"}
    page = keeper.post("registers/seals/new/", seal="高邮 1 号", **typed, **beside)
    assert "请填写这一项" in error_at(page, "impression")
    picture = SimpleUploadedFile("seal.png", b"impression", content_type="image/png")
    keeper.post("registers/seals/new/", seal="高邮 1 号", **typed, **beside, impression=picture)
    held = seals.seal_now(desk_chain.using, "高邮 1 号")
    assert held is not None
    assert held.holder == VET
    keeper.post("registers/seals/高邮 1 号/", **(typed | {"holder": "0"}), **beside)
    now = seals.seal_now(desk_chain.using, "高邮 1 号")
    assert now is not None
    assert (now.holder, now.impression, now.ordinal) == (0, held.impression, held.ordinal + 1)


def test_a_licence_file_is_opened_cancelled_and_kept_for_two_years_at_the_desk(desk_chain: Province) -> None:
    keeper = Desk(desk_chain, COUNTY_KEEPER)
    typed = {"file": "XK/1", "organisation": str(COUNTY), "licence": "防疫条件 7"}
    assert "防疫条件 7" in keeper.post("registers/licences/new/", **typed)
    assert "YJ-" in keeper.post("registers/licences/new/", **typed)
    there = "registers/licences/XK/1/"
    assert "YJ-" in error_at(keeper.post(there, cancelled_on="2020-01-01"), "cancelled_on")
    keeper.post(there, cancelled_on="")
    assert "登记材料销毁" in keeper.get(there)
    assert "YJ-" in keeper.refused(there, remove="1")
    desk_chain.clock.forward(days=800)
    late = Desk(desk_chain, COUNTY_KEEPER, "later")
    late.post(there, remove="1")
    row = DjangoRows(desk_chain.using).one("licence_files", file="XK/1")
    assert row is not None
    assert row["removed_on"]


@pytest.mark.parametrize(
    "path",
    ["organisations/4242/", "stores/4242/1/", "seals/none/", "licences/none/", "asks/99-X9999-zz/"],
)
def test_what_stands_on_no_register_has_no_page(desk_chain: Province, path: str) -> None:
    Desk(desk_chain, PROVINCE_KEEPER).get(f"registers/{path}", 404)


def test_an_account_that_is_nobody_changes_nothing(keyless: Province) -> None:
    assert "YJ-7830" in Desk(keyless, 0, "nobody").post(HERE, **TYPED)
    assert registering.waiting(keyless.using) == []
