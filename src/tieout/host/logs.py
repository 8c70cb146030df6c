"""Logging of one process: one event a line, as key=value or JSON, with secrets masked whoever logs them."""

from __future__ import annotations

import logging
import logging.config
from collections.abc import Iterable
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from tieout.host.configuration import LogFormat, LogLevel

MASK = "***"
_LOGFMT = structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], drop_missing=True)
_SECRET_WORDS = ("password", "passwd", "secret", "token", "authorization", "api_key", "apikey", "app_key", "cookie", "credential", "sealed")
# Libraries that log every call, with addresses or arguments that are nobody's business.
_QUIET_LOGGERS = {
    "httpx": "WARNING",
    "httpcore": "WARNING",
    "procrastinate": "WARNING",
    "axes": "WARNING",
    "psycopg.pool": "ERROR",
    "asyncio": "WARNING",
    "_granian": "ERROR",
    "django.utils.autoreload": "WARNING",
}


def mask_secrets(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Replace every value whose name speaks of a secret, however deep it lies."""
    return {key: _masked(key, value) for key, value in event.items()}


def logging_settings(log_format: LogFormat, level: LogLevel) -> dict[str, Any]:
    """Django's LOGGING for our format: library records and ours pass the same processors."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, mask_secrets, *_renderers(log_format)],
                "foreign_pre_chain": [*_shared_processors(), structlog.stdlib.add_logger_name],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level.value.upper()},
        "loggers": {
            # Django adds handlers of its own to these; one line an event is enough.
            "django": {"handlers": [], "propagate": True, "level": "INFO"},
            "django.server": {"handlers": [], "propagate": True, "level": "INFO"},
            **{name: {"level": quiet} for name, quiet in _QUIET_LOGGERS.items()},
        },
    }


def configure_structlog() -> None:
    """Send our own events through the standard logging that `logging_settings` describes."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def configure_logging(log_format: LogFormat, level: LogLevel) -> None:
    """Set up logging for a process that does not load Django."""
    logging.config.dictConfig(logging_settings(log_format, level))
    configure_structlog()


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _renderers(log_format: LogFormat) -> Iterable[Processor]:
    if log_format is LogFormat.JSON:
        # Never with the values of local variables: a secret may be among them.
        tracebacks = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
        return (tracebacks, structlog.processors.JSONRenderer())
    return (structlog.processors.format_exc_info, _as_line)


def _as_line(logger: WrappedLogger, name: str, event: EventDict) -> str:
    """key=value pairs, quoted where needed; a traceback follows below, as people read it."""
    trace = event.pop("exception", "")
    line = _LOGFMT(logger, name, event)
    return f"{line}\n{trace}" if trace else line


def _masked(name: str, value: Any) -> Any:
    if any(word in str(name).lower() for word in _SECRET_WORDS):
        return MASK
    if isinstance(value, dict):
        return {key: _masked(str(key), inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)) and name != "exc_info":  # that one is read further on, in the form it has
        return [_masked("", inner) for inner in value]
    return value
