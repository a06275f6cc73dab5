"""Indexes of the board: unread ones without reading the open ones, and a search by name."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("referrals", "0003_milestone_order")]

    operations = [
        migrations.AddIndex(
            "referral",
            models.Index(
                fields=["alliance", "unread_since"],
                name="referral_unread",
                condition=Q(unread_since__isnull=False),
            ),
        ),
        # What Django asks for with istartswith; a model's own index cannot say text_pattern_ops
        # without another app.
        migrations.RunSQL(
            "CREATE INDEX patient_name_search ON referrals_patient"
            " (upper(family_name::text) text_pattern_ops)",
            "DROP INDEX patient_name_search",
        ),
    ]
