"""Where platforms say that something changed. A webhook only marks keys as hinted; what it tells is never used as data.

A body is never logged: it may hold names, addresses and amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tieout.core.platform import Webhook
from tieout.core.record import Ref
from tieout.engine.jobs import wake_company
from tieout.engine.mark import mark
from tieout.platforms.registry import UnknownSystemError, platform
from tieout.store.models import Connection
from tieout.store.secrets import SealedWithAnotherKeyError
from tieout.store.statements import models

LIMIT = 256 * 1024
log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, name: str) -> HttpResponse:
    """Take one delivery for the connection of this name.

    Answers 200 once the hints are stored; 401 for a wrong signature, 404 for a connection that takes no webhooks,
    413 for a body beyond 256 kB, 400 for one that cannot be read, 503 if the signing key cannot be read.
    """
    connection = next((found for (found,) in models("connection_named", {"name": name}, Connection)), None)
    reader = _reader(connection)
    if connection is None or reader is None:
        return _say(404, "There is no connection of this name that takes webhooks.")
    body = _body(request)
    if body is None:
        return _say(413, f"The body is larger than {LIMIT // 1024} kB; nothing was read of it.")
    try:
        secret = str(connection.configuration().get(reader.secret) or "")
    except SealedWithAnotherKeyError as error:
        log.error("webhook.key-unreadable", connection=name)
        return _say(503, str(error))
    # Without a signing key anybody could make us read records over and over, so nothing is taken; polling finds the changes.
    if not secret or not reader.verify(dict(request.headers), body, secret):
        log.warning("webhook.refused", connection=name, signing_key=bool(secret))
        return _say(401, "The signature does not fit this connection's signing key.")
    try:
        refs = reader.hints(body, connection.values)
        delivery = reader.delivery_id(body)
    except ValueError as error:
        log.warning("webhook.unreadable", connection=name)
        return _say(400, f"{error} Nothing was marked.")
    _take(connection, refs, reader.beside)
    log.info("webhook.taken", connection=name, delivery=delivery, keys=len(refs))
    return _say(200, f"{len(refs)} marked.")


def _reader(connection: Connection | None) -> Webhook | None:
    """How this connection's platform reads webhooks, if it sends any."""
    try:
        return platform(connection.system).webhook if connection is not None else None
    except UnknownSystemError:
        return None


def _body(request: HttpRequest) -> bytes | None:
    """The body, or None if it is too large; no more than the limit is ever read, whatever the header says of its length."""
    is_chunked = not request.META.get("CONTENT_LENGTH") and "chunked" in request.headers.get("Transfer-Encoding", "").lower()
    # Django takes a body without a length for an empty one; the server has put its pieces together by then.
    stream = request.META["wsgi.input"] if is_chunked else request
    body: bytes = stream.read(LIMIT + 1)
    return body if len(body) <= LIMIT else None


def _take(connection: Connection, refs: Sequence[Ref], beside: frozenset[str]) -> None:
    """Store the hints, which takes effect at once, and only then wake who works them off.

    It is not waited for the disk: a hint that a crash of the database takes along costs freshness, polling finds the change.
    """
    for company in mark(connection, refs, reason="webhook", now=datetime.now(UTC), beside=beside, lasting=False):
        wake_company(company)


def _say(status: int, text: str) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")
