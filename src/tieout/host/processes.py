"""Child processes: started, watched, restarted when they die, stopped together, and never left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

log = structlog.get_logger(__name__)

PARENT_VARIABLE = "TIEOUT_PARENT_PID"
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 3.0
STEADY_S = 30.0  # a child that lived this long starts again without a growing pause
STOP_PATIENCE_S = 10.0
TICK_S = 0.5
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Have this process end when the supervisor that started it does, even if that one is killed; call it in the main thread.

    A process that no supervisor started is left alone.
    """
    expected = int(os.environ.pop(PARENT_VARIABLE, "0"))
    if not expected:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != expected:  # it died before we asked
            os.kill(os.getpid(), signal.SIGTERM)
    else:
        threading.Thread(target=_watch_parent, args=(expected,), daemon=True, name="parent watch").start()


def _watch_parent(expected: int) -> None:
    while os.getppid() == expected:
        time.sleep(1.0)
    os.kill(os.getpid(), signal.SIGTERM)


@dataclass(slots=True)
class Child:
    """One child process that should always be running.

    Attributes:
        name: how logs call it.
        arguments: the command.
        environment: all of the child's variables; they may hold secrets.
    """

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _started_at: float = 0.0
    _next_at: float = 0.0
    _pause_s: float = 0.0

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process else None

    @property
    def has_ended(self) -> bool:
        """Whether it was started and runs no more."""
        return self._process is not None and self._process.poll() is not None

    def keep_running(self, now: float) -> None:
        """Start it if it does not run, after a pause that grows while it keeps dying young."""
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                return
            lived = now - self._started_at
            self._pause_s = FIRST_PAUSE_S if lived > STEADY_S else min(max(self._pause_s * 2, FIRST_PAUSE_S), LONGEST_PAUSE_S)
            self._next_at = now + self._pause_s
            self._process = None
            log.warning("process.died", process=self.name, code=code, lived_s=round(lived, 1), pause_s=self._pause_s)
        if now >= self._next_at:
            # A session of its own: Ctrl-C reaches the supervisor alone, which then stops its children in order.
            self._process = subprocess.Popen(
                self.arguments,
                env={**self.environment, PARENT_VARIABLE: str(os.getpid())},
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._started_at = now
            log.info("process.started", process=self.name, pid=self._process.pid)

    def ask_to_stop(self) -> None:
        """Send it SIGTERM."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait_or_kill(self, deadline: float) -> None:
        """Wait for its end until the deadline, then kill it and all it started."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=max(0.05, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("process.killed", process=self.name, pid=self._process.pid)
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None


class Supervisor:
    """Keeps children running until this process is asked to stop by SIGTERM, SIGINT or SIGHUP."""

    def __init__(self, children: Sequence[Child], *, tick: Callable[[], None] = lambda: None) -> None:
        """Take the children, and what else to look after about twice a second."""
        self.children = children
        self._tick = tick
        self._stop = False
        self._woken = threading.Event()

    def run(self) -> None:
        """Run until asked to stop, then stop every child: all are asked at once, and killed after ten seconds."""
        before = {number: signal.signal(number, self._on_signal) for number in _signals()}
        try:
            while not self._stop:
                for child in self.children:
                    child.keep_running(time.monotonic())
                self._tick()
                _reap_orphans({child.pid for child in self.children})
                self._woken.wait(TICK_S)
                self._woken.clear()
        finally:
            self._stop_children()
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Have `run` return soon."""
        self._stop = True
        self._woken.set()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            self._stop = True
        self._woken.set()

    def _stop_children(self) -> None:
        deadline = time.monotonic() + STOP_PATIENCE_S
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.wait_or_kill(deadline)


def _signals() -> tuple[signal.Signals, ...]:
    return (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


def _reap_orphans(known: set[int | None]) -> None:
    """As a container's first process, bury the processes nobody else waits for."""
    if os.getpid() != 1:
        return
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in known:
            return
        os.waitpid(ended.si_pid, os.WNOHANG)
