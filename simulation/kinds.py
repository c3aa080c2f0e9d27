"""Every kind of fact and of document there is: which of them this world makes, and why the others are left out.

A new kind without a step that makes it, and without a reason here, is a finding of the state machine.
"""

from __future__ import annotations

from inspector_app.domain.documents import registered_types
from inspector_app.journal.envelope import read_envelope, registered
from simulation.world import World

NO_ACT = "nobody records it yet: no service, no command and no screen makes it"
COPIED = "only after a disk was copied or put back, which these worlds never are: tests/simulation/test_succeeding.py"
FACTS_LEFT_OUT = {
    "person.removed/1": NO_ACT,
    "retention.applied/1": NO_ACT,
    "case.taken_back/1": "only from a laptop that was shut down: tests/services/test_case_moves.py",
    "device.succeeded/1": COPIED,
    "paper.regularised/1": COPIED,
    "stocktake.listed/1": "a stocktake of more lines than one entry holds: tests/services/test_stocktaking_many.py",
}
DOCUMENTS_LEFT_OUT = {
    "ca/1": "whose certificates the server shows: here nothing goes through TLS",
    "root/1": "handed to a home at enrolment, in no feed; founding a laptop takes it in",
    "key/1": "as the root",
    "receipt/1": "an answer to a frame, in no feed; simulation.evidence holds each against what is committed",
    "trust_file/1": "carried beside the feed; a laptop takes the newest in at each contact",
}


def known() -> set[str]:
    """Every kind of fact and document that can be met in a journal or feed."""
    documents = {one.tag for one in registered_types()}
    return (set(registered()) - FACTS_LEFT_OUT.keys()) | (documents - DOCUMENTS_LEFT_OUT.keys())


def made(world: World) -> set[str]:
    """The kinds that the province has recorded of its devices, and told in its feed."""
    with world.server.committed() as database:
        entries = (bytes(row[0]) for row in database.execute("SELECT public FROM entry"))
        kinds = {envelope.kind for envelope in (read_envelope(one)[0] for one in entries) if envelope is not None}
        return kinds | {str(row[0]) for row in database.execute("SELECT DISTINCT kind FROM feed")}
