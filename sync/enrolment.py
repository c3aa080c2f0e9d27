"""Joining a province with a one-time code (入网): the device's side of SECURITY 2.6 F2.

The device's keys exist before; the answer says whom to trust from now on, and the one-time code vouches for it in both
directions: nobody without the code is enrolled, and no root is trusted that the code did not come from.
"""

from __future__ import annotations

import msgspec

from inspector_app.clock import Clock
from inspector_app.config import VERSION
from inspector_app.domain.documents import DocumentFault, DocumentSigner, Keyring, Role
from inspector_app.errors import StationError
from inspector_app.journal.feed import Pulled
from inspector_app.ports import Exchange, Reply
from inspector_app.suites import verify
from sync import replies
from sync.frames import FrameFault, Purpose, open_frame, read_unverified, seal_frame
from sync.protocol import (
    CODE_NAME,
    ENROL_PATH,
    PROTO,
    EnrolAnswer,
    EnrolRequest,
    MessageError,
    code_secret,
    device_id,
    enrol_proof,
    from_bytes,
    read_code,
    root_proof,
    to_bytes,
)


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """The province's welcome, checked from the root down."""

    device: str
    station: int
    province: str
    practice: bool
    host: str
    root: bytes
    statements: list[bytes]
    epoch: str
    documents: list[Pulled]
    keyring: Keyring


def enrol(
    exchange: Exchange, code: str, signer: DocumentSigner, box_public: bytes, *, name: str, clock: Clock
) -> Enrolled:
    """Enrol the device that holds ``signer``; ``box_public`` is its X25519 key, ``name`` what people call it.

    Raises StationError: ``enrol.code_malformed`` before anything is sent, ``enrol.*`` when the province says no,
    ``network.*`` when it cannot be reached or is not who made the code. Asking again with the same code is safe.
    """
    asked = introduce(code, signer, box_public, name=name, clock=clock)
    return welcomed(code, asked, _accepted(exchange.post(ENROL_PATH, asked)), signer)


def introduce(code: str, signer: DocumentSigner, box_public: bytes, *, name: str, clock: Clock) -> bytes:
    """The frame that asks to be enrolled, however it is carried. StationError ``enrol.code_malformed``."""
    text = _code(code)
    request = _request(text, code_secret(text), signer, box_public, name=name, at=clock.now().at)
    return seal_frame(Purpose.ENROL_REQUEST, to_bytes(request), signer, state_key=True)


def welcomed(code: str, asked: bytes, answer: bytes, signer: DocumentSigner) -> Enrolled:
    """The province's answer to the very frame that was asked with, checked. StationError ``network.*``."""
    return _checked(answer, read_introduction(asked), code_secret(_code(code)), signer)


def read_introduction(asked: bytes) -> EnrolRequest:
    """What this device said of itself in a frame of :func:`introduce`."""
    message = read_unverified(asked, Purpose.ENROL_REQUEST)
    if isinstance(message, FrameFault):
        raise StationError("network.answer_damaged", fault=message)
    return from_bytes(EnrolRequest, message)


def _code(typed: str) -> str:
    text = read_code(typed)
    if text is None:
        raise StationError("enrol.code_malformed")
    return text


def _request(
    code: str, secret: bytes, signer: DocumentSigner, box_public: bytes, *, name: str, at: int
) -> EnrolRequest:
    key = signer.public
    unproven = EnrolRequest(
        proto=PROTO,
        code=code[:CODE_NAME],
        suite=key.suite,
        key=key.raw,
        box_key=box_public,
        name=name,
        program=VERSION,
        at=at,
        proof=b"",
    )
    return msgspec.structs.replace(unproven, proof=enrol_proof(secret, unproven))


def _accepted(reply: Reply) -> bytes:
    try:
        return replies.accepted(reply)
    except StationError as problem:
        said = str(problem.details.get("said", ""))
        if said.startswith("enrol."):
            raise StationError(said) from problem
        raise


def _checked(frame: bytes, request: EnrolRequest, secret: bytes, signer: DocumentSigner) -> Enrolled:
    """Believe the answer from the root down: the code vouches for the root, the root for the server key."""
    answer = _unverified(frame)
    if answer.proof != root_proof(secret, request, answer.root) or answer.device != device_id(signer.public):
        raise StationError("network.identity")
    keyring = keyring_of(answer.root, answer.statements)
    opened = open_frame(frame, Purpose.ENROL_ANSWER, lambda suite, key_id: keyring.find(Role.SERVER, suite, key_id))
    if isinstance(opened, FrameFault) or keyring.root.province != answer.province:
        raise StationError("network.identity")
    return Enrolled(
        device=answer.device,
        station=answer.station,
        province=answer.province,
        practice=keyring.root.practice,
        host=answer.host,
        root=answer.root,
        statements=list(answer.statements),
        epoch=answer.epoch,
        documents=answer.pulled(),
        keyring=keyring,
    )


def _unverified(frame: bytes) -> EnrolAnswer:
    """What the frame says. Here alone a message is read before its signature is checked: the key is inside it."""
    message = read_unverified(frame, Purpose.ENROL_ANSWER)
    if isinstance(message, FrameFault):
        raise StationError("network.answer_damaged", fault=message)
    try:
        return from_bytes(EnrolAnswer, message)
    except MessageError as problem:
        raise StationError("network.answer_damaged", fault="message") from problem


def keyring_of(root: bytes, statements: tuple[bytes, ...] | list[bytes]) -> Keyring:
    """The keyring of a root sheet and its statements. StationError ``network.identity`` when they do not hold."""
    keyring = Keyring.under(root, verify)
    for statement in statements:
        if isinstance(keyring, Keyring):
            keyring = keyring.including(statement, verify)
    if isinstance(keyring, DocumentFault):
        raise StationError("network.identity")
    return keyring
