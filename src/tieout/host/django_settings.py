"""Django's settings, made from the configuration; importing them starts nothing and creates nothing.

Without DATABASE_URL nobody has set up this process (`host.setup` does, also for the embedded server): then the
settings serve type checkers and migration writers only, with throw-away keys.
"""

from __future__ import annotations

import secrets as random_source
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from psycopg.conninfo import conninfo_to_dict

from tieout import web
from tieout.host.configuration import Configuration
from tieout.host.logs import configure_structlog, logging_settings
from tieout.host.secrets import Keys, load_keys
from tieout.web.unfold import UNFOLD as UNFOLD  # how the interface theme shows Tieout

CONFIGURATION = Configuration.from_environment()
_is_set_up = bool(CONFIGURATION.database_url)
_keys = load_keys(CONFIGURATION) if _is_set_up else Keys(random_source.token_urlsafe(50), (Fernet.generate_key().decode(),))

# Keys
SECRET_KEY = _keys.secret_key
TIEOUT_ENCRYPTION_KEYS = _keys.encryption_keys
TIEOUT_METRICS_TOKEN = CONFIGURATION.metrics_token
TIEOUT_BASE_URL = CONFIGURATION.public_url
TIEOUT_NEWEST = CONFIGURATION.data_dir / "newest.json"  # how far the journal has come; an older database was restored

# Applications
DEBUG = False
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "simple_history",
    "axes",
    "procrastinate.contrib.django",
    "tieout.store",
    "tieout.web",
]
MIDDLEWARE = [
    "tieout.host.metrics.RequestMetrics",
    "tieout.host.health.HealthFirst",
    "django.middleware.security.SecurityMiddleware",
    "tieout.host.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it turns a lock-out raised by any view into the answer
]
ROOT_URLCONF = "tieout.host.urls"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [str(Path(web.__file__).parent / "templates")],  # first, so that pages of ours replace the theme's
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Database


def database(url: str) -> dict[str, Any]:
    """Django's description of a PostgreSQL given as a URL, with a pool that survives a restart of the server."""
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {
        "ENGINE": "tieout.store.postgresql",
        **{django_name: parts.pop(name, "") for name, django_name in names.items()},
        "CONN_MAX_AGE": 0,  # the pool keeps connections; a second keeper would hide them in threads
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "tieout",
            "connect_timeout": 5,
            # The hot statements are few and short, so that planning them took the database longer than doing them.
            "server_side_binding": True,
            "prepare_threshold": 3,
            **parts,
            "options": f"-c jit=off {parts.get('options', '')}".strip(),  # compiling them would take far longer still
            "pool": {"min_size": 1, "max_size": CONFIGURATION.pool_size, "timeout": 3, "max_idle": 300},
        },
    }


DATABASES = {"default": database(CONFIGURATION.database_url or "postgresql://tieout@/tieout?host=/DATABASE_URL-is-not-set")}
PROCRASTINATE_IMPORT_PATHS = ["tieout.engine.wake", "tieout.engine.jobs"]

# Sign-in
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"OPTIONS": {"min_length": 12}}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# Transport
ALLOWED_HOSTS = list(CONFIGURATION.accepted_hosts)
CSRF_TRUSTED_ORIGINS = [CONFIGURATION.public_url]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIGURATION.is_https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if CONFIGURATION.is_https:
    # The proxy that ends TLS must set, and not pass on, this header; docs say so.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# Language and time
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# Static files: collected and fingerprinted where `serve` (or an image build) has done so, else served by the finders.
STATIC_URL = "/static/"
STATIC_ROOT = CONFIGURATION.static_root or None
_collected = bool(STATIC_ROOT) and (Path(str(STATIC_ROOT)) / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not _collected
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _collected
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = str(CONFIGURATION.data_dir / "media")

# Logs
LOGGING = logging_settings(CONFIGURATION.log_format, CONFIGURATION.log_level)
configure_structlog()
