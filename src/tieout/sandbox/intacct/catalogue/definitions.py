"""Tables of transaction definitions, which say what kinds of purchasing and order-entry documents there are (intacct-xml §3C)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.dimensions import account_ref
from tieout.sandbox.intacct.catalogue.ledger import pick
from tieout.sandbox.intacct.fields import SEARCH, WRITE_BY_NUMBER, Choice, Field, Kind, Lines, Need, Ref, Type, flag, recordno, status, text

CLASSES = (("Quote", "QUOTE"), ("Order", "ORDER"), ("List", "LIST"), ("Invoice", "INVOICE"), ("Adjustment", "ADJ"), ("Other", "OTHER"))
CATEGORIES = (("Quote", "Q"), ("Order", "O"), ("Shipping", "S"), ("Invoice", "I"), ("Return", "R"))
NO_CHANGE, SOURCE, CHANGE_ORDER = "No Change", "Enable Change", "Change Order"
CLOSE, LEAVE_OPEN, BACK_ORDER = "Close Transaction", "Leave Transaction Open", "Close Original and Create Back Order"
NEW_OR_CONVERT, CONVERT = "New document or Convert", "Convert only"
# Only the default is public; the words for the codes P and H are assumed: before the document is printed, and always.
NO_EDIT, BEFORE_PRINTING, ALWAYS = "No Edit", "Before Printing", "All"
ANYWHERE, TOP, ENTITY = "Top level or Entity", "Top level only", "Entity only"

# Numbering sequences have no XML object of their own; REST calls them company-config/document-sequence (intacct-rest §14).
DOCSEQUENCE = Kind(
    "DOCSEQUENCE",
    "Document Sequence",
    "Document Sequences",
    key="SEQUENCEID",
    functions=frozenset(),
    fields=(
        recordno(),
        Field("SEQUENCEID", label="Sequence ID", need=Need.YES, max=40),
        *text("PRINTTITLE", max=80),
        *text("FIXEDPREFIX", "FIXEDSUFFIX", max=20),
        Field("STARTINGNUMBER", Type.INTEGER, default="1"),
        Field("NEXTNUMBER", Type.INTEGER),
        Field("ENDINGNUMBER", Type.INTEGER),
        Field("FIXEDLENGTH", Type.INTEGER),
        status(),
    ),
    shared=True,
)


def _pick(name: str, choices: tuple[tuple[str, str], ...], default: str) -> Field:
    return Field(name, Type.ENUM, choices=tuple(Choice(label, code) for label, code in choices), default=default)


def _stated(name: str, max: int) -> Field:
    return Field(name, max=max, max_stated=True)


def _postings(name: str, item: str, *more: Field) -> Lines:
    """Which account a line is booked to and against which, by its item's group and its warehouse."""
    return Lines(
        name,
        (
            Field("ITEM_GLGROUP", ref=Ref("ITEMGLGROUP", "NAME", "", "")),
            Field("WAREHOUSE", ref=Ref("WAREHOUSE", "WAREHOUSEID", "", "")),
            *more,
            pick("DEBIT_CREDIT", "Debit", "Credit"),
            Field("GLACCOUNT", ref=account_ref("", "", "")),
            Field("ISOFFSET", Type.BOOLEAN, default="false"),
        ),
        item=item,
    )


def definition(name: str, label: str, functions: frozenset[str]) -> Kind:
    """The definitions of one module."""
    return Kind(
        name,
        label,
        f"{label}s",
        key="DOCID",
        functions=functions,
        fields=(
            recordno(),
            Field("DOCID", label="Name", need=Need.YES, create_only=True, max=30, max_stated=True),
            _stated("DESCRIPTION", 100),
            _pick("DOCCLASS", CLASSES, "Quote"),
            _pick("CATEGORY", CATEGORIES, "Quote"),
            *text("REPORTINGCATEGORY", max=100),
            # These labels have capitals, as the object's page gives them (intacct-xml §3C).
            Field("STATUS", Type.ENUM, "Status", choices=(Choice("Active", "T"), Choice("Inactive", "F")), default="Active"),
            pick("ENABLEDOCCHANGE", SOURCE, CHANGE_ORDER, NO_CHANGE, default=NO_CHANGE),
            Field("SEQUENCE", ref=Ref("DOCSEQUENCE", "SEQUENCEID", "SEQUENCEKEY", "", {}, "Document sequence '{value}' is not valid.")),
            *(flag(each) for each in ("PRESERVE_SEQNUM", "INHERIT_SOURCE_DOCNO", "PRIMARYDOC")),
            flag("WARNONLOWQTY", "true"),
            _pick("IN_OUT", (("Increase", "I"), ("Decrease", "D")), "Increase"),
            pick(
                "WAREHOUSESELMETHOD",
                *("Sort by ID", "Sort by Name", "Warehouse with Available Inventory", "Use the default warehouse"),
                default="Sort by ID",
            ),
            Field("DEFAULT_WAREHOUSE", ref=Ref("WAREHOUSE", "WAREHOUSEID", "DEFAULTWAREHOUSEKEY", "")),
            *(flag(each) for each in ("SHOW_TOTALS", "LINELEVELSIMPLETAX")),
            *text("ENABLEOVERRIDETAX", max=40),
            flag("SHOWEXPANDEDTOTALS"),
            *(flag(each, "true") for each in ("OVERRIDE_PRICE", "OVERRIDE_EXCH_RATE_TYPE")),
            *text("EXCHRATETYPES", max=200),
            flag("DISPLAY_BASECURRENCY"),
            pick("UPDATES_GL", "A", "G", "N", default="N"),
            *(flag(each) for each in ("POSTTOGL", "DISABLEVAT")),
            *(Field(each, Type.BOOLEAN) for each in ("ALLOW_ALLOCATIONS", "ENABLE_RETAINAGE")),
            pick("CONVTYPE", CLOSE, LEAVE_OPEN, BACK_ORDER, default=CLOSE),
            *text("PRICELISTID", "SPECIAL_PRICELISTID", "UPDATES_PRICELISTID", max=80),
            flag("CREDITLIMITCHECK"),
            Field("TERM_NAME", ref=Ref("APTERM" if name.startswith("PO") else "ARTERM", "NAME", "TERMKEY", "")),
            *text("XSLTEMPLATE", max=100),
            _stated("FIXED_MESG", 4000),
            *(_stated(each, 20) for each in ("CONTACTTITLE1", "CONTACTTITLE2", "CONTACTTITLE3")),
            *(Field(each, Type.BOOLEAN) for each in ("SHOWTTITLE1", "ALLOWEDITBILLTO", "SHOWTTITLE2", "ALLOWEDITSHIPTO")),
            *(Field(each, Type.BOOLEAN) for each in ("SHOWTTITLE3", "ALLOWEDITDELIVERTO")),
            *(Field(f"ENABLEADDINFO{each}", Type.BOOLEAN) for each in ("SCOPE", "SCHEDULE", "INTERNALREF", "EXTERNALREF", "BOND")),
            _pick("EDITTYPE", ((NO_EDIT, "N"), (BEFORE_PRINTING, "P"), (ALWAYS, "H")), NO_EDIT),
            _pick("DELTYPE", ((NO_EDIT, "N"), (BEFORE_PRINTING, "P"), (ALWAYS, "H")), NO_EDIT),
            _pick("CREATETYPE", ((NEW_OR_CONVERT, "N"), (CONVERT, "C")), NEW_OR_CONVERT),
            pick("TD_CREATION_RULE", ANYWHERE, TOP, ENTITY, default=ANYWHERE),
        ),
        lines=(
            Lines(
                "TOTALS",
                (
                    Field("TOTALID", need=Need.YES),
                    *(Field(each.name, each.type, need=Need.YES, choices=each.choices) for each in _INVENTORY),
                ),
                item="TOTAL",
            ),
            Lines(
                "SUBTOTALS",
                (
                    *text("DESCRIPTION"),
                    pick("DISC_CHARGE", "Discount", "Charge"),
                    Field("BASELINE", Type.INTEGER),
                    pick("AMT_PERC", "Amount", "Percent"),
                    Field("VALUE", Type.DECIMAL),
                    pick("DEBIT_CREDIT", "Debit", "Credit"),
                    *(Field(each, ref=account_ref("", "", "")) for each in ("GLACCOUNT", "GLOFFSETACCOUNT")),
                    *(Field(each, Type.BOOLEAN, default="false") for each in ("APPORTIONED", "ISTAX")),
                ),
                item="SUBTOTAL",
            ),
            _postings("AR_ACCOUNTS", "AR_ACCOUNT", *text("ENT_GLGROUP")),
            _postings("INVGL_ACCOUNTS", "INVGL_ACCOUNT"),
            Lines("RECALLS", (Field("RECDOCPAR", need=Need.YES, ref=Ref(name, "DOCID", "", "", {}, _UNKNOWN)),), item="RECALL"),
            Lines(
                "ENTITY_PROPS",
                (
                    Field("ENTITY_NAME", ref=Ref("LOCATIONENTITY", "LOCATIONID", "", "")),
                    Field("SEQUENCE", ref=Ref("DOCSEQUENCE", "SEQUENCEID", "", "")),
                    *(Field(each, Type.BOOLEAN, default="false") for each in ("PRESERVE_SEQNUM", "INHERIT_SOURCE_DOCNO")),
                    *text("XSLTEMPLATE", "ENABLEOVERRIDETAX"),
                ),
                item="ENTITY_PROP",
            ),
        ),
    )


_UNKNOWN = "Transaction definition '{value}' is not valid."
_INVENTORY = (pick("Q_QV", "Quantity", "Value", "Quantity & Value"), pick("SIGN", "Add", "Subtract"))


def definition_ref(name: str) -> Ref:
    """What a document says it is; names are matched to the letter."""
    return Ref(name, "DOCID", "DOCPARKEY", "DOCPAR", {"DOCPARCLASS": "DOCCLASS", "DOCPAR_IN_OUT": "IN_OUT"}, _UNKNOWN)


PODOCUMENTPARAMS = definition("PODOCUMENTPARAMS", "Purchasing Transaction Definition", WRITE_BY_NUMBER)
SODOCUMENTPARAMS = definition("SODOCUMENTPARAMS", "Order Entry Transaction Definition", SEARCH)

KINDS = (DOCSEQUENCE, PODOCUMENTPARAMS, SODOCUMENTPARAMS)
