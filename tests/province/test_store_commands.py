"""By command: stock destroyed by four, a store's loss declared void in public, a count confirmed at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector_app.errors import StationError
from tests.province.fixtures import Province
from tests.province.test_custody_commands import chain, refused, run, to_county

__all__ = ["chain"]
PEOPLE = ("--head", "43", "--deputy", "44", "--legal", "45")
COUNTY = ("--number", "100", "--name", "高邮市监督机构", "--level", "county", "--superior", "10", "--area", "321084")
DAMP = ("--organisation", "100", "--kind", "B", "--ranges", "9900001001-9900001010")


@pytest.fixture
def county(chain: Province) -> Province:
    """The county with its deputy leader and legal representative, 300 certificates B in its store."""
    for number in ("44", "45"):
        run("person", "--number", number, "--name", f"机构人员{number}")
    told = run("organisation", *COUNTY, *PEOPLE, "--by", "43")
    assert (told["deputy"], told["legal"]) == (44, 45)
    to_county()
    return chain


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"seen")
    return path


def asked() -> str:
    why = ("--cause", "damaged", "--method", "shredding", "--planned", "2027-01-05")
    told = run("ask-destruction", *DAMP, *why, "--by", "33")
    assert [one["ask"] for one in run("ask-destruction")["asks"]] == [told["ask"]]
    return str(told["ask"])


def test_stock_is_destroyed_by_four_by_command(county: Province, photo: Path) -> None:
    ask = asked()
    deed = ("destroy-stock", ask, "--counted", "10", "--method", "shredding", "--by", "33", "--picture", str(photo))
    assert refused(*deed, "--supervisor", "44") == "not_agreed_yet"
    assert refused("review-destruction", ask, "--counted", "9", "--by", "43") == "stock_count_differs"
    run("review-destruction", ask, "--counted", "10", "--by", "43")
    assert refused("approve-destruction", ask, "--by", "33") == "not_deputy_nor_legal"
    for person in ("44", "45"):
        run("approve-destruction", ask, "--by", person)
    assert refused(*deed, "--supervisor", "45") == "stock_supervisor_absent"
    told = run(*deed, "--supervisor", "44")
    period = ("--from", "2026-11-01", "--to", "2026-11-30")
    page = run("on-hand", "--organisation", "100", "--kind", "B", *period)["ledger"]
    assert [line["request"] for line in page["lines"] if line["record"] == told["ending"]] == [ask]
    assert run("ask-destruction")["asks"] == []


def test_a_signed_form_is_entered_and_confirmed_by_command(county: Province, photo: Path) -> None:
    ask = asked()
    run("review-destruction", ask, "--counted", "10", "--by", "43")
    entered = ("signed-destruction", ask, "--day", "2026-11-21", "--by", "33")
    assert refused(*entered) == "stock_picture_needed"
    told = run(*entered, "--picture", str(photo))
    assert (told["deputy"], told["legal"]) == (44, 45)
    assert refused("signed-destruction", told["form"], "--confirm", "--by", "33") == "not_the_head"
    assert run("signed-destruction", told["form"], "--confirm", "--by", "43")["form"] == told["form"]


def test_a_request_goes_back_as_a_case_by_command(county: Province) -> None:
    ask = asked()
    told = run("review-destruction", ask, "--counted", "4", "--back", "count_differs", "--suspected", "--by", "43")
    assert told["suspected"] is True
    assert [one["case"] for one in run("cases")["cases"]] == [ask]
    run("conclude-loss", ask, "--cause", "misfiled", "--conclusion", "put_right", "--by", "43")
    assert run("cases")["cases"] == []


def test_a_loss_of_a_store_is_declared_void_by_command(county: Province, photo: Path, tmp_path: Path) -> None:
    loss = run("end-stock", *DAMP, "--cause", "stolen", "--by", "33")["ending"]
    ended = ("conclude-loss", loss, "--cause", "stolen", "--conclusion", "loss_reported", "--by", "43")
    assert refused(*ended) == "notice_not_public"
    published = ("loss-notice", loss, "--medium", "newspaper", "--picture", str(photo), "--by", "33")
    assert refused(*published) == "notice_not_drawn"
    paper = tmp_path / "notice.pdf"
    with pytest.raises(StationError, match="copy_not_written"):  # a folder is no file
        run("loss-notice", loss, "--out", str(photo.parent), "--phone", "0514-84600000", "--by", "33")
    told = run("loss-notice", loss, "--out", str(paper), "--phone", "0514-84600000", "--by", "33")
    assert told["file"] == str(paper)
    assert paper.read_bytes().startswith(b"%PDF")
    run(*published)
    assert refused(*ended) == "report_not_sent"
    reports_by_command(loss, photo, tmp_path / "reports")
    run(*ended)
    assert run("end-stock")["losses"] == []


def reports_by_command(loss: str, photo: Path, folder: Path) -> None:
    """Both reports drawn into a folder, sent, one acknowledged."""
    by = ("--by", "33")
    assert refused("loss-reports", loss, "--sent", "authority", *by) == "report_not_drawn"
    told = run("loss-reports", loss, "--out", str(folder), *by)
    assert told["files"] == [str(folder / f"report-{to}.pdf") for to in ("authority", "institution")]
    assert all(Path(file).read_bytes().startswith(b"%PDF") for file in told["files"])
    assert refused("loss-reports", loss, "--acknowledged", "authority", *by) == "report_not_sent"
    for to in ("authority", "institution"):
        run("loss-reports", loss, "--sent", to, "--picture", str(photo), *by)
    run("loss-reports", loss, "--acknowledged", "authority", "--day", "2026-11-21", *by)
    assert refused("loss-reports", loss, *by) == "stock_record_settled"


def test_a_count_the_head_took_part_in_is_confirmed_by_command(county: Province) -> None:
    count = ("count-store", "--organisation", "100", "--kind", "B", "--by", "33")
    assert refused(*count, "--head", "31") == "not_the_head"
    run(*count, "--head", "43")
    assert run("count-store")["counts"] == []
