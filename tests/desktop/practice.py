"""A practice station on a working day, made the way a newcomer gets it: bootstrap, the embedded province, real services.

Tests and screenshots open it in a real window. All names are the invented ones of :mod:`inspector_app.practice.world`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inspector_app import surroundings
from inspector_app.clock import MS_PER_DAY, day_start, legal_date
from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.declaration import DeclarationForm
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import Refused
from inspector_app.practice import world
from inspector_app.services import handing_over, print_jobs, sampling
from inspector_app.services.declaring import accept_declaration, record_declaration, refuse_acceptance
from inspector_app.services.device import Device
from inspector_app.services.inspecting import InspectionForm, complete_inspection
from inspector_app.services.issuing import Issued, issue_certificate
from inspector_app.services.sampling import DiseaseOutcome, ResultForm, SampleForm
from inspector_app.services.sign_in import LockedHome

FISH, WAN, KILO = 1, 11, 32
GRASS, BLACK, SILVER, CRUCIAN, MANDARIN, PRAWN, CRAB = 101, 102, 103, 105, 111, 207, 301
LAST_MINUTE_MS = (23 * 60 + 59) * 60_000


class Practice:
    """The opened practice home and what is around it."""

    def __init__(self, folder: Path) -> None:
        self.home, self.around = surroundings.open_practice(folder, lambda _line: None)

    def sign_in(self, person: int = world.VET.number) -> Device:
        """Open the device beside the desktop's back."""
        device = self.home.unlock(person, world.PASSPHRASE)
        assert isinstance(device, Device), device
        return device

    def sync(self, device: Device) -> None:
        """One round with the embedded province."""
        self.around.contact(device).sync(lambda _done, _total, _size=0: None, lambda: False)

    def rest(self) -> LockedHome:
        """Close the device again; the home is the desktop's."""
        self.home.lock()
        return self.home

    def close(self) -> None:
        """Give everything back and stop the province."""
        self.home.close()
        self.around.close()


class Day:
    """One person's work at the services, in the shortest words a test can read."""

    def __init__(self, practice: Practice, device: Device) -> None:
        self.practice, self.device = practice, device
        self.now = device.clock.now().at
        self._printer = practice.around.printers()["PDF"]

    def tonight(self, days: int = 0) -> int:
        """The last minute of a legal day: never in the past, and a B certificate issued today still covers it."""
        return day_start(legal_date(self.now)) + days * MS_PER_DAY + LAST_MINUTE_MS

    def species(self, name: str) -> int:
        return self.device.catalogue.search_species(name)[0].code

    def declare(self, farm: world.Farm, buyer: world.Buyer, species: str, stage: str, amount: Quantity,
                *, days: int = 0, pond: str = "3 号池") -> str:  # fmt: skip
        form = DeclarationForm(
            owner=farm.name,
            owner_phone=farm.phone,
            permit=farm.permit,
            species=self.species(species),
            stage=stage,
            quantity=amount,
            purpose=1,
            origin=farm.area,
            origin_place=farm.place,
            pond=pond,
            destination=buyer.area,
            destination_place=buyer.place,
            consignee=buyer.name,
            departs_at=self.tonight(days),
        )
        return done(record_declaration(self.device, form))

    def accept(self, declaration: str) -> str:
        reason = "stage_window"
        done(accept_declaration(self.device, declaration, inspect_on=self.device.today(), short_notice=reason))
        return declaration

    def inspect(self, declaration: str, *, passed: bool = True, batch: str = "") -> str:
        row = self.device.rows.one("declarations", ref=declaration) or {}
        checks = [check.code for check in self.device.catalogue.checks("documents", self.device.today())]
        form = InspectionForm(
            declaration=declaration,
            quantity=Quantity(int(row["value"] or 0), int(row["scale"] or 0), int(row["unit"] or 0)),
            started_at=self.now - 60_000,
            ended_at=self.now,
            history_clean=True,
            conclusion="passed" if passed else "failed",
            checks=checks,
            findings=[] if passed else ["fish_bleeding"],
            batch=batch or legal_date(self.now),
            place=str(row["origin_place"] or ""),
        )
        return done(complete_inspection(self.device, form))

    def sample(self, inspection: str, disease: str) -> str:
        form = SampleForm(inspection=inspection, individuals=150, preservation="live", diseases=[disease])
        ref = done(sampling.take_sample(self.device, form))
        done(sampling.send_sample(self.device, ref, laboratory=1, sent_on=self.device.today()))
        return ref

    def result(self, sample: str, disease: str, outcome: str = "negative") -> None:
        form = ResultForm(
            sample=sample,
            laboratory=1,
            report_no="练检 2026-0117",
            reported_on=self.device.today(),
            outcomes=[DiseaseOutcome(disease, outcome)],
        )
        done(sampling.receive_result(self.device, form))

    def issue(self, inspection: str, kind: str, amount: Quantity, buyer: world.Buyer, plate: str, **more: Any) -> str:
        draft = IssueDraft(
            inspection=inspection,
            kind=kind,
            quantity=amount,
            destination=buyer.area,
            destination_place=buyer.place,
            consignee=buyer.name,
            departs_at=self.tonight(),
            plate=plate,
            **more,
        )
        outcome = issue_certificate(self.device, draft)
        assert isinstance(outcome, Issued), outcome
        return outcome.number

    def send_to_printer(self, number: str) -> str:
        attempt = print_jobs.submit(self.device, number, self._printer)
        assert not isinstance(attempt, Refused), attempt
        assert attempt.report.outcome != "not_printed", attempt.report
        return attempt.ref

    def print_out(self, number: str, outcome: str = "printed") -> None:
        done(print_jobs.answer(self.device, self.send_to_printer(number), outcome))

    def hand_over(self, number: str) -> None:
        done(handing_over.hand_over(self.device, number, wet_signature=True, wet_seal=True, receipt_signed=True))


def done(outcome: str | Refused) -> str:
    """The reference of what was recorded."""
    assert isinstance(outcome, str), outcome
    return outcome


def fill_a_day(practice: Practice) -> None:
    """A morning's work: certificates A and B, one replaced, a failed batch, something waiting at every step."""
    device = practice.sign_in()
    practice.sync(device)
    day = Day(practice, device)
    farms, buyers, plates = world.FARMS, world.BUYERS, world.PLATES
    _certificates(day, farms, buyers, plates)
    practice.sync(device)
    _work_in_hand(day, farms, buyers)
    practice.rest()


def _certificates(day: Day, farms: Any, buyers: Any, plates: Any) -> None:
    grass = day.inspect(
        day.accept(day.declare(farms[1], buyers["xinghua"], "草鱼", "summer_fingerling", Quantity(80, 0, WAN)))
    )
    for plate, amount in ((plates[0], 50), (plates[1], 30)):
        number = day.issue(grass, "B", Quantity(amount, 0, WAN), buyers["xinghua"], plate)
        day.print_out(number)
        day.hand_over(number)
    carp = day.inspect(day.accept(day.declare(farms[4], buyers["jiangyan"], "鲢", "fry", Quantity(3000, 0, WAN))))
    wrong = day.issue(carp, "B", Quantity(3000, 0, WAN), buyers["jiangyan"], plates[2])
    day.print_out(wrong)
    right = day.issue(carp, "B", Quantity(3000, 0, WAN), buyers["jiangyan"], plates[3], replaces=wrong, replaces_on_desk=2,
                      replaces_no_picture="too_dark", replace_reason="vehicle_changed")  # fmt: skip
    day.print_out(right)
    day.hand_over(right)
    mandarin = day.inspect(
        day.accept(day.declare(farms[0], buyers["xuanzhou"], "鳜", "summer_fingerling", Quantity(12, 0, WAN)))
    )
    day.result(day.sample(mandarin, "ISKN"), "ISKN")
    carrier, phone = world.CARRIERS[0]
    one = day.issue(mandarin, "A", Quantity(12, 0, WAN), buyers["xuanzhou"], plates[4], valid_days=2, carrier=carrier,
                    carrier_phone=phone, transport=1, disinfectant=1)  # fmt: skip
    day.print_out(one)  # printed well, waits for the owner to fetch it


def _work_in_hand(day: Day, farms: Any, buyers: Any) -> None:
    day.declare(farms[4], buyers["baoying"], "鲫", "fingerling", Quantity(20, 0, WAN), days=3)
    refused = day.declare(farms[5], buyers["jinhu"], "鲫", "fingerling", Quantity(45, 0, 1), days=3)
    done(refuse_acceptance(day.device, refused, reason="materials_incomplete"))
    day.accept(day.declare(farms[1], buyers["jianhu"], "青鱼", "fingerling", Quantity(85, 1, WAN)))
    day.inspect(day.accept(day.declare(farms[5], buyers["xinghua"], "草鱼", "summer_fingerling", Quantity(40, 0, WAN))))
    crab = day.inspect(
        day.accept(day.declare(farms[3], buyers["jinhu"], "中华绒螯蟹", "megalopa", Quantity(260, 0, KILO)))
    )
    waits = day.inspect(
        day.accept(day.declare(farms[0], buyers["wanzhi"], "鳜", "summer_fingerling", Quantity(9, 0, WAN), days=1))
    )
    day.sample(waits, "ISKN")
    number = day.issue(crab, "B", Quantity(260, 0, KILO), buyers["jinhu"], world.PLATES[5])
    day.send_to_printer(number)  # and nobody has said yet how the paper came out
    day.inspect(
        day.accept(day.declare(farms[2], buyers["jianhu"], "草鱼", "summer_fingerling", Quantity(15, 0, WAN))),
        passed=False,
    )
