"""Closing a stocktake: what differs is seen first, two photographs or the reason for none, then the second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from inspector_app.services import stocktaking
from inspector_app.services.stocktaking import Closed
from inspector_app.services.typed import NO_PICTURE
from ui.desk import Desk
from ui.models.confirmations import difference_words
from ui.models.naming import Naming
from ui.models.stocktakes import OpenStocktake
from ui.pages.asking import say_problem, say_refused
from ui.pages.confirming import Confirming
from ui.texts import text
from ui.widgets.attachments import AttachmentEdit
from ui.widgets.choice import DropDown
from ui.widgets.field import Field
from ui.widgets.popup_list import Option
from ui.widgets.review import Review


class Closing(QObject):
    """The review of one closing; ``alone`` says that the policy lets one person count and close."""

    def __init__(
        self, desk: Desk, parent: QWidget, found: OpenStocktake, *, alone: bool, done: Callable[[], Any]
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self._parent = parent
        self._done = done
        self.confirming: Confirming | None = None
        self.review = Review(
            parent, text("stocktake.close_title"), text("stocktake.close_explained"), act=text("stocktake.close_act")
        )
        self.facts = [
            (text("stocktake.differences"), difference_words(found.differences) or text("stocktake.no_difference")),
            (text("stocktake.explained"), f"{found.explained:,}" if found.explained else ""),
        ]
        self.photos = Field("attachments", AttachmentEdit(desk), words=lambda: text("stocktake.photos"))
        self.no_picture = Field("no_picture", DropDown())
        reasons = Naming(desk.device).reasons(NO_PICTURE, desk.today())
        self.no_picture.editor.offer([Option("", text("stocktake.have_photos")), *reasons])
        self.no_picture.set_value("")
        self.review.show_facts(self.facts)
        self.review.ask(*((self.photos, self.no_picture) if alone else ()))
        self.review.act_wanted.connect(self._close)
        self.review.open()

    def _close(self) -> None:
        photos, reason = list(self.photos.value()), str(self.no_picture.value() or "")
        self.desk.act(
            lambda device: stocktaking.close_stocktake(device, attachments=photos, no_picture=reason),
            self.review,
            done=self._on_closed,
            refused=lambda outcome: say_refused(self.review, outcome, (self.photos, self.no_picture)),
            failed=lambda error: say_problem(self.review, error),
        )

    def _on_closed(self, closed: Closed) -> None:
        self.review.accept()
        self.desk.say(text("stocktake.closed", n=len(closed.differences)))
        self._done()
        # Whoever is to confirm may stand beside: asked at once, and 稍后再说 leaves it waiting.
        self.confirming = Confirming(
            self.desk,
            self._parent,
            closed.ref,
            title=text("stocktake.confirm_title"),
            facts=self.facts,
            only_together=True,
            done=self._done,
        )
