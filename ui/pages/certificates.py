"""证明: find any certificate, see what became of it, void it, replace it, confirm a void (S11, S13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from inspector_app.domain.certificate import LEGAL_BASIS
from inspector_app.domain.refusals import Refused
from inspector_app.services import handing_over
from inspector_app.services.device import Device
from inspector_app.services.marked_sheets import Marked
from inspector_app.services.telling_owners import Order, who_may_order
from ui import explain
from ui.desk import Desk
from ui.models.certificates import (
    VIEWS,
    CertificateDetail,
    CertificateLine,
    CertificateList,
    place,
    read_certificate,
    read_certificates,
    sheet_option,
)
from ui.models.items import Cell, Column
from ui.models.naming import Naming
from ui.models.papers import Picture, picture_of
from ui.models.prints import PAPER_DPI
from ui.pages import print_orders
from ui.pages.asking import AskedReason, ask_reason
from ui.pages.marked_fields import marked_fields
from ui.pages.page import Page
from ui.pages.print_orders import SendOrder, sisters
from ui.pages.sheet_deeds import ask_later_photo, code
from ui.pages.steps.correcting import ask_correction
from ui.pages.steps.late_record import LatePaper, ask_late_of
from ui.pages.steps.telling import ask_told
from ui.places import Place
from ui.tasks import Lane
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.beside import Beside
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.checklist import CheckList
from ui.widgets.chip import Chip
from ui.widgets.choice import DropDown, Segments
from ui.widgets.empty import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.field import Field
from ui.widgets.flow import Flow
from ui.widgets.list_pane import ListPane
from ui.widgets.living import Living
from ui.widgets.paper_view import PaperView
from ui.widgets.popup_list import Option
from ui.widgets.scroll import Scroll
from ui.widgets.words import words

COLUMNS = (
    Column("number", 136, stretch=True),
    Column("quantity", 128, right=True),
    Column("state"),
    Column("told"),
)


class CertificatesPage(Page):
    """The list with search and views; beside it one certificate."""

    place = Place.CERTIFICATES

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.list = ListPane("certificates", COLUMNS, self._cells, desk.preferences, empty_icon="files", tall=True)
        self.nothing = EmptyState("files", on_card=True)
        self.pane = CertificatePane(desk)
        self.side = QStackedWidget()
        self.side.addWidget(self.nothing)
        self.side.addWidget(self.pane)
        self.receive_button = Button("plain", "download")
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.list, 1)
        column.addWidget(self.receive_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.receive_button.act_wanted.connect(lambda: print_orders.receive(desk, self, self.say))
        self.content.addWidget(Beside(left, self.side, (10, 11)), 1)
        self._wanted = ""
        self.list.query_changed.connect(self.refresh)
        self.list.model.more_wanted.connect(self._load_more)
        self.list.model.rest_wanted.connect(self._load_rest)
        self.list.table.marked.connect(self._on_marked)
        self.list.table.opened.connect(lambda _line: self.pane.paper.take_focus())
        self.list.table.previewed.connect(lambda _line: self.pane.paper.take_focus())
        self.key("Ctrl+F", self.list.search.setFocus)
        for number in range(1, len(VIEWS) + 1):
            self.key(f"Ctrl+{number}", lambda number=number: self.list.choose_view(number))
        self.begin()

    def _cells(self, line: CertificateLine) -> Sequence[Cell]:
        return (
            Cell(line.number, line.owner),
            Cell(line.quantity, line.batch, right=True),
            Cell(line.state, tone=line.tone),
            Cell(line.told, tone=line.told_tone, icon=line.told_icon),
        )

    def refresh(self) -> None:
        """Read the first page again."""
        self._read(0, self._show)

    def _load_more(self, have: int) -> None:
        self._read(have, lambda found: self.list.model.add_items(found.lines))

    def _load_rest(self) -> None:
        missing = self.list.model.total - len(self.list.model.items)
        self._read(len(self.list.model.items), lambda found: self.list.model.add_items(found.lines), count=missing)

    def _read(self, first: int, show: Any, count: int = 200) -> None:
        view, search = self.list.view or VIEWS[0], self.list.search.text()

        def question(device: Device) -> CertificateList:
            return read_certificates(device, view=view, search=search, first=first, count=count)

        self.desk.read(question, self).on_success(show).on_failure(self.say_problem)

    def _show(self, found: CertificateList) -> None:
        self.list.show_items_quietly(found.lines, found.total)
        self.list.say_total(text("list.total", n=found.total) if found.total else "")
        numbers = [line.number for line in found.lines]
        shown = self._wanted or (self.pane.detail.line.number if self.pane.detail else "")
        if shown in numbers:
            self.list.mark_quietly(numbers.index(shown))
            self.show_certificate(shown)
        elif not self._wanted:
            self._on_marked(self.list.table.current)
        self._wanted = ""

    def _on_marked(self, line: CertificateLine | None) -> None:
        if line is not None:
            self.show_certificate(line.number)
        else:
            self.side.setCurrentWidget(self.nothing)

    def show_certificate(self, number: str) -> None:
        """One certificate beside the list."""

        def show(detail: CertificateDetail | None) -> None:
            if detail is not None:
                self.pane.show_detail(detail)
                self.side.setCurrentWidget(self.pane)

        self.desk.read(lambda device: read_certificate(device, number), self).on_success(show)

    def enter(self, subject: str = "") -> None:
        """A number, perhaps."""
        if subject:
            self._wanted = subject
            self.list.views.set_value("all")
            self.show_certificate(subject)
        super().enter(subject)
        if not subject:
            self.list.search.setFocus()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (
            ("Ctrl+F", text("key.search")),
            ("Ctrl+1…4", text("key.views")),
            (text("key.space"), text("key.preview")),
        )

    def _set_texts(self) -> None:
        self.list.offer_views([Option(view, text(f"certificates.view_{view}")) for view in VIEWS])
        self.receive_button.say(text("print_orders.receive"))
        self.list.empty.say(text("certificates.empty"), text("certificates.empty_body"))
        self.nothing.say(text("certificates.choose"), text("certificates.choose_body"))
        if not self._stale:
            self.refresh()


class CertificatePane(Living, Card):
    """One certificate: the paper, its facts, and the few acts that are left after issue."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.detail: CertificateDetail | None = None
        self.banner = Banner()
        self.state = Chip("", Tone.OFF)
        self.told = Chip("", Tone.OFF)
        self.facts = Facts()
        self.prints = Facts()
        self.prints_title = words("h3")
        self.paper = PaperView(PAPER_DPI)
        self.print_button = Button("plain", "printer")
        self.order_button = Button("plain", "upload")
        self.void_button = Button("plain", "ban")
        self.replace_button = Button("plain", "file-text")
        self.correct_button = Button("plain", "pencil")
        self.life_button = Button("plain", "history")
        self.late_button = Button("plain", "package-check")
        self.tell_button = Button("plain", "phone")
        self.picture_button = Button("plain", "camera")
        self.confirm_button = Button("primary", "check")
        self._build()
        self.begin()

    def _build(self) -> None:
        self.corner.addWidget(self.told)
        self.corner.addWidget(self.state)
        self.body.addWidget(self.banner)
        inner = QWidget()
        left = QVBoxLayout(inner)
        left.setContentsMargins(0, 0, 6, 0)
        left.setSpacing(12)
        for part in (self.facts, self.prints_title, self.prints):
            left.addWidget(part)
        left.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(Scroll(inner), 9)
        well = Card("well", margin=10)
        well.body.addWidget(self.paper, 1)
        row.addWidget(well, 10)
        self.body.addLayout(row, 1)
        acts = Flow(spacing=8)
        for button in (
            self.life_button,
            self.print_button,
            self.order_button,
            self.replace_button,
            self.correct_button,
            self.late_button,
            self.void_button,
            self.tell_button,
            self.picture_button,
            self.confirm_button,
        ):
            acts.addWidget(button)
        self.body.addLayout(acts)
        self.life_button.act_wanted.connect(self._go_to_life)
        self.print_button.act_wanted.connect(self._go_to_print)
        self.order_button.act_wanted.connect(self._order)
        self.late_button.act_wanted.connect(self._record_late)
        self.void_button.act_wanted.connect(self._void)
        self.replace_button.act_wanted.connect(self._replace)
        self.correct_button.act_wanted.connect(self._correct)
        self.tell_button.act_wanted.connect(self._tell)
        self.picture_button.act_wanted.connect(self._add_picture)
        self.confirm_button.act_wanted.connect(self._confirm)
        self.confirm_button.reason_wanted.connect(lambda why: self.banner.say(Tone.WARN, why))

    def show_detail(self, detail: CertificateDetail) -> None:
        """Show one."""
        if self.detail is None or self.detail.line.number != detail.line.number:
            self.banner.dismiss()
        self.detail = detail
        line = detail.line
        self.title(line.number, f"{line.owner} · {line.batch}")
        self.state.say(line.state, line.tone)
        self.told.say(line.told, line.told_tone, line.told_icon)
        self.facts.show_facts(detail.facts)
        self.prints.show_facts(detail.prints)
        self.prints_title.setVisible(bool(detail.prints))
        in_force = line.code == "issued"
        self.void_button.setVisible(in_force)
        self.replace_button.setVisible(in_force and line.table == "certificates")
        self.correct_button.setVisible(bool(detail.correctable))
        self.late_button.setVisible(bool(detail.marks))
        self.print_button.setVisible(in_force and not detail.handed_over)
        self.order_button.setVisible(in_force and detail.may_order)
        self.tell_button.setVisible(detail.to_tell)
        self.picture_button.setVisible(bool(detail.to_picture))
        self.confirm_button.setVisible(detail.to_confirm)
        self.confirm_button.block(text("certificates.own_void") if detail.own_void else "")
        self._draw()

    def _draw(self) -> None:
        detail = self.detail
        if detail is None or detail.content is None:
            self.paper.show_pages((), text("prints.no_paper"))
            return
        press, number = self.desk.device.paper, detail.line.number

        def show(picture: Picture) -> None:
            if self.detail is not None and self.detail.line.number == number:
                self.paper.show_pages(picture.pages, text("prints.this_print", n=detail.print_no), picture.copies)

        task = self.desk.tasks.run(lambda: picture_of(press, detail.content, PAPER_DPI), Lane.OUTSIDE, self)
        task.on_success(show).on_failure(self._say_problem)

    def _go_to_print(self) -> None:
        if self.detail is not None:
            self.desk.go(Place.PRINTS, self.detail.line.number)

    def _go_to_life(self) -> None:
        if self.detail is not None:
            self.desk.go(Place.LIFE, self.detail.line.number)

    def _order(self) -> None:
        if self.detail is None:
            return
        number = self.detail.line.number

        def ready(others: list[Option]) -> None:
            if others:
                self.sending = SendOrder(self.desk, self, number, others)
            else:
                self.banner.say(Tone.INFO, text("print_orders.nobody"), text("print_orders.nobody_body"))

        self.desk.read(sisters, self).on_success(ready)

    def _replace(self) -> None:
        if self.detail is not None:
            self.desk.go(Place.ISSUE, f"replace:{self.detail.line.number}")

    def _correct(self) -> None:
        if self.detail is not None:
            ask_correction(self.desk, self, self.detail)

    def _record_late(self) -> None:
        """A colleague ended the paper without knowing that its holder had it."""
        detail = self.detail
        if detail is None or not detail.marks:
            return
        number, owner = detail.line.number, detail.line.owner
        recorded = text("certificates.late_recorded", number=number, owner=owner)
        explained = text("certificates.late_explained", state=detail.line.state)
        paper = LatePaper(number, owner, detail.marks, _ending(detail), explained, recorded)
        ask_late_of(self.desk, self, paper)

    def _tell(self) -> None:
        if self.detail is not None and self.detail.to_tell:
            ask_told(self.desk, self, self.detail)

    def _add_picture(self) -> None:
        """The photograph of the marked sheets, which could not be taken when the paper ended."""
        detail = self.detail
        if detail is None or not detail.to_picture:
            return
        about = detail.to_picture

        def done(_entry: Any) -> None:
            self.desk.say(text("old_sheets.add_photo_done"))

        ask_later_photo(self.desk, self, detail.line.number, lambda _device: about, _ending(detail), done)

    def _void(self) -> None:
        detail = self.detail
        if detail is None:
            return
        number = detail.line.number
        on_desk = Field("on_desk", Segments(), required=True, words=lambda: text("certificates.on_desk"))
        on_desk.editor.offer([Option(count, f"{count}") for count in range(detail.on_desk + 1)])
        if detail.on_desk == 0:
            on_desk.set_value(0)
        proof = marked_fields(self.desk, on_desk) if detail.on_desk else []
        lost = Field("lost", CheckList(1), words=lambda: text("certificates.lost"))
        lost.editor.offer([sheet_option(one) for one in detail.in_hand])

        def deed(device: Device, asked: AskedReason) -> Any:
            count, missing = asked.more.get("on_desk"), set(asked.more.get("lost", []))
            order = Order(str(asked.more.get("legal_basis") or ""), int(asked.more.get("ordered_by") or 0))
            return handing_over.void_certificate(
                device,
                number,
                reason=asked.reason,
                on_desk=count if isinstance(count, int) else -1,
                note=asked.note,
                lost=[one for one in detail.in_hand if place(one) in missing],
                order=order,
                marked=Marked(asked.more.get("attachments", []), code(asked.more.get("no_picture"))),
            )

        ask_reason(
            self.desk,
            self,
            of="void",
            title=text("certificates.void_title", number=number),
            explanation=text("certificates.void_handed" if detail.handed_over else "certificates.void_explained"),
            act=text("certificates.void", number=number),
            facts=detail.facts[:6],
            more=[
                on_desk,
                *proof,
                *([lost] if detail.in_hand else []),
                *(self._order_fields() if detail.by_order else []),
            ],
            deed=deed,
            done=lambda _entry: self.desk.say(text("certificates.voided", number=number)),
        )

    def _order_fields(self) -> list[Field]:
        """On what a paper is revoked or seized that its owner holds and did not give up."""
        basis, by = Field("legal_basis", DropDown()), Field("ordered_by", DropDown())
        basis.editor.offer(Naming(self.desk.device).reasons(LEGAL_BASIS, self.desk.today()))
        by.editor.offer([Option(grant.person, grant.name) for grant in who_may_order(self.desk.device)])
        return [basis, by]

    def _confirm(self) -> None:
        detail = self.detail
        if detail is None:
            return
        number = detail.line.number

        def done(_entry: Any) -> None:
            self.desk.say(text("certificates.confirmed", number=number))

        self.desk.act(
            lambda device: handing_over.confirm_void(device, number), self, done=done, refused=self._say_refused
        )

    def _say_refused(self, outcome: Refused) -> None:
        said = explain.refused(outcome.refusals)
        self.banner.say(said.tone, said.headline, said.body, details=said.details)

    def _say_problem(self, error: Exception) -> None:
        said = explain.problem(error)
        self.banner.say(said.tone, said.headline, said.body, details=said.details)

    def _set_texts(self) -> None:
        self.prints_title.setText(text("certificates.prints"))
        self.life_button.say(text("life.find"))
        self.print_button.say(text("certificates.go_print"))
        self.order_button.say(text("print_orders.elsewhere"))
        self.late_button.say(text("prints.late"))
        self.void_button.say(text("certificates.void_this"))
        self.replace_button.say(text("certificates.replace_this"))
        self.correct_button.say(text("certificates.correct_this"))
        self.tell_button.say(text("certificates.tell"))
        self.picture_button.say(text("old_sheets.add_photo"))
        self.confirm_button.say(text("certificates.confirm"))


def _ending(detail: CertificateDetail) -> list[tuple[str, str]]:
    """Whose paper it is, and when, why and by whom it was ended."""
    named = {text(f"certificates.{name}") for name in ("void_at", "void_reason", "void_by", "replaced_by")}
    return [*detail.facts[:3], *(fact for fact in detail.facts if fact[0] in named)]
