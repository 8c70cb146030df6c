"""The SQL-like filter of `readByQuery` (intacct-xml §2.5): comparisons, AND, OR, NOT, parentheses; nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tieout.sandbox.intacct.conditions import Compare, Every, Node, Op, Some, negate

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:\\.|''|[^'\\])*')
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<op><=|>=|<>|!=|=|<|>)
      | (?P<mark>[(),])
      | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
    )""",
    re.VERBOSE,
)
_OPS = {"=": Op.EQ, "!=": Op.NE, "<>": Op.NE, "<": Op.LT, "<=": Op.LE, ">": Op.GT, ">=": Op.GE}
_RESERVED = frozenset({"AND", "OR", "NOT", "IN", "LIKE", "IS", "NULL", "ORDER", "GROUP", "BY", "SELECT", "JOIN", "BETWEEN"})
MAX_NESTING = 100


class BadQuery(ValueError):  # noqa: N818 - callers turn it into a refusal
    """The text is no filter; says at what."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A filter, and the limit `rownum` set."""

    node: Node | None
    limit: int | None = None


def parse(text: str) -> Parsed:
    """Reads a filter; an empty one accepts every row. Raises BadQuery."""
    tokens = _tokens(text)
    if not tokens:
        return Parsed(None)
    reader = _Reader(tokens)
    node = reader.either(0)
    if reader.at < len(tokens):
        raise BadQuery(f"unexpected {tokens[reader.at][1]!r}")
    return _limited(node)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadQuery(f"unexpected {text[at : at + 10]!r}")
        kind = match.lastgroup or ""
        found.append((kind, match.group(kind)))
        at = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def either(self, depth: int) -> Node:
        parts = [self.both(depth)]
        while self._word("OR"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def both(self, depth: int) -> Node:
        parts = [self.single(depth)]
        while self._word("AND"):
            parts.append(self.single(depth))
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def single(self, depth: int) -> Node:
        if depth > MAX_NESTING:
            raise BadQuery("too many parentheses")
        if self._word("NOT"):
            return negate(self.single(depth + 1))
        if self._mark("("):
            inner = self.either(depth + 1)
            self._expect(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Node:
        kind, field = self._next()
        if kind != "word" or field.upper() in _RESERVED:
            raise BadQuery(f"unexpected {field!r}")
        if self._word("IS"):
            op = Op.NOT_NULL if self._word("NOT") else Op.NULL
            if not self._word("NULL"):
                raise BadQuery("IS is followed by NULL or NOT NULL")
            return Compare(field, op)
        negated = self._word("NOT")
        if self._word("IN"):
            return Compare(field, Op.NOT_IN if negated else Op.IN, self._list())
        if self._word("LIKE"):
            return Compare(field, Op.NOT_LIKE if negated else Op.LIKE, (self._value(),))
        kind, sign = self._next()
        if negated or kind != "op":
            raise BadQuery(f"unexpected {sign!r}")
        return Compare(field, _OPS[sign], (self._value(),))

    def _list(self) -> tuple[str, ...]:
        self._expect("(")
        values = [self._value()]
        while self._mark(","):
            values.append(self._value())
        self._expect(")")
        return tuple(values)

    def _value(self) -> str:
        kind, value = self._next()
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", value[1:-1].replace("''", "'"))
        if kind == "number":
            return value
        raise BadQuery(f"{value!r} is no literal; texts stand in single quotes")

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise BadQuery("it ends too early")
        self.at += 1
        return self.tokens[self.at - 1]

    def _word(self, word: str) -> bool:
        return self._take("word", word)

    def _mark(self, mark: str) -> bool:
        return self._take("mark", mark)

    def _take(self, kind: str, value: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == kind and self.tokens[self.at][1].upper() == value:
            self.at += 1
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._mark(mark):
            raise BadQuery(f"{mark!r} is missing")


def _limited(node: Node) -> Parsed:
    """Takes `rownum` out of the top level, where it is a limit (intacct-xml §2.5)."""
    parts = node.parts if isinstance(node, Every) else (node,)
    kept = tuple(part for part in parts if not _is_rownum(part))
    limits = [_limit(part) for part in parts if isinstance(part, Compare) and _is_rownum(part)]
    if not kept:
        return Parsed(None, min(limits))
    return Parsed(kept[0] if len(kept) == 1 else Every(kept), min(limits, default=None))


def _is_rownum(node: Node) -> bool:
    return isinstance(node, Compare) and node.field.lower() == "rownum"


def _limit(node: Compare) -> int:
    if node.op not in {Op.LT, Op.LE} or not node.values[0].isdigit():
        raise BadQuery("rownum is compared with < or <= and a whole number")
    return int(node.values[0]) - (1 if node.op is Op.LT else 0)
