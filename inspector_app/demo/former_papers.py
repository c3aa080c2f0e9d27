"""Papers of a former system: taken over on the first day, and the old ones asked to be destroyed.

Six stubs are older than the two years for which a stub is kept, four are not. The keeper asks for all ten first.
"""

from __future__ import annotations

from inspector_app.demo import institutions
from inspector_app.demo.papers import write
from inspector_app.demo.stage import done, refused
from inspector_app.demo.story import Story, counted
from inspector_app.demo.telling import Both
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.writing_off import CHECKS, CopyRead
from inspector_app.errors import BugError
from inspector_app.journal.entries.sheets import SheetName
from inspector_app.practice.world import KEEPER
from inspector_app.services import ceremony, day_close, destroying, keeping, opening, writing_off
from inspector_app.services.destroying import Requested
from inspector_app.services.device import Device

STORE = "main"
HEADINGS = "类别,种类,起号,止号,页数,状态,日期,备注"
OLD, YOUNG = ("9924000101", "9924000106"), ("9925000201", "9925000204")
OLD_DAYS, YOUNG_DAYS, DAYS_IN_USE = 800, 400, 30
"""How many days ago the stubs were filed, and how long before that their certificates were issued."""
PLANNED_IN_DAYS = 7
REQUEST, FOLDER = "request", "destruction"


def take_over(story: Story) -> None:
    """The keeper takes ten stubs of the former system over from a list; the head confirms."""
    desk = story.stage.desk
    story.clock.go("08:30", -4)
    for person in (KEEPER, institutions.HEAD):
        desk.let_join(person)
    with desk.used_by(KEEPER) as device:
        done(keeping.assign_store(device, STORE, KEEPER.number))
        drawn = [str(row["draw"]) for row in device.rows.many("draws", order="issued_at")]
        for draw in drawn:
            done(keeping.receive_draw(device, draw, STORE))
        act = done(opening.record_opening(device, _list(story).encode(), STORE))
    with desk.used_by(institutions.HEAD) as device:
        done(ceremony.confirm_act(device, act))
    story.tale.tell(
        Both(
            f"The keeper {KEEPER.name_en} takes the first {counted(len(drawn), 'draw')} into the store",
            f"管理员{KEEPER.name}把首批领用（{len(drawn)} 次）签收入柜",
        ),
        place="desk",
    )
    story.tale.tell(
        Both(
            f"The keeper {KEEPER.name_en} takes ten stubs of the former system over from a list, six filed more than "
            f"two years ago, four last year; the head {institutions.HEAD.name_en} confirms",
            f"管理员{KEEPER.name}按清单接收旧系统存根十份：六份归档已满两年，四份为去年归档；"
            f"站长{institutions.HEAD.name}复核",
        ),
        place="desk",
    )


def close_first_day(story: Story) -> None:
    """Papers came in on the first day, so the desk closes it: no day is closed before an earlier one."""
    story.clock.go("17:30", -4)
    device = story.stage.desk.device
    done(day_close.close_day(device, device.today()))
    story.tale.tell(Both("The desk closes its first day", "窗口电脑完成首日日结"), place="desk")


def _list(story: Story) -> str:
    lots = ((OLD, OLD_DAYS), (YOUNG, YOUNG_DAYS))
    rows = [f"纸证,B,{first},{last},1,在存,{story.clock.date(-days)}," for (first, last), days in lots]
    return "\n".join([HEADINGS, *rows]) + "\n"


def ask(story: Story) -> None:
    """Each old stub is checked, the request is drawn, the head reviews it; the younger ones have to be kept."""
    desk = story.stage.desk
    story.clock.go("08:30")
    with desk.used_by(KEEPER) as device:
        for lot, days in ((OLD, OLD_DAYS), (YOUNG, YOUNG_DAYS)):
            for name in _names(*lot):
                _write_off(device, name, story.clock.date(-days - DAYS_IN_USE))
        early = refused(_request(story, device, [*_names(*OLD), *_names(*YOUNG)]))
        story.was_refused(
            Both("Asking to destroy all ten stubs of the former system", "申请销毁旧系统全部十份存根"),
            early,
            Both("too early", "未到期"),
            place="desk",
        )
        story.clock.go("08:34")
        made = _request(story, device, _names(*OLD))
        if not isinstance(made, Requested):
            raise BugError(f"the request was refused: {made}")
        write(story.folder, f"{FOLDER}/{REQUEST}.pdf", device.files.read(made.form))
    story.tale.tell(
        Both(
            f"{KEEPER.name_en} has checked all ten and asks to destroy the six whose two years are over: the request "
            "for destruction, which four different persons have to agree to",
            f"{KEEPER.name}已核销十份，申请销毁满两年的六份：生成销毁申请单，须四人同意",
        ),
        place="desk",
        kind="request",
    )
    story.clock.go("08:38")
    with desk.used_by(institutions.HEAD) as device:
        done(destroying.review(device, made.ref, counted=len(_names(*OLD))))
    story.tale.tell(
        Both(
            f"{institutions.HEAD.name_en} counts the six and reviews the request; deputy leader and legal "
            "representative have yet to sign and seal it, nothing is destroyed before",
            f"{institutions.HEAD.name}清点六份并初审；分管领导、法定代表人尚待签字盖章，此前不得销毁",
        ),
        place="desk",
        kind="reviewed",
    )


def _names(first: str, last: str) -> list[SheetName]:
    digits = (str(value).zfill(len(first)) for value in range(int(first), int(last) + 1))
    return [SheetName("B", one, 0, 1) for one in digits]


def _write_off(device: Device, name: SheetName, issued_on: str) -> None:
    read = CopyRead(sheet=1, issued_on=issued_on, quantity=Quantity(200_000, 0, 1))
    checks = [check.code for check in device.catalogue.checks(CHECKS, device.today())]
    form = writing_off.WriteOffForm(number=name.number, print=0, checks=checks, copies=[read], same_hand=True)
    done(writing_off.write_off(device, form))


def _request(story: Story, device: Device, names: list[SheetName]) -> object:
    planned = story.clock.date(PLANNED_IN_DAYS)
    return destroying.request_destruction(device, names, method="shredding", planned_on=planned, counted=len(names))
