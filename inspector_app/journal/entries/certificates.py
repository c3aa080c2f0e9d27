"""Certificates and treatment notices (检疫处理通知单), from issue to hand-over and void."""

from __future__ import annotations

import msgspec

from inspector_app.domain.certificate import CertificateParties, CertificateRecord
from inspector_app.domain.numbering import Number
from inspector_app.domain.quantities import Quantity
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.envelope import Fact, fact


@fact("certificate.issued/1", private=CertificateParties, accountable=True)
class CertificateIssued(Fact, frozen=True):
    """A certificate was issued and its number used, in one transaction.

    ``prints`` are the hex SHA-256 of the credentials of print 1, 2, 3: the vet signed all three at issue, 2 and 3 stay
    sealed. ``key`` is the hex key id they were signed with. Void-and-replace is this one fact with ``record.replaces``;
    ``on_desk``, ``attachments`` and ``no_picture`` are then of the paper that ends, as in a void.

    ``grant`` is the ordinal of the vet's grant it was signed under, which says with whom they are filed (备案) for the
    kind and under which number (GX-2014 Art. 19).
    """

    record: CertificateRecord
    key: str
    prints: list[str]
    on_desk: int = 0
    attachments: list[str] = []
    no_picture: str = ""
    grant: int = 0


@fact("certificate.handed_over/1", private=Note, accountable=True)
class CertificateHandedOver(Fact, frozen=True):
    """The holder received the paper: which print, how many sheets, whether signed and sealed by hand.

    ``handed_at`` (UTC ms) is when, which may lie before the entry; ``late_reason`` a code for recording it late (补录),
    else "".
    """

    number: Number
    print: int
    sheets: int
    wet_signature: bool
    wet_seal: bool
    handed_at: int
    late_reason: str = ""


@fact("certificate.voided/1", private=Note, accountable=True)
class CertificateVoided(Fact, frozen=True):
    """Void (作废), in force at once; ``on_desk`` counts the sheets marked 作废 and kept.

    ``attachments`` are photographs of these sheets (hex SHA-256), ``no_picture`` the reason (list ``no_picture``) where
    there is none (GX-2014 Art. 23).

    What its holder did not give up is revoked or seized (撤销、收缴) only on a ``legal_basis`` (a code) and by order of
    a person of the roster (``ordered_by``); "" and 0 otherwise (GX-2014 Art. 29).
    """

    number: Number
    reason: str
    on_desk: int
    legal_basis: str = ""
    ordered_by: int = 0
    attachments: list[str] = []
    no_picture: str = ""


@fact("certificate.owner_told/1", private=Note, accountable=True)
class OwnerTold(Fact, frozen=True):
    """The owner was told that the paper in their hands ended; ``means`` is a code of the list ``owner_told``."""

    number: Number
    means: str
    told_at: int


class NoticeDetails(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom a treatment notice is addressed to, as it stands on the paper."""

    owner: str
    owner_phone: str
    place: str = ""
    vet_name: str = ""
    station_name: str = ""
    agency_phone: str = ""
    remarks: str = ""


@fact("notice.issued/1", private=NoticeDetails, accountable=True)
class NoticeIssued(Fact, frozen=True):
    """A treatment notice for a batch that failed.

    ``basis`` are article codes, ``failures`` why, ``method`` the treatment.
    """

    number: Number
    block: str
    declaration: str
    inspection: str
    species: int
    stage: str
    quantity: Quantity
    basis: list[str]
    failures: list[str]
    diseases: list[str]
    method: str
    issued_on: str
    vet: int
    station: int
    form: str
    form_hash: str


@fact("notice.handed_over/1", private=Note, accountable=True)
class NoticeHandedOver(Fact, frozen=True):
    """The party received its copy of a treatment notice and signed for it (当事人签收) on the copy that stays.

    ``handed_at`` and ``late_reason`` as in a certificate's.
    """

    number: Number
    print: int
    sheets: int
    wet_signature: bool
    wet_seal: bool
    receipt_signed: bool
    handed_at: int
    late_reason: str = ""


@fact("notice.voided/1", private=Note, accountable=True)
class NoticeVoided(Fact, frozen=True):
    """A treatment notice is void (作废), in force at once; its batch may have another.

    ``on_desk``, ``attachments`` and ``no_picture`` as in a certificate's.
    """

    number: Number
    reason: str
    on_desk: int
    attachments: list[str] = []
    no_picture: str = ""
