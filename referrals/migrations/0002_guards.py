"""What the database itself refuses, whoever asks: illegal edges and rewritten facts."""

from django.db import migrations

from referrals.states import legal_edges

# A correction is a new row that supersedes; these are written once and never again.
APPEND_ONLY = (
    "milestone",
    "presentation",
    "cancerhistory",
    "neurologicalassessment",
    "painassessment",
    "mrisafety",
    "fitness",
    "initialcare",
    "note",
    "advice",
    "treatmentdecision",
    "answeredcommand",
    "careentry",
    "careplan",
    "considerations",
    "dexamethasoneentry",
    "dischargestep",
    "followup",
    "painplan",
    "score",
    "sitting",
)

REFUSE = """
CREATE FUNCTION referrals_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: record a correction instead', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON referrals_{table}
    FOR EACH ROW EXECUTE FUNCTION referrals_refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON referrals_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION referrals_refuse_change();
"""
UNGUARD = """
DROP TRIGGER append_only ON referrals_{table};
DROP TRIGGER append_only_truncate ON referrals_{table};
"""


def edges_sql() -> str:
    """The legal edges of the state machine as a trigger: `.update(state=...)` cannot cheat."""
    pairs = ", ".join(f"('{source}', '{target}')" for source, target in legal_edges())
    return f"""
CREATE FUNCTION referrals_legal_edge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN ({pairs}) THEN
        RAISE EXCEPTION 'a referral cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER legal_edge BEFORE UPDATE OF state ON referrals_referral
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION referrals_legal_edge();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION referrals_refuse_change();"),
        *(
            migrations.RunSQL(GUARD.format(table=table), UNGUARD.format(table=table))
            for table in APPEND_ONLY
        ),
        migrations.RunSQL(
            edges_sql(),
            "DROP TRIGGER legal_edge ON referrals_referral; DROP FUNCTION referrals_legal_edge();",
        ),
    ]
