"""The declaration as it is taken down (检疫申报单): who, what, from where to where, when (S05)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inspector_app.domain.declaration import DeclarationForm
from inspector_app.domain.pinyin import Match
from inspector_app.domain.quantities import Quantity
from inspector_app.services.issuing_gates import quantity_of
from inspector_app.services.spelling import matches
from ui.desk import Desk
from ui.forms.form import Form
from ui.models.naming import Naming, Row
from ui.texts import either, text
from ui.widgets.checklist import TargetBox
from ui.widgets.choice import DropDown, Segments
from ui.widgets.field import Field
from ui.widgets.line import CodeLine, Line
from ui.widgets.living import Living
from ui.widgets.moment_field import DayEdit, MomentEdit
from ui.widgets.note import Note
from ui.widgets.picker import Picker
from ui.widgets.popup_list import Option
from ui.widgets.quantity_field import QuantityEdit

UNREAD = -1
"""Told to the service, which refuses it as a moment; what is said of it is the field's own (:attr:`Field.unread`)."""
UNITS_FIRST = 11  # 万尾, the unit most fry is traded in


class TickLine(TargetBox):
    """One question answered by ticking it; a field's editor."""

    def __init__(self) -> None:
        super().__init__()
        self.edited = self.clicked
        self.left = self.released

    def value(self) -> bool:
        """Whether it is ticked."""
        return self.isChecked()

    def set_value(self, value: object) -> None:
        """Tick or clear it."""
        self.setChecked(bool(value))

    def draft(self) -> object:
        """What a draft keeps."""
        return self.isChecked()

    def restore(self, kept: object) -> None:
        """Show what a draft kept."""
        self.setChecked(bool(kept))


class DeclarationEditor(Living, Form):
    """Fields named as in :class:`DeclarationForm`, and ``inspect_on`` for accepting it at once."""

    def __init__(self, desk: Desk, station_area: int) -> None:
        super().__init__()
        self._desk = desk
        self._naming = Naming(desk.device)
        self._station_area = station_area
        self._owners: list[Row] = []
        self._online = ""
        self._make_editors()
        self._make_sections()
        self.species.edited.connect(self._on_species)
        self.owner.edited.connect(self._on_owner)
        self.begin()

    def _make_editors(self) -> None:
        on = self._desk.today
        self.owner = Picker(self._find_owner, free=True)
        self.species = Picker(lambda typed: self._naming.find_species(typed, on()))
        self.stage = DropDown()
        self.quantity = QuantityEdit(self._desk.device.catalogue.units, UNITS_FIRST)
        self.purpose = DropDown()
        self.origin = Picker(self._find_area)
        self.destination = Picker(self._find_area)
        self.channel = Segments()
        self.wild = TickLine()
        self.declared_at = MomentEdit(self._desk.now)
        self.departs_at = MomentEdit(self._desk.now)
        self.inspect_on = DayEdit(on)

    def _make_sections(self) -> None:
        self._who = self.add_section(
            [
                Field("owner", self.owner, required=True),
                Field("owner_phone", CodeLine(), required=True),
                Field("permit", CodeLine()),
                Field("channel", self.channel),
                Field("declared_at", self.declared_at),
            ]
        )
        self._what = self.add_section(
            [
                Field("species", self.species, required=True),
                Field("stage", self.stage, required=True),
                Field("quantity", self.quantity, required=True),
                Field("purpose", self.purpose, required=True),
                Field("pond", Line()),
                Field("wild", self.wild),
            ],
            ruled=True,
        )
        self._trip = self.add_section(
            [
                Field("origin", self.origin, required=True),
                Field("origin_place", Line(), required=True),
                Field("destination", self.destination, required=True),
                Field("destination_place", Line(), required=True),
                Field("departs_at", self.departs_at, required=True),
                Field("consignee", Line()),
                Field("inspect_on", self.inspect_on),
                Field("remarks", Note(1)),
            ],
            ruled=True,
        )

    # --- registers ------------------------------------------------------------------------------------------------

    def know_owners(self, owners: Sequence[Row]) -> None:
        """The parties of this station, most recent first; the picker proposes them."""
        self._owners = list(owners)

    def _find_owner(self, typed: str) -> list[Option]:
        found = []
        for at, row in enumerate(self._owners):
            rank = matches(typed, str(row["name"]))
            if rank is None and typed.isdigit() and str(row["phone"]).endswith(typed):
                rank = Match.INSIDE
            if rank is not None:
                found.append((rank, at, row))
        found.sort(key=lambda hit: hit[:2])
        return [Option(str(row["name"]), str(row["name"]), str(row["shown"])) for _, _, row in found[:20]]

    def _find_area(self, typed: str) -> list[Option]:
        return self._naming.find_area(typed, self._desk.today(), self._station_area)

    def _on_owner(self) -> None:
        """A known party brings its telephone, permit and places of the last time; nothing typed is overwritten."""
        known = next((row for row in self._owners if row["name"] == self.owner.value()), None)
        if known is None:
            return
        for name, value in known["last"].items():
            field = self.fields[name]
            if value and field.value() in (None, ""):
                field.set_value(value)

    def _on_species(self) -> None:
        code = self.species.value()
        self._offer_stages(int(code) if isinstance(code, int) else 0)
        if isinstance(code, int):
            self.quantity.set_unit(self._desk.device.catalogue.unit_for(code, str(self.stage.value() or "")))

    def _offer_stages(self, species: int) -> None:
        stages = self._desk.device.catalogue.stages_for(species, self._desk.today())
        self.stage.offer([Option(row.code, either(row.zh, row.en)) for row in stages])

    # --- values -----------------------------------------------------------------------------------------------------

    def start(self, values: dict[str, Any] | None = None, online: str = "") -> None:
        """An empty form, or one filled from an online declaration or an earlier record."""
        self._online = online
        self._offer_stages(0)
        for field in self.fields.values():
            field.set_value(None if field.name in ("quantity", "declared_at", "departs_at", "stage", "purpose") else "")
        # A string the register knows stands for its area; most seed leaves from the station's own county.
        self.fill(
            {
                "channel": "online" if online else "point",
                "wild": False,
                "origin": self._naming.area_option(self._station_area),
                "purpose": 1,
                "inspect_on": self._desk.today(),
            }
        )
        if values:
            species = values.get("species")
            self._offer_stages(int(species.value) if isinstance(species, Option) else 0)
            self.fill(values)
        self._show_declared_at()
        self.clear_messages()
        self.settle()

    def values_of(self, row: Row) -> dict[str, Any]:
        """The form's values from a row of a declaration or an online declaration."""
        texts = ("owner_phone", "permit", "pond", "origin_place", "destination_place", "consignee", "remarks")
        return {name: str(row[name] or "") for name in texts} | {
            "owner": str(row["owner_name"] or ""),
            "species": self._naming.species_option(int(row["species"] or 0)),
            "stage": str(row["stage"] or ""),
            "quantity": quantity_of(dict(row)),
            "purpose": int(row["purpose"] or 0),
            "origin": self._naming.area_option(int(row["origin"] or 0)),
            "destination": self._naming.area_option(int(row["destination"] or 0)),
            "departs_at": int(row["departs_at"] or 0) or None,
            "wild": bool(row["wild"]),
        }

    def collect(self) -> DeclarationForm:
        """What was typed, as the service takes it; what cannot be read counts as missing."""
        values = self.values()
        return DeclarationForm(
            owner=str(values["owner"] or ""),
            owner_phone=values["owner_phone"],
            species=int(values["species"] or 0),
            stage=str(values["stage"] or ""),
            quantity=values["quantity"] or Quantity(0, 0, 0),
            purpose=int(values["purpose"] or 0),
            origin=int(values["origin"] or 0),
            destination=int(values["destination"] or 0),
            declared_at=self._declared_at(),
            departs_at=values["departs_at"] or 0,
            channel=str(values["channel"] or "point"),
            online=self._online,
            origin_place=values["origin_place"],
            pond=values["pond"],
            destination_place=values["destination_place"],
            consignee=values["consignee"],
            permit=values["permit"],
            wild=bool(values["wild"]),
            remarks=values["remarks"],
        )

    def _declared_at(self) -> int:
        """0 stands for now; what cannot be read as a moment is not now."""
        moment = self.declared_at.value()
        unread = moment is None and bool(self.declared_at.text().strip())
        return UNREAD if unread else moment or 0

    def draft(self) -> dict[str, Any]:
        """As typed, with the online declaration it answers."""
        return super().draft() | {"online": self._online}

    def restore(self, draft: Any) -> None:
        """Show a draft; the stages offered follow its species."""
        self._online = str(draft.get("online", ""))
        species = draft.get("species")
        self._offer_stages(int(species[0]) if isinstance(species, list) and isinstance(species[0], int) else 0)
        super().restore(draft)
        self._show_declared_at()

    def _show_declared_at(self) -> None:
        # What was sent online was declared when it was sent.
        self.fields["declared_at"].setVisible(not self._online)

    def _set_texts(self) -> None:
        self._who.title(text("declarations.who"))
        self._what.title(text("declarations.what"))
        self._trip.title(text("declarations.trip"))
        self.wild.setText(text("declarations.wild_yes"))
        self.channel.offer([Option(code, text(f"channel.{code}")) for code in ("point", "phone", "fax", "online")])
        purposes = self._desk.device.catalogue.purposes(self._desk.today())
        self.purpose.offer([Option(row.code, either(row.zh, row.en)) for row in purposes])
        species = self.species.value()
        self._offer_stages(species if isinstance(species, int) else 0)
        for button in self.channel.buttons:
            self.watch(button)
