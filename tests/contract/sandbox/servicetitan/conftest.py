"""One emulator per test over real HTTP, its clock standing still."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.contract.sandbox.servicetitan.api import NOW, Api, InProcess
from tieout.sandbox.clock import Clock, parse_moment
from tieout.sandbox.run import serve
from tieout.sandbox.servicetitan.emulator import ServiceTitanEmulator

# The clock stands still, so that a second never ends: the rate limit has its own tests.
SETTINGS = {"rate_limit_per_s": 0}


def emulator_of(world: str) -> ServiceTitanEmulator:
    """A world whose clock stands still."""
    clock = Clock()
    clock.set(parse_moment(NOW))
    sizes = {"customers": 24, "projects": 40, "jobs": 120}
    return ServiceTitanEmulator(world=world, seed=7, clock=clock, settings=SETTINGS, sizes=sizes)


def served(world: str) -> Iterator[Api]:
    emulator = emulator_of(world)
    with serve(emulator) as running, httpx.Client(verify=False, base_url=running.url) as http:
        api = Api(emulator, http)
        api.sign_in()
        yield api


@pytest.fixture
def api() -> Iterator[Api]:
    """The empty world: the tenant's set-up and no business records."""
    yield from served("empty")


@pytest.fixture
def demo() -> Iterator[Api]:
    """A small demo world."""
    yield from served("demo")


@pytest.fixture
def near() -> Iterator[Api]:
    """The empty world without a socket: nothing leaves the outbox until `pump` is called."""
    emulator = emulator_of("empty")
    with httpx.Client(base_url="http://sandbox", transport=InProcess(emulator)) as http:
        api = Api(emulator, http)
        api.sign_in()
        yield api
    emulator.close()


@pytest.fixture(scope="module")
def whole() -> Iterator[Api]:
    """A small demo world for all tests of a module that only read."""
    yield from served("demo")
