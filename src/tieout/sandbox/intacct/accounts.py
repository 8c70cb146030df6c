"""What accounts do beyond their table (intacct-xml §3B GLACCOUNT, §5.2)."""

from __future__ import annotations

from tieout.sandbox.intacct.behaviour import Behaviour, Change
from tieout.sandbox.intacct.wording import Refusal, business, invalid, missing

_CLOSING = "closing account"


_ACCOUNTS = ("GLACCOUNT", "STATACCOUNT")  # one series of account numbers


def _check_number(change: Change) -> None:
    kind, row = change.kind, change.row
    held = any(change.work.storage.find(each, "key", row[kind.key]) is not None for each in _ACCOUNTS)
    if change.old is None and held:
        raise Refusal(business("Duplicate account number", correction="Use a unique value instead.", object=kind.name, field=kind.key))


def _prepare_account(change: Change) -> None:
    _check_number(change)
    kind, row = change.kind, change.row
    if row.get("CLOSINGTYPE") == _CLOSING and not row.get("CLOSINGACCOUNTNO"):
        raise Refusal(missing(kind, kind.by_name["CLOSINGACCOUNTNO"]))
    if row.get("CLOSINGTYPE") != _CLOSING and row.get("CLOSINGACCOUNTNO"):
        raise Refusal(invalid(kind, kind.by_name["CLOSINGACCOUNTNO"], "Only a closing account closes to another account."))


GLACCOUNT = Behaviour(_prepare_account)
STATACCOUNT = Behaviour(_check_number)
