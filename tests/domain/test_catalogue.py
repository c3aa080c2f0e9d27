"""The catalogue: what is in it, dates, search, and files that contradict themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.catalogue import SHAPES, CatalogueError, Group, Host, parse_catalogue
from inspector_app.domain.numerals import iso_date
from inspector_app.domain.quantities import Dimension
from inspector_app.domain.reference import UnknownCodeError, in_force
from tests.domain.reference_data import TODAY, catalogue, catalogue_texts

GRASS_CARP, KOI, MANDARIN = 101, 106, 111
WHITE_SHRIMP, MITTEN_CRAB, OYSTER, SEA_CUCUMBER = 301, 401, 501, 603
LAST_DAY_2011, FIRST_DAY_2023 = "2023-04-03", "2023-04-04"


def diseases(species: int, on: str) -> set[str]:
    return {row.disease for row in catalogue().diseases_for(species, on)}


def test_every_record_has_names_source_confidence_and_dates() -> None:
    for name in SHAPES:
        assert catalogue().records(name), name
        for row in catalogue().records(name):
            assert row.source
            assert row.confidence
            first, last = iso_date(row.effective_from), iso_date(row.effective_to or "9999-12-31")
            assert first < last
            if not isinstance(row, Host):
                assert row.zh
                assert row.en.isprintable()


@pytest.mark.parametrize("name", [
    "草鱼", "鲢", "鳙", "鲫", "鲤", "锦鲤", "金鱼", "青鱼", "团头鲂", "鳜", "斑点叉尾鮰", "黄颡鱼", "大口黑鲈", "虹鳟",
    "凡纳滨对虾", "罗氏沼虾", "克氏原螯虾", "中华绒螯蟹", "日本沼虾", "牡蛎", "鲍", "缢蛏", "菲律宾蛤仔", "海湾扇贝",
    "大黄鱼", "石斑鱼", "大菱鲆", "仿刺参", "中华鳖",
])  # fmt: skip
def test_the_species_of_the_trade_are_there(name: str) -> None:
    assert [row.zh for row in catalogue().all_species(TODAY) if row.zh == name] == [name]


def test_species_codes_tell_their_group() -> None:
    groups = list(Group)
    for row in catalogue().all_species(TODAY):
        assert row.group is groups[row.code // 100 - 1]
        assert len(row.pinyin) == 1 + len(row.aliases)
        assert len(row.readings[0]) == len(row.zh)


@pytest.mark.parametrize(("text", "code"), [
    ("草鱼", 101), ("cy", 101), ("caoyu", 101), ("grass carp", 101), ("Ctenopharyngodon", 101), ("101", 101),
    ("鲩鱼", 101), ("jzl", 114), ("加州鲈", 114), ("jiazhoulu", 114), ("guiyu", 111), ("jueyu", 111), ("河蟹", 401),
    ("hx", 401), ("海参", 603), ("haishen", 603), ("haican", 603), ("nmbdx", 301), ("xiaolongxia", 307),
    ("ＸＬＸ", 307), ("花䱻", 127),
])  # fmt: skip
def test_a_species_is_found_by_any_of_its_names(text: str, code: int) -> None:
    assert code in [row.code for row in catalogue().search_species(text, TODAY)[:3]]


@pytest.mark.parametrize("text", ["", " ", "没有这种鱼", "qqqq", "9999", "\x00"])
def test_a_search_without_a_match_finds_nothing(text: str) -> None:
    assert catalogue().search_species(text, TODAY) == ()


@given(st.text(max_size=12))
def test_no_text_crashes_the_search(text: str) -> None:
    assert len(catalogue().search_species(text, TODAY, limit=4)) <= 4


@pytest.mark.parametrize(("species", "before", "after"), [
    (GRASS_CARP, {"SVC", "GCHD", "ICH"}, {"GCHD", "ICH"}),
    (KOI, {"SVC", "KHVD", "ICH"}, {"SVC", "KHVD", "CEVD", "ICH"}),
    (MANDARIN, {"ICH"}, {"ISKN", "ICH"}), (MITTEN_CRAB, {"TREMOR"}, {"SPIROPLASMA"}),
    (OYSTER, {"BONAMIA", "MARTEILIA"}, {"BONAMIA", "MARTEILIA", "OSHV1"}), (SEA_CUCUMBER, set(), set()),
    (WHITE_SHRIMP, {"WSD", "TS", "IMN"}, {"WSD", "TS", "IMN", "DIV1", "EHP", "AHPND", "IHHN"}),
])  # fmt: skip
def test_the_table_of_objects_changes_in_april_2023(species: int, before: set[str], after: set[str]) -> None:
    assert diseases(species, LAST_DAY_2011) == before
    assert diseases(species, FIRST_DAY_2023) == after


def test_before_the_first_procedures_there_were_no_objects() -> None:
    assert diseases(GRASS_CARP, "2011-03-16") == set()


def test_what_a_microscope_shows_needs_no_laboratory() -> None:
    assert {row.disease for row in catalogue().records("host") if not row.lab_required} == {"ICH", "CRYPTO"}


def test_rows_of_2023_that_were_not_read_do_not_pretend_to_be_sourced() -> None:
    assert {row.confidence for row in catalogue().records("host") if row.version == "2023"} == {"M", "G"}


def test_an_ended_disease_stays_readable_but_is_not_in_force() -> None:
    found = catalogue().disease("TREMOR")
    assert found is not None
    assert found.zh == "河蟹颤抖病"
    assert catalogue().disease("TREMOR", TODAY) is None


def test_an_unknown_code_is_nothing_or_an_error_where_a_name_is_needed() -> None:
    assert catalogue().species(999) is None
    assert catalogue().species(GRASS_CARP, "1999-01-01") is None
    assert catalogue().purpose(77) is None
    assert catalogue().transport(0) is None
    assert catalogue().unit(999) is None
    assert catalogue().stage("tadpole") is None
    assert catalogue().reason("void", "no_such_reason") is None
    assert not catalogue().diseases_for(999, TODAY)
    assert not catalogue().stages_for(999, TODAY)
    assert not catalogue().signs_for(999, TODAY)
    assert not catalogue().reasons("no_such_list", TODAY)
    with pytest.raises(UnknownCodeError):
        catalogue().known_species(999)
    with pytest.raises(UnknownCodeError):
        catalogue().records("no_such_table")


@pytest.mark.parametrize(("species", "some"), [
    (GRASS_CARP, {"水花", "夏花", "鱼种", "亲本", "发眼卵"}), (WHITE_SHRIMP, {"虾苗（仔虾P期）", "无节幼体"}),
    (MITTEN_CRAB, {"大眼幼体", "豆蟹", "扣蟹"}), (OYSTER, {"稚贝", "面盘幼虫"}), (SEA_CUCUMBER, {"稚体", "幼体"}),
])  # fmt: skip
def test_stages_fit_the_group(species: int, some: set[str]) -> None:
    assert some <= {stage.zh for stage in catalogue().stages_for(species, TODAY)}
    assert "扣蟹" not in {stage.zh for stage in catalogue().stages_for(GRASS_CARP, TODAY)}


@pytest.mark.parametrize(("species", "stage", "unit"), [
    (GRASS_CARP, "fry", "万尾"), (GRASS_CARP, "broodstock", "尾"), (MITTEN_CRAB, "broodstock", "只"),
    (MITTEN_CRAB, "megalopa", "千克"), (OYSTER, "spat", "万粒"), (OYSTER, "broodstock", "粒"),
])  # fmt: skip
def test_a_form_proposes_the_usual_unit(species: int, stage: str, unit: str) -> None:
    assert catalogue().units[catalogue().unit_for(species, stage)].zh == unit


def test_no_unit_leads_from_a_count_to_a_weight() -> None:
    units = catalogue().units
    for unit in units.values():
        assert unit.dimension is units[unit.base].dimension
        assert units[unit.base].base == unit.base
        assert units[unit.base].factor == 1
    assert {unit.zh for unit in units.values() if unit.dimension is Dimension.WEIGHT} == {"克", "千克", "吨"}
    names = {unit.zh for unit in units.values()}
    assert {"尾", "只", "粒", "株", "羽", "千克", "克", "万尾", "万只", "万粒", "亿粒"} <= names


def test_names_of_units_are_unambiguous() -> None:
    names = [name for unit in catalogue().units.values() for name in (unit.zh, *unit.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("name", "least"), [
    ("not_accepted", 5), ("void", 5), ("replacement", 5), ("spare_print", 5), ("short_notice", 4), ("treatment", 5),
    ("withdrawn", 3), ("basis", 3), ("failure", 3), ("plate", 3), ("preservation", 3),
])  # fmt: skip
def test_every_list_of_reasons_offers_choices_in_both_languages(name: str, least: int) -> None:
    reasons = catalogue().reasons(name, TODAY)
    assert len(reasons) >= least
    assert all(reason.name("zh") != reason.name("en") for reason in reasons)


def test_legal_basis_follows_the_procedures_in_force() -> None:
    old = {reason.code for reason in catalogue().reasons("basis", LAST_DAY_2011)}
    new = {reason.code for reason in catalogue().reasons("basis", FIRST_DAY_2023)}
    assert "proc2011_fish_5_2" in old - new
    assert "proc2023_fish" in new - old


def test_checks_and_signs_cover_what_the_procedure_asks() -> None:
    required = {check.code for check in catalogue().checks("documents", TODAY) if check.required}
    assert {"culture_licence", "introduced_stock", "history_clean"} <= required
    assert all(check.required for check in catalogue().checks("wild", TODAY))
    for group_species in (GRASS_CARP, WHITE_SHRIMP, MITTEN_CRAB, OYSTER, SEA_CUCUMBER):
        assert len(catalogue().signs_for(group_species, TODAY)) >= 5


def test_measurements_bound_what_can_be_true() -> None:
    ph = catalogue().measurement("ph")
    assert ph is not None
    assert (ph.low, ph.high, ph.scale) == (0, 140, 1)
    assert all(row.low < row.high for row in catalogue().measurements(TODAY))


def test_open_rows_are_in_force_without_a_day() -> None:
    rows = catalogue().records("host")
    assert {row.version for row in in_force(rows, "")} == {"2023"}


VERSION = 'version = "1"\n'
DEFAULTS = '[defaults]\nsource = "s"\nconfidence = "M"\n[data]\n'


@pytest.mark.parametrize(("text", "why"), [
    ("= nonsense", "Invalid"), ("", "no file states the version"), (VERSION + "[rule]\n", "unknown tables"),
    (VERSION + DEFAULTS + "fish = [{ code = 1 }]", "no table fish"),
    (VERSION + DEFAULTS + 'purpose = [{ code = 1, zh = "养殖" }]', "en"),
    (VERSION + DEFAULTS + 'purpose = [{ code = "1", zh = "养殖", en = "farming" }]', "int"),
    (VERSION + DEFAULTS + 'purpose = [{ code = 1, zh = "养殖", en = "farming", surprise = 1 }]', "surprise"),
    (VERSION + '[data]\npurpose = [{ code = 1, zh = "养殖", en = "farming" }]', "source"),
    (VERSION + DEFAULTS + 'purpose = [{ code = 1, zh = "a", en = "a" }, { code = 1, zh = "b", en = "b" }]', "twice"),
    (VERSION + DEFAULTS + 'purpose = [{ code = 1, zh = "a", en = "a", confidence = "sure" }]', "confidence"),
    (VERSION + DEFAULTS + 'stage = [{ code = "a", zh = "a", en = "a", groups = ["crab"], unit = 5 }]', "nothing"),
    (VERSION + DEFAULTS + 'host = [{ version = "1", disease = "SVC", scope = "a", lab_required = true }]', "nothing"),
    (VERSION + DEFAULTS + 'purpose = [{ code = 1.5, zh = "a", en = "a" }]', "int"),
])  # fmt: skip
def test_a_catalogue_that_contradicts_itself_is_refused(text: str, why: str) -> None:
    with pytest.raises(CatalogueError, match=why):
        parse_catalogue([text])


def test_a_missing_file_of_the_shipped_catalogue_is_noticed() -> None:
    texts = catalogue_texts()
    del texts["species.toml"]
    with pytest.raises(CatalogueError, match="species"):
        parse_catalogue(texts.values())
