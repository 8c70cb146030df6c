"""What accounts and journals do beyond their tables (intacct-xml §3B GLACCOUNT, §5.2)."""

from __future__ import annotations

from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.wording import Refusal, business, duplicate, invalid, missing

_CLOSING = "closing account"


_ACCOUNTS = ("GLACCOUNT", "STATACCOUNT")  # one series of account numbers
_JOURNALS = ("JOURNAL", "STATJOURNAL")  # and one of symbols


def _is_taken(change: Change, kinds: tuple[str, ...]) -> bool:
    key = change.row[change.kind.key]
    return change.old is None and any(change.work.storage.find(each, "key", key) is not None for each in kinds)


def _check_number(change: Change) -> None:
    if _is_taken(change, _ACCOUNTS):
        given = {"object": change.kind.name, "field": change.kind.key}
        raise Refusal(business("Duplicate account number", correction="Use a unique value instead.", **given))


def _check_symbol(change: Change) -> None:
    if _is_taken(change, _JOURNALS):
        raise Refusal(duplicate(change.kind, change.row[change.kind.key]))


def _prepare_account(change: Change) -> None:
    _check_number(change)
    kind, row = change.kind, change.row
    if row.get("CLOSINGTYPE") == _CLOSING and not row.get("CLOSINGACCOUNTNO"):
        raise Refusal(missing(kind, kind.by_name["CLOSINGACCOUNTNO"]))
    if row.get("CLOSINGTYPE") != _CLOSING and row.get("CLOSINGACCOUNTNO"):
        raise Refusal(invalid(kind, kind.by_name["CLOSINGACCOUNTNO"], "Only a closing account closes to another account."))


GLACCOUNT = Behaviour(_prepare_account)
STATACCOUNT = Behaviour(_check_number)
JOURNAL = Behaviour(_check_symbol)
