"""What the tests of tasks, timesheets, costs, estimates and changes share: elements by name, and a project to work on."""

from __future__ import annotations

from typing import Any

from tests.contract.sandbox.intacct.gateway import Gateway, Reply


def element(kind: str, values: dict[str, Any]) -> str:
    """An object element; a list is repeated elements of its container's item, None an empty element."""
    inner = ""
    for name, value in values.items():
        if isinstance(value, list):
            inner += f"<{name}>{''.join(element(item, line) for item, line in value)}</{name}>"
        else:
            inner += f"<{name}/>" if value is None else f"<{name}>{value}</{name}>"
    return f"<{kind}>{inner}</{kind}>"


def create(gateway: Gateway, kind: str, more: str = "", **values: Any) -> Reply:
    return gateway.call(f"<create>{element(kind, values)}</create>", authentication=more)


def update(gateway: Gateway, kind: str, **values: Any) -> Reply:
    return gateway.call(f"<update>{element(kind, values)}</update>")


def delete(gateway: Gateway, kind: str, *numbers: str) -> Reply:
    return gateway.call(f"<delete><object>{kind}</object><keys>{','.join(numbers)}</keys></delete>")


def made(reply: Reply) -> str:
    """The RECORDNO of the one record a create made."""
    [row] = reply.rows
    return row["RECORDNO"]


def stored(gateway: Gateway, kind: str, number: str) -> dict[str, Any]:
    return next(row for row in gateway.stored(kind) if row["RECORDNO"] == number)


def task(gateway: Gateway, name: str = "Rough-in", project: str = "P-1", **values: Any) -> Reply:
    return create(gateway, "TASK", **{"NAME": name, "PROJECTID": project, "TASKSTATUS": "Not Started", **values})


def employee(gateway: Gateway, number: str = "E-1", name: str = "Ada Sill") -> Reply:
    contact = element("CONTACT", {"CONTACTNAME": name, "PRINTAS": name})
    who = f"<PERSONALINFO><CONTACTNAME>{name}</CONTACTNAME></PERSONALINFO>"
    return gateway.call(
        f"<create>{contact}<EMPLOYEE><EMPLOYEEID>{number}</EMPLOYEEID>{who}<LOCATIONID>100</LOCATIONID></EMPLOYEE></create>"
    )


def assert_refused(reply: Reply, text: str, *, errorno: str = "BL03000018") -> None:
    """The first error is this one, and nothing was done."""
    assert reply.status == "failure", reply.response.text
    number, said = reply.errors[0]
    assert (number, text in said) == (errorno, True), reply.errors
