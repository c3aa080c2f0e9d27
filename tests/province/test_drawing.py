"""Draws under all rules: within the cap, above it with the head, after a restore."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.clock import day_start
from inspector_app.domain.documents import sign_document
from inspector_app.domain.numbering import Draw
from inspector_app.domain.stock import DrawAsked, DrawDeclined
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.errors import StationError
from province import provinces
from province.custody import drawing, fees, stores
from province.custody.using import use_of
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.numbers import draws_back
from province.numbers.models import DrawnRange
from province.registry import publishing
from tests.province import work
from tests.province.drawing import chain, codes, drawn, one_chain, request
from tests.province.fixtures import HEAD, STATION, VET, Province
from tests.province.institutions import (
    CITY_HEAD,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    FIRST,
    PROVINCE_HEAD,
    UNIT,
    combine_posts,
    give,
    receive,
    register_unit,
    to_city,
    to_county,
)

__all__ = ["chain", "one_chain"]  # found by their names


QUOTA = 200


def asked(province: Province, **changes: object) -> DrawAsked:
    made = drawing.draw(province.using, request(count=300, reason="season", **changes))
    assert isinstance(made, DrawAsked), made
    return made


# --- within the cap ---------------------------------------------------------------------------------------------------


def test_a_draw_within_the_cap_takes_the_oldest_and_says_who_decided_it(chain: Province) -> None:
    made = drawn(chain)
    assert (made.first, made.last, made.station) == (FIRST, "9900001100", STATION)
    decided = DjangoRows(chain.using).one("draw_decisions", draw=made.draw)
    assert decided is not None
    told = {name: decided[name] for name in ("giver", "receiver", "by", "head", "cap", "recent", "coming", "ledger")}
    assert told == {
        "giver": COUNTY, "receiver": UNIT, "by": COUNTY_KEEPER, "head": 0, "cap": QUOTA, "recent": 0, "coming": 0,
        "ledger": "GX-2014/1",
    }  # fmt: skip
    assert [(lot.first, lot.count) for lot in stores.lots(chain.using, COUNTY, "B")] == [("9900001101", 900)]
    assert differences(chain.using) == []


def test_the_station_hears_of_the_draw_its_blocks_and_who_decided_it(one_chain: Province) -> None:
    device = one_chain.enrol()
    made = drawn(one_chain)
    device.sync(one_chain.exchange)
    assert made.draw in {draw.draw for draw in device.held(Draw)}
    kinds = {document.kind for document in device.documents_after(0)}
    assert {"draw/1", "draw_decided/1"} <= kinds
    assert not kinds & {"stock_location/1", "stock_distributed/1", "draw_asked/1"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": CITY_KEEPER}, C.NOT_THE_KEEPER),
        ({"kind": "badge"}, C.KIND_UNKNOWN),
        ({"ledger": "own"}, C.FORMAT_FOREIGN),
        ({"typed": "9900001101-9900001200", "count": 0}, C.OLDER_FIRST),
        ({"typed": "9900001001-9900001050，9900001051-9900001100", "count": 0}, C.ONE_RANGE_EACH),
        ({"typed": "9900001951-9900002050", "count": 0}, C.CROSSES_STOCK),
        ({"typed": "9900003001-9900003100", "count": 0}, C.NOT_ON_HAND),
        ({"kind": "A"}, C.NOT_ON_HAND),
        ({"count": 0}, C.QUANTITY_MISFIT),
        ({"count": -1}, C.QUANTITY_MISFIT),
        ({"count": 1001, "reason": "season"}, C.NOT_ON_HAND),
        ({"station": 77}, C.ORGANISATION_UNKNOWN),
        ({"emergency": "ab/7"}, C.RECORD_UNKNOWN),
    ],
)
def test_a_draw_against_a_rule_is_refused(one_chain: Province, changes: dict[str, object], code: C) -> None:
    before = DrawnRange.objects.using(one_chain.using).count()
    assert code in codes(drawing.draw(one_chain.using, request(**changes)))
    assert DrawnRange.objects.using(one_chain.using).count() == before


def test_a_unit_whose_filing_ended_draws_nothing(one_chain: Province) -> None:
    register_unit(one_chain, filed_until="2026-11-20")
    assert codes(drawing.draw(one_chain.using, request())) == [C.NOT_FILED]
    register_unit(one_chain, filing="")
    assert codes(drawing.draw(one_chain.using, request())) == [C.NOT_USING_UNIT]


def test_a_unit_that_owes_a_fee_draws_nothing(one_chain: Province) -> None:
    receive(one_chain, kind="mark", typed="", count=10)
    give(one_chain, to_city(kind="mark", count=10), CITY_KEEPER)
    give(one_chain, to_county(kind="mark", count=10), COUNTY_KEEPER)
    marks = give(one_chain, to_city(giver=COUNTY, receiver=UNIT, by=COUNTY_KEEPER, kind="mark", count=10), VET)
    fees.charge(one_chain.using, marks.distribution, amount_fen=50, invoice="FP-9", by=COUNTY_KEEPER)
    assert codes(drawing.draw(one_chain.using, request())) == [C.FEE_UNSETTLED]


def test_without_the_authority_key_nothing_is_drawn(one_chain: Province) -> None:
    held = provinces.of(one_chain.using)
    provinces.register(msgspec.structs.replace(held, keys=msgspec.structs.replace(held.keys, authority=None)))
    with pytest.raises(StationError, match=r"province\.authority_key_absent"):
        drawing.draw(one_chain.using, request())
    assert stores.lots(one_chain.using, COUNTY, "B")[0].count == 1000


# --- G14: the cap -----------------------------------------------------------------------------------------------------


def test_g14_more_than_three_months_use_waits_for_the_head(chain: Province) -> None:
    assert codes(drawing.draw(chain.using, request(count=QUOTA + 1))) == [C.OVER_CAP]
    waiting = asked(chain)
    assert [row["ask"] for row in drawing.waiting(chain.using)] == [waiting.ask]
    assert stores.lots(chain.using, COUNTY, "B")[0].first == FIRST
    made = drawing.confirm(chain.using, waiting.ask, by=COUNTY_HEAD)
    assert isinstance(made, DrawnRange)
    decided = DjangoRows(chain.using).one("draw_decisions", draw=made.draw)
    assert decided is not None
    assert (decided["head"], decided["reason"], decided["ask"]) == (COUNTY_HEAD, "season", waiting.ask)
    assert drawing.waiting(chain.using) == []


def test_the_cap_counts_what_the_station_issued(one_chain: Province) -> None:
    device = one_chain.enrol()
    work.certify(device)
    device.sync(one_chain.exchange)
    day = "2026-11-21"
    own = use_of(one_chain.using, "B", day, 3, station=STATION)
    assert (own.recent, own.coming, own.is_new) == (1, 0, True)
    assert use_of(one_chain.using, "B", day, 3, station=STATION, vet=HEAD).recent == 0
    later = use_of(one_chain.using, "B", "2027-03-01", 3, station=STATION)
    assert (later.recent, later.is_new) == (0, False)
    season = use_of(one_chain.using, "B", "2027-10-01", 3, station=STATION)
    assert (season.recent, season.coming) == (0, 1)
    assert use_of(one_chain.using, "A", day, 3, station=STATION).recent == 0


def test_once_there_is_history_the_quota_no_longer_lifts_the_cap(one_chain: Province) -> None:
    device = one_chain.enrol()
    work.certify(device)
    device.sync(one_chain.exchange)
    one_chain.clock.at = day_start("2027-02-20")
    work.certify(device)
    device.sync(one_chain.exchange)
    one_chain.clock.at = day_start("2027-03-01")
    assert codes(drawing.draw(one_chain.using, request(count=2))) == [C.OVER_CAP]
    assert isinstance(drawing.draw(one_chain.using, request(count=1)), DrawnRange)


def test_only_the_head_confirms_and_never_the_keeper_in_another_post(one_chain: Province) -> None:
    waiting = asked(one_chain)
    assert codes(drawing.confirm(one_chain.using, waiting.ask, by=PROVINCE_HEAD)) == [C.NOT_THE_HEAD]
    combine_posts(one_chain, COUNTY, COUNTY_HEAD)  # keeper and head in one person
    own = asked(one_chain, by=COUNTY_HEAD)
    assert codes(drawing.confirm(one_chain.using, own.ask, by=COUNTY_HEAD)) == [C.SAME_PERSON]
    assert DjangoRows(one_chain.using).count("draw_decisions") == 0


def test_what_who_heads_the_institution_asked_for_is_declined_above(one_chain: Province) -> None:
    combine_posts(one_chain, COUNTY, COUNTY_HEAD)
    own = asked(one_chain, by=COUNTY_HEAD)
    assert codes(drawing.decline(one_chain.using, own.ask, by=COUNTY_HEAD)) == [C.SAME_PERSON, C.DECIDED_ABOVE]
    assert codes(drawing.decline(one_chain.using, own.ask, by=PROVINCE_HEAD)) == [C.DECIDED_ABOVE]
    assert isinstance(drawing.decline(one_chain.using, own.ask, by=CITY_HEAD), DrawDeclined)


def test_a_draw_is_confirmed_once_and_not_after_it_was_declined(one_chain: Province) -> None:
    waiting = asked(one_chain)
    assert isinstance(drawing.confirm(one_chain.using, waiting.ask, by=COUNTY_HEAD), DrawnRange)
    assert C.RECORD_SETTLED in codes(drawing.confirm(one_chain.using, waiting.ask, by=COUNTY_HEAD))
    other = asked(one_chain)
    assert codes(drawing.decline(one_chain.using, other.ask, by=COUNTY_KEEPER)) == [C.NOT_THE_HEAD, C.SAME_PERSON]
    assert isinstance(drawing.decline(one_chain.using, other.ask, by=COUNTY_HEAD), DrawDeclined)
    assert codes(drawing.decline(one_chain.using, other.ask, by=COUNTY_HEAD)) == [C.RECORD_SETTLED]
    assert codes(drawing.confirm(one_chain.using, other.ask, by=COUNTY_HEAD)) == [C.RECORD_SETTLED]
    assert codes(drawing.confirm(one_chain.using, "none", by=COUNTY_HEAD)) == [C.RECORD_UNKNOWN]
    assert codes(drawing.decline(one_chain.using, "none", by=COUNTY_HEAD)) == [C.RECORD_UNKNOWN]


def test_what_was_drawn_meanwhile_stands_against_a_late_confirmation(one_chain: Province) -> None:
    waiting = asked(one_chain)
    drawn(one_chain)
    assert C.CROSSES_STOCK in codes(drawing.confirm(one_chain.using, waiting.ask, by=COUNTY_HEAD))


def test_a_reason_of_no_list_asks_nobody(one_chain: Province) -> None:
    made = drawing.draw(one_chain.using, request(count=300, reason="because"))
    assert codes(made) == [C.REASON_UNKNOWN, C.OVER_CAP]
    assert drawing.waiting(one_chain.using) == []


# --- restore ----------------------------------------------------------------------------------------------------------


def test_a_draw_that_came_back_after_a_restore_lies_in_no_store(chain: Province) -> None:
    known = DrawnRange.objects.using(chain.using).get(kind="B")
    document = Draw("99-B0099-ff", known.scheme, "B", FIRST, "9900001100", STATION, 0, chain.clock.at)
    raw = sign_document(document, publishing.authority_of(chain.using)).encoded()
    assert draws_back.import_draw(chain.using, document, raw)
    assert stores.lots(chain.using, COUNTY, "B")[0].first == "9900001101"
    assert drawn(chain).first == "9900001101"
    page = stores.ledger(chain.using, COUNTY, "B", "2026-11-01", "2026-11-30")
    assert isinstance(page, stores.LedgerPage)
    assert page.closing == page.on_hand == 800
