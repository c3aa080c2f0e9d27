"""The province's keys and where they lie.

====================  ==========================================================================================
``root.key``          states which keys act as authority and server; offline, two persons; a file only in practice
``authority.key``     signs draws, grants, policies, forms, licences, the trust file; offline or HSM; file in practice
``server.key``        signs receipts, blocks inside draws, answers; online, replaceable by one root statement
``box.key``           X25519: bundles on a stick are sealed to it
====================  ==========================================================================================

Each file holds the 32 secret bytes in hex, readable by its owner only. A server in production has ``server.key`` and
``box.key`` and nothing else: whoever breaks in there can cut blocks inside draws that exist, and create no number.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from inspector_app.domain.keys import Suite
from inspector_app.errors import StationError
from inspector_app.ports import Random
from inspector_app.suites import BoxKey, SigningKey

_NAMES = ("root", "authority", "server")


class ProvinceKeys(msgspec.Struct, frozen=True):
    """The keys this process holds; root and authority only where documents are signed."""

    server: SigningKey
    box: BoxKey
    authority: SigningKey | None = None
    root: SigningKey | None = None


def make_keys(random: Random) -> ProvinceKeys:
    """A new province's keys."""
    root, authority, server = (SigningKey.generate(Suite.ED25519, random) for _ in _NAMES)
    return ProvinceKeys(server, BoxKey.generate(random), authority, root)


def save_keys(keys: ProvinceKeys, folder: Path) -> None:
    """Write the key files; StationError when one is already there, for a key is never overwritten."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _NAMES:
        key: SigningKey | None = getattr(keys, name)
        if key is not None:
            _write(folder / f"{name}.key", key.private_bytes())
    _write(folder / "box.key", keys.box.private_bytes())


def _write(path: Path, secret: bytes) -> None:
    if path.exists():
        raise StationError("province.key_exists", file=path.name)
    path.touch(mode=0o600)
    path.write_text(secret.hex() + "\n", "ascii")


def make_folder(folder: Path, random: Random) -> ProvinceKeys:
    """Make the province's keys and Django's secret in a folder. StationError when keys are there already."""
    keys = make_keys(random)
    save_keys(keys, folder)
    secret = folder / "django-secret"
    secret.touch(mode=0o600)
    secret.write_text(random.bytes(32).hex() + "\n", "ascii")
    return keys


def load_keys(folder: Path) -> ProvinceKeys:
    """The keys of a province's folder; StationError when the server's are missing or damaged."""
    server, box = _read(folder / "server.key"), _read(folder / "box.key")
    if server is None or box is None:
        raise StationError("province.not_founded", folder=str(folder))
    authority, root = (_read(folder / f"{name}.key") for name in ("authority", "root"))
    return ProvinceKeys(
        SigningKey.from_private(Suite.ED25519, server),
        BoxKey.from_private(box),
        SigningKey.from_private(Suite.ED25519, authority) if authority else None,
        SigningKey.from_private(Suite.ED25519, root) if root else None,
    )


def _read(path: Path) -> bytes | None:
    if not path.exists():
        return None
    try:
        secret = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise StationError("province.key_damaged", file=path.name)
    return secret
