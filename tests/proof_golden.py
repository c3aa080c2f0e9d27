"""The released bytes of documents, credential, trust file and vault, and what they must mean for ever.

``python -m tests.proof_golden`` writes fixtures that are missing. It never overwrites one: a released shape does not
change, it gets a successor with the next version and a fixture of its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import msgspec

from inspector_app.domain.authority import (
    DeviceSheet,
    FormSheet,
    Grant,
    Lease,
    PersonKey,
    PolicySheet,
    StationSheet,
    TerminalLicence,
)
from inspector_app.domain.credential import check_code
from inspector_app.domain.declaration import OnlineDeclaration
from inspector_app.domain.documents import (
    CaSheet,
    DocumentSigner,
    KeyStatement,
    Role,
    RootSheet,
    sign_document,
    unsigned,
)
from inspector_app.domain.filings import Filing
from inspector_app.domain.hand_ins import OldSheetsReceived
from inspector_app.domain.loss_notice import (
    StoreNoticeDrawn,
    StoreNoticePublished,
    StoreReport,
    StoreReportAcknowledged,
    StoreReportsDrawn,
    StoreReportSent,
)
from inspector_app.domain.losses import LossPassed
from inspector_app.domain.numbering import Block, Draw
from inspector_app.domain.organisations import LocationSheet, OrganisationSheet, StoreHandedOver
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.register_changes import (
    OrganisationAsked,
    RegisterAgreed,
    RegisterCarriedOut,
    RegisterDropped,
    SealAsked,
    StoreAsked,
)
from inspector_app.domain.seals import LicenceFile, SealSheet
from inspector_app.domain.stock import (
    Distribution,
    DistributionReceived,
    DrawAsked,
    DrawDecided,
    DrawDeclined,
    FeeCharged,
    FeeSettled,
    OrderPlaced,
    ReturnReceived,
    StockGivenBack,
    StockReceived,
)
from inspector_app.domain.stock_approvals import ApprovalAsked, ApprovalDeclined
from inspector_app.domain.stock_destruction import (
    StockDestroyed,
    StockEndApproved,
    StockEndAsked,
    StockEndFormConfirmed,
    StockEndReviewed,
    StockEndSigned,
)
from inspector_app.domain.stock_endings import StockEnded, StockLossConcluded
from inspector_app.domain.store_counts import StoreCountConfirmed, StoreCounted
from inspector_app.domain.trust import NumberException, Standing, TrustFile, pack_trust
from inspector_app.domain.verdicts import VerdictSheet
from inspector_app.domain.visit_plans import VisitsDrawn
from inspector_app.domain.visits import FindingsRectified, LedgerSeen, StationVisited
from inspector_app.store.disk import LocalDisk
from inspector_app.suites import Argon2Cost
from inspector_app.vault.device import FileDeviceSecretStore
from inspector_app.vault.vault import Vault
from tests.proof_samples import (
    AUTHORITY,
    DAY_MS,
    NOW,
    ROOT,
    SERVER,
    VET_KEY,
    SeededRandom,
    block,
    code,
    credential,
    exception,
    payload,
    root_document,
    statement,
    trust_file,
)

GOLDEN: Final = Path(__file__).with_name("golden")
DEVICE_ID: Final = "000102030405060708090a0b0c0d0e0f"
PASSPHRASE: Final = "luyu chitang qingchen bandeng 7"
MACHINE: Final = b"golden machine"
DATA_KEY: Final = bytes(range(32))
_RAW: Final = bytes(range(32))

ONLINE: Final = OnlineDeclaration(
    online="W261121-ABCDEF",
    station=1,
    declared_at=NOW,
    owner="王𬀩",
    owner_phone="13900000006",
    owner_address="横泾村",
    permit="001",
    species=101,
    stage="fry",
    quantity=Quantity(500_000, 0, 1),
    purpose=1,
    origin=321084,
    origin_place="甘垛镇",
    pond="3",
    destination=321281,
    destination_place="大垛镇",
    consignee="",
    wild=False,
    departs_at=NOW + DAY_MS,
    remarks="",
)
_DAY: Final = "2026-11-21"
_BOXES: Final = (("9900000001", "9900000500"), ("9900000601", "9900000700"))
UNIT: Final = OrganisationSheet(
    321084001,
    1,
    "高邮湖西站",
    "institution",
    "station",
    321084,
    321084,
    1,
    14,
    "高检备 3",
    "aquatic_seed",
    _DAY,
    "",
    14,
    NOW,
    15,
    16,
)
STORE: Final = LocationSheet(321084, 1, 1, "证章标志专用柜", 33, 43, NOW)
SEAL: Final = SealSheet("高邮 1 号", 2, 321084, 11, _RAW.hex(), _DAY, "", 33, NOW)
STOCK: Final[tuple[msgspec.Struct, ...]] = (
    StockReceived("99-R0001-aa", 990000, 1, "B", "99-B", _BOXES, 600, _DAY, "SH-7", "GX-2014/1", 31, NOW),
    OrderPlaced("99-O0001-aa", 321084, 321000, "B", 600, _DAY, "2026-12", True, "", 0, "", 33, NOW),
    Distribution(
        *("99-D0001-aa", 990000, 1, 321000, "B", "99-B", _BOXES[:1], 500, _DAY, True),
        *("99-O0001-aa", "whole_boxes", 41, "99-P0001-aa", "GX-2014/1", 31, NOW),
    ),
    DistributionReceived("99-D0001-aa", 1, _BOXES[:1], 500, _DAY, 32, NOW),
    StockGivenBack(
        *("99-B0001-aa", 321084001, 1, 321084, 1, "B", (("9900000401", "9900000500"),), 100, True),
        *("too_many", _DAY, "GX-2014/1", 14, NOW),
    ),
    ReturnReceived("99-B0001-aa", 1, (("9900000401", "9900000490"),), 90, _DAY, 33, NOW),
    FeeCharged("99-F0001-aa", "99-D0001-aa", 321000, 990000, 7_500, "FP-1", _DAY, 31, NOW),
    FeeSettled("99-F0001-aa", "SJ-1", 7_500, _DAY, 31, NOW),
    DrawAsked(
        *("99-Q0001-aa", 321084, 1, 1, 7, "B", "9900000001", "9900000500", "season", "", "GX-2014/1", 33, NOW),
    ),
    DrawDeclined("99-Q0001-aa", 43, NOW),
    ApprovalAsked(
        *("99-P0001-aa", "distribute", 990000, 1, 321000, "B", _BOXES[:1], 500, _DAY, True, "99-O0001-aa"),
        *("whole_boxes", "GX-2014/1", 31, NOW),
    ),
    ApprovalDeclined("99-P0001-aa", 41, NOW),
    StockEndAsked("99-V0001-aa", 321084, 1, "B", _BOXES[:1], 500, "damaged", "shredding", "2026-12-01", True, 33, NOW),
    StockEndReviewed("99-V0001-aa", 500, "count_differs", True, "2026-12-18", 43, NOW),
    StockEndApproved("99-V0001-aa", "deputy", 44, NOW),
    StockEndSigned("99-W0001-aa", "99-V0001-aa", 44, 45, _DAY, _RAW.hex(), 33, NOW),
    StockEndFormConfirmed("99-W0001-aa", 43, NOW),
    StockDestroyed("99-V0001-aa", "99-E0001-aa", "shredding", 500, _DAY, 44, _RAW.hex(), 33, NOW),
    StoreNoticeDrawn("99-E0001-aa", _RAW.hex(), _DAY, 33, NOW),
    StoreNoticePublished("99-E0001-aa", "newspaper", _DAY, _RAW.hex(), 33, NOW),
    StoreReportsDrawn(
        "99-E0001-aa",
        (StoreReport("authority", 321085, _RAW.hex()), StoreReport("institution", 321000, _RAW.hex())),
        *(_DAY, 33, NOW),
    ),
    StoreReportSent("99-E0001-aa", "authority", _DAY, _RAW.hex(), 33, NOW),
    StoreReportAcknowledged("99-E0001-aa", "authority", _DAY, "", 33, NOW),
    OrganisationAsked("99-X0001-aa", UNIT),
    StoreAsked("99-X0002-aa", STORE, (("B", 600), ("mark", 40))),
    SealAsked("99-X0003-aa", SEAL, 1),
    RegisterAgreed("99-X0001-aa", 43, NOW),
    RegisterDropped("99-X0002-aa", 33, NOW),
    StockEnded(
        *("99-E0001-aa", 321084, 1, "B", _BOXES[:1], 500, "lost", "stolen", _DAY, "2026-12-18"),
        *("99-D0002-aa", "", "GX-2014/1", 33, 0, NOW),
    ),
    StockLossConcluded("99-E0001-aa", "stolen", "loss_reported", 43, NOW),
    StoreCounted(
        *("99-K0001-aa", 321084, 1, "B", 500, 499, _BOXES[:1], 500, "99-E0001-aa"),
        *(_DAY, "2026-12-18", "GX-2014/1", 33, NOW),
    ),
    StoreCountConfirmed("99-K0001-aa", 43, NOW),
    OldSheetsReceived(
        *("99-C0001-aa", f"{DEVICE_ID}/7", 1, 321084, 1, 1, ("B 9900000003 1/2",), _DAY, "2026-12-04", 33, NOW),
    ),
    LicenceFile("XK-1", 2, 321084, "防疫条件 7", _DAY, _DAY, "", 33, NOW),
)
_FILED: Final = (Filing("A", 990000, "province", "省检 A-7"), Filing("B", 321084, "county", "邮检 B-7"))
DECIDED: Final = DrawDecided(
    "D1", 321084, 1, 321084001, 120, 180, 200, 40, "season", "", "99-Q0001-aa", "GX-2014/1", 33, 43, NOW
)
VISITED: Final = StationVisited(
    visit="99-J0001-aa",
    station=7,
    organisation=321084,
    unit="高邮市水生动物卫生监督所",
    visited_on=_DAY,
    findings=("storage_poor",),
    rectify_by="2026-12-21",
    ledgers=(LedgerSeen("draw", 3, 1),),
    blocks_hold=True,
    sheets_hold=False,
    open_cases=2,
    picture="",
    no_picture="too_dark",
    by=43,
    at=NOW,
)
DOCUMENTS: Final[dict[str, tuple[msgspec.Struct, DocumentSigner]]] = {
    "root-1": (RootSheet(1, ROOT.public.raw, "99", "练习省", "Practice Province"), ROOT),
    "ca-1": (CaSheet(2, b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"), ROOT),
    "key-1": (KeyStatement(Role.SERVER, 3, SERVER.public.raw, NOW, NOW + DAY_MS), ROOT),
    "draw-1": (Draw("D1", "practice-10", "B", "9900000001", "9900000500", 1, 7, NOW, "D0"), AUTHORITY),
    "block-1": (Block("B1", "D1", "practice-10", "B", "9900000001", "9900000050", DEVICE_ID, 7, 1, NOW), SERVER),
    "grant-1": (
        Grant(7, 1, "王𬀩", "Wang Wei", 1, ("vet", "head"), ("A", "B"), NOW, NOW + DAY_MS, _FILED),
        AUTHORITY,
    ),
    "person_key-1": (PersonKey(7, DEVICE_ID, 1, VET_KEY.public.raw, NOW, NOW + DAY_MS), SERVER),
    "station-1": (StationSheet(1, 1, "高邮站", "Gaoyou", 321084, "0514-0000000", "渔政", "高邮湖"), AUTHORITY),
    "device-1": (DeviceSheet(DEVICE_ID, 1, 1, "出证机 1", 1, _RAW, _RAW, "active"), SERVER),
    "licence-1": (TerminalLicence(DEVICE_ID, 1, NOW, NOW + DAY_MS), AUTHORITY),
    "lease-1": (Lease(DEVICE_ID, NOW, NOW + 7 * DAY_MS, 412, _RAW), SERVER),
    "policy-1": (PolicySheet("2026-11", NOW, "lead_time_days = 3\n# 提前期\n"), AUTHORITY),
    "form-1": (FormSheet("certificate_b", "2026-11", _RAW, NOW), AUTHORITY),
    "loss_passed-1": (LossPassed(f"{DEVICE_ID}/7", "county", NOW, 33), SERVER),
    "visits_drawn-1": (VisitsDrawn("99-V0001-aa", 990000, _DAY, _RAW.hex(), (1, 2, 3), (3, 1), 41, NOW), SERVER),
    "station_visited-1": (VISITED, SERVER),
    "findings_rectified-1": (FindingsRectified("99-Z0001-aa", "99-J0001-aa", 7, ("storage_poor",), 43, NOW), SERVER),
    "verdict-1": (VerdictSheet(DEVICE_ID, 7, True, False, "number_taken", NOW, "station 1", "2026-11-30"), SERVER),
    "online_declaration-1": (ONLINE, SERVER),
    "organisation-1": (UNIT, AUTHORITY),
    "store_handed_over-1": (StoreHandedOver(321084, 1, 2, 33, 34, (("B", 600), ("mark", 40)), 43, NOW), AUTHORITY),
    "stock_location-1": (STORE, AUTHORITY),
    "register_carried_out-1": (RegisterCarriedOut("99-X0001-aa", 2, NOW), AUTHORITY),
    "draw_decided-1": (DECIDED, AUTHORITY),
    "seal-1": (SEAL, AUTHORITY),
    **{unsigned(value).type.replace("/", "-"): (value, SERVER) for value in STOCK},
}
SPOKEN_OF: Final[tuple[NumberException, ...]] = (
    exception(2, Standing.REPLACED),
    exception(3, Standing.IN_FORCE, current_print=2),
    exception(21, Standing.LOST, count=30),
)
TRUST: Final[TrustFile] = trust_file(blocks=(block(exceptions=SPOKEN_OF),))
CREDENTIAL: Final = credential()


def fixtures() -> dict[str, bytes]:
    """Every reproducible fixture by its path under ``golden``."""
    made = {f"documents/{name}.cbor": sign_document(*parts).encoded() for name, parts in DOCUMENTS.items()}
    signed = sign_document(TRUST, AUTHORITY).encoded()
    statements = [statement(Role.AUTHORITY, AUTHORITY), statement(Role.SERVER, SERVER)]
    made["trust/trust_file-1.cbor"] = signed
    made["trust/pack-1.cbor"] = pack_trust(root_document().encoded(), statements, signed)
    made["credential/credential-1.txt"] = code(CREDENTIAL).encode()
    made["credential/credential-1.json"] = _told(CREDENTIAL)
    return made


def _told(facts: msgspec.Struct) -> bytes:
    said = {name: _plain(getattr(facts, name)) for name in facts.__struct_fields__}
    return (
        json.dumps({**said, "check_code": check_code(payload(CREDENTIAL))}, ensure_ascii=False, indent=1).encode()
        + b"\n"
    )


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


def golden_vault(folder: Path, seed: int = 1) -> Vault:
    """The vault whose files lie in ``golden/vault``; its HPKE seals cannot be made the same twice."""
    disk = LocalDisk()
    store = FileDeviceSecretStore(disk, folder / "device", MACHINE)
    return Vault(folder, disk=disk, secrets=store, random=SeededRandom(seed), cost=Argon2Cost(64, 1, 1))


def _write_missing() -> None:
    for name, content in fixtures().items():
        path = GOLDEN / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print("written", name)
    folder = GOLDEN / "vault"
    if not folder.exists():
        vault = golden_vault(folder)
        made = Vault.create(folder, disk=vault._disk, secrets=vault._secrets, random=SeededRandom(1), cost=vault._cost)
        made.add_person(7, PASSPHRASE, DATA_KEY)
        made.add_person(8, "another passphrase", DATA_KEY)
        print("written vault")


if __name__ == "__main__":
    _write_missing()
