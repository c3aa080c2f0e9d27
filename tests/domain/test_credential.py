"""The credential: what was signed is what is read, one changed digit is altered, and every verdict has its place."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.canonical import encode
from inspector_app.domain.credential import (
    CONTEXT,
    CodeFault,
    Credential,
    Reason,
    Recorded,
    ScannedCode,
    Tone,
    Verdict,
    assemble,
    body_of,
    check_code,
    judge,
    qr_text,
    read_code,
    signing_input,
)
from inspector_app.domain.trust import Standing, TrustFile
from inspector_app.suites import verify
from tests.proof_samples import (
    DAY_MS,
    DEVICE,
    HOST,
    NOW,
    OTHER_VET_KEY,
    VET,
    VET_KEY,
    block,
    code,
    credential,
    exception,
    judged,
    key_for,
    payload,
    trust_file,
    trust_key,
)

CODE = code()
DIGITS = CODE.rpartition("/")[2]
HEADER_HIT = {
    Verdict.UNKNOWN_KEY,
    Verdict.UNREADABLE,
    Verdict.NEWER_VERSION,
    Verdict.UNKNOWN_PROVINCE,
    Verdict.OTHER_PROVINCE,
}


def with_exception(sequence: int, standing: Standing, current_print: int = 1) -> TrustFile:
    return trust_file(blocks=(block(exceptions=(exception(sequence, standing, current_print),)),))


def signed_body(body: bytes) -> str:
    signed = bytes([1]) + VET_KEY.public.key_id + body
    return qr_text(HOST, assemble(signed, VET_KEY.sign(CONTEXT, signed)))


# --- bytes and text --------------------------------------------------------------------------------------------------

CREDENTIALS = st.builds(
    credential,
    sequence=st.integers(0, 99_999_999),
    kind=st.integers(1, 2),
    device_seq=st.integers(0, 2**53),
    quantity_value=st.integers(1, 2**53),
    quantity_scale=st.integers(0, 6),
    plate=st.text("苏K皖粤港挂学警1234567890ABC·- ", max_size=16),
    print_no=st.integers(1, 99),
    offline=st.booleans(),
)


@given(CREDENTIALS)
def test_what_is_put_on_paper_is_read_back(facts: Credential) -> None:
    read = read_code(code(facts))
    assert isinstance(read, ScannedCode)
    assert read == ScannedCode(payload(facts), HOST)
    assert body_of(read.payload) == facts


def test_a_usual_credential_has_the_size_the_paper_was_measured_for() -> None:
    assert len(payload(credential())) <= 163  # SECURITY 2.7: version 10 at 0.5 mm modules is 32.5 mm
    assert len(DIGITS) <= 396


@pytest.mark.parametrize(
    "changes",
    [
        {"digits": "99x"},
        {"digits": "990"},
        {"digits": "9900000003\n"},
        {"digits": "９900000003"},
        {"kind": 0},
        {"kind": 3},
        {"prev": bytes(7)},
        {"record": bytes(17)},
        {"valid_minutes": 0},
        {"quantity_value": 0},
        {"quantity_scale": 7},
        {"origin": 1_000_000},
        {"species": 65_536},
        {"device_seq": -1},
        {"plate": "苏K12345 and a telephone"},
        {"plate": "苏K\u202e12345"},
        {"print_no": 0},
        {"time_confidence": 3},
        {"offline": 1},
    ],
)
def test_values_out_of_range_are_neither_signed_nor_read(changes: dict[str, Any]) -> None:
    facts = credential(**changes)
    with pytest.raises(ValueError, match=r"\$"):
        signing_input(VET_KEY.public, facts)
    body = encode(msgspec.to_builtins(facts, builtin_types=(bytes,)))
    assert judged(signed_body(body)).verdict is Verdict.NEWER_VERSION


@pytest.mark.parametrize("host", ["", "Practice.invalid", "https://x.cn", "x.cn/y", "x.cn:port", "查验.cn"])
def test_hosts_that_would_not_survive_a_scanner_are_refused(host: str) -> None:
    with pytest.raises(ValueError, match="host"):
        qr_text(host, payload(credential()))


def test_a_signature_of_another_length_makes_no_payload() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        assemble(b"", bytes(63))


def test_the_check_code_is_six_letters_of_the_payloads_hash() -> None:
    found = check_code(payload(credential()))
    assert len(found) == 6
    assert set(found) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    assert found != check_code(payload(credential(print_no=2)))


@pytest.mark.parametrize(
    "scanned",
    [
        CODE,
        CODE.upper(),
        f"  {CODE}\r\n",
        f"{CODE}?from=wechat#top",
        f"{CODE}/",
        DIGITS,
        CODE.translate(str.maketrans("0123456789:/.", "０１２３４５６７８９：／．")),
        CODE.replace("/", "、").replace(".", "。"),
        f"{DIGITS[:100]} {DIGITS[100:]}\t",
    ],
    ids=["as printed", "upper case", "blanks", "query", "slash", "digits", "full width", "input method", "wrapped"],
)
def test_scanners_and_input_methods_do_not_change_the_verdict(scanned: str) -> None:
    assert judged(scanned).verdict is Verdict.GENUINE
    assert Reason.FOREIGN_HOST.value not in judged(scanned).reasons


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", CodeFault.EMPTY),
        (" \t\n", CodeFault.EMPTY),
        ("1" * 3000, CodeFault.TOO_LONG),
        ("1" * 801, CodeFault.TOO_LONG),
        ("B 9900000003", CodeFault.NUMBER_ONLY),
        ("９９００００００03", CodeFault.NUMBER_ONLY),
        ("https://example.cn/", CodeFault.NOT_OURS),
        ("/////", CodeFault.NOT_OURS),
        ("https://example.cn/q/" + DIGITS + "x", CodeFault.NOT_OURS),
        ("1" * 300, CodeFault.DAMAGED),
        ("0" + DIGITS, CodeFault.DAMAGED),
        (DIGITS[:-1], CodeFault.DAMAGED),
        (DIGITS + "0", CodeFault.DAMAGED),
        (str(int.from_bytes(b"\x01" + bytes(73))), CodeFault.NOT_OURS),
        (str(int.from_bytes(b"\x02" + bytes(74))), CodeFault.DAMAGED),
        ("https://shop.example/p/4711", CodeFault.NOT_OURS),
        ("https://q/" + "٣" * 200, CodeFault.NOT_OURS),
    ],
)
def test_what_is_no_code_of_ours_says_why(text: str, fault: CodeFault) -> None:
    assert read_code(text) is fault
    assert judged(text).verdict is Verdict.UNREADABLE
    assert judged(text).reasons == (fault.value,)


# --- tampering -------------------------------------------------------------------------------------------------------


def test_every_single_changed_digit_is_noticed_and_nearly_always_called_altered() -> None:
    """All of them, not a sample: 9 other digits at each of about 390 places."""
    verdicts: Counter[Verdict] = Counter()
    for at, digit in itertools.product(range(len(DIGITS)), "0123456789"):
        if DIGITS[at] != digit:
            found = judged(DIGITS[:at] + digit + DIGITS[at + 1 :])
            assert found.facts is None
            verdicts[found.verdict] += 1
    assert set(verdicts) <= {Verdict.ALTERED, *HEADER_HIT}
    assert verdicts[Verdict.ALTERED] > 0.9 * verdicts.total()


@pytest.mark.parametrize("at", [30, 100, 200, 300, -1])
def test_a_digit_changed_in_the_body_is_altered(at: int) -> None:
    changed = [*DIGITS]
    changed[at] = str((int(changed[at]) + 1) % 10)
    judgement = judged(f"https://{HOST}/q/{''.join(changed)}")
    assert judgement.verdict is Verdict.ALTERED
    assert judgement.verdict.tone is Tone.STOP
    assert judgement.code == "practice:altered"
    assert judgement.facts is None


@given(st.data())
def test_no_mangled_code_is_believed(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["swap", "drop", "double", "cut", "several"]))
    at, other = sorted(data.draw(st.tuples(st.integers(0, len(DIGITS) - 1), st.integers(0, len(DIGITS) - 1))))
    mangled = {
        "swap": DIGITS[:at] + DIGITS[other] + DIGITS[at + 1 : other] + DIGITS[at] + DIGITS[other + 1 :],
        "drop": DIGITS[:at] + DIGITS[at + 1 :],
        "double": DIGITS[:at] + DIGITS[at] + DIGITS[at:],
        "cut": DIGITS[:at],
        "several": DIGITS[:at] + DIGITS[at:other][::-1] + DIGITS[other:],
    }[kind]
    if mangled != DIGITS and not (kind == "swap" and at == other):
        assert judged(mangled).facts is None
        assert judged(mangled).verdict in {Verdict.ALTERED, *HEADER_HIT}


@given(st.text(max_size=300) | st.text("0123456789/: ", max_size=900))
def test_any_text_is_judged_and_none_is_believed(text: str) -> None:
    assert judged(text).facts is None


@given(st.binary(max_size=250))
def test_any_signed_body_is_judged_and_none_is_believed(body: bytes) -> None:
    assert judged(signed_body(body or b"\x00")).verdict is Verdict.NEWER_VERSION


def test_a_home_made_code_with_its_own_key_is_not_believed() -> None:
    assert judged(code(key=key_for("forger"))).verdict is Verdict.UNKNOWN_KEY


def test_a_signature_for_another_purpose_is_altered() -> None:
    signed = signing_input(VET_KEY.public, credential())
    forged = qr_text(HOST, assemble(signed, VET_KEY.sign("inspector/entry/1", signed)))
    assert judged(forged).verdict is Verdict.ALTERED


def test_two_good_codes_cannot_be_pasted_together() -> None:
    one, other = payload(credential(3)), payload(credential(4))
    assert judged(qr_text(HOST, one[:-64] + other[-64:])).verdict is Verdict.ALTERED


# --- the verdicts ----------------------------------------------------------------------------------------------------


def test_a_genuine_practice_certificate_is_never_plainly_genuine() -> None:
    judgement = judged(CODE)
    assert judgement.code == "practice:genuine"
    assert judgement.facts == credential()
    assert judgement.trust_age_ms == DAY_MS
    assert judgement.signer
    assert judgement.signer.subject == VET
    assert judgement.station
    assert judgement.station.phone == "0514-0000000"
    assert judgement.also == judgement.reasons == ()


def test_a_real_certificate_is_plainly_genuine() -> None:
    real = trust_file(
        practice=False,
        province="32",
        blocks=(block(first="3200000001", last="3200000050", reported_through="3200000050"),),
    )
    judgement = judged(code(credential(digits="3200000003")), real)
    assert (judgement.code, judgement.verdict.tone) == ("genuine", Tone.GOOD)


def test_a_practice_print_is_a_specimen_to_every_real_device() -> None:
    real = trust_file(practice=False, province="32", keys=())
    assert judged(CODE, real).verdict is Verdict.SPECIMEN
    assert judged(CODE, real).claimed == "B 9900000003"


@pytest.mark.parametrize(
    ("digits", "verdict"),
    [
        ("9900000003", Verdict.UNKNOWN_KEY),
        ("3300000003", Verdict.OTHER_PROVINCE),
        ("4400000003", Verdict.UNKNOWN_PROVINCE),
    ],
)
def test_a_strangers_key_is_told_by_the_province_its_number_claims(digits: str, verdict: Verdict) -> None:
    judgement = judged(code(credential(digits=digits), key_for("stranger")))
    assert judgement.verdict is verdict
    assert judgement.claimed == f"B {digits}"
    assert judgement.facts is None


@pytest.mark.parametrize(
    ("suite", "verdict"), [(2, Verdict.NEWER_VERSION), (9, Verdict.UNREADABLE), (0, Verdict.UNREADABLE)]
)
def test_a_reserved_suite_asks_for_a_newer_program_and_any_other_is_unreadable(suite: int, verdict: Verdict) -> None:
    assert judged(qr_text(HOST, bytes([suite]) + payload(credential())[1:])).verdict is verdict


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"valid_from": NOW}, Verdict.KEY_NOT_VALID_THEN),
        ({"valid_until": NOW - 2 * 3_600_000}, Verdict.KEY_NOT_VALID_THEN),
        ({"valid_before": NOW - DAY_MS}, Verdict.KEY_NOT_VALID_THEN),
        ({"valid_before": NOW - 3_600_000}, Verdict.KEY_NOT_VALID_THEN),
        ({"valid_before": NOW - 3_600_000 + 1}, Verdict.GENUINE),
        ({"valid_from": NOW - 3_600_000 + 59_000}, Verdict.GENUINE),
        ({"valid_until": NOW - 3_600_000}, Verdict.GENUINE),
    ],
)
def test_a_key_counts_for_the_minute_of_issue(changes: dict[str, Any], verdict: Verdict) -> None:
    assert judged(CODE, trust_file(keys=(trust_key(VET_KEY, **changes),))).verdict is verdict


@pytest.mark.parametrize(
    ("facts", "key", "blocks", "reason"),
    [
        (credential(51), VET_KEY, (block(),), Reason.NO_BLOCK),
        (credential(3, kind=1), VET_KEY, (block(),), Reason.NO_BLOCK),
        (credential(3, digits="990000000003"), VET_KEY, (block(),), Reason.NO_BLOCK),
        (credential(3), OTHER_VET_KEY, (block(),), Reason.SIGNER_NOT_NAMED_VET),
        (credential(3, vet=8), OTHER_VET_KEY, (block(),), Reason.SIGNER_NOT_HOLDER),
        (credential(3), VET_KEY, (block(device=DEVICE[::-1]),), Reason.DEVICE_NOT_OF_BLOCK),
    ],
)
def test_number_block_device_and_signer_must_belong_together(
    facts: Credential, key: Any, blocks: Any, reason: Reason
) -> None:
    judgement = judged(code(facts, key), trust_file(blocks=blocks))
    assert judgement.verdict is Verdict.NUMBER_OUTSIDE_BLOCK
    assert reason.value in judgement.reasons


@pytest.mark.parametrize(
    ("standing", "verdict"),
    [
        (Standing.VOIDED, Verdict.VOIDED),
        (Standing.REPLACED, Verdict.REPLACED),
        (Standing.WITHDRAWN, Verdict.WITHDRAWN),
        (Standing.LOST, Verdict.LOST),
        (Standing.DISPUTED, Verdict.DISPUTED),
        (Standing.ARRIVED, Verdict.ARRIVED),
        (Standing.IN_FORCE, Verdict.GENUINE),
    ],
)
def test_what_the_province_says_of_a_number_is_the_verdict(standing: Standing, verdict: Verdict) -> None:
    judgement = judged(CODE, with_exception(3, standing))
    assert judgement.verdict is verdict
    assert judgement.exception
    assert judgement.exception.standing == standing


def test_an_exception_about_the_next_number_says_nothing_about_this_one() -> None:
    assert judged(CODE, with_exception(4, Standing.VOIDED)).verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    ("print_no", "current", "verdict"),
    [
        (1, 2, Verdict.PRINT_SUPERSEDED),
        (2, 2, Verdict.GENUINE),
        (2, 3, Verdict.PRINT_SUPERSEDED),
        (3, 2, Verdict.NOT_YET_REPORTED),
    ],
)
def test_only_the_current_print_counts_and_a_later_one_waits_to_be_reported(
    print_no: int, current: int, verdict: Verdict
) -> None:
    trust = with_exception(3, Standing.IN_FORCE, current)
    assert judged(code(credential(print_no=print_no)), trust).verdict is verdict


def test_a_number_the_province_has_not_heard_of_is_signed_but_not_reported() -> None:
    judgement = judged(code(credential(21, offline=True)))
    assert judgement.verdict is Verdict.NOT_YET_REPORTED
    assert judgement.verdict.tone is Tone.NOTICE
    assert Reason.SIGNED_OFFLINE.value in judgement.reasons
    assert judgement.facts


def test_validity_ends_with_its_last_minute() -> None:
    expires = credential().expires_ms
    assert judged(CODE, now_ms=expires).verdict is Verdict.GENUINE
    assert judged(CODE, now_ms=expires + 1).verdict is Verdict.EXPIRED


@pytest.mark.parametrize(
    ("sequence", "standing", "print_no", "current", "days", "expected"),
    [
        (3, Standing.VOIDED, 1, 2, 2, [Verdict.VOIDED, Verdict.PRINT_SUPERSEDED, Verdict.EXPIRED]),
        (3, Standing.DISPUTED, 1, 2, 0, [Verdict.PRINT_SUPERSEDED, Verdict.DISPUTED]),
        (3, Standing.ARRIVED, 1, 1, 2, [Verdict.ARRIVED, Verdict.EXPIRED]),
        (21, Standing.WITHDRAWN, 1, 1, 0, [Verdict.WITHDRAWN, Verdict.NOT_YET_REPORTED]),
        (21, Standing.IN_FORCE, 1, 1, 2, [Verdict.EXPIRED, Verdict.NOT_YET_REPORTED]),
    ],
)
def test_the_first_verdict_in_order_is_said_and_the_others_are_not_lost(
    sequence: int, standing: Standing, print_no: int, current: int, days: int, expected: list[Verdict]
) -> None:
    text = code(credential(sequence, print_no=print_no))
    judgement = judged(text, with_exception(sequence, standing, current), NOW + days * DAY_MS)
    assert [judgement.verdict, *judgement.also] == expected


def test_authority_comes_before_what_is_said_of_the_number() -> None:
    trust = msgspec.structs.replace(
        with_exception(3, Standing.VOIDED), keys=(trust_key(VET_KEY, valid_before=NOW - DAY_MS, subject=9),)
    )
    judgement = judged(CODE, trust)
    assert judgement.verdict is Verdict.KEY_NOT_VALID_THEN
    assert judgement.also == (Verdict.NUMBER_OUTSIDE_BLOCK, Verdict.VOIDED)


RECORDED = Recorded(
    {1: hashlib.sha256(payload(credential())).digest()}, {"quantity_value": 500_000, "plate": "苏K12345"}
)


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (RECORDED, Verdict.GENUINE),
        (Recorded(RECORDED.prints, {"quantity_value": 500_001}), Verdict.CONTRADICTS_RECORD),
        (Recorded({1: bytes(32)}, RECORDED.stated), Verdict.CONTRADICTS_RECORD),
        (Recorded({1: b""}, RECORDED.stated), Verdict.CONTRADICTS_RECORD),
        (Recorded({2: bytes(32)}, RECORDED.stated), Verdict.GENUINE),
        (Recorded(), Verdict.NOT_YET_REPORTED),
    ],
)
def test_the_record_has_the_last_word_on_what_a_paper_says(recorded: Recorded, expected: Verdict) -> None:
    assert judge(CODE, trust_file(), NOW, verify, recorded=recorded).verdict is expected


def test_another_paper_than_the_recorded_one_stops_whatever_is_said_of_the_number() -> None:
    other = Recorded({1: bytes(32)})
    judgement = judge(CODE, with_exception(3, Standing.VOIDED), NOW, verify, recorded=other)
    assert [judgement.verdict, *judgement.also] == [Verdict.CONTRADICTS_RECORD, Verdict.VOIDED]
    assert judgement.verdict.tone is Tone.STOP


def test_the_record_vouches_for_nothing_that_is_not_well_signed() -> None:
    altered = CODE[:-1] + str((int(CODE[-1]) + 1) % 10)
    assert judge(altered, trust_file(), NOW, verify, recorded=RECORDED).verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    ("text", "trust", "reason"),
    [
        (code(host="chaxun.practice.example"), trust_file(), Reason.FOREIGN_HOST),
        (CODE, trust_file(expires=NOW - 1), Reason.TRUST_EXPIRED),
        (code(credential(issue_minute=NOW // 60_000 + 5)), trust_file(), Reason.ISSUED_IN_FUTURE),
        (code(credential(time_confidence=2)), trust_file(), Reason.CLOCK_UNPROVEN),
    ],
)
def test_circumstances_are_said_beside_a_genuine_verdict(text: str, trust: TrustFile, reason: Reason) -> None:
    judgement = judged(text, trust)
    assert judgement.verdict is Verdict.GENUINE
    assert judgement.reasons == (reason.value,)


def test_every_verdict_has_a_tone_and_only_genuine_is_green() -> None:
    assert [verdict for verdict in Verdict if verdict.tone is Tone.GOOD] == [Verdict.GENUINE]
    assert Verdict.ALTERED.tone is Tone.STOP
    assert Verdict.OTHER_PROVINCE.tone is Tone.UNKNOWN
