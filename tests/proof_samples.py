"""A small practice province to test keys and proof with: fixed keys, one vet, one block, one certificate.

Everything is derived from a seed, so its bytes are the same in every run; the golden fixtures are made of it.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import msgspec

from inspector_app.domain.credential import (
    CONTEXT,
    Credential,
    Judgement,
    assemble,
    judge,
    qr_text,
    signing_input,
)
from inspector_app.domain.documents import Keyring, KeyStatement, Role, RootSheet, SignedDocument, sign_document
from inspector_app.domain.trust import (
    NumberException,
    OtherProvince,
    TrustBlock,
    TrustFile,
    TrustKey,
    TrustStation,
)
from inspector_app.suites import SigningKey, Suite, verify

DAY_MS: Final = 86_400_000
NOW: Final = 1_793_500_800_000  # 2026-11-01 10:40 at UTC+8
MINUTE: Final = NOW // 60_000
HOST: Final = "chaxun.practice.invalid"
DEVICE: Final = bytes(range(16))
VET: Final = 7


class SeededRandom:
    """Bytes that depend on the seed alone."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._drawn = 0

    def bytes(self, count: int) -> bytes:
        self._drawn += 1
        return hashlib.shake_256(b"%d/%d" % (self._seed, self._drawn)).digest(count)


def key_for(name: str, suite: int = Suite.ED25519) -> SigningKey:
    return SigningKey.from_private(suite, hashlib.sha256(name.encode()).digest())


ROOT: Final = key_for("root")
AUTHORITY: Final = key_for("authority")
SERVER: Final = key_for("server", Suite.P256)
VET_KEY: Final = key_for("vet")
OTHER_VET_KEY: Final = key_for("other vet")


def root_document(province: str = "99", key: SigningKey = ROOT) -> SignedDocument:
    sheet = RootSheet(key.public.suite, key.public.raw, province, "练习省", "Practice Province")
    return sign_document(sheet, key)


def statement(role: int, key: SigningKey, *, days: tuple[int, int] = (-300, 300), root: SigningKey = ROOT) -> bytes:
    window = (NOW + days[0] * DAY_MS, NOW + days[1] * DAY_MS)
    return sign_document(KeyStatement(role, key.public.suite, key.public.raw, *window), root).encoded()


def keyring(province: str = "99") -> Keyring:
    ring = Keyring.under(root_document(province).encoded(), verify)
    for role, key in ((Role.AUTHORITY, AUTHORITY), (Role.SERVER, SERVER)):
        assert isinstance(ring, Keyring)
        ring = ring.including(statement(role, key), verify)
    assert isinstance(ring, Keyring)
    return ring


def trust_key(key: SigningKey, subject: int = VET, **changes: Any) -> TrustKey:
    entry = TrustKey(
        key_id=key.public.key_id,
        suite=key.public.suite,
        raw=key.public.raw,
        role=Role.PERSON,
        subject=subject,
        name="王𬀩",
        name_en="Wang Wei",
        station=1,
        device=DEVICE,
        valid_from=NOW - 30 * DAY_MS,
        valid_until=NOW + 60 * DAY_MS,
    )
    return msgspec.structs.replace(entry, **changes)


def block(**changes: Any) -> TrustBlock:
    entry = TrustBlock("B", "9900000001", "9900000050", DEVICE, VET, "9900000020")
    return msgspec.structs.replace(entry, **changes)


def exception(sequence: int, standing: int, current_print: int = 1, count: int = 1) -> NumberException:
    return NumberException(sequence - 1, count, standing, current_print, MINUTE)


def trust_file(**changes: Any) -> TrustFile:
    keys = sorted((trust_key(VET_KEY), trust_key(OTHER_VET_KEY, 8)), key=lambda key: key.key_id)
    file = TrustFile(
        epoch=1,
        seq=118,
        issued_at=NOW - DAY_MS,
        expires=NOW + 90 * DAY_MS,
        practice=True,
        province="99",
        hosts=(HOST,),
        keys=tuple(keys),
        others=(OtherProvince("33", "浙江省", "Zhejiang", 1, bytes(32)),),
        stations=(TrustStation(1, "高邮市水产苗种检疫申报点", "Gaoyou station", "0514-0000000"),),
        blocks=(block(),),
    )
    return msgspec.structs.replace(file, **changes)


def credential(sequence: int = 3, **changes: Any) -> Credential:
    facts = Credential(
        digits=f"99{sequence:08d}",
        kind=2,
        device_seq=412,
        prev=bytes.fromhex("00112233445566ff"),
        issue_minute=MINUTE - 60,
        valid_minutes=900,
        species=101,
        quantity_value=500_000,
        quantity_scale=0,
        unit=1,
        origin=321084,
        destination=321281,
        purpose=1,
        plate="苏K12345",
        vet=VET,
        print_no=1,
        record=hashlib.sha256(b"record").digest()[:16],
        time_confidence=0,
        offline=False,
    )
    return msgspec.structs.replace(facts, **changes)


def payload(facts: Credential, key: SigningKey = VET_KEY) -> bytes:
    signed = signing_input(key.public, facts)
    return assemble(signed, key.sign(CONTEXT, signed))


def code(facts: Credential | None = None, key: SigningKey = VET_KEY, host: str = HOST) -> str:
    return qr_text(host, payload(facts or credential(), key))


def judged(text: str, trust: TrustFile | None = None, now_ms: int = NOW) -> Judgement:
    return judge(text, trust or trust_file(), now_ms, verify)
