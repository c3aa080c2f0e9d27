"""Sheets that bear their numbers go back to the county, are drawn again, and a paper is issued on one of them.

It is a way of many steps that chance does not go to its end: the oldest numbers of a station come first.
"""

from __future__ import annotations

from collections import Counter

import pytest
from django.db import connections

from inspector_app.journal.projections import Row
from inspector_app.journal.projections.uncut import uncut_spans
from inspector_app.services import losses
from province.journal.rows import DjangoRows
from simulation.rest import come_to_rest
from simulation.saying import told
from simulation.server import CANAL_STATION, MARSH_STATION, STATION
from simulation.violations import Violation
from simulation.workshop import Workshop
from tests.simulation.test_custody_machine import MOST_ROUNDS, CustodyMachine

WHERE = {STATION: ("L1", 11), CANAL_STATION: ("L4", 22), MARSH_STATION: ("L5", 33)}
"""A laptop of each station, and who reports a loss there."""


def walk(shop: Workshop) -> CustodyMachine:
    """One world of paper that bears its numbers, up to the first draw of sheets that came back."""
    walked = {"shop": shop, "done": Counter(), "made": set(), "replayed": False}
    machine: CustodyMachine = type("WalkedAgain", (CustodyMachine,), walked)()
    machine.begin(seed=4_401)
    for at in MOST_ROUNDS * ("L4", "L5", "L1"):
        machine.draw_anew(at, rounds=1)
        if machine.drawn_again():
            return machine
    pytest.fail("no sheet that came back was drawn again")


def use_up(machine: CustodyMachine, draw: Row, at: str, person: int) -> None:
    """The older numbers of the station are gone and papers are issued, until one of those drawn again is used."""
    machine._at_station("receive draw", at)
    machine._begin_the_day(at)
    machine._laptop(at).open(person)
    lose_what_is_older(machine, draw, at)
    for _ in range(MOST_ROUNDS):
        machine.paper(at)
        for act in ("request numbers", "sync"):
            machine._do(act, at)
        if any(row["state"] == "used" for row in of_draw(machine, draw)):
            return
    pytest.fail("no number that was drawn again was used")


def lose_what_is_older(machine: CustodyMachine, draw: Row, at: str) -> None:
    """What was drawn before and lies uncut is stolen, so that the next block is of what was drawn again."""
    device = machine._laptop(at).device
    for row in device.rows.many("draws", kind=draw["kind"], station=draw["station"], turn=1):
        for low, high in uncut_spans(device.rows, row):
            lost = losses.report_loss(device, str(draw["kind"]), f"{low}-{high}", cause="stolen")
            assert told(lost) == "done"


def of_draw(machine: CustodyMachine, draw: Row) -> list[Row]:
    """The rows of the numbers of a draw that are in a block, as the province has them."""
    rows = DjangoRows(machine._world().server.using)
    blocks = [block["block"] for block in rows.many("blocks", draw=draw["draw"])]
    return [row for block in blocks for row in rows.many("numbers", block=block)]


@pytest.mark.timeout(300)
def test_a_number_drawn_again_is_used_and_every_book_balances(shop: Workshop) -> None:
    machine = walk(shop)
    try:
        draw, world = machine.drawn_again()[0], machine._world()
        use_up(machine, draw, *WHERE[int(draw["station"] or 0)])
        used = next(row for row in of_draw(machine, draw) if row["state"] == "used")
        rows = DjangoRows(world.server.using).many("numbers", number=used["number"])
        assert sorted(str(row["state"]) for row in rows) == ["returned", "used"]
        come_to_rest(world)
        for laptop in world.laptops:
            machine._look(laptop)
        machine._look_at_province()
        for sql in FORGED:
            assert_seen(machine, sql, used)
    finally:
        machine._world().__exit__(None, None, None)


FORGED = (
    "UPDATE reg_numbers SET state = 'used' WHERE number = '{number}' AND block <> '{block}'",
    "UPDATE reg_numbers SET state = 'free' WHERE number = '{number}' AND block <> '{block}'",
)


def assert_seen(machine: CustodyMachine, sql: str, used: Row) -> None:
    """What is forged in an earlier block is a finding."""
    checks, using = machine._world().checks, machine._world().server.using
    checks.forget_province()
    with connections[using].cursor() as cursor:
        cursor.execute(sql.format(**used))
    with pytest.raises(Violation, match=r"was drawn again and is|again, which was never given back"):
        checks.province()
