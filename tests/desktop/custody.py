"""A practice station in its second year, for pictures of custody: old sheets whose term has passed, a store, a loss.

The clock is in the hand, because nothing is destroyed before a year has passed; everything else is the real thing.
"""

from __future__ import annotations

from pathlib import Path

from inspector_app.clock import MS_PER_DAY, legal_date
from inspector_app.domain.authority import Lease
from inspector_app.domain.late_rejections import OWNERS, late_case
from inspector_app.domain.verdicts import Judgement, VerdictSheet
from inspector_app.journal.feed import Acknowledged
from inspector_app.services import following_losses, keeping, supervision
from inspector_app.services.day_close import close_day, unclosed_days
from inspector_app.services.destroying import review
from inspector_app.services.device import Device, Session
from inspector_app.services.losses import report_loss
from inspector_app.services.on_desk import Sheet
from inspector_app.services.sheet_custody import spoil_sheet
from inspector_app.services.sign_in import LockedHome
from inspector_app.services.supervision import VisitForm
from tests.office import HEAD, VET, HandClock
from tests.services.old_papers import collected, due, photo, requested, staff, written_off
from tests.services.work import acting, done, printed
from tests.ui.station import Station, Surroundings, station_parts

HOME, CLOCK = "home", "at.txt"
LIST = """类别,种类,起号,止号,页数,状态,日期,备注
纸证,B,3200000001,3200000003,2,空白,,封条完好
纸证,B,3200000011,,2,损坏,,
编号,A,3200000101,3200000110,,已用,,
案件,,,,,,2026-10-08,少一本存根
纸证,B,3200000002,,2,空白,,
编号,A,3200000201,3200000150,,已用,,
纸证,X,3200000044,,2,空白,,
"""
"""What was found at a former system, with three rows that do not fit."""


class Custody:
    """The home as a window opens it, and what is around it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        clock = HandClock(int((folder / CLOCK).read_text()))
        self.home = LockedHome(folder / HOME, station_parts(clock), doing="pictures of custody")
        self.around = Surroundings()

    def close(self) -> None:
        """Give the home back."""
        self.home.close()


def fill_custody(folder: Path) -> None:
    """Found the station and let a year of custody go by; the vet is keeper, as at the smallest stations."""
    folder.mkdir(parents=True)
    station = Station(folder / HOME)
    device = station.at
    staff(station.office, device)
    head = station.office.let_join(device, station.folder, station.parts, HEAD)
    _requests(device, station.clock, head)
    now = station.clock.at
    station.office.publish(device, Lease(device.id, now, now + 90 * MS_PER_DAY, 0, b""))
    _spoiled(device, station.clock)
    _stores(device)
    _loss(device, head)
    _visits(device, station.clock)
    _close_days(device)
    collected(device)
    _remarks(station, device)
    station.rest()
    (folder / CLOCK).write_text(str(station.clock.at))


def _remarks(station: Station, device: Device) -> None:
    """The province holds all but the last entries, and has something to say on three papers; one term has passed."""
    head, now = device.store.head().seq, device.clock.now().at
    heard = Acknowledged("1-aa", head - 2, device.store.hash_at(head - 2), b"", 0, now - MS_PER_DAY)
    device.store.note_acknowledged(heard)
    papers = device.rows.many("certificates", device=device.id)[-3:]
    codes = (Judgement.TIME_DIFFERS, Judgement.GRANT_EXPIRED, Judgement.KIND_WRONG)
    for paper, code, days in zip(papers, codes, (-2, 3, 1), strict=True):
        seq = int(str(paper["ref"]).rpartition("/")[2])
        case = late_case(code)
        due_on = legal_date(now + days * MS_PER_DAY)
        owner = f"station/1/{OWNERS[case]}"
        said = VerdictSheet(device.id, seq, False, False, code, now, owner, due_on)
        station.office.publish(device, said)


def _requests(device: Device, clock: HandClock, head: Session) -> None:
    """Three sheets whose year has passed: one in a reviewed request, one ready, one nobody wrote off."""
    ready, suspect = collected(device), collected(device)
    written_off(device, ready)
    written_off(device, suspect, same_hand=False)
    collected(device)
    ref = requested(device, due(device, clock))
    with acting(device, head):
        done(review(device, ref, counted=1))


def _spoiled(device: Device, clock: HandClock) -> None:
    for category, days in (("damaged", 40), ("wrong_make", 3)):
        _close_days(device)
        number = printed(device)
        done(spoil_sheet(device, number, Sheet(1, 1), category=category, photos=photo(device)))
        clock.forward(days=days)


def _close_days(device: Device) -> None:
    for day in unclosed_days(device):
        done(close_day(device, day))


def _stores(device: Device) -> None:
    measures = ["fire_extinguisher", "off_the_floor", "iron_cabinet"]
    done(
        keeping.describe_store(
            device,
            "main",
            sort="cabinet",
            measures=measures,
            note="湖西新区天山村办公楼二楼东侧档案室内的双锁铁皮柜，钥匙分别由站长和管理员保管，柜内附干燥剂",
        )
    )
    done(keeping.assign_store(device, "main", VET))
    draw = str(device.rows.many("draws", kind="B")[0]["draw"])
    done(keeping.receive_draw(device, draw, "main"))
    done(keeping.check_store(device, "main", findings=["lock_broken"], attachments=photo(device)))
    measures = ["smoke_alarm", "dehumidifier", "locked_room"]
    done(keeping.describe_store(device, "room-2", sort="room", measures=measures))


def _loss(device: Device, head: Session) -> None:
    loss = done(report_loss(device, "B", "9900000300-302", cause="stolen"))
    with acting(device, head):
        done(following_losses.draft_papers(device, loss))
        clipping = photo(device)
        done(following_losses.publish(device, loss, medium="newspaper", name="练习日报", attachments=clipping))
        done(following_losses.report(device, loss, to="authority"))
    done(report_loss(device, "A", "9900000390", cause="damaged"))


def _visits(device: Device, clock: HandClock) -> None:
    findings, by = ["stocktake_late", "storage_poor"], device.today()
    ref = _visit(device, findings, by)
    done(supervision.record_rectification(device, ref, ["storage_poor"], attachments=photo(device)))
    clock.forward(days=2)
    _visit(device, [], "")


def _visit(device: Device, findings: list[str], by: str) -> str:
    form = VisitForm(
        findings=findings,
        rectify_by=by,
        official="顾巡查、欧阳督导（练习）",
        unit="扬州市高邮市农业农村局渔业渔政监督管理科（水生动物卫生监督）",
    )
    return done(supervision.record_visit(device, form))
