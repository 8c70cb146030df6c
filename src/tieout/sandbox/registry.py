"""The systems there are emulators for: one line each."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from tieout.sandbox.emulator import Emulator


@dataclass(frozen=True, slots=True)
class System:
    """An emulated system; it listens on the base port plus `offset` (design §6)."""

    name: str
    offset: int
    emulator: str

    def load(self) -> type[Emulator]:
        """The emulator's class, imported when first asked for."""
        module, _, name = self.emulator.partition(":")
        found: type[Emulator] = getattr(import_module(module), name)
        return found


SYSTEMS = (
    System("intacct", 0, "tieout.sandbox.intacct.emulator:IntacctEmulator"),
    System("servicetitan", 1, "tieout.sandbox.servicetitan.emulator:ServiceTitanEmulator"),
    System("sage-psa", 2, "tieout.sandbox.sage_psa.emulator:SagePsaEmulator"),
)


def named(name: str) -> tuple[System, ...]:
    """The system of that name, or every one for "all"; raises ValueError with a sentence."""
    if name == "all":
        return SYSTEMS
    found = tuple(system for system in SYSTEMS if system.name == name)
    if not found:
        raise ValueError(f"there is no sandbox for {name!r}; known are all, {', '.join(system.name for system in SYSTEMS)}")
    return found
