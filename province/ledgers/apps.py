"""The app of ledgers."""

from __future__ import annotations

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    """Read-only lists over the projections."""

    name = "province.ledgers"
    label = "ledgers"
    verbose_name = "台账"
    default_auto_field = "django.db.models.BigAutoField"
