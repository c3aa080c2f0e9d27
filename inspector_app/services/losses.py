"""Lost, stolen or damaged numbers (遗失、被盗、损毁): reported by whoever notices, dead at once and for ever.

A report protects, so one person does it, at any computer of the station, also for the block of another one that is
gone; a number found again stays dead (GX-2014 Art. 26). A number that is on a paper already is not lost: its
certificate is voided, or its sheet reported lost with the void.
"""

from __future__ import annotations

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.custody import NumbersLost
from inspector_app.journal.entries.declarations import note_of
from inspector_app.services.device import Device
from inspector_app.services.number_custody import NumberRange, find_range, spent_refusals
from inspector_app.services.typed import day_refusals, reason_refusals


def report_loss(
    device: Device, kind: str, typed: str, *, cause: str, found_out_on: str = "", note: str = ""
) -> str | Refused:
    """Report unused numbers as lost; ``found_out_on`` is a legal day, "" for today."""
    numbers, day = find_range(device, kind, typed), found_out_on or device.today()

    def against() -> list[Refusal]:
        found = device.may(Action.REPORT_LOSS) + reason_refusals(device, "loss", cause, note, field="cause")
        if isinstance(numbers, Refusal):
            return [*found, *_day_refusals(device, day), numbers]
        return found + _day_refusals(device, day, numbers.block) + loss_refusals(device, numbers)

    def add(act: Act) -> str:
        assert isinstance(numbers, NumberRange)
        fact = NumbersLost(block=numbers.block, first=numbers.first, last=numbers.last, cause=cause, found_out_on=day)
        return act.add(fact, private=note_of(note), sign=device.sign)

    return device.record_unless(against, add)


@enforces("G45")
def loss_refusals(device: Device, numbers: NumberRange) -> list[Refusal]:
    """Only what is free can be lost; the first number that is not is named with what became of it."""
    return spent_refusals(device, numbers)


def _day_refusals(device: Device, day: str, block: str = "") -> list[Refusal]:
    """No day to come, and none before the station was given the numbers."""
    if found := day_refusals("found_out_on", day):
        return found
    if day > device.today():
        return [Refusal(code=RefusalCode.DAY_TO_COME, field="found_out_on", current=day)]
    row = device.rows.one("blocks", block=block)
    given = legal_date(int(row["issued_at"] or 0)) if row else day
    return (
        [Refusal(code=RefusalCode.FIELD_INVALID, field="found_out_on", current=day, limit=given)] if day < given else []
    )
