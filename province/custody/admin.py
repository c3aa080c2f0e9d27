"""Refused requests in the admin: read only."""

from __future__ import annotations

from django.contrib import admin

from province.custody.models import RefusedRequest
from province.journal.admin import ReadOnly, moment


@admin.register(RefusedRequest)
class RefusedRequestAdmin(ReadOnly):
    """What was asked for and not done."""

    list_display = ("act", "organisation", "counterpart", "kind", "codes", "by", "asked")
    list_filter = ("act", "kind")
    asked = moment("at", "时间")
