"""The entry point: names every command and imports only the one that was asked for."""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping

import click

# None is used, and looking for them reads the metadata of every package that is installed.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

# name → the line that `quantumlayer --help` shows. The command itself is `command` in
# `quantumlayer.cli.commands.<name, with _ for ->`, imported when it runs.
COMMANDS: Mapping[str, str] = {
    "demo": "Start the platform, generate an application, and sum it up.",
    "generate": "Generate an application from a sentence, and watch it happen.",
    "revise": "Change a run's, a capsule's or a folder's version by a sentence.",
    "runs": "List, show, watch, cancel and download runs.",
    "memory": "List and forget what later runs may be shown.",
    "capsule": "Check a capsule, offline.",
    "check": "Check any project: syntax, findings, tests, one verdict.",
    "preview": "Show an application to this user's browser, in the sandbox.",
    "parse": "Analyse source files: syntax, structure, measures.",
    "gateway": "Serve language models over HTTP.",
    "parser": "Serve the parser over HTTP.",
    "owner-link": "Print a link that signs one browser in as owner.",
    "keys": "Make API keys for programs.",
    "up": "Start every part of the platform; return when all are healthy.",
    "down": "Stop every part of the platform.",
    "status": "Show which parts run, and where.",
    "doctor": "Say what this machine lacks and how to get it.",
}


class LazyCommands(click.Group):
    """A group that imports a command's module when that command is called, never before."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - called by the library
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - called by the library
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"quantumlayer.cli.commands.{cmd_name.replace('-', '_')}")
        command = module.command
        if not isinstance(command, click.Command):
            raise TypeError(f"{module.__name__}.command is not a click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - called by the library
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="quantumlayer-cli", message="quantumlayer %(version)s")
def main() -> None:
    """Turn a sentence into a verified application."""


if __name__ == "__main__":
    main()
