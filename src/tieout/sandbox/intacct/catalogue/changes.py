"""Tables of change requests, their statuses and types, and project change orders (intacct-xml §3A)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.construction import (
    contract_fields,
    line_dimensions,
    pick,
    quantities,
    references,
    schedule,
    scope,
    workflow,
)
from tieout.sandbox.intacct.catalogue.costs import stated
from tieout.sandbox.intacct.catalogue.tasks import item_ref, project_ref, supdoc
from tieout.sandbox.intacct.fields import (
    SEARCH,
    WRITE,
    Field,
    Keeping,
    Kind,
    Need,
    Owned,
    Ref,
    Type,
    dates,
    recordno,
    status,
)

LEVELS = ("none", "project change order", "change request", "change request entry")

CHANGEREQUESTTYPE = Kind(
    "CHANGEREQUESTTYPE",
    "Change Request Type",
    "Change Request Types",
    key="NAME",
    functions=WRITE,
    fields=(recordno(), stated("NAME", 80, "Name", Need.YES), status()),
)

CHANGEREQUESTSTATUS = Kind(
    "CHANGEREQUESTSTATUS",
    "Change Request Status",
    "Change Request Statuses",
    key="NAME",
    functions=WRITE,
    fields=(recordno(), stated("NAME", 80, "Name", Need.YES), workflow(default="none", none=True), status()),
)


def _status_field() -> Field:
    return Field("CHANGEREQUESTSTATUSNAME", ref=Ref("CHANGEREQUESTSTATUS", "NAME", "CHANGEREQUESTSTATUSKEY", "CHANGEREQUESTSTATUS"))


def _totals() -> tuple[Field, ...]:
    return tuple(Field(name, Type.CURRENCY, read_only=True, default="0") for name in ("TOTALCOST", "TOTALPRICE"))


PROJECTCHANGEORDER = Kind(
    "PROJECTCHANGEORDER",
    "Project Change Order",
    "Project Change Orders",
    key="PROJECTCHANGEORDERID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("PROJECTCHANGEORDERID", label="Project change order ID", need=Need.YES, max=40),
        Field("PROJECTID", label="Project", need=Need.YES, ref=project_ref()),
        Field("PROJECTCHANGEORDERDATE", Type.DATE, "Project change order date", Need.YES),
        pick("PROJECTCHANGEORDERSTATE", "Draft", "Posted", default="Draft"),
        stated("DESCRIPTION", 1000),
        _status_field(),
        Field("ITEMID", ref=item_ref()),
        *dates("PRICEEFFECTIVEDATE"),
        *contract_fields(),
        *scope(),
        *schedule(),
        *references(),
        supdoc(),
        *_totals(),
    ),
)

CHANGEREQUESTENTRY = Kind(
    "CHANGEREQUESTENTRY",
    "Change Request Entry",
    "Change Request Entries",
    key="RECORDNO",
    functions=SEARCH | {"delete"},
    fields=(
        recordno(),
        Field(
            "CHANGEREQUESTKEY",
            Type.INTEGER,
            need=Need.YES,
            read_only=True,
            ref=Ref("CHANGEREQUEST", "RECORDNO", "CHANGEREQUESTKEY", "CHANGEREQUEST"),
        ),
        Field("CHANGEREQUESTID", read_only=True),
        Field("LINENO", Type.INTEGER, read_only=True),
        Field("PROJECTID", label="Project", need=Need.YES, ref=project_ref("PROJECTDIMKEY")),
        *line_dimensions("PROJECTID", "CUSTOMERID", "CONTRACTID", "WAREHOUSEID"),
        *quantities(),
        *(Field(name, Type.CURRENCY) for name in ("COST", "UNITPRICE", "PRICE", "PRICEMARKUPPERCENT", "PRICEMARKUPAMOUNT")),
        Field("LINEPRICE", Type.CURRENCY, read_only=True),
        *contract_fields("PROJECTDIMKEY"),
        Field("PJESTIMATEID", read_only=True, ref=Ref("PJESTIMATE", "PJESTIMATEID", "PJESTIMATEKEY", "PJESTIMATE")),
    ),
)

CHANGEREQUEST = Kind(
    "CHANGEREQUEST",
    "Change Request",
    "Change Requests",
    key="CHANGEREQUESTID",
    functions=WRITE,
    fields=(
        recordno(),
        Field("CHANGEREQUESTID", label="Change request ID", need=Need.YES, max=40),
        Field("PROJECTID", label="Project", need=Need.YES, ref=project_ref()),
        Field("CHANGEREQUESTDATE", Type.DATE, "Change request date", Need.YES),
        pick("CHANGEREQUESTSTATE", "Draft", "Posted", default="Draft"),
        stated("DESCRIPTION", 1000),
        Field("CHANGEREQUESTTYPENAME", ref=Ref("CHANGEREQUESTTYPE", "NAME", "CHANGEREQUESTTYPEKEY", "CHANGEREQUESTTYPE")),
        _status_field(),
        *(Field(name, Type.DATE, create_only=True) for name in ("COSTEFFECTIVEDATE", "PRICEEFFECTIVEDATE")),
        Field(
            "PROJECTCHANGEORDERID",
            label="Project change order",
            ref=Ref(
                "PROJECTCHANGEORDER",
                "PROJECTCHANGEORDERID",
                "PROJECTCHANGEORDERKEY",
                "PROJECTCHANGEORDER",
                {},
                "Invalid Project Change Order '{value}' specified.",
                within={"PROJECTKEY": "PROJECTKEY"},
            ),
        ),
        pick("PCNINTEGRATIONLEVEL", *LEVELS, default="none"),
        *contract_fields(),
        *scope(),
        *schedule(),
        *references(),
        supdoc(),
        *_totals(),
    ),
    owned=(
        Owned(
            "CHANGEREQUESTENTRIES",
            "CHANGEREQUESTENTRY",
            "CHANGEREQUESTKEY",
            keeping=Keeping.MERGE,
            number="LINENO",
            carries={"CHANGEREQUESTID": "CHANGEREQUESTID"},
        ),
    ),
)

KINDS = (CHANGEREQUESTTYPE, CHANGEREQUESTSTATUS, PROJECTCHANGEORDER, CHANGEREQUESTENTRY, CHANGEREQUEST)
