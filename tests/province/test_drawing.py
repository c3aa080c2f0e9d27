"""The last step to a station under all rules: cap, stubs, fee, oldest first; emergencies, terms, yearly estimate."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.clock import day_start
from inspector_app.domain.documents import sign_document
from inspector_app.domain.numbering import Block, Draw
from inspector_app.domain.seals import SealSheet
from inspector_app.domain.stock import DrawAsked, DrawDeclined
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.errors import StationError
from inspector_app.journal.entries.custody import BlockRequested, SheetSpoiled, StubFiled
from inspector_app.journal.entries.printing import PrintEnded, PrintSubmitted
from province import provinces
from province.custody import distributing, drawing, emergencies, fees, seals, stores, terms
from province.custody.drawing import DrawRequest
from province.custody.using import estimate, use_of
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.numbers import draws_back
from province.numbers.models import CutBlock, DrawnRange
from province.registry import publishing
from tests.province import work
from tests.province.fixtures import HEAD, STATION, VET, Province
from tests.province.institutions import (
    CITY,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    FIRST,
    PROVINCE,
    PROVINCE_HEAD,
    UNIT,
    found_chain,
    give,
    name_keeper,
    receive,
    register_unit,
    stock_county,
    to_city,
    to_county,
)
from tests.sync.fakes import FakeDevice

QUOTA = 200


@pytest.fixture
def chain(either_province: Province) -> Province:
    """The institutions, 1000 certificates B in the county's store, on either database."""
    found_chain(either_province)
    stock_county(either_province, 1000)
    return either_province


@pytest.fixture
def one_chain(province: Province) -> Province:
    """The same on SQLite alone."""
    found_chain(province)
    stock_county(province, 1000)
    return province


def codes(outcome: object) -> list[C]:
    assert isinstance(outcome, StockRefused), outcome
    return list(outcome.codes)


def request(**changes: object) -> DrawRequest:
    stated = DrawRequest(station=STATION, kind="B", by=COUNTY_KEEPER, count=100)
    return msgspec.structs.replace(stated, **changes)


def drawn(province: Province, **changes: object) -> DrawnRange:
    province.clock.wait(1)
    made = drawing.draw(province.using, request(**changes))
    assert isinstance(made, DrawnRange), made
    return made


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


def test_the_station_hears_of_the_draw_and_its_blocks_and_of_nothing_else(one_chain: Province) -> None:
    device = one_chain.enrol()
    made = drawn(one_chain)
    device.sync(one_chain.exchange)
    assert made.draw in {draw.draw for draw in device.held(Draw)}
    kinds = {document.kind for document in device.documents_after(0)}
    assert "draw/1" in kinds
    assert not kinds & {"organisation/1", "stock_distributed/1", "draw_decided/1", "draw_asked/1"}


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
    name_keeper(one_chain, COUNTY, COUNTY_HEAD)  # keeper and head in one person
    own = asked(one_chain, by=COUNTY_HEAD)
    assert codes(drawing.confirm(one_chain.using, own.ask, by=COUNTY_HEAD)) == [C.SAME_PERSON]
    assert DjangoRows(one_chain.using).count("draw_decisions") == 0


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


# --- G09, G10: the old before the new ---------------------------------------------------------------------------------


def print_one(device: FakeDevice, issued: work.Issued) -> None:
    submitted = PrintSubmitted(
        number=issued.number,
        print=1,
        attempt=1,
        printer="laser",
        medium="laser",
        form="certificate_b",
        file="00" * 32,
        sheets=2,
    )
    attempt = device.record(VET, submitted)
    device.record(VET, PrintEnded(attempt=attempt, outcome="printed", source="person"))


def printed(province: Province) -> tuple[FakeDevice, work.Issued]:
    """A certificate of the station's first draw, printed; the draw is no longer the latest."""
    device = province.enrol()
    issued = work.certify(device)
    print_one(device, issued)
    device.sync(province.exchange)
    drawn(province, count=50)
    return device, issued


def test_g09_stubs_of_the_draw_before_last_are_settled_first(chain: Province) -> None:
    device, issued = printed(chain)
    work.hand_over(device, issued)
    device.sync(chain.exchange)
    assert codes(drawing.draw(chain.using, request())) == [C.STUBS_OUTSTANDING]
    device.record(VET, StubFiled(number=issued.number, print=1, sheets=1))
    device.sync(chain.exchange)
    assert isinstance(drawing.draw(chain.using, request()), DrawnRange)


def test_where_policy_wants_stubs_handed_in_being_on_file_is_not_enough(one_chain: Province) -> None:
    from inspector_app.config import read_resource

    body = read_resource("catalogue/policy.toml").decode()
    head, _, rest = body.partition('name = "stub_settled_by"\nvalue = "filed"')
    publishing.publish_policy(one_chain.using, "2", f'{head}name = "stub_settled_by"\nvalue = "handed_in"{rest}')
    device, issued = printed(one_chain)
    device.record(VET, StubFiled(number=issued.number, print=1, sheets=1))
    device.sync(one_chain.exchange)
    assert codes(drawing.draw(one_chain.using, request())) == [C.STUBS_OUTSTANDING]


def torn(province: Province) -> FakeDevice:
    """The station of the fixture has a torn sheet of its first draw, which is no longer the latest."""
    device, issued = printed(province)
    device.record(VET, StubFiled(number=issued.number, print=1, sheets=1))
    device.record(VET, SheetSpoiled(number=issued.number, print=1, sheet=2, category="torn"))
    device.sync(province.exchange)
    return device


def test_g10_spoiled_sheets_stand_in_the_way_here_too(one_chain: Province) -> None:
    torn(one_chain)
    before = len(stores.lots(one_chain.using, COUNTY, "B"))
    assert codes(drawing.draw(one_chain.using, request())) == [C.SHEETS_OUTSTANDING]
    assert codes(drawing.draw(one_chain.using, request(count=0))) == [C.QUANTITY_MISFIT, C.SHEETS_OUTSTANDING]
    assert len(stores.lots(one_chain.using, COUNTY, "B")) == before
    assert DjangoRows(one_chain.using).count("draw_decisions") == 1


def test_neither_fee_nor_old_sheets_stand_against_what_a_station_that_has_run_out_is_short_of(
    one_chain: Province,
) -> None:
    device = torn(one_chain)
    ref = owing_and_dry(one_chain, device)
    assert codes(drawing.draw(one_chain.using, request(count=41, emergency=ref))) == [
        C.SHEETS_OUTSTANDING,
        C.FEE_UNSETTLED,
    ]
    assert isinstance(drawing.draw(one_chain.using, request(count=40, emergency=ref)), DrawnRange)
    # Contact alone brings those: whatever more is drawn is an ordinary draw again.
    assert set(codes(drawing.draw(one_chain.using, request(count=1, emergency=ref)))) == {
        C.SHEETS_OUTSTANDING,
        C.FEE_UNSETTLED,
    }
    device.sync(one_chain.exchange)
    assert C.FEE_UNSETTLED in codes(drawing.draw(one_chain.using, request(count=1, emergency=ref)))


def owing_and_dry(province: Province, device: FakeDevice) -> str:
    """The unit owes a fee, nothing is left to cut; the computer, which used one number, asks for 40 more."""
    receive(province, kind="mark", typed="", count=5)
    give(province, to_city(kind="mark", count=5), CITY_KEEPER)
    give(province, to_county(kind="mark", count=5), COUNTY_KEEPER)
    given = give(province, to_city(giver=COUNTY, receiver=UNIT, by=COUNTY_KEEPER, kind="mark", count=5), VET)
    charged = fees.charge(province.using, given.distribution, amount_fen=100, invoice="1", by=COUNTY_KEEPER)
    assert not isinstance(charged, StockRefused), charged
    for drawn_range in DrawnRange.objects.using(province.using).filter(kind="B"):
        drawn_range.cut_through = drawn_range.high
        drawn_range.save(using=province.using)
    ref = device.record(VET, BlockRequested(kind="B", wanted=cut_for(province, device) - 1 + 40, emergency=True))
    device.sync(province.exchange)
    return ref


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


# --- emergencies ------------------------------------------------------------------------------------------------------


def run_dry(province: Province) -> FakeDevice:
    """A computer whose station's first draw was cut to the last number."""
    device = province.enrol()
    device.record(VET, BlockRequested(kind="B", wanted=900, emergency=False))
    device.sync(province.exchange)
    for draw in DrawnRange.objects.using(province.using).filter(kind="B"):
        draw.cut_through = draw.high
        draw.save(using=province.using)
    return device


def cut_for(province: Province, device: FakeDevice) -> int:
    blocks = CutBlock.objects.using(province.using).filter(device=device.device, kind="B")
    return sum(block.size for block in blocks)


def test_an_emergency_is_answered_beyond_the_usual_size_out_of_every_draw_with_room(one_chain: Province) -> None:
    device = one_chain.enrol()
    usual = cut_for(one_chain, device)
    drawn(one_chain, count=150)
    device.record(VET, BlockRequested(kind="B", wanted=1_030, emergency=True))
    device.sync(one_chain.exchange)
    assert cut_for(one_chain, device) == 1_030
    assert len({block.draw for block in device.held(Block) if block.kind == "B"}) == 2
    assert emergencies.open_emergencies(one_chain.using) == []
    device.sync(one_chain.exchange)
    assert cut_for(one_chain, device) == 1_030 > usual + 500


def test_what_no_draw_can_answer_is_the_keeper_s_to_do_until_it_is_done(one_chain: Province) -> None:
    device = run_dry(one_chain)
    cut = cut_for(one_chain, device)
    ref = device.record(VET, BlockRequested(kind="B", wanted=cut + 250, emergency=True))
    device.sync(one_chain.exchange)
    (one,) = emergencies.open_emergencies(one_chain.using)
    assert (one.request, one.station, one.short, one.room, one.keeper_of) == (ref, STATION, 250, 0, COUNTY)
    assert one.is_for_keeper
    made = drawing.draw(one_chain.using, request(count=250, reason="emergency", emergency=ref))
    assert isinstance(made, DrawAsked)
    assert isinstance(drawing.confirm(one_chain.using, made.ask, by=COUNTY_HEAD), DrawnRange)
    (one,) = emergencies.open_emergencies(one_chain.using)
    assert not one.is_for_keeper  # the next contact brings it
    device.sync(one_chain.exchange)
    assert cut_for(one_chain, device) == cut + 250
    assert emergencies.open_emergencies(one_chain.using) == []


def test_part_of_an_emergency_is_answered_now_and_the_rest_when_it_was_drawn(one_chain: Province) -> None:
    device = run_dry(one_chain)
    cut = cut_for(one_chain, device)
    drawn(one_chain, count=60)
    device.record(VET, BlockRequested(kind="B", wanted=cut + 100, emergency=True))
    device.sync(one_chain.exchange)
    assert cut_for(one_chain, device) == cut + 60
    (one,) = emergencies.open_emergencies(one_chain.using)
    assert (one.short, one.room) == (40, 0)
    drawn(one_chain, count=100)
    device.sync(one_chain.exchange)
    assert cut_for(one_chain, device) >= cut + 100
    assert emergencies.open_emergencies(one_chain.using) == []


def test_a_fenced_computer_s_emergency_is_nobody_s_to_do(one_chain: Province) -> None:
    from province.registry.fencing import fence_device

    device = run_dry(one_chain)
    device.record(VET, BlockRequested(kind="B", wanted=2_000, emergency=True))
    device.sync(one_chain.exchange)
    assert len(emergencies.open_emergencies(one_chain.using)) == 1
    fence_device(one_chain.using, device.device)
    assert emergencies.open_emergencies(one_chain.using) == []


def test_an_ordinary_request_is_no_emergency(one_chain: Province) -> None:
    device = run_dry(one_chain)
    ref = device.record(VET, BlockRequested(kind="B", wanted=2_000, emergency=False))
    device.sync(one_chain.exchange)
    assert emergencies.open_emergencies(one_chain.using) == []
    assert codes(drawing.draw(one_chain.using, request(emergency=ref))) == [C.RECORD_UNKNOWN]


def test_the_answer_to_an_emergency_fits_into_pictures(one_chain: Province) -> None:
    from sync.courier import MAX_TEXT, from_text, to_text

    device = run_dry(one_chain)
    device.record(VET, BlockRequested(kind="B", wanted=2_000, emergency=True))
    made = drawn(one_chain, count=150)
    device.sync(one_chain.exchange)
    block = CutBlock.objects.using(one_chain.using).filter(draw_id=made.draw).first()
    assert block is not None
    for raw in (bytes(block.document), bytes(made.document)):
        text = to_text(raw)
        assert len(text) <= MAX_TEXT // 2
        assert from_text(text) == raw


# --- G13: terms -------------------------------------------------------------------------------------------------------


def test_g13_a_receipt_that_does_not_come_in_five_working_days_goes_to_the_level_above(chain: Province) -> None:
    made = distributing.distribute(chain.using, to_city(count=10))  # on Saturday the 21st
    assert not isinstance(made, StockRefused)
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
    assert not isinstance(made, StockRefused)
    gone_to = []
    for day in ("2026-11-30", "2026-12-04", "2026-12-07", "2026-12-31"):
        one_chain.clock.at = day_start(day)
        gone_to += [term.escalated_to for term in terms.overdue(one_chain.using) if term.what == "receipt"]
    assert gone_to == [CITY, CITY, PROVINCE, PROVINCE]


def test_a_draw_is_waited_for_until_a_computer_of_the_station_has_reported_it(one_chain: Province) -> None:
    device = one_chain.enrol()
    device.sync(one_chain.exchange)
    assert terms.open_terms(one_chain.using) == []
    made = drawn(one_chain)
    one_chain.clock.at = day_start("2026-11-30")
    (late,) = terms.overdue(one_chain.using)
    assert (late.what, late.record, late.station, late.escalated_to) == ("draw_receipt", made.draw, STATION, COUNTY)
    device.sync(one_chain.exchange)
    device.sync(one_chain.exchange)  # what was pulled is reported at the next contact
    assert terms.overdue(one_chain.using) == []


def test_g13_a_paper_record_entered_after_its_term_stays_marked_as_late(chain: Province) -> None:
    chain.clock.wait(9 * 86_400)
    in_time = distributing.distribute(chain.using, to_city(count=10, day="2026-11-23", paper=True))
    late = distributing.distribute(chain.using, to_city(count=10, day="2026-11-21", paper=True))
    assert not isinstance(in_time, StockRefused)
    assert not isinstance(late, StockRefused)
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
