"""Small signed documents as pictures: a QR code photographed from one telephone to another (DESIGN 7).

The text is ``IJ1:`` and Base45 (RFC 9285), which a QR code holds in alphanumeric mode; a block, a second confirmation
or a receipt fits. Nothing secret travels this way, and nothing is believed before its signatures were checked.
"""

from __future__ import annotations

from typing import Final

from inspector_app.domain.documents import SignedDocument, decode_document
from inspector_app.errors import StationError

MAX_TEXT: Final = 1_200
_LEAD: Final = "IJ1:"
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE: Final = {char: value for value, char in enumerate(_ALPHABET)}


def to_text(document: bytes) -> str:
    """The text of a signed document. StationError ``courier.too_long`` when it does not fit into one picture."""
    if not isinstance(decode_document(document), SignedDocument):
        raise StationError("courier.not_a_document")
    text = _LEAD + _encode(document)
    if len(text) > MAX_TEXT:
        raise StationError("courier.too_long", size=len(document))
    return text


def from_text(text: str) -> bytes:
    """The document in a scanned text; its signatures are still to be checked. StationError ``courier.*``."""
    stripped = text.strip()
    if len(stripped) > MAX_TEXT or not stripped.startswith(_LEAD):
        raise StationError("courier.not_a_document")
    document = _decode(stripped[len(_LEAD) :])
    if document is None or not isinstance(decode_document(document), SignedDocument):
        raise StationError("courier.damaged")
    return document


def _encode(raw: bytes) -> str:
    text = []
    for at in range(0, len(raw) - 1, 2):
        value = raw[at] * 256 + raw[at + 1]
        text += [_ALPHABET[value % 45], _ALPHABET[value // 45 % 45], _ALPHABET[value // 2025]]
    if len(raw) % 2:
        text += [_ALPHABET[raw[-1] % 45], _ALPHABET[raw[-1] // 45]]
    return "".join(text)


def _decode(text: str) -> bytes | None:
    if len(text) % 3 == 1 or any(char not in _VALUE for char in text):
        return None
    raw = bytearray()
    for at in range(0, len(text), 3):
        digits = [_VALUE[char] for char in text[at : at + 3]]
        value = sum(digit * 45**power for power, digit in enumerate(digits))
        width = len(digits) - 1
        if value >= 256**width:
            return None
        raw += value.to_bytes(width, "big")
    return bytes(raw)
