"""Rows about answers of the REST API (intacct-rest §9.3); its gateway and business errors share the rows of the XML gateway."""

from __future__ import annotations

from tieout.core.ports import Actor, Effect, Scope, Sign
from tieout.intacct.client.errors import Level
from tieout.intacct.fault_table.row import Row, accountant

_SIGN_IN = (
    "intacct.rest-sign-in",
    "Intacct's REST API does not accept the application of this connection for user {user} of company {company}.",
    "Check the REST client ID and secret, that the company has approved the application, and that no other integration signs in "
    "with the same application and user.",
    Actor.ADMINISTRATOR,
)

REST_SIGNING_IN = (
    Row(
        *_SIGN_IN,
        errorno=r"REST-2102|tokenInvalid|GW-00(12|15|3[1-9])",
        scope=Scope.KIND,
        effect=Effect.NOT_SENT,
    ),
    Row(
        *_SIGN_IN,
        text=r"token is (invalid|not valid|expired)|invalid token|Credentials are invalid",
        levels=(Level.AUTHENTICATION,),
        scope=Scope.KIND,
        effect=Effect.NOT_SENT,
    ),
)

REST_RECORDS = (
    Row(
        "intacct.no-permission",
        "User {user} has no permission for this in company {company}.",
        "In Intacct, give the role of user {user} the permission for {object}, and try again.",
        Actor.ADMINISTRATOR,
        errorno="unauthorizedUser",
        scope=Scope.KIND,
    ),
    accountant(
        "intacct.duplicate-key",
        "Intacct has another {object} with the same ID.",
        "Link the record to the existing one, or give one of them another ID.",
        text=r"duplicateId|Another record with the value .* already exists",
        sign=Sign.KEY_TAKEN,
    ),
    Row(
        "intacct.record-gone",
        "The record is no longer in Intacct.",
        "Nothing needs to be done: Tieout reads the record again and decides anew.",
        Actor.NOBODY,
        levels=(Level.FUNCTION,),
        errorno="notFound",
        sign=Sign.TARGET_GONE,
    ),
    Row(
        "intacct.control-id-used",
        "Intacct has seen this request before and does not say what became of it.",
        "Nothing needs to be done: Tieout looks for the record and goes on from what it finds.",
        Actor.NOBODY,
        errorno="conflict",
        effect=Effect.UNKNOWN,
        sign=Sign.CALL_REPEATED,
    ),
    Row(
        "intacct.rolled-back",
        "Intacct undid the record because another one in the same transaction failed.",
        "Nothing needs to be done: the record is sent again.",
        Actor.NOBODY,
        errorno="unprocessed|atomicOperationFailure",
        effect=Effect.NOT_SENT,
    ),
    Row(
        "intacct.unknown-field",
        "Company {company} does not have a field of {object} that was asked for.",
        "Check the names of the custom fields in this connection's settings against Intacct.",
        Actor.ADMINISTRATOR,
        errorno="REST-1043|REST-1106|CORE-1134",
        scope=Scope.KIND,
    ),
)

REST_LAST = (
    Row(
        "intacct.unreadable-request",
        "Intacct could not read the request.",
        "Send the support bundle to the developers of Tieout.",
        Actor.DEVELOPER,
        errorno="REST-1028|REST-1064|invalidRequest|invalidKey",
    ),
    accountant(
        "intacct.refused",
        "Intacct does not accept the {object} as it stands.",
        "Read what Intacct says, correct the record at its source, and try again.",
        errorno=r"REST-\d{4}|CORE-\d{4}|operationFailed",
    ),
)
