"""Pre-numbered sheets drawn again, at the station: the later block is taken in, the earlier stays as it ended.

The computer takes the authority's word for a sister's block. Of its own it knows better than anybody what became of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from inspector_app.domain.numbering import Block, Draw, NumberState
from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.errors import StationError
from inspector_app.services.blanks import spoil_blank
from inspector_app.services.device import Device
from inspector_app.services.ledgers import continuity
from inspector_app.services.losses import report_loss
from inspector_app.services.number_custody import NumberRange, find_range, next_number, numbers_left, return_numbers
from inspector_app.services.stocktaking import book
from inspector_app.services.tracing import trace
from inspector_app.store.doctor import count_blocks
from tests.office import NOON, STATION, VET, HandClock, Office
from tests.services.old_papers import photo
from tests.services.test_sheet_custody import balanced
from tests.services.work import assert_sound, done, issued, only

FIRST, LAST = "9900000005", "9900000010"


@pytest.fixture(autouse=True)
def numbered(office: Office, device: Device) -> None:
    """The province prints numbers on its stock."""
    office.publish(device, office.policy(paper_mode="pre_numbered"))


def again(device: str, *, holder: int = VET, turn: int = 2, first: str = FIRST, last: str = LAST) -> tuple[Draw, Block]:
    """Sheets 5 to 10 of the station's first draw, drawn once more, and the block cut of them."""
    at = NOON + turn
    draw = Draw(f"again-{turn}-{first}", "99-10", "B", first, last, STATION, 0, at, turn=turn)
    block = Block(f"{draw.draw}-{first}", draw.draw, "99-10", "B", first, last, device, holder, 8 + turn, at)
    return draw, block


def gone_back(device: Device, typed: str = f"{FIRST}-{LAST}") -> str:
    return done(return_numbers(device, "B", typed, reason="too_many"))


def states(device: Device, digits: str) -> dict[str, str]:
    """How a number stands in each block it was in."""
    return {str(row["block"]): str(row["state"]) for row in device.rows.many("numbers", number=f"B {digits}")}


def coming(device: Device) -> str:
    found = next_number(device, "B", VET)
    assert found is not None
    return found.number.digits


def fault(office: Office, device: Device, documents: Sequence[msgspec.Struct]) -> str:
    """Why a pull was not taken in; nothing of it is here then."""
    before = device.rows.many("blocks")
    with pytest.raises(StationError) as raised:
        office.publish(device, *documents)
    assert device.rows.many("blocks") == before
    return raised.value.code


# --- taken in and used ----------------------------------------------------------------------------------------------


def test_the_later_block_is_free_and_the_earlier_stays_given_back(office: Office, device: Device) -> None:
    gone_back(device)
    draw, block = again(device.id)
    office.publish(device, draw, block)
    assert states(device, FIRST) == {"block-B-1": "returned", block.block: "free"}
    assert numbers_left(device, "B", VET) == 10
    counted = count_blocks(device.store)
    assert (counted["block-B-1"].free, counted["block-B-1"].returned) == (4, 6)
    assert (counted[block.block].size, counted[block.block].free) == (6, 6)
    balanced(device)


def test_g26_the_earlier_block_is_used_up_first_then_the_later_from_its_lowest(office: Office, device: Device) -> None:
    gone_back(device)
    office.publish(device, *again(device.id))
    used = [issued(device) for _one in range(6)]
    assert used == [f"B 990000000{at}" for at in range(1, 7)]
    assert states(device, FIRST) == {"block-B-1": "returned", f"again-2-{FIRST}-{FIRST}": "used"}
    assert continuity(device).to_explain == ()
    balanced(device)


def test_a_whole_block_goes_back_and_comes_again_and_again(office: Office, device: Device) -> None:
    lowest = "9900000001"
    gone_back(device, f"9900000001-{LAST}")
    office.publish(device, *again(device.id, first=lowest))
    gone_back(device, f"9900000001-{LAST}")
    office.publish(device, *again(device.id, turn=3, first=lowest))
    assert list(states(device, FIRST).values()).count("returned") == 2
    assert issued(device) == "B 9900000001"
    told = [one.standing.value for one in continuity(device).stretches if one.kind == "B"]
    assert told == ["returned", "returned", "used", "free"]
    balanced(device)


def test_what_a_person_types_is_meant_of_the_later_block(office: Office, device: Device) -> None:
    gone_back(device)
    draw, block = again(device.id)
    office.publish(device, draw)
    drawn = find_range(device, "B", FIRST)
    assert not isinstance(drawn, NumberRange)  # in no block yet: the earlier one tells of it no more
    office.publish(device, block)
    assert find_range(device, "B", f"{FIRST}-{LAST}") == NumberRange(block.block, "B", FIRST, LAST)
    crossing = find_range(device, "B", f"9900000003-{LAST}")
    assert not isinstance(crossing, NumberRange)
    assert (crossing.code, crossing.details) == (C.OUTSIDE_BLOCK, {"block": "9900000001–9900000004"})


def test_g45_sheets_drawn_again_can_be_lost_in_a_block_or_before(office: Office, device: Device) -> None:
    gone_back(device)
    draw, block = again(device.id)
    office.publish(device, draw)
    uncut = done(report_loss(device, "B", FIRST, cause="stolen"))
    office.publish(device, block)
    later = done(report_loss(device, "B", LAST, cause="stolen"))
    rows = {str(row["digits"]): row for row in device.rows.many("numbers", block=block.block)}
    assert [(rows[one]["state"], rows[one]["ended_by"]) for one in (FIRST, LAST)] == [("lost", uncut), ("lost", later)]
    assert states(device, FIRST)["block-B-1"] == "returned"
    balanced(device)


def test_a_blank_of_the_later_block_is_spoiled_there(office: Office, device: Device) -> None:
    gone_back(device)
    draw, block = again(device.id)
    office.publish(device, draw, block)
    done(spoil_blank(device, "B", LAST, category="damaged", photos=photo(device)))
    assert states(device, LAST) == {"block-B-1": "returned", block.block: "withdrawn"}
    balanced(device)


def test_a_stocktake_expects_the_sheets_that_lie_here_again(office: Office, device: Device) -> None:
    gone_back(device)
    assert [(line.first, line.last) for line in book(device, ["B"])] == [("9900000001", "9900000004")]
    office.publish(device, *again(device.id))
    assert [(line.first, line.last) for line in book(device, ["B"])] == [
        ("9900000001", "9900000004"),
        (FIRST, LAST),
    ]


def test_the_trace_of_a_number_has_both_its_lives(office: Office, device: Device, clock: HandClock) -> None:
    ref = gone_back(device)
    clock.wait(60)
    draw, block = again(device.id)
    at = clock.at
    office.publish(device, msgspec.structs.replace(draw, issued_at=at), msgspec.structs.replace(block, issued_at=at))
    clock.wait(60)
    number = [issued(device) for _one in range(5)][-1]
    life = done(trace(device, number))
    assert (life.standing.value, life.place.block) == ("used", block.block)
    told = [(step.what, step.ref) for step in life.steps]
    assert told[:5] == [
        ("draw", "draw-B-1"),
        ("block", "block-B-1"),
        ("numbers.returned", ref),
        ("draw", draw.draw),
        ("block", block.block),
    ]
    assert told[5][0] == "certificate.issued"


# --- not taken in ---------------------------------------------------------------------------------------------------


def test_g31_a_block_over_numbers_that_are_still_free_here_is_not_taken_in(office: Office, device: Device) -> None:
    assert fault(office, device, again(device.id)) == "block.block_overlap"
    gone_back(device, f"9900000006-{LAST}")
    assert fault(office, device, again(device.id)) == "block.block_overlap"  # one of them
    assert coming(device) == "9900000001"


def test_g31_nor_over_one_that_stands_on_a_paper(office: Office, device: Device) -> None:
    for _one in range(5):
        issued(device)
    gone_back(device, f"9900000006-{LAST}")
    assert fault(office, device, again(device.id)) == "block.block_overlap"


def test_g33_the_server_alone_cannot_say_that_sheets_are_drawn_again(office: Office, device: Device) -> None:
    gone_back(device)
    draw, block = again(device.id, turn=1)
    assert fault(office, device, [draw, block]) == "block.block_overlap"
    other = msgspec.structs.replace(block, draw="draw-B-1", block="other")
    assert fault(office, device, [other]) == "block.block_overlap"


def test_two_blocks_of_one_later_draw_share_no_number(office: Office, device: Device) -> None:
    gone_back(device)
    draw, block = again(device.id)
    office.publish(device, draw, block)
    twin = msgspec.structs.replace(block, block="twin", ordinal=block.ordinal + 1)
    assert fault(office, device, [twin]) == "block.block_overlap"


def test_what_was_lost_at_a_sister_meanwhile_does_not_stop_the_pull(
    office: Office, device: Device, sister: Device
) -> None:
    gone_back(device)
    office.show_blocks(device, sister)
    with_numbers = sister.rows.one("blocks", block="block-B-1")
    assert with_numbers is not None
    done(report_loss(sister, "B", FIRST, cause="stolen"))
    office.relay(sister, device)
    assert states(device, FIRST) == {"block-B-1": "lost"}
    office.publish(device, *again(device.id))
    assert list(states(device, FIRST).values()) == ["free", "lost"]
    assert_sound(device)


# --- two computers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("return_first", [True, False])
def test_a_sister_comes_to_the_same_rows_whatever_she_hears_first(
    office: Office, device: Device, sister: Device, *, return_first: bool
) -> None:
    office.show_blocks(device, sister)
    gone_back(device)
    later = again(sister.id)
    if return_first:
        office.relay(device, sister)
    office.publish(sister, *later)
    if not return_first:
        office.relay(device, sister)
    office.publish(device, *later)
    assert sister.rows.many("numbers") == device.rows.many("numbers")
    assert states(sister, FIRST) == {"block-B-1": "returned", later[1].block: "free"}
    assert [one for one in continuity(sister).numbers if one.kind == "B"] == [
        one for one in continuity(device).numbers if one.kind == "B"
    ]
    assert_sound(sister)


def test_what_one_computer_gave_back_the_other_uses(office: Office, device: Device, sister: Device) -> None:
    office.show_blocks(device, sister)
    gone_back(device)
    office.relay(device, sister)
    draw, block = again(sister.id)
    office.publish(sister, draw, block)
    office.publish(device, draw, block)
    found = next_number(sister, "B", VET)
    assert found is not None
    assert (found.number.digits, found.block) == (FIRST, block.block)
    assert numbers_left(device, "B", VET) == 4, "a sister's block is never used here"
    refused = return_numbers(device, "B", f"{FIRST}-{LAST}", reason="too_many")
    only(refused, C.NOT_FOUND, "numbers")


def test_the_row_of_the_earlier_block_never_moves_again(office: Office, device: Device) -> None:
    gone_back(device)
    office.publish(device, *again(device.id))
    only(return_numbers(device, "B", f"9900000004-{FIRST}", reason="too_many"), C.OUTSIDE_BLOCK, "numbers")
    for _one in range(5):
        issued(device)
    rows = device.rows.many("numbers", block="block-B-1")
    assert [row["state"] for row in rows] == ["used"] * 4 + [NumberState.RETURNED.value] * 6
