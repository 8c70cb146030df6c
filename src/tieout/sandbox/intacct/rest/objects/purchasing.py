"""Vendors, items, terms, account labels, bills and payments over REST (intacct-rest §15.20, recorded vendor model)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.orders import MADE_BY, MADE_BY_LINE
from tieout.sandbox.intacct.fields import STATUS_NON_POSTING, Field, Type, flag, status
from tieout.sandbox.intacct.rest.mapping import Form, Link, Owned, Property, RestObject, Rows, same
from tieout.sandbox.intacct.rest.objects.company import CONTACT_SHOWN, linked
from tieout.sandbox.intacct.rest.objects.people import words

VENDOR = RestObject(
    "accounts-payable/vendor",
    "VENDOR",
    rows=(
        *same(("name", "NAME"), ("status", "STATUS"), ("isOneTimeUse", "ONETIME"), ("isOnHold", "ONHOLD"), ("notes", "COMMENTS")),
        *same(("doNotPay", "DONOTCUTCHECK"), ("taxId", "TAXID"), ("currency", "CURRENCY"), ("totalDue", "TOTALDUE")),
        *same(("isIndividualPerson", "ISINDIVIDUAL"), ("defaultLeadTime", "DEFAULT_LEAD_TIME"), ("alwaysCreateBill", "ALWAYSCREATEBILL")),
        *same(("mergePaymentRequests", "MERGEPAYMENTREQ"), ("sendPaymentNotification", "PAYMENTNOTIFY")),
        *same(("vendorAccountNumber", "VENDORACCOUNTNO"), ("displayTermDiscountOnCheckStub", "DISPLAYTERMDISCOUNT")),
        *same(("displayVendorAccountOnCheckStub", "DISPLOCACCTNOCHECK"), ("vendorRestriction", "OBJECTRESTRICTION")),
        *same(("lastBillCreatedDate", "LASTBILLDATE"), ("lastPaymentMadeDate", "LASTPAYMENTDATE"), ("state", "APPROVALSTATE")),
        *same(
            ("ach.enablePayments", "ACHENABLED"), ("ach.routingNumber", "ACHBANKROUTINGNUMBER"), ("ach.accountNumber", "ACHACCOUNTNUMBER")
        ),
        *same(("form1099.nameOn1099", "NAME1099"), ("form1099.type", "FORM1099TYPE"), ("form1099.box", "FORM1099BOX")),
        *same(("form1099.is1099Eligible", "IS1099ELIGIBLE"), ("webURL", "RECORD_URL")),
        Property("creditLimit", "CREDITLIMIT", Form.NUMBER),
        Property("discountPercent", "DISCOUNTPERCENT", Form.NUMBER),
        Property("retainagePercentage", "RETAINAGEPERCENTAGE", Form.NUMBER),
        Property("billingType", "BILLINGTYPE", Form.WORD, words={"openitem": "openItem", "balanceforward": "balanceForward"}),
        Property("paymentPriority", "PAYMENTPRIORITY", Form.WORD, words={name: name for name in ("urgent", "high", "normal", "low")}),
        Property(
            "preferredPaymentMethod",
            "PAYMETHODKEY",
            Form.WORD,
            words={
                "Printed Check": "printedCheck",
                "Credit Card": "chargeCard",
                "EFT": "EFT",
                "Cash": "cash",
                "ACH": "ACH",
                "WF Check": "wellsFargoCheck",
                "WF USD Wire": "wellsFargoUSDWire",
                "WF Domestic ACH": "wellsFargoDomesticACH",
            },
        ),
        Link("parent", "PARENTID", "accounts-payable/vendor"),
        Link("accountGroup", "GLGROUP", "purchasing/vendor-gl-group"),
        Link("accountLabel", "APACCOUNTLABEL", "accounts-payable/account-label"),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
        Link("defaultExpenseGLAccount", "APACCOUNT", "general-ledger/account"),
        Link("overrideOffsetGLAccount", "OFFSETGLACCOUNTNO", "general-ledger/account"),
        Link("priceList", "PRICELIST", "purchasing/price-list"),
        Link("priceSchedule", "PRICESCHEDULE", "purchasing/price-schedule"),
        Link("term", "TERMNAME", "accounts-payable/term"),
        Link("vendorType", "VENDTYPE", "accounts-payable/vendor-type"),
        Link("contacts.default", "", "company-config/contact", shows=CONTACT_SHOWN, part="DISPLAYCONTACT"),
        Link("contacts.primary", "CONTACTINFO.CONTACTNAME", "company-config/contact"),
        Link("contacts.payTo", "PAYTO.CONTACTNAME", "company-config/contact"),
        Link("contacts.returnTo", "RETURNTO.CONTACTNAME", "company-config/contact"),
        Link("contacts.recipient1099", "RECIPIENT1099.CONTACTNAME", "company-config/contact"),
        Owned(
            "contactList",
            "CONTACT_LIST_INFO",
            "accounts-payable/vendor-contact",
            (Property("categoryName", "CATEGORYNAME"), Link("contact", "CONTACT.NAME", "company-config/contact")),
            owner="vendor",
        ),
    ),
    fields=(
        status(STATUS_NON_POSTING),
        *(Field(name, Type.DATE, read_only=True) for name in ("LASTBILLDATE", "LASTPAYMENTDATE")),
        Field("DISCOUNTPERCENT", Type.DECIMAL),
        flag("ALWAYSCREATEBILL"),
        flag("IS1099ELIGIBLE"),
        words("APPROVALSTATE", "s", "a", "r", default="a"),
        linked("APACCOUNTLABEL", "APACCOUNTLABEL", "ACCOUNTLABEL", key="APACCOUNTLABELKEY"),
        linked("PRICELIST", "PRICELIST", "NAME"),
        linked("PRICESCHEDULE", "PRICESCHEDULE", "NAME"),
        linked("RECIPIENT1099.CONTACTNAME", "CONTACT", "CONTACTNAME"),
    ),
    fills={"DISPLAYCONTACT.PRINTAS": "NAME"},
)

VENDOR_TYPE = RestObject(
    "accounts-payable/vendor-type",
    "VENDTYPE",
    rows=(
        *same(("status", "STATUS"), ("form1099.type", "FORM1099TYPE"), ("form1099.box", "FORM1099BOX")),
        Link("parent", "PARENT", "accounts-payable/vendor-type"),
    ),
)

TERM = RestObject(
    "accounts-payable/term",
    "APTERM",
    rows=(
        *same(("description", "DESCRIPTION"), ("status", "STATUS"), ("due.days", "DUEDATE")),
        *same(("discount.days", "DISCDATE")),
        Property("discount.amount", "DISCAMOUNT", Form.NUMBER),
    ),
)


def _label(name: str, kind: str) -> RestObject:
    links = (
        Link("glAccount", "GLACCOUNTNO", "general-ledger/account"),
        Link("offsetGLAccount", "OFFSETGLACCOUNTNO", "general-ledger/account"),
    )
    return RestObject(name, kind, rows=(*same(("description", "DESCRIPTION"), ("status", "STATUS")), *links))


ITEM = RestObject(
    "inventory-control/item",
    "ITEM",
    rows=(
        *same(("name", "NAME"), ("status", "STATUS"), ("description", "EXTENDED_DESCRIPTION"), ("poDescription", "PODESCRIPTION")),
        *same(("soDescription", "SODESCRIPTION"), ("notes", "NOTE"), ("isItemEnabledForMRR", "MRR"), ("sales.isTaxable", "TAXABLE")),
        *same(("purchasing.standardCost", "STANDARD_COST"), ("sales.basePrice", "BASEPRICE"), ("enableFulfillment", "ENABLEFULFILLMENT")),
        *same(("isEnabledForContracts", "CONTRACTENABLED"), ("precision.inventoryPrecision", "INV_PRECISION")),
        *same(("precision.salesPrecision", "SO_PRECISION"), ("precision.purchasingPrecision", "PO_PRECISION"), ("precision.upc", "UPC")),
        *same(("commercial.brand", "BRAND"), ("commercial.subBrand", "SUBBRAND"), ("commercial.category", "CATEGORY")),
        *same(("commercial.color", "COLOR"), ("commercial.style", "STYLE"), ("defaultConversionType", "DEFAULT_CONVERSIONTYPE")),
        *same(("tracking.enableSerialNo", "ENABLE_SERIALNO"), ("tracking.enableLotCategory", "ENABLE_LOT_CATEGORY")),
        *same(("tracking.enableBins", "ENABLE_BINS"), ("tracking.enableExpiration", "ENABLE_EXPIRATION")),
        *same(("landedCost.enableLandedCost", "ENABLELANDEDCOST"), ("replenishment.enableReplenishment", "ENABLE_REPLENISHMENT")),
        *same(("costMethod", "COST_METHOD"), ("itemType", "ITEMTYPE")),
        Link("productLine", "PRODUCTLINEID", "inventory-control/product-line"),
        Link("unitOfMeasureGroup", "UOMGRP", "inventory-control/unit-of-measure-group"),
        Link("inventory.glGroup", "GLGROUP", "inventory-control/item-gl-group"),
    ),
)

LINE: tuple[Property | Link, ...] = (
    *same(("txnAmount", "TRX_AMOUNT"), ("baseAmount", "AMOUNT"), ("totalTxnAmount", "TOTALTRXAMOUNT"), ("memo", "ENTRYDESCRIPTION")),
    *same(("createdDate", "ENTRY_DATE"), ("isSubtotal", "SUBTOTAL"), ("project.isBillable", "BILLABLE")),
    *same(("currency.txnCurrency", "CURRENCY"), ("currency.baseCurrency", "BASECURR"), ("currency.exchangeRate.date", "EXCH_RATE_DATE")),
    *same(("currency.exchangeRate.typeId", "EXCH_RATE_TYPE_ID")),
    *same(("paymentInformation.totalBaseAmountPaid", "TOTALPAID"), ("paymentInformation.totalTxnAmountPaid", "TRX_TOTALPAID")),
    *same(("paymentInformation.totalBaseAmountSelectedForPayment", "TOTALSELECTED")),
    *same(("paymentInformation.totalTxnAmountSelectedForPayment", "TRX_TOTALSELECTED")),
    Property("currency.exchangeRate.rate", "EXCHANGE_RATE", Form.NUMBER),
    Property("lineNumber", "LINE_NO", Form.TEXT, read_only=True),
    Link("glAccount", "ACCOUNTNO", "general-ledger/account"),
    Link("overrideOffsetGLAccount", "OFFSETGLACCOUNTNO", "general-ledger/account"),
    Link("accountLabel", "ACCOUNTLABEL", "accounts-payable/account-label"),
    Link("allocation", "ALLOCATION", "general-ledger/txn-allocation-template"),
    Link("dimensions.department", "DEPARTMENTID", "company-config/department"),
    Link("dimensions.location", "LOCATIONID", "company-config/location"),
    Link("dimensions.project", "PROJECTID", "projects/project"),
    Link("dimensions.task", "TASKID", "projects/task"),
    Link("dimensions.costType", "COSTTYPEID", "construction/cost-type"),
    Link("dimensions.customer", "CUSTOMERID", "accounts-receivable/customer"),
    Link("dimensions.vendor", "VENDORID", "accounts-payable/vendor"),
    Link("dimensions.employee", "EMPLOYEEID", "company-config/employee"),
    Link("dimensions.item", "ITEMID", "inventory-control/item"),
    Link("dimensions.class", "CLASSID", "company-config/class"),
    Link("dimensions.nsp::equipment", "GLDIMEQUIPMENT", "platform-apps/nsp::equipment"),
)

BILL_LINE = RestObject(
    "accounts-payable/bill-line",
    "APBILLITEM",
    rows=(
        *LINE,
        *same(("hasForm1099", "FORM1099"), ("form1099.type", "FORM1099TYPE"), ("form1099.box", "FORM1099BOX")),
        *same(("retainage.percentage", "RETAINAGEPERCENTAGE"), ("retainage.txnAmountRetained", "TRX_AMOUNTRETAINED")),
        # The vendor spells the last one so (intacct-rest §15.20 bill-line).
        *same(("retainage.baseAmountRetained", "AMOUNTRETAINED"), ("retainage.txmAmountReleased", "TRX_AMOUNTRELEASED")),
        Link("bill", "", "accounts-payable/bill", key="RECORDKEY", read_only=True),
        Link("purchasing.document", "", "purchasing/document", key=MADE_BY, read_only=True),
        Link("purchasing.documentLine", "", "purchasing/document-line", key=MADE_BY_LINE, read_only=True),
    ),
    fields=tuple(Field(name, Type.INTEGER, read_only=True) for name in (MADE_BY, MADE_BY_LINE)),
    owner="bill",
)

BILL = RestObject(
    "accounts-payable/bill",
    "APBILL",
    rows=(
        *same(("recordType", "RECORDTYPE"), ("billNumber", "RECORDID"), ("moduleName", "MODULEKEY"), ("state", "STATE")),
        *same(("referenceNumber", "DOCNUMBER"), ("description", "DESCRIPTION"), ("createdDate", "WHENCREATED")),
        *same(("postingDate", "WHENPOSTED"), ("dueDate", "WHENDUE"), ("recommendedPaymentDate", "RECPAYMENTDATE")),
        *same(("discountCutOffDate", "WHENDISCOUNT"), ("paymentPriority", "PAYMENTPRIORITY"), ("isOnHold", "ONHOLD")),
        *same(
            ("currency.baseCurrency", "BASECURR"), ("currency.txnCurrency", "CURRENCY"), ("currency.exchangeRate.date", "EXCH_RATE_DATE")
        ),
        *same(
            ("currency.exchangeRate.typeId", "EXCH_RATE_TYPE_ID"), ("totalBaseAmount", "TOTALENTERED"), ("totalBaseAmountDue", "TOTALDUE")
        ),
        *same(("totalTxnAmount", "TRX_TOTALENTERED"), ("totalTxnAmountDue", "TRX_TOTALDUE"), ("isTaxInclusive", "INCLUSIVETAX")),
        *same(("paymentInformation.fullyPaidDate", "WHENPAID"), ("paymentInformation.totalBaseAmountPaid", "TOTALPAID")),
        *same(("paymentInformation.totalTxnAmountPaid", "TRX_TOTALPAID"), ("webURL", "RECORD_URL")),
        *same(("paymentInformation.totalBaseAmountSelectedForPayment", "TOTALSELECTED")),
        *same(("paymentInformation.totalTxnAmountSelectedForPayment", "TRX_TOTALSELECTED")),
        Property("currency.exchangeRate.rate", "EXCHANGE_RATE", Form.NUMBER),
        Link("vendor", "VENDORID", "accounts-payable/vendor"),
        Link("term", "TERMNAME", "accounts-payable/term"),
        Link("contacts.payTo", "BILLTOPAYTOCONTACTNAME", "company-config/contact"),
        Link("contacts.returnTo", "SHIPTORETURNTOCONTACTNAME", "company-config/contact"),
        Link("attachment", "SUPDOCID", "company-config/attachment"),
        Link("taxSolution", "TAXSOLUTIONID", "tax/tax-solution"),
        *same(("retainage.totalTxnAmountRetained", "TRX_TOTALRETAINED"), ("retainage.totalBaseAmountRetained", "TOTALRETAINED")),
        *same(("retainage.totalTxnAmountReleased", "TRX_TOTALRELEASED")),
        Link("purchasingDocument", "", "purchasing/document", key=MADE_BY, read_only=True),
        Rows("lines", "APBILLITEMS", "accounts-payable/bill-line"),
    ),
    fields=(Field(MADE_BY, Type.INTEGER, read_only=True),),
)

OBJECTS = (
    *(VENDOR, VENDOR_TYPE, TERM, ITEM, BILL, BILL_LINE),
    _label("accounts-payable/account-label", "APACCOUNTLABEL"),
    _label("accounts-receivable/account-label", "ARACCOUNTLABEL"),
    RestObject("inventory-control/product-line", "PRODUCTLINE", rows=same(("description", "DESCRIPTION"), ("status", "STATUS"))),
    RestObject("inventory-control/unit-of-measure-group", "UOM", rows=same(("status", "STATUS"))),
)
