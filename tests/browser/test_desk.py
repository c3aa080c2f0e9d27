"""The provincial desk in a real browser at the width of an office's screen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from waitress.server import create_server

from tests.browser import desk_scene
from tests.browser.test_public_page import CHROMIUM, FLAGS
from tests.province.desks import PASSPHRASE
from tests.province.fixtures import Province, _databases_open, site, sqlite_databases

__all__ = ["_databases_open", "site", "sqlite_databases"]
OFFICE = ViewportSize(width=1366, height=768)
NARROW = ViewportSize(width=640, height=768)
LED_TO = {
    "stock/endings/": "/desk/stock/endings/99-",
    "stock/counts/": "/desk/stock/counts/99-",
    "stock/destructions/": "/desk/stock/destructions/99-",
    "registers/": "/desk/registers/asks/99-",
}
"""Pages of one record, reached from a list by the first link whose address begins so."""
PAGES = {
    "stock": "stock/?kind=B",
    "delivery": "stock/deliveries/new/",
    "distribution": "stock/distributions/new/",
    "return": "stock/returns/new/",
    "endings": "stock/endings/",
    "counts": "stock/counts/",
    "destructions": "stock/destructions/",
    "fees": "stock/fees/",
    "draws": "draws/",
    "draw": "draws/new/?station=7&kind=B&count=150",
    "papers": "papers/",
    "destruction": "destruction/",
    "losses": "losses/",
    "visits": "visits/",
    "visit_new": "visits/new/",
    "visit_record": "visits/new/7/",
    "violations": "visits/violations/",
    "lots": "visits/lots/",
    "organisations": "registers/",
    "organisation": "registers/organisations/100/",
    "organisation_new": "registers/organisations/new/",
    "stores": "registers/?register=stores",
    "store": "registers/stores/100/1/",
    "store_new": "registers/stores/new/",
    "seals": "registers/?register=seals",
    "seal_new": "registers/seals/new/",
    "licences": "registers/?register=licences",
    "licence_new": "registers/licences/new/",
    "licence": "registers/licences/XK-1/",
    "estimate": "registers/estimate/",
    "chains": "chains/",
    "continuity": "chains/stations/7/",
}


@pytest.fixture
def address(site: Province) -> Iterator[str]:
    """A province in the middle of its work, served from this process."""
    from django.core.handlers.wsgi import WSGIHandler

    desk_scene.furnish(site)
    connections.close_all()  # the server's threads open their own
    server: Any = create_server(WSGIHandler(), host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}/desk/"
    server.close()
    thread.join(timeout=10)


@pytest.fixture
def browser(address: str) -> Iterator[Browser]:
    """Debian's Chromium, started when the province stands: while it runs, this thread may not ask the database."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def signed_in(browser: Browser, address: str, account: str) -> tuple[BrowserContext, Page]:
    """A page after signing in, scripts switched off."""
    context = browser.new_context(viewport=OFFICE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}stock/?kind=B")
    page.get_by_label("账户").fill(account)
    page.get_by_label("口令").fill(PASSPHRASE)
    page.get_by_role("button", name="登录").click()
    return context, page


def test_every_page_fits_an_office_s_screen_in_both_languages(browser: Browser, address: str) -> None:
    context, page = signed_in(browser, address, "keeper")
    for language in ("zh", "en"):
        page.goto(f"{address}stock/?lang={language}")
        for name, path in PAGES.items():
            response = page.goto(address + path)
            assert response is not None
            assert response.status == 200, name
            assert page.evaluate("document.documentElement.scrollWidth") <= OFFICE["width"], (name, language)
            assert page.locator("nav a[aria-current]").count() == 1, name
    context.close()


def test_the_pages_of_one_record_fit_an_office_s_screen_and_half_of_it(browser: Browser, address: str) -> None:
    context, page = signed_in(browser, address, "keeper")
    for language in ("zh", "en"):
        for listed, begins in LED_TO.items():
            page.set_viewport_size(OFFICE)
            page.goto(f"{address}{listed}?lang={language}")
            page.locator(f"a[href^='{begins}']").first.click()
            for size in (OFFICE, NARROW):
                page.set_viewport_size(size)
                assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (listed, language)
                assert page.locator("h1").count() == 1
    context.close()


def test_what_was_typed_stays_and_the_head_is_told_what_stands_in_the_way(browser: Browser, address: str) -> None:
    context, page = signed_in(browser, address, "keeper")
    page.goto(f"{address}draws/new/?station=7&kind=A")
    page.get_by_label("数量").fill("1 0 0")
    page.get_by_role("button", name="发放领用").click()
    assert page.locator(".error").count() >= 1
    assert page.get_by_label("数量").input_value() == "1 0 0"
    context.close()
    context, page = signed_in(browser, address, "head")
    page.goto(f"{address}draws/")
    page.locator("a[href*='/desk/draws/asks/']").first.click()
    page.get_by_role("button", name="批准领用 300 号").click()
    assert page.locator("h1").inner_text() == "没有办成"
    assert "存根" in page.locator(".problem").first.inner_text()
    context.close()
