"""What estimates, change requests, change orders and contracts share: texts, dates, people, dimensions (intacct-xml §3A)."""

from __future__ import annotations

from tieout.sandbox.intacct.catalogue.costs import stated
from tieout.sandbox.intacct.catalogue.dimensions import account_ref, other_dimensions
from tieout.sandbox.intacct.fields import Choice, Field, Ref, Type, dates, text

WORKFLOW = ("original", "revision", "forecast", "pending change", "approved change", "other")
NONE = "none"
CONTRACT = "Invalid Project Contract '{value}' specified."


def workflow(name: str = "WFTYPE", default: str = "original", *, none: bool = False, many: bool = False) -> Field:
    """A workflow type; `none` adds the one that posts nothing."""
    return Field(name, Type.ENUM, choices=labels(*((NONE, *WORKFLOW) if none else WORKFLOW)), default=default, many=many)


def labels(*names: str) -> tuple[Choice, ...]:
    """Choices whose stored codes are not public; their labels stand for them."""
    return tuple(Choice(each, each) for each in names)


def pick(name: str, *names: str, default: str = "") -> Field:
    """A pick list of such choices."""
    return Field(name, Type.ENUM, choices=labels(*names), default=default)


def scope() -> tuple[Field, ...]:
    """What is agreed, in words."""
    return (*(stated(name, 4000) for name in ("SCOPE", "INCLUSIONS", "EXCLUSIONS", "TERMS")), stated("SCHEDULEIMPACT", 100))


def schedule() -> tuple[Field, ...]:
    """When it is planned and done."""
    return (
        *dates("SCHEDULEDSTARTDATE", "ACTUALSTARTDATE", "SCHEDULEDCOMPLETIONDATE", "REVISEDCOMPLETIONDATE"),
        *dates("SUBSTANTIALCOMPLETIONDATE", "ACTUALCOMPLETIONDATE", "NOTICETOPROCEED", "RESPONSEDUE", "EXECUTEDON"),
    )


def references() -> tuple[Field, ...]:
    """Who began, said, issued, approved and signed it, inside the company (employees) and outside (contacts)."""
    inside = (field for role in ("INITIATED", "VERBAL", "ISSUED", "APPROVED", "SIGNED") for field in _employee(f"INTERNAL{role}BY"))
    outside = (field for role in ("VERBAL", "APPROVED", "SIGNED") for field in _contact(f"EXTERNAL{role}BY"))
    return (
        *text("INTERNALREFNO", "INTERNALSOURCE", "INTERNALSOURCEREFNO", "EXTERNALREFNO", max=100),
        *inside,
        *outside,
        *dates("INTERNALISSUEDON", "INTERNALAPPROVEDON", "INTERNALSIGNEDON", "EXTERNALAPPROVEDON", "EXTERNALSIGNEDON"),
    )


def _employee(name: str) -> tuple[Field, ...]:
    wording = "The employee '{value}' is invalid."
    by_key = Ref("EMPLOYEE", "RECORDNO", f"{name}KEY", "", {}, wording, fills={name: "EMPLOYEEID", f"{name}NAME": "CONTACT.CONTACTNAME"})
    return (
        Field(name, ref=Ref("EMPLOYEE", "EMPLOYEEID", f"{name}KEY", name, {}, wording)),
        Field(f"{name}KEY", Type.INTEGER, ref=by_key),
        Field(f"{name}NAME", max=200),
    )


def _contact(name: str) -> tuple[Field, ...]:
    wording = "Invalid Contact '{value}' specified."
    return (
        Field(name, ref=Ref("CONTACT", "CONTACTNAME", f"{name}KEY", name, {}, wording)),
        Field(f"{name}KEY", Type.INTEGER, ref=Ref("CONTACT", "RECORDNO", f"{name}KEY", "", {}, wording, fills={name: "CONTACTNAME"})),
    )


def contract_fields(project_key: str = "PROJECTKEY") -> tuple[Field, ...]:
    """The project contract and its line something belongs to; both are of the row's project."""
    return (
        Field(
            "PROJECTCONTRACTID",
            label="Project contract",
            ref=Ref(
                "PROJECTCONTRACT",
                "PROJECTCONTRACTID",
                "PROJECTCONTRACTKEY",
                "PROJECTCONTRACT",
                {"PROJECTCONTRACTNAME": "NAME"},
                CONTRACT,
                within={project_key: "PROJECTKEY"},
            ),
        ),
        Field(
            "PROJECTCONTRACTLINEID",
            label="Project contract line",
            ref=Ref(
                "PROJECTCONTRACTLINE",
                "PROJECTCONTRACTLINEID",
                "PROJECTCONTRACTLINEKEY",
                "PROJECTCONTRACTLINE",
                {"PROJECTCONTRACTLINENAME": "NAME"},
                "Invalid Project Contract Line '{value}' specified.",
                within={"PROJECTCONTRACTKEY": "PROJECTCONTRACTKEY"},
            ),
        ),
    )


def quantities() -> tuple[Field, ...]:
    """What a line of an estimate or change request counts."""
    return (
        stated("EUOM", 200),
        Field("QTY", Type.DECIMAL),
        Field("UNITCOST", Type.CURRENCY),
        Field("PRODUCTIONUNITS", Type.DECIMAL),
        stated("MEMO", 2000),
        Field("ACCOUNTNO", ref=account_ref()),
    )


def line_dimensions(*left_out: str) -> tuple[Field, ...]:
    """The dimensions of a line but those left out; the location is the project's."""
    unit = Ref(
        "DEPARTMENT", "DEPARTMENTID", "DEPARTMENTKEY", "DEPARTMENT", {"DEPARTMENTNAME": "TITLE"}, "The department '{value}' is invalid."
    )
    return (Field("DEPARTMENTID", label="Department", ref=unit), *(each for each in other_dimensions() if each.name not in left_out))
