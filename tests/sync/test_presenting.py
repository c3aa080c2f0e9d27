"""What a device shows a restored province: everything it may have forgotten, and nothing it surely knows."""

from __future__ import annotations

from typing import cast

from inspector_app.journal.feed import Pulled
from sync.journal_port import JournalPort
from sync.presenting import forgotten_by
from sync.protocol import MAX_PRESENTED


class Stored:
    """A journal of which only the documents are asked for."""

    def __init__(self, *documents: Pulled) -> None:
        self._documents = documents

    def documents_after(self, cursor: int) -> list[Pulled]:
        return [document for document in self._documents if document.cursor > cursor]


def shown(*documents: Pulled, epoch: str = "2-b", base: int = 50) -> list[bytes]:
    return list(forgotten_by(cast(JournalPort, Stored(*documents)), epoch, base))


def test_of_the_epoch_both_followed_only_what_lies_beyond_is_shown() -> None:
    assert shown(Pulled("2-b", 50, "draw/1", b"known"), Pulled("2-b", 51, "draw/1", b"new")) == [b"new"]


def test_what_was_brought_back_once_is_shown_again_though_its_old_cursor_lies_before() -> None:
    """The province was restored twice; where its second copy stood, this device had not heard yet."""
    assert shown(Pulled("1-a", 20, "draw/1", b"forgotten twice"), Pulled("2-b", 40, "grant/1", b"known")) == [
        b"forgotten twice"
    ]


def test_what_stands_twice_is_shown_once() -> None:
    assert shown(Pulled("1-a", 20, "block/1", b"same"), Pulled("2-b", 60, "block/1", b"same")) == [b"same"]


def test_what_the_province_makes_anew_by_itself_is_not_shown() -> None:
    assert shown(Pulled("1-a", 20, "lease/1", b"a lease"), Pulled("2-b", 60, "entry", b"a sister's")) == []


def test_of_more_than_fits_the_newest_are_shown() -> None:
    many = [Pulled("1-a", at, "block/1", str(at).encode()) for at in range(1, MAX_PRESENTED + 11)]
    assert shown(*many)[0] == b"11"
    assert len(shown(*many)) == MAX_PRESENTED
