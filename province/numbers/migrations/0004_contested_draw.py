"""A draw that another signed document contradicts: nothing is cut out of it any more.

Written as SQL: on SQLite Django adds a column by making the table anew, and the triggers against overlap would be gone.
"""

from __future__ import annotations

from django.db import migrations, models

COLUMN = "ALTER TABLE number_draw ADD COLUMN contested boolean NOT NULL DEFAULT false"


class Migration(migrations.Migration):
    """The column."""

    dependencies = [("numbers", "0003_contested")]
    operations = [
        migrations.RunSQL(
            COLUMN,
            "ALTER TABLE number_draw DROP COLUMN contested",
            state_operations=[
                migrations.AddField(
                    model_name="drawnrange",
                    name="contested",
                    field=models.BooleanField(default=False, editable=False, verbose_name="有冲突"),
                )
            ],
        )
    ]
