"""Which models the platform has for its runs, as `doctor` and `up` say it."""

import pytest

from quantumlayer.cli.platform.needs import Need, model_need
from quantumlayer.core.settings import PlatformSettings


def need(model: str | None = None, models: str = "") -> Need:
    return model_need(PlatformSettings(_env_file=None, model=model, models=models))


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An image without packages that offer models."""
    monkeypatch.setattr("quantumlayer.core.models.installed_names", tuple)
    monkeypatch.setattr("quantumlayer.cli.platform.needs.installed_names", tuple)


def test_what_is_installed_and_what_is_named_is_told_with_the_default_first() -> None:
    assert need().found == "builtin (in this process)"
    told = need(model="openai/gpt-5", models="openai/gpt-5-mini")
    assert told.met
    assert told.found == "openai/gpt-5, openai/gpt-5-mini, builtin (in this process)"


def test_without_any_model_it_is_said_what_to_set(nothing_installed: None) -> None:
    lacking = need()
    assert (lacking.met, lacking.essential) == (False, True)
    assert "no built-in model is installed" in lacking.found
    assert "QL_MODEL" in lacking.advice


def test_a_named_model_will_do_without_an_installed_one(nothing_installed: None) -> None:
    assert need(model="openai/gpt-5") == Need(
        "model", met=True, essential=True, found="openai/gpt-5"
    )
