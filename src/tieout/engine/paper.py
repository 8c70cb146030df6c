"""Pages to be printed and filed: lines of text and tables whose headings return on every page, written as PDF.

Fonts are embedded, so that a page looks the same everywhere. What they lack of Chinese, Japanese and Korean is drawn with the reader's own
fonts; any other character they lack stands there by its number, so that nothing vanishes.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

WIDTH, HEIGHT = 792.0, 612.0  # US Letter, landscape, in points
MARGIN, FOOT = 42.0, 40.0
USABLE = WIDTH - 2 * MARGIN
BODY, SMALL = 8.5, 7.5
LEADING = 1.3
PADDING = 4.0
PLAIN, BOLD = "plain", "bold"
_FACES = {PLAIN: ("notos", "figo"), BOLD: ("notosbo", "figbo")}  # Latin, Greek and Cyrillic; then Hebrew, Arabic, Thai, Devanagari, signs
_EAST = "STSong-Light"
_KOREAN = "HYSMyeongJo-Medium"
_NUMBER = re.compile(r"-?[\d,]+(\.\d+)?|")
_WORDS = re.compile(r"\S+\s*|\s+")
INK, QUIET, RULE, SHADE, ALARM = (0.1, 0.1, 0.12), (0.38, 0.38, 0.42), (0.72, 0.72, 0.76), (0.95, 0.95, 0.965), (0.7, 0.08, 0.08)
Colour = tuple[float, float, float]


@cache
def _faces() -> dict[str, list[Any]]:
    """The fonts by weight, in the order in which they are asked for a character; registered once."""
    import pymupdf_fonts
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (_EAST, _KOREAN):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    found: dict[str, list[Any]] = {}
    for weight, names in _FACES.items():
        for name in names:
            font = TTFont(name, io.BytesIO(pymupdf_fonts.fontbuffers[name]()))
            pdfmetrics.registerFont(font)
            found.setdefault(weight, []).append(font)
    return found


@cache
def _font_of(character: str, weight: str) -> str:
    """The name of the font that draws a character; "" if none does."""
    code = ord(character)
    for font in _faces()[weight]:
        if code in font.face.charToGlyph:
            return str(font.fontName)
    if 0xAC00 <= code <= 0xD7A3 or 0x1100 <= code <= 0x11FF or 0x3130 <= code <= 0x318F:
        return _KOREAN
    return _EAST if 0x2E80 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0xFF00 <= code <= 0xFFEF else ""


def drawable(text: str, weight: str = PLAIN) -> str:
    """A text as it can be drawn: without control characters, and with the number of each character that no font has."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return "".join(_kept(each, weight) for each in unicodedata.normalize("NFC", text)).strip()


def _kept(character: str, weight: str) -> str:
    match unicodedata.category(character):
        case "Cf":
            return ""  # marks that only say how others are joined
        case "Cc" | "Zs" | "Zl" | "Zp":
            return " "
    return character if _font_of(character, weight) else f"[U+{ord(character):04X}]"


def runs(text: str, weight: str) -> list[tuple[str, str]]:
    """A drawable text in pieces of one font each; what is written from the right is turned round."""
    if text.isascii():
        return [(_FACES[weight][0], text)] if text else []
    return [(name, "".join(each)) for name, each in groupby(_as_seen(text), lambda each: _font_of(each, weight))]


def _as_seen(text: str) -> str:
    """A text in the order in which its characters stand on the page: stretches written from the right are turned round."""
    if not any(unicodedata.bidirectional(each) in ("R", "AL") for each in text):
        return text
    return re.sub(
        r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]+(?: +[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]+)*", lambda found: found[0][::-1], text
    )


@lru_cache(4096)
def _ems(text: str, weight: str) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    _faces()
    return sum(float(stringWidth(piece, name, 1)) for name, piece in runs(text, weight))


def width_of(text: str, weight: str, size: float) -> float:
    """The width of a drawable text in points."""
    return _ems(text, weight) * size


def wrapped(text: str, weight: str, size: float, room: float) -> list[str]:
    """A text in lines that fit a width, broken between words, and within a word that is wider than a line."""
    text = drawable(text, weight)
    if width_of(text, weight, size) <= room:
        return [text]
    lines, line = [], ""
    for word in _WORDS.findall(text):
        if line and width_of(line + word.rstrip(), weight, size) > room:
            lines.append(line.rstrip())
            line = ""
        line += word
        while width_of(line.rstrip(), weight, size) > room:
            fits = next(number for number in range(len(line) - 1, 0, -1) if number == 1 or width_of(line[:number], weight, size) <= room)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.rstrip()] if line.strip() else lines


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; `share` is its part of the table's width. With `right`, amounts and counts stand at the right."""

    title: str
    share: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class _Text:
    x: float
    y: float
    text: str
    weight: str
    size: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float
    colour: Colour


@dataclass(slots=True)
class Paper:
    """Pages being laid out from the top; `write` makes the file once all are there, since each page says how many there are."""

    title: str
    foot: str
    pages: list[list[_Text | _Box]] = field(default_factory=list)
    y: float = 0.0

    def __post_init__(self) -> None:
        self._turn()

    def _turn(self) -> None:
        self.pages.append([])
        self.y = HEIGHT - MARGIN

    def need(self, height: float) -> bool:
        """Begin a new page unless this one has so much room left; whether one was begun."""
        if self.y - height >= MARGIN + FOOT / 2:
            return False
        self._turn()
        return True

    def text(self, text: str, *, weight: str = PLAIN, size: float = BODY, colour: Colour = INK, after: float = 0.0) -> None:
        """A paragraph over the whole width."""
        for line in wrapped(text, weight, size, USABLE):
            self.need(size * LEADING)
            self.y -= size * LEADING
            self._put(MARGIN, self.y, line, weight, size, colour)
        self.y -= after

    def heading(self, text: str) -> None:
        """The heading of a section, never alone at the end of a page."""
        self.need(90)
        self.y -= 10
        self.text(text, weight=BOLD, size=11, after=3)

    def facts(self, pairs: Sequence[tuple[str, str]], columns: int = 2) -> None:
        """Names with their values, side by side."""
        width = USABLE / columns
        for start in range(0, len(pairs), columns):
            told = [(name, wrapped(value, PLAIN, BODY, width - 110)) for name, value in pairs[start : start + columns]]
            height = max(len(lines) for _, lines in told) * BODY * LEADING
            self.need(height)
            for at, (name, lines) in enumerate(told):
                self._put(MARGIN + at * width, self.y - BODY * LEADING, name, PLAIN, BODY, QUIET)
                for number, line in enumerate(lines, 1):
                    self._put(MARGIN + at * width + 96, self.y - number * BODY * LEADING, line, PLAIN, BODY, INK)
            self.y -= height + 2

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, alarms: Sequence[int] = (), total: bool = False) -> None:
        """A table; its headings return on every page. `alarms` are the columns in which anything but zero stands out.

        With `total`, the last row is set apart as the sum of the others.
        """
        widths = [USABLE * column.share / sum(each.share for each in columns) for column in columns]
        self._head(columns, widths)
        for number, row in enumerate(rows):
            last = total and number == len(rows) - 1
            cells = [wrapped(cell, BOLD if last else PLAIN, SMALL, width - 2 * PADDING) for cell, width in zip(row, widths, strict=True)]
            while cells:
                cells = self._row(columns, widths, cells, alarms, last)
        self._rule(RULE)

    def _head(self, columns: Sequence[Column], widths: Sequence[float]) -> None:
        cells = [wrapped(column.title, BOLD, SMALL, width - 2 * PADDING) for column, width in zip(columns, widths, strict=True)]
        height = max(map(len, cells)) * SMALL * LEADING + PADDING
        self.need(height + 3 * SMALL * LEADING)
        self.pages[-1].append(_Box(MARGIN, self.y - height, USABLE, height, SHADE))
        self._cells(columns, widths, cells, BOLD, ())
        self.y -= height
        self._rule(INK)

    def _row(
        self, columns: Sequence[Column], widths: Sequence[float], cells: list[list[str]], alarms: Sequence[int], bold: bool
    ) -> list[list[str]]:
        """One row, as much of it as a page has room for; the rest, if there is any."""
        height = max(map(len, cells)) * SMALL * LEADING + PADDING
        if self.need(min(height, HEIGHT / 2)):
            self._head(columns, widths)
        fits = max(1, int((self.y - MARGIN - FOOT / 2 - PADDING) / (SMALL * LEADING)))
        shown, rest = [cell[:fits] for cell in cells], [cell[fits:] for cell in cells]
        self._rule(INK if bold else RULE)
        self._cells(columns, widths, shown, BOLD if bold else PLAIN, alarms)
        self.y -= max(map(len, shown)) * SMALL * LEADING + PADDING
        return rest if any(rest) else []

    def _cells(
        self, columns: Sequence[Column], widths: Sequence[float], cells: Sequence[Sequence[str]], weight: str, alarms: Sequence[int]
    ) -> None:
        left = MARGIN
        for at, (column, width, lines) in enumerate(zip(columns, widths, cells, strict=True)):
            right = column.right and (" ".join(lines) == column.title or all(_NUMBER.fullmatch(line) for line in lines))
            alarming = at in alarms and any(each in "123456789" for line in lines for each in line)
            for number, line in enumerate(lines, 1):
                mine = BOLD if alarming else weight
                x = left + width - PADDING - width_of(line, mine, SMALL) if right else left + PADDING
                self._put(x, self.y - number * SMALL * LEADING + 1, line, mine, SMALL, ALARM if alarming else INK)
            left += width

    def _rule(self, colour: Colour) -> None:
        self.pages[-1].append(_Box(MARGIN, self.y, USABLE, 0.4, colour))

    def note_fonts(self) -> None:
        """Say so where a page needs fonts that only its reader has."""
        texts = (each for page in self.pages for each in page if isinstance(each, _Text))
        if not {name for each in texts for name, _ in runs(each.text, each.weight)}.isdisjoint((_EAST, _KOREAN)):
            told = "Chinese, Japanese and Korean names are drawn with the fonts of the program that shows these pages."
            self.text(told, size=SMALL, colour=QUIET)

    def signature(self, *who: str) -> None:
        """A line for each to sign on, with the day; all on one page."""
        self.need(len(who) * 44 + 20)
        for each in who:
            self.y -= 40
            for x, width, text in ((MARGIN, 200, each), (MARGIN + 220, 260, "Signature"), (MARGIN + 500, 120, "Date")):
                self.pages[-1].append(_Box(x, self.y, width, 0.6, INK))
                self._put(x, self.y - SMALL * LEADING, text, PLAIN, SMALL, QUIET)

    def _put(self, x: float, y: float, text: str, weight: str, size: float, colour: Colour) -> None:
        self.pages[-1].append(_Text(x, y, text, weight, size, colour))

    def write(self) -> bytes:
        """The file."""
        from reportlab.pdfgen.canvas import Canvas

        _faces()
        out = io.BytesIO()
        canvas: Any = Canvas(out, pagesize=(WIDTH, HEIGHT), lang="en-US")
        canvas.setTitle(self.title)
        canvas.setAuthor("Tieout")
        canvas.setSubject(self.foot)
        canvas.setCreator("Tieout")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        for number, page in enumerate(self.pages, 1):
            _draw(canvas, [*page, *self._footer(number)])
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    def _footer(self, number: int) -> Iterator[_Text | _Box]:
        yield _Box(MARGIN, FOOT + 2, USABLE, 0.4, RULE)
        of = f"Page {number:,} of {len(self.pages):,}"
        room = USABLE - width_of(of, PLAIN, SMALL) - 20
        yield _Text(MARGIN, FOOT - SMALL, wrapped(self.foot, PLAIN, SMALL, room)[0], PLAIN, SMALL, QUIET)
        yield _Text(WIDTH - MARGIN - width_of(of, PLAIN, SMALL), FOOT - SMALL, of, PLAIN, SMALL, QUIET)


def _draw(canvas: Any, page: Sequence[_Text | _Box]) -> None:
    """Boxes first, then text, those of one colour and font together, which keeps the file small."""
    canvas.setStrokeColorRGB(*INK)
    boxes = sorted((each for each in page if isinstance(each, _Box)), key=lambda each: each.colour, reverse=True)
    for colour, mine in groupby(boxes, lambda each: each.colour):
        canvas.setFillColorRGB(*colour)
        for box in mine:
            canvas.rect(round(box.x, 1), round(box.y, 1), round(box.width, 1), box.height, stroke=0, fill=1)
    out = canvas.beginText()
    style = None
    for text in page:
        if not isinstance(text, _Text):
            continue
        x = text.x
        for name, piece in runs(text.text, text.weight):
            out.setTextOrigin(round(x, 1), round(text.y, 1))
            if style != (style := (name, text.size, text.colour)):
                out.setFont(name, text.size)
                out.setFillColorRGB(*text.colour)
            out.textOut(piece)
            x += canvas.stringWidth(piece, name, text.size)
    canvas.drawText(out)


__all__ = ["BOLD", "Column", "Paper", "drawable", "wrapped"]
