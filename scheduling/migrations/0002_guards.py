"""What the database itself refuses, whoever asks: rewritten facts, and words in a notice."""

from django.db import migrations

# What was answered, which ladder was in force and why a target was missed: written once.
APPEND_ONLY = ("pageanswer", "escalationladder", "breachrecord")
REFUSE = """
CREATE FUNCTION scheduling_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: record a correction instead', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON scheduling_{table}
    FOR EACH ROW EXECUTE FUNCTION scheduling_refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON scheduling_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION scheduling_refuse_change();
"""
UNGUARD = """
DROP TRIGGER append_only ON scheduling_{table};
DROP TRIGGER append_only_truncate ON scheduling_{table};
"""

# The database's own copy of the allow-list: even a program that goes round the outbox can store
# nothing else for sending.
ONLY_ALLOWED_FIELDS = """
ALTER TABLE scheduling_notice ADD CONSTRAINT notice_fields_are_allowed CHECK (
    jsonb_typeof(fields) = 'object'
    AND fields - ARRAY['reference', 'what', 'due', 'call_back', 'link', 'repeat', 'count']
        = '{}'::jsonb
    AND COALESCE(fields ->> 'reference', 'AAA-00') ~ '^[0-9A-Z]{3}-[0-9A-Z]{2}$'
)
"""


class Migration(migrations.Migration):
    # See 0001: the step that held this before the first release.
    replaces = [("scheduling", "0008_climbs_looked_at_again")]

    dependencies = [("scheduling", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION scheduling_refuse_change();"),
        *(
            migrations.RunSQL(GUARD.format(table=table), UNGUARD.format(table=table))
            for table in APPEND_ONLY
        ),
        migrations.RunSQL(
            ONLY_ALLOWED_FIELDS,
            "ALTER TABLE scheduling_notice DROP CONSTRAINT notice_fields_are_allowed",
        ),
    ]
