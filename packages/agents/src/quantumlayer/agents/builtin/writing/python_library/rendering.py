"""Templates of the library writer, and the two laws of all its code: traced, and laid out."""

import re
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from quantumlayer.agents.builtin.writing.formatting import format_python
from quantumlayer.agents.builtin.writing.rendering import environment

FOLDER = Path(__file__).parent
_LOCAL_TEST = re.compile(r"(?<=\bdef test_)r(\d+)(?=_)")


def render(template: str, **values: object) -> str:
    """The text of a template in `templates/`, by its path without `.jinja`."""
    return environment(FOLDER / "templates").get_template(f"{template}.jinja").render(values)


def number(value: Decimal, *, whole: bool) -> str:
    """Python source of an exact number."""
    if whole:
        return str(int(value))
    return f"Decimal({int(value)})" if value == int(value) else f'Decimal("{value}")'


def traced(tests: str, requirements: tuple[str, ...]) -> str:
    """The tests with `test_r1_…`, the block's first statement, named after its requirement."""
    return _LOCAL_TEST.sub(lambda match: requirements[int(match[1]) - 1].lower(), tests)


@lru_cache(maxsize=512)
def python(source: str, package: str) -> str:
    """Formatted Python of a source in which `PACKAGE` stands for the package."""
    return format_python(re.sub(r"\bPACKAGE\b", package, source), first_party=package)
