"""The device itself: enrolment, persons' keys, what was pulled from the province, retention, cases between devices."""

from __future__ import annotations

import msgspec

from inspector_app.domain.numbering import Number
from inspector_app.domain.quantities import Quantity
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


class CaseUse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paper in force on a batch when the case went: its number and what it covers of which inspection."""

    number: Number
    inspection: str
    quantity: Quantity


@fact("case.handed_over/1", accountable=True)
class CaseHandedOver(Fact, frozen=True):
    """The right to issue for a declaration went to a sister device; only that device can give it back.

    ``turn`` counts how often the case went, from 1: whoever hears of several knows which is the last. ``bundle`` is
    the SHA-256 (hex) of what travels, ``entries`` name it, ``uses`` are all papers in force on the case.
    """

    declaration: str
    device: str
    bundle: str
    turn: int
    entries: list[str] = []
    uses: list[CaseUse] = []


@fact("case.received/1")
class CaseReceived(Fact, frozen=True):
    """A sister's bundle was taken in here: the move of that turn, and so many documents chained by ``hash`` (hex)."""

    declaration: str
    device: str
    turn: int
    bundle: str
    documents: int
    hash: str


@fact("case.returned/1", accountable=True)
class CaseReturned(Fact, frozen=True):
    """The receiver gave the case back to the device that had handed it over; fields as there."""

    declaration: str
    device: str
    bundle: str
    turn: int
    entries: list[str] = []
    uses: list[CaseUse] = []


@fact("case.taken_back/1", accountable=True)
class CaseTakenBack(Fact, frozen=True):
    """The province shut ``device`` down while it held the case: its right has ended, the giver's stands again."""

    declaration: str
    device: str
    turn: int
    uses: list[CaseUse] = []
