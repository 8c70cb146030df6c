"""`get_trialbalance` and `get_accountbalances`: what accounts held and moved between two days (objects table, legacy functions).

The reference gives the request; the names of the reply are those public taps read (intacct-xml §9.4). What prior years left on an
account that closes has gone to the account it closes into. What a statistical account holds is shown beside, without a currency;
whether it counts for a period or cumulates changes nothing (the vendor's REST page of statistical accounts).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lxml import etree

from tieout.sandbox.intacct.envelope import text_of
from tieout.sandbox.intacct.ledger import money
from tieout.sandbox.intacct.periods import COMPANY_CURRENCY, day
from tieout.sandbox.intacct.reply import Result, data, element
from tieout.sandbox.intacct.values import plain
from tieout.sandbox.intacct.wording import Problem, Refusal, query_failed
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

# What a request may name, and the kind whose hierarchy its "and everything below it" follows.
_DIMENSIONS = {
    "departmentid": ("DEPARTMENTID", "DEPARTMENT", "dept_subs"),
    "locationid": ("LOCATIONID", "LOCATION", "loc_subs"),
    "projectid": ("PROJECTID", "PROJECT", "projectid_subs"),
    "taskid": ("TASKID", "TASK", "taskid_subs"),
    "costtypeid": ("COSTTYPEID", "COSTTYPE", "costtypeid_subs"),
    "customerid": ("CUSTOMERID", "CUSTOMER", "customerid_subs"),
    "vendorid": ("VENDORID", "VENDOR", "vendorid_subs"),
    "employeeid": ("EMPLOYEEID", "EMPLOYEE", "employeeid_subs"),
    "itemid": ("ITEMID", "ITEM", ""),
    "classid": ("CLASSID", "CLASS", "classid_subs"),
}
_ACCOUNTS = ("glaccountno", "startaccountno", "endaccountno", "accountgroupname")
_SWITCHES = ("showzerobalances", "reportingbook", "statistical", "includereportingbook")
_MONEY, _COUNTS = "GLACCOUNT", "STATACCOUNT"
_STATISTICAL = {"include": (_MONEY, _COUNTS), "exclude": (_MONEY,), "only": (_COUNTS,)}  # as it is unless said otherwise: include
_RANGES = {"Accounts": ("GLACCTRANGES", _MONEY), "Statistical Accounts": ("GLSTATACCTRANGES", _COUNTS)}  # of a group, by its MEMBERTYPE
_LEFT_OUT = ("debitcreditbalance", "showdeptdetail", "showlocdetail", "adjbooks", "userDefinedDimensions")
_BOOK = "ACCRUAL"
ZERO = Decimal(0)


@dataclass(slots=True)
class _Balance:
    """One account: before the first day, and moved since."""

    start: Decimal = ZERO
    debits: Decimal = ZERO
    credits: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class _Range:
    """Accounts of a kind from a number to a number; empty for no end."""

    kind: str
    first: str = ""
    last: str = ""

    def holds(self, kind: str, number: str) -> bool:
        """Whether an account is one of them."""
        return kind == self.kind and (not self.first or number >= self.first) and (not self.last or number <= self.last)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is wanted: the days, the accounts, and the values each dimension may have."""

    first: date
    last: date
    zeros: bool
    accounts: tuple[_Range, ...]
    dimensions: dict[str, frozenset[str]] = field(default_factory=dict)


def trial_balance(work: Work, element_: etree._Element) -> Result:
    """Every account."""
    return _shown(work, element_, "trialbalance", frozenset())


def account_balances(work: Work, element_: etree._Element) -> Result:
    """The accounts asked for, or every one."""
    return _shown(work, element_, "accountbalance", frozenset(_ACCOUNTS))


def _shown(work: Work, element_: etree._Element, name: str, more: frozenset[str]) -> Result:
    work.permit(str(element_.tag), "GLDETAIL")
    asked = _read(work, element_, more)
    balances = _balances(work, asked)
    rows = []
    for number, kind in sorted((row["ACCOUNTNO"], each) for each in (_MONEY, _COUNTS) for row in work.storage.all(each)):
        held = balances.get(number, _Balance())
        if any(each.holds(kind, number) for each in asked.accounts) and (asked.zeros or held.start or held.debits or held.credits):
            rows.append(_row(name, number, held, COMPANY_CURRENCY if kind == _MONEY else ""))
    return Result("success", data("".join(rows)), transactions=1)


def _row(name: str, number: str, held: _Balance, currency: str) -> str:
    parts = (
        ("glaccountno", number),
        ("startbalance", plain(held.start)),
        ("debits", plain(held.debits)),
        ("credits", plain(held.credits)),
        ("adjdebits", "0"),
        ("adjcredits", "0"),
        ("endbalance", plain(held.start + held.debits - held.credits)),
        ("reportingbook", _BOOK),
        ("currency", currency),
    )
    return f"<{name}>{''.join(element(key, value) for key, value in parts)}</{name}>"


def _balances(work: Work, asked: _Asked) -> dict[str, _Balance]:
    closes = {row["ACCOUNTNO"]: row.get("CLOSINGACCOUNTNO", "") for row in work.storage.all("GLACCOUNT")}
    year = date(asked.first.year, 1, 1)
    found: dict[str, _Balance] = defaultdict(_Balance)
    for row in _entries(work, asked):
        when, amount, number = day(row["ENTRY_DATE"]), money(row["AMOUNT"]), row["ACCOUNTNO"]
        if when < asked.first:
            found[closes[number] if when < year and closes.get(number) else number].start += amount
        elif amount > 0:
            found[number].debits += amount
        else:
            found[number].credits -= amount
    return found


def _entries(work: Work, asked: _Asked) -> Iterator[Row]:
    """The ledger's rows up to the last day that have the dimensions asked for."""
    for row in work.view(private=True).rows(work.storage, work.company.kinds["GLDETAIL"]):
        if day(row["ENTRY_DATE"]) <= asked.last and all(row.get(name, "") in values for name, values in asked.dimensions.items()):
            yield row


def _read(work: Work, element_: etree._Element, more: frozenset[str]) -> _Asked:
    given = {str(child.tag): child for child in element_}
    texts = {name: text_of(child) for name, child in given.items()}
    for name in given:
        if name in _LEFT_OUT and texts[name] != "false":
            raise Refusal(Problem("EMU-NOT-EMULATED", f"The sandbox does not emulate {name} of {element_.tag}."))
    known = {"reportingperiodname", "startdate", "enddate", *_SWITCHES, *_LEFT_OUT, *_DIMENSIONS, *more}
    unknown = set(given) - known - {subs for *_, subs in _DIMENSIONS.values()}
    if unknown:
        raise query_failed(f"{element_.tag} has no {min(unknown)}.")
    statistical = texts.get("statistical") or "include"
    if statistical not in _STATISTICAL:
        raise query_failed(f"statistical of {element_.tag} is one of {', '.join(_STATISTICAL)}.")
    first, last = _days(work, given, texts.get("reportingperiodname", ""))
    kinds = _STATISTICAL[statistical]
    accounts = [_Range(kind, texts.get("startaccountno", ""), texts.get("endaccountno", "")) for kind in kinds]
    if texts.get("glaccountno"):
        accounts = [_Range(kind, texts["glaccountno"], texts["glaccountno"]) for kind in kinds]
    elif texts.get("accountgroupname"):
        accounts = [each for each in _ranges(work, texts["accountgroupname"], frozenset()) if each.kind in kinds]
    dimensions = {
        column: _below(work, kind, texts[name], with_children=bool(subs) and texts.get(subs, "true") != "false")
        for name, (column, kind, subs) in _DIMENSIONS.items()
        if texts.get(name)
    }
    return _Asked(first, last, texts.get("showzerobalances") == "true", tuple(accounts), dimensions)


def _ranges(work: Work, name: str, above: frozenset[str]) -> Iterator[_Range]:
    """The ranges of accounts of a group and of the groups in it; raises Refusal if there is no such group, or it computes."""
    group = work.storage.find("GLACCTGRP", "key", name)
    if group is None:
        raise query_failed(f"There is no account group {name}.")
    if group["MEMBERTYPE"] not in {*_RANGES, "Groups"}:
        raise Refusal(Problem("EMU-NOT-EMULATED", f"The sandbox does not emulate balances of a group of type {group['MEMBERTYPE']}."))
    if group["MEMBERTYPE"] in _RANGES:
        ranges, kind = _RANGES[group["MEMBERTYPE"]]
        yield from (_Range(kind, each["RANGEFROM"], each["RANGETO"]) for each in group.get(ranges, ()))
    for each in group.get("GLACCTGRPS", ()):
        if each["CHILDNAME"] not in above:
            yield from _ranges(work, each["CHILDNAME"], above | {name})


def _days(work: Work, given: dict[str, etree._Element], period: str) -> tuple[date, date]:
    if period:
        row = work.storage.find("REPORTINGPERIOD", "key", period)
        if row is None:
            raise query_failed(f"There is no reporting period {period}.")
        return day(row["START_DATE"]), day(row["END_DATE"])
    if "startdate" not in given or "enddate" not in given:
        raise query_failed("reportingperiodname is required, or startdate and enddate.")
    first, last = _group(given["startdate"]), _group(given["enddate"])
    if last < first:
        raise query_failed("enddate is before startdate.")
    return first, last


def _group(element_: etree._Element) -> date:
    parts = [text_of(element_.find(name)) for name in ("year", "month", "day")]
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        raise query_failed(f"{element_.tag} is no day that exists.") from None


def _below(work: Work, name: str, value: str, *, with_children: bool) -> frozenset[str]:
    """A dimension's value, with everything below it in its hierarchy if so asked."""
    kind = work.company.kinds[name]
    found, last = {value}, {value}
    column = kind.tree
    while with_children and column and last:
        rows = work.storage.all(name)
        parents = {row["RECORDNO"]: row[kind.key] for row in rows}
        above = kind.by_name[column].ref
        last = {row[kind.key] for row in rows if above is not None and parents.get(row.get(above.key, "")) in last} - found
        found |= last
    return frozenset(found)
