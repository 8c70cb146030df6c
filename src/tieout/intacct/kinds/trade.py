"""Documents of Purchasing and Order Entry: orders, subcontracts, change orders and invoices (intacct-xml §3C, §3D SODOCUMENT).

What a document is, is its transaction definition: `DOCPARID` names it. A conversion is a document created with `CREATEDFROM`,
whose lines name their sources; a change order is one whose lines name the line they change, or none for a new one.
"""

from __future__ import annotations

from collections.abc import Callable

from tieout.core.ports import Verb
from tieout.core.record import Fields
from tieout.intacct.catalogue import (
    Access,
    Act,
    Documents,
    Field,
    Kind,
    Lines,
    Touch,
    Type,
    WriteMode,
    aliased,
    dimension,
    fields,
    lines_field,
    number,
    reference,
)
from tieout.intacct.client import Function
from tieout.intacct.client import documents as build

_WRITES = frozenset({Verb.CREATE, Verb.UPDATE, Verb.DELETE, Verb.ACT})
# No update in these states (intacct-xml §3C).
_LOCKED = frozenset({"submitted", "in progress", "converted", "partially converted"})
_TOTALS = "SUBTOTAL TOTAL TRX_SUBTOTAL TRX_TOTAL TOTALENTERED TOTALPAID TOTALDUE TRX_TOTALENTERED TRX_TOTALPAID TRX_TOTALDUE"

# What change orders made of it; a company without change orders lacks these columns, and they are left out then.
_REVISED = "REVISEDTOTAL TRX_REVISEDTOTAL"


def _lower(type: Type, names: str, *, selectable: bool = True) -> tuple[Field, ...]:
    """Fields whose elements in the document functions are their names in lower case."""
    return aliased(type, {name: name.lower() for name in names.split()}, selectable=selectable)


_ADDITIONAL = (
    *_lower(Type.TEXT, "SCOPE INCLUSIONS EXCLUSIONS TERMS SCHEDULEIMPACT INTERNALREFNO INTERNALINITIATEDBY INTERNALVERBALBY"),
    *_lower(Type.TEXT, "INTERNALISSUEDBY INTERNALAPPROVEDBY INTERNALSIGNEDBY INTERNALSOURCE INTERNALSOURCEREFNO EXTERNALREFNO"),
    *_lower(Type.TEXT, "EXTERNALVERBALBY EXTERNALAPPROVEDBY EXTERNALSIGNEDBY"),
    *aliased(Type.DATE, {"SCHEDULEDSTARTDATE": "schedulestartdate"}),
    *_lower(Type.DATE, "ACTUALSTARTDATE SCHEDULEDCOMPLETIONDATE REVISEDCOMPLETIONDATE SUBSTANTIALCOMPLETIONDATE"),
    *_lower(Type.DATE, "ACTUALCOMPLETIONDATE NOTICETOPROCEED RESPONSEDUE"),
    *aliased(Type.DATE, {"EXECUTEDON": "executedon"}),
    *_lower(Type.DATE, "INTERNALISSUEDON INTERNALAPPROVEDON INTERNALSIGNEDON EXTERNALAPPROVEDON EXTERNALSIGNEDON"),
)


def _header(parent: str, document: str, posted: str, *more: Field) -> tuple[Field, ...]:
    """A header; `parent` is the kind it is with, `document` its own, `posted` what it makes in the ledger of that parent."""
    return (
        *fields(Type.TEXT, "DOCID", access=Access.NEVER),
        *aliased(Type.TEXT, {"DOCPARID": "transactiontype", "DOCNO": "documentno"}, access=Access.CREATE),
        reference("CUSTVENDID", parent, f"{parent}.RECORDNO", access=Access.CREATE, alias=f"{parent.lower()}id"),
        reference("CREATEDFROM", document, "", access=Access.CREATE, alias="createdfrom"),
        reference("PROJECT", "PROJECT", "PROJECTKEY", alias="projectid"),
        *aliased(Type.DATE, {"WHENCREATED": "datecreated", "WHENPOSTED": "dateposted", "WHENDUE": "datedue"}),
        *aliased(Type.TEXT, {"PONUMBER": "referenceno", "TERM.NAME": "termname", "MESSAGE": "message", "SHIPVIA": "shippingmethod"}),
        *aliased(Type.TEXT, {"SUPDOCID": "supdocid", "CURRENCY": "currency", "BASECURR": "basecurr", "EXCH_RATE_TYPE_ID": "exchratetype"}),
        *aliased(Type.TEXT, {"EXTERNALID": "externalid"}, selectable=False),
        *aliased(Type.DATE, {"EXCHRATEDATE": "exchratedate"}),
        *aliased(Type.DECIMAL, {"EXCHRATE": "exchrate"}),
        *aliased(Type.INTEGER, {"CHANGELOGNUMBER": "changelognumber"}),
        *aliased(Type.LABEL, {"STATE": "state"}),
        *_lower(Type.DATE, "NEEDBYDATE DONOTSHIPBEFOREDATE DONOTSHIPAFTERDATE CANCELAFTERDATE"),
        *_ADDITIONAL,
        *more,
        *fields(Type.DECIMAL, f"{_TOTALS} {_REVISED}", access=Access.NEVER),
        reference("PRRECORDKEY", posted, "PRRECORDKEY", access=Access.NEVER),
    )


def _line(name: str, document: str, *more: Field) -> Kind:
    """A line; its quantity and price are in the unit it names and in the document's currency."""
    return Kind(
        name,
        "",
        (
            dimension("ITEMID", "ITEM"),
            *aliased(Type.TEXT, {"ITEMDESC": "itemdesc", "UNIT": "unit", "MEMO": "memo", "WAREHOUSE.LOCATION_NO": "warehouseid"}),
            *aliased(Type.DECIMAL, {"UIQTY": "quantity", "UIPRICE": "price"}),
            *fields(Type.DECIMAL, "TRX_VALUE QUANTITY PRICE QTY_CONVERTED QTY_REMAINING", access=Access.NEVER),
            *fields(Type.DECIMAL, "REVISEDUIQTY REVISEDUIPRICE", access=Access.NEVER),
            *fields(Type.LABEL, "STATE", access=Access.NEVER),
            # The line converted from, and the one a change order changes.
            number("SOURCE_DOCLINEKEY", document, access=Access.CREATE, alias="sourcelinekey"),
            number("RELATEDDOCKEY", document, alias="relateddockey"),
            number("RELATEDDOCLINEKEY", document, alias="relateddoclinekey"),
            *aliased(Type.LABEL, {"CONVERSIONTYPE": "conversiontype"}),
            *_lower(Type.DECIMAL, "RETAINAGEPERCENTAGE TRX_AMOUNTRETAINED"),
            reference("LOCATIONID", "LOCATION", "LOCATIONKEY", alias="locationid"),
            reference("DEPARTMENTID", "DEPARTMENT", "DEPTKEY", alias="departmentid"),
            dimension("PROJECTID", "PROJECT"),
            dimension("TASKID", "TASK"),
            dimension("COSTTYPEID", "COSTTYPE"),
            dimension("CUSTOMERID", "CUSTOMER"),
            dimension("VENDORID", "VENDOR"),
            dimension("EMPLOYEEID", "EMPLOYEE"),
            dimension("CLASSID", "CLASS"),
            *aliased(Type.TEXT, {"CONTRACTID": "contractid"}),
            *more,
        ),
        system=("RECORDNO", "DOCHDRNO", "DOCHDRID", "LINE_NO"),
    )


def _decision(function: Callable[..., Function], state: str) -> Act:
    def call(key: str, document_id: str, given: Fields) -> Function:
        return function(key, "PODOCUMENT", document_id, comment=str(given.get("COMMENT") or ""))

    return Act(call, frozenset({state}), {"COMMENT": Type.TEXT}, by_name=True)


PODOCUMENTPARAMS = Kind(
    "PODOCUMENTPARAMS",
    "DOCID",
    (
        *fields(Type.TEXT, "DOCID DESCRIPTION SEQUENCE", access=Access.NEVER),
        *fields(Type.LABEL, "DOCCLASS CATEGORY STATUS ENABLEDOCCHANGE UPDATES_GL CONVTYPE TD_CREATION_RULE", access=Access.NEVER),
        *fields(Type.LABEL, "REPORTINGCATEGORY CREATETYPE EDITTYPE", access=Access.NEVER),
        *fields(Type.BOOLEAN, "PRESERVE_SEQNUM INHERIT_SOURCE_DOCNO ENABLE_RETAINAGE", access=Access.NEVER),
    ),
    label="purchasing transaction definitions",
)

PODOCUMENT = Kind(
    "PODOCUMENT",
    "DOCID",
    _header(
        "VENDOR",
        "PODOCUMENT",
        "APBILL",
        *aliased(Type.TEXT, {"VENDORDOCNO": "vendordocno"}),
        *aliased(Type.TEXT, {"PAYTO": "payto", "RETURNTO": "returnto", "DELIVERTO": "deliverto"}, selectable=False),
        *_lower(Type.DATE, "PROMISEDDATE CONTRACTSTARTDATE CONTRACTENDDATE"),
        *_lower(Type.BOOLEAN, "PERFORMANCEBONDREQUIRED PERFORMANCEBONDRECEIVED PAYMENTBONDREQUIRED PAYMENTBONDRECEIVED"),
        *_lower(Type.DECIMAL, "PERFORMANCEBONDAMOUNT PAYMENTBONDAMOUNT"),
        *_lower(Type.TEXT, "PERFORMANCESURETYCOMPANY PAYMENTSURETYCOMPANY"),
        lines_field("PODOCUMENTENTRIES"),
    ),
    WriteMode.LINES_MERGED,
    _WRITES,
    enforced=True,
    numbered_by="DOCNO",
    prefix="DOCPARID",
    mark="PONUMBER",
    audit_type="podocument",
    label="purchasing documents",
    lines=Lines(
        "PODOCUMENTENTRIES",
        _line(
            "PODOCUMENTENTRY",
            "PODOCUMENT",
            reference("SOURCE_DOCID", "PODOCUMENT", "SOURCE_DOCKEY", access=Access.CREATE, alias="sourcedocid"),
            *_lower(Type.BOOLEAN, "BILLABLE FORM1099"),
            *_lower(Type.TEXT, "FORM1099TYPE FORM1099BOX"),
            *_lower(Type.DATE, "NEEDBYDATE PROMISEDDATE"),
        ),
        "DOCHDRNO",
        owner_name="DOCHDRID",
    ),
    documents=Documents(build.create_potransaction, build.update_potransaction, build.delete_potransaction, name="DOCID"),
    acts={"approve": _decision(build.approve, "approved"), "decline": _decision(build.decline, "declined")},
    locked={"STATE": _LOCKED},
    # A change order revises its order, a conversion uses up its source, and every change of a document that posts to
    # payables deletes its bill and makes a new one under another RECORDNO.
    effects=(
        Touch("PODOCUMENT", "CREATEDFROM"),
        Touch("PODOCUMENT", "SOURCE_DOCID", in_lines=True),
        Touch("PODOCUMENT", "RELATEDDOCKEY", in_lines=True),
        Touch("APBILL", "PRRECORDKEY", remade=True),
    ),
)

SODOCUMENT = Kind(
    "SODOCUMENT",
    "DOCID",
    _header(
        "CUSTOMER",
        "SODOCUMENT",
        "ARINVOICE",
        *aliased(Type.TEXT, {"CUSTOMERPONUMBER": "customerponumber", "TRACKINGNUMBER": "trackingnumber"}),
        *aliased(Type.TEXT, {"SHIPTO.CONTACTNAME": "shipto", "BILLTO.CONTACTNAME": "billto"}),
        *_lower(Type.DATE, "SHIPBYDATE SHIPPEDDATE SERVICEDELIVERYDATE"),
        reference("PROJECTCONTRACTID", "PROJECTCONTRACT", "PROJECTCONTRACTKEY", access=Access.CREATE, alias="projectcontractid"),
        *_lower(Type.DATE, "BILLTHROUGHDATE"),
        *_lower(Type.TEXT, "BILLAPPLICATIONNO"),
        lines_field("SODOCUMENTENTRIES"),
    ),
    WriteMode.LINES_MERGED,
    _WRITES - {Verb.ACT},
    enforced=True,
    numbered_by="DOCNO",
    prefix="DOCPARID",
    mark="PONUMBER",
    audit_type="sodocument",
    label="order entry documents",
    lines=Lines(
        "SODOCUMENTENTRIES",
        _line(
            "SODOCUMENTENTRY",
            "SODOCUMENT",
            reference("SOURCE_DOCID", "SODOCUMENT", "SOURCE_DOCKEY", access=Access.NEVER),
            reference("PROJECTCONTRACTLINEID", "PROJECTCONTRACTLINE", "PROJECTCONTRACTLINEKEY", alias="projectcontractlineid"),
            *_lower(Type.DATE, "NEEDBYDATE SHIPBY REVRECSTARTDATE REVRECENDDATE"),
            *_lower(Type.DECIMAL, "COMPLETEDTHISPERIOD STOREDMATERIALS"),
        ),
        "DOCHDRNO",
        owner_name="DOCHDRID",
    ),
    documents=Documents(build.create_sotransaction, build.update_sotransaction, build.delete_sotransaction, name="DOCID"),
    locked={"STATE": _LOCKED},
    effects=(
        Touch("SODOCUMENT", "CREATEDFROM"),
        Touch("SODOCUMENT", "SOURCE_DOCID", in_lines=True),
        Touch("SODOCUMENT", "RELATEDDOCKEY", in_lines=True),
        Touch("ARINVOICE", "PRRECORDKEY", remade=True),
    ),
)
