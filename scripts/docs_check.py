#!/usr/bin/env python3
"""Documents against the product, one line for each thing that is wrong: file, line, what to do.

    python scripts/docs_check.py

Every command, setting, problem code and address is documented; every relative link resolves; every dependency has its sentence; every
promise names a test that exists; no tracked file names a package registry or a machine's own path.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import docs_tables  # noqa: E402

ROOT = HERE.parent
DOCS = ROOT / "docs"
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
# Written in pieces, so that this file does not find itself.
REGISTRY = re.compile(
    r"(pypi\.o" r"rg|pythonhosted\.o" r"rg|registry\.npm" r"js|npm" r"js\.(org|com)|crates\.i" r"o\b|proxy\.golang\.o" r"rg)"
)
MACHINE = re.compile(r"(?<![\w.~-])/(wo" r"rk/(shared|main|\.)|ro" r"ot/|Users/\w|ho" r"me/\w+/|o" r"pt/(pypi|wheels))|\.\./sha" r"red")
BINARY = frozenset({".png", ".jpg", ".gif", ".ico", ".woff", ".woff2", ".pdf", ".xlsx", ".gz", ".zip"})


def tracked() -> list[Path]:
    """Every file of the repository, tracked or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def pages() -> list[Path]:
    """Every Markdown page a reader may open."""
    return sorted(path for path in tracked() if path.suffix == ".md")


def at(path: Path, line: int, text: str) -> str:
    """A finding in the form file:line: text."""
    return f"{path.relative_to(ROOT)}:{line}: {text}"


def documented() -> str:
    """All pages for readers, as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))])


def check_tables() -> Iterator[str]:
    """Tables that repeat the product are as the product is."""
    for page, line in docs_tables.out_of_date():
        yield at(page, line, "the table is out of date: run make docs")


def check_coverage() -> Iterator[str]:
    """Commands, settings, problem codes and addresses each appear somewhere."""
    text = documented()
    for name, _ in docs_tables.commands():
        if f"`{name}" not in text and f"    {name}" not in text:
            yield at(DOCS / "commands.md", 1, f"the command {name} is not documented: run make docs")
    for system in docs_tables.systems():
        for setting in (*system.connection, *getattr(system, "settings", ())):
            if f"`{setting.name}`" not in text:
                yield at(DOCS / "settings.md", 1, f"the setting {setting.name} of {system.label} is not documented: run make docs")
            if not setting.help.strip():
                yield at(DOCS / "settings.md", 1, f"the setting {setting.name} of {system.label} says nothing: give it a help text")
    for code in docs_tables.fault_cases():
        if f"`{code}`" not in text:
            yield at(DOCS / "fix-a-problem.md", 1, f"the problem {code} is not documented: run make docs")
    for address, _ in docs_tables.addresses():
        if f"`{address}`" not in text:
            yield at(DOCS / "addresses.md", 1, f"the address {address} is not documented: run make docs")


def check_commands() -> Iterator[str]:
    """A command that a page tells the reader to type exists."""
    known = {name.split()[1] for name, _ in docs_tables.commands() if " " in name}
    for page in pages():
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            for match in re.finditer(r"(?:^ {4}|`)tieout ([a-z][a-z-]*)", line):
                if known and match[1] not in known:
                    yield at(page, number, f"there is no command tieout {match[1]}: correct the page")


def check_environment() -> Iterator[str]:
    """Every environment variable the product reads is described."""
    text = documented()
    for path in sorted((ROOT / "src").rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for name in re.findall(r"[\"'](TIEOUT_[A-Z_]+)[\"']", line):
                if f"`{name}`" not in text:
                    yield at(path, number, f"{name} is not documented: describe it in docs/production.md")


def anchor(heading: str) -> str:
    """The address of a heading, as the usual Markdown readers make it."""
    plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def check_links() -> Iterator[str]:
    """Relative links resolve, with their headings, and every page under docs/ can be reached from its index."""
    reached: set[Path] = set()
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for match in LINK.finditer(text):
            target = match[1] or match[2]
            if re.match(r"[a-z]+:", target):
                continue
            file, _, heading = target.partition("#")
            path = (page.parent / file).resolve() if file else page
            line = text[: match.start()].count("\n") + 1
            if not path.exists():
                yield at(page, line, f"the link {target} leads nowhere: correct or remove it")
            elif heading and path.suffix == ".md" and heading not in map(anchor, HEADING.findall(path.read_text(encoding="utf-8"))):
                yield at(page, line, f"{file or page.name} has no heading #{heading}: correct the link")
            reached |= {path, *(path.rglob("*.md") if path.is_dir() else ())}
    for page in sorted(DOCS.rglob("*.md")):
        if page not in reached and page.name != "index.md":
            yield at(page, 1, "no page links here: add it to docs/index.md")


def check_dependencies() -> Iterator[str]:
    """docs/dependencies.md has one sentence for each dependency, and none for what is gone."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    grouped = [each for group in project["dependency-groups"].values() for each in group]
    wanted = [*project["project"]["dependencies"], *grouped, *project["build-system"]["requires"]]
    names = {re.split(r"[\[<>=!~; ]", text)[0].lower() for text in wanted}
    page = DOCS / "dependencies.md"
    rows = {}
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        match = re.match(r"\| ([a-z0-9._-]+)(?:\[[\w,]+\])? \| (.+?) \|", line)
        if match and match[1] != "package":
            rows[match[1]] = (number, match[2])
    for name in sorted(names - set(rows)):
        yield at(page, 1, f"{name} has no sentence: say what it is for and why we do not write it ourselves")
    for name in sorted(set(rows) - names):
        yield at(page, rows[name][0], f"{name} is not in pyproject.toml: remove the row")


def check_promises() -> Iterator[str]:
    """Each promise has a `Tests:` line, and each test named there exists."""
    for page in sorted((DOCS / "promises").glob("*.md")):
        if page.name == "README.md":
            continue
        lines = page.read_text(encoding="utf-8").splitlines()
        number = next((index for index, line in enumerate(lines, 1) if line.startswith("Tests:")), None)
        if number is None:
            yield at(page, len(lines), "the promise has no line “Tests:”: name the tests that keep it")
            continue
        named = re.findall(r"`([^`]+)`", lines[number - 1])
        if not named:
            yield at(page, number, "the promise names no test: write one and name it here as `path::name`")
        for name in named:
            path, _, function = name.partition("::")
            file = ROOT / path
            if not file.exists():
                yield at(page, number, f"{path} does not exist: name the test that keeps the promise")
            elif function and not re.search(rf"def {re.escape(function)}\b", file.read_text(encoding="utf-8")):
                yield at(page, number, f"{path} has no {function}: name the test that keeps the promise")


def check_addresses_of_others() -> Iterator[str]:
    """No registry hosts and no machine's own paths in any file, the locks above all."""
    for path in tracked():
        if path.suffix in BINARY:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if found := REGISTRY.search(line):
                yield at(path, number, f"names the package registry {found[0]}: take it out, packages go by name and hash")
            if found := MACHINE.search(line):
                yield at(path, number, f"names a path of one machine ({found[0]}): make it relative or a setting")


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    check_tables,
    check_coverage,
    check_commands,
    check_environment,
    check_links,
    check_dependencies,
    check_promises,
    check_addresses_of_others,
)


def run(check: Callable[[], Iterator[str]]) -> list[str]:
    """The findings of one check; a product that cannot be loaded is a finding too."""
    try:
        return list(check())
    except Exception as problem:
        return [f"scripts/docs_check.py:1: {check.__name__} could not look: {type(problem).__name__}: {problem}"]


def main() -> int:
    """Print every finding; exit 1 when there is any."""
    found = [line for check in CHECKS for line in run(check)]
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
