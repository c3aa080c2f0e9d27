"""Tables of numbers: schemes, stock, draws (领用) and blocks (号段), each range inside the one above, none overlapping.

``low`` and ``high`` place a range on one line of integers for all schemes and kinds (``space`` × 10^12 + sequence), so
that a single constraint of the database (an exclusion constraint on PostgreSQL, a trigger on SQLite) forbids overlap.
"""

from __future__ import annotations

from django.db import models

SPACE = 10**12


class Scheme(models.Model):
    """How the numbers of one kind look; ``space`` is its place on the line of integers."""

    space = models.AutoField(primary_key=True)
    scheme = models.CharField("编号规则", max_length=30)
    kind = models.CharField("种类", max_length=2)
    prefix = models.CharField("前缀", max_length=6)
    width = models.PositiveSmallIntegerField("位数")

    class Meta:
        db_table = "number_scheme"
        verbose_name = verbose_name_plural = "编号规则"
        constraints = [
            models.UniqueConstraint(fields=["scheme", "kind"], name="scheme_once"),
            models.CheckConstraint(condition=models.Q(width__gte=4, width__lte=20), name="scheme_width"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.prefix}{'·' * (self.width - len(self.prefix))}"


class Range(models.Model):
    """What stock, draws and blocks have together: digits inclusive at both ends, and their place on the line."""

    scheme = models.CharField("编号规则", max_length=30)
    kind = models.CharField("种类", max_length=2)
    first = models.CharField("起号", max_length=20)
    last = models.CharField("止号", max_length=20)
    low = models.BigIntegerField(editable=False)
    high = models.BigIntegerField(editable=False)

    class Meta:
        abstract = True

    @property
    def size(self) -> int:
        """How many numbers."""
        return self.high - self.low + 1

    def __str__(self) -> str:
        return f"{self.kind} {self.first}–{self.last}"


class Stock(Range):
    """A range that came into the province's custody (入库); for plain paper, one taken into use."""

    received_at = models.BigIntegerField("入库时间")
    source = models.CharField("来源", max_length=80, default="")

    class Meta:
        db_table = "number_stock"
        verbose_name = verbose_name_plural = "编号库存"
        constraints = [models.CheckConstraint(condition=models.Q(low__lte=models.F("high")), name="stock_order")]


class DrawnRange(Range):
    """A draw as it was decided; ``document`` is the draw signed by the authority, exactly as published.

    Numbers through ``cut_through`` have been cut into blocks; only ever upward. Nothing is cut out of a ``contested``
    draw any more: another document signed by the province gives some of its numbers to somebody else. ``turn`` counts
    how often its numbers have been drawn: draws of one turn never overlap, one of a later turn covers sheets that came
    back (:mod:`province.numbers.drawing_again`).
    """

    draw = models.CharField("领用号", max_length=40, primary_key=True)
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="draws")
    station = models.IntegerField("站点", db_index=True)
    holder = models.IntegerField("领用人", default=0)
    issued_at = models.BigIntegerField("领用时间")
    previous = models.CharField("上次领用", max_length=40, default="")
    turn = models.IntegerField("第几次领用", default=1, editable=False)
    cut_through = models.BigIntegerField("已切至", editable=False)
    contested = models.BooleanField("有冲突", default=False, editable=False)
    document = models.BinaryField()

    class Meta:
        db_table = "number_draw"
        verbose_name = verbose_name_plural = "领用"
        constraints = [models.CheckConstraint(condition=models.Q(low__lte=models.F("high")), name="draw_order")]


class CutBlock(Range):
    """A block as it was cut: for one device and one person; ``document`` is the block signed by the server."""

    block = models.CharField("号段号", max_length=40, primary_key=True)
    draw = models.ForeignKey(DrawnRange, on_delete=models.PROTECT, related_name="blocks")
    device = models.CharField("设备", max_length=32, db_index=True)
    holder = models.IntegerField("持有人")
    ordinal = models.IntegerField("次序")
    turn = models.IntegerField("第几次领用", default=1, editable=False)
    issued_at = models.BigIntegerField("切分时间")
    expires = models.BigIntegerField("截止", default=0)
    cursor = models.BigIntegerField("发布序号")
    document = models.BinaryField()

    class Meta:
        db_table = "number_block"
        verbose_name = verbose_name_plural = "号段"
        constraints = [
            models.CheckConstraint(condition=models.Q(low__lte=models.F("high")), name="block_order"),
            models.UniqueConstraint(fields=["device", "ordinal"], name="block_ordinal_once"),
        ]


class ContestedNumber(models.Model):
    """A number of which a second paper exists, or may exist (:mod:`province.numbers.contested`)."""

    device = models.CharField("设备", max_length=32)
    kind = models.CharField("种类", max_length=2)
    digits = models.CharField("编号", max_length=20)
    at = models.BigIntegerField("发现时间")

    class Meta:
        db_table = "number_contested"
        verbose_name = verbose_name_plural = "重号待核"
        constraints = [models.UniqueConstraint(fields=["device", "kind", "digits"], name="contested_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.digits}"
