"""The emulator of Sage Intacct: the XML gateway over a company whose object rules are tables."""
