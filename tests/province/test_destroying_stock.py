"""Stock of a store is destroyed by four persons in the deputy leader's presence, and its ledger says so (Art. 24)."""

from __future__ import annotations

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspector_app.domain.continuity import Standing
from inspector_app.domain.stock import StockGivenBack
from inspector_app.domain.stock_destruction import (
    StockDestroyed,
    StockEndApproved,
    StockEndAsked,
    StockEndFormConfirmed,
    StockEndReviewed,
    StockEndSigned,
)
from inspector_app.domain.stock_endings import StockLossConcluded
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.journal.projections.stock_destruction import stock_approvals
from province.custody import destroying, drawing, ending, returning, stores
from province.custody.destroying import DestructionRequest, Done
from province.custody.returning import ReturnRequest
from province.journal.models import State
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.ledgers.cases import SUSPECTED, cases
from province.ledgers.continuity import ended_in_stock
from province.ledgers.lives import trace
from province.numbers.drawing_again import drawable_again
from province.violations import violations
from tests.province.desks import Desk, error_at
from tests.province.drawing import codes, request
from tests.province.fixtures import VET, Province
from tests.province.institutional import CLIPPING as PICTURE
from tests.province.institutions import (
    CITY_HEAD,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    DEPUTY,
    LEGAL,
    PROVINCE,
    PROVINCE_KEEPER,
    UNIT,
    combine_posts,
    found_chain,
    register,
    stock_county,
)
from tests.province.numbered import counted_in, given_back, on_paper
from tests.province.stocked import on_hand, one_chain
from tests.province.test_returning import given_back_by_a_vet

__all__ = ["one_chain"]  # found by its name

DAMP = "9900001001-9900001100"
TODAY, PLANNED = "2026-11-21", "2027-01-05"


def wanted(**changes: object) -> DestructionRequest:
    """A hundred damp certificates of the county are to be shredded."""
    stated = DestructionRequest(
        organisation=COUNTY,
        kind="B",
        by=COUNTY_KEEPER,
        cause="damaged",
        method="shredding",
        planned_on=PLANNED,
        typed=DAMP,
    )
    return msgspec.structs.replace(stated, **changes)


def asked(province: Province, **changes: object) -> str:
    province.clock.wait(1)
    made = destroying.ask_destruction(province.using, wanted(**changes))
    assert isinstance(made, StockEndAsked), made
    return made.ask


def reviewed(province: Province, ask: str, counted: int = 100) -> None:
    made = destroying.review(province.using, ask, counted=counted, by=COUNTY_HEAD)
    assert isinstance(made, StockEndReviewed), made


def agreed(province: Province, **changes: object) -> str:
    """Everybody agreed at the desk."""
    ask = asked(province, **changes)
    reviewed(province, ask)
    for person in (DEPUTY, LEGAL):
        assert isinstance(destroying.approve(province.using, ask, by=person), StockEndApproved)
    return ask


def done(**changes: object) -> Done:
    stated = Done(method="shredding", counted=100, supervisor=DEPUTY, picture=PICTURE)
    return msgspec.structs.replace(stated, **changes)


def signed(province: Province, ask: str, by: int = COUNTY_KEEPER) -> StockEndSigned | StockRefused:
    """Both signed the printed request the day it was asked for."""
    return destroying.enter_signed(province.using, ask, signed_on=TODAY, picture=PICTURE, by=by)


def people(province: Province, ask: str) -> tuple[int, int, int, int]:
    rows = DjangoRows(province.using)
    row = rows.one("stock_end_asks", ask=ask)
    assert row is not None
    known = stock_approvals(rows, row)
    return known.keeper, known.head, known.deputy, known.legal


# --- the request -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": CITY_KEEPER}, C.NOT_THE_KEEPER),
        ({"by": VET}, C.NOT_THE_KEEPER),
        ({"cause": "because"}, C.REASON_UNKNOWN),
        ({"method": "magic"}, C.REASON_UNKNOWN),
        ({"planned_on": ""}, C.DAY_IMPOSSIBLE),
        ({"planned_on": "2020-01-01"}, C.DAY_IMPOSSIBLE),
        ({"planned_on": "soon"}, C.DAY_IMPOSSIBLE),
        ({"typed": "9900003001-9900003100"}, C.NOT_ON_HAND),
        ({"typed": "", "count": 5}, C.QUANTITY_MISFIT),
    ],
)
def test_g37_a_request_of_a_store_names_what_lies_there_and_why_how_and_when(
    one_chain: Province, changes: dict[str, object], code: C
) -> None:
    assert code in codes(destroying.ask_destruction(one_chain.using, wanted(**changes)))
    assert destroying.asked_ends(one_chain.using) == []


def test_g37_what_stands_in_an_open_request_of_a_store_is_not_asked_for_again(one_chain: Province) -> None:
    ask = asked(one_chain)
    again = destroying.ask_destruction(one_chain.using, wanted(typed="9900001100-9900001110"))
    assert codes(again) == [C.ASKED_ALREADY]
    asked(one_chain, typed="9900001101-9900001110")
    marks = {"organisation": PROVINCE, "kind": "mark", "by": PROVINCE_KEEPER, "typed": ""}
    asked(one_chain, **marks, count=30)
    assert codes(destroying.ask_destruction(one_chain.using, wanted(**marks, count=11))) == [C.ASKED_ALREADY]
    destroying.review(one_chain.using, ask, counted=100, sent_back="wrong_method", by=COUNTY_HEAD)
    asked(one_chain, method="incineration")


@pytest.mark.parametrize("changes", [{"organisation": 77}, {"kind": "gossip"}])
def test_nothing_is_asked_for_of_a_store_or_kind_there_is_not(one_chain: Province, changes: dict[str, object]) -> None:
    made = destroying.ask_destruction(one_chain.using, wanted(**changes))
    assert codes(made)[0] in (C.ORGANISATION_UNKNOWN, C.KIND_UNKNOWN)


# --- who agrees ------------------------------------------------------------------------------------------------------


def test_g38_a_store_s_stock_is_destroyed_once_four_persons_agreed(either_province: Province) -> None:
    one_chain = either_province
    found_chain(one_chain)
    stock_county(one_chain, 1000)
    ask = asked(one_chain)
    steps = ((), (COUNTY_HEAD,), (COUNTY_HEAD, DEPUTY))
    for before in steps:
        assert C.NOT_AGREED_YET in codes(destroying.destroy(one_chain.using, ask, done(), by=COUNTY_KEEPER)), before
        if not before:
            reviewed(one_chain, ask)
        else:
            destroying.approve(one_chain.using, ask, by=DEPUTY if len(before) == 1 else LEGAL)
    assert people(one_chain, ask) == (COUNTY_KEEPER, COUNTY_HEAD, DEPUTY, LEGAL)
    made = destroying.destroy(one_chain.using, ask, done(), by=COUNTY_KEEPER)
    assert isinstance(made, StockDestroyed), made
    assert on_hand(one_chain) == 900
    assert codes(destroying.destroy(one_chain.using, ask, done(), by=COUNTY_KEEPER)) == [C.RECORD_SETTLED]
    assert differences(one_chain.using) == []


def test_g38_nobody_agrees_before_the_head_reviewed_what_a_store_asks(one_chain: Province) -> None:
    ask = asked(one_chain)
    assert codes(destroying.approve(one_chain.using, ask, by=DEPUTY)) == [C.NOT_AGREED_YET]
    assert C.NOT_AGREED_YET in codes(signed(one_chain, ask))


@pytest.mark.parametrize("person", [COUNTY_KEEPER, COUNTY_HEAD, CITY_HEAD, VET, 0])
def test_g38_only_who_is_registered_for_it_agrees_for_an_institution(one_chain: Province, person: int) -> None:
    ask = asked(one_chain)
    reviewed(one_chain, ask)
    assert C.NOT_DEPUTY_NOR_LEGAL in codes(destroying.approve(one_chain.using, ask, by=person))
    assert people(one_chain, ask)[2:] == (0, 0)


def test_g38_two_posts_of_one_person_are_one_agreement_at_an_institution(one_chain: Province) -> None:
    place = {"level": "county", "superior": 10, "area": 321084, "head": COUNTY_HEAD}
    register(one_chain, COUNTY, **place, deputy=COUNTY_HEAD, legal=COUNTY_HEAD)
    ask = asked(one_chain)
    reviewed(one_chain, ask)
    assert C.AGREES_TWICE in codes(destroying.approve(one_chain.using, ask, by=COUNTY_HEAD))
    assert C.AGREES_TWICE in codes(signed(one_chain, ask))
    register(one_chain, COUNTY, **place, deputy=DEPUTY, legal=DEPUTY)
    destroying.approve(one_chain.using, ask, by=DEPUTY)
    assert codes(destroying.approve(one_chain.using, ask, by=DEPUTY)) == [C.AGREES_TWICE]
    assert C.NOT_AGREED_YET in codes(destroying.destroy(one_chain.using, ask, done(), by=COUNTY_KEEPER))


def test_g38_who_keeps_the_store_does_not_review(one_chain: Province) -> None:
    combine_posts(one_chain, COUNTY, COUNTY_HEAD)
    ask = asked(one_chain, by=COUNTY_HEAD)
    made = destroying.review(one_chain.using, ask, counted=100, by=COUNTY_HEAD)
    assert C.SAME_PERSON in codes(made)
    assert C.NOT_THE_HEAD in codes(destroying.review(one_chain.using, ask, counted=100, by=CITY_HEAD))


def test_g38_a_form_signed_on_paper_counts_once_the_head_has_confirmed_it(one_chain: Province) -> None:
    ask = asked(one_chain)
    reviewed(one_chain, ask)
    assert C.NOT_THE_KEEPER in codes(signed(one_chain, ask, by=COUNTY_HEAD))
    made = signed(one_chain, ask)
    assert isinstance(made, StockEndSigned), made
    assert people(one_chain, ask)[2:] == (0, 0)
    assert C.NOT_AGREED_YET in codes(destroying.destroy(one_chain.using, ask, done(), by=COUNTY_KEEPER))
    for stranger in (COUNTY_KEEPER, DEPUTY):
        assert C.NOT_THE_HEAD in codes(destroying.confirm_signed(one_chain.using, made.form, by=stranger))
    confirmed = destroying.confirm_signed(one_chain.using, made.form, by=COUNTY_HEAD)
    assert isinstance(confirmed, StockEndFormConfirmed), confirmed
    assert people(one_chain, ask)[2:] == (DEPUTY, LEGAL)
    assert codes(destroying.confirm_signed(one_chain.using, made.form, by=COUNTY_HEAD)) == [C.RECORD_SETTLED]
    assert isinstance(destroying.destroy(one_chain.using, ask, done(), by=COUNTY_KEEPER), StockDestroyed)
    assert differences(one_chain.using) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"picture": ""}, C.PICTURE_NEEDED),
        ({"picture": "photo.jpg"}, C.PICTURE_NEEDED),
        ({"signed_on": "2026-01-01"}, C.DAY_IMPOSSIBLE),
        ({"signed_on": "2027-12-31"}, C.DAY_IMPOSSIBLE),
    ],
)
def test_a_form_without_picture_or_of_an_impossible_day_is_not_entered(
    one_chain: Province, changes: dict[str, str], code: C
) -> None:
    ask = asked(one_chain)
    reviewed(one_chain, ask)
    said = {"signed_on": TODAY, "picture": PICTURE} | changes
    assert codes(destroying.enter_signed(one_chain.using, ask, **said, by=COUNTY_KEEPER)) == [code]


def test_where_nobody_is_registered_nobody_signs(one_chain: Province) -> None:
    place = {"level": "county", "superior": 10, "area": 321084, "head": COUNTY_HEAD}
    register(one_chain, COUNTY, **place, legal=LEGAL)
    ask = asked(one_chain)
    reviewed(one_chain, ask)
    assert codes(signed(one_chain, ask)) == [C.NOT_DEPUTY_NOR_LEGAL]


# --- the destruction -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"supervisor": LEGAL}, C.SUPERVISOR_ABSENT),
        ({"supervisor": 0}, C.SUPERVISOR_ABSENT),
        ({"picture": ""}, C.PICTURE_NEEDED),
    ],
)
def test_g39_the_deputy_leader_watches_a_store_s_stock_destroyed_and_it_is_photographed(
    one_chain: Province, changes: dict[str, object], code: C
) -> None:
    ask = agreed(one_chain)
    assert codes(destroying.destroy(one_chain.using, ask, done(**changes), by=COUNTY_KEEPER)) == [code]
    assert on_hand(one_chain) == 1000


def test_g40_the_ledger_of_a_store_names_the_request_beside_what_was_destroyed(one_chain: Province) -> None:
    ask = agreed(one_chain)
    made = destroying.destroy(one_chain.using, ask, done(), by=COUNTY_KEEPER)
    assert isinstance(made, StockDestroyed)
    page = stores.ledger(one_chain.using, COUNTY, "B", "2026-01-01", "2026-12-31")
    assert isinstance(page, stores.LedgerPage)
    assert page.holds
    (line,) = [one for one in page.lines if one.record == made.ending]
    assert (line.flow, line.count, line.balance, line.request) == ("out", 100, 900, ask)
    assert {one.request for one in page.lines} == {"", ask}
    life = trace(one_chain.using, "B 9900001001")
    assert (life.standing, life.steps[-1].what) == (Standing.WITHDRAWN, "stock_destroyed")


def test_numbers_a_vet_gave_back_leave_the_store_of_dead_numbers_by_destruction(one_chain: Province) -> None:
    _device, first, last = given_back_by_a_vet(one_chain)
    up = returning.give_back(
        one_chain.using, ReturnRequest(giver=UNIT, kind="B", by=VET, reason="too_many", typed=f"{first}-{last}")
    )
    assert isinstance(up, StockGivenBack), up
    returning.receive_back(one_chain.using, up.record, by=COUNTY_KEEPER, location=1)
    assert [lot.count for lot in stores.ended_lots(one_chain.using, COUNTY, "B")] == [20]
    ask = asked(one_chain, typed=f"{first}-{last}")
    reviewed(one_chain, ask, counted=20)
    for person in (DEPUTY, LEGAL):
        destroying.approve(one_chain.using, ask, by=person)
    made = destroying.destroy(one_chain.using, ask, done(counted=20), by=COUNTY_KEEPER)
    assert isinstance(made, StockDestroyed), made
    assert stores.ended_lots(one_chain.using, COUNTY, "B") == []
    assert on_hand(one_chain) == 1000, "the shelf that is given out is another one"
    page = stores.ledger(one_chain.using, COUNTY, "B", "2026-01-01", "2026-12-31", ended=True)
    assert isinstance(page, stores.LedgerPage)
    assert (page.holds, page.closing, page.lines[-1].request) == (True, 0, ask)
    assert trace(one_chain.using, f"B {first}").standing == Standing.RETURNED
    assert ended_in_stock(one_chain.using) == [], "their station's report says what became of them"
    assert C.NOT_ON_HAND in codes(destroying.ask_destruction(one_chain.using, wanted(typed=f"{first}-{last}")))
    assert differences(one_chain.using) == []


def test_g47_sheets_that_were_destroyed_are_not_drawn_again(one_chain: Province) -> None:
    on_paper(one_chain)
    first, last = given_back(one_chain, one_chain.enrol(), 20)
    counted_in(one_chain, first, last)
    assert drawable_again(one_chain.using, "B", first, last) == [(first, last)]
    gone = str(int(first) + 9)
    ask = asked(one_chain, typed=f"{first}-{gone}")
    reviewed(one_chain, ask, counted=10)
    for person in (DEPUTY, LEGAL):
        destroying.approve(one_chain.using, ask, by=person)
    assert isinstance(destroying.destroy(one_chain.using, ask, done(counted=10), by=COUNTY_KEEPER), StockDestroyed)
    assert drawable_again(one_chain.using, "B", first, last) == [(str(int(gone) + 1), last)]
    refused = drawing.draw(one_chain.using, request(count=0, typed=f"{first}-{gone}"))
    assert C.NOT_ON_HAND in codes(refused)
    assert differences(one_chain.using) == []


@pytest.mark.parametrize(
    ("changes", "code"), [({"counted": 99}, C.COUNT_DIFFERS), ({"method": "pulping"}, C.METHOD_DIFFERS)]
)
def test_g41_what_is_not_as_it_was_agreed_is_not_destroyed(
    one_chain: Province, changes: dict[str, object], code: C
) -> None:
    ask = agreed(one_chain)
    assert codes(destroying.destroy(one_chain.using, ask, done(**changes), by=COUNTY_KEEPER)) == [code]
    assert codes(destroying.review(one_chain.using, asked_again(one_chain), counted=9, by=COUNTY_HEAD)) == [
        C.COUNT_DIFFERS
    ]


def asked_again(province: Province) -> str:
    return asked(province, typed="9900001201-9900001210")


def test_g41_what_left_the_store_meanwhile_is_neither_reviewed_nor_destroyed(one_chain: Province) -> None:
    ask, late = agreed(one_chain), asked(one_chain, typed="9900001101-9900001110")
    drawing.draw(one_chain.using, request(count=150))
    assert C.NOT_ON_HAND in codes(destroying.destroy(one_chain.using, ask, done(), by=COUNTY_KEEPER))
    assert C.NOT_ON_HAND in codes(destroying.review(one_chain.using, late, counted=10, by=COUNTY_HEAD))


@pytest.mark.parametrize("on", ["2026-01-01", "2027-12-31"])
def test_nothing_was_destroyed_before_it_was_asked_for_nor_tomorrow(one_chain: Province, on: str) -> None:
    ask = agreed(one_chain)
    assert codes(destroying.destroy(one_chain.using, ask, done(on=on), by=COUNTY_KEEPER)) == [C.DAY_IMPOSSIBLE]


def test_g41_what_is_suspected_goes_back_and_is_a_case_until_the_head_concludes_it(one_chain: Province) -> None:
    ask = asked(one_chain)
    made = destroying.review(one_chain.using, ask, counted=100, suspected=True, by=COUNTY_HEAD)
    assert codes(made) == [C.SUSPECTED_GOES_BACK]
    back = destroying.review(
        one_chain.using, ask, counted=60, sent_back="count_differs", suspected=True, by=COUNTY_HEAD
    )
    assert isinstance(back, StockEndReviewed), back
    (case,) = cases(one_chain.using, concluded=False)
    assert (case.kind, case.case, case.organisation, case.due_on) == (SUSPECTED, ask, COUNTY, back.due_on)
    assert codes(destroying.approve(one_chain.using, ask, by=DEPUTY))[0] is C.NOT_AGREED_YET
    one_chain.clock.forward(days=60)
    (late,) = [one for one in violations(one_chain.using) if one.ref == ask]
    assert (late.code, late.organisation, late.overdue) == (SUSPECTED, COUNTY, True)
    said = {"cause": "misfiled", "conclusion": "put_right"}
    assert C.NOT_THE_HEAD in codes(ending.conclude_loss(one_chain.using, ask, **said, by=COUNTY_KEEPER))
    assert isinstance(ending.conclude_loss(one_chain.using, ask, **said, by=COUNTY_HEAD), StockLossConcluded)
    assert cases(one_chain.using, concluded=False) == []
    assert differences(one_chain.using) == []


def test_a_request_nobody_suspected_is_no_case(one_chain: Province) -> None:
    ask = asked(one_chain)
    said = {"cause": "misfiled", "conclusion": "put_right"}
    assert codes(ending.conclude_loss(one_chain.using, ask, **said, by=COUNTY_HEAD)) == [C.RECORD_UNKNOWN]


def test_no_step_is_taken_of_a_request_there_is_not(one_chain: Province) -> None:
    using, none = one_chain.using, "99-V9999-zz"
    for outcome in (
        destroying.review(using, none, counted=1, by=COUNTY_HEAD),
        destroying.approve(using, none, by=DEPUTY),
        signed(one_chain, none),
        destroying.confirm_signed(using, none, by=COUNTY_HEAD),
        destroying.destroy(using, none, done(), by=COUNTY_KEEPER),
    ):
        assert codes(outcome) == [C.RECORD_UNKNOWN]


# --- at the desk -----------------------------------------------------------------------------------------------------

ASK = {"store": f"{COUNTY}:1", "kind": "B", "ranges": DAMP, "cause": "damaged", "destruction_method": "shredding"}


@pytest.fixture
def desk_chain(site: Province) -> Province:
    """The county's thousand, with the desk open."""
    found_chain(site)
    stock_county(site, 1000)
    return site


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", b"seen", content_type="image/jpeg")


def test_four_people_destroy_stock_at_the_desk_each_under_their_own_account(desk_chain: Province) -> None:
    keeper, head, deputy, legal = (Desk(desk_chain, one) for one in (COUNTY_KEEPER, COUNTY_HEAD, DEPUTY, LEGAL))
    assert "销毁申请" in keeper.post("stock/destructions/", **ASK, planned_on=PLANNED)
    (row,) = destroying.asked_ends(desk_chain.using)
    here = f"stock/destructions/{row['ask']}/"
    assert "同意销毁</button>" not in deputy.get(here)
    assert "YJ-8190" in error_at(head.post(f"{here}review_destruction/", counted="99"), "counted")
    head.post(f"{here}review_destruction/", counted="100")
    assert "YJ-8186" in keeper.refused(f"{here}approve_destruction/")
    for person in (deputy, legal):
        assert "同意销毁</button>" in person.get(here)
        person.post(f"{here}approve_destruction/")
        assert "同意销毁</button>" not in person.get(here)
    assert "登记销毁" in keeper.get(here)
    deed = {"destruction_method": "shredding", "counted": "100", "supervisor": str(DEPUTY)}
    assert "请填写这一项" in error_at(keeper.post(f"{here}destroy_stock/", **deed), "picture")
    keeper.post(f"{here}destroy_stock/", **deed, picture=photo())
    assert on_hand(desk_chain) == 900
    assert "出入库台账记录" in keeper.get(here)
    assert destroying.asked_ends(desk_chain.using) == []


def test_a_signed_form_is_entered_and_confirmed_at_the_desk(desk_chain: Province) -> None:
    ask = asked(desk_chain)
    reviewed(desk_chain, ask)
    keeper, head = Desk(desk_chain, COUNTY_KEEPER), Desk(desk_chain, COUNTY_HEAD)
    here = f"stock/destructions/{ask}/"
    assert "待负责人复核" in keeper.post(f"{here}enter_signed/", signed_on="", picture=photo())
    (form,) = destroying.unconfirmed_forms(desk_chain.using, ask)
    assert "YJ-7203" in keeper.refused(f"{here}confirm_signed/", form=str(form["record"]))
    assert "签章申请单</button>" in head.get(here)
    head.post(f"{here}confirm_signed/", form=str(form["record"]))
    assert people(desk_chain, ask)[2:] == (DEPUTY, LEGAL)


def test_a_suspicion_is_concluded_at_the_desk(desk_chain: Province) -> None:
    ask = asked(desk_chain)
    head, here = Desk(desk_chain, COUNTY_HEAD), f"stock/destructions/{ask}/"
    typed = {"counted": "60", "suspected": "on"}
    assert "YJ-8193" in error_at(head.post(f"{here}review_destruction/", **typed), "sent_back")
    head.post(f"{here}review_destruction/", **typed, sent_back="count_differs")
    assert "结案" in head.get(here)
    head.post(f"{here}conclude_loss/", case_cause="misfiled", case_conclusion="put_right")
    assert cases(desk_chain.using, concluded=False) == []


def test_the_request_is_printed_for_signatures_and_seals(desk_chain: Province) -> None:
    ask = asked(desk_chain)
    answer = Desk(desk_chain, COUNTY_KEEPER).client.get(f"/desk/stock/destructions/{ask}/request.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_request_is_printed_on_a_released_form_alone(desk_chain: Province) -> None:
    ask = asked(desk_chain)
    State.objects.using(desk_chain.using).update(province="32")  # no practice any more
    path = f"stock/destructions/{ask}/request.pdf"
    assert Desk(desk_chain, COUNTY_KEEPER).client.get(f"/desk/{path}").content.startswith(b"%PDF")
    rows = DjangoRows(desk_chain.using)
    rows.update("forms", {"form": "destruction_request"}, {"sha256": "00" * 32})
    assert "YJ-" in Desk(desk_chain, COUNTY_HEAD).get(path, 409)


@pytest.mark.parametrize("path", ["stock/destructions/99-V9/", "stock/destructions/99-V9/review_destruction/"])
def test_a_request_there_is_not_has_no_page(desk_chain: Province, path: str) -> None:
    Desk(desk_chain, COUNTY_KEEPER).get(path, 404)


def test_a_step_there_is_not_has_no_page(desk_chain: Province) -> None:
    Desk(desk_chain, COUNTY_KEEPER).get(f"stock/destructions/{asked(desk_chain)}/burn_it/", 404)


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"planned_on": "2020-01-01"}, "planned_on", "YJ-7226"),
        ({"planned_on": ""}, "planned_on", "请填写这一项"),
        ({"cause": ""}, "cause", "请填写这一项"),
        ({"ranges": "9900003001-9900003100"}, "count", "YJ-"),
    ],
)
def test_what_is_wrong_with_a_request_is_said_at_its_field(
    desk_chain: Province, changes: dict[str, str], field: str, said: str
) -> None:
    page = Desk(desk_chain, COUNTY_KEEPER).post("stock/destructions/", **({**ASK, "planned_on": PLANNED} | changes))
    assert said in error_at(page, field)
    assert destroying.asked_ends(desk_chain.using) == []
