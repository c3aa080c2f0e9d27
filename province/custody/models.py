"""The one table of custody that no document stands for: requests that were refused.

All else is a projection of the feed (:mod:`inspector_app.journal.projections.stock`).
"""

from __future__ import annotations

from django.db import models


class RefusedRequest(models.Model):
    """An order, distribution or draw that was refused, by whom it was asked and why (GX-2014 Art. 7, 9).

    ``codes`` are the reasons by precedence, joined with blanks. ``organisation`` asked, ``counterpart`` is the other
    side; 0 where there is none.
    """

    at = models.BigIntegerField("时间")
    act = models.CharField("事项", max_length=20)
    by = models.IntegerField("人员")
    organisation = models.IntegerField("机构")
    counterpart = models.IntegerField("对方")
    kind = models.CharField("品类", max_length=10)
    codes = models.CharField("理由", max_length=400)

    class Meta:
        db_table = "custody_refused"
        verbose_name = verbose_name_plural = "未予办理"

    def __str__(self) -> str:
        return f"{self.act} {self.organisation} {self.codes}"
