#!/usr/bin/env python3
"""Write requirements.lock and requirements-dev.lock from pyproject.toml: every package pinned, every wheel by hash, no index address.

    python scripts/lock.py [--upgrade]

Run with Python 3.11, the oldest version supported, so that packages only older versions need are in the lock. Needs pip-tools.
"""

from __future__ import annotations

import argparse
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


def main() -> int:
    """Write both locks; the development lock holds everything the plain one does, at the same versions."""
    parser = argparse.ArgumentParser(description="Write requirements.lock and requirements-dev.lock from pyproject.toml.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions instead of keeping the pins")
    options = parser.parse_args()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    plain, full = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
    build = project["build-system"]["requires"]
    runtime = [*project["project"]["dependencies"], *build, "editables"]
    compile_lock(runtime, plain, upgrade=options.upgrade)
    compile_lock([*runtime, *project["dependency-groups"]["dev"]], full, upgrade=options.upgrade, constraint=plain)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
