"""How the vault's small files are framed: name, version, body, checksum.

The checksum finds damage (a torn write, a bad sector) and tells it apart from a wrong key; it proves nothing against a
forger. The version stands outside the body, so an older program can say "made by a newer version" instead of "damaged".
"""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec

from inspector_app.domain.canonical import CborError, decode, encode
from inspector_app.suites import sha256
from inspector_app.vault.faults import VaultFault

VERSION: Final = 1
_MAX_BYTES: Final = 1024 * 1024
S = TypeVar("S", bound=msgspec.Struct)


def frame(name: str, body: msgspec.Struct) -> bytes:
    """The file of this body (an array-like struct of integers, bytes and text)."""
    raw = encode(msgspec.to_builtins(body, builtin_types=(bytes,)))
    return encode([name, VERSION, raw, sha256(raw)])


def unframe(name: str, raw: bytes, cls: type[S], damaged: VaultFault) -> S | VaultFault:
    """The body of a file; `NEWER_VERSION`, or the given fault for anything else that is not one."""
    try:
        found, version, body, checksum = msgspec.convert(
            decode(raw, _MAX_BYTES), tuple[str, int, bytes, bytes], builtin_types=(bytes,)
        )
        if found == name and version > VERSION:
            return VaultFault.NEWER_VERSION
        if (found, version, checksum) != (name, VERSION, sha256(body)):
            return damaged
        return msgspec.convert(decode(body, _MAX_BYTES), cls, builtin_types=(bytes,))
    except (CborError, msgspec.ValidationError):
        return damaged
