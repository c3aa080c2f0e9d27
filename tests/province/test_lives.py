"""The province follows any number it ever had: from stock through draw, block and issue to its end."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.domain.continuity import Standing
from inspector_app.journal.books.lives import Life
from inspector_app.journal.entries.custody import NumbersLost, NumbersReturned
from inspector_app.journal.entries.devices import ProvincePulled
from province.journal.rows import DjangoRows
from province.ledgers.lives import trace
from province.numbers import custody
from province.numbers.ranges import NumbersError
from tests.province import servers, work
from tests.province.fixtures import HEAD, STATION, VET, Province
from tests.province.test_stock import assign, opening

S = Standing
BEFORE = ["stock", "draw", "block"]


def life(province: Province, typed: str) -> Life:
    return trace(province.using, typed)


def deeds(found: Life) -> list[str]:
    return [step.what for step in found.steps]


def first_block(province: Province, device: str) -> dict[str, Any]:
    return dict(DjangoRows(province.using).many("blocks", order="ordinal", device=device, kind="B")[0])


def test_g03_a_number_is_followed_from_stock_to_its_void(province: Province) -> None:
    device = province.enrol()
    issued = work.certify(device)
    voided = work.void(device, issued)
    device.sync(province.exchange)
    found = life(province, str(issued.number))
    assert deeds(found)[:4] == [*BEFORE, "certificate.issued"]
    assert (deeds(found)[-1], found.steps[-1].ref, found.standing) == ("certificate.voided", voided, S.VOIDED)
    assert (found.steps[-1].by, found.steps[-1].device) == (VET, device.device)


def test_a_verdict_stands_beside_the_step_it_is_about(province: Province) -> None:
    device = province.enrol()
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    issued = work.issue(device, inspection, declaration, taken=work.next_number(device, "B", skip=2))
    device.sync(province.exchange)
    (step,) = [one for one in life(province, str(issued.number)).steps if one.what == "certificate.issued"]
    assert step.verdict == "order"
    skipped = life(province, f"B {int(issued.number.digits) - 1}")
    assert (skipped.standing, deeds(skipped)) == (S.SKIPPED, BEFORE)


def test_numbers_given_up_show_by_whose_entry(province: Province) -> None:
    device = province.enrol()
    block = first_block(province, device.device)
    last = str(block["last"])
    back = device.record(VET, NumbersReturned(block=block["block"], first=last, last=last, reason="too_many"))
    lost = device.record(
        VET,
        NumbersLost(
            block=block["block"], first=block["first"], last=block["first"], cause="lost", found_out_on="2026-11-21"
        ),
    )
    device.sync(province.exchange)
    assert (life(province, f"B {last}").steps[-1].ref, life(province, f"B {last}").standing) == (back, S.RETURNED)
    assert life(province, f"B {block['first']}").steps[-1].ref == lost


def test_g03_what_a_station_took_over_has_its_life_here_too(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    assign(device)
    taken = device.record(VET, opening("3200000001", "3200000003", pages=2))
    device.sync(province.exchange)
    found = life(province, "B 3200000002")
    assert ([step.ref for step in found.steps], found.standing, found.station) == ([taken], S.WITHDRAWN, STATION)
    assert [one.state for one in found.sheets] == ["blank"] * 2
    with pytest.raises(NumbersError, match="number_unknown"):
        life(province, "B 3200000004")


def test_what_nobody_drew_lies_in_stock_and_what_is_in_no_block_was_drawn(province: Province) -> None:
    stocked = custody.undrawn_start(province.using, "B")
    assert (life(province, f"B {stocked}").standing, deeds(life(province, f"B {stocked}"))) == (S.UNDRAWN, ["stock"])
    drawn = life(province, f"B {int(stocked) - 1}")
    assert (drawn.standing, deeds(drawn)) == (S.UNCUT, ["stock", "draw"])


@pytest.mark.parametrize(
    ("typed", "code"),
    [("B 8800000001", "number_unknown"), ("第一号", "number_unknown"), ("9900000001", "number_ambiguous")],
)
def test_an_unknown_or_ambiguous_number_is_refused(province: Province, typed: str, code: str) -> None:
    with pytest.raises(NumbersError, match=code):
        life(province, typed)


def test_a_pull_names_no_number(province: Province) -> None:
    device = province.enrol()
    issued = work.certify(device)
    device.sync(province.exchange)
    kinds = {step.what for step in life(province, str(issued.number)).steps}
    assert ProvincePulled.KIND.partition("/")[0] not in kinds


def test_the_commands_answer_and_refuse(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("province")
    servers.found(folder)
    code, answer = servers.run(folder, "trace", "B 9900000001")
    assert (code, answer["standing"], [step["what"] for step in answer["steps"]]) == (0, "uncut", ["stock", "draw"])
    assert servers.run(folder, "trace", "B 8800000001")[0] == 1
    code, answer = servers.run(folder, "continuity", "--station", "7")
    assert (code, answer["stations"][0]["totals"]["B"]["uncut"]) == (0, 1000)
