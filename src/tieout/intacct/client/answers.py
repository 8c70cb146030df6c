"""What the metadata functions answer, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from tieout.intacct.client.reply import Result


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field as `lookup` or a detailed `inspect` describes it."""

    name: str
    label: str = ""
    type: str = ""
    required: bool = False
    read_only: bool = False
    custom: bool = False
    max_length: int | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectType:
    """An object's fields and the paths to its related objects."""

    name: str
    fields: tuple[FieldInfo, ...]
    relationships: Mapping[str, str] = field(default_factory=dict)

    @property
    def field_names(self) -> frozenset[str]:
        """The names of all fields, in upper case."""
        return frozenset(each.name.upper() for each in self.fields)


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of the company."""

    object: str
    label: str
    term: str
    user_defined: bool
    in_ledger: bool


@dataclass(frozen=True, slots=True)
class UserFormatting:
    """How the system writes dates for one user: US order with a 24-hour clock is `/mdY` and `24`."""

    date_format: str
    clock: str
    gmt_offset: str
    locale: str = ""
    record_no: str = ""


@dataclass(frozen=True, slots=True)
class Permission:
    """The rights of one policy of one subscription."""

    subscription: str
    policy: str
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Application:
    """One application the company subscribes to."""

    id: str
    name: str


def object_type(result: Result, name: str) -> ObjectType:
    """The answer to `lookup`, or to `inspect` of one object."""
    node = _first(result.data, "Type")
    if node is None:
        return ObjectType(name, ())
    fields = tuple(_field(each) for each in node.iterfind("Fields/Field"))
    related = {_text(each, "OBJECTPATH"): _text(each, "OBJECTNAME") for each in node.iterfind("Relationships/Relationship")}
    return ObjectType(str(node.get("Name") or name), fields, related)


def object_names(result: Result) -> dict[str, str]:
    """The answer to `inspect` of everything: singular label by object name."""
    data = result.data
    return {str(each.get("typename")): (each.text or "").strip() for each in data.iterfind("type")} if data is not None else {}


def _field(node: etree._Element) -> FieldInfo:
    if not len(node):
        return FieldInfo((node.text or "").strip())
    length = _text(node, "maxLength")
    return FieldInfo(
        _text(node, "ID") or _text(node, "Name"),
        _text(node, "LABEL") or _text(node, "DisplayLabel"),
        _text(node, "DATATYPE") or _text(node, "externalDataName"),
        (_text(node, "REQUIRED") or _text(node, "isRequired")).lower() == "true",
        (_text(node, "READONLY") or _text(node, "isReadOnly")).lower() == "true",
        _text(node, "ISCUSTOM").lower() == "true",
        int(length) if length.isascii() and length.isdigit() else None,
        tuple((each.text or "").strip() for each in node.iterfind("VALIDVALUES/VALIDVALUE")),
    )


def dimensions(result: Result) -> tuple[Dimension, ...]:
    """The answer to `getDimensions`."""
    return tuple(
        Dimension(
            _text(each, "objectName"),
            _text(each, "objectLabel"),
            _text(each, "termLabel"),
            _text(each, "userDefinedDimension").lower() == "true",
            _text(each, "enabledInGL").lower() == "true",
        )
        for each in _all(result.data, "dimension")
    )


def user_formatting(result: Result) -> UserFormatting | None:
    """The answer to `readUserFormatting`; None if it holds none."""
    node = _first(result.data, "userformatting")
    if node is None:
        return None
    return UserFormatting(
        _text(node, "dateformat"), _text(node, "clock"), _text(node, "gmtoffset"), _text(node, "locale"), _text(node, "recordno")
    )


def permissions(result: Result) -> tuple[Permission, ...]:
    """The answer to `getUserPermissions`; rights come joined with a pipe."""
    return tuple(
        Permission(
            _text(application, "applicationName"), _text(policy, "policyName"), tuple(filter(None, _text(policy, "rights").split("|")))
        )
        for application in _all(result.data, "appSubscription")
        for policy in application.iterfind("policies/policy")
    )


def applications(result: Result) -> tuple[Application, ...]:
    """The answer to `get_applications`.

    The reference names no elements, so any record is taken for its name and its id or key, in any case; one that says it
    is not subscribed is left out.
    """
    found: list[Application] = []
    for node in result.data if result.data is not None else ():
        texts = {str(child.tag).lower(): (child.text or "").strip() for child in node}
        if texts.get("subscribed", "true").lower() in ("false", "f", "no"):
            continue
        id_ = next((text for tag, text in texts.items() if tag.endswith(("id", "key"))), "")
        name = next((text for tag, text in texts.items() if tag.endswith(("name", "application"))), "") or (node.text or "").strip()
        if id_ or name:
            found.append(Application(id_, name))
    return tuple(found)


def company_prefs(result: Result) -> dict[str, str]:
    """The answer to `get_companyprefs`: value by preference."""
    return {_text(each, "preference"): _text(each, "prefvalue") for each in _all(result.data, "companypref")}


def _all(data: etree._Element | None, name: str) -> list[etree._Element]:
    return list(data.iter(name)) if data is not None else []


def _first(data: etree._Element | None, name: str) -> etree._Element | None:
    return next(iter(_all(data, name)), None)


def _text(node: etree._Element, name: str) -> str:
    return (node.findtext(name) or "").strip()
