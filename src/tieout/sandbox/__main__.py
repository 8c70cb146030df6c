"""`python -m tieout.sandbox SYSTEM`: runs emulators without the rest of the product."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tieout.sandbox.registry import SYSTEMS
from tieout.sandbox.run import run
from tieout.sandbox.worlds import WORLDS


def main(arguments: list[str] | None = None) -> int:
    """Reads the command line and runs until told to stop; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tieout.sandbox", description="Runs emulators of the systems Tieout connects.")
    parser.add_argument("system", nargs="?", default="all", choices=["all", *(system.name for system in SYSTEMS)])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--base-port", type=int, default=8101)
    parser.add_argument("--world", default="demo", choices=WORLDS)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--per-record-ms", type=float, default=0)
    parser.add_argument("--concurrency", type=int, default=6)
    parser.add_argument("--advertise-endpoint", default="")
    given = vars(parser.parse_args(arguments))
    try:
        run(given.pop("system"), **given)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"The sandbox did not start: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
