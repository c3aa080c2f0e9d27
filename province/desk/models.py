"""As whom an account decides."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class RosterAccount(models.Model):
    """The roster number (人员编号) an account acts under; several accounts of one person are one person."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, verbose_name="账户"
    )
    person = models.IntegerField("人员")

    class Meta:
        db_table = "desk_account"
        verbose_name = verbose_name_plural = "账户与人员"

    def __str__(self) -> str:
        return f"{self.account_id} · {self.person}"
