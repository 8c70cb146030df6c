"""Tables of tasks, who works on them, and what time is sorted by (intacct-xml §3A TASK, *RESOURCES; sage-psa §5.2, §5.3)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.company import class_ref
from tieout.sandbox.intacct.fields import (
    READ,
    SEARCH,
    WRITE,
    WRITE_BY_NUMBER,
    Choice,
    Field,
    Kind,
    Need,
    Ref,
    Type,
    dates,
    flag,
    recordno,
    status,
    text,
)

TASK_STATUSES = (("Not Started", "N"), ("Planned", "L"), ("In Progress", "P"), ("Completed", "C"), ("On Hold", "H"))


def project_ref(key: str = "PROJECTKEY", **shown: str) -> Ref:
    """A reference to a project."""
    return Ref("PROJECT", "PROJECTID", key, "PROJECT", {"PROJECTNAME": "NAME", **shown}, "Invalid Project '{value}' specified.")


def task_ref() -> Ref:
    """A reference to a task of the row's project by its id; the id is unique in the project only."""
    return Ref(
        "TASK", "TASKID", "TASKKEY", "TASK", {"TASKNAME": "NAME"}, "Invalid Task '{value}' specified.", within={"PROJECTKEY": "PROJECTKEY"}
    )


def task_key_ref() -> Ref:
    """A reference to a task by its record number, which also says the project."""
    fills = {"TASKID": "TASKID", "PROJECTID": "PROJECTID", "PROJECTKEY": "PROJECTKEY"}
    return Ref("TASK", "RECORDNO", "TASKKEY", "TASK", {"TASKNAME": "NAME"}, "Invalid Task '{value}' specified.", fills=fills)


def cost_type_ref() -> Ref:
    """A reference to a cost type of the row's task."""
    return Ref(
        "COSTTYPE",
        "COSTTYPEID",
        "COSTTYPEKEY",
        "COSTTYPE",
        {"COSTTYPENAME": "NAME"},
        "Invalid Cost Type '{value}' specified.",
        within={"TASKKEY": "TASKKEY"},
    )


def employee_ref(key: str = "EMPLOYEEKEY", path: str = "EMPLOYEE", name: str = "EMPLOYEENAME") -> Ref:
    """A reference to an employee, with the name of its contact."""
    return Ref("EMPLOYEE", "EMPLOYEEID", key, path, {name: "CONTACT.CONTACTNAME"}, "The employee '{value}' is invalid.")


def item_ref() -> Ref:
    """A reference to an item."""
    return Ref("ITEM", "ITEMID", "ITEMKEY", "ITEM", {"ITEMNAME": "NAME"}, "Invalid Item '{value}' specified.")


def time_type_ref() -> Ref:
    """A reference to a time type."""
    return Ref("TIMETYPE", "NAME", "TIMETYPEKEY", "TIMETYPEREL", {}, "Invalid Time Type '{value}' specified.")


def supdoc() -> Field:
    """The attachment record of an object."""
    return Field("SUPDOCID", ref=Ref("SUPDOC", "SUPDOCID", "SUPDOCKEY", ""))


def totals() -> tuple[Field, ...]:
    """What the system works out from timesheets; never written (intacct-xml §3A TASK, names inferred)."""
    quantities = ("ACTUALQTY", "APPROVEDQTY", "REMAININGQTY")
    return (
        *(Field(name, Type.DECIMAL, read_only=True) for name in quantities),
        Field("PERCENTCOMPLETE", Type.PERCENT, read_only=True),
    )


TASK = Kind(
    "TASK",
    "Task",
    "Tasks",
    key="TASKID",
    functions=WRITE_BY_NUMBER,
    scope=("PROJECTKEY",),
    unique=(("PROJECTKEY", "NAME"),),
    fields=(
        recordno(),
        Field("TASKID", label="Task ID", max=20, max_stated=True, default="{RECORDNO}"),
        Field("NAME", label="Name", need=Need.YES, max=200),
        *text("DESCRIPTION", max=1000),
        Field(
            "PROJECTID",
            label="Project",
            need=Need.YES,
            create_only=True,
            ref=project_ref(CUSTOMERKEY="CUSTOMERKEY", CUSTOMERID="CUSTOMERID", CUSTOMERNAME="CUSTOMERNAME"),
        ),
        Field(
            "PARENTKEY",
            Type.INTEGER,
            "Parent task",
            ref=Ref(
                "TASK",
                "RECORDNO",
                "PARENTKEY",
                "PARENT",
                {"PARENTID": "TASKID", "PARENTTASKNAME": "NAME"},
                "Invalid Task '{value}' specified.",
                within={"PROJECTKEY": "PROJECTKEY"},
            ),
        ),
        Field(
            "ROOTPARENTKEY",
            Type.INTEGER,
            read_only=True,
            ref=Ref("TASK", "RECORDNO", "ROOTPARENTKEY", "ROOTPARENT", {"ROOTPARENTID": "TASKID", "ROOTPARENTNAME": "NAME"}),
        ),
        Field(
            "DEPENDENTONKEY",
            Type.INTEGER,
            ref=Ref(
                "TASK",
                "RECORDNO",
                "DEPENDENTONKEY",
                "DEPENDENTON",
                {"DEPENDENTONID": "TASKID", "DEPENDENTONNAME": "NAME"},
                "Invalid Task '{value}' specified.",
                within={"PROJECTKEY": "PROJECTKEY"},
            ),
        ),
        Field(
            "STANDARDTASKID",
            create_only=True,
            ref=Ref("STANDARDTASK", "STANDARDTASKID", "STANDARDTASKKEY", "STANDARDTASK", {"STANDARDTASKNAME": "NAME"}),
        ),
        *dates("PBEGINDATE", "PENDDATE"),
        Field("CLASSID", ref=class_ref()),
        Field("ITEMID", ref=item_ref()),
        flag("BILLABLE"),
        flag("ISMILESTONE"),
        flag("UTILIZED"),
        *text("PRIORITY", max=20),
        Field("TASKNO", label="WBS code", max=8),
        Field(
            "TASKSTATUS",
            Type.ENUM,
            "Task status",
            Need.YES,
            need_on_update=True,
            choices=tuple(Choice(label, code) for label, code in TASK_STATUSES),
        ),
        Field("TIMETYPENAME", ref=time_type_ref()),
        Field("PRODUCTIONUNITDESC", create_only=True, max=30, max_stated=True),
        supdoc(),
        Field("BUDGETQTY", Type.DECIMAL),
        Field("ESTQTY", Type.DECIMAL),
        *totals(),
        status(),
    ),
    tree="PARENTKEY",
    periods=(("PBEGINDATE", "PENDDATE"),),
    cascades=("TASKRESOURCES",),
)

PROJECTRESOURCES = Kind(
    "PROJECTRESOURCES",
    "Project Resource",
    "Project Resources",
    key="RECORDNO",
    functions=SEARCH,
    fields=(
        recordno(),
        Field("PROJECTID", label="Project", need=Need.YES, ref=project_ref()),
        Field("EMPLOYEEID", label="Employee", ref=employee_ref(name="EMPLOYEECONTACTNAME")),
        Field("ITEMID", ref=item_ref()),
        *text("DESCRIPTION", max=500),
        *dates("STARTDATE"),
        *text("BILLINGPRICING", "EXPENSEPRICING", "POAPPRICING", max=100),
        *(Field(name, Type.DECIMAL) for name in ("BILLINGRATE", "EXPENSERATE", "POAPRATE")),
    ),
)

TASKRESOURCES = Kind(
    "TASKRESOURCES",
    "Task Resource",
    "Task Resources",
    key="RECORDNO",
    functions=SEARCH,
    fields=(
        recordno(),
        Field("PROJECTID", label="Project", need=Need.YES, ref=project_ref()),
        Field("TASKKEY", Type.INTEGER, "Task", ref=task_key_ref()),
        Field("TASKID", label="Task ID", ref=task_ref()),
        Field("EMPLOYEEID", label="Employee", need=Need.YES, ref=employee_ref()),
        *text("DESCRIPTION", max=500),
        *dates("PBEGINDATE", "PENDDATE"),
        *(Field(name, Type.DATE, read_only=True) for name in ("ABEGINDATE", "AENDDATE")),
        Field("BUDGETQTY", Type.DECIMAL),
        Field("ESTQTY", Type.DECIMAL),
        *totals(),
        flag("ISFULLTIME"),
        flag("ISSOFTBOOK"),
    ),
    periods=(("PBEGINDATE", "PENDDATE"),),
)


def _sorted_by(name: str, label: str, plural: str, key: str, functions: frozenset[str], *fields: Field) -> Kind:
    own = (recordno(), Field(key, label=f"{label} ID" if key != "NAME" else "Name", need=Need.YES, max=80), *fields, status())
    return Kind(name, label, plural, key=key, functions=functions, fields=own, shared=True)


_NAMED = (Field("NAME", label="Name", need=Need.YES, max=100), *text("DESCRIPTION", max=500))

EARNINGTYPE = _sorted_by("EARNINGTYPE", "Earning Type", "Earning Types", "NAME", READ, *text("METHOD", max=80))
TIMETYPE = _sorted_by(
    "TIMETYPE",
    "Time Type",
    "Time Types",
    "NAME",
    READ,
    Field("EARNINGTYPENAME", ref=Ref("EARNINGTYPE", "NAME", "EARNINGTYPEKEY", "EARNINGTYPE")),
    Field("ACCOUNTNO", ref=Ref("GLACCOUNT", "ACCOUNTNO", "ACCOUNTKEY", "GLACCOUNT", {}, "Account {value} is not valid")),
    Field("OFFSETACCOUNTNO", ref=Ref("GLACCOUNT", "ACCOUNTNO", "OFFSETACCOUNTKEY", "", {}, "Account {value} is not valid")),
)
EMPLOYEEPOSITION = _sorted_by("EMPLOYEEPOSITION", "Employee Position", "Employee Positions", "POSITIONID", WRITE, *_NAMED)
LABORCLASS = _sorted_by("LABORCLASS", "Labor Class", "Labor Classes", "LABORCLASSID", WRITE, *_NAMED)
LABORSHIFT = _sorted_by("LABORSHIFT", "Labor Shift", "Labor Shifts", "LABORSHIFTID", WRITE, *_NAMED)
LABORUNION = _sorted_by("LABORUNION", "Labor Union", "Labor Unions", "LABORUNIONID", WRITE, *_NAMED)

KINDS = (EARNINGTYPE, TIMETYPE, EMPLOYEEPOSITION, LABORCLASS, LABORSHIFT, LABORUNION, TASK, PROJECTRESOURCES, TASKRESOURCES)
