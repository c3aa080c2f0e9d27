"""How often a certificate was looked at, and how often a door was knocked at; counts only, never who."""

from __future__ import annotations

from django.db import models


class ScanCount(models.Model):
    """Look-ups of one number on one day."""

    number = models.CharField("编号", max_length=24)
    day = models.CharField("日期", max_length=10)
    count = models.IntegerField("次数", default=0)

    class Meta:
        db_table = "scan_count"
        verbose_name = verbose_name_plural = "查验次数"
        constraints = [models.UniqueConstraint(fields=["number", "day"], name="scan_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.day}"


class Tally(models.Model):
    """How often something was done lately; ``key`` is a keyed hash of what and who (:mod:`province.public.tallies`)."""

    key = models.CharField("摘要", max_length=64, primary_key=True)
    count = models.IntegerField("次数", default=0)
    ends = models.BigIntegerField("截止", db_index=True)

    class Meta:
        db_table = "tally"
        verbose_name = verbose_name_plural = "频次"

    def __str__(self) -> str:
        return self.key[:8]
