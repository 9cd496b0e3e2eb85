"""Facts of models in a deployment's own file."""

from pathlib import Path

import pytest

from quantumlayer.router.profiles.families import profile_of
from quantumlayer.router.profiles.overrides import read_overrides


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.toml", '["openai/local"]\nefforts = ["low", "high"]\n'),
        ("p.json", '{"openai/local": {"efforts": ["low", "high"]}}'),
    ],
)
def test_both_formats_say_the_same(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    overrides = read_overrides(tmp_path / name)
    assert profile_of("openai/local", None, overrides).efforts == ("low", "high")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("p.toml", '["x"]\nwindow = 1\n', "window: Extra inputs"),
        ("p.toml", '["x"]\noutput_cap = -1\n', "output_cap: Input should be greater than 0"),
        ("p.toml", "output_cap = 1\n", "output_cap: Input should be a valid"),
        ("p.toml", "[x", "p.toml: "),
        ("p.json", "{", "p.json: "),
    ],
)
def test_what_no_profile_has_is_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=rf"{name}.*{said}|{said}"):
        read_overrides(tmp_path / name)
