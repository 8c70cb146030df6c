"""`sageintacctsdk`, unchanged, pointed at an emulator (intacct-xml §9.3).

The client has no setting for the address and none for the page size: both are set on each of its API objects as they are made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from sageintacctsdk import SageIntacctSDK
from sageintacctsdk.apis.api_base import ApiBase

from tieout.sandbox.run import Running, start


@contextmanager
def signed_in(page: int = 2000) -> Iterator[tuple[SageIntacctSDK, Running]]:
    """The client signed in to an empty company of its own, and that company."""
    running = start(("intacct",), world="empty")
    made = ApiBase.__init__

    def pointed(self: ApiBase, *positional: Any, **named: Any) -> None:
        made(self, *positional, **named)
        self._ApiBase__api_url = f"{running['intacct'].url}/ia/xml/xmlgw.phtml"
        self._ApiBase__pagesize = page

    with mock.patch.object(ApiBase, "__init__", pointed):
        yield (
            SageIntacctSDK(
                sender_id="sandbox-sender",
                sender_password="sandbox-sender-pw",
                user_id="ws-user",
                company_id="SANDBOX",
                user_password="ws-user-pw",
            ),
            running["intacct"],
        )
    for each in running.values():
        each.stop()
