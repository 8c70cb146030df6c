"""What purchasing and order-entry documents do beyond their tables: numbers, states, totals, and what follows from them (§3C).

`prepare` looks at the header, `settle` at the whole document: it adds up, tells the documents this one was converted from or
changes, and makes the bill. All of that is worked out anew from the links each time, so that an edit needs no undoing.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from tieout.sandbox.intacct import change_orders, conversions, definitions, order_lines, order_postings
from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.catalogue.definitions import ALWAYS, ANYWHERE, CONVERT, ENTITY, NO_EDIT
from tieout.sandbox.intacct.catalogue.orders import (
    APPROVED,
    CLOSED,
    CONVERTED,
    DECLINED,
    DRAFT,
    IN_PROGRESS,
    PART_CONVERTED,
    PENDING,
    SUBMITTED,
)
from tieout.sandbox.intacct.conversions import OWN_STATE, definition_of, is_effective, refused
from tieout.sandbox.intacct.facts import Order
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.incoming import Given
from tieout.sandbox.intacct.ledger import entity_of_line
from tieout.sandbox.intacct.numbering import next_value
from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.periods import base_currency, due_date
from tieout.sandbox.intacct.rates import rate_on
from tieout.sandbox.intacct.records import amend
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.wording import Problem, Refusal, business, missing
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

# What an update cannot touch (intacct-xml §3C update_potransaction).
_LOCKED = frozenset({SUBMITTED, IN_PROGRESS, CONVERTED, PART_CONVERTED})
_PRINTED = "true"


def behaviours(facts: Order) -> Mapping[str, Behaviour]:
    """The hooks of one module's definitions, documents and lines."""
    return {
        facts.document: Behaviour(
            prepare=partial(_prepare, facts),
            settle=partial(_settle, facts),
            release=partial(_release, facts),
            judge=partial(_judge, facts),
        ),
        facts.definition: definitions.behaviour(facts),
        facts.entry: order_lines.behaviour(facts),
        facts.subtotal: Behaviour(prepare=partial(_prepare_subtotal, facts)),
    }


# -- before the header is kept


def _prepare(facts: Order, change: Change) -> None:
    work, kind, row, old = change.work, change.kind, change.row, change.old
    definition = definition_of(facts, work, row)
    if old is None:
        _check_creation(facts, change, definition)
        row["DOCNO"] = _number(work, kind, row, definition)
        row["DOCID"] = f"{row['DOCPARID']}-{row['DOCNO']}"
    else:
        check_changeable(facts, work, kind, old, definition)
    row["STATE"] = _next_state(work, kind, row, old)
    if old is None or row["STATE"] != old["STATE"]:
        row[OWN_STATE] = row["STATE"]
    row["CLOSED"] = "true" if row["STATE"] == CLOSED else "false"
    _set_dates(work, kind, row)
    _set_currency(work, kind, row)
    _set_contacts(facts, work, kind, row)


def _check_creation(facts: Order, change: Change, definition: Row) -> None:
    work, kind, row = change.work, change.kind, change.row
    name = definition["DOCID"]
    if definition["STATUS"] == "Inactive":
        raise refused(kind, f"Transaction definition '{name}' is inactive.", field="DOCPARID")
    rule = definition["TD_CREATION_RULE"]
    if rule != ANYWHERE and (rule == ENTITY) != bool(work.entity):
        # In real life nothing but the number is said (intacct-xml §3C TD_CREATION_RULE).
        raise refused(kind, "Currently, we can't create the transaction", field="DOCPARID")
    lines = change.values.owned.get(facts.container, [])
    has_source = row.get("CREATEDFROM") or any(line.get("SOURCE_DOCLINEKEY") for line in lines)
    if definition["CREATETYPE"] == CONVERT and not has_source:
        raise refused(kind, f"A {name} can only be made by converting another transaction.", field="CREATEDFROM")
    if row.get("CREATEDFROM"):
        if not any(line.get("SOURCE_DOCLINEKEY") for line in lines):
            raise refused(kind, "CREATEDFROM needs lines that name the source line they convert.", "BL03000018", "SOURCE_DOCLINEKEY")
        conversions.check_source(facts, work, kind, row, work.storage.get(facts.document, row["CREATEDFROMKEY"]) or {})


def _number(work: Work, kind: Kind, row: Row, definition: Row) -> str:
    """The number sent, the source's where it is inherited, or the next of the sequence; none is PL01000127 (§3C)."""
    own: Row = next((each for each in definition.get("ENTITY_PROPS", []) if work.entity and each.get("ENTITY_NAME") == work.entity), {})
    if row.get("DOCNO"):
        return str(row["DOCNO"])
    if "true" in (definition["INHERIT_SOURCE_DOCNO"], own.get("INHERIT_SOURCE_DOCNO")) and row.get("CREATEDFROMKEY"):
        return str((work.storage.get(kind.name, row["CREATEDFROMKEY"]) or {})["DOCNO"])
    sequence = own.get("SEQUENCE") or definition.get("SEQUENCE", "")
    if not sequence:
        text = "Document Number is missing"
        raise Refusal(Problem("PL01000127", text, "Make desired changes and press Save to continue.", object=kind.name, field="DOCNO"))
    while True:
        made = next_value(work, sequence)
        if work.storage.find(kind.name, "key", f"{row['DOCPARID']}-{made}") is None:
            return made


def check_changeable(facts: Order, work: Work, kind: Kind, old: Row, definition: Row) -> None:
    """Refuses to change a document by its state or its definition's edit policy (intacct-xml §3C)."""
    if old["STATE"] in _LOCKED:
        raise refused(kind, f"{kind.label} '{old['DOCID']}' is {old['STATE'].lower()} and cannot be changed.", field="STATE")
    _check_policy(kind, old, definition["EDITTYPE"], "changed")


def _check_policy(kind: Kind, row: Row, policy: str, done: str) -> None:
    """What a definition's EDITTYPE or DELTYPE allows; drafts are free (own words)."""
    if row["STATE"] == DRAFT or policy == ALWAYS:
        return
    if policy == NO_EDIT or row.get("PRINTED") == _PRINTED:
        raise refused(kind, f"The transaction definition does not let '{row['DOCID']}' be {done}.", field="DOCPARID")


def _next_state(work: Work, kind: Kind, row: Row, old: Row | None) -> str:
    wanted = PENDING if row["STATE"] == SUBMITTED else str(row["STATE"])
    before = str(old["STATE"]) if old is not None else ""
    if old is not None and wanted == before and before not in {DECLINED}:
        return before
    if before and before != DRAFT and wanted == DRAFT:
        raise refused(kind, f"{kind.label} '{row['DOCID']}' is {before.lower()} and cannot become a draft again.", field="STATE")
    if wanted in {PENDING, DECLINED} and before != APPROVED and _is_approved_by_people(work, kind, row):
        return SUBMITTED
    return APPROVED if wanted == PENDING and before == APPROVED else wanted


def _is_approved_by_people(work: Work, kind: Kind, row: Row) -> bool:
    """Whether documents of its kind, or of its definition, wait for approval."""
    return bool({kind.name, f"{kind.name} {row['DOCPARID']}"} & set(work.settings["approvals"]))


def _set_dates(work: Work, kind: Kind, row: Row) -> None:
    """A due date or a term must be there; the term makes the date (intacct-xml §3C)."""
    if not row.get("WHENDUE"):
        ref = kind.by_name["TERM.NAME"].ref
        term = work.storage.get(ref.kind, row.get("TERMKEY", "")) if ref is not None else None
        if term is None:
            raise Refusal(missing(kind, kind.by_name["WHENDUE"]))
        row["WHENDUE"] = due_date(term, row["WHENCREATED"])
    if not row.get("WHENPOSTED"):
        row["WHENPOSTED"] = row["WHENCREATED"]


def _set_currency(work: Work, kind: Kind, row: Row) -> None:
    """Without currencies the entity's; a foreign one needs a rate, its own or one the company keeps."""
    row["BASECURR"] = row.get("BASECURR") or base_currency(work, work.entity)
    row["CURRENCY"] = row.get("CURRENCY") or row["BASECURR"]
    if row.get("EXCHRATE") and Decimal(row["EXCHRATE"]) <= 0:
        raise refused(kind, "EXCHRATE must be positive.", "BL03000018", "EXCHRATE")
    if row["CURRENCY"] == row["BASECURR"] or row.get("EXCHRATE"):
        return
    currencies, day = (row["CURRENCY"], row["BASECURR"]), row.get("EXCHRATEDATE") or row["WHENCREATED"]
    rate = rate_on(work, row.get("EXCH_RATE_TYPE_ID", ""), currencies, day)
    if rate is None:
        raise refused(kind, f"EXCHRATE is required: there is none from {currencies[0]} to {currencies[1]}.", field="EXCHRATE")
    row["EXCHRATE"] = plain(rate)


def _set_contacts(facts: Order, work: Work, kind: Kind, row: Row) -> None:
    """An empty contact takes the party's (intacct-xml §3C); an inactive party, or one out of compliance, takes no documents (§5.2)."""
    party = work.storage.get(facts.party, row["CUSTVENDKEY"]) or {}
    if party.get("STATUS") == "inactive" and row["STATE"] != DRAFT:
        raise refused(kind, f"Activate the {facts.party_word} {row['CUSTVENDID']}, then try again.", field="CUSTVENDID")
    if facts.party == "VENDOR" and row["CUSTVENDID"] in work.settings["vendors_out_of_compliance"]:
        text = f"The vendor {row['CUSTVENDID']} is out of compliance."  # own words; the number is recorded (intacct-xml §5.2)
        raise refused(kind, text, "CRE-3211", "CUSTVENDID")
    own = party.get("DISPLAYCONTACTKEY", "")
    for name, key in (("CONTACT", own), *((name, party.get(theirs) or own) for name, theirs in facts.contacts)):
        contact = None if row.get(f"{name}KEY") else work.storage.get("CONTACT", key)
        if contact is not None:
            row.update({f"{name}.CONTACTNAME": contact["CONTACTNAME"], f"{name}KEY": contact["RECORDNO"]})


# -- subtotals


def _prepare_subtotal(facts: Order, change: Change) -> None:
    """A subtotal is one of those its definition lists (own words; the list is intacct-xml §3C SUBTOTALS)."""
    work, row = change.work, change.row
    header = work.storage.get(facts.document, row["DOCHDRNO"]) or {}
    if order_postings.subtotal_rule(definition_of(facts, work, header), row) is None:
        text = f"Transaction definition '{header['DOCPARID']}' has no subtotal '{row['DESCRIPTION']}'."
        raise Refusal(business(text, errorno="BL03000018", object=change.kind.name, field="DESCRIPTION"))


# -- when the lines are kept too


def _settle(facts: Order, change: Change) -> None:
    work, number = change.work, change.row["RECORDNO"]
    follow(facts, work, number)
    if change.old is not None:
        order_postings.withdraw(facts, work, change.old)
    order_postings.post(facts, work, work.storage.get(facts.document, number) or {})


def follow(facts: Order, work: Work, number: str) -> None:
    """Adds a document up, and brings those it converts or changes in step."""
    kind = work.company.kinds[facts.document]
    row = work.storage.get(facts.document, number) or {}
    lines = owned_rows(work, kind.owned[0], number)
    entities = {entity_of_line(work, line) for line in lines}
    if len(entities) > 1 and not work.settings["inter_entity"]:
        text = "The lines belong to several entities, and inter-entity transactions are not set up."
        raise refused(kind, text, field="LOCATIONID")
    amend(work, kind, number, order_postings.totals(facts, work, row, lines))
    for line in lines:
        said = {"STATE": row["STATE"], "APPROVE_STATE": row["STATE"], "WHENCREATED": row["WHENCREATED"]}
        amend(work, work.company.kinds[facts.entry], line["RECORDNO"], said)
    change_orders.relate(facts, work, row, lines)
    touched = [number, *(line["RELATEDDOCKEY"] for line in lines if line.get("RELATEDDOCKEY"))]
    for each in dict.fromkeys(touched):
        change_orders.revise(facts, work, each)
        conversions.reckon(facts, work, each)
    sources = dict.fromkeys(line["SOURCE_DOCKEY"] for line in lines if line.get("SOURCE_DOCKEY"))
    for source in sources:
        conversions.reckon(facts, work, source)
    conversions.keep_history(facts, work, number, sources)


# -- leaving, and approval


def _release(facts: Order, work: Work, kind: Kind, row: Row) -> None:
    """Converted documents stay, because others refer to them; the bill goes with its document."""
    _check_policy(kind, row, definition_of(facts, work, row)["DELTYPE"], "deleted")
    if row["STATE"] in _LOCKED - {SUBMITTED}:
        raise refused(kind, f"{kind.label} '{row['DOCID']}' is {row['STATE'].lower()} and cannot be deleted.", field="STATE")
    order_postings.withdraw(facts, work, row)
    conversions.keep_history(facts, work, row["RECORDNO"], ())


def _judge(facts: Order, work: Work, kind: Kind, verb: str, given: Given) -> None:
    """`approve` and `decline` of a submitted document by its DOCID; approval makes the bill (intacct-xml §2.9)."""
    name = given.get("DOCID", "")
    row = work.storage.find(kind.name, "key", name)
    if row is None or not work.by_key().sees(kind, row):
        raise refused(kind, f"Cannot find {kind.label.lower()} with key '{name}' to {verb}.", field="DOCID")
    if row["STATE"] != SUBMITTED:
        raise refused(kind, f"{kind.label} '{name}' is {row['STATE'].lower()} and does not wait for approval.", field="STATE")
    state = APPROVED if verb == "approve" else DECLINED
    row = amend(work, kind, row["RECORDNO"], {"STATE": state, OWN_STATE: state})
    follow(facts, work, row["RECORDNO"])
    if is_effective(row):
        order_postings.post(facts, work, work.storage.get(kind.name, row["RECORDNO"]) or {})
