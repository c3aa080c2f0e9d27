"""IPP messages: what is sent, and that no answer, however wrong, does more than raise its own error."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.errors import StationError
from printing.ipp import (
    Attribute,
    IppConnection,
    MalformedAnswerError,
    Operation,
    Tag,
    boolean,
    collection,
    decode,
    encode,
    integer,
    keyword,
)
from tests.printers.ipp_stub import IppStub, group, message, printer


def test_a_request_is_laid_out_as_rfc_8010_says() -> None:
    raw = encode(Operation.GET_JOBS, 7, [keyword("which-jobs", "completed")], [])
    assert raw == b"\x02\x00\x00\x0a\x00\x00\x00\x07\x01\x44\x00\x0awhich-jobs\x00\x09completed\x03"


def test_what_is_encoded_is_decoded_again() -> None:
    job = [
        integer("copies", 1),
        boolean("last-document", True),
        keyword("requested-attributes", "job-id", "job-state"),
        collection("media-col", collection("media-size", integer("x-dimension", 21000)), keyword("media-source", "t")),
    ]
    answer = decode(encode(Operation.CREATE_JOB, 1, [Attribute(Tag.NAME, "job-name", ("王𬀩 打印",))], job))
    assert answer.first(Tag.OPERATION) == {"job-name": ["王𬀩 打印"]}
    assert answer.first(Tag.JOB) == {
        "copies": [1],
        "last-document": [True],
        "requested-attributes": ["job-id", "job-state"],
        "media-col": [{"media-size": [{"x-dimension": [21000]}], "media-source": ["t"]}],
    }


def test_of_an_attribute_given_twice_the_first_counts() -> None:
    twice = group(4, printer_state=3)[1:]
    answer = decode(message(0, group(4, printer_state=5), twice))
    assert answer.first(Tag.PRINTER) == {"printer-state": [5]}


def test_a_no_value_is_none_and_not_a_time() -> None:
    raw = message(0, b"\x02\x13\x00\x12time-at-processing\x00\x00")
    assert decode(raw).first(Tag.JOB) == {"time-at-processing": [None]}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x02\x00\x00\x00",
        message(0)[:-1],
        message(0, b"\x21\x00\x01a\x00\x04\x00\x00\x00\x01"),
        message(0, b"\x04\x21\xff\xffa"),
        message(0, b"\x04\x34\x00\x01c\x00\x00\x21\x00\x00\x00\x04\x00\x00\x00\x01"),
        message(0, b"\x04\x34\x00\x01c\x00\x00" + b"\x4a\x00\x00\x00\x01m\x34\x00\x00\x00\x00" * 12),
    ],
)
def test_a_broken_message_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedAnswerError):
        decode(raw)


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_refused(raw: bytes) -> None:
    try:
        decode(raw)
    except MalformedAnswerError:
        pass


@given(st.data())
def test_a_message_damaged_in_one_byte_is_read_or_refused(data: st.DataObject) -> None:
    raw = bytearray(printer(media_supported="iso_a4_210x297mm"))
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(raw))
    except MalformedAnswerError:
        pass


def ask(uri: str, timeout_s: float = 2.0) -> None:
    IppConnection(uri, timeout_s=timeout_s).ask(Operation.GET_PRINTER_ATTRIBUTES, [])


def test_nobody_at_the_address_means_that_nothing_arrived() -> None:
    with pytest.raises(StationError) as caught:
        ask("ipp://127.0.0.1:9/ipp/print")
    assert caught.value.code == "printer.unreachable"


def test_a_line_that_breaks_after_the_request_may_have_carried_it() -> None:
    with IppStub(lambda _: None) as stub, pytest.raises(StationError) as caught:
        ask(stub.uri)
    assert caught.value.code == "printer.no_answer"


@pytest.mark.parametrize("body", [b"<html>login</html>", b"", struct.pack(">HHI", 0x200, 0, 1)])
def test_an_answer_that_is_no_ipp_is_named_so(body: bytes) -> None:
    with IppStub(lambda _: body) as stub, pytest.raises(StationError) as caught:
        ask(stub.uri)
    assert caught.value.code == "printer.bad_answer"


@pytest.mark.parametrize("address", ["", "socket://192.0.2.1", "ipp:///path", "/dev/usb/lp0"])
def test_an_address_that_is_no_ipp_address_is_refused(address: str) -> None:
    with pytest.raises(StationError) as caught:
        IppConnection(address)
    assert caught.value.code == "printer.bad_address"
