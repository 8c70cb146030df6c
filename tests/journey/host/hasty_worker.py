"""A worker process as `serve` starts it, with less patience, so that tests need not wait half a minute."""

from tieout.host.configuration import Configuration
from tieout.host.setup import enter
from tieout.host.worker import Pace, run_worker

PACE = Pace(heartbeat_s=0.3, stalled_after_s=2.0, first_pause_s=0.1, longest_pause_s=0.5)

if __name__ == "__main__":
    configuration = Configuration.from_environment()
    enter(configuration, configuration.database_url)
    run_worker(configuration, PACE)
