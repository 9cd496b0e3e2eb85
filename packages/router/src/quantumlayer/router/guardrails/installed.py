"""The modules that there are: ours, and those that installed packages offer."""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points

from quantumlayer.router.guardrails.abuse import Abuse
from quantumlayer.router.guardrails.injection import PromptInjection
from quantumlayer.router.guardrails.journal import Journal
from quantumlayer.router.guardrails.models import Models
from quantumlayer.router.guardrails.module import Module
from quantumlayer.router.guardrails.personal import PersonalData
from quantumlayer.router.guardrails.secrets import Secrets
from quantumlayer.router.guardrails.sizes import Sizes
from quantumlayer.router.guardrails.topics import Topics

ENTRY_POINTS = "quantumlayer.guardrails"
"""The group in which a package names what makes its modules."""

Maker = Callable[..., Module]
"""Makes a module from its settings."""

OURS: dict[str, Maker] = {
    "abuse": Abuse,
    "journal": Journal,
    "models": Models,
    "personal-data": PersonalData,
    "prompt-injection": PromptInjection,
    "secrets": Secrets,
    "sizes": Sizes,
    "topics": Topics,
}


def available_modules() -> dict[str, Maker]:
    """Name → what makes the module; others' are loaded here.

    Raises RuntimeError that names a module which cannot be loaded, or whose name is taken: a
    gateway that leaves a guardrail out in silence would let through what it was to stop.
    """
    makers = dict(OURS)
    for entry in entry_points(group=ENTRY_POINTS):
        if entry.name in makers:
            raise RuntimeError(
                f"the guardrail module {entry.name!r} of {_package(entry)} has a name that is"
                " taken; remove one"
            )
        makers[entry.name] = _loaded(entry)
    return makers


def _loaded(entry: EntryPoint) -> Maker:
    try:
        maker: Maker = entry.load()
    except Exception as error:
        raise RuntimeError(
            f"the guardrail module {entry.name!r} of {_package(entry)} cannot be loaded"
            f" ({type(error).__name__}: {error}); mend or remove that package"
        ) from error
    return maker


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.value
