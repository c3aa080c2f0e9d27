"""I14, "two rights": at every moment at most one device may issue on a case.

An observer who reads every journal as it is written knows whose a case is: the device that took it down, until that one
hands it over; from then on the one it was handed to, whether or not the stick ever arrives. Nobody else issues on it,
and nobody else's rows say that they may. What was copied, put back or shut down by the province is left to I6 and I13.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.certificates import CertificateIssued, NoticeIssued
from inspector_app.journal.entries.devices import CaseHandedOver, CaseReturned, CaseTakenBack
from simulation.laptop import Laptop
from simulation.violations import Violation

if TYPE_CHECKING:
    from simulation.world import World

TWO_RIGHTS = "I14"


class CaseRights:
    """Whose each case is that ever moved, and how far each laptop's journal was read."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._holder: dict[str, str] = {}
        self._read: dict[str, int] = {}
        self._blurred: set[str] = set()

    def look(self, laptop: Laptop) -> None:
        """Read what a laptop wrote since the last look, and what its rows let it do. Raises Violation I14."""
        device, head = laptop.device.id, laptop.device.store.head().seq
        for entry in laptop.device.store.entries(min(self._read.get(laptop.name, 0), head) + 1):
            self._heed(entry)
        self._read[laptop.name] = head
        if self._is_apart(device):
            return
        for row in laptop.device.rows.many("declarations", holder=device):
            self._must_be_its(str(row["ref"]), device, f"{laptop.name} may issue on")

    def _heed(self, entry: Entry) -> None:
        device = entry.envelope.device
        match entry.fact:
            case CaseHandedOver() | CaseReturned() as fact:
                self._move(fact.declaration, device, fact.device)
            case CaseTakenBack() as fact:
                if fact.device not in self._world.evidence.fenced and not self._is_apart(device):
                    raise Violation(TWO_RIGHTS, f"{device[:8]} took {fact.declaration} from a laptop in use")
                self._move(fact.declaration, device, device)
            case CertificateIssued(record=record):
                self._issued(record.declaration, device, entry.ref)
            case NoticeIssued(declaration=declaration):
                self._issued(declaration, device, entry.ref)
            case _:
                pass

    def _move(self, case: str, by: str, to: str) -> None:
        if self._is_apart(by):
            self._blurred.add(case)  # two stories of one journal: who has it is for people to settle
        self._holder[case] = to

    def _issued(self, case: str, device: str, ref: str) -> None:
        if not self._is_apart(device):
            self._must_be_its(case, device, f"{ref} was issued by {device[:8]} on")

    def _must_be_its(self, case: str, device: str, who: str) -> None:
        holder = self._holder.get(case, case.partition("/")[0])
        if holder != device and case not in self._blurred:
            raise Violation(TWO_RIGHTS, f"two rights: {who} {case}, which is {holder[:8]}'s")

    def _is_apart(self, device: str) -> bool:
        return device in self._world.evidence.tainted or device in self._world.evidence.fenced
