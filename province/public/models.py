"""How often a certificate was looked at; counts only, never who."""

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
