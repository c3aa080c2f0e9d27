"""The device itself: enrolment, persons' keys, what was pulled from the province, retention, cases between devices."""

from __future__ import annotations

import msgspec

from inspector_app.journal.envelope import Fact, fact


@fact("device.enrolled/1", typed=("name",))
class DeviceEnrolled(Fact, frozen=True):
    """First entry of every journal: station, province code and the one root this home trusts (hex key id)."""

    station: int
    province: str
    root: str
    name: str
    program: str


@fact("person.key_added/1", accountable=True)
class PersonKeyAdded(Fact, frozen=True):
    """A person made a signing key on this device (hex ``key``); the entry is signed with it as proof of possession."""

    person: int
    suite: int
    key: str


@fact("person.removed/1")
class PersonRemoved(Fact, frozen=True):
    """A person's slot was removed from this device."""

    person: int


@fact("province.pulled/1")
class ProvincePulled(Fact, frozen=True):
    """Documents ``first … last`` of the province's feed were stored; ``hash`` chains them (hex).

    They take effect here, in this order, also on every rebuild.
    """

    epoch: str
    first: int
    last: int
    hash: str


@fact("retention.applied/1")
class RetentionApplied(Fact, frozen=True):
    """Private parts past their retention were removed: ``<device>/<seq>`` each, or ``online/<online declaration>``.

    A sister's private part, relayed to this device, is named and removed here as well as there.
    """

    entries: list[str]


@fact("case.handed_over/1", accountable=True)
class CaseHandedOver(Fact, frozen=True):
    """The right to issue for a declaration went to a sister device, with the bundle of this SHA-256 (hex)."""

    declaration: str
    device: str
    bundle: str


class CaseContent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The written entries of the case, as they stand in the sender's journal."""

    entries: list[bytes]


@fact("case.received/1", private=CaseContent)
class CaseReceived(Fact, frozen=True):
    """A case handed over by a sister device may be issued here."""

    declaration: str
    device: str


@fact("case.returned/1", accountable=True)
class CaseReturned(Fact, frozen=True):
    """The receiver gave the case back; only this gives the sender its right to issue again."""

    declaration: str
    device: str
