"""The papers of one declaration: form and acceptance slip, printed or saved as PDF from a small menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QMenu

from inspector_app.domain.refusals import Refused
from inspector_app.services import declaration_papers
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.explain import Explained
from ui.pages import files
from ui.tasks import Lane
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button

Make = Callable[[Device, str], Any]
MAKERS: dict[str, Make] = {
    "form": declaration_papers.declaration_content,
    "slip": declaration_papers.slip_content,
}
DECIDED = ("accepted", "not_accepted")


class PapersButton(Button):
    """A button with four acts; the slip's two only once the declaration was decided."""

    def __init__(self, desk: Desk, say: Callable[[Explained], None]) -> None:
        super().__init__("plain", "file-text")
        self._desk = desk
        self._say = say
        self._ref = ""
        self._menu = QMenu(self)
        self.acts = {
            f"{act}_{paper}": self._menu.addAction("", partial(self._run, act, paper))
            for paper in MAKERS
            for act in ("print", "save")
        }
        self.act_wanted.connect(lambda: self._menu.popup(self.mapToGlobal(self.rect().topLeft())))
        self._set_texts()

    def show_for(self, ref: str, state: str) -> None:
        """The declaration whose papers these are; an online one has none before it is taken down."""
        self._ref = ref
        self.setVisible(bool(ref))
        for name, act in self.acts.items():
            act.setVisible(not name.endswith("slip") or state in DECIDED)

    def _run(self, act: str, paper: str) -> None:
        if act == "print":
            self._print(paper)
        else:
            self._save(paper)

    def _print(self, paper: str) -> None:
        printers = self._desk.printers
        chosen = self._desk.preferences.printer
        name = chosen if chosen in printers else next(iter(printers), "")
        if not name:
            self._say(Explained(Tone.WARN, text("settings.no_printer"), "", ""))
            return
        device, printer = self._desk.device, printers[name]

        def done(_ticket: str) -> None:
            self._desk.say(text("declarations.paper_printed", printer=name))

        self._with_content(
            paper,
            lambda content: (
                self._desk.tasks.run(
                    lambda: declaration_papers.hand_to_printer(device, content, printer), Lane.OUTSIDE, self
                )
                .on_success(done)
                .on_failure(self._say_problem)
            ),
        )

    def _save(self, paper: str) -> None:
        name = f"{text(f'declarations.paper_{paper}')}.pdf"
        path = files.ask_where(self, text(f"declarations.save_{paper}"), name, "PDF (*.pdf)")
        if path is None:
            return
        press = self._desk.device.paper

        def done() -> None:
            self._desk.say(text("declarations.paper_saved", name=path.name))

        self._with_content(
            paper,
            lambda content: files.write(
                self._desk, self, path, lambda: press.render(content), done=done, failed=self._say_problem
            ),
        )

    def _with_content(self, paper: str, use: Callable[[Any], object]) -> None:
        ref, make = self._ref, MAKERS[paper]

        def ready(content: Any) -> None:
            if isinstance(content, Refused):
                self._say(explain.refused(content.refusals))
            else:
                use(content)

        self._desk.read(lambda device: make(device, ref), self).on_success(ready).on_failure(self._say_problem)

    def _say_problem(self, error: Exception) -> None:
        self._say(explain.problem(error))

    def _set_texts(self) -> None:
        self.say(text("declarations.papers"))
        for name, act in getattr(self, "acts", {}).items():
            act.setText(text(f"declarations.{name}"))
