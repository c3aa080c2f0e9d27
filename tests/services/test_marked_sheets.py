"""The sheets of a paper that ends are marked 作废 and photographed, or a reason says why not (GX-2014 Art. 23)."""

from __future__ import annotations

import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.domain.refusals import Refused
from inspector_app.journal.entries.certificates import CertificateIssued, CertificateVoided
from inspector_app.journal.entries.sheets import SheetCollected
from inspector_app.journal.envelope import Fact
from inspector_app.services.device import Device
from inspector_app.services.handing_over import void_certificate
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.marked_sheets import UNSEEN, Marked, shown_by
from inspector_app.services.on_desk import Sheet
from inspector_app.services.photographs import add_photographs, later_pictures
from inspector_app.services.sheet_custody import collect_sheet
from tests.office import HandClock
from tests.services.old_papers import photo
from tests.services.work import (
    TOO_DARK,
    assert_sound,
    done,
    draft,
    handed_over,
    inspected,
    issued,
    only,
    printed,
    state,
    void_paper,
)

TRAVELLING = Sheet(1, 2)
STRANGE = "5f" * 32


def fact_of(device: Device, ref: str) -> Fact:
    entry = device.store.entry(ref)
    assert entry is not None
    assert entry.fact is not None
    return entry.fact


def void(device: Device, number: str, marked: Marked) -> str | Refused:
    return void_certificate(device, number, reason="wrong_entry", on_desk=2, marked=marked)


def replacing(device: Device, batch: str, number: str, **changes: object) -> object:
    given = {"replaces": number, "replace_reason": "vehicle_changed", "replaces_on_desk": 2, "replaces_no_picture": ""}
    return issue_certificate(device, draft(device, batch, **{**given, **changes}))


# --- void ------------------------------------------------------------------------------------------------------------


def test_g35_a_void_shows_the_marked_sheets(device: Device) -> None:
    number = printed(device)
    only(void(device, number, UNSEEN), C.PHOTO_MISSING, "attachments")
    assert state(device, number) == "issued"
    pictures = photo(device)
    fact = fact_of(device, done(void(device, number, Marked(pictures))))
    assert isinstance(fact, CertificateVoided)
    assert (fact.on_desk, fact.attachments, fact.no_picture) == (2, pictures, "")
    assert_sound(device)


def test_an_excuse_is_of_the_list(device: Device) -> None:
    found = only(void(device, printed(device), Marked(no_picture="王大河没来")), C.FIELD_INVALID, "no_picture")
    assert found.current == "王大河没来"


def test_a_photograph_is_kept_here(device: Device) -> None:
    assert only(void(device, printed(device), Marked([STRANGE])), C.FIELD_INVALID, "attachments").current == STRANGE


def test_where_nothing_was_printed_nothing_is_shown_and_nothing_is_excused(device: Device) -> None:
    ref = done(void_certificate(device, issued(device), reason="not_departed", on_desk=0, marked=TOO_DARK))
    fact = fact_of(device, ref)
    assert isinstance(fact, CertificateVoided)
    assert (fact.attachments, fact.no_picture) == ([], "")
    only(add_photographs(device, ref, photo(device)), C.FIELD_INVALID, "about")


def test_a_picture_beside_an_excuse_makes_it_needless(device: Device) -> None:
    pictures = photo(device)
    fact = fact_of(device, done(void(device, printed(device), Marked(pictures, "too_dark"))))
    assert isinstance(fact, CertificateVoided)
    assert (fact.attachments, fact.no_picture) == (pictures, "")


def test_the_photograph_of_a_void_may_come_later(device: Device) -> None:
    ref = done(void(device, printed(device), TOO_DARK))
    done(add_photographs(device, ref, photo(device)))
    assert later_pictures(device, ref) == 1


# --- replacement -----------------------------------------------------------------------------------------------------


def test_g35_a_replacement_shows_the_sheets_of_the_old_paper(device: Device) -> None:
    batch = inspected(device)
    number = printed(device, issued(device, batch))
    only(replacing(device, batch, number), C.PHOTO_MISSING, "replaces_photos")
    assert state(device, number) == "issued"
    pictures = photo(device)
    done(replacing(device, batch, number, replaces_photos=pictures))
    (row,) = device.rows.many("certificates", replaces=number)
    fact = fact_of(device, str(row["ref"]))
    assert isinstance(fact, CertificateIssued)
    assert (fact.on_desk, fact.attachments, fact.no_picture) == (2, pictures, "")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"replaces_photos": [STRANGE]}, "replaces_photos"), ({"replaces_no_picture": "lazy"}, "replaces_no_picture")],
)
def test_what_a_replacement_shows_is_asked_as_of_a_void(device: Device, changes: dict[str, object], field: str) -> None:
    batch = inspected(device)
    number = printed(device, issued(device, batch))
    only(replacing(device, batch, number, **changes), C.FIELD_INVALID, field)


def test_what_replaces_nothing_shows_nothing(device: Device) -> None:
    number = issued(device, replaces_no_picture="too_dark", replaces_photos=photo(device))
    fact = fact_of(device, str((device.rows.one("certificates", number=number) or {})["ref"]))
    assert isinstance(fact, CertificateIssued)
    assert (fact.on_desk, fact.attachments, fact.no_picture) == (0, [], "")


# --- taken back ------------------------------------------------------------------------------------------------------


def test_g35_a_sheet_of_a_void_paper_comes_back_marked(device: Device) -> None:
    number = handed_over(device)
    done(void_paper(device, number, reason="trip_cancelled", on_desk=0))
    found = only(collect_sheet(device, number, TRAVELLING, reason="voided"), C.SHEET_UNMARKED, "marked")
    assert found.current == number
    fact = fact_of(device, done(collect_sheet(device, number, TRAVELLING, reason="voided", marked=True)))
    assert isinstance(fact, SheetCollected)
    assert fact.marked


def test_a_used_sheet_comes_back_as_it_is(device: Device, clock: HandClock) -> None:
    number = handed_over(device)
    clock.forward(days=2)
    fact = fact_of(device, done(collect_sheet(device, number, TRAVELLING, reason="used")))
    assert isinstance(fact, SheetCollected)
    assert not fact.marked


def test_what_ended_a_paper_says_how_its_sheets_look(device: Device) -> None:
    batch = inspected(device)
    number = printed(device, issued(device, batch))
    assert shown_by(device, "") == UNSEEN
    assert shown_by(device, f"{device.id}/1") == UNSEEN, "nothing ended by that entry"
    done(replacing(device, batch, number, replaces_no_picture="too_dark"))
    assert shown_by(device, str((device.rows.one("certificates", number=number) or {})["void_ref"])) == TOO_DARK
