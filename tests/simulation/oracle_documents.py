"""What must be true in the end of bills, in the vendors' own words: each is there once, to the cent, on its job's project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]


def faults_of_bills(field: Mapping[str, Sequence[Row]], books: Mapping[str, Sequence[Row]]) -> list[str]:
    """Every way in which the books do not hold exactly the posted bills; empty means that all is well.

    Args:
        field: rows of "inventory-bills", "jobs" and "vendors" as ServiceTitan holds them.
        books: rows of "APBILL", "APBILLITEM" and "VENDOR" as Intacct holds them.
    """
    found = []
    jobs = {row["id"]: row["jobNumber"] for row in field["jobs"]}
    lines: dict[Any, list[Row]] = {}
    for line in books["APBILLITEM"]:
        lines.setdefault(line["RECORDKEY"], []).append(line)
    written = Counter(row["DESCRIPTION"].split("(ID ")[-1].split(")")[0] for row in books["APBILL"])
    by_id = {row["DESCRIPTION"].split("(ID ")[-1].split(")")[0]: row for row in books["APBILL"]}
    for bill in field["inventory-bills"]:
        key = str(bill["id"])
        if written[key] != 1:
            found.append(f"bill {key} exists {written[key]} times")
            continue
        row = by_id[key]
        wanted = sorted((Decimal(str(item["cost"])) * Decimal(str(item["quantity"])), jobs[bill["jobId"]]) for item in bill["items"])
        shown = sorted((Decimal(str(line["TRX_AMOUNT"])), line["PROJECTID"]) for line in lines.get(row["RECORDNO"], []))
        if shown != wanted:
            found.append(f"bill {key}: the lines are {shown}, not {wanted}")
        if row["VENDORID"] != f"V-{bill['vendor']['id']}":
            found.append(f"bill {key}: the vendor is {row['VENDORID']}")
    found += [f"a bill belongs to nothing: {key}" for key in set(written) - {str(bill["id"]) for bill in field["inventory-bills"]}]
    found += [f"VENDOR {key} exists {n} times" for key, n in Counter(row["VENDORID"] for row in books["VENDOR"]).items() if n > 1]
    return found
