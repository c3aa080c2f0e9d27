"""The app of the public page."""

from __future__ import annotations

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """Public verification."""

    name = "province.public"
    label = "public"
    verbose_name = "公众查验"
    default_auto_field = "django.db.models.BigAutoField"
