"""Emulators of the systems Tieout connects: wire-faithful servers for tests, demos and development.

Stands alone: nothing here imports any other part of Tieout, so a misreading in a client cannot hide in its emulator.
"""
