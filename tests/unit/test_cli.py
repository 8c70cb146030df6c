"""The command line's shell: help, usage errors, and how answers are shaped. What commands do is tested where it is done."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tieout import __version__
from tieout.cli import app
from tieout.cli.connecting import _given, _secrets
from tieout.cli.output import CommandError, Terminal, ago, known, plain, span
from tieout.core.settings import Setting, SettingError, SettingKind

COMMANDS = {
    "demo",
    "init",
    "serve",
    "worker",
    "sandbox",
    "connect",
    "check",
    "plan",
    "sync",
    "status",
    "log",
    "tie-out",
    "approve",
    "backfill",
    "freeze",
    "unfreeze",
}
READING = ("approve", "backfill", "freeze", "check", "plan", "sync", "status", "log", "tie-out", "connect", "demo")
COMMANDS |= {"problems", "link", "skip", "explain", "undo", "queue", "export"}
READING += ("problems", "link", "skip", "explain", "undo", "queue", "export")


@dataclass(frozen=True)
class System:
    """As much of a system as the connect command needs."""

    label: str = "ServiceTitan"
    connection: tuple[Setting, ...] = (
        Setting("tenant", "Tenant", "The number.", required=True),
        Setting("client_secret", "Client secret", "The secret.", SettingKind.SECRET, required=True),
    )


def run(*arguments: str, text: str = "") -> tuple[int, str, str]:
    """Exit status, standard output and standard error."""
    done = CliRunner().invoke(app, list(arguments), input=text, env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"})
    return done.exit_code, done.stdout, done.stderr


def test_the_commands_are_those_of_the_design() -> None:
    group = typer.main.get_command(app)
    assert set(group.commands) >= COMMANDS  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_and_every_option_says_what_it_is_for(command: str) -> None:
    group = typer.main.get_command(app)
    found = group.commands[command]  # type: ignore[attr-defined]
    assert found.help
    for parameter in found.params:
        assert getattr(parameter, "help", None) or parameter.name == "help", f"{command} {parameter.name}"
    status, out, _ = run(command, "--help")
    assert status == 0
    assert "Usage:" in out


@pytest.mark.parametrize("command", READING)
def test_every_command_that_reads_can_answer_in_json(command: str) -> None:
    assert "--json" in run(command, "--help")[1]


def test_help_loads_nothing_heavy() -> None:
    heavy = ("django", "lxml", "httpx", "granian", "procrastinate", "psycopg", "tieout.engine")
    code = "import sys; from typer.testing import CliRunner; from tieout.cli import app; CliRunner().invoke(app, ['--help']);"
    code += f"print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_is_the_package_s() -> None:
    assert run("--version")[:2] == (0, f"tieout {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("log", "--since", "yesterday"), "--since is “yesterday”, which is no day or time. Write it like"),
        (("demo", "--json"), "--json belongs to --once"),
        (("connect", "servicetitan", "--environment", "staging"), "Choose production or test."),
        (("sandbox", "nope"), "There is no sandbox for 'nope'"),
        (("export", "--release", "--discard"), "Choose one of --release, --discard and --compare."),
        (("export", "--discard"), "Name the batch with --batch."),
        (("export", "--from", "May"), "--from is “May”, which is no day"),
        (("connect",), "Missing argument"),
        (("log", "--limit", "0"), "Invalid value for"),
        (("log", "--run", "0"), "Invalid value for"),
        (("nonsense",), "No such command 'nonsense'"),
    ],
)
def test_a_command_called_wrongly_ends_with_status_2_and_says_how_to_call_it(arguments: tuple[str, ...], sentence: str) -> None:
    status, out, error = run(*arguments)
    assert status == 2
    assert sentence in error
    assert not out


def test_a_configuration_that_cannot_be_used_is_one_sentence_and_status_1(tmp_path: Path) -> None:
    code = "from tieout.cli import main; main()"
    environment = {"PATH": "/usr/bin", "TIEOUT_PORT": "many", "TIEOUT_DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code, "status"], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert done.stderr == "tieout: TIEOUT_PORT is 'many'; set it to a whole number such as 8000.\n"
    assert not done.stdout


def test_a_secret_is_never_taken_as_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        _given(System(), ["client_secret=hunter2"])  # type: ignore[arg-type]
    said = capsys.readouterr().err
    assert ended.value.exit_code == 2
    assert "hunter2" not in said
    assert "--secrets FILE" in said


def test_values_are_given_as_name_and_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert _given(System(), ["tenant=1=2"]) == {"tenant": "1=2"}  # type: ignore[arg-type]
    with pytest.raises(typer.Exit):
        _given(System(), ["tenant"])  # type: ignore[arg-type]
    assert "NAME=VALUE" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ['{"client_secret": "s e=cret"}', "client_secret=s e=cret", "# a comment\n\nexport client_secret='s e=cret'\n"]
)
def test_a_secrets_file_is_json_or_lines(text: str, tmp_path: Path) -> None:
    file = tmp_path / "secrets"
    file.write_text(text)
    assert _secrets(System(), str(file)) == {"client_secret": "s e=cret"}  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["{broken", "just words", "[1]"])
def test_a_secrets_file_that_cannot_be_read_is_refused_without_showing_it(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "secrets"
    file.write_text(text)
    with pytest.raises(typer.Exit):
        _secrets(System(), str(file))  # type: ignore[arg-type]
    said = capsys.readouterr().err
    assert "neither a JSON object nor lines of NAME=VALUE" in said
    assert text not in said


def test_an_unknown_name_in_a_secrets_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "secrets"
    file.write_text("password=x")
    with pytest.raises(typer.Exit):
        _secrets(System(), str(file))  # type: ignore[arg-type]
    assert "has no value named password. Known values: tenant, client_secret." in capsys.readouterr().err


class Tone(StrEnum):
    LOUD = "loud"


@dataclass(frozen=True, slots=True)
class Answer:
    at: datetime
    amount: Decimal
    tones: dict[Tone, int]
    rest: tuple[object, ...]


def test_answers_in_json_keep_amounts_exact_and_times_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    at = datetime(2026, 5, 1, 12, tzinfo=UTC)
    Terminal().json(Answer(at, Decimal("12500.50"), {Tone.LOUD: 1}, (date(2026, 5, 1), Tone.LOUD, None, True, timedelta(minutes=1))))
    assert json.loads(capsys.readouterr().out) == {
        "at": "2026-05-01T12:00:00+00:00",
        "amount": "12500.50",
        "tones": {"loud": 1},
        "rest": ["2026-05-01", "loud", None, True, 60.0],
    }
    assert plain(frozenset({"b", "a"})) == ["a", "b"]


def test_lengths_of_time_are_short() -> None:
    now = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert [span(timedelta(seconds=seconds)) for seconds in (0, 59, 60, 7200, 200000)] == ["0 s", "59 s", "1 min", "2 h", "2 d"]
    assert ago(now - timedelta(hours=1), now) == "1 h ago"
    assert ago(now + timedelta(seconds=5), now) == "in 5 s"
    assert ago(None, now) == "never"


def test_only_errors_meant_for_people_are_shown_as_a_sentence() -> None:
    assert known(CommandError("Do this."))
    assert known(SettingError("name", "Do that."))
    assert not known(KeyError("name"))
    assert not known(ValueError("a defect"))


OWNED = "A \x1b[31mname\x1b]0;owned\x07\r\nFAKE LINE \x9b2J \u202egnp.exe"


def test_a_name_from_another_system_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    terminal.say(OWNED)
    terminal.note(OWNED)
    terminal.fail(OWNED)
    terminal.table("", ("Name",), [(OWNED,)])
    said = capsys.readouterr()
    assert not set(said.out + said.err) & set("\x1b\x07\r\x9b\u202e")
    assert said.err.count("\n") == 2
    assert "FAKE LINE" in said.out


def test_json_tells_such_a_name_whole_and_steers_no_terminal_either(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().json({"name": OWNED})
    said = capsys.readouterr().out
    assert json.loads(said) == {"name": OWNED}
    assert said.rstrip("\n").isprintable()
