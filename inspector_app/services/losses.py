"""Lost, stolen or damaged numbers (遗失、被盗、损毁): reported by whoever notices, dead at once and for ever.

A report protects, so one person does it, at any computer of the station, also for the block of another one that is
gone; a number found again stays dead (GX-2014 Art. 26). A number that is on a paper already is not lost: its
certificate is voided, or its sheet reported lost with the void. Numbers that were drawn and are in no block yet can be
lost too: nobody is given them any more.
"""

from __future__ import annotations

from inspector_app.domain.authority import Action
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.custody import NumbersLost
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.projections.losses import given_on
from inspector_app.services.device import Device
from inspector_app.services.number_custody import NumberRange, spent_refusals
from inspector_app.services.typed import day_refusals, reason_refusals
from inspector_app.services.uncut import find_given, lost_before_refusals


def report_loss(
    device: Device, kind: str, typed: str, *, cause: str, found_out_on: str = "", note: str = ""
) -> str | Refused:
    """Report unused numbers as lost; ``found_out_on`` is a legal day, "" for today."""
    numbers, day = find_given(device, kind, typed), found_out_on or device.today()

    def against() -> list[Refusal]:
        found = device.may(Action.REPORT_LOSS) + reason_refusals(device, "loss", cause, note, field="cause")
        if isinstance(numbers, Refusal):
            return [*found, *_day_refusals(device, day), numbers]
        return found + _day_refusals(device, day, numbers) + loss_refusals(device, numbers)

    def add(act: Act) -> str:
        assert isinstance(numbers, NumberRange)
        ends = {"block": numbers.block, "first": numbers.first, "last": numbers.last, "draw": numbers.draw}
        fact = NumbersLost(**ends, cause=cause, found_out_on=day)
        return act.add(fact, private=note_of(note), sign=device.sign)

    return device.record_unless(against, add)


@enforces("G45")
def loss_refusals(device: Device, numbers: NumberRange) -> list[Refusal]:
    """Only what is free can be lost; the first number that is not is named with what became of it."""
    return lost_before_refusals(device, numbers) if numbers.draw else spent_refusals(device, numbers)


def _day_refusals(device: Device, day: str, numbers: NumberRange | None = None) -> list[Refusal]:
    """No day to come, and none before the station was given the numbers."""
    if found := day_refusals("found_out_on", day):
        return found
    if day > device.today():
        return [Refusal(code=RefusalCode.DAY_TO_COME, field="found_out_on", current=day)]
    given = given_on(device.rows, block=numbers.block, draw=numbers.draw) if numbers is not None else ""
    if day >= given:
        return []
    return [Refusal(code=RefusalCode.FIELD_INVALID, field="found_out_on", current=day, limit=given)]
