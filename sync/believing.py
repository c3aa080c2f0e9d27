"""What a device believes of an answer: signed by the province's server key, while that counted, and meant for it."""

from __future__ import annotations

from typing import TypeVar

from inspector_app.domain.documents import Keyring, Role
from inspector_app.domain.keys import PublicKey
from inspector_app.errors import StationError
from sync.frames import FrameFault, Purpose, open_frame
from sync.protocol import AttachmentAnswer, MessageError, SyncAnswer, from_bytes

A = TypeVar("A", SyncAnswer, AttachmentAnswer)


def believed(keyring: Keyring, own: PublicKey, frame: bytes, purpose: Purpose, shape: type[A]) -> tuple[A, PublicKey]:
    """The answer in a frame and the key that signed it.

    StationError ``network.identity``, ``network.answer_damaged`` or ``network.server_key_ended``.
    """
    opened = open_frame(frame, purpose, lambda suite, key_id: keyring.find(Role.SERVER, suite, key_id))
    if opened in (FrameFault.UNKNOWN_KEY, FrameFault.BAD_SIGNATURE):
        raise StationError("network.identity")
    if isinstance(opened, FrameFault):
        raise StationError("network.answer_damaged", fault=opened)
    try:
        answer = from_bytes(shape, opened.message)
    except MessageError as problem:
        raise StationError("network.answer_damaged", fault="message") from problem
    if answer.to != own.key_id:
        raise StationError("network.identity")
    if not keyring.was_valid(opened.key, answer.at):
        raise StationError("network.server_key_ended")
    return answer, opened.key
