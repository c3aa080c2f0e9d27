"""The app of the producers' portal."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Online declarations."""

    name = "province.portal"
    label = "portal"
    verbose_name = "网上申报"
    default_auto_field = "django.db.models.BigAutoField"
