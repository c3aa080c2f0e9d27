"""The evening: both devices catch up, the province says what holds, the day is closed."""

from __future__ import annotations

from inspector_app.demo import doubled
from inspector_app.demo.stage import done
from inspector_app.demo.story import PLACES, Story
from inspector_app.demo.telling import Both
from inspector_app.errors import BugError
from inspector_app.services import day_close
from inspector_app.services.day_close import Closed

MOST_ROUNDS = 6


def catch_up(story: Story) -> None:
    """Both devices meet the province again, and once more until nothing is left to say."""
    stage, tale = story.stage, story.tale
    story.clock.go("17:00")
    tale.head(Both("Back in the network", "恢复联网"))
    wire = stage.wire()
    contact = stage.catch_up(stage.laptop, wire)
    story.met_province(contact)
    doubled.upload_again(story, wire, contact)
    story.met_province(stage.catch_up(stage.desk))
    story.clock.go("17:03")
    for seat in (stage.laptop, stage.desk):
        story.met_province(stage.catch_up(seat))
    require_undisputed(story)
    tale.tell(
        Both(
            "The province has checked every entry by the same rules: nothing disputed, nothing to put right",
            "省平台已按同一规则逐条核对：无争议，无需更正",
        ),
        place="province",
        online=True,
        kind="verdicts",
    )


def require_undisputed(story: Story) -> None:
    """BugError where the province disputes anything."""
    for seat in (story.stage.laptop, story.stage.desk):
        if verdicts := seat.device.rows.many("verdicts"):
            raise BugError(f"the province disputes: {verdicts}")


def close_day(story: Story) -> dict[str, Closed]:
    """Close the day on both devices and let the province know."""
    stage, tale = story.stage, story.tale
    closed = {}
    for seat, time in ((stage.laptop, "17:20"), (stage.desk, "17:24")):
        story.clock.go(time)
        result = day_close.close_day(seat.device, seat.device.today())
        done(result)
        if not isinstance(result, Closed):
            raise BugError("the day was not closed")
        closed[seat.place] = result
        sheet = day_close.day_sheet(seat.device, seat.device.today())
        keeper = sheet.keeper
        tale.tell(
            Both(
                f"{seat.place}: day closed; copies on paper {keeper.opening} + {keeper.came_in} = {keeper.went_out} + "
                f"{keeper.closing}, numbers and paper both {'balance' if sheet.equations_hold else 'DO NOT balance'}",
                f"{PLACES[seat.place].zh}：日结完成；纸证 {keeper.opening} + {keeper.came_in} = {keeper.went_out} + "
                f"{keeper.closing}，两个等式{'均成立' if sheet.equations_hold else '不成立'}",
            ),
            place=seat.place,
            online=True,
            kind="closed",
        )
    story.clock.go("17:30")
    come_to_rest(story)
    return closed


def come_to_rest(story: Story) -> None:
    """Contacts until neither side has anything left to say. BugError when they never come to rest."""
    stage = story.stage
    for _ in range(MOST_ROUNDS):
        contacts = [stage.catch_up(seat) for seat in (stage.laptop, stage.desk)]
        for contact in contacts:
            story.met_province(contact)
        if not any(contact.pushed or contact.pulled for contact in contacts):
            break
    else:
        raise BugError("province and devices do not come to rest")
    require_undisputed(story)
    story.tale.tell(
        Both(
            "Both sides at rest: no entry and no document left for anybody",
            "双方均已无话可说：没有待上传的记录，也没有待下发的文件",
        ),
        place="province",
        online=True,
    )
