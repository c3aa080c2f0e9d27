"""Forms: every shipped one is whole, and no damaged, altered or careless one is used."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from inspector_app.errors import StationError
from printing.forms import ReportForm, RollForm, SheetForm, form_hash, known_keys, load_form, require_allowed
from printing.layout import copies_of
from printing.paper import shipped_forms
from tests.printing.samples import FORMS, form

CERTIFICATES = ["certificate_a", "certificate_b", "portable_b_80", "portable_b_58"]
STATUTORY = {
    "owner",
    "owner_phone",
    "species",
    "quantity",
    "origin",
    "destination",
    "purpose",
    "ear_tags",
    "validity",
    "vet",
    "issued_on",
    "agency",
}
"""Fields of A and B (农医发〔2010〕44号; DOMAIN 1.8)."""
ONLY_A = {"carrier", "carrier_phone", "plate", "disinfection", "remarks", "transport_road", "transport_air"}
GOOD = b"""
kind = "sheet"
id = "x"
version = "1"
effective_from = "2026-01-01"
title = "T"
source = "S"
copies = [{ caption = "c" }]
texts = [{ text = "{owner}", x = 10, y = 10, w = 50, h = 8 }]
"""


@pytest.mark.parametrize("path", sorted(FORMS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_form_loads_under_its_own_name_with_version_date_and_source(path: Path) -> None:
    loaded = form(path.stem)
    assert loaded.id == path.stem
    assert loaded.version
    assert len(loaded.effective_from) == 10
    assert loaded.source


def test_there_is_a_form_for_each_paper_of_the_trade() -> None:
    needed = {*CERTIFICATES, "treatment_notice", "declaration", "acceptance_slip", "day_close", "handover", "report"}
    assert needed <= shipped_forms().keys()


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_certificate_states_every_statutory_field_and_has_two_copies(name: str) -> None:
    loaded = form(name)
    assert known_keys(loaded) >= STATUTORY
    assert [copy.stays for copy in copies_of(loaded)] == [True, False]
    assert all(copy.caption for copy in copies_of(loaded))


def test_a_has_what_only_a_has_and_two_sheets() -> None:
    loaded = form("certificate_a")
    assert isinstance(loaded, SheetForm)
    assert known_keys(loaded) >= ONLY_A
    assert [copy.page for copy in loaded.copies] == [1, 2]
    assert any("监督检查站" in box.text for box in loaded.texts)


def test_b_has_both_copies_on_one_sheet_upper_and_lower_half() -> None:
    loaded = form("certificate_b")
    assert isinstance(loaded, SheetForm)
    assert [(copy.page, copy.dy) for copy in loaded.copies] == [(1, 0.0), (1, 148.5)]


@pytest.mark.parametrize(("name", "dots"), [("portable_b_80", 576), ("portable_b_58", 384)])
def test_a_roll_form_fits_its_print_head_with_modules_large_enough(name: str, dots: int) -> None:
    loaded = form(name)
    assert isinstance(loaded, RollForm)
    assert loaded.dots == dots
    assert loaded.module >= 0.625


def test_the_hash_is_that_of_the_file() -> None:
    raw = (FORMS / "certificate_b.toml").read_bytes()
    assert load_form(raw).hash == form_hash(raw) == hashlib.sha256(raw).hexdigest()


def test_an_altered_form_is_refused() -> None:
    signed = {load_form(GOOD).hash}
    require_allowed(load_form(GOOD), signed)
    with pytest.raises(StationError) as caught:
        require_allowed(load_form(GOOD + b"# one more comment\n"), signed)
    assert caught.value.code == "printing.form_not_allowed"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'id = "x"', b""),
        (b"copies =", b"copes ="),
        (b"w = 50", b"w = 250"),
        (b"y = 10", b"y = -1"),
        (b"h = 8", b"h = 0"),
        (b"h = 8 ", b'h = 8, font = "comic" '),
        (b"h = 8 ", b"h = 8, size = 6, min_size = 7 "),
        (b"h = 8 ", b"h = 8, min_size = 2 "),
        (b"h = 8 ", b'h = 8, ink = "blue" '),
        (b'[{ caption = "c" }]', b"[]"),
        (b'{ caption = "c" }', b'{ caption = "c", page = 2 }'),
        (b'{ caption = "c" }', b'{ caption = "c", dy = 200.0 }'),
        (b"copies =", b"seal = { x = 190, y = 10 }\ncopies ="),
        (b"copies =", b"code = { x = 10, y = 290, size = 38 }\ncopies ="),
        (b'kind = "sheet"', b'kind = "poster"'),
        (b"texts = [", b"texts = [["),
        (b'title = "T"', b'title = "\xff"'),
    ],
)
def test_a_careless_form_is_refused_when_it_is_read(old: bytes, new: bytes) -> None:
    assert old in GOOD
    with pytest.raises(StationError) as caught:
        load_form(GOOD.replace(old, new))
    assert caught.value.code == "printing.form_damaged"


@pytest.mark.parametrize(
    "rows", [b"rows = []", b'rows = [{ row = "text", size = 2 }]', b'rows = [{ row = "picture" }]']
)
def test_a_roll_form_without_usable_rows_is_refused(rows: bytes) -> None:
    head = GOOD.partition(b"texts")[0].replace(b'"sheet"', b'"roll"') + b"width = 72.0\ndots = 576\n"
    with pytest.raises(StationError):
        load_form(head + rows)


def test_a_roll_form_whose_dots_and_millimetres_differ_is_refused() -> None:
    raw = (FORMS / "portable_b_80.toml").read_bytes()
    with pytest.raises(StationError):
        load_form(raw.replace(b"dots = 576", b"dots = 512"))


def test_a_report_form_says_who_signs() -> None:
    loaded = form("day_close")
    assert isinstance(loaded, ReportForm)
    assert loaded.signatures
