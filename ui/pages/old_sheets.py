"""回收与销毁: spoiled sheets, what came back or should, what goes to the keeper above, what is destroyed (S16)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from inspector_app.domain.refusals import Refused
from inspector_app.services import ceremony, destroying
from inspector_app.services.blanks import has_blanks
from inspector_app.services.device import Device
from inspector_app.services.sheet_custody import Batch, SheetName, oldest_batch
from ui import explain
from ui.models import destruction, old_sheets
from ui.models.records import Line, Record
from ui.pages import destruction_deeds, files, sheet_deeds
from ui.pages.blank_deed import ask_spoil_blank
from ui.pages.destruction_deeds import read_request_parts
from ui.pages.records_page import RecordsPage
from ui.pages.taking_in_deed import ask_take_in
from ui.pages.writing_off_deed import Paper, ask_write_off, read_paper
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone

REQUESTS, SLIPS = "requests", "slips"
READERS: dict[str, Callable[[Device], list[Line]]] = {
    "spoiled": old_sheets.read_spoiled,
    "to_hand_in": old_sheets.read_to_hand_in,
    "due": old_sheets.read_due,
    REQUESTS: destruction.read_requests,
    SLIPS: old_sheets.read_slips,
}
ONE_SHEET = {
    "spoil": sheet_deeds.ask_spoil,
    "collect": sheet_deeds.ask_collect,
    "find": sheet_deeds.ask_find,
    "lose": sheet_deeds.ask_lose,
    "add_photo": sheet_deeds.ask_photo,
}


class OldSheetsPage(RecordsPage):
    """Six views over the after-life of sheets; what may be done stands beside the line it is done with."""

    place = Place.OLD_SHEETS
    words = "old_sheets"
    icon = "archive"
    view_names = ("spoiled", "to_hand_in", "outside", "due", REQUESTS, SLIPS)
    searchable = True
    search_words = "search.whole_number"
    several = True
    starts = (("take_in", "inbox"), ("spoil_blank", "ban"))
    traces = True

    def word(self, name: str) -> str:
        """One of the page's own texts."""
        return text(f"old_sheets.{name}")

    def refresh(self) -> None:
        """Read the list again; blanks are spoken of only where there are any."""
        super().refresh()
        self.desk.read(has_blanks, self).on_success(self.start_buttons["spoil_blank"].setVisible)

    def read_lines(self, device: Device, view: str, search: str) -> Sequence[Line]:
        """The lines of one view; a number typed is looked for among all sheets."""
        if search.strip() or view == "outside":
            return old_sheets.read_outside(device, search)
        return READERS[view](device)

    def read_record(self, device: Device, view: str, chosen: Sequence[Line]) -> Record | None:
        """A request, a slip, one sheet or several."""
        if isinstance(chosen[0].item, str):
            read_slip = view == SLIPS
            return old_sheets.read_slip(chosen[0]) if read_slip else destruction.read_request(device, chosen[0].item)
        return old_sheets.read_sheets(device, view, chosen)

    def number_of(self, line: Line) -> str:
        """A sheet's number with its print and place; requests and slips are about many."""
        return str(line.item) if isinstance(line.item, SheetName) else ""

    def do(self, name: str) -> None:
        """Ask what the chosen deed needs."""
        chosen = self.chosen
        if name == "take_in":
            self.review = ask_take_in(self.desk, self, self.told(self.word("take_in_done")))
            return
        if name == "spoil_blank":
            self.review = ask_spoil_blank(self.desk, self, self.told(self.word("spoil_blank_done")))
            return
        if not chosen:
            return
        done = self.told(self.word(f"{name}_done"))
        if name in ONE_SHEET:
            self.review = ONE_SHEET[name](self.desk, self, chosen[0].item, done)
        elif name in destruction_deeds.ASKED:
            self._ask_about(name, chosen[0].item, done)
        else:
            getattr(self, f"_{name}")(chosen, done)

    def _ask_about(self, name: str, ref: str, done: Callable[[Any], None]) -> None:
        def ask(request: destruction_deeds.Request) -> None:
            self.review = destruction_deeds.ASKED[name](self.desk, self, request, done)

        self.desk.read(lambda device: read_request_parts(device, ref), self).on_success(ask)

    def _hand_in(self, chosen: Sequence[Line], _done: object) -> None:
        def done(made: Any) -> None:
            self.desk.say(text("old_sheets.hand_in_done"))
            self.show_view(SLIPS, made.ref)

        def ask(batch: Batch) -> None:
            self.review = sheet_deeds.ask_hand_in(self.desk, self, batch, done)

        self._of_the_oldest(chosen, ask)

    def _of_the_oldest(self, chosen: Sequence[Line], ask: Callable[[Batch], None]) -> None:
        names = [line.item for line in chosen]
        self.desk.read(lambda device: oldest_batch(device, names), self).on_success(ask)

    def _request(self, chosen: Sequence[Line], _done: object) -> None:
        def done(made: Any) -> None:
            self.desk.say(text("old_sheets.request_done"))
            self.show_view(REQUESTS, made.ref)

        def ask(batch: Batch) -> None:
            self.review = destruction_deeds.ask_request(self.desk, self, batch, done)

        self._of_the_oldest(chosen, ask)

    def _write_off(self, chosen: Sequence[Line], _done: object) -> None:
        def done(made: Any) -> None:
            if made.suspect:
                against = text("list.comma").join(_against(code) for code in made.against)
                self.banner.say(Tone.WARN, text("old_sheets.suspect_now"), against)
            else:
                self.desk.say(text("old_sheets.write_off_done"))

        def ask(paper: Paper) -> None:
            self.review = ask_write_off(self.desk, self, paper, done)

        self.desk.read(lambda device: read_paper(device, chosen[0].item), self).on_success(ask)

    def _approve(self, chosen: Sequence[Line], done: Callable[[Any], None]) -> None:
        ref = chosen[0].item
        self.desk.act(lambda device: destroying.approve(device, ref), self, done=done, refused=self._say_refused)

    def _confirm_signed(self, chosen: Sequence[Line], done: Callable[[Any], None]) -> None:
        ref = chosen[0].item

        def deed(device: Device) -> Any:
            return ceremony.confirm_act(device, destroying.unconfirmed_forms(device, ref)[0])

        self.desk.act(deed, self, done=done, refused=self._say_refused)

    def _say_refused(self, outcome: Refused) -> None:
        self.say(explain.refused(outcome.refusals))

    def _save_slip(self, chosen: Sequence[Line], _done: object) -> None:
        name = f"{text('old_sheets.slip')}-{chosen[0].day}.pdf"
        files.save_kept(self.desk, self, lambda _device: chosen[0].item, name, self.say_problem)

    def _save_request(self, chosen: Sequence[Line], _done: object) -> None:
        ref, name = chosen[0].item, f"{text('old_sheets.request_form')}-{chosen[0].day}.pdf"

        def form(device: Device) -> str:
            return str((device.rows.one("destructions", ref=ref) or {})["form"])

        files.save_kept(self.desk, self, form, name, self.say_problem)

    def enter(self, subject: str = "") -> None:
        """A view, or a number that is looked for."""
        if subject in self.view_names:
            self.list.search.clear()
            self.list.views.set_value(subject)
        elif subject:
            self.list.views.set_value("outside")
            self.list.search.setText(subject)
        super().enter(subject)


def _against(code: str) -> str:
    known = code in explain.sentences().words()["unlawful"]
    return explain.word("unlawful" if known else "check", code)
