"""Signed documents: who must have signed what, checked without a clock and without trust in the bytes."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.authority import Grant
from inspector_app.domain.canonical import encode
from inspector_app.domain.documents import (
    DocumentFault,
    DocumentType,
    Keyring,
    KeyStatement,
    Role,
    Signature,
    SignedDocument,
    add_signatures,
    check,
    document,
    from_payload,
    open_as,
    open_document,
    registered_types,
    sign_document,
    to_payload,
    unsigned,
)
from inspector_app.domain.keys import PublicKey
from inspector_app.domain.numbering import Block, Draw
from inspector_app.suites import Suite, verify
from tests.proof_samples import AUTHORITY, DAY_MS, NOW, ROOT, SERVER, key_for, keyring, root_document, statement

DRAW = Draw("D1", "js10", "B", "9900000001", "9900000500", 1, 7, NOW)
BLOCK = Block("B1", "D1", "js10", "B", "9900000001", "9900000050", "00" * 16, 7, 1, NOW)
GRANT = Grant(7, 1, "王𬀩", "Wang Wei", 1, ("vet",), ("B",), NOW, NOW + DAY_MS)
RING = keyring()


def opened(raw: bytes, at_ms: int = NOW) -> object:
    return open_document(raw, RING, verify, at_ms=at_ms)


def test_a_draw_signed_by_the_authority_opens_to_what_was_signed() -> None:
    signed = sign_document(DRAW, AUTHORITY)
    assert opened(signed.encoded()) == (signed, DRAW)


def test_a_block_is_signed_by_the_servers_p256_key() -> None:
    assert open_as(Block, sign_document(BLOCK, SERVER).encoded(), RING, verify, at_ms=NOW) == BLOCK


@pytest.mark.parametrize(
    ("signed", "fault"),
    [
        (unsigned(DRAW), DocumentFault.UNSIGNED),
        (sign_document(DRAW, SERVER), DocumentFault.UNKNOWN_KEY),
        (sign_document(BLOCK, AUTHORITY), DocumentFault.UNKNOWN_KEY),
        (sign_document(DRAW, ROOT), DocumentFault.UNKNOWN_KEY),
        (sign_document(DRAW, key_for("stranger")), DocumentFault.UNKNOWN_KEY),
    ],
)
def test_the_wrong_signer_makes_no_document(signed: SignedDocument, fault: DocumentFault) -> None:
    assert opened(signed.encoded()) is fault


def test_the_server_key_alone_creates_no_number() -> None:
    """Both signatures are checked: a draw in the server's hand is refused, and a block is nothing without a draw."""
    assert check(sign_document(DRAW, SERVER), RING, verify, at_ms=NOW) is DocumentFault.UNKNOWN_KEY


def test_a_signature_for_one_type_does_not_carry_another() -> None:
    grafted = msgspec.structs.replace(sign_document(DRAW, AUTHORITY), type=unsigned(GRANT).type)
    assert opened(grafted.encoded()) is DocumentFault.BAD_SIGNATURE


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_no_flipped_bit_is_accepted(at: int, bit: int) -> None:
    raw = bytearray(sign_document(DRAW, AUTHORITY).encoded())
    raw[at % len(raw)] ^= 1 << bit
    assert isinstance(opened(bytes(raw)), DocumentFault)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_without_a_crash(raw: bytes) -> None:
    assert isinstance(opened(raw), DocumentFault)


@given(st.binary(max_size=200), st.sampled_from([shape.tag for shape in registered_types()]))
def test_any_payload_is_refused_or_is_the_one_way_to_write_it(payload: bytes, tag: str) -> None:
    struct = from_payload(tag, payload)
    assert isinstance(struct, DocumentFault) or to_payload(struct) == payload


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ([2, "draw/1", b"", []], DocumentFault.UNKNOWN_TYPE),
        ([1, "draw/9", b"x", [[1, bytes(8), bytes(64)]]], DocumentFault.UNKNOWN_TYPE),
        ([1, "draw/1", b"x"], DocumentFault.MALFORMED),
        ([1, "draw/1", "x", []], DocumentFault.MALFORMED),
        ([1, "draw/1", b"x", [[1, bytes(7), bytes(64)]]], DocumentFault.MALFORMED),
        ([1, "draw/1", b"x", [[1, bytes(8), bytes(63)]]], DocumentFault.MALFORMED),
        ([1, "draw/1", b"x", [[1, bytes(8), bytes(64), 0]]], DocumentFault.MALFORMED),
        ([1, "draw/1", b"x", [[1, bytes(8), bytes(64)]] * 5], DocumentFault.MALFORMED),
        ({"v": 1}, DocumentFault.MALFORMED),
        ([1, "draw/1", bytes(70_000), [[1, bytes(8), bytes(64)]]], DocumentFault.TOO_LARGE),
        ([1, "draw/1", bytes(5_000_000), []], DocumentFault.TOO_LARGE),
    ],
)
def test_containers_of_another_shape_are_refused(content: object, fault: DocumentFault) -> None:
    assert opened(encode(content)) is fault


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        (encode(["D1"]), DocumentFault.WRONG_SHAPE),
        (encode({"draw": "D1"}), DocumentFault.WRONG_SHAPE),
        (encode([*msgspec.to_builtins(DRAW), "one more field"]), DocumentFault.NOT_CANONICAL),
        (encode(msgspec.to_builtins(DRAW)[:-1]), DocumentFault.NOT_CANONICAL),
        (encode([True if part == 1 else part for part in msgspec.to_builtins(DRAW)]), DocumentFault.WRONG_SHAPE),
        (b"\x9f" + to_payload(DRAW)[1:] + b"\xff", DocumentFault.MALFORMED),
        (b"", DocumentFault.MALFORMED),
    ],
)
def test_even_the_authority_cannot_sign_a_shape_this_version_does_not_have(
    payload: bytes, fault: DocumentFault
) -> None:
    signed = add_signatures(SignedDocument("draw/1", payload), AUTHORITY)
    assert opened(signed.encoded()) is fault


def test_signatures_are_checked_before_the_payload_is_parsed() -> None:
    signed = SignedDocument("draw/1", b"\xff", (Signature(1, AUTHORITY.public.key_id, bytes(64)),))
    assert opened(signed.encoded()) is DocumentFault.BAD_SIGNATURE


def test_a_signature_of_a_suite_not_known_yet_is_passed_over() -> None:
    signed = sign_document(DRAW, AUTHORITY)
    both = msgspec.structs.replace(signed, signatures=(Signature(2, bytes(8), bytes(64)), *signed.signatures))
    assert opened(both.encoded()) == (both, DRAW)


def test_a_good_signature_counts_although_a_bad_one_stands_beside_it() -> None:
    signed = sign_document(DRAW, AUTHORITY)
    spoiled = Signature(1, AUTHORITY.public.key_id, bytes(64))
    both = msgspec.structs.replace(signed, signatures=(spoiled, *signed.signatures))
    assert opened(both.encoded()) == (both, DRAW)
    assert opened(msgspec.structs.replace(signed, signatures=(spoiled,)).encoded()) is DocumentFault.BAD_SIGNATURE


@pytest.mark.parametrize("days", [-301, 301])
def test_a_document_first_received_outside_its_keys_window_is_refused(days: int) -> None:
    raw = sign_document(DRAW, AUTHORITY).encoded()
    assert opened(raw, NOW + days * DAY_MS) is DocumentFault.KEY_NOT_VALID_THEN


def test_the_ends_of_the_window_belong_to_it() -> None:
    raw = sign_document(DRAW, AUTHORITY).encoded()
    assert opened(raw, NOW - 300 * DAY_MS) == opened(raw, NOW + 300 * DAY_MS)


def test_a_document_of_another_type_is_not_taken_for_the_one_asked_for() -> None:
    raw = sign_document(DRAW, AUTHORITY).encoded()
    assert open_as(Block, raw, RING, verify, at_ms=NOW) is DocumentFault.WRONG_TYPE


def test_a_root_sheet_must_be_signed_by_the_key_it_states() -> None:
    forged = msgspec.structs.replace(root_document(), signatures=root_document(key=key_for("else")).signatures)
    assert Keyring.under(forged.encoded(), verify) is DocumentFault.UNKNOWN_KEY
    assert Keyring.under(sign_document(DRAW, ROOT).encoded(), verify) is DocumentFault.WRONG_TYPE
    assert Keyring.under(b"", verify) is DocumentFault.MALFORMED


@pytest.mark.parametrize(("province", "practice"), [("99", True), ("32", False)])
def test_province_99_and_only_it_is_practice(province: str, practice: bool) -> None:
    assert keyring(province).root.practice is practice


def test_a_key_stated_by_another_root_is_not_believed() -> None:
    foreign = statement(Role.AUTHORITY, key_for("theirs"), root=key_for("their root"))
    assert RING.including(foreign, verify) is DocumentFault.UNKNOWN_KEY


@pytest.mark.parametrize(
    "contradicting",
    [
        statement(Role.AUTHORITY, SERVER),
        statement(Role.SERVER, ROOT),
        statement(Role.ROOT, key_for("second root")),
        statement(Role.PERSON, key_for("person")),
    ],
)
def test_a_key_has_one_role_and_there_is_one_root(contradicting: bytes) -> None:
    assert RING.including(contradicting, verify) is DocumentFault.CONTRADICTS_KEYRING


def test_a_further_statement_only_narrows_in_whatever_order_they_arrive() -> None:
    key = key_for("compromised")
    early, late = statement(Role.AUTHORITY, key), statement(Role.AUTHORITY, key, days=(-300, -10))
    raw = sign_document(DRAW, key).encoded()
    for order in ((early, late), (late, early), (early, late, early)):
        ring: Keyring | DocumentFault = RING
        for one in order:
            assert isinstance(ring, Keyring)
            ring = ring.including(one, verify)
        assert isinstance(ring, Keyring)
        assert open_as(Draw, raw, ring, verify, at_ms=NOW - 11 * DAY_MS) == DRAW
        assert open_as(Draw, raw, ring, verify, at_ms=NOW) is DocumentFault.KEY_NOT_VALID_THEN


def test_taking_the_same_statement_in_twice_changes_nothing() -> None:
    assert RING.including(statement(Role.SERVER, SERVER), verify) == RING


@pytest.mark.parametrize(
    ("name", "roles", "limit"),
    [("draw", Role.AUTHORITY, 100), ("odd", Role.PERSON, 100), ("odd", (), 100), ("odd", Role.SERVER, 10**9)],
)
def test_types_that_contradict_the_registry_cannot_be_registered(
    name: str, roles: Role | tuple[Role, ...], limit: int
) -> None:
    class Odd(msgspec.Struct, frozen=True, array_like=True):
        """Nothing."""

    before = registered_types()
    with pytest.raises(ValueError, match="cannot be registered"):
        document(name, 1, signed_by=roles, max_bytes=limit)(Odd)
    assert registered_types() == before


def test_a_payload_above_its_limit_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="draw/1 payload"):
        to_payload(msgspec.structs.replace(DRAW, draw="D" * 70_000))


def test_two_roles_both_must_have_signed() -> None:
    shape = DocumentType("tried/1", KeyStatement, (Role.AUTHORITY, Role.SERVER), 1000)
    payload = to_payload(KeyStatement(2, 1, bytes(32), 0, 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(_types(), "tried/1", shape)
        one = add_signatures(SignedDocument("tried/1", payload), AUTHORITY)
        assert check(one, RING, verify, at_ms=NOW) is DocumentFault.UNKNOWN_KEY
        assert check(add_signatures(one, SERVER), RING, verify, at_ms=NOW) is None


def _types() -> dict[str, DocumentType]:
    from inspector_app.domain import documents

    return documents._TYPES


def test_the_rules_never_see_a_suite_they_cannot_name() -> None:
    assert not PublicKey(2, bytes(32)).is_well_formed
    assert PublicKey(Suite.P256, bytes(33)).is_well_formed
