"""Pre-numbered sheets drawn again: given back, counted in, out again with a life of their own; and those that are not.

The number has a row in each block it was in. In the earlier one it stays given back, for ever.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, transaction

from inspector_app.clock import MS_PER_DAY, legal_date
from inspector_app.config import read_resource
from inspector_app.domain.credential import Verdict
from inspector_app.domain.documents import sign_document
from inspector_app.domain.numbering import Draw, Number
from inspector_app.domain.stock_endings import StockEnded
from inspector_app.domain.stock_receipts import Counted
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.store_counts import StoreCounted
from inspector_app.domain.trust import Standing
from inspector_app.journal.entries.blanks import BlankSpoiled
from inspector_app.journal.entries.custody import NumbersLost, NumbersReturned
from inspector_app.journal.entries.declarations import Note
from province import inprocess, provinces
from province.custody import counting, drawing, ending, organisations, stores
from province.custody.counting import CountRequest
from province.custody.draw_sides import unused
from province.custody.ending import EndRequest
from province.custody.founding_draws import draw_undecided
from province.desk.holdings import holdings
from province.journal.models import Incident
from province.journal.projecting import differences
from province.journal.recovery import declare_epoch
from province.journal.rows import DjangoRows
from province.ledgers.continuity import continuity_of
from province.ledgers.lives import trace
from province.ledgers.models import MODELS
from province.numbers import custody
from province.numbers.drawing_again import drawable_again, is_numbered
from province.numbers.draws_back import import_draw
from province.numbers.models import CutBlock, DrawnRange
from province.numbers.ranges import NumbersCode, NumbersError
from province.public.looking import look_at
from province.registry import publishing, trust
from province.registry.filings import FiledWith
from tests.province import work
from tests.province.drawing import chain, codes, drawn, one_chain, request, take_in
from tests.province.fixtures import OTHER_STATION, SECOND_VET, STATION, VET, Province
from tests.province.institutions import COUNTY, COUNTY_KEEPER, OTHER_UNIT, register
from tests.province.judged import J, only, verdicts_on
from tests.province.numbered import block_of, counted_in, given_back, on_paper, sent_up, use_up_draws
from tests.province.test_returning import assert_adds_up, lying
from tests.sync.fakes import FakeDevice

__all__ = ["chain", "one_chain"]  # fixtures, found by their names


@pytest.fixture
def numbered(one_chain: Province) -> Province:
    """The province prints numbers on its stock."""
    on_paper(one_chain)
    return one_chain


class Again(msgspec.Struct):
    """Sheets that a vet gave back, the county counted in and the station drew again; of that draw none is cut yet."""

    device: FakeDevice
    first: str
    last: str
    draw: DrawnRange


def drawn_again(province: Province, *, many: int = 0) -> Again:
    """``many`` of the only block there is; 0: all of them, so that the computer has no number any more."""
    device = province.enrol()
    use_up_draws(province)
    first, last = given_back(province, device, many)
    counted_in(province, first, last)
    return Again(device, first, last, drawn(province, count=0, typed=f"{first}-{last}"))


def cut(province: Province, again: Again) -> str:
    """The computer is given a block of the sheets that were drawn again; its name."""
    province.clock.wait(1)
    again.device.sync(province.exchange)
    block = block_of(again.device, at=-1)
    assert (block.draw, block.first) == (again.draw.draw, again.first)
    return block.block


def taken(again: Again) -> tuple[Number, str]:
    """The next number of the later block."""
    block = block_of(again.device, at=-1)
    return Number(block.scheme, "B", again.first), block.block


def digits_of(paper: work.Issued) -> str:
    """What a phone sends of a code."""
    return paper.code().rpartition("/")[2]


NEIGHBOUR = {
    "level": "station",
    "superior": COUNTY,
    "area": 321084,
    "station": OTHER_STATION,
    "head": 14,
    "filing": "备 4",
    "category": "aquatic_seed",
    "filed_from": "2026-01-01",
}
"""The other station, under the same county."""


def neighbour(province: Province) -> FakeDevice:
    """A computer of the other station with its vet."""
    unit = organisations.of_station(province.using, OTHER_STATION)
    filed = (FiledWith("B", unit.superior, "检 B-12"),) if unit is not None else ()
    whose: dict[str, Any] = {"posts": ("vet",), "kinds": ("B",)}
    publishing.grant(province.using, SECOND_VET, station=OTHER_STATION, **whose, filed=filed, valid_from=1)
    return province.enrol("三号机", station=OTHER_STATION, people=(SECOND_VET,))


def on_paper_from_today(province: Province) -> None:
    """Numbers are printed on stock from this day on; until yesterday paper was plain."""
    body = read_resource("catalogue/policy.toml").decode()
    plain = 'name = "paper_mode"\nvalue = "plain"\neffective_from = "2010-03-01"\n'
    assert plain in body
    today = legal_date(province.clock.at)
    rest = 'source = "test"\nconfidence = "G"\n\n[[rule]]\n'
    ended = plain + f'effective_to = "{legal_date(province.clock.at - MS_PER_DAY)}"\n' + rest
    body = body.replace(plain, ended + plain.replace('"plain"', '"pre_numbered"').replace("2010-03-01", today))
    publishing.publish_policy(province.using, "2", body)


def states(province: Province, digits: str) -> dict[str, str]:
    """How a number stands, by the draw of each block it was in."""
    rows = DjangoRows(province.using)
    draw_of = {row["block"]: str(row["draw"]) for row in rows.many("blocks")}
    return {draw_of[row["block"]]: str(row["state"]) for row in rows.many("numbers", number=f"B {digits}")}


def standing(province: Province, digits: str) -> Standing | None:
    """What the trust file says of a number; None for one that is in no block there."""
    block = trust.build(province.using).block("B", digits)
    if block is None:
        return None
    said = block.exception(digits)
    return Standing(said.standing) if said else Standing.IN_FORCE


def overlaps(province: Province, first: str, last: str) -> NumbersCode:
    """Why the numbers cannot be drawn, past every gate of the stores."""
    with pytest.raises(NumbersError) as raised:
        custody.draw(province.using, "B", first, last, station=STATION)
    return raised.value.code


# --- the whole way --------------------------------------------------------------------------------------------------


def test_sheets_counted_in_are_drawn_again_and_used(chain: Province) -> None:
    on_paper(chain)
    again = drawn_again(chain)
    assert (again.draw.turn, again.draw.station, again.draw.size) == (2, STATION, 100)
    assert lying(chain, COUNTY, ended=True) == []
    cut(chain, again)
    paper = work.certify(again.device, taken=taken(again))
    assert verdicts_on(chain, again.device) == []
    assert str(paper.number) == f"B {again.first}"
    earlier = block_of(again.device).draw
    assert states(chain, again.first) == {earlier: "returned", again.draw.draw: "used"}
    assert states(chain, again.last) == {earlier: "returned", again.draw.draw: "free"}
    assert_adds_up(chain)


def test_both_equations_hold_for_both_blocks(numbered: Province) -> None:
    again = drawn_again(numbered)
    cut(numbered, again)
    work.certify(again.device, taken=taken(again))
    again.device.sync(numbered.exchange)
    rows = DjangoRows(numbered.using)
    for at, expected in ((0, {"returned": 100}), (-1, {"used": 1, "free": 99})):
        block = block_of(again.device, at=at)
        counted = {str(state): count for (state,), count in rows.tally("numbers", "state", block=block.block).items()}
        assert counted == expected
    report = continuity_of(numbered.using, STATION)
    assert (report.totals()["B"]["returned"], report.totals()["B"]["used"]) == (100, 1)
    assert report.to_explain == ()
    assert [(one.first, one.last, one.standing.value) for one in report.stretches if one.kind == "B"][:3] == [
        (again.first, again.last, "returned"),
        (again.first, again.first, "used"),
        (str(int(again.first) + 1), again.last, "free"),
    ]


def test_the_trace_tells_of_both_draws(numbered: Province) -> None:
    again = drawn_again(numbered)
    cut(numbered, again)
    paper = work.certify(again.device, taken=taken(again))
    again.device.sync(numbered.exchange)
    life = trace(numbered.using, str(paper.number))
    assert (life.standing.value, life.place.draw) == ("used", again.draw.draw)
    assert [step.what for step in life.steps][:9] == [
        "stock",
        "draw",
        "block",
        "numbers.returned",
        "stock_out",
        "stock_in",
        "draw",
        "block",
        "certificate.issued",
    ]


def test_the_admin_s_ledger_of_numbers_has_both_rows(numbered: Province) -> None:
    again = drawn_again(numbered)
    cut(numbered, again)
    model = MODELS["numbers"]
    rows = model._default_manager.using(numbered.using).filter(number=f"B {again.first}").order_by("block")
    assert list(rows.values_list("state", flat=True)) == ["returned", "free"]


def test_what_comes_back_a_second_time_goes_out_a_third(numbered: Province) -> None:
    again = drawn_again(numbered)
    first_up = DjangoRows(numbered.using).many("stock_returns")[0]["record"]
    cut(numbered, again)
    given_back(numbered, again.device, 0, at=-1)
    second_up = counted_in(numbered, again.first, again.last).record
    stretches = [one for one in continuity_of(numbered.using, STATION).stretches if one.standing == "returned"]
    assert [(one.place.draw, one.passed_up) for one in stretches] == [
        (block_of(again.device).draw, first_up),
        (again.draw.draw, second_up),
    ]
    assert lying(numbered, COUNTY, ended=True) == [(again.first, again.last, 100)]
    third = drawn(numbered, count=0, typed=f"{again.first}-{again.last}")
    assert third.turn == 3
    assert lying(numbered, COUNTY, ended=True) == []
    assert_adds_up(numbered)


def test_a_part_is_drawn_again_and_the_rest_lies_there(numbered: Province) -> None:
    device = numbered.enrol()
    first, last = given_back(numbered, device)
    counted_in(numbered, first, last)
    middle = f"{int(first) + 5}-{int(first) + 9}"
    assert C.OLDER_FIRST in codes(drawing.draw(numbered.using, request(count=0, typed=middle)))
    drawn(numbered, count=5)  # the oldest first: what came back
    assert lying(numbered, COUNTY, ended=True) == [(str(int(first) + 5), last, 15)]
    (held,) = [one for one in holdings(numbered.using, "B") if one.organisation == COUNTY]
    assert held.ended == 15
    assert_adds_up(numbered)


def test_another_station_of_the_county_draws_them_and_owes_its_own_old_sheets(numbered: Province) -> None:
    register(numbered, OTHER_UNIT, **NEIGHBOUR)
    device = numbered.enrol()
    first, last = given_back(numbered, device)
    counted_in(numbered, first, last)
    made = drawn(numbered, count=0, typed=f"{first}-{last}", station=OTHER_STATION)
    sister = neighbour(numbered)
    block = block_of(sister)
    assert (block.draw, block.first, block.last) == (made.draw, first, last)
    paper = work.certify(sister, actor=SECOND_VET, taken=(Number(block.scheme, "B", first), block.block))
    assert verdicts_on(numbered, sister) == []
    life = trace(numbered.using, str(paper.number))
    assert (life.station, life.place.device) == (OTHER_STATION, sister.device)
    assert [step.ref for step in life.steps if step.what == "draw"] == [block_of(device).draw, made.draw]
    assert len(set(life.steps)) == len(life.steps)
    (told,) = [one for one in continuity_of(numbered.using, STATION).stretches if one.first == first]
    assert told.standing == "returned"  # to the station that gave it back
    assert differences(numbered.using) == []


# --- what is not drawn again ----------------------------------------------------------------------------------------


def test_g31_on_plain_paper_what_came_back_is_never_drawn_again(one_chain: Province) -> None:
    device = one_chain.enrol()
    first, last = given_back(one_chain, device)
    counted_in(one_chain, first, last)
    assert codes(drawing.draw(one_chain.using, request(count=0, typed=f"{first}-{last}")))[0] == C.BACK_FOR_GOOD
    assert overlaps(one_chain, first, last) is NumbersCode.DRAW_OVERLAPS
    assert lying(one_chain, COUNTY, ended=True) == [(first, last, 20)]


def test_what_was_counted_in_on_a_day_of_plain_paper_stays_dead(one_chain: Province) -> None:
    device = one_chain.enrol()
    first, last = given_back(one_chain, device)
    counted_in(one_chain, first, last)
    one_chain.clock.wait(86_400)
    on_paper_from_today(one_chain)
    assert is_numbered(one_chain.using, legal_date(one_chain.clock.at))
    assert drawable_again(one_chain.using, "B", first, last) == []
    assert overlaps(one_chain, first, last) is NumbersCode.DRAW_OVERLAPS


def test_g31_before_they_are_counted_in_they_are_on_their_way(numbered: Province) -> None:
    device = numbered.enrol()
    first, last = given_back(numbered, device)
    assert overlaps(numbered, first, last) is NumbersCode.DRAW_OVERLAPS
    sent_up(numbered, first, last)
    assert overlaps(numbered, first, last) is NumbersCode.DRAW_OVERLAPS
    assert C.NOT_ON_HAND in codes(drawing.draw(numbered.using, request(count=0, typed=f"{first}-{last}")))


def test_g31_a_number_still_in_a_block_is_not_drawn_with_those_that_came_back(numbered: Province) -> None:
    device = numbered.enrol()
    first, last = given_back(numbered, device)
    counted_in(numbered, first, last)
    below = str(int(first) - 1)
    assert overlaps(numbered, below, last) is NumbersCode.DRAW_OVERLAPS
    assert overlaps(numbered, first, str(int(last) + 1)) is NumbersCode.DRAW_OVERLAPS
    assert C.CROSSES_STOCK in codes(drawing.draw(numbered.using, request(count=0, typed=f"{below}-{last}")))


def test_g31_they_are_drawn_again_once(numbered: Province) -> None:
    again = drawn_again(numbered)
    assert overlaps(numbered, again.first, again.last) is NumbersCode.DRAW_OVERLAPS  # drawn and not cut
    cut(numbered, again)
    assert overlaps(numbered, again.first, again.last) is NumbersCode.DRAW_OVERLAPS  # free in a block


def test_g47_what_was_lost_after_all_is_not_drawn_again(numbered: Province) -> None:
    device, sister = numbered.enrol(), numbered.enrol("二号机")
    first, last = given_back(numbered, device)
    counted_in(numbered, first, last)
    lost = NumbersLost(block_of(device).block, first, first, "stolen", "2026-11-21")
    sister.record(VET, lost, private=Note(text=""))
    sister.sync(numbered.exchange)
    typed = f"{first}-{last}"
    assert codes(drawing.draw(numbered.using, request(count=0, typed=typed)))[0] == C.BACK_FOR_GOOD
    assert overlaps(numbered, first, last) is NumbersCode.DRAW_OVERLAPS
    assert drawn(numbered, count=0, typed=f"{int(first) + 1}-{last}").turn == 2  # the others are


def test_g47_what_the_store_lost_of_what_came_back_is_a_case_and_is_not_drawn_again(numbered: Province) -> None:
    device = numbered.enrol()
    first, last = given_back(numbered, device, 20)
    counted_in(numbered, first, last)
    gone = str(int(first) + 9)
    stolen = EndRequest(organisation=COUNTY, kind="B", how="lost", cause="stolen", by=COUNTY_KEEPER)
    typed = msgspec.structs.replace(stolen, typed=f"{first}-{gone}")
    before = sum(lot.count for lot in stores.lots(numbered.using, COUNTY, "B"))
    made = ending.end_stock(numbered.using, typed)
    assert isinstance(made, StockEnded), made
    assert [lot.first for lot in stores.ended_lots(numbered.using, COUNTY, "B")] == [str(int(gone) + 1)]
    assert sum(lot.count for lot in stores.lots(numbered.using, COUNTY, "B")) == before
    assert codes(drawing.draw(numbered.using, request(typed=f"{first}-{gone}", count=0)))[0] == C.NOT_ON_HAND
    assert drawable_again(numbered.using, "B", first, last) == [(str(int(gone) + 1), last)]
    assert trace(numbered.using, f"B {first}").steps[-1].what == "stock_lost"
    assert [row["ending"] for row in ending.open_losses(numbered.using)] == [made.ending]
    assert codes(ending.end_stock(numbered.using, typed)) == [C.NOT_ON_HAND]
    assert differences(numbered.using) == []


def test_a_keeper_who_counts_what_came_back_along_finds_nothing_too_much(numbered: Province) -> None:
    first, last = given_back(numbered, numbered.enrol(), 20)
    counted_in(numbered, first, last)
    lying = [f"{lot.first}-{lot.last}" for lot in stores.lots(numbered.using, COUNTY, "B")]
    stranger = "9900000901"
    there = Counted(typed=",".join([stranger, *lying, f"{first}-{last}"]))
    asked = CountRequest(organisation=COUNTY, kind="B", by=COUNTY_KEEPER, counted=there)
    made = counting.count_store(numbered.using, asked)
    assert isinstance(made, StoreCounted), made
    assert (made.surplus, made.ending) == (((stranger, stranger),), "")
    assert made.expected == made.counted == sum(lot.count for lot in stores.lots(numbered.using, COUNTY, "B"))


def test_g47_a_spoiled_blank_does_not_come_back_as_a_number(numbered: Province) -> None:
    device = numbered.enrol()
    block = block_of(device)
    number = Number(block.scheme, "B", block.first)
    device.record(VET, BlankSpoiled(number=number, block=block.block, category="damaged", attachments=["5f" * 32]))
    given_back(numbered, device, 99)
    device.record(VET, NumbersReturned(block.block, block.first, block.last, reason="too_many"))
    device.sync(numbered.exchange)
    counted_in(numbered, str(int(block.first) + 1), block.last)
    assert drawable_again(numbered.using, "B", block.first, block.last) == [(str(int(block.first) + 1), block.last)]


def test_without_organisations_nobody_counts_in_and_nothing_is_drawn_again(province: Province) -> None:
    on_paper(province)
    device = province.enrol()
    first, last = given_back(province, device)
    with pytest.raises(NumbersError, match="draw_overlaps"):
        draw_undecided(province.using, "B", first, last, station=STATION)


def test_the_database_lets_two_draws_of_one_turn_share_no_number(chain: Province) -> None:
    on_paper(chain)
    again = drawn_again(chain)
    cut(chain, again)
    for table in (DrawnRange, CutBlock):
        row = table.objects.using(chain.using).get(turn=2)
        row.pk, row.turn = "twice", 3
        if isinstance(row, CutBlock):
            row.ordinal = 99
        with transaction.atomic(using=chain.using):
            row.save(using=chain.using, force_insert=True)  # of another turn it may
        row.pk = "thrice"
        if isinstance(row, CutBlock):
            row.ordinal = 100
        with pytest.raises(DatabaseError), transaction.atomic(using=chain.using):
            row.save(using=chain.using, force_insert=True)


def test_old_sheets_are_owed_by_the_draw_they_were_used_from(numbered: Province) -> None:
    on_paper(numbered, version="3", draws_in_arrears="1 0")
    again = drawn_again(numbered)
    name = cut(numbered, again)
    number = Number("99-10", "B", again.first)
    spoiled = BlankSpoiled(number=taken(again)[0], block=name, category="damaged", attachments=["5f" * 32])
    again.device.record(VET, spoiled)
    again.device.sync(numbered.exchange)
    owed = custody.unsettled_sheets(numbered.using, "B", STATION)
    assert [(draw, row["number"]) for draw, row in owed] == [(again.draw.draw, str(number))]


def test_what_came_back_counts_no_more_as_unused_and_what_was_drawn_again_does(numbered: Province) -> None:
    again = drawn_again(numbered)
    take_in(numbered, again.device, again.draw)
    assert unused(numbered.using, "B", STATION, 0) == 100
    cut(numbered, again)
    work.certify(again.device, taken=taken(again))
    again.device.sync(numbered.exchange)
    assert unused(numbered.using, "B", STATION, 0) == 99


# --- who still speaks of the earlier block --------------------------------------------------------------------------


def test_a_late_paper_out_of_the_closed_block_takes_no_number_and_leaves_the_new_one_alone(numbered: Province) -> None:
    again = drawn_again(numbered)
    cut(numbered, again)
    paper = work.certify(again.device, taken=taken(again))
    again.device.sync(numbered.exchange)
    closed = block_of(again.device)
    forged = work.certify(again.device, taken=(Number(closed.scheme, "B", again.last), closed.block))
    assert only(numbered, again.device)[0] == J.NUMBER_TAKEN
    assert states(numbered, again.last) == {closed.draw: "returned", again.draw.draw: "free"}
    rows = DjangoRows(numbered.using)
    assert rows.one("certificates", number=str(forged.number)) is None
    assert rows.one("certificates", number=str(paper.number)) is not None
    assert standing(numbered, again.last) is Standing.DISPUTED  # a paper of this computer bears it: it is warned of


def test_a_paper_out_of_the_closed_block_is_no_good_to_anybody(numbered: Province) -> None:
    register(numbered, OTHER_UNIT, **NEIGHBOUR)
    device = numbered.enrol()
    first, last = given_back(numbered, device)
    counted_in(numbered, first, last)
    drawn(numbered, count=0, typed=f"{first}-{last}", station=OTHER_STATION)
    sister = neighbour(numbered)
    closed, block = block_of(device), block_of(sister)
    honest = work.certify(sister, actor=SECOND_VET, taken=(Number(block.scheme, "B", first), block.block))
    forged = work.certify(device, taken=(Number(closed.scheme, "B", first), closed.block))
    for one in (device, sister):
        one.sync(numbered.exchange)
    assert look_at(numbered.using, digits_of(honest)).state == Verdict.GENUINE
    assert look_at(numbered.using, digits_of(forged)).state == Verdict.NUMBER_OUTSIDE_BLOCK


@pytest.mark.parametrize("loss_first", [True, False])
def test_a_loss_told_late_of_the_closed_block_ends_nothing_in_the_new_one(
    numbered: Province, *, loss_first: bool
) -> None:
    sister = numbered.enrol("二号机", people=(VET,))
    again = drawn_again(numbered, many=100)
    closed = block_of(again.device)
    lost = NumbersLost(closed.block, again.first, again.last, "stolen", "2026-11-21")
    sister.record(VET, lost, private=Note(text=""))
    if loss_first:
        sister.sync(numbered.exchange)
    cut(numbered, again)
    sister.sync(numbered.exchange)
    assert states(numbered, again.first) == {closed.draw: "lost", again.draw.draw: "free"}
    assert standing(numbered, again.first) is Standing.IN_FORCE
    work.certify(again.device, taken=taken(again))
    assert verdicts_on(numbered, again.device) == []
    assert differences(numbered.using) == []


# --- the trust file -------------------------------------------------------------------------------------------------


def test_a_returned_number_reads_as_dead_until_it_is_drawn_again(numbered: Province) -> None:
    device = numbered.enrol()
    use_up_draws(numbered)
    first, last = given_back(numbered, device, 40)
    assert standing(numbered, first) is Standing.WITHDRAWN
    middle = str(int(first) + 9)
    counted_in(numbered, first, last)
    drawn(numbered, count=10)
    built = trust.build(numbered.using)
    assert standing(numbered, middle) is None  # drawn, in no block yet
    assert standing(numbered, str(int(middle) + 1)) is Standing.WITHDRAWN
    below = built.block("B", str(int(first) - 1))
    assert below is not None
    assert below.last == str(int(first) - 1)
    about = trust.build_about(numbered.using, key_id=bytes(8), kind="B", digits=middle)
    assert about.block("B", middle) is None


def test_a_certificate_on_a_sheet_drawn_again_is_genuine(numbered: Province) -> None:
    again = drawn_again(numbered)
    cut(numbered, again)
    paper = work.certify(again.device, taken=taken(again))
    again.device.sync(numbered.exchange)
    assert look_at(numbered.using, digits_of(paper)).state == Verdict.GENUINE
    trust.publish(numbered.using)
    again.device.sync(numbered.exchange)
    assert again.device.trust is not None  # taken in: no two blocks of it share a number
    held = again.device.trust.file.block("B", again.first)
    assert held is not None
    assert (held.reported_through, held.exceptions) == (again.first, ())


def test_g46_numbers_lost_between_the_second_draw_and_its_block_are_in_the_void_list(numbered: Province) -> None:
    again = drawn_again(numbered)
    lost = NumbersLost("", again.first, again.first, "stolen", "2026-11-21", draw=again.draw.draw)
    again.device.record(VET, lost, private=Note(text=""))
    again.device.sync(numbered.exchange)
    assert standing(numbered, again.first) is Standing.LOST
    assert block_of(again.device, at=-1).first == str(int(again.first) + 1)
    about = trust.build_about(numbered.using, key_id=bytes(8), kind="B", digits=again.first)
    assert about.block("B", again.first) is not None


# --- after a restore of the province --------------------------------------------------------------------------------


def test_a_forgotten_second_draw_comes_back_and_is_not_made_twice(numbered: Province, tmp_path: Path) -> None:
    device = numbered.enrol()
    use_up_draws(numbered)
    first, last = given_back(numbered, device, 0)
    counted_in(numbered, first, last)
    inprocess.copy_database(numbered.using, tmp_path / "backup.sqlite3")
    again = Again(device, first, last, drawn(numbered, count=0, typed=f"{first}-{last}"))
    cut(numbered, again)
    paper = work.certify(device, taken=taken(again))
    device.sync(numbered.exchange)
    inprocess.restore_database(numbered.using, tmp_path / "backup.sqlite3")
    declare_epoch(numbered.using)
    assert overlaps(numbered, first, last) is NumbersCode.DRAWN_BEFORE  # before anybody told of it
    assert verdicts_on(numbered, device) == []
    assert DrawnRange.objects.using(numbered.using).get(draw=again.draw.draw).turn == 2
    assert states(numbered, first) == {block_of(device).draw: "returned", again.draw.draw: "used"}
    assert look_at(numbered.using, digits_of(paper)).state == Verdict.GENUINE
    assert lying(numbered, COUNTY, ended=True) == []
    assert overlaps(numbered, first, last) is NumbersCode.DRAW_OVERLAPS
    assert differences(numbered.using) == []


def test_a_province_that_forgot_the_return_as_well_learns_of_both(numbered: Province, tmp_path: Path) -> None:
    device = numbered.enrol()
    use_up_draws(numbered)
    inprocess.copy_database(numbered.using, tmp_path / "backup.sqlite3")
    first, last = given_back(numbered, device, 0)
    counted_in(numbered, first, last)
    again = Again(device, first, last, drawn(numbered, count=0, typed=f"{first}-{last}"))
    cut(numbered, again)
    inprocess.restore_database(numbered.using, tmp_path / "backup.sqlite3")
    declare_epoch(numbered.using)
    work.certify(device, taken=taken(again))
    assert verdicts_on(numbered, device) == []
    assert states(numbered, first) == {block_of(device).draw: "returned", again.draw.draw: "used"}
    assert not Incident.objects.using(numbered.using).exists()


def test_two_draws_of_one_turn_told_back_contradict_each_other(numbered: Province) -> None:
    again = drawn_again(numbered)
    known = again.draw
    ends = known.first, known.last
    told = Draw("99-B0099-ff", known.scheme, "B", *ends, STATION, 0, numbered.clock.at, turn=2)
    signer = provinces.of(numbered.using).keys.authority
    assert signer is not None
    assert not import_draw(numbered.using, told, sign_document(told, signer).encoded())
    assert DrawnRange.objects.using(numbered.using).get(draw=known.draw).contested
