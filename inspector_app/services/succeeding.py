"""A new computer goes on for an earlier one that was copied, put back, or stopped for good (重新入网).

The earlier home is opened beside the new one by the same person. What it still had to report was sent by then, taken in
or kept as evidence; here its papers are accounted for. Drafts and files come over first: should the power go, the act
is not on record yet and all of this is done again, which changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from inspector_app.domain.authority import Action
from inspector_app.domain.numbering import Number
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.journal.chain import Act, Entry
from inspector_app.journal.entries.certificates import CertificateIssued, NoticeIssued
from inspector_app.journal.entries.successions import (
    SUCCESSION_CONTEXT,
    DeviceSucceeded,
    PaperRegularised,
    succession_message,
)
from inspector_app.journal.feed import RELAYED, read_relayed
from inspector_app.services.device import Device

PAPER_WORDS = (CertificateIssued.KIND, NoticeIssued.KIND)


class BranchPaper(NamedTuple):
    """A paper of the earlier device that the province has not told of: its number, block, place and hash."""

    number: Number
    block: str
    seq: int
    hash: bytes


class Succession(msgspec.Struct, frozen=True, kw_only=True):
    """What came over: the entry that says so, the papers now accounted for, drafts and files."""

    ref: str
    papers: tuple[str, ...]
    drafts: int
    files: int


def succeed(device: Device, earlier: Device) -> Succession | Refused:
    """Let ``device`` go on for ``earlier``, whose home the same person has opened; both have caught up just before.

    Refused for a device of another station, one of which somebody goes on already, or one whose person may not.
    """
    if found := succession_refusals(device, earlier):
        return Refused(tuple(found))
    drafts, files = carry_drafts(device, earlier), carry_files(device, earlier)
    papers = branch_papers(device, earlier)
    done = device.record_unless(
        lambda: succession_refusals(device, earlier), lambda act: _add(act, device, earlier, papers)
    )
    if isinstance(done, Refused):
        return done
    return Succession(ref=done, papers=tuple(str(one.number) for one in papers), drafts=drafts, files=files)


def succession_refusals(device: Device, earlier: Device) -> list[Refusal]:
    """Why this device cannot go on for that one."""
    found = device.may(Action.SUCCEED_DEVICE)
    same_place = (device.sheet.station, device.keyring.root.key) == (earlier.sheet.station, earlier.keyring.root.key)
    if not same_place or device.id == earlier.id:
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="earlier", current=earlier.id[:8]))
    # Two copies of a disk are one device with two heads, and for each of them somebody may go on.
    if gone_on := device.rows.many("successions", earlier=earlier.id, hash=earlier.store.head().hash.hex()):
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, current=str(gone_on[0]["ref"])))
    return found


def branch_papers(device: Device, earlier: Device) -> list[BranchPaper]:
    """The earlier device's papers that are not among its entries the province has told its station of.

    Nor among those somebody has accounted for already: two copies of a disk have the papers from before in common.
    """
    taken_in = set(_told_hashes(device, earlier.id))
    taken_in |= {bytes.fromhex(str(row["hash"])) for row in device.rows.many("branch_papers", earlier=earlier.id)}
    found = (_paper(entry) for entry in earlier.store.entries_naming(PAPER_WORDS))
    return [paper for paper in found if paper is not None and paper.hash not in taken_in]


def _told_hashes(device: Device, earlier: str) -> Iterator[bytes]:
    for document in device.store.documents_after(0):
        entry = read_relayed(document.content) if document.kind == RELAYED else None
        if entry is not None and entry.envelope.device == earlier:
            yield entry.hash


def _paper(entry: Entry) -> BranchPaper | None:
    match entry.fact:
        case CertificateIssued(record=record):
            return BranchPaper(record.number, record.block, entry.envelope.seq, entry.hash)
        case NoticeIssued(number=number, block=block):
            return BranchPaper(number, block, entry.envelope.seq, entry.hash)
        case _:
            return None


def _add(act: Act, device: Device, earlier: Device, papers: list[BranchPaper]) -> str:
    head, today = earlier.store.head(), device.today()
    message = succession_message(earlier.id, device.id, head.seq, head.hash.hex())
    proof = earlier.identity.signing.sign(SUCCESSION_CONTEXT, message)
    fact = DeviceSucceeded(device=earlier.id, seq=head.seq, hash=head.hash.hex(), proof=proof.hex())
    ref = act.add(fact, sign=device.sign)
    due_on = device.policy().case_due_on(today)
    for paper in papers:
        regularised = PaperRegularised(
            device=earlier.id,
            seq=paper.seq,
            hash=paper.hash.hex(),
            number=paper.number,
            block=paper.block,
            opened_on=today,
            due_on=due_on,
        )
        act.add(regularised, sign=device.sign)
    return ref


def carry_drafts(device: Device, earlier: Device) -> int:
    """What was being typed on the earlier device can be gone on with here; returns how many drafts are new."""
    new = [draft for draft in earlier.drafts.open_drafts() if device.drafts.get(draft.draft) is None]
    for draft in new:
        device.drafts.save(draft)
    return len(new)


def carry_files(device: Device, earlier: Device) -> int:
    """Photographs, scans and kept print bytes, each under a key of this home; returns how many are new.

    One that cannot be read any more is left behind: it stays where it is, on the earlier disk.
    """
    new = [(name, kind) for name, kind in earlier.files.names() if not device.files.has(name)]
    readable = [(name, kind) for name, kind in new if earlier.files.has(name)]
    for name, kind in readable:
        device.files.add(earlier.files.read(name), kind)
    return len(readable)
