"""A judgement on a certificate's code in words: the verdict first, the facts to compare, then what else to know."""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.clock import MS_PER_DAY, moment_text
from inspector_app.domain.areas import Areas
from inspector_app.domain.catalogue import Catalogue
from inspector_app.domain.credential import Credential, Judgement
from inspector_app.domain.credential import Tone as VerdictTone
from inspector_app.domain.quantities import Quantity, display
from inspector_app.domain.sentences import describe_verdict
from ui.explain import label, sentences
from ui.texts import either, language, text
from ui.tokens import Tone

TONES = {
    VerdictTone.GOOD: Tone.GOOD,
    VerdictTone.NOTICE: Tone.WARN,
    VerdictTone.STOP: Tone.BAD,
    VerdictTone.UNKNOWN: Tone.OFF,
}


class Shown(NamedTuple):
    """What the verify page shows of one judgement."""

    tone: Tone
    headline: str
    body: str
    facts: list[tuple[str, str]]
    notes: list[str]
    age: str


def show(judgement: Judgement, catalogue: Catalogue, areas: Areas) -> Shown:
    """A judgement in words."""
    lang = language().value
    said = describe_verdict(sentences(), judgement, lang)
    notes = [sentences().of("judgements", code, lang).happened for code in judgement.reasons]
    notes += [sentences().headline("verdicts", verdict.value, lang) for verdict in judgement.also]
    facts = _facts(judgement, judgement.facts, catalogue, areas) if judgement.facts else []
    return Shown(
        TONES[judgement.verdict.tone],
        said.title or said.happened,
        "\n".join(part for part in (said.happened if said.title else "", said.safe, said.todo) if part),
        facts,
        notes,
        _age(judgement.trust_age_ms),
    )


def _facts(judgement: Judgement, facts: Credential, catalogue: Catalogue, areas: Areas) -> list[tuple[str, str]]:
    species = catalogue.species(facts.species)
    purpose = catalogue.purpose(facts.purpose)
    quantity = Quantity(facts.quantity_value, facts.quantity_scale, facts.unit)
    station, signer = judgement.station, judgement.signer
    return [
        (label("field", "number"), facts.number),
        (label("field", "species"), either(species.zh, species.en) if species else str(facts.species)),
        (label("field", "quantity"), display(quantity, catalogue.units, language().value)),
        (label("field", "origin"), _area(areas, facts.origin)),
        (label("field", "destination"), _area(areas, facts.destination)),
        (label("field", "purpose"), either(purpose.zh, purpose.en) if purpose else ""),
        (label("field", "plate"), facts.plate),
        (label("field", "issued_on"), moment_text(facts.issued_from_ms)),
        (label("field", "validity"), text("verify.until", moment=moment_text(facts.expires_ms))),
        (label("field", "vet"), either(signer.name, signer.name_en) if signer else ""),
        (label("field", "agency"), either(station.name, station.name_en) if station else ""),
        (label("field", "agency_phone"), station.phone if station else ""),
        (text("prints.print_no"), text("prints.print", n=facts.print_no)),
    ]


def _area(areas: Areas, code: int) -> str:
    if code not in areas:
        return str(code)
    return areas.full_name_en(code) if language().value == "en" else areas.full_name(code)


def _age(age_ms: int) -> str:
    days = age_ms // MS_PER_DAY
    return text("verify.age", n=days) if days > 0 else text("verify.age_today")
