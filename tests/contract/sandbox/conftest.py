"""An emulator that only echoes, served on a real port."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.contract.sandbox.echo import Echo
from tieout.sandbox.run import Running, serve


@pytest.fixture
def echo() -> Iterator[Running]:
    with serve(Echo()) as running:
        yield running


@pytest.fixture
def http(echo: Running) -> Iterator[httpx.Client]:
    with httpx.Client(verify=False, base_url=echo.url, timeout=10) as client:
        yield client
