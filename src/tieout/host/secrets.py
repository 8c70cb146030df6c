"""The keys of one installation: Django's secret key and the encryption keys of stored credentials.

They live in `keys.json` (mode 0600) in the data directory, or come from the environment. Several encryption keys
may be held at once: the first encrypts, all decrypt, so keys can be changed without losing what is stored.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from tieout.host.configuration import Configuration, ConfigurationError

FILE_NAME = "keys.json"
LOCK_NAME = "keys.lock"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys in use; nothing of them shows in a representation.

    Attributes:
        secret_key: signs sessions and tokens.
        encryption_keys: Fernet keys of stored credentials, newest first.
    """

    secret_key: str = field(repr=False)
    encryption_keys: tuple[str, ...] = field(repr=False)

    @property
    def cipher(self) -> MultiFernet:
        """Encrypts with the newest key and decrypts with any of them."""
        return MultiFernet([Fernet(key) for key in self.encryption_keys])


def load_keys(configuration: Configuration) -> Keys:
    """The keys from the environment, else from the keys file, which is created at first use.

    Raises:
        ConfigurationError: the file is damaged, or open to other users.
    """
    if configuration.secret_key and configuration.encryption_keys:
        return Keys(configuration.secret_key, configuration.encryption_keys)
    path = prepare_data_dir(configuration.data_dir) / FILE_NAME
    stored = _read(path) if path.exists() else _create(path)
    return Keys(configuration.secret_key or stored.secret_key, configuration.encryption_keys or stored.encryption_keys)


def add_encryption_key(data_dir: Path) -> Keys:
    """Put a new encryption key in front of the stored ones and return all; the older ones still decrypt.

    Raises:
        ConfigurationError: the file is damaged, or open to other users.
    """
    path = prepare_data_dir(data_dir) / FILE_NAME
    with _locked(data_dir / LOCK_NAME):
        stored = _read(path) if path.exists() else _create(path)
        keys = replace(stored, encryption_keys=(Fernet.generate_key().decode(), *stored.encryption_keys))
        _write(path, keys)
    return keys


def retire_old_keys(data_dir: Path) -> Keys:
    """Keep only the newest encryption key; call it after everything stored has been re-encrypted with `reencrypt`."""
    path = data_dir / FILE_NAME
    with _locked(data_dir / LOCK_NAME):
        stored = _read(path)
        keys = replace(stored, encryption_keys=stored.encryption_keys[:1])
        _write(path, keys)
    return keys


def reencrypt(keys: Sequence[str], sealed: bytes) -> bytes:
    """The same secret, encrypted with the first key.

    Raises:
        ConfigurationError: none of the keys opens it.
    """
    try:
        return MultiFernet([Fernet(key) for key in keys]).rotate(sealed)
    except InvalidToken:
        raise ConfigurationError(
            "A stored credential cannot be opened with the keys at hand; restore the keys file or TIEOUT_ENCRYPTION_KEYS that sealed it."
        ) from None


def prepare_data_dir(data_dir: Path) -> Path:
    """Create the data directory, closed to other users, if it is not there, and return it.

    Raises:
        ConfigurationError: it cannot be created or written to.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"The data directory {data_dir} cannot be created ({error.strerror}); set TIEOUT_DATA_DIR to a directory you may write to."
        ) from error
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise ConfigurationError(
            f"The data directory {data_dir} cannot be written to by this user; run as its owner or set TIEOUT_DATA_DIR to another one."
        )
    return data_dir


def write_private(path: Path, text: str, *, may_replace: bool) -> bool:
    """Write a file of mode 0600 whole or not at all, and tell whether it was written.

    With `may_replace` false the first of several writers wins and the others get False.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if may_replace:
            Path(temporary).replace(path)
        else:
            os.link(temporary, path)
    except FileExistsError:
        return False
    finally:
        Path(temporary).unlink(missing_ok=True)
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    import fcntl  # absent on Windows, where keys are changed through the environment

    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _create(path: Path) -> Keys:
    keys = Keys(secrets.token_urlsafe(50), (Fernet.generate_key().decode(),))
    return keys if write_private(path, _as_text(keys), may_replace=False) else _read(path)


def _write(path: Path, keys: Keys) -> None:
    write_private(path, _as_text(keys), may_replace=True)


def _as_text(keys: Keys) -> str:
    return json.dumps({"secret_key": keys.secret_key, "encryption_keys": list(keys.encryption_keys)}, indent=1) + "\n"


def _read(path: Path) -> Keys:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigurationError(f"The keys file {path} is open to other users; close it with: chmod 600 {path}")
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        keys = Keys(content["secret_key"], tuple(content["encryption_keys"]))
        if not (keys.secret_key and keys.encryption_keys):
            raise ValueError("a key is missing")
        keys.cipher  # noqa: B018 — refuses a key that is not one
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(f"The keys file {path} is damaged; restore it from a backup, or stored credentials are lost.") from error
    except PermissionError as error:
        raise ConfigurationError(f"The keys file {path} cannot be read by this user; run as its owner.") from error
    return keys
