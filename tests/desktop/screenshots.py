"""Pictures of every page, in a real window of 1366 × 768: ``python -m tests.desktop.screenshots [--out DIR]``.

It founds a practice station, lets it work through a morning, and opens the application under Xvfb in both themes and,
for a few pages, in English. Nothing is painted over: what the pictures show is what the window shows.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from inspector_app.errors import StationError
from tests.desktop.custody import fill_custody
from tests.desktop.screen import screen
from tests.source_tree import ROOT

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from ui.desk import Desk
    from ui.window import Workplace

OUT = ROOT / "docs" / "screenshots"
NUMBERS_GONE_BEFORE = {"A": 400, "B": 1200}
"""So that no number in these pictures is one of the demonstration's, which stands beside them with other cargo."""
YEAR_MS = 365 * 86_400_000
MOST_COLOURS, EXACT_COLOURS, COLOURS_APART = 256, 96, 7


class Shot(NamedTuple):
    """One picture: its name, the page, what to do there first, and whether it is also taken in English."""

    name: str
    place: str
    prepare: str = ""
    english: bool = False
    custody: bool = False
    """Taken at the station in its second year."""


SHOTS = (
    Shot("01-unlock", "", english=True),
    Shot("02-today", "today", english=True),
    Shot("03-before-departure", "ready"),
    Shot("04-declarations", "declarations"),
    Shot("05-declaration-form", "declarations", "declare"),
    Shot("06-inspection", "inspection", "inspect", english=True),
    Shot("07-batch-and-samples", "inspection", "batch"),
    Shot("08-issue", "issue", "issue", english=True),
    Shot("09-print-and-hand-over", "prints", "paper"),
    Shot("10-print-question", "prints", "question", english=True),
    Shot("11-certificates", "certificates", "certificate", english=True),
    Shot("12-numbers", "numbers", english=True),
    Shot("13-verify", "verify", "verify", english=True),
    Shot("14-day-close", "day_close", english=True),
    Shot("15-sync", "sync", "sync", english=True),
    Shot("15-sync-frozen-fork", "sync", "frozen_fork", english=True),
    Shot("15-sync-frozen-fenced", "sync", "frozen_fenced", english=True),
    Shot("15-sync-frozen-witness", "sync", "frozen_witness", english=True),
    Shot("16-settings", "settings"),
    Shot("17-about", "about"),
    Shot("18-command-palette", "today", "palette"),
    Shot("19-keys", "issue", "keys"),
    Shot("20-void-review", "certificates", "void"),
    Shot("20-void-marked", "certificates", "void_marked", english=True),
    Shot("21-ledgers", "ledgers", "ledger", english=True),
    Shot("22-spoiled", "old_sheets", "spoiled", english=True, custody=True),
    Shot("23-write-off", "old_sheets", "write_off", english=True, custody=True),
    Shot("24-destruction", "old_sheets", "destruction", english=True, custody=True),
    Shot("25-stores", "stores", "store", english=True, custody=True),
    Shot("26-opening", "stores", "opening", english=True, custody=True),
    Shot("27-losses", "losses", "loss", english=True, custody=True),
    Shot("28-supervision", "supervision", "visit", english=True, custody=True),
    Shot("29-visit-review", "supervision", "visit_review", custody=True),
    Shot("30-give-back", "numbers", "give_back", english=True),
    Shot("31-stocktake-begin", "stocktake"),
    Shot("32-stocktake-count", "stocktake", "stock_count", english=True),
    Shot("33-stocktake-close", "stocktake", "stock_close", english=True),
    Shot("34-second-person", "stocktake", "second_person", english=True),
    Shot("35-cases", "stocktake", "case"),
    Shot("36-to-confirm", "confirmations", "confirmation", english=True),
    Shot("37-trace", "life", "life", english=True),
    Shot("38-trace-sheet", "life", "sheet_life", custody=True),
    Shot("39-open-case", "stocktake", "open_case", english=True),
    Shot("40-late-record", "certificates", "late_record", english=True),
    Shot("41-sync-offline", "sync", "sync_offline", english=True, custody=True),
    Shot("42-sync-portal", "sync", "sync_portal", english=True, custody=True),
    Shot("43-sync-clock", "sync", "sync_clock", english=True, custody=True),
    Shot("44-sync-needs-you", "sync", "sync_needs_you", english=True, custody=True),
)


def main(arguments: list[str]) -> int:
    """Take the pictures; with ``--window`` this is the process inside the screen."""
    parser = argparse.ArgumentParser(description="Screenshots of every page, in both themes")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument(
        "--only", default="", help="only pictures whose name contains one of these, with commas between"
    )
    parser.add_argument("--size", default="1366x768", help="of the window, as WIDTHxHEIGHT")
    parser.add_argument("--window", nargs=2, metavar=("FOLDER", "THEME"))
    asked = parser.parse_args(arguments)
    if asked.window:
        return take(Path(asked.window[0]), asked.window[1], asked.out, asked.only, asked.size)
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, screen(*map(int, asked.size.split("x"))) as environment:
        for name, founded in (("morning", fill), ("custody", fill_custody)):
            if not any(_is_taken(shot, name, asked.only) for shot in SHOTS):
                continue
            own, kept = Path(folder) / name, Path(folder) / f"{name}-kept"
            home = own / ".local" / "share" / "inspector"  # where a person's own data lie
            home.parent.mkdir(parents=True)
            founded(home)
            shutil.move(home, kept)
            for theme in ("light", "dark", "english"):
                shutil.copytree(kept, home)  # every theme begins with the same day, at the place it was worked
                command = [sys.executable, "-m", "tests.desktop.screenshots", "--window", str(home), theme]
                command += ["--out", str(asked.out.resolve()), "--only", asked.only, "--size", asked.size]
                subprocess.run(command, cwd=ROOT, env={**environment, "HOME": str(own)}, check=True)
                shutil.rmtree(home)
    return 0


def _is_taken(shot: Shot, station: str, only: str) -> bool:
    return any(part in shot.name for part in only.split(",")) and shot.custody == (station == "custody")


def fill(folder: Path) -> None:
    """Found the practice station and let it work through a morning, with numbers further on in the row."""
    from inspector_app.practice.mode import province_folder
    from inspector_app.practice.province import PRACTICE
    from province.high_water import FileHighWater
    from tests.desktop.practice import Practice, fill_a_day

    province_folder(folder).mkdir(parents=True)
    marks = FileHighWater(province_folder(folder) / "high_water.json")
    for kind, gone in NUMBERS_GONE_BEFORE.items():
        marks.raise_to(f"stock {PRACTICE}-{kind} {kind}", gone)
    practice = Practice(folder)
    try:
        fill_a_day(practice)
        used = [int(str(row["digits"])[2:]) for row in practice.sign_in().rows.many("certificates")]
        practice.rest()
        assert min(used) > min(NUMBERS_GONE_BEFORE.values()), used
    finally:
        practice.close()


def take(folder: Path, theme: str, out: Path, only: str, size: str) -> int:
    """Open the window in one theme and save the pictures."""
    from tests.desktop.custody import CLOCK, Custody
    from tests.desktop.practice import Practice
    from ui.preferences import Preferences
    from ui.texts import Language
    from ui.theme import ThemeChoice

    custody = (folder / CLOCK).exists()
    practice = Custody(folder) if custody else Practice(folder)
    preferences = Preferences(practice.home.paths.folder / "screen.ini")
    preferences.theme = ThemeChoice.DARK if theme == "dark" else ThemeChoice.LIGHT
    preferences.language = Language.EN if theme == "english" else Language.ZH
    preferences._settings.sync()
    try:
        Camera(practice, theme, out, size).take(
            [
                shot
                for shot in SHOTS
                if _is_taken(shot, "custody" if custody else "", only) and (theme != "english" or shot.english)
            ]
        )
    finally:
        practice.close()
    return 0


def fewer_colours(picture: QImage) -> QImage:
    """The picture in its 256 most frequent colours: a third of the size, and no difference to the eye."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage

    picture = picture.convertToFormat(QImage.Format.Format_RGB32)
    counts = Counter(memoryview(picture.constBits()).cast("I").tolist())  # type: ignore[call-overload]
    chosen: list[tuple[int, int, int]] = []
    for colour, _ in counts.most_common():
        red, green, blue = colour >> 16 & 255, colour >> 8 & 255, colour & 255
        apart = 0 if len(chosen) < EXACT_COLOURS else COLOURS_APART
        if all(max(abs(red - r), abs(green - g), abs(blue - b)) >= apart for r, g, b in chosen):
            chosen.append((red, green, blue))
        if len(chosen) == MOST_COLOURS:
            break
    table = [0xFF << 24 | red << 16 | green << 8 | blue for red, green, blue in chosen]
    return picture.convertToFormat(QImage.Format.Format_Indexed8, table, Qt.ImageConversionFlag.ThresholdDither)


class Camera:
    """Goes from page to page and presses the shutter when everything has arrived."""

    def __init__(self, practice: Any, theme: str, out: Path, size: str) -> None:
        from tests.desktop.driver import open_window

        self.practice, self.theme, self.out = practice, theme, out
        self.hands = open_window(practice)
        self.hands.shell.window.resize(*map(int, size.split("x")))
        self.prepare: dict[str, Callable[[], None]] = {
            name: getattr(self, f"_{name}")
            for name in ("declare", "inspect", "batch", "issue", "paper", "question", "certificate", "verify", "sync",
                         "palette", "keys", "void", "ledger", "spoiled", "write_off", "destruction", "store", "opening",
                         "loss", "visit", "visit_review", "give_back", "stock_count", "stock_close", "second_person",
                         "case", "confirmation", "life", "sheet_life", "open_case", "late_record", "void_marked",
                         "sync_offline", "sync_portal", "sync_clock", "sync_needs_you", "frozen_fork", "frozen_fenced",
                         "frozen_witness")
        }  # fmt: skip

    def take(self, shots: list[Shot]) -> None:
        """All of these, in order."""
        from tests.desktop.driver import sign_in
        from ui.places import Place

        for shot in shots:
            if not shot.place:
                self._shoot(shot)
                continue
            if self.hands.shell.workplace is None:
                sign_in(self.hands, self.practice)
            self._tidy()
            self.workplace.go(Place(shot.place))
            self.hands.settle()
            if shot.prepare:
                self.prepare[shot.prepare]()
                self.hands.settle()
            self._shoot(shot)

    @property
    def desk(self) -> Desk:
        """The desk of whoever is signed in."""
        assert self.hands.shell.desk is not None
        return self.hands.shell.desk

    @property
    def workplace(self) -> Workplace:
        """The window's inside once somebody is signed in."""
        assert self.hands.shell.workplace is not None
        return self.hands.shell.workplace

    @property
    def page(self) -> Any:
        """The page in front."""
        return self.workplace.page

    def _ledger(self) -> None:
        self.page.list.choose_view(3)

    def _view(self, view: str) -> None:
        self.page.enter(view)
        self.hands.settle()

    def _spoiled(self) -> None:
        self._view("spoiled")
        self.page.list.table.setFocus()

    def _write_off(self) -> None:
        self._view("to_hand_in")
        self.page.do("write_off")
        self.hands.settle()
        for field in list(self.page.review.form.fields.values())[:6]:
            field.set_value("yes")
        self.page.review.form.fields["copy_2"].set_value("differs")
        self.page.review.form.edited.emit()

    def _destruction(self) -> None:
        self._view("requests")
        self.page.list.table.setFocus()

    def _store(self) -> None:
        self._view("stores")
        self.page.list.table.setFocus()

    def _opening(self) -> None:
        from tests.desktop.custody import LIST

        self.page.do("take_over")
        self.hands.settle()
        self.page.opening._dry_run("移交清单.csv", LIST.encode())

    def _loss(self) -> None:
        self._view("open")
        self.page.list.table.setFocus()

    def _visit(self) -> None:
        self.page.list.table.mark(1)
        self.page.list.table.setFocus()

    def _visit_review(self) -> None:
        self.page.do("record")
        self.hands.settle()
        self.page.review.form.fields["findings"].set_value(["stocktake_late"])
        self.page.review.form.edited.emit()

    def _give_back(self) -> None:
        lines = self.page.ledger.model.items
        self.page.ledger.table.mark(next(at for at, held in enumerate(lines) if held.own and held.line.kind == "B"))
        self.page.block.return_button.click()
        self.hands.settle()
        review = self._review()
        last = lines[self.page.ledger.table.currentIndex().row()].line.last
        review._fields[0].set_value(f"{int(last) - 29}-{last}")
        review._fields[0].editor.edited.emit()
        review._fields[1].set_value("too_many")

    def _review(self) -> Any:
        """The review page in front."""
        from ui.widgets.review import Review

        windows = self.hands.app.topLevelWidgets()
        return next(one for one in windows if isinstance(one, Review) and one.isVisible())

    def _stock_count(self) -> None:
        """Papers counted by ranges, numbers by scanner, and one reading that is none of this station's book."""
        self.page.submit()
        self.hands.settle()
        pane, found = self.page.count_pane, self.page.stand.open
        for line in [line for line in found.lines if line.shelf == "on_hand"][:-1]:
            self._record(line.shelf, line.kind, f"{line.first}-{line.last}", line.pages)
        pane.nothing_button.click()
        self.hands.settle()
        pane.form.fields["means"].set_value("scanned")
        pane.form.fields["means"].editor.edited.emit()
        block = next(line for line in found.lines if line.shelf == "unused" and line.kind == "N")
        pane.choose("unused", "N")
        for reading in (*range(int(block.first), int(block.first) + 5), int(block.first) + 700):
            pane.scans.take(str(reading))
        pane.form.go_to("scans")

    def _record(self, shelf: str, kind: str, numbers: str, pages: int = 0) -> None:
        """One count by ranges."""
        pane = self.page.count_pane
        pane.form.fields["means"].set_value("typed")
        pane.form.fields["means"].editor.edited.emit()
        pane.choose(shelf, kind)
        self.hands.settle()
        pane.form.fill({"numbers": numbers, "pages": str(pages or "")})
        self.page.submit()
        self.hands.settle()

    def _stock_close(self) -> None:
        """Everything counted, some of it not found."""
        pane = self.page.count_pane
        pane.form.fill({"scans": []})
        for line in [line for line in self.page.stand.open.lines if line.state in ("left", "last")]:
            self._record(line.shelf, line.kind, f"{line.first}-{line.last}", line.pages)
        self.page.close_button.click()

    def _second_person(self) -> None:
        self.page.close_button.click()
        self.hands.settle()
        review = self._review()
        review._fields[1].set_value("camera_broken")
        review.button.click()
        self.hands.settle()
        self._review()._fields[2].setFocus()

    def _case(self) -> None:
        self.page.enter("cases")

    def _life(self) -> None:
        """The certificate that was replaced: its prints, its end and what came instead."""
        rows = self._rows("certificates")
        self.page.trace(next(str(row["number"]) for row in rows if row["state"] == "replaced"))
        self.hands.settle()
        self.page.list.table.setFocus()

    def _sheet_life(self) -> None:
        self.page.trace(str(self._rows("sheets", state="spoiled")[0]["number"]) + " 1/1")
        self.hands.settle()
        self.page.list.table.setFocus()

    def _open_case(self) -> None:
        self.page.enter("open:B 9900001203")
        self.hands.settle()
        form = self.page.cases.review.form
        form.fields["case_kind"].set_value("other_matter")
        form.fields["note"].set_value("第二联边缘有撕痕，与登记不符，请查存根。")

    def _late_record(self) -> None:
        number = next(str(row["number"]) for row in self._rows("certificates") if self._ended_unrecorded(row))
        self.page.enter(number)
        self.hands.settle()
        self.page.pane.late_button.click()
        self.hands.settle()

    def _ended_unrecorded(self, row: Any) -> bool:
        ended = row["state"] in ("voided", "replaced") and not row["handed_over_at"]
        return ended and bool(self._rows("prints", number=row["number"], state="printed"))

    def _rows(self, table: str, **equal: Any) -> Any:
        device = self.hands.shell.desk.device
        assert device is not None
        return device.rows.many(table, **equal)

    def _confirmation(self) -> None:
        self.page.list.table.setFocus()

    def _tidy(self) -> None:
        workplace = self.hands.shell.workplace
        assert workplace is not None
        workplace.palette_box.hide()
        workplace.sheet.hide()
        workplace.toast.hide()
        for window in self.hands.app.topLevelWidgets():
            if window is not self.hands.shell.window and window.isVisible():
                window.close()

    def _shoot(self, shot: Shot) -> None:
        if self.hands.shell.workplace is not None:
            self.hands.shell.workplace.toast.hide()
        for _ in range(6):
            self.hands.breathe()
        picture = self.hands.app.primaryScreen().grabWindow(0)
        name = f"{shot.name}-{self.theme}.png"
        assert fewer_colours(picture.toImage()).save(str(self.out / name), quality=0), name

    # --- what a picture shows ---------------------------------------------------------------------------------------

    def _declare(self) -> None:
        from inspector_app.domain.quantities import Quantity
        from inspector_app.practice import world
        from tests.desktop.practice import WAN

        self.page.start_new()
        self.hands.settle()
        editor, farm, buyer = self.page.editor.editor, world.FARMS[5], world.BUYERS["xinghua"]
        editor.species.choose(editor._naming.species_option(101))
        editor.fill({"owner": farm.name, "owner_phone": farm.phone, "permit": farm.permit, "stage": "summer_fingerling",
                     "quantity": Quantity(60, 0, WAN), "origin_place": farm.place, "pond": "6 号池",
                     "destination": editor._naming.area_option(buyer.area)})  # fmt: skip
        editor.go_to("destination_place")
        self.page.editor.live.look()

    def _inspect(self) -> None:
        line = next(line for line in self.page.list.model.items if not line.inspection)
        self.page.start(line.declaration)
        self.hands.settle()
        editor = self.page.pane.editor
        editor.documents.tick_all()
        editor.fields["history_clean"].set_value("clean")
        editor.go_to("checks")
        self.page.pane.live.look()

    def _batch(self) -> None:
        self.page._leave()
        self.page.list.choose_view(3)
        self.hands.settle()
        self.page.list.table.setFocus()

    def _issue(self) -> None:
        ready = next(line for line in self.page.list.model.items if line.kind == "B" and line.tone.value == "good")
        self.page.start(ready.inspection)
        self.hands.settle()
        editor = self.page.pane.editor
        editor.fill({"plate": "苏K0I006", "quantity": editor.quantity.value()})
        editor.go_to("plate")
        self.page.pane.live.look()
        self.page.pane._ask_preview()

    def _paper(self) -> None:
        self._mark("hand")

    def _question(self) -> None:
        self._mark("answer")

    def _mark(self, step: str) -> None:
        """The first paper that waits for this step."""
        rows = [at for at, line in enumerate(self.page.list.model.items) if line.step.startswith(step)]
        self.page.list.table.mark(rows[0])
        self.page.list.table.setFocus()
        self.hands.settle()

    def _certificate(self) -> None:
        line = next(line for line in self.page.list.model.items if line.number.startswith("A"))
        self.page.show_certificate(line.number)
        self.page.list.mark_quietly(self.page.list.model.items.index(line))
        self.page.list.table.setFocus()

    def _verify(self) -> None:
        device = self.desk.device
        number = next(row["number"] for row in device.rows.many("certificates") if row["kind"] == "A")
        from inspector_app.services.print_jobs import content_of

        self.page.verifier.verify_text(content_of(device, str(number), 1).code)

    def _sync(self) -> None:
        self.desk.preferences.automatic_contact = True
        self.page.start()

    def _sync_offline(self) -> None:
        self._sync_failing("network.no_link")

    def _sync_portal(self) -> None:
        self._sync_failing("network.captive_portal", status=200)

    def _sync_clock(self) -> None:
        now = self.desk.now()
        self._sync_failing("network.clock_wrong", apart=YEAR_MS, at=now + YEAR_MS)

    def _sync_failing(self, code: str, **details: Any) -> None:
        """A round that ends here."""

        def end(*_: object) -> None:
            raise StationError(code, **details)

        self.practice.around.sync_with = end
        self.desk.preferences.automatic_contact = True
        self.page.start()
        self.hands.settle()

    def _sync_needs_you(self) -> None:
        self.page.result.dismiss()
        self.page.remarks.table.setFocus()

    def _frozen_fork(self) -> None:
        self._freeze("fork")

    def _frozen_fenced(self) -> None:
        self._freeze("fenced")

    def _frozen_witness(self) -> None:
        self._freeze("witness_higher")

    def _freeze(self, reason: str) -> None:
        """Issuing is paused, as far as the screen can tell: nothing is written."""
        self.desk.device.frozen = reason
        self.desk.recorded.emit()
        self.page.refresh()

    def _palette(self) -> None:
        self.workplace.open_palette()
        self.hands.type("B 99")
        self.hands.wait(lambda: len(self.workplace.palette_box.offered) > 0, "found")

    def _keys(self) -> None:
        self.workplace.open_sheet()

    def _void(self) -> None:
        line = next(line for line in self.page.list.model.items if line.tone.value == "good")
        self.page.list.table.mark(self.page.list.model.items.index(line))
        self.hands.settle()
        self.page.pane.void_button.click()

    def _void_marked(self) -> None:
        """Sheets of the paper lie on the desk: they are to be shown."""
        printed = {str(row["number"]) for row in self._rows("sheets", state="printed")}
        self.page.enter(next(line.number for line in self.page.list.model.items if line.number in printed))
        self.hands.settle()
        self.page.pane.void_button.click()
        self.hands.settle()
        on_desk = next(field for field in self._review()._fields if field.name == "on_desk")
        on_desk.set_value(2)
        on_desk.editor.edited.emit()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
