"""``province export``: all that is not personal, in files any spreadsheet opens."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.journal.projections import TABLES
from inspector_app.journal.projections.retention import public_columns
from province.journal.models import FeedDocument
from province.journal.rows import DjangoRows
from province.ledgers.exporting import DOCUMENTS, README, export
from tests.province import servers, work
from tests.province.fixtures import Province


def read(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def lived(province: Province) -> None:
    device = province.enrol()
    work.certify(device)
    work.void(device, work.certify(device))
    device.sync(province.exchange)


def test_every_table_is_written_row_for_row(province: Province, tmp_path: Path) -> None:
    lived(province)
    told = export(province.using, tmp_path / "out")
    rows = DjangoRows(province.using)
    for name in TABLES:
        written = read(tmp_path / "out" / f"{name}.csv")
        assert len(written) == told["tables"][name] == rows.count(name)
    certificates = read(tmp_path / "out" / "certificates.csv")
    assert [row["state"] for row in certificates] == ["issued", "voided"]
    assert [row["number"] for row in certificates] == [str(row["number"]) for row in rows.many("certificates")]


def test_nothing_personal_leaves_the_province(province: Province, tmp_path: Path) -> None:
    lived(province)
    personal = {
        str(row[column])
        for name, spec in TABLES.items()
        for row in DjangoRows(province.using).many(name)
        for column in set(spec.columns) - set(public_columns(name))
        if isinstance(row[column], str) and len(str(row[column])) > 1
    }
    assert {"湖西特种水产苗种场", "13900000001", "陆清河"} <= personal
    export(province.using, tmp_path)
    whole = "".join(path.read_text("utf-8") for path in tmp_path.iterdir())
    assert not [text for text in personal if text in whole]


def test_the_documents_are_listed_with_their_hashes_and_entries_by_their_place(
    province: Province, tmp_path: Path
) -> None:
    lived(province)
    told = export(province.using, tmp_path)
    listed = read(tmp_path / DOCUMENTS)
    assert len(listed) == told["documents"] == FeedDocument.objects.using(province.using).count()
    assert all(bool(row["entry"]) != bool(row["sha256"]) for row in listed)


def test_a_page_says_what_stands_in_each_column_and_what_is_left_out(province: Province, tmp_path: Path) -> None:
    export(province.using, tmp_path)
    page = (tmp_path / README).read_text("utf-8")
    for name, spec in TABLES.items():
        part = page.partition(f"## {name}.csv")[2].partition("## ")[0]
        assert all(column in part for column in spec.columns), name
    assert "- number: TEXT (key)" in page


def test_exporting_again_replaces_its_own_files_and_touches_no_other(province: Province, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("stays", "utf-8")
    export(province.using, tmp_path)
    lived(province)
    export(province.using, tmp_path)
    assert len(read(tmp_path / "certificates.csv")) == 2
    assert (tmp_path / "mine.txt").read_text("utf-8") == "stays"


def test_a_file_in_the_folders_place_is_refused(province: Province, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", "utf-8")
    with pytest.raises(StationError, match="file_unreadable"):
        export(province.using, tmp_path / "out")


@pytest.mark.parametrize("table", ["certificates", "notices", "declarations", "online_declarations", "parties"])
def test_no_name_telephone_or_place_is_a_public_column(table: str) -> None:
    assert not {"owner_name", "owner_phone", "plate", "name", "phone", "void_note", "remarks"} & set(
        public_columns(table)
    )


def test_a_table_there_is_not_has_no_columns() -> None:
    with pytest.raises(KeyError):
        public_columns("cats")


def test_the_command_writes_and_says_how_much(tmp_path: Path) -> None:
    servers.found(tmp_path / "province")
    code, answer = servers.run(tmp_path / "province", "export", str(tmp_path / "out"))
    assert (code, answer["tables"]["stations"]) == (0, 1)
    assert (tmp_path / "out" / "stations.csv").exists()
