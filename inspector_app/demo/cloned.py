"""The copied folder: somebody copies the home to a second disk, and both go on issuing.

Played on throw-away copies of the laptop's home and of the province's database, so that the day itself stays clean.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from inspector_app import bootstrap
from inspector_app.demo import acts
from inspector_app.demo.cast import GRASS
from inspector_app.demo.stage import PROVINCE, Contact, Seat, Wire, refused
from inspector_app.demo.story import Figure, Proof, Story, plate_in_english
from inspector_app.demo.telling import Both
from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.refusals import Refused
from inspector_app.domain.sentences import describe_refusal
from inspector_app.errors import BugError
from inspector_app.practice.world import PLATES
from inspector_app.services import issuing

COPY = "copied"
ALIAS = "copied"
TRUCKS, TRUCK_REFUSED = PLATES[9:11], PLATES[11]
"""No truck of the day: on the copies nothing is a certificate of the story."""
TWO_HISTORIES = {"fork": "two histories of one device"}


def copy_the_home(story: Story) -> None:
    """Copy the home, let original and copy take the same number, let both meet the province."""
    place = story.folder / COPY
    story.stage.laptop.close()
    try:
        with _province_copied(story, place) as wire:
            _play(story, place, wire)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    story.stage.laptop.open()


@contextmanager
def _province_copied(story: Story, place: Path) -> Iterator[Wire]:
    from province import provinces
    from province.chance import SystemRandom
    from province.databases import DEFAULT
    from province.inprocess import attach_province, close_province, copy_database

    place.mkdir()
    copy_database(DEFAULT, place / f"{PROVINCE}.sqlite3")
    exchange = attach_province(
        *(ALIAS, str(place / f"{PROVINCE}.sqlite3"), provinces.of(DEFAULT).keys),
        clock=story.clock,
        random=SystemRandom(),
    )
    try:
        yield Wire(exchange)
    finally:
        close_province(ALIAS)


def _play(story: Story, place: Path, wire: Wire) -> None:
    laptop = story.stage.laptop
    seats = []
    for name in ("original", "copy"):
        shutil.copytree(laptop.folder, place / name)
        seats.append(Seat(name, place / name, laptop.person, laptop.parts))
    original, copy = seats
    numbers = []
    for seat, plate in zip(seats, TRUCKS, strict=True):
        seat.open()
        numbers.append(acts.issue(seat, _draft(story, seat, plate)).number)
    first, second, third = original.catch_up(wire), copy.catch_up(wire), original.catch_up(wire)
    refusals = [refused(issuing.issue_certificate(seat.device, _draft(story, seat, TRUCK_REFUSED))) for seat in seats]
    if numbers[0] != numbers[1] or not (second.frozen and third.frozen) or first.frozen:
        raise BugError("the copied folder was not noticed")
    _tell(story, numbers[0], [first, second, third], refusals[0])
    for seat in seats:
        seat.close()


def _draft(story: Story, seat: Seat, plate: str) -> IssueDraft:
    departs = story.clock.planned("18:30")
    draft = acts.draft_of(seat, story.inspections[GRASS.name], plate, departs)
    return msgspec.structs.replace(draft, quantity=acts.fish(100_000))


def _tell(story: Story, number: str, contacts: list[Contact], refusal: Refused) -> None:
    recorded, aside, incidents = _kept()
    said = Both(*(describe_refusal(bootstrap.sentences(), refusal.headline, lang).happened for lang in ("en", "zh")))
    one, other = (plate_in_english(plate) for plate in TRUCKS)
    story.tale.tell(
        Both(
            f"COPIED FOLDER (throw-away copies): both take {number}; the province keeps both histories "
            f"({aside} entry set aside as evidence) and both stop issuing: {said.en}",
            f"拷贝的文件夹（一次性副本）：两份都占用 {number}；省平台两支都保存（{aside} 条另存为证），"
            f"两份都停止签发：{said.zh}",
        ),
        place="proof",
        kind="cloned",
        number=number,
    )
    story.proofs["cloned"] = Proof(
        name="cloned",
        title=Both("The folder is copied to a second disk", "账本文件夹被拷贝"),
        done=Both(
            f"On throw-away copies: the laptop's whole home was copied. Original and copy each issued {number}, for "
            "two different trucks, and each met a copy of the province.",
            f"在一次性副本上：整个账本文件夹被拷贝，原件和副本各签发了 {number}，车辆不同，并各自与省平台副本同步。",
        ),
        columns=(Both("after the original's contact", "原件同步后"), Both("after the copy's contact", "副本同步后")),
        figures=(
            Figure(
                Both(f"original, issued {number} for truck {one}", f"原件，签发 {number}（{TRUCKS[0]}）"),
                ("may issue.", f"stopped: {TWO_HISTORIES[contacts[2].frozen]}."),
            ),
            Figure(
                Both(f"copy, issued {number} for truck {other}", f"副本，签发 {number}（{TRUCKS[1]}）"),
                ("may issue, not yet seen.", f"stopped: {TWO_HISTORIES[contacts[1].frozen]}."),
            ),
            Figure(
                Both(
                    "entries the province's copy keeps: all of both devices, and the original's new one",
                    "省平台副本保存的记录：两台设备全部记录，加原件新增一条",
                ),
                (f"{recorded}.", f"the same {recorded}, and {aside} of the other history."),
            ),
            Figure(
                Both("cases opened, the signed upload kept as evidence", "立案（保存签名报文为证）"),
                ("0", str(incidents)),
            ),
            Figure(Both("issuing once more, on either", "再次签发"), ("—", f"refused: {said.en}")),
        ),
        follows=Both(
            "Two histories of one device cannot hide once both have met the province. Issuing stops on both, "
            "reading, printing and handing over go on, and people decide which paper was lawful; nothing is deleted.",
            "同一设备的两段历史，两边都与省平台联系后无法再隐藏：两份都停止签发，其余照常，由人判断哪张纸证合法；不删除任何记录。",
        ),
    )


def _kept() -> tuple[int, int, int]:
    from province.journal.models import AsideEntry, Incident, StoredEntry

    entries, aside, incidents = (model.objects.using(ALIAS).count() for model in (StoredEntry, AsideEntry, Incident))
    return entries, aside, incidents
