"""A refusal where a table of values was asked for: on the command line, and where one table furnishes a province."""

from __future__ import annotations

from inspector_app.domain.stock_refusals import StockRefused


class RefusedError(Exception):
    """An act that was refused; the first reason is the code, all of them are told."""

    def __init__(self, refused: StockRefused) -> None:
        first = refused.refusals[0]
        reasons = [{"code": one.code.value, **one.details} for one in refused.refusals]
        super().__init__(first.code.value, {**first.details, "reasons": reasons})
