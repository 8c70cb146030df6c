"""Django's settings for tests: the real ones, with keys of the test run and quick password hashing.

Nothing is started here; `tests.database` brings up a server when the first test asks for the database.
"""

import os
import tempfile

_throw_away = {
    "TIEOUT_DATA_DIR": tempfile.gettempdir(),
    "TIEOUT_SECRET_KEY": "a key for tests alone, worth nothing to anybody",
    "TIEOUT_ENCRYPTION_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "TIEOUT_LOG_LEVEL": "warning",
}
for _name, _value in _throw_away.items():
    os.environ.setdefault(_name, _value)

from tieout.host.django_settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
