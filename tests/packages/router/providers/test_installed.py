"""Models that packages of anyone's offer to run in the worker's process."""

from pathlib import Path

import pytest

from quantumlayer.router import ProviderTraits, installed_models
from tests.support.offered_models import install_model


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that Python finds packages in."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_a_strangers_package_offers_its_model_by_the_name_of_its_entry_point(
    packages: Path,
) -> None:
    install_model(packages, "somebodys-models", "parrot")

    model = installed_models()["parrot"]

    assert model.name == "Parrot"
    assert model.traits == ProviderTraits(metered=False)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import nowhere_to_be_found\n", "ModuleNotFoundError: No module named 'nowhere"),
        ("class Another: ...\n", "AttributeError"),
        ("class Ox:\n    def __init__(self, key): ...\n", "TypeError"),
    ],
)
def test_a_package_whose_model_cannot_be_had_is_named_with_the_reason(
    packages: Path, source: str, why: str
) -> None:
    package = f"broken-by-{len(source)}"
    install_model(packages, package, "ox", source=source)
    with pytest.raises(RuntimeError, match=f"'ox' of {package} cannot be loaded") as caught:
        installed_models()
    assert why in str(caught.value)


def test_a_name_belongs_to_one_package(packages: Path) -> None:
    install_model(packages, "first-models", "twin")
    install_model(packages, "second-models", "twin")
    with pytest.raises(RuntimeError, match="two installed packages offer the model 'twin'"):
        installed_models()
