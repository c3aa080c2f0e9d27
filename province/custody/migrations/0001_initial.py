from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RefusedRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.BigIntegerField(verbose_name="时间")),
                ("act", models.CharField(max_length=20, verbose_name="事项")),
                ("by", models.IntegerField(verbose_name="人员")),
                ("organisation", models.IntegerField(verbose_name="机构")),
                ("counterpart", models.IntegerField(verbose_name="对方")),
                ("kind", models.CharField(max_length=10, verbose_name="品类")),
                ("codes", models.CharField(max_length=400, verbose_name="理由")),
            ],
            options={
                "verbose_name": "未予办理",
                "verbose_name_plural": "未予办理",
                "db_table": "custody_refused",
            },
        ),
    ]
