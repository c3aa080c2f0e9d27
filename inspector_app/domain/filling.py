"""Filling rules: from facts to the texts printed in the fields of a form (FORM-2010; DOMAIN 1.6–1.8).

Each function returns ``{field: text}`` with the field names of ``resources/forms``. Wording that changes with time or
province comes from :class:`~inspector_app.domain.policy.Policy`, names from catalogue and areas as they stood on the
day of the form. A code that never was raises :class:`~inspector_app.domain.reference.UnknownCodeError`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import msgspec

from inspector_app.domain.areas import Areas
from inspector_app.domain.catalogue import Catalogue, Record
from inspector_app.domain.certificate import CertificateParties, CertificateRecord
from inspector_app.domain.numerals import chinese_digits_date
from inspector_app.domain.policy import Policy
from inspector_app.domain.quantities import Quantity, capital_text, display
from inspector_app.domain.reference import UnknownCodeError
from inspector_app.domain.typed_text import (
    check_phone,
    check_plate,
    clean_name,
    clean_optional,
    normalise_code_text,
)

__all__ = [
    "AcceptanceFacts", "CertificateFacts", "DeclarationFacts", "NoticeFacts", "acceptance_fields", "batch_text",
    "certificate_facts", "certificate_fields", "check_phone", "check_plate", "clean_name", "clean_optional",
    "declaration_fields", "normalise_code_text", "notice_fields", "place_text", "species_text",
]  # fmt: skip

TICK = "✓"
NONE = "/"
"""An item that does not apply is struck, never left empty: an empty item can be filled in later by anyone."""

BEIJING = datetime.timezone(datetime.timedelta(hours=8))
CHANNELS = {"point": "申报点填报", "phone": "电话申报", "fax": "传真申报", "online": "网上申报"}


class CertificateFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What certificate A or B is filled from; codes are the catalogue's, ``departs_at`` UTC ms, ``issued_on`` ISO.

    ``attached_sheet``: a list that does not fit is on a sheet of its own that bears the number and the seal.
    """

    kind: str
    number: str
    owner: str
    owner_phone: str
    species: int
    stage: str
    quantity: Quantity
    purpose: int
    origin: int
    origin_place: str
    destination: int
    destination_place: str
    departs_at: int
    valid_days: int
    issued_on: str
    vet_name: str
    station_name: str
    agency_phone: str
    carrier: str = ""
    carrier_phone: str = ""
    transport: int = 0
    plate: str = ""
    disinfectant: int = 0
    remarks: str = ""
    attached_sheet: bool = False


class NoticeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a treatment notice (检疫处理通知单) is filled from; ``failures``, ``basis``, ``method`` are reason codes."""

    number: str
    owner: str
    species: int
    stage: str
    quantity: Quantity
    basis: tuple[str, ...]
    method: str
    issued_on: str
    vet_name: str
    station_name: str
    agency_phone: str
    failures: tuple[str, ...] = ()
    diseases: tuple[str, ...] = ()
    owner_phone: str = ""
    place: str = ""
    remarks: str = ""


class AcceptanceFacts(msgspec.Struct, frozen=True, kw_only=True):
    """How a declaration was decided (处理意见): ``reason`` is a code of ``not_accepted``, "" when it was accepted."""

    handled_by: str
    handled_at: int
    reason: str = ""
    inspect_on: str = ""
    inspect_place: str = ""
    note: str = ""


class DeclarationFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a declaration form (检疫申报单) is filled from."""

    number: str
    declared_at: int
    owner: str
    owner_phone: str
    species: int
    stage: str
    quantity: Quantity
    purpose: int
    origin: int
    origin_place: str
    destination: int
    destination_place: str
    departs_at: int
    channel: str
    wild: bool = False
    owner_address: str = ""
    consignee: str = ""
    permit: str = ""
    pond: str = ""
    remarks: str = ""
    station: str = ""


def certificate_facts(record: CertificateRecord, parties: CertificateParties) -> CertificateFacts:
    """The facts of an issued certificate, from both parts of its entry."""
    return CertificateFacts(
        kind=record.number.kind,
        number=record.number.digits,
        owner=parties.owner,
        owner_phone=parties.owner_phone,
        species=record.species,
        stage=record.stage,
        quantity=record.quantity,
        purpose=record.purpose,
        origin=record.origin,
        origin_place=parties.origin_place,
        destination=record.destination,
        destination_place=parties.destination_place,
        departs_at=record.departs_at,
        valid_days=record.valid_days,
        issued_on=record.issued_on,
        vet_name=parties.vet_name,
        station_name=parties.station_name,
        agency_phone=parties.agency_phone,
        carrier=parties.carrier,
        carrier_phone=parties.carrier_phone,
        transport=record.transport,
        plate=parties.plate,
        disinfectant=record.disinfectant,
        remarks=parties.remarks,
    )


def certificate_fields(facts: CertificateFacts, catalogue: Catalogue, areas: Areas, policy: Policy) -> dict[str, str]:
    """The texts of certificate A or B (DOMAIN 1.8); ``policy`` is asked for the day of issue."""
    rules = policy.on(facts.issued_on)
    with_province = facts.kind == "A"
    on = facts.issued_on
    fields = {
        "number": f"{facts.kind} {facts.number}",
        "owner": facts.owner,
        "owner_phone": facts.owner_phone,
        "species": species_text(catalogue, facts.species, facts.stage),
        "quantity": capital_text(facts.quantity, catalogue.units),
        "origin": place_text(areas, facts.origin, facts.origin_place, on, with_province=with_province),
        "destination": place_text(areas, facts.destination, facts.destination_place, on, with_province=with_province),
        "purpose": _zh("purpose", facts.purpose, catalogue.purpose(facts.purpose)),
        "departure": moment_text(facts.departs_at),
        "validity": rules.validity_text(facts.kind, facts.valid_days),
        "ear_tags": "见附页" if facts.attached_sheet else rules.ear_tags_text,
        "vet": facts.vet_name,
        "issued_on": chinese_digits_date(facts.issued_on),
        "agency": facts.station_name,
        "station": facts.station_name,
        "agency_phone": facts.agency_phone,
        "remarks": facts.remarks or (NONE if facts.kind == "A" else ""),
    }
    return fields | _transport_fields(facts, catalogue)


def _transport_fields(facts: CertificateFacts, catalogue: Catalogue) -> dict[str, str]:
    """Carrier, ticks, plate and disinfection; on a B whatever of them is not known stays empty."""
    transport = catalogue.transport(facts.transport)
    if transport is None and (facts.transport or facts.kind == "A"):
        raise UnknownCodeError("transport", facts.transport)
    ticks = {f"transport_{term.key}": TICK if term is transport else "" for term in catalogue.records("transport")}
    return ticks | {
        "carrier": facts.carrier,
        "carrier_phone": facts.carrier_phone,
        "plate": facts.plate or (NONE if facts.kind == "A" else ""),
        "disinfection": _disinfection(facts, catalogue),
    }


def _disinfection(facts: CertificateFacts, catalogue: Catalogue) -> str:
    """装运前经____消毒 with the agent."""
    if not facts.disinfectant and facts.kind != "A":
        return ""
    agent = _zh("disinfectant", facts.disinfectant, catalogue.disinfectant(facts.disinfectant))
    return f"装运前经{agent}消毒"


def notice_fields(facts: NoticeFacts, catalogue: Catalogue) -> dict[str, str]:
    """The texts of a treatment notice (DOMAIN 1.7): quantity in capital numerals, legal basis down to the item."""
    diseases = "、".join(_zh("disease", code, catalogue.disease(code)) for code in facts.diseases)
    failures = "；".join(_reasons(catalogue, "failure", facts.failures))
    return {
        "number": facts.number,
        "owner": facts.owner,
        "owner_phone": facts.owner_phone,
        "species": species_text(catalogue, facts.species, facts.stage),
        "quantity": capital_text(facts.quantity, catalogue.units),
        "place": facts.place,
        "diseases": "：".join(part for part in (failures, diseases) if part) or NONE,
        "basis": "、".join(_reasons(catalogue, "basis", facts.basis)),
        "method": "；".join(_reasons(catalogue, "treatment", (facts.method,))),
        "vet": facts.vet_name,
        "issued_on": chinese_digits_date(facts.issued_on),
        "agency": facts.station_name,
        "agency_phone": facts.agency_phone,
        "remarks": facts.remarks,
    }


def declaration_fields(
    facts: DeclarationFacts, catalogue: Catalogue, areas: Areas, decision: AcceptanceFacts | None = None
) -> dict[str, str]:
    """The texts of a declaration form; the point's own part stays free until there is a ``decision``."""
    on = legal_day(facts.declared_at)
    fields = {
        "number": facts.number,
        "declared_on": day_text(on),
        "owner": facts.owner,
        "owner_phone": facts.owner_phone,
        "owner_address": facts.owner_address,
        "species": species_text(catalogue, facts.species, facts.stage),
        "quantity": display(facts.quantity, catalogue.units),
        "source": "野生捕捞" if facts.wild else "人工繁育",
        "wild": "是" if facts.wild else "否",
        "purpose": _zh("purpose", facts.purpose, catalogue.purpose(facts.purpose)),
        "origin": place_text(areas, facts.origin, facts.origin_place, on),
        "destination": place_text(areas, facts.destination, facts.destination_place, on),
        "departure": moment_text(facts.departs_at),
        "consignee": facts.consignee,
        "permit": facts.permit,
        "pond": facts.pond,
        "channel": _channel(facts.channel),
        "remarks": facts.remarks,
        "station": facts.station,
    }
    return fields | (_decision_fields(decision, catalogue) if decision else _EMPTY_DECISION)


def acceptance_fields(facts: DeclarationFacts, decision: AcceptanceFacts, catalogue: Catalogue) -> dict[str, str]:
    """The texts of the acceptance slip (受理单), or of its refusal 不予受理 with the reason the law demands."""
    return {
        "number": facts.number,
        "owner": facts.owner,
        "owner_phone": facts.owner_phone,
        "species": species_text(catalogue, facts.species, facts.stage),
        "quantity": display(facts.quantity, catalogue.units),
        "remarks": facts.remarks,
        "station": facts.station,
    } | _decision_fields(decision, catalogue)


_EMPTY_DECISION = dict.fromkeys(
    ("accepted", "not_accepted", "reason", "handled_by", "handled_on", "inspect_at", "inspect_place"), ""
)


def _decision_fields(decision: AcceptanceFacts, catalogue: Catalogue) -> dict[str, str]:
    reason = "；".join(_reasons(catalogue, "not_accepted", (decision.reason,))) if decision.reason else ""
    return {
        "accepted": "" if reason else TICK,
        "not_accepted": TICK if reason else "",
        "reason": "：".join(part for part in (reason, decision.note) if part) if reason else NONE,
        "handled_by": decision.handled_by,
        "handled_on": moment_text(decision.handled_at),
        "inspect_at": day_text(decision.inspect_on) if decision.inspect_on else NONE,
        "inspect_place": decision.inspect_place or NONE,
    }


def species_text(catalogue: Catalogue, species: int, stage: str, lang: str = "zh") -> str:
    """动物种类 with its stage: 草鱼（夏花）; in English ``grass carp summer fingerlings``."""
    row = catalogue.known_species(species)
    found = catalogue.stage(stage)
    if found is None:
        raise UnknownCodeError("stage", stage)
    return f"{row.zh}（{found.zh}）" if lang == "zh" else f"{row.en} {found.en}"


def batch_text(catalogue: Catalogue, species: int, stage: str, quantity: Quantity, lang: str = "zh") -> str:
    """A batch in one line for lists: 草鱼（水花）500,000尾; ``500,000 grass carp fry``."""
    what = species_text(catalogue, species, stage, lang)
    amount = display(quantity, catalogue.units, lang)
    if lang == "zh":
        return what + amount
    digits, _, unit = amount.partition(" ")
    weighed = catalogue.units[quantity.unit].dimension == "weight"
    return f"{digits} {unit} of {what}" if weighed else f"{digits} {what}"


def place_text(areas: Areas, code: int, place: str, on_date: str = "", *, with_province: bool = True) -> str:
    """启运/到达地点: 省市县 and the place, each name once (高邮市 and 高邮市三垛镇 → 江苏省扬州市高邮市三垛镇).

    Inside a province (``with_province`` false) the form begins with the prefecture (市县乡村).
    """
    names = [area.name for area in areas.line(code, on_date)]
    start = 0 if with_province or len(names) < 3 else 1
    rest = place.strip()
    for name in names:
        if not rest.startswith(name + "场"):  # 高邮市场 is a market, not 高邮市 and 场
            rest = rest.removeprefix(name)
    return "".join(names[start:]) + rest


def legal_day(at: int) -> str:
    """The ISO date at UTC+8 of a UTC millisecond."""
    return _beijing(at).date().isoformat()


def moment_text(at: int) -> str:
    """A planned time as forms write it: 2026年11月21日10时30分."""
    moment = _beijing(at)
    return f"{moment.year}年{moment.month}月{moment.day}日{moment.hour}时{moment.minute:02d}分"


def day_text(day: str) -> str:
    """An ISO date as forms write it where digits suffice: 2026年11月21日."""
    date = datetime.date.fromisoformat(day)
    return f"{date.year}年{date.month}月{date.day}日"


def _beijing(at: int) -> datetime.datetime:
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return (epoch + datetime.timedelta(milliseconds=at)).astimezone(BEIJING)


def _zh(table: str, code: int | str, record: Record | None) -> str:
    if record is None:
        raise UnknownCodeError(table, code)
    return record.zh


def _reasons(catalogue: Catalogue, name: str, codes: Iterable[str]) -> list[str]:
    return [_zh(name, code, catalogue.reason(name, code)) for code in codes]


def _channel(code: str) -> str:
    if code not in CHANNELS:
        raise UnknownCodeError("channel", code)
    return CHANNELS[code]
