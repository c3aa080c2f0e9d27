"""The clerk at the desk: a withdrawal in the morning, a print order from the field in the afternoon."""

from __future__ import annotations

from inspector_app.demo import acts
from inspector_app.demo.cast import CANCELLED, CATFISH
from inspector_app.demo.stage import done
from inspector_app.demo.story import Story, cargo
from inspector_app.demo.telling import Both
from inspector_app.practice.world import CLERK
from inspector_app.services import declaring, print_jobs, print_orders
from inspector_app.store.disk import LocalDisk

DESK_LASER = "desk laser"
ORDERS = "print-orders"


def withdraw(story: Story) -> None:
    """The buyer cancelled: the declarant takes the declaration back."""
    seat = story.stage.desk
    story.clock.go("08:25")
    declaration = story.declarations[CANCELLED.name]
    done(declaring.withdraw_declaration(seat.device, declaration, reason="trip_cancelled"))
    what = cargo(CANCELLED)
    story.tale.tell(
        Both(
            f"Withdrawn by telephone · {CANCELLED.farm.name_en} · {what.en} · the buyer cancelled",
            f"电话撤回申报 · {CANCELLED.farm.name} · {what.zh} · 买方取消调运",
        ),
        place="desk",
        kind="withdrawn",
    )


def print_for_the_vet(story: Story) -> None:
    """A sealed print order comes on a stick; the clerk prints, the paper jams, a spare print is released."""
    number = story.numbers[CATFISH.name]
    _bring_order(story, number)
    seat = story.stage.desk
    story.plug_in(seat, DESK_LASER)
    printer = story.printer(seat, DESK_LASER)
    story.clock.go("15:24")
    acts.print_out(seat, number, printer, "spoiled")
    story.tale.tell(
        Both(
            f"{number} print 1 jams; the spoiled paper, both copies, is kept and recorded",
            f"{number} 第 1 次打印卡纸；废页（两联）留存并登记",
        ),
        place="desk",
        kind="jam",
        number=number,
    )
    story.clock.go("15:27")
    print_no = done(print_jobs.release_spare(seat.device, number, reason="paper_jam", spoiled=[1, 2]))
    acts.print_out(seat, number, printer)
    story.tale.tell(
        Both(
            f"{number} print {print_no} released with its reason and printed; signed by the vet at issue, "
            f"unsealed by {CLERK.name_en}, who cannot sign; print 1 no longer counts",
            f"{number} 第 {print_no} 次打印：登记理由后启用并打印；兽医签发时已签名，"
            f"{CLERK.name}只能启用、不能签发；第 1 次打印件失效",
        ),
        place="desk",
        kind="spare",
        number=number,
    )
    story.clock.go("15:35")
    acts.hand_over(seat, number)
    story.tale.tell(
        Both(
            f"{number} signed by hand by the vet, back at the station, and sealed; the second copy goes with the "
            "driver, the first is filed",
            f"兽医回站手签 {number} 并盖章；第二联交承运人，第一联归档",
        ),
        place="desk",
        number=number,
    )


def _bring_order(story: Story, number: str) -> None:
    laptop, desk = story.stage.laptop, story.stage.desk
    story.clock.go("14:44")
    sealed = print_orders.order_print(laptop.device, number, desk.device.id)
    if not isinstance(sealed, bytes):
        done(sealed)
        return
    path = story.folder / ORDERS / f"{number.replace(' ', '-')}.order"
    LocalDisk(story.clock).replace(path, sealed)
    story.tale.tell(
        Both(
            f"{number}: print order of {len(sealed):,} bytes, which only the desk can open, on a stick for the driver",
            f"{number}：打印单 {len(sealed):,} 字节，只有窗口电脑能打开，存入 U 盘，由承运人带去",
        ),
        kind="order",
        number=number,
    )
    story.clock.go("15:20")
    done(print_orders.receive_order(desk.device, path.read_bytes()))
    story.tale.tell(
        Both(
            f"{number}: order taken in, the vet's signature checked without a network",
            f"{number}：打印单已接收，离线核对兽医签名",
        ),
        place="desk",
        kind="ordered",
        number=number,
    )
