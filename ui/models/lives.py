"""The life of a number in words: its steps in time order, what vouches for each, its sheets, and all of it as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from inspector_app.clock import moment_text
from inspector_app.domain.continuity import TO_EXPLAIN, Standing
from inspector_app.domain.refusals import Refused
from inspector_app.services import tracing
from inspector_app.services.blanks import BLANK_SHEET
from inspector_app.services.device import Device
from inspector_app.services.proofs import Evidence, Proof, prove
from inspector_app.services.tracing import Asked, Life, SheetStep, Step
from ui import explain
from ui.models.naming import ID_SHOWN, Naming
from ui.texts import text
from ui.tokens import Tone

SheetAt = tuple[int, int]
STANDING_TONES = {
    Standing.FREE: Tone.OFF,
    Standing.UNCUT: Tone.OFF,
    Standing.USED: Tone.GOOD,
    Standing.LOST: Tone.BAD,
    **dict.fromkeys(TO_EXPLAIN, Tone.BAD),
}
PROOF_TONES = {Proof.WRONG: Tone.BAD, Proof.ABSENT: Tone.OFF, Proof.NO_KEY: Tone.OFF}
REASON_LISTS = {
    "certificate.voided": "void",
    "notice.voided": "void",
    "certificate.corrected": "correction",
    "print.released": "spare_print",
    "sheet.spoiled": "spoil",
    "blank.spoiled": "spoil",
    "sheet.collected": "collection",
    "sheet.taken_in": "collection",
    "sheet.lost": "loss",
    "numbers.returned": "number_return",
    "numbers.lost": "loss",
    "custody_case.concluded": "case_cause",
}
"""Where the reason of a step is spelt."""
HASH_SHOWN = 16


class LifeStep(NamedTuple):
    """One step: what was done, to which sheets, when, by whom, where, and what vouches for it."""

    ref: str
    what: str
    paper: str
    at: int
    when: str
    who: str
    computer: str
    proof: str
    tone: Tone
    sheets: tuple[SheetStep, ...]
    facts: list[tuple[str, str]]


class LifeShown(NamedTuple):
    """A number from its first to its last step; ``paper`` says whether there is a certificate or notice to look at."""

    number: str
    standing: str
    tone: Tone
    facts: list[tuple[str, str]]
    sheets: list[SheetAt]
    steps: list[LifeStep]
    proven: str
    is_doubtful: bool
    paper: bool

    def of_sheet(self, wanted: SheetAt | None) -> list[LifeStep]:
        """The steps that concern one sheet, and those that concern the whole number; all of them for None."""
        if wanted is None:
            return self.steps
        return [step for step in self.steps if not step.sheets or wanted in _places(step.sheets)]


def _places(sheets: tuple[SheetStep, ...]) -> list[SheetAt]:
    return [(one.print, one.sheet) for one in sheets]


def read_life(device: Device, asked: Asked, watch: Callable[[int, int], None]) -> LifeShown | Refused:
    """Trace a number and look at what vouches for each step; runs in the background, ``watch`` may stop it."""
    life = tracing.trace(device, asked.number, watch=watch)
    if isinstance(life, Refused):
        return life
    naming, evidence = Naming(device), prove(device, life.steps)
    steps = [_step(device, naming, life.number, step, evidence[step.ref]) for step in life.steps]
    doubtful = sum(1 for one in evidence.values() if one.proof is Proof.WRONG)
    return LifeShown(
        number=life.number,
        standing=explain.label("standing", life.standing.value),
        tone=STANDING_TONES.get(life.standing, Tone.WARN),
        facts=_facts(naming, life),
        sheets=sorted({(one.print, one.sheet) for one in life.sheets}),
        steps=steps,
        proven=text("life.doubtful", n=doubtful) if doubtful else text("life.proven", n=len(steps)),
        is_doubtful=bool(doubtful),
        paper=any(device.rows.one(table, number=life.number) for table in ("certificates", "notices")),
    )


def _facts(naming: Naming, life: Life) -> list[tuple[str, str]]:
    place = life.place
    now = [SheetStep(one.print, one.sheet, one.state) for one in life.sheets]
    return [
        (text("column.ledger_holder"), naming.person(place.holder) if place.holder else ""),
        (text("column.ledger_device"), naming.computer(place.device)),
        (text("life.sheets_now"), sheets_words(now, between="\n")),
    ]


def sheet_words(at: SheetAt) -> str:
    """Print and place of a sheet: 第 1 次打印 · 第 2 联; of a blank that nothing was printed on it."""
    return text("old_sheets.blank") if at == BLANK_SHEET else text("old_sheets.sheet", print=at[0], sheet=at[1])


def sheets_words(sheets: Iterable[SheetStep], *, between: str = "") -> str:
    """Sheets with their states, those of one print and state together: 第 1 次打印 · 第 1、2 联 已打印."""
    found: dict[tuple[int, str], list[str]] = {}
    blanks = []
    for one in sheets:
        if (one.print, one.sheet) == BLANK_SHEET:
            blanks.append(f"{text('old_sheets.blank')} {explain.word('state', one.state)}")
            continue
        found.setdefault((one.print, one.state), []).append(str(one.sheet))
    comma = text("list.comma")
    printed = [
        text("life.sheets", print=print_no, sheets=comma.join(places), state=explain.word("state", state))
        for (print_no, state), places in found.items()
    ]
    return (between or comma).join([*blanks, *printed])


def _other_paper(device: Device, number: str, step: Step) -> str:
    """The certificate that replaced this one, where a step is its issue; "" for the number's own steps."""
    row = device.rows.one("certificates", ref=step.ref) if step.what == "certificate.issued" else None
    if row is None or row["number"] == number:
        return ""
    return f"{text('certificates.replaced_by')} {row['number']}"


def _step(device: Device, naming: Naming, number: str, step: Step, evidence: Evidence) -> LifeStep:
    paper = _other_paper(device, number, step) or sheets_words(step.sheets)
    shown = LifeStep(
        ref=step.ref,
        what=explain.label("deed", step.what),
        paper=paper,
        at=step.at,
        when=moment_text(step.at),
        who=naming.person(step.by) if step.by else text("life.province" if "/" not in step.ref else "life.machine"),
        computer=naming.computer(step.device),
        proof=text(f"life.proof_{evidence.proof.value}"),
        tone=PROOF_TONES.get(evidence.proof, Tone.GOOD),
        sheets=step.sheets,
        facts=[],
    )
    return shown._replace(facts=_step_facts(device, naming, shown, step, evidence))


def _step_facts(
    device: Device, naming: Naming, shown: LifeStep, step: Step, evidence: Evidence
) -> list[tuple[str, str]]:
    return [
        (text("ledgers.time"), shown.when),
        (text("ledgers.by"), shown.who),
        (text("column.ledger_device"), shown.computer),
        (text("life.paper"), shown.paper),
        (explain.label("field", "reason"), _reason(naming, step.what, evidence.reason)),
        (explain.label("field", "note"), evidence.note),
        (text("life.proof"), text(f"life.proof_{evidence.proof.value}_why")),
        (text("life.heard"), _heard(device, step)),
        (text("ledgers.entry"), _short(step.ref)),
        (text("ledgers.hash"), evidence.hash[:HASH_SHOWN]),
    ]


def _reason(naming: Naming, what: str, code: str) -> str:
    """The reason of a step in words; "" where it has none that is spelt in a list."""
    return naming.reason(REASON_LISTS[what], code) if code and what in REASON_LISTS else ""


def _heard(device: Device, step: Step) -> str:
    """What the province knows or says of a step; "" of its own documents."""
    name, _, seq = step.ref.rpartition("/")
    if step.verdict:
        return explain.sentences().headline("judgements", step.verdict, explain.language_code())
    if not name:
        return ""
    known = name != device.id or int(seq) <= device.store.acknowledged().seq
    return text("life.heard_yes" if known else "life.heard_no")


def _short(ref: str) -> str:
    """An entry's name as people compare it; documents are named in full."""
    device, slash, seq = ref.partition("/")
    return f"{device[:ID_SHOWN]}/{seq}" if slash else ref


def as_text(life: LifeShown, steps: list[LifeStep]) -> str:
    """The whole life in lines, to be pasted into a letter: the number, its sheets, then step by step."""
    now = [f"{question}: {answer}" for question, answer in life.facts if answer]
    return "\n".join([f"{life.number}  {life.standing}", *now, "", *(_line(step) for step in steps)])


def _line(step: LifeStep) -> str:
    parts = (step.when, step.what, step.paper, step.who, step.computer, step.proof, _short(step.ref))
    return "  ".join(part for part in parts if part)
