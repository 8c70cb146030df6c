"""Invoices and what they name, over REST (intacct-rest §15.20)."""

from __future__ import annotations

from tieout.sandbox.intacct.rest.mapping import Form, Link, Property, RestObject, Rows, same
from tieout.sandbox.intacct.rest.objects.purchasing import LINE

INVOICE_LINE = RestObject(
    "accounts-receivable/invoice-line",
    "ARINVOICEITEM",
    rows=(*LINE, Link("invoice", "", "accounts-receivable/invoice", key="RECORDKEY", read_only=True)),
    owner="invoice",
)

INVOICE = RestObject(
    "accounts-receivable/invoice",
    "ARINVOICE",
    rows=(
        *same(("recordType", "RECORDTYPE"), ("invoiceNumber", "RECORDID"), ("moduleKey", "MODULEKEY"), ("state", "STATE")),
        *same(("referenceNumber", "DOCNUMBER"), ("description", "DESCRIPTION"), ("invoiceDate", "WHENCREATED"), ("dueDate", "WHENDUE")),
        *same(("discountCutOffDate", "WHENDISCOUNT"), ("invoiceSummary.glPostingDate", "WHENPOSTED"), ("webURL", "RECORD_URL")),
        *same(("currency.baseCurrency", "BASECURR"), ("currency.txnCurrency", "CURRENCY")),
        *same(("currency.exchangeRate.date", "EXCH_RATE_DATE"), ("currency.exchangeRate.typeId", "EXCH_RATE_TYPE_ID")),
        *same(("totalBaseAmount", "TOTALENTERED"), ("totalBaseAmountDue", "TOTALDUE"), ("totalTxnAmount", "TRX_TOTALENTERED")),
        *same(("totalTxnAmountDue", "TRX_TOTALDUE"), ("paymentInformation.fullyPaidDate", "WHENPAID")),
        *same(("paymentInformation.totalBaseAmountPaid", "TOTALPAID"), ("paymentInformation.totalTxnAmountPaid", "TRX_TOTALPAID")),
        Property("currency.exchangeRate.rate", "EXCHANGE_RATE", Form.NUMBER),
        Link("customer", "CUSTOMERID", "accounts-receivable/customer", shows=("deliveryOptions",)),
        Link("term", "TERMNAME", "accounts-receivable/term"),
        Link("customerMessage", "CUSTMESSAGEID", "accounts-receivable/customer-message", shows=("message",)),
        Link("contacts.payTo", "BILLTOPAYTOCONTACTNAME", "company-config/contact"),
        Link("contacts.returnTo", "SHIPTORETURNTOCONTACTNAME", "company-config/contact"),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
        Link("taxSolution", "TAXSOLUTIONID", "tax/tax-solution"),
        Rows("lines", "ARINVOICEITEMS", "accounts-receivable/invoice-line"),
    ),
)

OBJECTS = (
    *(INVOICE, INVOICE_LINE),
    RestObject("accounts-receivable/customer-message", "CUSTMESSAGE", rows=same(("message", "MESSAGE"), ("status", "STATUS"))),
    RestObject("company-config/contact-tax-group", "CONTACTTAXGROUP", rows=same(("status", "STATUS"))),
)
