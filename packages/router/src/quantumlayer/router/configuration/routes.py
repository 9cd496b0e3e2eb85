"""Where calls may go, of what an organisation, a project, a key and a request say together."""

from collections.abc import Iterable, Sequence

from quantumlayer.router.configuration.model import Routes


def combined(levels: Sequence[Routes]) -> Routes:
    """All of it at once, the widest level first.

    Tags add up. The narrowest level that names regions says their order, and the narrowest that
    names a strategy chooses it; but where a level allows nothing else than its regions, a narrower
    one chooses among them. Nothing is left where two levels allow nothing in common.
    """
    fixed = [level.regions for level in levels if level.only]
    named = next((level.regions for level in reversed(levels) if level.regions), ())
    return Routes.model_construct(
        tags=_once(tag for level in levels for tag in level.tags),
        regions=_allowed(named, fixed) if fixed else named,
        only=bool(fixed),
        strategy=next((level.strategy for level in reversed(levels) if level.strategy), None),
    )


def _allowed(named: Sequence[str], fixed: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The regions that every list of `fixed` has, those of `named` before others."""
    return tuple(
        region for region in _once((*named, *fixed[0])) if all(region in one for one in fixed)
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
