"""What passes between a caller and an emulator, with or without a socket in between."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class Cut(Exception):  # noqa: N818 - it is not an error of ours: it tells the server what to do
    """Close the connection without a reply."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as the caller sent it.

    Attributes:
        method: upper case.
        path: percent-decoded, without the query.
        query: name and value pairs in order, decoded; blank values are kept.
        headers: by lower-case name; repeated headers are joined with ", ".
        body: the whole body.
        base_url: "http://host:port" as the caller addressed us (from the Host header).
        memo: a place where an emulator may keep what it parsed from this request.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    base_url: str = "http://127.0.0.1"
    memo: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def build(
        cls, method: str, target: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"", scheme: str = "http"
    ) -> Request:
        """Gives a request for a target such as "/a%20b?x=1"; header names may have any case."""
        lowered = {name.lower(): value for name, value in (headers or {}).items()}
        parts = urlsplit(target)
        return cls(
            method=method.upper(),
            path=unquote(parts.path) or "/",
            query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
            headers=lowered,
            body=body,
            base_url=f"{scheme}://{lowered.get('host', '127.0.0.1')}",
        )

    def header(self, name: str, default: str = "") -> str:
        """The value of a header, by any case of its name."""
        return self.headers.get(name.lower(), default)

    def param(self, name: str, default: str | None = None) -> str | None:
        """The first value of a query parameter."""
        return next((value for key, value in self.query if key == name), default)

    def params(self, name: str) -> tuple[str, ...]:
        """Every value of a query parameter, in order."""
        return tuple(value for key, value in self.query if key == name)

    def json(self) -> Any:
        """The body as JSON; raises ValueError if it is none."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response; `records` is how many records were worked on, which `per_record_ms` is charged for."""

    status: int = 200
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    records: int = 0

    @classmethod
    def of(cls, data: Any, status: int = 200, *, headers: Mapping[str, str] | None = None, records: int = 0) -> Response:
        """Gives a JSON response."""
        body = json.dumps(data, ensure_ascii=False, default=str).encode()
        return cls(status=status, body=body, headers=headers or {}, records=records)

    @classmethod
    def text(cls, text: str, status: int = 200, *, content_type: str = "text/plain; charset=utf-8") -> Response:
        """Gives a text response."""
        return cls(status=status, body=text.encode(), content_type=content_type)


@dataclass(frozen=True, slots=True)
class Call:
    """One function a request asks for; what faults are matched against. Either part may be empty."""

    function: str = ""
    object: str = ""
