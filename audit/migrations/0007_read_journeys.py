"""The journeys of referrals that were there before are read by the first rounds."""

from django.db import migrations

FORWARD = """
INSERT INTO audit_journeychanged (referral_id)
SELECT id FROM referrals_referral AS r
WHERE NOT EXISTS (SELECT FROM audit_journey AS j WHERE j.referral_id = r.id)
ORDER BY received_at
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_cells")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
