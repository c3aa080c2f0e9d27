"""Looks at a form while it is filled in: what is missing is said beside the act, what is wrong below its field (U43).

A field's message comes only after the person has left the field; while a word is composed nothing is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from inspector_app.domain.refusals import Refusal
from inspector_app.services.device import Device
from ui.desk import Desk
from ui.explain import field_message
from ui.forms.form import Form
from ui.widgets.field import Field

PAUSE_MS = 250
Check = Callable[[Device], Sequence[Refusal]]


class LiveCheck(QObject):
    """Asks ``check()`` for an operation after each pause in typing.

    Signals:
        looked: how the form stands (all refusals).
    """

    looked = Signal(object)

    def __init__(self, desk: Desk, form: Form, check: Callable[[], Check | None]) -> None:
        super().__init__(form)
        self._desk = desk
        self._form = form
        self._check = check
        self._visited: set[str] = set()
        self._asked = 0
        self.refusals: Sequence[Refusal] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.look)
        form.edited.connect(self._timer.start)
        for field in form.fields.values():
            field.editor.left.connect(lambda field=field: self._on_left(field))

    def start_anew(self) -> None:
        """Another record is in the form: nothing was visited yet."""
        self._visited = set()
        self.refusals = ()
        self.look()

    def visit_all(self) -> None:
        """The person wants to submit: every field may speak, of what is in it now."""
        self._visited = set(self._form.fields)
        if not self._timer.isActive():  # otherwise what was found is about words that have changed since
            self._show()

    def look(self) -> None:
        """Ask now."""
        self._timer.stop()
        check = self._check()
        if check is None:
            return
        self._asked += 1
        asked = self._asked
        self._desk.read(check, self).on_success(lambda found: self._on_looked(asked, found))

    def _on_left(self, field: Field) -> None:
        if field.value() not in (None, "", []):
            self._visited.add(field.name)
        self._timer.start()

    def _on_looked(self, asked: int, found: Sequence[Refusal]) -> None:
        if asked != self._asked:
            return
        self.refusals = found
        self._show()
        self.looked.emit(found)

    def _show(self) -> None:
        first: dict[str, Refusal] = {}
        for refusal in self.refusals:
            first.setdefault(refusal.field, refusal)
        for name in self._visited:
            field = self._form.fields[name]
            wrong = first.get(name)
            field.say((field.unread or field_message(wrong, field.label)) if wrong is not None else "")
