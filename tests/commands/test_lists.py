"""Lists as people read them and as programs take them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from inspector_app.commands.overview import LISTS, as_csv
from inspector_app.commands.tables import aligned, moment, width_of
from inspector_app.services import lists
from tests.commands.conftest import Desk
from tests.services.work import issued, printed


def test_a_certificate_is_told_in_words_places_and_local_time(desk: Desk) -> None:
    number = desk.doing(issued)
    ran = desk.run("list", "certificates")
    heading, line, foot = ran.out.splitlines()
    assert heading.split() == ["number", "state", "batch", "from", "→", "to", "owner", "plate", "time"]
    for part in (
        number,
        "issued",
        "100,000 grass carp fry",
        "Gaoyou → Xinghua",
        "王大河",
        "苏K12345",
        "2026-11-21 12:00",
    ):
        assert part in line
    assert foot == "1–1 of 1"


def test_the_same_list_in_chinese(desk: Desk) -> None:
    desk.doing(issued)
    heading, line, foot = desk.run("--lang", "zh", "list", "certificates").out.splitlines()
    assert heading.split()[:3] == ["编号", "状态", "批次"]
    for part in ("已签发", "草鱼（水花）10万尾", "高邮市 → 兴化市"):
        assert part in line
    assert foot == "第 1–1 条，共 1 条"


def test_columns_stand_under_each_other_whatever_the_width_of_a_character() -> None:
    lines = aligned([["a", "b"], ["高邮", "c"], ["e\u0301x", "d"]])
    assert lines == ["a     b", "高邮  c", "e\u0301x    d"]
    assert [width_of(line) for line in lines] == [7, 7, 7]


@pytest.mark.parametrize(("at", "told"), [(0, "—"), (None, "—"), (1_795_233_600_000, "2026-11-21 12:00")])
def test_a_moment_is_local_and_none_is_a_dash(at: int | None, told: str) -> None:
    assert moment(at) == told


@pytest.mark.parametrize("table", LISTS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_list_has_its_words_with_and_without_rows(desk: Desk, table: str, lang: str) -> None:
    desk.doing(printed)
    ran = desk.run("--lang", lang, "list", table)
    assert (ran.code, ran.err) == (0, "")
    heading = ran.out.splitlines()[0]
    assert all(("\u4e00" <= letter <= "\u9fff") == (lang == "zh") for letter in heading if letter.isalpha())


def test_a_file_and_json_hold_every_row_and_people_a_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        desk.doing(issued)
    monkeypatch.setattr(lists, "PAGE", 2)
    assert desk.run("list", "certificates").out.splitlines()[-1] == "1–2 of 3"
    assert len(desk.run("--json", "list", "certificates").json["rows"]) == 3
    assert desk.run("list", "certificates", "--csv", desk.path("all.csv")).code == 0
    rows = list(csv.reader(Path(desk.path("all.csv")).read_text("utf-8-sig").splitlines()))
    assert (rows[0][0], len(rows)) == ("number", 4)


def test_a_page_begins_and_ends_where_it_is_asked_to(desk: Desk) -> None:
    numbers = [desk.doing(issued) for _ in range(3)]
    ran = desk.run("list", "certificates", "--first", "2", "--count", "1")
    assert ran.out.splitlines()[-1] == "2–2 of 3"
    assert numbers[1] in ran.out
    assert numbers[0] not in ran.out
    assert desk.run("list", "certificates", "--first", "9").out.splitlines()[-1] == "0–0 of 3"


@pytest.mark.parametrize("option", ["--first", "--count"])
@pytest.mark.parametrize("wrong", ["0", "-1", "x"])
def test_a_page_that_cannot_be_is_wrong_usage_in_the_language_asked_for(desk: Desk, option: str, wrong: str) -> None:
    said = desk.run("--lang", "zh", "list", "certificates", f"{option}={wrong}")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"这里读不出是第几行或多少行（{wrong}）。")


def test_a_page_may_be_asked_for_with_wide_digits(desk: Desk) -> None:
    for _ in range(2):
        desk.doing(issued)
    assert desk.run("list", "certificates", "--first", "\uff12").out.splitlines()[-1] == "2–2 of 2"


def test_an_empty_list_still_has_its_heading_in_a_file(desk: Desk) -> None:
    assert desk.run("list", "prints", "--csv", desk.path("none.csv")).code == 0
    heading = Path(desk.path("none.csv")).read_text("utf-8-sig")
    assert heading.strip().split(",")[:3] == ["number", "state", "credential"]


def test_a_cell_that_would_run_as_a_formula_does_not() -> None:
    assert b"'=1+1" in as_csv("parties", [{"ref": "=1+1"}])


def test_a_file_that_cannot_be_written_is_told_before_the_passphrase_is_tried(desk: Desk) -> None:
    blocked = f"{desk.file('plain.txt', b'')}/all.csv"
    ran = desk.run("--json", "list", "prints", "--csv", blocked, secret="not there")
    assert (ran.code, ran.json["fault"]) == (3, "disk_failing")


def test_the_sentence_on_a_search_without_a_hit_is_a_count(desk: Desk) -> None:
    desk.doing(issued)
    assert desk.run("list", "certificates", "--search", "nobody").out.splitlines()[-1] == "0–0 of 0"
    assert "苏K12345" in desk.run("list", "certificates", "--search", "苏k12345").out
