"""The configuration of one installation, read from the environment once and checked before anything starts.

Every value has a default that is safe on one machine; a value that cannot be used is refused in one sentence
that names the variable, what it holds and what it may hold. Secrets never appear in a representation.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
SECRET_KEY_MINIMUM = 32
PORT_RANGE = (1, 65535)
WORKERS_RANGE = (1, 64)
CONCURRENCY_RANGE = (1, 200)
WEB_THREADS_RANGE = (1, 64)
BODY_SECONDS_RANGE = (1, 600)
PROXIES_RANGE = (0, 10)
_Choice = TypeVar("_Choice", bound=StrEnum)
_HOST_NAME = re.compile(r"^(\*|\.?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\])$")


class ConfigurationError(ValueError):
    """A value that cannot be used; its text is one sentence for the person who set it."""


class LogFormat(StrEnum):
    """How a log line is written."""

    CONSOLE = "console"  # key=value, for people
    JSON = "json"  # one object a line, for collectors


class LogLevel(StrEnum):
    """The least severe event that is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Configuration:
    """One installation's configuration.

    Attributes:
        data_dir: where the embedded database, the keys and the collected static files live (TIEOUT_DATA_DIR).
        database_url: a PostgreSQL server of one's own (DATABASE_URL); empty: the embedded one.
        host, port: the address the web server listens on.
        base_url: how people and webhooks reach it; decides secure cookies and trusted origins.
        proxies: how many proxies stand in front, whose X-Forwarded-For is believed.
        allowed_hosts: names accepted in the Host header besides the base URL's and the loopback names.
        secret_key, encryption_keys: override the keys file; the first encryption key encrypts, all decrypt.
        workers: worker processes started by `serve`; concurrency: jobs in progress at once in each of them.
        web_threads: requests in progress at once in the web server; body_seconds: in which the body of one must have arrived.
        metrics_token: lets a collector on another machine read /metrics; empty: loopback only.
        static_root: static files collected when an image was built; empty: collected into the data directory at start.
        pg_bin, pg_user: the embedded PostgreSQL's binaries and the unprivileged user who runs it when started as root.
    """

    data_dir: Path
    database_url: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    proxies: int = 0
    allowed_hosts: tuple[str, ...] = ()
    secret_key: str = field(default="", repr=False)
    encryption_keys: tuple[str, ...] = field(default=(), repr=False)
    workers: int = 1
    concurrency: int = 20
    web_threads: int = 8
    body_seconds: int = 30
    log_format: LogFormat = LogFormat.CONSOLE
    log_level: LogLevel = LogLevel.INFO
    metrics_token: str = field(default="", repr=False)
    static_root: str = ""
    pg_bin: str = ""
    pg_user: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be used."""
        if self.data_dir.exists() and not self.data_dir.is_dir():
            raise ConfigurationError(f"TIEOUT_DATA_DIR is {str(self.data_dir)!r}, which is a file; give a directory.")
        _check_database_url(self.database_url)
        if not self.host.strip():
            raise ConfigurationError("TIEOUT_HOST is empty; set it to an address to listen on, such as 127.0.0.1 or 0.0.0.0.")
        _check_range("TIEOUT_PORT", self.port, PORT_RANGE)
        _check_range("TIEOUT_WORKERS", self.workers, WORKERS_RANGE)
        _check_range("TIEOUT_CONCURRENCY", self.concurrency, CONCURRENCY_RANGE)
        _check_range("TIEOUT_WEB_THREADS", self.web_threads, WEB_THREADS_RANGE)
        _check_range("TIEOUT_BODY_SECONDS", self.body_seconds, BODY_SECONDS_RANGE)
        _check_base_url(self.base_url)
        _check_range("TIEOUT_PROXIES", self.proxies, PROXIES_RANGE)
        for name in self.allowed_hosts:
            if not _HOST_NAME.match(name):
                raise ConfigurationError(f"TIEOUT_ALLOWED_HOSTS holds {name!r}, which is no host name; give names without scheme or port.")
        _check_secrets(self)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Configuration:
        """Read the configuration from the environment.

        Raises:
            ConfigurationError: a value cannot be used.
        """
        read = _Reader(os.environ if environ is None else environ)
        return cls(
            data_dir=Path(read.text("TIEOUT_DATA_DIR") or default_data_dir(read.environ)).expanduser().absolute(),
            database_url=read.text("DATABASE_URL"),
            host=read.text("TIEOUT_HOST") or "127.0.0.1",
            port=read.integer("TIEOUT_PORT", 8000),
            base_url=read.text("TIEOUT_BASE_URL").rstrip("/"),
            proxies=read.integer("TIEOUT_PROXIES", 0),
            allowed_hosts=read.items("TIEOUT_ALLOWED_HOSTS"),
            secret_key=read.text("TIEOUT_SECRET_KEY"),
            encryption_keys=read.items("TIEOUT_ENCRYPTION_KEYS"),
            workers=read.integer("TIEOUT_WORKERS", 1),
            concurrency=read.integer("TIEOUT_CONCURRENCY", 20),
            web_threads=read.integer("TIEOUT_WEB_THREADS", 8),
            body_seconds=read.integer("TIEOUT_BODY_SECONDS", 30),
            log_format=read.choice("TIEOUT_LOG_FORMAT", LogFormat, LogFormat.CONSOLE),
            log_level=read.choice("TIEOUT_LOG_LEVEL", LogLevel, LogLevel.INFO),
            metrics_token=read.text("TIEOUT_METRICS_TOKEN"),
            static_root=read.text("TIEOUT_STATIC_ROOT"),
            pg_bin=read.text("TIEOUT_PG_BIN"),
            pg_user=read.text("TIEOUT_PG_USER"),
        )

    def as_environment(self) -> dict[str, str]:
        """The variables that give a child process this very configuration; secrets included, so never to be shown."""
        named = {_variable(item.name): getattr(self, item.name) for item in fields(self)}
        return {name: ",".join(value) if isinstance(value, tuple) else str(value) for name, value in named.items() if value not in ("", ())}

    @property
    def pool_size(self) -> int:
        """Database connections one process may hold: two for each job in progress, or one for each request, and two to spare.

        A job that works ahead of its own calls has a second thread (`engine.drain`).
        """
        return max(2 * self.concurrency, self.web_threads) + 2

    @property
    def local_url(self) -> str:
        """Where this machine reaches the web server, such as http://127.0.0.1:8000."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 — compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host and not host.startswith("[") else f"http://{host}:{self.port}"

    @property
    def public_url(self) -> str:
        """How people reach it: the base URL if one is set, else the local one."""
        return self.base_url or self.local_url

    @property
    def is_https(self) -> bool:
        """Whether people reach it over TLS."""
        return self.public_url.startswith("https://")

    @property
    def accepted_hosts(self) -> tuple[str, ...]:
        """Every name accepted in the Host header."""
        public = urlsplit(self.public_url).hostname or ""
        shown = f"[{public}]" if ":" in public else public
        return tuple(dict.fromkeys(name for name in (*LOOPBACK_NAMES, shown, *self.allowed_hosts) if name))


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Where data lives when TIEOUT_DATA_DIR is not set: /var/lib/tieout for root, else the user's own data folder.

    Root's home is closed to the unprivileged user who must run PostgreSQL, hence the machine-wide folder.
    """
    if sys.platform != "win32" and os.geteuid() == 0:
        return Path("/var/lib/tieout")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "tieout"
    return Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "tieout"


def _variable(name: str) -> str:
    return "DATABASE_URL" if name == "database_url" else f"TIEOUT_{name.upper()}"


class _Reader:
    """Reads typed values; an empty variable counts as one that is not set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str) -> str:
        return self.environ.get(name, "").strip()

    def items(self, name: str) -> tuple[str, ...]:
        return tuple(item.strip() for item in self.text(name).split(",") if item.strip())

    def integer(self, name: str, default: int) -> int:
        text = self.text(name)
        if not text:
            return default
        try:
            return int(text)
        except ValueError:
            raise ConfigurationError(f"{name} is {text!r}; set it to a whole number such as {default}.") from None

    def choice(self, name: str, kind: type[_Choice], default: _Choice) -> _Choice:
        text = self.text(name).lower()
        try:
            return kind(text) if text else default
        except ValueError:
            raise ConfigurationError(f"{name} is {text!r}; set it to one of {', '.join(kind)}.") from None


def _check_range(name: str, value: int, bounds: tuple[int, int]) -> None:
    low, high = bounds
    if not low <= value <= high:
        raise ConfigurationError(f"{name} is {value}; set it to a number from {low} to {high}.")


def _check_database_url(url: str) -> None:
    # Only its beginning is looked at here, and none of it is shown: it may hold a password.
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise ConfigurationError("DATABASE_URL must begin with postgresql://, such as postgresql://user:password@host:5432/tieout.")


def _check_base_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        extra = parts.path or parts.query or parts.fragment
        # Asking for the port refuses one that is no number.
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not extra and parts.port != 0
    except ValueError:
        is_usable = False
    if url and not is_usable:
        raise ConfigurationError(f"TIEOUT_BASE_URL is {url!r}; give scheme and host only, such as https://tieout.example.com.")


def _check_secrets(configuration: Configuration) -> None:
    if configuration.secret_key and len(configuration.secret_key) < SECRET_KEY_MINIMUM:
        raise ConfigurationError(f"TIEOUT_SECRET_KEY is too short; use at least {SECRET_KEY_MINIMUM} random characters.")
    for position, key in enumerate(configuration.encryption_keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise ConfigurationError(
                f"Key {position} in TIEOUT_ENCRYPTION_KEYS is not a Fernet key; each must be 32 bytes in URL-safe base64."
            ) from None
