"""Small signed documents as pictures: the text a QR code carries, and nothing else taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.documents import sign_document
from inspector_app.domain.numbering import Block
from inspector_app.errors import StationError
from inspector_app.suites import SigningKey, Suite
from sync import courier
from sync.courier import MAX_TEXT, from_text, to_text
from tests.office import CountingRandom

KEY = SigningKey.generate(Suite.ED25519, CountingRandom("courier"))
BLOCK = Block("99-B0001-ab-9900000001", "99-B0001-ab", "99-B", "B", "9900000001", "9900000100", "ab" * 16, 11, 1, 1)
DOCUMENT = sign_document(BLOCK, KEY).encoded()


def test_a_block_fits_into_one_picture() -> None:
    text = to_text(DOCUMENT)
    assert len(text) <= 500
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert from_text(text) == from_text(f"\n{text} ") == DOCUMENT


def test_the_text_of_rfc_9285_s_own_example() -> None:
    assert courier._encode(b"base-45") == "UJCLQE7W581"
    assert courier._decode("QED8WEX0") == b"ietf!"


@given(st.binary(max_size=300))
def test_any_bytes_come_back(raw: bytes) -> None:
    assert courier._decode(courier._encode(raw)) == raw


@pytest.mark.parametrize(
    "text", ["", "IJ1:", "IJ1:A", "IJ1:::::", "IJ1:GGW", "ij1:00", "https://example", "IJ1:" + "0" * 1300]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(StationError, match=r"courier\.(not_a_document|damaged)"):
        from_text(text)


def test_a_misread_character_is_noticed_or_fails_its_signature_later() -> None:
    text = to_text(DOCUMENT)
    wrong = text[:20] + ("A" if text[20] != "A" else "B") + text[21:]
    try:
        read = from_text(wrong)
    except StationError:
        read = b""
    assert read != DOCUMENT


def test_only_documents_travel_this_way() -> None:
    with pytest.raises(StationError, match=r"courier\.not_a_document"):
        to_text(b"anything")


def test_a_document_too_large_for_a_picture_is_refused() -> None:
    from inspector_app.domain.authority import PolicySheet

    large = sign_document(PolicySheet("1", 1, "x" * MAX_TEXT), KEY).encoded()
    with pytest.raises(StationError, match=r"courier\.too_long"):
        to_text(large)
