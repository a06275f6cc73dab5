-- Verdicts of journeys, counted by place, month and class, as one JSON object a measure. What stands
-- in braces is put in by counting.py from its own lists; values are bound. A key by which nothing is
-- counted is made constant, so that there is one statement for all.
WITH told AS (
    SELECT {place} AS place, {month} AS month, {imported} AS imported, {value} AS value,
           (v.place - 1)::int AS number, v.status,
           -- The class of tally.class_of; -1 is no time.
           CASE WHEN v.seconds IS NULL THEN -1 ELSE
               greatest(width_bucket((v.seconds - 1)::float8, '{{{edges}}}'::float8[]) - 1, 0)
           END AS class,
           count(*) AS n
    FROM audit_journey AS j CROSS JOIN LATERAL {verdicts} AS v (status, seconds, place)
    WHERE v.status > 0 AND {where}
    GROUP BY 1, 2, 3, 4, 5, 6, 7
), said AS (
    SELECT {place} AS place, {month} AS month, {imported} AS imported, {value} AS value,
           d.number::int AS number, j.verdicts[d.number::int + 1] AS status,
           d.said->>'reason' AS reason, d.said->>'label' AS label, d.said->>'flag' AS flag,
           count(*) AS n
    FROM audit_journey AS j CROSS JOIN LATERAL {details} AS d (number, said)
    WHERE d.said IS NOT NULL AND {where}
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
), statuses AS (
    SELECT place, month, imported, value, number, jsonb_object_agg(status, n) AS status
    FROM (
        SELECT place, month, imported, value, number, status, sum(n)::int AS n
        FROM told GROUP BY 1, 2, 3, 4, 5, 6
    ) AS each GROUP BY 1, 2, 3, 4, 5
), times AS (
    SELECT place, month, imported, value, number, jsonb_object_agg(class, n) AS times
    FROM (
        SELECT place, month, imported, value, number, class, sum(n)::int AS n
        FROM told WHERE class >= 0 GROUP BY 1, 2, 3, 4, 5, 6
    ) AS each GROUP BY 1, 2, 3, 4, 5
), reasons AS (
    SELECT place, month, imported, value, number, jsonb_object_agg(status, reasons) AS reasons
    FROM (
        SELECT place, month, imported, value, number, status, jsonb_object_agg(reason, n) AS reasons
        FROM (
            SELECT place, month, imported, value, number, status, reason, sum(n)::int AS n
            FROM said WHERE reason IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7
        ) AS each GROUP BY 1, 2, 3, 4, 5, 6
    ) AS by_status GROUP BY 1, 2, 3, 4, 5
), labels AS (
    SELECT place, month, imported, value, number, jsonb_object_agg(label, n) AS labels
    FROM (
        SELECT place, month, imported, value, number, label, sum(n)::int AS n
        FROM said WHERE label IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
    ) AS each GROUP BY 1, 2, 3, 4, 5
), flags AS (
    SELECT place, month, imported, value, number, jsonb_object_agg(flag, n) AS flags
    FROM (
        SELECT place, month, imported, value, number, flag, sum(n)::int AS n
        FROM said WHERE flag IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
    ) AS each GROUP BY 1, 2, 3, 4, 5
)
SELECT place, month, imported, value, number,
       jsonb_strip_nulls(jsonb_build_object(
           's', status, 't', times, 'r', reasons, 'l', labels, 'f', flags)) AS counted
FROM statuses
LEFT JOIN times USING (place, month, imported, value, number)
LEFT JOIN reasons USING (place, month, imported, value, number)
LEFT JOIN labels USING (place, month, imported, value, number)
LEFT JOIN flags USING (place, month, imported, value, number)
