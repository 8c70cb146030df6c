"""Dataclasses whose instances do not change, for values that are made by the million."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as valueclass
else:
    from dataclasses import dataclass

    def valueclass(*, frozen: bool, slots: bool, order: bool = False):
        """As `dataclass`; but that nobody changes a value is seen to by the type checker alone, which makes one four times as fast."""
        return dataclass(slots=slots, order=order, unsafe_hash=frozen)


__all__ = ["valueclass"]
