"""Of which station a row of the province is: a station holds what concerns it, the province that of all of them.

What the institutions do among themselves concerns no station, and neither does a computer hear of it.
"""

from __future__ import annotations

from inspector_app.journal.projections import Row, Rows

TOLD_TO_ALL = frozenset(["stations", "policies", "forms"])
OF_NOBODY = -1
"""What no station is told."""
EVERYBODY = 0


class Belonging:
    """The province's rows, asked whose each is."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._station_of = {str(row["device"]): int(row["station"] or 0) for row in rows.many("journals")}
        self._block_of = {str(row["number"]): str(row["block"]) for row in rows.many("numbers")}
        self._blocks = {str(row["block"]): row for row in rows.many("blocks")}
        self._units = {row["organisation"]: int(row["station"] or 0) or OF_NOBODY for row in rows.many("organisations")}
        self._returns = {row["record"]: int(row["station"] or 0) or OF_NOBODY for row in rows.many("stock_returns")}
        self._fees = {row["fee"]: self._units.get(row["payer"], OF_NOBODY) for row in rows.many("fees")}
        self._visits = {row["ref"]: int(row["station"] or 0) for row in rows.many("visits")}

    def concerns(self, station: int, table: str, row: Row) -> bool:
        """Whether a row of the province's is the station's own, or what everybody is told."""
        return self._home(table, row) in (EVERYBODY, station)

    def _home(self, table: str, row: Row) -> int:
        match table:
            case "fees" | "fee_payments":
                return self._fees.get(row["fee"], OF_NOBODY)
            case "stock_returns":
                return self._returns.get(row["record"], OF_NOBODY)
            case "rectifications" if not row["device"]:
                return self._home("visits", {"ref": row["visit"], "station": self._visits.get(row["visit"], 0)})
            case _:
                return EVERYBODY if table in TOLD_TO_ALL else self._told_by(row)

    def _told_by(self, row: Row) -> int:
        """By the computer that told of it; else by the station it names."""
        named = str(row.get("request") or row.get("ref") or row.get("loss") or "").partition("/")[0]
        device = row.get("device") or self._device_of(str(row.get("number", ""))) or named
        return self._station_of.get(str(device), int(row.get("station") or 0))

    def _device_of(self, number: str) -> str:
        block = self._blocks.get(self._block_of.get(number, ""), {})
        return str(block.get("device", ""))
