"""The registers at the desk: who stands above whom, who keeps and holds what, and next year's money."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from inspector_app.domain.seals import LicenceFile, SealSheet
from province.custody import seals
from province.desk.register_pages import REGISTERS
from tests.province import work
from tests.province.desks import Desk, county
from tests.province.fixtures import STATION, VET, Province
from tests.province.institutions import COUNTY, COUNTY_KEEPER, OTHER_COUNTY, PROVINCE, found_chain

IMPRESSION = "ab" * 32


@pytest.fixture
def chain(site: Province) -> Province:
    """The institutions over the stations under test."""
    found_chain(site)
    return site


def keep(site: Province, holder: int, since: str = "2026-11-01", until: str = "") -> None:
    sheet = SealSheet("高邮 1 号", 0, COUNTY, holder, IMPRESSION, since, until, COUNTY_KEEPER, 0)
    assert isinstance(seals.keep_seal(site.using, sheet), SealSheet)


def lines(desk: Desk, path: str) -> list[list[str]]:
    """A page saved as CSV."""
    answer = desk.client.get(f"/desk/{path}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_organisations_and_stores_say_who_heads_and_who_keeps(chain: Province) -> None:
    desk = county(chain)
    (line,) = [one for one in lines(desk, "registers/?register=organisations&format=csv") if one[0] == str(COUNTY)]
    assert line[5] == "321084"
    assert line[6].endswith(" 43")
    assert "机构人员33 33" in desk.get("registers/?register=stores")


def test_a_seal_keeps_every_holder_it_had(chain: Province) -> None:
    keep(chain, VET)
    keep(chain, 0, until="2026-12-31")
    page = county(chain).get("registers/?register=seals")
    assert "以前的登记" in page
    assert "在管理员处" in page
    assert IMPRESSION not in page
    chain.clock.wait(60 * 86_400)
    assert "已停用" in Desk(chain, COUNTY_KEEPER, "later").get("registers/?register=seals")


def test_a_seal_of_tomorrow_is_not_in_force(chain: Province) -> None:
    keep(chain, VET, since="2027-01-01")
    page = county(chain).get("registers/?register=seals")
    assert "未启用" in page
    assert "在用" not in page


def test_a_licence_file_shows_its_days(chain: Province) -> None:
    opened = seals.open_file(chain.using, "XK-1", organisation=COUNTY, licence="防疫条件 7", by=COUNTY_KEEPER)
    assert isinstance(opened, LicenceFile)
    assert lines(county(chain), "registers/?register=licences&format=csv")[1][:2] == ["XK-1", "防疫条件 7"]


@pytest.mark.parametrize("asked", [*REGISTERS, "estimate"])
def test_registers_are_read_and_by_nobody_from_outside(chain: Province, asked: str) -> None:
    path = "estimate/" if asked == "estimate" else f"?register={asked}"
    assert Client().get(f"/desk/registers/{path}").status_code == 302
    assert county(chain).client.post(f"/desk/registers/{path}").status_code == 405


def test_a_register_there_is_not_is_the_first(chain: Province) -> None:
    assert "321084" in county(chain).get("registers/?register=secrets")


def test_g16_the_estimate_at_the_desk_counts_what_the_stations_below_used(chain: Province) -> None:
    device = chain.enrol()
    for _each in range(3):
        work.certify(device)
    device.sync(chain.exchange)
    desk = county(chain)
    head, line = lines(desk, f"registers/estimate/?organisation={PROVINCE}&year=2026&format=csv")
    assert len(head) == len(line) == 4
    assert line[1] == "3"
    assert float(line[3]) == pytest.approx(3 * float(line[2]))
    assert "合计" in desk.get(f"registers/estimate/?organisation={COUNTY}&year=2026")
    assert STATION == 7
    elsewhere = desk.get(f"registers/estimate/?organisation={OTHER_COUNTY}&year=2026")
    assert "这一年没有用量" in elsewhere


@pytest.mark.parametrize("typed", ["year=soon", "year=1", "year=2999", "organisation=999&year=%27--"])
def test_an_estimate_of_no_year_is_this_year_s(chain: Province, typed: str) -> None:
    assert "2027 年工本费预算" in county(chain).get(f"registers/estimate/?{typed}")
