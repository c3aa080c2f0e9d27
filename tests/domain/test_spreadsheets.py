"""Cells that a spreadsheet would run are shown, not run."""

from __future__ import annotations

import csv
import io

import pytest

from inspector_app.domain.spreadsheets import as_csv, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_run_as_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert safe_cell(f"a{text}") == f"a{text}"


@pytest.mark.parametrize("value", [-1, 0, None, ""])
def test_what_is_no_text_stays_as_it_is(value: object) -> None:
    assert safe_cell(value) == value


def test_a_table_is_utf_8_with_its_mark_and_has_its_heading_without_rows() -> None:
    assert as_csv(["编号"], []) == "\ufeff编号\r\n".encode()
    rows = list(
        csv.reader(io.StringIO(as_csv(["a", "b"], [(None, "=x"), (-1, 'say "no", twice')]).decode("utf-8-sig")))
    )
    assert rows == [["a", "b"], ["", "'=x"], ["-1", 'say "no", twice']]
