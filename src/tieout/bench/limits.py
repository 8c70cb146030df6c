"""The arithmetic of the benchmarks: what no program could beat, and how far from it a run was. Pure; seconds throughout."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vendor:
    """How long a system takes for a call, and how many it takes at once.

    Attributes:
        per_request_s: for any request.
        per_record_s: further, for each record written by it.
        connections: requests it works on at once.
        records_a_request: the most records one request may carry (intacct-xml §6: 100).
    """

    per_request_s: float
    per_record_s: float
    connections: int
    records_a_request: int = 100

    def requests(self, records: int) -> int:
        """The fewest requests that carry this many records."""
        return math.ceil(records / self.records_a_request)

    def shortest_s(self, records: int) -> float:
        """The shortest time in which this many independent records can be written.

        All connections are busy from beginning to end and every request but one is full: a bound that cannot be
        reached exactly, because requests do not divide evenly among connections.
        """
        return self.shortest_in_layers_s([records])

    def shortest_in_layers_s(self, layers: Sequence[int]) -> float:
        """The same where the records of a layer refer to those of the layer before.

        A layer may begin while the one before it still runs, because a record waits for its own parent only. So the
        bound is that of all the work, or of one request of every layer after the other if that takes longer.
        """
        work = sum(self.requests(count) * self.per_request_s + count * self.per_record_s for count in layers)
        return max(work / self.connections, sum(self.per_request_s + self.per_record_s for count in layers if count))

    def one_by_one_s(self, records: int) -> float:
        """The time of a loop that writes one record a request over one connection."""
        return records * (self.per_request_s + self.per_record_s)


def share_of_limit(limit_s: float, measured_s: float) -> float:
    """How near a run came to its limit; 1 is the limit itself."""
    return limit_s / measured_s if measured_s > 0 else 0.0


def extrapolated(measured: float, sample: int, whole: int) -> float:
    """A figure of `sample` things for `whole` of them, if each takes the same."""
    if sample <= 0:
        raise ValueError("nothing was measured, so nothing can be extrapolated")
    return measured * whole / sample


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all values does not exceed (nearest rank), for example 0.95."""
    if not values:
        raise ValueError("there are no values")
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def companies_a_core(cpu_s_per_1000: float, changes_a_day: int) -> float:
    """How many companies with this many changes a day one core can serve, if the changes were spread evenly."""
    return 86400 / (cpu_s_per_1000 * changes_a_day / 1000)
