"""``inspector demo [--lang en|zh] [--out DIR] [--phone]``: one working day, told line by line, left as a folder."""

from __future__ import annotations

import io
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from inspector_app import bootstrap, config
from inspector_app.clock import SystemClock
from inspector_app.demo import (
    altered,
    books,
    cloned,
    days_before,
    desk,
    evening,
    field,
    former_papers,
    old_for_new,
    papers,
    phone,
    power_cut,
    stocktake,
)
from inspector_app.demo.books import Agreement
from inspector_app.demo.out_folder import DemoError, OutFolder
from inspector_app.demo.papers import Papers
from inspector_app.demo.reckoning import equations
from inspector_app.demo.stage import LAPTOP, PROVINCE, Stage
from inspector_app.demo.story import Story
from inspector_app.demo.story_clock import StoryClock, seconds_until_safe
from inspector_app.demo.telling import Both, Tale
from inspector_app.domain.sentences import describe_fault
from inspector_app.errors import BugError, StationError
from inspector_app.practice import world

DONE, FAULT, INTERRUPTED = 0, 3, 130
PASSPHRASE_FILE, SUMMARY, INDEX = "passphrase.txt", "summary.json", "index.html"

DAY: tuple[Callable[[Story], object], ...] = (
    days_before.tell,
    field.prepare,
    field.first_pond,
    desk.withdraw,
    former_papers.ask,
    field.morning,
    field.afternoon,
    desk.print_for_the_vet,
    field.awaiting,
    stocktake.count,
    evening.catch_up,
    stocktake.follow,
    old_for_new.draw_third,
)


def main(argv: Sequence[str]) -> int:
    """Run the demonstration; 0 done, 2 wrong usage, 3 the environment does not allow it."""
    arguments = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that knows no Chinese
    try:
        return power_cut.play(arguments) if arguments.cut_power else _demonstrate(arguments)
    except BrokenPipeError:
        sys.stdout = io.StringIO()  # whoever read along has gone; nothing is left to be told
        return INTERRUPTED
    except DemoError as error:
        print(error.said.said(arguments.lang), file=sys.stderr)
    except StationError as error:
        said = describe_fault(bootstrap.sentences(), error.code, error.details, arguments.lang)
        print("\n".join(part for part in (said.happened, said.safe, said.todo) if part), file=sys.stderr)
    except KeyboardInterrupt:
        return INTERRUPTED
    return FAULT


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="inspector demo", description="One working day of a station, with invented people (演示一个工作日)."
    )
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="language of what is told")
    parser.add_argument("--out", default="out", metavar="DIR", help="folder to leave the papers in (default: out)")
    parser.add_argument("--phone", action="store_true", help="then show the public page to phones for ten minutes")
    parser.add_argument("--phone-seconds", type=int, default=phone.SECONDS, help=SUPPRESS)
    # What a child process of the power cut is told.
    parser.add_argument("--cut-power", choices=(power_cut.INSIDE, power_cut.AFTER), default="", help=SUPPRESS)
    parser.add_argument("--home", help=SUPPRESS)
    parser.add_argument("--at", type=int, help=SUPPRESS)
    parser.add_argument("--mono", type=int, help=SUPPRESS)
    return parser


class Day(NamedTuple):
    """A day that is over: its story, what it left on paper, and who says what of every number."""

    story: Story
    papers: Papers
    agreement: Agreement


def _demonstrate(arguments: Namespace) -> int:
    _wait_past_midnight(arguments.lang)
    clock = StoryClock(SystemClock().now().at)
    tale = Tale(clock, arguments.lang)
    out = OutFolder(Path(arguments.out))
    if out.was_used:
        tale.say(
            Both(
                f"{out.folder} holds an earlier demonstration: its own files are replaced, all others stay.",
                f"{out.folder} 中已有以前的演示：只替换演示自己的文件，其他文件保留。",
            )
        )
    stage = Stage(out.begin(), clock)
    try:
        day = _play(stage, tale, clock, hosts=[phone.own_address()] if arguments.phone else [])
        _leave(day)
        stage.close()
        out.finish()
    except BaseException:
        stage.close()
        out.abandon()
        raise
    _farewell(tale, _as_typed(out.folder), day)
    if arguments.phone:
        province = out.folder / PROVINCE
        phone.serve(tale, province, day.papers, seconds=arguments.phone_seconds, colours=sys.stdout.isatty())
    return DONE


def _wait_past_midnight(lang: str) -> None:
    seconds = seconds_until_safe(SystemClock())
    if seconds:
        said = Both(
            f"It is just before midnight in China, and a certificate B ends with its day: waiting {seconds:.0f} s.",
            f"即将到北京时间零点，B 证仅当日有效：等待 {seconds:.0f} 秒。",
        )
        print(said.said(lang), flush=True)
        SystemClock().wait(seconds)


def _play(stage: Stage, tale: Tale, clock: StoryClock, *, hosts: list[str]) -> Day:
    story = Story(stage, tale, clock)
    _introduce(tale, clock)
    clock.go("07:30", -4)
    stage.found_province(*hosts)
    for chapter in DAY:
        chapter(story)
    closed = evening.close_day(story)
    left = papers.leave(stage, closed)
    books.leave(story)
    agreed = _account(story)
    clock.go("17:40")
    tale.head(Both("And if …", "如果……"))
    altered.change_a_digit(story, left, papers.leave_trust(stage), story.numbers["grass"])
    cloned.copy_the_home(story)
    return Day(story, left, agreed)


def _account(story: Story) -> Agreement:
    """Tell whether the continuity reports of both computers and of the province are the same."""
    found = books.agreement(story.stage)
    if not found.agree:
        raise BugError(f"station and province account differently: {found.differing}")
    numbers = sum(one.size for one in found.reports["province"].stretches)
    story.tale.tell(
        Both(
            f"The continuity report of all {numbers:,} numbers drawn: laptop, desk and province say the same of each, "
            "none is unexplained",
            f"已领用的 {numbers:,} 个号连号核对：笔记本、窗口电脑、省平台逐号一致，无一未说明",
        ),
        place="province",
        online=True,
        kind="continuity",
    )
    return found


def _introduce(tale: Tale, clock: StoryClock) -> None:
    tale.say(
        Both(
            "One working day of Gaoyou Lake West, a quarantine station for aquatic seed in Jiangsu: the vet Lu Qinghe\n"
            "at the ponds with a laptop, the clerk Qian Xiaoman at the station's desk with a computer. Every line\n"
            "below is done by the real program: two devices with encrypted homes, a provincial server, signatures,\n"
            "papers marked 练习 · SPECIMEN, byte for byte what a printer would get. Played are the printers (each is\n"
            "a folder), the missing cable (a missing folder), the jam (the clerk's answer), and what people do and\n"
            "see at the ponds. People, farms and plates are invented; species and counties are real.",
            "江苏高邮湖西水产苗种检疫申报点的一个工作日：兽医陆清河带笔记本下塘，打印员钱小满在站里用窗口电脑。\n"
            "以下每一行都由真实程序完成：两台加密账本的设备、省平台、真实签名，纸证标注“练习 · SPECIMEN”，\n"
            "内容与送往打印机的字节完全相同。模拟的是：打印机（文件夹）、未接的线（没有该文件夹）、\n"
            "卡纸（打印员的答复），以及塘边的所见所为。人员、养殖场和车牌均为虚构，物种和县市真实。",
        )
    )
    if clock.is_pressed:
        tale.say(
            Both(
                "It is early in China: the day from 07:40 to 17:50 is pressed together so that none of it lies ahead.",
                "北京时间尚早：07:40 至 17:50 的工作日按比例压缩，全部发生在此刻之前。",
            )
        )


def _leave(day: Day) -> None:
    """Write summary and page beside the papers."""
    from inspector_app.demo.page.index import draw

    story, left = day.story, day.papers
    rows = story.stage.laptop.device.rows.many("certificates", order="kind, digits")
    summary = {
        "certificates": [papers.summary_line(row, left.current(str(row["number"]))) for row in rows],
        "equations": equations(story.stage),
        "continuity": books.summary(day.agreement),
    }
    folder = story.folder
    papers.write(folder, SUMMARY, msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n")
    papers.write(folder, PASSPHRASE_FILE, f"{world.PASSPHRASE}\n".encode())
    papers.write(folder, INDEX, draw(story, left, day.agreement).encode())


def _farewell(tale: Tale, out: Path, day: Day) -> None:
    count = sum(len(prints) for prints in day.papers.prints.values())
    places = (
        (INDEX, Both("the day in pictures, every number explained", "一天的经过，每个证号的去向")),
        (papers.CERTIFICATES, Both(f"{count} prints as PDF, thermal strips as PNG", f"{count} 份打印件，热敏证为 PNG")),
        (papers.DAY_CLOSE, Both("the day's sheets, to be signed by hand", "待签字的日结单")),
        (books.FOLDER, Both("four ledger books as official forms", "四本台账（官方格式）")),
        (former_papers.FOLDER, Both("the request to destroy six old stubs", "六份旧存根的销毁申请单")),
        (SUMMARY, Both("the eight certificates, both equations, the continuity report", "八张证、两个等式、连号核对")),
        (LAPTOP, Both("the vet's encrypted home", "兽医的加密账本")),
    )
    tale.head(Both("Where to look", "请看"))
    for name, what in places:
        tale.say(Both(f"  {out / name}  {what.en}", f"  {out / name}  {what.zh}"))
    tale.head(Both("What to try next, in the folder of run.py", "接着可以在 run.py 所在文件夹中试试"))
    run = f"{_python()} -m inspector_app"
    replaced = out / papers.CERTIFICATES / "B-9900000004-print-1.pdf"
    tale.say(Both(*[f"  {run} verify {replaced} --trust {out / papers.TRUST}"] * 2))
    home = f"--home {out / LAPTOP} --passphrase-file {out / PASSPHRASE_FILE}"
    tale.say(Both(*[f"  {run} {home} doctor"] * 2))
    tale.say(Both(*[f"  {run} {home} numbers"] * 2))


def _as_typed(folder: Path) -> Path:
    """The folder as one types it from where run.py lies."""
    root = config.RESOURCES.parent
    return folder.relative_to(root) if folder.is_relative_to(root) else folder


def _python() -> str:
    """The interpreter as one types it from the folder of run.py."""
    return _as_typed(Path(sys.executable)).as_posix()
