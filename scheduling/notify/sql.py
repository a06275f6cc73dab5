"""The outbox's statements. Raw, because each must be one statement and one round trip.

Lock order: whoever locks several notices locks them by id, so that no two can wait in a circle.
"""

from collections.abc import Sequence

from scheduling.notify.models import Channel

CHANNELS = list(Channel.values)

POST = """
INSERT INTO scheduling_notice (
    id, dedupe_key, kind, channel, recipient_id, recipient_name, address, fields, referral_id,
    escalation_id, priority, last_error, ack_token, reply_code, state, attempts, provider_ref,
    next_attempt_at, created_at)
SELECT new.*, 'pending', 0, '', %s, %s
FROM unnest(
    %s::uuid[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[],
    %s::jsonb[], %s::uuid[], %s::uuid[], %s::smallint[], %s::text[], %s::text[], %s::text[]) AS new
ON CONFLICT (dedupe_key) DO NOTHING
"""

DUE_CHANNELS = """
SELECT channel
FROM unnest(%(channels)s::text[]) AS channel
WHERE EXISTS (
    SELECT 1 FROM scheduling_notice AS notice
    WHERE notice.channel = channel.channel AND notice.state IN ('pending', 'leased')
      AND notice.next_attempt_at <= %(at)s)
"""

# A leased row's next attempt is the end of its lease, so one condition finds both the waiting
# and the orphaned, on the one partial index.
_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM scheduling_notice
    WHERE {channel} state IN ('pending', 'leased') AND next_attempt_at <= %(at)s
    ORDER BY priority, next_attempt_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE scheduling_notice AS notice
    SET state = 'leased', attempts = attempts + 1, lease_token = gen_random_uuid(),
        lease_until = %(until)s, next_attempt_at = %(until)s
    FROM due WHERE notice.id = due.id
    RETURNING notice.*
), begun AS (
    INSERT INTO scheduling_noticeattempt (notice_id, number, token, started_at, outcome, code)
    SELECT id, attempts, lease_token, %(at)s, '', '' FROM claimed
)
SELECT {columns} FROM claimed ORDER BY priority, created_at
"""

_HELD = """
WITH held AS MATERIALIZED (
    SELECT notice.id
    FROM scheduling_notice AS notice
    JOIN unnest(%(ids)s::uuid[], %(tokens)s::uuid[]) AS mine (id, token)
      ON notice.id = mine.id AND notice.lease_token = mine.token
    ORDER BY notice.id
    FOR UPDATE OF notice
)
"""

RENEW = (
    _HELD
    + """
UPDATE scheduling_notice AS notice
SET lease_until = %(until)s, next_attempt_at = %(until)s
FROM held WHERE notice.id = held.id
RETURNING notice.id
"""
)

RELEASE = (
    _HELD
    + """
, untried AS (
    DELETE FROM scheduling_noticeattempt AS attempt
    USING unnest(%(tokens)s::uuid[]) AS mine (token), held
    WHERE attempt.notice_id = held.id AND attempt.token = mine.token
)
UPDATE scheduling_notice AS notice
SET state = 'pending', attempts = attempts - 1, lease_token = NULL, lease_until = NULL,
    next_attempt_at = %(at)s
FROM held WHERE notice.id = held.id
RETURNING notice.id
"""
)

SETTLE = """
WITH result AS MATERIALIZED (
    SELECT * FROM unnest(
        %s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[], %s::timestamptz[],
        %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[], %s::integer[])
    AS result (id, token, state, next_at, failed_at, reroute_at, provider_ref, last_error,
               outcome, code, latency_ms)
), held AS MATERIALIZED (
    SELECT notice.id, notice.lease_token
    FROM scheduling_notice AS notice
    JOIN result ON notice.id = result.id AND notice.lease_token = result.token
    ORDER BY notice.id
    FOR UPDATE OF notice
), moment AS (
    SELECT %s::timestamptz AS at
), attempted AS (
    UPDATE scheduling_noticeattempt AS attempt
    SET finished_at = moment.at, outcome = result.outcome, code = result.code,
        latency_ms = result.latency_ms
    FROM result, moment
    WHERE attempt.notice_id = result.id AND attempt.token = result.token
)
UPDATE scheduling_notice AS notice
SET state = result.state, next_attempt_at = result.next_at,
    lease_token = NULL, lease_until = NULL,
    sent_at = CASE WHEN result.state = 'sent' THEN moment.at END,
    failed_at = result.failed_at,
    reroute_at = COALESCE(notice.reroute_at, result.reroute_at),
    provider_ref = result.provider_ref,
    last_error = COALESCE(
        NULLIF(result.last_error, ''),
        CASE WHEN notice.last_error LIKE 'poison:%%' THEN notice.last_error ELSE '' END)
FROM held JOIN result ON result.id = held.id AND result.token = held.lease_token, moment
WHERE notice.id = held.id
RETURNING notice.id, result.token
"""

STAND_DOWN = """
WITH waiting AS MATERIALIZED (
    SELECT id FROM scheduling_notice
    WHERE escalation_id = ANY(%(escalations)s::uuid[]) AND state IN ('pending', 'leased')
    ORDER BY id
    FOR UPDATE
), withdrawn AS (
    UPDATE scheduling_notice AS notice
    SET state = 'superseded', lease_token = NULL, lease_until = NULL, next_attempt_at = %(at)s
    FROM waiting WHERE notice.id = waiting.id
)
INSERT INTO scheduling_notice (
    id, dedupe_key, kind, channel, recipient_id, recipient_name, address, fields, referral_id,
    priority, last_error, state, attempts, provider_ref, next_attempt_at, created_at)
SELECT gen_random_uuid(), concat_ws(':', escalation_id, 'over', recipient_id, channel),
    'stood_down', channel, recipient_id, recipient_name, address, %(fields)s::jsonb, referral_id,
    %(priority)s, '', 'pending', 0, '', %(at)s, %(at)s
FROM scheduling_notice
WHERE escalation_id = ANY(%(escalations)s::uuid[]) AND state = 'sent'
ON CONFLICT (dedupe_key) DO NOTHING
"""

SUPERSEDE = """
WITH waiting AS MATERIALIZED (
    SELECT id FROM scheduling_notice
    WHERE escalation_id = ANY(%(escalations)s::uuid[]) AND state IN ('pending', 'leased')
    ORDER BY id
    FOR UPDATE
)
UPDATE scheduling_notice AS notice
SET state = 'superseded', lease_token = NULL, lease_until = NULL, next_attempt_at = %(at)s
FROM waiting WHERE notice.id = waiting.id
"""


def claim(columns: Sequence[str], *, one_channel: bool) -> str:
    """The claiming statement; with a channel it walks the index in order and stops at the limit."""
    return _CLAIM.format(
        channel="channel = %(channel)s AND" if one_channel else "", columns=", ".join(columns)
    )
