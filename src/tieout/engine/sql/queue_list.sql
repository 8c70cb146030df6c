-- Everything that is not in step yet, one row a record and cause: open problems, calls in flight, records that wait
-- for another record, hints of records that none of these concern, and records that a person skipped.
WITH item AS (
    SELECT 'problem' AS source, p.id AS source_id, 'needs a person' AS state, 1 AS rank,
        p.company_id, NULL::bigint AS connection_id, p.integration_id, p.flow, p.subject_kind AS kind, p.subject_id AS remote_id,
        p.name, p.code, p.cause, p.next_step, '' AS reason, NULL::text[] AS needs,
        p.first_at AS since, p.times AS attempts, h.due_at AS next_try, p.last_at AS turn_at
    FROM store_problem p
        LEFT JOIN store_integration g ON g.id = p.integration_id
        LEFT JOIN store_hint h
            ON h.company_id = p.company_id AND h.connection_id = g.platform_id AND h.kind = p.subject_kind AND h.remote_id = p.subject_id
    WHERE p.cleared_at IS NULL
UNION ALL
    SELECT 'intent', i.id, CASE i.state WHEN 'unknown' THEN 'outcome unknown' ELSE 'sending' END, CASE i.state WHEN 'unknown' THEN 2 ELSE 4 END,
        i.company_id, g.platform_id, i.integration_id, i.flow, i.left_kind, i.left_id,
        '', i.fault_code, i.detail, '', i.step, NULL,
        i.sent_at, i.resends + 1, i.resend_after, i.sent_at
    FROM store_intent i JOIN store_integration g ON g.id = i.integration_id
    WHERE i.state IN ('sending', 'unknown')
UNION ALL
    SELECT 'wait', min(w.id), 'waiting', 5,
        g.company_id, g.platform_id, w.integration_id, w.flow, w.left_kind, w.left_id,
        '', '', '', '', '', array_agg(w.needs_kind || ' ' || w.needs_id ORDER BY w.id),
        min(w.since), 0, NULL, min(w.since)
    FROM store_wait w JOIN store_integration g ON g.id = w.integration_id
    GROUP BY g.company_id, g.platform_id, w.integration_id, w.flow, w.left_kind, w.left_id
UNION ALL
    SELECT 'hint', h.id,
        CASE WHEN c.state IN ('degraded', 'auth failed') OR b.state IN ('degraded', 'auth failed') THEN 'paused'
            WHEN h.due_at <= %(now)s THEN 'queued'
            WHEN h.slot IS NOT NULL THEN 'in work'
            WHEN h.attempts > 0 THEN 'trying again'
            ELSE 'queued' END,
        CASE WHEN c.state IN ('degraded', 'auth failed') OR b.state IN ('degraded', 'auth failed') THEN 3
            WHEN h.due_at <= %(now)s THEN 7 WHEN h.slot IS NOT NULL THEN 4 WHEN h.attempts > 0 THEN 6 ELSE 7 END,
        h.company_id, h.connection_id, NULL, '', h.kind, h.remote_id,
        '', '', CASE WHEN c.state IN ('degraded', 'auth failed') THEN c.state_text WHEN b.state IN ('degraded', 'auth failed') THEN b.state_text ELSE '' END, '', h.reason, NULL,
        LEAST(h.turn_at, %(now)s), h.attempts,
        CASE WHEN c.state IN ('degraded', 'auth failed') THEN c.retry_at WHEN b.state IN ('degraded', 'auth failed') THEN b.retry_at WHEN h.due_at > %(now)s THEN h.due_at END,
        h.turn_at
    FROM store_hint h JOIN store_connection c ON c.id = h.connection_id JOIN store_connection b ON b.id = h.company_id
    WHERE NOT EXISTS (
            SELECT FROM store_intent i JOIN store_integration g ON g.id = i.integration_id
            WHERE i.state IN ('sending', 'unknown') AND g.platform_id = h.connection_id AND g.company_id = h.company_id
                AND i.left_kind = h.kind AND i.left_id = h.remote_id)
        AND NOT EXISTS (
            SELECT FROM store_wait w JOIN store_integration g ON g.id = w.integration_id
            WHERE g.platform_id = h.connection_id AND g.company_id = h.company_id AND w.left_kind = h.kind AND w.left_id = h.remote_id)
        AND NOT EXISTS (
            SELECT FROM store_problem p
            WHERE p.cleared_at IS NULL AND p.company_id = h.company_id AND p.subject_kind = h.kind AND p.subject_id = h.remote_id)
UNION ALL
    SELECT 'ruling', s.id, 'skipped', 8,
        g.company_id, g.platform_id, s.integration_id, s.flow, f.kind, s.left_id,
        '', '', s.why, '', s.by, NULL,
        s.at, 0, s.until, s.at
    FROM store_ruling s
        JOIN store_integration g ON g.id = s.integration_id
        JOIN jsonb_to_recordset(%(flows)s::jsonb) AS f (system text, flow text, kind text) ON f.flow = s.flow
        JOIN store_connection p ON p.id = g.platform_id AND p.system = f.system
    WHERE s.kind = 'skipped' AND s.fingerprint = '' AND (s.until IS NULL OR s.until > %(now)s)
        AND NOT EXISTS (
            SELECT FROM store_ruling l
            WHERE l.integration_id = s.integration_id AND l.flow = s.flow AND l.left_id = s.left_id
                AND l.kind IN ('skipped', 'requested', 'taken back') AND (l.at, l.id) > (s.at, s.id))
), wanted AS (
    SELECT item.*, (SELECT r.id FROM store_record r WHERE r.connection_id = coalesce(item.connection_id, platform.id)
            AND r.kind = item.kind AND r.remote_id = item.remote_id) AS record, company.name AS company, connection.name AS connection, connection.system, platform.name AS platform, platform.system AS platform_system,
        coalesce(integration.name, '') AS integration
    FROM item
        JOIN store_connection company ON company.id = item.company_id
        LEFT JOIN store_connection connection ON connection.id = item.connection_id
        LEFT JOIN store_integration integration ON integration.id = item.integration_id
        LEFT JOIN store_connection platform ON platform.id = integration.platform_id
    WHERE (%(kind)s = '' OR item.kind = %(kind)s)
        AND (%(connection)s = '' OR %(connection)s IN (company.name, connection.name, platform.name))
        AND (%(text)s = '' OR item.remote_id = %(text)s OR item.name ILIKE %(like)s OR EXISTS (
            SELECT FROM store_record r
            WHERE r.connection_id = item.connection_id AND r.kind = item.kind AND r.remote_id = item.remote_id
                AND (r.natural_key ILIKE %(like)s OR r.fields ->> 'name' ILIKE %(like)s
                    OR r.natural_key <> '' AND right(%(text)s, length(r.natural_key) + 1) = ' ' || r.natural_key)))
), counted AS (
    SELECT coalesce(jsonb_object_agg(state, n), '{}') AS counts FROM (SELECT state, count(*) AS n FROM wanted GROUP BY state) AS c
)
SELECT *
FROM counted LEFT JOIN LATERAL (
    SELECT * FROM wanted
    WHERE state = %(state)s OR (%(state)s = '' AND state <> 'skipped')
    ORDER BY rank, turn_at, source, source_id
    LIMIT %(limit)s OFFSET %(offset)s
) AS page ON true
