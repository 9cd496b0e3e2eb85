"""Guardrail modules that packages of anyone's offer."""

from pathlib import Path

import pytest

from quantumlayer.router.guardrails import (
    ENTRY_POINTS,
    Exchange,
    Module,
    Refusal,
    available_modules,
    known_topics,
)
from tests.support.guardrail_parts import asked
from tests.support.offered_models import install

SOURCE = '''"""Somebody else's module: it knows its own house's code names."""

from dataclasses import dataclass

from quantumlayer.router.guardrails import ALLOW, Exchange, Guard, Kind, Refuse


@dataclass(frozen=True)
class CodeNames:
    words: tuple[str, ...]
    name: str = "code-names"
    kind: Kind = Kind.POLICY
    order: int = 65
    limit_milliseconds: float = 20

    def open(self):
        return _Guard(self.words)


class _Guard(Guard):
    def __init__(self, words):
        self._words = words

    async def before(self, exchange):
        if any(word in text for word in self._words for text in exchange.texts):
            return Refuse("code-name", "The request holds a code name.", "Say it otherwise.")
        return ALLOW
'''


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that Python finds packages in."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


async def test_a_strangers_module_is_made_from_its_settings_and_runs_with_ours(
    packages: Path,
) -> None:
    install(packages, "house-guards", ENTRY_POINTS, {"code-names": "CodeNames"}, SOURCE)

    module = available_modules()["code-names"](words=("Falcon",))

    assert isinstance(module, Module)
    assert await asked([module], "Plan a release.") == Exchange(
        "openai/gpt-5", ("Plan a release.",)
    )
    refused = await asked([module], "Plan the release of Falcon.")
    assert isinstance(refused, Refusal)
    assert (refused.module, refused.said.reason) == ("code-names", "code-name")


def test_all_of_ours_are_there_by_the_names_that_they_give_themselves() -> None:
    settings: dict[str, dict[str, object]] = {
        "models": {"allowed": ("*",)},
        "topics": {"allowed": known_topics()},
    }
    makers = available_modules()

    assert set(makers) >= {"secrets", "personal-data", "abuse", "prompt-injection", "journal"}
    for name, maker in makers.items():
        assert maker(**settings.get(name, {})).name == name


def test_a_package_whose_module_cannot_be_had_is_named_with_the_reason(packages: Path) -> None:
    source = "import nowhere_to_be_found\n"
    install(packages, "broken-guards", ENTRY_POINTS, {"odd": "Odd"}, source)

    with pytest.raises(RuntimeError, match="'odd' of broken-guards cannot be loaded") as caught:
        available_modules()
    assert "nowhere_to_be_found" in str(caught.value)


def test_a_strangers_module_cannot_take_the_place_of_ours(packages: Path) -> None:
    install(packages, "twin-guards", ENTRY_POINTS, {"secrets": "CodeNames"}, SOURCE)

    with pytest.raises(RuntimeError, match="'secrets' of twin-guards has a name that is taken"):
        available_modules()
