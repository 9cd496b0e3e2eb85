"""The command line: arguments in, text and an exit status out."""

from typing import TextIO

import click

from starter_name import __version__
from starter_name.counting import count_words


@click.group()
@click.version_option(__version__, prog_name="starter-name")
def main() -> None:
    """Tell about texts."""


@main.command()
@click.argument("text", type=click.File(encoding="utf-8"))
@click.option("--most", default=10, show_default=True, type=click.IntRange(min=1),
              help="How many words to list.")  # fmt: skip
def count(text: TextIO, most: int) -> None:
    """List the most frequent words of TEXT, a file or `-`, with how often each stands there."""
    try:
        counted = count_words(text)
    except UnicodeDecodeError as error:
        message = f"{text.name} is not text in UTF-8."
        raise click.ClickException(message) from error
    for word, times in counted[:most]:
        click.echo(f"{times}\t{word}")
