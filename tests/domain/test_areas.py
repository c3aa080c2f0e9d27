"""Administrative areas: completeness, history, names, search."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.areas import Level, parse_areas
from inspector_app.domain.reference import Confidence, UnknownCodeError
from tests.domain.reference_data import FOLDER, TODAY, areas

GAOYOU, XINGHUA, YANGZHOU, JIANGSU = 321084, 321281, 321000, 320000
HEAD = "code,name,name_en,pinyin,effective_from,effective_to,confidence\n"


def test_every_province_prefecture_and_county_is_there() -> None:
    found = [area for area in areas() if areas().is_in_force(area.code, "2024-12-31") and not area.effective_to]
    counts = {level: sum(area.level is level and not area.is_practice for area in found) for level in Level}
    assert counts == {Level.PROVINCE: 34, Level.PREFECTURE: 333, Level.COUNTY: 2846}


@pytest.mark.parametrize(("code", "full_name", "english"), [
    (GAOYOU, "江苏省扬州市高邮市", "Gaoyou, Yangzhou, Jiangsu"),
    (XINGHUA, "江苏省泰州市兴化市", "Xinghua, Taizhou, Jiangsu"),
    (340210, "安徽省芜湖市湾沚区", "Wanzhi, Wuhu, Anhui"), (110101, "北京市东城区", "Dongcheng, Beijing"),
    (429004, "湖北省仙桃市", "Xiantao, Hubei"), (341500, "安徽省六安市", "Lu'an, Anhui"),
    (610100, "陕西省西安市", "Xi'an, Shaanxi"), (150100, "内蒙古自治区呼和浩特市", "Hohhot, Inner Mongolia"),
    (350200, "福建省厦门市", "Xiamen, Fujian"), (500101, "重庆市万州区", "Wanzhou, Chongqing"),
    (540000, "西藏自治区", "Tibet"), (340300, "安徽省蚌埠市", "Bengbu, Anhui"),
    (331000, "浙江省台州市", "Taizhou, Zhejiang"),
    (810000, "香港特别行政区", "Hong Kong"), (441900, "广东省东莞市", "Dongguan, Guangdong"),
])  # fmt: skip
def test_well_known_areas_have_their_names(code: int, full_name: str, english: str) -> None:
    assert areas().full_name(code, TODAY) == full_name
    assert areas().full_name_en(code, TODAY) == english


@pytest.mark.parametrize(("code", "name", "before", "after"), [
    (340221, "芜湖县", "2019-06-01", "2021-01-01"), (320124, "溧水县", "2012-06-01", "2014-01-01"),
    (370112, "历城区", "2024-01-01", ""), (371200, "莱芜市", "2018-01-01", "2020-01-01"),
    (330103, "下城区", "2020-06-01", "2023-01-01"),
])  # fmt: skip
def test_a_merged_area_is_in_force_only_in_its_days(code: int, name: str, before: str, after: str) -> None:
    assert areas().area(code, before).name == name
    assert areas().is_in_force(code, before)
    assert areas().is_in_force(code, after) is (after == "")


def test_an_area_that_ended_stays_readable_for_old_records() -> None:
    assert areas().full_name(340221, TODAY) == "安徽省芜湖市芜湖县"


def test_in_the_year_of_a_change_old_and_new_code_hold() -> None:
    assert areas().is_in_force(340221, "2020-09-01")
    assert areas().is_in_force(340210, "2020-09-01")


def test_a_renamed_area_has_the_name_of_the_day() -> None:
    assert areas().full_name(420600, "2008-01-01") == "湖北省襄樊市"
    assert areas().full_name(420600, TODAY) == "湖北省襄阳市"


@pytest.mark.parametrize("code", [0, 999999, 321099, -1])
def test_a_code_that_never_was_is_refused(code: int) -> None:
    assert not areas().is_in_force(code, TODAY)
    assert code not in areas()
    with pytest.raises(UnknownCodeError):
        areas().full_name(code)


def test_practice_province_is_marked_and_nothing_else_is() -> None:
    assert [(area.code, area.name, area.confidence) for area in areas() if area.is_practice] == [
        (990000, "练习省", Confidence.PRACTICE)
    ]
    assert not areas().area(GAOYOU).is_practice


def test_children_are_those_right_below() -> None:
    assert [area.name for area in areas().children(YANGZHOU, TODAY)] == [
        "广陵区", "邗江区", "江都区", "宝应县", "仪征市", "高邮市",
    ]  # fmt: skip
    assert [area.code for area in areas().children(JIANGSU, TODAY)] == [*range(320100, 321301, 100)]
    assert areas().children(GAOYOU, TODAY) == ()


@pytest.mark.parametrize("text", [
    "321084", "高邮", "高邮市", "gaoyou", "Gaoyou", "GAO YOU", "gaoyo", "gyou", "扬州高邮",
    "江苏省扬州市高邮", "江苏高邮市", "高　邮",
])  # fmt: skip
def test_gaoyou_is_found_first(text: str) -> None:
    assert areas().search(text, TODAY)[0].code == GAOYOU


def test_initials_find_the_nearest_first() -> None:
    assert areas().search("gy", TODAY, near=YANGZHOU)[0].code == GAOYOU
    assert areas().search("xh", TODAY, near=XINGHUA)[0].code == XINGHUA


@pytest.mark.parametrize("text", ["", " ", "'", "没有这个地方", "zzzzqq", "999998", "%"])
def test_a_search_without_a_match_finds_nothing(text: str) -> None:
    assert areas().search(text, TODAY) == ()


def test_a_search_finds_only_what_is_in_force_that_day() -> None:
    assert areas().search("芜湖县", TODAY) == ()
    assert [area.code for area in areas().search("芜湖县", "2015-01-01")] == [340221]


@given(st.text(max_size=12))
def test_no_text_crashes_the_search(text: str) -> None:
    assert len(areas().search(text, TODAY, limit=5)) <= 5


def test_every_area_is_found_by_its_code_and_has_an_english_name() -> None:
    for area in areas():
        assert area.name_en[0].isupper()
        assert area.name_en.replace("'", "").replace(" ", "").replace("ü", "u").isascii()
        assert area.parent in areas() or area.level is Level.PROVINCE
        assert area.effective_to == "" or area.effective_from <= area.effective_to


@pytest.mark.parametrize("text", [
    "", "code,name\n", HEAD + "32108,高邮市,Gaoyou,gao you shi,1995-01-01,,S-m\n",
    HEAD + "321084,高邮市,Gaoyou,gao you,1995-01-01,,S-m\n",
    HEAD + "321084,高邮市,Gaoyou,gao you shi,1995-01-01,,sure\n",
    HEAD + "321084,高邮市\n", HEAD + "三二一,高邮市,Gaoyou,gao you shi,1995-01-01,,S-m\n",
    HEAD + "321084,高邮市,Gaoyou,gao you shi,1995,,S-m\n",
])  # fmt: skip
def test_a_malformed_table_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="areas"):
        parse_areas(text)


def test_reading_the_table_takes_no_noticeable_time() -> None:
    text = (FOLDER / "areas.csv").read_text("utf-8")
    times = []
    for _ in range(5):
        start = time.perf_counter()
        parse_areas(text)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.1
