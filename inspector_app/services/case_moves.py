"""A case between two computers of a station: inspected here, issued there, without a network.

Whoever gives a case away has no right to issue on it from that moment, whether or not the file is ever written or
arrives; only the receiver gives it back, or the province by shutting the receiver down. So at no moment have two
computers the right, and whatever is lost on the way can be made out again here, for that computer alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from inspector_app.domain.authority import Action
from inspector_app.domain.keys import PublicKey
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, in_order
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.devices import CaseHandedOver, CaseReceived, CaseReturned, CaseTakenBack
from inspector_app.journal.feed import RELAYED, Pulled, case_epoch, feed_hash
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.cases import HANDED_OVER, latest_move
from inspector_app.services import case_files
from inspector_app.services.case_entries import entries_of, uses_of
from inspector_app.services.case_files import CaseContent, Given, Word
from inspector_app.services.device import Device
from inspector_app.services.print_orders import signed_by_actor
from inspector_app.suites import sha256, verify

ACTIVE = "active"


class Taken(msgspec.Struct, frozen=True):
    """A case that is here: its declaration, who gave it, and whether this reading brought anything."""

    declaration: str
    giver: str
    is_new: bool


# --- giving -----------------------------------------------------------------------------------------------------------


def hand_case(device: Device, declaration: str, to: str) -> bytes | Refused:
    """Give a case to a sister device; returns the file for it. Asking again for the same device makes it out anew.

    StationError ``case_gone`` when it cannot be made out again.
    """

    def against() -> list[Refusal]:
        return device.signed_in() if _is_out(device, declaration, to) else _hand_refusals(device, declaration, to)

    return _given(device, declaration, to, CaseHandedOver, against)


def return_case(device: Device, declaration: str) -> bytes | Refused:
    """Give a case back to the device it came from; returns the file for it, also when asked again."""
    held = latest_move(device.rows, declaration)
    to = _giver_of(device, held) if held is not None else ""

    def against() -> list[Refusal]:
        return device.signed_in() if _is_out(device, declaration, to) else _return_refusals(device, declaration)

    return _given(device, declaration, to, CaseReturned, against)


def _giver_of(device: Device, move: Row) -> str:
    """Whom a case goes back to: who gave it, or to whom this device gave it back already."""
    return str(move["device"] if move["giver"] == device.id else move["giver"])


def _is_out(device: Device, declaration: str, to: str) -> bool:
    """Whether the case went from here to that device and is, by all that is known here, still there."""
    held = latest_move(device.rows, declaration)
    return held is not None and held["ref"] is not None and (held["giver"], held["device"]) == (device.id, to)


def _given(
    device: Device, declaration: str, to: str, shape: type[Given], against: Callable[[], list[Refusal]]
) -> bytes | Refused:
    def build(act: Act) -> str:
        held = latest_move(device.rows, declaration)
        if held is not None and _is_out(device, declaration, to):
            return str(held["ref"])
        turn = int(held["turn"] or 0) + 1 if held is not None else 1
        return act.add(_word(device, shape, declaration, to, turn), sign=device.sign)

    ref = device.record_unless(against, build)
    return ref if isinstance(ref, Refused) else case_files.write_file(device, ref)


def _word(device: Device, shape: type[Given], declaration: str, to: str, turn: int) -> Given:
    entries, uses = entries_of(device, declaration), uses_of(device, declaration)
    word = shape(declaration=declaration, device=to, bundle="", turn=turn, entries=entries, uses=uses)
    bundle = sha256(case_files.content_of(device, word).encoded()).hex()
    return msgspec.structs.replace(word, bundle=bundle)


def _hand_refusals(device: Device, declaration: str, to: str) -> list[Refusal]:
    found, held = _giving_refusals(device, declaration), latest_move(device.rows, declaration)
    if not found and held is not None and held["act"] == HANDED_OVER:
        # It is lent: a third computer gets it from whoever lent it, so that there is one way back.
        found.append(_elsewhere(str(held["giver"]), field="giver"))
    sister = device.rows.one("devices", device=to)
    if to == device.id or sister is None or not _is_sister(device, sister):
        found.append(Refusal(code=RefusalCode.NOT_FOUND, field="sister", current=to))
    return found


def _return_refusals(device: Device, declaration: str) -> list[Refusal]:
    found, held = _giving_refusals(device, declaration), latest_move(device.rows, declaration)
    if not found and (held is None or held["act"] != HANDED_OVER):
        return [Refusal(code=RefusalCode.WRONG_STATE, field="case")]
    giver = device.rows.one("devices", device=held["giver"]) if held is not None else None
    if not found and (giver is None or not _is_sister(device, giver)):
        found.append(Refusal(code=RefusalCode.NOT_FOUND, field="giver", current=str(held["giver"]) if held else ""))
    return found


def _giving_refusals(device: Device, declaration: str) -> list[Refusal]:
    """What stands against giving a case away: it is not here, or this may be a copy that does not know what it did."""
    found = device.may(Action.ISSUE)
    if device.frozen:
        found.append(Refusal(code=RefusalCode.DEVICE_FROZEN, details={"reason": device.frozen}))
    row = device.rows.one("declarations", ref=declaration)
    if row is None:
        return [*found, Refusal(code=RefusalCode.NOT_FOUND, current=declaration)]
    if row["holder"] != device.id:
        return [*found, _elsewhere(str(row["holder"]))]
    if row["state"] != "accepted":
        found.append(Refusal(code=RefusalCode.DECLARATION_NOT_ACCEPTED, current=str(row["state"])))
    return found


def _elsewhere(device: str, field: str = "") -> Refusal:
    return Refusal(code=RefusalCode.CASE_HANDED_OVER, field=field, details={"device": device})


def _is_sister(device: Device, sheet: Row) -> bool:
    return sheet["station"] == device.sheet.station and sheet["state"] == ACTIVE


def export_again(device: Device, declaration: str) -> bytes | Refused:
    """The file of the last move once more, when that was made here; the same case is in it, for the same device.

    StationError ``case_gone`` when it cannot be made out again.
    """
    held = latest_move(device.rows, declaration)
    found = device.signed_in()
    if held is None or held["giver"] != device.id:
        found.append(Refusal(code=RefusalCode.WRONG_STATE, field="case_out"))
    return Refused(in_order(found)) if found or held is None else case_files.write_file(device, str(held["ref"]))


# --- taking -----------------------------------------------------------------------------------------------------------


def take_case(device: Device, raw: bytes) -> Taken | Refused:
    """Take in a case from a sister's file; the same file a second time changes nothing.

    StationError ``case_unreadable`` for what is no such file, or is damaged.
    """
    file = case_files.read_file(raw)
    word = case_files.word_of(file)
    if word.fact.device != device.id:
        return Refused(in_order([_elsewhere(word.fact.device, field="file")]))
    content = case_files.open_file(device, file, word)
    documents = _documents(device, word, file.word, content)

    def build(act: Act) -> Taken | Refused:
        found = [*device.signed_in(), *_taking_refusals(device, file.signature, word, content)]
        done = Taken(word.fact.declaration, word.giver, is_new=False)
        if found or _is_taken(device, word):
            return Refused(in_order(found)) if found else done
        act.add(_receipt(word, documents))
        return msgspec.structs.replace(done, is_new=True)

    return device.record(build, pulled=documents)


def _documents(device: Device, word: Word, travelled: bytes, content: CaseContent) -> list[Pulled]:
    """What of a case is kept here: the entries this device has not heard of, and last the word that it was given."""
    heard = [*(one for one in content.entries if _is_news(device, one)), travelled]
    epoch = case_epoch(word.fact.bundle)
    return [Pulled(epoch, cursor, RELAYED, one) for cursor, one in enumerate(heard, start=1)]


def _is_news(device: Device, document: bytes) -> bool:
    entry = case_files.entry_in(document)
    own = entry is None or entry.envelope.device == device.id
    return not own and entry is not None and device.rows.one("relayed", ref=entry.ref) is None


def _receipt(word: Word, documents: Sequence[Pulled]) -> CaseReceived:
    fact = word.fact
    return CaseReceived(
        declaration=fact.declaration,
        device=word.giver,
        turn=fact.turn,
        bundle=fact.bundle,
        documents=len(documents),
        hash=feed_hash(documents).hex(),
    )


def _is_taken(device: Device, word: Word) -> bool:
    fact = word.fact
    row = device.rows.one("case_moves", declaration=fact.declaration, turn=fact.turn, giver=word.giver)
    return row is not None and str(row["received_ref"] or "").partition("/")[0] == device.id


def _taking_refusals(device: Device, signature: bytes, word: Word, content: CaseContent) -> Iterator[Refusal]:
    sheet = device.rows.one("devices", device=word.giver)
    if sheet is None or not _is_sister(device, sheet) or not _device_signed(sheet, word, signature):
        yield Refusal(code=RefusalCode.NOT_FOUND, field="giver", current=word.giver)
    elif not signed_by_actor(device, word.entry, word.actor_sig):
        yield Refusal(code=RefusalCode.KEY_NOT_PUBLISHED, details={"person": word.entry.envelope.actor})
    elif any(_differs(device, document) for document in content.entries):
        yield Refusal(code=RefusalCode.WRONG_STATE, field="journal", current=word.giver)
    elif not _is_taken(device, word) and _is_past(device, word):
        yield Refusal(code=RefusalCode.ALREADY_RECORDED, field="case")


def _device_signed(sheet: Row, word: Word, signature: bytes) -> bool:
    key = PublicKey(int(sheet["suite"] or 0), bytes.fromhex(str(sheet["key"])))
    return verify(key, case_files.CASE_CONTEXT, word.entry.hash, signature)


def _differs(device: Device, document: bytes) -> bool:
    """Whether an entry is known here as another: its journal was copied, or an older state was put back."""
    entry = case_files.entry_in(document)
    if entry is None:
        return True
    if entry.envelope.device == device.id:
        own = device.store.entry(entry.ref)
        return own is None or own.hash != entry.hash
    known = device.rows.one("relayed", ref=entry.ref)
    return known is not None and known["hash"] != entry.hash.hex()


def _is_past(device: Device, word: Word) -> bool:
    """Whether the case has gone on since, as far as is known here, or came this turn from somebody else."""
    held = latest_move(device.rows, word.fact.declaration)
    if held is None or int(held["turn"] or 0) < word.fact.turn:
        return False
    return (held["turn"], held["giver"]) != (word.fact.turn, word.giver)


# --- a lost receiver --------------------------------------------------------------------------------------------------


def take_back(device: Device, declaration: str) -> str | Refused:
    """Have a case again that was with a computer the province has shut down; returns the entry's reference."""

    def build(act: Act) -> str:
        held = latest_move(device.rows, declaration) or {}
        fact = CaseTakenBack(
            declaration=declaration,
            device=str(held["device"]),
            turn=int(held["turn"] or 0) + 1,
            uses=uses_of(device, declaration),
        )
        return act.add(fact, sign=device.sign)

    return device.record_unless(lambda: _take_back_refusals(device, declaration), build)


def _take_back_refusals(device: Device, declaration: str) -> list[Refusal]:
    found, held = device.may(Action.ISSUE), latest_move(device.rows, declaration)
    if device.frozen:
        found.append(Refusal(code=RefusalCode.DEVICE_FROZEN, details={"reason": device.frozen}))
    if held is None or (held["giver"], held["act"]) != (device.id, HANDED_OVER):
        return [*found, Refusal(code=RefusalCode.WRONG_STATE, field="case_out")]
    sheet = device.rows.one("devices", device=held["device"])
    if sheet is None or sheet["state"] == ACTIVE:
        found.append(Refusal(code=RefusalCode.WRONG_STATE, field="receiver", details={"device": str(held["device"])}))
    return found


# --- where it stands --------------------------------------------------------------------------------------------------


class Whereabouts(msgspec.Struct, frozen=True):
    """Where a case is: ``here``, ``lent`` to this device, ``away`` at another one, or ``lost`` with one shut down.

    ``other`` is the device it came from or went to, "" while it never moved; ``moved_at`` and ``taken_at`` are UTC ms,
    0 for what is not known here.
    """

    where: str
    other: str = ""
    moved_at: int = 0
    taken_at: int = 0
    given_here: bool = False


def whereabouts(device: Device, declaration: str) -> Whereabouts:
    """Where a case is, as far as is known here."""
    row, held = device.rows.one("declarations", ref=declaration), latest_move(device.rows, declaration)
    holder = str(row["holder"]) if row is not None else ""
    if held is None:
        return Whereabouts("here" if holder == device.id else "away", "" if holder == device.id else holder)
    moved_at, taken_at = int(held["at"] or 0), int(held["received_at"] or 0)
    if holder == device.id:
        where = "lent" if held["act"] == HANDED_OVER else "here"
        return Whereabouts(where, str(held["giver"]), moved_at, taken_at)
    given_here = held["giver"] == device.id
    sheet = device.rows.one("devices", device=holder)
    lost = given_here and held["act"] == HANDED_OVER and sheet is not None and sheet["state"] != ACTIVE
    return Whereabouts("lost" if lost else "away", holder, moved_at, taken_at, given_here)
