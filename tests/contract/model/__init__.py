"""A model of what Intacct keeps, written from the reference alone, and the test that holds the emulator to it."""
