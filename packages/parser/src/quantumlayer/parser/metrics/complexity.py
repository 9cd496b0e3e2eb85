"""Cyclomatic and cognitive complexity and nesting, from captured nodes sorted by place.

Each capture of a query file says what its node costs:

| capture     | cyclomatic | cognitive                           | what is inside     |
|-------------|------------|-------------------------------------|--------------------|
| `@branch`   | 1          | 1 + depth                           | is one deeper      |
| `@elif`     | 1          | 1                                   | as deep as it      |
| `@else`     |            | 1                                   | as deep as it      |
| `@switch`   |            | 1 + depth                           | is one deeper      |
| `@decision` | 1          |                                     | as deep as it      |
| `@and @or`  | 1          | 1 where another kind stands around  | as deep as it      |
| `@jump`     |            | 1                                   |                    |
| `@deeper`   |            |                                     | is one deeper      |

`@branch`: if, loops, catch, the conditional operator. `@decision`: a case, the parts of a
comprehension. `@deeper`: anonymous functions. `@jump`: goto, a break that names its loop. A node
that is captured as `@elif` and as `@branch` is an `@elif`; an `@else` that holds nothing but an
`@elif` is not counted. Depth starts afresh in each named function, which owns what it does.

Cognitive complexity follows G. Ann Campbell's definition (SonarSource) without its charge for
recursion.
"""

from collections.abc import Sequence
from typing import NamedTuple

from quantumlayer.parser.structure import Captures, Span

# What a node costs: cyclomatic, cognitive, cognitive for each level it lies deep, and how much
# deeper what is inside lies. Numbers sort what begins and ends together.
_FUNCTION, _AND, _OR, _OTHER = range(4)
_COSTS = {
    "branch": (1, 1, 1, 1),
    "elif": (1, 1, 0, 0),
    "else": (0, 1, 0, 0),
    "switch": (0, 1, 1, 1),
    "decision": (1, 0, 0, 0),
    "jump": (0, 1, 0, 0),
    "deeper": (0, 0, 0, 1),
}
_FREE = (0, 0, 0, 0)
_NOWHERE = 1 << 62
_Cost = tuple[int, int, int, int]
_Event = tuple[int, int, int, _Cost]


class Complexity(NamedTuple):
    """The complexity of one function, or of what lies outside all of them."""

    cyclomatic: int
    cognitive: int
    nesting: int


class FileComplexity(NamedTuple):
    """Complexity of the functions in the order given, and of the code `outside` of them."""

    functions: list[Complexity]
    outside: Complexity

    @property
    def cyclomatic(self) -> int:
        """Decisions of the file, and one for each function, at least one."""
        total = sum(one.cyclomatic for one in self.functions)
        return total + self.outside.cyclomatic - (1 if self.functions else 0)

    @property
    def cognitive(self) -> int:
        """The sum over the file."""
        return sum(one.cognitive for one in self.functions) + self.outside.cognitive

    @property
    def nesting(self) -> int:
        """The deepest nesting of the file."""
        return max((one.nesting for one in (*self.functions, self.outside)), default=0)


def complexity(functions: Sequence[Span], captures: Captures) -> FileComplexity:
    """The complexity of `functions`, whose spans are in the order of the source."""
    size = len(functions) + 1
    # The last place of each list belongs to what lies outside all functions.
    cyclomatic, cognitive, nesting = [1] * size, [0] * size, [0] * size
    around: list[tuple[int, int, int, int]] = []
    inside_end, owner, depth, operator = _NOWHERE, size - 1, 0, _OTHER
    next_owner = 0
    for start, minus_end, code, (decisions, flat, by_depth, deeper) in _events(functions, captures):
        while start >= inside_end:
            inside_end, owner, depth, operator = around.pop()
        if code == _OTHER:
            cyclomatic[owner] += decisions
            cognitive[owner] += flat + by_depth * depth
            if deeper:
                around.append((inside_end, owner, depth, operator))
                inside_end, depth, operator = -minus_end, depth + 1, _OTHER
                nesting[owner] = max(nesting[owner], depth)
        elif code == _FUNCTION:
            around.append((inside_end, owner, depth, operator))
            inside_end, owner, depth, operator = -minus_end, next_owner, 0, _OTHER
            next_owner += 1
        else:
            cyclomatic[owner] += 1
            cognitive[owner] += operator != code
            around.append((inside_end, owner, depth, operator))
            inside_end, operator = -minus_end, code
    shapes = list(map(Complexity, cyclomatic, cognitive, nesting))
    return FileComplexity(shapes[:-1], shapes[-1])


def _events(functions: Sequence[Span], captures: Captures) -> list[_Event]:
    """Everything that counts, by place, the outer before the inner."""
    nodes = captures.nodes
    events = [(start, -end, _FUNCTION, _FREE) for start, end in functions]
    for role, code in (("and", _AND), ("or", _OR)):
        events += [(one.start_byte, -one.end_byte, code, _FREE) for one in nodes.get(role, ())]
    spans = {
        role: [(node.start_byte, -node.end_byte) for node in nodes[role]]
        for role in _COSTS
        if role in nodes
    }
    if "elif" in spans:
        elifs = set(spans["elif"])
        spans["branch"] = [span for span in spans.get("branch", ()) if span not in elifs]
    if "elif" in spans and "else" in spans:
        # An else that holds nothing but an elif ends with it.
        starts = {minus_end: start for start, minus_end in spans["elif"]}
        spans["else"] = [one for one in spans["else"] if starts.get(one[1], -1) < one[0]]
    if "deeper" in spans:
        # An anonymous function that a definition names is that definition.
        named = {
            (node.start_byte, -node.end_byte)
            for _, match in captures.definitions
            for node in match.get("body", ())
        }
        spans["deeper"] = [one for one in spans["deeper"] if one not in named]
    for role, places in spans.items():
        cost = _COSTS[role]
        events += [(start, minus_end, _OTHER, cost) for start, minus_end in places]
    events.sort()
    return events
