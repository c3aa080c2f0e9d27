"""What the public page says about a code: the verdict of `inspector_app.domain.credential`, and the facts to compare.

It judges by the same function as every device, against knowledge built at this moment for this one certificate. A
number typed by hand is looked up only together with its check code, which stands on the paper.
"""

from __future__ import annotations

import base64
import hmac
import re

import msgspec
from django.db import transaction

from inspector_app.clock import legal_date
from inspector_app.domain.credential import (
    CHECK_CODE_LENGTH,
    Credential,
    Judgement,
    Recorded,
    Tone,
    Verdict,
    body_of,
    judge,
    read_code,
)
from inspector_app.domain.documents import PRACTICE_PROVINCE
from inspector_app.domain.quantities import Quantity, QuantityError, display
from inspector_app.domain.reference import UnknownCodeError
from inspector_app.domain.trust import MS_PER_MINUTE, TrustFile
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.corrections import corrections_of
from inspector_app.suites import verify
from province import provinces, reference
from province.journal.models import State
from province.journal.rows import DjangoRows
from province.numbers.contested import is_contested
from province.public.models import ScanCount
from province.registry import trust
from province.registry.models import Person, Station
from province.texts import Language, moment_shown, word

MASKED = "••"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on the certificate, less everything personal but the plate, whose end is masked when shown."""

    number: str
    kind: str
    species: int
    quantity: Quantity
    purpose: int
    origin: int
    destination: int
    plate: str
    issued_at: int
    expires_at: int
    vet: str
    vet_en: str
    print_no: int
    offline: bool
    corrections: tuple[Correction, ...] = ()

    @property
    def plate_now(self) -> str:
        """The plate to be seen on the road: the corrected one, where a note changed it."""
        changed = [one.value for one in self.corrections if one.field == "plate"]
        return changed[0] if changed else self.plate


class Correction(msgspec.Struct, frozen=True):
    """A field that a correction note (更正说明) changed: since when (UTC ms), and what is to be read."""

    field: str
    at: int
    value: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One look-up: ``state`` is a verdict or one of number_only, no_match, too_often; ``values`` fill its text."""

    state: str
    tone: Tone
    practice: bool
    claimed: str = ""
    facts: Facts | None = None
    station: Station | None = None
    values: dict[str, str | int] = {}
    scanned: int = 0


class Line(msgspec.Struct, frozen=True):
    """One fact as it is shown."""

    name: str
    label: str
    text: str
    note: str = ""


def look_at(using: str, digits: str) -> Finding:
    """Judge a scanned code, and count that it was looked at."""
    now = provinces.of(using).clock.now().at
    judged = judge(digits, _knowledge(using, digits), now, verify, recorded=_recorded_of(using, digits))
    station = Station.objects.using(using).filter(number=judged.station.station).first() if judged.station else None
    shows_facts = judged.facts is not None and judged.verdict is not Verdict.ALTERED
    return Finding(
        state=judged.verdict,
        tone=judged.verdict.tone,
        practice=judged.practice,
        claimed=judged.claimed,
        facts=_facts(using, judged) if shows_facts else None,
        station=station,
        values=_values(judged),
        scanned=_count(using, judged.facts.number, now) if judged.facts else 0,
    )


def _claim(digits: str) -> tuple[bytes, Credential | None]:
    """The payload of a scanned code and what it says, unverified; b"" and None when it cannot be read."""
    payload: bytes = getattr(read_code(digits), "payload", b"")
    return payload, body_of(payload) if payload else None


def _recorded_of(using: str, digits: str) -> Recorded:
    """What is on record of the certificate a code names."""
    _payload, claim = _claim(digits)
    rows = DjangoRows(using)
    row = rows.one("certificates", number=claim.number) if claim else None
    if row is None or not row["key"]:
        return Recorded()  # unknown, or known from a print order only: its own journal has not told of it yet
    prints = {int(made["print"] or 0): _digest(made) for made in rows.many("prints", number=row["number"])}
    return Recorded(prints, _stated(row))


def _digest(made: Row) -> bytes:
    """The digest recorded of a print's credential; b"" for what is none, so that no paper can match it."""
    text = str(made["credential"] or "")
    return bytes.fromhex(text) if _DIGEST.fullmatch(text) else b""


def _stated(row: Row) -> dict[str, int | str]:
    names = {"quantity_value": "value", "quantity_scale": "scale"}
    names |= {name: name for name in ("vet", "species", "unit", "origin", "destination", "purpose")}
    stated: dict[str, int | str] = {name: int(row[column] or 0) for name, column in names.items()}
    issued_at, expires_at = int(row["issued_at"] or 0), int(row["expires_at"] or 0)
    stated |= {"issue_minute": issued_at // MS_PER_MINUTE, "valid_minutes": (expires_at - issued_at) // MS_PER_MINUTE}
    return stated | ({"plate": str(row["plate"])} if row["plate"] is not None else {})


def _knowledge(using: str, digits: str) -> TrustFile:
    payload, claim = _claim(digits)
    about = (claim.kind_letter, claim.digits) if claim else ("", "")
    return trust.build_about(using, key_id=payload[1:9], kind=about[0], digits=about[1])


def _facts(using: str, judged: Judgement) -> Facts | None:
    said = judged.facts
    if said is None:
        return None
    person = Person.objects.using(using).filter(number=said.vet).first()
    row = DjangoRows(using).one("certificates", number=said.number)
    return Facts(
        number=said.number,
        kind=said.kind_letter,
        species=said.species,
        quantity=Quantity(said.quantity_value, said.quantity_scale, said.unit),
        purpose=said.purpose,
        origin=said.origin,
        destination=said.destination,
        plate=said.plate,
        issued_at=said.issued_from_ms,
        expires_at=said.expires_ms,
        vet=person.name if person else "",
        vet_en=person.name_en if person else "",
        print_no=said.print_no,
        offline=said.offline,
        corrections=_corrections(using, said.number) if row is not None else (),
    )


def _values(judged: Judgement) -> dict[str, str | int]:
    values: dict[str, str | int] = {"number": judged.claimed, "print": 0, "current": 0, "expires": "", "since": ""}
    if judged.facts:
        values |= {"print": judged.facts.print_no, "expires": last_minute(judged.facts.expires_ms)}
    if judged.exception:
        since = moment_shown(judged.exception.since_minute * MS_PER_MINUTE)
        values |= {"current": judged.exception.current_print, "since": since}
    return values


def look_up(using: str, kind: str, digits: str, code: str) -> Finding:
    """Look a typed number up by the check code on its paper. One answer for an unknown number and a wrong code."""
    practice = State.objects.using(using).get(only=1).province == PRACTICE_PROVINCE
    number = f"{kind} {digits}"
    if not code:
        return Finding(state="number_only", tone=Tone.UNKNOWN, practice=practice, claimed=number)
    rows = DjangoRows(using)
    print_no = _print_with(rows, number, code)
    row = rows.one("certificates", number=number) if print_no else None
    if row is None:
        return Finding(state="no_match", tone=Tone.UNKNOWN, practice=practice, claimed=number)
    return _recorded(using, row, print_no, practice=practice)


def _print_with(rows: DjangoRows, number: str, code: str) -> int:
    """The print whose check code this is; 0 when none is. Every candidate is compared, in the same time."""
    found = 0
    for row in rows.many("prints", number=number):
        digest = _digest(row)
        expected = base64.b32encode(digest[:5]).decode()[:CHECK_CODE_LENGTH] if digest else "-" * CHECK_CODE_LENGTH
        if hmac.compare_digest(expected.encode(), code.encode("utf-8", "replace")):
            found = int(row["print"] or 0)
    return found


def _recorded(using: str, row: Row, print_no: int, *, practice: bool) -> Finding:
    now = provinces.of(using).clock.now().at
    current = int(row["current_print"] or 1)
    verdict = _standing(using, row, print_no, now)
    values: dict[str, str | int] = {"number": str(row["number"]), "print": print_no, "current": current}
    values |= {"expires": last_minute(int(row["expires_at"] or 0)), "since": moment_shown(int(row["void_at"] or 0))}
    return Finding(
        state=verdict,
        tone=verdict.tone,
        practice=practice,
        claimed=str(row["number"]),
        facts=_recorded_facts(using, row, print_no),
        station=Station.objects.using(using).filter(number=int(row["station"] or 0)).first(),
        values=values,
        scanned=_count(using, str(row["number"]), now),
    )


def _standing(using: str, row: Row, print_no: int, now: int) -> Verdict:
    """The verdict by the record alone, in the order of `Verdict`."""
    states = {"voided": Verdict.VOIDED, "replaced": Verdict.REPLACED}
    if row["state"] in states:
        return states[str(row["state"])]
    if print_no < int(row["current_print"] or 1):
        return Verdict.PRINT_SUPERSEDED
    if _is_doubted(using, row):
        return Verdict.DISPUTED
    return Verdict.EXPIRED if now > int(row["expires_at"] or 0) else Verdict.GENUINE


def _is_doubted(using: str, row: Row) -> bool:
    device, _, seq = str(row["ref"]).partition("/")
    judged = DjangoRows(using).one("verdicts", device=device, seq=int(seq))
    doubted = judged is not None and not judged["holds"]
    return doubted or is_contested(using, device, str(row["kind"]), str(row["digits"]))


def _recorded_facts(using: str, row: Row, print_no: int) -> Facts:
    person = Person.objects.using(using).filter(number=int(row["vet"] or 0)).first()
    return Facts(
        number=str(row["number"]),
        kind=str(row["kind"]),
        species=int(row["species"] or 0),
        quantity=Quantity(int(row["value"] or 0), int(row["scale"] or 0), int(row["unit"] or 0)),
        purpose=int(row["purpose"] or 0),
        origin=int(row["origin"] or 0),
        destination=int(row["destination"] or 0),
        plate=str(row["plate"] or ""),
        issued_at=int(row["issued_at"] or 0),
        expires_at=int(row["expires_at"] or 0),
        vet=person.name if person else "",
        vet_en=person.name_en if person else "",
        print_no=print_no,
        offline=bool(row["offline"]),
        corrections=_corrections(using, str(row["number"])),
    )


def _corrections(using: str, number: str) -> tuple[Correction, ...]:
    """What the notes to a certificate changed, each field once with its newest value."""
    found: dict[str, Correction] = {}
    for row in corrections_of(DjangoRows(using), number):
        for field in msgspec.json.decode(str(row["fields"]), type=list[str]):
            found[field] = Correction(field, int(row["at"] or 0), str(row.get(field) or ""))
    return tuple(found[field] for field in sorted(found))


def _count(using: str, number: str, now: int) -> int:
    """Count a look-up of the day; how often, never by whom."""
    with transaction.atomic(using=using):
        row, _new = ScanCount.objects.using(using).select_for_update().get_or_create(number=number, day=legal_date(now))
        row.count += 1
        row.save(using=using, update_fields=["count"])
        return row.count


def lines(facts: Facts, station: Station | None, language: Language) -> list[Line]:
    """The facts in the order in which one compares them with what stands on the road."""
    catalogue, zh = reference.catalogue(), language == "zh"
    species = catalogue.species(facts.species)
    purpose = catalogue.purpose(facts.purpose)
    shown = {
        "number": facts.number,
        "kind": word("public", f"kind_{facts.kind.lower()}", language),
        "species": species.name(language) if species else str(facts.species),
        "quantity": _quantity(facts.quantity, language),
        "origin": _area(facts.origin, language),
        "destination": _area(facts.destination, language),
        "plate": mask(facts.plate),
        "purpose": purpose.name(language) if purpose else "",
        "issued": moment_shown(facts.issued_at),
        "expires": last_minute(facts.expires_at),
        "print": word("public", "print_no", language, print=facts.print_no),
        "vet": facts.vet if zh else facts.vet_en or facts.vet,
        "station": (station.name if zh else station.name_en or station.name) if station else "",
        "phone": station.phone if station else "",
    }
    notes = {"issued": word("public", "offline", language)} if facts.offline else {}
    notes |= {"plate": _corrected_plate(facts, language)}
    shown |= {"corrected": _corrected(facts, language)}
    return [
        Line(name, word("public", name, language), text, notes.get(name, "")) for name, text in shown.items() if text
    ]


def _corrected_plate(facts: Facts, language: Language) -> str:
    at = next((one.at for one in facts.corrections if one.field == "plate"), 0)
    plate = mask(facts.plate_now)
    return word("public", "corrected_plate", language, at=moment_shown(at), plate=plate) if at and plate else ""


def _corrected(facts: Facts, language: Language) -> str:
    """Which fields were corrected and when; their values only as far as this page shows such fields at all."""
    if not facts.corrections:
        return ""
    names = {one.field: word("public_field", one.field, language) for one in facts.corrections}
    last = max(one.at for one in facts.corrections)
    joined = ("、" if language == "zh" else ", ").join(names.values())
    return word("public", "corrected_fields", language, at=moment_shown(last), fields=joined)


def last_minute(expires_at: int) -> str:
    """The last whole minute covered: a certificate for the day reads 23:59, not the next day's 00:00."""
    return moment_shown(expires_at - MS_PER_MINUTE)


def mask(plate: str) -> str:
    """The plate without its last two characters."""
    return plate[:-2] + MASKED if len(plate) > 3 else ""


def _quantity(quantity: Quantity, language: Language) -> str:
    try:
        return display(quantity, reference.units(), language)
    except QuantityError:
        return str(quantity.value)


def _area(code: int, language: Language) -> str:
    try:
        areas = reference.areas()
        return areas.full_name(code) if language == "zh" else areas.full_name_en(code)
    except UnknownCodeError:
        return str(code)
