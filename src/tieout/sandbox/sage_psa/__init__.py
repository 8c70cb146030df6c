"""Sage PSA's API (the Forecast REST API), rebuilt from its published tables."""
