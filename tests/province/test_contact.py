"""A device's contact with the province, on both databases."""

from __future__ import annotations

from inspector_app.domain.authority import Lease, PersonKey
from inspector_app.domain.numbering import Block
from tests.province.fixtures import Province
from tests.sync.fakes import Line


def test_an_enrolled_device_gets_keys_numbers_and_a_trust_file(either_province: Province) -> None:
    device = either_province.enrol()
    assert [block.kind for block in device.held(Block)] == ["A", "B", "N"]
    assert len(device.held(PersonKey)) == len(device.held(Lease)) == 1
    assert device.trust is not None
    assert device.trust.file.practice
    assert not device.frozen


def test_two_idle_sides_come_to_rest(either_province: Province) -> None:
    device = either_province.enrol()
    line = Line(either_province.exchange)
    reports = [device.sync(line) for _ in range(3)]
    assert [(report.requests, report.sent, report.pulled) for report in reports] == [(1, 0, 0)] * 3
    assert len(line.frames[-1]) + len(line.answers[-1].body) <= 400
