"""Rows about the request as a whole, and what no earlier row explains."""

from __future__ import annotations

from tieout.core.ports import Actor, Effect, Scope
from tieout.intacct.client.errors import Level
from tieout.intacct.fault_table.row import Row, accountant, connection

REQUESTS = (
    Row(
        "intacct.rolled-back",
        "Intacct undid the record because another one in the same transaction failed.",
        "Nothing needs to be done: the record is sent again.",
        Actor.NOBODY,
        errorno="XL03000009",
        effect=Effect.NOT_SENT,
    ),
    Row(
        "intacct.unreadable-request",
        "Intacct could not read the request.",
        "Send the support bundle to the developers of Tieout.",
        Actor.DEVELOPER,
        errorno="XL03000003",
    ),
    Row(
        "intacct.unknown-object",
        "Company {company} has no object {object}.",
        "Check that the company subscribes to the Intacct application this record belongs to.",
        Actor.ADMINISTRATOR,
        text=r"Object definition .* not found",
        scope=Scope.KIND,
    ),
    Row(
        "intacct.unknown-field",
        "Company {company} does not have a field of {object} that was asked for.",
        "Check the names of the custom fields in this connection's settings against Intacct.",
        Actor.ADMINISTRATOR,
        errorno=r"Invalid fields list.*|Query Failed|XL03000010",
        scope=Scope.KIND,
    ),
    Row(
        "intacct.unknown-field",
        "Company {company} does not have a field of {object} that was asked for.",
        "Check the names of the custom fields in this connection's settings against Intacct.",
        Actor.ADMINISTRATOR,
        text=r"Invalid fields list|field .*(does not exist|not found|is not valid|is invalid)",
        scope=Scope.KIND,
    ),
    Row(
        "intacct.processing-error",
        "Intacct could not process the request and does not say why.",
        "If it happens again, send the support bundle to the developers of Tieout.",
        Actor.DEVELOPER,
        errorno="DL02000001",
        scope=Scope.KIND,
        effect=Effect.UNKNOWN,
    ),
    Row(
        "intacct.processing-error",
        "Intacct could not process the request and does not say why.",
        "If it happens again, send the support bundle to the developers of Tieout.",
        Actor.DEVELOPER,
        text=r"There was an error processing the request",
        scope=Scope.KIND,
        effect=Effect.UNKNOWN,
    ),
    connection(
        "intacct.gateway",
        "The gateway of Intacct could not handle the request.",
        "Nothing needs to be done: sending resumes by itself; if it lasts, look at the status page of Sage Intacct.",
        Actor.NOBODY,
        errorno=r"GW-\d{4}",
    ),
    connection(
        "intacct.offline",
        "Intacct says that its service is temporarily off-line.",
        "Nothing needs to be done: sending resumes by itself when Intacct is back.",
        Actor.NOBODY,
        text=r"Temporarily Off-?line|Please Try Again Later",
    ),
)

LAST = (
    connection(
        "intacct.refused-request",
        "Intacct turned the request away before looking at any record.",
        "Check the company ID, the sender ID and the company's Web Services subscription, and test the connection again.",
        levels=(Level.CONTROL, Level.GATEWAY),
        authentication=True,
    ),
    accountant(
        "intacct.refused",
        "Intacct does not accept the {object} as it stands.",
        "Read what Intacct says, correct the record at its source, and try again.",
        errorno=r"(BL|PL|AR|AP|GL|PO|SO|EE|CM|INV|PROJ|CRE|CO|CN|TX)-?\d{3,}",
    ),
)
