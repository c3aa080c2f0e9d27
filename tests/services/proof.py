"""What a verifier away from the station knows of it: a trust file made of the device's own published data."""

from __future__ import annotations

import msgspec

from inspector_app.domain.credential import Judgement, judge, qr_text
from inspector_app.domain.documents import Role
from inspector_app.domain.trust import NumberException, TrustBlock, TrustFile, TrustKey
from inspector_app.services.device import Device
from inspector_app.services.print_jobs import open_credential
from inspector_app.suites import verify
from tests.office import FAR, STATION
from tests.services.work import DAY


def trust_of(device: Device, **changes: object) -> TrustFile:
    """Every published key and block of the device; all numbers reported, none with an exception."""
    now = device.clock.now().at
    keys = [
        TrustKey(
            key_id=bytes.fromhex(str(row["key_id"])),
            suite=int(row["suite"] or 0),
            raw=bytes.fromhex(str(row["key"])),
            role=Role.PERSON,
            subject=int(row["person"] or 0),
            name="",
            name_en="",
            station=STATION,
            device=bytes.fromhex(str(row["device"])),
            valid_from=0,
            valid_until=FAR,
        )
        for row in device.rows.many("person_keys", published=1)
    ]
    blocks = [
        TrustBlock(
            str(row["kind"]),
            str(row["first"]),
            str(row["last"]),
            bytes.fromhex(str(row["device"])),
            int(row["holder"] or 0),
            str(row["last"]),
        )
        for row in device.rows.many("blocks")
        if row["kind"] in ("A", "B")
    ]
    file = TrustFile(
        epoch=1,
        seq=1,
        issued_at=now,
        expires=now + 90 * DAY,
        practice=device.practice,
        province=device.sheet.province,
        hosts=(device.sheet.host,),
        keys=tuple(sorted(keys, key=lambda key: key.key_id)),
        others=(),
        stations=(),
        blocks=tuple(sorted(blocks, key=lambda block: (block.kind, block.first))),
    )
    return msgspec.structs.replace(file, **changes)


def with_exception(trust: TrustFile, number: str, standing: int, current_print: int = 1) -> TrustFile:
    """The same knowledge and one thing more to say about a number (``B 9900000003``)."""
    kind, digits = number.split()
    held = trust.block(kind, digits)
    assert held is not None
    said = NumberException(int(digits) - int(held.first), 1, standing, current_print, 0)
    changed = msgspec.structs.replace(held, exceptions=(said,))
    return msgspec.structs.replace(trust, blocks=tuple(changed if block == held else block for block in trust.blocks))


def code_of(device: Device, number: str, print_no: int = 1) -> str:
    """What the QR of a print shows."""
    return qr_text(device.sheet.host, open_credential(device, number, print_no))


def judged(device: Device, number: str, print_no: int = 1, trust: TrustFile | None = None) -> Judgement:
    """What a scan of the print says."""
    return judge(code_of(device, number, print_no), trust or trust_of(device), device.clock.now().at, verify)
