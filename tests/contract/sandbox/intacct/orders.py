"""What tests of purchasing and order entry need first, and the documents as elements in the order of the reference."""

from __future__ import annotations

from typing import Any

from tests.contract.sandbox.intacct.books import vendor
from tests.contract.sandbox.intacct.gateway import Gateway, Reply
from tests.contract.sandbox.intacct.projects import element

DAY = "<year>2026</year><month>3</month><day>10</day>"
DUE = "<year>2026</year><month>04</month><day>09</day>"
BLANK = "<contactname></contactname>"


def day(text: str) -> str:
    """A y/m/d group from mm/dd/yyyy."""
    month, number, year = text.split("/")
    return f"<year>{year}</year><month>{month}</month><day>{number}</day>"


def po_line(**more: Any) -> str:
    """A line of 10 x 4.25 in the order of the elements; what is given comes in its place, None leaves an element out."""
    base: dict[str, Any] = {"itemid": "LUMBER", "quantity": "10", "unit": "Each", "price": "4.25", "locationid": "100"}
    return element("potransitem", ordered({**base, **more}, LINE))


def po_of(*lines: str, **more: Any) -> str:
    base: dict[str, Any] = {
        "transactiontype": "Purchase Order",
        "datecreated": DAY,
        "vendorid": "V-1",
        "datedue": DUE,
        "returnto": BLANK,
        "payto": BLANK,
    }
    given = ordered({**base, **more}, HEADER)
    subtotals = given.pop("subtotals", None)
    given["potransitems"] = "".join(lines or (po_line(),))
    return element("create_potransaction", {**given, **({"subtotals": subtotals} if subtotals else {})})


def ordered(given: dict[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    assert not (unknown := set(given) - set(order)), unknown
    return {name: given[name] for name in order if given.get(name) is not None}


HEADER = (
    *("transactiontype", "datecreated", "dateposted", "createdfrom", "vendorid", "documentno", "referenceno", "vendordocno", "termname"),
    *("datedue", "message", "shippingmethod", "returnto", "payto", "deliverto", "supdocid", "externalid", "basecurr", "currency"),
    *("exchratedate", "exchratetype", "exchrate", "customfields", "state", "projectid", "changelognumber", "scope", "executedon"),
    "subtotals",
)
LINE = (
    *("itemid", "itemaliasid", "itemdesc", "taxable", "warehouseid", "quantity", "unit", "price", "sourcelinekey"),
    *("overridetaxamount", "tax", "locationid"),
    *("departmentid", "memo", "itemdetails", "form1099", "projectid", "taskid", "costtypeid", "customerid", "vendorid", "employeeid"),
    *("classid", "billable", "retainagepercentage", "trx_amountretained", "relateddockey", "relateddoclinekey", "conversiontype"),
    *("reverseconversion", "sourcedocid", "sourcedoclineid"),
)


def item(gateway: Gateway, number: str = "LUMBER", kind: str = "Non-Inventory", extra: str = "") -> Reply:
    inner = f"<ITEMID>{number}</ITEMID><NAME>Item {number}</NAME><ITEMTYPE>{kind}</ITEMTYPE>{extra}"
    return gateway.call(f"<create><ITEM>{inner}</ITEM></create>")


def supplies(gateway: Gateway) -> None:
    """A vendor V-1 and an item LUMBER."""
    vendor(gateway)
    assert item(gateway).status == "success"


def key_in(reply: Reply) -> str:
    """The DOCID a create replied with."""
    assert reply.status == "success", reply.response.text
    found = reply.result.findtext("key")
    assert found
    return found


def purchase(gateway: Gateway, *lines: str, **more: Any) -> dict[str, Any]:
    """Creates a document and gives it as stored."""
    return document(gateway, key_in(gateway.call(po_of(*lines, **more))))


def document(gateway: Gateway, docid: str, kind: str = "PODOCUMENT") -> dict[str, Any]:
    return next(row for row in gateway.stored(kind) if row["DOCID"] == docid)


def lines_of(gateway: Gateway, docid: str, kind: str = "PODOCUMENTENTRY") -> list[dict[str, Any]]:
    return sorted((row for row in gateway.stored(kind) if row["DOCHDRID"] == docid), key=lambda row: int(row["LINE_NO"]))


def converted(gateway: Gateway, source: str, *lines: str, **more: Any) -> Reply:
    """Converts a document into a vendor invoice, or what `transactiontype` says; without lines, its first line whole."""
    first = lines or (po_line(sourcelinekey=lines_of(gateway, source)[0]["RECORDNO"]),)
    return gateway.call(po_of(*first, **{"transactiontype": "Vendor Invoice", "createdfrom": source, **more}))


def change(gateway: Gateway, docid: str, inner: str) -> Reply:
    return gateway.call(f'<update_potransaction key="{docid}">{inner}</update_potransaction>')


def change_line(gateway: Gateway, docid: str, number: int, inner: str) -> Reply:
    line = f'<updatepotransitem line_num="{number}">{inner}</updatepotransitem>'
    return change(gateway, docid, f"<updatepotransitems>{line}</updatepotransitems>")


def delete(gateway: Gateway, docid: str) -> Reply:
    return gateway.call(f'<delete_potransaction key="{docid}"/>')


def definition(gateway: Gateway, name: str, **more: Any) -> Reply:
    values = {"DOCID": name, "DOCCLASS": "Invoice", "CATEGORY": "Invoice", "EDITTYPE": "All", "DELTYPE": "All", **more}
    return gateway.call(f"<create>{element('PODOCUMENTPARAMS', {k: v for k, v in values.items() if v is not None})}</create>")
