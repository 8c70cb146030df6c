"""Tables of items and units, and of the user-defined dimension (intacct-xml §3B ITEM, UOM, UDD)."""

from __future__ import annotations

from dataclasses import replace

from tieout.sandbox.intacct.catalogue.company import contact_ref, location_ref
from tieout.sandbox.intacct.catalogue.dimensions import CUSTOM_DIMENSION, account_ref
from tieout.sandbox.intacct.catalogue.ledger import pick
from tieout.sandbox.intacct.fields import (
    READ,
    SEARCH,
    WRITE,
    WRITE_BY_NUMBER,
    Choice,
    Field,
    Kind,
    Lines,
    Need,
    Ref,
    Type,
    flag,
    recordno,
    status,
    text,
)

UNITS = ("Area", "Count", "Duration", "Length", "Numbers", "Time", "Volume", "Weight")
ITEMTYPES = (
    ("Inventory", "I"),
    ("Non-Inventory", "NI"),
    ("Non-Inventory (Purchase only)", "NP"),
    ("Non-Inventory (Sales only)", "NS"),
    ("Kit", "K"),
    ("Stockable Kit", "SK"),
)


def _named(name: str, label: str, key: str, *fields: Field) -> Kind:
    own = (recordno(), Field(key, label="Name", need=Need.YES, max=80), *fields, status())
    return Kind(name, label, f"{label}s", key=key, functions=READ, fields=own, shared=True)


PRODUCTLINE = _named("PRODUCTLINE", "Product Line", "PRODUCTLINEID", *text("DESCRIPTION", max=200))
ITEMGLGROUP = _named("ITEMGLGROUP", "Item GL Group", "NAME")
UOM = _named("UOM", "Unit of Measure Group", "NAME", *text("INVUNIT", "POUNIT", "OEUNIT"))
UOMDETAIL = Kind(
    "UOMDETAIL",
    "Unit of Measure",
    "Units of Measure",
    key="RECORDNO",
    functions=SEARCH,
    fields=(
        recordno(),
        Field("UNIT", need=Need.YES, max=40),
        *text("ABBREVIATION", max=20),
        Field("CONVFACTOR", Type.DECIMAL, default="1"),
        Field("GRPNAME", need=Need.YES, ref=Ref("UOM", "NAME", "GRPKEY", "UOM")),
        flag("ISBASE"),
    ),
    unique=(("GRPKEY", "UNIT"),),
    shared=True,
)

_ACCOUNTS = (
    "INCOMEACCTKEY",
    "INVACCTKEY",
    "EXPENSEACCTKEY",
    "COGSACCTKEY",
    "OFFSETOEGLACCOUNTKEY",
    "OFFSETPOGLACCOUNTKEY",
    "DEFERREDREVACCTKEY",
)
_TEXTS = (
    ("EXTENDED_DESCRIPTION", "PODESCRIPTION", "SODESCRIPTION", "NOTE", "ENGINEERINGALERT", "WEBSHORTDESC", "WEBLONGDESC"),
    ("DEFAULTREVRECTEMPLKEY", "SERIAL_MASKKEY", "LOT_CATEGORYKEY", "UPC", "RENEWALMACROID", "DEFAULT_REPLENISHMENT_UOM"),
    ("WEIGHTUOM", "LWHUOM", "THICKNESSUOM", "AREAUOM", "VOLUMEUOM", "DIAMETERUOM", "DUROMETER", "DENSITYUOM", "CONDITION"),
    ("SPECIFICATION1", "SPECIFICATION2", "SPECIFICATION3", "PRIMARYCOUNTRYOFORIGIN", "BRAND", "SUBBRAND", "CATEGORY"),
    ("SUBCATEGORY", "CATALOGREF", "COLOR", "STYLE", "SIZE1", "SIZE2", "WEBNAME"),
)
_FLAGS = (
    *("ENABLE_SERIALNO", "ENABLE_LOT_CATEGORY", "ENABLE_BINS", "ENABLE_EXPIRATION", "ENABLELANDEDCOST", "HASSTARTENDDATES"),
    *("COMPUTEFORSHORTTERM", "AUTOPRINTLABEL", "ALLOWMULTIPLETAXGRPS"),
)
_OPTIONAL_FLAGS = (
    *("ENABLEFULFILLMENT", "CONTRACTENABLED", "SAFETYITEM", "RESTRICTEDITEM", "COMPLIANTITEM", "ENGINEERINGAPPROVAL"),
    *("QUALITYCONTROLAPPROVAL", "SALESAPPROVAL", "GIFTCARD", "WEBENABLED"),
)
_WHOLE = (
    *("INV_PRECISION", "SO_PRECISION", "PO_PRECISION", "TOTALPERIODS", "MAX_ORDER_QTY", "REORDER_QTY"),
    *("FORECAST_DEMAND_IN_LEAD_TIME", "UPC12", "EAN13"),
)
_DECIMALS = (
    *("NETWEIGHT", "SHIP_WEIGHT", "LENGTH", "WIDTH", "HEIGHT", "THICKNESS", "MINIMUMTHICKNESS", "MAXIMUMTHICKNESS", "AREA"),
    *("VOLUME", "INNERDIAMETER", "OUTERDIAMETER", "DENSITY"),
)

ITEM = Kind(
    "ITEM",
    "Item",
    "Items",
    key="ITEMID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("ITEMID", label="Item ID", need=Need.YES, create_only=True, max=30),
        Field("NAME", label="Name", need=Need.YES, need_on_update=True, max=100),
        status(),
        Field(
            "ITEMTYPE",
            Type.ENUM,
            "Item type",
            Need.YES,
            create_only=True,
            choices=tuple(Choice(label, code) for label, code in ITEMTYPES),
        ),
        Field("PRODUCTLINEID", ref=Ref("PRODUCTLINE", "PRODUCTLINEID", "PRODUCTLINEKEY", "PRODUCTLINE")),
        Field(
            "COST_METHOD",
            Type.ENUM,
            create_only=True,
            choices=tuple(Choice(label, code) for label, code in (("Standard", "S"), ("Average", "A"), ("FIFO", "F"), ("LIFO", "L"))),
        ),
        Field("UOMGRP", ref=Ref("UOM", "NAME", "UOMGRPKEY", "UOM")),
        pick("DEFAULT_CONVERSIONTYPE", "Price", "Quantity"),
        Field("GLGROUP", ref=Ref("ITEMGLGROUP", "NAME", "GLGRPKEY", "ITEMGLGROUP")),
        *(Field(name, ref=account_ref(f"{name}NO", "", "")) for name in _ACCOUNTS),
        flag("TAXABLE", "true"),
        Field("TAXGROUP.NAME", ref=Ref("ITEMTAXGROUP", "NAME", "TAXGROUPKEY", "")),
        Field("SUBSTITUTEID", ref=Ref("ITEM", "ITEMID", "SUBSTITUTEKEY", "")),
        *(field for names in _TEXTS[:1] for field in text(*names, max=1000)),
        *(field for names in _TEXTS[1:] for field in text(*names, max=100)),
        *(flag(name) for name in _FLAGS),
        *(Field(name, Type.BOOLEAN) for name in _OPTIONAL_FLAGS),
        pick("VSOEDLVRSTATUS", "Delivered", "Undelivered"),
        pick("VSOEREVDEFSTATUS", "Defer until item is delivered", "Defer bundle until item is delivered"),
        pick(
            "VSOECATEGORY",
            *("Product - Specified", "Product - Unspecified", "Upgrade - Specified", "Upgrade - Unspecified"),
            *("Software", "Services", "Post Contract Support(PCS)"),
        ),
        pick("REVPOSTING", "Component Level", "Kit Level"),
        pick("REVPRINTING", "Individual Components", "Kit"),
        pick("TERMPERIOD", "Days", "Weeks", "Months", "Years"),
        flag("ENABLE_REPLENISHMENT", "true"),
        pick("REPLENISHMENT_METHOD", "Reorder point", "Demand forecast by single value", "Demand forecast by fluctuating values"),
        Field("SAFETY_STOCK", Type.INTEGER, default="0"),
        Field("REORDER_POINT", Type.INTEGER, default="1"),
        Field("STANDARD_COST", Type.CURRENCY),
        Field("BASEPRICE", Type.CURRENCY),
        *(Field(name, Type.INTEGER) for name in _WHOLE),
        *(Field(name, Type.DECIMAL) for name in _DECIMALS),
        Field("MRR", Type.BOOLEAN, read_only=True, default="false"),
        Field("NUMDEC_STD", Type.INTEGER, read_only=True, derived="{INV_PRECISION}"),
        Field("NUMDEC_SALE", Type.INTEGER, read_only=True, derived="{SO_PRECISION}"),
        Field("NUMDEC_PUR", Type.INTEGER, read_only=True, derived="{PO_PRECISION}"),
    ),
    lines=(
        Lines("LANDEDCOSTINFO", (*text("METHOD"), Field("ACTIVE", Type.BOOLEAN)), item="ITEMLANDEDCOST"),
        Lines(
            "VENDORINFO",
            (
                Field("VENDORID", need=Need.YES, ref=Ref("VENDOR", "VENDORID", "", "")),
                *text("STOCKNO", "UOM", "PREFERRED_VENDOR"),
                *(Field(name, Type.INTEGER) for name in ("LEAD_TIME", "FORECAST_DEMAND_IN_LEAD_TIME", "ECONOMIC_ORDER_QTY")),
                *(Field(name, Type.CURRENCY) for name in ("BEST_COST", "LAST_COST")),
            ),
            item="ITEMVENDOR",
        ),
    ),
)

_WAREHOUSE_LOCATION = replace(location_ref("LOC"), shown={"LOCATIONID": "LOCATIONID", "LOCATIONNAME": "NAME"})

WAREHOUSE = Kind(
    "WAREHOUSE",
    "Warehouse",
    "Warehouses",
    key="WAREHOUSEID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("WAREHOUSEID", label="Warehouse ID", need=Need.YES, max=40),
        Field("LOCATION_NO", read_only=True, derived="{WAREHOUSEID}"),
        Field("NAME", label="Name", need=Need.YES, max=100),
        Field("LOC.LOCATIONID", label="Location", need=Need.YES, ref=_WAREHOUSE_LOCATION),
        Field("MANAGERID", ref=Ref("EMPLOYEE", "EMPLOYEEID", "MANAGERKEY", "MANAGER", {}, "The employee '{value}' is invalid.")),
        Field("PARENTID", ref=Ref("WAREHOUSE", "WAREHOUSEID", "PARENTKEY", "PARENT")),
        Field("CONTACTINFO.CONTACTNAME", ref=contact_ref("CONTACTINFO", "CONTACTKEY")),
        Field("SHIPTO.CONTACTNAME", ref=contact_ref("SHIPTO", "SHIPTOKEY")),
        flag("USEDINGL", "true"),
        flag("ENABLE_REPLENISHMENT", "true"),
        flag("ENABLENEGATIVEINV"),
        status(),
    ),
    tree="PARENTID",
)

CUSTOM = Kind(
    CUSTOM_DIMENSION,
    "Equipment",
    "Equipment",
    key="RECORDNO",
    functions=WRITE_BY_NUMBER,
    fields=(
        Field("id", Type.INTEGER, read_only=True, derived="{RECORDNO}"),
        Field("name", need=Need.YES, max=100),
        Field("createdAt", Type.TIMESTAMP, read_only=True, derived="{WHENCREATED}"),
        Field("createdBy", Type.INTEGER, read_only=True, derived="{CREATEDBY}"),
        Field("updatedAt", Type.TIMESTAMP, read_only=True, derived="{WHENMODIFIED}"),
        Field("updatedBy", Type.INTEGER, read_only=True, derived="{MODIFIEDBY}"),
    ),
    returns=("id",),
    custom=True,
)

KINDS = (PRODUCTLINE, ITEMGLGROUP, UOM, UOMDETAIL, ITEM, WAREHOUSE, CUSTOM)
