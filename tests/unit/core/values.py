"""Strategies for everything a field may hold, and the settings of this folder's property tests."""

from __future__ import annotations

from datetime import timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from tieout.core.record import Line, Ref, Value

fast = settings(max_examples=60, deadline=None, database=None)
"""Every property of this folder runs with these."""

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12) | st.sampled_from(["", " ", "\t\n", " a ", "a", "A", "P-1", "$ref"])
decimals = st.builds(
    lambda sign, digits, places: Decimal((sign, tuple(map(int, str(digits))), -places)),
    st.integers(0, 1),
    st.integers(0, 10**34),
    st.integers(-6, 10),
)
moments = st.datetimes(timezones=zones).filter(lambda moment: 1 < moment.year < 9999)
refs = st.builds(Ref, st.sampled_from(["job", "project", "PROJECT"]), st.text("0123456789", min_size=1, max_size=4))
ref_sets = st.frozensets(refs, max_size=3)
plain: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**63), texts, decimals, st.dates(), moments, refs, ref_sets
)
names = st.text("abcXYZ.", min_size=1, max_size=4)
lines = st.lists(st.builds(Line, st.text("0123456789", min_size=1, max_size=3), st.dictionaries(names, plain, max_size=3)), max_size=3).map(
    tuple
)
values: st.SearchStrategy[Value] = plain | lines
fields = st.dictionaries(names, values, max_size=4)
