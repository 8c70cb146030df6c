"""`get` and `get_list`: the older reads, in lower case (intacct-xml §2.11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from tieout.sandbox.intacct.catalogue.company import SMARTEVENTLOG
from tieout.sandbox.intacct.catalogue.legacy import FUNCTIONS
from tieout.sandbox.intacct.catalogue.legacy_masters import MASTERS
from tieout.sandbox.intacct.catalogue.shapes import Form, Piece, Shape
from tieout.sandbox.intacct.conditions import Compare, Every, Meaning, Node, Op, Predicate, Some, predicate
from tieout.sandbox.intacct.envelope import text_of
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.queries import ordered
from tieout.sandbox.intacct.reading import UnknownField
from tieout.sandbox.intacct.reply import Result, data, element
from tieout.sandbox.intacct.values import BadLiteral
from tieout.sandbox.intacct.wording import Refusal, business, no_such_object, query_failed
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

PAGE = 100
_OPS = {"=": Op.EQ, "!=": Op.NE, "<": Op.LT, "<=": Op.LE, ">": Op.GT, ">=": Op.GE, "like": Op.LIKE, "is null": Op.NULL}


@dataclass(frozen=True, slots=True)
class _Listed:
    """An object of the older reads: its own kind, its fields by the names it uses, its dates as groups or plain."""

    kind: str
    fields: Mapping[str, str]
    dates: frozenset[str] = frozenset()
    lines: tuple[str, str, Mapping[str, str]] | None = None
    files: bool = False
    by_key: str = "RECORDNO"
    groups: Mapping[str, Shape] = field(default_factory=dict)


def _document(function: str, lines: str) -> _Listed:
    """A document as its create function names its parts."""
    legacy = FUNCTIONS[function]
    plain = {piece.name: piece.meaning for piece in legacy.shape if piece.meaning and piece.form in {Form.TEXT, Form.DATE}}
    for left_out in ("action", "nogl", "externalid"):
        plain.pop(left_out, None)
    state = {"key": "RECORDNO", **plain, "state": "STATE", "totalamount": "TOTALENTERED", "totalpaid": "TOTALPAID", "totaldue": "TOTALDUE"}
    dates = frozenset(piece.name for piece in legacy.shape if piece.form is Form.DATE)
    piece = next(piece for piece in legacy.shape if piece.name == lines)
    line = {each.name: each.meaning for each in _line_of(piece) if each.meaning and each.form is Form.TEXT}
    return _Listed(legacy.kind, state, dates, (lines, "lineitem", {"line_num": "LINE_NO", **line}))


def _master(function: str) -> _Listed:
    """Master data as its create function names its parts, by its natural key."""
    legacy = FUNCTIONS[function]
    named = {Form.TEXT, Form.DATE}
    plain = {piece.name: piece.meaning for piece in legacy.shape if piece.meaning and piece.form in named}
    dates = frozenset(piece.name for piece in legacy.shape if piece.form is Form.DATE)
    within = {piece.name: piece.items[piece.name] for piece in legacy.shape if piece.form is Form.GROUP and piece.meaning}
    contacts = {
        piece.name: (Piece("contactname", piece.meaning),) for piece in legacy.shape if piece.form is Form.CONTACT and piece.meaning
    }
    if legacy.kind == "EMPLOYEE":
        contacts["personalinfo"] = (Piece("contactname", "PERSONALINFO.CONTACTNAME"),)
    more = {"whenmodified": "WHENMODIFIED"}
    return _Listed(legacy.kind, {"recordno": "RECORDNO", **plain, **more}, dates, by_key=legacy.returns, groups={**contacts, **within})


def _line_of(piece: Piece) -> tuple[Piece, ...]:
    return next(iter(piece.items.values()))


_SUPDOC = {
    "recordno": "RECORDNO",
    "supdocid": "SUPDOCID",
    "supdocname": "SUPDOCNAME",
    "folder": "FOLDER",
    "description": "DESCRIPTION",
    "creationdate": "CREATIONDATE",
    "createdby": "CREATEDBY",
}
_FOLDER = {
    "recordno": "RECORDNO",
    "name": "SUPDOCFOLDERNAME",
    "supdocfoldername": "SUPDOCFOLDERNAME",
    "description": "DESCRIPTION",
    "parentfolder": "PARENTFOLDERNAME",
    "creationdate": "CREATIONDATE",
    "createdby": "CREATEDBY",
}
LISTED: Mapping[str, _Listed] = {
    "supdoc": _Listed("SUPDOC", _SUPDOC, files=True, by_key="SUPDOCID"),
    "supdocfolder": _Listed("SUPDOCFOLDER", _FOLDER, by_key="SUPDOCFOLDERNAME"),
    "smarteventlog": _Listed("SMARTEVENTLOG", {name.lower(): name for name in SMARTEVENTLOG.by_name}),
    "bill": _document("create_bill", "billitems"),
    "invoice": _document("create_invoice", "invoiceitems"),
    "apadjustment": _document("create_apadjustment", "apadjustmentitems"),
    "aradjustment": _document("create_aradjustment", "aradjustmentitems"),
    **{name.removeprefix("create_"): _master(name) for name in MASTERS if name.startswith("create_")},
}


def get_list(work: Work, asked: etree._Element) -> Result:
    """`get_list`: filter, sorts, start, maxitems; files come without their content."""
    name, listed, kind = _asked(work, asked, "get_list")
    rows = work.view(private=asked.get("showprivate") == "true").rows(work.storage, kind)
    condition = asked.find("filter")
    if condition is not None and len(condition):
        test = _test(work, kind, listed, condition)
        rows = [row for row in rows if test(row)]
    rows = _sorted(work, kind, listed, asked.find("sorts"), rows)
    wanted = _fields(listed, asked)
    start, size = _whole(asked, "start", 0), _whole(asked, "maxitems", PAGE)
    page = rows[start : start + size]
    shown = "".join(_record(work, name, listed, kind, row, wanted, content=False) for row in page)
    head = f'<listtype start="{start}" end="{start + len(page) - 1 if page else 0}" total="{len(rows)}">{name}</listtype>'
    return Result("success", head + data(shown), transactions=1)


def get(work: Work, asked: etree._Element) -> Result:
    """`get`: one record by its key, with the content of files; a key nobody has is refused."""
    name, listed, kind = _asked(work, asked, "get")
    key = asked.get("key", "")
    row = None
    if listed.by_key != "RECORDNO":
        found = work.storage.find(kind.name, "key", key)
        row = found if found is not None and work.by_key().sees(kind, found) else None
    row = row or work.visible(kind, key)
    if row is None:
        if work.settings["missing_get"] == "empty":
            return Result("success", f"<listtype>{name}</listtype>", transactions=1)
        raise Refusal(business(f"Cannot find {kind.label.lower()} with key '{key}'.", object=kind.name))
    shown = _record(work, name, listed, kind, row, _fields(listed, asked), content=True)
    return Result("success", f"<listtype>{name}</listtype>{data(shown)}", transactions=1)


def _asked(work: Work, asked: etree._Element, function: str) -> tuple[str, _Listed, Kind]:
    name = asked.get("object", "")
    listed = LISTED.get(name)
    if listed is None:
        raise no_such_object(name)
    work.permit(function, listed.kind)
    return name, listed, work.company.kinds[listed.kind]


def _fields(listed: _Listed, asked: etree._Element) -> set[str] | None:
    wanted = asked.find("fields")
    names = {text_of(each) for each in wanted} if wanted is not None else set()
    for name in names:
        _column(listed, name)
    return names or None


def _column(listed: _Listed, name: str) -> str:
    if name in listed.fields:
        return listed.fields[name]
    if name in listed.groups or (listed.files and name == "attachments") or (listed.lines is not None and name == listed.lines[0]):
        return name
    raise query_failed(f"Field {name} does not exist.")


def _test(work: Work, kind: Kind, listed: _Listed, element_: etree._Element) -> Predicate:
    try:
        nodes = [_node(listed, child) for child in element_]
        node = nodes[0] if len(nodes) == 1 else Every(tuple(nodes))
        return predicate(node, kind, work.columns, Meaning(lenient=True, form=work.formatting))
    except UnknownField as unknown:
        raise query_failed(f"Field {unknown.name} does not exist.") from None
    except BadLiteral as wanted:
        raise query_failed(f"A value in the filter is not {wanted}.") from None


def _node(listed: _Listed, element_: etree._Element) -> Node:
    if element_.tag == "logical":
        parts = tuple(_node(listed, child) for child in element_)
        return Some(parts) if element_.get("logical_operator") == "or" else Every(parts)
    op = _OPS.get(text_of(element_.find("operator")))
    name = _column(listed, text_of(element_.find("field")))
    if element_.tag != "expression" or op is None:
        raise query_failed("A filter holds expressions of field, operator and value.")
    return Compare(name, op, () if op is Op.NULL else (text_of(element_.find("value")),))


def _sorted(work: Work, kind: Kind, listed: _Listed, sorts: etree._Element | None, rows: list[Row]) -> list[Row]:
    order = [(_column(listed, text_of(each)), each.get("order") == "desc") for each in sorts] if sorts is not None else []
    return ordered(work, kind, rows, order)


def _whole(asked: etree._Element, name: str, default: int) -> int:
    text = asked.get(name, "")
    if text and not text.isdigit():
        raise query_failed(f"{name} is a whole number.")
    return int(text) if text else default


def _record(work: Work, name: str, listed: _Listed, kind: Kind, row: Row, wanted: set[str] | None, *, content: bool) -> str:
    parts = []
    for shown, column in listed.fields.items():
        if wanted is None or shown in wanted:
            found = work.columns.find(kind, column)
            value = found.get(row)
            parts.append(_day(shown, value) if shown in listed.dates else element(shown, work.formatting.shown(found.type, value)))
    for group, shape in listed.groups.items():
        if wanted is None or group in wanted:
            parts.append(f"<{group}>{_within(work, kind, row, shape)}</{group}>")
    if listed.lines is not None and (wanted is None or listed.lines[0] in wanted):
        parts.append(_lines(work, listed.lines, kind, row))
    if listed.files and (wanted is None or "attachments" in wanted):
        files = "".join(_file(each, content=content) for each in row.get("ATTACHMENTS", ()))
        parts.append(f"<attachments>{files}</attachments>")
    return f"<{name}>{''.join(parts)}</{name}>"


def _within(work: Work, kind: Kind, row: Row, shape: Shape, prefix: str = "") -> str:
    """The elements of a group; a group within it may be a record of its own."""
    parts = []
    for piece in shape:
        if piece.form is Form.GROUP:
            inner = piece.meaning if piece.meaning.endswith(".") else prefix
            parts.append(f"<{piece.name}>{_within(work, kind, row, piece.items[piece.name], inner)}</{piece.name}>")
        elif piece.meaning:
            parts.append(element(piece.name, work.columns.find(kind, f"{prefix}{piece.meaning}").get(row)))
    return "".join(parts)


def _lines(work: Work, lines: tuple[str, str, Mapping[str, str]], kind: Kind, row: Row) -> str:
    container, item, fields = lines
    owned = kind.owned[0]
    inner = work.company.kinds[owned.kind]
    shown = []
    for line in owned_rows(work, owned, row["RECORDNO"]):
        columns = ((name, work.columns.find(inner, column).get(line)) for name, column in fields.items())
        shown.append(f"<{item}>{''.join(element(name, value) for name, value in columns)}</{item}>")
    return f"<{container}>{''.join(shown)}</{container}>"


def _file(file: Mapping[str, str], *, content: bool) -> str:
    parts = (("attachmentname", file["NAME"]), ("attachmenttype", file["TYPE"]), ("attachmentdata", file["DATA"] if content else ""))
    return f"<attachment>{''.join(element(name, value) for name, value in parts)}</attachment>"


def _day(name: str, value: str) -> str:
    if not value:
        return f"<{name}/>"
    return f"<{name}>{element('year', value[6:10])}{element('month', value[0:2])}{element('day', value[3:5])}</{name}>"
