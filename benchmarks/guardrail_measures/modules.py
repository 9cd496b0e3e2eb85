"""The modules that are measured, and the one question that is asked of each."""

from collections.abc import Callable, Sequence

from quantumlayer.router.guardrails import (
    Abuse,
    Allow,
    Category,
    Exchange,
    Journal,
    Models,
    Module,
    PersonalData,
    PromptInjection,
    Secrets,
    Sizes,
    Topics,
    known_topics,
)

MODEL = "openai/gpt-5"
MODULES: dict[str, Module] = {
    "secrets": Secrets(),
    "personal-data": PersonalData(),
    "prompt-injection": PromptInjection(),
    "abuse": Abuse(),
    "abuse, profanity alone": Abuse(refused=frozenset({Category.PROFANITY})),
    "abuse, hate alone": Abuse(refused=frozenset({Category.HATE})),
    "topics": Topics({"software": known_topics()["software"]}),
    "models": Models(("openai/*",)),
    "sizes": Sizes(tokens=200_000),
    "journal": Journal(),
}


def finds(module: Module, text: str) -> bool:
    """Whether the module does anything but let the text through."""
    return not isinstance(module.open().before(Exchange(MODEL, (text,))), Allow)


def share(texts: Sequence[str], found: Callable[[str], bool]) -> float:
    """In percent."""
    return 100 * sum(map(found, texts)) / len(texts)


def by(module: Module) -> Callable[[str], bool]:
    """`finds`, of one module."""
    return lambda text: finds(module, text)
