"""The Intacct emulator on a real port, empty world."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway
from tests.contract.sandbox.intacct.rest import Rest
from tieout.sandbox.intacct.emulator import IntacctEmulator
from tieout.sandbox.run import serve


@pytest.fixture
def intacct() -> Iterator[Gateway]:
    with serve(IntacctEmulator()) as running, Gateway(running.url) as gateway:
        yield gateway


@pytest.fixture
def rest(intacct: Gateway) -> Iterator[Rest]:
    with Rest(intacct) as caller:
        yield caller
