"""Very many linked records in the database, as a synchronisation leaves them, without a million calls.

A few hundred pairs are brought in step by the engine itself; each is then copied under other numbers, with the fingerprints
that go with them, by the database. A copy whose fingerprint is not what the engine makes of it stops the measurement.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tieout.bench import fill
from tieout.bench.emulated import Emulated
from tieout.bench.hub import BenchError

MARK = "7777777"  # stands for a copy's number; of as many digits, and not among them
FIRST = 1_000_000
FLOW = "projects"

_PRINT = "left(encode(sha256(convert_to({text}, 'UTF8')), 'hex'), 32)"
_TEMPLATES = """
WITH t AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(%(templates)s::jsonb) AS d (i integer, left_key text, left_version text,
    left_fields text, left_text text, right_key text, right_entity text, right_fields text, right_text text, base text, link_text text))
"""
_RECORDS = (
    _TEMPLATES
    + """
INSERT INTO store_record (connection_id, kind, remote_id, natural_key, entity, fields, fingerprint, version, modified_at, modified_by,
    deleted, seen_at, first_seen_at)
SELECT %(connection)s, %(kind)s, n::text, replace(t.{side}_key, %(mark)s, n::text), {entity},
    replace(t.{side}_fields, %(mark)s, n::text)::jsonb, {fingerprint}, '', %(at)s, '', false, %(at)s, %(at)s
FROM generate_series(%(first)s, %(last)s) AS n JOIN t ON t.i = n %% %(templates_count)s
"""
)
_LINKS = (
    _TEMPLATES
    + """
INSERT INTO store_link (integration_id, flow, left_kind, left_id, right_kind, right_id, is_open, origin, closed_because, base, unread,
    unread_left, left_fingerprint, right_fingerprint, rules_fingerprint, version, opened_at, settled_at)
SELECT %(integration)s, %(flow)s, 'project', n::text, 'PROJECT', n::text, true, 'created', '',
    replace(t.base, %(mark)s, n::text)::jsonb, '[]', '[]', {left}, {right}, %(rules)s, 1, %(at)s, %(at)s
FROM generate_series(%(first)s, %(last)s) AS n JOIN t ON t.i = n %% %(templates_count)s
"""
)


def seed(emulated: Emulated, count: int) -> None:
    """Customers with one project each, in the platform; the engine is to bring them in step."""
    for number in range(1, count + 1):
        fill.projects(emulated, fill.customer(emulated, f"Customer {number}"), 1, number)


def copy(integration: Any, links: int) -> None:
    """Copy the projects that are in step until there are this many copies. Raises BenchError."""
    from django.db import connection, transaction

    pairs = _pairs(integration)
    now = datetime.now(UTC) - timedelta(hours=1)
    asked: dict[str, Any] = {
        "templates": json.dumps([_template(at, pair) for at, pair in enumerate(pairs)]),
        "templates_count": len(pairs),
        "mark": MARK,
        "first": FIRST,
        "last": FIRST + links - 1,
        "at": now,
    }
    platform, company = integration.platform_id, integration.company_id
    prints = {side: _PRINT.format(text=f"replace(t.{side}_text, %(mark)s, n::text)") for side in ("left", "right")}
    whole = _PRINT.format(text=f"replace(t.link_text, '@', {prints['left']})")
    sides = (("left", "project", platform, "''"), ("right", "PROJECT", company, "t.right_entity"))
    with transaction.atomic(), connection.cursor() as cursor:
        for side, kind, owner, entity in sides:
            statement = _RECORDS.format(side=side, entity=entity, fingerprint=prints[side])
            cursor.execute(statement, {**asked, "connection": owner, "kind": kind})
        named = {"integration": integration.pk, "flow": FLOW, "rules": pairs[0].rules()}
        cursor.execute(_LINKS.format(left=whole, right=prints["right"]), {**asked, **named})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE store_record")  # as the database does by itself within a minute
        cursor.execute("VACUUM ANALYZE store_link")
    _check(integration, links)


def _pairs(integration: Any) -> list[Any]:
    from tieout.engine.loading import load
    from tieout.store.models import Link

    links = Link.objects.filter(integration=integration, flow=FLOW, is_open=True).order_by("id")
    pairs = [_pair(integration, link.left_id) for link in links]
    load(pairs)
    return pairs


def _pair(integration: Any, id_: str) -> Any:
    from tieout.core.record import Ref
    from tieout.engine.pairs import Pair, settings_of
    from tieout.platforms import registry

    flow = next(flow for flow in registry.platform(integration.platform.system).flows if flow.name == FLOW)
    return Pair(integration, flow, Ref("project", id_), settings_of(integration))


def _template(at: int, pair: Any) -> dict[str, Any]:
    """What the copies of one pair are made of, with `MARK` for their number and `@` for the fingerprint of their left record."""
    from tieout.core.record import canonical, dump

    left, right, link = pair.left, pair.right, pair.link
    number, name = str(left.fields["number"]), str(left.fields["name"])
    fields = {**left.fields, "number": MARK, "name": f"Project {MARK}"}
    key = left.natural_key.replace(number, MARK)
    other = {**right.fields, "NAME": f"Project {MARK}"}
    if link.base["NAME"] != [name, name]:
        raise BenchError(f"The base of project {number} does not hold its name.")
    base = {**link.base, "NAME": [f"Project {MARK}"] * 2}
    other_key = right.natural_key.replace(number, MARK)
    around = sorted((str(ref), record.fingerprint()) for ref, record in pair.related.items())
    partners = sorted((str(ref), str(far)) for ref, far in pair.counterparts.items())
    return {
        "i": at,
        "left_key": key,
        "left_fields": json.dumps(dump(fields)),
        "left_text": canonical([left.kind, MARK, key, "", False, fields]),
        "right_key": other_key,
        "right_entity": right.entity,
        "right_fields": json.dumps(dump(other)),
        "right_text": canonical([right.kind, MARK, other_key, right.entity, False, other]),
        "base": json.dumps(dump(base)),
        "link_text": canonical(["@", around, partners]),
    }


def _check(integration: Any, links: int) -> None:
    """See that copies are what the engine itself would have stored. Raises BenchError."""
    from tieout.engine.facts import is_unchanged
    from tieout.engine.loading import load

    pairs = [_pair(integration, str(FIRST + links * share // 7)) for share in range(7)]
    load(pairs)
    for pair in pairs:
        if not pair.related or not pair.counterparts or not is_unchanged(pair):
            raise BenchError(f"The copy {pair.left_ref} is not as the engine would have stored it.")
