-- The figures of one board and a signature of everything its rows are drawn from: each change of a
-- referral adds to its version, each page told moves its climb, each one sent or lost its notice.
WITH mine (id, version, changed_at, unread_since, next_due_at, next_due_kind, care_due_at, matches) AS (
    /* mine */
), told AS (
    SELECT e.id, e.state, e.rung, e.round, e.last_error
    FROM scheduling_escalation AS e
    JOIN mine ON mine.id = e.referral_id
    WHERE e.state IN ('open', 'acknowledged')
)
SELECT
    count(*) AS open,
    count(*) FILTER (WHERE mine.next_due_at < %s) AS overdue,
    count(c.id) FILTER (WHERE mine.next_due_at >= %s) AS at_risk,
    count(mine.unread_since) AS unread,
    count(*) FILTER (WHERE mine.care_due_at < %s) AS care_overdue,
    count(*) FILTER (WHERE mine.matches) AS matching,
    count(mine.unread_since) FILTER (WHERE mine.matches) AS matching_unread,
    (SELECT count(DISTINCT component) = 2 FROM scheduling_heartbeat
     WHERE component IN ('sweep', 'dispatch') AND progress_at >= %s) AS watched,
    -- To the minute: more would redraw every board more often.
    (SELECT date_trunc('minute', passed_at) FROM scheduling_watching) AS checked_at,
    EXISTS (SELECT FROM scheduling_watching WHERE failing_since IS NOT NULL) AS failing,
    (SELECT count(*) FROM told WHERE state = 'open' AND last_error IN (
        'nobody could be reached', 'only the switchboard could be told')) AS unreached,
    concat_ws(',', count(*), sum(mine.version), max(mine.changed_at),
        -- Care is worked out after the change, without a new version.
        sum(extract(epoch FROM mine.care_due_at)),
        (SELECT concat_ws(',', count(*), sum(rung), sum(round),
            count(*) FILTER (WHERE state = 'open'), count(nullif(last_error, ''))) FROM told),
        (SELECT concat_ws(',', count(*), max(n.sent_at),
            count(*) FILTER (WHERE n.state = 'sent'),
            count(*) FILTER (WHERE n.state IN ('failed', 'dead')))
         FROM scheduling_notice AS n WHERE n.escalation_id IN (SELECT told.id FROM told))
    ) AS signature
FROM mine
-- Only the few that are at risk are joined, not every clock that runs.
LEFT JOIN scheduling_clock AS c
    ON c.referral_id = mine.id AND c.kind = mine.next_due_kind AND c.state = 'running'
    AND c.at_risk_at <= %s
