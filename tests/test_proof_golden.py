"""Bytes once released mean the same for ever: fixtures are read, verified, and made again without a difference."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from inspector_app.domain.credential import ScannedCode, Verdict, body_of, check_code, read_code
from inspector_app.domain.documents import (
    DocumentFault,
    Keyring,
    decode_document,
    from_payload,
    open_document,
    registered_types,
)
from inspector_app.domain.trust import Trust, open_pack
from inspector_app.suites import verify
from inspector_app.vault.vault import Unlocked, VaultFault
from tests.proof_golden import CREDENTIAL, DATA_KEY, DOCUMENTS, GOLDEN, PASSPHRASE, TRUST, fixtures, golden_vault
from tests.proof_samples import NOW, ROOT, judged, keyring


@pytest.mark.parametrize("name", sorted(fixtures()))
def test_what_is_made_today_is_byte_for_byte_what_was_released(name: str) -> None:
    assert (GOLDEN / name).read_bytes() == fixtures()[name]


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_released_document_opens_to_the_same_facts(name: str) -> None:
    raw = (GOLDEN / "documents" / f"{name}.cbor").read_bytes()
    if name == "root-1":
        opened = Keyring.under(raw, verify)
        assert isinstance(opened, Keyring)
        assert opened.root == DOCUMENTS[name][0]
        return
    result = open_document(raw, keyring(), verify, at_ms=NOW)
    assert not isinstance(result, DocumentFault)
    assert result[1] == DOCUMENTS[name][0]


def test_every_registered_document_type_has_a_released_fixture() -> None:
    """A new type: add a sample to tests/proof_golden.py and run ``python -m tests.proof_golden``."""
    released = {path.stem.replace("-", "/") for path in (GOLDEN / "documents").glob("*.cbor")} | {"trust_file/1"}
    assert {
        shape.tag for shape in registered_types() if shape.struct.__module__.startswith("inspector_app")
    } <= released


def test_no_fixture_lies_about_that_no_sample_explains() -> None:
    explained = {f"{name}.cbor" for name in DOCUMENTS}
    assert {path.name for path in (GOLDEN / "documents").iterdir()} == explained


def test_the_released_credential_says_what_the_record_beside_it_says() -> None:
    text = (GOLDEN / "credential" / "credential-1.txt").read_text()
    said = json.loads((GOLDEN / "credential" / "credential-1.json").read_text("utf-8"))
    read = read_code(text)
    assert isinstance(read, ScannedCode)
    assert said.pop("check_code") == check_code(read.payload)
    facts = body_of(read.payload)
    assert facts == CREDENTIAL
    shown = {name: getattr(facts, name) for name in said}
    assert said == {name: value.hex() if isinstance(value, bytes) else value for name, value in shown.items()}


def test_the_released_pack_judges_the_released_credential() -> None:
    trust = open_pack((GOLDEN / "trust" / "pack-1.cbor").read_bytes(), verify, root=ROOT.public, at_ms=None)
    assert isinstance(trust, Trust)
    assert trust.file == TRUST
    text = (GOLDEN / "credential" / "credential-1.txt").read_text()
    assert judged(text, trust.file).verdict is Verdict.PRINT_SUPERSEDED


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_released_document_with_one_byte_more_or_less_is_refused(name: str) -> None:
    raw = (GOLDEN / "documents" / f"{name}.cbor").read_bytes()
    assert decode_document(raw + b"\x00") is DocumentFault.MALFORMED
    assert decode_document(raw[:-1]) is DocumentFault.MALFORMED
    signed = decode_document(raw)
    assert not isinstance(signed, DocumentFault)
    assert isinstance(from_payload(signed.type, signed.payload[:-1]), DocumentFault)


def test_a_released_vault_opens_with_its_passphrase_and_with_no_other(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GOLDEN / "vault", tmp_path / "vault"))
    vault = golden_vault(folder)
    unlocked = vault.unlock(7, PASSPHRASE)
    assert isinstance(unlocked, Unlocked)
    assert unlocked.data_key == DATA_KEY
    assert unlocked.signing_key.public == vault.public_key(7)
    assert vault.list_people() == (7, 8)
    assert vault.unlock(8, PASSPHRASE) is VaultFault.WRONG_PASSPHRASE
