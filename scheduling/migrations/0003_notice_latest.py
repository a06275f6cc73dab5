"""The list of what was sent reads the latest without sorting all there ever was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0002_clocks")]

    operations = [
        migrations.AddIndex(
            "notice", models.Index(fields=["-created_at", "id"], name="notice_latest")
        ),
    ]
