"""Remarks on the papers: what each field means, and what it says here."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from inspector_app import bootstrap
from inspector_app.demo.page.fates import Fate, notice_fates
from inspector_app.demo.page.html import Page, card, link, number, picture
from inspector_app.demo.page.pictures import Shot, shot
from inspector_app.demo.page.texts import fields, said
from inspector_app.demo.papers import Papers, Print
from inspector_app.demo.story import Story, plate_in_english
from inspector_app.demo.telling import Both
from inspector_app.practice.world import VET

FULL_DPI, SMALL_DPI = 120, 96
PICTURE_WIDTH, CAPTION_HEIGHT = 552, 36
LETTERS_PER_LINE, CHARACTERS_PER_LINE = 56, 31
"""What stands beside a picture on a wide screen, by the style sheet: pixels, and letters per line of a remark."""
A_UPPER = 191 / 297
FULL = ("A 9900000001", "B 9900000003")
WIDE, NARROW = "B 9900000002", "B 9900000001"
A_FIELDS = (
    *("number", "caption", "owner", "owner_phone", "species", "quantity", "origin", "destination", "purpose"),
    *("carrier", "plate", "disinfection", "validity", "vet", "issued_on", "agency", "code", "seal", "ear_tags"),
    *("checkpoint", "remarks_empty"),
)
B_FIELDS = (
    *("number", "caption", "owner", "owner_phone", "species", "quantity", "origin", "destination", "purpose"),
    *("ear_tags", "validity", "vet", "issued_on", "agency", "code", "seal", "remarks"),
)
STRIP_FIELDS = (
    *("number", "caption", "owner", "owner_phone", "species", "quantity", "origin", "destination", "purpose"),
    *("ear_tags", "validity", "vet", "issued_on", "agency", "seal", "code"),
)
NARROW_FIELDS = ("species", "quantity", "destination", "plate_in_code")
NOTICE_FIELDS = (
    *("number", "caption", "owner", "species", "quantity", "owner_phone", "place", "diseases", "basis", "method"),
    *("vet", "issued_on", "agency", "seal", "receipt"),
)
FIELDS = {
    "certificate_a": A_FIELDS,
    "certificate_b": B_FIELDS,
    "portable_b_80": STRIP_FIELDS,
    "treatment_notice": NOTICE_FIELDS,
}
SPOTS = {"plate_in_code": "code", "remarks_empty": "remarks"}
BY_KIND = ("number", "validity", "caption", "vet", "seal")
TITLES = {
    "certificate_a": Both("Certificate A, for a trip to another province", "动物检疫合格证明（动物A），跨省"),
    "certificate_b": Both("Certificate B, inside the province", "动物检疫合格证明（动物B），省内"),
    "treatment_notice": Both(
        "Treatment notice, instead of a certificate, for the batch that failed", "检疫处理通知单，不合格批次"
    ),
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
        ("species", "quantity", "destination", "plate"),
    ),
    "B 9900000004": Special(
        Both("the one that was replaced", "被替换的一张"),
        "papers.replaced",
        ("species", "quantity", "destination", "plate_in_code"),
    ),
    "B 9900000005": Special(
        Both("the one that took its place", "替换它的一张"),
        "papers.replacement",
        ("species", "quantity", "destination", "plate_in_code"),
    ),
    "B 9900000006": Special(
        Both("print 2, after the jam", "卡纸后的第二次打印"),
        "papers.jam",
        ("print_mark", "species", "quantity", "destination", "plate_in_code"),
    ),
}


def section(page: Page, story: Story, papers: Papers, told: list[Fate]) -> str:
    """Four kinds of paper explained field by field, then the other four certificates with what is particular."""
    lead = said("papers.lead")
    by_number = {fate.number: fate for fate in told}
    full = "".join(_full(page, story, by_number[name], papers.current(name)) for name in FULL)
    full += _strips(page, story, papers, by_number)
    full += "".join(_full(page, story, fate, papers.notices[fate.number]) for fate in notice_fates(story))
    others = "".join(_other(page, story, papers, fate) for fate in told if fate.number in SPECIAL)
    title = page.both(Both("The other four certificates", "其余四张证书"), "h3")
    heading = Both("The papers, read in English", "纸证图解")
    return page.section("papers", heading, f"{full}{title}{others}", lead)


def _full(page: Page, story: Story, fate: Fate, print_: Print) -> str:
    names = FIELDS[print_.content.form]
    taken = shot(story.folder, print_, FULL_DPI)
    seen = _seen(page, taken, names, fate, print_)
    pins = _beside_and_below(page, _meanings(names, fate, print_), _room(taken))
    return card(f'{_heading(page, fate, print_)}<div class="paper">{seen}{pins}</div>')


def _strips(page: Page, story: Story, papers: Papers, told: dict[str, Fate]) -> str:
    """The portable B on its wide and on the narrowest paper, each with its remarks."""
    wide, narrow = papers.current(WIDE), papers.current(NARROW)
    pictures = [
        _seen(page, shot(story.folder, print_, FULL_DPI), names, told[print_.number], print_)
        for print_, names in ((wide, STRIP_FIELDS), (narrow, NARROW_FIELDS))
    ]
    pins = _pins(page, STRIP_FIELDS, told[WIDE], wide)
    pins += f"<h3>{number(NARROW)} {page.both(said('papers.narrow'))}</h3>"
    pins += _pins(page, NARROW_FIELDS, told[NARROW], narrow)
    heading = _heading(page, told[WIDE], wide)
    return card(f'{heading}<div class="paper strip">{"".join(pictures)}{pins}</div>')


def _heading(page: Page, fate: Fate, print_: Print) -> str:
    return f"<h3>{number(fate.number)} {page.both(TITLES[print_.content.form])}</h3>"


def _seen(page: Page, taken: Shot, names: Sequence[str], fate: Fate, print_: Print) -> str:
    return f'<div class="seen">{_pinned(taken, names, fate)}{_files(page, print_)}</div>'


def _other(page: Page, story: Story, papers: Papers, fate: Fate) -> str:
    print_ = papers.current(fate.number)
    special = SPECIAL[fate.number]
    upper = A_UPPER if print_.content.form == "certificate_a" else 1.0
    taken = shot(story.folder, print_, SMALL_DPI, upper=upper)
    why, meanings = said(special.why), _meanings(special.fields, fate, print_)
    told = page.prose(why) + _beside_and_below(page, meanings, _room(taken) - _height(why))
    seen = _seen(page, taken, special.fields, fate, print_)
    return card(f'<h3>{number(fate.number)} {page.both(special.title)}</h3><div class="paper">{seen}{told}</div>')


def _pinned(taken: Shot, names: Sequence[str], fate: Fate) -> str:
    spots = [(at, taken.spots.get(_spot(name))) for at, name in enumerate(names, start=1)]
    pins = "".join(
        f'<span class="pin" style="left:{spot.x:.2%};top:{spot.y:.2%}">{at}</span>' for at, spot in spots if spot
    )
    return f'<div class="shot">{picture(taken.png, f"{_called(fate)} {fate.number}, first copy")}{pins}</div>'


def _called(fate: Fate) -> str:
    return "Treatment notice" if fate.kind == "N" else "Certificate"


def _spot(name: str) -> str:
    return SPOTS.get(name, name)


def _files(page: Page, print_: Print) -> str:
    files = link(print_.pdf, "PDF") + (f" · {link(print_.strip, 'PNG')}" if print_.strip else "")
    return f'<p class="caption">{page.both(Both("First copy; both copies:", "第一联；两联见："))} {files}</p>'


def _pins(page: Page, names: Sequence[str], fate: Fate, print_: Print) -> str:
    return _list(page, _meanings(names, fate, print_))


def _meanings(names: Sequence[str], fate: Fate, print_: Print) -> list[Both]:
    return [meaning(name, fate, print_) for name in names]


def _list(page: Page, meanings: Sequence[Both], first: int = 1, kind: str = "") -> str:
    items = "".join(
        f"<li><i>{at}</i><div>{page.both(text, 'div')}</div></li>" for at, text in enumerate(meanings, start=first)
    )
    return f'<ol class="pins {kind}">{items}</ol>'


def _beside_and_below(page: Page, meanings: Sequence[Both], room: float) -> str:
    """Remarks beside the picture as far as they have room there; the rest goes below it in two columns."""
    beside = 0
    while beside < len(meanings) and (room := room - _height(meanings[beside])) >= 0:
        beside += 1
    rest = meanings[beside:]
    below = _list(page, rest, beside + 1, "below") if rest else ""
    return _list(page, meanings[:beside]) + below


def _room(taken: Shot) -> float:
    """The height of a picture with its caption, in pixels of the page at its full width."""
    with Image.open(io.BytesIO(taken.png)) as image:
        return PICTURE_WIDTH * image.height / image.width + CAPTION_HEIGHT


def _height(text: Both) -> float:
    """About how high a remark is beside a picture: its lines in both languages and the space after it."""
    lines = -(-len(text.en) // LETTERS_PER_LINE), -(-len(text.zh) // CHARACTERS_PER_LINE)
    return lines[0] * 20.5 + lines[1] * 19 + 9


def meaning(name: str, fate: Fate, print_: Print) -> Both:
    """What a field means and what it says on this paper."""
    key = f"{name}_{fate.kind.lower()}" if name in BY_KIND and f"{name}_{fate.kind.lower()}" in fields() else name
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
        "plate": plate_in_english(fate.plate),
        "plate_zh": fate.plate,
        "owner_phone_said": print_.content.values.get("owner_phone", ""),
        "remarks_said": print_.content.values.get("remarks", ""),
    }


def _species(species: int, stage: str) -> str:
    known = bootstrap.catalogue()
    row, found = known.known_species(species), known.stage(stage)
    return f"{row.en} ({row.latin}), {found.en if found else ''}"


def _amount(fate: Fate) -> str:
    weight, of, _animals = fate.cargo.en.partition(" of ")
    return weight if of else fate.cargo.en.partition(" ")[0]
