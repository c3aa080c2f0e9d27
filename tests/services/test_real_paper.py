"""The chain of work on the real press: rare names, characters no font draws, and the code read back off the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from inspector_app import bootstrap, config
from inspector_app.domain.authority import FormSheet
from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.ports import PrintJob
from inspector_app.services.day_close import close_day
from inspector_app.services.device import Device
from inspector_app.services.issuing import can_issue, issue_certificate
from inspector_app.services.noticing import NoticeDraft, issue_notice
from inspector_app.services.print_jobs import content_of, submit
from inspector_app.services.verifying import verify
from tests.office import HandClock, Office, parts
from tests.printers.fake import FakePrinter
from tests.services.proof import code_of, trust_of
from tests.services.work import assert_sound, done, draft, draft_a, inspected, issued, number_states, only, reported

C = RefusalCode
NO_FONT_HAS_IT = "\U00031350"


@pytest.fixture
def device(office: Office, tmp_path: Path, clock: HandClock) -> Iterator[Device]:
    """A station with the real press, whose shipped forms the province has released."""
    paper = bootstrap.station_paper()
    opened = office.enrol(tmp_path / "home", parts(clock, paper=paper))
    forms = [name.removesuffix(".toml").partition("/")[2] for name in config.resource_names("forms", ".toml")]
    office.publish(opened, *(FormSheet(form, "real", bytes.fromhex(paper.form_hash(form)), 0) for form in forms))
    yield opened
    opened.store.database.abandon()


def printed_bytes(device: Device, number: str) -> PrintJob:
    printer = FakePrinter()
    done(submit(device, number, printer))
    return printer.sheets[0]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_rare_names_are_printed_whole_and_the_code_is_read_back_genuine(device: Device) -> None:
    number = issued(device, inspected(device, owner="王𬀩"), consignee="李㛃", destination_place="沙沟镇㛃庄")
    job = printed_bytes(device, number)
    assert {"𬀩", "㛃"} <= set(text_of(job.content))
    judged = verify(job.content, trust_of(device), device.clock.now().at, bootstrap.code_reader())
    assert (judged.code, judged.claimed) == ("practice:genuine", number)
    assert_sound(device)


def test_a_page_under_a_practice_root_is_marked_and_says_nothing_else(device: Device) -> None:
    number = issued(device)
    assert content_of(device, number, 1).leave is None
    assert "SPECIMEN" in text_of(printed_bytes(device, number).content)


def test_an_a_with_carrier_and_disinfection_is_printed_and_read_back(device: Device) -> None:
    batch = inspected(device, owner="张𠮷")
    reported(device, batch, GCHD="negative")
    number = done(issue_certificate(device, draft_a(device, batch, carrier="赵𬀩"))).number
    job = printed_bytes(device, number)
    assert verify(job.content, trust_of(device), device.clock.now().at, bootstrap.code_reader()).claimed == number
    assert {"𠮷", "𬀩"} <= set(text_of(job.content))


def test_a_portable_b_bears_the_same_code(device: Device) -> None:
    number = issued(device, medium="thermal_80")
    (picture,) = device.paper.picture(content_of(device, number, 1), 203)
    judged = verify(picture, trust_of(device), device.clock.now().at, bootstrap.code_reader())
    assert (judged.code, judged.claimed) == ("practice:genuine", number)


def test_one_changed_digit_says_altered(device: Device) -> None:
    code = code_of(device, issued(device))
    changed = code[:-1] + str((int(code[-1]) + 1) % 10)
    judged = verify(changed, trust_of(device), device.clock.now().at, bootstrap.code_reader())
    assert judged.code == "practice:altered"


def unprintable(device: Device, made: IssueDraft) -> Refusal:
    (found,) = can_issue(device, made)
    assert found.code is C.CHARACTER_NOT_PRINTABLE
    assert NO_FONT_HAS_IT in str(found.current)
    return found


def test_a_character_no_font_draws_is_refused_before_a_number_is_taken(device: Device) -> None:
    batch = inspected(device)
    reported(device, batch, GCHD="negative")
    text = f"练习{NO_FONT_HAS_IT}村"
    assert unprintable(device, draft(device, batch, destination_place=text)).field == "destination"
    assert unprintable(device, draft_a(device, batch, carrier=text)).field == "carrier"
    assert unprintable(device, draft_a(device, batch, remarks=text)).field == "remarks"
    assert number_states(device, "B") == number_states(device, "A") == ["free"] * 10


def test_what_a_form_has_no_place_for_cannot_be_drawn_wrongly(device: Device) -> None:
    assert can_issue(device, draft(device, inspected(device), consignee=f"王{NO_FONT_HAS_IT}")) == ()


def test_an_owner_no_font_draws_stops_certificate_and_notice_alike(device: Device) -> None:
    owner = f"王{NO_FONT_HAS_IT}"
    found = only(
        issue_certificate(device, draft(device, inspected(device, owner=owner))), C.CHARACTER_NOT_PRINTABLE, "owner"
    )
    assert NO_FONT_HAS_IT in str(found.current)
    failed = inspected(device, owner=owner, form={"conclusion": "failed", "findings": ["fish_dark"]})
    notice = NoticeDraft(inspection=failed, basis=["apl_56"], method="therapy", failures=["clinical_signs"])
    only(issue_notice(device, notice), C.CHARACTER_NOT_PRINTABLE, "owner")
    assert (number_states(device, "B")[0], number_states(device, "N")[0]) == ("free", "free")


def test_a_text_the_paper_has_no_room_for_is_refused(device: Device) -> None:
    place = "沙沟镇" + "练习村" * 60
    found = only(
        issue_certificate(device, draft(device, inspected(device), destination_place=place)),
        C.TEXT_TOO_LONG,
        "destination",
    )
    assert number_states(device, "B")[0] == "free"
    assert found.current


def test_a_treatment_notice_and_the_day_close_are_drawn(device: Device) -> None:
    failed = inspected(device, owner="王𬀩", form={"conclusion": "failed", "findings": ["fish_dark"]})
    notice = NoticeDraft(inspection=failed, basis=["apl_56"], method="therapy", failures=["clinical_signs"])
    number = done(issue_notice(device, notice)).number
    shown = text_of(printed_bytes(device, number).content)
    assert "检疫处理通知单" in shown.replace(" ", "")
    assert "𬀩" in shown
    closed = done(close_day(device, device.today()))
    assert "日结单" in text_of(device.files.read(closed.sheet)).replace(" ", "")
    assert_sound(device)
