"""One figure for how well a file can be read and changed, from 0 to 100.

    quality = 100 * (0.8 * functions + 0.2 * uniqueness) * wholeness

`functions` is the mean over the file's functions, weighted by their lines, of the product of five
measures, each 1 up to a comfortable bound, 0 from a hopeless one, and linear in between:

    measure                  comfortable   hopeless
    cognitive complexity     15            60
    cyclomatic complexity    10            50
    lines                    60            400
    nesting                  4             10
    parameters               6             15

Code outside functions is weighed as one more function, its length apart. `uniqueness` is 1 minus
three times the share of duplicated lines (at least 0). `wholeness` is 0.5 with syntax errors.
"""

from collections.abc import Iterable
from typing import NamedTuple

_COGNITIVE = (15, 60)
_CYCLOMATIC = (10, 50)
_LINES = (60, 400)
_NESTING = (4, 10)
_PARAMETERS = (6, 15)


class FunctionShape(NamedTuple):
    """What of a function matters to its reader; `lines` is also its weight."""

    cognitive: int
    cyclomatic: int
    lines: int
    nesting: int
    parameters: int


def quality(
    functions: Iterable[FunctionShape],
    outside: FunctionShape,
    *,
    duplicated_share: float,
    has_errors: bool,
) -> int:
    """The quality by the formula above; `duplicated_share` of the lines of code, 0 to 1."""
    total = weight = 0.0
    for shape in functions:
        weight += shape.lines
        total += shape.lines * _comfort(shape)
    weight += outside.lines
    total += outside.lines * _comfort(outside._replace(lines=0))
    readable = total / weight if weight else 1.0
    unique = max(0.0, 1 - 3 * duplicated_share)
    return round(100 * (0.8 * readable + 0.2 * unique) * (0.5 if has_errors else 1))


def _comfort(shape: FunctionShape) -> float:
    cognitive, cyclomatic, lines, nesting, parameters = shape
    if cognitive <= 15 and cyclomatic <= 10 and lines <= 60 and nesting <= 4 and parameters <= 6:
        return 1.0
    return (
        _share(cognitive, _COGNITIVE)
        * _share(cyclomatic, _CYCLOMATIC)
        * _share(lines, _LINES)
        * _share(nesting, _NESTING)
        * _share(parameters, _PARAMETERS)
    )


def _share(value: int, bounds: tuple[int, int]) -> float:
    comfortable, hopeless = bounds
    return min(1.0, max(0.0, (hopeless - value) / (hopeless - comfortable)))
