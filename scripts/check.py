#!/usr/bin/env python3
"""Every check of the repository, one line for each thing that is wrong: file, line, and what to do.

    python scripts/check.py [format lint types imports words lock docs]

Without names all of them run, also after a failure. `make check` and the commit hooks call this.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
BROKEN_IMPORT = re.compile(r"(tieout[\w.]*) -> (\S+) \(l\.(\d+)")


def run(*command: str) -> tuple[int, list[str]]:
    """Exit status and the lines of output of a command run at the repository's root."""
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "240", "FORCE_COLOR": "0"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    plain = CONTROL.sub("", done.stdout)
    return done.returncode, [line for line in plain.splitlines() if line.strip()]


def tool(name: str) -> str:
    """A tool of this Python's own environment."""
    return str(BIN / name)


def check_format() -> list[str]:
    """Files not in their normal form."""
    status, lines = run(tool("ruff"), "format", "--check", "--quiet", "--output-format=concise", ".")
    return [f"{line.split(':', 1)[0]}:1: not in its normal form: run make format" for line in lines] if status else []


def check_lint() -> list[str]:
    """What the linter finds."""
    status, lines = run(tool("ruff"), "check", "--output-format=concise", "--quiet", ".")
    return lines if status else []


def check_types() -> list[str]:
    """What the type checker finds in the package."""
    status, lines = run(tool("mypy"), "--no-error-summary", "--hide-error-context", "--no-pretty")
    return lines if status else []


def check_imports() -> list[str]:
    """Imports against the layers."""
    status, lines = run(tool("lint-imports"), "--no-logo", "--no-cache", "--config", ".importlinter")
    found: list[str] = []
    if status:
        chains = dict.fromkeys(match.groups() for line in lines for match in BROKEN_IMPORT.finditer(line))
        cure = "a layer imports only what lies below it (.importlinter)"
        found = [f"{module_file(importer)}:{line}: imports {imported}: {cure}" for importer, imported, line in chains]
        found = found or [f".importlinter:1: {lines[-1]}"]
    rules_status, rules = run(sys.executable, "scripts/import_rules.py")
    return found + (rules if rules_status else [])


def module_file(module: str) -> str:
    """The file of a module, as a path below the repository's root."""
    path = Path("src", *module.split("."))
    return str(path / "__init__.py" if (ROOT / path).is_dir() else path.with_suffix(".py"))


def check_words() -> list[str]:
    """Vendors' words in the core and the engine."""
    status, lines = run(sys.executable, "scripts/vendor_words.py")
    return lines if status else []


def check_lock() -> list[str]:
    """Packages that pyproject.toml names and a lock lacks."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {"requirements.lock": project["project"]["dependencies"]}
    wanted["requirements-dev.lock"] = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    wanted["requirements-titanpy.lock"] = project["dependency-groups"]["titanpy"]
    found: list[str] = []
    for lock, requirements in wanted.items():
        locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        names = {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", text)[0]).lower() for text in requirements}
        found += [f"{lock}:1: {name} is in pyproject.toml but not locked: run make lock" for name in sorted(names - locked)]
    return found


def check_docs() -> list[str]:
    """Documents against the product."""
    status, lines = run(sys.executable, "scripts/docs_check.py")
    return lines if status else []


CHECKS: dict[str, Callable[[], list[str]]] = {
    "format": check_format,
    "lint": check_lint,
    "types": check_types,
    "imports": check_imports,
    "words": check_words,
    "lock": check_lock,
    "docs": check_docs,
}


def main(names: list[str]) -> int:
    """Run the named checks, or all, and say how each went."""
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        print(f"There is no check named {unknown[0]}: choose from {', '.join(CHECKS)}.")
        return 2
    failed = False
    for name in names or CHECKS:
        found = CHECKS[name]()
        failed = failed or bool(found)
        for line in found:
            print(line)
        print(f"{'not right' if found else 'right':9}  {name}" + (f": {len(found)} to cure" if found else ""), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
