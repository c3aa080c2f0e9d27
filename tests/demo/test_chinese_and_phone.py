"""The same day told in Chinese, and the public page on the local network afterwards."""

from __future__ import annotations

import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import zxingcpp
from PIL import Image

from inspector_app.demo.phone import text_code
from tests.demo import running
from tests.source_tree import ROOT

pytestmark = pytest.mark.timeout(600)
ADDRESS = re.compile(r"http://[0-9.]+:\d+/")


class Served(NamedTuple):
    """A demonstration that is serving its page just now."""

    out: Path
    told: list[str]
    url: str

    def get(self, path: str, method: str = "GET") -> tuple[int, str]:
        asked = urllib.request.Request(self.url + path.lstrip("/"), method=method)
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """``demo --lang zh --phone``, stopped when its tests are through."""
    out = tmp_path_factory.mktemp("zh") / "out"
    environment = running.environment(tmp_path_factory.mktemp("alone"))
    with subprocess.Popen(
        running.command(out, "--lang", "zh", "--phone", "--phone-seconds", "120"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        told: list[str] = []
        found = None
        for line in process.stdout:
            told.append(line.rstrip("\n"))
            found = ADDRESS.search(line)
            if found:
                break
        assert found, process.stderr.read()
        serving = Served(out, told, found[0])
        yield serving
        serving.get("/")
        process.send_signal(2)
        rest = process.stdout.read()
    assert "查验页已关闭" in rest
    assert "正在查验" in rest
    assert process.returncode == 0


def test_the_day_is_told_in_chinese(served: Served) -> None:
    told = "\n".join(served.told)
    assert "离线 · B 9900000003 已签发 · 草鱼（水花）500,000尾 · 高邮市 → 兴化市 · 已签名、已入账、已打印" in told
    assert "不予办理" in told
    assert " offline " not in told


def test_the_page_puts_chinese_first_and_english_beside_it(served: Served) -> None:
    page = (served.out / "index.html").read_text("utf-8")
    assert '<html lang="zh-CN">' in page
    pairs = re.findall(r'class="first" lang="(\S+?)">[^<]*</span> <span class="second" lang="(\S+?)">', page)
    assert set(pairs) == {("zh-CN", "en")}


def test_the_summary_is_the_same_in_any_language(served: Served) -> None:
    summary = running.Told(served.out, "").summary
    assert [line["number"] for line in summary["certificates"]][-1] == "9900000006"
    assert {line["verdict"] for line in summary["certificates"]} == {"practice:genuine", "practice:replaced"}


def test_a_telephone_finds_every_certificate_behind_the_address(served: Served) -> None:
    status, listing = served.get("/")
    links = re.findall(r'href="(/q/\d+\?lang=en)"', listing)
    assert (status, len(links)) == (200, 8)
    answers = [served.get(link) for link in links]
    assert {status for status, _page in answers} == {200}
    headlines = [re.findall(r"<h1>(.*?)</h1>", page)[0] for _status, page in answers]
    assert headlines.count("In force") == 7
    assert headlines.count("Not to be accepted") == 1


def test_its_style_sheet_is_served_too(served: Served) -> None:
    _status, page = served.get(re.findall(r'href="(/q/\d+\?lang=en)"', served.get("/")[1])[0])
    sheet = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)[0]
    assert served.get(sheet)[0] == 200


@pytest.mark.parametrize(
    "path", ["/admin/", "/declare/", "/api/v1/sync", "/api/v1/enrol", "/static/admin/css/base.css"]
)
def test_nothing_but_the_public_page_is_open_to_the_network(served: Served, path: str) -> None:
    assert served.get(path)[0] == 404
    assert served.get(path, "POST")[0] == 404


def test_a_changed_digit_is_red_on_the_telephone_too(served: Served) -> None:
    code = re.findall(r'href="(/q/\d+)\?lang=en"', served.get("/")[1])[0]
    changed = code[:-9] + str((int(code[-9]) + 1) % 10) + code[-8:]
    status, page = served.get(f"{changed}?lang=en")
    assert status == 200
    assert "In force" not in page


@pytest.mark.parametrize("colours", [True, False])
def test_the_code_in_the_terminal_can_be_scanned(colours: bool) -> None:
    url = "http://192.168.1.23:40123/"
    drawn = text_code(url, colours=colours)
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in drawn.splitlines()]
    side, scale = len(lines[0]), 6
    picture = Image.new("L", (side, 2 * len(lines)), 0)
    light = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)} if colours else {
        "█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)
    }  # fmt: skip
    for y, line in enumerate(lines):
        for x, block in enumerate(line):
            for half in (0, 1):
                picture.putpixel((x, 2 * y + half), 255 * light[block][half])
    big = picture.resize((picture.width * scale, picture.height * scale))
    assert [code.text for code in zxingcpp.read_barcodes(big)] == [url]
