"""Where the feed stood when an entry began to wait: how one knows that what it waits for cannot come any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("journal", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="deferred",
            name="asked_at",
            field=models.BigIntegerField(default=0),
        ),
    ]
