"""Tieout keeps the platforms where work is planned and bought in step with Sage Intacct, and proves it."""

__version__ = "0.1.0"
