"""The functions of the gateway by name (intacct-xml §2). No object is named here: objects are tables of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from lxml import etree

from tieout.sandbox.intacct import approvals, dimensions, legacy_reads, legacy_writes, metadata, preferences, queries, saved_reads
from tieout.sandbox.intacct.aging import get_araging
from tieout.sandbox.intacct.approvals import judging
from tieout.sandbox.intacct.balances import account_balances, trial_balance
from tieout.sandbox.intacct.catalogue.legacy import FUNCTIONS as OBJECT_FUNCTIONS
from tieout.sandbox.intacct.envelope import Function, text_of
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.incoming import given_in
from tieout.sandbox.intacct.ownership import owned_rows
from tieout.sandbox.intacct.reading import UnknownField
from tieout.sandbox.intacct.records import create, delete, update
from tieout.sandbox.intacct.reply import Result, data, flat, nested
from tieout.sandbox.intacct.wording import Problem, Refusal, business, query_failed
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

Handler = Callable[[Work, etree._Element], Result]
OBJECTS_MAX = 100
KEYS_MAX = 100


def run(work: Work, function: Function, handlers: dict[str, Handler]) -> Result:
    """Runs one function; a refusal becomes a failed result. What a failed function did before stays (intacct-xml §1.7)."""
    try:
        return handlers[function.name](work, function.element)
    except Refusal as refusal:
        return Result("failure", problems=refusal.problems, transactions=1 if function.name in READING else 0)


def first_object(function: Function) -> str:
    """The object a function is about, for faults."""
    if function.name in {"create", "update", "approve", "decline"}:
        return str(function.element[0].tag).upper() if len(function.element) else ""
    if function.name in OBJECT_FUNCTIONS:
        return OBJECT_FUNCTIONS[function.name].kind
    return (function.element.get("object") or text_of(function.element.find("object"))).upper()


def _write(verb: str, one: Callable[[Work, Kind, dict[str, object]], Row]) -> Handler:
    def handler(work: Work, asked: etree._Element) -> Result:
        if not 1 <= len(asked) <= OBJECTS_MAX and (work.strict or len(asked) == 0):
            raise query_failed(f"{verb} takes 1 to {OBJECTS_MAX} objects.")
        done: list[str] = []
        for child in asked:
            try:
                with work.storage.transaction():
                    kind = work.kind(str(child.tag), verb)
                    row = one(work, kind, given_in(work, child, kind))
            except Refusal as refusal:
                return Result("failure", _written(done), refusal.problems, written=len(done), transactions=len(done))
            done.append(flat(kind.name.lower(), work.columns.show(kind, row, kind.names)))
        return Result("success", _written(done), written=len(done), transactions=len(done))

    return handler


def _written(done: list[str]) -> str:
    return data("".join(done), {"listtype": "objects", "count": len(done)})


def _delete(work: Work, asked: etree._Element) -> Result:
    kind = work.kind(text_of(asked.find("object")), "delete")
    keys = _keys(work, asked)
    for number, key in enumerate(keys):
        try:
            with work.storage.transaction():
                delete(work, kind, key)
        except Refusal as refusal:
            return Result("failure", problems=refusal.problems, written=number, transactions=number)
    return Result("success", written=len(keys), transactions=len(keys))


def _read(work: Work, asked: etree._Element) -> Result:
    kind = work.kind(text_of(asked.find("object")), "read", text_of(asked.find("docparid")))
    if kind.read_by != "RECORDNO":
        return _read_by_name(work, asked)
    rows = (work.visible(kind, key) for key in _keys(work, asked))
    return _records(work, kind, asked, rows)


def _read_by_name(work: Work, asked: etree._Element) -> Result:
    kind = work.kind(text_of(asked.find("object")), str(asked.tag))
    found = (work.storage.find(kind.name, "key", key) for key in _keys(work, asked))
    return _records(work, kind, asked, (row if row is not None and work.by_key().sees(kind, row) else None for row in found))


def _keys(work: Work, asked: etree._Element) -> list[str]:
    keys = [key.strip() for key in text_of(asked.find("keys")).split(",") if key.strip()]
    if not keys:
        raise query_failed("The keys are missing.")
    if len(keys) > KEYS_MAX and work.strict:
        raise query_failed(f"At most {KEYS_MAX} keys are taken.")
    return keys


def _records(work: Work, kind: Kind, asked: etree._Element, rows: Iterable[Row | None]) -> Result:
    wanted = text_of(asked.find("fields"), "*") or "*"
    names = _read_names(work, kind, wanted)
    found = [row for row in rows if row is not None]
    shown = [nested(kind.name, _with_lines(work, kind, row, names, wanted)) for row in found]
    return Result("success", data("".join(shown), {"listtype": kind.name, "count": len(found)}), transactions=1)


def _read_names(work: Work, kind: Kind, wanted: str) -> list[str]:
    lines = {each.name for each in kind.lines} | {each.name for each in kind.owned}
    kept = ",".join(name for name in wanted.split(",") if name.strip().upper() not in lines)
    try:
        return queries.field_names(work, kind, kept, searched=False)
    except UnknownField as unknown:
        # The real reply has no other text; the tolerant mode fills it for clients that need one (intacct-xml §5.1).
        text = "" if work.strict else f"Field {unknown.name} does not exist on object {kind.name}."
        raise Refusal(Problem(f"Invalid fields list {unknown.name}", text)) from None


def _with_lines(work: Work, kind: Kind, row: Row, names: list[str], wanted: str) -> list[tuple[tuple[str, ...], object]]:
    columns: list[tuple[tuple[str, ...], object]] = [(tuple(name.split(".")), value) for name, value in work.shown(kind, row, names)]
    asked = {name.strip().upper() for name in wanted.split(",")}
    for owned in kind.owned:
        if "*" in asked or owned.name in asked:
            rules = work.company.kinds[owned.kind]
            every = work.columns.all(rules)
            rows = (_with_lines(work, rules, line, every, "*") for line in owned_rows(work, owned, row["RECORDNO"]))
            is_bare = owned.name == owned.kind  # no container: nothing is shown where there is no row
            body = "".join(nested(rules.name if is_bare else rules.name.lower(), shown) for shown in rows)
            if body or not is_bare:
                columns.append(((owned.name,), [body if is_bare else f"<{owned.name}>{body}</{owned.name}>"]))
    for lines in kind.lines:
        if "*" in asked or lines.name in asked:
            inner = lines.item.lower() if lines.item else lines.name
            shown = [nested(inner, [(tuple(key.split(".")), value) for key, value in line.items()]) for line in row.get(lines.name, ())]
            body = "".join(shown)
            columns.append(((lines.name,), [f"<{lines.name}>{body}</{lines.name}>" if lines.item or not shown else body]))
    return columns


def _read_more(work: Work, asked: etree._Element) -> Result:
    """`readMore`: the next page of a query, or of a report (intacct-xml §2.5, §2.9)."""
    number = text_of(asked.find("reportId"))
    return saved_reads.next_of_report(work, number) if number else queries.read_more(work, asked)


HANDLERS: dict[str, Handler] = {
    "create": _write("create", create),
    "update": _write("update", update),
    "delete": _delete,
    "approve": judging("approve"),
    "decline": judging("decline"),
    "getTransactionsToApprove": approvals.to_approve,
    "getApprovalHistory": approvals.history,
    "read": _read,
    "readByName": _read_by_name,
    "query": queries.query,
    "readByQuery": queries.read_by_query,
    "readMore": _read_more,
    "readRelated": saved_reads.read_related,
    "readView": saved_reads.read_view,
    "readReport": saved_reads.read_report,
    "lookup": metadata.lookup,
    "inspect": metadata.inspect,
    "getDimensions": metadata.get_dimensions,
    "getDimensionRelationships": dimensions.relationships,
    "getDimensionAutofillDetails": dimensions.autofill_details,
    "getDimensionRestrictions": dimensions.restrictions,
    "getDimensionRestrictedData": dimensions.restricted_data,
    "readUserFormatting": metadata.read_user_formatting,
    "getUserPermissions": metadata.get_user_permissions,
    "readEntityDetails": metadata.read_entity_details,
    "get": legacy_reads.get,
    "get_list": legacy_reads.get_list,
    "get_accountbalances": account_balances,
    "get_araging": get_araging,
    "get_companyprefs": preferences.get_companyprefs,
    "get_applications": preferences.get_applications,
    "get_trialbalance": trial_balance,
    **legacy_writes.handlers(),
}
READING = frozenset(HANDLERS) - {"create", "update", "delete", "approve", "decline"} - frozenset(legacy_writes.handlers())

# Real functions this emulator does not have: refused by name, so that nobody takes the refusal for the vendor's own.
NOT_EMULATED = frozenset(
    {
        "installApp",
    }
)
LEGACY = ("create_", "update_", "delete_", "partialupdate_", "reverse_", "get_", "apply_", "approve_", "confirm_", "void_")


def is_known(name: str) -> bool:
    """Whether the gateway's schema has a function of that name."""
    return name in HANDLERS or name == "getAPISession" or name in NOT_EMULATED or name.startswith(LEGACY)


def is_legacy(name: str) -> bool:
    """Whether a function is one of the older, object-specific ones."""
    return name in OBJECT_FUNCTIONS or name == "get" or name.startswith("get_")


def not_emulated(name: str) -> Result:
    """The refusal of a real function the sandbox lacks; the number is the emulator's own."""
    return Result("failure", problems=(Problem("EMU-NOT-EMULATED", f"The sandbox does not emulate the function {name}."),))


def told_to_refuse(name: str) -> Result:
    """The refusal a test asked for."""
    return Result("failure", problems=(business("Currently, we can't create the transaction"),))


def aborted(result: Result, status: str, rolled_back: Problem) -> Result:
    """A result after its transaction was rolled back (intacct-xml §1.7)."""
    problems = (*result.problems, rolled_back)
    return replace(result, status=status, data="", bare=None, problems=problems, written=0, transactions=0)
