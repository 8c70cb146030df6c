"""Tables of tax solutions and tax details, which are read only (objects table TAXSOLUTION, TAXDETAIL)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.dimensions import account_ref
from tieout.sandbox.intacct.fields import READ, SEARCH, Choice, Field, Kind, Lines, Need, Ref, Type, dates, flag, recordno, status, text

TAXSOLUTION = Kind(
    "TAXSOLUTION",
    "Tax Solution",
    "Tax Solutions",
    key="SOLUTIONID",
    functions=READ,
    fields=(
        recordno(),
        Field("SOLUTIONID", label="Solution ID", need=Need.YES, max=100),
        *text("DESCRIPTION", max=500),
        *text("TAXMETHOD", "TYPE", "ALTSETUP", "SUBMISSIONPROCESS", max=40),
        *dates("STARTDATE", "LASTUPDATE"),
        flag("SHOWMULTILINETAX"),
        Field("ARADVANCEOFFSETACCT", ref=account_ref("ARADVANCEOFFSETACCTKEY", "ARADVANCEOFFSETACCTTITLE", "")),
        Field("GLACCOUNTPURCHASE", ref=account_ref("GLACCOUNTPURCHASEKEY", "GLACCOUNTPURCHASETITLE", "")),
        Field("GLACCOUNTSALE", ref=account_ref("GLACCOUNTSALEKEY", "GLACCOUNTSALETITLE", "")),
        status(),
    ),
    shared=True,
)

TAXDETAIL = Kind(
    "TAXDETAIL",
    "Tax Detail",
    "Tax Details",
    key="DETAILID",
    functions=SEARCH,
    fields=(
        recordno(),
        Field("DETAILID", label="Detail ID", need=Need.YES, max=100),
        *text("TAXUID", "DESCRIPTION", "TAXAUTHORITY", "TAXRATE", max=200),
        Field("TAXTYPE", Type.ENUM, choices=(Choice("Sale", "S"), Choice("Purchase", "P")), default="Sale"),
        Field("VALUE", Type.PERCENT),
        *(Field(name, Type.CURRENCY) for name in ("MINTAXABLE", "MAXTAXABLE", "MINTAX", "MAXTAX")),
        *text("INCLUDE", max=40),
        Field("GLACCOUNT", ref=account_ref("GLACCOUNTKEY", "")),
        flag("REVERSECHARGE"),
        Field("TAXSOLUTIONID", ref=Ref("TAXSOLUTION", "SOLUTIONID", "TAXSOLUTIONKEY", "TAXSOLUTION")),
        status(),
    ),
    read_by="DETAILID",
)

# Taxes of a line of a document; an update replaces them all (objects table APBILL, TAXENTRY).
TAXENTRIES = Lines(
    "TAXENTRIES",
    (
        Field("DETAILID", label="Tax detail", need=Need.YES, ref=Ref("TAXDETAIL", "DETAILID", "TAXDETAILKEY", "")),
        Field("TRX_TAX", Type.CURRENCY),
    ),
    "TAXENTRY",
)

KINDS = (TAXSOLUTION, TAXDETAIL)
