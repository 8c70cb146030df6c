"""`python -m tieout.cli`, which starts the same command."""

from tieout.cli import main

main()
