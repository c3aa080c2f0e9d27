"""Old for new (缴旧领新): the station draws again only when the old papers of the draw before last are settled."""

from __future__ import annotations

from inspector_app.demo import acts, institutions
from inspector_app.demo.institutions import COUNTY_KEEPER, Draw
from inspector_app.demo.papers import write
from inspector_app.demo.stage import done
from inspector_app.demo.story import Story, counted
from inspector_app.demo.telling import Both
from inspector_app.errors import BugError
from inspector_app.practice.world import KEEPER
from inspector_app.services import handing_over, sheet_custody
from inspector_app.services.sheet_custody import HandedIn

KIND, TO, SEASON = "B", "county_keeper", "season"
SLIP = "hand-in/slip.pdf"
TRIED = Both("The station asks for a third hundred of B", "申报点第三次领用 B 证 100 号")


_CAP = {
    False: Both("within the cap", "未超限量"),
    True: Both(
        f"with what lies unused more than the cap, and {institutions.LEADER_EN}, the county's head, approves it",
        f"连同未用的已超限量，县级负责人{institutions.LEADER_NAME}批准",
    ),
}


def draw_second(story: Story) -> None:
    """The day before: a further hundred; one draw may be in arrears."""
    made = _drawn(institutions.draw(KIND))
    _tell_draw(
        story,
        Both("a second draw for the season", "第二次领用"),
        made,
    )


def draw_third(story: Story) -> None:
    """Refused for the stubs, refused for the spoiled and void sheets, and then granted."""
    _refused(story, "17:09", "stubs_outstanding")
    _photograph_stubs(story)
    _refused(story, "17:13", "sheets_outstanding")
    _hand_in(story)
    story.clock.go("17:17")
    _tell_draw(
        story,
        Both("old for new, everything settled", "缴旧领新，全部结清"),
        _drawn(institutions.draw(KIND, reason=SEASON)),
    )
    story.met_province(story.stage.catch_up(story.stage.laptop))


def _drawn(made: Draw) -> Draw:
    if made.refused is not None:
        raise BugError(f"the story's draw was refused: {made}")
    return made


def _tell_draw(story: Story, why: Both, made: Draw) -> None:
    keeper, cap = COUNTY_KEEPER, _CAP[made.approved]
    story.tale.tell(
        Both(
            f"Draw of 100 numbers B, {made.first}–{made.last[-4:]}, decided by the county's keeper "
            f"{keeper.keeper_en}: oldest stock, {cap.en}; {why.en}",
            f"县级管理员{keeper.keeper_name}办理领用 B 证 100 号 {made.first}–{made.last[-4:]}："
            f"先入先出，{cap.zh}；{why.zh}",
        ),
        place="province",
        online=True,
        kind="draw",
    )


def _refused(story: Story, time: str, code: str) -> None:
    story.clock.go(time)
    for seat in (story.stage.laptop, story.stage.desk):
        story.met_province(story.stage.catch_up(seat))
    made = institutions.draw(KIND, reason=SEASON)
    if made.refused is None or made.code != code:
        raise BugError(f"the story's draw should be refused as {code}: {made}")
    story.was_told_no(TRIED, made.code, made.refused, Both("old first", "先缴旧"))


def _photograph_stubs(story: Story) -> None:
    story.clock.go("17:11")
    seat = story.stage.laptop
    thermal = [story.numbers[name] for name in ("crucian", "silver")]
    for number in thermal:
        done(handing_over.file_stub(seat.device, number, means="photo", attachments=[acts.photograph(seat, number)]))
    story.tale.tell(
        Both(
            f"The thermal stubs of {' and '.join(thermal)} are photographed, since such paper fades, and filed",
            f"{'、'.join(thermal)} 的热敏存根易褪色，拍照后归档",
        ),
        online=True,
        kind="stubs",
    )


def _hand_in(story: Story) -> None:
    story.clock.go("17:15")
    desk = story.stage.desk
    with desk.used_by(KEEPER) as device:
        sheets = sheet_custody.to_hand_in(device)
        made = sheet_custody.hand_in(device, sheets, to=TO)
        if not isinstance(made, HandedIn):
            raise BugError(f"handing in was refused: {made}")
        write(story.folder, SLIP, device.files.read(made.slip))
        slip = made.ref
    names = ", ".join(sorted({one.number for one in sheets}))
    story.tale.tell(
        Both(
            f"{KEEPER.name_en} hands {counted(len(sheets), 'old sheet')} in to the county's keeper, of {names}; "
            "both sign the slip",
            f"{KEEPER.name}向县级管理员上缴旧证 {len(sheets)} 联（{names.replace(', ', '、')}），双方在清单上签字",
        ),
        place="desk",
        online=True,
        kind="handed_in",
    )
    story.met_province(story.stage.catch_up(desk))
    _count_in(story, slip, len(sheets))


def _count_in(story: Story, slip: str, sheets: int) -> None:
    """Handed in is the station's word; settled is what the keeper above has counted."""
    story.clock.go("17:16")
    institutions.count_in(slip, sheets)
    keeper = COUNTY_KEEPER
    story.tale.tell(
        Both(
            f"{keeper.keeper_en} counts the slip in at the county: {counted(sheets, 'sheet')}, none missing",
            f"县级管理员{keeper.keeper_name}逐联清点收回：{sheets} 联，无缺",
        ),
        place="province",
        online=True,
        kind="counted_in",
    )
