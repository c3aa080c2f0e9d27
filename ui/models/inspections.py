"""Batches as the inspection page shows them: to be inspected, waiting for a result, inspected."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from inspector_app.clock import MS_PER_DAY, day_start
from inspector_app.domain.declaration import kind_for
from inspector_app.domain.typed_text import search_key
from inspector_app.services import drafts
from inspector_app.services.device import Device
from inspector_app.services.inspecting import readings_in
from inspector_app.services.lists import PAGE, finds, listed
from inspector_app.services.sampling import results_standing
from ui.explain import label, word
from ui.models.naming import Naming, Row, day_words
from ui.models.standing import to_inspect
from ui.texts import text
from ui.tokens import Tone

VIEWS = ("open", "waiting", "inspected")


class BatchLine(NamedTuple):
    """One line: an accepted declaration still to be inspected (``inspection`` empty), or an inspected batch."""

    declaration: str
    inspection: str
    owner: str
    batch: str
    quantity: str
    at: int
    when: str
    state: str
    tone: Tone
    row: Row
    declared: Row


def read_batches(device: Device, *, view: str, search: str) -> list[BatchLine]:
    """One view of the list; runs in the background."""
    naming, now = Naming(device), device.clock.now().at
    if view == "open":
        found = [_open_line(row, naming, now) for row in to_inspect(device)]
    else:
        rows = listed(device, "inspections", count=10 * PAGE).rows
        found = [line for row in rows if (line := _line(device, row, naming, now)) is not None]
        found = [line for line in found if view == "inspected" or line.state == text("state.waits_result")]
    return [line for line in found if _is_wanted(line, search)]


def _is_wanted(line: BatchLine, search: str) -> bool:
    return finds(search, line.declared, line.row) or search_key(search) in search_key(line.batch)


def _open_line(row: Row, naming: Naming, now: int) -> BatchLine:
    due = day_start(str(row["inspect_on"])) if row["inspect_on"] else int(row["departs_at"] or 0)
    tone = Tone.WARN if due + MS_PER_DAY <= now else Tone.INFO
    return BatchLine(
        declaration=str(row["ref"]),
        inspection="",
        owner=str(row["owner_name"] or text("removed")),
        batch=naming.batch(row),
        quantity=naming.quantity(row),
        at=due,
        when=str(row["inspect_on"] or "")[5:] or day_words(due, now),
        state=text("state.to_inspect"),
        tone=tone,
        row=row,
        declared=row,
    )


def _line(device: Device, row: Row, naming: Naming, now: int) -> BatchLine | None:
    declaration = device.rows.one("declarations", ref=row["declaration"])
    if declaration is None:
        return None
    state, tone = _state(device, dict(row), declaration)
    at = int(row["ended_at"] or 0)
    return BatchLine(
        declaration=str(declaration["ref"]),
        inspection=str(row["ref"]),
        owner=str(declaration["owner_name"] or text("removed")),
        batch=naming.batch(row),
        quantity=naming.quantity(row),
        at=at,
        when=day_words(at, now),
        state=state,
        tone=tone,
        row=row,
        declared=declaration,
    )


def _state(device: Device, row: dict[str, str | int | None], declaration: Row) -> tuple[str, Tone]:
    if row["conclusion"] != "passed":
        return label("state", "failed"), Tone.BAD
    standing = results_standing(device, row, _kind(declaration))
    if standing.positive:
        return label("state", "positive"), Tone.BAD
    if standing.missing:
        return text("state.waits_result"), Tone.OFF
    return label("state", "passed"), Tone.GOOD


def _kind(declaration: Row) -> str:
    return kind_for(int(declaration["origin"] or 0), int(declaration["destination"] or 0))


class SampleLine(NamedTuple):
    """One sample and what is to be done with it next; ``laboratory`` is 0 until it was sent."""

    ref: str
    code: str
    diseases: list[str]
    detail: str
    next_step: str
    laboratory: int = 0


class BatchDetail(NamedTuple):
    """One inspected batch: facts, samples, what a certificate still needs, and whether a notice is due."""

    line: BatchLine
    facts: list[tuple[str, str]]
    samples: list[SampleLine]
    required: list[str]
    missing: list[str]
    failed: bool
    notice: str


def read_batch(device: Device, inspection: str) -> BatchDetail | None:
    """One inspected batch; None when there is none."""
    row = device.rows.one("inspections", ref=inspection)
    naming, now = Naming(device), device.clock.now().at
    line = _line(device, row, naming, now) if row else None
    if row is None or line is None:
        return None
    declaration = device.rows.one("declarations", ref=line.declaration) or {}
    kind = _kind(declaration)
    standing = results_standing(device, row, kind)
    notices = device.rows.many("notices", inspection=inspection)
    return BatchDetail(
        line=line,
        facts=_facts(row, declaration, naming, now),
        samples=[_sample(device, sample, naming) for sample in device.rows.many("samples", inspection=inspection)],
        required=required_diseases(device, row, kind),
        missing=list(standing.missing),
        failed=row["conclusion"] == "failed" or bool(standing.positive),
        notice=str(notices[0]["number"]) if notices else "",
    )


class Unfinished(NamedTuple):
    """A draft of this page: the batch it is about and, for sending and reports, the sample; neither on site."""

    kept: drafts.Kept
    batch: BatchDetail | None
    sample: SampleLine | None


def read_unfinished(device: Device, draft: str) -> Unfinished | None:
    """What a draft is about; None when there is no such draft any more."""
    kept = drafts.find(device, draft)
    if kept is None:
        return None
    batch = read_batch(device, batch_of(device, kept.subject))
    sample = next((one for one in batch.samples if one.ref == kept.subject), None) if batch else None
    return Unfinished(kept, batch, sample)


def batch_of(device: Device, subject: str) -> str:
    """The inspection a reference is about, whether it names the inspection itself or a sample of it."""
    sample = device.rows.one("samples", ref=subject)
    return str(sample["inspection"]) if sample else subject


def required_diseases(device: Device, row: Row, kind: str) -> list[str]:
    """The diseases a certificate of this kind needs a result for: listed for the species, or suspected."""
    hosts = device.catalogue.diseases_for(int(row["species"] or 0), device.today())
    return sorted(device.policy().required_results(kind, hosts, suspected=codes_in(row["suspected"])))


def _facts(row: Row, declaration: Row, naming: Naming, now: int) -> list[tuple[str, str]]:
    comma = text("list.comma")
    signs = [naming.sign(code) for code in codes_in(row["findings"])]
    failings = [naming.check(code) for code in codes_in(row["failings"])]
    suspected = [naming.disease(code) for code in codes_in(row["suspected"])]
    checks = codes_in(row["checks"])
    return [
        (label("field", "batch"), str(row["batch"] or "")),
        (label("field", "quantity"), naming.noted(naming.quantity(row), "quantity", str(row["quantity_reason"] or ""))),
        (label("field", "place"), str(row["place"] or "")),
        (label("field", "ended_at"), day_words(int(row["ended_at"] or 0), now)),
        (label("field", "vet"), naming.person(int(row["vet"] or 0))),
        (label("field", "checks"), text("inspection.checks_done", n=len(checks)) if checks else ""),
        (label("field", "failings"), comma.join(failings)),
        (label("field", "history_clean"), text("inspection.clean" if row["history_clean"] else "inspection.not_clean")),
        (label("field", "findings"), comma.join(signs) or text("inspection.no_findings")),
        (label("field", "suspected"), comma.join(suspected)),
        (label("field", "measurements"), _readings(row, naming)),
        (label("field", "attachments"), _photos(row)),
        (label("field", "conclusion"), label("state", str(row["conclusion"]))),
        (label("field", "destination"), naming.area_short(int(declaration.get("destination") or 0))),
        (label("field", "note"), str(row["note"] or "")),
    ]


def _sample(device: Device, row: Row, naming: Naming) -> SampleLine:
    results = device.rows.many("results", sample=row["ref"])
    comma = text("list.comma")
    diseases = codes_in(row["diseases"])
    parts = [text("inspection.individuals", n=int(row["individuals"] or 0))]
    parts.append(comma.join(naming.disease(code) for code in diseases))
    if row["sent_on"]:
        name = naming.laboratory(int(row["laboratory"] or 0))
        parts.append(text("inspection.sent", date=str(row["sent_on"])[5:], laboratory=name))
    parts += [str(row["note"] or ""), _photos(row)]
    parts += [_report(result, naming) for result in results]
    step = "done" if results else "receive" if row["sent_on"] else "send"
    shown = " · ".join(part for part in parts if part)
    return SampleLine(str(row["ref"]), str(row["code"]), diseases, shown, step, int(row["laboratory"] or 0))


def _report(result: Row, naming: Naming) -> str:
    """A report as one line: number, day, laboratory, what it says, how many photographs of it there are."""
    told = [f"{naming.disease(disease)} {word('state', outcome)}" for disease, outcome in outcomes_in(result)]
    parts = [
        str(result["report_no"]),
        str(result["reported_on"])[5:],
        naming.laboratory(int(result["laboratory"] or 0)),
    ]
    return "  ".join(part for part in (*parts, text("list.comma").join(told), _photos(result)) if part)


def _photos(row: Row) -> str:
    names = codes_in(row["attachments"])
    return text("inspection.photos", n=len(names)) if names else ""


def _readings(row: Row, naming: Naming) -> str:
    return text("list.comma").join(naming.reading(reading) for reading in readings_in(dict(row)))


def codes_in(column: Any) -> list[str]:
    """The codes in a column that holds a JSON list."""
    return [str(code) for code in json.loads(str(column or "[]"))]


def outcomes_in(result: Row) -> list[tuple[str, str]]:
    """Disease and outcome of every line of one report."""
    return [(str(one["disease"]), str(one["outcome"])) for one in json.loads(str(result["outcomes"] or "[]"))]
