"""同步: what waits on this computer, the last contact, one round with progress and cancel, what came of it (S25)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from inspector_app.clock import legal_date
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.errors import StationError
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.models.items import Cell, Column
from ui.models.standing import moment_words
from ui.pages.page import Page
from ui.places import Place
from ui.tasks import Progress, Task
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.facts import Facts
from ui.widgets.list_pane import ListPane
from ui.widgets.waiting import Waiting
from ui.widgets.words import words

COLUMNS = (Column("remark", stretch=True), Column("due_on", 110), Column("fault", 120))

STOPPED = "sync_cancelled"


class Contact(NamedTuple):
    """How things stand with the province."""

    now: int
    waiting: int
    contacted_at: int
    acknowledged: int
    head: int
    lease_until: int
    online: bool
    verdicts: list[tuple[str, str, str, bool]]


def read_contact(device: Device) -> Contact:
    """Read how things stand; runs in the background."""
    heard = device.store.acknowledged()
    lease = device.rows.one("leases", device=device.id)
    sentences, lang = explain.sentences(), explain.language_code()
    verdicts = []
    for row in device.rows.many("verdicts", device=device.id):
        mentions = {"seq": str(row["seq"] or ""), "due_on": str(row["due_on"] or "")}
        said = sentences.of("judgements", str(row["code"]), lang, mentions)
        verdicts.append((said.happened, f"{said.todo}", str(row["due_on"] or ""), bool(row["followed"])))
    return Contact(
        now=device.clock.now().at,
        waiting=device.store.waiting(),
        contacted_at=heard.contacted_at,
        acknowledged=heard.seq,
        head=device.store.head().seq,
        lease_until=int(lease["issue_until"] or 0) if lease else 0,
        online=device.online,
        verdicts=verdicts,
    )


def succession_command(device: Device) -> str:
    """What is typed where the new home is to be: only the code, from the province, is still to be put in."""
    home = device.store.database.path.parent
    server = f" --server {device.sheet.server}" if device.sheet.server else ""
    return f'inspector --user {device.person()} enrol --after "{home}"{server} --code '


class SyncPage(Page):
    """One large figure, one button, one honest result; the province's remarks below."""

    place = Place.SYNC

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.figure = words("big")
        self.below = words("muted", wrap=True)
        self.sync_button = Button("primary", "refresh-cw")
        self.waiting = Waiting()
        self.result = Banner()
        self.stopped = Banner()
        self.facts = Facts()
        self.remarks = ListPane(
            "verdicts", COLUMNS, self._cells, desk.preferences, empty_icon="circle-check", searchable=False, tall=True
        )
        self._task: Task[Any] | None = None
        self._build()
        self.sync_button.act_wanted.connect(self.start)
        self.result.action_wanted.connect(self.start)
        self.stopped.action_wanted.connect(self.take_command)
        self.begin()

    def _build(self) -> None:
        self.main = Card(margin=26)
        row = QHBoxLayout()
        lines = QVBoxLayout()
        lines.setSpacing(4)
        lines.addWidget(self.figure)
        lines.addWidget(self.below)
        row.addLayout(lines, 1)
        row.addWidget(self.sync_button)
        self.main.body.addLayout(row)
        self.main.add(self.waiting, self.result)
        self.contact_card = Card()
        self.contact_card.add(self.facts)
        lower = QWidget()
        columns = QHBoxLayout(lower)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(14)
        columns.addWidget(self.remarks, 8)
        side = QVBoxLayout()
        side.addWidget(self.contact_card)
        side.addStretch(1)
        columns.addLayout(side, 4)
        self.content.addWidget(self.stopped)
        self.content.addWidget(self.main)
        self.content.addWidget(lower, 1)

    def _cells(self, line: tuple[str, str, str, bool]) -> Sequence[Cell]:
        happened, todo, due_on, followed = line
        fault = text("sync.rules_kept") if followed else text("sync.rules_broken")
        return (Cell(happened, todo), Cell(due_on), Cell(fault, tone=Tone.INFO if followed else Tone.WARN))

    def refresh(self) -> None:
        """Read how things stand."""
        self.desk.read(read_contact, self).on_success(self._show).on_failure(self.say_problem)

    def _show(self, contact: Contact) -> None:
        self._show_stopped()
        if contact.waiting:
            self.figure.setText(text("sync.waiting", n=contact.waiting))
            self.below.setText(text("sync.safe"))
        else:
            self.figure.setText(text("sync.nothing"))
            self.below.setText(text("sync.nothing_body"))
        self.facts.show_facts(
            [
                (text("sync.last"), moment_words(contact.contacted_at, contact.now)),
                (text("sync.records"), f"{contact.head:,}"),
                (text("sync.heard"), f"{contact.acknowledged:,}"),
                (text("sync.may_issue"), self._may_issue_until(contact)),
            ]
        )
        known = "no_remarks" if contact.contacted_at else "never"
        known = "paused" if self.desk.device.frozen else known  # what split off was kept, and not accepted
        self.remarks.empty.say(text(f"sync.{known}"), text(f"sync.{known}_body"))
        self.remarks.show_items(contact.verdicts)
        self.set_chips([(text("sync.remarks", n=len(contact.verdicts)), Tone.WARN)] if contact.verdicts else [])

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
        if self._task is not None:
            return
        self.result.dismiss()
        equipment = self.desk.equipment

        def job(device: Device, progress: Progress) -> Any:
            return equipment.sync(device, progress.tell, progress.is_cancelled)

        self._task = self.desk.work(job, self)
        self._task.on_success(self._on_synced).on_failure(self._on_failed).on_cancelled(self._on_cancelled)
        self._task.ended.connect(self._on_ended)
        self.waiting.follow(self._task, text("sync.under_way"))
        self.sync_button.block(text("sync.under_way"))

    def _on_ended(self) -> None:
        self._task = None
        self.sync_button.block("")

    def _on_synced(self, report: Any) -> None:
        self.desk.device.online = True
        self.desk.recorded.emit()
        body = text("sync.figures", up=report.pushed, down=report.pulled, sent=report.bytes_up, got=report.bytes_down)
        if report.frozen:
            self.result.dismiss()  # what happened, what is safe and what to do stands above
            self._show_stopped()
        elif report.waiting:
            self.result.say(Tone.WARN, text("sync.partly", n=report.waiting), body)
        else:
            self.result.say(Tone.GOOD, text("sync.done", n=report.pushed), body)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, StationError) and error.code == STOPPED:
            self._on_cancelled()
            return
        if isinstance(error, StationError):
            self.desk.device.online = False
            self.desk.recorded.emit()
        said = explain.problem(error)
        self.result.say(Tone.WARN, said.headline, said.body, details=said.details, action=text("sync.again"))

    def _on_cancelled(self) -> None:
        self.result.say(Tone.INFO, text("sync.stopped"), text("sync.stopped_body"), action=text("sync.again"))

    def called_again(self) -> None:
        """F9 twice: go there, then sync."""
        self.start()

    def submit(self) -> None:
        """Sync."""
        self.start()

    def enter(self, subject: str = "") -> None:
        """Every visit reads anew; ``now`` starts at once."""
        self.refresh()
        self.sync_button.setFocus()
        if subject == "now":
            self.start()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (("F9", text("sync.sync")), ("Ctrl+Enter", text("sync.sync")))

    def _set_texts(self) -> None:
        self.sync_button.say(text("sync.sync"), "F9")
        self.contact_card.title(text("sync.contact"))
        self.remarks.title(text("sync.remarks_title"), text("sync.remarks_caption"))
        self.remarks.empty.say(text("sync.no_remarks"), text("sync.no_remarks_body"))
        if not self._stale:
            self.refresh()
