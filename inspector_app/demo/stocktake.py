"""A stocktake with one difference: a copy of the replaced certificate is not there.

It becomes a case and a loss: a void paper nobody can find might travel. The evening's public notice says so.
"""

from __future__ import annotations

from inspector_app.demo import acts, institutions
from inspector_app.demo.papers import write
from inspector_app.demo.stage import Seat, done
from inspector_app.demo.story import Story
from inspector_app.demo.telling import Both
from inspector_app.errors import BugError
from inspector_app.services import ceremony, custody_cases, following_losses, stocktaking
from inspector_app.services.following_losses import LossPapers
from inspector_app.services.on_desk import Sheet
from inspector_app.services.sheet_custody import lose_sheet
from inspector_app.services.stocktaking import Closed

KIND, SECOND_COPY = "B", Sheet(1, 2)
STUBS, VOID = "9900000001-3，9900000005", "9900000004"
UNUSED = "9900000007-9900000100"
DIFFERENCE = EXPECTED, FOUND = 6, 5
FOLDER, CLOSED, LOSS = "loss", "stocktake", "loss"
PAPERS = {"notice": "notice.pdf", "to_authority": "report-authority.pdf", "to_institution": "report-institution.pdf"}
MEDIUM = "高邮市政府网站（练习）"


def count(story: Story) -> None:
    """The vet, back at the station, counts the papers of the laptop; one of the two void copies is not there."""
    seat = story.stage.laptop
    device, void = seat.device, story.numbers["crab before"]
    story.clock.go("16:00")
    done(stocktaking.open_stocktake(device, kinds=(KIND,)))
    done(stocktaking.count_stock(device, "on_hand", KIND, STUBS, pages=EXPECTED - 2))
    done(stocktaking.count_stock(device, "on_hand", KIND, VOID, pages=1))
    done(stocktaking.count_stock(device, "unused", KIND, UNUSED))
    story.clock.go("16:06")
    closed = _close(seat, [story.numbers["crucian"], story.numbers["crab"]])
    story.acts[CLOSED], story.acts["case"] = closed.ref, closed.cases[0]
    story.tale.tell(
        Both(
            f"Stocktake of the laptop's papers B: {EXPECTED} copies in the book, {FOUND} there, and a case is opened; "
            f"it is the second copy of {void}, replaced this morning, that cannot be found",
            f"盘点笔记本 B 证：账上 {EXPECTED} 联，实有 {FOUND} 联，自动立案；缺的是上午被替换的 {void} 第二联",
        ),
        kind="stocktake",
        number=void,
    )
    story.clock.go("16:10")
    story.acts[LOSS] = done(lose_sheet(device, void, SECOND_COPY, cause="lost"))
    story.tale.tell(
        Both(
            f"{void}: the missing copy is reported lost; whoever shows it would be told “replaced”, and the public "
            "will be told not to accept it",
            f"{void} 所缺一联报遗失；出示者查验将显示“已被替换”，并将公告作废",
        ),
        kind="lost",
        number=void,
    )


def _close(seat: Seat, photographed: list[str]) -> Closed:
    """Who counts alone photographs the first and the last sheet."""
    photos = [acts.photograph(seat, number) for number in photographed]
    closed = stocktaking.close_stocktake(seat.device, attachments=photos)
    if not isinstance(closed, Closed) or [(one.expected, one.counted) for one in closed.differences] != [DIFFERENCE]:
        raise BugError(f"the story's stocktake has one difference: {closed}")
    return closed


def follow(story: Story) -> None:
    """The head confirms the stocktake, has notice and reports drawn, published and sent, and concludes."""
    desk, void = story.stage.desk, story.numbers["crab before"]
    story.clock.go("17:05")
    with desk.used_by(institutions.HEAD) as device:
        done(ceremony.confirm_act(device, story.acts[CLOSED]))
        made = following_losses.draft_papers(device, story.acts[LOSS])
        if not isinstance(made, LossPapers):
            raise BugError(f"the papers of the loss were refused: {made}")
        for name, file in PAPERS.items():
            write(story.folder, f"{FOLDER}/{file}", device.files.read(getattr(made, name)))
    head = institutions.HEAD
    story.tale.tell(
        Both(
            f"{head.name_en} confirms the stocktake as the second person and has the public notice and two reports "
            f"drawn: the missing copy of {void} is void",
            f"{head.name}作为第二人复核盘点，制作作废公告和两份报告：{void} 所缺一联作废",
        ),
        place="desk",
        online=True,
        kind="notice_drawn",
    )
    story.clock.go("17:07")
    _conclude(story)
    story.tale.tell(
        Both(
            "The notice stands on the county's website, the reports went to the authority of the same level and to the "
            "institution above; loss and case are concluded: careless keeping, the keeper instructed",
            "公告已在县政府网站刊登，报告已送同级主管部门和上一级机构；结案：保管不慎，批评教育",
        ),
        place="desk",
        online=True,
        kind="concluded",
    )


def _conclude(story: Story) -> None:
    desk, loss = story.stage.desk, story.acts[LOSS]
    shown = acts.photograph(desk, story.numbers["catfish"])
    with desk.used_by(institutions.HEAD) as device:
        done(following_losses.publish(device, loss, medium="website", name=MEDIUM, attachments=[shown]))
        for to in ("authority", "institution"):
            done(following_losses.report(device, loss, to=to))
        done(following_losses.conclude(device, loss, cause="carelessness", conclusion="instructed"))
        done(custody_cases.conclude_case(device, story.acts["case"], cause="lost", conclusion="loss_reported"))
