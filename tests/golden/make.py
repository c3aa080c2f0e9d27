"""Writes the golden fixtures of entries, private parts, lives and a block inside its draw.

``python -m tests.golden.make`` writes those that are missing and never overwrites one: a released shape never changes,
it gets a successor (``…/2``), a lift, and a fixture of its own. Until the first release a fixture may be deleted and
written anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from inspector_app.domain.documents import sign_document
from inspector_app.domain.numbering import Block, Draw
from tests.domain.lives import LIVES, life_table
from tests.journal.samples import DEVICE, SAMPLES, act_of, file_name
from tests.proof_samples import AUTHORITY, NOW, SERVER, VET

GOLDEN: Final = Path(__file__).parent
DRAW: Final = Draw("D1", "practice-10", "B", "9900000001", "9900000500", station=1, holder=0, issued_at=NOW)
BLOCK: Final = Block("D1-12", "D1", "practice-10", "B", "9900000001", "9900000050", DEVICE, VET, 1, NOW)


def fixtures() -> dict[str, bytes]:
    """Every fixture by its path under ``golden``."""
    made: dict[str, bytes] = {}
    for kind in SAMPLES:
        entry, private = entry_fixture(kind)
        made[f"entries/{file_name(kind)}"] = _as_json(entry)
        if private is not None:
            made[f"private/{file_name(kind)}"] = _as_json(private)
    for name in LIVES:
        made[f"lives/{name}.json"] = _as_json(life_table(name))
    made["block_in_draw/draw-1.cbor"] = sign_document(DRAW, AUTHORITY).encoded()
    made["block_in_draw/block-1.cbor"] = sign_document(BLOCK, SERVER).encoded()
    return made


def entry_fixture(kind: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The exact public bytes of a kind's sample with its hash and signature, and its private part."""
    act = act_of(kind)
    written = act.entries[0]
    entry = {
        "kind": kind,
        "public": written.public.decode(),
        "hash": act.hashes[0].hex(),
        "actor_sig": written.actor_sig.hex(),
    }
    if written.private is None:
        return entry, None
    part = written.private
    return entry, {"kind": kind, "salt": part.salt.hex(), "content": part.content.decode()}


def _as_json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _write_missing() -> None:
    for name, content in fixtures().items():
        path = GOLDEN / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print("written", name)


if __name__ == "__main__":
    _write_missing()
