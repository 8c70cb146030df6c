"""The filterExpression of a query: numbers of filters joined by and, or and parentheses (intacct-rest §4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tieout.sandbox.storage import Row

Test = Callable[[Row], bool]
_TOKEN = re.compile(r"\s*(\d+|and|or|\(|\))", re.IGNORECASE)
MAX_DEPTH = 50


class BadExpression(ValueError):  # noqa: N818 - callers turn it into a refusal
    """An expression nobody can read; the text is one sentence."""


def combined(text: str, tests: Sequence[Test]) -> Test:
    """The test an expression makes of the filters' tests; empty and "and" mean all, "or" means any. Raises BadExpression."""
    word = text.strip().lower()
    if word in {"", "and"}:
        return every(tests)
    if word == "or":
        return some(tests)
    parser = _Parser(_tokens(text), tests)
    found = parser.either(0)
    if parser.rest:
        raise BadExpression(f"The filter expression is not understood at {parser.rest[0]}.")
    return found


def every(tests: Sequence[Test]) -> Test:
    """All hold."""
    return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)


def some(tests: Sequence[Test]) -> Test:
    """At least one holds."""
    return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadExpression("The filter expression holds numbers, and, or, and parentheses.")
        found.append(match.group(1).lower())
        at = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[str], tests: Sequence[Test]) -> None:
        self.rest, self._tests = tokens, tests

    def either(self, depth: int) -> Test:
        parts = [self._both(depth)]
        while self._take("or"):
            parts.append(self._both(depth))
        return some(parts)

    def _both(self, depth: int) -> Test:
        parts = [self._single(depth)]
        while self._take("and"):
            parts.append(self._single(depth))
        return every(parts)

    def _single(self, depth: int) -> Test:
        if depth > MAX_DEPTH:
            raise BadExpression("The filter expression is nested too deeply.")
        if self._take("("):
            inner = self.either(depth + 1)
            if not self._take(")"):
                raise BadExpression("A parenthesis of the filter expression is not closed.")
            return inner
        token = self.rest.pop(0) if self.rest else ""
        if not token.isdigit() or not 1 <= int(token) <= len(self._tests):
            raise BadExpression(f"The filter expression names filter {token or 'nothing'}; there are {len(self._tests)}.")
        return self._tests[int(token) - 1]

    def _take(self, token: str) -> bool:
        if self.rest and self.rest[0] == token:
            self.rest.pop(0)
            return True
        return False
