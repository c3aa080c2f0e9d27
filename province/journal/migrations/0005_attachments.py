"""Photographs and scans, in pieces as they come from the devices."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two tables."""

    dependencies = [("journal", "0004_journal_doubtful_from")]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField("SHA-256", max_length=64)),
                ("device", models.CharField("设备", max_length=32)),
                ("size", models.BigIntegerField("大小")),
                ("held", models.BigIntegerField("已收", default=0)),
                ("whole", models.BooleanField("完整", default=False)),
                ("begun_at", models.BigIntegerField("开始")),
                ("arrived_at", models.BigIntegerField("收齐", default=0)),
            ],
            options={
                "verbose_name": "附件",
                "verbose_name_plural": "附件",
                "db_table": "attachment",
                "constraints": [models.UniqueConstraint(fields=("device", "name"), name="attachment_once")],
                "indexes": [models.Index(fields=["name"], name="attachment_by_name")],
            },
        ),
        migrations.CreateModel(
            name="AttachmentPiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.BigIntegerField()),
                ("content", models.BinaryField()),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pieces", to="journal.attachment"
                    ),
                ),
            ],
            options={
                "db_table": "attachment_piece",
                "constraints": [models.UniqueConstraint(fields=("attachment", "start"), name="attachment_piece_once")],
            },
        ),
    ]
