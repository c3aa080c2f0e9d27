"""The app of numbers."""

from __future__ import annotations

from django.apps import AppConfig


class NumbersConfig(AppConfig):
    """Stock, draws and blocks."""

    name = "province.numbers"
    label = "numbers"
    verbose_name = "编号管理"
    default_auto_field = "django.db.models.BigAutoField"
