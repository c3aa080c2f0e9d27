"""What producers declared online."""

from __future__ import annotations

from django.db import models


class PortalDeclaration(models.Model):
    """An online declaration as published to its station; ``online`` is the reference shown to the producer."""

    online = models.CharField("申报编号", max_length=20, primary_key=True)
    station = models.IntegerField("站点", db_index=True)
    declared_at = models.BigIntegerField("申报时间")
    departs_at = models.BigIntegerField("计划启运")
    cursor = models.BigIntegerField("发布序号")

    class Meta:
        db_table = "portal_declaration"
        verbose_name = verbose_name_plural = "网上申报"

    def __str__(self) -> str:
        return self.online
