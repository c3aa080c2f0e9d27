"""Tables of the registers: stations, people, devices, laboratories, producers, and what was published about them.

Stations, people and laboratories bear small integers given by the province; certificates carry only those.
"""

from __future__ import annotations

from django.db import models


class Station(models.Model):
    """A station (申报点/出证点). Each change is published as a new station sheet."""

    number = models.IntegerField("编号", primary_key=True)
    ordinal = models.IntegerField("版次", default=1, editable=False)
    name = models.CharField("名称", max_length=60)
    name_en = models.CharField("英文名称", max_length=80, blank=True)
    area = models.IntegerField("行政区划")
    phone = models.CharField("公开电话", max_length=30)
    agency = models.CharField("所属机构", max_length=60, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)

    class Meta:
        db_table = "station"
        verbose_name = verbose_name_plural = "站点"

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Person(models.Model):
    """A person who works at a station; what they may do stands in their grants."""

    number = models.IntegerField("编号", primary_key=True)
    name = models.CharField("姓名", max_length=40)
    name_en = models.CharField("拼音", max_length=60, blank=True)

    class Meta:
        db_table = "person"
        verbose_name = verbose_name_plural = "人员"

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class PublishedGrant(models.Model):
    """A grant (授权) as published; ``cursor`` is its place in the feed, so that one can tell who knew of it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, verbose_name="人员")
    ordinal = models.IntegerField("版次")
    station = models.IntegerField("站点", db_index=True)
    posts = models.JSONField("岗位")
    kinds = models.JSONField("可签种类")
    filings = models.JSONField("备案", default=list)
    valid_from = models.BigIntegerField("生效")
    valid_until = models.BigIntegerField("截止")
    cursor = models.BigIntegerField("发布序号")

    class Meta:
        db_table = "grant_published"
        verbose_name = verbose_name_plural = "授权"
        constraints = [models.UniqueConstraint(fields=["person", "ordinal"], name="grant_once")]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.ordinal}"


class PersonSigningKey(models.Model):
    """A person's signing key on one device: pending when its entry was judged, published with its document."""

    key_id = models.CharField("密钥", max_length=16, primary_key=True)
    person = models.IntegerField("人员", db_index=True)
    device = models.CharField("设备", max_length=32)
    suite = models.PositiveSmallIntegerField()
    key = models.BinaryField()
    added_at = models.BigIntegerField("登记")
    valid_from = models.BigIntegerField("生效", default=0)
    valid_until = models.BigIntegerField("截止", default=0)
    valid_before = models.BigIntegerField("失密时间", default=0)
    cursor = models.BigIntegerField("发布序号", default=0)

    class Meta:
        db_table = "person_key"
        verbose_name = verbose_name_plural = "人员密钥"

    def __str__(self) -> str:
        return self.key_id


class Device(models.Model):
    """An enrolled device: its public keys, its station, its standing."""

    device = models.CharField("设备", max_length=32, primary_key=True)
    ordinal = models.IntegerField("版次", default=1)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, verbose_name="站点")
    name = models.CharField("名称", max_length=60)
    suite = models.PositiveSmallIntegerField()
    key = models.BinaryField()
    key_id = models.CharField("密钥", max_length=16, unique=True)
    box_key = models.BinaryField()
    state = models.CharField("状态", max_length=10, default="active")
    enrolled_at = models.BigIntegerField("登记时间")

    class Meta:
        db_table = "device"
        verbose_name = verbose_name_plural = "设备"

    def __str__(self) -> str:
        return f"{self.name} {self.device[:8]}…"


class EnrolmentCode(models.Model):
    """A one-time code (入网码) for one station; only its public part and a key derived from the secret are kept."""

    code = models.CharField("公开部分", max_length=8, primary_key=True)
    secret = models.BinaryField()
    station = models.ForeignKey(Station, on_delete=models.PROTECT, verbose_name="站点")
    made_at = models.BigIntegerField("生成时间")
    expires = models.BigIntegerField("截止")
    tries = models.IntegerField("错误次数", default=0)
    used_by = models.CharField("使用设备", max_length=32, default="")

    class Meta:
        db_table = "enrolment_code"
        verbose_name = verbose_name_plural = "入网码"

    def __str__(self) -> str:
        return self.code


class GivenLease(models.Model):
    """A lease (签发期) as given."""

    device = models.CharField("设备", max_length=32, db_index=True)
    granted_at = models.BigIntegerField("给予")
    issue_until = models.BigIntegerField("截止")
    cursor = models.BigIntegerField("发布序号")

    class Meta:
        db_table = "lease_given"
        verbose_name = verbose_name_plural = "签发期"

    def __str__(self) -> str:
        return f"{self.device[:8]}… {self.issue_until}"


class Laboratory(models.Model):
    """A laboratory whose reports count."""

    number = models.IntegerField("编号", primary_key=True)
    name = models.CharField("名称", max_length=80)
    accreditation = models.CharField("资质", max_length=80, blank=True)
    valid_until = models.CharField("有效期至", max_length=10, blank=True)

    class Meta:
        db_table = "laboratory"
        verbose_name = verbose_name_plural = "实验室"

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class ProductionUnit(models.Model):
    """A producer of aquatic seed with its permit (苗种生产许可证)."""

    permit = models.CharField("许可证号", max_length=40, primary_key=True)
    name = models.CharField("名称", max_length=80)
    area = models.IntegerField("行政区划")
    address = models.CharField("地址", max_length=120, blank=True)
    valid_until = models.CharField("有效期至", max_length=10, blank=True)

    class Meta:
        db_table = "production_unit"
        verbose_name = verbose_name_plural = "苗种生产单位"

    def __str__(self) -> str:
        return f"{self.permit} {self.name}"


class TrustRelease(models.Model):
    """A published trust file (可信数据); ``pack`` holds root, key statements and file, as devices take them in."""

    seq = models.BigAutoField("期号", primary_key=True)
    epoch = models.IntegerField("纪元")
    issued_at = models.BigIntegerField("发布时间")
    content_hash = models.BinaryField()
    pack = models.BinaryField()

    class Meta:
        db_table = "trust_release"
        verbose_name = verbose_name_plural = "可信数据"

    def __str__(self) -> str:
        return f"{self.epoch}/{self.seq}"
