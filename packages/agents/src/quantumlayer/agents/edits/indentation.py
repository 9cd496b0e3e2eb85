"""How far a model's lines must be moved to stand right in the file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from quantumlayer.agents.edits.lines import Line, indentation

Shift = Callable[[str], str | None]
"""A line as the model indents it → as the file would; None where that cannot be told."""

_UNITS = ("\t", "  ", "   ", "    ")


def shifted(
    lines: Sequence[str], moved: Iterable[tuple[str, Line]], file: Sequence[Line]
) -> list[str] | None:
    """`lines` with the indentation of their place; None when that would be a guess.

    `moved` are lines that the model copied, each with the one of the `file` that it stands for.
    The model's indentation may be off by the same blanks everywhere, or have steps of another
    width: which of both it is must be clear, or make no difference to `lines`.
    """
    if not any(line.strip() for line in lines):
        return ["" for _ in lines]
    pairs = {(indentation(line), indentation(there.words)) for line, there in moved if line.strip()}
    shifts = (*_by_the_same(pairs), *_by_steps(pairs, _unit(file)))
    results = [[shift(line) if line.strip() else "" for line in lines] for shift in shifts]
    told = {tuple(line for line in result if line is not None) for result in results}
    told = {result for result in told if len(result) == len(lines)}
    return list(told.pop()) if len(told) == 1 else None


def _by_the_same(pairs: set[tuple[str, str]]) -> Iterator[Shift]:
    for model, file in pairs:
        more, less = file.removesuffix(model), model.removesuffix(file)
        if file.endswith(model) and all(theirs == more + ours for ours, theirs in pairs):
            yield partial(_further, more)
            return
        if model.endswith(file) and all(ours == less + theirs for ours, theirs in pairs):
            yield partial(_nearer, less)
            return


def _by_steps(pairs: set[tuple[str, str]], unit: str) -> Iterator[Shift]:
    for model in _UNITS:
        steps = {(_depth(ours, model), _depth(theirs, unit)) for ours, theirs in pairs}
        if all(ours == theirs is not None for ours, theirs in steps) and any(
            ours for ours, _ in steps
        ):
            yield partial(_restepped, model, unit)


def _further(more: str, line: str) -> str | None:
    return more + line


def _nearer(less: str, line: str) -> str | None:
    return line.removeprefix(less) if line.startswith(less) else None


def _restepped(model: str, unit: str, line: str) -> str | None:
    depth = _depth(indentation(line), model)
    return None if depth is None else unit * depth + line.lstrip()


def _depth(blanks: str, unit: str) -> int | None:
    """How many times `unit` makes up `blanks`; None when it does not."""
    times, rest = divmod(len(blanks), len(unit))
    return times if not rest and blanks == unit * times else None


def _unit(file: Sequence[Line]) -> str:
    """What the file indents by: a tab, or its narrowest step; one blank is a comment's star."""
    seen = {indentation(line.words) for line in file if line.words.strip()} - {"", " "}
    if any("\t" in blanks for blanks in seen):
        return "\t"
    return min(seen, key=len, default="    ")
