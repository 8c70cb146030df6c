"""The tables that the pages draw from the product."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import docs_tables


class Kind(StrEnum):
    TEXT = "text"
    SECRET = "secret"


@dataclass
class Some:
    name: str
    label: str = "Label"
    help: str = "What it does."
    kind: Kind = Kind.TEXT
    default: object = ""
    required: bool = False
    requires: str = ""
    choices: tuple[tuple[str, str], ...] = field(default=())


def test_a_cell_cannot_break_its_table() -> None:
    assert docs_tables.table(("a", "b"), [("x|y", "one\ntwo")]) == "| a | b |\n|---|---|\n| x\\|y | one two |\n"


def test_a_setting_shows_its_choices_its_default_and_what_it_needs() -> None:
    setting = Some("mode", default="a", requires="parent", choices=(("a", "A"), ("b", "B")))
    assert list(docs_tables.setting_rows([setting])) == [("`mode`", "Label", "`a` / `b`", "`a`", "`parent` on", "What it does.")]


def test_the_default_of_a_secret_is_never_shown() -> None:
    ((_, _, _, default, needs, _),) = docs_tables.setting_rows([Some("key", kind=Kind.SECRET, default="hush", required=True)])
    assert (default, needs) == ("", "required")


def test_only_the_text_between_the_marks_is_written_anew() -> None:
    page = "before\n<!-- table: some -->\n| old |\n<!-- end -->\nafter\n"
    assert docs_tables.renewed(page, {"some": lambda: "| new |\n"}) == "before\n<!-- table: some -->\n| new |\n<!-- end -->\nafter\n"
