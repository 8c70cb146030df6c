"""The Intacct emulator on a real port, empty world."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.sandbox.intacct.gateway import Gateway
from tieout.sandbox.intacct.emulator import IntacctEmulator
from tieout.sandbox.run import serve


@pytest.fixture
def intacct() -> Iterator[Gateway]:
    with serve(IntacctEmulator()) as running, Gateway(running.url) as gateway:
        yield gateway
