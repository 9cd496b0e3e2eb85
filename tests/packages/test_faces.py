"""What a package shows is loaded when it is used: every name that it promises can be had."""

import importlib

import pytest

FACES = (
    "quantumlayer.manifests",
    "quantumlayer.manifests.javascript",
    "quantumlayer.parser",
    "quantumlayer.parser.dependencies",
    "quantumlayer.parser.imports",
    "quantumlayer.qlayer",
    "quantumlayer.qlayer.checking",
    "quantumlayer.qlayer.quality",
    "quantumlayer.qtest",
    "quantumlayer.qtest.environments",
    "quantumlayer.qtest.environments.access",
    "quantumlayer.qtest.syntax",
    "quantumlayer.router",
    "quantumlayer.router.guardrails",
)


@pytest.mark.parametrize("name", FACES)
def test_every_promised_name_is_there(name: str) -> None:
    face = importlib.import_module(name)
    assert len(face.__all__) > 1
    for promised in face.__all__:
        assert getattr(face, promised) is not None


def test_a_name_that_nobody_promised_is_not_there() -> None:
    with pytest.raises(AttributeError, match="nobodys_name"):
        _ = importlib.import_module("quantumlayer.qtest").nobodys_name
