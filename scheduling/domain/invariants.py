"""What must always be true, as plain SQL: one statement each, which finds the rows that break it.

The numbers are those of the design of reliability. I9, a chain over the trail, is not checked here:
there is no chain yet. A row that is found has an `id` and says `since` when it has been wrong.
Parameters: `at`, the moment; `targets`, the timed targets as JSON; `components`, who must be at
work; `lead`, until when somebody must be on call.
"""

from dataclasses import dataclass

LATE_S = 60  # how long anything that is due may wait for whoever does it
UNSENT_S = 120  # how long a message may wait for its gateway's turn
SILENT_S = 30  # how long a kind of process may finish nothing
COMPONENTS = ("sweep", "dispatch", "guardian")


@dataclass(frozen=True, slots=True)
class Invariant:
    """`one` and `many` say what is wrong, after a number; `do` says what to do about it."""

    key: str
    number: str
    one: str
    many: str
    do: str
    sql: str


_RESTART = "Restart the worker and the guardian; watch the times on the board yourself meanwhile."

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "late_steps",
        "I1",
        "target passed more than a minute ago and nobody was told",
        "targets passed more than a minute ago and nobody was told",
        _RESTART,
        f"""
        SELECT id, fire_at AS since FROM scheduling_clockstep
        WHERE state = 'armed' AND fire_at < %(at)s - interval '{LATE_S} seconds'
        """,
    ),
    Invariant(
        "unarmed_clocks",
        "I2",
        "running target would pass without anybody being told",
        "running targets would pass without anybody being told",
        "Run `manage.py rebuild_clocks`, then look again; keep the log for whoever mends it.",
        """
        SELECT c.id, c.started_at AS since FROM scheduling_clock AS c
        WHERE c.state = 'running' AND NOT EXISTS (
            SELECT FROM scheduling_clockstep AS s
            WHERE s.clock_id = c.id AND s.step = 'breach' AND s.state IN ('armed', 'fired')
              AND s.fire_at = c.due_at)
        """,
    ),
    Invariant(
        "clocks_disagree",
        "I3",
        "referral and its targets do not agree",
        "referrals and their targets do not agree",
        "Run `manage.py rebuild_clocks`, then look again; keep the log for whoever mends it.",
        """
        SELECT r.id, r.changed_at AS since
        FROM referrals_referral AS r
        LEFT JOIN (
            SELECT referral_id, min(due_at) AS due_at FROM scheduling_clock
            WHERE state = 'running' GROUP BY referral_id
        ) AS next ON next.referral_id = r.id
        WHERE r.closed_at IS NULL AND (
            r.next_due_at IS DISTINCT FROM next.due_at
            OR (r.suspicion IN ('mscc', 'spinal_metastases') AND NOT EXISTS (
                SELECT FROM scheduling_clock AS c WHERE c.referral_id = r.id
                  AND c.kind = CASE r.suspicion WHEN 'mscc' THEN 'mri_24h' ELSE 'mri_1wk' END
                  AND c.state NOT IN ('superseded', 'void'))))
        UNION ALL
        SELECT c.id, r.closed_at FROM scheduling_clock AS c
        JOIN referrals_referral AS r ON r.id = c.referral_id
        WHERE c.state = 'running' AND r.closed_at IS NOT NULL
        """,
    ),
    Invariant(
        "late_climbs",
        "I4",
        "page nobody answered should have gone to the next person more than a minute ago",
        "pages nobody answered should have gone to the next person more than a minute ago",
        _RESTART,
        f"""
        SELECT id, next_at AS since FROM scheduling_escalation
        WHERE state = 'open' AND next_at < %(at)s - interval '{LATE_S} seconds'
        """,
    ),
    Invariant(
        "unsent_notices",
        "I5",
        "message has waited more than two minutes to be sent",
        "messages have waited more than two minutes to be sent",
        "See whether the mail server and the pager gateway answer; ring people by telephone.",
        f"""
        SELECT id, next_attempt_at AS since FROM scheduling_notice
        WHERE state IN ('pending', 'leased')
          AND next_attempt_at < %(at)s - interval '{UNSENT_S} seconds'
        """,
    ),
    Invariant(
        "silent_pages",
        "I6",
        "target rang and nobody was told of it",
        "targets rang and nobody was told of them",
        "Open the board, ring whoever should have been told, and give them a contact that works.",
        f"""
        SELECT s.id, s.fired_at AS since FROM scheduling_clockstep AS s
        JOIN scheduling_clock AS c ON c.id = s.clock_id
        WHERE c.state = 'running' AND s.state = 'fired' AND NOT EXISTS (
            SELECT FROM scheduling_escalation AS e
            WHERE e.clock_id = c.id AND e.about = s.step)
        UNION ALL
        SELECT e.id, e.opened_at FROM scheduling_escalation AS e
        WHERE e.state = 'open' AND e.opened_at < %(at)s - interval '{LATE_S} seconds'
          AND NOT EXISTS (
            SELECT FROM scheduling_notice AS n WHERE n.escalation_id = e.id)
          AND NOT EXISTS (
            SELECT FROM scheduling_digestline AS d WHERE d.escalation_id = e.id)
        """,
    ),
    Invariant(
        "stray_climbs",
        "I7",
        "page rings for a target that runs no more, or was answered and never looked at again",
        "pages ring for targets that run no more, or were answered and never looked at again",
        "Answer it on the list of pages; keep the log for whoever mends it.",
        f"""
        SELECT e.id, e.opened_at AS since FROM scheduling_escalation AS e
        JOIN scheduling_clock AS c ON c.id = e.clock_id
        WHERE e.state = 'open' AND c.state <> 'running'
        UNION ALL
        SELECT id, look_again_at FROM scheduling_escalation
        WHERE state = 'acknowledged'
          AND look_again_at < %(at)s - interval '{LATE_S} seconds'
        """,
    ),
    Invariant(
        "silence",
        "I8",
        "part of the system is silent, or runs and finishes nothing",
        "parts of the system are silent, or run and finish nothing",
        "Restart the parts named as silent on this page.",
        f"""
        SELECT wanted.component AS id, last.at AS since
        FROM unnest(%(components)s::text[]) AS wanted (component)
        LEFT JOIN LATERAL (
            SELECT max(progress_at) AS at FROM scheduling_heartbeat AS h
            WHERE h.component = wanted.component
        ) AS last ON true
        WHERE last.at IS NULL OR last.at < %(at)s - interval '{SILENT_S} seconds'
        UNION ALL
        SELECT component || ' ' || instance, progress_at FROM scheduling_heartbeat
        WHERE beat_at >= %(at)s - interval '{SILENT_S} seconds'
          AND (progress_at IS NULL OR progress_at < beat_at - interval '{LATE_S} seconds')
        """,
    ),
    Invariant(
        "wrong_due_times",
        "I10",
        "target is due at another time than its start and its length say",
        "targets are due at another time than their start and their length say",
        "Run `manage.py rebuild_clocks`, then look again; keep the log for whoever mends it.",
        """
        SELECT c.id, c.started_at AS since FROM scheduling_clock AS c
        LEFT JOIN jsonb_to_recordset(%(targets)s::jsonb)
            AS t (kind text, within_s int, at_risk_after_s int) ON t.kind = c.kind
        WHERE c.state = 'running' AND (
            t.kind IS NULL
            OR c.due_at <> c.started_at + make_interval(secs => t.within_s)
            OR c.at_risk_at <> c.started_at + make_interval(secs => t.at_risk_after_s))
        """,
    ),
    Invariant(
        "nobody_on_call",
        "I11",
        "hospital with an open referral has a time within a day in which nobody can be reached",
        "hospitals with an open referral have a time within a day in which nobody can be reached",
        "Put somebody on the rota, and give them a pager, a number or an address that works.",
        """
        WITH places AS (
            SELECT DISTINCT hospital_id, trust_id, alliance_id FROM referrals_referral
            WHERE closed_at IS NULL
        ), able AS (
            SELECT s.organisation_id, s.starts_at, s.ends_at, s.user_id FROM scheduling_shift AS s
            WHERE s.role IN ('coordinator', 'designated_clinician', 'senior_clinician')
              AND s.ends_at > %(at)s AND s.starts_at <= %(lead)s
            UNION ALL
            SELECT organisation_id, starts_at, ends_at, user_id FROM people_assignment
            WHERE role IN ('designated_clinician', 'senior_clinician', 'service_lead')
              AND starts_at <= %(lead)s AND (ends_at IS NULL OR ends_at > %(at)s)
        ), reachable AS (
            SELECT able.* FROM able JOIN people_user AS u ON u.id = able.user_id AND u.is_active
            WHERE EXISTS (SELECT FROM people_contactpoint AS p
                          WHERE p.user_id = u.id AND p.marked_bad_at IS NULL)
        ), moments AS (
            SELECT %(at)s::timestamptz AS moment
            UNION SELECT ends_at FROM reachable WHERE ends_at <= %(lead)s
        )
        SELECT places.hospital_id AS id, min(moments.moment) AS since
        FROM places CROSS JOIN moments
        WHERE NOT EXISTS (
            SELECT FROM reachable AS r
            WHERE r.organisation_id IN (places.hospital_id, places.trust_id, places.alliance_id)
              AND r.starts_at <= moments.moment
              AND (r.ends_at IS NULL OR r.ends_at > moments.moment))
        GROUP BY places.hospital_id
        """,
    ),
)
# The twelfth compares two clocks, which no statement about rows can do.
CLOCKS_DIFFER = Invariant(
    "clocks_differ",
    "I12",
    "clock differs: this machine's and the database's are more than two seconds apart",
    "clocks differ: this machine's and the database's are more than two seconds apart",
    "Set the time service (NTP) of both machines right.",
    "SELECT clock_timestamp()",
)
ALL = {each.key: each for each in (*INVARIANTS, CLOCKS_DIFFER)}
