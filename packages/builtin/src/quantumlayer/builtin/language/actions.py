"""What each alias of the declarations' grammar means: the function of its name."""

from collections.abc import Callable, Hashable

from quantumlayer.builtin.language import declaring, forms, lives, naming, openings, specs


def together(*each: Hashable) -> tuple[Hashable, ...]:
    """All parts, in order."""
    return each


ACTIONS: dict[str, Callable[..., Hashable | None]] = {
    name: action
    for module in (specs, forms, naming, declaring, openings, lives)
    for name, action in vars(module).items()
    if callable(action)
    and name[0].islower()
    and getattr(action, "__module__", "").startswith(__package__)
}
ACTIONS |= {"together": together, **specs.TYPES}
