"""Settings a running emulator can be given: declared, checked, all or none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


class BadSettingError(ValueError):
    """A setting that does not exist or cannot have this value; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its default decides its type. A number is at least `low`; a text is one of `choices` if there are any.

    `accepts` says of a value of the right type whether it can be used, where that takes more.
    """

    default: Any
    about: str = ""
    choices: tuple[str, ...] = ()
    low: float = 0
    secret: bool = False
    accepts: Callable[[Any], bool] = lambda value: True

    def check(self, name: str, value: Any) -> Any:
        """The value in the setting's type; raises BadSettingError."""
        kind = type(self.default)
        if kind is bool:
            good = isinstance(value, bool)
        elif kind in {int, float}:
            good = isinstance(value, (int, float) if kind is float else int) and not isinstance(value, bool)
            good = good and value >= self.low
        elif kind is str:
            good = isinstance(value, str) and (not self.choices or value in self.choices)
        else:
            good = isinstance(value, kind)
        if good and self.accepts(value):
            return value
        if good:
            raise BadSettingError(f"the setting {name!r} cannot be {value!r}: it is the {self.about}")
        wanted = f"one of {', '.join(self.choices)}" if self.choices else {bool: "true or false", str: "a text"}.get(kind, "")
        wanted = wanted or (f"a number from {self.low:g}" if kind in {int, float} else f"a JSON {kind.__name__}")
        raise BadSettingError(f"the setting {name!r} is {wanted}")


class Settings(Mapping[str, Any]):
    """The values of one emulator, by name. Thread-safe."""

    def __init__(self, declared: Mapping[str, Setting]) -> None:
        self._declared = dict(declared)
        self._lock = threading.Lock()
        self._values = {name: setting.default for name, setting in declared.items()}
        self._listeners: list[Callable[[], None]] = []

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def update(self, values: Mapping[str, Any]) -> None:
        """Sets several at once; raises BadSettingError and sets none if any is wrong."""
        checked = {}
        for name, value in values.items():
            if name not in self._declared:
                raise BadSettingError(f"there is no setting {name!r}; known are {', '.join(sorted(self._declared))}")
            checked[name] = self._declared[name].check(name, value)
        with self._lock:
            self._values = {**self._values, **checked}
        for listener in tuple(self._listeners):
            listener()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Calls `listener` after every update."""
        self._listeners.append(listener)

    def shown(self) -> dict[str, Any]:
        """Every value, secrets masked."""
        return {name: "***" if self._declared[name].secret and value else value for name, value in self._values.items()}
