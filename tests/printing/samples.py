"""Invented contents for the tests: people, farms and plates that do not exist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from printing.content import Content
from printing.forms import AnyForm, load_form

FORMS = Path(__file__).resolve().parents[2] / "resources" / "forms"
CODE = "https://practice.example/q/" + "1" + "8234567901" * 39 + "55555"
MADE_AT = 1_795_000_000_000

CERTIFICATE = {
    "owner": "王𬀩",
    "owner_phone": "13800000001",
    "species": "草鱼（夏花）",
    "quantity": "伍拾万尾",
    "origin": "江苏省扬州市高邮市菱塘回族乡练习水产苗种场",
    "destination": "江苏省泰州市兴化市沙沟镇练习村",
    "purpose": "养殖",
    "carrier": "李㛃",
    "carrier_phone": "13900000002",
    "transport_road": "✓",
    "transport_rail": "",
    "transport_water": "",
    "transport_air": "",
    "plate": "苏K·X0001",
    "disinfection": "二氧化氯",
    "validity": "应于当日内到达有效",
    "ear_tags": "/",
    "vet": "赵𠮷",
    "issued_on": "二〇二六年十一月二十一日",
    "remarks": "",
    "agency": "高邮市练习水生动物卫生监督所",
    "agency_phone": "0514-00000000",
    "station": "高邮湖西申报点",
}


def form(name: str) -> AnyForm:
    """A shipped form."""
    return load_form((FORMS / f"{name}.toml").read_bytes())


def content(form_id: str, **changes: Any) -> Content:
    """A practice content for the form; keyword arguments replace values of the certificate."""
    known = set(Content.__struct_fields__)
    own = {key: value for key, value in changes.items() if key in known}
    values = {**CERTIFICATE, **{key: value for key, value in changes.items() if key not in known}}
    defaults: dict[str, Any] = {
        "form": form_id,
        "number": "B 9900000003",
        "values": values,
        "made_at": MADE_AT,
        "code": CODE,
        "check_code": "K7M2QX",
    }
    return Content(**{**defaults, **own})
