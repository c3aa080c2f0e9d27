"""What befalls the world between two steps of work: nothing here is anybody's intention.

A disk is copied, an older state put back, a clock set wrong, a printer jams, the province loses its database. Whoever
sees everything notes it as evidence, so that an alarm can be told from a false one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial

from inspector_app.clock import MS_PER_MINUTE
from inspector_app.errors import StationError
from province.registry.fencing import fence_device
from simulation import sticks, succeeding, supplying, versions
from simulation.chance import Dice
from simulation.forgotten_grants import restore_after_cut
from simulation.handing_out import hand_out_again
from simulation.laptop import Laptop
from simulation.printer import Mood
from simulation.splitting import end_split, split
from simulation.violations import Violation
from simulation.world import Kept, World

MOODS = (*[Mood.READY] * 6, Mood.OFF, Mood.PAPER_OUT, Mood.JAMS, Mood.LOSES, Mood.SILENT)
WRONG_BY = tuple(sign * minutes * MS_PER_MINUTE for minutes in (1, 10, 1_440, 576_000) for sign in (1, -1))
MENDED = 0.25
"""How soon somebody makes room on a disk or sets a clock right: in one step of four."""
MOST_LAPTOPS = 7
KEPT_BACKUPS = 3


def befall(world: World) -> None:
    """Throw for every mishap; most steps see none."""
    deliver_late(world)
    mend(world)
    for name, mishap in MISHAPS:
        dice = world.dice(name)
        if dice.happens(getattr(world.rates, name)):
            laptop = dice.among(world.at_work())
            world.survive(name, partial(mishap, world, laptop))


def deliver_late(world: World) -> None:
    """Frames that were given up arrive after all, in any order; nobody waits for their answers."""
    dice = world.dice("late")
    for item in list(world.late):
        if dice.happens(0.3):
            world.late.remove(item)
            try:
                world.deliver(*item)
            except StationError as error:
                world.note("line", f"a late frame is lost: {error.code}")
            else:
                world.note("line", "a late frame arrives")


def mend(world: World) -> None:
    """Disks are emptied, programs updated, clocks set right; a restore nobody announced is, once it was noticed."""
    for laptop in world.at_work():
        if laptop.disk.full and world.dice("mend disk").happens(MENDED):
            laptop.fill_disk(full=False)
            world.note(laptop.name, "room on the disk again")
        if laptop.name in world.outdated and world.dice("mend program").happens(MENDED):
            versions.update(world, laptop)
        if laptop.clock.wrong_by and world.dice("mend clock").happens(MENDED):
            laptop.clock.wrong_by = 0
            world.note(laptop.name, "clock set right")
    succeeding.replace_frozen(world)
    if world.server.is_in_doubt() and world.dice("mend province").happens(MENDED):
        world.note("province", f"epoch {world.server.work(world.server.declare_epoch)}")


# --- laptops ----------------------------------------------------------------------------------------------------------


def pull_the_plug(world: World, laptop: Laptop) -> None:
    """Power goes while nobody does anything; the laptop is started again, and one time in four examined."""
    laptop.pull_the_plug()
    world.note(laptop.name, "PLUG PULLED")
    if world.dice("plug_pulled").happens(0.25):
        world.checks.doctor(laptop)


def change_mood(world: World, laptop: Laptop) -> None:
    """The printer begins or ceases to make trouble."""
    mood = world.dice("printer_mood").among(MOODS)
    if world.dice("printer_mood").happens(0.1):
        laptop.printer.restart()
    laptop.printer.become(mood)
    world.note(laptop.name, f"printer {mood}")


def fill_disk(world: World, laptop: Laptop) -> None:
    """The disk is full."""
    laptop.fill_disk(full=True)
    world.note(laptop.name, "DISK FULL")


def set_clock_wrong(world: World, laptop: Laptop) -> None:
    """Somebody sets the clock wrong, by a minute or by a year."""
    laptop.clock.wrong_by = world.dice("clock_wrong").among(WRONG_BY)
    world.note(laptop.name, f"CLOCK WRONG by {laptop.clock.wrong_by // MS_PER_MINUTE} min")


def copy_disk(world: World, laptop: Laptop) -> None:
    """The disk is copied into a second computer; to another machine the home does not open."""
    if len(world.laptops) >= MOST_LAPTOPS:
        return
    twin = world.twin_of(laptop)
    if world.dice("copied").happens(0.3):
        twin.moved_to("another machine")
        _must_not_open(twin)
        world.laptops.remove(twin)
        world.note(laptop.name, "DISK COPIED to another machine, where it does not open")
        return
    world.evidence.copied(laptop.device.id)
    world.note(laptop.name, f"DISK COPIED, {twin.name} goes on with it")


def _must_not_open(twin: Laptop) -> None:
    try:
        twin.open(twin.people[0])
    except StationError as error:
        if error.code == "vault_device_secret_foreign":
            return
        raise
    raise Violation("I11", f"a copy of {twin.name} opened on another machine")


def keep_state(world: World, laptop: Laptop) -> None:
    """Somebody keeps a copy of the disk as it is now."""
    folder = world.folder / f"{laptop.name}.kept{len(world.kept)}"
    laptop.copy_to(folder)
    world.kept.append(Kept(laptop.name, folder, laptop.device.store.head()))


def put_back(world: World, laptop: Laptop) -> None:
    """An earlier state of the disk, or of the database alone, is put back."""
    dice = world.dice("put_back")
    kept = [one for one in world.kept if one.laptop == laptop.name]
    if not kept:
        return
    chosen, alone = dice.among(kept), dice.happens(0.5)
    head = laptop.device.store.head()
    went_back = chosen.head != head
    if went_back:
        world.evidence.copied(head.device)
        world.checks.forget_laptop(laptop.name)
    laptop.put_back_copy(chosen.folder, database_alone=alone)
    what = "DATABASE" if alone else "DISK"
    world.note(laptop.name, f"{what} PUT BACK from {head.seq} to {chosen.head.seq}")
    if alone and went_back and chosen.head.seq < head.seq and not laptop.device.frozen:
        raise Violation("I6", f"{laptop.name} went back from {head.seq} to {chosen.head.seq} and did not notice")


def lose(world: World, laptop: Laptop) -> None:
    """A laptop is stolen; the province fences it. Sometimes it turns up again and syncs."""
    if len(world.at_work()) < 3:
        return
    laptop.close()
    device = laptop.device.id
    laptop.close()
    world.server.work(lambda: fence_device(world.server.using, device))
    world.evidence.fenced.add(device)
    laptop.lost = not world.dice("lost").happens(0.5)
    world.note(laptop.name, "STOLEN and fenced" + ("" if laptop.lost else ", and found again"))


# --- the province -----------------------------------------------------------------------------------------------------


def back_up_province(world: World, _laptop: Laptop) -> None:
    """The province's nightly backup, at any hour."""
    place = world.folder / f"backup{len(world.backups)}.sqlite3"
    world.server.copy_to(place)
    world.backups = [*world.backups, place][-KEPT_BACKUPS:]


def restore_province(world: World, _laptop: Laptop) -> None:
    """The province loses its database and restores a backup; its first act is to begin a new epoch."""
    if _restored(world, world.dice("province_restored")):
        world.note("province", f"RESTORED, epoch {world.server.work(world.server.declare_epoch)}")


def draw_again(world: World, laptop: Laptop) -> None:
    """The county lets a station draw further numbers, knowing only what the province's database remembers.

    It counts in before that what was handed in, or forgets to, and then the old sheets stand in the way.
    """
    if world.dice("counted_in").happens(0.7):
        world.note("province", f"counts in {supplying.count_in(world, laptop)}")
    world.note("province", f"draws {supplying.draw(world, laptop)}")
    world.note("province", f"answers {supplying.answer_draw(world, laptop)}")


def restore_in_silence(world: World, _laptop: Laptop) -> None:
    """The same, and nobody says so: the province itself believes that nothing happened."""
    if _restored(world, world.dice("restored_in_silence")):
        world.silent_restores += 1
        world.note("province", "RESTORED, and nobody says so")


def _restored(world: World, dice: Dice) -> bool:
    if not world.backups:
        return False
    chosen = dice.between(0, len(world.backups) - 1)
    world.server.put_back(world.backups[chosen])
    # Later backups belong to a history that never was: nobody restores from them any more.
    world.backups = world.backups[: chosen + 1]
    world.evidence.province_restored()
    world.restores += 1
    world.checks.forget_province()
    return True


Mishap = Callable[[World, Laptop], None]
MISHAPS: tuple[tuple[str, Mishap], ...] = (
    ("plug_pulled", pull_the_plug),
    ("printer_mood", change_mood),
    ("disk_full", fill_disk),
    ("clock_wrong", set_clock_wrong),
    ("copied", copy_disk),
    ("state_kept", keep_state),
    ("put_back", put_back),
    ("lost", lose),
    ("outdated", versions.grow_old),
    ("province_backup", back_up_province),
    ("province_restored", restore_province),
    ("restored_in_silence", restore_in_silence),
    ("drawn", draw_again),
    ("handed_out_again", hand_out_again),
    ("restored_after_cut", restore_after_cut),
    ("split", split),
)


def tidy(world: World) -> None:
    """End of all mishaps: every fault is mended, so that what is wrong from now on is the program's own."""
    world.become_calm()
    end_split(world)
    for laptop in world.at_work():
        laptop.fill_disk(full=False)
        laptop.clock.wrong_by = 0
        laptop.printer.become(Mood.READY)
    world.outdated.clear()
    sticks.tidy(world)
    for item in world.late:
        world.deliver(*item)
    world.late.clear()
    if world.server.is_in_doubt() or world.silent_restores:
        world.note("province", f"epoch {world.server.work(world.server.declare_epoch)}")
    for kept in world.kept:
        shutil.rmtree(kept.folder, ignore_errors=True)
