-- Named statements. A block starts with "-- name:"; its text up to the next block is one statement.
-- Every statement takes the time as a parameter; none reads the server's clock. Those that lock several hints do so in the order of
-- connection, kind and id, so that no two of them wait for each other.

-- name: mark
-- Mark keys as hinted for every company that keeps the connection in step. A hint that is being worked on keeps its
-- lease, but its version grows, so that it is looked at once more. Those that are to go "apart" queue up behind each other:
-- where the queue ends is looked up once, not for each of them behind all that were just added.
-- Keys of kinds that are "beside" the matter are marked only if nothing is stored of them.
-- The books of these companies are read at their usual pace again, if nothing had happened there for a while.
WITH t AS MATERIALIZED (
    SELECT c.company_id, CASE WHEN %(apart)s > interval '0' THEN
        (SELECT max(last.turn_at) FROM store_hint AS last WHERE last.company_id = c.company_id)
    END AS last_turn
    FROM (
        SELECT company_id FROM store_integration WHERE active AND platform_id = %(connection)s
        UNION
        SELECT company_id FROM store_integration WHERE active AND company_id = %(connection)s
    ) AS c
), marked AS (
    INSERT INTO store_hint (company_id, connection_id, kind, remote_id, version, attempts, reason, marked_at, due_at, turn_at)
    SELECT t.company_id, %(connection)s, k.kind, k.remote_id, 1, 0, %(reason)s, k.marked, %(now)s,
        CASE WHEN %(apart)s = interval '0' THEN %(turn)s ELSE
            GREATEST(%(turn)s, t.last_turn) + %(apart)s * row_number() OVER (PARTITION BY t.company_id ORDER BY k.kind, k.remote_id)
        END
    FROM t
    CROSS JOIN (
        SELECT kind, remote_id, max(marked) AS marked
        FROM unnest(%(kinds)s::text[], %(ids)s::text[], %(marked)s::timestamptz[]) AS k (kind, remote_id, marked)
        WHERE kind <> ALL(%(beside)s::text[]) OR NOT EXISTS (
            SELECT FROM store_record AS r WHERE r.connection_id = %(connection)s AND r.kind = k.kind AND r.remote_id = k.remote_id
        )
        GROUP BY kind, remote_id
    ) AS k
    ORDER BY t.company_id, k.kind, k.remote_id
    ON CONFLICT (company_id, connection_id, kind, remote_id) DO UPDATE SET
        version = store_hint.version + 1,
        attempts = 0,
        reason = EXCLUDED.reason,
        marked_at = GREATEST(store_hint.marked_at, EXCLUDED.marked_at),
        due_at = CASE WHEN store_hint.slot IS NULL THEN LEAST(store_hint.due_at, EXCLUDED.due_at) ELSE store_hint.due_at END,
        turn_at = LEAST(store_hint.turn_at, EXCLUDED.turn_at)
    RETURNING company_id
), companies AS MATERIALIZED (
    SELECT DISTINCT company_id FROM marked
), quickened AS (
    UPDATE store_cursor AS u
    SET next_at = GREATEST(%(now)s, u.polled_at + c.slowing * COALESCE((c.values ->> 'poll_seconds')::float, %(usual)s) * interval '1 second')
    FROM store_connection AS c
    WHERE c.id = u.connection_id AND c.id IN (SELECT company_id FROM companies)
        AND u.next_at > GREATEST(%(now)s, u.polled_at + c.slowing * COALESCE((c.values ->> 'poll_seconds')::float, %(usual)s) * interval '1 second')
)
SELECT company_id, CASE WHEN NOT %(lasting)s THEN set_config('synchronous_commit', 'off', true) END FROM companies ORDER BY company_id;

-- name: claim
-- Lease the next due hints to a slot, and say of each whether what it asks for has been read already. Hints of a
-- connection that is in error wait until it is tried again, unless it has; all of them, if the company is.
WITH next AS MATERIALIZED (
    SELECT h.id
    FROM store_hint AS h
    WHERE h.company_id = %(company)s AND h.due_at <= %(now)s
        AND NOT EXISTS (SELECT FROM store_connection AS c WHERE c.id = %(company)s AND c.retry_at > %(now)s) AND (
        NOT EXISTS (SELECT FROM store_connection AS c WHERE c.id = h.connection_id AND c.retry_at > %(now)s)
        OR EXISTS (
            SELECT FROM store_record AS r
            WHERE r.connection_id = h.connection_id AND r.kind = h.kind AND r.remote_id = h.remote_id AND r.seen_at >= h.marked_at
        )
    )
    ORDER BY h.turn_at, h.id
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
)
UPDATE store_hint AS h
SET due_at = %(lease)s, slot = %(slot)s
FROM next
WHERE h.id = next.id
RETURNING h.id, h.connection_id, h.kind, h.remote_id, h.version, h.attempts, h.reason, h.marked_at, EXISTS (
    SELECT FROM store_record AS r
    WHERE r.connection_id = h.connection_id AND r.kind = h.kind AND r.remote_id = h.remote_id AND r.seen_at >= h.marked_at
);

-- name: take_turn
-- Take one call of a connection's budget, which all workers share: at most so many in any window. Answers a row if it was free.
-- Moments further ahead than a window are of a clock that was set back, and count no longer.
INSERT INTO store_pace AS p (connection_id, taken) VALUES (%(connection)s, ARRAY[%(now)s::timestamptz])
ON CONFLICT (connection_id) DO UPDATE SET taken = ARRAY(
    SELECT t FROM unnest(p.taken) AS t WHERE t > %(now)s::timestamptz - %(window)s AND t <= %(now)s::timestamptz + %(window)s ORDER BY t
) || %(now)s::timestamptz
WHERE (
    SELECT count(*) FROM unnest(p.taken) AS t WHERE t > %(now)s::timestamptz - %(window)s AND t <= %(now)s::timestamptz + %(window)s
) < %(calls)s
RETURNING 1;

-- name: next_turn
-- When half of a connection's budget is free again, so that whoever was turned away comes for more than one call.
SELECT (p.taken)[(cardinality(p.taken) + 1) / 2] + %(window)s FROM store_pace AS p WHERE p.connection_id = %(connection)s;

-- name: held
-- Keep the hints of a batch from being claimed or taken over, and links from moving, until the transaction ends: how many hints are
-- still leased to this very drain, and after that the version of each of the links that is open. Marking one of the hints anew,
-- which leaves the lease alone, does not wait for it: a drain marks what other drains hold.
WITH hints AS MATERIALIZED (
    SELECT h.id FROM store_hint AS h
    WHERE h.id = ANY(%(hints)s::bigint[]) AND h.slot = %(slot)s AND h.due_at = %(lease)s
    ORDER BY h.connection_id, h.kind, h.remote_id
    FOR KEY SHARE
), links AS MATERIALIZED (
    SELECT l.id, l.version FROM store_link AS l WHERE l.id = ANY(%(links)s::bigint[]) AND l.is_open ORDER BY l.id FOR UPDATE
)
SELECT NULL::bigint, count(*)::integer FROM hints
UNION ALL
SELECT id, version FROM links;

-- name: integrations_of
-- The active integrations of a platform, each with its company.
SELECT id, company_id FROM store_integration WHERE active AND platform_id = %(platform)s ORDER BY id;

-- name: frozen
-- Answers a row if nothing may be written for a company.
SELECT id FROM store_freeze WHERE company_id = %(company)s AND lifted_at IS NULL;

-- name: written_since
-- What updates of these records wrote lately: of each, which field values on which side.
SELECT integration_id, flow, left_id, side, content -> 'fields' FROM store_intent
WHERE integration_id = ANY(%(integrations)s::bigint[]) AND flow = ANY(%(flows)s::text[]) AND left_id = ANY(%(ids)s::text[])
    AND step = 'update' AND state = 'done' AND settled_at >= %(since)s;

-- name: settled_before
-- How many calls of each step of these records have come to an end.
SELECT integration_id, flow, left_id, step, count(*)::integer FROM store_intent
WHERE integration_id = ANY(%(integrations)s::bigint[]) AND flow = ANY(%(flows)s::text[]) AND left_id = ANY(%(ids)s::text[])
    AND state IN ('done', 'refused', 'spent')
GROUP BY integration_id, flow, left_id, step;

-- name: calls_open
-- The calls in flight for these records; and, with their keys, those of these calls that were surely not sent before.
SELECT integration_id, flow, left_id, NULL::uuid FROM store_intent
WHERE integration_id = ANY(%(integrations)s::bigint[]) AND flow = ANY(%(flows)s::text[]) AND left_id = ANY(%(ids)s::text[])
    AND state IN ('sending', 'unknown')
UNION ALL
SELECT integration_id, flow, left_id, key FROM store_intent WHERE key = ANY(%(keys)s::uuid[]) AND state = 'not sent';

-- name: links_open
-- The open links of records of the left or, by their ids, of the right.
SELECT integration_id, flow, left_id, right_id FROM store_link
WHERE integration_id = ANY(%(integrations)s::bigint[]) AND flow = ANY(%(flows)s::text[]) AND left_id = ANY(%(ids)s::text[]) AND is_open
UNION ALL
SELECT integration_id, flow, left_id, right_id FROM store_link
WHERE integration_id = ANY(%(integrations)s::bigint[]) AND flow = ANY(%(flows)s::text[]) AND right_id = ANY(%(right_ids)s::text[]) AND is_open;

-- name: finish
-- Finish hints that were worked off; one that was marked again meanwhile stays and is due at once. One that somebody
-- took over meanwhile has another lease, even if its new drain has the same slot, and is left to that drain.
WITH done AS (SELECT * FROM unnest(%(ids)s::bigint[], %(versions)s::bigint[]) AS d (id, version)),
mine AS MATERIALIZED (
    SELECT h.id, h.version = done.version AS is_over
    FROM store_hint AS h JOIN done ON done.id = h.id
    WHERE h.slot = %(slot)s AND h.due_at = %(lease)s
    ORDER BY h.connection_id, h.kind, h.remote_id
    FOR UPDATE OF h
), gone AS (
    DELETE FROM store_hint AS h USING mine WHERE h.id = mine.id AND mine.is_over
)
UPDATE store_hint AS h
SET slot = NULL, due_at = %(now)s
FROM mine
WHERE h.id = mine.id AND NOT mine.is_over;

-- name: postpone
-- Give hints back until a later moment; one that was marked again meanwhile is due at once. The lease as in "finish".
WITH mine AS MATERIALIZED (
    SELECT h.id, h.version = d.version AS is_same, d.due_at, d.attempt
    FROM store_hint AS h
        JOIN unnest(%(ids)s::bigint[], %(versions)s::bigint[], %(dues)s::timestamptz[], %(attempts)s::int[]) AS d (id, version, due_at, attempt)
            ON d.id = h.id
    WHERE h.slot = %(slot)s AND h.due_at = %(lease)s
    ORDER BY h.connection_id, h.kind, h.remote_id
    FOR UPDATE OF h
)
UPDATE store_hint AS h
SET slot = NULL, attempts = h.attempts + mine.attempt, due_at = CASE WHEN mine.is_same THEN mine.due_at ELSE %(now)s END
FROM mine
WHERE h.id = mine.id;

-- name: take_over
-- A drain that starts on a slot owns whatever an earlier drain on that slot left behind: its leases end, and the calls it was
-- making have an unknown outcome. It waits for a transaction that holds such a lease ("held").
WITH left_behind AS MATERIALIZED (
    SELECT id FROM store_hint WHERE company_id = %(company)s AND slot = %(slot)s ORDER BY connection_id, kind, remote_id FOR UPDATE
), hints AS (
    UPDATE store_hint AS h SET slot = NULL, due_at = %(now)s FROM left_behind AS l WHERE h.id = l.id AND h.slot = %(slot)s
)
UPDATE store_intent
SET state = 'unknown', slot = NULL, resend_after = COALESCE(resend_after, sent_at + COALESCE(
    (SELECT (c.values ->> 'settle_after_s')::float FROM store_connection AS c WHERE c.id = %(company)s), %(settle_s)s) * interval '1 second')
WHERE company_id = %(company)s AND slot = %(slot)s AND state = 'sending';

-- name: release_waits
-- Mark every record whose wait has ended because the record it needs is linked now. A wait that another drain ends just now is left to it.
WITH ended_left AS (
    SELECT w.id, i.platform_id, w.left_kind, w.left_id
    FROM store_wait AS w JOIN store_integration AS i ON i.id = w.integration_id
        JOIN store_link AS l ON l.integration_id = w.integration_id AND l.left_kind = w.needs_kind AND l.left_id = w.needs_id AND l.is_open
    WHERE i.company_id = %(company)s AND w.needs_side = 'left'
    FOR UPDATE OF w SKIP LOCKED
), ended_right AS (
    SELECT w.id, i.platform_id, w.left_kind, w.left_id
    FROM store_wait AS w JOIN store_integration AS i ON i.id = w.integration_id
        JOIN store_link AS l ON l.integration_id = w.integration_id AND l.right_kind = w.needs_kind AND l.right_id = w.needs_id AND l.is_open
    WHERE i.company_id = %(company)s AND w.needs_side = 'right'
    FOR UPDATE OF w SKIP LOCKED
), over AS (
    DELETE FROM store_wait AS w USING (SELECT id FROM ended_left UNION SELECT id FROM ended_right) AS e WHERE w.id = e.id
), ended AS (
    -- A record that is on the right only is known by its id there, after "right:".
    SELECT CASE WHEN e.left_id LIKE 'right:%%' THEN %(company)s::bigint ELSE e.platform_id END AS connection_id,
        e.left_kind, regexp_replace(e.left_id, '^right:', '') AS left_id
    FROM (
        SELECT platform_id, left_kind, left_id FROM ended_left UNION SELECT platform_id, left_kind, left_id FROM ended_right
    ) AS e
)
INSERT INTO store_hint (company_id, connection_id, kind, remote_id, version, attempts, reason, marked_at, due_at, turn_at)
SELECT DISTINCT %(company)s::bigint, e.connection_id, e.left_kind, e.left_id, 1, 0, 'released', %(never)s::timestamptz, %(now)s::timestamptz, %(now)s::timestamptz
FROM ended AS e
ORDER BY 2, 3, 4
ON CONFLICT (company_id, connection_id, kind, remote_id) DO UPDATE SET
    version = store_hint.version + 1,
    due_at = CASE WHEN store_hint.slot IS NULL THEN LEAST(store_hint.due_at, EXCLUDED.due_at) ELSE store_hint.due_at END
RETURNING id;

-- name: sifted
-- The next records of one flow in the order of their ids, each with whether it surely needs nothing: both sides, the rules and
-- all that the decision looks at beside the left are as they were when the pair was last in step. It writes what
-- `Pair.left_fingerprint` is made of as that does; for a record that refers to more than these, the two differ, and it is decided.
-- A link is looked up for each row, and what is referred to once: joined, the planner took a chunk's links for one, and compared each
-- record with every other.
WITH chunk AS MATERIALIZED (
    SELECT remote_id, fingerprint, fields
    FROM store_record
    WHERE connection_id = %(platform)s AND kind = %(kind)s AND remote_id > %(last)s
    ORDER BY remote_id
    LIMIT %(limit)s
), near AS MATERIALIZED (
    SELECT c.remote_id, k.name, k.kind, k.id
    FROM chunk AS c
    CROSS JOIN LATERAL (
        SELECT DISTINCT (q.ref ->> 0) || ' ' || (q.ref ->> 1) AS name, q.ref ->> 0 AS kind, q.ref ->> 1 AS id
        FROM jsonb_path_query(c.fields, '$.*."$ref"') AS q (ref)
    ) AS k
), named AS MATERIALIZED (
    SELECT k.name, '[' || to_json(k.name) || ',"' || (
        SELECT r.fingerprint FROM store_record AS r
        WHERE r.connection_id = %(platform)s AND r.kind = k.kind AND r.remote_id = k.id AND NOT r.deleted
    ) || '"]' AS related, '[' || to_json(k.name) || ',' || to_json((
        SELECT string_agg(l.right_kind || ' ' || l.right_id, ' ') FROM store_link AS l
        WHERE l.integration_id = %(integration)s AND l.flow = ANY(%(flows)s) AND l.left_kind = k.kind AND l.left_id = k.id AND l.is_open
    )) || ']' AS partner
    FROM (SELECT DISTINCT name, kind, id FROM near) AS k
), around AS MATERIALIZED (
    SELECT n.remote_id, string_agg(k.related, ',' ORDER BY k.name COLLATE "C") AS related,
        string_agg(k.partner, ',' ORDER BY k.name COLLATE "C") AS partners
    FROM near AS n
    JOIN named AS k ON k.name = n.name
    GROUP BY n.remote_id
)
SELECT c.remote_id, COALESCE(left(encode(sha256(convert_to(
    '["' || c.fingerprint || '",[' || COALESCE(a.related, '') || '],[' || COALESCE(a.partners, '') || ']]', 'UTF8')), 'hex'), 32) = (
    SELECT l.left_fingerprint
    FROM store_link AS l
    WHERE l.integration_id = %(integration)s AND l.flow = %(flow)s AND l.left_id = c.remote_id AND l.is_open
        AND l.rules_fingerprint = %(rules)s AND l.right_fingerprint = (
            SELECT r.fingerprint FROM store_record AS r
            WHERE r.connection_id = %(company)s AND r.kind = l.right_kind AND r.remote_id = l.right_id AND NOT r.deleted
        )
), false)
FROM chunk AS c
LEFT JOIN around AS a ON a.remote_id = c.remote_id
ORDER BY c.remote_id;

-- name: connection_named
-- The connection of a name.
SELECT c.* FROM store_connection AS c WHERE c.name = %(name)s;

-- name: circumstances
-- A company and each of its active integrations with its platform, in one look: the rows themselves, and what people have set that
-- decisions depend on: saved settings, released flows with their beginnings, the mark of the mapping tables, and the flows whose first
-- record was confirmed; and whether the company is frozen.
SELECT c.*, i.*, p.*,
    (SELECT COALESCE(jsonb_object_agg(s.name, s.value), '{}') FROM store_settingvalue AS s WHERE s.integration_id = i.id),
    (SELECT COALESCE(jsonb_object_agg(r.flow, r.since), '{}') FROM store_release AS r WHERE r.integration_id = i.id),
    (SELECT count(*) || '.' || COALESCE(max(m.id), 0) FROM store_mappingrow AS m WHERE m.integration_id = i.id),
    ARRAY(SELECT DISTINCT u.flow FROM store_ruling AS u WHERE u.integration_id = i.id AND u.left_id = '' AND u.kind = 'approved'),
    EXISTS (SELECT FROM store_freeze AS f WHERE f.company_id = c.id AND f.lifted_at IS NULL)
FROM store_connection AS c
LEFT JOIN store_integration AS i ON i.company_id = c.id AND i.active
LEFT JOIN store_connection AS p ON p.id = i.platform_id
WHERE c.id = %(company)s
ORDER BY i.name;

-- name: near
-- Records of one side ("here"), if they are to be read, each with the record of the other side it is linked to; and beside them records
-- of the other side, just as they are. Every row is looked up by itself: joined, the planner would take few for many, or many for few.
-- Of a document it knows neither how many rows there are nor what is asked of them, so that it plans once and not each time anew. The links are
-- read for all rows at once: one by one, the planner reads all links of an integration for each as long as it thinks there are few.
WITH links AS MATERIALIZED (
    SELECT true AS is_left, l.left_kind AS kind, l.left_id AS id, l.right_kind AS other_kind, l.right_id AS other_id FROM store_link AS l
    WHERE l.integration_id = %(integration)s AND l.flow = ANY(%(flows)s::text[]) AND l.is_open AND l.left_id = ANY(ARRAY(
        SELECT n.id FROM jsonb_to_recordset(%(wanted)s::jsonb) AS n (id text, is_left bool) WHERE n.is_left
    ))
    UNION ALL
    SELECT false, l.right_kind, l.right_id, l.left_kind, l.left_id FROM store_link AS l
    WHERE l.integration_id = %(integration)s AND l.flow = ANY(%(flows)s::text[]) AND l.is_open AND l.right_id = ANY(ARRAY(
        SELECT n.id FROM jsonb_to_recordset(%(wanted)s::jsonb) AS n (id text, is_left bool) WHERE NOT n.is_left
    ))
)
SELECT true, n.kind, n.id, r.natural_key, r.entity, r.fields, r.version, r.modified_at, r.modified_by, r.deleted, r.seen_at, l.kind, l.id
FROM jsonb_to_recordset(%(wanted)s::jsonb) AS n (kind text, id text, is_left bool, is_read bool)
LEFT JOIN LATERAL (
    SELECT r.* FROM store_record AS r WHERE n.is_read AND r.connection_id = %(here)s AND r.kind = n.kind AND r.remote_id = n.id LIMIT 1
) AS r ON true
LEFT JOIN LATERAL (
    SELECT l.other_kind AS kind, l.other_id AS id FROM links AS l WHERE l.is_left = n.is_left AND l.kind = n.kind AND l.id = n.id
    LIMIT 1
) AS l ON true
UNION ALL
SELECT false, k.kind, k.id, r.natural_key, r.entity, r.fields, r.version, r.modified_at, r.modified_by, r.deleted, r.seen_at, NULL, NULL
FROM jsonb_to_recordset(%(others)s::jsonb) AS k (kind text, id text)
CROSS JOIN LATERAL (
    SELECT r.* FROM store_record AS r WHERE r.connection_id = %(there)s AND r.kind = k.kind AND r.remote_id = k.id LIMIT 1
) AS r;

-- name: around
-- The links, open and closed, of these left records, and of these right ones whose left is not known. And which of the left ones have
-- rulings, plan items, calls in flight, waits or open problems, or are waited for. A record that is on the right only has an id of its
-- own as the left's, and is waited for under the one its system gives it.
WITH sources AS (
    SELECT left_id, 'ruling' AS source FROM store_ruling
        WHERE integration_id = %(integration)s AND flow = ANY(%(flows)s::text[]) AND left_id = ANY(%(ids)s::text[])
    UNION SELECT left_id, 'item' FROM store_planitem
        WHERE integration_id = %(integration)s AND left_id = ANY(%(ids)s::text[]) AND state IN ('planned', 'released', 'rejected')
    UNION SELECT left_id, 'intent' FROM store_intent
        WHERE integration_id = %(integration)s AND left_id = ANY(%(ids)s::text[]) AND state IN ('sending', 'unknown')
    UNION SELECT left_id, 'wait' FROM store_wait
        WHERE integration_id = %(integration)s AND flow = ANY(%(flows)s::text[]) AND left_id = ANY(%(ids)s::text[])
    UNION SELECT needs_id, 'needed' FROM store_wait WHERE integration_id = %(integration)s AND needs_id = ANY(%(own)s::text[])
    UNION SELECT subject_id, 'problem' FROM store_problem
        WHERE integration_id = %(integration)s AND subject_id = ANY(%(ids)s::text[]) AND cleared_at IS NULL
    UNION SELECT left_id, 'problem' FROM store_held
        WHERE integration_id = %(integration)s AND flow = ANY(%(flows)s::text[]) AND left_id = ANY(%(ids)s::text[])
)
SELECT l.*, NULL AS left_id, NULL AS source FROM store_link AS l
WHERE l.id IN (
    SELECT f.id FROM store_link AS f
    WHERE f.integration_id = %(integration)s AND f.flow = ANY(%(flows)s::text[]) AND f.left_id = ANY(%(ids)s::text[])
    UNION ALL
    SELECT f.id FROM store_link AS f
    WHERE f.right_kind = ANY(%(right_kinds)s::text[]) AND f.right_id = ANY(%(right_ids)s::text[]) AND f.integration_id = %(integration)s
        AND f.flow = ANY(%(flows)s::text[])
)
UNION ALL
SELECT l.*, s.left_id, s.source FROM sources AS s LEFT JOIN store_link AS l ON false
ORDER BY 1;

-- name: store_records
-- Store what was read, unless something read later is stored already. Answers the keys that are new or
-- differ from what was stored, with the fields that this replaces and whether the record was deleted before.
WITH given AS MATERIALIZED (
    SELECT *
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS d (kind text, remote_id text, natural_key text, entity text, fields jsonb, fingerprint text,
        version text, modified_at timestamptz, modified_by text, deleted boolean)
), stored AS (
    INSERT INTO store_record AS r
        (connection_id, kind, remote_id, natural_key, entity, fields, fingerprint, version, modified_at, modified_by, deleted, seen_at,
        first_seen_at)
    SELECT %(connection)s, d.kind, d.remote_id, d.natural_key, d.entity, d.fields, d.fingerprint, d.version, d.modified_at,
        d.modified_by, d.deleted, %(seen)s, %(seen)s
    FROM given AS d
    ORDER BY d.kind, d.remote_id
    ON CONFLICT (connection_id, kind, remote_id) DO UPDATE SET
        natural_key = EXCLUDED.natural_key, entity = EXCLUDED.entity, fields = EXCLUDED.fields, fingerprint = EXCLUDED.fingerprint,
        version = EXCLUDED.version, modified_at = EXCLUDED.modified_at, modified_by = EXCLUDED.modified_by, deleted = EXCLUDED.deleted,
        seen_at = EXCLUDED.seen_at
        WHERE r.seen_at <= EXCLUDED.seen_at
)
SELECT d.kind, d.remote_id, CASE WHEN r.seen_at <= %(seen)s THEN r.fields END, r.deleted
FROM given AS d
LEFT JOIN store_record AS r ON r.connection_id = %(connection)s AND r.kind = d.kind AND r.remote_id = d.remote_id
WHERE r.id IS NULL OR r.fingerprint <> d.fingerprint OR r.modified_at IS DISTINCT FROM d.modified_at;

-- name: stored_records
-- What is stored of these keys.
SELECT r.kind, r.remote_id, r.natural_key, r.entity, r.fields, r.version, r.modified_at, r.modified_by, r.deleted, r.seen_at
FROM unnest(%(kinds)s::text[], %(ids)s::text[]) AS k (kind, remote_id)
JOIN store_record AS r ON r.connection_id = %(connection)s AND r.kind = k.kind AND r.remote_id = k.remote_id;

-- name: due_companies
-- Companies with hints that are due and not being worked on, and that are not paused; and how many hints.
SELECT h.company_id, count(*)
FROM store_hint AS h
JOIN store_connection AS c ON c.id = h.company_id
LEFT JOIN store_connection AS o ON o.id = h.connection_id
WHERE h.due_at <= %(now)s AND (c.retry_at IS NULL OR c.retry_at <= %(now)s) AND (
    o.retry_at IS NULL OR o.retry_at <= %(now)s OR EXISTS (
        SELECT FROM store_record AS r
        WHERE r.connection_id = h.connection_id AND r.kind = h.kind AND r.remote_id = h.remote_id AND r.seen_at >= h.marked_at
    )
)
GROUP BY h.company_id;

-- name: add_usage
-- Count what adapters used today.
INSERT INTO store_apiusage AS u (connection_id, day, requests, transactions)
SELECT d.connection, %(day)s, d.requests, d.transactions
FROM unnest(%(connections)s::bigint[], %(requests)s::bigint[], %(transactions)s::bigint[]) AS d (connection, requests, transactions)
ON CONFLICT (connection_id, day) DO UPDATE SET requests = u.requests + EXCLUDED.requests, transactions = u.transactions + EXCLUDED.transactions;

-- name: circles
-- Of these waiting records, those that wait, over others, for themselves; each with all records of the circle.
WITH RECURSIVE walk AS (
    SELECT w.left_kind AS start_kind, w.left_id AS start_id, w.needs_kind AS kind,
        CASE WHEN w.needs_side = 'right' THEN 'right:' || w.needs_id ELSE w.needs_id END AS id,
        ARRAY[w.left_kind || ' ' || w.left_id]::text[] AS passed
    FROM store_wait AS w
    WHERE w.integration_id = %(integration)s AND w.left_id = ANY(%(ids)s::text[])
    UNION ALL
    SELECT k.start_kind, k.start_id, w.needs_kind, CASE WHEN w.needs_side = 'right' THEN 'right:' || w.needs_id ELSE w.needs_id END,
        k.passed || (k.kind || ' ' || k.id)
    FROM walk AS k
    JOIN store_wait AS w ON w.integration_id = %(integration)s AND w.left_kind = k.kind AND w.left_id = k.id
    WHERE NOT (k.kind = k.start_kind AND k.id = k.start_id) AND NOT (k.kind || ' ' || k.id) = ANY(k.passed) AND cardinality(k.passed) < 50
)
SELECT DISTINCT ON (start_kind, start_id) start_kind, start_id, passed FROM walk WHERE kind = start_kind AND id = start_id;

-- name: hold_shared_problems
-- One transaction at a time counts records into the problems of an integration that many records share: two that met several of
-- them in another order would wait for each other.
SELECT pg_advisory_xact_lock('store_problem'::regclass::oid::integer, %(integration)s::integer);

-- name: raise_problem
-- Open a problem, or count it again if it is open.
INSERT INTO store_problem AS p (company_id, integration_id, flow, code, subject_kind, subject_id, name, actor, cause, next_step, detail,
    fingerprint, shared_by, times, first_at, last_at)
VALUES (%(company)s, %(integration)s, %(flow)s, %(code)s, %(kind)s, %(id)s, %(name)s, %(actor)s, %(cause)s, %(next_step)s, %(detail)s,
    %(fingerprint)s, %(shared_by)s, 1, %(now)s, %(now)s)
ON CONFLICT (company_id, code, subject_kind, subject_id) WHERE cleared_at IS NULL DO UPDATE SET
    times = p.times + 1, last_at = EXCLUDED.last_at, detail = EXCLUDED.detail, cause = EXCLUDED.cause, next_step = EXCLUDED.next_step,
    fingerprint = EXCLUDED.fingerprint, shared_by = EXCLUDED.shared_by
RETURNING p.times;

-- name: update_links
-- Accept pairs into the base of links, and say what they were in step with. With "unmoved", a link that somebody else
-- changed since it was read is left alone.
UPDATE store_link AS l
SET base = l.base || d.base, unread = d.unread, unread_left = d.unread_left, version = l.version + 1,
    settled_at = CASE WHEN %(unmoved)s THEN l.settled_at ELSE %(now)s END,
    left_fingerprint = d.left_fingerprint, right_fingerprint = d.right_fingerprint, rules_fingerprint = d.rules_fingerprint
FROM jsonb_to_recordset(%(rows)s::jsonb) AS d (id bigint, version int, base jsonb, unread jsonb, unread_left jsonb,
    left_fingerprint text, right_fingerprint text, rules_fingerprint text)
WHERE l.id = d.id AND l.is_open AND (NOT %(unmoved)s OR l.version = d.version)
RETURNING l.id;

-- name: still_ours
-- Hold those of these calls that nobody took over until the transaction ends; when each was sent.
SELECT id, sent_at FROM store_intent
WHERE id = ANY(%(ids)s::bigint[]) AND state = %(state)s AND slot IS NOT DISTINCT FROM %(slot)s::smallint
FOR UPDATE;

-- name: end_run
-- Close a run with its counts.
UPDATE store_run SET ended_at = %(now)s, counts = %(counts)s::jsonb WHERE id = %(id)s AND started_at = %(started)s;

-- name: settle_intents
-- What became of calls.
UPDATE store_intent AS i
SET state = d.state, slot = NULL, answered_at = d.answered_at, settled_at = d.settled_at, fault_code = d.fault_code,
    detail = d.detail, refusal = d.refusal, right_id = d.right_id
FROM jsonb_to_recordset(%(rows)s::jsonb) AS d (id bigint, state text, answered_at timestamptz, settled_at timestamptz, fault_code text,
    detail text, refusal text, right_id text)
WHERE i.id = d.id;

-- name: linked_unseen
-- The linked records of one kind of a connection that were not read since a moment.
SELECT r.remote_id
FROM store_record AS r
WHERE r.connection_id = %(connection)s AND r.kind = %(kind)s AND r.seen_at < %(since)s AND NOT r.deleted AND EXISTS (
    SELECT FROM store_link AS l JOIN store_integration AS i ON i.id = l.integration_id
    WHERE l.is_open AND (
        i.platform_id = r.connection_id AND l.left_kind = r.kind AND l.left_id = r.remote_id
        OR i.company_id = r.connection_id AND l.right_kind = r.kind AND l.right_id = r.remote_id
    )
);
