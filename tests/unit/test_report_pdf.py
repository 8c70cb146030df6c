"""The tie-out as a document to be filed: read back as a viewer shows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest

from tieout.core.control import Total
from tieout.core.tieout import Difference, FlowReport, Report
from tieout.engine.report import MOST_ROWS, as_data
from tieout.engine.report_pdf import as_pdf
from tieout.store.models import Connection, Integration, TieOut

AT = datetime(2026, 5, 1, 14, 30, tzinfo=UTC)


def bills(**more: Any) -> FlowReport:
    flow = FlowReport("ap-bills", "AP bills", left=3, right=2, pairs=2, **more)
    flow.add("amount", Decimal("1240311.10"), Decimal("1240311.11"))
    flow.places = {
        "": Total(1, Decimal(0), 0, Decimal(0)),
        "100": Total(2, Decimal("1240311.10"), 2, Decimal("1240311.11")),
    }
    return flow


def made(*flows: FlowReport, unmanaged: dict[str, int] | None = None) -> TieOut:
    books = Connection(name="books", system="intacct", values={"company_id": "NORTHSIDE"})
    field = Connection(name="field", system="servicetitan", values={"tenant": "1000001"}, environment="test")
    report = Report(flows, {"ap-bill": AT, "APBILL": AT}, unmanaged or {})
    integration = Integration(name="field-books", platform=field, company=books, switched_on_at=AT)
    common: dict[str, Any] = {"integration": integration, "asked_at": AT, "ended_at": AT, "report": as_data(report)}
    return TieOut(pk=412, by="m.keller", agreed=report.agreed, **common)


@contextmanager
def opened(row: TieOut) -> Iterator[list[Any]]:
    """The pages of the document as a viewer knows their text."""
    document = pypdfium2.PdfDocument(as_pdf(row, lambda kind: f"kind {kind}"))
    try:
        pages = [document[number] for number in range(len(document))]
        texts = [page.get_textpage() for page in pages]
        yield texts
        for each in (*texts, *pages):
            each.close()
    finally:
        document.close()


def words(row: TieOut) -> str:
    with opened(row) as texts:
        return " ".join(" ".join(each.get_text_bounded() for each in texts).split())


def right_edge(text: Any, found: tuple[int, int]) -> float:
    start, length = found
    return float(text.get_charbox(start + length - 1)[2])


def test_it_says_who_compared_what_and_when_and_every_figure() -> None:
    flow = bills(excluded={"held: It waits for an approval.": 4}, explained={"given on creation only": 5})
    flow.missing.append(Difference("Bill 9", "B-9", "", "9", None))
    flow.differences.append(Difference("Bill 7", "B-7", "AMOUNT", Decimal("100.10"), Decimal("100.115"), "amount"))
    shown = words(made(flow, unmanaged={"APBILL": 12}))
    for told in (
        "Tie-out of field-books",
        "The sides differ: 1 without a counterpart, 1 fields that differ.",
        "Sage Intacct, Company ID NORTHSIDE (connection “books”, production)",
        "ServiceTitan, Tenant ID 1000001 (connection “field”, test)",
        "m.keller",
        "2026-05-01 14:30:00 UTC",
        "AP bills 3 2 -1 2 1 1",
        "AP bills Company as a whole 1 0 -1 0.00 0.00 0.00",
        "AP bills 100 2 2 0 1,240,311.10 1,240,311.11 0.01",
        "AP bills amount 1,240,311.10 1,240,311.11 0.01",
        "AP bills held: It waits for an approval. 4",
        "AP bills given on creation only 5",
        "kind APBILL in the books, but not from this platform 12",
        "ServiceTitan kind ap-bill 2026-05-01 14:30:00 UTC",
        "Sage Intacct kind APBILL 2026-05-01 14:30:00 UTC",
        "Bill 9 B-9 Has no counterpart 9 (empty)",
        "Bill 7 B-7 Amount 100.10 100.115 0.015",
        "Reviewed by (name) Signature Date",
        "Page 1 of 2",
    ):
        assert told in shown, told


def test_an_agreed_tie_out_says_so_and_has_a_line_to_sign() -> None:
    shown = words(made(FlowReport("customers", "Customers", left=2, right=2, pairs=2)))
    for told in ("Both sides agree.", "Nothing was left out.", "Disagreements There are none.", "Reviewed by (name) Signature Date"):
        assert told in shown


def test_headings_return_on_every_page_and_no_row_is_lost() -> None:
    flow = bills(differences=[Difference(f"Bill {n}.", f"B-{n}", "AMOUNT", Decimal(n), Decimal(0), "amount") for n in range(200)])
    with opened(made(flow)) as texts:
        pages = [" ".join(each.get_text_bounded().split()) for each in texts]
    assert len(pages) > 5
    assert [page for page in pages[2:-1] if "Record ID What differs Platform Books Difference" not in page] == []
    assert [n for n in range(200) if sum(f"Bill {n}. B-{n} " in page for page in pages) != 1] == []
    assert all(f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1))


def test_amounts_stand_under_each_other_at_the_right() -> None:
    flow = bills(
        differences=[
            Difference("Bill 1", "B-1", "AMOUNT", Decimal("1.50"), Decimal("2000.00"), "amount"),
            Difference("Bill 2", "B-2", "AMOUNT", Decimal("98765.40"), Decimal("3.25"), "amount"),
        ]
    )
    with opened(made(flow)) as texts:
        last = texts[-1]
        columns = [("1.50", "98,765.40"), ("2,000.00", "3.25"), ("1,998.50", "-98,762.15")]
        edges = [[right_edge(last, last.search(amount).get_next()) for amount in column] for column in columns]
    for upper, lower in edges:
        assert upper == pytest.approx(lower, abs=1)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Żółć & Søn GmbH", "Żółć & Søn GmbH"),
        ("Малярные работы", "Малярные работы"),
        ("Ελληνική Οικοδομή", "Ελληνική Οικοδομή"),
        ("บริษัท", "บริษัท"),
        ("名古屋建設株式会社", "名古屋建設株式会社"),
        ("서울건설", "서울건설"),
        ("Roof 🚧 Works", "Roof [U+1F6A7] Works"),
        ("Tab\tand\nline", "Tab and line"),
        ("Cafe\u0301", "Café"),
    ],
)
def test_a_name_in_any_writing_neither_fails_nor_vanishes(name: str, shown: str) -> None:
    flow = bills(differences=[Difference(name, "B-1", "AMOUNT", Decimal(1), Decimal(2), "amount")])
    assert shown in words(made(flow))


def test_a_name_written_from_the_right_keeps_all_its_letters() -> None:
    shown = words(made(bills(missing=[Difference("שלום בע״מ", "B-1", "", "1", None)])))
    assert set("שלוםבע״מ") <= set(shown)


def test_a_text_longer_than_a_page_goes_on_on_the_next() -> None:
    memo = " ".join(f"word{n}" for n in range(900))
    shown = words(
        made(bills(differences=[Difference("Bill 1", "B-1", "MEMO", memo, None, "memo"), Difference("W" * 300, "B-2", "", "2", None)]))
    )
    assert [n for n in range(900) if f"word{n} " not in shown] == []
    assert shown.count("W") >= 300


def test_what_a_tie_out_did_not_keep_is_counted() -> None:
    row = made(bills(differences=[Difference("x", "x", "F", 1, 2)] * 3))
    row.report["flows"][0]["differing"] = 3 + 7
    assert f"7 more are counted above; a tie-out keeps the first {MOST_ROWS:,} of a kind." in words(row)
