"""Which API a command talks to, and which model it means."""

from pathlib import Path

import pytest

from quantumlayer.cli.client.reach import chosen_model


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder and an environment that names no model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QL_MODEL", raising=False)
    return tmp_path


def test_without_a_word_the_platform_chooses() -> None:
    assert chosen_model() is None


def test_the_environment_names_the_model_over_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("QL_MODEL=openai/of-the-file\n")
    assert chosen_model() == "openai/of-the-file"
    monkeypatch.setenv("QL_MODEL", "openai/gpt-5")
    assert chosen_model() == "openai/gpt-5"
