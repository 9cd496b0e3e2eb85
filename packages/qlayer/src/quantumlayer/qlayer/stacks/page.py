"""The page that says which stacks there are: `docs/stacks.md`."""

import sys

from quantumlayer.qlayer.stacks.model import Stack
from quantumlayer.qlayer.stacks.reading import stacks

_HEADING = """\
# Stacks

Made by `python -m quantumlayer.qlayer.stacks.page > docs/stacks.md` from the folders below
`packages/qlayer/src/quantumlayer/qlayer/stacks/`: change those, then write this page again.

A stack is what software of one kind and language is made with. Each is a folder of data and files:

- `stack.toml`: what it builds, the versions of its toolchain, its commands, where tests live, how
  the image is made and run, what a model may not write, what shows that a project is of this stack,
  and the words by which people ask for it. `model.py` says what each entry means; an entry that is
  missing or not known is refused with its name.
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


def stacks_page() -> str:
    """The text of `docs/stacks.md`."""
    columns = ("stack", "builds", "toolchain", "types and lint", "tests", "probed", "data", "files")
    lines = (columns, tuple("---" for _ in columns), *(row(one) for one in stacks()))
    return _HEADING + "".join("| " + " | ".join(line) + " |\n" for line in lines)


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
