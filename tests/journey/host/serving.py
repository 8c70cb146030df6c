"""A process that serves as `tieout serve` does; run by the tests of it."""

import sys

from tieout.host.configuration import Configuration, ConfigurationError
from tieout.host.serve import serve


def main() -> None:
    def say(line: str) -> None:
        print(line, flush=True)

    try:
        serve(Configuration.from_environment(), worker="--no-worker" not in sys.argv, say=say)
    except ConfigurationError as error:
        print(error, flush=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
