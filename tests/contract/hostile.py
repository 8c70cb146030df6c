"""Documents that nobody should send: seeded damage to valid ones, and bodies made to exhaust whoever reads them."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterator, Mapping, Sequence

MEGABYTE = 1024 * 1024
_SNIPPETS: Sequence[bytes] = (
    b"<!DOCTYPE request>",
    b'<!DOCTYPE r [<!ENTITY x "y">]>',
    b'<!DOCTYPE r SYSTEM "file:///etc/passwd">',
    b"&x;",
    b"&#0;",
    b"&#xFFFFFFFFFF;",
    b"&#55296;",
    b"&amp",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<!-- -- -->",
    b"<?xml version='1.0'?>",
    b"<?pi",
    b"<?xml-stylesheet href='http://127.0.0.1:1/x'?>",
    b"<x:y/>",
    b'<a xmlns:x="" x:y="1"/>',
    b'<a xmlns:xml="http://example.test/"/>',
    b'<a xmlns="http://example.test/">',
    b'<a b="1" b="2"/>',
    b"<a b=1/>",
    b"<a b='<'/>",
    b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>',
    b"\x00",
    b"\x01",
    b"\x0b",
    b"\x7f\xc2\x85",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\xef\xbf\xbf",
    b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf",
    b"\xfe\xff",
    "\u202e\u2028\U0001f9fe".encode(),
    b"<" + b"n" * 3000 + b"/>",
    b"9" * 5000,
    b"-1",
    b"1e999",
    b"0001-01-01T00:00:00+14:00",
    b"9999-12-31T23:59:59-14:00",
    b"NaN",
    b"' OR '1'='1",
    b"</request>",
    b"</response>",
    b"<error><errorno>GW-0010</errorno></error>",
)
_ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-7", "cp037", "latin-1", "shift_jis")


class Hostile:
    """An endless, repeatable source of damaged documents."""

    def __init__(self, valid: Sequence[bytes], seed: int) -> None:
        self._valid = valid
        self._random = random.Random(seed)
        self._damages: Sequence[Callable[[bytes], bytes]] = (
            self._cut,
            self._flipped,
            self._inserted,
            self._inserted,
            self._at_tag,
            self._at_tag,
            self._repeated,
            self._without,
            self._nested,
            self._encoded,
            self._attributed,
            self._filled,
            self._crossed,
        )

    def documents(self, count: int) -> Iterator[bytes]:
        """So many documents, each with one to four damages."""
        for _ in range(count):
            document = self._random.choice(self._valid)
            for _ in range(self._random.choice((1, 1, 1, 2, 2, 3, 4))):
                document = self._random.choice(self._damages)(document)
            yield document

    def _place(self, document: bytes) -> int:
        return self._random.randrange(len(document) + 1)

    def _cut(self, document: bytes) -> bytes:
        return document[: self._place(document)]

    def _flipped(self, document: bytes) -> bytes:
        damaged = bytearray(document)
        for _ in range(self._random.randrange(1, 5)):
            if damaged:
                damaged[self._random.randrange(len(damaged))] = self._random.randrange(256)
        return bytes(damaged)

    def _inserted(self, document: bytes) -> bytes:
        at = self._place(document)
        return document[:at] + self._random.choice(_SNIPPETS) + document[at:]

    def _at_tag(self, document: bytes) -> bytes:
        """A snippet where content may stand, so that what follows is still read."""
        ends = [at for at, byte in enumerate(document) if byte == 0x3E]
        if not ends:
            return document
        at = self._random.choice(ends) + 1
        return document[:at] + self._random.choice(_SNIPPETS) + document[at:]

    def _repeated(self, document: bytes) -> bytes:
        first, last = sorted((self._place(document), self._place(document)))
        return document[:last] + document[first:last] * self._random.randrange(1, 6) + document[last:]

    def _without(self, document: bytes) -> bytes:
        first, last = sorted((self._place(document), self._place(document)))
        return document[:first] + document[last:]

    def _nested(self, document: bytes) -> bytes:
        at, depth = self._place(document), self._random.choice((1, 30, 70, 300, 3000))
        close = b"</d>" * (depth if self._random.random() < 0.7 else depth - 1)
        return document[:at] + b"<d>" * depth + close + document[at:]

    def _encoded(self, document: bytes) -> bytes:
        name = self._random.choice(_ENCODINGS)
        said = self._random.choice((name, "utf-8", "ISO-8859-1", "x-unknown"))
        prolog = f'<?xml version="1.0" encoding="{said}"?>' if self._random.random() < 0.6 else ""
        text = prolog + document.decode("utf-8", "replace") + self._random.choice(("", "ä", "ÿ"))
        return text.encode(name, "replace")

    def _attributed(self, document: bytes) -> bytes:
        count = self._random.choice((1, 20, 2000))
        inner = b" ".join(b'a%d="%d"' % (number % (count - 1 or 1) if count > 20 else number, number) for number in range(count))
        return document.replace(b"><", b"><z " + inner + b"/><", 1)

    def _filled(self, document: bytes) -> bytes:
        at = self._place(document)
        return document[:at] + self._random.choice((b"x", b"&amp;", b" ", b"\n", b"<", b"\xc3\xa4")) * 2000 + document[at:]

    def _crossed(self, document: bytes) -> bytes:
        other = self._random.choice(self._valid)
        return document[: self._place(document)] + other[self._place(other) :]


def laughs(root: bytes) -> bytes:
    """Entities that would expand to ten to the ninth of themselves."""
    lines = [b'<!ENTITY a0 "ha">', *(b'<!ENTITY a%d "%s">' % (number, b"&a%d;" % (number - 1) * 10) for number in range(1, 10))]
    return b"<!DOCTYPE %s [%s]><%s>&a9;</%s>" % (root, b"".join(lines), root, root)


def _element(root: bytes, inner: bytes) -> bytes:
    return b"<%s>%s</%s>" % (root, inner, root)


# Bodies that are cheap to send and dear to read, for a root element's name.
OVERSIZED: Mapping[str, Callable[[bytes], bytes]] = {
    "fifty megabytes of text": lambda root: _element(root, b"x" * (50 * MEGABYTE)),
    "fifty megabytes of empty elements": lambda root: _element(root, b"<a/>" * (50 * MEGABYTE // 4)),
    "thirty megabytes of empty elements": lambda root: _element(root, b"<a/>" * (30 * MEGABYTE // 4)),
    "a million attributes": lambda root: b"<%s %s/>" % (root, b" ".join(b'a%d=""' % number for number in range(1_200_000))),
    "a million namespaces": lambda root: b"<%s %s/>" % (root, b" ".join(b'xmlns:a%d="u"' % number for number in range(1_100_000))),
    "a text of twenty megabytes": lambda root: _element(root, b"x" * (20 * MEGABYTE)),
    "a name of ten megabytes": lambda root: b"<" + b"n" * (10 * MEGABYTE) + b"/>",
    "four hundred thousand levels": lambda root: b"<a>" * 400_000 + b"</a>" * 400_000,
    "three hundred levels": lambda root: _element(root, b"<a>" * 300 + b"</a>" * 300),
    "a comment without end": lambda root: b"<%s><!--" % root + b"-" * (20 * MEGABYTE),
    "laughs": laughs,
    "an outside entity": lambda root: b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + _element(root, b"&x;"),
    "a parameter entity": lambda root: b'<!DOCTYPE r [<!ENTITY %% x SYSTEM "http://127.0.0.1:1/x">%%x;]><%s/>' % root,
    "a doctype after a long comment": lambda root: (
        b"<!--" + b"c" * MEGABYTE + b'--><!DOCTYPE r [<!ENTITY x "y">]>' + _element(root, b"&x;")
    ),
    "packed": lambda root: gzip.compress(b"<%s/>" % root),
    "nothing": lambda root: b"",
    "only a prolog": lambda root: b'<?xml version="1.0" encoding="UTF-8"?>',
}
