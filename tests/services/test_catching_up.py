"""What is pulled is checked before it is stored; a block, a draw or a document that does not hold stops the pull."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from inspector_app.domain import documents
from inspector_app.domain.authority import Lease, PersonKey
from inspector_app.domain.canonical import encode
from inspector_app.domain.documents import (
    DocumentType,
    KeyStatement,
    Role,
    SignedDocument,
    add_signatures,
    sign_document,
    unsigned,
)
from inspector_app.domain.numbering import Block
from inspector_app.errors import StationError
from inspector_app.journal.feed import RELAYED, Pulled
from inspector_app.services.catching_up import doubtful_document, take_in
from inspector_app.services.device import Device
from inspector_app.store.journal_store import pulled_entry
from inspector_app.suites import SigningKey, Suite
from tests.office import EPOCH, FAR, NOON, VET, CountingRandom, HandClock, Office, parts
from tests.services.work import assert_sound, inspected, issued


def refused(device: Device, documents: list[Pulled], fault: str) -> None:
    """The pull names its first bad document, and nothing of it is there."""
    head, blocks = device.store.head(), device.rows.many("blocks")
    with pytest.raises(StationError) as caught:
        take_in(device, EPOCH, documents)
    assert caught.value.code.rpartition(".")[2] == fault
    assert caught.value.details["cursor"] == documents[-1].cursor
    assert (device.store.head(), device.rows.many("blocks")) == (head, blocks)


def changed(held: Block, /, **changes: object) -> Block:
    return msgspec.structs.replace(held, **changes)


# --- blocks ----------------------------------------------------------------------------------------------------------


def test_a_block_inside_its_draw_is_taken_in(office: Office, device: Device) -> None:
    office.publish(device, *office.numbers(device.id, "B", size=5))
    assert [row["size"] for row in device.rows.many("blocks", kind="B", order="ordinal")] == [10, 5]
    assert_sound(device)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"first": "9900000010"}, "block_outside_draw"),
        ({"last": "9900000099"}, "block_outside_draw"),
        ({"kind": "A"}, "block_outside_draw"),
        ({"scheme": "32-10"}, "block_outside_draw"),
        ({"holder": 99}, "block_outside_draw"),
        ({"draw": "draw-nobody-signed"}, "block_draw_unknown"),
        ({"device": "9" * 32}, "block_foreign_device"),
        ({"first": "9900000013", "last": "9900000012"}, "block_malformed"),
        ({"first": "99000x0011"}, "block_malformed"),
        ({"last": "990000001"}, "block_malformed"),
        ({"ordinal": 2}, "block_backward"),
        ({"block": "block-B-1"}, "block_repeated"),
    ],
)
def test_a_block_that_does_not_fit_is_refused_and_nothing_of_its_pull_is_there(
    office: Office, device: Device, changes: dict[str, object], fault: str
) -> None:
    draw, block = office.numbers(device.id, "B")
    refused(device, office.documents(draw, changed(block, **changes)), fault)


def test_the_same_block_again_and_one_that_overlaps_are_refused(office: Office, device: Device) -> None:
    draw, block = office.numbers(device.id, "B")
    office.publish(device, draw, block)
    refused(device, office.documents(changed(block, ordinal=9)), "block_repeated")
    refused(device, office.documents(changed(block, block="other", ordinal=9)), "block_overlap")
    refused(
        device,
        office.documents(changed(block, block="part", ordinal=9, first="9900000015", last="9900000016")),
        "block_overlap",
    )


def test_two_blocks_of_one_pull_are_held_against_each_other(office: Office, device: Device) -> None:
    draw, block = office.numbers(device.id, "B")
    twin = changed(block, block="twin", ordinal=block.ordinal + 1)
    refused(device, office.documents(draw, block, twin), "block_overlap")


def test_a_draw_signed_with_the_servers_key_alone_creates_no_number(office: Office, device: Device) -> None:
    draw, _block = office.numbers(device.id, "B")
    forged = sign_document(draw, office.server)
    document = Pulled(EPOCH, 90, forged.type, forged.encoded())
    refused(device, [document], "document_unknown_key")


def test_a_block_signed_with_the_authoritys_key_is_not_the_servers(office: Office, device: Device) -> None:
    draw, block = office.numbers(device.id, "B")
    signed = sign_document(block, office.authority)
    documents = [*office.documents(draw), Pulled(EPOCH, 91, signed.type, signed.encoded())]
    refused(device, documents, "document_unknown_key")


def test_a_draw_of_another_station_is_not_one_to_cut_our_blocks_from(office: Office, device: Device) -> None:
    draw, block = office.numbers(device.id, "B")
    refused(device, office.documents(changed_draw(draw, station=8), block), "block_outside_draw")


def changed_draw(draw: msgspec.Struct, **changes: object) -> msgspec.Struct:
    return msgspec.structs.replace(draw, **changes)


def test_a_sisters_block_is_taken_in_once_the_sister_is_known(office: Office, device: Device, sister: Device) -> None:
    office.publish(device, *office.numbers(sister.id, "B"))
    assert len(device.rows.many("blocks", device=sister.id)) == 1


def test_a_sister_may_be_introduced_in_the_same_pull(
    office: Office, device: Device, tmp_path: Path, clock: HandClock
) -> None:
    other = office.enrol(tmp_path / "other", parts(clock, seed="other"), blocks=0)
    office.publish(device, office.device_sheet(other), *office.numbers(other.id, "B"))
    assert len(device.rows.many("blocks", device=other.id)) == 1
    other.store.database.abandon()


# --- documents -------------------------------------------------------------------------------------------------------


def test_a_changed_byte_is_found(office: Office, device: Device) -> None:
    (document,) = office.documents(office.grant(VET, "vet", "head"))
    content = bytearray(document.content)
    content[len(content) // 2] ^= 1
    with pytest.raises(StationError, match="document"):
        take_in(device, EPOCH, [document._replace(content=bytes(content))])
    held = device.grant(VET)
    assert held is not None
    assert "head" not in held.posts


def test_a_stranger_signs_nothing(office: Office, device: Device) -> None:
    stranger = SigningKey.generate(Suite.ED25519, CountingRandom("stranger"))
    signed = sign_document(office.grant(VET, "vet", "head"), stranger)
    refused(device, [Pulled(EPOCH, 77, signed.type, signed.encoded())], "document_unknown_key")
    nobody = unsigned(office.grant(VET, "vet", "head"))
    refused(device, [Pulled(EPOCH, 78, nobody.type, nobody.encoded())], "document_unsigned")


def test_a_document_is_of_the_type_the_feed_says(office: Office, device: Device) -> None:
    (document,) = office.documents(Lease(device.id, NOON, NOON + 1, 0, b""))
    refused(device, [document._replace(kind="grant/1")], "document_wrong_type")


def test_garbage_is_no_document(device: Device) -> None:
    for content in (b"", b"\xff\xff", b"<html>502 Bad Gateway</html>"):
        with pytest.raises(StationError, match="document"):
            take_in(device, EPOCH, [Pulled(EPOCH, 50, "grant/1", content)])


def test_a_document_with_a_good_signature_and_a_wrong_shape_stops_the_pull(office: Office, device: Device) -> None:
    payload = encode(["not", "a", "lease"])
    bare = SignedDocument("lease/1", payload)
    signed = signed_by_server(office, bare)
    refused(device, [Pulled(EPOCH, 60, "lease/1", signed.encoded())], "document_wrong_shape")


def signed_by_server(office: Office, document: SignedDocument) -> SignedDocument:
    return add_signatures(document, office.server)


def test_a_type_this_program_does_not_know_is_stored_and_waits(office: Office, device: Device) -> None:
    signed = signed_by_server(office, SignedDocument("weather/1", encode(["rain"])))
    take_in(device, EPOCH, [Pulled(EPOCH, 61, "weather/1", signed.encoded())])
    assert device.store.documents_of("weather/1") == [signed.encoded()]
    assert_sound(device)


def test_a_key_whose_time_has_ended_signs_nothing_new(office: Office, device: Device, clock: HandClock) -> None:
    key = office.server.public
    office.publish_raw(device, KeyStatement(Role.SERVER, key.suite, key.raw, 0, clock.at), office.root)
    clock.forward(minutes=1)
    refused(device, office.documents(Lease(device.id, NOON, NOON + 1, 0, b"")), "document_key_not_valid_then")


def test_an_own_entry_or_none_at_all_is_not_relayed_back(office: Office, device: Device, sister: Device) -> None:
    with pytest.raises(StationError, match="document_malformed"):
        office.relay(device, device)
    with pytest.raises(StationError, match="document_malformed"):
        take_in(device, EPOCH, [Pulled(EPOCH, 70, RELAYED, b"\x85")])
    office.relay(sister, device)
    assert_sound(device)


def test_an_empty_pull_is_no_entry(device: Device) -> None:
    head = device.store.head()
    take_in(device, EPOCH, [])
    assert device.store.head() == head


def test_pulled_documents_take_effect_again_on_every_rebuild(office: Office, device: Device) -> None:
    office.publish(device, office.grant(VET, "vet", kinds=("B",)), *office.numbers(device.id, "B"))
    before = {name: device.rows.many(name) for name in ("grants", "blocks", "numbers", "leases", "policies")}
    device.store.rebuild()
    assert {name: device.rows.many(name) for name in before} == before


def test_a_certificate_issued_while_documents_arrive_costs_them_nothing(
    office: Office, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = inspected(device)
    real, faster = pulled_entry, [1]

    def meanwhile(epoch: str, documents: list[Pulled]) -> object:
        if faster:
            faster.clear()
            issued(device, batch)
        return real(epoch, documents)

    monkeypatch.setattr("inspector_app.services.catching_up.pulled_entry", meanwhile)
    office.publish(device, *office.numbers(device.id, "B"))
    assert len(device.rows.many("blocks", kind="B")) == 2
    assert_sound(device)


def test_what_arrives_is_told_to_the_witness(office: Office, device: Device) -> None:
    heard: list[object] = []
    device.after_commit.append(heard.append)
    office.publish(device, office.grant(VET, "vet", kinds=("A",)))
    assert heard == [device.store.head()]


def test_a_published_key_counts_from_the_pull_that_brought_it(office: Office, device: Device) -> None:
    key = SigningKey.generate(Suite.ED25519, CountingRandom("new"))
    row = {"key_id": key.public.key_id.hex()}
    assert device.rows.one("person_keys", **row) is None
    office.publish(device, PersonKey(VET, device.id, key.public.suite, key.public.raw, 0, FAR))
    assert (device.rows.one("person_keys", **row) or {})["published"] == 1


# --- documents of tomorrow --------------------------------------------------------------------------------------------


class Tomorrow(msgspec.Struct, frozen=True, array_like=True):
    """A type this program does not know yet."""

    amount: int


@pytest.mark.parametrize(("by_authority", "believed"), [(True, True), (False, False)])
def test_a_document_of_tomorrow_is_believed_after_the_update_only_if_the_right_key_signed_it(
    office: Office, device: Device, monkeypatch: pytest.MonkeyPatch, *, by_authority: bool, believed: bool
) -> None:
    unread = SignedDocument("tomorrow/1", encode([7]))
    signed = add_signatures(unread, office.authority if by_authority else office.server)
    take_in(device, EPOCH, [Pulled(EPOCH, 9_000, "tomorrow/1", signed.encoded())])
    assert doubtful_document(device) is None
    known = DocumentType("tomorrow/1", Tomorrow, (Role.AUTHORITY,), 1024)
    monkeypatch.setitem(documents._TYPES, "tomorrow/1", known)
    assert (doubtful_document(device) is None) is believed
