"""Where the province stands, for its administrators: devices, numbers, what waits, what does not fit."""

from __future__ import annotations

from typing import Any

import msgspec

from inspector_app.clock import legal_date
from inspector_app.journal.books.late_cases import Remark, remarks
from province import granting, provinces
from province.journal import attachments
from province.journal.judging.bench import chain_holds
from province.journal.models import Deferred, Incident, Journal, State, StoredEntry
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.numbers.models import CutBlock, DrawnRange, Stock
from province.registry.models import Device, TrustRelease


def overview(using: str, *, verify: bool = False) -> dict[str, Any]:
    """Counts, devices, and with ``verify`` whether every chain holds and the projections are true."""
    state = State.objects.using(using).get(only=1)
    last = TrustRelease.objects.using(using).order_by("-seq").first()
    rows = DjangoRows(using)
    found: dict[str, Any] = {
        "province": state.province,
        "name": state.name,
        "epoch": state.epoch,
        "feed": state.cursor,
        "rolled_back": state.rolled_back,
        "may_grant": granting.is_holder(using),
        "certificates": rows.count("certificates"),
        "verdicts": rows.count("verdicts"),
        "waiting_for_sisters": [_waiting(using, one) for one in Deferred.objects.using(using).order_by("since", "id")],
        "late_cases": _late_cases(using),
        "incidents": [str(one) for one in Incident.objects.using(using).order_by("at")],
        "trust_file": [last.epoch, last.seq] if last else [],
        "numbers": _numbers(using),
        "devices": [_device(using, row, verify=verify) for row in Device.objects.using(using).order_by("device")],
    }
    return found | (_examined(using) if verify else {})


def _examined(using: str) -> dict[str, Any]:
    return {"projections_differ": differences(using), "attachments_differ": attachments.differing(using)}


def _late_cases(using: str) -> list[dict[str, Any]]:
    """What does not hold and is not put right yet: which of the four cases, whose it is, by when, and for how long."""
    today = legal_date(provinces.of(using).clock.now().at)
    devices = Device.objects.using(using).order_by("device").values_list("device", flat=True)
    open_ones = [one for one in remarks(DjangoRows(using), devices) if one.case is not None and one.is_open]
    return [_late_case(one, today) for one in open_ones]


def _late_case(one: Remark, today: str) -> dict[str, Any]:
    told = {"entry": one.ref, "number": one.number, "code": one.code, "case": str(one.case), "owner": one.owner}
    return told | {"due_on": one.due_on, "overdue": one.is_overdue(today)}


def _waiting(using: str, one: Deferred) -> dict[str, Any]:
    """An entry that cannot be judged yet, and whom and what it waits for."""
    entry = StoredEntry.objects.using(using).get(device=one.device, seq=one.seq)
    sister, _, seq = one.waits_for.partition("/")
    return {
        "entry": f"{one.device}/{one.seq}",
        "kind": entry.kind,
        "since": one.since,
        "waits_for": Device.objects.using(using).filter(device=sister).values_list("name", flat=True).first() or sister,
        "reason": f"entry {seq} has not come in" if int(seq) else "has not reported since",
    }


def _numbers(using: str) -> dict[str, dict[str, int]]:
    kinds = sorted(set(Stock.objects.using(using).values_list("kind", flat=True)))
    return {
        kind: {
            "stock": sum(one.size for one in Stock.objects.using(using).filter(kind=kind)),
            "drawn": sum(one.size for one in DrawnRange.objects.using(using).filter(kind=kind, turn=1)),
            "cut": sum(one.size for one in CutBlock.objects.using(using).filter(kind=kind, turn=1)),
        }
        for kind in kinds
    }


def _device(using: str, row: Device, *, verify: bool) -> dict[str, Any]:
    journal = Journal.objects.using(using).get(device=row.device)
    sent = attachments.sent_by(using, row.device)
    found = {
        "device": row.device,
        "name": row.name,
        "station": row.station_id,
        "state": journal.state,
        "entries": journal.seq,
        "judged": journal.judged,
        "contacted_at": journal.contacted_at,
        "attachments": msgspec.structs.asdict(sent) | {"missing": sent.missing},
    }
    return found | ({"chain_holds": chain_holds(using, row.device)} if verify else {})
