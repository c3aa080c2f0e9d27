"""The world finds known mistakes: each is put into the product from outside and must be noticed within few seeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest

from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.store.journal_store import JournalStore
from inspector_app.store.sql_rows import LIVE
from inspector_app.vault.witness import WitnessFile
from simulation.faults import PROFILES
from simulation.outcome import Outcome, run_seed
from simulation.planted import PLANTS
from simulation.workshop import Workshop
from sync import client

pytestmark = pytest.mark.timeout(600)
WITHIN = 30
FOUND_AS = {
    "blob_wrong_hash": {"attachment"},
    "forgotten_draws": {"I1"},
    "ack_before_commit": {"I8"},
    "reuse_number_in_doubt": {"I3"},
    "print_before_commit": {"I9"},
    "no_fork_check": {"I6"},
    "issue_after_hand_over": {"I14"},
    "fence_ignored": {"I10"},
    "both_grant": {"I1", "I7", "crash"},
    "restored_block_granted": {"I1", "crash"},
    "no_high_water": {"I1", "crash"},
    "restore_without_epoch": {"I7", "I12", "I13", "crash"},
    "regrant_without_closed_head": {"I1"},
    "lost_verdict": {"I12"},
    "double_allocation": {"I1", "I4", "crash"},  # a device's own check of the trust file may notice first
}


def first_finding(shop: Workshop, profile: str, bug: str = "") -> Outcome:
    for seed in range(1, WITHIN + 1):
        outcome = run_seed(shop, seed, PROFILES[profile], bug)
        if not outcome.held:
            return outcome
    pytest.fail(f"{WITHIN} worlds did not notice {bug or 'it'}")


@pytest.mark.parametrize("bug", sorted(PLANTS))
def test_a_planted_bug_is_found_by_its_invariant(shop: Workshop, bug: str) -> None:
    outcome = first_finding(shop, PLANTS[bug].profile, bug)
    assert outcome.invariant in FOUND_AS[bug], outcome.message
    assert outcome.timeline


def test_a_number_taken_out_of_order_is_found(shop: Workshop) -> None:
    def highest_free(store: JournalStore, block: str) -> Row | None:
        sql = f"SELECT scheme, digits FROM {LIVE}numbers WHERE block = ? AND state = 'free' ORDER BY digits DESC"
        row = store.database.one(sql, (block,))
        return {"scheme": row[0], "digits": row[1]} if row else None

    with patch.object(JournalStore, "lowest_free", highest_free):
        assert first_finding(shop, "calm").invariant == "I2"


def test_a_device_that_ignores_its_witness_is_found(shop: Workshop) -> None:
    with patch.object(WitnessFile, "read", lambda _witness: None):
        assert first_finding(shop, "backups").invariant == "I6"


def test_a_freeze_that_ends_with_the_session_is_found(shop: Workshop) -> None:
    with patch.object(JournalStore, "freeze", lambda *_: None):
        assert first_finding(shop, "backups").invariant in {"I12", "I6"}


def test_an_alarm_at_every_late_answer_is_found(shop: Workshop) -> None:
    real: Callable[..., client.FreezeReason | None] = client._freeze_reason

    def nervous(journal: Any, answer: Any) -> client.FreezeReason | None:
        late = answer.head_seq < journal.acknowledged().seq
        return client.FreezeReason.ROLLED_BACK if late else real(journal, answer)

    with patch.object(client, "_freeze_reason", nervous):
        assert first_finding(shop, "restores").invariant == "I13"


def test_an_acknowledgement_that_is_never_noted_is_found(shop: Workshop) -> None:
    def deaf(journal: Any, _note: Any) -> None:
        del journal

    with patch("inspector_app.services.catching_up.DeviceJournal.note_acknowledged", deaf):
        assert first_finding(shop, "calm").invariant in {"I12", "crash"}


def test_an_act_torn_in_two_is_found(shop: Workshop) -> None:
    real = Device.record_with

    def forgetful(device: Device, *arguments: Any, **named: Any) -> Any:
        result: Any = real(device, *arguments, **named)
        if device.rows.many("sheets", state="spoiled"):
            device.store.database.execute(f"UPDATE {LIVE}sheets SET state = 'printed' WHERE state = 'spoiled'")
        return result

    with patch.object(Device, "record_with", forgetful):
        assert first_finding(shop, "paper").invariant == "doctor"
