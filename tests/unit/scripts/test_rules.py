"""The checks that guard the layers: each must find the thing it is for, and leave plain words alone."""

from __future__ import annotations

from pathlib import Path

import docs_check
import import_rules
import pytest
import vendor_words


@pytest.mark.parametrize(
    "line",
    [
        'kind = "PROJECT"',
        'key = "PROJECTID"',
        'key = "recordno"',
        'value = body["jobNumber"]',
        "def intacct_key(): ...",
        "# ServiceTitan sends it twice",
        'call("create_potransaction")',
        "origin_id = 1",
    ],
)
def test_a_vendors_word_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "some.py").write_text(line + "\n")
    assert list(vendor_words.findings(tmp_path / "some.py"))


@pytest.mark.parametrize(
    "line", ["project = 1", "message = usage", 'text = "a task, an item, a class"', "SELECT item FROM record", "node.lineno"]
)
def test_a_plain_word_is_left_alone(tmp_path: Path, line: str) -> None:
    (tmp_path / "some.py").write_text(line + "\n")
    assert not list(vendor_words.findings(tmp_path / "some.py"))


def test_the_core_may_import_the_standard_library_and_itself_only() -> None:
    assert import_rules.core_rule("decimal") is None
    assert import_rules.core_rule("tieout.core.record") is None
    assert import_rules.core_rule("httpx")
    assert import_rules.core_rule("tieout.store.models")


def test_the_sandbox_may_not_import_the_product_nor_one_emulator_another() -> None:
    assert import_rules.sandbox_rule("h11") is None
    assert import_rules.sandbox_rule("tieout.intacct.client")
    assert import_rules.emulator_rule("intacct", "tieout.sandbox.server.Server") is None
    assert import_rules.emulator_rule("intacct", "tieout.sandbox.servicetitan.world")


# Written in pieces, so that the check does not find its own test.
PATHS = (
    "/{}/main/src".format("work"),
    "see ../{}/design.md".format("shared"),
    "/{}/.cache".format("root"),
    "/{}/ann/tieout".format("home"),
)


@pytest.mark.parametrize("text", PATHS)
def test_a_path_of_one_machine_is_found(text: str) -> None:
    assert docs_check.MACHINE.search(text)


@pytest.mark.parametrize("text", ["/workflows/purchasing/document", "/tenant/1/work-breakdown-structure", "src/root/x", "~/home/x/y"])
def test_an_address_that_only_looks_like_one_is_left_alone(text: str) -> None:
    assert not docs_check.MACHINE.search(text)


def test_a_package_registry_is_found() -> None:
    assert docs_check.REGISTRY.search("https://registry.{}.org/x".format("npmjs"))
    assert docs_check.REGISTRY.search("--index-url https://{}.org/simple".format("pypi"))


def test_the_address_of_a_heading_is_what_readers_make_of_it() -> None:
    assert docs_check.anchor("Back up, and `restore`") == "back-up-and-restore"
