"""Whether a write-off says what record and registers say, and whether what is to be destroyed rests on one (Art. 25).

The province holds the electronic copy too, the third witness: it compares again, by the grants and forms the device had
pulled and by all there are. What a person saw on the paper is theirs to say; that it was looked for is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inspector_app.domain.authority import ALLOWED, Action
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.rules import enforces
from inspector_app.domain.verdicts import Judgement
from inspector_app.domain.writing_off import CHECKS, Trait, find_mismatches
from inspector_app.journal.entries.sheets import DestructionRequested, PaperWrittenOff, SheetName, SheetsDestroyed
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.destruction import requested_sheets
from inspector_app.journal.projections.sheet_custody import sheet_row
from inspector_app.journal.projections.sheets import CAME_BACK
from province import reference
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.earlier import place_of
from province.journal.judging.knowledge import as_known, happened, knew
from province.registry.models import PublishedGrant

NOTICE, NOTICE_FORM = "N", "treatment_notice"
_WRONG = CONSEQUENCES[Judgement.WRITE_OFF_WRONG]


# --- the check of a paper ---------------------------------------------------------------------------------------------


@enforces("G42")
def lawful(case: Case) -> Finding | None:
    """What it says of form, institution and vet is what forms and grants say (Art. 25 (1))."""
    fact = case.entry.fact
    if not isinstance(fact, PaperWrittenOff):
        return None
    paper, through = _paper(case, fact), case.court.known.through
    said = sorted(fact.unlawful)
    known = case.court.known.doubtful or said == _unlawful(case, paper, through)
    return None if said == _unlawful(case, paper) and known else _WRONG._replace(followed=known)


def _unlawful(case: Case, paper: Row | None, through: int | None = None) -> list[str]:
    """What speaks against a paper by what stands in the feed up to a cursor, or by everything there is."""
    if paper is None or not paper["issued_at"]:
        return []
    at = int(paper["issued_at"])
    grants = [one for one in case.court.grants(int(paper["vet"] or 0)) if through is None or one.cursor <= through]
    found = [] if _is_released(case, str(paper.get("form") or NOTICE_FORM), at, through) else [Trait.FORM]
    found += [] if paper["station"] == case.journal.station else [Trait.INSTITUTION]
    found += [] if _was_authorised(grants, str(paper["kind"]), at) else [Trait.VET]
    return sorted(one.value for one in found)


def _is_released(case: Case, form: str, at: int, through: int | None) -> bool:
    return any(
        sheet.form == form and sheet.valid_from <= at and (through is None or cursor <= through)
        for cursor, sheet in case.court.forms()
    )


def _was_authorised(grants: Sequence[PublishedGrant], kind: str, at: int) -> bool:
    newest = next((one for one in grants if one.valid_from <= at), None)
    if newest is None or at > newest.valid_until or not ALLOWED[Action.ISSUE] & set(newest.posts):
        return False
    return kind == NOTICE or kind in newest.kinds


@enforces("G43")
def answered(case: Case) -> Finding | None:
    """Each check of the list was answered once, and what was not satisfied makes the paper suspect (Art. 25 (2)).

    Nobody clears alone what they suspected. What a list that the device's program did not have asks for, nobody there
    could answer.
    """
    fact = case.entry.fact
    if not isinstance(fact, PaperWrittenOff):
        return None
    said = [*fact.checks, *fact.findings]
    if fact.suspect != bool(fact.unlawful or fact.findings or fact.mismatches) or len(set(said)) < len(said):
        return _WRONG
    if not fact.suspect and _suspected_before(case, fact):
        return _WRONG
    asked = {check.code for check in reference.catalogue().checks(CHECKS, case.today)}
    return _WRONG._replace(followed=bool(said)) if asked - set(said) else None


def _suspected_before(case: Case, fact: PaperWrittenOff) -> bool:
    """Whether the check that counts so far is this person's own, and found something."""
    latest = _latest(_known_checks(case, str(fact.number), fact.print))
    return latest is not None and bool(latest["suspect"]) and latest["by"] == case.actor


@enforces("G44")
def compared(case: Case) -> Finding | None:
    """In what copies and record differ is what the record here says they differ in (Art. 25 (3))."""
    fact = case.entry.fact
    if not isinstance(fact, PaperWrittenOff) or (witness := _witness(case, fact)) is None:
        return None
    found = find_mismatches(*witness, fact.copies, reference.units(), same_hand=fact.same_hand)
    return None if sorted(found) == sorted(fact.mismatches) else _WRONG


def _witness(case: Case, fact: PaperWrittenOff) -> tuple[str, Quantity] | None:
    """What the copies are held against: the record, or each other where a former system made the paper."""
    if (paper := _paper(case, fact)) is not None:
        quantity = Quantity(*(int(paper[name] or 0) for name in ("value", "scale", "unit")))
        return (str(paper["issued_on"]), quantity) if paper["issued_on"] else None
    return (fact.copies[0].issued_on, fact.copies[0].quantity) if fact.copies else None


def _paper(case: Case, fact: PaperWrittenOff) -> Row | None:
    return case.rows.one("notices" if fact.number.kind == NOTICE else "certificates", number=str(fact.number))


# --- what rests on it -------------------------------------------------------------------------------------------------


@enforces("G42", "G43", "G44")
def cleared(case: Case) -> Finding | None:
    """What is asked to be destroyed, or was, is written off since it came back, and nothing stands against it.

    A check the province disputes clears nothing; who could not know of the dispute relied on it.
    """
    match case.entry.fact:
        case DestructionRequested(sheets=sheets):
            names = sheets
        case SheetsDestroyed(request=request):
            names = requested_sheets(case.rows, request)
        case _:
            return None
    for number, print_no in dict.fromkeys((one.number, one.print) for one in names):
        here = [one for one in names if (one.number, one.print) == (number, print_no)]
        if (code := _lacking(case, here, _true_checks(case, number, print_no))) is not None:
            known = case.court.known.doubtful or not _lacking(case, here, _known_checks(case, number, print_no))
            return CONSEQUENCES[code]._replace(followed=known)
    return None


def _lacking(case: Case, names: Sequence[SheetName], checks: Iterator[Row]) -> Judgement | None:
    latest = _latest(checks)
    rows = [row for name in names if (row := sheet_row(case.rows, name)) is not None]
    if latest is None or any(_came_after(row, latest) for row in rows):
        return Judgement.NOT_WRITTEN_OFF
    return Judgement.KEPT_AS_EVIDENCE if latest["suspect"] else None


def _latest(checks: Iterator[Row]) -> Row | None:
    return max(checks, key=lambda row: (int(row["at"] or 0), str(row["ref"])), default=None)


def _came_after(sheet: Row, check: Row) -> bool:
    return sheet["state"] in CAME_BACK and int(sheet["at"] or 0) > int(check["at"] or 0)


def _true_checks(case: Case, number: str, print_no: int) -> Iterator[Row]:
    for row in case.rows.many("write_offs", number=number, print=print_no):
        if happened(case, str(row["ref"])) and not _is_disputed(case, str(row["ref"])):
            yield row


def _is_disputed(case: Case, ref: str) -> bool:
    device, seq = place_of(ref)
    verdict = case.rows.one("verdicts", device=device, seq=seq)
    return verdict is not None and not verdict["holds"]


def _known_checks(case: Case, number: str, print_no: int) -> Iterator[Row]:
    in_favour = as_known(case).in_favour
    for row in case.rows.many("write_offs", number=number, print=print_no):
        if knew(case, str(row["ref"])) or (not row["suspect"] and in_favour(str(row["ref"]))):
            yield row
