"""The projections as Django sees them: one unmanaged model for each ledger, for lists in the admin.

A number has a row for each block it was in; Django knows one key only, so two such rows are one to it, and the list
shows both. Names, telephones and addresses are left out; whoever needs them asks the station.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from inspector_app.journal.projections import TABLES
from province.journal.rows import PREFIX

_TITLES = {
    "certificates": "证明台账",
    "notices": "检疫处理通知单台账",
    "declarations": "申报台账",
    "inspections": "检疫记录",
    "samples": "采样记录",
    "results": "检测结果",
    "numbers": "编号台账",
    "blocks": "号段台账",
    "attempts": "打印尝试",
}
_PERSONAL = frozenset(
    "owner_name owner_phone owner_address origin_place pond destination_place consignee carrier plate permit remarks "
    "batch place note decision_note acceptance_note void_note late_note".split()
)


def _model(table: str) -> type[models.Model]:
    spec = TABLES[table]
    fields: dict[str, Any] = {}
    for name, kind in spec.columns.items():
        key = name == spec.key[0]
        if name in _PERSONAL:
            continue
        field = models.BigIntegerField if kind == "INTEGER" else models.TextField
        fields[name] = field(primary_key=key, null=not key)
    meta = {
        "managed": False,
        "db_table": PREFIX + table,
        "app_label": "ledgers",
        "verbose_name": _TITLES[table],
        "verbose_name_plural": _TITLES[table],
    }
    title = "".join(part.title() for part in table.split("_"))
    body = {
        "__module__": __name__,
        "__doc__": f"Rows of {table}, read only.",
        "__str__": lambda self: str(self.pk),
        "Meta": type("Meta", (), meta),
        **fields,
    }
    return type(f"Ledger{title}", (models.Model,), body)


MODELS = {table: _model(table) for table in _TITLES}
