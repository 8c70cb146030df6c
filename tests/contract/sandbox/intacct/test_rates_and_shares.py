"""Exchange rates the company keeps, and allocations, over the gateway (objects table EXCHANGERATE, ALLOCATION)."""

from __future__ import annotations

import pytest

from tests.contract.sandbox.intacct.books import bill_line, bill_of, create, number_in, vendor
from tests.contract.sandbox.intacct.gateway import Gateway, Reply, query


def rate(intacct: Gateway, *days: tuple[str, str], type_id: str = "Intacct Daily Rate", pair: str = "EUR") -> Reply:
    entries = "".join(
        f"<EXCHANGERATEENTRY><EFFECTIVE_START_DATE>{day}</EFFECTIVE_START_DATE><EXCHANGE_RATE>{value}</EXCHANGE_RATE></EXCHANGERATEENTRY>"
        for day, value in days
    )
    head = f"<TYPENAME>{type_id}</TYPENAME><FROM_CURRENCY>{pair}</FROM_CURRENCY><TO_CURRENCY>USD</TO_CURRENCY>"
    return create(intacct, f"<EXCHANGERATE>{head}<EXCHANGERATEENTRIES>{entries}</EXCHANGERATEENTRIES></EXCHANGERATE>")


def foreign(number: str, created: str, extra: str = "") -> str:
    return bill_of(number=number, created=created, extra=f"<CURRENCY>EUR</CURRENCY>{extra}")


def test_a_bill_in_another_currency_takes_the_rate_that_holds_on_its_day(intacct: Gateway) -> None:
    vendor(intacct)
    assert rate(intacct, ("01/01/2026", "1.10"), ("03/05/2026", "1.20")).status == "success"
    days = (("B-1", "03/04/2026", "1.1", "110"), ("B-2", "03/05/2026", "1.2", "120"), ("B-3", "03/31/2026", "1.2", "120"))
    for number, created, rated, total in days:
        made = number_in(create(intacct, foreign(number, created)))
        row = next(each for each in intacct.stored("APBILL") if each["RECORDNO"] == made)
        assert (row["EXCHANGE_RATE"], row["TRX_TOTALENTERED"], row["TOTALENTERED"]) == (rated, "100", total)


def test_the_day_of_the_rate_may_be_another_than_the_documents(intacct: Gateway) -> None:
    vendor(intacct)
    rate(intacct, ("01/01/2026", "1.10"), ("03/05/2026", "1.20"))
    made = number_in(create(intacct, foreign("B-1", "03/20/2026", "<EXCH_RATE_DATE>02/01/2026</EXCH_RATE_DATE>")))
    assert intacct.call(query("APBILL", "RECORDNO", "TOTALENTERED")).rows == [{"RECORDNO": made, "TOTALENTERED": "110"}]


def test_a_rate_that_is_sent_counts_more_than_what_the_company_keeps(intacct: Gateway) -> None:
    vendor(intacct)
    rate(intacct, ("01/01/2026", "1.10"))
    create(intacct, foreign("B-1", "03/20/2026", "<EXCHANGE_RATE>1.5</EXCHANGE_RATE>"))
    assert intacct.call(query("APBILL", "TOTALENTERED")).rows == [{"TOTALENTERED": "150"}]


def test_without_a_rate_for_the_day_a_bill_in_another_currency_is_refused(intacct: Gateway) -> None:
    vendor(intacct)
    rate(intacct, ("04/01/2026", "1.10"))
    reply = create(intacct, foreign("B-1", "03/20/2026"))
    assert "there is none from EUR to USD" in str(reply.errors)
    assert intacct.stored("APBILL") == []


def test_the_rates_of_two_currencies_are_kept_once_by_type(intacct: Gateway) -> None:
    assert rate(intacct, ("01/01/2026", "1.10")).status == "success"
    assert rate(intacct, ("01/01/2026", "1.30")).errors
    assert rate(intacct, ("01/01/2026", "1.30"), pair="GBP").status == "success"
    assert "is not valid" in str(rate(intacct, ("01/01/2026", "1.30"), type_id="None such").errors)
    pairs = intacct.call(query("EXCHANGERATE", "TYPENAME", "FROM_CURRENCY")).rows
    assert sorted(row["FROM_CURRENCY"] for row in pairs) == ["EUR", "GBP"]
    entries = intacct.call(query("EXCHANGERATEENTRY", "EXCHANGERATEKEY", "EXCHANGE_RATE", "EXCHANGERATE.FROM_CURRENCY")).rows
    assert sorted(row["EXCHANGERATE.FROM_CURRENCY"] for row in entries) == ["EUR", "GBP"]


def allocation(intacct: Gateway, *values: str, number: str = "SPLIT", kind: str = "") -> Reply:
    entries = "".join(
        f"<ALLOCATIONENTRY><VALUE>{value}</VALUE><LOCATIONID>{place}</LOCATIONID></ALLOCATIONENTRY>"
        for value, place in zip(values, ("100", "110", "100"), strict=False)
    )
    head = f"<ALLOCATIONID>{number}</ALLOCATIONID>{kind}"
    return create(intacct, f"<ALLOCATION>{head}<ALLOCATIONENTRIES>{entries}</ALLOCATIONENTRIES></ALLOCATION>")


@pytest.fixture
def places(intacct: Gateway) -> Gateway:
    """A company with a second location in its first entity."""
    vendor(intacct)
    create(intacct, "<LOCATION><LOCATIONID>110</LOCATIONID><NAME>Yard</NAME><PARENTID>100</PARENTID></LOCATION>")
    return intacct


def allocated(number: str = "SPLIT", amount: str = "100.00") -> str:
    return bill_of(bill_line(amount, location="", extra=f"<ALLOCATION>{number}</ALLOCATION>"))


def shares(intacct: Gateway) -> list[tuple[str, float]]:
    return sorted((row["LOCATIONID"], float(row["AMOUNT"])) for row in intacct.stored("GLDETAIL") if row["ACCOUNTNO"] == "5100")


def test_a_line_is_booked_by_the_shares_of_its_allocation_to_the_cent(places: Gateway) -> None:
    assert allocation(places, "33.33", "33.33", "33.34").status == "success"
    assert create(places, allocated(amount="0.10")).status == "success"
    assert shares(places) == [("100", 0.03), ("100", 0.04), ("110", 0.03)]
    (line,) = places.stored("APBILLITEM")
    assert line["TRX_AMOUNT"] == "0.1"


def test_fixed_amounts_must_add_up_to_the_line(places: Gateway) -> None:
    assert allocation(places, "70", "30", kind="<TYPE>Absolute</TYPE>").status == "success"
    assert "distributes 100, not the 90" in str(create(places, allocated(amount="90")).errors)
    assert create(places, allocated()).status == "success"
    assert shares(places) == [("100", 70), ("110", 30)]


def test_percentages_must_add_up_to_a_hundred(places: Gateway) -> None:
    assert "add up to 90 percent" in str(allocation(places, "60", "30").errors)
    assert places.stored("ALLOCATION") == []


def test_an_allocation_needs_an_entry_and_a_line_one_that_exists(places: Gateway) -> None:
    assert allocation(places).errors
    assert create(places, allocated("NONE")).errors
    assert places.stored("APBILL") == []


def test_an_allocation_is_not_deleted_while_a_line_uses_it(places: Gateway) -> None:
    number = number_in(allocation(places, "60", "40"))
    assert create(places, allocated()).status == "success"
    assert places.call(f"<delete><object>ALLOCATION</object><keys>{number}</keys></delete>").errors


def test_a_tax_detail_is_read_by_its_own_id(intacct: Gateway) -> None:
    # objects table TAXDETAIL: read takes DETAILID
    intacct.control("POST", "objects/TAXSOLUTION", [{"SOLUTIONID": "Australia - GST"}])
    detail = {"DETAILID": "G1", "TAXTYPE": "Sale", "VALUE": "10", "TAXSOLUTIONID": "Australia - GST"}
    intacct.control("POST", "objects/TAXDETAIL", [detail])
    reply = intacct.call("<read><object>TAXDETAIL</object><keys>G1</keys><fields>DETAILID,VALUE,TAXSOLUTIONID</fields></read>")
    assert reply.rows == [{"DETAILID": "G1", "VALUE": "10", "TAXSOLUTIONID": "Australia - GST"}]
    assert intacct.call("<read><object>TAXDETAIL</object><keys>1</keys><fields>DETAILID</fields></read>").rows == []
    assert intacct.call("<create><TAXDETAIL><DETAILID>G2</DETAILID></TAXDETAIL></create>").errors
