"""How Django reaches PostgreSQL: its own way, with a pool that hands out the connection used last."""
