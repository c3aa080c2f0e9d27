"""Remarks on the papers: what each field means, and what it says here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inspector_app import bootstrap
from inspector_app.demo.page.fates import Fate
from inspector_app.demo.page.html import Page, card, link, number, picture
from inspector_app.demo.page.pictures import Shot, shot
from inspector_app.demo.page.texts import said
from inspector_app.demo.papers import Papers, Print
from inspector_app.demo.story import Story
from inspector_app.demo.telling import Both
from inspector_app.practice.world import VET

FULL_DPI, SMALL_DPI = 120, 96
A_UPPER = 191 / 297
FULL = ("A 9900000001", "B 9900000003", "B 9900000002")
NARROW = "B 9900000001"
A_FIELDS = (
    *("number", "caption", "owner", "species", "quantity", "origin", "destination", "purpose", "carrier", "plate"),
    *("disinfection", "validity", "vet", "issued_on", "code", "seal", "ear_tags"),
)
B_FIELDS = (
    "number",
    "caption",
    "owner",
    "species",
    "quantity",
    "destination",
    "ear_tags",
    "validity",
    "vet",
    "code",
    "seal",
)
STRIP_FIELDS = ("number", "caption", "owner", "species", "quantity", "destination", "validity", "vet", "seal", "code")
FIELDS = {"certificate_a": A_FIELDS, "certificate_b": B_FIELDS, "portable_b_80": STRIP_FIELDS}
TITLES = {
    "certificate_a": Both("Certificate A, for a trip to another province", "动物检疫合格证明（动物A），跨省"),
    "certificate_b": Both("Certificate B, inside the province", "动物检疫合格证明（动物B），省内"),
    "portable_b_80": Both(
        "Portable B, on thermal paper from a printer on the vet's belt", "便携式动物B证，腰挂热敏打印机"
    ),
}


class Special(NamedTuple):
    """What is particular about a paper whose kind was explained already."""

    title: Both
    why: str
    fields: tuple[str, ...]


SPECIAL = {
    "A 9900000002": Special(
        Both("another A, after a cable was found", "另一张 A 证：先是没接线"),
        "papers.cable",
        ("species", "quantity", "destination"),
    ),
    "B 9900000004": Special(
        Both("the one that was replaced", "被替换的一张"), "papers.replaced", ("species", "quantity")
    ),
    "B 9900000005": Special(
        Both("the one that took its place", "替换它的一张"), "papers.replacement", ("plate_in_code",)
    ),
    "B 9900000006": Special(
        Both("print 2, after the jam", "卡纸后的第二次打印"), "papers.jam", ("print_mark", "quantity")
    ),
}


def section(page: Page, story: Story, papers: Papers, told: list[Fate]) -> str:
    """Three papers explained field by field, then the other four with what is particular about each."""
    lead = said("papers.lead")
    full = "".join(_full(page, story, papers, fate) for name in FULL for fate in told if fate.number == name)
    others = "".join(_other(page, story, papers, fate) for fate in told if fate.number in SPECIAL)
    title = page.both(Both("The other four", "其余四张"), "h3")
    heading = Both("The papers, read in English", "纸证图解")
    return page.section("papers", heading, f"{full}{title}{others}", lead)


def _full(page: Page, story: Story, papers: Papers, fate: Fate) -> str:
    print_ = papers.current(fate.number)
    taken = shot(story.folder, print_, FULL_DPI)
    names = FIELDS[print_.content.form]
    strip = " strip" if print_.strip else ""
    seen = f"<div>{_pinned(taken, names, fate)}{_files(page, print_)}</div>"
    if print_.strip:
        seen += f"<div>{_narrow(page, story, papers)}</div>"
    return card(
        f"<h3>{number(fate.number)} {page.both(TITLES[print_.content.form])}</h3>"
        f'<div class="paper{strip}">{seen}{_pins(page, names, fate, print_)}</div>'
    )


def _narrow(page: Page, story: Story, papers: Papers) -> str:
    """The portable B on the narrowest paper, beside its wider sister."""
    print_ = papers.current(NARROW)
    taken = shot(story.folder, print_, SMALL_DPI)
    framed = f'<div class="shot">{picture(taken.png, f"Certificate {NARROW}, first copy")}</div>'
    return (
        framed + f'<p class="caption">{number(NARROW)}: {page.both(said("papers.narrow"))}</p>' + _files(page, print_)
    )


def _other(page: Page, story: Story, papers: Papers, fate: Fate) -> str:
    print_ = papers.current(fate.number)
    special = SPECIAL[fate.number]
    upper = A_UPPER if print_.content.form == "certificate_a" else 1.0
    taken = shot(story.folder, print_, SMALL_DPI, upper=upper)
    told = page.prose(said(special.why)) + _pins(page, special.fields, fate, print_)
    return card(
        f"<h3>{number(fate.number)} {page.both(special.title)}</h3>"
        f'<div class="paper small"><div>{_pinned(taken, special.fields, fate)}{_files(page, print_)}</div>'
        f"<div>{told}</div></div>"
    )


def _pinned(taken: Shot, names: Sequence[str], fate: Fate) -> str:
    spots = [(at, taken.spots.get(_spot(name))) for at, name in enumerate(names, start=1)]
    pins = "".join(
        f'<span class="pin" style="left:{spot.x:.2%};top:{spot.y:.2%}">{at}</span>' for at, spot in spots if spot
    )
    return f'<div class="shot">{picture(taken.png, f"Certificate {fate.number}, first copy")}{pins}</div>'


def _spot(name: str) -> str:
    return {"plate_in_code": "code"}.get(name, name)


def _files(page: Page, print_: Print) -> str:
    files = link(print_.pdf, "PDF") + (f" · {link(print_.strip, 'PNG')}" if print_.strip else "")
    return f'<p class="caption">{page.both(Both("First copy; both copies:", "第一联；两联见："))} {files}</p>'


def _pins(page: Page, names: Sequence[str], fate: Fate, print_: Print) -> str:
    items = "".join(
        f"<li><i>{at}</i><div>{page.both(meaning(name, fate, print_), 'div')}</div></li>"
        for at, name in enumerate(names, start=1)
    )
    return f'<ol class="pins">{items}</ol>'


def meaning(name: str, fate: Fate, print_: Print) -> Both:
    """What a field means and what it says on this paper."""
    key = f"{name}_{fate.kind.lower()}" if name in ("number", "validity") else name
    return said(f"field.{key}", **_values(fate, print_))


def _values(fate: Fate, print_: Print) -> dict[str, str]:
    known, areas, trip = bootstrap.catalogue(), bootstrap.areas(), fate.trip
    purpose = known.purpose(trip.purpose)
    return print_.content.values | {
        "owner_en": trip.farm.name_en,
        "species_en": _species(trip.species, trip.stage),
        "amount": _amount(fate),
        "origin_en": areas.full_name_en(trip.farm.area),
        "destination_en": areas.full_name_en(trip.buyer.area),
        "buyer_en": trip.buyer.name_en,
        "purpose_en": purpose.en if purpose else "",
        "vet_en": VET.name_en,
        "digits": str(len(print_.content.code.rpartition("/")[2])),
        "plate_in_code": fate.plate,
    }


def _species(species: int, stage: str) -> str:
    known = bootstrap.catalogue()
    row, found = known.known_species(species), known.stage(stage)
    return f"{row.en} ({row.latin}), {found.en if found else ''}"


def _amount(fate: Fate) -> str:
    weight, of, _animals = fate.cargo.en.partition(" of ")
    return weight if of else fate.cargo.en.partition(" ")[0]
