"""Tables of standard tasks, standard cost types, cost types and accumulation types (intacct-xml §3A)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.company import class_ref
from tieout.sandbox.intacct.catalogue.tasks import item_ref, project_ref, task_key_ref, task_ref, time_type_ref
from tieout.sandbox.intacct.fields import (
    WRITE,
    WRITE_BY_NUMBER,
    Choice,
    Field,
    Kind,
    Need,
    Owned,
    Ref,
    Type,
    dates,
    flag,
    recordno,
    status,
    text,
)

COST_CATEGORIES = ("Material", "Labor", "Equipment", "Subcontract", "Overhead", "Other")


def stated(name: str, length: int, label: str = "", need: Need = Need.NO) -> Field:
    """A text whose length the reference states."""
    return Field(name, label=label, need=need, max=length, max_stated=True)


def account() -> Field:
    """The account a cost is booked to."""
    return Field("ACCOUNTNO", ref=Ref("GLACCOUNT", "ACCOUNTNO", "ACCOUNTKEY", "GLACCOUNT", {}, "Account {value} is not valid"))


def accumulation() -> Field:
    """The accumulation type of a cost type."""
    wording = "Invalid Accumulation Type '{value}' specified."
    return Field("ACCUMULATIONTYPENAME", ref=Ref("ACCUMULATIONTYPE", "NAME", "ACCUMULATIONTYPEKEY", "ACCUMULATIONTYPE", {}, wording))


ACCUMULATIONTYPE = Kind(
    "ACCUMULATIONTYPE",
    "Accumulation Type",
    "Accumulation Types",
    key="NAME",
    functions=WRITE,
    fields=(
        recordno(),
        stated("NAME", 80, "Name", Need.YES),
        Field("COSTCATEGORY", Type.ENUM, choices=tuple(Choice(each, each) for each in COST_CATEGORIES)),
        status(),
    ),
)

STANDARDCOSTTYPE = Kind(
    "STANDARDCOSTTYPE",
    "Standard Cost Type",
    "Standard Cost Types",
    key="STANDARDCOSTTYPEID",
    functions=WRITE,
    fields=(
        recordno(),
        stated("STANDARDCOSTTYPEID", 12, "Standard cost type ID", Need.YES),
        stated("NAME", 200, "Name", Need.YES),
        stated("DESCRIPTION", 1000),
        accumulation(),
        stated("COSTUNITDESCRIPTION", 30),
        account(),
        Field("PARENTID", ref=Ref("STANDARDCOSTTYPE", "STANDARDCOSTTYPEID", "PARENTKEY", "PARENT", {"PARENTNAME": "NAME"})),
        Field("ITEMID", ref=item_ref()),
        status(),
    ),
    tree="PARENTID",
)


def standard_cost_type_ref() -> Ref:
    """A reference to a standard cost type."""
    wording = "Invalid Standard Cost Type '{value}' specified."
    return Ref("STANDARDCOSTTYPE", "STANDARDCOSTTYPEID", "STANDARDCOSTTYPEKEY", "STANDARDCOSTTYPE", {}, wording)


STANDARDTASK = Kind(
    "STANDARDTASK",
    "Standard Task",
    "Standard Tasks",
    key="STANDARDTASKID",
    functions=WRITE,
    fields=(
        recordno(),
        stated("STANDARDTASKID", 20, "Standard task ID", Need.YES),
        stated("NAME", 200, "Name"),
        stated("DESCRIPTION", 1000),
        stated("PRODUCTIONUNITDESC", 30),
        Field("ITEMID", label="Item", ref=item_ref()),
        flag("BILLABLE"),
        flag("ISMILESTONE"),
        flag("UTILIZED"),
        *text("PRIORITY", max=20),
        Field("TIMETYPENAME", ref=time_type_ref()),
        stated("TASKNO", 8),
        Field(
            "PARENTKEY",
            Type.INTEGER,
            ref=Ref("STANDARDTASK", "RECORDNO", "PARENTKEY", "PARENT", {"PARENTID": "STANDARDTASKID", "PARENTNAME": "NAME"}),
        ),
        Field("CLASSID", ref=class_ref()),
        status(),
    ),
    tree="PARENTKEY",
    owned=(Owned("STANDARDTASKSTANDARDCOSTTYPES", "STANDARDTASKSTANDARDCOSTTYPE", "STANDARDTASKKEY"),),
)

STANDARDTASKSTANDARDCOSTTYPE = Kind(
    "STANDARDTASKSTANDARDCOSTTYPE",
    "Standard Task Cost Type",
    "Standard Task Cost Types",
    key="RECORDNO",
    functions=frozenset({"lookup", "inspect"}),
    fields=(
        recordno(),
        Field(
            "STANDARDTASKKEY",
            Type.INTEGER,
            need=Need.YES,
            read_only=True,
            ref=Ref("STANDARDTASK", "RECORDNO", "STANDARDTASKKEY", "STANDARDTASK"),
        ),
        Field("STANDARDCOSTTYPEID", label="Standard cost type", need=Need.YES, ref=standard_cost_type_ref()),
    ),
    unique=(("STANDARDTASKKEY", "STANDARDCOSTTYPEID"),),
)

COSTTYPE = Kind(
    "COSTTYPE",
    "Cost Type",
    "Cost Types",
    key="COSTTYPEID",
    functions=WRITE_BY_NUMBER,
    scope=("TASKKEY",),
    fields=(
        recordno(),
        Field("COSTTYPEID", label="Cost type ID", read_only=True),
        Field("STANDARDCOSTTYPEID", label="Standard cost type", need=Need.YES, create_only=True, ref=standard_cost_type_ref()),
        stated("NAME", 200, "Name"),
        stated("DESCRIPTION", 1000),
        Field("PROJECTID", label="Project", create_only=True, ref=project_ref()),
        Field("TASKKEY", Type.INTEGER, "Task", create_only=True, ref=task_key_ref()),
        Field("TASKID", label="Task ID", create_only=True, ref=task_ref()),
        accumulation(),
        stated("COSTUNITDESCRIPTION", 30),
        account(),
        Field("ITEMID", ref=item_ref()),
        *dates("PLANNEDBEGINDATE", "PLANNEDENDDATE", "ACTUALBEGINDATE", "ACTUALENDDATE"),
        Field(
            "PARENTID",
            update_only=True,
            ref=Ref(
                "COSTTYPE",
                "COSTTYPEID",
                "PARENTKEY",
                "PARENT",
                {"PARENTNAME": "NAME"},
                "Invalid Cost Type '{value}' specified.",
                within={"TASKKEY": "TASKKEY"},
            ),
        ),
        status(),
    ),
    tree="PARENTID",
    periods=(("PLANNEDBEGINDATE", "PLANNEDENDDATE"), ("ACTUALBEGINDATE", "ACTUALENDDATE")),
)

KINDS = (ACCUMULATIONTYPE, STANDARDCOSTTYPE, STANDARDTASK, STANDARDTASKSTANDARDCOSTTYPE, COSTTYPE)
