"""Rows about getting in: gateway, sender, company, user, entity and permissions."""

from __future__ import annotations

from tieout.core.ports import Actor, Scope
from tieout.intacct.client.errors import Level
from tieout.intacct.fault_table.row import Row, connection

SIGNING_IN = (
    connection(
        "intacct.rate-limit",
        "Intacct is receiving more requests from company {company} than its service level allows.",
        "Nothing needs to be done: sending resumes by itself; if it happens often, lower “Calls at the same time” for this connection.",
        Actor.NOBODY,
        errorno="GW-0010",
    ),
    connection(
        "intacct.rate-limit",
        "Intacct is receiving more requests from company {company} than its service level allows.",
        "Nothing needs to be done: sending resumes by itself; if it happens often, lower “Calls at the same time” for this connection.",
        Actor.NOBODY,
        text=r"API rate limit exceeded",
    ),
    connection(
        "intacct.offline",
        "Intacct says that its service is temporarily off-line.",
        "Nothing needs to be done: sending resumes by itself when Intacct is back.",
        Actor.NOBODY,
        text=r"Temporarily Off-?line|Please Try Again Later",
        levels=(Level.GATEWAY, Level.CONTROL, Level.AUTHENTICATION),
    ),
    connection(
        "intacct.unauthorised-sender",
        "Company {company} does not allow the sender ID {sender} to make Web Services requests.",
        "In Intacct, open Company > Setup > Company > Security > Web Services authorizations, add the sender ID {sender}, "
        "save, and test the connection again.",
        text=r"Invalid Web Services Authori[sz]ation|sender ID.*not authori[sz]ed",
        authentication=True,
    ),
    connection(
        "intacct.no-web-services",
        "Company {company} has no Web Services subscription.",
        "In Intacct, open Company > Admin > Subscriptions, subscribe to Web Services, and test the connection again.",
        text=r"not authori[sz]ed for XML transactions|subscribe to the XML Gateway",
        authentication=True,
    ),
    connection(
        "intacct.wrong-sender-password",
        "Intacct does not know the sender ID {sender} with this sender password.",
        "Enter the sender ID and sender password of your Web Services licence again; both are case-sensitive.",
        errorno="XL03000006",
        text=r"XML Partner ID or password",
        authentication=True,
    ),
    connection(
        "intacct.expired-session",
        "Intacct ended the session of user {user}.",
        "Nothing needs to be done: the next call signs in again.",
        Actor.NOBODY,
        text=r"Invalid session",
        levels=(Level.AUTHENTICATION, Level.GATEWAY),
    ),
    connection(
        "intacct.unknown-policy",
        "Intacct does not know the transport policy named in the request.",
        "Send the support bundle to the developers of Tieout: it should never name a transport policy.",
        Actor.DEVELOPER,
        text=r"not a valid transport policy",
    ),
    connection(
        "intacct.company-expired",
        "The demonstration company {company} has expired.",
        "Ask Sage to renew the company, or connect another one.",
        errorno="PL04000055",
        authentication=True,
    ),
    connection(
        "intacct.unknown-company",
        "Intacct cannot find a company for company ID {company} and sender ID {sender}.",
        "Check the company ID and the sender ID for typing errors, and test the connection again.",
        errorno="GW-0011",
        authentication=True,
    ),
    connection(
        "intacct.wrong-entity",
        "User {user} cannot sign in to entity {entity} of company {company}.",
        "Check that the entity ID {entity} exists in Intacct, that user {user} may use it, and that the user's password is right.",
        text=r"Sign-?in information is incorrect",
        levels=(Level.AUTHENTICATION,),
        authentication=True,
    ),
    connection(
        "intacct.wrong-sign-in",
        "Company {company} does not accept the sign-in of user {user}.",
        "Check the company ID, the user ID and the user's password, and that the user is active and its password has not expired.",
        text=r"Sign-?in information is incorrect",
        authentication=True,
    ),
    connection(
        "intacct.wrong-sign-in",
        "Company {company} does not accept the sign-in of user {user}.",
        "Check the company ID, the user ID and the user's password, and that the user is active and its password has not expired.",
        errorno=r"XMLGW_JPP0002|UJPP0002",
        authentication=True,
    ),
    connection(
        "intacct.no-session",
        "Intacct accepted the sign-in of user {user} but gave no session.",
        "Check in Intacct that user {user} is active, is a Web Services user and may use entity {entity}.",
        errorno=r"Get API Session Failed",
        authentication=True,
    ),
    connection(
        "intacct.sign-in-refused",
        "Company {company} does not let user {user} sign in.",
        "Check the user's status, permissions and allowed IP addresses in Intacct.",
        levels=(Level.AUTHENTICATION,),
        authentication=True,
    ),
)

PERMISSIONS = (
    Row(
        "intacct.no-audit-permission",
        "User {user} may not read the audit trail.",
        "In Intacct, give the user the permission to view the audit trail so that deletions are noticed within the hour; "
        "until then they are found by the full comparison.",
        Actor.ADMINISTRATOR,
        text=r"permission to view audit history",
        scope=Scope.KIND,
    ),
    Row(
        "intacct.no-permission",
        "User {user} has no permission for this in company {company}.",
        "In Intacct, give the role of user {user} the permission for {object}, and try again.",
        Actor.ADMINISTRATOR,
        errorno="PL04000005",
        scope=Scope.KIND,
    ),
    Row(
        "intacct.no-permission",
        "User {user} has no permission for this in company {company}.",
        "In Intacct, give the role of user {user} the permission for {object}, and try again.",
        Actor.ADMINISTRATOR,
        text=r"do(es)? not have permission",
        scope=Scope.KIND,
    ),
)
