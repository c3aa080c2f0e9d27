"""Who does what next, as weighed steps: everything people do in this world, at the stations and at the province."""

from __future__ import annotations

from collections.abc import Callable

from inspector_app.domain.authority import ALLOWED, Action
from simulation import (
    blanks,
    cupboard,
    old_sheets,
    overseeing,
    pictures,
    registers,
    releasing,
    scenario,
    sticks,
    stocktaking,
    store_destruction,
    store_losses,
    store_reports,
    storing,
    supplying,
    uncut,
    versions,
)
from simulation.laptop import Laptop
from simulation.saying import NOTHING
from simulation.server import NOBODY_REAL
from simulation.world import World

THROWS = 8
DESK_SHARE = 0.05
"""How often somebody at the province is looked at: there is nearly always something to do for institutions, and the
numbers of this world are to be used up at its stations.
"""
Step = Callable[[World, Laptop], str]
Weighed = tuple[tuple[int, tuple[str, Action | None, Step]], ...]
POSTS = {person["number"]: frozenset(person["posts"]) for person in NOBODY_REAL}


def busiest(world: World) -> Laptop:
    """Where something happens next: mostly where a vet sits."""
    vets = [laptop for laptop in world.at_work() if any("vet" in POSTS[person] for person in laptop.people)]
    return world.dice("scenario").among(vets * 2 + world.at_work())


def work(world: World, laptop: Laptop) -> None:
    """Somebody does one thing at this laptop, chosen by weight; what cannot be done yet gives way to what can."""
    world.attempt(laptop, lambda: _something(world, laptop))


def _something(world: World, laptop: Laptop) -> str:
    vain: set[str] = set()
    for _ in range(THROWS):
        there = DESK if world.dice("desk").happens(DESK_SHARE) else AT_STATION
        world.doing, action, step = world.dice("scenario").weighed(there)
        if world.doing in vain or not somebody_may(world, laptop, action):
            continue
        if (outcome := step(world, laptop)) != NOTHING:
            return outcome
        vain.add(world.doing)
    return NOTHING


def somebody_may(world: World, laptop: Laptop, action: Action | None) -> bool:
    """Whether somebody here has the post for it; who has sits down at the laptop, but for the odd stubborn one."""
    if action is None or world.dice("stubborn").happens(0.05):
        return True
    able = [person for person in laptop.people if POSTS[person] & {post.value for post in ALLOWED[action]}]
    if able and laptop.person not in able:
        laptop.sit_down(world.dice("scenario").among(able))
    return bool(able)


DESK: Weighed = (
    (1, ("deliver", None, supplying.deliver)),
    (1, ("order stock", None, supplying.place_order)),
    (2, ("answer approval", None, supplying.answer_approval)),
    (2, ("distribute", None, supplying.distribute)),
    (2, ("count shipment", None, supplying.count_shipment)),
    (1, ("charge", None, supplying.charge)),
    (2, ("settle", None, supplying.settle)),
    (1, ("decide draw", None, supplying.draw)),
    (1, ("answer draw", None, supplying.answer_draw)),
    (1, ("count in", None, supplying.count_in)),
    (1, ("end stock", None, storing.end_stock)),
    (1, ("draw notice", None, store_losses.draw_notice)),
    (1, ("publish notice", None, store_losses.publish_notice)),
    (1, ("draw reports", None, store_reports.draw_reports)),
    (2, ("send report", None, store_reports.send_report)),
    (1, ("acknowledge report", None, store_reports.acknowledge_report)),
    (1, ("conclude stock", None, store_losses.conclude)),
    (1, ("ask to destroy stock", None, store_destruction.ask)),
    (2, ("review stock", None, store_destruction.review)),
    (2, ("approve stock", None, store_destruction.approve)),
    (1, ("sign stock", None, store_destruction.sign)),
    (2, ("confirm signed stock", None, store_destruction.confirm_signed)),
    (2, ("destroy stock", None, store_destruction.destroy)),
    (1, ("give stock back", None, storing.give_back)),
    (1, ("count return", None, storing.count_return)),
    (1, ("count store", None, storing.count_store)),
    (1, ("confirm count", None, storing.confirm_count)),
    (1, ("hand store", None, registers.hand_store)),
    (1, ("keep seal", None, registers.keep_seal)),
    (1, ("change organisation", None, registers.change_organisation)),
    (2, ("agree to register", None, registers.agree)),
    (1, ("drop register", None, registers.drop)),
    (1, ("keep file", None, storing.keep_file)),
    (1, ("draw visits", None, overseeing.draw_visits)),
    (1, ("pay visit", None, overseeing.visit)),
    (1, ("see rectified", None, overseeing.see_rectified)),
    (1, ("pass loss on", None, overseeing.pass_on)),
    (1, ("grant", None, scenario.decide_grant)),
    (1, ("newer document", None, versions.newer_document)),
    (2, ("publish trust", None, releasing.publish)),
    (1, ("decree paper", None, blanks.decree)),
    (1, ("declare online", None, scenario.declare_online)),
)
"""What people do at the province, for its institutions or on its page, whichever laptop is looked at meanwhile."""
AT_DESK = frozenset(name for _weight, (name, _action, _step) in DESK)
AT_STATION: Weighed = (
    (3, ("declare", Action.DECLARE, scenario.declare)),
    (2, ("take up", Action.DECLARE, scenario.take_up)),
    (4, ("decide", Action.DECIDE, scenario.decide)),
    (5, ("inspect", Action.INSPECT, scenario.inspect)),
    (4, ("laboratory", Action.SAMPLE, scenario.laboratory)),
    (110, ("issue", Action.ISSUE, scenario.issue)),
    (3, ("notice", Action.ISSUE, scenario.notice)),
    (3, ("replace", Action.ISSUE, scenario.replace)),
    (150, ("submit", Action.PRINT, scenario.submit)),
    (60, ("answer", Action.PRINT, scenario.answer)),
    (8, ("spare", Action.RELEASE_SPARE, scenario.spare)),
    (8, ("hand over", Action.HAND_OVER, scenario.hand_over)),
    (3, ("void", Action.VOID, scenario.void)),
    (2, ("correct", Action.CORRECT, scenario.correct)),
    (2, ("tell owner", Action.NOTIFY_OWNER, scenario.tell_owner)),
    (2, ("follow loss", Action.FOLLOW_LOSS, scenario.follow_loss)),
    (2, ("confirm void", Action.CONFIRM_VOID, scenario.confirm_void)),
    (6, ("order", Action.PRINT, scenario.order)),
    (6, ("receive", Action.PRINT, scenario.receive)),
    (2, ("close day", Action.CLOSE_DAY, scenario.close_day)),
    (1, ("request numbers", Action.REQUEST_BLOCK, scenario.request_numbers)),
    (1, ("give back", Action.RETURN_NUMBERS, scenario.give_back)),
    (1, ("report loss", Action.REPORT_LOSS, scenario.report_loss)),
    (2, ("countersign", Action.CONFIRM_DAY, scenario.countersign)),
    (4, ("stocktake", Action.STOCKTAKE, stocktaking.stocktake)),
    (1, ("conclude case", Action.CONCLUDE_CUSTODY_CASE, stocktaking.conclude)),
    (1, ("open case", Action.OPEN_CUSTODY_CASE, cupboard.open_case)),
    (1, ("receive draw", Action.RECEIVE_DRAW, stocktaking.receive)),
    (1, ("look after", Action.DESCRIBE_STORE, cupboard.look_after)),
    (1, ("take over", Action.RECORD_OPENING, cupboard.take_over)),
    (1, ("lose sheet", Action.REPORT_LOSS, cupboard.lose_sheet)),
    (1, ("visit", Action.SUPERVISE, cupboard.visit)),
    (1, ("rectify", Action.RECTIFY, cupboard.rectify)),
    (1, ("spoil", Action.SPOIL_SHEET, old_sheets.spoil)),
    (2, ("spoil blank", Action.SPOIL_SHEET, blanks.spoil)),
    (1, ("lose uncut", Action.REPORT_LOSS, uncut.lose)),
    (1, ("add photograph", Action.ADD_PHOTOGRAPH, pictures.add)),
    (3, ("collect", Action.COLLECT_SHEET, old_sheets.collect)),
    (1, ("find", Action.COLLECT_SHEET, old_sheets.find)),
    (1, ("hand in", Action.HAND_IN_SHEETS, old_sheets.hand_in)),
    (4, ("write off", Action.WRITE_OFF, old_sheets.write_off)),
    (8, ("ask destruction", Action.REQUEST_DESTRUCTION, old_sheets.ask_destruction)),
    (8, ("review", Action.REVIEW_DESTRUCTION, old_sheets.review)),
    (4, ("approve", Action.APPROVE_DESTRUCTION, old_sheets.approve)),
    (8, ("sign", Action.REQUEST_DESTRUCTION, old_sheets.sign)),
    (8, ("confirm signed", Action.CONFIRM_DESTRUCTION, old_sheets.confirm_signed)),
    (8, ("destroy", Action.DESTROY_SHEETS, old_sheets.destroy)),
    (7, ("sync", None, scenario.sync)),
    (2, ("newer entry", None, versions.newer_entry)),
    (8, ("export stick", None, sticks.export)),
    (8, ("carry stick", None, sticks.carry)),
    (8, ("read stick", None, sticks.read_answer)),
    (2, ("change person", None, scenario.change_person)),
)
STEPS: Weighed = (*AT_STATION, *DESK)
