"""The dimensions of document and journal lines, and the references documents share (intacct-xml §3D, §4.1, §7.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tieout.sandbox.intacct.catalogue.company import class_ref
from tieout.sandbox.intacct.fields import Field, Need, Ref, Type

# The user-defined dimension of this company: a Platform object, written on lines as GLDIM + its name (intacct-xml §3B).
CUSTOM_DIMENSION = "EQUIPMENT"
CUSTOM_FIELD = f"GLDIM{CUSTOM_DIMENSION}"

# Which flag of an account demands which dimension, and the tenant's word for it (intacct-xml §3B GLACCOUNT, §5.2).
DEMANDS: Mapping[str, tuple[str, str]] = {
    "REQUIREDEPT": ("DEPARTMENTID", "Department"),
    "REQUIRELOC": ("LOCATIONID", "Location"),
    "REQUIREPROJECT": ("PROJECTID", "Project"),
    "REQUIRETASK": ("TASKID", "Task"),
    "REQUIRECUSTOMER": ("CUSTOMERID", "Customer"),
    "REQUIREVENDOR": ("VENDORID", "Vendor"),
    "REQUIREEMPLOYEE": ("EMPLOYEEID", "Employee"),
    "REQUIREITEM": ("ITEMID", "Item"),
    "REQUIRECLASS": ("CLASSID", "Class"),
    "REQUIRECONTRACT": ("CONTRACTID", "Contract"),
    "REQUIREWAREHOUSE": ("WAREHOUSEID", "Warehouse"),
    f"REQUIRE{CUSTOM_FIELD}": (CUSTOM_FIELD, "Equipment"),
}


def account_ref(key: str = "ACCOUNTKEY", title: str = "ACCOUNTTITLE", path: str = "GLACCOUNT") -> Ref:
    """A reference to an account; no title column if `title` is empty."""
    return Ref("GLACCOUNT", "ACCOUNTNO", key, path, {title: "TITLE"} if title else {}, "Account {value} is not valid")


def any_account_ref() -> Ref:
    """The same of a line of any journal, a statistical one too; which of the two it may be is for the journal to say."""
    return replace(account_ref(), other="STATACCOUNT")


def vendor_ref(key: str = "VENDORKEY", name: str = "VENDORNAME", wording: str = "Vendor '{value}' specified is not valid.") -> Ref:
    """A reference to a vendor."""
    return Ref("VENDOR", "VENDORID", key, "VENDOR", {name: "NAME"} if name else {}, wording)


def customer_ref(key: str = "CUSTOMERKEY") -> Ref:
    """A reference to a customer."""
    return Ref("CUSTOMER", "CUSTOMERID", key, "CUSTOMER", {"CUSTOMERNAME": "NAME"}, "Customer '{value}' specified is not valid.")


def supdoc() -> Field:
    """The attachment record of a transaction (intacct-xml §3D Attachments)."""
    return Field("SUPDOCID", ref=Ref("SUPDOC", "SUPDOCID", "SUPDOCKEY", ""))


def line_dimensions(
    *, location: str = "LOCATIONID", department: str = "DEPARTMENTID", title: str = "DEPARTMENTNAME", needed: bool = True
) -> tuple[Field, ...]:
    """The dimensions of a line; the location is required in a multi-entity company (§7.4), unless an allocation gives it."""
    place = Ref("LOCATION", "LOCATIONID", "LOCATIONKEY", "LOCATION", {"LOCATIONNAME": "NAME"}, _INVALID["location"], entity_bound=True)
    unit = Ref("DEPARTMENT", "DEPARTMENTID", "DEPARTMENTKEY", "DEPARTMENT", {title: "TITLE"}, _INVALID["department"])
    return (
        Field(location, label="Location", need=Need.MULTI_ENTITY if needed else Need.NO, ref=place, spared_by="ALLOCATION"),
        Field(department, label="Department", ref=unit),
        *other_dimensions(),
    )


def other_dimensions() -> tuple[Field, ...]:
    """The dimensions besides location and department; a task is looked up within its project, a cost type within its task."""
    project = Ref("PROJECT", "PROJECTID", "PROJECTDIMKEY", "PROJECT", {"PROJECTNAME": "NAME"}, "Invalid Project '{value}' specified.")
    task = Ref(
        "TASK",
        "TASKID",
        "TASKDIMKEY",
        "TASK",
        {"TASKNAME": "NAME"},
        "Invalid Task '{value}' specified.",
        within={"PROJECTDIMKEY": "PROJECTKEY"},
    )
    cost_type = Ref("COSTTYPE", "COSTTYPEID", "COSTTYPEDIMKEY", "COSTTYPE", {"COSTTYPENAME": "NAME"}, within={"TASKDIMKEY": "TASKKEY"})
    employee = Ref("EMPLOYEE", "EMPLOYEEID", "EMPLOYEEDIMKEY", "EMPLOYEE", {"EMPLOYEENAME": "CONTACT.CONTACTNAME"}, _INVALID["employee"])
    unit = class_ref()
    return (
        Field("PROJECTID", label="Project", ref=project),
        Field("TASKID", label="Task", ref=task),
        Field("COSTTYPEID", label="Cost type", ref=cost_type),
        Field("CUSTOMERID", label="Customer", ref=customer_ref("CUSTOMERDIMKEY")),
        Field("VENDORID", label="Vendor", ref=vendor_ref("VENDORDIMKEY", wording="Invalid Vendor '{value}' specified.")),
        Field("EMPLOYEEID", label="Employee", ref=employee),
        Field("ITEMID", label="Item", ref=Ref("ITEM", "ITEMID", "ITEMDIMKEY", "ITEM", {"ITEMNAME": "NAME"})),
        Field("CLASSID", label="Class", ref=Ref("CLASS", unit.by, "CLASSDIMKEY", "CLASS", unit.shown, unit.wording)),
        Field("CONTRACTID", label="Contract", ref=Ref("CONTRACT", "CONTRACTID", "CONTRACTDIMKEY", "CONTRACT", {"CONTRACTNAME": "NAME"})),
        Field("WAREHOUSEID", label="Warehouse", ref=Ref("WAREHOUSE", "WAREHOUSEID", "WAREHOUSEDIMKEY", "WAREHOUSE")),
        Field(
            CUSTOM_FIELD,
            Type.INTEGER,
            "Equipment",
            ref=Ref(CUSTOM_DIMENSION, "RECORDNO", f"{CUSTOM_FIELD}KEY", f"R{CUSTOM_DIMENSION}"),
        ),
    )


_INVALID = {name: f"The {name} '{{value}}' is invalid." for name in ("location", "department", "employee")}
