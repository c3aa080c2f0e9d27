"""The public page: every state of UX 5.2, what it never shows, and what it costs a telephone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from inspector_app.domain.correction import CorrectedValues
from inspector_app.domain.credential import Tone, Verdict, check_code
from inspector_app.journal.entries.corrections import CertificateCorrected
from inspector_app.suites import SigningKey, Suite
from province.public import looking
from province.public.models import ScanCount
from province.registry.fencing import fence_device
from province.texts import table
from tests.office import CountingRandom
from tests.province import work
from tests.province.fixtures import CLERK, VET, Province
from tests.sync.fakes import FakeDevice


def page(code: str, **query: str) -> tuple[int, str]:
    """Status and HTML of a scanned code."""
    response = Client().get("/q/" + code.rsplit("/", 1)[-1], query)
    return response.status_code, response.content.decode()


def headline(html: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", html)
    return found[1] if found else ""


def reported(site: Province, **changes: Any) -> tuple[FakeDevice, work.Issued]:
    device = site.enrol(people=(VET, CLERK))
    issued = work.certify(device, **changes)
    device.sync(site.exchange)
    return device, issued


# --- the states -----------------------------------------------------------------------------------------------------


def test_w1_a_reported_certificate_is_in_force(site: Province) -> None:
    _device, issued = reported(site)
    status, html = page(issued.code())
    assert (status, headline(html)) == (200, "证明有效")
    for text in ("B 9900000001", "草鱼", "100,000尾", "江苏省扬州市高邮市", "陆清河", "高邮湖西站", "0514-84600000"):
        assert text in html
    assert "苏K9J2••" in html
    assert "第 1 次打印" in html


def test_w2_a_certificate_not_yet_uploaded_has_a_good_signature(site: Province) -> None:
    device = site.enrol()
    _status, html = page(work.certify(device).code())
    assert headline(html) == "签名有效，尚未上传"
    assert "离线签发" in html


def test_w3_past_its_validity(site: Province) -> None:
    _device, issued = reported(site)
    site.clock.wait(13 * 3600)
    _status, html = page(issued.code())
    assert headline(html) == "已过有效期"
    assert "2026-11-21 23:59" in html


def test_w4_a_superseded_print_names_the_one_that_counts(site: Province) -> None:
    from inspector_app.journal.entries.printing import PrintReleased
    from inspector_app.suites import sha256

    device, issued = reported(site)
    digest = sha256(issued.payloads[1]).hex()
    device.record(CLERK, PrintReleased(number=issued.number, print=2, reason="jam", spoiled=[], credential=digest))
    device.sync(site.exchange)
    _status, html = page(issued.code(1))
    assert headline(html) == "此件已被补打件替代"
    assert "请要求出示第 2 次打印件" in html
    assert headline(page(issued.code(2))[1]) == "证明有效"


@pytest.mark.parametrize("kind", ["void", "replace"])
def test_w6_void_and_replaced_certificates_are_not_accepted(site: Province, kind: str) -> None:
    device = site.enrol()
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    issued = work.issue(device, inspection, declaration)
    if kind == "void":
        work.void(device, issued)
    else:
        work.issue(device, inspection, declaration, replaces=str(issued.number), replace_reason="wrong_plate")
    device.sync(site.exchange)
    _status, html = page(issued.code())
    assert headline(html) == "不能作为有效证明"
    assert "0514-84600000" in html


def test_w6_another_paper_under_a_recorded_number_is_not_the_certificate_on_record(site: Province) -> None:
    device = site.enrol()
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    twin, taken = device.clone(), work.next_number(device, "B")
    recorded = work.issue(device, inspection, declaration, taken=taken)
    other = work.issue(twin, inspection, declaration, taken=taken, quantity=work.QUANTITY)
    device.sync(site.exchange)
    assert headline(page(recorded.code())[1]) == "证明有效"
    status, html = page(other.code())
    assert (status, headline(html)) == (200, "与平台记录不符")
    assert "请与实物、车辆核对" not in html
    twin.sync(site.exchange)
    assert headline(page(recorded.code())[1]) == "正在核实"
    assert headline(page(other.code())[1]) == "与平台记录不符"
    code = check_code(recorded.payloads[0])
    assert headline(look_up(kind="B", number=recorded.number.digits, code=code)[1]) == "正在核实"


@pytest.mark.parametrize(
    "claimed",
    [
        {"quantity_value": 999_000},
        {"quantity_scale": 1},
        {"unit": 2},
        {"species": 102},
        {"origin": work.WUHU},
        {"destination": work.GAOYOU},
        {"purpose": 2},
        {"valid_minutes": 43_200},
        {"issue_minute": 1},
        {"plate": "苏K00000"},
        {"vet": 13},
    ],
    ids=lambda claimed: next(iter(claimed)),
)
def test_w6_a_paper_that_says_more_than_its_record_is_not_in_force(site: Province, claimed: dict[str, Any]) -> None:
    device = site.enrol()
    issued = work.certify(device, credential=claimed)
    device.sync(site.exchange)
    found = looking.look_at(site.using, issued.code().rsplit("/", 1)[1])
    judged = {"issue_minute": Verdict.KEY_NOT_VALID_THEN, "vet": Verdict.NUMBER_OUTSIDE_BLOCK}
    assert found.state == judged.get(next(iter(claimed)), Verdict.CONTRADICTS_RECORD)
    assert found.tone is Tone.STOP


def test_a_time_no_calendar_has_breaks_no_page(site: Province) -> None:
    device = site.enrol()
    issued = work.certify(device, credential={"issue_minute": 2**45})
    status, html = page(issued.code())
    assert (status, headline(html)) == (200, "无法确认为本平台签发")
    assert "0514-84600000" in html


def test_w6_a_certificate_whose_prints_are_no_digests_is_doubted_and_breaks_no_page(site: Province) -> None:
    device = site.enrol()
    issued = work.certify(device, prints=["zz", "yy", "xx"])
    device.sync(site.exchange)
    assert headline(page(issued.code())[1]) == "正在核实"
    assert headline(look_up(kind="B", number=issued.number.digits, code="AAAAAA")[1]) == "编号与校验码对不上"


def test_a_certificate_nobody_reported_is_never_in_force_though_a_later_one_is(site: Province) -> None:
    device = site.enrol()
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    hidden = work.issue(device.clone(), inspection, declaration, taken=work.next_number(device, "B"))
    reported_one = work.issue(device, inspection, declaration, taken=work.next_number(device, "B", skip=1))
    device.sync(site.exchange)
    assert headline(page(hidden.code())[1]) == "正在核实"
    assert headline(page(reported_one.code())[1]) == "证明有效"


def test_w6_what_a_lost_device_signs_is_not_confirmed(site: Province) -> None:
    device = site.enrol()
    fence_device(site.using, device.device)
    site.clock.wait(60)
    assert headline(page(work.certify(device).code())[1]) == "无法确认为本平台签发"


def test_w7_a_changed_digit_is_not_confirmed_and_shows_no_facts(site: Province) -> None:
    _device, issued = reported(site)
    code = issued.code()
    for place in (-1, -40, -200):
        changed = code[:place] + str((int(code[place]) + 1) % 10) + (code[place:][1:])
        status, html = page(changed)
        assert status == 200
        assert headline(html) == "无法确认为本平台签发"
        assert "草鱼" not in html


def test_w7_a_stranger_s_key_is_not_confirmed(site: Province) -> None:
    device = site.enrol()
    forged = work.certify(device, key=SigningKey.generate(Suite.ED25519, CountingRandom("forger")))
    assert headline(page(forged.code())[1]) == "无法确认为本平台签发"


def test_w7_a_number_outside_the_signer_s_block_is_not_confirmed(site: Province) -> None:
    from inspector_app.domain.numbering import Number

    device = site.enrol()
    _number, block = work.next_number(device, "B")
    issued = work.certify(device, taken=(Number("99-B", "B", "9900000950"), block))
    assert headline(page(issued.code())[1]) == "无法确认为本平台签发"


@pytest.mark.parametrize("code", ["123", "hello", "1" * 400, "９９", "%00", "x" * 1500, "9900000001"])
def test_garbage_gets_a_friendly_page_and_the_form(site: Province, code: str) -> None:
    status, html = page(code)
    assert status == 200
    assert headline(html) in ("二维码没有读全", "无法确认为本平台签发")
    assert 'name="code"' in html


def test_an_a_certificate_tells_of_the_report_on_arrival(site: Province) -> None:
    device = site.enrol()
    issued = work.certify(device, kind="A")
    html = page(issued.code())[1]
    assert "24 小时内" not in html  # not yet uploaded, and without results it will be disputed
    device.sync(site.exchange)
    assert headline(page(issued.code())[1]) == "正在核实"


def test_every_verdict_has_its_words_in_both_languages() -> None:
    for language in ("zh", "en"):
        for words in ("public_headline", "public_text"):
            texts = table(words, language)
            assert {verdict.value for verdict in Verdict} <= set(texts)


# --- looking a number up --------------------------------------------------------------------------------------------


def look_up(**query: str) -> tuple[int, str]:
    response = Client().get("/q/", query)
    return response.status_code, response.content.decode()


def test_a_number_with_its_check_code_is_looked_up(site: Province) -> None:
    _device, issued = reported(site)
    status, html = look_up(kind="B", number=" ９９００００００01 ", code=check_code(issued.payloads[0]).lower())
    assert (status, headline(html)) == (200, "证明有效")
    assert "草鱼" in html


def test_w8_a_number_alone_is_not_enough(site: Province) -> None:
    reported(site)
    _status, html = look_up(kind="B", number="9900000001")
    assert headline(html) == "请扫描二维码"
    assert "草鱼" not in html


def test_an_unknown_number_and_a_wrong_code_get_the_same_answer(site: Province) -> None:
    reported(site)
    pages = [look_up(kind="B", number=number, code="AAAAAA")[1] for number in ("9900000001", "9900000002")]
    assert headline(pages[0]) == "编号与校验码对不上"
    assert pages[0].replace("9900000001", "N") == pages[1].replace("9900000002", "N")


def test_the_check_code_of_an_old_print_says_that_a_later_one_counts(site: Province) -> None:
    from inspector_app.journal.entries.printing import PrintReleased
    from inspector_app.suites import sha256

    device, issued = reported(site)
    digest = sha256(issued.payloads[1]).hex()
    device.record(CLERK, PrintReleased(number=issued.number, print=2, reason="jam", spoiled=[], credential=digest))
    device.sync(site.exchange)
    code = check_code(issued.payloads[0])
    assert headline(look_up(kind="B", number="9900000001", code=code)[1]) == "此件已被补打件替代"


def test_numbers_cannot_be_combed(site: Province) -> None:
    reported(site)
    statuses = [look_up(kind="B", number=f"99{sequence:08d}", code="AAAAAA")[0] for sequence in range(40)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_the_form_alone_is_a_page(site: Province) -> None:
    status, html = look_up()
    assert (status, headline(html)) == (200, "")
    assert "按编号查验" in html


# --- what it shows, and what it never shows -------------------------------------------------------------------------


def test_nothing_personal_is_on_the_page(site: Province) -> None:
    _device, issued = reported(site)
    html = page(issued.code())[1]
    for secret in ("湖西特种水产苗种场", "13900000001", "昌荣镇", "苏K9J21A", "1 号塘"):
        assert secret not in html


def test_practice_is_marked_on_every_page(site: Province) -> None:
    _device, issued = reported(site)
    for html in (page(issued.code())[1], look_up()[1], page("garbage")[1], page(issued.code(), lang="en")[1]):
        assert "SPECIMEN" in html


def test_the_page_speaks_english_too(site: Province) -> None:
    _device, issued = reported(site)
    html = page(issued.code(), lang="en")[1]
    assert headline(html) == "In force"
    for text in ("grass carp", "100,000 fish", "Gaoyou, Yangzhou, Jiangsu", "Lu Qinghe", "Gaoyou Huxi Station"):
        assert text in html
    assert 'lang="en"' in html


def test_the_plate_s_end_can_be_compared(site: Province) -> None:
    _device, issued = reported(site)
    assert "末两位一致" in page(issued.code(), plate="1a")[1]
    assert "末两位不一致" in page(issued.code(), plate="99")[1]


def corrected(device: FakeDevice, issued: work.Issued, site: Province, *fields: str) -> None:
    """A note to a certificate, reported: another truck, another carrier."""
    fact = CertificateCorrected(number=issued.number, fields=list(fields), reason="vehicle_changed")
    private = CorrectedValues(plate="苏K88Z66", carrier="练习运输队", owner_phone="13700000009", note="原车故障")
    device.record(VET, fact, private=private)
    device.sync(site.exchange)


def test_a_corrected_plate_is_shown_as_far_as_plates_are_and_compared(site: Province) -> None:
    device, issued = reported(site)
    corrected(device, issued, site, "plate")
    html = page(issued.code(), plate="66")[1]
    assert headline(html) == "证明有效"
    assert "苏K9J2••" in html, "what stands on the paper"
    assert "更正为 苏K88Z••" in html
    assert "编号和纸质证明继续有效" in html
    assert "末两位一致" in html
    assert "末两位不一致" in page(issued.code(), plate="1a")[1], "the truck on the paper is not on the road"


def test_nothing_personal_of_a_note_is_on_the_page(site: Province) -> None:
    device, issued = reported(site)
    corrected(device, issued, site, "plate", "carrier", "owner_phone")
    for html in (page(issued.code())[1], page(issued.code(), lang="en")[1]):
        assert not [one for one in ("苏K88Z66", "练习运输队", "13700000009", "原车故障") if one in html]
    assert "承运人、货主电话、车牌号" in page(issued.code())[1]
    assert "carrier, owner&#x27;s telephone, plate" in page(issued.code(), lang="en")[1]


def test_a_certificate_looked_up_by_hand_shows_its_note_too(site: Province) -> None:
    device, issued = reported(site)
    corrected(device, issued, site, "plate")
    code = check_code(issued.payloads[0])
    assert "更正为 苏K88Z••" in look_up(number=issued.number.digits, kind="B", code=code)[1]


def test_a_corrected_certificate_that_is_void_is_void_on_the_page(site: Province) -> None:
    device, issued = reported(site)
    corrected(device, issued, site, "plate")
    work.void(device, issued)
    device.sync(site.exchange)
    assert headline(page(issued.code())[1]) == "不能作为有效证明"


def test_looks_are_counted_by_day_and_nothing_else_is_kept(site: Province) -> None:
    _device, issued = reported(site)
    pages = [page(issued.code())[1] for _ in range(3)]
    assert "今天第 1 次查验" in pages[0]
    assert "今天第 3 次查验" in pages[2]
    row = ScanCount.objects.using(site.using).get()
    assert (row.number, row.day, row.count) == ("B 9900000001", "2026-11-21", 3)


def test_headers_keep_the_page_private(site: Province) -> None:
    _device, issued = reported(site)
    response = Client().get("/q/" + issued.code().rsplit("/", 1)[1])
    headers = response.headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "ETag" not in headers
    assert not response.cookies
    assert "<script" not in response.content.decode()


def test_the_page_is_light(site: Province) -> None:
    from pathlib import Path

    import province.public

    _device, issued = reported(site)
    style = Path(province.public.__path__[0]) / "static" / "public" / "page.css"
    assert len(page(issued.code())[1].encode()) + style.stat().st_size <= 20_000


def test_w9_a_failure_says_so_and_blames_nobody(site: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    _device, issued = reported(site)

    def broken(*_arguments: object) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(looking, "_knowledge", broken)
    client = Client(raise_request_exception=False)
    with pytest.MonkeyPatch.context() as quiet:
        import logging

        quiet.setattr(logging.getLogger("django.request"), "disabled", True)
        response = client.get("/q/" + issued.code().rsplit("/", 1)[1])
    assert response.status_code == 503
    assert headline(response.content.decode()) == "暂时无法查询"
