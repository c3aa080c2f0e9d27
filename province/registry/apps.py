"""The app of registers."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Registers, enrolment, publication."""

    name = "province.registry"
    label = "registry"
    verbose_name = "登记与发布"
    default_auto_field = "django.db.models.BigAutoField"
