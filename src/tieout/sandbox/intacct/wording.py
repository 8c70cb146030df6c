"""Every refusal the emulator gives: its number, its words and where they come from.

Where the reference records a text it is kept to the letter. Where it only says that something is refused, the number is
the nearest recorded one and the words are ours; those are marked "own words".
"""

from __future__ import annotations

from dataclasses import dataclass

from tieout.sandbox.intacct.fields import Field, Kind

ROLLED_BACK = "XL03000009"


@dataclass(frozen=True, slots=True)
class Problem:
    """One `<error>` (intacct-xml §5.1). `supported` adds the Support ID that business errors end with."""

    errorno: str
    description2: str = ""
    correction: str = ""
    description: str = ""
    object: str = ""
    field: str = ""
    supported: bool = False


class Refusal(Exception):  # noqa: N818 - an answer, not a failure
    """A function is refused with these problems, most specific first."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems[0].description2 or problems[0].errorno)
        self.problems = problems


class ControlRefusal(Exception):  # noqa: N818
    """The envelope is refused: control block failure, no operation (intacct-xml §1.4)."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.description2)
        self.problem = problem


class AuthRefusal(Exception):  # noqa: N818
    """The sign-in or session is refused: authentication failure with a sibling errormessage (intacct-xml §1.4)."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.description2)
        self.problem = problem


def schema(text: str, line: int = 0, column: int = 0, *, number: int = 0, fatal: bool = False) -> ControlRefusal:
    """XL03000003 for a document that cannot be read or has the wrong shape (intacct-xml §5.2, recorded wording)."""
    level = "Fatal Error" if fatal else "Error"
    return ControlRefusal(Problem("XL03000003", f"XML Parse schema error: {level} {number}: {text} Line: {line}, column: {column}."))


def sign_in(text: str) -> AuthRefusal:
    """XL03000006 at authentication level (intacct-xml §5.2)."""
    return AuthRefusal(Problem("XL03000006", text))


def business(text: str, *, errorno: str = "BL01001973", correction: str = "", object: str = "", field: str = "") -> Problem:
    """A business error with a Support ID."""
    return Problem(errorno, text, correction, object=object, field=field, supported=True)


def duplicate(kind: Kind, value: str) -> Problem:
    """BL34000061; two spaces before "already" (intacct-xml §1.7, recorded)."""
    return business(
        f"Another {kind.label} with the given value(s) {value}  already exists",
        errorno="BL34000061",
        correction="Use a unique value instead.",
        object=kind.name,
        field=kind.key,
    )


def wrapped(verb: str, kind: Kind) -> Problem:
    """The BL01001973 wrapper that follows every refused write (intacct-xml §5.2)."""
    return business(f"Could not {verb} {kind.noun} record!", object=kind.name)


def invalid(kind: Kind, field: Field, text: str, correction: str = "") -> Problem:
    """BL03000018, the recorded number for validation; own words except where `text` is recorded."""
    return business(text, errorno="BL03000018", correction=correction, object=kind.name, field=field.name)


def missing(kind: Kind, field: Field) -> Problem:
    """A required field is absent or cleared (own words)."""
    return invalid(kind, field, f"Missing {field.title} for {kind.label}: {field.name} is required.", f"Provide a value for {field.name}.")


def bad_reference(kind: Kind, field: Field, value: str, target: str) -> Problem:
    """A field names a record that does not exist (intacct-xml §5.2, fragments clients match)."""
    wording = (field.ref.wording if field.ref is not None else "") or "Invalid {target} '{value}' specified."
    return business(wording.format(value=value, target=target), object=kind.name, field=field.name)


def query_failed(text: str, errorno: str = "DL02000001", correction: str = "") -> Refusal:
    """DL02000001: unknown field, bad literal, ORDER BY (intacct-xml §5.2); the detail is in the correction (own words)."""
    return Refusal(Problem(errorno, "There was an error processing the request.", correction or text, "Error"))


def no_such_object(name: str) -> Refusal:
    """Query Failed with the recorded text (intacct-xml §2.4, §5.2)."""
    return Refusal(Problem("Query Failed", f"Object definition {name} not found"))


def not_permitted(operation: str, kind: str) -> Refusal:
    """PL04000005 (intacct-xml §5.2)."""
    return Refusal(Problem("PL04000005", f"You do not have permission for API operation {operation} on objects of type {kind}"))
