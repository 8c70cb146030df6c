"""The systems Tieout can connect: one line each. The books stand first.

Modules are named as text and loaded on first use, so that no adapter imports another.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from tieout.core.platform import Platform, Vendor

BOOKS = "intacct"
_SYSTEMS = {
    BOOKS: "tieout.intacct.vendor:VENDOR",
    "servicetitan": "tieout.platforms.servicetitan.platform:PLATFORM",
    "sage-psa": "tieout.platforms.sage_psa.platform:PLATFORM",
}


class UnknownSystemError(LookupError):
    """There is no system of this name; the text lists those there are."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no system named “{name}”. Known systems: {', '.join(_SYSTEMS)}.")


def names() -> tuple[str, ...]:
    """Every system's name, the books first."""
    return tuple(_SYSTEMS)


@cache
def vendor(name: str) -> Vendor:
    """The system of this name. Raises UnknownSystemError."""
    if name not in _SYSTEMS:
        raise UnknownSystemError(name)
    module, attribute = _SYSTEMS[name].split(":")
    found = getattr(import_module(module), attribute)
    if not isinstance(found, Vendor):
        raise TypeError(f"{_SYSTEMS[name]} is not a system")
    return found


def platform(name: str) -> Platform:
    """The platform of this name. Raises UnknownSystemError, also for the books, which are no platform."""
    found = vendor(name)
    if not isinstance(found, Platform):
        raise UnknownSystemError(name)
    return found
