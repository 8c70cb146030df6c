"""Runs the object-specific functions over the same records and rules as the generic ones (intacct-xml §2.11, §3D)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial

from lxml import etree

from tieout.sandbox.intacct import deposits, documents, settlements
from tieout.sandbox.intacct.behaviours import DOCUMENTS, SETTLEMENTS
from tieout.sandbox.intacct.catalogue.legacy import FUNCTIONS
from tieout.sandbox.intacct.catalogue.shapes import Legacy
from tieout.sandbox.intacct.envelope import text_of
from tieout.sandbox.intacct.fields import Keeping, Kind, Owned
from tieout.sandbox.intacct.incoming import JOINT, Given
from tieout.sandbox.intacct.ledger import money
from tieout.sandbox.intacct.legacy import LINE_NUMBER, read
from tieout.sandbox.intacct.legacy_tasks import name_tasks
from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.periods import base_currency, due_date, shown
from tieout.sandbox.intacct.records import create, delete, update
from tieout.sandbox.intacct.reply import Result, element
from tieout.sandbox.intacct.values import BadLiteral, plain
from tieout.sandbox.intacct.wording import Refusal, bad_reference, business, wrapped
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

Handler = Callable[[Work, etree._Element], Result]
_UNSEEN = ("NOGL", "EXTERNALID")  # kept with the record, shown by no read
_DELIVERIES = {"print": "Print", "email": "E-Mail", "both": "Print#~#E-Mail"}


def handlers() -> Mapping[str, Handler]:
    """Every function of the table by name, and recallApBill."""
    found: dict[str, Handler] = {name: partial(_run, name, legacy) for name, legacy in FUNCTIONS.items() if legacy.verb in _VERBS}
    found["recallApBill"] = _recall
    return found


def _run(name: str, legacy: Legacy, work: Work, asked: etree._Element) -> Result:
    kind = work.company.kinds[legacy.kind]
    work.permit(name, kind.name)
    with work.storage.transaction():
        key = _VERBS[legacy.verb](work, kind, legacy, asked)
    return Result("success", element("key", key) if key else "", written=1, transactions=1)


def _create(work: Work, kind: Kind, legacy: Legacy, asked: etree._Element) -> str:
    given = read(legacy, asked)
    preset = {name: value for name in _UNSEEN if (value := given.pop(name, "")) and value != "false"}
    _complete(work, kind, given)
    given = {**legacy.defaults, **given}
    for name, target in legacy.narrowed.items():
        if given.get(name) and work.storage.find(target, "key", given[name]) is None:
            refusal = bad_reference(kind, kind.by_name[name], given[name], work.company.kinds[target].label)
            raise Refusal(refusal, wrapped("create", kind))
    name_tasks(work, kind, given)
    kind = work.defined(kind, given.get("DOCPARID", ""))
    return str(create(work, kind, given, preset)[legacy.returns])


def _complete(work: Work, kind: Kind, given: Given) -> None:
    """What a legacy create may leave out or says in its own words."""
    if kind.name in DOCUMENTS and given.get("TERMNAME") and not given.get("WHENDUE"):
        _set_due(work, kind, given)
    if kind.name == "SUPDOC":
        _check_files(kind, given.get("ATTACHMENTS", []))
    for part in kind.parts:
        if not any(name.startswith(f"{part.name}.") for name in given):
            given[f"{part.name}.PRINTAS"] = given.get("NAME", "")
    _complete_person(work, given)


def _complete_person(work: Work, given: Given) -> None:
    """Says in the words of the generic functions how documents are delivered, and who an employee is: a contact that may be sent along."""
    if given.get("DELIVERY_OPTIONS"):
        given["DELIVERY_OPTIONS"] = _DELIVERIES.get(given["DELIVERY_OPTIONS"], given["DELIVERY_OPTIONS"])
    person = given.pop("@personalinfo", None)
    if person is None:
        return
    given["PERSONALINFO.CONTACTNAME"] = person.get("CONTACTNAME", "")
    if "PRINTAS" not in person:
        return
    contact = work.company.kinds["CONTACT"]
    held = work.storage.find(contact.name, "key", person["CONTACTNAME"])
    if held is None:
        create(work, contact, person)
    else:
        update(work, contact, {**person, "RECORDNO": held["RECORDNO"]})


def _set_due(work: Work, kind: Kind, given: Given) -> None:
    """The due date a term makes of the document's date (datedue or termname, intacct-xml §3D)."""
    ref = kind.by_name["TERMNAME"].ref
    term = work.storage.find(ref.kind, "key", given["TERMNAME"]) if ref is not None else None
    if term is None or not given.get("WHENCREATED"):
        return
    try:
        given["WHENDUE"] = due_date(term, given["WHENCREATED"])
    except ValueError:
        raise Refusal(business(f"'{given['WHENCREATED']}' is not a day that exists.", errorno="BL03000018", object=kind.name)) from None


def _update(work: Work, kind: Kind, legacy: Legacy, asked: etree._Element) -> str:
    given = read(legacy, asked)
    if legacy.key:
        given["RECORDNO"] = _number(work, kind, legacy, asked)
    given = {**legacy.defaults, **given}
    name_tasks(work, kind, given)
    _complete_person(work, given)
    for owned in kind.owned:
        if owned.name in given and not legacy.whole:
            given[owned.name] = _merged(work, kind, owned, given["RECORDNO"], given[owned.name])
    held = work.visible(kind, given.get("RECORDNO", "")) or {}
    update(work, work.defined(kind, held.get("DOCPARID", "")), given)
    return ""


def _merged(work: Work, kind: Kind, owned: Owned, number: str, lines: list[Given]) -> list[Given]:
    """The lines as the generic update wants them: existing ones with what changes, then new ones; line_num counts from 1."""
    held = owned_rows(work, owned, number)
    changes: dict[str, Given] = {}
    added = []
    for line in lines:
        place = line.pop(LINE_NUMBER, None)
        if place is None:
            added.append(line)
        elif not str(place).isdecimal() or not 1 <= int(place) <= len(held):
            text = f"{kind.label} '{number}' has no line {place}."
            raise Refusal(business(text, object=owned.kind, field="line_num"), wrapped("update", kind))
        else:
            changes[held[int(place) - 1]["RECORDNO"]] = line
    kept = [row["RECORDNO"] for row in held if owned.keeping is Keeping.REPLACE or row["RECORDNO"] in changes]
    return [{"RECORDNO": each, **changes.get(each, {})} for each in kept] + added


def _delete(work: Work, kind: Kind, legacy: Legacy, asked: etree._Element) -> str:
    delete(work, kind, _number(work, kind, legacy, asked))
    return ""


def _number(work: Work, kind: Kind, legacy: Legacy, asked: etree._Element) -> str:
    key = asked.get(legacy.key, "")
    if asked.get("externalkey") == "true":
        named = work.storage.where(kind.name, "EXTERNALID", key) if "EXTERNALID" in kind.indexes else []
        return str(named[0]["RECORDNO"]) if named else key
    if legacy.natural:
        found = work.storage.find(kind.name, "key", key)
        return str(found["RECORDNO"]) if found is not None else key
    return key


def _named(work: Work, kind: Kind, number: str, verb: str) -> Row:
    row = work.visible(kind, number)
    if row is None:
        raise Refusal(business(f"Cannot find {kind.label.lower()} with key '{number}' to {verb}.", object=kind.name))
    return row


def _reverse(work: Work, kind: Kind, legacy: Legacy, asked: etree._Element) -> str:
    row = _named(work, kind, _number(work, kind, legacy, asked), "reverse")
    day = asked.find("datereversed")
    when = "/".join(text_of(day.find(name)).zfill(2) for name in ("month", "day", "year")) if day is not None else ""
    text = text_of(asked.find("description")) or text_of(asked.find("memo"))
    try:
        if kind.name in DOCUMENTS:
            documents.reverse(DOCUMENTS[kind.name], work, kind, row, when, text)
        else:
            settlements.void(SETTLEMENTS[kind.name], DOCUMENTS, work, kind, row, when, text)
    except (ValueError, BadLiteral):
        raise Refusal(business(f"'{when}' is not a day that exists.", errorno="BL03000018", object=kind.name)) from None
    return ""


def _deposit(work: Work, kind: Kind, legacy: Legacy, asked: etree._Element) -> str:
    given = read(legacy, asked)
    return str(deposits.record(work, kind, given, given.pop("KEYS").split(JOINT))["RECORDNO"])


def _bring_on(work: Work, kind: Kind, legacy: Legacy, asked: etree._Element) -> str:
    """Takes several payments a step further, or voids them as of today; all or none."""
    for number in read(legacy, asked)["KEYS"].split(JOINT):
        row = _named(work, kind, number, legacy.verb)
        if legacy.verb == "void":
            settlements.void(SETTLEMENTS[kind.name], DOCUMENTS, work, kind, row, shown(work.now.date()), "")
        else:
            settlements.bring_on(SETTLEMENTS[kind.name], DOCUMENTS, work, kind, row, legacy.verb)
    return ""


def _recall(work: Work, asked: etree._Element) -> Result:
    kind = work.company.kinds["APBILL"]
    work.permit("recallApBill", kind.name)
    number = text_of(asked.find("recordno")) or text_of(asked.find("RECORDNO"))
    with work.storage.transaction():
        documents.recall(DOCUMENTS[kind.name], work, kind, _named(work, kind, number, "recall"))
    return Result("success", written=1, transactions=1)


# -- receipts


def _pay(work: Work, kind: Kind, legacy: Legacy, asked: etree._Element) -> str:
    """`create_arpayment`: what it does not apply stays on the payment, for `apply_arpayment`."""
    given = read(legacy, asked)
    items = given.get("ARPYMTDETAILS", [])
    for name in ("@onlinecardpayment", "@onlineachpayment"):
        given.pop(name, None)
    total = _amount(kind, given.pop("PAYMENTAMOUNT"))
    applied = sum((_amount(kind, each["TRX_PAYMENTAMOUNT"]) for each in items), Decimal(0))
    if applied > total:
        raise Refusal(business(f"Payment of {plain(applied)} exceeds total amount due ({plain(total)})", object=kind.name))
    given.setdefault("RECEIPTDATE", shown(work.now.date()))
    given.setdefault("PAYMENTMETHOD", "Printed Check")
    given.setdefault("CURRENCY", base_currency(work, work.entity))
    if total > applied:
        given["OVERPAYMENTAMOUNT"] = plain(total - applied)
    # A receipt that pays nothing yet: only this function can make one.
    preset = {} if items else {settlements.UNAPPLIED: "true"}
    return str(create(work, kind, given, preset)["RECORDNO"])


def _apply(work: Work, kind: Kind, legacy: Legacy, asked: etree._Element) -> str:
    given = read(legacy, asked)
    row = _named(work, kind, given["RECORDNO"], "apply")
    parts = [(each["RECORDKEY"], _amount(kind, each["TRX_PAYMENTAMOUNT"])) for each in given["ARPYMTDETAILS"]]
    settlements.apply_more(SETTLEMENTS[kind.name], DOCUMENTS, work, kind, row, parts, given["RECEIPTDATE"])
    return str(row["RECORDNO"])


def _amount(kind: Kind, text: str) -> Decimal:
    try:
        return money(text)
    except ArithmeticError:
        raise Refusal(business(f"'{text}' is not an amount.", errorno="BL03000018", object=kind.name)) from None


# -- attachments


def _extend(work: Work, kind: Kind, legacy: Legacy, asked: etree._Element) -> str:
    """`update_supdoc`: changes the header and adds files; what a file holds cannot be changed."""
    given = read(legacy, asked)
    row = work.storage.find(kind.name, "key", given["SUPDOCID"])
    if row is None:
        raise Refusal(business(f"Cannot find attachment with key '{given['SUPDOCID']}' to update.", object=kind.name))
    added = given.get("ATTACHMENTS", [])
    _check_files(kind, added)
    held = row.get("ATTACHMENTS", [])
    known = {(each["NAME"], each["TYPE"]) for each in held}
    for each in added:
        if (each.get("NAME"), each.get("TYPE")) in known:
            text = f"Attachment '{row['SUPDOCID']}' already has the file {each['NAME']}.{each['TYPE']}; delete it and create it anew."
            raise Refusal(business(text, object=kind.name), wrapped("update", kind))
    if added:
        given["ATTACHMENTS"] = [*held, *added]
    update(work, kind, {**given, "RECORDNO": row["RECORDNO"]})
    return ""


def _check_files(kind: Kind, files: list[Given]) -> None:
    for each in files:
        try:
            base64.b64decode("".join(str(each.get("DATA", "")).split()), validate=True)
        except binascii.Error:
            raise Refusal(
                business(f"The data of file '{each.get('NAME', '')}' is not Base64.", object=kind.name), wrapped("create", kind)
            ) from None


_Verb = Callable[[Work, Kind, Legacy, etree._Element], str]
_VERBS: Mapping[str, _Verb] = {
    "create": _create,
    "update": _update,
    "delete": _delete,
    "reverse": _reverse,
    "pay": _pay,
    "apply": _apply,
    "extend": _extend,
    "deposit": _deposit,
    **dict.fromkeys(("approve", "decline", "send", "confirm", "void"), _bring_on),
}
