"""The app of journals and feed."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Journals of devices, and the province's own."""

    name = "province.journal"
    label = "journal"
    verbose_name = "设备日志"
    default_auto_field = "django.db.models.BigAutoField"
