"""The pages people work in, and the addresses platforms send their webhooks to."""
