#!/usr/bin/env python3
"""Write the lock files from pyproject.toml: every package pinned, every wheel by hash, no index address.

    python scripts/lock.py [--upgrade]

Run with Python 3.11, the oldest version supported, so that packages only older versions need are in the lock. Needs pip-tools.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = (
    "--generate-hashes",
    "--allow-unsafe",
    "--strip-extras",
    "--no-annotate",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-emit-options",
    "--quiet",
)
ADDRESS = re.compile(r"https?://|^--|file:|^/|@ ")


def compile_lock(wanted: list[str], target: Path, *, upgrade: bool, constraint: Path | None = None) -> None:
    """Resolve the wanted packages into one lock file; pins of the file as it is are kept unless an upgrade is asked for."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "wanted.in"
        lines = [f"-c {constraint}"] if constraint else []
        source.write_text("\n".join([*lines, *wanted]) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "piptools", "compile", *OPTIONS, "--output-file", str(target), str(source)]
        subprocess.run(
            [*command, "--upgrade"] if upgrade else command, check=True, cwd=ROOT, env={**os.environ, "CUSTOM_COMPILE_COMMAND": "make lock"}
        )
    refuse_addresses(target)


def refuse_addresses(lock: Path) -> None:
    """A lock holds names, versions and hashes; anything else would tie it to one machine or one index."""
    for number, line in enumerate(lock.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("#") and ADDRESS.search(line):
            raise SystemExit(
                f"{lock.name}:{number}: {line.strip()} is an address or an option; a lock holds names, versions and hashes only"
            )


def add_alone(package: str, target: Path) -> None:
    """Add a package to a lock without what it depends on, which the lock holds in versions of our own choice."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest", folder, package]
        subprocess.run(command, check=True, cwd=ROOT)
        digests = sorted(hashlib.sha256(file.read_bytes()).hexdigest() for file in Path(folder).iterdir())
    lines = [package, *(f"    --hash=sha256:{digest}" for digest in digests)]
    target.write_text(target.read_text(encoding="utf-8") + " \\\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    """Write the locks; the development lock holds everything the plain one does, at the same versions."""
    parser = argparse.ArgumentParser(description="Write the lock files from pyproject.toml.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions instead of keeping the pins")
    options = parser.parse_args()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    plain, full = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
    build = project["build-system"]["requires"]
    runtime = [*project["project"]["dependencies"], *build, "editables"]
    compile_lock(runtime, plain, upgrade=options.upgrade)
    compile_lock([*runtime, *project["dependency-groups"]["dev"]], full, upgrade=options.upgrade, constraint=plain)
    alone = ROOT / "requirements-titanpy.lock"
    *beside, client = sorted(project["dependency-groups"]["titanpy"], key=lambda each: each.startswith("titanpy"))
    compile_lock(beside, alone, upgrade=options.upgrade)
    add_alone(client, alone)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
