"""Requirements that the registry has as sources only, or not for this machine.

Nothing is built here, so they cannot be had. The others can: what a test needs of those that are
lacking shows when it runs, and many tests need none of them.
"""

import re
from collections.abc import Awaitable, Callable, Iterable

from quantumlayer.manifests import PythonNeeds, Shortfall
from quantumlayer.qtest.environments.model import Environment
from quantumlayer.qtest.environments.python import names_in
from quantumlayer.qtest.errors import DependencyError, Fault

Install = Callable[[tuple[str, ...]], Awaitable[Environment]]

# As uv says it: `thing>=2 has no usable wheels`, `all versions of thing have no wheels with …`.
_WITHOUT_WHEEL = re.compile(
    r"(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?(?:[<>=!~]\S*)? ha(?:s|ve) no (?:\w+ )?wheels"
)
# Each takes an attempt to install.
MOST_LEFT_OUT = 8


async def installed_without(
    lines: Iterable[str], install: Install
) -> tuple[Environment, tuple[str, ...]]:
    """What can be installed of these requirements, and the lines that were left out.

    Raises DependencyError for everything else that is in the way, such as a requirement of a
    requirement.
    """
    wanted, left_out = tuple(lines), tuple[str, ...]()
    while True:
        try:
            return await install(wanted), left_out
        except DependencyError as error:
            lacking = _own(error, wanted)
            if not lacking or len(left_out) >= MOST_LEFT_OUT:
                raise
            wanted = tuple(line for line in wanted if line not in lacking)
            left_out = (*left_out, *lacking)


def _own(error: DependencyError, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of our own for whose lack the installer gave up."""
    if error.fault is not Fault.INFRASTRUCTURE:
        return ()
    said = " ".join(error.output.split())
    names = names_in("\n".join(match["name"] for match in _WITHOUT_WHEEL.finditer(said)))
    return tuple(line for line in wanted if names_in(line) & names)


def shortfalls_of(left_out: Iterable[str], needs: PythonNeeds) -> tuple[Shortfall, ...]:
    """What was left out, told with the place that asks for it.

    Which modules it would bring is not known before it is installed.
    """
    origins = {line: (path, number) for line, path, number in needs.origins}
    found: list[Shortfall] = []
    for line in left_out:
        path, number = origins.get(line, ("the project's requirements", None))
        reason = f"`{line}` is there as sources only, or not for this machine, and nothing is built"
        found.append(Shortfall(reason=reason, path=path, line=number))
    return tuple(found)
