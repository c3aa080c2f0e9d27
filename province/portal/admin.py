"""Online declarations in the admin: their references only."""

from __future__ import annotations

from django.contrib import admin

from province.journal.admin import ReadOnly, moment
from province.portal.models import PortalDeclaration


@admin.register(PortalDeclaration)
class DeclarationAdmin(ReadOnly):
    """Which declarations came in for which station."""

    list_display = ("online", "station", "declared", "departs")
    list_filter = ("station",)
    declared, departs = moment("declared_at", "申报时间"), moment("departs_at", "计划启运")
