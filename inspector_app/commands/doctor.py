"""The doctor on the command line."""

from __future__ import annotations

from argparse import Namespace

import msgspec

from inspector_app.commands.output import DONE, REFUSED, Output, in_parts, three_parts
from inspector_app.commands.parsing import Commands, add_command
from inspector_app.commands.session import signed_in


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    add_command(commands, "doctor", "prove the home sound", doctor)


def doctor(arguments: Namespace, output: Output) -> int:
    """``inspector doctor``: prove the chain, private parts, projections, equations and files."""
    from inspector_app.store.doctor import examine

    with signed_in(arguments) as device:
        findings = examine(device.store, device.files)
        head = device.store.head()
        said = {"sound": not findings, "entries": head.seq, "head": head.hash.hex()}
        told = [output.sentences.of("faults", finding.code, output.lang) for finding in findings]
        for finding, sentence in zip(findings, told, strict=True):
            output.say(f"{three_parts(sentence)}\n{finding.code}: {finding.where}")
        shown = [msgspec.to_builtins(one) | in_parts(sentence) for one, sentence in zip(findings, told, strict=True)]
        text = output.phrase("sound", entries=head.seq, head=head.hash.hex()[:16]) if not findings else ""
        output.result(said | {"findings": shown}, text)
        return REFUSED if findings else DONE
