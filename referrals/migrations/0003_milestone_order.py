from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_guards")]

    operations = [
        migrations.RemoveField("milestone", "first_recorded_at"),
        migrations.AddField(
            "milestone", "told", models.PositiveIntegerField(default=0), preserve_default=False
        ),
    ]
