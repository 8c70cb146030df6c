"""Builders of the document functions, whose elements stand in a fixed order (intacct-xml §2.11, §3C, §3D).

Values are given by element name in any order; the builder orders them, writes dates as the function wants them and
refuses a name it does not know, because the gateway would refuse the whole request. On an update None clears.
A contact is given by its name, custom fields as a mapping of name to value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tieout.intacct.client import orders
from tieout.intacct.client.envelope import Function, Markup, element, function, joined
from tieout.intacct.client.errors import UnwritableError

Values = Mapping[str, Any]

_CONTACTS = frozenset(("payto", "returnto", "billto", "shipto", "deliverto"))
_LISTS = {"taxentries": "taxentry", "itemdetails": "itemdetail", "linesubtotals": "linesubtotal"}


@dataclass(frozen=True, slots=True)
class _Document:
    """The shape of one family of functions: where its lines go, what an update calls them and whether it can do without."""

    create_lines: str
    line: str
    update_lines: str
    changed_line: str
    needs_lines: bool = True


_BILL = _Document("billitems", "lineitem", "updatebillitems", "updatelineitem")
_INVOICE = _Document("invoiceitems", "lineitem", "updateinvoiceitems", "updatelineitem")
_ADJUSTMENT = _Document("apadjustmentitems", "lineitem", "updateapadjustmentitems", "updatelineitem")
_CREDIT = _Document("aradjustmentitems", "lineitem", "updatearadjustmentitems", "updatelineitem", needs_lines=False)
_SALE = _Document("sotransitems", "sotransitem", "updatesotransitems", "updatesotransitem")
_PURCHASE = _Document("potransitems", "potransitem", "updatepotransitems", "updatepotransitem")


def create_bill(control_id: str, header: Values, lines: Sequence[Values]) -> Function:
    """Enter a bill by the older function; the answer's `key` is its RECORDNO (§3D). Raises UnwritableError."""
    return _create("create_bill", control_id, header, lines, _BILL, "APBILL")


def update_bill(
    control_id: str, key: str, header: Values, changed: Mapping[int, Values] | None = None, added: Sequence[Values] = ()
) -> Function:
    """Change a bill's header, lines by number (counted from 1) and add lines; other lines stay."""
    return _update("update_bill", control_id, key, header, changed or {}, added, _BILL, "APBILL")


def delete_bill(control_id: str, key: str) -> Function:
    """Delete a bill by RECORDNO."""
    return _keyed("delete_bill", control_id, key, {}, "APBILL")


def reverse_bill(control_id: str, key: str, reversed_on: date, description: str = "") -> Function:
    """Reverse a posted bill on a date, which must lie in an open period."""
    return _reverse("reverse_bill", control_id, key, reversed_on, description, "APBILL")


def recall_bill(control_id: str, key: str) -> Function:
    """Take a submitted bill back into draft (§2.9)."""
    return function("recallApBill", control_id, {"recordno": key}, object="APBILL")


def create_invoice(control_id: str, header: Values, lines: Sequence[Values]) -> Function:
    """Enter an invoice; the answer's `key` is its RECORDNO (§3D). Raises UnwritableError."""
    return _create("create_invoice", control_id, header, lines, _INVOICE, "ARINVOICE")


def update_invoice(
    control_id: str, key: str, header: Values, changed: Mapping[int, Values] | None = None, added: Sequence[Values] = ()
) -> Function:
    """Change an invoice's header, lines by number (counted from 1) and add lines; other lines stay."""
    return _update("update_invoice", control_id, key, header, changed or {}, added, _INVOICE, "ARINVOICE")


def delete_invoice(control_id: str, key: str) -> Function:
    """Delete an invoice by RECORDNO."""
    return _keyed("delete_invoice", control_id, key, {}, "ARINVOICE")


def reverse_invoice(control_id: str, key: str, reversed_on: date, description: str = "") -> Function:
    """Reverse a posted invoice on a date, which must lie in an open period."""
    return _reverse("reverse_invoice", control_id, key, reversed_on, description, "ARINVOICE")


def create_apadjustment(control_id: str, header: Values, lines: Sequence[Values]) -> Function:
    """Enter a credit (negative amounts) or debit memo of a vendor; the answer's `key` is its RECORDNO."""
    return _create("create_apadjustment", control_id, header, lines, _ADJUSTMENT, "APADJUSTMENT")


def update_apadjustment(
    control_id: str, key: str, header: Values, changed: Mapping[int, Values] | None = None, added: Sequence[Values] = ()
) -> Function:
    """Change an adjustment's header, lines by number (counted from 1) and add lines; `datecreated` is required."""
    return _update("update_apadjustment", control_id, key, header, changed or {}, added, _ADJUSTMENT, "APADJUSTMENT")


def delete_apadjustment(control_id: str, key: str) -> Function:
    """Delete an adjustment by RECORDNO."""
    return _keyed("delete_apadjustment", control_id, key, {}, "APADJUSTMENT")


def create_aradjustment(control_id: str, header: Values, lines: Sequence[Values]) -> Function:
    """Enter a credit (negative amounts) or debit memo of a customer; the answer's `key` is its RECORDNO."""
    return _create("create_aradjustment", control_id, header, lines, _CREDIT, "ARADJUSTMENT")


def update_aradjustment(
    control_id: str, key: str, header: Values, changed: Mapping[int, Values] | None = None, added: Sequence[Values] = ()
) -> Function:
    """Change a customer's adjustment: header, lines by number (counted from 1), added lines; other lines stay."""
    return _update("update_aradjustment", control_id, key, header, changed or {}, added, _CREDIT, "ARADJUSTMENT")


def delete_aradjustment(control_id: str, key: str) -> Function:
    """Delete a customer's adjustment by RECORDNO."""
    return _keyed("delete_aradjustment", control_id, key, {}, "ARADJUSTMENT")


def reverse_appayment(control_id: str, key: str, reversed_on: date, description: str = "") -> Function:
    """Reverse a vendor payment, which opens its bills again."""
    return _reverse("reverse_appayment", control_id, key, reversed_on, description, "APPYMT")


def reverse_arpayment(control_id: str, key: str, reversed_on: date, description: str = "") -> Function:
    """Reverse a customer payment, which opens its invoices again."""
    return _reverse("reverse_arpayment", control_id, key, reversed_on, description, "ARPYMT")


def apply_arpayment(control_id: str, key: str, paid_on: date, invoices: Mapping[str, Any], memo: str = "") -> Function:
    """Apply a payment to invoices: amount by invoice RECORDNO."""
    values = {
        "arpaymentkey": key,
        "paymentdate": paid_on,
        "memo": memo or None,
        "arpaymentitems": {"arpaymentitem": [{"invoicekey": number, "amount": amount} for number, amount in invoices.items()]},
    }
    content = {name: _content(name, value) for name, value in values.items() if value is not None}
    return function("apply_arpayment", control_id, content, object="ARPYMT")


def create_potransaction(control_id: str, header: Values, lines: Sequence[Values], subtotals: Sequence[Values] = ()) -> Function:
    """Enter a purchasing document of the definition named by `transactiontype`; the answer's `key` is its DOCID (§3C).

    `returnto` and `payto` are required elements: without a contact the vendor's own is taken. Raises UnwritableError.
    """
    given = {"returnto": "", "payto": "", **header}
    return _traded("create_potransaction", control_id, given, lines, subtotals, _PURCHASE, "PODOCUMENT")


def update_potransaction(
    control_id: str,
    key: str,
    header: Values,
    changed: Mapping[int, Values] | None = None,
    added: Sequence[Values] = (),
    *,
    by_external_id: bool = False,
) -> Function:
    """Change a purchasing document by DOCID: header, lines by number (counted from 1), added lines; other lines stay.

    Refused by the system in the states Submitted, In Progress, Converted and Partially Converted.
    """
    given = dict(header)
    if changed or added:
        given[_PURCHASE.update_lines] = _changed_lines(changed or {}, added, _PURCHASE, "updatepotransitem", "potransitem")
    content = _header("update_potransaction", given, omit_none=False)
    named = {"key": key, "externalkey": "true"} if by_external_id else {"key": key}
    return function("update_potransaction", control_id, content, object="PODOCUMENT", attributes=named)


def partialupdate_potransaction(control_id: str, key: str, posted_on: date) -> Function:
    """Move the posting date of a purchasing document, which is all this function can do."""
    return _keyed("partialupdate_potransaction", control_id, key, {"dateposted": posted_on}, "PODOCUMENT")


def delete_potransaction(control_id: str, key: str) -> Function:
    """Delete a purchasing document by DOCID."""
    return _keyed("delete_potransaction", control_id, key, {}, "PODOCUMENT")


def create_sotransaction(control_id: str, header: Values, lines: Sequence[Values], subtotals: Sequence[Values] = ()) -> Function:
    """Enter an Order Entry document of the definition named by `transactiontype`; the answer's `key` is its DOCID (§3D)."""
    return _traded("create_sotransaction", control_id, header, lines, subtotals, _SALE, "SODOCUMENT")


def update_sotransaction(
    control_id: str, key: str, header: Values, changed: Mapping[int, Values] | None = None, added: Sequence[Values] = ()
) -> Function:
    """Change an Order Entry document by DOCID: header, lines by number (counted from 1), added lines; other lines stay."""
    given = dict(header)
    if changed or added:
        given[_SALE.update_lines] = _changed_lines(changed or {}, added, _SALE, "updatesotransitem", "update_sotransaction/line")
    content = _header("update_sotransaction", given, omit_none=False)
    return function("update_sotransaction", control_id, content, object="SODOCUMENT", attributes={"key": key})


def delete_sotransaction(control_id: str, key: str) -> Function:
    """Delete an Order Entry document by DOCID."""
    return _keyed("delete_sotransaction", control_id, key, {}, "SODOCUMENT")


def approve(control_id: str, object: str, key: str, *, comment: str = "", by: str = "", entries: Sequence[str] = ()) -> Function:
    """Approve a TIMESHEET by RECORDNO, or only some of its entries, or a PODOCUMENT by DOCID (§2.9)."""
    return _decision("approve", "APPROVEDBY", control_id, object, key, comment, by, entries)


def decline(control_id: str, object: str, key: str, *, comment: str = "", by: str = "", entries: Sequence[str] = ()) -> Function:
    """Decline a TIMESHEET by RECORDNO, or only some of its entries, or a PODOCUMENT by DOCID (§2.9)."""
    return _decision("decline", "DECLINEDEDBY", control_id, object, key, comment, by, entries)


def _decision(
    name: str, by_element: str, control_id: str, object: str, key: str, comment: str, by: str, entries: Sequence[str]
) -> Function:
    if object not in ("TIMESHEET", "PODOCUMENT"):
        raise UnwritableError(f"{object} cannot be approved or declined through the gateway")
    content = {"DOCID" if object == "PODOCUMENT" else "RECORDNO": key}
    if object == "TIMESHEET":
        content |= {"ENTRYKEYS": ",".join(entries), by_element: by}
    content["COMMENT"] = comment
    return function(name, control_id, {object: {each: text for each, text in content.items() if text}}, object=object)


def _create(name: str, control_id: str, header: Values, lines: Sequence[Values], shape: _Document, object: str) -> Function:
    if not lines:
        raise UnwritableError(f"{name} needs at least one line")
    given = {**header, shape.create_lines: _lines(shape.line, lines, name + "/line")}
    return function(name, control_id, _header(name, given, omit_none=True), object=object)


def _traded(
    name: str, control_id: str, header: Values, lines: Sequence[Values], subtotals: Sequence[Values], shape: _Document, object: str
) -> Function:
    if not lines:
        raise UnwritableError(f"{name} needs at least one line")
    given = {**header, shape.create_lines: _lines(shape.line, lines, shape.line)}
    if subtotals:
        given["subtotals"] = _lines("subtotal", subtotals, "subtotal")
    return function(name, control_id, _header(name, given, omit_none=True), object=object)


def _update(
    name: str,
    control_id: str,
    key: str,
    header: Values,
    changed: Mapping[int, Values],
    added: Sequence[Values],
    shape: _Document,
    object: str,
) -> Function:
    """Where the container of lines is required though none changes, its first line is named with nothing to change."""
    if not changed and not added:
        if not shape.needs_lines:
            return function(name, control_id, _header(name, header, omit_none=False), object=object, attributes={"key": key})
        changed = {1: {}}
    given = {**header, shape.update_lines: _changed_lines(changed, added, shape, name + "/changed", name + "/line")}
    return function(name, control_id, _header(name, given, omit_none=False), object=object, attributes={"key": key})


def _changed_lines(
    changed: Mapping[int, Values], added: Sequence[Values], shape: _Document, changed_order: str, added_order: str
) -> Markup:
    lines: list[Markup] = []
    for number, values in sorted(changed.items()):
        if number < 1:
            raise UnwritableError(f"lines are counted from 1, not {number}")
        content = _ordered(shape.changed_line, orders.LINES[changed_order], values, omit_none=False)
        lines.append(element(shape.changed_line, content, line_num=str(number)))
    for values in added:
        lines.append(element(shape.line, _ordered(shape.line, orders.LINES[added_order], values, omit_none=True)))
    return joined(*lines)


def _lines(name: str, lines: Sequence[Values], order: str) -> dict[str, Any]:
    return {name: [_ordered(name, orders.LINES[order], values, omit_none=True) for values in lines]}


def _header(name: str, values: Values, *, omit_none: bool) -> dict[str, Any]:
    """The content of a function, its lines at their own place among the rest."""
    return _ordered(name, orders.HEADERS[name], values, omit_none=omit_none)


def _ordered(name: str, order: Sequence[str], values: Values, *, omit_none: bool) -> dict[str, Any]:
    unknown = sorted(set(values) - set(order))
    if unknown:
        raise UnwritableError(f"{name} has no element {', '.join(unknown)}")
    return {each: _content(each, values[each]) for each in order if each in values and not (omit_none and values[each] is None)}


def _content(name: str, value: Any) -> Any:
    """A value as its element holds it: dates in three parts, contacts by name, lists in their containers."""
    if name in orders.DATES and isinstance(value, date) and not isinstance(value, datetime):
        return {"year": f"{value.year:04}", "month": f"{value.month:02}", "day": f"{value.day:02}"}
    if name in _CONTACTS and not isinstance(value, Mapping):
        return {"contactname": value}
    if name == "customfields" and isinstance(value, Mapping):
        return {"customfield": [{"customfieldname": each, "customfieldvalue": inner} for each, inner in value.items()]}
    if name in _LISTS and isinstance(value, list | tuple):
        return {_LISTS[name]: [dict(each) for each in value]}
    return value


def _reverse(name: str, control_id: str, key: str, reversed_on: date, description: str, object: str) -> Function:
    return _keyed(name, control_id, key, {"datereversed": reversed_on, "description": description or None}, object)


def _keyed(name: str, control_id: str, key: str, values: Values, object: str) -> Function:
    content = {each: _content(each, value) for each, value in values.items() if value is not None}
    return function(name, control_id, content, object=object, attributes={"key": key})
