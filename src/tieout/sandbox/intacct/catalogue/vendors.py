"""Tables of vendors and what they are sorted by (intacct-xml §3B VENDOR)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.company import contact_ref
from tieout.sandbox.intacct.catalogue.dimensions import account_ref, supdoc, vendor_ref
from tieout.sandbox.intacct.catalogue.ledger import pick
from tieout.sandbox.intacct.fields import (
    READ,
    STATUS_READ_NON_POSTING,
    WRITE,
    Choice,
    Field,
    Kind,
    Lines,
    Need,
    Part,
    Ref,
    Type,
    flag,
    recordno,
    status,
    text,
)

FROM = (
    "from invoice/bill date",
    "of the month of invoice/bill date",
    "of next month from invoice/bill date",
    *(f"of {month} month from invoice/bill date" for month in ("2nd", "3rd", "4th", "5th", "6th")),
)


def term(name: str, label: str, plural: str) -> Kind:
    """Payment terms; the day the amount is due counts from the date or within a month after it."""
    return Kind(
        name,
        label,
        plural,
        key="NAME",
        functions=READ,
        fields=(
            recordno(),
            Field("NAME", label="Name", need=Need.YES, max=40),
            *text("DESCRIPTION", max=80),
            status(),
            Field("DUEDATE", Type.INTEGER),
            pick("DUEFROM", *FROM, default=FROM[0]),
            Field("DISCDATE", Type.INTEGER),
            pick("DISCFROM", *FROM),
            Field("DISCAMOUNT", Type.DECIMAL),
            *text("DISCPERCAMN", "DISCFUDGEDAYS", "PEN_TYPES", "PENAMOUNT", "PENPERCAMN", "PENFUDGEDAYS", max=40),
            Field("TERMVALUE", read_only=True, derived="{NAME}"),
        ),
        shared=True,
    )


def account_label(name: str, label: str, plural: str) -> Kind:
    """A name lines may give instead of an account."""
    return Kind(
        name,
        label,
        plural,
        key="ACCOUNTLABEL",
        functions=WRITE,
        fields=(
            recordno(),
            Field("ACCOUNTLABEL", label="Account label", need=Need.YES, create_only=True, max=80),
            Field("DESCRIPTION", label="Description", need=Need.YES, max=200),
            Field("GLACCOUNTNO", label="Account", need=Need.YES, ref=account_ref("GLACCOUNTKEY", "GLACCOUNTTITLE")),
            Field("OFFSETGLACCOUNTNO", ref=account_ref("OFFSETGLACCOUNTKEY", "OFFSETGLACCOUNTTITLE", "")),
            status(),
        ),
        shared=True,
    )


APTERM = term("APTERM", "AP Term", "AP Terms")
APACCOUNTLABEL = account_label("APACCOUNTLABEL", "AP Account Label", "AP Account Labels")
ARACCOUNTLABEL = account_label("ARACCOUNTLABEL", "AR Account Label", "AR Account Labels")

VENDTYPE = Kind(
    "VENDTYPE",
    "Vendor Type",
    "Vendor Types",
    key="NAME",
    functions=READ,
    fields=(
        recordno(),
        Field("NAME", label="Name", need=Need.YES, max=80),
        Field("PARENT", ref=Ref("VENDTYPE", "NAME", "PARENTKEY", "")),
        *text("FORM1099TYPE", "FORM1099BOX", max=40),
        status(),
    ),
    tree="PARENT",
    shared=True,
)

_PLACE_OF_ACCOUNT = (Field("LOCATION", need=Need.YES), Field("ACCOUNTNO", need=Need.YES, ref=account_ref("", "")))
_CATEGORY = (Field("CATEGORYNAME", need=Need.YES), Field("CONTACT.NAME", need=Need.YES, ref=contact_ref("", "")))
_BANK_FILE = ("BANKACCOUNTNUMBER", "ACCOUNTNAME", "BSBNUMBER", "PYMTREFERENCE", "BRANCHCODE", "SORTCODE")

VENDOR = Kind(
    "VENDOR",
    "Vendor",
    "Vendors",
    key="VENDORID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("VENDORID", label="Vendor ID", need=Need.UNNUMBERED, max=20),
        Field("NAME", label="Name", need=Need.YES, max=100),
        Field("ENTITY", read_only=True, derived="V{VENDORID}"),
        Field("PARENTID", ref=Ref("VENDOR", "VENDORID", "PARENTKEY", "PARENT", {"PARENTNAME": "NAME"}, vendor_ref().wording)),
        status(STATUS_READ_NON_POSTING),
        flag("ONETIME"),
        flag("HIDEDISPLAYCONTACT"),
        Field("VENDTYPE", ref=Ref("VENDTYPE", "NAME", "VENDTYPEKEY", "VENDORTYPE", {"VENDTYPE1099TYPE": "FORM1099TYPE"})),
        Field("GLGROUP", ref=Ref("APGLGROUP", "NAME", "GLGRPKEY", "")),
        Field("DEFAULT_LEAD_TIME", Type.INTEGER, default="1"),
        *text("TAXID", "NAME1099", "FORM1099TYPE", "FORM1099BOX", max=100),
        supdoc(),
        Field("ACCOUNTLABEL", read_only=True),
        Field("APACCOUNT", ref=account_ref("APACCOUNTKEY", "APACCOUNTTITLE", "")),
        Field("OFFSETGLACCOUNTNO", ref=account_ref("OFFSETGLACCOUNTKEY", "OFFSETGLACCOUNTTITLE", "")),
        Field("CREDITLIMIT", Type.CURRENCY),
        Field("RETAINAGEPERCENTAGE", Type.PERCENT),
        flag("ONHOLD"),
        flag("DONOTCUTCHECK"),
        *text("COMMENTS", max=1000),
        Field("CURRENCY", max=3),
        Field("CONTACTINFO.CONTACTNAME", ref=contact_ref("CONTACTINFO", "CONTACTKEY")),
        Field("PAYTO.CONTACTNAME", ref=contact_ref("PAYTO", "PAYTOKEY")),
        Field("RETURNTO.CONTACTNAME", ref=contact_ref("RETURNTO", "RETURNTOKEY")),
        *text("FILEPAYMENTSERVICE", max=40),
        pick("PYMTCOUNTRYCODE", "AU", "GB", "ZA"),
        *text("PAYMETHODKEY", "BILLINGTYPE", "PAYMENTPRIORITY", max=40),
        flag("MERGEPAYMENTREQ", "true"),
        flag("PAYMENTNOTIFY"),
        Field("TERMNAME", ref=Ref("APTERM", "NAME", "TERMSKEY", "TERM", {"TERMVALUE": "NAME"})),
        flag("DISPLAYTERMDISCOUNT", "true"),
        flag("ACHENABLED"),
        *text("ACHBANKROUTINGNUMBER", "ACHACCOUNTNUMBER", "ACHACCOUNTTYPE", "ACHREMITTANCETYPE", "VENDORACCOUNTNO", max=80),
        flag("DISPLOCACCTNOCHECK"),
        Field(
            "OBJECTRESTRICTION",
            Type.ENUM,
            choices=(Choice("Unrestricted", "U"), Choice("RootOnly", "O"), Choice("Restricted", "R")),
            default="Unrestricted",
        ),
        *text("RESTRICTEDLOCATIONS", "RESTRICTEDDEPARTMENTS"),
        flag("ISINDIVIDUAL"),
        Field("TAXSCHEDULE", update_only=True, max=100),
        Field("TAXSOLUTIONID", update_only=True, ref=Ref("TAXSOLUTION", "SOLUTIONID", "TAXSOLUTIONKEY", "")),
        Field("TOTALDUE", Type.CURRENCY, read_only=True, default="0"),
    ),
    parts=(
        Part(
            "DISPLAYCONTACT",
            "CONTACT",
            "DISPLAYCONTACTKEY",
            naming="{NAME}(V{VENDORID})",
            aliases={"MAILADDRESS.ISOCOUNTRYCODE": "MAILADDRESS.COUNTRYCODE"},
            required=True,
        ),
    ),
    lines=(
        Lines("CONTACT_LIST_INFO", _CATEGORY),
        Lines("VENDORCONTACTS", _CATEGORY, item="VENDORENTITYCONTACTS"),
        Lines(
            "VENDOREMAILTEMPLATES",
            (Field("EMAILTEMPLATENAME", need=Need.YES), Field("DOCPARID", need=Need.YES)),
            item="VENDOREMAILTEMPLATE",
        ),
        Lines("VENDORACCTNOLOCATIONS", _PLACE_OF_ACCOUNT, item="VENDORACCTNOLOCHEAD"),
        Lines("VENDOR_ACCTNO_LOC_HEAD", _PLACE_OF_ACCOUNT),
        Lines(
            "VENDORBANKFILEDETAILS",
            (
                *(Field(name, need=Need.YES) for name in _BANK_FILE),
                pick("ACCOUNTTYPE", "1", "2", "3", "4"),
                *text("ACCOUNTCODE"),
                Field("PROOFOFPYMT", Type.BOOLEAN),
            ),
            item="VENDORBANKFILEDETAIL",
        ),
    ),
    numbering="VEND-",
    tree="PARENTID",
    paths={"PAYTOCONTACT": ("PAYTOKEY", "CONTACT"), "RETURNTOCONTACT": ("RETURNTOKEY", "CONTACT")},
)

KINDS = (VENDTYPE, APTERM, APACCOUNTLABEL, ARACCOUNTLABEL, VENDOR)
