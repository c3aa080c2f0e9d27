"""Forms of the desk: what was typed stays, and what stands against it is said beside the field it is about."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from inspector_app.domain.sentences import Sentence
from inspector_app.domain.stock_refusals import StockCode, StockRefusal
from province.texts import Language, sentences, word

TEXT_LIMIT = 200
HINTS = frozenset(
    {"ranges", "second_name", "emergency", "holder", "day", "order", "came", "visited_on", "findings"}
    | {"there", "pieces_there", "signed_on", "destroyed_on", "published_on", "phone", "filing", "area", "cancelled_on"}
    | {"sent_on", "acknowledged_on"}
)
"""Fields below which an example stands."""
_C = StockCode
FIELDS: Mapping[StockCode, tuple[str, ...]] = {
    _C.PERSON_UNKNOWN: ("head", "keeper", "second_name"),
    _C.NOT_THE_HEAD: ("second_name",),
    _C.SAME_PERSON: ("second_name",),
    _C.NOT_THE_SECOND: ("second_name",),
    _C.KEEPER_IS_HEAD: ("keeper", "head"),
    _C.ORGANISATION_UNKNOWN: ("receiver", "station", "superior", "organisation", "keeper"),
    _C.ORGANISATION_MISPLACED: ("superior",),
    _C.STATION_TAKEN: ("station",),
    _C.NOT_PRINTING_LEVEL: ("organisation",),
    _C.NO_SUPERIOR: ("store",),
    _C.NOT_DIRECT_SUPERIOR: ("receiver", "superior"),
    _C.LEVEL_SKIPPED: ("receiver", "superior"),
    _C.ACROSS_DISTRICTS: ("receiver", "superior"),
    _C.NOT_USING_UNIT: ("receiver", "station"),
    _C.NOT_FILED: ("receiver", "station"),
    _C.KIND_UNKNOWN: ("kind",),
    _C.RANGES_UNREADABLE: ("ranges", "came", "there"),
    _C.RANGES_FOREIGN: ("ranges", "there"),
    _C.QUANTITY_MISFIT: ("count", "ranges", "came", "arrived", "there", "pieces_there"),
    _C.ONE_RANGE_EACH: ("ranges", "count"),
    _C.DRAWN_NOT_DISTRIBUTED: ("kind",),
    _C.ALREADY_IN_STOCK: ("ranges",),
    _C.NOT_ON_HAND: ("count", "wanted", "ranges"),
    _C.CROSSES_STOCK: ("ranges",),
    _C.OLDER_FIRST: ("ranges",),
    _C.REASON_UNKNOWN: ("reason", "return_reason", "cause", "case_cause", "no_picture", "sent_back", "medium"),
    _C.ENDS_OTHERWISE: ("how",),
    _C.MORE_THAN_SENT: ("came", "arrived"),
    _C.NOTHING_MISSING: ("cause",),
    _C.NONE_MISSING: ("cause",),
    _C.DAY_IMPOSSIBLE: (
        *("day", "visited_on", "planned_on", "signed_on", "destroyed_on", "published_on"),
        *("filed_until", "until", "cancelled_on", "sent_on", "acknowledged_on"),
    ),
    _C.RECORD_UNKNOWN: ("order", "emergency"),
    _C.OVER_CAP: ("reason", "count"),
    _C.STUBS_OUTSTANDING: ("station",),
    _C.SHEETS_OUTSTANDING: ("station",),
    _C.NOT_YET_ON_HAND: ("day", "count", "ranges"),
    _C.FEE_UNSETTLED: ("receiver", "station"),
    _C.AMOUNT_WRONG: ("yuan",),
    _C.ORDER_OF_OTHER: ("order",),
    _C.DRAWS_FOR_SELF: ("holder", "station"),
    _C.HOLDER_NO_VET: ("holder",),
    _C.STATION_NO_UNIT: ("station",),
    _C.DRAW_UNTAKEN: ("station",),
    _C.NOT_ON_SLIP: ("missing",),
    _C.COUNT_MISFITS_SLIP: ("counted",),
    _C.STATION_NOT_BELOW: ("organisation",),
    _C.NOT_OF_INSTITUTION: ("organisation",),
    _C.NOTHING_TO_RECTIFY: ("findings",),
    _C.PICTURE_MISSING: ("picture",),
    _C.TERM_MISSING: ("rectify_by",),
    _C.COUNT_DIFFERS: ("counted",),
    _C.METHOD_DIFFERS: ("destruction_method",),
    _C.ASKED_ALREADY: ("ranges",),
    _C.SUSPECTED_GOES_BACK: ("sent_back",),
    _C.SUPERVISOR_ABSENT: ("supervisor",),
    _C.PICTURE_NEEDED: ("picture",),
    _C.HAND_OVER_DIFFERS: ("counted",),
    _C.RECIPIENT_UNKNOWN: ("recipient",),
    _C.SEAL_KNOWN: ("seal",),
}
"""Which field a reason is about; the first of these that a form has."""


class ActForm(forms.Form):
    """One act. ``label`` is its own name on the button; ``looks`` are the buttons that only look.

    ``to`` is where it is posted to, "" for the page it stands on.
    """

    def __init__(self, language: Language, data: Any = None, **settings: Any) -> None:
        super().__init__(data, auto_id=f"{self.act}_%s", use_required_attribute=False, **settings)
        self.language = language
        self.label = self.say(f"do_{self.act}")
        self.method, self.to = "post", ""
        self.looks: list[tuple[str, str]] = []
        for name, field in self.fields.items():
            field.label = self.say(f"field_{name}")
            field.help_text = self.say(f"hint_{name}") if name in HINTS else ""
            field.error_messages |= {
                code: self.say(code if code == "required" else "invalid")
                for code in ("required", "invalid", "invalid_choice", "min_value", "max_value", "max_length")
            }

    act = ""

    def say(self, name: str, **values: str | int) -> str:
        """A label."""
        return word("desk", name, self.language, **values)

    def offer(self, name: str, choices: Iterable[tuple[object, str]], *, none: bool = True) -> None:
        """What may be chosen in a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # declared so by who offers
        first = [("", self.say("choose"))] if none else []
        field.choices = [*first, *((str(value), text) for value, text in choices)]

    def refuse(self, refusals: Iterable[StockRefusal]) -> None:
        """Say every reason, each beside its field."""
        for one in refusals:
            said = sentences().of("stock", one.code.value, self.language, one.details)
            self.tell(said, FIELDS.get(one.code, ()))

    def refuse_by(self, code: str, details: Mapping[str, str | int], *fields: str) -> None:
        """Say a reason of the desk's own."""
        self.tell(sentences().of("desk", code, self.language, details), fields)

    def tell(self, said: Sentence, fields: Iterable[str]) -> None:
        """A sentence beside the first of these fields that the form has, or above all of them."""
        field = next((name for name in fields if name in self.fields), None)
        self.add_error(field, f"{said.whole} {said.reference}")


class PlainText(forms.CharField):
    """A line in which full-width signs count as plain ones."""

    def to_python(self, value: Any) -> str:
        """NFKC, trimmed."""
        return unicodedata.normalize("NFKC", str(value or "")).strip()


class WholeNumber(PlainText):
    """A count, typed with full-width digits or thousands apart too."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric"}), max_length=12, **settings)

    def clean(self, value: Any) -> int:
        """The number; 0 where nothing was typed."""
        return _whole(self, super().clean(value))


class PerhapsNumber(PlainText):
    """A count of which nothing may be said, which is another thing than none."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}), max_length=12, **settings
        )

    def clean(self, value: Any) -> int | None:
        """The number; None where nothing was typed."""
        typed = super().clean(value)
        return _whole(self, typed) if typed else None


def _whole(field: forms.CharField, typed: str) -> int:
    digits = typed.replace(",", "").replace(" ", "")
    if digits and not (digits.isascii() and digits.isdigit()):
        raise forms.ValidationError(field.error_messages["invalid"], code="invalid")
    return int(digits or 0)


class Money(PlainText):
    """An amount in yuan, kept in fen."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal"}), max_length=14, **settings)

    def clean(self, value: Any) -> int:
        """Fen."""
        whole, _, part = super().clean(value).replace(",", "").partition(".")
        if not (whole + part).isascii() or not (whole + part).isdigit() or len(part) > 2:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(whole or 0) * 100 + int(part.ljust(2, "0") or 0)


def line(*, required: bool = True, **attributes: str) -> PlainText:
    """A field of one line."""
    return PlainText(required=required, max_length=TEXT_LIMIT, widget=forms.TextInput(attrs=attributes))


def choice(*, required: bool = True) -> forms.ChoiceField:
    """A field whose choices are offered later."""
    return forms.ChoiceField(required=required)


def day(*, required: bool = False) -> PlainText:
    """A legal day."""
    return PlainText(required=required, max_length=10, widget=forms.DateInput(attrs={"type": "date"}))


class WithSecond(ActForm):
    """An act that a reason and a second person, who signs in on the same form, may let pass."""

    def __init__(self, language: Language, data: Any = None, **settings: Any) -> None:
        super().__init__(language, data, **settings)
        self.fields["second_passphrase"].widget = forms.PasswordInput(attrs={"autocomplete": "off"})

    def second(self) -> tuple[str, str]:
        """Name and passphrase of the second person's account."""
        return self.cleaned_data["second_name"], self.cleaned_data["second_passphrase"]


class Together(WithSecond):
    """An act whose second person may sign in on the same form, and otherwise answers later."""

    def __init__(self, language: Language, data: Any = None, **settings: Any) -> None:
        super().__init__(language, data, **settings)
        self.fields["second_name"].label = self.say("field_beside_name")
        self.fields["second_passphrase"].label = self.say("field_beside_passphrase")
        self.fields["second_name"].help_text = self.say("hint_beside")


def picture_digest(picture: UploadedFile | None) -> str:
    """SHA-256 (hex) of a photograph, which stays with who took it; "" for none."""
    if picture is None:
        return ""
    made = sha256()
    for part in picture.chunks():
        made.update(part)
    return made.hexdigest()


def photograph(*, required: bool = False) -> forms.FileField:
    """A photograph."""
    return forms.FileField(required=required, widget=forms.FileInput(attrs={"accept": "image/*"}))


class Press(ActForm):
    """An act of one press, for its reasons."""

    act = "press"


def press(language: Language) -> ActForm:
    """A form without fields."""
    form = Press(language, {})
    form.is_valid()
    return form
