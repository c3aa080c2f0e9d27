"""With which institutions the person of a grant is filed (备案)."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """The column."""

    dependencies = [("registry", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="publishedgrant",
            name="filings",
            field=models.JSONField(default=list, verbose_name="备案"),
        )
    ]
