"""The page of lies: `docs/lies.md`, made from the tables."""

import sys

from tests.packages.qtest.lies import javascript, python
from tests.packages.qtest.lies.cells import Lie

COMMAND = "python -m tests.packages.qtest.lies.page > docs/lies.md"
HEADING = f"""\
# Lies about tests

Made by `{COMMAND}` from the tables in `tests/packages/qtest/lies/`:
change those, then write this page again.

Each lie is a project whose code is wrong and that does something to have it called right. None is
ever `passed`. Each has an honest twin, right code with what somebody with nothing to hide would
write in its place, which passes; so do the ordinary projects named below each table.

How it is known: what a test's outcome was is taken from the call and from inside of the test
function; the tests that the sources hold are read before anything runs, by a process that loads no
code of the project; a test that must fail is run through the same hooks; what asserts must be what
it was, and so must every file that the verdict rests on; a process that leaves early has not said
its last word. For Node, results travel on a line that tests cannot touch, and are counted at both
ends.

What is not claimed: a project that is written against this very implementation can still speak in
its name, in Python by finding its objects inside of the interpreter that runs the tests, in
JavaScript by reading the memory of Node's runner.
"""


def lies_page() -> str:
    """The text of `docs/lies.md`."""
    parts = [HEADING]
    for title, module in (("Python (pytest, unittest)", python), ("JavaScript", javascript)):
        lies: tuple[Lie, ...] = module.LIES
        rows = [("lie", "how", "verdict"), ("---", "---", "---")]
        rows += [(f"`{lie.id}`", lie.how, "timed_out" if lie.hangs else "failed") for lie in lies]
        honest = ", ".join(f"`{each.id}`" for each in module.HONEST)
        parts += [
            f"## {title}: {len(lies)}\n",
            "".join("| " + " | ".join(row) + " |\n" for row in rows),
            f"Honest: {honest}.\n",
        ]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(lies_page())
