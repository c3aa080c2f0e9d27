"""Lists over the ledgers in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from inspector_app.journal.projections import TABLES
from province.journal.admin import ReadOnly
from province.ledgers.models import MODELS

_SHOWN = {
    "certificates": ("number", "state", "species", "issued_on", "origin", "destination", "vet", "station"),
    "notices": ("number", "state", "species", "issued_on", "method", "vet", "station"),
    "declarations": ("ref", "state", "species", "origin", "destination", "inspect_on"),
    "inspections": ("ref", "declaration", "conclusion", "vet"),
    "samples": ("ref", "inspection", "code", "laboratory", "sent_on"),
    "results": ("ref", "sample", "laboratory", "report_no", "reported_on"),
    "numbers": ("number", "state", "block", "ended_by"),
    "blocks": ("block", "kind", "first", "last", "device", "holder", "size"),
    "attempts": ("ref", "number", "print", "attempt", "printer", "outcome"),
}
_FILTERS = ("state", "kind", "conclusion", "outcome")


class _Latest(ReadOnly):
    """Rows of which several may have one name: the list shows each whole, and the name alone means the latest."""

    list_display_links = None

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row of the latest block."""
        return self.get_queryset(request).filter(pk=object_id).order_by("-block").first()


def _admin_of(table: str) -> type[Any]:
    attributes = {
        "__module__": __name__,
        "__doc__": f"The list of {table}.",
        "list_display": _SHOWN[table],
        "list_filter": tuple(name for name in _FILTERS if name in TABLES[table].columns),
        "search_fields": (_SHOWN[table][0],),
        "show_full_result_count": False,
    }
    return type(f"{table.title()}Admin", (_Latest if len(TABLES[table].key) > 1 else ReadOnly,), attributes)


for _table, _model in MODELS.items():
    admin.site.register(_model, _admin_of(_table))
