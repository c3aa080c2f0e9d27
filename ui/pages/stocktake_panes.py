"""Beginning a stocktake, and counting: by scanner or by ranges, each count on record as soon as it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inspector_app.domain.numbering import parse_ranges
from inspector_app.domain.stocktake import Count, CountedRange, Shelf, StocktakePurpose
from inspector_app.services import drafts, stocktaking
from inspector_app.services.device import Device
from inspector_app.services.number_custody import KINDS
from ui.desk import Desk
from ui.explain import label
from ui.forms.counts import typed_count
from ui.forms.form import Form
from ui.forms.form_pane import FormPane, Question
from ui.models.stocktakes import OpenStocktake, Stocktakes, purposes
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.checklist import CheckList
from ui.widgets.choice import DropDown, Segments
from ui.widgets.field import Field
from ui.widgets.line import CodeLine
from ui.widgets.popup_list import Option
from ui.widgets.scan_edit import Reading, ScanEdit

DRAFT = "stock_count"
ANEW = "anew"


class BeginPane(FormPane):
    """Which kinds, and what for; the book is written down at this moment."""

    def __init__(self, desk: Desk) -> None:
        self.kinds, self.purpose, self.store = CheckList(1), Segments(upright=True), DropDown()
        form = Form()
        form.add_section(
            [
                Field("kind", self.kinds, required=True, words=lambda: text("stocktake.kinds")),
                Field("purpose", self.purpose, required=True, words=lambda: text("stocktake.purpose")),
                Field("store", self.store, required=True),
            ],
            columns=1,
        )
        super().__init__(desk, form)
        self._stores: list[Option] = []
        self.later_button.hide()
        self.begin()
        self.form.fill({"kind": list(KINDS), "purpose": StocktakePurpose.PERIODIC.value})
        self.purpose.edited.connect(self._show_store)
        self._show_store()

    def show_stores(self, stand: Stocktakes) -> None:
        """The stores that have a keeper: one of them may change hands."""
        self._stores = stand.stores
        self.store.offer(stand.stores)
        self.purpose.offer(purposes(has_store=bool(stand.stores)))
        for button in self.purpose.buttons:
            self.form.watch(button)
        if self.purpose.value() is None:
            self.purpose.set_value(StocktakePurpose.PERIODIC.value)
        self._show_store()

    def _show_store(self) -> None:
        self.form.fields["store"].setVisible(self.purpose.value() == StocktakePurpose.HAND_OVER.value)

    def deed(self) -> Callable[[Device], Any]:
        """Open it."""
        kinds, purpose = self.kinds.value(), str(self.purpose.value() or "")
        store = str(self.store.value() or "") if purpose == StocktakePurpose.HAND_OVER else ""
        return lambda device: stocktaking.open_stocktake(device, kinds=kinds, purpose=purpose, store=store)

    def recorded(self, result: Any) -> None:
        """The count begins."""
        super().recorded(result)
        self.desk.say(text("stocktake.opened"))

    def _set_texts(self) -> None:
        self.title(text("stocktake.begin_title"), text("stocktake.begin_caption"))
        self.kinds.offer([Option(kind, label("kind", kind)) for kind in KINDS])
        for box in self.kinds.boxes:
            self.form.watch(box)
        self.store.offer(self._stores)
        self.purpose.offer(purposes(has_store=bool(self._stores)))
        for button in self.purpose.buttons:
            self.form.watch(button)
        self.act_button.say(text("stocktake.begin"))


class CountPane(FormPane):
    """One count after the other. What was scanned and is not recorded yet is kept as a draft."""

    def __init__(self, desk: Desk) -> None:
        self.open: OpenStocktake | None = None
        self.shelf, self.kind, self.means = Segments(), Segments(), Segments()
        self.scans = ScanEdit(self._judge)
        self.numbers, self.pages, self.anew = CodeLine(), CodeLine(), CheckList(1)
        form = Form()
        form.add_section(
            [
                Field("shelf", self.shelf, required=True),
                Field("kind", self.kind, required=True),
                Field("means", self.means, required=True, words=lambda: text("stocktake.means")),
                Field("scans", self.scans, words=lambda: text("stocktake.scans")),
                Field("numbers", self.numbers),
                Field("pages", self.pages),
                Field(ANEW, self.anew, words=lambda: text("stocktake.again")),
            ],
            columns=1,
        )
        super().__init__(desk, form, draft_of=DRAFT)
        self.nothing_button = Button("plain", "ban")
        self.later_button.hide()
        self.acts.insertWidget(1, self.nothing_button)
        self.form.follow_with(self.nothing_button, self.act_button)
        self._place: tuple[object, object] = (Shelf.UNUSED.value, "")
        self.begin()
        self.form.fill({"shelf": Shelf.UNUSED.value, "means": stocktaking.SCANNED})
        self._wire_parts()

    def _wire_parts(self) -> None:
        self.shelf.edited.connect(self._on_place)
        self.kind.edited.connect(self._on_place)
        self.means.edited.connect(self._show_fields)
        self.nothing_button.act_wanted.connect(self.record_nothing_more)
        self._show_fields()

    # --- what is shown ----------------------------------------------------------------------------------------------

    def show_open(self, found: OpenStocktake, kept: drafts.Kept | None) -> None:
        """Go on with a stocktake; ``kept`` is what was scanned before the power went, for one not shown yet."""
        is_new = self.open is None or self.open.ref != found.ref
        self.open = found
        self.kind.offer([Option(kind, label("kind", kind)) for kind in found.kinds])
        for button in self.kind.buttons:
            self.form.watch(button)
        if self.kind.value() not in found.kinds:
            self.kind.set_value(found.kinds[0])
        if is_new:
            self.begin_draft(kept, found.ref)
        self._place = (self.shelf.value(), self.kind.value())
        self._show_fields()
        self._say_state()

    def choose(self, shelf: str, kind: str) -> None:
        """Count this next, unless something scanned is not recorded yet."""
        if (shelf, kind) != self._place and not self.scans.value():
            self.form.fill({"shelf": shelf, "kind": kind})
            self._on_place()

    def end(self) -> None:
        """What was typed became a record, or is wanted no more."""
        if self.autosave is not None:
            self.autosave.done()

    def forget(self) -> None:
        """No stocktake is under way any more."""
        self.end()
        self.open = None
        self.form.fill({"scans": [], "numbers": "", "pages": "", ANEW: []})

    def _say_state(self) -> None:
        if self.open is None:
            return
        left = self.open.left
        caption = text("stocktake.left", n=left) if left else text("stocktake.none_left")
        begun = text("stocktake.begun", name=self.open.name, when=self.open.when)
        self.title(text("stocktake.count_title"), f"{begun} {caption}")

    def _on_place(self) -> None:
        """What was scanned belongs to one shelf and kind; it is recorded before another is counted."""
        if self.scans.value():
            shelf, kind = self._place
            self.shelf.set_value(shelf if isinstance(shelf, str) else None)
            self.kind.set_value(kind if isinstance(kind, str) else None)
            self.form.fields["scans"].say(text("stocktake.record_first", n=len(self.scans.value())), Tone.BAD)
            return
        self._place = (self.shelf.value(), self.kind.value())
        self._show_fields()

    def _show_fields(self) -> None:
        scanned, on_hand = self.means.value() == stocktaking.SCANNED, self.shelf.value() == Shelf.ON_HAND.value
        self.form.fields["scans"].setVisible(scanned)
        self.form.fields["numbers"].setVisible(not scanned)
        self.form.fields["pages"].setVisible(not scanned and on_hand)
        self.live.look()

    def _judge(self, typed: str, before: list[str]) -> Reading:
        if self.open is None:
            return Reading("", "", Tone.OFF)
        shelf, kind = str(self.shelf.value()), str(self.kind.value())
        return self.open.judge(typed, before, shelf, kind, anew=bool(self.anew.value()))

    # --- counting -----------------------------------------------------------------------------------------------------

    def check(self) -> Question | None:
        """What stands against the typed ranges; of nothing typed, and of what is scanned, nothing is said here."""
        ranges = parse_ranges(self.numbers.value()) if self.means.value() == stocktaking.TYPED else None
        if ranges is None or self.open is None:
            return lambda _device: []
        shelf, kind, pages = str(self.shelf.value()), str(self.kind.value()), self._pages()
        counted = [CountedRange(first, last) for first, last in ranges]
        count = Count(shelf=shelf, kind=kind, ranges=counted, pages=pages, anew=bool(self.anew.value()))
        return lambda device: stocktaking.count_refusals(device, count)

    def _pages(self) -> int:
        return typed_count(self.pages.value(), 0)

    def submit(self) -> None:
        """Record what was scanned or typed; nothing at all is no count."""
        name = "scans" if self.means.value() == stocktaking.SCANNED else "numbers"
        if not self.form.value(name):
            self.form.fields[name].say(text(f"stocktake.no_{name}"))
            self.form.go_to(name)
            return
        super().submit()

    def deed(self) -> Callable[[Device], Any]:
        """One count of one shelf and kind."""
        shelf, kind, anew = str(self.shelf.value() or ""), str(self.kind.value() or ""), bool(self.anew.value())
        if self.means.value() == stocktaking.SCANNED:
            scans = self.scans.value()
            return lambda device: stocktaking.scan_stock(device, shelf, kind, scans, anew=anew)
        typed, pages = self.numbers.value(), self._pages() if shelf == Shelf.ON_HAND else 0
        return lambda device: stocktaking.count_stock(device, shelf, kind, typed, pages=pages, anew=anew)

    def record_nothing_more(self) -> None:
        """Nothing else of this kind lies there: what the book still says is missing then."""
        if self.scans.value():
            self._on_place()
            return
        shelf, kind, anew = str(self.shelf.value() or ""), str(self.kind.value() or ""), bool(self.anew.value())
        self.desk.act(
            lambda device: stocktaking.count_stock(device, shelf, kind, "", anew=anew),
            self,
            done=self._on_nothing_more,
            refused=self.on_refused,
            failed=self.on_failed,
        )

    def _on_nothing_more(self, _ref: Any) -> None:
        self.desk.say(text("stocktake.nothing_more_said", what=self._what()))
        self.end()
        self._begin_next()

    def recorded(self, result: Any) -> None:
        """On record; the next count begins empty."""
        self.desk.say(text("stocktake.recorded", what=self._what()))
        self._begin_next()
        super().recorded(result)

    def _what(self) -> str:
        return f"{label('shelf', str(self.shelf.value()))} {label('kind', str(self.kind.value()))}"

    def _begin_next(self) -> None:
        self.form.fill({"scans": [], "numbers": "", "pages": "", ANEW: []})
        self.form.clear_messages()
        self.banner.dismiss()
        if self.open is not None and self.autosave is not None:
            self.autosave.begin("", self.open.ref)
        self._say_saved("")
        self.live.start_anew()
        self.form.go_to("scans" if self.means.value() == stocktaking.SCANNED else "numbers")

    def _set_texts(self) -> None:
        self.shelf.offer([Option(shelf.value, label("shelf", shelf.value)) for shelf in Shelf])
        means = (stocktaking.SCANNED, stocktaking.TYPED)
        self.means.offer([Option(one, text(f"stocktake.means_{one}")) for one in means])
        if self.open is not None:
            self.kind.offer([Option(kind, label("kind", kind)) for kind in self.open.kinds])
        for button in (*self.shelf.buttons, *self.means.buttons):
            self.form.watch(button)
        self.anew.offer([Option(ANEW, text("stocktake.anew"))])
        for box in self.anew.boxes:
            self.form.watch(box)
        self.act_button.say(text("stocktake.record"), "Ctrl+Enter")
        self.nothing_button.say(text("stocktake.nothing_more"))
        self._say_state()
