"""The lock of the services in Python: one table of what runs and what tests.

Its rows say what each package is for (`run`, or `test` for the tools only), the requirement, and
the SHA-256 of every file that may be installed for it.
"""

from functools import cache
from importlib import resources

_TABLE = "writing/python/data/lock.txt"


def development_locks() -> tuple[str, ...]:
    """The text of every development lock that a built-in writer ships, each once."""
    return (requirements_file(development=True),)


def runtime_locks() -> tuple[str, ...]:
    """The text of every lock that is installed into an image of what is delivered."""
    return (requirements_file(development=False),)


@cache
def requirements_file(*, development: bool) -> str:
    """A requirements file with hashes, of what runs or of that and the tools."""
    rows = (row for row in _rows() if development or row[0] == "run")
    return "".join(
        " \\\n    ".join([requirement, *(f"--hash=sha256:{each}" for each in hashes)]) + "\n"
        for _, requirement, hashes in rows
    )


def locked_versions() -> dict[str, str]:
    """The version of every package, by its name."""
    pins = (requirement.split()[0] for _, requirement, _ in _rows())
    return dict(pin.split("==") for pin in pins)


def _rows() -> list[tuple[str, str, list[str]]]:
    text = (resources.files("quantumlayer.builtin") / _TABLE).read_text(encoding="utf-8")
    found = []
    for line in text.splitlines():
        requirement, _, hashes = line.partition(" | ")
        purpose, _, requirement = requirement.partition(" ")
        found.append((purpose, requirement, hashes.split()))
    return found
