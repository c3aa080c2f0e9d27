"""Invented contents for the tests: people, farms and plates that do not exist."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from printing import layout, pdf, thermal
from printing.content import Content, Licence
from printing.fonts import shipped_fonts
from printing.forms import AnyForm, RollForm, load_form

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


def licence(form_id: str) -> Licence:
    """Leave to print the form unmarked, as a service would give it."""
    return Licence("aa" * 32, "bb" * 32, "cc" * 32, form(form_id).hash)


@functools.cache
def certificate_pdf(form_id: str = "certificate_b") -> bytes:
    """The sample certificate as PDF."""
    return pdf.render(layout.place(form(form_id), content(form_id), shipped_fonts()))


@functools.cache
def portable_bytes(form_id: str = "portable_b_80") -> bytes:
    """The sample portable B as ESC/POS."""
    chosen = form(form_id)
    assert isinstance(chosen, RollForm)
    return thermal.ticket(chosen, content(form_id), thermal.PrinterProfile(name="sample", dots=chosen.dots))
