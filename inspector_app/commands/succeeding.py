"""A new computer goes on for an earlier one whose home is still there, on the command line."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from inspector_app import bootstrap
from inspector_app.commands.output import Output
from inspector_app.commands.parsing import Commands, Parser, add_command
from inspector_app.commands.session import passphrase, passphrase_in, read_file, signed_in_home
from inspector_app.domain.refusals import Refused
from inspector_app.errors import StationError
from inspector_app.services.device import Device
from inspector_app.services.sign_in import LockedHome
from inspector_app.services.succeeding import Succession, succeed
from inspector_app.vault.faults import VaultFault


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    parser = add_command(commands, "succeed", "go on for an earlier computer: its papers, drafts and files", answer)
    parser.add_argument("earlier", metavar="OLDHOME", help="the home of the earlier computer, or a copy of its disk's")
    parser.add_argument("--by-stick", action="store_true", help="both have caught up by stick; ask no network")
    add_earlier(parser)


def add_earlier(parser: Parser) -> None:
    """How an earlier home is opened: what its machine called itself, and the passphrase there."""
    parser.add_argument("--earlier-machine", metavar="F", help="the old disk's /etc/machine-id, in another computer")
    parser.add_argument("--earlier-passphrase-file", metavar="F", help="where it is not the passphrase of this home")


def answer(arguments: Namespace, output: Output) -> int:
    """``inspector succeed OLDHOME``: exit 1 when it is refused."""
    return go_on(arguments, output, {})


def go_on(arguments: Namespace, output: Output, said: dict[str, object]) -> int:
    """Let both catch up, account for the papers, and tell the province; ``said`` was done just before."""
    with signed_in_home(arguments) as (home, device):
        earlier_home = bootstrap.earlier_home(Path(arguments.earlier), _machine(arguments))
        try:
            earlier = _opened(earlier_home, device, arguments)
            if not arguments.by_stick:
                _catch_up(earlier_home, earlier)
                _catch_up(home, device)
            outcome = succeed(device, earlier)
        finally:
            earlier_home.close()
        if isinstance(outcome, Refused):
            return output.refused(outcome)
        if not arguments.by_stick:
            _catch_up(home, device)
        return _tell(output, outcome, said)


def _machine(arguments: Namespace) -> bytes | None:
    return read_file(arguments.earlier_machine).strip() if arguments.earlier_machine else None


def _opened(home: LockedHome, device: Device, arguments: Namespace) -> Device:
    words = passphrase_in(arguments.earlier_passphrase_file) or passphrase(arguments)
    opened = home.unlock(device.person(), words)
    if isinstance(opened, VaultFault):
        raise StationError(opened.value)
    return opened


def _catch_up(home: LockedHome, device: Device) -> None:
    bootstrap.Contact(home, device).sync(lambda _done, _total, _size=0: None, lambda: False)


def _tell(output: Output, outcome: Succession, said: dict[str, object]) -> int:
    counts = {"papers": len(outcome.papers), "drafts": outcome.drafts, "files": outcome.files}
    return output.result(said | counts | {"numbers": list(outcome.papers)}, output.phrase("succeeded", **counts))
