"""Which account acts as whom, in the admin: read only; it is set where the server is (``province admin --person``)."""

from __future__ import annotations

from django.contrib import admin

from province.desk.models import RosterAccount
from province.journal.admin import ReadOnly


@admin.register(RosterAccount)
class RosterAccountAdmin(ReadOnly):
    """Accounts and the people behind them."""

    list_display = ("account", "person")
