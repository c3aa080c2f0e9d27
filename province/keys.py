"""The province's keys and where they lie.

====================  ==========================================================================================
``root.key``          states which keys act as authority and server; offline, two persons; a file only in practice
``authority.key``     signs draws, grants, policies, forms, licences, the trust file; offline or HSM; file in practice
``server.key``        signs receipts, blocks inside draws, answers; online, replaceable by one root statement
``box.key``           X25519: bundles on a stick are sealed to it
====================  ==========================================================================================

``authority.next.key``, ``server.next.key``: stated by the root, not yet signing (:mod:`province.renewal`).

Each file holds the 32 secret bytes in hex, readable by its owner only; the folder is its owner's alone. ``init`` makes
all four in the province's folder. In production ``root.key`` and ``authority.key`` are then moved to a disk that is
kept apart, and named by ``--keys`` for the commands that sign with them; whoever breaks into the server can then cut
blocks inside draws that exist, and create no number. What a server needs to move to another machine is more than keys:
``server.key``, ``box.key``, ``django-secret``, the database, and ``high_water.json``, without which the same numbers
could be given again after a restore. ``generation`` stays where it is: a second server gets its own when it takes over
(:mod:`province.granting`); until then it records and grants nothing.
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
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
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
    """Make the province's keys and Django's secret in a folder. StationError when keys are there already.

    The file of a SQLite database is made beside them, empty, so that it is its owner's alone from the first byte.
    """
    keys = make_keys(random)
    save_keys(keys, folder)
    secret = folder / "django-secret"
    secret.touch(mode=0o600)
    secret.write_text(random.bytes(32).hex() + "\n", "ascii")
    (folder / "province.sqlite3").touch(mode=0o600)
    return keys


def load_keys(folder: Path, signing: Path | None = None) -> ProvinceKeys:
    """The keys of a province's folder, root and authority from the folder ``signing`` if one is named.

    StationError when the server's are missing, or any is damaged.
    """
    server, box = _read(folder / "server.key"), _read(folder / "box.key")
    if server is None or box is None:
        raise StationError("province.not_founded", folder=str(folder))
    authority, root = (_read((signing or folder) / f"{name}.key") for name in ("authority", "root"))
    return ProvinceKeys(
        SigningKey.from_private(Suite.ED25519, server),
        BoxKey.from_private(box),
        SigningKey.from_private(Suite.ED25519, authority) if authority else None,
        SigningKey.from_private(Suite.ED25519, root) if root else None,
    )


def next_key(folder: Path, name: str, random: Random) -> SigningKey:
    """The key that will follow ``name``, made if it is not there yet."""
    found = read_next(folder, name)
    if found is not None:
        return found
    key = SigningKey.generate(Suite.ED25519, random)
    _write(_next(folder, name), key.private_bytes())
    return key


def read_next(folder: Path, name: str) -> SigningKey | None:
    """The key that will follow ``name``; None when none was made."""
    secret = _read(_next(folder, name))
    return SigningKey.from_private(Suite.ED25519, secret) if secret else None


def put_in_place(folder: Path, name: str) -> None:
    """Let the next key replace the present one, which is gone then: nothing is ever signed with it again."""
    _next(folder, name).replace(folder / f"{name}.key")


def _next(folder: Path, name: str) -> Path:
    return folder / f"{name}.next.key"


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
