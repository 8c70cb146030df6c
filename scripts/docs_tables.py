#!/usr/bin/env python3
"""The tables in the documents that repeat what the product itself knows: settings, problem codes, commands, addresses.

    python scripts/docs_tables.py          write them
    python scripts/docs_tables.py --check  say which are out of date

A table stands between `<!-- table: NAME -->` and `<!-- end -->` in a page under docs/. What does not exist yet has no rows.
"""

from __future__ import annotations

import os
import pkgutil
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import UnionType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
FRAMEWORK = re.compile(r"^(autocomplete|jsi18n|view_on_site|app_list|password_change_done)$|_(add|history|delete|change|password_change)$")
OF_THE_FRAMEWORK = {
    "settings": "The settings of an integration: GET reads them, PATCH changes them by the rules of the page.",
    "openapi-json": "What the REST API offers, as an OpenAPI description.",
    "api-root": "Where the REST API begins.",
    "auth_group_changelist": "The roles and what each may do.",
    "auth_user_changelist": "The users.",
    "axes_accessattempt_changelist": "Refused sign-ins, and how to let somebody in again.",
    "logout": "Signs out.",
    "password_change": "A new password for oneself.",
    "search": "Finds pages and users by name.",
}
BLOCK = re.compile(r"(<!-- table: ([\w-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def exists(module: str) -> bool:
    """Whether a module of the product exists yet."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def cell(text: object) -> str:
    """A value as the text of one table cell."""
    return str(text).replace("|", "\\|").replace("\n", " ").strip()


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    names = list(head)
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    return "\n".join([*lines, *("| " + " | ".join(cell(value) for value in row) + " |" for row in rows)]) + "\n"


def systems() -> Iterator[Any]:
    """Every system that can be connected and whose adapter is there."""
    if not exists("tieout.platforms.registry"):
        return
    registry = import_module("tieout.platforms.registry")
    for name in registry.names():
        try:
            yield registry.vendor(name)
        except ModuleNotFoundError:
            continue


def setting_rows(settings: Iterable[Any]) -> Iterator[tuple[object, ...]]:
    """One row for each setting: name, label, kind, default, what it needs, what it does."""
    for setting in settings:
        kind = " / ".join(f"`{value}`" for value, _ in setting.choices) or setting.kind.value
        default = "" if setting.kind.value == "secret" or setting.default in ("", None) else f"`{setting.default}`"
        needs = f"`{setting.requires}` on" if setting.requires else ("required" if setting.required else "")
        yield f"`{setting.name}`", setting.label, kind, default, needs, setting.help


def settings_tables(attribute: str) -> str:
    """The settings of every system, one table each."""
    head = ("setting", "on the page", "value", "default", "needs", "what it does")
    parts = [
        f"### {system.label}\n\n{table(head, setting_rows(getattr(system, attribute)))}"
        for system in systems()
        if getattr(system, attribute, ())
    ]
    return "\n".join(parts)


def fault_cases() -> dict[str, Any]:
    """Every row of every fault table by its code: the core's own, then each adapter's."""
    if not exists("tieout.core.ports"):
        return {}
    kind = import_module("tieout.core.ports").FaultCase
    found: dict[str, Any] = {}
    for name in fault_modules():
        for value in vars(import_module(name)).values():
            for case in _cases_in(value, kind):
                found.setdefault(case.code, case)
    return found


def fault_modules() -> list[str]:
    """The modules that hold fault tables."""
    names = ["tieout.core.problems"] if exists("tieout.core.problems") else []
    for package in ("tieout.intacct", "tieout.platforms"):
        if exists(package):
            walked = pkgutil.walk_packages(import_module(package).__path__, package + ".")
            names += sorted(module.name for module in walked if re.search(r"\.(faults|fault_rows|problems)$", module.name))
    return names


def _cases_in(value: Any, kind: type) -> Iterator[Any]:
    if isinstance(value, kind):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _cases_in(item, kind)
    elif isinstance(value, tuple | list | frozenset | set):
        for item in value:
            yield from _cases_in(item, kind)


def problems_table() -> str:
    """Problem codes with cause, next step, who acts and what waits."""
    rows = ((f"`{case.code}`", case.cause, case.next_step, case.actor.value, case.scope.value) for _, case in sorted(fault_cases().items()))
    return table(("code", "what happened", "what to do", "who", "what it holds up"), rows)


def commands() -> Iterator[tuple[str, str]]:
    """Every command of the command line with its first line of help."""
    if not exists("tieout.cli"):
        return
    typer = import_module("typer.main")
    yield from _commands(typer.get_command(import_module("tieout.cli").app), "tieout")


def _commands(command: Any, name: str) -> Iterator[tuple[str, str]]:
    children = getattr(command, "commands", {})
    for child_name in sorted(children):
        if not children[child_name].hidden:
            yield from _commands(children[child_name], f"{name} {child_name}")
    if not children:
        yield name, (command.help or "").strip().split("\n\n")[0]


def commands_table() -> str:
    """The commands with what each does."""
    return table(("command", "what it does"), ((f"`{name}`", text) for name, text in commands()))


def addresses() -> Iterator[tuple[str, str]]:
    """Every address the host answers with what it gives; of the framework's user administration only the lists."""
    if not exists("tieout.host.urls"):
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tieout.host.django_settings")
    os.environ.setdefault("TIEOUT_DATA_DIR", tempfile.mkdtemp(prefix="tieout-docs-"))
    import_module("django").setup()
    found: dict[str, str] = {}
    for address, pattern in _addresses(import_module("tieout.host.urls").urlpatterns, "/"):
        found.setdefault(address, _what(pattern.name, pattern.callback))
    yield from sorted(found.items())


def _addresses(patterns: Iterable[Any], base: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        address = base + re.sub(r"\(\?P(<\w+>)[^)]*\)|[\^$]", r"\1", str(pattern.pattern))
        if hasattr(pattern, "url_patterns"):
            yield from _addresses(pattern.url_patterns, address)
        elif pattern.name and not FRAMEWORK.search(pattern.name):
            yield address, pattern


def _what(name: str, view: Any) -> str:
    text = (view.__doc__ or "") if view.__module__.startswith("tieout.") else OF_THE_FRAMEWORK.get(name, "")
    return text.strip().split("\n")[0]


def addresses_table() -> str:
    """The addresses with what each gives; who may call them is prose of the page."""
    return table(("address", "what it gives"), ((f"`{address}`", what) for address, what in addresses()))


def library_table() -> str:
    """What the Intacct client offers by itself, with the first line of each docstring."""
    if not exists("tieout.intacct.client"):
        return ""
    library = import_module("tieout.intacct.client")
    rows = [(name, getattr(library, name)) for name in library.__all__]
    rows += [(f"Client.{name}", value) for name, value in _offered(library.Client)]
    rows += [(f"RestClient.{name}", value) for name, value in _offered(library.RestClient)]
    for part in ("functions", "documents", "attachments"):
        module = import_module(f"tieout.intacct.client.{part}")
        rows += [(f"{part}.{name}", value) for name, value in _offered(module) if getattr(value, "__module__", "") == module.__name__]
    return table(("name", "what it is"), ((f"`{name}`", _first_line(value)) for name, value in rows))


def _offered(holder: Any) -> Iterator[tuple[str, Any]]:
    """The functions, methods and properties that a class or module offers, in their own order."""
    for name, value in vars(holder).items():
        if not name.startswith("_") and (callable(value) or isinstance(value, property)) and not isinstance(value, type):
            yield name, value


def _first_line(value: Any) -> str:
    if isinstance(value, str | int):
        return f"`{value!r}`"
    if isinstance(value, UnionType):
        return "What a field or a condition may hold."
    return str(getattr(value, "__doc__", "") or "").strip().split("\n")[0]


def kinds_table() -> str:
    """The kinds of Intacct records the adapter knows: how each is found, written, locked, and what it changes besides."""
    if not exists("tieout.intacct.kinds"):
        return ""
    rows = (_kind_row(kind) for kind in import_module("tieout.intacct.kinds").KINDS.values())
    head = ("kind", "records", "known by", "a write is", "lines", "not while", "changes besides")
    return table(head, rows)


def _kind_row(kind: Any) -> Iterator[str]:
    key = f"`{kind.natural_key}`{f' within `{kind.within}`' if kind.within else ''}" if kind.natural_key else ""
    mark = f"{'or ' if key else ''}the mark `{kind.mark}`" if kind.mark else ""
    verbs = ", ".join(sorted(verb.value for verb in kind.verbs if verb.value != "act"))
    acts = ", ".join([*sorted(kind.acts), *(["remove lines"] if kind.lines is not None and kind.lines.removable else [])])
    through = "; through REST" if kind.rest else ""
    yield f"`{kind.name}`"
    yield kind.label
    yield " ".join(filter(None, (key, mark)))
    yield f"{kind.mode.value}{through} ({verbs}{f'; acts: {acts}' if acts else ''})" if verbs else kind.mode.value
    yield f"`{kind.lines.container}`" if kind.lines is not None else ""
    yield "; ".join(f"`{name}` {', '.join(sorted(values))}" for name, values in kind.locked.items())
    yield ", ".join(dict.fromkeys(f"`{touch.kind}`{' (made anew)' if touch.remade else ''}" for touch in kind.effects))


TABLES: dict[str, Callable[[], str]] = {
    "connection-settings": lambda: settings_tables("connection"),
    "integration-settings": lambda: settings_tables("settings"),
    "problems": problems_table,
    "commands": commands_table,
    "addresses": addresses_table,
    "intacct-client": library_table,
    "intacct-kinds": kinds_table,
}


def renewed(text: str, tables: Mapping[str, Callable[[], str]] = TABLES) -> str:
    """A page with its tables as they should be."""
    return BLOCK.sub(lambda match: f"{match[1]}{tables[match[2]]()}{match[4]}", text)


def out_of_date() -> Iterator[tuple[Path, int]]:
    """(page, line) of every table that differs from what the product says."""
    for page in sorted(DOCS.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        for match in BLOCK.finditer(text):
            if match[3] != TABLES[match[2]]():
                yield page, text[: match.start()].count("\n") + 1


def main(arguments: list[str]) -> int:
    """Write the tables, or check them."""
    if "--check" in arguments:
        found = list(out_of_date())
        for page, line in found:
            print(f"{page.relative_to(ROOT)}:{line}: the table is out of date: run make docs")
        return 1 if found else 0
    for page in sorted(DOCS.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        page.write_text(renewed(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
