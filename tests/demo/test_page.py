"""The page: whole in one file, true to the summary, and legible on a desk and on a telephone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.demo.running import Told
from tests.demo.test_what_it_leaves import NUMBERS, REPLACED, minute
from tests.source_tree import ROOT

pytestmark = pytest.mark.timeout(600)
WIDTHS = (390, 1280)


def test_it_fetches_nothing_and_runs_nothing(told: Told) -> None:
    page = told.page
    assert "<script" not in page.lower()
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html.unescape(page))
    assert not re.findall(r"@import|url\((?!data:)", page)
    assert page.count('src="data:image/png;base64,') >= 8
    assert not re.findall(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', "", page))


def test_every_link_of_it_leads_to_a_file_of_the_folder_or_a_place_on_it(told: Told) -> None:
    outer = re.sub(r'srcdoc="[^"]*"', "", told.page)
    for target in set(re.findall(r'href="([^"]+)"', outer)):
        if target.startswith("#"):
            assert f'id="{target[1:]}"' in outer, target
        else:
            assert (told.out / target).exists(), target


def visible(text: str) -> str:
    outer = re.sub(r'srcdoc="[^"]*"', "", text)
    plain = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<style>.*?</style>", "", outer, flags=re.DOTALL)))
    return re.sub(r"[\s\u00a0]+", " ", plain)


def rows_of_numbers(page: str) -> dict[str, str]:
    section = re.search(r'<section id="numbers">.*?</table>', page, re.DOTALL)
    assert section
    body = re.findall(r"<tr><td.*?</tr>", section[0], re.DOTALL)
    rows = [visible(row) for row in body]
    return {re.sub(r"([AB] \d{9}) (\d).*", r"\1\2", row.strip()): row for row in rows}


def test_each_of_the_eight_numbers_has_its_line_with_what_happened_in_english(told: Told) -> None:
    rows = rows_of_numbers(told.page)
    assert sorted(rows) == NUMBERS
    for number, row in rows.items():
        line = told.certificate(number)
        assert line["verdict"] in row
        assert ("replaced" if number == REPLACED else "in force") in row
        assert "Issued offline at" in row
        assert re.search(r"Inspected (on [0-9-]{10} )?at \d\d:\d\d, [A-Z].*?: passed", row)
        assert ("Handed over to the driver" in row) == (number != REPLACED)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("A 9900000002", "printed nothing (no cable); the second"),
        ("B 9900000001", "58 mm thermal paper"),
        ("B 9900000002", "80 mm thermal paper"),
        ("B 9900000003", "First of two trucks for one inspected batch of 800,000; the second, 300,000"),
        ("B 9900000004", "Replaced by B 9900000005"),
        ("B 9900000005", "in place of B 9900000004"),
        ("B 9900000006", "Print 1 jammed"),
    ],
)
def test_what_is_particular_about_a_number_is_told_beside_it(told: Told, number: str, said: str) -> None:
    assert said in rows_of_numbers(told.page)[number]


def test_the_time_of_issue_in_the_table_is_the_one_that_was_told(told: Told) -> None:
    for number, row in rows_of_numbers(told.page).items():
        said = re.search(r"Issued offline at (\d\d:\d\d)", row)
        assert said
        assert said[1] == minute(told, f"{number} issued")


def test_every_print_has_its_verdict_the_superseded_one_too(told: Told) -> None:
    row = rows_of_numbers(told.page)["B 9900000006"]
    assert re.search(r"print 1 ! practice:print_superseded print 2 ✓ practice:genuine", row)


def test_what_is_played_is_said_before_anything_else(told: Told) -> None:
    before = visible(told.page).partition("The eight numbers")[0]
    for said in ("exact bytes a printer would get", "every printer is a folder", "killing the program"):
        assert said in before


def test_the_same_papers_are_verified_with_the_morning_trust_file_with_the_evening_one_and_online(told: Told) -> None:
    section = re.search(r'<section id="checkpoint">.*?</section>', told.page, re.DOTALL)
    assert section
    text = visible(section[0])
    assert text.count("practice:not_yet_reported") == 5
    replaced = "4 print 1 第1次打印 ! practice:not_yet_reported Signature good, not yet uploaded"
    assert replaced in text
    assert re.search(r"✕ practice:replaced Replaced, no longer in force \S+ Not to be accepted", text)


def test_a_truck_can_be_told_from_another_by_what_the_public_page_shows(told: Told) -> None:
    plates = set(re.findall(r"truck Su (K\w{5})", visible(told.page).replace("\u00a0", " ")))
    assert len({plate[:-2] for plate in plates}) == len(plates) >= 8
    assert not [plate for plate in plates if "O" in plate or "I" not in plate]


def test_the_end_of_the_plate_was_typed_and_answered(told: Told) -> None:
    inside = [html.unescape(text) for text in re.findall(r'srcdoc="([^"]*)"', told.page)]
    assert 'value="28" disabled' in inside[0]
    assert 'class="same"' in inside[0]
    assert 'class="same"' not in inside[1]
    assert "<button disabled>" in inside[1]


def test_every_contact_of_the_table_was_told_and_the_last_two_are_at_rest(told: Told) -> None:
    section = re.search(r'<section id="sync">.*?</table>', told.page, re.DOTALL)
    assert section
    rows = [re.findall(r"\d\d:\d\d|[\d,]+", visible(row)) for row in re.findall(r"<tr><td.*?</tr>", section[0])]
    today = told.stdout.partition("\nToday ")[2]
    lines = re.findall(r"(laptop|desk): ([\d,]+) entr\w+ up in ([\d,]+) bytes", today)
    assert [(up, size) for _place, up, size in lines] == [(row[2], row[3]) for row in rows]
    assert [(row[2], row[4], row[6]) for row in rows[-2:]] == [("0", "0", "0")] * 2


def test_the_entries_up_are_added_up_and_other_sums_are_parts_of_it(told: Told) -> None:
    text = visible(told.page)
    summed = re.search(r"added together: (\d+) on the days before ((?:\+ \d+ )+)today = (\d+) entries", text)
    assert summed
    earlier, total = int(summed[1]), int(summed[3])
    today = [int(figure) for figure in re.findall(r"\d+", summed[2])]
    assert earlier + sum(today) == total
    proof = re.search(r"held before this contact, and from it .*? (\d+) \+ (\d+) = (\d+) (\d+) ", text)
    assert proof
    before, came, together, after = map(int, proof.groups())
    assert (before, before + came) == (earlier + sum(today[: today.index(came)]), together)
    assert together == after
    copied = re.search(r"and the original’s new one .*? (\d+) the same \1, and 1 of the other history", text)
    assert copied
    assert int(copied[1]) == total + 1


def test_no_truck_of_the_day_stands_in_the_proof_of_the_copied_folder(told: Told) -> None:
    day, _, proof = visible(told.page).partition("The folder is copied")
    of_the_day = set(re.findall(r"truck Su (K\w{5})", day.partition("The twelve declarations")[0]))
    copied = re.findall(r"for truck Su (K\w{5})", proof)
    assert len(of_the_day) == 8
    assert len(copied) == 2
    assert not of_the_day & set(copied)


@pytest.mark.parametrize("said", ["Windows", "Printers of metal and plastic", "WeChat", "Legal approval"])
def test_what_has_not_been_run_is_said_on_the_page_itself(told: Told, said: str) -> None:
    section = re.search(r'<section id="specimen">.*?</section>', told.page, re.DOTALL)
    assert section
    assert said in visible(section[0]).partition("Not run")[2]


def test_refusals_stand_in_order_with_their_dates(told: Told) -> None:
    section = re.search(r'<section id="refusals">.*?</table>', told.page, re.DOTALL)
    assert section
    times = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", re.sub(r"departure is on \S+", "", visible(section[0])))
    assert len(times) >= 5
    assert times == sorted(times)


def test_the_copies_in_words_add_up_to_the_paper_equation(told: Told) -> None:
    text = visible(told.page)
    for place, count in told.summary["equations"]["paper"].items():
        name = {"laptop": "Vet’s laptop", "desk": "Clerk’s desk"}[place]
        words = re.search(rf"{name}: (\d+) prints of two copies, (\d+) in\. .*?: (\d+) out\. .*?: (\d+)\.", text)
        assert words
        prints, came, went, here = map(int, words.groups())
        assert (2 * prints, came, went, here) == (came, count["came_in"], count["went_out"], count["closing"])
    assert "1 of B 9900000004 is lost; 1 of B 9900000004 went to the county" in text
    assert "2 of B 9900000006 print 1 went to the county" in text
    assert "10 stubs of the former system" in text


def test_english_sentences_need_no_chinese_letters(told: Told) -> None:
    outer = re.sub(r'srcdoc="[^"]*"', "", told.page)
    english = re.findall(r'<(?:span class="first"|p) lang="en">([^<]*)<', outer)
    assert len(english) > 200
    assert not [text for text in english if re.search(r"[一-鿿]", text.replace("练习 · SPECIMEN", ""))]


def test_the_notice_is_among_the_papers_shown(told: Told) -> None:
    section = re.search(r'<section id="papers">.*?</section>', told.page, re.DOTALL)
    assert section
    assert 'alt="Certificate N' not in section[0]
    assert re.search(r'alt="Treatment notice N\u00a0\d{10}, first copy"', section[0])
    assert "Four kinds of paper" in section[0]


def test_every_number_of_the_blocks_has_its_cell(told: Told) -> None:
    cells = re.findall(r'<i class="(\w+)" title="[ABN] \d+', told.page.replace("\u00a0", " "))
    assert len(cells) == sum(count["size"] for count in told.summary["equations"]["blocks"].values())
    assert (cells.count("used"), cells.count("replaced"), cells.count("notice")) == (7, 1, 1)


def test_declarations_add_up_on_the_page(told: Told) -> None:
    text = visible(told.page)
    assert "7 certified, 1 treatment notice, 1 not accepted, 1 withdrawn, 2 awaiting results" in text
    assert "7 in force, 1 replaced, none missing, none twice" in text


def test_figures_of_both_equations_stand_on_the_page(told: Told) -> None:
    text = visible(told.page)
    for count in told.summary["equations"]["paper"].values():
        figures = [str(count[name]) for name in ("opening", "came_in", "went_out", "closing")]
        assert " ".join(figures) in text
    assert "50 48 2 0 0 0" in text
    assert "100 94 6 0 0 0" in text


def test_proofs_stand_on_the_page_with_before_and_after(told: Told) -> None:
    text = visible(told.page)
    assert re.search(r"how the process ended .*? — killed \(SIGKILL\) killed \(SIGKILL\)", text)
    assert re.search(r"new number B 9900000005 .*? free free used", text)
    assert re.search(r"certificate B 9900000004, to be replaced .*? issued issued replaced", text)
    assert "practice:genuine practice:altered" in text
    turned = re.search(r"each of the (\d+) digits changed in turn: believed .*? (\d+) / (\d+)", text)
    assert turned
    assert (turned[2], turned[3]) == ("0", turned[1])
    assert text.count("stopped: two histories of one device") == 2
    assert "refused: Issuing is paused on this computer" in text
    digests = re.search(r"SHA-256 \(fingerprint\) of the whole database .*? ([0-9a-f]{12}) ([0-9a-f]{12})", text)
    assert digests
    assert digests[1] == digests[2]


def test_the_province_page_inside_it_is_the_answer_of_the_real_view(told: Told) -> None:
    inside = [html.unescape(text) for text in re.findall(r'srcdoc="([^"]*)"', told.page)]
    assert [re.findall(r"<h1>(.*?)</h1>", text)[0] for text in inside] == ["In force", "证明有效", "Not to be accepted"]
    assert all("<style>" in text and "<script" not in text and "/static/" not in text for text in inside)
    assert "苏K3I4••" in inside[0]
    assert "湖西特种" not in inside[0]
    assert (told.out / "public-page" / "B-9900000003-en.html").read_text("utf-8") == inside[0]


def test_english_comes_with_chinese_beside_it(told: Told) -> None:
    pairs = re.findall(r'class="first" lang="(\S+?)">[^<]*</span> <span class="second" lang="(\S+?)">', told.page)
    assert len(pairs) > 100
    assert set(pairs) == {("en", "zh-CN")}


# --- seen ---


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a screen."""
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=quiet)
        yield opened
        opened.close()


def test_no_words_of_the_time_line_run_into_each_other(told: Told, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((told.out / "index.html").as_uri())
    clashes = page.evaluate(
        "(() => {const texts = [...document.querySelectorAll('#day svg text')];"
        "const boxes = texts.map(text => [text.textContent, text.getBBox()]);"
        "return boxes.flatMap(([one, a], i) => boxes.slice(i + 1).filter(([, b]) => a.x < b.x + b.width - 1 "
        "&& b.x < a.x + a.width - 1 && a.y + 3 < b.y + b.height - 3 && b.y + 3 < a.y + a.height - 3)"
        ".map(([other]) => one + ' / ' + other))})()"
    )
    assert page.locator("#day svg text").count() > 20
    assert clashes == []
    page.close()


def test_on_a_telephone_nothing_scrolls_sideways_and_every_figure_has_its_heading(told: Told, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((told.out / "index.html").as_uri())
    wide = page.evaluate(
        "[...document.querySelectorAll('.scroll, .line')].filter(box => box.scrollWidth > box.clientWidth).length"
    )
    headings = page.evaluate(
        "[...document.querySelectorAll('#equations td:not(:first-child)')]"
        ".map(cell => getComputedStyle(cell, '::before').content)"
    )
    assert wide == 0
    assert '"withdrawn"' in headings
    assert "none" not in headings
    assert page.locator("#day .moments li").last.is_visible()
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_it_opens_from_the_disk_without_sideways_scrolling_or_broken_pictures(
    told: Told, browser: Browser, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((told.out / "index.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 100)")
    assert not [url for url in asked if not url.startswith(("file:", "data:", "about:"))]
    page.close()


def test_remarks_lie_on_their_pictures(told: Told, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto((told.out / "index.html").as_uri())
    outside = page.evaluate(
        "[...document.querySelectorAll('.pin')].filter(pin => {"
        "const place = pin.getBoundingClientRect(), shot = pin.parentElement.getBoundingClientRect();"
        "return place.left < shot.left - 1 || place.right > shot.right + 1 || place.top < shot.top - 1 "
        "|| place.bottom > shot.bottom + 1}).length"
    )
    assert page.locator(".pin").count() >= 80
    assert outside == 0
    page.close()


@pytest.mark.parametrize("width", [360, *WIDTHS])
def test_the_telephones_show_the_whole_answer(told: Told, browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((told.out / "index.html").as_uri())
    whole = "[document.documentElement.scrollHeight, document.documentElement.scrollWidth - innerWidth, innerHeight]"
    for frame in page.frames[1:]:
        needed, sideways, given = frame.evaluate(whole)
        lowest = frame.evaluate(
            "Math.max(...[...document.body.children].map(one => one.getBoundingClientRect().bottom))"
        )
        assert needed <= given
        assert sideways <= 0
        assert lowest <= given
    assert len(page.frames) == 4
    page.close()


def test_the_telephone_shows_the_verdict(told: Told, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto((told.out / "index.html").as_uri())
    page.locator("#phone").scroll_into_view_if_needed()
    frame = page.frame_locator("#phone iframe").first
    assert frame.locator("h1").inner_text() == "In force"
    page.close()


def test_pictures_show_the_first_copy_whole(told: Told) -> None:
    import base64
    import io

    import zxingcpp
    from PIL import Image

    pictures = re.findall(r'src="data:image/png;base64,([^"]+)" alt="Certificate ([AB]\u00a0\d+)', told.page)
    assert sorted(number.replace("\u00a0", " ") for _data, number in pictures) == NUMBERS
    data = {number.replace("\u00a0", " "): text for text, number in pictures}
    for number in ("A 9900000001", "B 9900000003", "B 9900000002", "B 9900000001"):
        picture = Image.open(io.BytesIO(base64.b64decode(data[number]))).convert("L")
        picture = picture.resize((picture.width * 2, picture.height * 2))
        assert {code.text for code in zxingcpp.read_barcodes(picture)} == {told.certificate(number)["qr"]}


def test_the_page_is_not_heavier_than_it_need_be(told: Told) -> None:
    assert (told.out / "index.html").stat().st_size < 2_000_000
    assert Path(told.out / "summary.json").stat().st_size < 20_000


@pytest.mark.parametrize("family", ["DejaVu Sans", "Liberation Sans", "monospace"])
def test_the_picture_of_the_parts_keeps_its_words_in_their_boxes_with_any_font(browser: Browser, family: str) -> None:
    picture = (ROOT / "docs" / "sample" / "pictures" / "parts.svg").read_text("utf-8")
    page = browser.new_page(viewport={"width": 1200, "height": 470})
    page.set_content(re.sub(r'font-family="[^"]*"', f'font-family="{family}"', picture))
    outside = page.evaluate(
        "(() => {const boxes = [...document.querySelectorAll('svg rect')].map(rect => rect.getBBox());"
        "return [...document.querySelectorAll('svg text')].map(text => [text.textContent, text.getBBox()])"
        ".filter(([, t]) => {const around = boxes.filter(b => t.x >= b.x && t.x < b.x + b.width && t.y >= b.y "
        "&& t.y < b.y + b.height).sort((a, b) => a.width * a.height - b.width * b.height)[0];"
        "return t.x + t.width > around.x + around.width}).map(([text]) => text)})()"
    )
    assert page.locator("svg text").count() > 30
    assert outside == []
    page.close()
