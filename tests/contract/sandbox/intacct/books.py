"""What tests of documents need first, and the documents themselves as elements."""

from __future__ import annotations

from tests.contract.sandbox.intacct.gateway import Gateway, Reply


def vendor(intacct: Gateway, number: str = "V-1", extra: str = "", contact: str = "<PRINTAS>Acme Supply</PRINTAS>") -> Reply:
    inner = f"<VENDORID>{number}</VENDORID><NAME>Acme Supply</NAME><DISPLAYCONTACT>{contact}</DISPLAYCONTACT>{extra}"
    return intacct.call(f"<create><VENDOR>{inner}</VENDOR></create>")


def account(number: str, extra: str = "") -> str:
    kind = "" if "<NORMALBALANCE>" in extra else "<NORMALBALANCE>debit</NORMALBALANCE>"
    closing = "" if "<CLOSINGTYPE>" in extra else "<CLOSINGTYPE>non-closing account</CLOSINGTYPE>"
    return f"<GLACCOUNT><ACCOUNTNO>{number}</ACCOUNTNO><TITLE>Account {number}</TITLE>{kind}{closing}{extra}</GLACCOUNT>"


def bill_line(amount: str = "100.00", account: str = "5100", location: str = "100", extra: str = "") -> str:
    place = f"<LOCATIONID>{location}</LOCATIONID>" if location else ""
    return f"<APBILLITEM><ACCOUNTNO>{account}</ACCOUNTNO><TRX_AMOUNT>{amount}</TRX_AMOUNT>{place}{extra}</APBILLITEM>"


def bill_of(
    *lines: str, number: str = "B-1", vendor: str = "V-1", created: str = "03/10/2026", due: str = "04/09/2026", extra: str = ""
) -> str:
    head = "".join(
        f"<{name}>{value}</{name}>"
        for name, value in (("VENDORID", vendor), ("RECORDID", number), ("WHENCREATED", created), ("WHENDUE", due))
        if value
    )
    return f"<APBILL>{head}{extra}<APBILLITEMS>{''.join(lines or (bill_line(),))}</APBILLITEMS></APBILL>"


def create(intacct: Gateway, *objects: str) -> Reply:
    return intacct.call(f"<create>{''.join(objects)}</create>")


def number_in(reply: Reply) -> str:
    assert reply.status == "success", reply.response.text
    return reply.rows[0]["RECORDNO"]


def bill(intacct: Gateway, *lines: str, **more: str) -> str:
    """Creates a bill and gives its RECORDNO."""
    return number_in(create(intacct, bill_of(*lines, **more)))
