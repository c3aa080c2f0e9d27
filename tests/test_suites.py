"""Keys, signatures, seals: what fits opens, everything else is refused without a word too many."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.keys import RAW_BYTES, RESERVED_SUITES
from inspector_app.suites import (
    Argon2Cost,
    BoxKey,
    PublicKey,
    SealError,
    SigningKey,
    Suite,
    decrypt,
    derive,
    encrypt,
    is_mac,
    mac,
    passphrase_key,
    seal,
    sha256,
    verify,
)
from tests.proof_samples import SeededRandom, key_for

SUITES = pytest.mark.parametrize("suite", list(Suite))
CHEAP = Argon2Cost(memory_kib=64, iterations=1, lanes=1)
SALT = bytes(16)


class Script:
    """Random bytes read from a list."""

    def __init__(self, *drawn: bytes) -> None:
        self._drawn = list(drawn)

    def bytes(self, count: int) -> bytes:
        assert len(self._drawn[0]) == count
        return self._drawn.pop(0)


@SUITES
def test_signature_of_64_bytes_verifies_for_its_context_message_and_key(suite: Suite) -> None:
    key = SigningKey.generate(suite, SeededRandom())
    signature = key.sign("inspector/a", b"message")
    assert len(signature) == 64
    assert verify(key.public, "inspector/a", b"message", signature)


@SUITES
def test_signature_for_one_purpose_is_worth_nothing_for_another(suite: Suite) -> None:
    key, other = key_for("one", suite), key_for("other", suite)
    signature = key.sign("inspector/a", b"message")
    assert not verify(key.public, "inspector/b", b"message", signature)
    assert not verify(key.public, "inspector/a", b"messagE", signature)
    assert not verify(other.public, "inspector/a", b"message", signature)
    assert not verify(key.public, "inspector/a", b"message", signature[:-1])


@SUITES
@given(at=st.integers(0, 511))
def test_every_flipped_bit_of_a_signature_is_noticed(suite: Suite, at: int) -> None:
    key = key_for("one", suite)
    signature = bytearray(key.sign("inspector/a", b"message"))
    signature[at // 8] ^= 1 << (at % 8)
    assert not verify(key.public, "inspector/a", b"message", bytes(signature))


@SUITES
def test_same_input_gives_the_same_signature(suite: Suite) -> None:
    key = key_for("one", suite)
    assert key.sign("inspector/a", b"m") == key.sign("inspector/a", b"m")


@pytest.mark.parametrize(
    ("suite", "key_id", "digest"),
    [
        (Suite.ED25519, "4283a4c5726297e1", "90c02432ee255062b7c281e328da7dbc"),
        (Suite.P256, "f765800636257b9c", "7ec906bf04739d25a89853dd553aec61"),
    ],
)
def test_key_ids_and_signatures_are_those_of_the_first_release(suite: Suite, key_id: str, digest: str) -> None:
    key = key_for("root", suite)
    assert key.public.key_id.hex() == key_id
    assert sha256(key.sign("inspector/golden", b"message")).hex()[:32] == digest


@given(suite=st.integers(-3, 300), raw=st.binary(max_size=70), signature=st.binary(max_size=70))
def test_hostile_keys_and_signatures_are_answered_with_no(suite: int, raw: bytes, signature: bytes) -> None:
    assert not verify(PublicKey(suite, raw), "inspector/a", b"message", signature)


@SUITES
@given(raw=st.binary(min_size=33, max_size=33), signature=st.binary(min_size=64, max_size=64))
def test_well_sized_nonsense_is_answered_with_no(suite: Suite, raw: bytes, signature: bytes) -> None:
    assert not verify(PublicKey(suite, raw[: RAW_BYTES[suite]]), "inspector/a", b"message", signature)


def test_a_p256_signature_padded_with_zeros_is_not_a_second_signature() -> None:
    key = key_for("one", Suite.P256)
    signature = key.sign("inspector/a", b"m")
    assert not verify(key.public, "inspector/a", b"m", signature[:32] + b"\x00" + signature[32:])


def test_an_uncompressed_p256_point_is_not_a_second_name_for_a_key() -> None:
    key = key_for("one", Suite.P256)
    signature = key.sign("inspector/a", b"m")
    assert not verify(PublicKey(Suite.P256, b"\x04" + key.public.raw[1:] * 2), "inspector/a", b"m", signature)


@SUITES
def test_private_bytes_bring_the_same_key_back(suite: Suite) -> None:
    key = key_for("one", suite)
    assert SigningKey.from_private(suite, key.private_bytes()).public == key.public


def test_p256_draws_again_when_the_number_is_outside_the_group() -> None:
    key = SigningKey.generate(Suite.P256, Script(b"\xff" * 32, bytes(32), bytes(31) + b"\x05"))
    assert key.private_bytes() == bytes(31) + b"\x05"


@pytest.mark.parametrize(
    ("suite", "raw"), [(1, bytes(31)), (3, bytes(33)), (2, bytes(32)), (0, bytes(32)), (3, bytes(32))]
)
def test_private_keys_of_other_suites_and_sizes_are_refused(suite: int, raw: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SigningKey.from_private(suite, raw)


@pytest.mark.parametrize("context", ["", "inspector\x00a"])
def test_a_context_that_could_be_read_two_ways_is_refused(context: str) -> None:
    with pytest.raises(ValueError, match="context"):
        key_for("one").sign(context, b"")
    assert not verify(key_for("one").public, context, b"", bytes(64))


def test_every_suite_says_how_long_its_keys_are_and_sm2_stays_reserved() -> None:
    assert set(RAW_BYTES) == set(Suite)
    assert frozenset({2}) == RESERVED_SUITES
    assert not set(Suite) & RESERVED_SUITES


def test_what_is_sealed_opens_with_its_key_and_info_only() -> None:
    box, other = BoxKey.generate(SeededRandom(1)), BoxKey.generate(SeededRandom(2))
    sealed = seal(box.public_raw, b"info", b"data key")
    assert box.open(b"info", sealed) == b"data key"
    with pytest.raises(SealError):
        box.open(b"Info", sealed)
    with pytest.raises(SealError):
        other.open(b"info", sealed)


@given(at=st.integers(0, 8 * 56 - 1), cut=st.integers(0, 56))
def test_altered_or_shortened_seals_do_not_open(at: int, cut: int) -> None:
    box = BoxKey.generate(SeededRandom(1))
    sealed = seal(box.public_raw, b"info", b"data key")
    altered = bytearray(sealed)
    altered[at // 8] ^= 1 << (at % 8)
    for hostile in (bytes(altered), sealed[:cut] if cut < len(sealed) else sealed + b"\x00"):
        with pytest.raises(SealError):
            box.open(b"info", hostile)


@pytest.mark.parametrize("public", [b"", bytes(31), bytes(32), b"\x01" + bytes(31)])
def test_nothing_is_sealed_to_what_is_no_box_key(public: bytes) -> None:
    with pytest.raises(SealError):
        seal(public, b"info", b"data key")


def test_a_seal_is_hpke_base_mode_as_rfc_9180_writes_it() -> None:
    """An opener built from X25519, HKDF and AES-GCM alone reads it: another program in another language could."""
    box = BoxKey.generate(SeededRandom(1))
    sealed = seal(box.public_raw, b"info", b"data key")
    assert _open_by_rfc_9180(box, b"info", sealed) == b"data key"


def _open_by_rfc_9180(box: BoxKey, info: bytes, sealed: bytes) -> bytes:
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
    enc, ciphertext = sealed[:32], sealed[32:]
    shared = X25519PrivateKey.from_private_bytes(box.private_bytes()).exchange(X25519PublicKey.from_public_bytes(enc))
    eae = _extract(b"", kem, b"eae_prk", shared)
    secret = _expand(eae, kem, b"shared_secret", enc + box.public_raw, 32)
    context = b"\x00" + _extract(b"", suite, b"psk_id_hash", b"") + _extract(b"", suite, b"info_hash", info)
    prk = _extract(secret, suite, b"secret", b"")
    key, nonce = _expand(prk, suite, b"key", context, 32), _expand(prk, suite, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, b"")


def _extract(salt: bytes, suite: bytes, label: bytes, material: bytes) -> bytes:
    return mac(salt or bytes(32), b"HPKE-v1" + suite + label + material)


def _expand(prk: bytes, suite: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2) + b"HPKE-v1" + suite + label + info
    return HKDFExpand(algorithm=hashes.SHA256(), length=length, info=labelled).derive(prk)


def test_full_width_letters_of_an_input_method_are_the_letters_they_look_like() -> None:
    assert passphrase_key("ｌｕｙｕ　７", SALT, CHEAP) == passphrase_key("luyu 7", SALT, CHEAP)


def test_passphrase_salt_and_cost_all_change_the_key() -> None:
    keys = {
        passphrase_key("luyu", SALT, CHEAP),
        passphrase_key("Luyu", SALT, CHEAP),
        passphrase_key("luyu", b"\x01" * 16, CHEAP),
        passphrase_key("luyu", SALT, Argon2Cost(64, 2, 1)),
    }
    assert len(keys) == 4


@pytest.mark.parametrize(
    "cost", [(7, 1, 1), (31, 1, 4), (64, 0, 1), (64, 1, 0), (2**21, 1, 1), (64, 17, 1), (2**20, 1, 17)]
)
def test_costs_that_protect_nothing_or_stall_the_machine_are_refused(cost: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="cost"):
        passphrase_key("luyu", SALT, Argon2Cost(*cost))


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(ValueError, match="salt"):
        passphrase_key("luyu", bytes(15), CHEAP)


def test_the_floor_is_64_mib_3_passes_4_lanes() -> None:
    assert Argon2Cost(65_536, 3, 4) == Argon2Cost.FLOOR
    assert Argon2Cost.FLOOR.is_usable


def test_derive_is_hkdf_sha256_of_rfc_5869_case_1() -> None:
    okm = derive(b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), 42)
    assert okm.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"


def test_mac_is_hmac_sha256_of_rfc_4231_case_2() -> None:
    code = mac(b"Jefe", b"what do ya want for nothing?")
    assert code.hex() == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert is_mac(b"Jefe", b"what do ya want for nothing?", code)
    assert not is_mac(b"jefe", b"what do ya want for nothing?", code)
    assert not is_mac(b"Jefe", b"what do ya want for nothing?", code[:-1])


def test_encrypt_is_aes_256_gcm_of_the_gcm_specification_case_14() -> None:
    sealed = encrypt(bytes(32), bytes(12), bytes(16), b"")
    assert sealed.hex() == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"


@pytest.mark.parametrize("wrong", ["key", "nonce", "aad", "bytes", "length"])
def test_ciphertext_opens_only_as_it_was_made(wrong: str) -> None:
    sealed = encrypt(b"k" * 32, b"n" * 12, b"secret", b"aad")
    key, nonce, aad = b"k" * 32, b"n" * 12, b"aad"
    assert decrypt(key, nonce, sealed, aad) == b"secret"
    key = b"K" * 32 if wrong == "key" else key
    nonce = b"N" * 12 if wrong == "nonce" else nonce
    aad = b"Aad" if wrong == "aad" else aad
    sealed = bytes([sealed[0] ^ 1]) + sealed[1:] if wrong == "bytes" else sealed
    sealed = sealed[:5] if wrong == "length" else sealed
    with pytest.raises(SealError):
        decrypt(key, nonce, sealed, aad)


@pytest.mark.parametrize(("key", "nonce"), [(bytes(16), bytes(12)), (bytes(32), bytes(8))])
def test_smaller_ciphers_cannot_slip_in(key: bytes, nonce: bytes) -> None:
    with pytest.raises(ValueError, match="32-byte key"):
        encrypt(key, nonce, b"", b"")
    with pytest.raises(ValueError, match="32-byte key"):
        decrypt(key, nonce, bytes(32), b"")


def test_key_objects_do_not_show_their_secrets() -> None:
    signing, box = key_for("one"), BoxKey.generate(SeededRandom(1))
    shown = f"{signing!r} {signing} {box!r} {box}"
    assert signing.private_bytes().hex() not in shown
    assert box.private_bytes().hex() not in shown
