"""The province's remarks on this computer's entries on the command line: what is to be put right, by whom, by when."""

from __future__ import annotations

from collections.abc import Sequence

from inspector_app.commands.output import Output, three_parts
from inspector_app.domain.late_rejections import OWNERS
from inspector_app.services.device import Device
from inspector_app.services.outcomes import Remark


def say_remarks(device: Device, output: Output, remarks: Sequence[Remark]) -> None:
    """A heading and the three parts of each."""
    today = device.today()
    for one in remarks:
        output.say(_heading(one, output, today))
        mentions = {"seq": str(one.seq), "due_on": one.due_on}
        output.say(three_parts(output.sentences.of("judgements", one.code, output.lang, mentions)))


def _heading(one: Remark, output: Output, today: str) -> str:
    if one.case is None:
        return output.phrase("remark", ref=one.ref, number=one.number)
    late = "late" if one.is_overdue(today) else "in_time"
    named = {"ref": one.ref, "number": one.number, "case": one.case.value, "day": one.due_on, "late": late}
    return output.phrase("remark_due", **named, owner=OWNERS[one.case].value)
