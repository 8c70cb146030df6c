"""An emulator of ServiceTitan's API v2 for tests and demonstrations."""
