"""Planted bugs of cases between laptops (:mod:`simulation.planted`)."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.services import issuing_gates, lists
from inspector_app.services.device import Device
from simulation.world import World


def issue_after_hand_over(_world: World, stack: ExitStack) -> None:
    """Who handed a case over goes on issuing on it: the list still offers it, and the gate lets it pass."""
    against = vars(issuing_gates)["_declaration_refusals"]
    offered = vars(lists)["_issuable"]

    def lenient(device: Device, *arguments: Any) -> list[Refusal]:
        return [one for one in against(device, *arguments) if one.code != RefusalCode.CASE_HANDED_OVER]

    def own(device: Device) -> list[lists.Issuable]:
        found = [offered(device, row) for row in device.rows.many("inspections", conclusion="passed")]
        mine = [one for one in found if one and str(one.declaration["ref"]).startswith(device.id)]
        return sorted(mine, key=lambda one: int(one.declaration["departs_at"] or 0))

    stack.enter_context(patch.object(issuing_gates, "_declaration_refusals", lenient))
    stack.enter_context(patch.object(lists, "issuables", own))
