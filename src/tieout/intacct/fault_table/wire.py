"""Rows about the way to Intacct, by the client's reason, and about what the adapter itself finds."""

from __future__ import annotations

from tieout.core.ports import Actor, Effect, Scope, Sign
from tieout.intacct.client.errors import Reason
from tieout.intacct.fault_table.row import Row, connection

_AGAIN = "Nothing needs to be done: sending resumes by itself."

BY_REASON: dict[Reason, Row] = {
    Reason.UNREACHABLE: connection(
        "intacct.unreachable",
        "The host {host} cannot be reached.",
        "Check the endpoint in this connection's settings, the machine's name resolution, and that its firewall or proxy allows {host}.",
    ),
    Reason.TLS: connection(
        "intacct.tls",
        "The certificate of {host} is not trusted by this machine.",
        "Check the machine's clock and certificates; if a proxy inspects the traffic, exempt {host} or install the proxy's certificate.",
    ),
    Reason.BUSY: connection(
        "intacct.busy",
        "All calls to Intacct that may run at the same time were taken for too long.",
        _AGAIN + " If it happens often, raise “Calls at the same time” for this connection.",
        Actor.NOBODY,
    ),
    Reason.PACED: connection(
        "intacct.paced",
        "Tieout holds calls back so that Intacct gets no more in a second than this connection allows.",
        "Nothing needs to be done; the call is made as soon as it may be. If it happens often, raise “Calls a second”.",
        Actor.NOBODY,
        sign=Sign.HELD_BACK,
    ),
    Reason.TIMEOUT: connection("intacct.timeout", "Intacct at {host} did not answer in time.", _AGAIN, Actor.NOBODY),
    Reason.CUT: connection("intacct.cut", "The line to {host} broke before Intacct's answer was complete.", _AGAIN, Actor.NOBODY),
    Reason.REDIRECT: connection(
        "intacct.redirect",
        "{host} sends requests elsewhere instead of answering them.",
        "Check the endpoint in this connection's settings; a proxy or sign-in page may stand in between.",
    ),
    Reason.SERVER_ERROR: connection("intacct.server-error", "Intacct at {host} answered with an error of its own.", _AGAIN, Actor.NOBODY),
    Reason.STILL_RUNNING: connection(
        "intacct.still-running", "Intacct needs longer than its front door waits, and may still be at work.", _AGAIN, Actor.NOBODY
    ),
    Reason.HTML: connection(
        "intacct.html",
        "{host} answered with a web page instead of data.",
        "Check the endpoint in this connection's settings, and whether a proxy or firewall page stands in between.",
    ),
    Reason.NOT_XML: connection(
        "intacct.not-xml", "{host} answered with something that is not XML.", "Check the endpoint in this connection's settings."
    ),
    Reason.MALFORMED: connection("intacct.malformed", "The answer of {host} was broken or incomplete.", _AGAIN, Actor.NOBODY),
    Reason.TOO_LARGE: connection(
        "intacct.too-large",
        "The answer of {host} was larger than Tieout reads.",
        "Send the support bundle to the developers of Tieout.",
        Actor.DEVELOPER,
    ),
    Reason.INCOMPLETE: Row(
        "intacct.incomplete",
        "Intacct's answer does not say what became of the request.",
        "Nothing needs to be done: Tieout looks at the record and goes on from what it finds.",
        Actor.NOBODY,
        effect=Effect.UNKNOWN,
    ),
    Reason.RATE_LIMIT: connection(
        "intacct.rate-limit",
        "Intacct is receiving more requests from company {company} than its service level allows.",
        "Nothing needs to be done: sending resumes by itself; if it happens often, lower “Calls at the same time” for this connection.",
        Actor.NOBODY,
    ),
    Reason.REFUSED: Row(
        "intacct.unexplained",
        "Intacct refused the request with an answer that Tieout does not know.",
        "Nothing needs to be done yet: Tieout looks at the record first; if it happens again, send the support bundle to the developers.",
        Actor.DEVELOPER,
        effect=Effect.UNKNOWN,
    ),
}

OWN: dict[str, Row] = {
    row.code: row
    for row in (
        Row(
            "intacct.date-format",
            "User {user} sees dates in a format that Tieout cannot read safely.",
            "In Intacct, set the date format of user {user} to month/day/year and its clock to 24 hours, and test the connection again.",
            Actor.ADMINISTRATOR,
            scope=Scope.CONNECTION,
        ),
        Row(
            "intacct.unreadable-value",
            "A value of a {object} in Intacct does not have the form that its field should have.",
            "Set the date format of user {user} to month/day/year with a 24-hour clock in Intacct; if it is so, tell the developers.",
            Actor.ADMINISTRATOR,
            scope=Scope.KIND,
        ),
        Row(
            "intacct.unknown-kind",
            "Tieout does not know this kind of Intacct record.",
            "Send the support bundle to the developers of Tieout.",
            Actor.DEVELOPER,
            scope=Scope.KIND,
        ),
        Row(
            "intacct.unwritable",
            "This change of a {object} cannot be written to Intacct.",
            "Check the field mapping; if it is right, tell the developers of Tieout.",
            Actor.DEVELOPER,
        ),
        Row(
            "intacct.unwritable-text",
            "A text holds a character that Intacct cannot take.",
            "Remove the character from the text at its source, and try again.",
            Actor.ACCOUNTANT,
        ),
        Row(
            "intacct.line-gone",
            "A line that was to be changed is no longer in this {object} in Intacct.",
            "Compare the lines on both sides; Tieout decides anew from what it finds.",
            Actor.ACCOUNTANT,
        ),
        Row(
            "intacct.number-unknown",
            "Intacct wrote the {object}, and does not yet show under which number it keeps it.",
            "Nothing needs to be done: Tieout looks for it by its name and goes on from what it finds.",
            Actor.NOBODY,
            effect=Effect.UNKNOWN,
        ),
        Row(
            "intacct.locked",
            "The {object} is in a state in which Intacct does not let it be changed.",
            "Set it back to a state that can be changed in Intacct, or leave the difference as it is.",
            Actor.ACCOUNTANT,
        ),
        Row(
            "intacct.rest-not-set-up",
            "A {object} can be written only through Intacct's REST API, and this connection has no application for it.",
            "Enter the REST client ID and secret in this connection's settings; sending resumes by itself.",
            Actor.ADMINISTRATOR,
            scope=Scope.KIND,
        ),
        Row(
            "intacct.unknown-entity",
            "Company {company} has no entity {entity} that user {user} can see.",
            "Check the entity IDs in this connection's settings against Company > Entities in Intacct.",
            Actor.ADMINISTRATOR,
            scope=Scope.CONNECTION,
        ),
    )
}
