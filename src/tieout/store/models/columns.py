"""How values and searches by many keys are stored."""

from __future__ import annotations

from typing import Any

from django.db import models

from tieout.core.record import dump, load


@models.Field.register_lookup
class AnyOf(models.Lookup):
    """`name__any=[…]`: one of these values, sent as one array.

    Django's `in` sends each value by itself, and preparing a hundred of them costs more than the search.
    """

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The comparison with an array."""
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*parameters, list(self.rhs))


class ValueField(models.JSONField):
    """A structure of normalised values (see `tieout.core.record`), stored as JSON."""

    def get_prep_value(self, value: Any) -> Any:
        """The JSON form of the values."""
        return dump(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The values as they were stored."""
        return load(super().from_db_value(value, expression, connection))
