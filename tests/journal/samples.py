"""One example fact of every kind, with its private part: what the golden fixtures and many tests are made of.

Names, places and numbers are invented. Everything is derived from constants, so its bytes are the same in every run.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

import inspector_app.journal.entries  # noqa: F401 - registers every kind
from inspector_app.clock import day_start
from inspector_app.domain.certificate import CertificateParties, CertificateRecord
from inspector_app.domain.correction import CorrectedValues
from inspector_app.domain.numbering import Number
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.stocktake import CountedRange, Difference, StockLine
from inspector_app.domain.writing_off import CopyRead
from inspector_app.journal.chain import ACTOR_CONTEXT, Act, Head, genesis
from inspector_app.journal.entries.blanks import BlankSpoiled
from inspector_app.journal.entries.ceremony import ActConfirmed
from inspector_app.journal.entries.certificates import (
    CertificateHandedOver,
    CertificateIssued,
    CertificateVoided,
    NoticeDetails,
    NoticeHandedOver,
    NoticeIssued,
    NoticeVoided,
    OwnerTold,
)
from inspector_app.journal.entries.corrections import CertificateCorrected
from inspector_app.journal.entries.custody import (
    BlockRequested,
    DayClosed,
    DayCount,
    NumbersLost,
    NumbersReturned,
    SheetLost,
    SheetSpoiled,
    StubFiled,
)
from inspector_app.journal.entries.custody_cases import CustodyCaseConcluded, CustodyCaseOpened
from inspector_app.journal.entries.declarations import (
    DeclarationAccepted,
    DeclarationDetails,
    DeclarationNotAccepted,
    DeclarationRecorded,
    DeclarationWithdrawn,
    Note,
    PartyDetails,
    PartyRecorded,
)
from inspector_app.journal.entries.devices import (
    CaseHandedOver,
    CaseReceived,
    CaseReturned,
    CaseTakenBack,
    CaseUse,
    DeviceEnrolled,
    PersonKeyAdded,
    PersonRemoved,
    ProvincePulled,
    RetentionApplied,
)
from inspector_app.journal.entries.inspections import (
    DiseaseOutcome,
    InspectionCompleted,
    InspectionDetails,
    Measurement,
    ResultReceived,
    SampleSent,
    SampleTaken,
)
from inspector_app.journal.entries.losses import (
    LossAcknowledged,
    LossConcluded,
    LossDrafted,
    LossPublished,
    LossReported,
    NumbersFound,
    Publication,
)
from inspector_app.journal.entries.openings import OpeningLine, OpeningRecorded
from inspector_app.journal.entries.photographs import PhotographsAdded
from inspector_app.journal.entries.printing import (
    OrderContent,
    PrintEnded,
    PrintOrdered,
    PrintOrderReceived,
    PrintReleased,
    PrintSubmitted,
)
from inspector_app.journal.entries.sheets import (
    DestructionApproved,
    DestructionRequested,
    DestructionReviewed,
    DestructionSigned,
    PaperWrittenOff,
    SheetCollected,
    SheetFound,
    SheetName,
    SheetsDestroyed,
    SheetsHandedIn,
    SheetTakenIn,
)
from inspector_app.journal.entries.stocktakes import (
    StocktakeAbandoned,
    StocktakeClosed,
    StocktakeCounted,
    StocktakeListed,
    StocktakeOpened,
)
from inspector_app.journal.entries.stores import DrawReceived, StorageChecked, StorageDescribed, StoreAssigned
from inspector_app.journal.entries.successions import DeviceSucceeded, PaperRegularised
from inspector_app.journal.entries.supervision import (
    LedgerState,
    RectificationRecorded,
    SupervisionRecorded,
    VisitDetails,
)
from inspector_app.journal.envelope import Fact
from tests.proof_samples import VET, VET_KEY, SeededRandom

DEVICE: Final = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
SISTER: Final = "ff" * 16
MORNING: Final = day_start("2026-11-20") + 9 * 3_600_000
STAMP: Final = (MORNING, 3_600_000, "b00710adb00710ad")
NUMBER: Final = Number("practice-10", "B", "9900000003")
BATCH: Final = Quantity(500_000, 0, 1)
_HASH: Final = "5f" * 32
_USE: Final = CaseUse(
    number=Number("99-10", "B", "9900000003"), inspection="0a1b2c3d4e5f60718293a4b5c6d7e8f9/6", quantity=BATCH
)
_FILED: Final = OpeningLine(
    what="sheet", form="B", first="3200000021", last="3200000025", pages=1, state="kept", since="2024-06-30"
)
_SHEET: Final = SheetName("B", "9900000003", 1, 2)
NOTICE: Final = Number("practice-n-2026", "N", "202600001")


def record(number: Number = NUMBER, **changes: Any) -> CertificateRecord:
    """What a certificate states."""
    made = CertificateRecord(
        number=number,
        block="D1-12",
        declaration=f"{DEVICE}/4",
        inspection=f"{DEVICE}/6",
        species=101,
        stage="fry",
        quantity=BATCH,
        purpose=1,
        origin=321084,
        destination=321281,
        transport=1,
        disinfectant=2,
        departs_at=MORNING + 3_600_000,
        issued_at=MORNING,
        issued_on="2026-11-20",
        valid_days=1,
        valid_minutes=900,
        vet=VET,
        station=1,
        medium="laser",
        form="certificate_b",
        form_hash=_HASH,
        policy="2026-11",
        catalogue="2026-11",
        offline=True,
        time_confidence=0,
    )
    return msgspec.structs.replace(made, **changes)


PARTIES: Final = CertificateParties(
    owner="王𬀩",
    owner_phone="13900000000",
    origin_place="高邮市练习镇一号塘",
    destination_place="兴化市练习镇",
    consignee="李㛃",
    carrier="赵小船",
    carrier_phone="13900000001",
    plate="苏K12345",
    vet_name="钱官医",
    station_name="高邮市水产苗种检疫申报点",
    agency_phone="0514-80000000",
)
DECLARED: Final = DeclarationDetails(
    owner="王𬀩",
    owner_phone="13900000000",
    owner_address="高邮市练习镇",
    origin_place="一号塘",
    pond="1",
    destination_place="兴化市练习镇",
    consignee="李㛃",
    permit="苏练（2026）苗种第0001号",
    remarks="清晨起运",
)

_FACTS: Final[tuple[tuple[Fact, msgspec.Struct | None], ...]] = (
    (DeviceEnrolled(station=1, province="99", root="0102030405060708", name="一号机", program="0.1.0"), None),
    (PersonKeyAdded(person=VET, suite=VET_KEY.public.suite, key=VET_KEY.public.raw.hex()), None),
    (PersonRemoved(person=8), None),
    (ProvincePulled(epoch="1-0badcafe", first=1, last=12, hash=_HASH), None),
    (RetentionApplied(entries=[f"{DEVICE}/3", f"{SISTER}/9", "online/O1"]), None),
    (
        CaseHandedOver(
            declaration=f"{DEVICE}/4",
            device=SISTER,
            bundle=_HASH,
            turn=1,
            entries=[f"{DEVICE}/4", f"{SISTER}/9"],
            uses=[_USE],
        ),
        None,
    ),
    (
        CaseReceived(declaration=f"{SISTER}/4", device=SISTER, turn=1, bundle=_HASH, documents=3, hash=_HASH),
        None,
    ),
    (CaseReturned(declaration=f"{SISTER}/4", device=SISTER, bundle=_HASH, turn=2, entries=[], uses=[]), None),
    (CaseTakenBack(declaration=f"{DEVICE}/4", device=SISTER, turn=2, uses=[]), None),
    (
        PartyRecorded(role="owner", area=321084),
        PartyDetails(name="王𬀩", phone="13900000000", address="高邮市练习镇", permit="苏练（2026）苗种第0001号"),
    ),
    (
        DeclarationRecorded(
            owner=f"{DEVICE}/3",
            channel="point",
            online="",
            species=101,
            stage="fry",
            quantity=BATCH,
            purpose=1,
            origin=321084,
            destination=321281,
            wild=False,
            declared_at=MORNING - 86_400_000,
            departs_at=MORNING + 3_600_000,
        ),
        DECLARED,
    ),
    (
        DeclarationAccepted(declaration=f"{DEVICE}/4", inspect_on="2026-11-20", area=321084, short_notice="other"),
        Note(text="凌晨停电，增氧机无法开启"),
    ),
    (DeclarationNotAccepted(declaration=f"{DEVICE}/4", reason="other_district"), Note(text="应向兴化申报")),
    (DeclarationWithdrawn(declaration=f"{DEVICE}/4", reason="trip_cancelled"), Note(text="买方取消")),
    (
        InspectionCompleted(
            declaration=f"{DEVICE}/4",
            species=101,
            stage="fry",
            quantity=BATCH,
            started_at=MORNING - 1_800_000,
            ended_at=MORNING - 600_000,
            catalogue="2026-11",
            checks=["permit", "records"],
            failings=[],
            history_clean=True,
            findings=["normal"],
            suspected=[],
            measurements=[Measurement("temperature", 185, 1, "℃"), Measurement("dissolved_oxygen", 62, 1, "mg/L")],
            conclusion="passed",
            quantity_reason="counted",
            attachments=[_HASH],
        ),
        InspectionDetails(batch="一号塘第三批", place="一号塘", note="活力好"),
    ),
    (
        SampleTaken(
            inspection=f"{DEVICE}/6",
            code="321084202611200a001",
            individuals=150,
            preservation="live",
            diseases=["khvd"],
            attachments=[_HASH],
        ),
        Note(text="取自东侧"),
    ),
    (SampleSent(sample=f"{DEVICE}/7", laboratory=3, sent_on="2026-11-20"), None),
    (
        ResultReceived(
            sample=f"{DEVICE}/7",
            laboratory=3,
            report_no="练检〔2026〕第0012号",
            reported_on="2026-11-25",
            outcomes=[DiseaseOutcome("khvd", "negative"), DiseaseOutcome("svc", "inconclusive")],
            attachments=[_HASH],
        ),
        None,
    ),
    (
        CertificateIssued(record=record(), key="1122334455667788", prints=["01" * 32, "02" * 32, "03" * 32], grant=3),
        PARTIES,
    ),
    (
        CertificateHandedOver(
            number=NUMBER,
            print=1,
            sheets=1,
            wet_signature=True,
            wet_seal=True,
            handed_at=MORNING - 7_200_000,
            late_reason="other",
        ),
        Note(text="打印后停电，傍晚补录"),
    ),
    (CertificateVoided(number=NUMBER, reason="wrong_entry", on_desk=2, attachments=[_HASH]), Note(text="车牌写错")),
    (OwnerTold(number=NUMBER, means="telephone", told_at=1_795_233_600_000), Note(text="货主来站取新证")),
    (
        CertificateCorrected(number=NUMBER, fields=["plate"], reason="vehicle_changed"),
        CorrectedValues(plate="苏K99887", note="原车故障"),
    ),
    (ActConfirmed(act=f"{DEVICE}/21", form="on_paper", attachments=[_HASH]), None),
    (
        NoticeIssued(
            number=NOTICE,
            block="D3-15",
            declaration=f"{DEVICE}/4",
            inspection=f"{DEVICE}/6",
            species=101,
            stage="fry",
            quantity=BATCH,
            basis=["aepl_49"],
            failures=["clinical"],
            diseases=["khvd"],
            method="isolation",
            issued_on="2026-11-20",
            vet=VET,
            station=1,
            form="treatment_notice",
            form_hash=_HASH,
        ),
        NoticeDetails(
            owner="王𬀩",
            owner_phone="13900000000",
            place="一号塘",
            vet_name="钱官医",
            station_name="高邮市水产苗种检疫申报点",
            agency_phone="0514-80000000",
            remarks="隔离观察",
        ),
    ),
    (
        NoticeHandedOver(
            number=NOTICE,
            print=1,
            sheets=1,
            wet_signature=True,
            wet_seal=True,
            receipt_signed=True,
            handed_at=MORNING - 7_200_000,
            late_reason="other",
        ),
        Note(text="回站后补录"),
    ),
    (NoticeVoided(number=NOTICE, reason="wrong_entry", on_desk=2, no_picture="too_dark"), Note(text="货主写错")),
    (
        PrintSubmitted(
            number=NUMBER,
            print=1,
            attempt=1,
            printer="一号打印机",
            medium="laser",
            form="certificate_b",
            file=_HASH,
            sheets=2,
            paper="9900000003",
        ),
        None,
    ),
    (PrintEnded(attempt=f"{DEVICE}/12", outcome="printed", source="person"), None),
    (
        PrintReleased(number=NUMBER, print=2, reason="other", spoiled=[1, 2], credential="02" * 32),
        Note(text="墨粉将尽"),
    ),
    (PrintOrdered(number=NUMBER, device=SISTER), None),
    (
        PrintOrderReceived(
            number=Number("practice-10", "B", "9900000099"),
            issued=f"{SISTER}/9",
            ordered=f"{SISTER}/10",
            prints=["01" * 32, "02" * 32],
        ),
        OrderContent(
            record=record(
                Number("practice-10", "B", "9900000099"), declaration=f"{SISTER}/4", inspection=f"{SISTER}/6"
            ),
            parties=PARTIES,
            promise=_HASH,
        ),
    ),
    (BlockRequested(kind="B", wanted=50, emergency=False), None),
    (NumbersReturned(block="D1-12", first="9900000021", last="9900000050", reason="too_many"), Note(text="年终交还")),
    (
        NumbersLost(block="D1-12", first="9900000021", last="9900000030", cause="stolen", found_out_on="2026-11-20"),
        Note(text="车内被盗"),
    ),
    (LossDrafted(loss=f"{DEVICE}/30", notice=_HASH, to_authority=_HASH, to_institution=_HASH), None),
    (
        LossPublished(loss=f"{DEVICE}/30", medium="newspaper", published_on="2026-11-24", attachments=[_HASH]),
        Publication(name="练习日报第 3 版", note="登报一天"),
    ),
    (LossReported(loss=f"{DEVICE}/30", to="authority", sent_on="2026-11-23"), Note(text="机要送达")),
    (
        LossAcknowledged(loss=f"{DEVICE}/30", to="authority", acknowledged_on="2026-11-25", attachments=[_HASH]),
        Note(text="回执一份"),
    ),
    (LossConcluded(loss=f"{DEVICE}/30", cause="theft", conclusion="to_police"), Note(text="已立案")),
    (NumbersFound(block="D1-12", first="9900000021", last="9900000022", found_on="2026-12-01"), Note(text="路边拾得")),
    (
        StocktakeOpened(
            purpose="periodic",
            kinds=["B"],
            lines=[
                StockLine(shelf="unused", kind="B", first="9900000021", last="9900000050", block="D1-12", current=True),
                StockLine(shelf="on_hand", kind="B", first="9900000001", last="9900000003", pages=2),
            ],
        ),
        None,
    ),
    (
        StocktakeListed(
            stocktake=f"{DEVICE}/30",
            lines=[StockLine(shelf="on_hand", kind="B", first="9900000005", last="9900000005", pages=1)],
        ),
        None,
    ),
    (
        StocktakeCounted(
            stocktake=f"{DEVICE}/30",
            shelf="on_hand",
            kind="B",
            ranges=[CountedRange("9900000001", "9900000002")],
            pages=4,
            means="typed",
        ),
        None,
    ),
    (
        StocktakeClosed(
            stocktake=f"{DEVICE}/30",
            differences=[
                Difference(
                    shelf="on_hand",
                    kind="B",
                    first="9900000003",
                    last="9900000003",
                    differs="missing",
                    expected=2,
                    counted=0,
                )
            ],
            explained=1,
            attachments=[_HASH],
        ),
        None,
    ),
    (StocktakeAbandoned(stocktake=f"{DEVICE}/30", reason="urgent_work"), Note(text="须先发放急用号段")),
    (
        CustodyCaseOpened(
            case="book_differs",
            about=f"{DEVICE}/32",
            due_on="2026-12-18",
            opened_on="2026-11-20",
            form="B",
            first="9900000003",
            last="9900000003",
        ),
        Note(text="柜内少一份"),
    ),
    (
        CustodyCaseConcluded(opened=f"{DEVICE}/33", cause="misfiled", conclusion="found_again"),
        Note(text="夹在上月的盒里"),
    ),
    (StoreAssigned(store="main", keeper=8, previous=f"{DEVICE}/12", stocktake=f"{DEVICE}/30"), None),
    (
        StorageDescribed(store="main", sort="cabinet", measures=["desiccant", "fire_extinguisher", "iron_cabinet"]),
        Note(text="二楼档案室东墙"),
    ),
    (
        StorageChecked(store="main", findings=["damp_found"], attachments=[_HASH], no_picture="camera_broken"),
        Note(text="梅雨后受潮"),
    ),
    (DrawReceived(draw="D1-12", store="main"), None),
    (
        SupervisionRecorded(
            visited_on="2026-11-20",
            findings=["storage_poor"],
            rectify_by="2026-12-20",
            ledgers=[LedgerState(ledger="draw", records=3, lacking=1)],
            blocks_hold=True,
            sheets_hold=True,
            open_cases=1,
            attachments=[_HASH],
        ),
        VisitDetails(official="孙检查", unit="高邮市农业农村局", text="柜门锁具老旧"),
    ),
    (
        RectificationRecorded(visit=f"{DEVICE}/40", findings=["storage_poor"], attachments=[_HASH]),
        Note(text="已换锁"),
    ),
    (
        OpeningRecorded(
            source=_HASH,
            store="main",
            lines=[
                OpeningLine(what="sheet", form="B", first="3200000001", last="3200000003", pages=2, state="blank"),
                _FILED,
                OpeningLine(what="number", form="A", first="3200000101", last="3200000110", state="used"),
                OpeningLine(what="register", form="draw", pages=48),
            ],
        ),
        Note(text="2: 移交时封条完好"),
    ),
    (DeviceSucceeded(device="5" * 32, seq=81, hash=_HASH, proof="ab" * 64), None),
    (
        PaperRegularised(
            device="5" * 32,
            seq=80,
            hash=_HASH,
            number=NUMBER,
            block="D1-12",
            opened_on="2026-11-21",
            due_on="2026-12-04",
        ),
        None,
    ),
    (PhotographsAdded(about=f"{DEVICE}/31", attachments=[_HASH]), None),
    (BlankSpoiled(number=NUMBER, block="D1-12", category="missing_number", attachments=[_HASH]), None),
    (BlankSpoiled(number=NUMBER, block="D1-12", category="damaged", unpictured="camera_broken"), None),
    (SheetSpoiled(number=NUMBER, print=1, sheet=2, category="paper_jam", attachments=[_HASH]), None),
    (SheetSpoiled(number=NUMBER, print=1, sheet=2, category="damaged", no_picture="camera_broken"), None),
    (
        SheetCollected(number=NUMBER, print=1, sheet=2, reason="voided", attachments=[_HASH], marked=True),
        Note(text="货主当面交回"),
    ),
    (
        SheetTakenIn(
            number=Number("", "B", "3300000003"),
            sheet=2,
            reason="used",
            source="check_on_the_road",
            attachments=[_HASH],
        ),
        Note(text="司机当场交出"),
    ),
    (SheetFound(number=NUMBER, print=1, sheet=2, found_on="2026-11-20"), Note(text="在车上找到")),
    (SheetsHandedIn(sheets=[_SHEET], to="county_keeper", slip=_HASH), Note(text="随同季度报表")),
    (
        PaperWrittenOff(
            number=NUMBER,
            print=1,
            unlawful=["vet"],
            checks=["filled_properly"],
            findings=["not_altered"],
            copies=[CopyRead(sheet=2, issued_on="2026-11-20", quantity=BATCH)],
            same_hand=False,
            mismatches=["handwriting"],
            suspect=True,
            attachments=[_HASH],
        ),
        Note(text="数量栏有刮痕"),
    ),
    (
        DestructionRequested(sheets=[_SHEET], method="shredding", planned_on="2028-12-01", counted=1, form=_HASH),
        Note(text="第四季度"),
    ),
    (
        DestructionReviewed(request=f"{DEVICE}/31", counted=1, sent_back="count_differs", suspected=True),
        Note(text="少一联"),
    ),
    (DestructionApproved(request=f"{DEVICE}/31", post="deputy"), None),
    (
        DestructionSigned(request=f"{DEVICE}/31", deputy=15, legal=16, signed_on="2028-12-02", attachments=[_HASH]),
        None,
    ),
    (
        SheetsDestroyed(
            request=f"{DEVICE}/31",
            method="shredding",
            counted=1,
            destroyed_on="2028-12-03",
            supervisor=15,
            attachments=[_HASH],
        ),
        Note(text="县局院内"),
    ),
    (SheetLost(number=NUMBER, print=1, sheet=2, category="lost_before_handover"), None),
    (StubFiled(number=NUMBER, print=1, sheets=1, means="photo", attachments=[_HASH], box="2026-B-03"), None),
    (
        DayClosed(
            date="2026-11-20",
            ordinal=12,
            previous=_HASH,
            counts=[
                DayCount(
                    kind="B",
                    issued=3,
                    first="9900000001",
                    last="9900000003",
                    voided=1,
                    replaced=0,
                    ended_elsewhere=1,
                    prints=4,
                    sheets=8,
                    spoiled=1,
                    stubs=3,
                    free=47,
                )
            ],
            waiting=14,
            at_seq=30,
            head=_HASH,
            equations_hold=True,
            opening_sheets=0,
            sheets_in=8,
            sheets_out=3,
            closing_sheets=5,
            sheet=_HASH,
            voids_unconfirmed=2,
            voids_overdue=1,
        ),
        None,
    ),
)

SAMPLES: Final[dict[str, tuple[Fact, msgspec.Struct | None]]] = {
    value.KIND: (value, private) for value, private in _FACTS
}


def sign(entry_hash: bytes) -> bytes:
    """The vet's signature over an entry."""
    return VET_KEY.sign(ACTOR_CONTEXT, entry_hash)


def act_on(head: Head | None = None, *, at: int = MORNING, actor: int = VET, seed: int = 0) -> Act:
    """An act on a head (of an empty journal when none is given), with seeded salts."""
    return Act(head or genesis(DEVICE), (at, STAMP[1] + at - MORNING, STAMP[2]), actor, salt=SeededRandom(seed).bytes)


def act_of(kind: str) -> Act:
    """The act that records the sample of a kind as the first entry of a journal."""
    value, private = SAMPLES[kind]
    act = act_on()
    act.add(value, private=private, sign=sign)
    return act


def file_name(kind: str) -> str:
    """The name of a kind's fixture: ``print.ended/1`` → ``print.ended-1.json``."""
    return kind.replace("/", "-") + ".json"
