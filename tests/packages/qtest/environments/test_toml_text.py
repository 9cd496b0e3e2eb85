"""TOML that is written is the TOML that was read."""

import tomllib

import pytest

from quantumlayer.qtest.environments.toml_text import toml_text


@pytest.mark.parametrize(
    "given",
    [
        "a = 1\nb = true\nc = 1.5\nd = 'x'\n",
        "[target.'cfg(unix)']\nrustflags = ['-C', 'link-arg=\"x\"']\n",
        "[env]\nHERE = { value = 'a b', relative = true }\n",
        "[[part]]\nname = 'é\t'\nof = [[1, 2], []]\n[[part]]\nname = '\\'\n",
        "at = 2026-11-28T10:00:00Z\nday = 2026-11-28\n",
        "",
    ],
)
def test_what_is_written_reads_the_same(given: str) -> None:
    table = tomllib.loads(given)
    assert tomllib.loads(toml_text(table)) == table
