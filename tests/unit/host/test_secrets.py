"""The keys file: made once, closed to others, and changed without losing what is stored."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tieout.host.configuration import Configuration, ConfigurationError
from tieout.host.secrets import add_encryption_key, load_keys, reencrypt, retire_old_keys


def keys_file(data_dir: Path) -> Path:
    return data_dir / "keys.json"


def test_keys_are_made_at_first_use_and_stay(tmp_path: Path) -> None:
    configuration = Configuration(data_dir=tmp_path / "data")

    first = load_keys(configuration)

    assert load_keys(configuration) == first
    assert len(first.secret_key) >= 50
    assert keys_file(tmp_path / "data").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    one, other = (load_keys(Configuration(data_dir=tmp_path / name)) for name in ("one", "other"))

    assert one.secret_key != other.secret_key
    assert one.encryption_keys != other.encryption_keys


def test_processes_that_start_at_once_agree_on_the_keys(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tieout.host.configuration import Configuration;"
        "from tieout.host.secrets import load_keys; sys.stdin.read();"
        "print(load_keys(Configuration(data_dir=Path(sys.argv[1]))).secret_key)"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]

    answers = {process.communicate()[0] for process in processes}

    assert answers == {load_keys(Configuration(data_dir=tmp_path)).secret_key + "\n"}
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


def test_keys_from_the_environment_need_no_file(tmp_path: Path) -> None:
    key = Fernet.generate_key().decode()

    keys = load_keys(Configuration(data_dir=tmp_path / "data", secret_key="s" * 40, encryption_keys=(key,)))

    assert (keys.secret_key, keys.encryption_keys) == ("s" * 40, (key,))
    assert not (tmp_path / "data").exists()


def test_a_new_key_encrypts_and_the_old_one_still_decrypts(tmp_path: Path) -> None:
    before = load_keys(Configuration(data_dir=tmp_path))
    sealed = before.cipher.encrypt(b"password of the books")

    after = add_encryption_key(tmp_path)

    assert after.encryption_keys[1:] == before.encryption_keys
    assert after.secret_key == before.secret_key
    assert after.cipher.decrypt(sealed) == b"password of the books"
    assert Fernet(after.encryption_keys[0]).decrypt(after.cipher.encrypt(b"x")) == b"x"
    assert load_keys(Configuration(data_dir=tmp_path)) == after


def test_after_reencryption_the_old_key_can_go(tmp_path: Path) -> None:
    sealed = load_keys(Configuration(data_dir=tmp_path)).cipher.encrypt(b"password of the books")
    renewed = reencrypt(add_encryption_key(tmp_path).encryption_keys, sealed)

    left = retire_old_keys(tmp_path)

    assert len(left.encryption_keys) == 1
    assert left.cipher.decrypt(renewed) == b"password of the books"
    assert keys_file(tmp_path).stat().st_mode & 0o777 == 0o600


def test_a_credential_sealed_with_a_lost_key_is_told_in_one_sentence(tmp_path: Path) -> None:
    sealed = Fernet(Fernet.generate_key()).encrypt(b"lost")

    with pytest.raises(ConfigurationError, match="cannot be opened with the keys at hand; restore the keys file"):
        reencrypt(load_keys(Configuration(data_dir=tmp_path)).encryption_keys, sealed)


def test_a_keys_file_open_to_others_is_refused(tmp_path: Path) -> None:
    load_keys(Configuration(data_dir=tmp_path))
    keys_file(tmp_path).chmod(0o644)

    with pytest.raises(ConfigurationError, match=r"is open to other users; close it with: chmod 600 /"):
        load_keys(Configuration(data_dir=tmp_path))


@pytest.mark.parametrize(
    "content",
    ["", "{", "{}", json.dumps({"secret_key": "x", "encryption_keys": []}), json.dumps({"secret_key": "x", "encryption_keys": ["no key"]})],
)
def test_a_damaged_keys_file_is_refused_and_not_replaced(tmp_path: Path, content: str) -> None:
    load_keys(Configuration(data_dir=tmp_path))
    keys_file(tmp_path).write_text(content)

    with pytest.raises(ConfigurationError, match=r"is damaged; restore it from a backup"):
        load_keys(Configuration(data_dir=tmp_path))
    assert keys_file(tmp_path).read_text() == content


def test_no_key_shows_in_a_representation(tmp_path: Path) -> None:
    keys = load_keys(Configuration(data_dir=tmp_path))

    assert keys.secret_key not in repr(keys)
    assert keys.encryption_keys[0] not in repr(keys)


def test_a_data_directory_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError, match=r"The data directory .* cannot be created \(.*\); set TIEOUT_DATA_DIR"):
        load_keys(Configuration(data_dir=tmp_path / "file" / "data"))
