"""The doctor's lines about how a company is set up: subscriptions, rights, periods, definitions, REST and transactions.

Where Intacct does not say, the line says so and does not fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from tieout.core.ports import Check, Verb
from tieout.intacct.client import IntacctError, Permission, Query, RestClient, all_of, at_least, at_most, equal_to
from tieout.intacct.faults import fault_of, own_fault
from tieout.intacct.kinds import KINDS, SUBSCRIPTIONS
from tieout.intacct.reading import Reading

_MONTH = timedelta(days=30)
_MAKE_ONE = "In Intacct, open Purchasing > Setup > Transaction definitions and make those that the settings of the integration name."
# Where the list of rights calls a kind otherwise than we do. Kinds that document functions write are judged by no such list.
_POLICIES = {
    "APBILL": "ap bills",
    "ARPYMT": "ar payments",
    "ARADVANCE": "ar advances",
    "PJESTIMATETYPE": "project estimate types",
    "STANDARDTASK": "standard tasks",
}
_CHANGES = frozenset({"EDIT", "MODIFY", "CHANGE"})


def _unsaid(name: str, reading: Reading, error: IntacctError, what: str) -> Check:
    """A line about something the user may not look at: nothing fails, and the cure is there for who wants the answer."""
    fault = fault_of(error, reading.client.credentials)
    return Check(name, True, f"Intacct does not let the user see {what}.", fault.case.next_step, fault.case.code)


def subscriptions(reading: Reading, needed: Sequence[str]) -> tuple[list[Check], frozenset[str]]:
    """Whether the company subscribes to the application each needed kind belongs to, and the kinds for which it does not."""
    name = "Subscriptions"
    try:
        found = reading.client.applications(entity=reading.scope.session)
    except IntacctError as error:
        return [_unsaid(name, reading, error, "the company's subscriptions")], frozenset()
    held = {each.id.upper() for each in found}
    if not held & set(SUBSCRIPTIONS.values()):
        unsaid = "Intacct names the subscriptions in a way Tieout does not know; reading each kind shows what is there."
        return [Check(name, True, unsaid)], frozenset()
    absent = {kind: key for kind in needed if (key := SUBSCRIPTIONS.get(kind, "")) and key not in held}
    if not absent:
        return [Check(name, True, f"The company subscribes to {', '.join(each.name or each.id for each in found)}.")], frozenset()
    lines = []
    for key in dict.fromkeys(absent.values()):
        cure = f"In Intacct, open Company > Admin > Subscriptions, subscribe to the application {key}, and test the connection again."
        labels = " and ".join(KINDS[kind].label if kind in KINDS else kind for kind in absent if absent[kind] == key)
        detail = f"The company does not subscribe to {key}, to which {labels} belong."
        lines.append(Check(name, False, detail, cure, "intacct.no-subscription"))
    return lines, frozenset(absent)


def rights(reading: Reading, kinds: Sequence[str], *, certain: bool) -> Iterator[Check]:
    """Whether the user may add and change kinds, where the list of its rights names them.

    Unless it is certain that they are written, a missing right fails nothing.
    """
    writes = [kind for kind in kinds if kind in KINDS and KINDS[kind].verbs and not KINDS[kind].rest]
    if not writes:
        return
    try:
        found = reading.client.get_user_permissions(entity=reading.scope.session)
    except IntacctError as error:
        yield _unsaid("Rights", reading, error, "its own rights")
        return
    user = reading.client.credentials.user_id
    for kind in writes:
        label = KINDS[kind].label
        name, held = f"Write {label}", _held(found, {label, _POLICIES.get(kind, label)})
        if held is None:
            yield Check(name, True, f"Intacct's list of rights does not name {label}: whether the user may write them shows at the first.")
            continue
        needed = ((Verb.CREATE, "add", {"ADD", "CREATE"}), (Verb.UPDATE, "change", _CHANGES))
        lacking = [word for verb, word, names in needed if verb in KINDS[kind].verbs and not held & names]
        if lacking:
            cure = f"In Intacct, give a role of user {user} the rights to add and modify {label}, and test the connection again."
            yield Check(name, not certain, f"The user may not {' or '.join(lacking)} {label}.", cure, "intacct.no-permission")
        else:
            yield Check(name, True, f"The user may add and change {label}.")


def _held(permissions: Sequence[Permission], names: set[str]) -> set[str] | None:
    """The rights of the policies named like the kind; None if there is none."""
    mine = [each for each in permissions if each.policy.casefold() in names]
    return {right.strip().upper() for each in mine for right in each.rights} if mine else None


def documents(reading: Reading, needed: Sequence[str], definitions: Mapping[str, str]) -> Iterator[Check]:
    """What posting documents depends on: a reporting period for today, and the definitions of purchasing documents."""
    if any(kind in KINDS and KINDS[kind].lines is not None for kind in needed):
        yield _period(reading)
    if definitions or "PODOCUMENT" in needed:
        yield from _definitions(reading, definitions)


def _period(reading: Reading) -> Check:
    """The gateway does not say which periods are closed; that there is one for today can be seen."""
    name, today = "Reporting period", reading.client.server_time().date()
    where = all_of(at_most("START_DATE", today), at_least("END_DATE", today), equal_to("STATUS", "active"))
    try:
        found = reading.client.query(Query("REPORTINGPERIOD", ("RECORDNO", "NAME"), where, page_size=10), entity=reading.scope.session).rows
    except IntacctError as error:
        return _unsaid(name, reading, error, "the reporting periods")
    if not found:
        cure = "In Intacct, open General Ledger > Setup > Reporting periods and add periods up to the end of this year."
        return Check(name, False, f"No active reporting period covers {today:%d %B %Y}.", cure, "intacct.no-period")
    text = f"Today falls in {found[0].fields.get('NAME', '')}. Whether its books are open shows when something is posted."
    return Check(name, True, text)


def _definitions(reading: Reading, needed: Mapping[str, str]) -> Iterator[Check]:
    """The transaction definitions: how each takes change orders, how its documents are numbered, where it may be used.

    `needed` are the names that must be there, each with the change mode it must have ("" for any).
    """
    name = "Transaction definitions"
    columns = ("RECORDNO", "DOCID", "DOCCLASS", "ENABLEDOCCHANGE", "SEQUENCE", "TD_CREATION_RULE", "STATUS")
    try:
        rows = reading.client.query(Query("PODOCUMENTPARAMS", columns, order=(("RECORDNO", True),)), entity=reading.scope.session).rows
    except IntacctError as error:
        fault = fault_of(error, reading.client.credentials)
        yield Check(name, False, fault.case.cause, fault.case.next_step, fault.case.code)
        return
    active = {row.fields.get("DOCID", ""): row.fields for row in rows if row.fields.get("STATUS", "").lower() == "active"}
    if not active:
        yield Check(name, False, "The company has no active purchasing transaction definition.", _MAKE_ONE, "intacct.no-definition")
    for wanted in needed:
        if active and wanted not in active:
            said = "is not active" if any(row.fields.get("DOCID") == wanted for row in rows) else "does not exist, letter for letter"
            yield Check(f"Definition {wanted}", False, f"It {said}.", _MAKE_ONE, "intacct.no-definition")
    for wanted, fields in active.items():
        yield _definition(reading, wanted, fields, needed.get(wanted))


def _definition(reading: Reading, name: str, fields: Mapping[str, str], mode: str | None) -> Check:
    """One definition; `mode` is the change mode it must have, None if nothing needs the definition."""
    changes = fields.get("ENABLEDOCCHANGE") or "No Change"
    numbers = f"numbered by {fields['SEQUENCE']}" if fields.get("SEQUENCE") else "without a numbering sequence, so Tieout gives the number"
    rule = fields.get("TD_CREATION_RULE", "")
    text = f"{fields.get('DOCCLASS') or 'No class'}; {changes}; {numbers}{f'; {rule.lower()}' if 'only' in rule.lower() else ''}."
    title = f"Definition {name}"
    if mode and mode.casefold() != changes.casefold():
        cure = f"In Intacct, open Purchasing > Setup > Transaction definitions > {name} and set its change documents to “{mode}”."
        return Check(title, False, text, cure, "intacct.definition-mode")
    only_elsewhere = "top level only" if reading.scope.session else "entity only"
    if mode is not None and rule.casefold() == only_elsewhere:
        cure = f"In Intacct, let {name} be used at both levels, or change “Sign in at” in this connection's settings."
        return Check(title, False, text, cure, "intacct.definition-level")
    return Check(title, True, text)


def rest_application(reading: Reading, rest: RestClient | None, kinds: Sequence[str]) -> Iterator[Check]:
    """Whether the REST application signs in, if there is one, and whether one is missing."""
    name = "REST application"
    through_rest = [kind for kind in kinds if kind in KINDS and KINDS[kind].rest]
    needing = [KINDS[kind].label for kind in through_rest]
    if rest is None:
        if needing:
            fault = own_fault("intacct.rest-not-set-up", reading.context(through_rest[0]))
            yield Check(
                name,
                False,
                f"None is set up, and {' and '.join(needing)} can be written only through it.",
                fault.case.next_step,
                fault.case.code,
            )
        return
    try:
        rest.sign_in()
    except IntacctError as error:
        fault = fault_of(error, reading.client.credentials)
        yield Check(name, not needing, f"{fault.case.cause} ({fault.detail})", fault.case.next_step, fault.case.code)
        return
    yield Check(name, True, f"The application {rest.credentials.client_id} signed in as {rest.credentials.username}.")


def transactions(kinds: int, pace: tuple[timedelta, timedelta], allowance: int) -> Check:
    """What looking for changes costs in a month, against what is included (intacct-xml §6)."""
    most, least = (kinds * int(_MONTH / max(pause, timedelta(seconds=1))) for pause in pace)
    least = min(most, least)
    text = f"Looking for changes in {kinds} kinds costs {least:,} to {most:,} API transactions a month; {allowance:,} are included."
    if least <= allowance:
        return Check("API transactions", True, text)
    cure = (
        "Raise “Seconds between polls” and “Longest pause between polls” of this connection, or enter the transactions your tier includes."
    )
    return Check("API transactions", False, text, cure, "intacct.allowance")
