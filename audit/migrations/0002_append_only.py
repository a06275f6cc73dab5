"""The trail, comments and issued reports stand, whoever asks: by this product or by hand."""

from django.db import migrations

TRAIL = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_trail
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit_trail
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
FORGET_TRAIL = """
DROP TRIGGER append_only ON audit_trail;
DROP TRIGGER append_only_truncate ON audit_trail;
DROP FUNCTION audit_refuse_change();
"""
# What was issued is what was read and decided upon: a mistake in it is mended by a new version.
REPORTS = """
CREATE FUNCTION audit_refuse_change_of_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an issued report is not changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER issued_stands BEFORE UPDATE OR DELETE ON audit_report
    FOR EACH ROW WHEN (OLD.state = 'issued') EXECUTE FUNCTION audit_refuse_change_of_issued();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_comment
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
"""
FORGET_REPORTS = """
DROP TRIGGER append_only ON audit_comment;
DROP TRIGGER issued_stands ON audit_report;
DROP FUNCTION audit_refuse_change_of_issued();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(TRAIL, FORGET_TRAIL),
        migrations.RunSQL(REPORTS, FORGET_REPORTS),
    ]
