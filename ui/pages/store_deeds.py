"""What is asked of a store: its profile, its keeper, a periodic check; and into which store a draw goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from inspector_app.services import keeping
from inspector_app.services.device import Device
from inspector_app.services.keeping import FINDINGS, MEASURES, SORTS
from ui.desk import Desk
from ui.forms.form import Form
from ui.models.naming import Naming
from ui.models.stores import measures
from ui.pages.deed_review import Answers, DeedReview, Question
from ui.pages.sheet_deeds import Told, code, photo_field, reason_field
from ui.texts import text
from ui.widgets.checklist import CheckList
from ui.widgets.choice import DropDown, Segments
from ui.widgets.field import Field
from ui.widgets.line import Line
from ui.widgets.note import Note
from ui.widgets.popup_list import Option


def ask_describe(desk: Desk, parent: QWidget, store: str, done: Told) -> DeedReview:
    """The profile of a store; "" for a store that is new."""
    name = Field("store", Line(), required=True)
    name.set_value(store)
    sort = Field("sort", Segments(), required=True)
    sort.editor.offer([Option(one, text(f"stores.sort_{one}")) for one in SORTS])
    fields = [name, sort, *_measure_fields(desk), Field("note", Note(2), words=lambda: text("stores.where"))]

    def deed(device: Device, said: Answers) -> Any:
        chosen = [measure for of in MEASURES for measure in said[of]]
        sort = code(said["sort"])
        return keeping.describe_store(device, said["store"], sort=sort, measures=chosen, note=said["note"])

    def adapt(form: Form) -> None:
        form.fields["store"].setVisible(not store)

    return DeedReview(
        desk,
        parent,
        Question(
            "store_profile",
            store,
            text("stores.describe_title", store=store) if store else text("stores.new_store_title"),
            text("stores.describe_explained"),
            text("stores.describe_act"),
            fields,
            deed,
            done,
            adapt=adapt,
            check=_check_measures,
        ),
    )


def _measure_fields(desk: Desk) -> list[Field]:
    made = []
    for of, options in measures(desk.device).items():
        field = Field(of, CheckList(1), required=True)
        field.editor.offer(options)
        made.append(field)
    return made


def _check_measures(form: Form) -> dict[str, str]:
    """At least one measure each against fire, damp and theft (Art. 15)."""
    found = {of: text("stores.one_measure") for of in MEASURES if not form.value(of)}
    return found if form.value("sort") else {**found, "sort": text("old_sheets.answer")}


def ask_assign(desk: Desk, parent: QWidget, store: str, keepers: Sequence[Option], done: Told) -> DeedReview:
    """Who keeps a store; a new keeper only after the hand-over count both signed."""
    keeper = Field("keeper", DropDown(), required=True)
    keeper.editor.offer(keepers)

    def deed(device: Device, said: Answers) -> Any:
        return keeping.assign_store(device, store, said["keeper"] or 0)

    def check(form: Form) -> dict[str, str]:
        return {} if form.value("keeper") else {"keeper": text("old_sheets.answer")}

    return DeedReview(
        desk,
        parent,
        Question(
            "store_keeper",
            store,
            text("stores.assign_title", store=store),
            text("stores.assign_explained"),
            text("stores.assign_act"),
            (keeper,),
            deed,
            done,
            check=check,
        ),
    )


def ask_check(desk: Desk, parent: QWidget, store: str, done: Told) -> DeedReview:
    """A periodic check, with its photograph or the reason why there is none."""
    findings = Field("findings", CheckList(2), words=lambda: text("stores.findings"))
    findings.editor.offer(Naming(desk.device).reasons(FINDINGS, desk.today()))
    photos, no_picture = photo_field(desk), reason_field(desk, "no_picture", "no_picture", required=False)
    fields = (findings, photos, no_picture, Field("note", Note(2)))

    def deed(device: Device, said: Answers) -> Any:
        return keeping.check_store(
            device,
            store,
            findings=said["findings"],
            attachments=said["attachments"],
            no_picture="" if said["attachments"] else code(said["no_picture"]),
            note=said["note"],
        )

    def adapt(form: Form) -> None:
        form.fields["no_picture"].setVisible(not form.value("attachments"))

    return DeedReview(
        desk,
        parent,
        Question(
            "store_check",
            store,
            text("stores.check_title", store=store),
            text("stores.check_explained"),
            text("stores.check_act"),
            fields,
            deed,
            done,
            adapt=adapt,
        ),
    )


def ask_receive(desk: Desk, parent: QWidget, draw: str, stores: Sequence[Option], done: Told) -> DeedReview:
    """The keeper takes a draw into a store."""
    store = Field("store", DropDown(), required=True)
    store.editor.offer(stores)
    store.set_value(stores[0].value if len(stores) == 1 else None)

    def deed(device: Device, said: Answers) -> Any:
        return keeping.receive_draw(device, draw, code(said["store"]))

    def check(form: Form) -> dict[str, str]:
        return {} if form.value("store") else {"store": text("old_sheets.answer")}

    return DeedReview(
        desk,
        parent,
        Question(
            "draw_receipt",
            draw,
            text("stores.receive_title"),
            text("stores.receive_explained"),
            text("stores.receive_act"),
            (store,),
            deed,
            done,
            [(text("stores.draw"), draw)],
            check=check,
        ),
    )
