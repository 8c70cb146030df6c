"""The commands about the settings of an integration: `tieout settings list` and `tieout settings set`."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tieout.cli.output import CommandError, JsonOption, Terminal, usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tieout.core.settings import Setting
    from tieout.store.models import Integration

terminal = Terminal()
commands = typer.Typer(name="settings", help="What is kept in step and how, for each integration.", no_args_is_help=True)
OfOption = Annotated[str, typer.Option("--of", metavar="INTEGRATION", help="Which integration; may be left out while there is only one.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(commands)
    app.command()(token)


@commands.command("list")
def list_settings(of: OfOption = "", as_json: JsonOption = False) -> None:
    """Every setting, its value, and what it needs to be turned on."""
    from tieout.host.setup import setup

    setup()
    from tieout.cli.systems import integration_named
    from tieout.engine.pairs import settings_of
    from tieout.platforms.registry import platform

    row = integration_named(of)
    values = settings_of(row)
    if as_json:
        terminal.json({"integration": row.name, "settings": values})
        return
    schema = platform(row.platform.system).settings
    rows = [(setting.name, _shown(values[setting.name]), setting.label, _note(setting, values)) for setting in schema]
    terminal.table(f"Settings of {row.name}", ("Name", "Value", "Setting", ""), rows)


def _shown(value: object) -> str:
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _note(setting: Setting, values: Mapping[str, object]) -> str:
    return f"needs {setting.requires} first" if setting.requires and not values[setting.requires] else ""


LookOption = Annotated[bool, typer.Option("--plan", help="Only show what would change; save nothing.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Save also what changes records that are in step.")]


def _effect(row: Integration, wanted: Mapping[str, str]) -> dict[str, int]:
    """How many records that are in step would be written under the new settings, by flow."""
    from tieout.engine.connections import settings_after
    from tieout.engine.plan import preview
    from tieout.engine.runtime import Runtime

    after = settings_after(row, wanted)
    with terminal.progress("Looking what would change"):
        return preview(Runtime.real(), row, after).changed()


def goes_on(row: Integration, effect: Mapping[str, int], *, look: bool, yes: bool, as_json: bool) -> bool:
    """Show how many records that are in step a change would write, before it is saved; whether to save it.

    Raises CommandError where somebody must say yes and nobody can be asked.
    """
    changes = ", ".join(f"{count:,} {flow.replace('_', ' ')}" for flow, count in effect.items())
    told = f"This would change {changes} that are in step." if changes else "This would change nothing that is in step."
    if look:
        terminal.json({"integration": row.name, "would_change": effect}) if as_json else terminal.say(told)
        return False
    if effect and not yes:
        if not sys.stdin.isatty():
            raise CommandError(f"{told} Add --yes to save it all the same, or --plan to only look.")
        terminal.note(told)
        typer.confirm("Save it?", abort=True, err=True)
    return True


@commands.command("set")
def set_settings(
    values: Annotated[list[str], typer.Argument(metavar="NAME=VALUE...", help="The settings to change; a switch is on or off.")],
    of: OfOption = "",
    look: LookOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Change settings, after showing how many records that are in step would change. Everything they concern is looked at again."""
    from tieout.host.setup import setup

    wanted: dict[str, str] = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals:
            usage(f"“{text}” is not NAME=VALUE. Write for example enable_projects=on.")
        wanted[name] = value
    setup()
    from tieout.cli.systems import integration_named
    from tieout.engine.connections import save_settings
    from tieout.engine.jobs import wake_company

    row = integration_named(of)
    if not goes_on(row, _effect(row, wanted), look=look, yes=yes, as_json=as_json):
        return
    saved = save_settings(row, wanted, by=getpass.getuser(), now=datetime.now(UTC))
    wake_company(row.company_id)
    if as_json:
        terminal.json({"integration": row.name, "warnings": saved.warnings, "looked_at_again": saved.looked_at_again})
        return
    for warning in saved.warnings:
        terminal.say(warning)
    terminal.say(f"Saved. {saved.looked_at_again:,} records of {row.name} are looked at again.")


def token(
    user: Annotated[str, typer.Argument(help="The name the person signs in with; the token has their permissions.")],
    label: Annotated[str, typer.Option(help="What it is for, so that it can be told from others.")] = "api",
    revoke: Annotated[bool, typer.Option("--revoke", help="Take back the person's tokens of this label instead.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a token for the REST API; it is shown this once. With --revoke, take one back."""
    from tieout.host.setup import setup

    setup()
    from django.contrib.auth.models import User

    from tieout.web import tokens

    person = User.objects.filter(username=user, is_active=True).first()
    if person is None:
        raise CommandError(f"Nobody signs in as “{user}”. Make the user on the page “Users” first.")
    now = datetime.now(UTC)
    if revoke:
        count = tokens.revoke(person, label, now)
        terminal.json({"revoked": count}) if as_json else terminal.say(f"Revoked {count} of {user}.")
        return
    made = tokens.make(person, label, now)
    terminal.json({"token": made}) if as_json else terminal.say(made)
