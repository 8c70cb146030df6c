"""Purchasing and order-entry documents, their definitions and number sequences over REST (intacct-rest §14.1, §15.18, §15.19)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.orders import CLOSED, DRAFT, ORDER_ENTRY, PENDING, PURCHASING, STATES, SUBMITTED
from tieout.sandbox.intacct.facts import Order
from tieout.sandbox.intacct.fields import Choice, Field, Type
from tieout.sandbox.intacct.rest.mapping import READ_METHODS, Form, Link, Owned, Property, RestObject, Rows, same
from tieout.sandbox.intacct.rest.objects.construction import REFERENCES, SCHEDULE, SCOPE
from tieout.sandbox.intacct.rest.objects.purchasing import LINE

# Over REST a document may be sent as submitted, which comes to the same as pending (intacct-rest §15.18).
_STATE = Field(
    "STATE",
    Type.ENUM,
    "State",
    choices=tuple(Choice(each.label, each.code, writable=each.label in {DRAFT, PENDING, SUBMITTED, CLOSED}) for each in STATES),
    default=PENDING,
)
_NOT_ON_CREATE = tuple(each.label for each in STATES if each.label not in {DRAFT, PENDING, SUBMITTED})
_PAID = {"Open": "open", "Partially Paid": "partiallyPaid", "Paid": "paid", "Selected": "selected"}
_DIMENSIONS = tuple(row for row in LINE if isinstance(row, Link) and row.path.startswith("dimensions."))


def _fixed(*rows: tuple[str, str]) -> tuple[Property, ...]:
    return tuple(Property(path, column, read_only=True) for path, column in rows)


def _precise(*rows: tuple[str, str], read_only: bool = False) -> tuple[Property, ...]:
    return tuple(Property(path, column, Form.PRECISE, read_only=read_only) for path, column in rows)


def _bond(name: str) -> tuple[Property | Link, ...]:
    stem, path = name.upper(), f"{name}Bond"
    return (
        *same((f"{path}.isRequired", f"{stem}BONDREQUIRED"), (f"{path}.isReceived", f"{stem}BONDRECEIVED")),
        *same((f"{path}.amount", f"{stem}BONDAMOUNT")),
        Link(f"{path}.vendor", f"{stem}SURETYCOMPANY", "accounts-payable/vendor"),
    )


def _document(facts: Order, module: str, party: tuple[str, str], *more: Property | Link) -> RestObject:
    """The documents of one module; `party` is the property and the object of who they are with."""
    return RestObject(
        f"{module}/document",
        facts.document,
        rows=(
            *same(("documentId", "DOCID"), ("documentNumber", "DOCNO"), ("state", "STATE"), ("txnDate", "WHENCREATED")),
            *_fixed(("documentType", "DOCPARID"), ("relatedDocumentNumber", "RELATEDDOCNO"), ("webURL", "RECORD_URL")),
            *same(("dueDate", "WHENDUE"), ("postingDate", "WHENPOSTED"), ("referenceNumber", "PONUMBER"), ("notes", "NOTE")),
            *same(("vendorDocumentNumber", "VENDORDOCNO"), ("memo", "MESSAGE"), ("baseCurrency", "BASECURR"), ("txnCurrency", "CURRENCY")),
            *same(("exchangeRate.date", "EXCHRATEDATE"), ("exchangeRate.typeId", "EXCH_RATE_TYPE_ID")),
            *_precise(("exchangeRate.rate", "EXCHRATE")),
            *same(("subtotal", "SUBTOTAL"), ("subtotalInTxnCurrency", "TRX_SUBTOTAL")),
            *same(("total", "TOTAL"), ("totalInTxnCurrency", "TRX_TOTAL"), ("isPrinted", "PRINTED"), ("isBackordered", "BACKORDER")),
            *same(("isSystemGeneratedDocument", "SYSTEMGENERATED")),
            Property("paymentStatus", "PAYMENTSTATUS", Form.WORD, words=_PAID, read_only=True),
            *same(("requestedShippingDate", "NEEDBYDATE"), ("cancelAfterDate", "CANCELAFTERDATE")),
            *same(("doNotShipBeforeDate", "DONOTSHIPBEFOREDATE"), ("doNotShipAfterDate", "DONOTSHIPAFTERDATE")),
            *SCOPE,
            *(each for each in SCHEDULE if each.column != "SCHEDULEIMPACT"),
            *same(("schedule.scheduleImpactNotes", "SCHEDULEIMPACT")),
            *REFERENCES,
            *_bond("performance"),
            *_bond("payment"),
            *_fixed(("revision.isDocumentChanged", "HASCHANGE"), ("revision.changeLogNumber", "CHANGELOGNUMBER")),
            *_fixed(("revision.revisedTotal", "REVISEDTOTAL"), ("revision.revisedSubTotal", "REVISEDSUBTOTAL")),
            *_fixed(("revision.revisedTotalInTxnCurrency", "TRX_REVISEDTOTAL")),
            *_fixed(("revision.revisedSubTotalInTxnCurrency", "TRX_REVISEDSUBTOTAL"), ("originalAmount", "ORIGINALAMOUNT")),
            *_fixed(("postedChangesTotal", "POSTEDCHANGESTOTAL"), ("draftChangesTotal", "DRAFTCHANGESTOTAL")),
            *_fixed(("primaryDocumentDetails.totalAmountConverted", "TOTAL_AMOUNT_CONVERTED")),
            *_fixed(("primaryDocumentDetails.totalAmountRemaining", "TOTAL_AMOUNT_REMAINING")),
            *_precise(("primaryDocumentDetails.totalQuantityConverted", "TOTAL_QTY_CONVERTED"), read_only=True),
            *_precise(("primaryDocumentDetails.totalQuantityRemaining", "TOTAL_QTY_REMAINING"), read_only=True),
            Link("txnDefinition", "", f"{module}/txn-definition", key="DOCPARKEY", read_only=True),
            Link(party[0], "CUSTVENDID", party[1], id_needed=True),
            Link("project", "PROJECT", "projects/project"),
            Link("contacts.primary", "CONTACT.CONTACTNAME", "company-config/contact"),
            Link("contacts.shipTo", "SHIPTO.CONTACTNAME", "company-config/contact"),
            Link("contacts.billTo", "BILLTO.CONTACTNAME", "company-config/contact"),
            Link("shippingMethod", "SHIPVIA", "accounts-receivable/shipping-method"),
            Link("paymentTerm", "TERM.NAME", "accounts-payable/term" if facts is PURCHASING else "accounts-receivable/term"),
            Link("sourceDocument", "CREATEDFROM", f"{module}/document", shows=("documentType",)),
            Link("taxSolution", "TAXSOLUTIONID", "tax/tax-solution"),
            Link("attachment", "SUPDOCID", "company-config/attachment"),
            Rows("lines", facts.container, f"{module}/document-line"),
            *more,
        ),
        fields=(_STATE,),
        methods=READ_METHODS,
        typed=("DOCPARID", facts.definition),
        id="RECORDNO",
        barred={"STATE": _NOT_ON_CREATE},
    )


def _line(facts: Order, module: str, *more: Property | Link) -> RestObject:
    """The lines of one module's documents."""
    here = f"{module}/document"
    return RestObject(
        f"{here}-line",
        facts.entry,
        rows=(
            Property("lineNumber", "LINE_NO", read_only=True),
            *same(("unit", "UNIT"), ("lineDescription", "ITEMDESC"), ("memo", "MEMO"), ("enableTax", "TAXABLE")),
            *same(("isBillable", "BILLABLE"), ("isBilled", "BILLED"), ("conversionType", "CONVERSIONTYPE")),
            *_precise(("unitQuantity", "UIQTY"), ("unitPrice", "UIPRICE")),
            *_precise(("quantity", "QUANTITY"), ("price", "PRICE"), ("priceInTxnCurrency", "TRX_PRICE"), read_only=True),
            *_precise(("retailPrice", "RETAILPRICE"), ("quantityConverted", "QTY_CONVERTED"), read_only=True),
            *_precise(("quantityRemaining", "QTY_REMAINING"), ("priceConverted", "PRICE_CONVERTED"), read_only=True),
            *_fixed(("extendedCost", "COST"), ("extendedPriceInTxnCurrency", "TRX_VALUE"), ("documentType", "DOCPARID")),
            *_fixed(("baseCurrency", "BASECURR"), ("txnCurrency", "CURRENCY"), ("addedByChangeDocument", "ADDEDBYCHANGE")),
            *_fixed(("isReverseConversion", "REVERSECONVERSION")),
            *_precise(("draft.quantity", "DRAFTQUANTITY"), ("draft.unitQuantity", "DRAFTUIQTY"), read_only=True),
            *_precise(("posted.quantity", "POSTEDQUANTITY"), ("revision.quantity", "REVISEDQUANTITY"), read_only=True),
            *_precise(("revision.unitQuantity", "REVISEDUIQTY"), ("revision.price", "REVISEDPRICE"), read_only=True),
            *_precise(("revision.priceInTxnCurrency", "REVISEDTRXPRICE"), ("revision.unitPrice", "REVISEDUIPRICE"), read_only=True),
            *_fixed(("draft.price", "DRAFTVALUE"), ("posted.price", "POSTEDVALUE"), ("revision.valueInTxnCurrency", "REVISEDVALUE")),
            *same(("retainage.percentage", "RETAINAGEPERCENTAGE"), ("retainage.txnAmountRetained", "TRX_AMOUNTRETAINED")),
            *_fixed(("retainage.baseAmountRetained", "AMOUNTRETAINED")),
            *same(("requestedShippingDate", "NEEDBYDATE"), ("doNotShipBeforeDate", "DONOTSHIPBEFOREDATE")),
            *same(("doNotShipAfterDate", "DONOTSHIPAFTERDATE"), ("cancelAfterDate", "CANCELAFTERDATE")),
            *_DIMENSIONS,
            Link("dimensions.warehouse", "WAREHOUSEID", "inventory-control/warehouse"),
            Link("item", "", "inventory-control/item", key="ITEMDIMKEY", read_only=True),
            Link("allocation", "ALLOCATION", "general-ledger/txn-allocation-template"),
            Link("documentHeader", "", here, key="DOCHDRNO", shows=("documentType",), read_only=True),
            Link("sourceDocument", "SOURCE_DOCID", here, shows=("documentType",)),
            Link("sourceDocumentLine", "SOURCE_DOCLINEKEY", f"{here}-line", shows=("documentType",)),
            Link("relatedDocument", "RELATEDDOCKEY", here, shows=("documentNumber",)),
            Link("relatedDocumentLine", "RELATEDDOCLINEKEY", f"{here}-line"),
            Link("primaryDocument", "", here, key="PRIMARYDOCKEY", shows=("documentNumber",), read_only=True),
            Link("primaryDocumentLine", "", f"{here}-line", key="PRIMARYDOCLINEKEY", read_only=True),
            *more,
        ),
        methods=READ_METHODS,
        owner="documentHeader",
        typed=("DOCPARID", facts.definition),
    )


def _history(facts: Order, module: str) -> RestObject:
    """What documents of one module were converted from, and into (endpoint catalogue)."""
    here = f"{module}/document"
    names = (("purchasingDocument" if facts is PURCHASING else "orderEntryDocument", "DOCKEY"), *_CONVERTED)
    return RestObject(
        f"{here}-history",
        facts.history,
        rows=tuple(Link(path, "", here, key=key, shows=("documentType",), read_only=True) for path, key in names),
        methods=READ_METHODS,
    )


_CONVERTED = (("convertedFrom", "FROMKEY"), ("convertedTo", "TOKEY"))
_POLICIES = {"No Edit": "noEdit", "Before Printing": "beforePrinting", "All": "all"}


def _definition(facts: Order, module: str) -> RestObject:
    """The definitions of one module."""
    own, holder = f"{module}/txn-definition", "purchasingTxnDefinition" if facts is PURCHASING else "orderEntryTxnDefinition"
    return RestObject(
        own,
        facts.definition,
        rows=(
            *same(("description", "DESCRIPTION"), ("docClass", "DOCCLASS"), ("workflowCategory", "CATEGORY"), ("status", "STATUS")),
            *same(("preserveNumberingSequence", "PRESERVE_SEQNUM"), ("inheritDocumentNumber", "INHERIT_SOURCE_DOCNO")),
            *same(("enableWarnOnLowQuantity", "WARNONLOWQTY"), ("increaseOrDecreaseInventory", "IN_OUT")),
            *same(("warehouseSelectionMethod", "WAREHOUSESELMETHOD"), ("enableSubtotals", "SHOW_TOTALS")),
            *same(("lineLevelSimpleTax", "LINELEVELSIMPLETAX"), ("showExpandedTaxDetails", "SHOWEXPANDEDTOTALS")),
            *same(("overridePrice", "OVERRIDE_PRICE"), ("overrideExchangeRateType", "OVERRIDE_EXCH_RATE_TYPE")),
            *same(("showBaseCurrency", "DISPLAY_BASECURRENCY"), ("postToGL", "POSTTOGL"), ("disableTax", "DISABLEVAT")),
            *same(("enableAllocations", "ALLOW_ALLOCATIONS"), ("enableCreditLimitCheck", "CREDITLIMITCHECK")),
            *same(("enableAdditionalInformationScope", "ENABLEADDINFOSCOPE"), ("enableBond", "ENABLEADDINFOBOND")),
            *same(("enableAdditionalInformationSchedule", "ENABLEADDINFOSCHEDULE")),
            *same(("enableInternalReference", "ENABLEADDINFOINTERNALREF"), ("enableExternalReference", "ENABLEADDINFOEXTERNALREF")),
            *same(("contactOneTitle", "CONTACTTITLE1"), ("contactTwoTitle", "CONTACTTITLE2"), ("contactThreeTitle", "CONTACTTITLE3")),
            *same(("partialConvertMethod", "CONVTYPE"), ("documentConversionPolicy", "CREATETYPE")),
            *same(("multiEntityRuleForTransaction", "TD_CREATION_RULE")),
            Property("editPolicy", "EDITTYPE", words=_POLICIES),
            Property("deletePolicy", "DELTYPE", words=_POLICIES),
            Property(
                "txnPostingMethod", "UPDATES_GL", words={"A": "toAP" if facts is PURCHASING else "toAR", "G": "toGL", "N": "noPosting"}
            ),
            Owned(
                "sourceDocumentDetail",
                "RECALLS",
                f"{own}-source-document-detail",
                (Link("sourceDocument", "RECDOCPAR", own),),
                owner=holder,
            ),
        ),
    )


SEQUENCE = RestObject(
    "company-config/document-sequence",
    "DOCSEQUENCE",
    rows=same(
        ("printTitle", "PRINTTITLE"),
        ("fixedPrefix", "FIXEDPREFIX"),
        ("fixedSuffix", "FIXEDSUFFIX"),
        ("fixedLength", "FIXEDLENGTH"),
        ("startingNumber", "STARTINGNUMBER"),
        ("nextNumber", "NEXTNUMBER"),
        ("endingNumber", "ENDINGNUMBER"),
        ("status", "STATUS"),
    ),
)
WAREHOUSE = RestObject(
    "inventory-control/warehouse",
    "WAREHOUSE",
    rows=(
        *same(("name", "NAME"), ("status", "STATUS"), ("isReplenishmentEnabled", "ENABLE_REPLENISHMENT")),
        *same(("enableNegativeInv", "ENABLENEGATIVEINV")),
        Link("location", "LOC.LOCATIONID", "company-config/location"),
        Link("manager", "MANAGERID", "company-config/employee"),
        Link("parent", "PARENTID", "inventory-control/warehouse"),
        Link("contacts.primary", "CONTACTINFO.CONTACTNAME", "company-config/contact"),
        Link("contacts.shipTo", "SHIPTO.CONTACTNAME", "company-config/contact"),
    ),
)

OBJECTS = (
    *(SEQUENCE, WAREHOUSE, _definition(PURCHASING, "purchasing"), _definition(ORDER_ENTRY, "order-entry")),
    _document(
        PURCHASING,
        "purchasing",
        ("vendor", "accounts-payable/vendor"),
        *same(("promisedDate", "PROMISEDDATE"), ("contractStartDate", "CONTRACTSTARTDATE"), ("contractEndDate", "CONTRACTENDDATE")),
        Link("contacts.deliverTo", "DELIVERTO.CONTACTNAME", "company-config/contact"),
    ),
    _line(PURCHASING, "purchasing", *same(("deliveryDueDate", "PROMISEDDATE"), ("orderConfirmationDate", "DATECONFIRMED"))),
    _document(ORDER_ENTRY, "order-entry", ("customer", "accounts-receivable/customer")),
    *(_history(PURCHASING, "purchasing"), _history(ORDER_ENTRY, "order-entry")),
    _line(ORDER_ENTRY, "order-entry", Property("discountPercent", "DISCOUNTPERCENT", Form.MONEY)),
)
