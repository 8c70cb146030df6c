"""The pages and the webhook addresses, over HTTP, with real tables."""
