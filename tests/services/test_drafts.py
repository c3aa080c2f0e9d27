"""Drafts: kept while typing, also what cannot be read yet; put aside, taken back, forgotten; never a number."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector_app.errors import BugError
from inspector_app.services import drafts
from inspector_app.services.device import Device, Session
from inspector_app.services.sign_in import LockedHome, Parts
from tests.office import PASSPHRASE, VET, HandClock
from tests.services.work import acting, number_states

TYPED = {"owner": "王大", "quantity": "12万…", "departs": "明天早"}


def test_a_draft_is_the_text_as_typed(device: Device) -> None:
    name = drafts.new_draft(device)
    at = drafts.save(device, name, form="declaration", subject="", content=TYPED)
    held = drafts.find(device, name)
    assert held is not None
    assert (held.content, held.person, held.saved_at, held.form) == (TYPED, VET, at, "declaration")


def test_the_latest_text_counts_and_the_latest_draft_comes_first(device: Device, clock: HandClock) -> None:
    first, second = drafts.new_draft(device), drafts.new_draft(device)
    assert first != second
    drafts.save(device, first, form="issue", subject="x/7", content={"plate": "苏"})
    clock.forward(minutes=1)
    drafts.save(device, second, form="issue", subject="x/8", content={})
    clock.forward(minutes=1)
    drafts.save(device, first, form="issue", subject="x/7", content={"plate": "苏K"})
    assert [one.draft for one in drafts.kept(device, "issue")] == [first, second]
    about = drafts.about(device, "issue", "x/7")
    assert about is not None
    assert about.content == {"plate": "苏K"}
    assert drafts.about(device, "issue", "x/9") is None
    assert drafts.kept(device, "declaration") == []


def test_a_draft_put_aside_can_be_taken_back(device: Device) -> None:
    name = drafts.new_draft(device)
    drafts.save(device, name, form="issue", subject="", content={})
    drafts.discard(device, name)
    assert drafts.kept(device) == []
    assert drafts.find(device, name) is not None
    drafts.restore(device, name)
    assert [one.draft for one in drafts.kept(device)] == [name]


def test_a_finished_draft_is_gone(device: Device) -> None:
    name = drafts.new_draft(device)
    drafts.save(device, name, form="issue", subject="", content={})
    drafts.finish(device, name)
    assert (drafts.find(device, name), drafts.kept(device)) == (None, [])


def test_a_draft_stays_its_writers(device: Device, clerk: Session) -> None:
    name = drafts.new_draft(device)
    drafts.save(device, name, form="declaration", subject="", content={})
    with acting(device, clerk):
        drafts.save(device, name, form="declaration", subject="", content={"owner": "李"})
    held = drafts.find(device, name)
    assert held is not None
    assert held.person == VET


def test_nobody_signed_in_begins_no_draft(device: Device) -> None:
    with acting(device, None), pytest.raises(BugError):
        drafts.save(device, "x", form="issue", subject="", content={})


def test_drafts_are_no_entries_and_take_no_numbers(device: Device) -> None:
    head = device.store.head()
    for _ in range(5):
        drafts.save(device, drafts.new_draft(device), form="issue", subject="", content=TYPED)
    assert device.store.head() == head
    assert number_states(device, "B") == ["free"] * 10


def test_drafting_goes_on_after_the_right_to_issue_has_ended(device: Device, clock: HandClock) -> None:
    clock.forward(days=60)
    drafts.save(device, drafts.new_draft(device), form="issue", subject="", content=TYPED)
    assert len(drafts.kept(device)) == 1


def test_what_was_typed_survives_a_crash_and_thirty_days_aside(
    device: Device, home: Path, home_parts: Parts, clock: HandClock
) -> None:
    open_one, aside, old = (drafts.new_draft(device) for _ in range(3))
    for name in (open_one, aside, old):
        drafts.save(device, name, form="issue", subject="", content=TYPED)
    drafts.discard(device, old)
    clock.forward(days=1)
    drafts.discard(device, aside)
    device.store.database.abandon()
    clock.forward(days=30)
    locked = LockedHome(home, home_parts)
    again = locked.unlock(VET, PASSPHRASE)
    assert isinstance(again, Device)
    assert [one.content for one in drafts.kept(again)] == [TYPED]
    assert drafts.find(again, aside) is not None
    assert drafts.find(again, old) is None
    locked.close()
