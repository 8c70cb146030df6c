"""A process that runs the demonstration; run by its test. Its arguments: the data directory, and --once to end at once."""

import sys
from pathlib import Path

from tieout.host.configuration import Configuration
from tieout.host.demo import Demo, Systems, demo_configuration


def say(line: str) -> None:
    print(line, flush=True)


def connect(systems: Systems) -> None:
    from django.contrib.auth import get_user_model

    say(f"connecting {systems.url('intacct')} with {get_user_model().objects.count()} users")


if __name__ == "__main__":
    Demo(
        demo_configuration(Configuration.from_environment(), data_dir=Path(sys.argv[1])),
        offsets={"intacct": 0, "servicetitan": 1},
        connect=connect,
        is_finished=(lambda: True) if "--once" in sys.argv else None,
        say=say,
        program=(sys.executable, "-m", "tests.journey.host.demo_program"),
    ).run()
