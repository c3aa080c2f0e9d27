"""From which entry on a device may rely on what the province forgot in a restore."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("journal", "0003_deferred_asked_at")]

    operations = [
        migrations.AddField(
            model_name="journal",
            name="doubtful_from",
            field=models.BigIntegerField("存疑自", default=0),
        ),
    ]
