"""Tables of exchange rates: types, rates between two currencies, and the days they hold from (objects table EXCHANGERATE)."""

from __future__ import annotations

from tieout.sandbox.intacct.fields import READ, SEARCH, Field, Kind, Need, Owned, Ref, Type, flag, recordno, status

EXCHANGERATETYPES = Kind(
    "EXCHANGERATETYPES",
    "Exchange Rate Type",
    "Exchange Rate Types",
    key="ID",
    functions=READ,
    fields=(
        recordno(),
        Field("ID", need=Need.YES, max=40),
        Field("NAME", label="Name", need=Need.YES, max=80),
        flag("ISDEFAULT"),
        status(),
    ),
    shared=True,
)

EXCHANGERATEENTRY = Kind(
    "EXCHANGERATEENTRY",
    "Exchange Rate Entry",
    "Exchange Rate Entries",
    key="RECORDNO",
    functions=SEARCH,
    fields=(
        recordno(),
        Field("EXCHANGERATEKEY", Type.INTEGER, read_only=True, ref=Ref("EXCHANGERATE", "RECORDNO", "EXCHANGERATEKEY", "EXCHANGERATE")),
        Field("EFFECTIVE_START_DATE", Type.DATE, "Effective start date", Need.YES),
        Field("EXCHANGE_RATE", Type.DECIMAL, "Exchange rate", Need.YES),
        Field("RECIPROCAL_RATE", Type.DECIMAL),
    ),
    shared=True,
    indexes=("EXCHANGERATEKEY",),
)

EXCHANGERATE = Kind(
    "EXCHANGERATE",
    "Exchange Rate",
    "Exchange Rates",
    key="RECORDNO",
    functions=SEARCH | {"create"},
    fields=(
        recordno(),
        Field(
            "TYPENAME",
            label="Type",
            need=Need.YES,
            ref=Ref("EXCHANGERATETYPES", "ID", "TYPEKEY", "", {}, "Exchange rate type '{value}' is not valid."),
        ),
        Field("FROM_CURRENCY", label="From currency", need=Need.YES, max=3),
        Field("TO_CURRENCY", label="To currency", need=Need.YES, max=3),
    ),
    owned=(Owned("EXCHANGERATEENTRIES", "EXCHANGERATEENTRY", "EXCHANGERATEKEY"),),
    unique=(("TYPEKEY", "FROM_CURRENCY", "TO_CURRENCY"),),
    shared=True,
)

KINDS = (EXCHANGERATETYPES, EXCHANGERATEENTRY, EXCHANGERATE)
