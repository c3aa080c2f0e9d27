"""Tables of the journals: what devices reported, kept for ever, and what the province says, kept for ever.

Times are UTC milliseconds. Hashes, keys and bytes are as they were received. ``entry``, ``entry_private`` and ``feed``
refuse UPDATE (and, but for private parts at the end of their retention, DELETE) by triggers of the database itself.
"""

from __future__ import annotations

from django.db import models


class JournalState(models.TextChoices):
    """Whether a device's journal is believed."""

    ACTIVE = "active", "正常"
    FORKED = "forked", "已分叉"
    FENCED = "fenced", "已隔离"


class State(models.Model):
    """The one row that says which province this database belongs to and where its own feed stands.

    It is locked whenever the feed grows, so cursors are given in the order in which they become visible.
    """

    only = models.PositiveSmallIntegerField(primary_key=True, default=1)
    province = models.CharField("省份代码", max_length=2)
    name = models.CharField("名称", max_length=60)
    name_en = models.CharField("英文名称", max_length=80)
    epoch = models.CharField("纪元", max_length=40)
    base = models.BigIntegerField("纪元起点", default=0)
    cursor = models.BigIntegerField("发布序号", default=0)
    rolled_back = models.BooleanField("发现回退", default=False)
    hosts = models.CharField("查验域名", max_length=200, default="localhost")
    founded_at = models.BigIntegerField("建立时间")

    class Meta:
        verbose_name = verbose_name_plural = "省级平台"

    def __str__(self) -> str:
        return f"{self.province} {self.name}"


class Journal(models.Model):
    """A device's journal as the province holds it; the row is locked while entries are appended.

    ``judged`` is how far entries were judged, ``pulled`` how far (by its own entries) the device had taken in the feed;
    ``doubtful_from`` names the first of these entries that took in more than the province remembers (0: none did).
    ``head_sig`` is the device's latest signature over a head, with the seq it covers.
    """

    device = models.CharField("设备", max_length=32, primary_key=True)
    station = models.IntegerField("站点", db_index=True)
    seq = models.BigIntegerField("记录数", default=0)
    hash = models.BinaryField()
    state = models.CharField("状态", max_length=10, choices=JournalState.choices, default=JournalState.ACTIVE)
    judged = models.BigIntegerField("已核", default=0)
    pulled = models.BigIntegerField("已下发", default=0)
    doubtful_from = models.BigIntegerField("存疑自", default=0)
    evidence = models.BigIntegerField("另存", default=0)
    head_seq = models.BigIntegerField("签名至", default=0)
    head_sig = models.BinaryField(default=bytes)
    program = models.CharField("程序版本", max_length=40, default="")
    contacted_at = models.BigIntegerField("最近同步", default=0)
    clock_offset = models.BigIntegerField("时钟偏差（毫秒）", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "设备日志"

    def __str__(self) -> str:
        return f"{self.device[:8]}… {self.seq}"


class StoredEntry(models.Model):
    """One entry, exactly as the device wrote it. ``kind``, ``at`` and ``actor`` repeat the envelope for lists only."""

    device = models.CharField("设备", max_length=32)
    seq = models.BigIntegerField("序号")
    hash = models.BinaryField()
    public = models.BinaryField()
    actor_sig = models.BinaryField()
    kind = models.CharField("种类", max_length=60)
    at = models.BigIntegerField("时间")
    actor = models.BigIntegerField("人员")
    received_at = models.BigIntegerField("收到")

    class Meta:
        db_table = "entry"
        verbose_name = verbose_name_plural = "记录"
        constraints = [models.UniqueConstraint(fields=["device", "seq"], name="entry_once")]

    def __str__(self) -> str:
        return f"{self.device}/{self.seq}"


class EntryPrivate(models.Model):
    """An entry's private part; it goes at the end of its retention, the entry stays."""

    device = models.CharField(max_length=32)
    seq = models.BigIntegerField()
    salt = models.BinaryField()
    content = models.BinaryField()

    class Meta:
        db_table = "entry_private"
        constraints = [models.UniqueConstraint(fields=["device", "seq"], name="entry_private_once")]


class Retention(models.Model):
    """Leave to remove one private part, given by an entry ``retention.applied``."""

    device = models.CharField(max_length=32)
    seq = models.BigIntegerField()
    applied_by = models.BigIntegerField()

    class Meta:
        db_table = "retention"
        constraints = [models.UniqueConstraint(fields=["device", "seq"], name="retention_once")]


class Cause(models.TextChoices):
    """Why an entry stands aside."""

    FORK = "fork", "分叉"
    FENCE = "fence", "隔离后"


class AsideEntry(models.Model):
    """The other branch of a forked journal, or what a fenced device sent: kept as evidence, never judged, never lost.

    ``base`` is the hash before it, so that each branch can be followed back to where it left the journal.
    """

    device = models.CharField("设备", max_length=32)
    seq = models.BigIntegerField("序号")
    hash = models.BinaryField()
    base = models.BinaryField()
    public = models.BinaryField()
    salt = models.BinaryField()
    private = models.BinaryField()
    actor_sig = models.BinaryField()
    cause = models.CharField("原因", max_length=10, choices=Cause.choices)
    received_at = models.BigIntegerField("收到")

    class Meta:
        db_table = "entry_aside"
        verbose_name = verbose_name_plural = "另存记录"
        constraints = [models.UniqueConstraint(fields=["device", "seq", "hash"], name="aside_once")]

    def __str__(self) -> str:
        return f"{self.device}/{self.seq} {self.cause}"


class Incident(models.Model):
    """Something a person must look at, with the signed frame that proves it."""

    device = models.CharField("设备", max_length=32)
    kind = models.CharField("种类", max_length=40)
    seq = models.BigIntegerField("序号", default=0)
    at = models.BigIntegerField("时间")
    frame = models.BinaryField(default=bytes)

    class Meta:
        db_table = "incident"
        verbose_name = verbose_name_plural = "异常"
        constraints = [models.UniqueConstraint(fields=["device", "kind", "seq"], name="incident_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.device}/{self.seq}"


class Deferred(models.Model):
    """An entry that speaks of one the province has not received yet; judged when that one is there.

    ``asked_at`` is where the feed stood when it began to wait: a device that has pulled more has reported everything it
    had written by then, for what it writes it sends in order.
    """

    device = models.CharField(max_length=32)
    seq = models.BigIntegerField()
    waits_for = models.CharField(max_length=60)
    projected = models.BooleanField(default=False)
    since = models.BigIntegerField()
    asked_at = models.BigIntegerField(default=0)

    class Meta:
        db_table = "deferred"
        constraints = [models.UniqueConstraint(fields=["device", "seq"], name="deferred_once")]


class Attachment(models.Model):
    """A photograph or scan that a device is sending or has sent; its bytes are the :class:`AttachmentPiece` rows.

    Half-sent ones belong to their device, so that nobody spoils another's; ``whole`` ones, whose hash was right, are
    taken by their ``name`` (hex SHA-256) whoever sent them.
    """

    name = models.CharField("SHA-256", max_length=64)
    device = models.CharField("设备", max_length=32)
    size = models.BigIntegerField("大小")
    held = models.BigIntegerField("已收", default=0)
    whole = models.BooleanField("完整", default=False)
    begun_at = models.BigIntegerField("开始")
    arrived_at = models.BigIntegerField("收齐", default=0)

    class Meta:
        db_table = "attachment"
        verbose_name = verbose_name_plural = "附件"
        constraints = [models.UniqueConstraint(fields=["device", "name"], name="attachment_once")]
        indexes = [models.Index(fields=["name"], name="attachment_by_name")]

    def __str__(self) -> str:
        return f"{self.name[:12]} {self.held}/{self.size}"


class AttachmentPiece(models.Model):
    """Bytes of an attachment from ``start`` on, as they came; the next piece begins where this one ends."""

    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="pieces")
    start = models.BigIntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "attachment_piece"
        constraints = [models.UniqueConstraint(fields=["attachment", "start"], name="attachment_piece_once")]


class FeedDocument(models.Model):
    """The province's own journal: everything it tells, in one order, each with its audience.

    ``station`` and ``device`` narrow the audience (0 and "": all); ``held_back`` rows are told to nobody and stand here
    because they take effect in the province's own projections. An accepted entry stands as a reference (``device/seq``
    in ``entry_device``, ``entry_seq``): its bytes are read when it is relayed, so a private part that is gone is gone.
    """

    cursor = models.BigIntegerField("发布序号", primary_key=True)
    epoch = models.CharField("纪元", max_length=40)
    kind = models.CharField("种类", max_length=40)
    station = models.IntegerField("站点", default=0)
    device = models.CharField("设备", max_length=32, default="")
    held_back = models.BooleanField("不下发", default=False)
    content = models.BinaryField(default=bytes)
    entry_device = models.CharField(max_length=32, default="")
    entry_seq = models.BigIntegerField(default=0)
    at = models.BigIntegerField("时间")

    class Meta:
        db_table = "feed"
        verbose_name = verbose_name_plural = "发布记录"
        indexes = [
            models.Index(fields=["station", "cursor"], name="feed_by_station"),
            models.Index(fields=["entry_device", "entry_seq"], name="feed_by_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.cursor} {self.kind}"


class FeedPrivate(models.Model):
    """A document that is personal as a whole (an online declaration); the feed keeps its hash for ever, this goes."""

    cursor = models.BigIntegerField(primary_key=True)
    content = models.BinaryField()

    class Meta:
        db_table = "feed_private"


class ProjectionState(models.Model):
    """How far the projections in the ``reg_`` tables follow the feed, and in which version."""

    only = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField()
    cursor = models.BigIntegerField()
