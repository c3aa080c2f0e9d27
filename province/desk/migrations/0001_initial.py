import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="RosterAccount",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账户",
                    ),
                ),
                ("person", models.IntegerField(verbose_name="人员")),
            ],
            options={
                "verbose_name": "账户与人员",
                "verbose_name_plural": "账户与人员",
                "db_table": "desk_account",
            },
        ),
    ]
