"""Reads object-specific functions: element order, required elements, and what they mean as fields (intacct-xml §2.11).

Wrong order, an unknown element or a missing one is a schema error of the whole request; the tolerant mode takes any order.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from tieout.sandbox.intacct.catalogue.legacy import FUNCTIONS
from tieout.sandbox.intacct.catalogue.shapes import Form, Legacy, Piece, Shape
from tieout.sandbox.intacct.envelope import Function, line_of, text_of
from tieout.sandbox.intacct.incoming import JOINT, Given
from tieout.sandbox.intacct.wording import ControlRefusal, schema

LINE_NUMBER = "@LINE"  # the line_num of a changed line; no element can have this name
_DAY = ("year", "month", "day")
_NUMBERED = frozenset({"updatelineitem", "updatepotransitem", "updatesotransitem"})  # lines that say which one they change


def check(function: Function, *, strict: bool) -> None:
    """Raises ControlRefusal (XL03000003) for a legacy function that is not as its schema says."""
    legacy = FUNCTIONS.get(function.name)
    if legacy is None:
        return
    if legacy.key and not function.element.get(legacy.key):
        text = f"Element '{function.name}': The attribute '{legacy.key}' is required but missing."
        raise schema(text, line_of(function.element), number=1868)
    _check_shape(function.element, legacy.shape, strict=strict)


def read(legacy: Legacy, element: etree._Element) -> Given:
    """The fields a function gives, by the names generic functions use; lines as lists."""
    return _values(element, legacy.shape)


def _unexpected(element: etree._Element) -> ControlRefusal:
    return schema(f"Element '{element.tag}': This element is not expected.", line_of(element), number=1871)


def _unnumbered(element: etree._Element) -> ControlRefusal:
    text = f"Element '{element.tag}': The attribute 'line_num' is required but missing."
    return schema(text, line_of(element), number=1868)


def _check_shape(element: etree._Element, shape: Shape, *, strict: bool) -> None:
    pieces = {piece.name: piece for piece in shape}
    last, seen = -1, set()
    for child in element:
        name = str(child.tag)
        piece = pieces.get(name)
        again = name in seen and (piece is None or piece.form is not Form.REPEATED)
        if piece is None or again or (strict and piece.place < last):
            raise _unexpected(child)
        seen.add(name)
        last = piece.place
        _check_piece(child, piece, strict=strict)
    lacking = next((piece.name for piece in shape if piece.required and piece.name not in seen), "")
    if lacking:
        text = f"Element '{element.tag}': Missing child element(s). Expected is ( {lacking} )."
        raise schema(text, line_of(element), number=1871)


def _check_piece(element: etree._Element, piece: Piece, *, strict: bool) -> None:
    match piece.form:
        case Form.DATE:
            _check_day(element)
        case Form.DAY:
            if len(element):
                _check_day(element)
        case Form.CONTACT:
            _only(element, "contactname", "contact")
        case Form.GROUP | Form.REPEATED:
            _check_shape(element, piece.items[piece.name], strict=strict)
        case Form.LINES:
            for child in element:
                if str(child.tag) not in piece.items:
                    raise _unexpected(child)
                if str(child.tag) in _NUMBERED and child.get("line_num") is None:
                    raise _unnumbered(child)
                _check_shape(child, piece.items[str(child.tag)], strict=strict)
        case Form.CUSTOM:
            _only(element, "customfield")
        case Form.JOINED:
            _only(element, *piece.items)
        case _:
            if len(element):
                raise _unexpected(element[0])


def _only(element: etree._Element, *names: str) -> None:
    for child in element:
        if str(child.tag) not in names:
            raise _unexpected(child)


def _check_day(element: etree._Element) -> None:
    if len(element) == 0 and not text_of(element):
        return
    if tuple(str(child.tag) for child in element) != _DAY:
        text = f"Element '{element.tag}': Missing child element(s). Expected is ( year, month, day )."
        raise schema(text, line_of(element), number=1871)


def _values(element: etree._Element, shape: Shape) -> Given:
    pieces = {piece.name: piece for piece in shape}
    found: Given = {}
    for child in element:
        piece = pieces[str(child.tag)]
        if piece.form is Form.CUSTOM:
            for custom in child:
                found[text_of(custom.find("customfieldname")).upper()] = text_of(custom.find("customfieldvalue"))
        elif piece.form is Form.REPEATED and piece.meaning:
            found.setdefault(piece.meaning, []).append(_values(child, piece.items[piece.name]))
        elif piece.form is Form.GROUP and piece.meaning:
            prefix = piece.meaning if piece.meaning.endswith(".") else ""
            found.update({f"{prefix}{name}": value for name, value in _values(child, piece.items[piece.name]).items()})
        elif piece.form is Form.GROUP:
            found[f"@{piece.name}"] = _values(child, piece.items[piece.name])
        elif piece.meaning:
            found[piece.meaning] = _value(child, piece)
    return found


def _value(element: etree._Element, piece: Piece) -> Any:
    match piece.form:
        case Form.DAY if not len(element):
            return text_of(element)
        case Form.DATE | Form.DAY:
            parts = [text_of(element.find(name)) for name in ("month", "day", "year")]
            return "/".join(_two(part) for part in parts) if any(parts) else ""
        case Form.CONTACT:
            return text_of(element.find("contactname")) or text_of(element.find("contact/contactname"))
        case Form.SIDE:
            return _SIDES.get(text_of(element), text_of(element))
        case Form.JOINED:
            return JOINT.join(text_of(child) for child in element)
        case Form.LINES:
            lines = []
            for child in element:
                line = _values(child, piece.items[str(child.tag)])
                if child.get("line_num") is not None:
                    line[LINE_NUMBER] = child.get("line_num")
                lines.append(line)
            return lines
        case _:
            return text_of(element)


_SIDES = {"debit": "1", "credit": "-1"}


def _two(number: str) -> str:
    return number.zfill(2)
