"""The provincial desk: who gets in and as whom, and that every page stands, in both languages and quickly."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inspector_app.errors import StationError
from province import administrators, commands
from province.desk import accounts
from province.journal.rows import DjangoRows
from province.numbers import custody as numbers
from province.registry import publishing
from tests.province.desks import PASSPHRASE, Desk, county, open_account, problems
from tests.province.fixtures import VET, Province
from tests.province.institutions import (
    COUNTY,
    found_chain,
    register_unit,
    stock_county,
)

PAGES = [
    *("stock/", "stock/?kind=mark", "stock/deliveries/new/", "stock/orders/new/", "stock/distributions/new/"),
    *("stock/fees/", "stock/endings/", "draws/", "draws/new/?station=7&kind=B", "papers/", "destruction/", "losses/"),
    *("visits/", "visits/new/", "visits/new/7/", "visits/violations/", "visits/lots/"),
    *("chains/", "chains/stations/7/", "documents/1/", "registers/estimate/"),
    *(f"registers/?register={one}" for one in ("organisations", "stores", "seals", "licences")),
]


@pytest.fixture
def chain(site: Province) -> Province:
    """The institutions, 1000 certificates B in the county's store."""
    found_chain(site)
    stock_county(site, 1000)
    return site


@pytest.fixture
def csrf_quiet() -> Iterator[None]:
    """A refused token is what is meant; it need not be logged."""
    logger = logging.getLogger("django.security.csrf")
    logger.disabled = True
    yield
    logger.disabled = False


@pytest.mark.parametrize(("language", "desk_s_name"), [("zh", "省级工作台"), ("en", "Provincial desk")])
def test_every_page_stands_in_both_languages(chain: Province, language: str, desk_s_name: str) -> None:
    chain.enrol()
    desk = county(chain)
    desk.client.get(f"/desk/stock/?lang={language}")
    for page in PAGES:
        shown = desk.get(page)
        assert f'<html lang="{"en" if language == "en" else "zh-CN"}">' in shown, page
        assert f"<strong>{desk_s_name}</strong>" in shown, page
        assert "{{" not in shown, page


def test_nobody_gets_in_without_signing_in(site: Province) -> None:
    for page in PAGES:
        answer = Client().get(f"/desk/{page}")
        assert answer.status_code == 302, page
        assert answer.headers["Location"].startswith("/desk/sign-in/"), page


def test_an_account_that_is_no_administrator_s_does_not_get_in(site: Province) -> None:
    User.objects.db_manager(site.using).create_user("guest", password=PASSPHRASE)
    client = Client()
    client.force_login(User.objects.using(site.using).get(username="guest"))
    assert client.get("/desk/stock/").status_code == 302
    page = client.post("/desk/sign-in/", {"username": "guest", "password": PASSPHRASE}).content.decode()
    assert len(problems(page)) == 1


def test_signing_in_leads_to_where_one_wanted_to_go_and_out_again(site: Province) -> None:
    open_account(site, "anna")
    client = Client()
    answer = client.post("/desk/sign-in/", {"username": "anna", "password": PASSPHRASE, "next": "/desk/losses/"})
    assert answer.headers["Location"] == "/desk/losses/"
    assert client.get("/desk/losses/").status_code == 200
    assert client.get("/desk/sign-out/").status_code == 405
    client.post("/desk/sign-out/")
    assert client.get("/desk/losses/").status_code == 302


def test_a_foreign_place_is_not_where_one_is_led_to(site: Province) -> None:
    open_account(site, "anna")
    typed = {"username": "anna", "password": PASSPHRASE, "next": "https://elsewhere.example/"}
    assert Client().post("/desk/sign-in/", typed).headers["Location"] == "/desk/stock/"


def test_who_guesses_passphrases_waits(site: Province) -> None:
    open_account(site, "anna")
    for _try in range(5):
        Client().post("/desk/sign-in/", {"username": "anna", "password": "wrong"})
    page = Client().post("/desk/sign-in/", {"username": "anna", "password": PASSPHRASE}).content.decode()
    assert "15 分钟" in problems(page)[0]


def test_an_account_that_stands_for_nobody_looks_and_decides_nothing(chain: Province) -> None:
    desk = Desk(chain, 0, "nobody")
    assert "只能查看" in desk.get("stock/")
    before = DjangoRows(chain.using).count("draws")
    page = desk.post("draws/new/", station="7", kind="B", count="100")
    assert "YJ-7830" in problems(page)[0]
    assert DjangoRows(chain.using).count("draws") == before


def test_an_account_is_bound_to_a_person_by_command(site: Province) -> None:
    administrators.admit(site.using, "anna", PASSPHRASE)
    arguments = commands.parser().parse_args(["admin", "anna", "--person", "11"])
    assert arguments.run(arguments) == {"administrator": "anna", "person": 11}
    user = User.objects.using(site.using).get(username="anna")
    assert accounts.person_of(site.using, user) == 11


@pytest.mark.parametrize(
    ("name", "person", "code"),
    [("anna", 999, "province.person_unknown"), ("berta", 11, "province.administrator_unknown")],
)
def test_an_account_is_bound_to_nobody_unknown(site: Province, name: str, person: int, code: str) -> None:
    open_account(site, "anna")
    with pytest.raises(StationError, match=code):
        accounts.bind(site.using, name, person)


def test_nobody_binds_themselves_in_the_admin(site: Province) -> None:
    open_account(site, "anna", 11)
    client = Client()
    client.force_login(User.objects.using(site.using).get(username="anna"))
    assert client.get("/admin/desk/rosteraccount/").status_code == 200
    assert client.get("/admin/desk/rosteraccount/add/").status_code == 403


def test_no_act_without_the_form_s_token_and_none_by_a_link(chain: Province, csrf_quiet: None) -> None:
    desk = county(chain)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.using(chain.using).get(username=desk.name))
    assert strict.post("/desk/draws/new/", {"station": "7", "kind": "B", "count": "1"}).status_code == 403
    assert strict.post("/desk/stock/distributions/99-D0001/receipt/", {"arrived": "1"}).status_code == 403
    assert desk.client.get("/desk/stock/distributions/99-D0001/receipt/").status_code == 404
    assert desk.client.post("/desk/chains/").status_code == 405


def test_pages_keep_their_headers(site: Province) -> None:
    answer = Desk(site, VET).client.get("/desk/stock/")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"<script" not in answer.content
    assert b"style=" not in answer.content


@pytest.mark.parametrize(
    "path",
    [
        "draws/asks/none/",
        "draws/none/",
        "losses/one/?loss=none",
        "documents/99999/",
        "chains/stations/99/",
        "chains/check/none/",
    ],
)
def test_what_there_is_not_is_not_found(site: Province, path: str) -> None:
    Desk(site, VET).get(path, 404)


# --- quick with many stations ----------------------------------------------------------------------------------------


def queries(desk: Desk, page: str, using: str) -> int:
    desk.get(page)  # what is worked out once is worked out
    with CaptureQueriesContext(connections[using]) as seen:
        desk.get(page)
    return len(seen)


def many_stations(site: Province, first: int, last: int, *, kind: str = "B") -> None:
    """Stations with numbers, each a using unit of the county."""
    for number in range(first, last):
        publishing.add_station(site.using, number, name=f"{number} 号站", name_en="", area=321084, phone="0514-1234567")
        register_unit(site, 5000 + number, station=number, superior=COUNTY)
        start = numbers.undrawn_start(site.using, kind)
        numbers.draw(site.using, kind, start, str(int(start) + 9), station=number)


QUICK = {"stock/": 40, "draws/": 40, "papers/": 25, "destruction/": 25, "losses/": 25, "visits/": 25, "chains/": 60}


def test_fifty_stations_ask_the_database_no_oftener_than_ten(chain: Province) -> None:
    desk = county(chain)
    many_stations(chain, 100, 110)
    few = {page: queries(desk, page, chain.using) for page in QUICK}
    many_stations(chain, 110, 150)
    many = {page: queries(desk, page, chain.using) for page in QUICK}
    assert {page: count for page, count in many.items() if count > few[page]} == {}
    assert {page: count for page, count in many.items() if count > QUICK[page]} == {}
