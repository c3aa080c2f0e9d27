"""Filling rules: every printed field of certificates, notices, declarations and slips."""

from __future__ import annotations

import re

import msgspec
import pytest

from inspector_app.domain.certificate import CertificateParties, CertificateRecord
from inspector_app.domain.filling import (
    AcceptanceFacts,
    CertificateFacts,
    DeclarationFacts,
    NoticeFacts,
    acceptance_fields,
    batch_text,
    certificate_facts,
    certificate_fields,
    declaration_fields,
    legal_day,
    moment_text,
    notice_fields,
    place_text,
    species_text,
)
from inspector_app.domain.numbering import Number
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.reference import UnknownCodeError
from tests.domain.reference_data import FOLDER, TODAY, areas, catalogue, policy

GAOYOU, XINGHUA, WANZHI = 321084, 321281, 340210
MINUTE = 60_000
AT_0930 = 1_795_224_600_000  # 2026-11-21 09:30 at UTC+8

B_FACTS = CertificateFacts(
    kind="B",
    number="9900000003",
    owner="高邮市龙虬镇王𬀩养殖场",
    owner_phone="13800000000",
    species=101,
    stage="fry",
    quantity=Quantity(50, 0, 11),
    purpose=1,
    origin=GAOYOU,
    origin_place="高邮市龙虬镇兴南村3号塘",
    destination=XINGHUA,
    destination_place="沙沟镇官河村",
    departs_at=AT_0930,
    valid_days=1,
    issued_on=TODAY,
    vet_name="李㛃",
    station_name="高邮市水产苗种检疫申报点",
    agency_phone="0514-84612345",
    plate="苏K12345",
)
A_FACTS = msgspec.structs.replace(
    B_FACTS,
    kind="A",
    number="9900000007",
    destination=WANZHI,
    destination_place="六郎镇北陶村",
    valid_days=2,
    carrier="赵𠮷",
    carrier_phone="13900000000",
    transport=1,
    disinfectant=5,
)


def fields(facts: CertificateFacts) -> dict[str, str]:
    return certificate_fields(facts, catalogue(), areas(), policy())


def test_certificate_b_is_filled_by_the_rules() -> None:
    assert fields(B_FACTS) == {
        "number": "B 9900000003",
        "owner": "高邮市龙虬镇王𬀩养殖场",
        "owner_phone": "13800000000",
        "species": "草鱼（水花）",
        "quantity": "伍拾万尾",
        "origin": "扬州市高邮市龙虬镇兴南村3号塘",
        "destination": "泰州市兴化市沙沟镇官河村",
        "purpose": "养殖",
        "departure": "2026年11月21日9时30分",
        "validity": "应于当日内到达有效",
        "ear_tags": "/",
        "vet": "李㛃",
        "issued_on": "二〇二六年十一月二十一日",
        "agency": "高邮市水产苗种检疫申报点",
        "station": "高邮市水产苗种检疫申报点",
        "agency_phone": "0514-84612345",
        "remarks": "",
        "carrier": "",
        "carrier_phone": "",
        "plate": "苏K12345",
        "disinfection": "",
        "transport_road": "",
        "transport_rail": "",
        "transport_water": "",
        "transport_air": "",
    }


def test_certificate_a_adds_carrier_transport_and_disinfection() -> None:
    found = fields(A_FACTS)
    assert found["origin"] == "江苏省扬州市高邮市龙虬镇兴南村3号塘"
    assert found["destination"] == "安徽省芜湖市湾沚区六郎镇北陶村"
    assert found["disinfection"] == "装运前经聚维酮碘消毒"
    assert found["validity"] == "应于贰日内到达有效"
    assert (found["carrier"], found["carrier_phone"], found["remarks"]) == ("赵𠮷", "13900000000", "/")
    assert [key for key in found if key.startswith("transport_") and found[key]] == ["transport_road"]


@pytest.mark.parametrize(("code", "key"), [(1, "road"), (2, "rail"), (3, "water"), (4, "air")])
def test_exactly_one_way_of_transport_is_ticked(code: int, key: str) -> None:
    found = fields(msgspec.structs.replace(A_FACTS, transport=code))
    ticked = [name for name, text in found.items() if name.startswith("transport_") and text == "✓"]
    assert ticked == [f"transport_{key}"]


@pytest.mark.parametrize(("field", "code"), [
    ("species", 999), ("stage", "tadpole"), ("purpose", 77), ("transport", 9), ("transport", 0), ("disinfectant", 99),
    ("disinfectant", 0), ("origin", 321099), ("destination", 0),
])  # fmt: skip
def test_a_code_that_never_was_is_refused(field: str, code: int | str) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        fields(msgspec.structs.replace(A_FACTS, **{field: code}))
    assert caught.value.code == code


def test_an_unknown_transport_on_a_b_certificate_is_refused_too() -> None:
    with pytest.raises(UnknownCodeError):
        fields(msgspec.structs.replace(B_FACTS, transport=9))


@pytest.mark.parametrize("days", [0, 6])
def test_a_validity_beyond_policy_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="no validity"):
        fields(msgspec.structs.replace(A_FACTS, valid_days=days))


def test_a_date_of_issue_that_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        fields(msgspec.structs.replace(A_FACTS, issued_on="21.11.2026"))


def test_a_list_on_an_attached_sheet_is_named() -> None:
    assert fields(msgspec.structs.replace(A_FACTS, attached_sheet=True))["ear_tags"] == "见附页"


def test_remarks_stand_as_typed() -> None:
    assert fields(msgspec.structs.replace(A_FACTS, remarks="夜间装运"))["remarks"] == "夜间装运"


def test_names_of_areas_are_those_of_the_day_of_issue() -> None:
    old = msgspec.structs.replace(A_FACTS, issued_on="2019-05-01", destination=340221)
    assert fields(old)["destination"] == "安徽省芜湖市芜湖县六郎镇北陶村"


@pytest.mark.parametrize(("place", "written"), [
    ("三垛镇少游村", "江苏省扬州市高邮市三垛镇少游村"), ("高邮市三垛镇", "江苏省扬州市高邮市三垛镇"),
    ("江苏省扬州市高邮市三垛镇", "江苏省扬州市高邮市三垛镇"), ("江苏省高邮市三垛镇", "江苏省扬州市高邮市三垛镇"),
    ("高邮市场路1号", "江苏省扬州市高邮市高邮市场路1号"), ("", "江苏省扬州市高邮市"), ("  ", "江苏省扬州市高邮市"),
])  # fmt: skip
def test_a_place_names_each_area_once(place: str, written: str) -> None:
    assert place_text(areas(), GAOYOU, place) == written


@pytest.mark.parametrize(("code", "written"), [
    (110101, "北京市东城区某养殖场"), (429004, "湖北省仙桃市某养殖场"), (GAOYOU, "扬州市高邮市某养殖场"),
])  # fmt: skip
def test_inside_a_province_its_name_is_left_out_only_above_a_prefecture(code: int, written: str) -> None:
    assert place_text(areas(), code, "某养殖场", with_province=False) == written


@pytest.mark.parametrize(("quantity", "zh", "en"), [
    (Quantity(50, 0, 11), "草鱼（水花）50万尾", "500,000 grass carp fry"),
    (Quantity(125, 1, 32), "草鱼（水花）12.5千克", "12.5 kg of grass carp fry"),
])  # fmt: skip
def test_a_batch_is_told_in_one_line(quantity: Quantity, zh: str, en: str) -> None:
    assert batch_text(catalogue(), 101, "fry", quantity) == zh
    assert batch_text(catalogue(), 101, "fry", quantity, "en") == en


def test_species_text_refuses_what_the_catalogue_never_knew() -> None:
    assert species_text(catalogue(), 401, "coin_crab") == "中华绒螯蟹（扣蟹）"
    with pytest.raises(UnknownCodeError):
        species_text(catalogue(), 401, "")


@pytest.mark.parametrize(("at", "day", "text"), [
    (AT_0930, "2026-11-21", "2026年11月21日9时30分"), (0, "1970-01-01", "1970年1月1日8时00分"),
    (AT_0930 + 869 * MINUTE, "2026-11-21", "2026年11月21日23时59分"),
    (AT_0930 + 870 * MINUTE, "2026-11-22", "2026年11月22日0时00分"),
])  # fmt: skip
def test_times_are_those_of_utc_plus_eight(at: int, day: str, text: str) -> None:
    assert (legal_day(at), moment_text(at)) == (day, text)


NOTICE = NoticeFacts(
    number="2026000001",
    owner="王𬀩",
    species=101,
    stage="summer_fingerling",
    quantity=Quantity(1200000, 0, 1),
    basis=("apl_56", "proc2023_fish"),
    method="therapy",
    issued_on=TODAY,
    vet_name="李㛃",
    station_name="高邮市水产苗种检疫申报点",
    agency_phone="0514-84612345",
    failures=("clinical_signs", "result_positive"),
    diseases=("GCHD", "ICH"),
)


def test_a_treatment_notice_states_quantity_basis_and_treatment() -> None:
    found = notice_fields(NOTICE, catalogue())
    assert found["quantity"] == "壹佰贰拾万尾"
    assert found["species"] == "草鱼（夏花）"
    assert found["diseases"] == "临床检查发现异常；实验室检测结果阳性：草鱼出血病、小瓜虫病"
    assert found["basis"] == "《中华人民共和国动物防疫法》第五十六条、《鱼类产地检疫规程》"
    assert found["method"] == "隔离治疗，痊愈后可重新申报检疫"
    assert found["issued_on"] == "二〇二六年十一月二十一日"


def test_a_notice_without_named_disease_strikes_the_item() -> None:
    bare = msgspec.structs.replace(NOTICE, failures=(), diseases=())
    assert notice_fields(bare, catalogue())["diseases"] == "/"


@pytest.mark.parametrize(("field", "value"), [
    ("basis", ("no_such_law",)), ("method", "magic"), ("diseases", ("FLU",)), ("failures", ("mood",)),
])  # fmt: skip
def test_a_notice_with_an_unknown_code_is_refused(field: str, value: object) -> None:
    with pytest.raises(UnknownCodeError):
        notice_fields(msgspec.structs.replace(NOTICE, **{field: value}), catalogue())


DECLARATION = DeclarationFacts(
    number="S-000001",
    declared_at=AT_0930,
    owner="王𬀩",
    owner_phone="13800000000",
    species=101,
    stage="fry",
    quantity=Quantity(120, 0, 11),
    purpose=3,
    origin=GAOYOU,
    origin_place="龙虬镇",
    destination=XINGHUA,
    destination_place="沙沟镇",
    departs_at=AT_0930 + 3 * 86_400_000,
    channel="online",
    station="高邮市水产苗种检疫申报点",
)
ACCEPTED = AcceptanceFacts(handled_by="李㛃", handled_at=AT_0930, inspect_on="2026-11-22", inspect_place="3号塘")
NOT_ACCEPTED = AcceptanceFacts(handled_by="李㛃", handled_at=AT_0930, reason="other_law", note="具体情形")


def test_an_undecided_declaration_leaves_the_points_part_free() -> None:
    found = declaration_fields(DECLARATION, catalogue(), areas())
    assert found["quantity"] == "120万尾"
    assert (found["channel"], found["wild"], found["source"]) == ("网上申报", "否", "人工繁育")
    assert (found["declared_on"], found["departure"]) == ("2026年11月21日", "2026年11月24日9时30分")
    assert found["station"] == "高邮市水产苗种检疫申报点"
    assert [found[key] for key in ("accepted", "not_accepted", "reason", "handled_by", "handled_on")] == [""] * 5


def test_an_accepted_declaration_is_ticked_and_says_when_and_where() -> None:
    found = declaration_fields(DECLARATION, catalogue(), areas(), ACCEPTED)
    assert (found["accepted"], found["not_accepted"], found["reason"]) == ("✓", "", "/")
    assert (found["inspect_at"], found["inspect_place"]) == ("2026年11月22日", "3号塘")


def test_a_declaration_not_accepted_states_the_reason() -> None:
    found = acceptance_fields(DECLARATION, NOT_ACCEPTED, catalogue())
    assert (found["accepted"], found["not_accepted"]) == ("", "✓")
    assert found["reason"] == "法律法规规定的其他不予受理的情形：具体情形"
    assert (found["inspect_at"], found["station"]) == ("/", "高邮市水产苗种检疫申报点")


def test_wild_seed_is_declared_as_caught() -> None:
    found = declaration_fields(msgspec.structs.replace(DECLARATION, wild=True), catalogue(), areas())
    assert (found["wild"], found["source"]) == ("是", "野生捕捞")


def test_an_unknown_channel_or_reason_is_refused() -> None:
    with pytest.raises(UnknownCodeError):
        declaration_fields(msgspec.structs.replace(DECLARATION, channel="pigeon"), catalogue(), areas())
    with pytest.raises(UnknownCodeError):
        acceptance_fields(DECLARATION, msgspec.structs.replace(NOT_ACCEPTED, reason="mood"), catalogue())


def test_an_issued_certificate_gives_the_facts_it_was_made_of() -> None:
    record = CertificateRecord(
        number=Number("p10", "A", A_FACTS.number),
        block="",
        declaration="",
        inspection="",
        species=A_FACTS.species,
        stage=A_FACTS.stage,
        quantity=A_FACTS.quantity,
        purpose=A_FACTS.purpose,
        origin=A_FACTS.origin,
        destination=A_FACTS.destination,
        transport=A_FACTS.transport,
        disinfectant=A_FACTS.disinfectant,
        departs_at=A_FACTS.departs_at,
        issued_at=AT_0930,
        issued_on=A_FACTS.issued_on,
        valid_days=A_FACTS.valid_days,
        valid_minutes=2880,
        vet=1,
        station=1,
        medium="laser",
        form="certificate_a",
        form_hash="",
        policy=policy().version,
        catalogue=catalogue().version,
        offline=True,
        time_confidence=0,
    )
    parties = CertificateParties(
        owner=A_FACTS.owner,
        owner_phone=A_FACTS.owner_phone,
        origin_place=A_FACTS.origin_place,
        destination_place=A_FACTS.destination_place,
        carrier=A_FACTS.carrier,
        carrier_phone=A_FACTS.carrier_phone,
        plate=A_FACTS.plate,
        vet_name=A_FACTS.vet_name,
        station_name=A_FACTS.station_name,
        agency_phone=A_FACTS.agency_phone,
    )
    assert certificate_facts(record, parties) == A_FACTS


@pytest.mark.parametrize(("form", "filled"), [
    ("certificate_a", fields(A_FACTS)), ("certificate_b", fields(B_FACTS)), ("portable_b_80", fields(B_FACTS)),
    ("portable_b_58", fields(B_FACTS)), ("treatment_notice", notice_fields(NOTICE, catalogue())),
    ("declaration", declaration_fields(DECLARATION, catalogue(), areas(), ACCEPTED)),
    ("acceptance_slip", acceptance_fields(DECLARATION, ACCEPTED, catalogue())),
])  # fmt: skip
def test_every_field_of_a_form_is_filled(form: str, filled: dict[str, str]) -> None:
    text = (FOLDER.parent / "forms" / f"{form}.toml").read_text("utf-8")
    asked = set(re.findall(r"\{([a-z_]+)\}", text)) - {"caption", "check_code", "code_host", "print_no"}
    assert asked <= filled.keys()
