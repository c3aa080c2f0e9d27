"""Enrolment by one-time code: one station, once, within two hours, and each side proves itself by the code."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.authority import DeviceSheet, Grant, StationSheet, TerminalLicence
from inspector_app.errors import StationError
from inspector_app.ports import Exchange, Reply
from inspector_app.suites import BoxKey, SigningKey, Suite
from province import provinces
from province.journal import contact
from province.journal.models import Journal
from province.registry import enrolment
from province.registry.enrolment import make_code
from province.registry.models import Device, EnrolmentCode
from sync.enrolment import Enrolled, enrol
from sync.frames import Purpose, seal_frame
from sync.protocol import ENROL_PATH, EnrolRequest, code_secret, device_id, enrol_proof, read_code, to_bytes
from tests.office import CountingRandom
from tests.province.fixtures import STATION, Province
from tests.sync.fakes import Line


class Newcomer:
    """A device's keys before it belongs anywhere."""

    def __init__(self, seed: str = "newcomer") -> None:
        random = CountingRandom(seed)
        self.key = SigningKey.generate(Suite.ED25519, random)
        self.box = BoxKey.generate(random)

    def ask(self, province: Province, code: str, exchange: Exchange | None = None) -> Enrolled:
        used = exchange or province.exchange
        return enrol(used, code, self.key, self.box.public_raw, name="新机", clock=province.clock)


def test_a_device_is_welcomed_with_what_it_needs_to_begin(either_province: Province) -> None:
    welcome = Newcomer().ask(either_province, make_code(either_province.using, STATION))
    kinds = [document.kind for document in welcome.documents]
    assert (welcome.station, welcome.province, welcome.practice) == (STATION, "99", True)
    assert welcome.host == "q.practice.example"
    assert kinds[:3] == ["root/1", "key/1", "key/1"]
    assert {"station/1", "grant/1", "policy/1", "form/1", "draw/1", "device/1", "licence/1", "lease/1"} <= set(kinds)
    assert [document.cursor for document in welcome.documents] == sorted(
        document.cursor for document in welcome.documents
    )


def test_its_documents_verify_under_the_root_it_was_given(province: Province) -> None:
    device = province.enrol(people=())
    assert device.held(StationSheet)
    assert device.held(Grant)
    assert [licence.device for licence in device.held(TerminalLicence)] == [device.device]
    assert [sheet.device for sheet in device.held(DeviceSheet)] == [device.device]


def test_a_code_may_be_typed_as_people_read_it_out(province: Province) -> None:
    code = make_code(province.using, STATION)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert Newcomer().ask(province, f" {typed} ").station == STATION


@pytest.mark.parametrize("change", ["", "ABC", "0" * 16, "swap", "long"])
def test_a_mistyped_code_is_noticed_before_anything_is_sent(province: Province, change: str) -> None:
    code = make_code(province.using, STATION)
    line = Line(province.exchange)
    swapped = code[1] + code[0] + code[2:]
    typed = {"swap": swapped if swapped != code else "x", "long": code + "0", "0" * 16: "0" * 15 + "1"}.get(
        change, change
    )
    with pytest.raises(StationError, match=r"enrol\.code_malformed"):
        Newcomer().ask(province, typed, line)
    assert line.frames == []


def test_a_lost_answer_is_asked_for_again_with_the_same_code(province: Province) -> None:
    code = make_code(province.using, STATION)
    newcomer = Newcomer()
    with pytest.raises(StationError, match=r"network\.timeout"):
        newcomer.ask(province, code, Line(province.exchange, "lost_answer"))
    assert newcomer.ask(province, code).station == STATION
    assert Device.objects.using(province.using).filter(device=device_id(newcomer.key.public)).count() == 1


def test_a_code_serves_one_device_only(province: Province) -> None:
    code = make_code(province.using, STATION)
    Newcomer("first").ask(province, code)
    with pytest.raises(StationError, match=r"enrol\.code_used"):
        Newcomer("second").ask(province, code)
    assert Journal.objects.using(province.using).count() == 1


def test_a_code_ends_after_two_hours(province: Province) -> None:
    code = make_code(province.using, STATION)
    province.clock.wait(2 * 3600 + 1)
    with pytest.raises(StationError, match=r"enrol\.code_expired"):
        Newcomer().ask(province, code)


def test_a_device_is_enrolled_once(province: Province) -> None:
    newcomer = Newcomer()
    newcomer.ask(province, make_code(province.using, STATION))
    with pytest.raises(StationError, match=r"enrol\.device_known"):
        newcomer.ask(province, make_code(province.using, STATION))


def forged(code: str, secret: bytes, newcomer: Newcomer) -> bytes:
    request = EnrolRequest(
        proto=1,
        code=code[:3],
        suite=1,
        key=newcomer.key.public.raw,
        box_key=newcomer.box.public_raw,
        name="x",
        program="x",
        at=1,
        proof=b"",
    )
    proven = msgspec.structs.replace(request, proof=enrol_proof(secret, request))
    return seal_frame(Purpose.ENROL_REQUEST, to_bytes(proven), newcomer.key, state_key=True)


def from_address(province: Province, address: str, frame: bytes) -> Reply:
    return contact.answer(province.using, ENROL_PATH, frame, address=address)


def test_five_wrong_proofs_from_an_address_end_a_code_for_it_and_for_nobody_else(either_province: Province) -> None:
    code = read_code(make_code(either_province.using, STATION)) or ""
    other = read_code(make_code(either_province.using, STATION)) or ""
    wrong = [forged(code, bytes([guess] * 32), Newcomer()) for guess in range(5)]
    replies = [from_address(either_province, "203.0.113.5", frame) for frame in wrong]
    assert {(reply.status, reply.body) for reply in replies} == {(403, b"enrol.code_wrong")}
    right = forged(code, code_secret(code), Newcomer())
    assert from_address(either_province, "203.0.113.5", right).body == b"enrol.code_dead"
    assert EnrolmentCode.objects.using(either_province.using).get(code=code[:3]).used_by == ""
    elsewhere = forged(other, code_secret(other), Newcomer("elsewhere"))
    assert from_address(either_province, "203.0.113.5", elsewhere).status == 200
    assert from_address(either_province, "203.0.113.6", right).status == 200


def test_very_many_wrong_proofs_end_a_code_for_everybody(province: Province) -> None:
    code = read_code(make_code(province.using, STATION)) or ""
    EnrolmentCode.objects.using(province.using).update(tries=enrolment.MAX_TRIES - 1)
    assert from_address(province, "203.0.113.5", forged(code, bytes(32), Newcomer())).body == b"enrol.code_wrong"
    right = forged(code, code_secret(code), Newcomer())
    assert from_address(province, "203.0.113.6", right).body == b"enrol.code_dead"


def test_codes_whose_names_collide_are_drawn_again(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [b"\x01" * 15, b"\x01" * 3 + b"\x02" * 12, b"\x03" * 15]
    served = provinces.of(province.using)
    provinces.register(msgspec.structs.replace(served, random=Drawing(drawn)))
    first, second = make_code(province.using, STATION), make_code(province.using, STATION)
    assert (first[:3], second[:3]) == ("111", "333")


class Drawing:
    """Randomness a test has written down; the last one for ever."""

    def __init__(self, drawn: list[bytes]) -> None:
        self._drawn = drawn

    def bytes(self, count: int) -> bytes:
        return self._drawn.pop(0) if len(self._drawn) > 1 else self._drawn[0]


def test_when_no_name_is_free_it_says_so_instead_of_trying_for_ever(province: Province) -> None:
    served = provinces.of(province.using)
    provinces.register(msgspec.structs.replace(served, random=Drawing([b"\x01" * 15])))
    make_code(province.using, STATION)
    with pytest.raises(StationError, match=r"province\.codes_exhausted"):
        make_code(province.using, STATION)


def test_hundreds_of_codes_are_made_and_old_ones_are_forgotten(either_province: Province) -> None:
    made = {make_code(either_province.using, STATION)[:3] for _ in range(400)}
    assert len(made) == 400
    either_province.clock.wait(26 * 3600 + 1)
    make_code(either_province.using, STATION)
    assert EnrolmentCode.objects.using(either_province.using).count() == 1


def test_an_unknown_code_is_told_no_more_than_a_wrong_one(province: Province) -> None:
    reply = province.exchange.post(ENROL_PATH, forged("ZZZ", bytes(32), Newcomer()))
    assert (reply.status, reply.body) == (403, b"enrol.code_wrong")


def test_a_request_for_somebody_else_s_key_is_refused(province: Province) -> None:
    code = read_code(make_code(province.using, STATION)) or ""
    frame = forged(code, code_secret(code), Newcomer("victim"))
    thief = Newcomer("thief")
    from sync.frames import read_unverified

    message = read_unverified(frame, Purpose.ENROL_REQUEST)
    assert isinstance(message, bytes)
    stolen = seal_frame(Purpose.ENROL_REQUEST, message, thief.key, state_key=True)
    assert province.exchange.post(ENROL_PATH, stolen).body == b"enrol.malformed"


def test_bytes_that_are_no_request_are_refused(province: Province) -> None:
    newcomer = Newcomer()
    frame = seal_frame(Purpose.ENROL_REQUEST, b"\x80", newcomer.key, state_key=True)
    assert province.exchange.post(ENROL_PATH, frame).body == b"enrol.malformed"
    assert province.exchange.post(ENROL_PATH, b"").status == 400
    named = seal_frame(Purpose.ENROL_REQUEST, b"\x80", newcomer.key)
    assert province.exchange.post(ENROL_PATH, named).status == 403


class Impostor:
    """Another province that answers in place of the one that made the code."""

    def __init__(self, real: Province, seed: str) -> None:
        self._real, self._seed = real, seed

    def post(self, path: str, frame: bytes) -> Reply:
        from inspector_app.domain.documents import KeyStatement, Role, RootSheet, sign_document
        from sync.frames import open_introduction
        from sync.protocol import EnrolAnswer, EnrolRequest, from_bytes, root_proof

        random = CountingRandom(self._seed)
        root, server = SigningKey.generate(1, random), SigningKey.generate(1, random)
        opened = open_introduction(frame, Purpose.ENROL_REQUEST)
        assert not isinstance(opened, str)
        request = from_bytes(EnrolRequest, opened.message)
        sheet = sign_document(RootSheet(1, root.public.raw, "99", "练习省", ""), root).encoded()
        said = sign_document(KeyStatement(Role.SERVER, 1, server.public.raw, 0, 2**50), root).encoded()
        answer = EnrolAnswer(
            proto=1,
            device=device_id(opened.key),
            station=STATION,
            province="99",
            host="evil.example",
            root=sheet,
            statements=(said,),
            epoch="1-00",
            at=1,
            proof=root_proof(bytes(32), request, sheet),
        )
        message = to_bytes(answer)
        return Reply(200, "application/x-inspector", seal_frame(Purpose.ENROL_ANSWER, message, server))


def test_a_province_that_does_not_know_the_code_is_not_believed(province: Province) -> None:
    code = make_code(province.using, STATION)
    with pytest.raises(StationError, match=r"network\.identity"):
        Newcomer().ask(province, code, Impostor(province, "impostor"))
