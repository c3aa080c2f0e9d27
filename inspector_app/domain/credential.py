"""The credential on the paper: what the QR of a certificate carries, and the one judgement of it.

Payload = suite byte ‖ key id (8) ‖ CBOR array of 19 small values ‖ the vet's signature (64). The signature covers
``inspector/credential/1`` ‖ 0x00 ‖ all before it. The QR text is ``https://<host>/q/`` and the decimal digits of
0x01 ‖ payload: digits fill a QR in numeric mode, pass any keyboard-wedge scanner, and the leading 0x01 keeps the
length. No names, telephones or identity numbers are in it; block and device follow from the number (DESIGN 6).

`judge` needs no network, no sign-in and no crypto library. The order of `Verdict` is its order of precedence: the
first that applies is the verdict, and what else applies stands in `also`. The signature is checked before the body is
looked into, so a code of which any digit was changed is *altered*, whatever the change did to the body; only when the
change hits the few leading digits is the key itself no longer known, or the frame gone.
"""

from __future__ import annotations

import base64
import enum
import hashlib
import re
import unicodedata
from typing import Annotated, Final

import msgspec

from inspector_app.domain.canonical import CborError, decode, encode
from inspector_app.domain.documents import PRACTICE_PROVINCE
from inspector_app.domain.keys import KEY_ID_BYTES, RESERVED_SUITES, SIGNATURE_BYTES, PublicKey, Suite, Verify
from inspector_app.domain.trust import (
    MS_PER_MINUTE,
    NumberException,
    Standing,
    TrustBlock,
    TrustFile,
    TrustKey,
    TrustStation,
)

CONTEXT: Final = "inspector/credential/1"
KINDS: Final = ("A", "B")
PREV_BYTES: Final = 8
RECORD_BYTES: Final = 16
CHECK_CODE_LENGTH: Final = 6
_HEADER_BYTES: Final = 1 + KEY_ID_BYTES
_MAX_BODY_BYTES: Final = 256
_MAX_PAYLOAD_BYTES: Final = _HEADER_BYTES + _MAX_BODY_BYTES + SIGNATURE_BYTES
_MAX_TEXT_CHARS: Final = 2048
_MIN_PAYLOAD_DIGITS: Final = 178  # the shortest payload there can be; a shop's article number is no damaged code
_MAX_PAYLOAD_DIGITS: Final = 800
_LEAD: Final = 1
_SEGMENT_ENDS: Final = re.compile(r"[/\\、]")
_HOST: Final = re.compile(r"[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?")
_TYPED_NUMBER: Final = re.compile(r"[A-Z]? *[0-9]{4,20}")

_Small = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
_Area = Annotated[int, msgspec.Meta(ge=0, le=999_999)]
_Large = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class Credential(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a certificate says to a machine; positions are fixed for this version.

    `kind` 1 is A, 2 is B. `prev` and `record` begin the hash of the entry before the issue and of the whole record.
    `issue_minute` is UTC epoch minutes, `valid_minutes` counts from it. Quantity is value × 10^-scale in `unit`.
    Codes are the catalogue's, areas GB/T 2260. `time_confidence`: 0 anchored within 24 h, 1 within 7 d, 2 none.
    `offline`: signed without a connection.
    """

    digits: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4,20}\Z")]
    kind: Annotated[int, msgspec.Meta(ge=1, le=2)]
    device_seq: _Large
    prev: Annotated[bytes, msgspec.Meta(min_length=PREV_BYTES, max_length=PREV_BYTES)]
    issue_minute: _Large
    valid_minutes: Annotated[int, msgspec.Meta(ge=1, le=43_200)]
    species: _Small
    quantity_value: Annotated[int, msgspec.Meta(ge=1, le=2**53)]
    quantity_scale: Annotated[int, msgspec.Meta(ge=0, le=6)]
    unit: _Small
    origin: _Area
    destination: _Area
    purpose: _Small
    plate: Annotated[str, msgspec.Meta(pattern=r"^[\w·. -]{0,16}\Z")]
    vet: _Large
    print_no: Annotated[int, msgspec.Meta(ge=1, le=99)]
    record: Annotated[bytes, msgspec.Meta(min_length=RECORD_BYTES, max_length=RECORD_BYTES)]
    time_confidence: Annotated[int, msgspec.Meta(ge=0, le=2)]
    offline: bool

    @property
    def kind_letter(self) -> str:
        """``A`` or ``B``."""
        return KINDS[self.kind - 1]

    @property
    def number(self) -> str:
        """The number as it is written: ``B 9900000003``."""
        return f"{self.kind_letter} {self.digits}"

    @property
    def issued_from_ms(self) -> int:
        """The first UTC millisecond of the minute of issue."""
        return self.issue_minute * MS_PER_MINUTE

    @property
    def issued_until_ms(self) -> int:
        """The last UTC millisecond of the minute of issue."""
        return self.issued_from_ms + MS_PER_MINUTE - 1

    @property
    def expires_ms(self) -> int:
        """The last UTC millisecond covered. The seconds of issue are not in the payload, so the minute is whole."""
        return self.issued_until_ms + self.valid_minutes * MS_PER_MINUTE


def signing_input(key: PublicKey, credential: Credential) -> bytes:
    """What the vet signs (under `CONTEXT`): suite byte ‖ key id ‖ body. ValueError for a value out of its range."""
    values = msgspec.to_builtins(credential, builtin_types=(bytes,))
    msgspec.convert(values, Credential, builtin_types=(bytes,))
    return bytes([key.suite]) + key.key_id + encode(values)


def assemble(signed: bytes, signature: bytes) -> bytes:
    """The payload of a `signing_input` and its signature."""
    if len(signature) != SIGNATURE_BYTES:
        raise ValueError("a signature has 64 bytes")
    return signed + signature


def qr_text(host: str, payload: bytes) -> str:
    """What the QR shows. `host` is lower case, with a port if need be; ValueError otherwise."""
    if not _HOST.fullmatch(host):
        raise ValueError("a host is lower case, without scheme or path")
    return f"https://{host}/q/{int.from_bytes(bytes([_LEAD]) + payload)}"


def check_code(payload: bytes) -> str:
    """Six characters (base32 of the first 30 bits of SHA-256) that prove who looks a number up has the paper."""
    return base64.b32encode(hashlib.sha256(payload).digest()[:5]).decode()[:CHECK_CODE_LENGTH]


class CodeFault(enum.StrEnum):
    """Why a text holds no payload; the order of definition is the order of precedence."""

    EMPTY = "code_empty"
    TOO_LONG = "code_too_long"
    NUMBER_ONLY = "code_number_only"
    NOT_OURS = "code_not_ours"
    DAMAGED = "code_damaged"


class ScannedCode(msgspec.Struct, frozen=True):
    """A payload and the host the code named; "" when only digits were scanned."""

    payload: bytes
    host: str


def read_code(text: str) -> ScannedCode | CodeFault:
    """The payload in what a camera, a wedge scanner or a person delivered.

    Full-width characters, the 、 and 。 a Chinese input method makes of / and ., blanks and line ends are tolerated:
    after NFKC the last path segment counts, less any query.
    """
    if len(text) > _MAX_TEXT_CHARS:
        return CodeFault.TOO_LONG
    plain = unicodedata.normalize("NFKC", text).replace("。", ".").strip()
    if not plain:
        return CodeFault.EMPTY
    if _TYPED_NUMBER.fullmatch(plain.upper()):
        return CodeFault.NUMBER_ONLY
    segments = [part for part in _SEGMENT_ENDS.split(re.sub(r"\s+", "", plain)) if part]
    digits = re.split(r"[?#]", segments[-1])[0] if segments else ""
    payload = _payload_of(digits)
    return payload if isinstance(payload, CodeFault) else ScannedCode(payload, _host_of(segments))


def _payload_of(digits: str) -> bytes | CodeFault:
    if not (digits.isascii() and digits.isdigit() and len(digits) >= _MIN_PAYLOAD_DIGITS):
        return CodeFault.NOT_OURS
    if len(digits) > _MAX_PAYLOAD_DIGITS:
        return CodeFault.TOO_LONG
    value = int(digits)
    raw = value.to_bytes((value.bit_length() + 7) // 8)
    long_enough = _HEADER_BYTES + SIGNATURE_BYTES < len(raw) - 1 <= _MAX_PAYLOAD_BYTES
    return raw[1:] if digits[0] != "0" and raw[0] == _LEAD and long_enough else CodeFault.DAMAGED


def _host_of(segments: list[str]) -> str:
    named = [part.lower() for part in segments[:-1] if not part.lower().startswith(("http:", "https:"))]
    return named[0] if named and len(segments) > 1 else ""


def body_of(payload: bytes) -> Credential | None:
    """What the payload says, unverified; None when it cannot be read."""
    try:
        values = decode(payload[_HEADER_BYTES:-SIGNATURE_BYTES], _MAX_BODY_BYTES)
        read = msgspec.convert(values, Credential, builtin_types=(bytes,))
    except (CborError, msgspec.ValidationError):
        return None
    return read


class Verdict(enum.StrEnum):
    """What a code is worth. The order of definition is the order of precedence: the first that applies is said.

    ============================  ==============================================================================
    ``unreadable``                no code of ours, or damaged beyond the frame
    ``newer_version``             signed in a way, or saying things, this program does not know yet
    ``specimen``                  says of itself that it is practice (province 99); never a certificate
    ``unknown_province``          number of a province the trust file does not list
    ``other_province``            number of another province: to be checked there
    ``unknown_key``               the signing key is nobody's here: forged, or the trust file is too old
    ``altered``                   the key is known, the signature does not fit: something was changed
    ``key_not_valid_then``        the signer's key was not yet, no longer, or not safely his at the minute of issue
    ``number_outside_block``      the number is not in a block of this signer on this device
    ``contradicts_record``        the province has another certificate on record under this number and print
    ``voided``                    作废
    ``replaced``                  another certificate took its place
    ``withdrawn``                 the number was taken back unused: nothing may bear it
    ``lost``                      the paper or its block was reported lost
    ``print_superseded``          a later print counts: this paper is not the one
    ``disputed``                  the province doubts it: an open case, a second paper of this number, or a number that
                                  was passed over when its neighbours were reported
    ``arrived``                   the shipment has already been reported as arrived
    ``expired``                   past its validity
    ``not_yet_reported``          signature good; the province has not yet heard of it (issued offline)
    ``genuine``                   all of it holds
    ============================  ==============================================================================
    """

    UNREADABLE = "unreadable"
    NEWER_VERSION = "newer_version"
    SPECIMEN = "specimen"
    UNKNOWN_PROVINCE = "unknown_province"
    OTHER_PROVINCE = "other_province"
    UNKNOWN_KEY = "unknown_key"
    ALTERED = "altered"
    KEY_NOT_VALID_THEN = "key_not_valid_then"
    NUMBER_OUTSIDE_BLOCK = "number_outside_block"
    CONTRADICTS_RECORD = "contradicts_record"
    VOIDED = "voided"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    LOST = "lost"
    PRINT_SUPERSEDED = "print_superseded"
    DISPUTED = "disputed"
    ARRIVED = "arrived"
    EXPIRED = "expired"
    NOT_YET_REPORTED = "not_yet_reported"
    GENUINE = "genuine"

    @property
    def tone(self) -> Tone:
        """Which of the four colours and signs it is shown with (UX 5.2)."""
        return _TONES[self]


class Tone(enum.StrEnum):
    """How a verdict is shown: good (green ✓), notice (amber !, or blue ◷), stop (red ✕), unknown (grey ?)."""

    GOOD = "good"
    NOTICE = "notice"
    STOP = "stop"
    UNKNOWN = "unknown"


_V = Verdict
_UNKNOWN_TONE: Final = (_V.UNREADABLE, _V.NEWER_VERSION, _V.UNKNOWN_PROVINCE, _V.OTHER_PROVINCE)
_NOTICE_TONE: Final = (_V.PRINT_SUPERSEDED, _V.DISPUTED, _V.ARRIVED, _V.EXPIRED, _V.NOT_YET_REPORTED)
_TONES: Final = {
    **dict.fromkeys(Verdict, Tone.STOP),
    **dict.fromkeys(_UNKNOWN_TONE, Tone.UNKNOWN),
    **dict.fromkeys(_NOTICE_TONE, Tone.NOTICE),
    _V.GENUINE: Tone.GOOD,
}
_STANDING_VERDICTS: Final = {
    Standing.VOIDED: _V.VOIDED,
    Standing.REPLACED: _V.REPLACED,
    Standing.WITHDRAWN: _V.WITHDRAWN,
    Standing.LOST: _V.LOST,
    Standing.DISPUTED: _V.DISPUTED,
    Standing.ARRIVED: _V.ARRIVED,
}


class Recorded(msgspec.Struct, frozen=True):
    """What the province itself has on record of the certificate a code names; without prints it has nothing.

    ``prints`` are the SHA-256 of each print's credential, ``stated`` what the record says, named as in `Credential`.
    """

    prints: dict[int, bytes] = {}
    stated: dict[str, int | str] = {}

    def contradicts(self, facts: Credential, payload: bytes) -> bool:
        """Whether this paper is not the one on record: another code for its print, or other content than recorded."""
        expected = self.prints.get(facts.print_no)
        differs = expected is not None and expected != hashlib.sha256(payload).digest()
        return differs or any(getattr(facts, name) != value for name, value in self.stated.items())


class Reason(enum.StrEnum):
    """What else the reader of a verdict should know; none of these changes the verdict by itself."""

    FOREIGN_HOST = "code_names_foreign_host"
    SIGNER_NOT_NAMED_VET = "signer_not_named_vet"
    SIGNER_NOT_HOLDER = "signer_not_holder_of_block"
    DEVICE_NOT_OF_BLOCK = "device_not_of_block"
    NO_BLOCK = "number_in_no_block"
    CORRECTED = "certificate_corrected"
    SIGNED_OFFLINE = "signed_offline"
    CLOCK_UNPROVEN = "device_clock_unproven"
    ISSUED_IN_FUTURE = "issued_in_future"
    TRUST_EXPIRED = "trust_file_expired"
    NO_CODE_FOUND = "no_code_found"


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict and what it stands on.

    `facts` are what the credential says, and are there only when its signature is good. `claimed` is the number the
    code shows even if nothing vouches for it. `trust_age_ms` is how old the knowledge is; every display says so.
    `also` are further verdicts that apply, `reasons` notes and code faults, as codes.
    """

    verdict: Verdict
    practice: bool
    trust_age_ms: int
    facts: Credential | None = None
    claimed: str = ""
    signer: TrustKey | None = None
    station: TrustStation | None = None
    block: TrustBlock | None = None
    exception: NumberException | None = None
    also: tuple[Verdict, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def corrected_ms(self) -> int:
        """When the last correction note to this certificate was made (UTC ms); 0 without one."""
        return self.exception.corrected_minute * MS_PER_MINUTE if self.exception else 0

    @property
    def code(self) -> str:
        """The verdict as it is told: under a practice root ``practice:genuine``, never plain ``genuine``."""
        return f"practice:{self.verdict}" if self.practice else str(self.verdict)


def judge(text: str, trust: TrustFile, now_ms: int, verify: Verify, *, recorded: Recorded | None = None) -> Judgement:
    """Judge a scanned or typed code against a trust file that was already checked. Never raises on any text.

    ``recorded`` is for a judge who can look into the province's record; None judges by the trust file alone.
    """
    scanned = read_code(text)
    base = Judgement(verdict=Verdict.UNREADABLE, practice=trust.practice, trust_age_ms=trust.age_ms(now_ms))
    if isinstance(scanned, CodeFault):
        return _with(base, reasons=(scanned.value,))
    base = _with(base, reasons=_notes(scanned, trust, now_ms))
    payload = scanned.payload
    suite, key_id = payload[0], payload[1:_HEADER_BYTES]
    if suite not in set(Suite):
        return _with(base, verdict=Verdict.NEWER_VERSION if suite in RESERVED_SUITES else Verdict.UNREADABLE)
    claim = body_of(payload)
    base = _with(base, claimed=claim.number if claim else "")
    signer = trust.key(suite, key_id)
    if signer is None:
        return _with(base, verdict=_stranger(claim, trust))
    if not verify(signer.key, CONTEXT, payload[:-SIGNATURE_BYTES], payload[-SIGNATURE_BYTES:]):
        return _with(base, verdict=Verdict.ALTERED)
    if claim is None:
        return _with(base, verdict=Verdict.NEWER_VERSION)
    judged = _judge_signed(base, claim, signer, trust, now_ms)
    return judged if recorded is None else _against_record(judged, claim, payload, recorded)


def _against_record(judged: Judgement, facts: Credential, payload: bytes, recorded: Recorded) -> Judgement:
    """The same judgement with what the record adds. A number that was passed over is not on record either."""
    applying = {judged.verdict, *judged.also} - {Verdict.GENUINE}
    if not recorded.prints:
        applying.add(Verdict.NOT_YET_REPORTED)
    elif recorded.contradicts(facts, payload):
        applying.add(Verdict.CONTRADICTS_RECORD)
    first, *others = _ordered(applying)
    return _with(judged, verdict=first, also=tuple(others))


def _ordered(applying: set[Verdict]) -> list[Verdict]:
    """By precedence; genuine when nothing applies."""
    return [verdict for verdict in Verdict if verdict in applying] or [Verdict.GENUINE]


def _stranger(claim: Credential | None, trust: TrustFile) -> Verdict:
    """The verdict on a code whose key the trust file does not hold; what it claims is only a hint whom to ask."""
    if claim is None:
        return Verdict.UNREADABLE
    if claim.digits.startswith(trust.province):
        return Verdict.UNKNOWN_KEY
    if claim.digits.startswith(PRACTICE_PROVINCE):
        return Verdict.SPECIMEN
    return Verdict.OTHER_PROVINCE if trust.other_province(claim.digits) else Verdict.UNKNOWN_PROVINCE


def _judge_signed(base: Judgement, facts: Credential, signer: TrustKey, trust: TrustFile, now_ms: int) -> Judgement:
    block = trust.block(facts.kind_letter, facts.digits)
    exception = block.exception(facts.digits) if block else None
    misfits = _misfits(facts, signer, block)
    applying = set(_time_verdicts(facts, signer, now_ms)) | set(_number_verdicts(facts, block, exception))
    if misfits:
        applying.add(Verdict.NUMBER_OUTSIDE_BLOCK)
    ordered = _ordered(applying)
    return _with(
        base,
        verdict=ordered[0],
        also=tuple(ordered[1:]),
        facts=facts,
        signer=signer,
        station=trust.station(signer.station),
        block=block,
        exception=exception,
        reasons=(*misfits, *base.reasons, *_corrected(exception), *_circumstances(facts, now_ms)),
    )


def _misfits(facts: Credential, signer: TrustKey, block: TrustBlock | None) -> tuple[str, ...]:
    """Number, block, device and signer must belong together (T35)."""
    if block is None:
        return (Reason.NO_BLOCK.value,)
    wrong = {
        Reason.SIGNER_NOT_NAMED_VET: facts.vet != signer.subject,
        Reason.SIGNER_NOT_HOLDER: block.holder != signer.subject,
        Reason.DEVICE_NOT_OF_BLOCK: block.device != signer.device,
    }
    return tuple(reason.value for reason, holds in wrong.items() if holds)


def _time_verdicts(facts: Credential, signer: TrustKey, now_ms: int) -> list[Verdict]:
    found = []
    if not signer.was_valid(facts.issued_from_ms, facts.issued_until_ms):
        found.append(Verdict.KEY_NOT_VALID_THEN)
    if now_ms > facts.expires_ms:
        found.append(Verdict.EXPIRED)
    return found


def _number_verdicts(facts: Credential, block: TrustBlock | None, exception: NumberException | None) -> list[Verdict]:
    found = []
    current_print = exception.current_print if exception else 1
    standing = Standing(exception.standing) if exception else Standing.IN_FORCE
    if standing in _STANDING_VERDICTS:
        found.append(_STANDING_VERDICTS[standing])
    if facts.print_no < current_print:
        found.append(Verdict.PRINT_SUPERSEDED)
    # A print the province has not heard of yet: made since the last upload, or a sealed spare that got out.
    if block and (not block.is_reported(facts.digits) or facts.print_no > current_print):
        found.append(Verdict.NOT_YET_REPORTED)
    return found


def _corrected(exception: NumberException | None) -> tuple[str, ...]:
    """A note that changed something immaterial, and changes nothing about what the certificate is worth."""
    return (Reason.CORRECTED.value,) if exception and exception.corrected_minute else ()


def _circumstances(facts: Credential, now_ms: int) -> tuple[str, ...]:
    notes = {
        Reason.SIGNED_OFFLINE: facts.offline,
        Reason.CLOCK_UNPROVEN: facts.time_confidence > 0,
        Reason.ISSUED_IN_FUTURE: facts.issued_from_ms > now_ms + MS_PER_MINUTE,
    }
    return tuple(reason.value for reason, holds in notes.items() if holds)


def _notes(scanned: ScannedCode, trust: TrustFile, now_ms: int) -> tuple[str, ...]:
    notes = {
        Reason.FOREIGN_HOST: bool(scanned.host) and scanned.host not in trust.hosts,
        Reason.TRUST_EXPIRED: now_ms > trust.expires,
    }
    return tuple(reason.value for reason, holds in notes.items() if holds)


def _with(judgement: Judgement, **changes: object) -> Judgement:
    return msgspec.structs.replace(judgement, **changes)
