"""The folder a demonstration leaves: papers, verdicts, equations, homes."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from printing.preview import page_count, page_image
from tests.demo.running import Told, inspector
from tests.printing.external import zbar_codes

pytestmark = pytest.mark.timeout(600)

NUMBERS = [f"A 990000000{at}" for at in (1, 2)] + [f"B 990000000{at}" for at in range(1, 7)]
REPLACED, REPLACEMENT, SPARE, GRASS = "B 9900000004", "B 9900000005", "B 9900000006", "B 9900000003"
THERMAL = ("B 9900000001", "B 9900000002")


PEOPLE = {"home": "1", "desk": "3"}
"""Who signs in: the vet at the laptop; at the desk the clerk, one of three there."""


def home(told: Told, name: str = "home") -> tuple[str, ...]:
    passphrase = str(told.out / "passphrase.txt")
    return ("--home", str(told.out / name), "--user", PEOPLE[name], "--passphrase-file", passphrase)


def listed(told: Told, table: str) -> list[dict[str, Any]]:
    code, answer = inspector(*home(told), "list", table)
    assert code == 0
    rows: list[dict[str, Any]] = answer["rows"] if isinstance(answer, dict) else answer
    return rows


def test_summary_has_eight_certificates_and_no_number_is_missing(told: Told) -> None:
    lines = told.summary["certificates"]
    assert [f"{line['kind']} {line['number']}" for line in lines] == NUMBERS
    assert Counter(line["state"] for line in lines) == {"issued": 7, "replaced": 1}
    assert told.certificate(REPLACED)["state"] == "replaced"


def test_a_line_of_the_summary_has_these_fields_and_its_files_exist(told: Told) -> None:
    for line in told.summary["certificates"]:
        assert set(line) == {"number", "kind", "state", "pdf", "ticket", "qr", "verdict"}
        assert (told.out / line["pdf"]).read_bytes().startswith(b"%PDF-")
        assert line["ticket"] is None or (told.out / line["ticket"]).read_bytes().startswith(b"\x89PNG")
        assert not Path(line["pdf"]).is_absolute()


def test_only_the_portable_certificates_have_a_strip(told: Told) -> None:
    with_strip = {f"{line['kind']} {line['number']}" for line in told.summary["certificates"] if line["ticket"]}
    assert with_strip == set(THERMAL)


def test_verdicts_are_what_the_command_line_says_a_moment_later(told: Told) -> None:
    for line in told.summary["certificates"]:
        code, answer = inspector("verify", str(told.out / line["pdf"]), "--trust", str(told.out / "trust.pack"))
        number = f"{line['kind']} {line['number']}"
        assert (answer["number"], answer["verdict"]) == (number, told.verdict_now(number))
        assert code == (0 if answer["verdict"] == "practice:genuine" else 1)
    assert told.certificate(REPLACED)["verdict"] == "practice:replaced"
    assert {line["verdict"] for line in told.summary["certificates"] if line["state"] == "issued"} == {
        "practice:genuine"
    }


def test_the_jammed_print_is_superseded_and_the_summary_names_the_one_that_counts(told: Told) -> None:
    assert told.certificate(SPARE)["pdf"].endswith("B-9900000006-print-2.pdf")
    jammed = told.out / "certificates" / "B-9900000006-print-1.pdf"
    code, answer = inspector("verify", str(jammed), "--trust", str(told.out / "trust.pack"))
    assert (code, answer["verdict"]) == (1, "practice:print_superseded")


def test_verifying_needs_no_trust_file_beside_the_papers_once_a_home_has_it(told: Told) -> None:
    _code, answer = inspector("verify", told.certificate(GRASS)["qr"], "--home", str(told.out / "home"))
    assert answer["verdict"] == told.verdict_now(GRASS)


def pages(told: Told) -> list[tuple[str, Image.Image, str]]:
    found = []
    for line in told.summary["certificates"]:
        content = (told.out / line["pdf"]).read_bytes()
        for page in range(page_count(content)):
            found.append((f"{line['pdf']} page {page}", page_image(content, 300, page, grey=True), line["qr"]))
    return found


def test_zxing_reads_every_code_on_every_page_at_300_dpi(told: Told) -> None:
    for name, picture, expected in pages(told):
        codes = {code.text for code in zxingcpp.read_barcodes(picture)}
        assert codes == {expected}, name


def test_zbar_reads_every_code_on_every_page_at_300_dpi(told: Told, tmp_path: Path) -> None:
    for at, (name, picture, expected) in enumerate(pages(told)):
        picture.save(tmp_path / f"{at}.png")
        assert zbar_codes(tmp_path / f"{at}.png") == [expected], name


def test_both_readers_read_the_strips_as_printed(told: Told) -> None:
    for number in THERMAL:
        line = told.certificate(number)
        strip = told.out / line["ticket"]
        assert zbar_codes(strip) == [line["qr"]]
        assert {code.text for code in zxingcpp.read_barcodes(Image.open(strip))} == {line["qr"]}


def test_one_changed_digit_says_altered(told: Told) -> None:
    code = told.certificate(GRASS)["qr"]
    changed = code[:-20] + str((int(code[-20]) + 1) % 10) + code[-19:]
    exit_code, answer = inspector("verify", changed, "--trust", str(told.out / "trust.pack"))
    assert (exit_code, answer["verdict"]) == (1, "practice:altered")


def test_the_altered_picture_it_leaves_says_altered_and_differs_in_one_digit(told: Told) -> None:
    picture = told.out / "proofs" / "altered-code.png"
    code, answer = inspector("verify", str(picture), "--trust", str(told.out / "trust.pack"))
    assert (code, answer["verdict"]) == (1, "practice:altered")
    (forged,) = zbar_codes(picture)
    honest = told.certificate(GRASS)["qr"]
    assert sum(one != other for one, other in zip(forged, honest, strict=True)) == 1


def test_papers_say_specimen_and_their_chinese_is_text(told: Told) -> None:
    from printing.preview import text_of

    for line in told.summary["certificates"]:
        text = text_of((told.out / line["pdf"]).read_bytes())
        assert "练习" in text
        assert line["number"] in text
    assert "王𬀩家庭渔场" in text_of((told.out / told.certificate("B 9900000002")["pdf"]).read_bytes())


def test_both_copies_of_a_print_are_in_its_pdf(told: Told) -> None:
    from printing.preview import text_of

    for line in told.summary["certificates"]:
        text = text_of((told.out / line["pdf"]).read_bytes())
        assert text.count(line["number"]) >= 2, line["pdf"]


def test_equations_of_summary_hold_and_count_eight_certificate_numbers(told: Told) -> None:
    equations = told.summary["equations"]
    for count in equations["blocks"].values():
        parts = sum(count[name] for name in ("free", "used", "returned", "lost", "withdrawn"))
        assert count["size"] == parts
        assert count["holds"] is True
    used = Counter({name[0]: 0 for name in equations["blocks"]})
    for name, count in equations["blocks"].items():
        used[name[0]] += count["used"]
    assert used == {"A": 2, "B": 6, "N": 1}
    for count in equations["paper"].values():
        assert count["opening"] + count["came_in"] == count["went_out"] + count["closing"]
        assert count["came_in"] > 0


def test_twelve_declarations_came_to_what_the_story_says(told: Told) -> None:
    rows = listed(told, "declarations")
    certified = {row["declaration"] for row in listed(told, "certificates") if row["state"] == "issued"}
    noticed = {row["declaration"] for row in listed(told, "notices")}
    open_cases = [row for row in rows if row["state"] == "accepted" and row["ref"] not in certified | noticed]
    assert len(rows) == 12
    assert Counter(row["state"] for row in rows) == {"accepted": 10, "not_accepted": 1, "withdrawn": 1}
    assert (len(certified), len(noticed), len(open_cases)) == (7, 1, 2)


def test_every_certificate_was_issued_offline_and_nothing_lies_in_the_future(told: Told) -> None:
    now = time.time() * 1000
    rows = listed(told, "certificates")
    assert len(rows) == 8
    assert all(row["offline"] == 1 for row in rows)
    assert all(row["issued_at"] <= now for row in rows)


def test_the_replacement_names_what_it_replaces_and_the_batch_of_two_trucks_keeps_a_remainder(told: Told) -> None:
    rows = {row["number"]: row for row in listed(told, "certificates")}
    assert rows[REPLACEMENT]["replaces"] == REPLACED
    assert rows[REPLACED]["replaced_by"] == REPLACEMENT
    assert rows[REPLACED]["void_reason"] == "vehicle_changed"
    assert (rows[GRASS]["value"], rows[SPARE]["print_device"] != rows[SPARE]["device"]) == (500_000, True)


@pytest.mark.parametrize("name", ["home", "desk"])
def test_both_homes_open_and_are_sound(told: Told, name: str) -> None:
    code, answer = inspector(*home(told, name), "doctor")
    assert (code, answer["sound"], answer["findings"]) == (0, True, [])


def test_homes_do_not_open_with_another_passphrase(told: Told, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase of the story at all\n", "utf-8")
    home_options = ("--home", str(told.out / "home"), "--passphrase-file", str(wrong))
    code, answer = inspector(*home_options, "doctor")
    assert (code, answer["fault"]) == (3, "vault_wrong_passphrase")


def test_both_devices_hold_the_trust_file_it_leaves(told: Told) -> None:
    left = (told.out / "trust.pack").read_bytes()
    assert left == (told.out / "home" / "trust.pack").read_bytes() == (told.out / "desk" / "trust.pack").read_bytes()


def test_day_close_sheets_and_the_notice_are_there(told: Told) -> None:
    from printing.preview import text_of

    for name in ("laptop", "desk"):
        text = text_of((told.out / "day-close" / f"{name}.pdf").read_bytes())
        assert "日结单" in text
        assert "成立" in text
    (notice,) = (told.out / "notices").glob("N-*000001.pdf")
    assert "检疫处理通知单" in text_of(notice.read_bytes())


def test_the_print_order_on_the_stick_is_sealed(told: Told) -> None:
    order = (told.out / "print-orders" / "B-9900000006.order").read_bytes()
    assert len(order) > 1000
    assert "车逻".encode() not in order
    assert b"9900000006" not in order


def test_no_copied_home_and_no_building_place_is_left_behind(told: Told) -> None:
    assert not list(told.out.glob(".inspector-demo.new"))
    assert not list(told.out.rglob("copied*"))


# --- what was told ---


def test_the_grass_carp_are_told_in_one_line(told: Told) -> None:
    wanted = (
        r"\d\d:\d\d offline · B 9900000003 issued · 500,000 grass carp fry · Gaoyou → Xinghua · "
        r"signed, journalled, printed \(attempt 1, confirmed\)"
    )
    assert re.search(rf"^{wanted}$", told.stdout, re.MULTILINE)


def test_everything_between_the_two_contacts_was_told_as_offline(told: Told) -> None:
    lines = [line for line in told.stdout.splitlines() if re.match(r"\d\d:\d\d (offline|online )", line)]
    today = lines[next(at for at, line in enumerate(lines) if "Last contact before departure" in line) :]
    states = ["online" if line[6:].startswith("online") else "offline" for line in today]
    first_offline, last_offline = states.index("offline"), len(states) - 1 - states[::-1].index("offline")
    between = today[first_offline : states.index("online", first_offline)]
    assert sum(" issued · " in line for line in between) == 8
    assert last_offline > first_offline


def test_times_of_the_story_never_go_back(told: Told) -> None:
    today = told.stdout.partition("Today")[2]
    times = re.findall(r"^(\d\d:\d\d) (?:offline|online )", today, re.MULTILINE)
    assert len(times) > 25
    assert times == sorted(times)


@pytest.mark.parametrize(
    "said",
    [
        r"KILLED in the middle of issuing, .*: B 9900000005 is free again, B 9900000004 still issued",
        r"KILLED again right after the commit, before anybody was told: B 9900000005 is used, B 9900000004 replaced",
        r"The larger of these 2 requests, [\d,]+ bytes, is sent again.*no byte of its database changed",
        r"One digit of 3\d\d in the code of B 9900000003 changed, \d to \d: practice:altered",
        r"COPIED FOLDER \(throw-away copies\): both take B 9900000007; .*both stop issuing: Issuing is paused",
        r"B 9900000006 print 1 jams",
        r"refused: 900,000 fish entered; 800,000 fish of the inspected batch are left",
        r"refused: A laboratory result is missing",
        r"refused: A certificate B is valid on its day only",
        r"refused: From declaration to departure it is less than the 3 days the rule asks for",
    ],
)
def test_it_tells_what_went_wrong_and_what_was_refused(told: Told, said: str) -> None:
    assert re.search(said, told.stdout)


def test_no_chinese_is_needed_to_follow_the_english_story(told: Told) -> None:
    lines = told.stdout.replace("练习 · SPECIMEN", "").splitlines()
    assert not [line for line in lines if re.search(r"[一-鿿]", line)]


def minute(told: Told, said: str) -> str:
    lines = re.findall(rf"^(\d\d:\d\d) (?:offline|online ) · .*{said}", told.stdout, re.MULTILINE)
    assert len(lines) == 1, (said, lines)
    return str(lines[0])


@pytest.mark.parametrize("number", [number for number in NUMBERS if number != REPLACED])
def test_a_certificate_is_issued_once_and_handed_over_later(told: Told, number: str) -> None:
    issued, left = minute(told, f"{number} issued"), minute(told, f"{number} signed (?:and sealed )?by hand")
    assert issued < left or (issued == left and "is pressed together" in told.stdout)


def test_every_inspection_is_told_with_place_and_result(told: Told) -> None:
    lines = re.findall(r"· Inspected · [^·]+ · [A-Z][\w ]+, [\w ]+ · .*(passed|failed)", told.stdout)
    assert Counter(lines) == {"passed": 9, "failed": 1}


def test_with_the_trust_file_of_the_morning_no_paper_is_known_yet(told: Told) -> None:
    morning = str(told.out / "proofs" / "trust-morning.pack")
    for number in (REPLACED, REPLACEMENT):
        code, answer = inspector("verify", str(told.out / told.certificate(number)["pdf"]), "--trust", morning)
        expected = "practice:expired" if "expired" in told.verdict_now(REPLACEMENT) else "practice:not_yet_reported"
        assert (code, answer["verdict"]) == (1, expected)


def test_the_commands_it_proposes_work(told: Told) -> None:
    proposed = re.findall(r"^  \S+ -m inspector_app (.+)$", told.stdout, re.MULTILINE)
    assert len(proposed) == 3
    codes = [inspector(*line.split())[0] for line in proposed]
    assert codes == [1, 0, 0]
