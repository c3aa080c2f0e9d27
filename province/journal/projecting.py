"""Keeping the projections in step with the feed: made at founding, rebuilt when their version changes, compared."""

from __future__ import annotations

from django.db import transaction

from inspector_app.domain.documents import SignedDocument, decode_document, from_payload
from inspector_app.journal.feed import RELAYED, read_relayed
from inspector_app.journal.projections import TABLES, VERSION, project, project_document
from province.journal import feed
from province.journal.models import FeedDocument, ProjectionState
from province.journal.rows import PREFIX, DjangoRows


def ensure_projections(using: str) -> bool:
    """Make or rebuild the ``reg_`` tables if they are not of this program's version; True when that was needed."""
    held = ProjectionState.objects.using(using).first()
    if held is not None and held.version == VERSION:
        return False
    rebuild(using)
    return True


def rebuild(using: str) -> None:
    """Build the projections anew from the feed, in one transaction."""
    with transaction.atomic(using=using):
        rows = DjangoRows(using, PREFIX)
        rows.drop()
        rows.create()
        cursor = _project_all(using, rows)
        ProjectionState.objects.using(using).update_or_create(only=1, defaults={"version": VERSION, "cursor": cursor})


def _project_all(using: str, rows: DjangoRows) -> int:
    cursor = 0
    for row, content in feed.rows_after(using, 0):
        _project_row(row, content, rows)
        cursor = row.cursor
    return cursor


def _project_row(row: FeedDocument, content: bytes | None, rows: DjangoRows) -> None:
    if row.kind == RELAYED:
        entry = read_relayed(content) if content is not None else None
        if entry is not None:
            project(entry, rows)
        return
    signed = decode_document(content) if content is not None else None
    if isinstance(signed, SignedDocument):
        value = from_payload(signed.type, signed.payload)
        if not isinstance(value, str):
            project_document(value, rows)


def differences(using: str) -> list[str]:
    """Tables whose rows differ from what the feed says they should hold: the province's own doctor."""
    beside = DjangoRows(using, "cmp_")
    with transaction.atomic(using=using):
        beside.drop()
        beside.create()
        _project_all(using, beside)
        live = DjangoRows(using, PREFIX)
        found = [name for name in TABLES if live.many(name) != beside.many(name)]
        beside.drop()
    return found
