"""The arithmetic of the benchmarks; no figure of any machine is asserted."""

from __future__ import annotations

import pytest

from tieout.bench.limits import Vendor, companies_a_core, extrapolated, percentile, share_of_limit

SLOW = Vendor(per_request_s=0.2, per_record_s=0.03, connections=6)


def test_the_limit_of_a_load_is_all_the_work_spread_over_all_connections() -> None:
    assert SLOW.requests(10_000) == 100
    assert SLOW.shortest_s(10_000) == pytest.approx((100 * 0.2 + 10_000 * 0.03) / 6)


def test_an_incomplete_request_counts_as_one() -> None:
    assert SLOW.requests(101) == 2
    assert SLOW.shortest_s(101) == pytest.approx((2 * 0.2 + 101 * 0.03) / 6)


def test_nothing_takes_no_time() -> None:
    assert SLOW.shortest_s(0) == 0
    assert SLOW.shortest_in_layers_s([]) == 0


def test_layers_add_up_because_a_record_waits_for_its_own_parent_only() -> None:
    assert SLOW.shortest_in_layers_s([1200, 1200, 1200]) == pytest.approx(3 * (12 * 0.2 + 1200 * 0.03) / 6)


def test_a_chain_of_single_records_cannot_be_spread() -> None:
    assert SLOW.shortest_in_layers_s([1, 1, 1]) == pytest.approx(3 * 0.23)


def test_a_loop_pays_for_a_request_with_every_record() -> None:
    assert SLOW.one_by_one_s(1000) == pytest.approx(230)


def test_the_share_of_the_limit_is_one_at_the_limit_and_less_beyond_it() -> None:
    assert share_of_limit(10, 10) == 1
    assert share_of_limit(10, 20) == 0.5
    assert share_of_limit(10, 0) == 0


def test_a_sample_is_extrapolated_in_proportion() -> None:
    assert extrapolated(9.2, 40, 10_000) == pytest.approx(2300)
    with pytest.raises(ValueError, match="nothing was measured"):
        extrapolated(0, 0, 10)


@pytest.mark.parametrize(("share", "wanted"), [(0.5, 2), (0.95, 4), (0.25, 1), (1.0, 4), (0.0, 1)])
def test_a_percentile_is_a_value_that_was_measured(share: float, wanted: int) -> None:
    assert percentile([4, 1, 3, 2], share) == wanted


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_companies_per_core_follow_from_the_seconds_a_thousand_changes_take() -> None:
    assert companies_a_core(2.0, 1000) == 43200
