"""The power is cut in the middle of issuing: a real child process opens the home, issues, and is killed.

Once inside the transaction, once right after it was committed and before anybody was told. SIGKILL leaves a process no
chance to tidy up; what a pulled plug does to unwritten pages is another matter and tried elsewhere (``tests/crash``).
"""

from __future__ import annotations

import subprocess
import sys
import threading
from argparse import Namespace
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from inspector_app import bootstrap, config
from inspector_app.demo.stage import Seat, done
from inspector_app.demo.story import Figure, Proof, Story
from inspector_app.demo.story_clock import StillClock
from inspector_app.demo.telling import Both
from inspector_app.domain.certificate import IssueDraft
from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import Head
from inspector_app.journal.projections.numbers import latest_row
from inspector_app.practice import world
from inspector_app.practice.mode import program
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.number_custody import next_number
from inspector_app.store.doctor import examine
from inspector_app.vault.faults import VaultFault

INSIDE, AFTER = "inside", "after"
SOUND = "sound"
PATIENCE_S = 120.0


class Order(msgspec.Struct, frozen=True):
    """What the child is told on standard input; never on its command line, where others could read it."""

    person: int
    passphrase: str
    draft: IssueDraft


class Stopped(msgspec.Struct, frozen=True):
    """What the child says before it waits to be killed: how many statements of the act had run."""

    statements: int
    last: str


class Seen(NamedTuple):
    """What the home holds, seen by somebody who just opened it."""

    number: str
    number_state: str
    replaced: str
    replaced_state: str
    entries: int
    doctor: str
    ended: str


# --- the parent ---


def issue_with_power_cuts(story: Story, draft: IssueDraft) -> str:
    """Issue a replacement; the power fails twice on the way. Returns the number of the certificate."""
    seat = story.stage.laptop
    taken = next_number(seat.device, draft.kind, seat.person.number)
    if taken is None:
        raise BugError("no number left")
    number = str(taken.number)
    before = _look(seat, number, draft.replaces, ended="—")
    stopped, inside = _cut(seat, draft, INSIDE, number)
    story.tale.tell(
        Both(
            f"KILLED in the middle of issuing, as by a power cut, {stopped.statements} statements into the "
            f"transaction: {number} is {inside.number_state} again, {draft.replaces} still {inside.replaced_state}, "
            f"self-check: {inside.doctor}",
            f"签发中途强制终止（代替断电，事务已执行 {stopped.statements} 条语句）："
            f"{number} 仍未用，{draft.replaces} 仍有效，自检无误",
        ),
        kind="cut",
        number=number,
    )
    story.clock.go("10:54")
    _, after = _cut(seat, draft, AFTER, number)
    story.tale.tell(
        Both(
            f"KILLED again right after the commit, before anybody was told: {number} is {after.number_state}, "
            f"{draft.replaces} {after.replaced_state} in the same act, self-check: {after.doctor}",
            f"提交后、告知前再次强制终止：{number} 已用，{draft.replaces} 同时被替换，自检无误",
        ),
        kind="cut",
        number=number,
    )
    story.proofs["power"] = _proof(before, inside, after)
    return number


def _cut(seat: Seat, draft: IssueDraft, moment: str, number: str) -> tuple[Stopped, Seen]:
    """Let a child process issue and kill it at the moment; then open the home again and look."""
    now = seat.parts.clock.now()
    seat.close()
    command = [*program(), "demo", "--cut-power", moment, "--home", str(seat.folder)]
    command += ["--at", str(now.at), "--mono", str(now.mono)]
    order = msgspec.json.encode(Order(seat.person.number, world.PASSPHRASE, draft))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=config.RESOURCES.parent) as child:
        if child.stdin is None or child.stdout is None:
            raise BugError("a pipe was asked for")
        with suppress(BrokenPipeError):  # a child that did not even start says so by saying nothing
            child.stdin.write(order + b"\n")
            child.stdin.flush()
        patience = threading.Timer(PATIENCE_S, child.kill)
        patience.start()
        said = child.stdout.readline()
        patience.cancel()
        child.kill()
    seat.open()
    if not said:
        raise StationError("demo.child_failed")
    ended = "killed (SIGKILL)" if child.returncode < 0 else "killed"
    return msgspec.json.decode(said, type=Stopped), _look(seat, number, draft.replaces, ended=ended)


def _look(seat: Seat, number: str, replaced: str, *, ended: str) -> Seen:
    device = seat.device
    row = latest_row(device.rows, number) or {}
    before = device.rows.one("certificates", number=replaced) or {}
    findings = examine(device.store, device.files)
    return Seen(
        number=number,
        number_state=str(row["state"]),
        replaced=replaced,
        replaced_state=str(before["state"]),
        entries=device.store.head().seq,
        doctor=SOUND if not findings else ", ".join(finding.code for finding in findings),
        ended=ended,
    )


def _proof(before: Seen, inside: Seen, after: Seen) -> Proof:
    if (inside.number_state, after.number_state) != ("free", "used") or {inside.doctor, after.doctor} != {SOUND}:
        raise BugError(f"the power cut broke the home: {inside} {after}")
    seen = (before, inside, after)
    return Proof(
        name="power",
        title=Both(
            "The program is killed in the middle of issuing, in place of a power cut", "签发途中强制终止（代替断电）"
        ),
        done=Both(
            "A separate process opened the vet's home and issued the replacement. The operating system killed it "
            "(SIGKILL: no chance to tidy up) twice: inside the transaction, and again right after the commit, before "
            "anybody was told.",
            "另一进程打开兽医的账本签发换证，两次被操作系统强制终止（SIGKILL，来不及收尾）："
            "一次在事务中途，一次在提交之后、告知之前。",
        ),
        columns=(
            Both("before", "之前"),
            Both("killed inside the transaction", "事务中途终止"),
            Both("killed after the commit", "提交后终止"),
        ),
        figures=(
            Figure(Both("how the process ended", "进程如何结束"), tuple(s.ended for s in seen)),
            Figure(Both(f"new number {after.number}", f"新证号 {after.number}"), tuple(s.number_state for s in seen)),
            Figure(
                Both(f"certificate {after.replaced}, to be replaced", f"将被替换的 {after.replaced}"),
                tuple(s.replaced_state for s in seen),
            ),
            Figure(Both("entries in the journal", "账本条数"), tuple(str(s.entries) for s in seen)),
            Figure(
                Both("self-check (inspector doctor), after opening again", "重新打开后的自检（inspector doctor）"),
                tuple(s.doctor for s in seen),
            ),
        ),
        follows=Both(
            "A number is wholly free or wholly used. Replacing is one fact: the old certificate ends in the very "
            "moment the new one begins, never before. This shows all or nothing; what a pulled plug does to a disk's "
            "unwritten pages is tried in the project's tests (tests/crash).",
            "证号要么完全未用，要么完全已用；换证是一个事实：新证生效的同一刻旧证失效。这里证明的是全有或全无；"
            "断电时磁盘未写入部分的情形另由 tests/crash 测试。",
        ),
    )


# --- the child ---


def play(arguments: Namespace) -> int:
    """The child's part: open the home, issue, stop at the moment asked for and wait to be killed."""
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    hook = _StopInside() if arguments.cut_power == INSIDE else None
    parts = bootstrap.real_parts(StillClock(arguments.at, arguments.mono))
    parts = msgspec.structs.replace(parts, before_statement=hook)
    home = bootstrap.open_home(Path(arguments.home), doing="demo power cut", parts=parts)
    device = home.unlock(order.person, order.passphrase)
    if isinstance(device, VaultFault):
        raise StationError(device.value)
    if hook is not None:
        hook.armed = True
    else:
        device.after_commit.insert(0, _stop_after)
    done(issue_certificate(device, order.draft))
    return 1


class _StopInside:
    """Stops in front of the statement after the one that marks the number used."""

    armed = False

    def __init__(self) -> None:
        self.statements = 0
        self.begun = False
        self.used = ""

    def __call__(self, sql: str) -> None:
        if not self.armed:
            return
        self.begun = self.begun or sql.startswith("BEGIN")
        if not self.begun:
            return
        if self.used:
            _wait_for_the_end(Stopped(self.statements, self.used))
        self.statements += 1
        if sql.startswith("UPDATE") and "numbers" in sql.split("SET", maxsplit=1)[0]:
            self.used = sql.split("SET", maxsplit=1)[0].strip()


def _stop_after(_head: Head) -> None:
    _wait_for_the_end(Stopped(0, "COMMIT"))


def _wait_for_the_end(stopped: Stopped) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(stopped) + b"\n")
    sys.stdout.buffer.flush()
    sys.stdin.buffer.read()  # nothing more will come: the parent kills, or is gone itself
    raise SystemExit(1)
