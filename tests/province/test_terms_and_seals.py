"""Terms that escalate, the yearly estimate, seals and licence files."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.clock import day_start
from inspector_app.domain.seals import SealSheet
from inspector_app.domain.stock import Distribution
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.stock_refusals import StockRefused
from province.custody import distributing, seals, terms
from province.custody.using import estimate
from province.journal.rows import DjangoRows
from tests.province import work
from tests.province.drawing import chain, codes, drawn, one_chain, take_in
from tests.province.fixtures import HEAD, STATION, VET, Province
from tests.province.institutions import (
    CITY,
    CITY_KEEPER,
    COUNTY,
    COUNTY_KEEPER,
    PROVINCE,
    UNIT,
    give,
    receive,
    to_city,
    to_county,
)

__all__ = ["chain", "one_chain"]  # found by their names


# --- G13: terms -------------------------------------------------------------------------------------------------------


def test_g13_a_receipt_that_does_not_come_in_five_working_days_goes_to_the_level_above(chain: Province) -> None:
    made = distributing.distribute(chain.using, to_city(count=10))  # on Saturday the 21st
    assert isinstance(made, Distribution)
    (term,) = [one for one in terms.open_terms(chain.using) if one.record == made.distribution]
    assert (term.due_on, term.working_days_left, term.escalated_to) == ("2026-11-27", 5, 0)
    chain.clock.at = day_start("2026-11-30")
    (late,) = [one for one in terms.overdue(chain.using) if one.record == made.distribution]
    assert (late.what, late.organisation, late.working_days_left, late.escalated_to) == ("receipt", CITY, -1, PROVINCE)


def test_a_receipt_in_time_is_waited_for_no_more(one_chain: Province) -> None:
    give(one_chain, to_city(count=10), CITY_KEEPER)
    one_chain.clock.at = day_start("2026-12-31")
    assert not [term for term in terms.overdue(one_chain.using) if term.what == "receipt"]


def test_each_further_term_goes_one_level_higher(one_chain: Province) -> None:
    give(one_chain, to_city(count=10), CITY_KEEPER)
    made = distributing.distribute(one_chain.using, to_county(count=10))
    assert isinstance(made, Distribution)
    gone_to = []
    for day in ("2026-11-30", "2026-12-04", "2026-12-07", "2026-12-31"):
        one_chain.clock.at = day_start(day)
        gone_to += [term.escalated_to for term in terms.overdue(one_chain.using) if term.what == "receipt"]
    assert gone_to == [CITY, CITY, PROVINCE, PROVINCE]


def test_g13_a_draw_is_waited_for_until_the_station_s_keeper_has_taken_it_in(one_chain: Province) -> None:
    device = one_chain.enrol()
    device.sync(one_chain.exchange)
    assert terms.open_terms(one_chain.using) == []
    made = drawn(one_chain)
    device.sync(one_chain.exchange)
    device.sync(one_chain.exchange)  # that it was pulled is reported, and is nobody's receipt
    one_chain.clock.at = day_start("2026-11-30")
    (late,) = terms.overdue(one_chain.using)
    assert (late.what, late.record, late.station, late.escalated_to) == ("draw_receipt", made.draw, STATION, COUNTY)
    take_in(one_chain, device, made)
    assert terms.overdue(one_chain.using) == []


def test_g13_a_paper_record_entered_after_its_term_stays_marked_as_late(chain: Province) -> None:
    chain.clock.wait(9 * 86_400)
    in_time = distributing.distribute(chain.using, to_city(count=10, day="2026-11-23", paper=True))
    late = distributing.distribute(chain.using, to_city(count=10, day="2026-11-21", paper=True))
    assert isinstance(in_time, Distribution)
    assert isinstance(late, Distribution)
    (one,) = terms.late_records(chain.using)
    assert (one.distribution, one.due_on, one.entered_on) == (late.distribution, "2026-11-27", "2026-11-30")
    assert one.working_days_late == 1  # a Monday after a Friday: late by three days, by one working day


# --- G16: the estimate ------------------------------------------------------------------------------------------------


def test_g16_the_yearly_estimate_counts_what_was_used_at_the_catalogue_s_price(chain: Province) -> None:
    device = chain.enrol()
    work.certify(device)
    work.certify(device)
    device.sync(chain.exchange)
    (line,) = estimate(chain.using, COUNTY, 2026)
    assert (line.kind, line.used, line.unit_price_fen, line.amount_fen) == ("B", 2, 15, 30)


def test_another_county_s_and_another_year_s_use_count_for_nothing(one_chain: Province) -> None:
    device = one_chain.enrol()
    work.certify(device)
    device.sync(one_chain.exchange)
    from tests.province.institutions import OTHER_COUNTY

    assert estimate(one_chain.using, OTHER_COUNTY, 2026) == estimate(one_chain.using, COUNTY, 2025) == []
    assert len(estimate(one_chain.using, PROVINCE, 2026)) == 1


def test_marks_a_unit_received_are_part_of_the_estimate(one_chain: Province) -> None:
    receive(one_chain, kind="mark", typed="", count=90)
    give(one_chain, to_city(kind="mark", count=90), CITY_KEEPER)
    give(one_chain, to_county(kind="mark", count=90), COUNTY_KEEPER)
    give(one_chain, to_city(giver=COUNTY, receiver=UNIT, by=COUNTY_KEEPER, kind="mark", count=40), VET)
    (line,) = estimate(one_chain.using, CITY, 2026)
    assert (line.kind, line.used, line.amount_fen) == ("mark", 40, 200)


# --- G19, seals -------------------------------------------------------------------------------------------------------


def test_g19_papers_of_a_licence_stay_two_years_after_it_was_cancelled(chain: Province) -> None:
    seals.open_file(chain.using, "XK-1", organisation=COUNTY, licence="防疫条件 7", by=COUNTY_KEEPER)
    assert codes(seals.remove_file(chain.using, "XK-1", by=COUNTY_KEEPER)) == [C.FILE_STILL_KEPT]
    seals.cancel_licence(chain.using, "XK-1", by=COUNTY_KEEPER)
    chain.clock.at = day_start("2028-11-21")
    assert codes(seals.remove_file(chain.using, "XK-1", by=COUNTY_KEEPER)) == [C.FILE_STILL_KEPT]
    chain.clock.at = day_start("2028-11-22")
    removed = seals.remove_file(chain.using, "XK-1", by=COUNTY_KEEPER)
    assert not isinstance(removed, StockRefused)
    assert (removed.cancelled_on, removed.removed_on) == ("2026-11-21", "2028-11-22")
    assert codes(seals.remove_file(chain.using, "XK-1", by=COUNTY_KEEPER)) == [C.RECORD_SETTLED]


def test_a_file_is_opened_once_cancelled_once_and_by_its_keeper(one_chain: Province) -> None:
    using = one_chain.using
    seals.open_file(using, "XK-1", organisation=COUNTY, licence="防疫条件 7", by=COUNTY_KEEPER)
    again = seals.open_file(using, "XK-1", organisation=COUNTY, licence="防疫条件 8", by=COUNTY_KEEPER)
    assert codes(again) == [C.RECORD_SETTLED]
    assert codes(seals.cancel_licence(using, "XK-1", by=CITY_KEEPER)) == [C.NOT_THE_KEEPER]
    assert codes(seals.cancel_licence(using, "XK-1", by=COUNTY_KEEPER, day="2026-11-01")) == [C.DAY_IMPOSSIBLE]
    seals.cancel_licence(using, "XK-1", by=COUNTY_KEEPER)
    assert codes(seals.cancel_licence(using, "XK-1", by=COUNTY_KEEPER)) == [C.RECORD_SETTLED]
    assert codes(seals.cancel_licence(using, "XK-9", by=COUNTY_KEEPER)) == [C.RECORD_UNKNOWN]
    assert codes(seals.remove_file(using, "XK-9", by=COUNTY_KEEPER)) == [C.RECORD_UNKNOWN]


def seal(**changes: object) -> SealSheet:
    sheet = SealSheet("高邮 1 号", 0, COUNTY, VET, "ab" * 32, "2026-11-21", "", COUNTY_KEEPER, 0)
    return msgspec.structs.replace(sheet, **changes)


def test_a_seal_goes_from_holder_to_holder_and_every_one_stays_on_record(chain: Province) -> None:
    assert seals.keep_seal(chain.using, seal()) == seals.seal_now(chain.using, "高邮 1 号")
    seals.keep_seal(chain.using, seal(holder=HEAD))
    seals.keep_seal(chain.using, seal(holder=0, until="2026-11-20", since="2026-01-01"))
    rows = DjangoRows(chain.using).many("seals", seal="高邮 1 号")
    assert [row["holder"] for row in rows] == [VET, HEAD, 0]
    assert codes(seals.keep_seal(chain.using, seal())) == [C.SEAL_KNOWN]  # it has ended


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": CITY_KEEPER}, C.NOT_THE_KEEPER),
        ({"holder": 99}, C.PERSON_UNKNOWN),
        ({"impression": "cd" * 32}, C.SEAL_KNOWN),
        ({"impression": "a picture"}, C.SEAL_KNOWN),
        ({"seal": "高邮 2 号"}, C.SEAL_KNOWN),
        ({"organisation": CITY, "by": CITY_KEEPER}, C.SEAL_KNOWN),
        ({"until": "2026-11-01"}, C.DAY_IMPOSSIBLE),
        ({"since": "２０２６-01-01"}, C.DAY_IMPOSSIBLE),
        ({"since": ""}, C.DAY_IMPOSSIBLE),
    ],
)
def test_a_seal_that_contradicts_the_register_is_refused(
    one_chain: Province, changes: dict[str, object], code: C
) -> None:
    seals.keep_seal(one_chain.using, seal())
    assert codes(seals.keep_seal(one_chain.using, seal(**changes))) == [code]
