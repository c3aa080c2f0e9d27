"""The line between a laptop and the province: it loses, doubles, cuts, delays and reorders, and sometimes lies."""

from __future__ import annotations

from collections.abc import Callable

from inspector_app.errors import StationError
from inspector_app.ports import Reply
from simulation.chance import Dice
from simulation.faults import NO_FAULTS, Rates
from simulation.power import Power

PAGE = b"<html><body><form>Welcome to the guest network. Please log in.</form></body></html>"
Deliver = Callable[[str, bytes], Reply]
_KINDS = ("drop cut_request doubled late lost_answer cut_answer stale_answer portal busy province_down").split()


class Line:
    """`inspector_app.ports.Exchange` for one laptop. ``deliver`` brings bytes to the province and gives its answer.

    ``late`` collects frames that are still on their way when the laptop has given up waiting.
    """

    def __init__(self, power: Power, dice: Dice, deliver: Deliver, late: list[tuple[str, bytes]]) -> None:
        self.rates: Rates = NO_FAULTS
        self.faults: list[str] = []
        self.fault_next = ""
        self.on_fault: Callable[[str], None] = lambda _fault: None
        self._power = power
        self._dice = dice
        self._deliver = deliver
        self._late = late
        self._answers: list[Reply] = []

    def post(self, path: str, frame: bytes) -> Reply:
        """Send; StationError ``network.*`` when no answer came, which says nothing about arrival."""
        self._power.point("before sending")
        reply = self._carried(self._throw(), path, frame)
        self._power.point("after the answer")
        return reply

    def _throw(self) -> str:
        fault, self.fault_next = self.fault_next, ""
        # One throw for each kind, whether it is asked for or not: switching one off leaves the others as they were.
        thrown = [kind for kind in _KINDS if self._dice.happens(getattr(self.rates, kind))]
        fault = fault or (thrown[0] if thrown else "")
        if fault:
            self.faults.append(fault)
            self.on_fault(fault)
        return fault

    def _carried(self, fault: str, path: str, frame: bytes) -> Reply:
        match fault:
            case "drop":
                raise StationError("network.unreachable")
            case "portal":
                return Reply(200, "text/html; charset=utf-8", PAGE)
            case "busy":
                return Reply(503, "text/plain", b"later")
            case "late":
                self._late.append((path, frame))
                raise StationError("network.timeout")
            case "cut_request":
                return self._deliver(path, frame[: self._dice.between(0, len(frame) - 1)])
            case "doubled":
                self._answers.append(self._deliver(path, frame))
            case _:
                pass
        return self._answered(fault, self._deliver(path, frame))

    def _answered(self, fault: str, reply: Reply) -> Reply:
        self._answers.append(reply)
        match fault:
            case "lost_answer":
                raise StationError("network.interrupted")
            case "cut_answer":
                body = reply.body[: self._dice.between(0, max(0, len(reply.body) - 1))]
                return Reply(reply.status, reply.content_type, body)
            case "stale_answer":
                return self._dice.among(self._answers)
            case _:
                return reply
