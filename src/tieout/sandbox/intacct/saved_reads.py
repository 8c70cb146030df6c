"""Reads of what a company has saved, views and reports, and of records related to others (intacct-xml §2.9, §9.2).

Views and reports are made by people in the product: here the settings `saved_views` and `saved_reports` hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree

from tieout.sandbox.emulator import Setting
from tieout.sandbox.intacct.envelope import text_of
from tieout.sandbox.intacct.fields import Kind
from tieout.sandbox.intacct.queries import READ_BY_QUERY_PAGE_MAX, open_cursor, page_size, read_by_query
from tieout.sandbox.intacct.reply import Result, data, element, escape, flat
from tieout.sandbox.intacct.wording import Problem, Refusal, query_failed
from tieout.sandbox.intacct.work import Work
from tieout.sandbox.storage import Row

_RUNS = "_REPORT"  # reports that were asked for and not read to their end
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")


def _are_views(given: Mapping[str, Any]) -> bool:
    return all(
        isinstance(each, dict) and isinstance(each.get("object"), str) and set(each) <= {"object", "fields", "query"}
        for each in given.values()
    )


def _are_reports(given: Mapping[str, Any]) -> bool:
    rows = [row for each in given.values() if isinstance(each, list) for row in each]
    named = all(isinstance(row, dict) and all(_NAME.fullmatch(name) and isinstance(row[name], str) for name in row) for row in rows)
    return named and all(isinstance(each, list) for each in given.values())


SETTINGS: Mapping[str, Setting] = {
    "saved_views": Setting(
        {}, 'views by name, such as {"Open": {"object": "PROJECT", "fields": "PROJECTID", "query": "STATUS = \'T\'"}}', accepts=_are_views
    ),
    "saved_reports": Setting({}, 'rows of custom reports by name, such as {"Cost": [{"PROJECTID": "P-1"}]}', accepts=_are_reports),
    "report_polls": Setting(1, "how often a report is still pending when it is asked for"),
}


def read_related(work: Work, asked: etree._Element) -> Result:
    """`readRelated`: what records refer to by a relationship of `lookup`, or the records of an object that refer to them."""
    kind = work.kind(text_of(asked.find("object")), "read")
    relation = text_of(asked.find("relation")).upper()
    target, find = _relation(work, kind, relation)
    work.permit("read", target.name)
    keys = [key.strip() for key in text_of(asked.find("keys")).split(",") if key.strip()]
    if not keys:
        raise query_failed("The keys are missing.")
    rows: dict[str, Row] = {}
    for key in keys:
        row = work.visible(kind, key)
        for related in find(row) if row is not None else ():
            if work.by_key().sees(target, related):
                rows[related["RECORDNO"]] = related
    return open_cursor(work, target, asked, list(rows.values()))


def _relation(work: Work, kind: Kind, name: str) -> tuple[Kind, Any]:
    """The object a relationship leads to, and how to find a record's related ones; raises Refusal."""
    storage = work.storage
    if name in kind.relations:
        key, target = kind.relations[name]

        def one(row: Row) -> Iterable[Row]:
            found = storage.get(target, row.get(key, ""))
            return () if found is None else (found,)

        return work.company.kinds[target], one
    users = [(other, key) for other, key in work.company.referring.get(kind.name, ()) if other.name == name]
    if not users:
        raise query_failed(f"There is no relationship {name} of {kind.name}.")
    other = users[0][0]
    return other, lambda row: [each for _, key in users for each in storage.where(other.name, key, row["RECORDNO"])]


def read_view(work: Work, asked: etree._Element) -> Result:
    """`readView`: the rows of a saved view; the records lie in an element of their own (intacct-xml §9.2)."""
    name = text_of(asked.find("view"))
    view = work.settings["saved_views"].get(name)
    if view is None:
        raise query_failed(f"There is no view {name}.")
    if asked.find("filters/*") is not None:
        raise Refusal(Problem("EMU-NOT-EMULATED", "The sandbox does not emulate filters of readView."))
    inner = etree.Element("readByQuery")
    for tag, value in (("object", view["object"]), ("fields", view.get("fields", "*")), ("query", view.get("query", ""))):
        etree.SubElement(inner, tag).text = value
    inner.extend(each for each in asked if each.tag in {"pagesize", "returnFormat"})
    return read_by_query(work, inner, within=f'view name="{escape(name)}"')


def read_report(work: Work, asked: etree._Element) -> Result:
    """`readReport`: starts a report; its rows are read with `readMore` by its id."""
    name = text_of(asked.find("report"))
    rows = work.settings["saved_reports"].get(name)
    if asked.get("returnDef") == "true":
        raise Refusal(Problem("EMU-NOT-EMULATED", "The sandbox does not emulate the definition of a report."))
    if rows is None:
        raise query_failed(f"There is no report {name}.")
    size = page_size(asked.find("pagesize"), READ_BY_QUERY_PAGE_MAX, work.strict)
    number = f"R{work.storage.next('report runs'):010d}"
    left = work.settings["report_polls"]
    work.storage.put(_RUNS, number, {"rows": rows, "at": 0, "size": size, "pending": left, "userid": work.userid})
    return _pending(number)


def next_of_report(work: Work, number: str) -> Result:
    """`readMore` of a report: still pending, or its next page; with the last one the report is gone."""
    run = work.storage.get(_RUNS, number)
    if run is None or run["userid"] != work.userid:
        raise query_failed(f"There is no report with the id {number}.")
    if run["pending"]:
        work.storage.put(_RUNS, number, {**run, "pending": run["pending"] - 1})
        return _pending(number)
    page = run["rows"][run["at"] : run["at"] + run["size"]]
    at = run["at"] + len(page)
    left = len(run["rows"]) - at
    if left:
        work.storage.put(_RUNS, number, {**run, "at": at})
    else:
        work.storage.remove(_RUNS, number)
    shown = "".join(flat("report", row.items()) for row in page)
    attributes = {"listtype": "report", "count": len(page), "totalcount": len(run["rows"]), "numremaining": left}
    return Result("success", data(shown, {**attributes, "resultId": ""}), transactions=1)


def _pending(number: str) -> Result:
    state = element("REPORTID", number) + element("STATUS", "PENDING")
    return Result("success", data(f"<report_results>{state}</report_results>"), transactions=1)
