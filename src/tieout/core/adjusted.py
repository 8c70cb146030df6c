"""A document whose later changes other documents carry: what its lines and theirs come to together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from tieout.core.record import Fields, Line, Value, normal


def with_changes(images: Sequence[Line], present: Sequence[Line], shows: Callable[[Value, Value], bool]) -> tuple[Line, ...]:
    """The lines of all these documents as those of one.

    Lines that differ in amounts alone cannot be told apart in the books, so each such group counts by its sum: where that is the
    left's, the group shows the left's lines, `images`. What adds up to nothing, such as a line that was taken out, falls away.
    """
    names = {key for image in images for key in image.fields}  # what a line shows beyond that, such as what is paid, tells nothing
    left = (
        [Line(line.id, {key: value for key, value in line.fields.items() if key in names}) for line in present] if names else list(present)
    )
    found: list[Line] = []
    for group in _groups(images):
        rest = _rest(group[0].fields)
        mine = [line for line in left if all(shows(normal(line.fields.get(key)), value) for key, value in rest.items())]
        left = [line for line in left if line not in mine]
        agrees = bool(mine) and _sums(group, group[0].fields) == _sums(mine, group[0].fields)
        found += [Line(line.id, {**mine[0].fields, **_amounts(line.fields)}) for line in group] if agrees else mine
    found += [line for group in _groups(left) if any(_sums(group, group[0].fields).values()) for line in group]
    return tuple(found)


def _amounts(fields: Fields) -> dict[str, Decimal]:
    return {name: value for name, value in fields.items() if isinstance(value, Decimal)}


def _rest(fields: Fields) -> dict[str, Value]:
    return {name: normal(value) for name, value in fields.items() if not isinstance(value, Decimal)}


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that differ in amounts alone, together."""
    found: list[list[Line]] = []
    for line in lines:
        group = next((each for each in found if _rest(each[0].fields) == _rest(line.fields)), None)
        if group is None:
            found.append([line])
        else:
            group.append(line)
    return found


def _sums(lines: Sequence[Line], like: Fields) -> dict[str, Decimal]:
    """The sums of the amounts that a line like this has."""
    return {name: sum((_amounts(line.fields).get(name, Decimal(0)) for line in lines), Decimal(0)) for name in _amounts(like)}


__all__ = ["with_changes"]
