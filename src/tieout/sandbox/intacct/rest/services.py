"""Small services: the session for XML, the dimensions, the multi-entity preferences (intacct-rest §1, §14, §12)."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.sandbox.intacct.catalogue import DIMENSIONS
from tieout.sandbox.intacct.numbering import next_value
from tieout.sandbox.intacct.rest.context import Answer, Asked, Context, counted
from tieout.sandbox.intacct.rest.errors import bad_value, failed, payload_errors
from tieout.sandbox.intacct.sessions import Door
from tieout.sandbox.intacct.wording import Refusal


def session(context: Context, door: Door) -> Answer:
    """A session of the XML gateway for the same user and entity."""
    context.meter.count("session", 1)
    lifetime = int(context.settings["session_lifetime_s"])
    return Answer(200, {"sessionId": door.open(context.work.entity), "expiresIn": lifetime})


def dimensions(context: Context) -> Answer:
    """The dimensions with the address of their objects."""
    context.meter.count("dimensions", 1)
    path_of = {schema.kind.name: schema.href for schema in context.schemas.values()}
    found = []
    for name in DIMENSIONS:
        kind = context.work.company.kinds[name]
        label = kind.label
        found.append(
            {
                "dimensionName": name,
                "dimensionLabel": label,
                "termName": label,
                "isUserDefinedDimension": kind.custom,
                "isEnabledInGL": True,
                "dimensionEndpoint": path_of.get(name),
            }
        )
    return Answer(200, found, counted(len(found), 0))


def next_number(context: Context, asked: Asked) -> Answer:
    """The next value of a document sequence, which is spent by asking (intacct-rest §14); the form of the reply is assumed."""
    name = asked.body.get("id") if isinstance(asked.body, Mapping) else None
    if not isinstance(name, str):
        raise payload_errors([bad_value("id", "/id names the document sequence.")])
    schema = context.schemas["company-config/document-sequence"]
    try:
        value = next_value(context.work, name)
    except Refusal as refusal:
        raise failed("POST", schema, refusal.problems, 409) from None
    context.meter.count("generate-next-value", 1)
    return Answer(200, {"nextValue": value})


def multi_entity_preferences(context: Context) -> Answer:
    """How the company handles its entities; it is no object of the query service."""
    context.meter.count("read", 1)
    switches = {
        "isModuleConfigured": context.work.company.is_multi_entity,
        "enableMultipleBaseCurrency": False,
        "enableAffiliateEntity": False,
        "isForm1099": False,
        "limitAPCredit": False,
        "limitARCredit": False,
    }
    restrictions = dict.fromkeys(
        (
            "disableEntitySlideIn",
            "enableCheckingAccountRestrictions",
            "enableCustomerRestrictions",
            "enableSavingsAccountRestrictions",
            "enableVendorRestrictions",
            "restrictGLTxnToEntity",
            "restrictSubledgerTxnToEntity",
        ),
        False,
    )
    href = "/objects/company-config/multi-entity-preference/setup"
    return Answer(200, {"key": "setup", **switches, "restrictions": restrictions, "href": href})
