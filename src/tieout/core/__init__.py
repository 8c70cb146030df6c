"""The pure rules of Tieout: records, flows, decisions, plans and tie-outs.

Nothing here performs I/O, reads a clock or draws a random number; only the standard library is imported.
What a decision needs to know is handed in, and what it wants done is handed back.
"""
