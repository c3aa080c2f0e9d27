"""What may stand in public for ever: codes and numbers, never names, places or words about somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest

from inspector_app.errors import BugError
from inspector_app.journal.books.lives import RANGE
from inspector_app.journal.entries.certificates import CertificateIssued
from inspector_app.journal.envelope import Fact, encode_fact, registered, wordy_field
from inspector_app.journal.projections import projected
from tests.journal.samples import DEVICE, SAMPLES, act_on, sign

KINDS = sorted(registered())
FACTS = {kind: registered()[kind] for kind in KINDS}

PERSONAL = re.compile(
    r"name|phone|mobile|tel(ephone)?$|address|addr$|plate|vehicle_no|note|text|remark|comment|(?<!re)place|pond|consignee|"
    r"carrier|permit|photo|signature|passphrase|id_?card|email|latitude|longitude|words|description"
)
ALLOWED = {
    ("device.enrolled/1", "name"): "the device's name, chosen by the province's code or the keeper; not a person's",
    ("certificate.issued/1", "record.plate_reason"): "why the plate is of no usual form: a code of the catalogue",
    ("certificate.handed_over/1", "wet_signature"): "whether it was signed by hand, not the signature",
    ("notice.handed_over/1", "wet_signature"): "whether it was signed by hand, not the signature",
}
# Fields that refer to a person, a place or a thing by a number the province assigned or by an entry's name.
FREE_TEXT_ALLOWED = {
    ("device.enrolled/1", "name"),
    ("print.submitted/1", "printer"),
    ("result.received/1", "report_no"),
}


def fields(shape: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field of a struct at any depth: dotted path and type."""
    for name, held in get_type_hints(shape).items():
        if name in ("KIND", "PRIVATE", "ACCOUNTABLE", "TYPED"):
            continue
        yield f"{path}{name}", held
        inner = get_args(held)[0] if get_origin(held) is list else held
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            yield from fields(inner, f"{path}{name}.")


@pytest.mark.parametrize("kind", KINDS)
def test_no_public_field_is_called_after_something_personal(kind: str) -> None:
    found = [
        path
        for path, _held in fields(FACTS[kind])
        if PERSONAL.search(path.rpartition(".")[2]) and (kind, path) not in ALLOWED
    ]
    assert not found, f"{kind}: {found} belong to the private struct"


@pytest.mark.parametrize("kind", KINDS)
def test_public_values_are_strings_booleans_lists_objects_and_integers(kind: str) -> None:
    for path, held in fields(FACTS[kind]):
        inner = get_args(held)[0] if get_origin(held) is list else held
        plain = inner in (str, bool, int) or (isinstance(inner, type) and issubclass(inner, msgspec.Struct))
        assert plain, f"{kind} {path}: {held}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_struct_of_a_fact_refuses_change(kind: str) -> None:
    assert FACTS[kind].__struct_config__.frozen
    assert FACTS[kind].__struct_config__.forbid_unknown_fields


def test_the_fields_that_hold_typed_text_are_few_and_known() -> None:
    """Whoever adds one says here why it names a thing and not a person."""
    declared = {(kind, field) for kind, shape in FACTS.items() for field in shape.TYPED}
    assert declared == FREE_TEXT_ALLOWED


def _with_text(value: Fact, field: str, text: str) -> Fact:
    held = getattr(value, field)
    return msgspec.structs.replace(value, **{field: [text] if isinstance(held, list) else text})


WORDY = [
    (kind, name)
    for kind in KINDS
    for name, held in get_type_hints(FACTS[kind]).items()
    if held in (str, list[str]) and name not in FACTS[kind].TYPED
]


@pytest.mark.parametrize(("kind", "field"), WORDY)
@pytest.mark.parametrize("text", ["王𬀩", "Wang Wei", "x" * 129, "a\nb", "苏K12345", "code\u202e"])
def test_words_in_any_public_field_are_refused_when_the_fact_is_written(kind: str, field: str, text: str) -> None:
    value = _with_text(SAMPLES[kind][0], field, text)
    assert wordy_field(value) == field
    with pytest.raises(BugError, match=f"{field} of {kind} is no code"):
        act_on().add(value, sign=sign)


def test_words_deep_inside_a_fact_are_found_too() -> None:
    value = SAMPLES["certificate.issued/1"][0]
    assert isinstance(value, CertificateIssued)
    record = msgspec.structs.replace(value.record, stage="鱼 苗")
    assert wordy_field(msgspec.structs.replace(value, record=record)) == "record"


@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_of_every_kind_is_made_of_codes(kind: str) -> None:
    assert wordy_field(SAMPLES[kind][0]) == ""


def test_a_number_as_it_is_written_may_stand_in_public() -> None:
    value = SAMPLES["certificate.issued/1"][0]
    assert isinstance(value, CertificateIssued)
    record = msgspec.structs.replace(value.record, replaces="B 9900000002")
    assert wordy_field(msgspec.structs.replace(value, record=record)) == ""
    record = msgspec.structs.replace(record, replaces="B 9900000002 x")
    assert wordy_field(msgspec.structs.replace(value, record=record)) == "record"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_the_private_part_is_found_in_the_public_bytes(kind: str) -> None:
    value, private = SAMPLES[kind]
    act = act_on()
    act.add(value, private=private, sign=sign)
    public = act.entries[0].public.decode()
    words = [] if private is None else [word for word in _strings(msgspec.to_builtins(private)) if not word.isascii()]
    assert not [word for word in words if word in public]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)


def test_every_kind_but_those_the_store_acts_on_itself_has_a_projection() -> None:
    without = {shape.KIND for shape in FACTS.values()} - {shape.KIND for shape in projected()}
    assert without == {"retention.applied/1", "person.removed/1"}


def test_the_references_of_the_samples_are_entries_of_a_device() -> None:
    for value, _private in SAMPLES.values():
        for text in _strings(msgspec.to_builtins(value)):
            if text.startswith(DEVICE):
                assert re.fullmatch(r"[0-9a-f]{32}(/[0-9]+)?", text)


def _sought(value: object) -> Iterator[str]:
    """What the bytes of a fact must hold for the search for a number's life to look at it."""
    match value:
        case {"digits": str(digits)}:
            yield digits
        case {"first": str(), "last": str()}:
            yield RANGE
        case str() if re.fullmatch(r"[A-Z] [0-9]+", value):
            yield value.partition(" ")[2]
        case _:
            pass
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _sought(part)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_names_a_number_comes_through_the_sieve_of_its_life(kind: str) -> None:
    fact = SAMPLES[kind][0]
    public = bytes(encode_fact(fact))
    assert [word for word in _sought(msgspec.to_builtins(fact)) if word.encode() not in public] == []


def test_the_sieve_has_something_to_hold() -> None:
    sought = {kind: set(_sought(msgspec.to_builtins(SAMPLES[kind][0]))) for kind in KINDS}
    assert len([kind for kind, words in sought.items() if words]) > 20
    assert any(RANGE in words for words in sought.values())
