"""Signed documents: what the province states and everybody checks (draw, block, grant, policy, key, trust file, …).

A document is ``[1, type, payload, [[suite, key id, signature], …]]`` in the CBOR of `domain.canonical`; the payload is
itself such CBOR of the struct registered for its type (`@document("draw", 1, signed_by=Role.AUTHORITY)` → type
``draw/1``). A signature covers ``inspector/<type>`` ‖ 0x00 ‖ payload. The bytes are the record: stored and relayed as
received, never re-encoded.

Checking needs no crypto library and no clock: `check` takes the keyring, a `Verify` and the moment the document was
first received. Signatures are checked before the payload is parsed. A released shape never changes; what a document
says next year gets a new version, and a program that does not know it answers `UNKNOWN_TYPE`.

Signatures by keys the keyring does not hold are passed over, so that a second suite (SM2) can be added to documents
before every device knows it; each role the type asks for must still have a good one.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol, TypeVar

import msgspec

from inspector_app.domain.canonical import CborError, decode, encode
from inspector_app.domain.keys import KEY_ID_BYTES, SIGNATURE_BYTES, PublicKey, Verify

CONTAINER_VERSION: Final = 1
MAX_PAYLOAD_BYTES: Final = 65_536
MAX_LARGE_PAYLOAD_BYTES: Final = 4 * 1024 * 1024
MAX_SIGNATURES: Final = 4
_CONTAINER_OVERHEAD: Final = 512
PRACTICE_PROVINCE: Final = "99"


class Role(enum.IntEnum):
    """What a key is for. Documents are signed by the first three; persons and devices sign entries and heads."""

    ROOT = 1
    AUTHORITY = 2
    SERVER = 3
    DEVICE = 4
    PERSON = 5


class DocumentFault(enum.StrEnum):
    """Why a document is not taken in; the order of definition is the order of precedence."""

    TOO_LARGE = "document_too_large"
    MALFORMED = "document_malformed"
    NOT_CANONICAL = "document_not_canonical"
    UNKNOWN_TYPE = "document_unknown_type"
    WRONG_TYPE = "document_wrong_type"
    UNSIGNED = "document_unsigned"
    UNKNOWN_KEY = "document_unknown_key"
    BAD_SIGNATURE = "document_bad_signature"
    KEY_NOT_VALID_THEN = "document_key_not_valid_then"
    WRONG_SHAPE = "document_wrong_shape"
    CONTRADICTS_KEYRING = "document_contradicts_keyring"


class Signature(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One signature: suite, the 8-byte name of the key, 64 bytes."""

    suite: int
    key_id: bytes
    value: bytes


class SignedDocument(msgspec.Struct, frozen=True):
    """A payload as it was signed. `type` is name and version (``draw/1``)."""

    type: str
    payload: bytes
    signatures: tuple[Signature, ...] = ()

    @property
    def context(self) -> str:
        """What the signatures are bound to, besides the payload."""
        return f"inspector/{self.type}"

    def encoded(self) -> bytes:
        """The document's bytes."""
        signatures = [[one.suite, one.key_id, one.value] for one in self.signatures]
        return encode([CONTAINER_VERSION, self.type, self.payload, signatures])


class DocumentType(msgspec.Struct, frozen=True):
    """A registered type: its struct, who must have signed it (each of them), how large its payload may be."""

    tag: str
    struct: type[msgspec.Struct]
    signed_by: tuple[Role, ...]
    max_bytes: int


_TYPES: Final[dict[str, DocumentType]] = {}
_TYPE_OF: Final[dict[type[msgspec.Struct], str]] = {}
S = TypeVar("S", bound=msgspec.Struct)


def document(
    name: str, version: int, *, signed_by: Role | tuple[Role, ...], max_bytes: int = MAX_PAYLOAD_BYTES
) -> Callable[[type[S]], type[S]]:
    """Register a frozen struct as the payload of ``name/version``, to be signed by each of these roles.

    ValueError for a name used twice, a role that signs no documents, or a limit above the container's.
    """
    roles = (signed_by,) if isinstance(signed_by, Role) else signed_by

    def register(cls: type[S]) -> type[S]:
        tag = f"{name}/{version}"
        if tag in _TYPES or not roles or max(roles) > Role.SERVER or max_bytes > MAX_LARGE_PAYLOAD_BYTES:
            raise ValueError(f"{tag} cannot be registered")
        _TYPES[tag] = DocumentType(tag, cls, roles, max_bytes)
        _TYPE_OF[cls] = tag
        return cls

    return register


def registered_types() -> tuple[DocumentType, ...]:
    """All types known to this program, by name."""
    return tuple(_TYPES[tag] for tag in sorted(_TYPES))


class DocumentSigner(Protocol):
    """Who can sign a document; `suites.SigningKey` is one, an HSM may be another."""

    @property
    def public(self) -> PublicKey:
        """The public half."""

    def sign(self, context: str, message: bytes, /) -> bytes:
        """64 bytes over context ‖ 0x00 ‖ message."""


def to_payload(struct: msgspec.Struct) -> bytes:
    """The payload of a registered struct. ValueError when a value is outside what `canonical` allows or too large."""
    shape = _TYPES[_TYPE_OF[type(struct)]]
    payload = encode(_builtins(struct))
    if len(payload) > shape.max_bytes:
        raise ValueError(f"{shape.tag} payload of {len(payload)} bytes")
    return payload


def from_payload(type_name: str, payload: bytes) -> msgspec.Struct | DocumentFault:
    """The struct a payload stands for: unknown shapes and any other way to write the same thing are refused."""
    shape = _TYPES.get(type_name)
    if shape is None:
        return DocumentFault.UNKNOWN_TYPE
    try:
        value = decode(payload, shape.max_bytes)
        struct: msgspec.Struct = msgspec.convert(value, shape.struct, builtin_types=(bytes,))
    except CborError as problem:
        return DocumentFault(f"document_{problem.fault}")
    except msgspec.ValidationError:
        return DocumentFault.WRONG_SHAPE
    return struct if encode(_builtins(struct)) == payload else DocumentFault.NOT_CANONICAL


def unsigned(struct: msgspec.Struct) -> SignedDocument:
    """The document of a registered struct, to which signatures can be added."""
    return SignedDocument(_TYPE_OF[type(struct)], to_payload(struct))


def sign_document(struct: msgspec.Struct, *signers: DocumentSigner) -> SignedDocument:
    """The document of a registered struct, signed by each of these."""
    return add_signatures(unsigned(struct), *signers)


def add_signatures(signed: SignedDocument, *signers: DocumentSigner) -> SignedDocument:
    """The same document with further signatures."""
    added = tuple(
        Signature(signer.public.suite, signer.public.key_id, signer.sign(signed.context, signed.payload))
        for signer in signers
    )
    return msgspec.structs.replace(signed, signatures=signed.signatures + added)


def decode_document(raw: bytes) -> SignedDocument | DocumentFault:
    """The document whose bytes these are; nothing is verified yet, and the payload is not looked into."""
    try:
        value = decode(raw, MAX_LARGE_PAYLOAD_BYTES + _CONTAINER_OVERHEAD)
        version, type_name, payload, signatures = msgspec.convert(
            value, tuple[int, str, bytes, tuple[Signature, ...]], builtin_types=(bytes,)
        )
    except CborError as problem:
        return DocumentFault(f"document_{problem.fault}")
    except msgspec.ValidationError:
        return DocumentFault.MALFORMED
    if version != CONTAINER_VERSION:
        return DocumentFault.UNKNOWN_TYPE
    if len(signatures) > MAX_SIGNATURES or not all(map(_is_sized, signatures)):
        return DocumentFault.MALFORMED
    return SignedDocument(type_name, payload, signatures)


@document("root", 1, signed_by=Role.ROOT)
class RootSheet(msgspec.Struct, frozen=True, array_like=True):
    """A province's root key, stated by itself: the one thing a home takes on trust, at enrolment.

    `province` is the two digits its numbers begin with; 99 is practice (练习) and only practice.
    """

    suite: int
    raw: bytes
    province: str
    name: str
    name_en: str

    @property
    def key(self) -> PublicKey:
        """The root key."""
        return PublicKey(self.suite, self.raw)

    @property
    def practice(self) -> bool:
        """Whether everything under this root is practice."""
        return self.province == PRACTICE_PROVINCE


@document("key", 1, signed_by=Role.ROOT)
class KeyStatement(msgspec.Struct, frozen=True, array_like=True):
    """The root's word that a key may act as authority or server from–until (UTC ms, both included).

    A further statement about the same key can only narrow its window: a key is valid when *every* statement about it
    says so. So statements mean the same in whatever order they arrive, and a compromised key is cut short by one more.
    """

    role: int
    suite: int
    raw: bytes
    valid_from: int
    valid_until: int

    @property
    def key(self) -> PublicKey:
        """The key spoken of."""
        return PublicKey(self.suite, self.raw)


@document("ca", 1, signed_by=Role.ROOT)
class CaSheet(msgspec.Struct, frozen=True, array_like=True):
    """The root's word whose certificates the province's server shows (PEM); a later ``ordinal`` supersedes.

    Several certificates in one sheet let the server change from one to the next.
    """

    ordinal: int
    pem: bytes


class Keyring(msgspec.Struct, frozen=True):
    """Whom this home believes: exactly one root, and the keys that root has stated."""

    root: RootSheet
    statements: tuple[KeyStatement, ...] = ()

    @classmethod
    def under(cls, raw_root: bytes, verify: Verify) -> Keyring | DocumentFault:
        """The keyring of a root sheet's bytes; the sheet must be signed by the very key it states."""
        sheet = _parsed(raw_root, RootSheet)
        if isinstance(sheet, DocumentFault):
            return sheet
        signed, root = sheet
        keyring = cls(root)
        return check(signed, keyring, verify, at_ms=0) or keyring

    def including(self, raw_statement: bytes, verify: Verify) -> Keyring | DocumentFault:
        """This keyring and one more key statement; taking the same one in twice changes nothing."""
        opened = open_as(KeyStatement, raw_statement, self, verify, at_ms=0)
        if isinstance(opened, DocumentFault):
            return opened
        if self._contradicts(opened):
            return DocumentFault.CONTRADICTS_KEYRING
        if opened in self.statements:
            return self
        return msgspec.structs.replace(self, statements=(*self.statements, opened))

    def _contradicts(self, new: KeyStatement) -> bool:
        """A key has one role: were the server's also the authority's, the server alone could create numbers."""
        elsewhere = any(known.key == new.key and known.role != new.role for known in self.statements)
        return elsewhere or new.key == self.root.key or new.role not in (Role.AUTHORITY, Role.SERVER)

    def find(self, role: Role, suite: int, key_id: bytes) -> PublicKey | None:
        """The key of that role with that short name, whenever it was valid."""
        known: Iterable[PublicKey] = (one.key for one in self.statements if one.role == role)
        candidates = (self.root.key,) if role is Role.ROOT else known
        return next((key for key in candidates if key.suite == suite and key.key_id == key_id), None)

    def was_valid(self, key: PublicKey, at_ms: int) -> bool:
        """Whether a key found here was valid at the moment; the root always is."""
        said = [one for one in self.statements if one.key == key]
        return all(one.valid_from <= at_ms <= one.valid_until for one in said)


def check(signed: SignedDocument, keyring: Keyring, verify: Verify, *, at_ms: int) -> DocumentFault | None:
    """Whether every role the type asks for has signed, with a key valid at `at_ms`; None when so.

    `at_ms` (UTC ms) is when the document was first received: an authority key that ended last year still vouches for
    what it signed, and was received, before. The payload's shape is not looked at; `open_document` does both.
    """
    shape = _TYPES.get(signed.type)
    if shape is None:
        return DocumentFault.UNKNOWN_TYPE
    if len(signed.payload) > shape.max_bytes:
        return DocumentFault.TOO_LARGE
    if not signed.signatures:
        return DocumentFault.UNSIGNED
    faults = [_check_role(role, signed, keyring, verify, at_ms) for role in shape.signed_by]
    return next((fault for fault in faults if fault), None)


def open_document(
    raw: bytes, keyring: Keyring, verify: Verify, *, at_ms: int
) -> tuple[SignedDocument, msgspec.Struct] | DocumentFault:
    """Decode, check, then parse: the document and its struct, or the first fault."""
    signed = decode_document(raw)
    if isinstance(signed, DocumentFault):
        return signed
    fault = check(signed, keyring, verify, at_ms=at_ms)
    if fault:
        return fault
    struct = from_payload(signed.type, signed.payload)
    return struct if isinstance(struct, DocumentFault) else (signed, struct)


def open_as(cls: type[S], raw: bytes, keyring: Keyring, verify: Verify, *, at_ms: int) -> S | DocumentFault:
    """The struct of a checked document that must be of one type."""
    opened = open_document(raw, keyring, verify, at_ms=at_ms)
    if isinstance(opened, DocumentFault):
        return opened
    return opened[1] if isinstance(opened[1], cls) else DocumentFault.WRONG_TYPE


def _parsed(raw: bytes, cls: type[S]) -> tuple[SignedDocument, S] | DocumentFault:
    signed = decode_document(raw)
    if isinstance(signed, DocumentFault):
        return signed
    if signed.type != _TYPE_OF[cls]:
        return DocumentFault.WRONG_TYPE
    struct = from_payload(signed.type, signed.payload)
    if isinstance(struct, DocumentFault):
        return struct
    return (signed, struct) if isinstance(struct, cls) else DocumentFault.WRONG_TYPE


def _check_role(
    role: Role, signed: SignedDocument, keyring: Keyring, verify: Verify, at_ms: int
) -> DocumentFault | None:
    found = [(one, keyring.find(role, one.suite, one.key_id)) for one in signed.signatures]
    fault: DocumentFault | None = DocumentFault.UNKNOWN_KEY
    for one, key in found:
        if key is None:
            continue
        if not verify(key, signed.context, signed.payload, one.value):
            fault = DocumentFault.BAD_SIGNATURE
        elif not keyring.was_valid(key, at_ms):
            fault = DocumentFault.KEY_NOT_VALID_THEN
        else:
            return None
    return fault


def _is_sized(signature: Signature) -> bool:
    return len(signature.key_id) == KEY_ID_BYTES and len(signature.value) == SIGNATURE_BYTES


def _builtins(struct: msgspec.Struct) -> Any:
    return msgspec.to_builtins(struct, builtin_types=(bytes,))
