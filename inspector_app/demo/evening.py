"""The evening: both devices catch up, the province says what holds, the day is closed."""

from __future__ import annotations

from inspector_app.demo import doubled
from inspector_app.demo.stage import Seat, done
from inspector_app.demo.story import Story
from inspector_app.demo.telling import Both
from inspector_app.errors import BugError
from inspector_app.services import day_close
from inspector_app.services.day_close import Closed


def catch_up(story: Story) -> None:
    """Both devices meet the province again, and once more until nothing is left to say."""
    stage, tale = story.stage, story.tale
    story.clock.go("17:00")
    tale.head(Both("Back in the network", "恢复联网"))
    wire = stage.wire()
    for seat in (stage.laptop, stage.desk):
        used = wire if seat is stage.laptop else stage.wire()
        contact = stage.catch_up(seat, used)
        tale.tell(
            Both(
                f"{seat.place}: {contact.pushed} entries up in {contact.bytes_up:,} bytes, "
                f"{contact.pulled} documents down in {contact.bytes_down:,} bytes, {contact.requests} requests; "
                f"{contact.waiting} waiting",
                f"{_name(seat)}：上传 {contact.pushed} 条（{contact.bytes_up:,} 字节），收到 {contact.pulled} 份"
                f"（{contact.bytes_down:,} 字节），{contact.requests} 次请求；待上传 {contact.waiting}",
            ),
            place=seat.place,
            online=True,
            kind="contact",
        )
        if seat is stage.laptop:
            doubled.upload_again(story, wire)
    story.clock.go("17:03")
    for seat in (stage.laptop, stage.desk):
        stage.catch_up(seat)
    for seat in (stage.laptop, stage.desk):
        if seat.device.rows.many("verdicts"):
            raise BugError(f"the province disputes: {seat.device.rows.many('verdicts')}")
    tale.tell(
        Both(
            "The province has checked every entry by the same rules: nothing disputed, nothing to put right",
            "省平台已按同一规则逐条核对：无争议，无需更正",
        ),
        place="province",
        online=True,
        kind="verdicts",
    )


def _name(seat: Seat) -> str:
    return "笔记本" if seat.place == "laptop" else "窗口电脑"


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
                f"{seat.place}: day closed; paper {keeper.opening} + {keeper.came_in} = {keeper.went_out} + "
                f"{keeper.closing}, numbers and paper both {'balance' if sheet.equations_hold else 'DO NOT balance'}",
                f"{_name(seat)}：日结完成；纸证 {keeper.opening} + {keeper.came_in} = {keeper.went_out} + "
                f"{keeper.closing}，两个等式{'均成立' if sheet.equations_hold else '不成立'}",
            ),
            place=seat.place,
            online=True,
            kind="closed",
        )
    story.clock.go("17:30")
    for _ in range(2):
        for seat in (stage.laptop, stage.desk):
            stage.catch_up(seat)
    return closed
