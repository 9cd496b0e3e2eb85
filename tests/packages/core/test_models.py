"""Which models a run may have."""

from pathlib import Path

import pytest

from quantumlayer.core.models import installed_names, is_offered, offered
from tests.support.offered_models import install_model


def test_what_is_installed_is_known_without_being_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    install_model(tmp_path, "zebras", "zebra", source="raise RuntimeError")
    assert installed_names() == ("builtin", "zebra")


@pytest.mark.parametrize(
    ("model", "others", "names"),
    [
        (None, "", ("builtin",)),
        (None, "openai/a", ("builtin", "openai/a")),
        ("openai/a", "", ("openai/a", "builtin")),
        ("openai/a", " openai/b, openai/a,,", ("openai/a", "openai/b", "builtin")),
        ("builtin", "openai/a", ("builtin", "openai/a")),
    ],
)
def test_the_default_comes_first_and_what_is_installed_may_always_be_chosen(
    model: str | None, others: str, names: tuple[str, ...]
) -> None:
    assert offered(model, others) == names


@pytest.mark.parametrize(
    ("model", "others", "names"),
    [
        (None, "", ()),
        (None, "openai/b", ("openai/b",)),
        ("openai/a", "openai/b", ("openai/a", "openai/b")),
        # Another machine's worker may have it: who names it is believed.
        ("builtin", "", ("builtin",)),
    ],
)
def test_where_none_is_installed_there_are_those_that_settings_name(
    monkeypatch: pytest.MonkeyPatch, model: str | None, others: str, names: tuple[str, ...]
) -> None:
    monkeypatch.setattr("quantumlayer.core.models.installed_names", tuple)
    assert offered(model, others) == names


@pytest.mark.parametrize("model", ["builtin", "openai/gpt-5", "openai/gpt-5-mini"])
def test_a_name_or_a_pattern_offers_a_model(model: str) -> None:
    assert is_offered(model, ("builtin", "openai/gpt-5*"))


@pytest.mark.parametrize("model", ["openai/gpt-4", "OPENAI/gpt-5", "openai/gpt-5*", "*", ""])
def test_no_other_name_is_offered_and_no_pattern_is_a_name(model: str) -> None:
    assert not is_offered(model, ("builtin", "openai/gpt-5*"))
