"""The memory behind Idempotency-Key: what was asked, what was answered, what is being worked on (intacct-rest §3.7)."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tieout.sandbox.clock import Clock
from tieout.sandbox.intacct.rest.errors import RestRefusal, error
from tieout.sandbox.storage import Storage
from tieout.sandbox.wire import Request, Response

KIND = "_REST_IDEMPOTENCY"
KEY_MAX = 256
REPLAY_S = 48 * 3600.0
RESERVED_S = 60 * 86400.0
HEADER = "Idempotency-Key"
CACHED_HEADER = "x-ia-idempotency-cached-date"


class Idempotency:
    """Answers by client and key, kept with the company's rows; running ones in memory. Thread-safe.

    An answer is given again for 48 hours, also a refusal; another request under the key, or the same one after that, is
    refused with 409 until 60 days are over. While the first still runs, others are refused (the first wins).
    """

    def __init__(self, storage: Storage, clock: Clock, settings: Mapping[str, Any]) -> None:
        self._storage, self._clock, self._settings = storage, clock, settings
        self._lock = threading.Lock()
        self._running: set[str] = set()

    def arrive(self, name: str) -> bool:
        """Marks a key as being worked on; False if it already is."""
        with self._lock:
            if name in self._running:
                return False
            self._running.add(name)
            return True

    def leave(self, name: str) -> None:
        """The work under the key has ended."""
        with self._lock:
            self._running.discard(name)

    def earlier(self, name: str, request: Request) -> Response | None:
        """The answer given under this key before; None if the key is free. Raises RestRefusal 409."""
        row = self._storage.get(KIND, name)
        age = 0.0 if row is None else self._clock.now().timestamp() - row["at"]
        if row is None or age >= RESERVED_S:
            return None
        if row["asked"] != _fingerprint(request):
            raise conflict("The idempotency key was used for another request.")
        if age >= REPLAY_S:
            raise conflict("The idempotency key was used before, and its answer is no longer kept.")
        headers = {**row["headers"], CACHED_HEADER: datetime.fromtimestamp(row["at"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        return Response(row["status"], row["body"].encode(), headers, row["content_type"])

    def remember(self, name: str, request: Request, answer: Response) -> Response:
        """Keeps an answer under its key, and gives it with the key echoed."""
        key = request.header(HEADER)
        answer = Response(answer.status, answer.body, {**answer.headers, HEADER: key}, answer.content_type, answer.records)
        row = {
            "asked": _fingerprint(request),
            "at": self._clock.now().timestamp(),
            "status": answer.status,
            "body": answer.body.decode(),
            "headers": dict(answer.headers),
            "content_type": answer.content_type,
        }
        self._storage.put(KIND, name, row)
        return answer


def conflict(message: str) -> RestRefusal:
    """409 for a key that cannot be used."""
    return RestRefusal(409, error("idempotencyConflict", message))


def checked_key(request: Request) -> str:
    """The key of a request that may have one, else an empty text; raises RestRefusal for one that is too long."""
    key = request.header(HEADER) if request.method in {"POST", "PATCH"} else ""
    if len(key) > KEY_MAX:
        raise RestRefusal(400, error("invalidRequest", f"The idempotency key is longer than {KEY_MAX} characters."))
    return key


def _fingerprint(request: Request) -> str:
    """A request by method, path and what its body says; the order of members does not matter."""
    try:
        body = json.dumps(json.loads(request.body), sort_keys=True).encode()
    except (ValueError, RecursionError):
        body = request.body
    return hashlib.sha256(b"\0".join((request.method.encode(), request.path.encode(), body))).hexdigest()
