"""The trust file: found again, never older than known, and sorted so that equal knowledge is equal bytes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.documents import DocumentFault, Role, sign_document, to_payload
from inspector_app.domain.trust import (
    NumberException,
    OtherProvince,
    Standing,
    Trust,
    TrustFault,
    TrustFile,
    TrustStation,
    is_newer,
    open_pack,
    open_trust,
    pack_trust,
)
from inspector_app.suites import verify
from tests.proof_samples import (
    AUTHORITY,
    DAY_MS,
    NOW,
    OTHER_VET_KEY,
    ROOT,
    SERVER,
    VET_KEY,
    block,
    exception,
    key_for,
    keyring,
    root_document,
    statement,
    trust_file,
    trust_key,
)

RING = keyring()
STATEMENTS = (statement(Role.AUTHORITY, AUTHORITY), statement(Role.SERVER, SERVER))


def opened(file: TrustFile, at_ms: int | None = NOW) -> object:
    return open_trust(sign_document(file, AUTHORITY).encoded(), RING, verify, at_ms=at_ms)


def pack(file: TrustFile | None = None, root: bytes | None = None) -> bytes:
    signed = sign_document(file or trust_file(), AUTHORITY).encoded()
    return pack_trust(root or root_document().encoded(), STATEMENTS, signed)


def test_a_trust_file_of_the_authority_opens_to_what_was_signed() -> None:
    assert opened(trust_file()) == trust_file()


@pytest.mark.parametrize("signer", [SERVER, ROOT, key_for("stranger")])
def test_a_trust_file_in_another_hand_is_refused(signer: Any) -> None:
    raw = sign_document(trust_file(), signer).encoded()
    assert open_trust(raw, RING, verify, at_ms=NOW) is DocumentFault.UNKNOWN_KEY


@given(at=st.integers(0, 100_000), bit=st.integers(0, 7))
def test_no_flipped_bit_of_a_pack_is_accepted(at: int, bit: int) -> None:
    raw = bytearray(pack())
    raw[at % len(raw)] ^= 1 << bit
    assert not isinstance(open_pack(bytes(raw), verify, root=ROOT.public, at_ms=NOW), Trust)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_without_a_crash(raw: bytes) -> None:
    assert isinstance(open_pack(raw, verify, root=None, at_ms=NOW), DocumentFault)


def test_a_kept_trust_file_outlives_its_authority_key_and_a_new_one_does_not() -> None:
    long_after = NOW + 400 * DAY_MS
    assert opened(trust_file(), at_ms=long_after) is DocumentFault.KEY_NOT_VALID_THEN
    assert opened(trust_file(), at_ms=None) == trust_file()


def test_a_kept_trust_file_dated_outside_its_keys_window_is_refused() -> None:
    assert opened(trust_file(issued_at=NOW + 301 * DAY_MS), at_ms=None) is DocumentFault.KEY_NOT_VALID_THEN


@pytest.mark.parametrize("changes", [{"province": "32"}, {"practice": False}, {"province": "32", "practice": False}])
def test_a_practice_root_cannot_vouch_for_anything_but_practice(changes: dict[str, Any]) -> None:
    assert opened(trust_file(**changes)) is TrustFault.WRONG_PROVINCE


DISORDERED: list[dict[str, Any]] = [
    {"keys": tuple(reversed(trust_file().keys))},
    {"keys": trust_file().keys[:1] * 2},
    {"keys": (msgspec.structs.replace(trust_key(VET_KEY), key_id=bytes(8)),)},
    {"keys": (msgspec.structs.replace(trust_key(VET_KEY), raw=OTHER_VET_KEY.public.raw),)},
    {"others": (OtherProvince("34", "", "", 1, b""), OtherProvince("33", "", "", 1, b""))},
    {"stations": (TrustStation(2, "", "", ""), TrustStation(1, "", "", ""))},
    {"blocks": (block(first="9900000051", last="9900000060", reported_through=""), block())},
    {"blocks": (block(), block(first="9900000050", last="9900000060", reported_through=""))},
    {"blocks": (block(), block(kind="A"))},
    {"blocks": (block(first="9900000060"),)},
    {"blocks": (block(first="990000001"),)},
    {"blocks": (block(last="99000000x0"),)},
    {"blocks": (block(last="９９00000050"),)},
    {"blocks": (block(first="1" * 5000, last="1" * 5000, reported_through=""),)},
    {"blocks": (block(reported_through="9900000051"),)},
    {"blocks": (block(reported_through="9899999999"),)},
    {"blocks": (block(device=bytes(15)),)},
    {"blocks": (block(exceptions=(exception(5, Standing.VOIDED), exception(4, Standing.VOIDED))),)},
    {"blocks": (block(exceptions=(exception(4, Standing.LOST, count=2), exception(5, Standing.VOIDED))),)},
    {"blocks": (block(exceptions=(exception(50, Standing.WITHDRAWN, count=2),)),)},
    {"blocks": (block(exceptions=(exception(5, Standing.VOIDED, count=0),)),)},
    {"blocks": (block(exceptions=(NumberException(-1, 1, 1, 1, 0),)),)},
    {"blocks": (block(exceptions=(exception(5, 7),)),)},
    {"blocks": (block(exceptions=(exception(5, Standing.VOIDED, current_print=0),)),)},
]


@pytest.mark.parametrize("changes", DISORDERED)
def test_a_file_in_which_look_ups_could_go_wrong_is_refused(changes: dict[str, Any]) -> None:
    assert opened(trust_file(**changes)) is TrustFault.DISORDERED


def test_numbers_of_two_widths_and_kinds_are_told_apart() -> None:
    wide = block(first="990000000001", last="990000000100", reported_through="")
    kind_a = block(kind="A", holder=8, reported_through="")
    file = opened(trust_file(blocks=(kind_a, block(), wide)))
    assert isinstance(file, TrustFile)
    assert file.block("B", "9900000050") == block()
    assert file.block("B", "990000000050") == wide
    assert file.block("A", "9900000050") == kind_a


@pytest.mark.parametrize(
    ("kind", "digits"),
    [("B", "9900000051"), ("B", "9900000000"), ("A", "9900000003"), ("C", "9900000003"), ("B", "99")],
)
def test_a_number_in_no_block_is_in_no_block(kind: str, digits: str) -> None:
    assert trust_file().block(kind, digits) is None


def test_exceptions_cover_their_span_and_nothing_beside_it() -> None:
    spoken = block(exceptions=(exception(3, Standing.VOIDED), exception(21, Standing.WITHDRAWN, count=30)))
    found = {n: spoken.exception(f"99{n:08d}") for n in (2, 3, 4, 20, 21, 50)}
    assert [n for n, one in found.items() if one] == [3, 21, 50]


def test_a_number_is_reported_up_to_and_including_the_last_heard_of() -> None:
    assert block().is_reported("9900000020")
    assert not block().is_reported("9900000021")
    assert not block(reported_through="").is_reported("9900000001")


def test_only_a_persons_key_is_found_and_only_under_its_suite() -> None:
    file = trust_file(keys=(trust_key(VET_KEY, role=Role.DEVICE),))
    assert file.key(1, VET_KEY.public.key_id) is None
    assert trust_file().key(3, VET_KEY.public.key_id) is None
    assert trust_file().key(1, bytes(8)) is None
    assert trust_file().key(1, b"\xff" * 8) is None
    found = trust_file().key(1, VET_KEY.public.key_id)
    assert found
    assert found.key == VET_KEY.public


def test_stations_and_other_provinces_are_found_by_number_and_prefix() -> None:
    file = trust_file()
    assert [bool(file.station(n)) for n in (0, 1, 2)] == [False, True, False]
    assert [bool(file.other_province(digits)) for digits in ("3300000001", "3200000001", "")] == [True, False, False]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"seq": 119}, None),
        ({"epoch": 2, "seq": 1}, None),
        ({}, None),
        ({"seq": 117}, TrustFault.OLDER_THAN_KNOWN),
        ({"epoch": 0, "seq": 999}, TrustFault.OLDER_THAN_KNOWN),
        ({"expires": NOW}, TrustFault.CONTRADICTS_KNOWN),
    ],
)
def test_knowledge_only_goes_forward(changes: dict[str, Any], fault: TrustFault | None) -> None:
    assert is_newer(trust_file(**changes), trust_file()) is fault


def test_the_first_trust_file_is_taken() -> None:
    assert is_newer(trust_file(seq=0), None) is None


def test_age_is_never_negative() -> None:
    assert trust_file().age_ms(NOW) == DAY_MS
    assert trust_file().age_ms(0) == 0


def test_a_pack_is_checked_from_the_root_down() -> None:
    trust = open_pack(pack(), verify, root=ROOT.public, at_ms=NOW)
    assert isinstance(trust, Trust)
    assert trust.file == trust_file()
    assert trust.keyring == RING


def test_a_pack_under_a_root_this_home_does_not_trust_is_refused() -> None:
    own = root_document(key=key_for("own root"))
    file = sign_document(trust_file(), AUTHORITY).encoded()
    forged = pack_trust(own.encoded(), [statement(Role.AUTHORITY, AUTHORITY, root=key_for("own root"))], file)
    assert open_pack(forged, verify, root=ROOT.public, at_ms=NOW) is TrustFault.WRONG_PROVINCE
    assert isinstance(open_pack(forged, verify, root=None, at_ms=NOW), Trust)


def test_a_pack_without_the_authoritys_statement_proves_nothing() -> None:
    raw = pack_trust(root_document().encoded(), [], sign_document(trust_file(), AUTHORITY).encoded())
    assert open_pack(raw, verify, root=ROOT.public, at_ms=NOW) is DocumentFault.UNKNOWN_KEY


def test_a_hundred_thousand_certificates_fit_into_a_trust_file() -> None:
    """One exception in ten, 200 vets: far below the limit, and the look-up stays a look-up."""
    said = tuple(exception(n, Standing.ARRIVED) for n in range(1, 500, 10))
    blocks = tuple(
        block(first=f"99{n * 500 + 1:08d}", last=f"99{(n + 1) * 500:08d}", reported_through="", exceptions=said)
        for n in range(200)
    )
    keys = sorted((trust_key(key_for(str(n)), n) for n in range(200)), key=lambda key: key.key_id)
    file = trust_file(blocks=blocks, keys=tuple(keys))
    assert len(to_payload(file)) < 300_000
    assert opened(file) == file
