"""A client for Sage Intacct, usable alone: the XML gateway, and the REST API for what the gateway cannot write.

    from tieout.intacct.client import Client, Credentials, Query, equal_to

    with Client(Credentials("acme", "sender", "…", "xml_user", "…"), clock=clock) as intacct:
        for row in intacct.query_all(Query("PROJECT", ("RECORDNO", "PROJECTID"), equal_to("STATUS", "active"))):
            print(row.fields["PROJECTID"])

`Client` opens sessions by itself, one per entity, keeps them until shortly before they end, and never repeats a write.
What it raises says what is known about the effect: `NotSentError`, `RefusedError` or `UnsureError`. Several functions
go out in one request with `Client.execute`, one writing function with `Client.write`; their builders are in `functions`
(the generic ones), `documents` (bills, invoices, adjustments, purchasing) and `attachments`. `RestClient` has the same
manners. `docs/intacct-client.md` shows each of them; its examples run in the tests.
"""

from tieout.intacct.client.answers import Application, Dimension, FieldInfo, ObjectType, Permission, UserFormatting
from tieout.intacct.client.attachments import Attachment, File
from tieout.intacct.client.credentials import DEFAULT_ENDPOINT, Credentials, Session
from tieout.intacct.client.envelope import MAX_FUNCTIONS, Function
from tieout.intacct.client.errors import (
    ErrorEntry,
    IntacctError,
    Level,
    NotSentError,
    Reason,
    RefusedError,
    UnsureError,
    UnwritableError,
)
from tieout.intacct.client.filters import (
    MAX_IN,
    MAX_PAGE,
    Condition,
    Query,
    all_of,
    any_of,
    at_least,
    at_most,
    between,
    equal_to,
    greater_than,
    is_in,
    is_not_null,
    is_null,
    less_than,
    like,
    not_equal_to,
    not_in,
    not_like,
)
from tieout.intacct.client.formats import Plain
from tieout.intacct.client.gateway import Client, Clock, Usage
from tieout.intacct.client.oauth import DEFAULT_REST_ENDPOINT, RestCredentials
from tieout.intacct.client.reply import Result, Row, Status
from tieout.intacct.client.rest import MAX_REST_PAGE, RestClient, RestPage, RestQuery, RestRecord
from tieout.intacct.client.transport import Limits

__all__ = [
    "DEFAULT_ENDPOINT",
    "DEFAULT_REST_ENDPOINT",
    "MAX_FUNCTIONS",
    "MAX_IN",
    "MAX_PAGE",
    "MAX_REST_PAGE",
    "Application",
    "Attachment",
    "Client",
    "Clock",
    "Condition",
    "Credentials",
    "Dimension",
    "ErrorEntry",
    "FieldInfo",
    "File",
    "Function",
    "IntacctError",
    "Level",
    "Limits",
    "NotSentError",
    "ObjectType",
    "Permission",
    "Plain",
    "Query",
    "Reason",
    "RefusedError",
    "RestClient",
    "RestCredentials",
    "RestPage",
    "RestQuery",
    "RestRecord",
    "Result",
    "Row",
    "Session",
    "Status",
    "UnsureError",
    "UnwritableError",
    "Usage",
    "UserFormatting",
    "all_of",
    "any_of",
    "at_least",
    "at_most",
    "between",
    "equal_to",
    "greater_than",
    "is_in",
    "is_not_null",
    "is_null",
    "less_than",
    "like",
    "not_equal_to",
    "not_in",
    "not_like",
]
