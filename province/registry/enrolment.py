"""Enrolment (入网) of a device by a one-time code (SECURITY 2.6 F2).

A code is 16 characters in four groups: three name it, twelve are its secret, one is a check character. The device
proves that it knows the secret, and so does the province with what it answers: the root a device trusts from then on is
the root of those who made the code. A code serves one station once, within two hours. Five wrong proofs from one
address end it for that address; strangers without the secret end it for everybody only by very many.
"""

from __future__ import annotations

import hmac

from django.db import transaction
from django.db.models import F

from inspector_app.domain.keys import PublicKey
from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import genesis
from province import provinces
from province.journal import feed
from province.journal.models import Journal, State
from province.journal.recording import listed
from province.public import tallies
from province.registry import publishing
from province.registry.models import Device, EnrolmentCode, Station
from province.registry.trust import root_documents
from sync.protocol import (
    CODE_ALPHABET,
    CODE_LENGTH,
    CODE_NAME,
    PROTO,
    EnrolAnswer,
    EnrolRequest,
    code_secret,
    complete_code,
    device_id,
    enrol_proof,
    root_proof,
)

HOUR_MS = 3_600_000
CODE_LIFE_MS = 2 * HOUR_MS
KEPT_MS = 24 * HOUR_MS
"""So long somebody who comes late is told that the code has expired or was used; then its name is free again."""
OF_ADDRESS = tallies.Limit(most=5, minutes=120)
MAX_TRIES = 200
NAME_TRIES = 1000


class EnrolmentError(Exception):
    """The device is not enrolled; ``code`` says why, as far as a stranger may know."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def make_code(using: str, station: int) -> str:
    """A new one-time code for a station, shown once: only its name and a key derived from its secret are kept."""
    now = provinces.of(using).clock.now().at
    with transaction.atomic(using=using):
        feed.lock_state(using)  # a name that is free now is still free below
        EnrolmentCode.objects.using(using).filter(expires__lt=now - KEPT_MS).delete()
        text = _unused_code(using)
        EnrolmentCode.objects.using(using).create(
            code=text[:CODE_NAME],
            secret=code_secret(text),
            station=Station.objects.using(using).get(number=station),
            made_at=now,
            expires=now + CODE_LIFE_MS,
        )
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def _unused_code(using: str) -> str:
    """A code whose name no other bears; StationError when there are more codes than anybody can have asked for."""
    taken = set(EnrolmentCode.objects.using(using).values_list("code", flat=True))
    for _try in range(NAME_TRIES):
        drawn = provinces.of(using).random.bytes(CODE_LENGTH - 1)
        text = complete_code("".join(CODE_ALPHABET[byte % len(CODE_ALPHABET)] for byte in drawn))
        if text[:CODE_NAME] not in taken:
            return text
    raise StationError("province.codes_exhausted", codes=len(taken))


def enrol(using: str, request: EnrolRequest, key: PublicKey, *, address: str = "") -> EnrolAnswer:
    """Enrol the device whose key signed the request. Raises EnrolmentError; then nothing was changed but the tries.

    Asking again with the same code and the same key gives the same welcome: the first answer may have been lost.
    ``address`` is where the request came from.
    """
    if (request.suite, request.key) != (key.suite, key.raw) or len(request.box_key) != 32:
        raise EnrolmentError("enrol.malformed")
    secret = _checked_secret(using, request, address)
    with transaction.atomic(using=using):
        code = EnrolmentCode.objects.using(using).select_for_update().filter(code=request.code).first()
        if code is None:
            raise EnrolmentError("enrol.code_wrong")
        device = device_id(key)
        if code.used_by not in ("", device):
            raise EnrolmentError("enrol.code_used")
        if not code.used_by:
            _admit(using, code, request, key)
    return _welcome(using, device, secret, request)


def _checked_secret(using: str, request: EnrolRequest, address: str) -> bytes:
    """The code's derived key, if the request proves its secret. Wrong proofs are counted whatever happens next."""
    now = provinces.of(using).clock.now().at
    codes = EnrolmentCode.objects.using(using).filter(code=request.code)
    code, whose = codes.first(), f"{request.code} {address}"
    if code is None:
        raise EnrolmentError("enrol.code_wrong")
    if code.tries >= MAX_TRIES or tallies.is_reached(using, "enrol", whose, OF_ADDRESS):
        raise EnrolmentError("enrol.code_dead")
    secret = bytes(code.secret)
    if not hmac.compare_digest(enrol_proof(secret, request), request.proof):
        codes.update(tries=F("tries") + 1)
        tallies.is_beyond(using, "enrol", whose, OF_ADDRESS)
        raise EnrolmentError("enrol.code_wrong")
    if now > code.expires:
        raise EnrolmentError("enrol.code_expired")
    return secret


def _admit(using: str, code: EnrolmentCode, request: EnrolRequest, key: PublicKey) -> None:
    device = device_id(key)
    if Device.objects.using(using).filter(device=device).exists():
        raise EnrolmentError("enrol.device_known")
    now = provinces.of(using).clock.now().at
    row = Device.objects.using(using).create(
        device=device,
        station=code.station,
        name=listed(request.name, 60),
        suite=key.suite,
        key=key.raw,
        key_id=key.key_id.hex(),
        box_key=request.box_key,
        enrolled_at=now,
    )
    Journal.objects.using(using).create(device=device, station=code.station_id, hash=genesis(device).hash)
    publishing.publish_device(using, row)
    if provinces.of(using).keys.authority is not None:
        publishing.license_device(using, device)
    publishing.renew_lease(using, device)
    code.used_by = device
    code.save(using=using, update_fields=["used_by"])


def _welcome(using: str, device: str, secret: bytes, request: EnrolRequest) -> EnrolAnswer:
    state = State.objects.using(using).get(only=1)
    journal = Journal.objects.using(using).get(device=device)
    root, statements = root_documents(using)
    if not root:
        raise BugError("a province without a root sheet")
    documents, more = feed.documents_after(using, device, journal.station, 0)
    return EnrolAnswer(
        proto=PROTO,
        device=device,
        station=journal.station,
        province=state.province,
        host=state.hosts.split(",")[0],
        root=root,
        statements=statements,
        epoch=state.epoch,
        at=provinces.of(using).clock.now().at,
        proof=root_proof(secret, request, root),
        documents=documents,
        more=more,
    )
