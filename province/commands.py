"""The server's own commands (``python -m province …``); each is a plain function that answers with a table of values.

Settings come from the environment (:mod:`province.settings`); ``--folder`` names the province's folder instead. What
changes the registers needs the authority key in that folder, or in the one that ``--keys`` names; on an online server
in production it is in neither.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from django.core.management import call_command
from django.db import transaction

from inspector_app.clock import MS_PER_DAY, day_start
from inspector_app.domain.documents import PRACTICE_PROVINCE
from inspector_app.errors import StationError
from province import folders
from province.custody import (
    approving_commands,
    branch_commands,
    destroying_commands,
    ending_commands,
    hand_in_commands,
    registering_commands,
    visit_commands,
)
from province.custody import commands as custody_commands
from province.databases import DEFAULT

Answer = dict[str, Any]
Command = Callable[[argparse.Namespace], Answer]


def init(arguments: argparse.Namespace) -> Answer:
    """Found a province: keys, database, root sheet, key statements, policy, released forms."""
    from province import founding, provinces
    from province.chance import SystemRandom
    from province.keys import make_folder

    code = PRACTICE_PROVINCE if arguments.practice else arguments.province
    make_folder(folders.folder(), SystemRandom())
    call_command("migrate", verbosity=0, interactive=False)
    provinces.register_folder(folders.folder())
    state = founding.found(
        DEFAULT,
        code=code,
        name=arguments.name,
        name_en=arguments.name_en,
        practice=arguments.practice,
        hosts=",".join(arguments.host) or "localhost",
    )
    told = {"province": state.province, "name": state.name, "epoch": state.epoch, "folder": str(folders.folder())}
    return told | _warning()


def _warning() -> Answer:
    """A word about keys that lie where they should not; nothing in practice, where they have to."""
    from province.journal.models import State
    from province.keys import load_keys
    from province.texts import word

    keys = load_keys(folders.folder())
    state = State.objects.get(only=1)
    if state.province == PRACTICE_PROVINCE or (keys.root is None and keys.authority is None):
        return {}
    return {"warning": " ".join(word("keys", "online", language) for language in ("zh", "en"))}


def add_station(arguments: argparse.Namespace) -> Answer:
    """Register or change a station; publishes its sheet."""
    from province.registry import publishing

    row = publishing.add_station(
        DEFAULT,
        arguments.number,
        name=arguments.name,
        name_en=arguments.name_en,
        area=arguments.area,
        phone=arguments.phone,
        agency=arguments.agency,
        address=arguments.address,
    )
    return {"station": row.number, "name": row.name, "sheet": row.ordinal}


def add_person(arguments: argparse.Namespace) -> Answer:
    """Register or rename a person."""
    from province.registry import publishing

    row = publishing.add_person(DEFAULT, arguments.number, name=arguments.name, name_en=arguments.name_en)
    return {"person": row.number, "name": row.name}


def grant(arguments: argparse.Namespace) -> Answer:
    """Give a person posts and kinds at a station; --filed says where a kind is filed, and under which number."""
    from province.registry import publishing
    from province.registry.filings import read_filed

    row = publishing.grant(
        DEFAULT,
        arguments.person,
        station=arguments.station,
        posts=tuple(arguments.post),
        kinds=tuple(arguments.kind),
        filed=tuple(read_filed(text) for text in arguments.filed),
        valid_until=day_start(arguments.until) + MS_PER_DAY - 1 if arguments.until else 0,
    )
    return {"person": arguments.person, "grant": row.ordinal, "valid_until": row.valid_until}


def stock(arguments: argparse.Namespace) -> Answer:
    """Take a range of numbers into stock; with --organisation a delivery of any kind into its store."""
    from province.numbers import custody

    if arguments.organisation:
        return custody_commands.stock_in(arguments)
    require_drawn_kind(arguments.kind)
    first = arguments.first or custody.free_start(DEFAULT, arguments.kind)
    last = arguments.last or _last(first, arguments.count)
    row = custody.add_stock(DEFAULT, arguments.kind, first, last, source=arguments.source)
    return {"kind": row.kind, "first": row.first, "last": row.last, "size": row.size}


def draw(arguments: argparse.Namespace) -> Answer:
    """Draw a range from stock for a station or one vet; for a registered using unit under all rules of custody."""
    from province.custody.founding_draws import draw_undecided
    from province.numbers import custody

    if custody_commands.is_under_rules(arguments.station):
        return custody_commands.draw(arguments)
    first = arguments.first or custody.undrawn_start(DEFAULT, arguments.kind)
    last = arguments.last or _last(first, arguments.count)
    whose = {"station": arguments.station, "holder": arguments.holder}
    return custody_commands.drawn(draw_undecided(DEFAULT, arguments.kind, first, last, **whose))


def require_drawn_kind(kind: str) -> None:
    """Only certificates and notices have numbers that are drawn. NumbersError ``scheme_unknown``."""
    from province.numbers.ranges import NumbersCode, NumbersError

    if kind not in ("A", "B", "N"):
        raise NumbersError(NumbersCode.SCHEME_UNKNOWN, scheme="", kind=kind)


def _last(first: str, count: int) -> str:
    return str(int(first) + count - 1).zfill(len(first))


def enrol_code(arguments: argparse.Namespace) -> Answer:
    """A one-time code for a device of a station."""
    from province.registry.enrolment import CODE_LIFE_MS, make_code

    return {"code": make_code(DEFAULT, arguments.station), "hours": CODE_LIFE_MS // 3_600_000}


def license_devices(arguments: argparse.Namespace) -> Answer:
    """License devices as terminals; without names all whose licence is missing or ends within a month."""
    from province.registry import publishing

    devices = arguments.device or publishing.in_need_of_licence(DEFAULT)
    with transaction.atomic():
        for device in devices:
            publishing.license_device(DEFAULT, device, days=arguments.days)
    return {"licensed": devices, "days": arguments.days}


def renew_key(arguments: argparse.Namespace) -> Answer:
    """State the key that follows the server's or the authority's; ``--switch`` lets it sign from then on."""
    from province import renewal

    folder = arguments.keys if arguments.keys is not None and arguments.key == "authority" else folders.folder()
    if arguments.switch:
        renewal.switch(DEFAULT, arguments.key, folder, even_so=arguments.even_so)
        return {"switched": arguments.key}
    key = renewal.state_next(DEFAULT, arguments.key, folder)
    return {"next": key.public.key_id.hex(), "waiting_for": renewal.waiting_for(DEFAULT, key)}


def administrator(arguments: argparse.Namespace) -> Answer:
    """Let somebody into the administrator's pages, or give them a new passphrase; ``--stop`` lets them in no more.

    ``--person`` says as which person of the roster an account decides at the desk.
    """
    from province import administrators

    if arguments.stop:
        administrators.shut_out(DEFAULT, arguments.name)
        return {"administrator": arguments.name, "stopped": True}
    if arguments.person:
        from province.desk.accounts import bind

        bind(DEFAULT, arguments.name, arguments.person)
        return {"administrator": arguments.name, "person": arguments.person}
    passphrase = administrators.passphrase_from(arguments.passphrase_file)
    return {"administrator": arguments.name, "new": administrators.admit(DEFAULT, arguments.name, passphrase)}


def publish(arguments: argparse.Namespace) -> Answer:
    """Build, sign and release the trust file; ``--out`` writes the pack to a file as well."""
    from province.registry import trust

    release = trust.publish(DEFAULT)
    if arguments.out is not None:
        arguments.out.write_bytes(trust.newest(DEFAULT, than=(0, 0)))
    return {"released": release is not None, "seq": release.seq if release else 0}


def losses(arguments: argparse.Namespace) -> Answer:
    """Every loss and how far up it has come; with a loss and ``--level`` that level takes it up."""
    from province.ledgers import losses as ledger

    if arguments.loss:
        return msgspec.to_builtins(ledger.pass_on(DEFAULT, arguments.loss, arguments.level, by=arguments.by))
    return {"losses": msgspec.to_builtins(ledger.loss_states(DEFAULT))}


def status(arguments: argparse.Namespace) -> Answer:
    """Where everything stands; ``--verify`` walks every chain and rebuilds the projections beside the live ones."""
    from province.journal.overview import overview

    return overview(DEFAULT, verify=arguments.verify) | _warning()


def continuity(arguments: argparse.Namespace) -> Answer:
    """What became of every number drawn, every gap with its cause; ``--each`` names each number."""
    from province.ledgers.continuity import continuity_report, ended_in_stock

    stations = continuity_report(DEFAULT, arguments.station, each=arguments.each)
    return {"stations": stations} | ({} if arguments.station else {"ended_in_stock": ended_in_stock(DEFAULT)})


def trace(arguments: argparse.Namespace) -> Answer:
    """The whole life of a number, from stock to its end."""
    from province.ledgers.lives import trace as read

    answer: Answer = msgspec.to_builtins(read(DEFAULT, arguments.number))
    return answer


def list_violations(arguments: argparse.Namespace) -> Answer:
    """What is held against stations and institutions: breaches, refused attempts, what is past its term, findings."""
    from province.violations import violations

    found = violations(DEFAULT, station=arguments.station, organisation=arguments.organisation, since=arguments.since)
    return {"violations": [msgspec.to_builtins(one) for one in found], "count": len(found)}


def list_cases(arguments: argparse.Namespace) -> Answer:
    """Cases of custody as they came up from the stations; the open ones, or with ``--all`` those concluded too."""
    from province.ledgers.cases import cases

    found = cases(DEFAULT, station=arguments.station, organisation=arguments.organisation, concluded=arguments.all)
    return {"cases": [msgspec.to_builtins(one) for one in found], "count": len(found)}


def export(arguments: argparse.Namespace) -> Answer:
    """Every table in plain columns without personal parts, as CSV; with a list of the documents."""
    from province.ledgers.exporting import export as write

    return write(DEFAULT, arguments.out)


def furnish(arguments: argparse.Namespace) -> Answer:
    """Stations, people, grants, stock and draws from one TOML file, in one transaction."""
    from province.registry.furnishing import furnish as take

    return take(DEFAULT, tomllib.loads(arguments.file.read_text("utf-8")))


def state_ca(arguments: argparse.Namespace) -> Answer:
    """State under the root key whose certificates the server shows; devices trust no other from then on."""
    from province.registry.publishing import publish_ca

    return {"ordinal": publish_ca(DEFAULT, arguments.file.read_bytes())}


def fence(arguments: argparse.Namespace) -> Answer:
    """Fence a device that was lost or stolen: what it sends from now on is evidence, its key signs no more."""
    from province.registry.fencing import fence_device

    return {"device": arguments.device, "state": fence_device(DEFAULT, arguments.device)}


def new_epoch(arguments: argparse.Namespace) -> Answer:
    """Declare a new epoch: the first thing to do after restoring the database from a backup."""
    from province.journal.recovery import declare_epoch

    return {"epoch": declare_epoch(DEFAULT)}


def take_over(arguments: argparse.Namespace) -> Answer:
    """Let this server grant from now on and no other; first act after a fail-over, with the shared marks at hand."""
    from province import granting

    del arguments
    generation, epoch = granting.take_over(DEFAULT)
    return {"generation": generation, "epoch": epoch}


def bundle(arguments: argparse.Namespace) -> Answer:
    """Take in a bundle from a stick and write the answer bundle."""
    from province.journal.sticks import answer_bundle, read_stick

    content, told = answer_bundle(DEFAULT, read_stick(arguments.file))
    arguments.out.write_bytes(content)
    return told


def attachment(arguments: argparse.Namespace) -> Answer:
    """Write a photograph or scan that has come in whole to a file; named by its SHA-256."""
    from province.journal.attachments import read

    content = read(DEFAULT, arguments.name)
    if content is None:
        raise StationError("attachment_absent", name=arguments.name[:12])
    arguments.out.write_bytes(content)
    return {"name": arguments.name, "bytes": len(content)}


def enrol_answer(arguments: argparse.Namespace) -> Answer:
    """Enrol a device that asks by stick; the answer is sealed to it. Asking again makes the same answer."""
    from province.journal.sticks import answer_introduction

    device, content = answer_introduction(DEFAULT, arguments.file.read_bytes())
    arguments.out.write_bytes(content)
    return {"device": device}


def retention(arguments: argparse.Namespace) -> Answer:
    """Remove online declarations past their retention."""
    from province.portal.declaring import remove_old

    return {"removed": remove_old(DEFAULT)}


def migrate(arguments: argparse.Namespace) -> Answer:
    """Bring the database's schema and projections up to this program."""
    from province.journal.projecting import ensure_projections

    call_command("migrate", verbosity=0, interactive=False)
    return {"projections_rebuilt": ensure_projections(DEFAULT)}


def serve(arguments: argparse.Namespace) -> Answer:
    """Serve until stopped; returns nothing worth showing."""
    from province.serving import serve as run

    run(
        host=arguments.host,
        port=arguments.port,
        announce=arguments.announce,
        allow=tuple(arguments.allow),
        until_input_closes=arguments.until_input_closes,
    )
    return {}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(prog="province", description="The provincial server (省级平台).")
    top.add_argument("--folder", type=Path, help="the province's folder (INSPECTOR_PROVINCE)")
    top.add_argument("--keys", type=Path, help="where root.key and authority.key lie, if not in that folder")
    top.add_argument("--json", action="store_true", help="answer as JSON")
    verbs = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (_add_founding, _add_registers, _add_numbers, _add_running):
        add(verbs)
    custody_commands.add(verbs, _verb)
    hand_in_commands.add(verbs, _verb)
    approving_commands.add(verbs, _verb)
    ending_commands.add(verbs, _verb)
    destroying_commands.add(verbs, _verb)
    registering_commands.add(verbs, _verb)
    visit_commands.add(verbs, _verb)
    branch_commands.add(verbs, _verb)
    return top


def _verb(verbs: Any, name: str, run: Command, *options: tuple[str, dict[str, Any]]) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = verbs.add_parser(name, help=(run.__doc__ or "").partition(";")[0].strip(" ."))
    made.set_defaults(run=run)
    for flag, settings in options:
        made.add_argument(flag, **settings)
    return made


_NUMBER: dict[str, Any] = {"type": int, "required": True}
_TEXT: dict[str, Any] = {"required": True}
_OPTIONAL: dict[str, Any] = {"default": ""}
_SEVERAL: dict[str, Any] = {"action": "append", "default": []}


def _add_founding(verbs: Any) -> None:
    _verb(
        verbs,
        "init",
        init,
        ("--province", {"default": "", "help": "the two digits the numbers begin with"}),
        ("--name", _TEXT),
        ("--name-en", _OPTIONAL),
        ("--practice", {"action": "store_true"}),
        ("--host", {**_SEVERAL, "help": "the host printed in QR codes; several are allowed, the first is printed"}),
    )
    _verb(verbs, "migrate", migrate)
    _verb(verbs, "furnish", furnish, ("file", {"type": Path}))


def _add_registers(verbs: Any) -> None:
    names = (("--name", _TEXT), ("--name-en", _OPTIONAL))
    number = ("--number", _NUMBER)
    station = _verb(verbs, "station", add_station, number, *names, ("--area", _NUMBER), ("--phone", _TEXT))
    station.add_argument("--agency", default="")
    station.add_argument("--address", default="")
    _verb(verbs, "person", add_person, number, *names)
    _verb(
        verbs,
        "grant",
        grant,
        ("--person", _NUMBER),
        ("--station", _NUMBER),
        ("--post", _SEVERAL),
        ("--kind", _SEVERAL),
        ("--filed", {**_SEVERAL, "help": "KIND=INSTITUTION/NUMBER, as A=1/BA-0012: with whom the vet is filed (备案)"}),
        ("--until", {"default": "", "help": "the last day, YYYY-MM-DD; one year by default"}),
    )
    _verb(verbs, "enrol-code", enrol_code, ("--station", _NUMBER))
    _verb(verbs, "fence", fence, ("device", {}))
    days = ("--days", {"type": int, "default": 365})
    _verb(verbs, "license", license_devices, ("device", {"nargs": "*"}), days)
    _verb(verbs, "ca", state_ca, ("file", {"type": Path, "help": "certificates in PEM"}))


def _add_numbers(verbs: Any) -> None:
    ends = (("--first", _OPTIONAL), ("--last", _OPTIONAL), ("--count", {"type": int, "default": 1000}))
    kinds = ("--kind", {**_TEXT, "choices": custody_commands.kinds()})
    taken_in = _verb(verbs, "stock", stock, kinds, *ends, ("--source", _OPTIONAL))
    custody_commands.add_stock_options(taken_in)
    kind = ("--kind", {**_TEXT, "choices": ["A", "B", "N"]})
    whose = (("--station", _NUMBER), ("--holder", {"type": int, "default": 0}))
    drawn = _verb(verbs, "draw", draw, kind, *ends, *whose)
    custody_commands.add_draw_options(drawn)


def _add_running(verbs: Any) -> None:
    _verb(
        verbs,
        "serve",
        serve,
        ("--host", {"default": "127.0.0.1"}),
        ("--port", {"type": int, "default": 8000}),
        ("--announce", {"type": Path, "help": "write the address to this file once it answers"}),
        ("--allow", {**_SEVERAL, "help": "a further host name or address under which it may be asked"}),
        ("--until-input-closes", {"action": "store_true", "help": "stop when standard input ends"}),
    )
    _verb(
        verbs,
        "renew-key",
        renew_key,
        ("key", {"choices": ["server", "authority"]}),
        ("--switch", {"action": "store_true", "help": "put the stated key in the place of the present one"}),
        (
            "--even-so",
            {"action": "store_true", "help": "though devices have not heard of it"},
        ),
    )
    _verb(
        verbs,
        "admin",
        administrator,
        ("name", {}),
        ("--passphrase-file", {"type": Path, "help": "otherwise it is asked for"}),
        ("--stop", {"action": "store_true"}),
        ("--person", {"type": int, "default": 0, "help": "the roster number under which the account decides"}),
    )
    _verb(verbs, "publish", publish, ("--out", {"type": Path}))
    _verb(
        verbs,
        "losses",
        losses,
        ("loss", {"nargs": "?", "help": "the entry that told of it"}),
        ("--level", {"choices": ["county", "city", "province"], "default": "county"}),
        ("--by", {"type": int, "default": 0, "help": "head or keeper of an organisation of that level"}),
    )
    _verb(verbs, "status", status, ("--verify", {"action": "store_true"}))
    each = ("--each", {"action": "store_true", "help": "every number by itself"})
    _verb(verbs, "continuity", continuity, ("--station", {"type": int, "default": 0, "help": "0: all"}), each)
    _verb(verbs, "export", export, ("out", {"type": Path, "metavar": "DIR"}))
    _verb(verbs, "trace", trace, ("number", {}))
    since = ("--since", {"default": "", "help": "a legal day, YYYY-MM-DD"})
    of_station = ("--station", {"type": int, "default": 0})
    of_organisation = ("--organisation", {"type": int, "default": 0})
    _verb(verbs, "violations", list_violations, of_station, of_organisation, since)
    concluded = ("--all", {"action": "store_true", "help": "concluded ones too"})
    _verb(verbs, "cases", list_cases, of_station, of_organisation, concluded)
    _verb(verbs, "epoch", new_epoch)
    _verb(verbs, "take-over", take_over)
    _verb(verbs, "retention", retention)
    _verb(verbs, "enrol-answer", enrol_answer, ("file", {"type": Path}), ("--out", {"type": Path, "required": True}))
    _verb(verbs, "attachment", attachment, ("name", {}), ("--out", {"type": Path, "required": True}))
    _verb(verbs, "bundle", bundle, ("file", {"type": Path}), ("--out", {"type": Path, "required": True}))


NEEDS_NO_PROVINCE = ("init",)


def run(argv: Sequence[str]) -> tuple[argparse.Namespace, Answer]:
    """Parse, make ready, do. Raises StationError and NumbersError; SystemExit for wrong usage."""
    arguments = parser().parse_args(argv)
    if arguments.folder is not None:
        folders.choose(arguments.folder)
    from province.inprocess import set_up_django

    set_up_django()
    if arguments.command not in NEEDS_NO_PROVINCE:
        from province import provinces

        if not (folders.folder() / "server.key").exists():
            raise StationError("province.not_founded", folder=str(folders.folder()))
        provinces.register_folder(folders.folder(), signing=arguments.keys)
    answer: Answer = arguments.run(arguments)
    return arguments, answer
