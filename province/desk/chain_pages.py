"""M16 台账核查: every device's chain, incidents, and the continuity of every station's numbers; read only."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpResponse
from django.urls import reverse

from inspector_app.domain.continuity import CLEAN, TO_EXPLAIN, Accounted, Continuity, Standing
from inspector_app.domain.stock import span
from province.databases import DEFAULT
from province.desk.chains import Chain, StationPage, chains, continuity_now, has_broken, stations_page
from province.desk.showing import Cell, Fact, Link, Section, Table, chip, csv_answer, number, show, text
from province.desk.visitor import Visitor, desk_page, whole_number
from province.journal.models import Incident
from province.registry.models import Device, Station
from province.texts import moment_shown

INCIDENTS_SHOWN = 100
CSV_HEAD = (
    *("station", "kind", "first", "last", "size", "standing", "draw", "block", "device"),
    *("holder", "entry", "day", "reason"),
)
_TONES = {"active": "good", "forked": "stop", "fenced": "stop"}


@desk_page()
def chain_list(visitor: Visitor) -> HttpResponse:
    """Stations with their numbers, devices with their heads, what a person has to look at."""
    page = stations_page(DEFAULT, whole_number(visitor.request.GET.get("page", ""), 1))
    sections = [_stations(visitor, page), _devices(visitor), _incidents(visitor)]
    return show(visitor, "chains", visitor.say("menu_chains"), sections)


def _stations(visitor: Visitor, page: StationPage) -> Section:
    head = [visitor.say(f"col_{name}") for name in ("station", "drawn_count", "used", "ended", "to_explain", "report")]
    rows = [_station(visitor, one) for one in page.stations]
    links = [Link(f"?page={at}", str(at), at == page.at) for at in range(1, page.pages + 1)] if page.pages > 1 else []
    return Section(
        title=visitor.say("continuity"),
        note=visitor.say("continuity_note"),
        table=Table(head=head, rows=rows, empty=visitor.say("no_numbers")),
        links=links,
    )


def _station(visitor: Visitor, station: int) -> list[Cell]:
    found = continuity_now(DEFAULT, station)
    unexplained = sum(one.size for one in found.to_explain)
    said = chip(visitor.say("numbers_open", count=unexplained), "stop")
    return [
        text(visitor.station(station), link=reverse("desk-chain-station", args=[station])),
        number(sum(one.size for one in found.stretches)),
        number(_sum(found, Standing.USED)),
        number(sum(one.size for one in found.stretches if one.standing not in CLEAN | TO_EXPLAIN)),
        said if unexplained else chip(visitor.say("holds"), "good"),
        text("CSV", link=f"{reverse('desk-chain-station', args=[station])}?format=csv"),
    ]


def _sum(found: Continuity, standing: Standing) -> int:
    return sum(one.size for one in found.stretches if one.standing is standing)


def _devices(visitor: Visitor) -> Section:
    names = ("device", "station", "entries", "judged", "head", "signed_through", "contact", "state", "chain")
    rows = [_device(visitor, one) for one in chains(DEFAULT)]
    head = [visitor.say(f"col_{name}") for name in names]
    return Section(title=visitor.say("devices"), table=Table(head=head, rows=rows, empty=visitor.say("no_devices")))


def _device(visitor: Visitor, one: Chain) -> list[Cell]:
    check = reverse("desk-chain-check", args=[one.device])
    state = visitor.say(f"chain_{one.state}")
    return [
        text(one.name, note=one.device[:8]),
        text(visitor.station(one.station)),
        number(one.seq),
        number(one.judged),
        text(one.head[:12]),
        number(one.signed_through),
        text(moment_shown(one.contacted_at) if one.contacted_at else "—"),
        Cell(text=state, tone=_TONES[one.state], note=visitor.say("aside", count=one.aside) if one.aside else ""),
        text(visitor.say("check_chain"), link=check),
    ]


def _incidents(visitor: Visitor) -> Section:
    names = dict(Device.objects.using(DEFAULT).values_list("device", "name"))
    head = [visitor.say(f"col_{name}") for name in ("moment", "device", "what", "entry")]
    rows = [
        [
            text(moment_shown(one.at)),
            text(names.get(one.device, one.device[:8])),
            chip(visitor.term("incident", one.kind.partition(" ")[0]), "stop"),
            number(one.seq),
        ]
        for one in Incident.objects.using(DEFAULT).order_by("-at")[:INCIDENTS_SHOWN]
    ]
    return Section(title=visitor.say("incidents"), table=Table(head=head, rows=rows, empty=visitor.say("no_incidents")))


@desk_page()
def check(visitor: Visitor, device: str) -> HttpResponse:
    """Every entry of one device hashed again, from the first to the head."""
    one = next((row for row in chains(DEFAULT) if row.device == device), None)
    if one is None:
        raise Http404
    broken = has_broken(DEFAULT, device)
    verdict = visitor.say("chain_broken" if broken else "chain_whole", count=one.seq)
    facts = [
        Fact(visitor.say("col_device"), f"{one.name} · {device}"),
        Fact(visitor.say("col_station"), visitor.station(one.station)),
        Fact(visitor.say("col_head"), one.head),
        Fact(visitor.say("col_chain"), verdict, "stop" if broken else "good"),
    ]
    links = [Link(reverse("desk-chains"), visitor.say("menu_chains"))]
    return show(visitor, "chains", visitor.say("check_chain"), [Section(facts=facts, links=links)])


@desk_page()
def station(visitor: Visitor, number: int) -> HttpResponse:
    """The continuity report of one station: every stretch with its cause."""
    if not Station.objects.using(DEFAULT).filter(number=number).exists():
        raise Http404
    found = continuity_now(DEFAULT, number)
    if visitor.request.GET.get("format") == "csv":
        return csv_answer(f"continuity-{number}", CSV_HEAD, _csv(number, found))
    title = visitor.say("continuity_of", station=visitor.station(number))
    return show(visitor, "chains", title, [_verdict(visitor, found), _stretches(visitor, found)])


def _csv(station: int, found: Continuity) -> Iterator[tuple[object, ...]]:
    for one in found.stretches:
        place = one.place
        held = (place.draw, place.block, place.device, place.holder or "")
        numbers = (one.kind, one.first, one.last, one.size, one.standing.value)
        yield (station, *numbers, *held, one.entry, one.day, one.reason)


def _verdict(visitor: Visitor, found: Continuity) -> Section:
    unexplained = sum(one.size for one in found.to_explain)
    said = visitor.say("numbers_open", count=unexplained) if unexplained else visitor.say("holds")
    facts = [Fact(visitor.say("continuity"), said, "stop" if unexplained else "good")]
    links = [Link("?format=csv", visitor.say("save_csv")), Link(reverse("desk-chains"), visitor.say("menu_chains"))]
    return Section(facts=facts, note=visitor.say("continuity_note"), links=links)


def _stretches(visitor: Visitor, found: Continuity) -> Section:
    head = [visitor.say(f"col_{name}") for name in ("kind", "goods", "count", "state", "holder", "day", "entry")]
    rows = [_stretch(visitor, one) for one in found.stretches]
    return Section(table=Table(head=head, rows=rows, empty=visitor.say("no_numbers")))


def _stretch(visitor: Visitor, one: Accounted) -> list[Cell]:
    tone = "stop" if one.standing in TO_EXPLAIN else "good" if one.standing in CLEAN else "notice"
    device, _, seq = one.entry.partition("/")
    return [
        text(visitor.short_kind(one.kind)),
        text(one.first if one.first == one.last else span(one.first, one.last), note=one.place.draw),
        number(one.size),
        Cell(text=visitor.term("standing", one.standing.value), tone=tone),
        text(visitor.who(one.place.holder)),
        text(one.day),
        text(f"{device[:8]}/{seq}" if one.entry else ""),
    ]
