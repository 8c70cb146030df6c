"""A process that uses the embedded database until its standard input closes; run by the tests of it."""

import sys
from pathlib import Path

from tieout.host.postgres import Postgres
from tieout.host.postgres_binaries import PostgresError


def main() -> None:
    server = Postgres(Path(sys.argv[1]))
    try:
        print(f"ready {server.start()}", flush=True)
    except PostgresError as error:
        print(f"refused {error}", flush=True)
        return
    sys.stdin.read()
    server.stop()
    print("left", flush=True)


if __name__ == "__main__":
    main()
