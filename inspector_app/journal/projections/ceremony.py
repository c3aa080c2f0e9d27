"""Acts that want a second person, and who confirmed them."""

from __future__ import annotations

from collections.abc import Collection

from inspector_app.domain.authority import Action, second_action
from inspector_app.domain.stocktake import StocktakePurpose
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.ceremony import CONFIRMED_BY, ActConfirmed
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows


def note_act(rows: Rows, entry: Entry, subject: str = "") -> None:
    """An act that a second person has yet to confirm (待复核).

    ``subject`` names what it was done to, where two computers may do the same thing: confirming one settles both.
    """
    said = entry.envelope
    row: Row = {"ref": entry.ref, "kind": said.kind, "device": said.device, "by": said.actor, "at": said.at}
    row |= {"subject": subject or None}
    rows.insert("acts", row | {"confirm_ref": None, "form": None, "confirmed_by": None, "confirmed_at": None})


@projects(ActConfirmed)
def act_confirmed(fact: ActConfirmed, entry: Entry, rows: Rows) -> None:
    """Confirmed; of two confirmations the earlier stands, in whatever order they are heard. Nobody counts twice."""
    row = rows.one("acts", ref=fact.act)
    if row is None or row["by"] == entry.envelope.actor:
        return
    told = (entry.envelope.at, entry.ref)
    if row["confirm_ref"] is None or told < (int(row["confirmed_at"] or 0), str(row["confirm_ref"])):
        changes: Row = {"confirm_ref": entry.ref, "form": fact.form}
        changes |= {"confirmed_by": entry.envelope.actor, "confirmed_at": entry.envelope.at}
        rows.update("acts", {"ref": fact.act}, changes)


def confirming(rows: Rows, act: Row, posts: Collection[str]) -> Action:
    """What the second person of an act must be allowed to do, where the first holds these posts.

    At a hand-over count the second is whoever takes over, and nobody of the county has to come for that.
    """
    action, purpose = CONFIRMED_BY[str(act["kind"])], StocktakePurpose.HAND_OVER.value
    is_hand_over = bool(rows.many("stocktakes", ended_ref=act["ref"], purpose=purpose))
    return action if is_hand_over else second_action(action, posts)
