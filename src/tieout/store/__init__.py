"""What Tieout remembers, in PostgreSQL: a Django app whose constraints are the guarantees of the engine."""
