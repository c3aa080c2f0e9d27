"""The app of custody."""

from __future__ import annotations

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    """Organisations, stores, orders, distribution, fees."""

    name = "province.custody"
    label = "custody"
    verbose_name = "证章标志"
    default_auto_field = "django.db.models.BigAutoField"
