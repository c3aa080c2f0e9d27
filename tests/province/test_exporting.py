"""``province export``: all that is not personal, in files any spreadsheet opens."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.journal.projections import TABLES
from inspector_app.journal.projections.retention import public_columns
from province.custody import returning
from province.custody.returning import ReturnRequest
from province.journal.models import FeedDocument
from province.journal.rows import DjangoRows
from province.ledgers.exporting import DOCUMENTS, README, export
from tests.province import servers, work
from tests.province.fixtures import Province
from tests.province.institutions import found_chain


def read(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of a province that was just founded and furnished."""
    folder, out = tmp_path_factory.mktemp("province"), tmp_path_factory.mktemp("export")
    servers.found(folder)
    code, _told = servers.run(folder, "export", str(out))
    assert code == 0
    return out


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


ASKED_FOR = {
    "numbers": ("number", "state", "block", "ended_by"),
    "sheets": ("number", "print", "sheet", "state"),
    "custody_cases": ("kind", "state", "due_on", "cause", "conclusion"),
    "losses": ("number", "cause", "found_out_on"),
    "loss_steps": ("loss", "step", "day"),
    "destructions": ("ref", "state", "method", "destroyed_on"),
    "destruction_steps": ("request", "step", "person"),
    "visits": ("visited_on", "findings"),
    "violations": ("station", "day", "source", "code", "ref"),
    "fees": ("fee", "payer", "amount_fen", "settled_on"),
    "seals": ("seal", "holder", "since", "until"),
    "licence_files": ("file", "licence", "cancelled_on"),
    "stock": ("kind", "first", "last"),
    "stock_moves": ("organisation", "flow", "first", "last", "count"),
    "stock_returns": ("record", "giver", "receiver", "received_on"),
    "refused_requests": ("act", "organisation", "codes"),
    "policies": ("version", "body"),
}
"""Every register an auditor asks for, and some columns without which it would be none."""


@pytest.mark.parametrize("register", ASKED_FOR)
def test_every_register_is_among_the_files(exported: Path, register: str) -> None:
    head = (exported / f"{register}.csv").read_text("utf-8-sig").splitlines()[0].split(",")
    assert set(ASKED_FOR[register]) <= set(head)
    assert f"## {register}.csv" in (exported / README).read_text("utf-8")


def test_what_was_held_against_a_station_and_what_was_refused_are_rows(province: Province, tmp_path: Path) -> None:
    device = province.enrol()
    declaration = work.declare(device)
    skipped = work.next_number(device, "B", skip=2)
    work.issue(device, work.inspect(device, declaration), declaration, taken=skipped)
    device.sync(province.exchange)
    found_chain(province)
    returning.give_back(province.using, ReturnRequest(giver=77, kind="B", by=1, reason="too_many"))
    told = export(province.using, tmp_path)
    (violation,) = read(tmp_path / "violations.csv")
    assert (violation["source"], violation["code"]) == ("verdict", "order")
    (refused,) = read(tmp_path / "refused_requests.csv")
    assert (refused["act"], refused["codes"]) == ("give_back", "organisation_unknown")
    assert told["registers"]["stock.csv"] == len(read(tmp_path / "stock.csv")) > 0


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
