"""同步: what is well, needs you or waits; one round with progress and cancel; where the line ends (S25)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from inspector_app.clock import MS_PER_MINUTE, legal_date
from inspector_app.domain.late_rejections import LateCase
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.errors import StationError
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.explain import Explained
from ui.models.attachments import unsent_words
from ui.models.contact import Contact, RemarkLine, read_contact
from ui.models.items import Cell, Column
from ui.models.standing import moment_words
from ui.pages.page import Page
from ui.pages.remark_deed import ask_settle
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.facts import Facts
from ui.widgets.list_pane import ListPane
from ui.widgets.waiting import Waiting
from ui.widgets.words import words

COLUMNS = (Column("remark", stretch=True), Column("handling", 150), Column("due_on", 110))
OFFLINE = frozenset({"network.no_link"})
ON_THE_PAPER = (LateCase.CORRECT, LateCase.REPLACE)
"""Cases that are put right where the paper is shown."""


def succession_command(device: Device) -> str:
    """What is typed where the new home is to be: only the code, from the province, is still to be put in."""
    home = device.store.database.path.parent
    server = f" --server {device.sheet.server}" if device.sheet.server else ""
    return f'inspector --user {device.person()} enrol --after "{home}"{server} --code '


class SyncPage(Page):
    """One large figure, one button, one honest result; below what needs you, and how the line was last seen."""

    place = Place.SYNC

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.figure = words("big")
        self.below = words("muted", wrap=True)
        self.sync_button = Button("primary", "refresh-cw")
        self.find_button = Button("plain", "search")
        self.settle_button = Button("plain", "check")
        self.waiting = Waiting()
        self.result = Banner()
        self.stopped = Banner()
        self.facts, self.line = Facts(), Facts()
        self.remarks = ListPane(
            "verdicts", COLUMNS, self._cells, desk.preferences, empty_icon="circle-check", searchable=False, tall=True
        )
        self._last: Contact | None = None
        self._wanted = ""
        self._build()
        self._connect()
        self.begin()

    def _connect(self) -> None:
        contacts = self.desk.contacts
        self.sync_button.act_wanted.connect(self.start)
        self.find_button.act_wanted.connect(contacts.diagnose)
        self.result.action_wanted.connect(self.start)
        self.stopped.action_wanted.connect(self.take_command)
        self.settle_button.act_wanted.connect(self._on_settle)
        self.remarks.table.opened.connect(self._on_opened)
        self.waiting.cancel_wanted.connect(contacts.stop)
        contacts.began.connect(self._on_began)
        contacts.ended.connect(self._on_ended)
        contacts.synced.connect(self._on_synced)
        contacts.diagnosed.connect(self._on_diagnosed)
        contacts.failed.connect(self._on_failed)
        contacts.stopped.connect(self._on_cancelled)
        if contacts.task is not None:
            self._on_began(contacts.task)

    def _build(self) -> None:
        self.main = Card(margin=26)
        row = QHBoxLayout()
        lines = QVBoxLayout()
        lines.setSpacing(4)
        lines.addWidget(self.figure)
        lines.addWidget(self.below)
        row.addLayout(lines, 1)
        row.addWidget(self.find_button)
        row.addWidget(self.sync_button)
        self.main.body.addLayout(row)
        self.main.add(self.waiting, self.result)
        self.contact_card, self.line_card = Card(), Card()
        self.contact_card.add(self.facts)
        self.line_card.add(self.line)
        self.remarks.foot.addWidget(self.settle_button)
        lower = QWidget()
        columns = QHBoxLayout(lower)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(14)
        columns.addWidget(self.remarks, 8)
        side = QVBoxLayout()
        side.setSpacing(14)
        side.addWidget(self.contact_card)
        side.addWidget(self.line_card)
        side.addStretch(1)
        columns.addLayout(side, 4)
        self.content.addWidget(self.stopped)
        self.content.addWidget(self.main)
        self.content.addWidget(lower, 1)

    def _cells(self, line: RemarkLine) -> Sequence[Cell]:
        detail = " · ".join(part for part in (line.remark.number, line.todo) if part)
        due = Cell(line.due_on, tone=line.tone) if line.due_on else Cell("")
        return (Cell(line.happened, detail), Cell(line.case, line.owner), due)

    def refresh(self) -> None:
        """Read how things stand."""
        equipment = self.desk.equipment
        reading = self.desk.read(lambda device: read_contact(device, equipment.contact(device)), self)
        reading.on_success(self._show).on_failure(self.say_problem)

    def _show(self, contact: Contact) -> None:
        self._last, found = contact, contact.summary
        self._show_stopped()
        if found.waiting:
            self.figure.setText(text("sync.waiting", n=found.waiting))
            self.below.setText(text("sync.safe"))
        else:
            self.figure.setText(text("sync.nothing"))
            self.below.setText(text("sync.nothing_body"))
        self._show_facts(contact)
        self._show_line(contact.last)
        known = "no_remarks" if contact.contacted_at else "never"
        known = "paused" if self.desk.device.frozen else known  # what split off was kept, and not accepted
        self.remarks.empty.say(text(f"sync.{known}"), text(f"sync.{known}_body"))
        self.remarks.show_items(contact.remarks)
        self._mark_wanted()
        self.settle_button.setVisible(bool(contact.remarks) and contact.may_settle)
        self.set_chips(_chips(contact))

    def _show_facts(self, contact: Contact) -> None:
        self.facts.show_facts(
            [
                (text("sync.last"), moment_words(contact.contacted_at, contact.now)),
                (text("sync.attachments"), unsent_words(*contact.unsent)),
                (text("sync.next"), self._next_words(contact.plan)),
                (text("sync.may_issue"), self._may_issue_until(contact)),
            ]
        )

    def _next_words(self, plan: Any) -> str:
        if not self.desk.preferences.automatic_contact:
            return text("sync.by_hand")
        minutes = -(-plan.in_ms // MS_PER_MINUTE)
        return text("sync.in_minutes", n=minutes) if minutes else text("sync.soon")

    def _show_line(self, last: Any) -> None:
        """The chain as the last contact left it, without looking at anything again."""
        self._show_findings(self.desk.equipment.findings(last) if last is not None else ())

    def _show_findings(self, findings: Sequence[Any]) -> None:
        """The steps by what became of them: three lines at most, the one that counts in the middle."""
        steps: dict[str, list[str]] = {}
        for one in findings:
            steps.setdefault(one.outcome.value, []).append(explain.word("probe_step", one.step.value))
        comma = text("list.comma")
        self.line.show_facts([(explain.label("probe_outcome", name), comma.join(of)) for name, of in steps.items()])
        self.line_card.setVisible(bool(findings))

    def _mark_wanted(self) -> None:
        refs = [line.remark.ref for line in self.remarks.model.items]
        if self._wanted in refs:
            self.remarks.table.mark(refs.index(self._wanted))
            self.remarks.table.setFocus()
        self._wanted = ""

    def _on_opened(self, line: RemarkLine | None) -> None:
        """What is put right on the paper opens the paper; everything else is looked into and said."""
        if line is None:
            return
        if line.remark.number and line.remark.case in ON_THE_PAPER:
            self.desk.go(Place.CERTIFICATES, line.remark.number)
        else:
            self._settle(line)

    def _on_settle(self) -> None:
        line = self.remarks.table.current
        if line is not None:
            self._settle(line)

    def _settle(self, line: RemarkLine) -> None:
        if self._last is None or not self._last.may_settle:
            whose = text("sync.settled_by", owner=line.owner, done_when=line.done_when)
            self.result.say(Tone.INFO, line.happened, f"{line.todo}\n{whose}")
            return
        ask_settle(self.desk, self, line, lambda _ref: self.desk.say(text("sync.settled")))

    def _may_issue_until(self, contact: Contact) -> str:
        may = contact.lease_until and not self.desk.device.frozen
        return legal_date(contact.lease_until) if may else "—"

    def _show_stopped(self) -> None:
        """While issuing is paused: what happened, what is safe, what to do, and the first step of it."""
        reason = self.desk.device.frozen
        if not reason:
            self.stopped.dismiss()
            return
        said = explain.refusal(Refusal(code=RefusalCode.DEVICE_FROZEN, details={"reason": reason}))
        self.stopped.say(Tone.BAD, said.headline, said.body, action=text("sync.copy_command"))

    def take_command(self) -> None:
        """Put the command by which a new computer goes on for this one on the clipboard."""
        QGuiApplication.clipboard().setText(succession_command(self.desk.device))
        self.stopped.say(Tone.BAD, self.stopped.headline, self.stopped.body, action=text("sync.command_taken"))

    def start(self) -> None:
        """One round with the province; a second press while it runs does nothing."""
        self.desk.contacts.start()

    def _on_began(self, task: Any) -> None:
        self.result.dismiss()
        self.waiting.start(text("sync.under_way"))
        task.progressed.connect(self.waiting.step)
        for button in (self.sync_button, self.find_button):
            button.block(text("sync.under_way"))

    def _on_ended(self) -> None:
        self.waiting.stop()
        for button in (self.sync_button, self.find_button):
            button.block("")

    def _on_synced(self, report: Any) -> None:
        body = text("sync.figures", up=report.pushed, down=report.pulled, sent=report.bytes_up, got=report.bytes_down)
        if report.attachments_sent or report.attachments_left:
            left = unsent_words(report.attachments_left, report.attachment_bytes_left)
            body = f"{body}\n{text('sync.attachment_figures', n=report.attachments_sent, left=left)}"
        apart = abs(report.clock_offset_ms)
        if report.frozen:
            self.result.dismiss()  # what happened, what is safe and what to do stands above
            self._show_stopped()
        elif report.waiting:
            self.result.say(Tone.WARN, text("sync.partly", n=report.waiting), body)
        elif self.desk.device.clock_doubted:
            at = self.desk.now() + report.clock_offset_ms
            self._say(explain.fault("network.clock_wrong", {"apart": apart, "at": at}), Tone.WARN)
        elif report.attachments_ended:
            # Every entry is through: what is left of the photographs is no reason to worry.
            self.result.say(Tone.INFO, text("sync.done", n=report.pushed), body)
        else:
            self.result.say(Tone.GOOD, text("sync.done", n=report.pushed), body)

    def _on_diagnosed(self, found: Any) -> None:
        self._show_findings(found.findings)
        failing = found.failing
        if failing is None:
            self.result.say(Tone.GOOD, text("sync.line_well"), text("sync.line_well_body"))
        else:
            self._say(explain.fault(failing.code, failing.seen), Tone.WARN)

    def _on_failed(self, error: Exception, by_hand: bool) -> None:
        """What the schedule tried in vain is said in grey, and no network at all is too: nothing is lost."""
        offline = isinstance(error, StationError) and error.code in OFFLINE
        self._say(explain.problem(error), Tone.WARN if by_hand and not offline else Tone.OFF)

    def _say(self, said: Explained, tone: Tone) -> None:
        self.result.say(tone, said.headline, said.body, details=said.details, action=text("sync.again"))

    def _on_cancelled(self) -> None:
        self.result.say(Tone.INFO, text("sync.stopped"), text("sync.stopped_body"), action=text("sync.again"))

    def called_again(self) -> None:
        """F9 twice: go there, then sync."""
        self.start()

    def submit(self) -> None:
        """Sync."""
        self.start()

    def enter(self, subject: str = "") -> None:
        """Every visit reads anew; ``now`` starts at once, an entry marks the remark on it."""
        self._wanted = subject
        self.refresh()
        self.sync_button.setFocus()
        if subject == "now":
            self.start()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (("F9", text("sync.sync")), ("Ctrl+Enter", text("sync.sync")))

    def _set_texts(self) -> None:
        self.sync_button.say(text("sync.sync"), "F9")
        self.find_button.say(text("sync.find"))
        self.settle_button.say(text("sync.settle"))
        self.line_card.title(text("sync.line"))
        self.contact_card.title(text("sync.contact"))
        self.remarks.title(text("sync.remarks_title"), text("sync.remarks_caption"))
        self.remarks.empty.say(text("sync.no_remarks"), text("sync.no_remarks_body"))
        if not self._stale:
            self.refresh()


def _chips(contact: Contact) -> list[tuple[str, Tone]]:
    """n ok · m need you · k wait."""
    found = contact.summary
    chips = [(text("sync.n_ok", n=found.ok), Tone.GOOD)]
    chips += [(text("sync.n_need_you", n=found.asks), Tone.WARN)] if found.asks else []
    return chips + ([(text("sync.n_wait", n=found.waiting), Tone.OFF)] if found.waiting else [])
