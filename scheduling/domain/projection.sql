-- Bring the rows of one referral's clocks in line with what its milestones say, in one statement:
-- clocks, the steps at which they ring, climbs that are over, and the board's "next due".
-- Only rows that differ are written; the climbs that are over come back.
WITH wanted AS (
    SELECT * FROM jsonb_to_recordset(%(clocks)s) AS w(
        kind text, number smallint, state text, started_at timestamptz, at_risk_at timestamptz,
        due_at timestamptz, stopped_at timestamptz, reason text)
), shelf AS (
    -- Which ladders are in force now; a clock keeps the version it started under.
    SELECT 'v' || coalesce(max(l.version), 0) AS version
    FROM referrals_referral AS r
    LEFT JOIN scheduling_escalationladder AS l
        ON l.organisation_id = r.alliance_id AND l.in_force_from <= %(at)s
    WHERE r.id = %(referral)s
), gone AS (
    UPDATE scheduling_clock AS c
    SET state = 'void', stopped_at = NULL, reason = 'no longer on record'
    WHERE c.referral_id = %(referral)s AND c.state <> 'void'
      AND NOT EXISTS (
        SELECT FROM wanted AS w WHERE w.kind = c.kind AND w.number = c.number)
    RETURNING c.id, c.kind, c.state, c.at_risk_at, c.due_at
), kept AS (
    INSERT INTO scheduling_clock AS c (
        id, referral_id, kind, number, state, started_at, at_risk_at, due_at, stopped_at, reason,
        ladder)
    SELECT gen_random_uuid(), %(referral)s, kind, number, state, started_at, at_risk_at, due_at,
        stopped_at, reason, (SELECT version FROM shelf)
    FROM wanted
    -- Only one clock of a kind may run at any moment: first what is gone, then what stops, then
    -- what starts.
    WHERE (SELECT count(*) FROM gone) IS NOT NULL
    ORDER BY state = 'running', number
    ON CONFLICT (referral_id, kind, number) DO UPDATE SET
        state = excluded.state, started_at = excluded.started_at, at_risk_at = excluded.at_risk_at,
        due_at = excluded.due_at, stopped_at = excluded.stopped_at, reason = excluded.reason
    WHERE (c.state, c.started_at, c.at_risk_at, c.due_at, c.stopped_at, c.reason)
        IS DISTINCT FROM (excluded.state, excluded.started_at, excluded.at_risk_at,
            excluded.due_at, excluded.stopped_at, excluded.reason)
    RETURNING c.id, c.kind, c.state, c.at_risk_at, c.due_at
), changed AS (
    SELECT * FROM kept UNION ALL SELECT * FROM gone
), armed AS (
    INSERT INTO scheduling_clockstep AS s (
        id, clock_id, referral_id, step, state, fire_at, attempts, last_error)
    SELECT gen_random_uuid(), changed.id, %(referral)s, moment.step, 'armed', moment.fire_at, 0, ''
    FROM changed
    CROSS JOIN LATERAL (VALUES ('at_risk', at_risk_at), ('breach', due_at)) AS moment(step, fire_at)
    WHERE changed.state = 'running'
    ON CONFLICT (clock_id, step) DO UPDATE SET
        state = 'armed', fire_at = excluded.fire_at, fired_at = NULL, attempts = 0,
        retry_at = NULL, last_error = ''
    -- Fired for this very moment already: it does not fire twice.
    WHERE s.fire_at <> excluded.fire_at OR s.state = 'cancelled'
), cancelled AS (
    UPDATE scheduling_clockstep AS s SET state = 'cancelled', fired_at = NULL
    FROM changed
    WHERE s.clock_id = changed.id AND changed.state <> 'running' AND s.state = 'armed'
), over AS (
    UPDATE scheduling_escalation AS e SET state = 'closed', next_at = NULL, look_again_at = NULL,
        ended_at = %(at)s
    FROM changed
    WHERE e.clock_id = changed.id AND e.state <> 'closed'
      AND (changed.state <> 'running' OR changed.due_at IS DISTINCT FROM e.due_at)
    RETURNING e.id, EXISTS (
        SELECT FROM scheduling_digestline AS line WHERE line.escalation_id = e.id) AS in_a_digest
), board AS (
    UPDATE referrals_referral SET next_due_at = %(next_due_at)s, next_due_kind = %(next_due_kind)s
    WHERE id = %(referral)s
      AND (next_due_at, next_due_kind) IS DISTINCT FROM (%(next_due_at)s, %(next_due_kind)s)
)
SELECT id, in_a_digest FROM over
