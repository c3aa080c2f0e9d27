"""What a correction note (更正说明) may change of a certificate that was handed over.

The number and the paper stay valid, so only what is immaterial may change, and only what the province's policy lists on
that day (``correctable_fields``). Whose animals, which, how many, from where, to where and until when never change by a
note: another certificate takes the place of the one that says it wrongly (GX-2014 Art. 22, 29).
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.policy import Policy


class CorrectedValues(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The new values, as they are to be read; "" for what was not corrected. ``note``: the vet's own words."""

    owner_phone: str = ""
    carrier: str = ""
    carrier_phone: str = ""
    plate: str = ""
    agency_phone: str = ""
    remarks: str = ""
    note: str = ""


FIELDS = tuple(name for name in CorrectedValues.__struct_fields__ if name != "note")
"""Every field a policy may list; what else stands on a certificate is material whatever a policy says."""


def needs_replacement(policy: Policy, fields: list[str]) -> list[str]:
    """Those of the fields no note may change under this policy: the certificate is replaced instead."""
    return [field for field in fields if field not in FIELDS or not policy.may_correct(field)]
