-- Bring the due work of these referrals in line with what their records say, in one statement.
-- What is due at another time than before may be told again.
WITH wanted AS (
    SELECT * FROM jsonb_to_recordset(%(work)s) AS w(
        referral_id uuid, key text, due_at timestamptz)
), gone AS (
    DELETE FROM scheduling_duework AS d
    WHERE d.referral_id = ANY(%(referrals)s)
      AND NOT EXISTS (
        SELECT FROM wanted AS w WHERE w.referral_id = d.referral_id AND w.key = d.key)
), kept AS (
    INSERT INTO scheduling_duework AS d (id, referral_id, key, due_at)
    SELECT gen_random_uuid(), referral_id, key, due_at FROM wanted
    ON CONFLICT (referral_id, key) DO UPDATE SET due_at = excluded.due_at, told_at = NULL
    WHERE d.due_at <> excluded.due_at
)
UPDATE referrals_referral AS r
SET care_stale = false,
    care_due_at = (SELECT min(w.due_at) FROM wanted AS w WHERE w.referral_id = r.id)
WHERE r.id = ANY(%(referrals)s)
