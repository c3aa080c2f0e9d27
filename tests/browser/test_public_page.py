"""The public page in a real browser at the size of a telephone, with scripts switched off (UX 5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from inspector_app.clock import SystemClock
from province.chance import SystemRandom
from sync.transport import HttpsExchange
from tests.province import servers, work
from tests.sync.fakes import FakeDevice

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()
PHONE = ViewportSize(width=390, height=844)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses on a running province: good, void, late, altered, form, declare."""
    folder = tmp_path_factory.mktemp("province")
    servers.found(folder)
    with servers.serving(folder) as address:
        code = servers.run(folder, "enrol-code", "--station", "7")[1]["code"]
        device = FakeDevice(SystemClock(), SystemRandom())
        with HttpsExchange(address, device.clock) as exchange:
            device.join(exchange, code)
            device.add_person(11)
            device.sync(exchange)
            good, voided = work.certify(device), work.certify(device)
            work.void(device, voided)
            device.sync(exchange)
        late = work.certify(device)
        last = int(good.code()[-1])
        codes = {"good": good.code(), "void": voided.code(), "late": late.code()}
        codes["altered"] = good.code()[:-1] + str((last + 1) % 10)
        scanned = {name: f"{address}/q/{code.rsplit('/', 1)[1]}" for name, code in codes.items()}
        yield scanned | {"form": f"{address}/q/", "declare": f"{address}/declare/"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def visit(browser: Browser, address: str, **options: Any) -> Page:
    """The page on a telephone without scripts."""
    page = browser.new_page(viewport=PHONE, java_script_enabled=False, **options)
    response = page.goto(address)
    assert response is not None
    assert response.status == 200
    return page


@pytest.mark.parametrize(
    ("name", "headline", "colour"),
    [
        ("good", "证明有效", "rgb(20, 83, 45)"),
        ("void", "不能作为有效证明", "rgb(166, 27, 27)"),
        ("late", "签名有效，尚未上传", "rgb(11, 61, 145)"),
        ("altered", "无法确认为本平台签发", "rgb(166, 27, 27)"),
    ],
)
def test_the_verdict_comes_first_large_with_sign_and_colour(
    browser: Browser, pages: dict[str, str], name: str, headline: str, colour: str
) -> None:
    page = visit(browser, pages[name])
    heading = page.locator("h1")
    assert heading.inner_text() == headline
    assert heading.evaluate("node => getComputedStyle(node).fontSize") == "28px"
    assert heading.evaluate("node => getComputedStyle(node).color") == colour
    box = heading.bounding_box()
    assert box is not None
    assert box["y"] < PHONE["height"] / 3
    assert page.locator(".verdict svg").is_visible()
    page.close()


@pytest.mark.parametrize("name", ["good", "void", "altered", "form", "declare"])
def test_nothing_needs_scrolling_sideways_even_in_large_print(
    browser: Browser, pages: dict[str, str], name: str
) -> None:
    page = visit(browser, pages[name])
    for size in ("100%", "200%"):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.close()


@pytest.mark.parametrize("name", ["good", "form", "declare"])
def test_what_is_touched_is_large_enough_for_a_finger(browser: Browser, pages: dict[str, str], name: str) -> None:
    page = visit(browser, pages[name])
    for control in page.locator(
        "button, .button, select, textarea, input:not([type=hidden]):not([type=checkbox])"
    ).all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 48
    page.close()


def test_the_page_asks_nobody_else_for_anything(browser: Browser, pages: dict[str, str]) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    asked: list[str] = []
    problems: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: problems.append(message.text))
    page.goto(pages["good"])
    host = pages["form"].removesuffix("/q/")
    assert all(url.startswith(host) for url in asked)
    assert [text for text in problems if "favicon" not in text] == []
    assert context.cookies() == []
    context.close()


def test_the_phone_number_can_be_dialled(browser: Browser, pages: dict[str, str]) -> None:
    page = visit(browser, pages["void"])
    assert page.locator(".call a").get_attribute("href") == "tel:0514-84600000"
    page.close()


def test_one_touch_changes_the_language_and_keeps_the_certificate(browser: Browser, pages: dict[str, str]) -> None:
    page = visit(browser, pages["good"])
    page.get_by_role("link", name="English").click()
    assert page.locator("h1").inner_text() == "In force"
    page.get_by_role("link", name="中文").click()
    assert page.locator("h1").inner_text() == "证明有效"
    page.close()


def test_a_number_can_be_looked_up_by_hand(browser: Browser, pages: dict[str, str]) -> None:
    page = visit(browser, pages["form"])
    page.get_by_label("编号（10 位数字）").fill("9900000001")
    page.get_by_label("校验码（6 位）").fill("AAAAAA")
    page.get_by_role("button", name="查验").click()
    assert page.locator("h1").inner_text() == "编号与校验码对不上"
    page.close()


def test_dark_colours_are_used_where_the_phone_wants_them(browser: Browser, pages: dict[str, str]) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme="dark")
    page = context.new_page()
    page.goto(pages["good"])
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 25, 29)"
    assert page.locator("h1").evaluate("node => getComputedStyle(node).color") == "rgb(155, 227, 179)"
    context.close()


def test_a_producer_declares_on_the_phone(browser: Browser, pages: dict[str, str]) -> None:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    page.goto(pages["declare"])
    page.get_by_role("button", name="提交申报").click()
    page.locator(".problems").wait_for()
    assert page.locator(".error").count() >= 10
    page.get_by_label("申报点").select_option(label="高邮湖西站")
    for label, text in (("货主 *", "三垛鱼种场"), ("联系电话 *", "13900000002"), ("数量 *", "50")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("品种").select_option(label="草鱼")
    page.get_by_label("规格阶段").select_option(index=1)
    page.get_by_label("单位").select_option(label="万尾")
    page.get_by_label("用途").select_option(label="养殖")
    for label, text in (("启运县", "高邮"), ("启运地点", "三垛镇"), ("到达县", "兴化市"), ("到达地点", "昌荣镇")):
        page.get_by_label(label).fill(text)
    departs = SystemClock().now().at + 5 * 86_400_000
    from inspector_app.clock import legal_date

    page.get_by_label("计划启运日期").fill(legal_date(departs))
    page.get_by_label("启运时间").fill("06:30")
    page.get_by_role("button", name="提交申报").click()
    assert page.locator(".reference").inner_text().startswith("W")
    context.close()
