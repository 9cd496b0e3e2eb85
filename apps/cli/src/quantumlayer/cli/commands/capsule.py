"""`quantumlayer capsule`: what can be done with a capsule offline."""

from __future__ import annotations

import json
from pathlib import Path

import click

from quantumlayer.cli.client.errors import EXIT_FAILED


@click.group("capsule")
def command() -> None:
    """Check capsules, offline."""


@command.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key",
    "keys",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A public key (PEM) to trust; else the local platform's, and QL_HOME/trusted-keys.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@click.pass_context
def verify_command(
    ctx: click.Context, *, file: Path, keys: tuple[Path, ...], as_json: bool
) -> None:
    """Check hashes, signature, provenance and bill of materials of a capsule.

    Ends with 0 when all is as it was signed, by somebody trusted where anybody is; else with 1.
    """
    from quantumlayer.cli.client.capsules import (  # noqa: PLC0415 - loaded where it is used
        check_capsule,
        key_in,
        trusted_keys,
    )

    checked = check_capsule(file, [key_in(key) for key in keys] if keys else trusted_keys())
    report = checked.report
    if as_json:
        click.echo(
            json.dumps(
                {
                    "ok": report.ok,
                    "file": str(file),
                    "name": report.name,
                    "verdict": report.verdict,
                    "signer": report.signer,
                    "trusted": report.trusted,
                    "files": len(report.files),
                    "problems": list(report.problems),
                }
            )
        )
    elif report.ok:
        click.echo(f"{file}: {checked.summary}")
        click.echo(f"  {report.name}, verdict {report.verdict}, {len(report.files)} files")
    else:
        click.echo(f"quantumlayer: {file}: {checked.summary}", err=True)
    ctx.exit(0 if report.ok else EXIT_FAILED)
