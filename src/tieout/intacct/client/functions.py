"""Builders of the generic functions (intacct-xml §2); each gives one `Function` ready to be sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tieout.intacct.client.envelope import Function, Markup, element, function, joined
from tieout.intacct.client.filters import Condition, Query

MAX_KEYS = 100
MAX_LEGACY_PAGE = 1000


def get_api_session(control_id: str, entity: str | None = None) -> Function:
    """Open a session at the level signed in to; a given entity ("" for the top) switches to it (§1.5)."""
    content = None if entity is None else {"locationid": entity}
    return function("getAPISession", control_id, content, transactions=0)


def create(control_id: str, object: str, values: Mapping[str, Any]) -> Function:
    """Create one record (§2.1). Raises UnwritableError."""
    return function("create", control_id, {object: values}, object=object)


def update(control_id: str, object: str, values: Mapping[str, Any]) -> Function:
    """Change one record, named by RECORDNO or natural key among the values; None clears a field (§2.2, §4.4)."""
    return function("update", control_id, {object: values}, object=object)


def delete(control_id: str, object: str, keys: Sequence[str]) -> Function:
    """Delete records by RECORDNO (§2.3)."""
    content = {"object": object, "keys": _keys(keys)}
    return function("delete", control_id, content, object=object, transactions=len(keys))


def read(control_id: str, object: str, keys: Sequence[str], fields: Sequence[str] = ("*",), *, definition: str = "") -> Function:
    """Read records with their lines by RECORDNO (§2.4)."""
    return _read("read", control_id, object, keys, fields, definition)


def read_by_name(control_id: str, object: str, keys: Sequence[str], fields: Sequence[str] = ("*",)) -> Function:
    """Read records with their lines by natural key (§2.4)."""
    return _read("readByName", control_id, object, keys, fields, "")


def _read(name: str, control_id: str, object: str, keys: Sequence[str], fields: Sequence[str], definition: str) -> Function:
    content = {"object": object, "keys": _keys(keys), "fields": ",".join(fields), "returnFormat": "xml"}
    if definition:
        content["docparid"] = definition
    return function(name, control_id, content, object=object)


def _keys(keys: Sequence[str]) -> str:
    if not 1 <= len(keys) <= MAX_KEYS:
        raise ValueError(f"one call takes 1 to {MAX_KEYS} keys, not {len(keys)}")
    if any("," in key for key in keys):
        raise ValueError("a key with a comma cannot be read by key; use a query")
    return ",".join(keys)


def query(control_id: str, asked: Query) -> Function:
    """Run a query (§2.6)."""
    content: dict[str, Any] = {"object": asked.object}
    if asked.definition:
        content["docparid"] = asked.definition
    content["select"] = {"field": list(asked.fields)}
    if asked.where is not None:
        content["filter"] = _condition(asked.where)
    if asked.order:
        content["orderby"] = {"order": [{"field": name, "ascending" if rising else "descending": None} for name, rising in asked.order]}
    options = {name: True for name, wanted in (("caseinsensitive", asked.case_insensitive), ("showprivate", asked.show_private)) if wanted}
    if options:
        content["options"] = options
    return function("query", control_id, {**content, "pagesize": asked.page_size, "offset": asked.offset}, object=asked.object)


def _condition(condition: Condition) -> Markup:
    if condition.parts:
        return element(condition.operator, joined(*map(_condition, condition.parts)))
    return element(condition.operator, {"field": condition.field, "value": list(condition.values)})


def read_by_query(
    control_id: str,
    object: str,
    where: str = "",
    fields: Sequence[str] = ("*",),
    *,
    page_size: int = MAX_LEGACY_PAGE,
) -> Function:
    """The older query with an SQL-like condition on stored codes (§2.5, §3.0)."""
    if not 1 <= page_size <= MAX_LEGACY_PAGE:
        raise ValueError(f"a page holds 1 to {MAX_LEGACY_PAGE} records, not {page_size}")
    content = {"object": object, "fields": ",".join(fields), "query": where, "pagesize": page_size}
    return function("readByQuery", control_id, content, object=object)


def read_more(control_id: str, result_id: str) -> Function:
    """The next page of a `read_by_query` of the same session (§2.5)."""
    return function("readMore", control_id, {"resultId": result_id})


def lookup(control_id: str, object: str) -> Function:
    """The fields and relationships of an object (§2.8)."""
    return function("lookup", control_id, {"object": object}, object=object)


def inspect(control_id: str, object: str = "*", *, detail: bool = False) -> Function:
    """The names of all objects, or the fields of one, with lengths if `detail` (§2.10)."""
    content = {"object": object}
    if detail:
        return function("inspect", control_id, content, object=object, attributes={"detail": "1"})
    return function("inspect", control_id, content, object=object)


def get_dimensions(control_id: str) -> Function:
    """The dimensions of the company, user-defined ones included (§7.4)."""
    return function("getDimensions", control_id)


def read_user_formatting(control_id: str, user_id: str) -> Function:
    """How dates and times are written for a user (§2.9, §4.1)."""
    return function("readUserFormatting", control_id, {"userId": user_id})


def get_user_permissions(control_id: str, user_id: str) -> Function:
    """The rights of a user by subscription (§2.9)."""
    return function("getUserPermissions", control_id, {"userId": user_id})


def get_applications(control_id: str) -> Function:
    """The applications the company subscribes to (§2.9)."""
    return function("get_applications", control_id)


def get_company_prefs(control_id: str, application: str) -> Function:
    """The preferences of one application, such as GL, AP, PO or ME (§2.9)."""
    return function("get_companyprefs", control_id, attributes={"application": application})


def read_entity_details(control_id: str) -> Function:
    """The entities of the company with currency and first fiscal month (§2.9)."""
    return function("readEntityDetails", control_id)


def get_transactions_to_approve(control_id: str, module: str = "purchasing") -> Function:
    """The documents that wait for this user's approval (§2.9)."""
    return function("getTransactionsToApprove", control_id, {"module": module})


def get_approval_history(control_id: str, document_id: str, module: str = "purchasing") -> Function:
    """Who approved or declined a document, by DOCID (§2.9)."""
    return function("getApprovalHistory", control_id, {"module": module, "docid": document_id})


def get(control_id: str, object: str, key: str) -> Function:
    """One record of an older object, such as supdoc by its id (§2.11)."""
    return function("get", control_id, object=object, attributes={"object": object, "key": key})


def get_list(
    control_id: str,
    object: str,
    where: Sequence[tuple[str, str, str]] = (),
    *,
    fields: Sequence[str] = (),
    start: int = 0,
    max_items: int = 100,
    show_private: bool = False,
) -> Function:
    """Records of an older object by conditions that all hold, each a field, an operator and a value (§2.11).

    Operators: = != < <= > >= like, and “is null”. Raises ValueError for another.
    """
    expressions = [{"field": name, "operator": _operator(sign), "value": text} for name, sign, text in where]
    content: dict[str, Any] = {}
    if len(expressions) == 1:
        content["filter"] = {"expression": expressions}
    elif expressions:
        content["filter"] = element("logical", {"expression": expressions}, logical_operator="and")
    content["sorts"] = {"sortfield": "recordno"}
    if fields:
        content["fields"] = {"field": list(fields)}
    asked = {"object": object, "start": str(start), "maxitems": str(max_items), "showprivate": "true" if show_private else "false"}
    return function("get_list", control_id, content, object=object, attributes=asked)


_OPERATORS = frozenset(("=", "!=", "<", "<=", ">", ">=", "like", "is null"))


def _operator(sign: str) -> str:
    if sign not in _OPERATORS:
        raise ValueError(f"“{sign}” is no operator of get_list; known: {', '.join(sorted(_OPERATORS))}")
    return sign
