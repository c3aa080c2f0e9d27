"""A home is copied to a second disk, and both go on: each issues the same number, for two different trucks.

Ours is a real home, met by the real province over HTTP; the peers' data folders are copied in the same way and write
two records of one number. Contacts are those of the original, of the copy, and of the original again. Ours must have
stopped by the second contact, with both histories kept; what the peers say is shown beside it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from benchmarks import station
from benchmarks.peers import PEERS, Client, NotInstalledError, Peer, installed, served
from benchmarks.setting import setting
from inspector_app import bootstrap
from inspector_app.clock import MS_PER_MINUTE
from inspector_app.domain.refusals import Refused
from inspector_app.domain.sentences import describe_refusal
from inspector_app.services.issuing import issue_certificate
from tests.services.work import draft, inspected, issued

OURS: Final = "inspector"
AT_THE_LATEST: Final = 2
WHO: Final = ("original", "copy", "original")
PLATES: Final = {"original": "苏K1I207", "copy": "苏K2I314"}


class Contact(msgspec.Struct, frozen=True):
    """One contact: whose, what came of it, and whether this home still issues afterwards."""

    who: str
    said: str
    issues: bool


class Probed(msgspec.Struct, frozen=True):
    """What became of a number that was used twice.

    ``kept`` are the records of the number the server has, ``shown`` those it shows to who asks for it as usual.
    """

    product: str
    contacts: list[Contact]
    kept: int
    shown: int

    @property
    def stopped_at(self) -> int:
        """The first contact after which the home that made it issued no more; 0 when none did."""
        return next((place for place, one in enumerate(self.contacts, start=1) if not one.issues), 0)


def ours(folder: Path) -> Probed:
    """Our home and province."""
    with station.Province(folder / "province") as province:
        made = province.device(1, numbers=station.BLOCK)
        with station.opened(made, province.parts()) as (home, device):
            batch = inspected(device)
            province.catch_up(home, device)
        homes = {"original": made, "copy": station.Measured(folder / "copied", made.person)}
        shutil.copytree(made.folder, homes["copy"].folder)
        numbers = {who: _issue(province, one, batch, PLATES[who]) for who, one in homes.items()}
        if len(set(numbers.values())) != 1:
            raise SystemExit(f"the copies issued different numbers: {numbers}")
        with province.served() as port:
            address = f"http://127.0.0.1:{port}"
            contacts = [_contact(who, homes[who], batch, address) for who in WHO]
        return Probed(OURS, contacts, *_kept(numbers["copy"]))


def _issue(province: station.Province, made: station.Measured, batch: str, plate: str) -> str:
    with station.opened(made, province.parts()) as (_home, device):
        return issued(device, batch, plate=plate)


def _contact(who: str, made: station.Measured, batch: str, address: str) -> Contact:
    """One sync, and then one more certificate asked for (on a throw-away copy, so that the next contact is as told)."""
    report = station.synced(made, address)
    with tempfile.TemporaryDirectory(dir=made.folder.parent) as place:
        tried = station.Measured(Path(place) / "home", made.person)
        shutil.copytree(made.folder, tried.folder)
        with station.opened(tried) as (_home, device):
            # Soon, so that it departs on the day it is issued whatever the hour.
            departs = device.clock.now().at + MS_PER_MINUTE
            outcome = issue_certificate(device, draft(device, batch, departs_at=departs))
    if not isinstance(outcome, Refused):
        return Contact(who, f"{report.pushed} sent, taken", issues=True)
    stopped = describe_refusal(bootstrap.sentences(), outcome.headline, "en").happened
    return Contact(who, f"{report.frozen}: {stopped}", issues=False)


def _kept(number: str) -> tuple[int, int]:
    """Entries the province holds that use the number, in either history; rows it shows for it."""
    from inspector_app.journal.entries.certificates import CertificateIssued
    from province.journal.models import AsideEntry, StoredEntry
    from province.journal.rows import DjangoRows
    from province.numbers.contested import fact_in

    held = [model.objects.using(station.ALIAS).values_list("public", flat=True) for model in (StoredEntry, AsideEntry)]
    facts = [fact_in(bytes(public)) for branch in held for public in branch]
    uses = [fact for fact in facts if isinstance(fact, CertificateIssued) and str(fact.record.number) == number]
    return len(uses), DjangoRows(station.ALIAS).count("certificates", number=number)


def peer(one: Peer, folder: Path) -> Probed:
    """A peer's two copies and its server. NotInstalledError when it cannot be had."""
    place = installed(one)
    with served(one, place, folder / "server") as port:
        client = Client(one.drive(place), folder / "client", f"http://127.0.0.1:{port}/")
        try:
            client.do("begin")
            answer = client.do("copy")
        finally:
            client.close()
    contacts = [Contact(who, said, issues=True) for who, said in zip(WHO, answer["said"], strict=True)]
    return Probed(one.name, contacts, len(answer["held"]) + answer.get("hidden", 0), len(answer["held"]))


def failed(probed: Probed) -> list[str]:
    """What of ours is not as it must be."""
    late = [] if 0 < probed.stopped_at <= AT_THE_LATEST else ["issuing was not stopped by the second contact"]
    still = [one.who for one in probed.contacts[AT_THE_LATEST - 1 :] if one.issues]
    lost = [] if probed.kept == AT_THE_LATEST else [f"{probed.kept} of 2 histories are kept"]
    return [*late, *(f"the {who} went on issuing" for who in still), *lost]


def main(argv: list[str]) -> int:
    """Print what each says (or ``--json``); exit 0 when ours stopped in time with both histories kept, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks clone_probe", description=__doc__)
    parser.add_argument("--json", action="store_true", help="what was found as JSON")
    parser.add_argument("--only", choices=("ours",), help="leave the peers out")
    parser.add_argument("--folder", type=Path, default=None, help="where homes and servers are made")
    options = parser.parse_args(argv)
    missing: dict[str, str] = {}
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        found = [ours(Path(folder))]
        for one in () if options.only else PEERS:
            try:
                found.append(peer(one, Path(folder) / one.name))
            except NotInstalledError as problem:
                missing[one.name] = str(problem)
    problems = failed(found[0])
    if options.json:
        rows = [msgspec.to_builtins(one) | {"stopped_at": one.stopped_at} for one in found]
        print(json.dumps({"setting": setting(), "rows": rows, "missing": missing, "problems": problems}))
    else:
        _print(found, missing, problems)
    return 1 if problems else 0


def _print(found: Sequence[Probed], missing: dict[str, str], problems: Sequence[str]) -> None:
    print("\n".join(f"{name:8} {value}" for name, value in setting().items()))
    for one in found:
        print(f"\n{one.product}")
        for place, contact in enumerate(one.contacts, start=1):
            print(f"  contact {place}, {contact.who:10}{contact.said}")
        stopped = f"stopped at contact {one.stopped_at}" if one.stopped_at else "never stopped"
        print(f"  {stopped}; the server keeps {one.kept} records of the number and shows {one.shown}")
    for name, why in missing.items():
        print(f"\n{name} is not here: {why}")
    print("\n" + ("\n".join(problems) if problems else "ours stopped in time, and both histories are kept"))
