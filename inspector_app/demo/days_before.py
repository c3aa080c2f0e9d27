"""The days before: the station is enrolled, declarations come in three days ahead as the law asks, samples are sent."""

from __future__ import annotations

from inspector_app.demo import acts, former_papers, institutions, old_for_new, provincial_pages
from inspector_app.demo.cast import (
    BASS,
    CANCELLED,
    CATFISH,
    CRAB,
    CRAYFISH,
    CRUCIAN,
    ELSEWHERE,
    GRASS,
    KOI,
    MANDARIN,
    PRAWN,
    SILVER,
    Trip,
)
from inspector_app.demo.stage import Seat, done, refused
from inspector_app.demo.story import HEALTHY, Story, cargo, route
from inspector_app.demo.telling import Both
from inspector_app.practice import world
from inspector_app.services import declaring

CHANNELS = {"phone": Both("by telephone", "电话申报"), "point": Both("at the station", "到站申报")}


def tell(story: Story) -> None:
    """From enrolment to the evening before."""
    _enrol(story)
    former_papers.take_over(story)
    for trip in (MANDARIN, PRAWN, CRUCIAN, GRASS, CRAB):
        _take_down(story, story.stage.laptop, trip)
    former_papers.close_first_day(story)
    _declare_online(story)
    story.clock.go("09:00", -3)
    story.tale.head(Both("Three days before", "三天前"), day=True)
    _take_down(story, story.stage.laptop, KOI)
    _not_accepted(story)
    _take_down(story, story.stage.desk, CANCELLED)
    for trip in (BASS, CRAYFISH):
        _take_down(story, story.stage.laptop, trip)
    _sample(story, -3, ((MANDARIN, "14:10"), (PRAWN, "15:30")))
    story.clock.go("08:00", -1)
    story.tale.head(Both("Yesterday", "昨天"), day=True)
    story.clock.go("08:20", -1)
    old_for_new.draw_second(story)
    _sample(story, -1, ((BASS, "09:30"), (CRAYFISH, "11:00")))
    _short_notice(story)


def _enrol(story: Story) -> None:
    stage, tale = story.stage, story.tale
    story.clock.go("08:00", -4)
    tale.head(Both("Four days before", "四天前"), day=True)
    _tell_stock(story)
    stage.enrol(stage.laptop)
    tale.tell(
        Both(
            f"The vet's laptop is enrolled by a one-time code: {world.VET.name_en} gets 50 numbers A, 100 B, "
            "20 for treatment notices",
            f"官方兽医{world.VET.name}的笔记本凭一次性代码入网，领到 A 证 50 号、B 证 100 号、处理通知单 20 号",
        ),
        online=True,
    )
    stage.enrol(stage.desk)
    stage.catch_up(stage.laptop)
    tale.tell(
        Both(
            f"The desk's computer is enrolled: {world.CLERK.name_en} may receive and print, never sign",
            f"窗口电脑入网：{world.CLERK.name}可以受理和打印，不能签发",
        ),
        place="desk",
        online=True,
    )


def _tell_stock(story: Story) -> None:
    top, city, county = institutions.CHAIN
    delivered, given, on, drawn = (
        f"{count:,}"
        for count in (institutions.DELIVERED, institutions.TO_CITY, institutions.TO_COUNTY, institutions.DRAWN)
    )
    story.tale.tell(
        Both(
            f"{delivered} certificates each of A and B came from the printing house to the province, {given} went on "
            f"to the city, {on} to the county, counted in by each keeper ({top.keeper_en}, {city.keeper_en}, "
            f"{county.keeper_en}) and paid for; the station draws {drawn} of each",
            f"A、B 证各 {delivered} 份由印刷厂入省库，{given} 份发市、{on} 份发县，各级管理员（{top.keeper_name}、"
            f"{city.keeper_name}、{county.keeper_name}）清点入库并结清工本费；申报点各领用 {drawn} 份",
        ),
        place="province",
        online=True,
    )


def _take_down(story: Story, seat: Seat, trip: Trip) -> None:
    day, time = trip.declared
    story.clock.go(time, day)
    departs_day, departs = trip.departs
    ref = acts.declare(seat, trip, story.clock.planned(departs, departs_day))
    story.declarations[trip.name] = ref
    done(acts.accept(seat, ref, story.clock.date()))
    _told(story, seat, trip, Both("accepted", "已受理"))


def _told(story: Story, seat: Seat, trip: Trip, outcome: Both) -> None:
    how, what, way = CHANNELS[trip.channel], cargo(trip), route(trip)
    story.tale.tell(
        Both(
            f"Declaration {how.en} · {trip.farm.name_en} · {what.en} · {way.en} · {outcome.en}",
            f"{how.zh} · {trip.farm.name} · {what.zh} · {way.zh} · {outcome.zh}",
        ),
        place=seat.place,
    )


def _declare_online(story: Story) -> None:
    day, time = CATFISH.declared
    story.clock.go(time, day)
    declare_online(story)
    what, way = cargo(CATFISH), route(CATFISH)
    story.tale.tell(
        Both(
            f"Declared on the province's page · {CATFISH.farm.name_en} · {what.en} · {way.en} · waits for the station",
            f"网上申报 · {CATFISH.farm.name} · {what.zh} · {way.zh} · 等待站点受理",
        ),
        place="province",
        online=True,
    )


def declare_online(story: Story) -> None:
    """The producer fills in the province's page, as a browser would."""
    departs_day, departs = CATFISH.departs
    form = acts.form_of(CATFISH, story.clock.planned(departs, departs_day))
    provincial_pages.declare(
        {
            "station": world.STATION,
            "owner": form.owner,
            "owner_phone": form.owner_phone,
            "permit": form.permit,
            "species": form.species,
            "stage": form.stage,
            "amount": form.quantity.value,
            "unit": form.quantity.unit,
            "purpose": form.purpose,
            "origin": form.origin,
            "origin_place": form.origin_place,
            "pond": form.pond,
            "destination": form.destination,
            "destination_place": form.destination_place,
            "consignee": form.consignee,
            "departs_on": story.clock.date(departs_day),
            "departs_time": departs,
        }
    )


def _not_accepted(story: Story) -> None:
    seat, trip = story.stage.desk, ELSEWHERE
    day, time = trip.declared
    story.clock.go(time, day)
    departs_day, departs = trip.departs
    ref = acts.declare(seat, trip, story.clock.planned(departs, departs_day))
    story.declarations[trip.name] = ref
    done(declaring.refuse_acceptance(seat.device, ref, reason="other_district"))
    _told(
        story,
        seat,
        trip,
        Both(
            "not accepted: the animals are in Baoying county; referred to the station there",
            "不予受理：动物在宝应县，告知向当地申报",
        ),
    )


def _sample(story: Story, day: int, visits: tuple[tuple[Trip, str], ...]) -> None:
    seat = story.stage.laptop
    for trip, time in visits:
        story.clock.go(time, day)
        inspection = acts.inspect(seat, story.declarations[trip.name], trip)
        story.inspections[trip.name] = inspection
        story.samples[trip.name] = acts.sample(seat, inspection, trip)
        sampled = Both("leaves the province, so 150 animals go to the laboratory", "调往省外，采样 150 尾（只）送检")
        story.was_inspected(trip, Both(f"{HEALTHY.en}; {sampled.en}", f"{HEALTHY.zh}；{sampled.zh}"))


def _short_notice(story: Story) -> None:
    seat, trip = story.stage.laptop, SILVER
    day, time = trip.declared
    story.clock.go(time, day)
    departs_day, departs = trip.departs
    ref = acts.declare(seat, trip, story.clock.planned(departs, departs_day))
    story.declarations[trip.name] = ref
    refusal = refused(acts.accept(seat, ref, story.clock.date()))
    tried = Both(
        "Accepting the silver carp, declared today for tomorrow morning, without a reason",
        "受理鲢的申报：今日申报、明早启运，未填理由",
    )
    story.was_refused(tried, refusal, Both("short notice", "时限不足"))
    done(acts.accept(seat, ref, story.clock.date(), "stage_window"))
    _told(
        story,
        seat,
        trip,
        Both(
            "the same declaration, accepted with a recorded reason: the stage of growth fixes the day",
            "同一申报，登记理由后受理：出池时间受水温和发育期限制",
        ),
    )
