"""Pre-numbered stock as its tests meet it: the policy, and sheets that went back to the county."""

from __future__ import annotations

from inspector_app.config import read_resource
from inspector_app.domain.numbering import Block
from inspector_app.domain.stock import ReturnReceived, StockGivenBack
from inspector_app.journal.entries.custody import NumbersReturned
from province.custody import returning
from province.custody.returning import ReturnRequest
from province.numbers.models import DrawnRange
from province.registry import publishing
from tests.province.fixtures import VET, Province
from tests.province.institutions import COUNTY_KEEPER, UNIT
from tests.sync.fakes import FakeDevice


def on_paper(province: Province, mode: str = "pre_numbered", *, version: str = "2", **rules: str) -> None:
    """The policy by which sheets bear their numbers, or do not; ``draws_in_arrears="1 0"`` changes another rule too."""
    body = read_resource("catalogue/policy.toml").decode()
    changes = {"paper_mode": ('"plain"', f'"{mode}"')} | {name: said.split() for name, said in rules.items()}
    for name, (old, new) in changes.items():
        assert f'name = "{name}"\nvalue = {old}' in body
        body = body.replace(f'name = "{name}"\nvalue = {old}', f'name = "{name}"\nvalue = {new}')
    province.clock.wait(1)
    publishing.publish_policy(province.using, version, body)


def block_of(device: FakeDevice, *, at: int = 0) -> Block:
    """A block of B numbers the device was given; the first, or any other in their order."""
    return [one for one in device.held(Block) if (one.device, one.kind) == (device.device, "B")][at]


def given_back(province: Province, device: FakeDevice, many: int = 20, *, at: int = 0) -> tuple[str, str]:
    """The vet gives the last sheets of a block, 0 for all, back to the station's keeper; first and last digits."""
    block = block_of(device, at=at)
    first = str(int(block.last) - many + 1) if many else block.first
    province.clock.wait(1)
    device.record(VET, NumbersReturned(block.block, first, block.last, reason="too_many"))
    device.sync(province.exchange)
    return first, block.last


def sent_up(province: Province, first: str, last: str) -> StockGivenBack:
    """The station's keeper sends them to the county."""
    province.clock.wait(1)
    asked = ReturnRequest(giver=UNIT, kind="B", by=VET, reason="too_many", typed=f"{first}-{last}")
    made = returning.give_back(province.using, asked)
    assert isinstance(made, StockGivenBack), made
    return made


def counted_in(province: Province, first: str, last: str) -> StockGivenBack:
    """And the county's keeper counts them in."""
    made = sent_up(province, first, last)
    province.clock.wait(1)
    received = returning.receive_back(province.using, made.record, by=COUNTY_KEEPER)
    assert isinstance(received, ReturnReceived), received
    province.clock.wait(1)
    return made


def use_up_draws(province: Province) -> None:
    """Nothing is left to be cut from any draw there is."""
    for draw in DrawnRange.objects.using(province.using).filter(kind="B"):
        draw.cut_through = draw.high
        draw.save(using=province.using)
