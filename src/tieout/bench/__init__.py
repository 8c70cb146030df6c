"""`tieout bench`: what Tieout takes on this machine, each figure as a ratio to a computed limit or to a peer.

The top layer: it drives the product as its users do (real processes, real PostgreSQL with fsync on, emulators over HTTP)
and imports whatever it measures. Nothing imports it but the command, and that only when it runs.
"""
