"""IPP messages (RFC 8010, RFC 8011): encoding, decoding, and one request over HTTP. No queue, no driver.

Only what printing numbered forms needs. An answer is hostile input: lengths are checked, nothing is trusted to be
there, and every fault of the line is a StationError that says whether the request can have arrived.
"""

from __future__ import annotations

import enum
import http.client
import struct
from typing import TypeAlias
from urllib.parse import urlsplit

import msgspec

from inspector_app.errors import StationError

IPP_PORT = 631
MAX_ANSWER = 4_000_000
MAX_VALUES = 20_000
MAX_DEPTH = 8


class Operation(enum.IntEnum):
    """RFC 8011, 5.4.15."""

    PRINT_JOB = 0x0002
    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B


class Tag(enum.IntEnum):
    """Delimiter and value tags (RFC 8010, 3.5)."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    NO_VALUE = 0x13
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    BEGIN_COLLECTION = 0x34
    END_COLLECTION = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME = 0x49
    MEMBER_NAME = 0x4A


LAST_DELIMITER = 0x0F
_INTEGERS = (Tag.INTEGER, Tag.ENUM)
_STRINGS = range(0x41, 0x4B)
STATUS_LAST_OK = 0x00FF
STATUS_NOT_FOUND = 0x0406
STATUS_BUSY = 0x0507

Plain: TypeAlias = "int | bool | str | bytes | dict[str, list[Plain]] | None"
Attributes: TypeAlias = dict[str, list[Plain]]


class Attribute(msgspec.Struct, frozen=True):
    """One attribute to send; a collection's members are attributes themselves."""

    tag: Tag
    name: str
    values: tuple[int | bool | str | tuple[Attribute, ...], ...]


class Answer(msgspec.Struct, frozen=True):
    """A decoded answer: status code and, per group in order, its delimiter tag and attributes."""

    status: int
    groups: tuple[tuple[int, Attributes], ...]

    @property
    def ok(self) -> bool:
        """Whether the request was done (RFC 8011, appendix B.1.2)."""
        return self.status <= STATUS_LAST_OK

    def all(self, tag: Tag) -> list[Attributes]:
        """Attributes of every group of one kind."""
        return [attributes for delimiter, attributes in self.groups if delimiter == tag]

    def first(self, tag: Tag) -> Attributes:
        """Attributes of the first group of one kind; empty when there is none."""
        return next(iter(self.all(tag)), {})


class MalformedAnswerError(ValueError):
    """The answer is no IPP message."""


def keyword(name: str, *values: str) -> Attribute:
    """A keyword attribute."""
    return Attribute(Tag.KEYWORD, name, values)


def integer(name: str, value: int) -> Attribute:
    """An integer attribute."""
    return Attribute(Tag.INTEGER, name, (value,))


def boolean(name: str, value: bool) -> Attribute:
    """A boolean attribute."""
    return Attribute(Tag.BOOLEAN, name, (value,))


def collection(name: str, *members: Attribute) -> Attribute:
    """A collection attribute (RFC 8010, 3.1.6)."""
    return Attribute(Tag.BEGIN_COLLECTION, name, (members,))


def encode(operation: Operation, request_id: int, own: list[Attribute], job: list[Attribute]) -> bytes:
    """A request without its document; `own` are operation attributes after charset, language and printer."""
    out = struct.pack(">BBHI", 2, 0, operation, request_id) + bytes([Tag.OPERATION])
    out += b"".join(_encoded(attribute) for attribute in own)
    if job:
        out += bytes([Tag.JOB]) + b"".join(_encoded(attribute) for attribute in job)
    return out + bytes([Tag.END])


def _encoded(attribute: Attribute) -> bytes:
    name, out = attribute.name, b""
    for value in attribute.values:
        out += _value(attribute.tag, name, value)
        name = ""  # further values of the same attribute carry no name
    return out


def _value(tag: Tag, name: str, value: int | bool | str | tuple[Attribute, ...]) -> bytes:
    if isinstance(value, tuple):
        members = b"".join(_member(member) for member in value)
        return _raw(Tag.BEGIN_COLLECTION, name, b"") + members + _raw(Tag.END_COLLECTION, "", b"")
    if isinstance(value, bool):
        return _raw(tag, name, b"\x01" if value else b"\x00")
    if isinstance(value, int):
        return _raw(tag, name, struct.pack(">i", value))
    return _raw(tag, name, value.encode())


def _member(member: Attribute) -> bytes:
    return _raw(Tag.MEMBER_NAME, "", member.name.encode()) + b"".join(
        _value(member.tag, "", value) for value in member.values
    )


def _raw(tag: Tag, name: str, value: bytes) -> bytes:
    key = name.encode()
    return bytes([tag]) + struct.pack(">H", len(key)) + key + struct.pack(">H", len(value)) + value


def decode(raw: bytes) -> Answer:
    """Read an answer. Raises MalformedAnswerError."""
    return _Reader(raw).answer()


class _Reader:
    """One message being read."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.at, self.values = raw, 0, 0
        self.current: list[Plain] = []

    def answer(self) -> Answer:
        _, status, _ = struct.unpack(">HHI", self._take(8))
        groups: list[tuple[int, Attributes]] = []
        while (tag := self._take(1)[0]) != Tag.END:
            if tag <= LAST_DELIMITER:
                groups.append((tag, {}))
            elif not groups:
                raise MalformedAnswerError("a value before any group")
            else:
                self._attribute(tag, groups[-1][1])
        return Answer(status, tuple(groups))

    def _take(self, count: int) -> bytes:
        piece = self.raw[self.at : self.at + count]
        if len(piece) != count:
            raise MalformedAnswerError("the message ends in the middle")
        self.at += count
        return piece

    def _field(self) -> bytes:
        return self._take(struct.unpack(">H", self._take(2))[0])

    def _attribute(self, tag: int, attributes: Attributes) -> None:
        name = self._field().decode("utf-8", "replace")
        value = self._typed(tag, self._field(), 0)
        if not name:
            self.current.append(value)
            return
        self.current = [value]
        attributes.setdefault(name, self.current)  # of an attribute given twice the first counts, as in CUPS

    def _typed(self, tag: int, value: bytes, depth: int) -> Plain:
        self.values += 1
        if self.values > MAX_VALUES or depth > MAX_DEPTH:
            raise MalformedAnswerError("too many values")
        if tag == Tag.BEGIN_COLLECTION:
            return self._members(depth)
        if tag in _INTEGERS and len(value) == 4:
            number: int = struct.unpack(">i", value)[0]
            return number
        if tag == Tag.BOOLEAN and len(value) == 1:
            return value != b"\x00"
        if 0x10 <= tag <= 0x1F:
            return None
        return value.decode("utf-8", "replace") if tag in _STRINGS else value

    def _members(self, depth: int) -> dict[str, list[Plain]]:
        members: dict[str, list[Plain]] = {}
        name = ""
        while True:
            tag, key, value = self._take(1)[0], self._field(), self._field()
            if tag == Tag.END_COLLECTION:
                return members
            if key:
                raise MalformedAnswerError("a named value inside a collection")
            if tag == Tag.MEMBER_NAME:
                name = value.decode("utf-8", "replace")
                members[name] = []
            elif name:
                members[name].append(self._typed(tag, value, depth + 1))
            else:
                raise MalformedAnswerError("a member without a name")


class IppConnection:
    """Requests to one printer or queue, each over its own connection, each with a time limit per network step."""

    def __init__(self, uri: str, *, user: str = "inspector", timeout_s: float = 10.0) -> None:
        parts = urlsplit(uri)
        if parts.scheme not in ("ipp", "http") or not parts.hostname:
            raise StationError("printer.bad_address", address=uri)
        self.uri, self._host, self._port = uri, parts.hostname, parts.port or IPP_PORT
        self._path, self._user, self._timeout_s = parts.path or "/", user, timeout_s
        self._request_id = 0

    def ask(
        self, operation: Operation, own: list[Attribute], job: list[Attribute] | None = None, document: bytes = b""
    ) -> Answer:
        """Send one request and read its answer.

        Raises StationError ``printer.unreachable`` when nothing can have arrived, ``printer.no_answer`` when the
        request may have arrived, ``printer.bad_answer`` when what came back is no IPP.
        """
        self._request_id += 1
        head = encode(operation, self._request_id, [*self._preamble(), *own], job or [])
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_s)
        try:
            self._connect(connection)
            return self._exchange(connection, head + document)
        finally:
            connection.close()

    def _preamble(self) -> list[Attribute]:
        return [
            Attribute(Tag.CHARSET, "attributes-charset", ("utf-8",)),
            Attribute(Tag.LANGUAGE, "attributes-natural-language", ("zh-cn",)),
            Attribute(Tag.URI, "printer-uri", (self.uri,)),
            Attribute(Tag.NAME, "requesting-user-name", (self._user,)),
        ]

    def _connect(self, connection: http.client.HTTPConnection) -> None:
        try:
            connection.connect()
        except OSError as error:
            raise StationError("printer.unreachable", address=self.uri, reason=str(error)) from error

    def _exchange(self, connection: http.client.HTTPConnection, body: bytes) -> Answer:
        try:
            connection.request("POST", self._path, body, {"Content-Type": "application/ipp"})
            reply = connection.getresponse()
            raw = reply.read(MAX_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise StationError("printer.no_answer", address=self.uri, reason=str(error) or "timeout") from error
        if reply.status != http.client.OK:
            raise StationError("printer.bad_answer", address=self.uri, status=reply.status)
        try:
            return decode(raw)
        except MalformedAnswerError as error:
            raise StationError("printer.bad_answer", address=self.uri, reason=str(error)) from error
