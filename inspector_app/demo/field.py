"""The vet's day in the field: offline from the yard gate until the evening."""

from __future__ import annotations

from inspector_app.demo import acts, power_cut
from inspector_app.demo.cast import BASS, CATFISH, CRAB, CRUCIAN, GRASS, KOI, MANDARIN, PRAWN, SILVER, Trip
from inspector_app.demo.stage import done, refused
from inspector_app.demo.story import HEALTHY, Story, cargo, route
from inspector_app.demo.telling import Both
from inspector_app.domain.certificate import IssueDraft
from inspector_app.practice.world import PLATES, VET
from inspector_app.services import declaring, drafts, handing_over, issuing, noticing, number_custody, ready
from inspector_app.services.noticing import NoticeDraft

CAR_LASER, POCKET, PORTABLE = "car laser", "pocket printer 58 mm", "portable printer 80 mm"
TRUCK_1, TRUCK_2 = 500_000, 300_000
FILED = Both("the first is filed", "第一联归档")
DRAFT = Both("2nd truck: draft", "第二车：草稿")
NO_REPORT = Both("no report yet", "无报告")
SIGNS = ("fish_gills", "fish_eyes", "fish_lethargy")
SICK = Both(
    "gills swollen, eyes sunken, fish lying on the bottom: failed, no certificate",
    "鳃肿胀、眼球凹陷、昏睡：不合格，不予出证",
)
TO_FILE = Both("the first, on thermal paper, is to be photographed within three days", "第一联为热敏纸，三日内拍照存档")


def prepare(story: Story) -> None:
    """Before departure: the last contact, the online declaration, the check whether everything is there."""
    stage, tale = story.stage, story.tale
    story.clock.go("07:40")
    tale.head(Both("Today", "今天"), day=True)
    for name in (CAR_LASER, POCKET, PORTABLE):
        story.plug_in(stage.laptop, name)
    if story.clock.date(-4)[:4] != story.clock.today[:4]:
        stage.draw_new_year()
    for seat in (stage.laptop, stage.desk):
        story.met_province(stage.catch_up(seat), Both("Last contact before departure · ", "出发前最后一次同步 · "))
    story.morning_trust = stage.laptop.home.paths.trust.read_bytes()
    _take_up_online(story)
    story.clock.go("07:45")
    device = stage.laptop.device
    reasons = ready.check_departure(device)
    left = {kind: number_custody.numbers_left(device, kind, VET.number) for kind in ("A", "B", "N")}
    may = Both("Yes", "可以出发") if ready.may_drive(reasons) else Both("Not yet", "尚有事项")
    tale.tell(
        Both(
            f"May I drive off? {may.en}: {left['A']} A, {left['B']} B, {left['N']} notices free; "
            "keys and right to issue in order",
            f"出发前检查：{may.zh}。A 证余 {left['A']}，B 证余 {left['B']}，通知单余 {left['N']}；密钥、签发期正常",
        ),
        kind="ready",
    )
    tale.tell(
        Both(
            "The vet drives to the ponds, where there is no coverage; the line of the station's desk is out of order "
            "all day: from here on nothing reaches the province",
            "兽医前往塘边，沿途无信号；窗口的线路全天中断：此后与省平台失去联系",
        ),
        place="desk",
    )


def _take_up_online(story: Story) -> None:
    seat = story.stage.laptop
    story.clock.go("07:43")
    row = seat.device.rows.many("online_declarations")[0]
    ref = done(declaring.record_declaration(seat.device, declaring.form_from_online(row)))
    story.declarations[CATFISH.name] = ref
    done(acts.accept(seat, ref, story.clock.date()))
    what = cargo(CATFISH)
    story.tale.tell(
        Both(
            f"The online declaration came along and is accepted · {CATFISH.farm.name_en} · {what.en}",
            f"网上申报随同步到达并受理 · {CATFISH.farm.name} · {what.zh}",
        ),
    )


def first_pond(story: Story) -> None:
    """The first certificate of the day, on the pocket printer."""
    _portable(story, CRUCIAN, ("08:09", "08:12", "08:15"), PLATES[0], "thermal_58", POCKET)


def morning(story: Story) -> None:
    """From the second pond to the truck that breaks down."""
    _portable(story, SILVER, ("08:40", "08:44", "08:47"), PLATES[1], "thermal_80", PORTABLE)
    _two_trucks(story)
    _across(story, MANDARIN, ("09:50", "09:54", "10:00", "10:04"), PLATES[3], CAR_LASER)
    _truck_breaks_down(story)


def afternoon(story: Story) -> None:
    """From the prawn hatchery to the certificate that the desk will print."""
    _prawns(story)
    _notice(story)
    _for_the_desk(story)


def awaiting(story: Story) -> None:
    """Two batches wait for the laboratory: no report, no certificate A."""
    story.clock.go("15:50")
    seat = story.stage.laptop
    plan = story.clock.planned(BASS.departs[1], BASS.departs[0])
    draft = acts.draft_of(seat, story.inspections[BASS.name], PLATES[12], plan)
    refusal = refused(issuing.issue_certificate(seat.device, draft))
    story.was_refused(
        Both("Issuing A for the bass of Songqiao: not before the laboratory's report", "签发送桥鲈鱼 A 证"),
        refusal,
        NO_REPORT,
    )


def issued_line(story: Story, trip: Trip, number: str, how: Both, amount: Both | None = None) -> None:
    """Tell that a certificate is in force from this minute on, and how it came onto paper."""
    what, way = amount or cargo(trip), route(trip)
    story.tale.tell(
        Both(
            f"{number} issued · {what.en} · {way.en} · signed, journalled, {how.en}",
            f"{number} 已签发 · {what.zh} · {way.zh} · 已签名、已入账、{how.zh}",
        ),
        kind="issued",
        number=number,
    )


def printed(attempt: int) -> Both:
    """How a print came out."""
    return Both(f"printed (attempt {attempt}, confirmed)", f"已打印（第 {attempt} 次尝试，已确认）")


def handed_over_line(story: Story, number: str, stub: Both = FILED) -> None:
    """Tell that the second copy left with the driver, and what became of the first."""
    story.tale.tell(
        Both(
            f"{number} signed and sealed by hand; the second copy goes with the driver, {stub.en}",
            f"{number} 手签、盖章；第二联交承运人，{stub.zh}",
        ),
        number=number,
    )


def printed_line(story: Story, number: str, how: Both) -> None:
    """Tell that a certificate issued earlier came onto paper."""
    story.tale.tell(Both(f"{number} {how.en}", f"{number} {how.zh}"), kind="printed", number=number)


def _inspect(story: Story, trip: Trip, time: str, outcome: Both = HEALTHY, **what: tuple[str, ...]) -> str:
    story.clock.go(time)
    ref = acts.inspect(story.stage.laptop, story.declarations[trip.name], trip, **what)
    story.inspections[trip.name] = ref
    story.was_inspected(trip, outcome)
    return ref


def _plan(story: Story, trip: Trip) -> int:
    return story.clock.planned(trip.departs[1], trip.departs[0])


def _portable(story: Story, trip: Trip, times: tuple[str, str, str], plate: str, medium: str, printer: str) -> None:
    seat = story.stage.laptop
    inspection = _inspect(story, trip, times[0])
    story.clock.go(times[1])
    issued = acts.issue(seat, acts.draft_of(seat, inspection, plate, _plan(story, trip), medium=medium))
    story.numbers[trip.name] = issued.number
    attempt = acts.print_out(seat, issued.number, story.printer(seat, printer))
    width = medium.removeprefix("thermal_")
    how = printed(attempt)
    issued_line(story, trip, issued.number, Both(f"{how.en} on {width} mm paper", f"{how.zh}，{width} mm 热敏纸"))
    story.clock.go(times[2])
    # On thermal paper the stub is not filed yet: within three days it is printed on A4 or photographed (归档补打).
    acts.hand_over(seat, issued.number, file_stub=False)
    handed_over_line(story, issued.number, TO_FILE)


def _two_trucks(story: Story) -> None:
    seat, trip = story.stage.laptop, GRASS
    inspection = _inspect(story, trip, "09:08")
    story.clock.go("09:10")
    plan = _plan(story, trip)
    too_many = acts.draft_of(seat, inspection, PLATES[2], plan, quantity=acts.fish(900_000))
    story.was_refused(
        Both("Typing 900,000 instead of 500,000 for the first truck", "第一车数量误填为 900,000"),
        refused(issuing.issue_certificate(seat.device, too_many)),
        Both("too many", "超量"),
    )
    story.clock.go("09:12")
    remark = "本批分两车启运，此为第一车"
    first = acts.draft_of(seat, inspection, PLATES[2], plan, quantity=acts.fish(TRUCK_1), remarks=remark)
    amount = cargo(trip, acts.fish(TRUCK_1))
    number = _issue_print_hand_over(story, trip, first, CAR_LASER, "09:16", amount=amount)
    story.numbers[trip.name] = number
    story.clock.go("09:18")
    tonight = story.clock.planned("00:40", 1)
    second = acts.draft_of(seat, inspection, PLATES[8], tonight, remarks="本批分两车启运，此为第二车")
    story.was_refused(
        Both(
            "Second truck, 300,000 left of the batch, leaves at 00:40 tonight", "第二车余 300,000 尾，夜间 00:40 启运"
        ),
        refused(issuing.issue_certificate(seat.device, second)),
        DRAFT,
    )
    keep_draft(story, second)


def keep_draft(story: Story, draft: IssueDraft) -> None:
    """Keep what is ready to be signed after midnight; a draft takes no number."""
    import msgspec

    device = story.stage.laptop.device
    drafts.save(
        device, drafts.new_draft(device), form="issue", subject=draft.inspection, content=msgspec.to_builtins(draft)
    )
    left = issuing.propose(device, device.rows.one("inspections", ref=draft.inspection) or {}).quantity
    story.tale.tell(
        Both(
            f"Second truck kept as a draft: {left.value:,} fry left, to be signed after midnight; no number taken",
            f"第二车存为草稿：余 {left.value:,} 尾，零点后签发；未占用证号",
        ),
        kind="draft",
        short=DRAFT,
    )


def _issue_print_hand_over(
    story: Story, trip: Trip, draft: IssueDraft, printer: str, leaves: str, *, amount: Both | None = None
) -> str:
    seat = story.stage.laptop
    issued = acts.issue(seat, draft)
    attempt = acts.print_out(seat, issued.number, story.printer(seat, printer))
    issued_line(story, trip, issued.number, printed(attempt), amount)
    story.clock.go(leaves)
    acts.hand_over(seat, issued.number)
    handed_over_line(story, issued.number)
    return issued.number


def _across(story: Story, trip: Trip, times: tuple[str, str, str, str], plate: str, printer: str) -> None:
    seat, inspection = story.stage.laptop, story.inspections[trip.name]
    story.clock.go(times[0])
    draft = acts.draft_of(seat, inspection, plate, _plan(story, trip))
    story.was_refused(
        Both("Issuing A for the mandarin fish before the report is entered", "检测报告未录入即签发鳜鱼 A 证"),
        refused(issuing.issue_certificate(seat.device, draft)),
        NO_REPORT,
    )
    story.clock.go(times[1])
    enter_report(story, trip, "0117")
    story.clock.go(times[2])
    story.numbers[trip.name] = _issue_print_hand_over(story, trip, draft, printer, times[3])


def enter_report(story: Story, trip: Trip, serial: str) -> None:
    """The laboratory's paper report is typed in."""
    seat, report_no = story.stage.laptop, f"LX-{story.clock.today[:4]}-{serial}"
    tested = acts.receive_result(seat, story.samples[trip.name], report_no, story.clock.date(-1))
    what, diseases = cargo(trip), Both(*(acts.diseases_named(seat.device, tested, lang) for lang in ("en", "zh")))
    story.tale.tell(
        Both(
            f"Laboratory report {report_no} entered from paper · {what.en} · not found: {diseases.en}",
            f"录入纸质检测报告 {report_no} · {what.zh} · {diseases.zh} 阴性",
        )
    )


def _truck_breaks_down(story: Story) -> None:
    seat, trip = story.stage.laptop, CRAB
    inspection = _inspect(story, trip, "10:24")
    story.clock.go("10:30")
    draft = acts.draft_of(seat, inspection, PLATES[4], _plan(story, trip), quantity=trip.quantity)
    issued = acts.issue(seat, draft)
    story.numbers["crab before"] = issued.number
    attempt = acts.print_out(seat, issued.number, story.printer(seat, CAR_LASER))
    issued_line(story, trip, issued.number, printed(attempt))
    story.clock.go("10:46")
    story.tale.tell(
        Both(
            f"The truck of {issued.number} breaks down in the yard; both copies, still on the desk, "
            "are marked void and photographed",
            f"{issued.number} 的车辆在场内抛锚；两联纸证都还在桌上，加注“作废”并拍照",
        ),
        number=issued.number,
    )
    story.clock.go("10:50")
    draft = acts.draft_of(
        *(seat, inspection, PLATES[5], _plan(story, trip)),
        quantity=trip.quantity,
        replaces=issued.number,
        replaces_on_desk=handing_over.sheets_on_desk(seat.device, issued.number),
        replaces_photos=[acts.photograph(seat, issued.number)],
        replace_reason="vehicle_changed",
    )
    number = power_cut.issue_with_power_cuts(story, draft)
    story.numbers[trip.name] = number
    how = Both(f"takes the place of {issued.number}, not yet printed", f"替换 {issued.number}，待打印")
    issued_line(story, trip, number, how)
    story.clock.go("11:02")
    printed_line(story, number, printed(acts.print_out(seat, number, story.printer(seat, CAR_LASER))))
    story.clock.go("11:06")
    acts.hand_over(seat, number)
    handed_over_line(story, number)


def _prawns(story: Story) -> None:
    seat, trip = story.stage.laptop, PRAWN
    story.clock.go("12:20")
    enter_report(story, trip, "0118")
    story.clock.go("12:30")
    issued = acts.issue(seat, acts.draft_of(seat, story.inspections[trip.name], PLATES[6], _plan(story, trip)))
    story.numbers[trip.name] = issued.number
    unplugged = "hatchery laser"
    attempt = acts.print_out(seat, issued.number, story.printer(seat, unplugged))
    issued_line(
        story,
        trip,
        issued.number,
        Both(
            f"not printed: the cable of the hatchery's printer is out, attempt {attempt} certainly reached no paper",
            f"未打印：育苗场打印机未接线，第 {attempt} 次尝试确未打印",
        ),
    )
    story.clock.go("12:36")
    story.plug_in(seat, unplugged)
    how = printed(acts.print_out(seat, issued.number, story.printer(seat, unplugged)))
    again = Both(f"{how.en}: the same print, the same bytes", f"{how.zh}：仍是同一次打印、同样的内容")
    printed_line(story, issued.number, again)
    story.clock.go("12:40")
    acts.hand_over(seat, issued.number)
    handed_over_line(story, issued.number)


def _notice(story: Story) -> None:
    seat, trip = story.stage.laptop, KOI
    inspection = _inspect(story, trip, "13:40", SICK, findings=SIGNS, suspected=("CEVD", "KHVD"))
    story.clock.go("13:46")
    draft = NoticeDraft(
        inspection=inspection,
        basis=["apl_56", "proc2023_fish"],
        method="isolation",
        failures=["clinical_signs"],
        diseases=["CEVD", "KHVD"],
    )
    issued = noticing.issue_notice(seat.device, draft)
    number = done(issued)
    story.numbers[trip.name] = number
    attempt = acts.print_out(seat, number, story.printer(seat, CAR_LASER))
    what, how = cargo(trip), printed(attempt)
    story.tale.tell(
        Both(
            f"{number} treatment notice · {what.en} · to be kept apart, not to be moved · {how.en}",
            f"{number} 检疫处理通知单 · {what.zh} · 隔离观察，禁止移动 · {how.zh}",
        ),
        kind="notice",
        number=number,
    )


def _for_the_desk(story: Story) -> None:
    seat, trip = story.stage.laptop, CATFISH
    inspection = _inspect(story, trip, "14:30")
    story.clock.go("14:38")
    issued = acts.issue(seat, acts.draft_of(seat, inspection, PLATES[7], _plan(story, trip)))
    story.numbers[trip.name] = issued.number
    issued_line(
        story,
        trip,
        issued.number,
        Both("to be printed at the desk, where the driver calls anyway", "由窗口打印，承运人顺路去取"),
    )
