"""Which set of custody rules (规则集) is in force here: the province names it in its signed policy (G51)."""

from __future__ import annotations

import functools

from inspector_app import config
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.domain.rules import RuleProfile, choose_rules, enforces, parse_rules
from inspector_app.services.device import Device


@functools.cache
def shipped_rules() -> tuple[RuleProfile, ...]:
    """The profiles this program carries out."""
    names = config.resource_names("rules", ".toml")
    return tuple(parse_rules(config.read_resource(name).decode("utf-8")) for name in names)


def rules_in_force(device: Device) -> RuleProfile | None:
    """The profile the province names, today; None when this program does not carry it out."""
    return choose_rules(shipped_rules(), device.policy().custody_rules, device.today())


@enforces("G51")
def rule_set_refusals(device: Device) -> list[Refusal]:
    """A paper that appeals to the rules is made under the set the province names, and no other."""
    if rules_in_force(device) is not None:
        return []
    carried = ", ".join(one.profile for one in shipped_rules())
    return [Refusal(code=RefusalCode.RULE_SET_OTHER, limit=device.policy().custody_rules, current=carried)]
