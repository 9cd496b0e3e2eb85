"""`python -m evaluation [--model NAME] [--set NAME] [--memory WHICH] [SENTENCE …]`."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import click

from evaluation.leaderboard import row_of, write
from evaluation.own_platform import platform
from evaluation.running import GenerationError, Result, evaluated, results_folder
from evaluation.sentence import Sentence, sentences_of, sets
from quantumlayer.core.caches import cache_folder


@click.command()
@click.option("--model", default="", help="One that QL_MODEL or QL_MODELS names.")
@click.option("--set", "name", default="stacks", show_default=True, type=click.Choice(sets()))
@click.option(
    "--memory",
    default="",
    type=click.Choice(("", "on", "off", "both")),
    help="Run on a platform of its own whose memory is on, off, or first one and then the other.",
)
@click.argument("only", nargs=-1, metavar="[SENTENCE …]")
def main(model: str, name: str, memory: str, only: tuple[str, ...]) -> None:
    """Generate what the sentences of a set ask for, and check it by what the engine never sees.

    Ends with 1 where the engine passed what is wrong.
    """
    chosen = [one for one in sentences_of(name) if not only or one.name in only]
    if missing := set(only) - {one.name for one in chosen}:
        raise click.BadParameter(f"the set has no {', '.join(sorted(missing))}")
    rows = []
    for one in ("off", "on") if memory == "both" else (memory,):
        try:
            results = asyncio.run(_all(chosen, model, cache_folder(), one))
        except GenerationError as error:
            raise click.ClickException(str(error)) from None
        rows.append(row_of(model, name, results, one))
        kept, table = write(rows[-1], results_folder())
        click.echo(f"\n{table.read_text('utf-8')}\n{kept}")
    raise SystemExit(1 if any(row.false_passed for row in rows) else 0)


async def _all(chosen: list[Sentence], model: str, cache: Path, memory: str) -> list[Result]:
    async with platform(memory) as environment:
        return [await _told(sentence, model, cache, environment) for sentence in chosen]


async def _told(
    sentence: Sentence, model: str, cache: Path, environment: Mapping[str, str]
) -> Result:
    """The result of a sentence, once it is printed."""
    result = await evaluated(sentence, model, cache, environment)
    held = len(sentence.checks) - len(result.wrong) - len(result.untold)
    click.echo(
        f"{sentence.name}: {result.summary.get('verdict')}, {held} of "
        f"{len(sentence.checks)} hidden checks hold, {result.minutes:.1f} min"
    )
    for check, reason in {**result.wrong, **result.untold}.items():
        click.echo(f"  {check}: {reason}")
    return result


if __name__ == "__main__":
    main()
