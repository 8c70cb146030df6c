"""The stories emulators can be filled with; every system is seeded from the same one, so both sides can be compared."""

WORLDS = ("empty", "demo")
