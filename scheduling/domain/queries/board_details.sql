-- What the rows of one page of the board show besides the referrals themselves.
SELECT
    row.id,
    (
        SELECT json_agg(
            json_build_array(kind, state, at_risk_at, due_at, stopped_at, reason)
            ORDER BY state <> 'running', due_at)
        FROM scheduling_clock
        WHERE referral_id = row.id AND state <> 'void'
    ) AS clocks,
    (
        SELECT json_build_array(
            e.id, e.about, e.state, e.opened_at, e.last_error, u.name, e.ended_at,
            n.sent_at, n.waiting, n.failed, e.look_again_at)
        FROM scheduling_escalation AS e
        LEFT JOIN people_user AS u ON u.id = e.acknowledged_by_id
        CROSS JOIN LATERAL (
            SELECT max(sent_at) AS sent_at,
                count(*) FILTER (WHERE state IN ('pending', 'leased')) AS waiting,
                count(*) FILTER (WHERE state IN ('failed', 'dead')) AS failed
            -- Its own pages, and those it shares with others.
            FROM scheduling_notice
            WHERE escalation_id = e.id OR escalation_id = ANY(ARRAY(
                SELECT digest_id FROM scheduling_digestline AS line WHERE line.escalation_id = e.id))
        ) AS n
        WHERE e.referral_id = row.id AND e.state IN ('open', 'acknowledged')
        ORDER BY e.state = 'open' DESC, e.opened_at DESC, e.id
        LIMIT 1
    ) AS climb,
    (
        SELECT json_agg(json_build_array(kind, occurred_at, details)
            ORDER BY occurred_at DESC, recorded_at DESC)
        FROM (
            SELECT m.kind, m.occurred_at, m.recorded_at, m.details
            FROM referrals_milestone AS m
            WHERE m.referral_id = row.id AND NOT m.retracts
              AND NOT EXISTS (SELECT FROM referrals_milestone AS later WHERE later.supersedes_id = m.id)
            ORDER BY m.occurred_at DESC, m.recorded_at DESC
            LIMIT 3
        ) AS last
    ) AS events,
    (
        SELECT json_build_array(key, due_at) FROM scheduling_duework
        WHERE referral_id = row.id
        -- An opinion that is late, then what safety turns on, then what is due next.
        ORDER BY
            CASE
                WHEN due_at >= %(at)s THEN 2
                WHEN starts_with(key, %(opinion)s) THEN 0
                WHEN starts_with(key, %(course)s) OR key = ANY(%(safety)s) THEN 1
                ELSE 2
            END,
            due_at, key
        LIMIT 1
    ) AS care
FROM unnest(%(ids)s::uuid[]) AS row(id)
