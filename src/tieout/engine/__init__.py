"""The engine: from a hint to a settled link, and the questions people ask about it."""
