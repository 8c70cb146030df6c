"""One emulator per test over real HTTP, its clock standing still."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.contract.sandbox.sage_psa.api import NOW, Api, InProcess
from tieout.sandbox.clock import Clock, parse_moment
from tieout.sandbox.run import serve
from tieout.sandbox.sage_psa.emulator import SagePsaEmulator


def _emulator(world: str) -> SagePsaEmulator:
    clock = Clock()
    clock.set(parse_moment(NOW))
    return SagePsaEmulator(world=world, seed=7, clock=clock)


def _served(world: str) -> Iterator[Api]:
    emulator = _emulator(world)
    with serve(emulator) as running, httpx.Client(verify=False, base_url=running.url) as http:
        yield Api(emulator, http)


@pytest.fixture
def api() -> Iterator[Api]:
    """The empty world: the account's set-up and no business records."""
    yield from _served("empty")


@pytest.fixture
def demo() -> Iterator[Api]:
    """The demo world."""
    yield from _served("demo")


@pytest.fixture
def near() -> Iterator[Api]:
    """The empty world without a socket: nothing leaves the outbox until ``pump`` is called."""
    emulator = _emulator("empty")
    with httpx.Client(base_url="http://sandbox", transport=InProcess(emulator)) as http:
        yield Api(emulator, http)
    emulator.close()
