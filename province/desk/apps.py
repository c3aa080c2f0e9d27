"""The app of the provincial desk."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Pages of the institutions' people."""

    name = "province.desk"
    label = "desk"
    verbose_name = "省级工作台"
    default_auto_field = "django.db.models.BigAutoField"
