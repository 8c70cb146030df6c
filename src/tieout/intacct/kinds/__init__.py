"""The kinds of Intacct records that Tieout reads and writes (intacct-xml §3; intacct-objects.json)."""

from __future__ import annotations

from dataclasses import replace

from tieout.intacct.catalogue import Catalogue, Kind
from tieout.intacct.kinds.attachments import SUPDOC
from tieout.intacct.kinds.construction import (
    ACCUMULATIONTYPE,
    CHANGEREQUEST,
    CHANGEREQUESTSTATUS,
    CHANGEREQUESTTYPE,
    COSTTYPE,
    PJESTIMATE,
    PJESTIMATETYPE,
    PROJECTCHANGEORDER,
    PROJECTCONTRACT,
    PROJECTCONTRACTLINE,
    STANDARDCOSTTYPE,
    STANDARDTASK,
)
from tieout.intacct.kinds.dimensions import (
    APTERM,
    ARTERM,
    CLASS,
    CONTACT,
    CUSTOMER,
    DEPARTMENT,
    EMPLOYEE,
    GLACCOUNT,
    ITEM,
    LOCATION,
    LOCATIONENTITY,
    VENDOR,
)
from tieout.intacct.kinds.documents import APADJUSTMENT, APBILL, ARADJUSTMENT, ARADVANCE, ARINVOICE, ARPYMT
from tieout.intacct.kinds.ledger import GLBATCH
from tieout.intacct.kinds.projects import PROJECT, PROJECTRESOURCES, PROJECTSTATUS, PROJECTTYPE, TASK, TASKRESOURCES, TIMESHEET
from tieout.intacct.kinds.trade import PODOCUMENT, PODOCUMENTPARAMS, SODOCUMENT

# What every integration needs; the doctor insists on these, and on the others only where a flow uses them.
BASIC = ("PROJECT", "CUSTOMER", "LOCATIONENTITY", "LOCATION", "DEPARTMENT", "EMPLOYEE", "PROJECTSTATUS", "PROJECTTYPE")

# The subscription a kind belongs to, by the system's own key of it (intacct-xml §3.0).
SUBSCRIPTIONS = {
    "PROJECT": "48.PROJACCT",
    "PROJECTSTATUS": "48.PROJACCT",
    "PROJECTTYPE": "48.PROJACCT",
    "TASK": "48.PROJACCT",
    "TIMESHEET": "48.PROJACCT",
    "PROJECTRESOURCES": "48.PROJACCT",
    "TASKRESOURCES": "48.PROJACCT",
    "CUSTOMER": "4.AR",
    "ARTERM": "4.AR",
    "ARINVOICE": "4.AR",
    "ARPYMT": "4.AR",
    "VENDOR": "3.AP",
    "APTERM": "3.AP",
    "APBILL": "3.AP",
    "APADJUSTMENT": "3.AP",
    "GLACCOUNT": "2.GL",
    "PODOCUMENT": "9.PO",
}

KINDS: Catalogue = {
    kind.name: kind
    for kind in (
        PROJECT,
        CUSTOMER,
        LOCATIONENTITY,
        LOCATION,
        DEPARTMENT,
        EMPLOYEE,
        PROJECTSTATUS,
        PROJECTTYPE,
        VENDOR,
        CLASS,
        ITEM,
        GLACCOUNT,
        APTERM,
        ARTERM,
        TASK,
        TIMESHEET,
        PROJECTRESOURCES,
        TASKRESOURCES,
        APBILL,
        APADJUSTMENT,
        ARINVOICE,
        ARPYMT,
        ARADJUSTMENT,
        ARADVANCE,
        CONTACT,
        STANDARDTASK,
        STANDARDCOSTTYPE,
        ACCUMULATIONTYPE,
        COSTTYPE,
        PJESTIMATETYPE,
        PJESTIMATE,
        CHANGEREQUESTTYPE,
        CHANGEREQUESTSTATUS,
        CHANGEREQUEST,
        PROJECTCHANGEORDER,
        PROJECTCONTRACT,
        PROJECTCONTRACTLINE,
        PODOCUMENTPARAMS,
        PODOCUMENT,
        SODOCUMENT,
        GLBATCH,
        SUPDOC,
    )
}


def narrowed(kind: Kind, columns: frozenset[str]) -> Kind:
    """The kind as a company has it, where only some columns can be selected.

    A reference whose key column is missing keeps its natural key column; a field without any column is no longer read.
    """
    kept = tuple(
        replace(
            each, column=each.column if each.column in columns else "", key_column=each.key_column if each.key_column in columns else ""
        )
        for each in kind.fields
    )
    system = tuple(name for name in kind.system if name in columns or name == "RECORDNO")
    return replace(kind, fields=kept, system=system, has_modified=kind.has_modified and "WHENMODIFIED" in columns)
