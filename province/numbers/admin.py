"""Numbers in the admin: read only. Ranges are drawn and cut by rules and signatures, never typed into a table (M02)."""

from __future__ import annotations

from django.contrib import admin

from province.journal.admin import ReadOnly, moment
from province.numbers.models import ContestedNumber, CutBlock, DrawnRange, Scheme, Stock


@admin.register(Scheme)
class SchemeAdmin(ReadOnly):
    """How numbers look."""

    list_display = ("scheme", "kind", "prefix", "width")


@admin.register(Stock)
class StockAdmin(ReadOnly):
    """What the province holds."""

    list_display = ("kind", "first", "last", "size", "source", "received")
    list_filter = ("kind",)
    received = moment("received_at", "入库时间")


@admin.register(DrawnRange)
class DrawAdmin(ReadOnly):
    """What was drawn by whom."""

    list_display = ("draw", "kind", "first", "last", "size", "station", "holder", "drawn", "contested")
    list_filter = ("kind", "station", "contested")
    exclude = ("document",)
    drawn = moment("issued_at", "领用时间")


@admin.register(CutBlock)
class BlockAdmin(ReadOnly):
    """What was cut for whom."""

    list_display = ("block", "kind", "first", "last", "size", "device", "holder", "ordinal", "cut")
    list_filter = ("kind",)
    search_fields = ("block", "device", "first")
    exclude = ("document",)
    cut = moment("issued_at", "切分时间")


@admin.register(ContestedNumber)
class ContestedAdmin(ReadOnly):
    """Numbers that two papers bear: what a forked or fenced device sent, what came too late for a number."""

    list_display = ("kind", "digits", "device", "found")
    list_filter = ("kind",)
    search_fields = ("digits", "device")
    found = moment("at", "发现时间")
