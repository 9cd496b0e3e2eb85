"""The page that says which stacks there are: `docs/stacks.md`."""

import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence

from quantumlayer.qlayer.stacks.model import Stack
from quantumlayer.qlayer.stacks.reading import measurements, stacks
from quantumlayer.qtest.delivered import Rung

_HEADING = """\
# Stacks

Made by `python -m quantumlayer.qlayer.stacks.page > docs/stacks.md` from the folders below
`packages/qlayer/src/quantumlayer/qlayer/stacks/`: change those, then write this page again.

A stack is what software of one kind and language is made with. Each is a folder of data and files:

- `stack.toml`: what it builds, the versions of its toolchain, its commands, where tests live, how
  the image is made and run, what a model may not write, what shows that a project is of this stack,
  and the words by which people ask for it. `model.py` says what each entry means; an entry that is
  missing or not known is refused with its name. A project begins with the starter less its example
  (`example.paths`); what speaks of the example and is part of every project (`example.woven`) it
  writes anew. Its `fix` and `format` go over what a language
  model wrote before that is judged: they change files, safely, and the starter they leave alone.
- `rules.md`: the house rules that every prompt carries.
- `starter/`: a whole small project that installs from its lock, is formatted, typed, tested and
  delivered. It is called `starter-name`, `starter_name` in modules and `startername` where neither
  sign may stand; a new project's name takes their place.

Adding a stack is adding a folder: no code changes. Take the folder of the nearest one, make its
starter pass by hand, and run

    QL_STACKS=<name> pytest tests/packages/qlayer/stacks

which installs, formats, lints, checks and builds the starter under another name, asks
`quantumlayer check` for its verdict, and starts, probes, stops and starts again what is delivered.
`QL_STACKS=all` does that with every stack; without it only a quick one is tried. Then write this
page again. Lock files name no registry: of npm's, `omit-lockfile-registry-resolved=true` takes the
addresses out; of Python's, `uv pip compile --generate-hashes --no-emit-index-url` leaves them out.

"""

_MEASURED = """
## The starters on the ladder

Seconds of each rung, measured by `QL_BENCH_RECORD=yes make bench NAME=ladder` on two cores that
others used as well: read them as proportions. `check` resolves dependencies, reads every file and
runs the tests with coverage; the rungs after it are those of what is delivered. Each row is of a
process whose network leads nowhere, after one with an empty cache, whose seconds the last column
adds up. A cell is empty where nothing was asked when it was measured.

"""


def stacks_page() -> str:
    """The text of `docs/stacks.md`."""
    columns = ("stack", "builds", "toolchain", "types and lint", "tests", "probed", "data", "files")
    return f"{_HEADING}{table(columns, map(row, stacks()))}{_MEASURED}{measured_table()}"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (columns, tuple("---" for _ in columns), *rows)
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def measured_table() -> str:
    """Stacks and the rungs that their starters climb, with the seconds of each."""
    measured = tomllib.loads(measurements().read_text())
    rungs = ("check", *(rung.value for rung in Rung))
    columns = ("stack", *rungs, "all", "all, cold")
    return table(columns, (
        (f"`{name}`", *(shown(row["warm"], rung) for rung in rungs), total(row["warm"]),
         total(row["cold"]))
        for name, row in sorted(measured.items())
    ))  # fmt: skip


def shown(seconds: Mapping[str, float], rung: str) -> str:
    return f"{seconds[rung]:.1f}" if rung in seconds else ""


def total(seconds: Mapping[str, float]) -> str:
    return f"{sum(seconds.values()):.0f}"


def row(stack: Stack) -> tuple[str, ...]:
    delivery = stack.delivery
    probed = (delivery.live, delivery.ready) if delivery else ()
    return (
        f"`{stack.name}`",
        stack.builds.value,
        ", ".join(f"{tool} {version}" for tool, version in stack.toolchain.items()),
        programs(stack),
        ", ".join(stack.tests.runners),
        " ".join(f"`{path}`" for path in dict.fromkeys(probed) if path),
        f"`{delivery.data}`" if delivery and delivery.data else "",
        str(len(stack.starter)),
    )


def programs(stack: Stack) -> str:
    """What judges the code, by the commands as they are typed."""
    commands = (*stack.commands.type_check, *stack.commands.lint)
    return ", ".join(f"`{' '.join(one).removeprefix('.venv/bin/')}`" for one in commands)


if __name__ == "__main__":
    sys.stdout.write(stacks_page())
