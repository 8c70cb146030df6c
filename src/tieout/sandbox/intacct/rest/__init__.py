"""Intacct's REST surface over the same company as the XML gateway (intacct-rest)."""
