"""The functions that describe: lookup, inspect, dimensions, users, entity (intacct-xml §2.8–2.10, §7.4)."""

from __future__ import annotations

from lxml import etree

from tieout.sandbox.intacct.applications import application_of, is_subscribed
from tieout.sandbox.intacct.catalogue import DIMENSIONS
from tieout.sandbox.intacct.catalogue.legacy import FUNCTIONS
from tieout.sandbox.intacct.envelope import text_of
from tieout.sandbox.intacct.fields import Field, Kind, Need, Type
from tieout.sandbox.intacct.reply import Result, data, element, escape
from tieout.sandbox.intacct.wording import Refusal, business, no_such_object, query_failed
from tieout.sandbox.intacct.work import Work

_WIDTHS = {Type.DATE: 10, Type.TIMESTAMP: 22, Type.BOOLEAN: 5, Type.INTEGER: 15, Type.DECIMAL: 25, Type.CURRENCY: 25, Type.PERCENT: 10}


def lookup(work: Work, element_: etree._Element) -> Result:
    """`lookup`: fields with type, need and valid values, and relationships; made from the tables the writes enforce."""
    definition = text_of(element_.find("docparid"))
    kind = work.defined(_kind(work, text_of(element_.find("object")) or text_of(element_.find("name"))), definition)
    fields = "".join(_field(work, kind, each) for each in _listed(work, kind))
    relations = "".join(_relation(work, kind, name, key, target) for name, (key, target) in kind.relations.items())
    body = f"<Fields>{fields}</Fields><Relationships>{relations}</Relationships>"
    return Result("success", data(f'<Type Name="{kind.name}" DocumentType="{escape(definition)}">{body}</Type>'), transactions=1)


def inspect(work: Work, element_: etree._Element) -> Result:
    """`inspect`: every object, or one object's field names, or with detail=1 their lengths and flags."""
    name = text_of(element_.find("object")) or text_of(element_.find("name"))  # the latter as with lookup; pyintacct sends it
    if name == "*":
        kinds = [kind for kind in work.company.kinds.values() if not kind.rest_only]
        types = "".join(f'<type typename="{kind.name.lower()}">{escape(kind.label)}</type>' for kind in kinds)
        return Result("success", data(types, {"listtype": "All", "count": len(kinds)}), transactions=1)
    kind = _kind(work, name)
    if element_.get("detail") == "1":
        heads = element("SingularName", kind.label) + element("PluralName", kind.plural) + element("Description", kind.description)
        fields = "".join(_detail(work, kind, number, each) for number, each in enumerate(_listed(work, kind), start=1))
        body = f"<Attributes>{heads}</Attributes><Fields>{fields}</Fields>"
    else:
        body = f"<Fields>{''.join(element('Field', each.name) for each in _listed(work, kind))}</Fields>"
    content = f'<Type Name="{kind.name}">{body}</Type>'
    return Result("success", data(content, {"listtype": "All", "count": 1}), transactions=1)


def get_dimensions(work: Work, element_: etree._Element) -> Result:
    """`getDimensions`: the standard dimensions and the user-defined one."""
    rows = []
    for name in DIMENSIONS:
        label, custom = work.company.kinds[name].label, "true" if work.company.kinds[name].custom else "false"
        parts = element("objectName", name) + element("objectLabel", label) + element("termLabel", label)
        rows.append(f"<dimension>{parts}<userDefinedDimension>{custom}</userDefinedDimension><enabledInGL>true</enabledInGL></dimension>")
    return Result("success", data(f"<dimensions>{''.join(rows)}</dimensions>"), transactions=1)


def read_user_formatting(work: Work, element_: etree._Element) -> Result:
    """`readUserFormatting`: the form of dates and the clock; the offset is the one WHENMODIFIED shows."""
    number = _user(work, text_of(element_.find("userId")), text_of(element_.find("key")))
    offset = "-07:00" if work.settings["include_timezone_skew"] else "+00:00"
    parts = (
        ("recordno", number),
        ("locale", "en_US.UTF-8"),
        ("dateformat", work.formatting.dates),
        ("gmtoffset", offset),
        ("clock", work.formatting.clock),
    )
    inner = "".join(element(name, value) for name, value in parts)
    return Result("success", data(f"<userformatting>{inner}</userformatting>"), transactions=1)


def get_user_permissions(work: Work, element_: etree._Element) -> Result:
    """`getUserPermissions`: what the user may do with each object, less what denied_operations and missing subscriptions take away."""
    _user(work, text_of(element_.find("userId")), "")
    denied = work.settings["denied_operations"]
    policies: dict[str, str] = {}
    for kind in work.company.kinds.values():
        rights = [right for right, verbs in _RIGHTS if any(_may(kind, each, denied) for each in _functions(kind, verbs))]
        if rights and is_subscribed(work.settings, kind.name):
            policy = element("policyName", kind.plural) + element("rights", "|".join(rights))
            name = application_of(kind.name)
            policies[name] = policies.get(name, "") + f"<policy>{policy}</policy>"
    shown = (f"{element('applicationName', name)}<policies>{inner}</policies>" for name, inner in sorted(policies.items()))
    content = "".join(f"<appSubscription>{each}</appSubscription>" for each in shown)
    return Result("success", data(f"<permissions>{content}</permissions>"), transactions=1)


def read_entity_details(work: Work, element_: etree._Element) -> Result:
    """`readEntityDetails`: the session's entity; at the top level there is none to describe."""
    row = work.storage.find(work.company.entity_kind, "key", work.entity) if work.entity else None
    if row is None:
        raise query_failed("The session is not at an entity.")
    parts = (
        ("id", row[work.company.entity_key]),
        ("name", row["NAME"]),
        ("recordno", row["RECORDNO"]),
        ("currency", row.get("CURRENCY", "")),
        ("firstfiscalmonth", row.get("FIRSTMONTH", "")),
    )
    return Result("success", data(f"<entity>{''.join(element(name, value) for name, value in parts)}</entity>"), transactions=1)


_RIGHTS = (
    ("List", ("query", "readByQuery")),
    ("Readonly", ("read", "readByName")),
    ("Add", ("create",)),
    ("Modify", ("update",)),
    ("Delete", ("delete",)),
)


def _functions(kind: Kind, verbs: tuple[str, ...]) -> list[str]:
    """The generic functions of an object that do one of these; where there is none, its own ones such as create_potransaction."""
    generic = [verb for verb in verbs if verb in kind.functions]
    return generic or [name for name, legacy in FUNCTIONS.items() if legacy.kind == kind.name and legacy.verb in verbs]


def _may(kind: Kind, function: str, denied: list[str]) -> bool:
    return f"{function} {kind.name}" not in denied and f"{function} *" not in denied


def _kind(work: Work, name: str) -> Kind:
    """The object by name; descriptions are given without checking permission (intacct-xml §2.6)."""
    kind = work.company.kinds.get(name.upper())
    if kind is None or kind.rest_only:
        raise no_such_object(name)
    return kind


def _user(work: Work, userid: str, number: str) -> str:
    kind = work.company.user_kind
    row = work.storage.find(kind, "key", userid) if userid else work.storage.get(kind, number or work.user_number)
    if row is None:
        text = f"Login ID {userid or number} does not exist."
        raise Refusal(business(text, errorno="BL03000025", correction="Provide a valid USER.LOGINID value."))
    return str(row["RECORDNO"])


def _listed(work: Work, kind: Kind) -> list[Field]:
    found = []
    for name in work.columns.all(kind):
        own = kind.by_name.get(name)
        found.append(own or Field(name, work.columns.find(kind, name).type, read_only=True))
    return found


def _is_required(work: Work, kind: Kind, field: Field) -> bool:
    match field.need:
        case Need.YES:
            return True
        case Need.UNNUMBERED:
            return kind.name not in work.settings["numbered"]
        case Need.MULTI_ENTITY:
            return bool(work.settings["location_required"]) and work.company.is_multi_entity
        case _:
            return False


def _field(work: Work, kind: Kind, field: Field) -> str:
    values = "".join(element("VALIDVALUE", choice.label) for choice in field.choices)
    if field.type is Type.BOOLEAN:
        values = element("VALIDVALUE", "true") + element("VALIDVALUE", "false")
    parts = (
        element("ID", field.name),
        element("LABEL", field.title),
        element("DESCRIPTION", field.title),
        element("REQUIRED", "true" if _is_required(work, kind, field) else "false"),
        element("READONLY", "true" if field.read_only else "false"),
        element("DATATYPE", field.type),
        element("ISCUSTOM", "true" if field.custom else "false"),
        f"<VALIDVALUES>{values}</VALIDVALUES>" if values else "",
    )
    return f"<Field>{''.join(parts)}</Field>"


def _relation(work: Work, kind: Kind, name: str, key: str, target: str) -> str:
    known = work.company.kinds.get(target)
    own = next((each.name for each in kind.fields if each.ref is not None and each.ref.key == key), "")
    parts = (
        element("OBJECTPATH", name),
        element("OBJECTNAME", target),
        element("LABEL", known.label if known is not None else target.title()),
        element("RELATIONSHIPTYPE", "MANY2ONE"),
        element("RELATEDBY", own or (known.key if known is not None else key)),
    )
    return f"<Relationship>{''.join(parts)}</Relationship>"


def _detail(work: Work, kind: Kind, number: int, field: Field) -> str:
    limit = work.settings["max_lengths"].get(f"{kind.name}.{field.name}", field.max) or _WIDTHS.get(field.type, 0)
    parts = (
        ("Name", field.name),
        ("GroupName", ""),
        ("dataName", f"Pt_Field{'Int' if field.type is Type.INTEGER else 'String'}"),
        ("externalDataName", field.type.lower()),
        ("isRequired", "true" if _is_required(work, kind, field) else "false"),
        ("isReadOnly", "true" if field.read_only else "false"),
        ("maxLength", str(limit or "")),
        ("DisplayLabel", field.title),
        ("Description", field.title),
        ("id", str(number)),
    )
    return f"<Field>{''.join(element(name, value) for name, value in parts)}</Field>"
