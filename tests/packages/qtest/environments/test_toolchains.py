"""Asking the machine's toolchains, and preparing them ahead of time."""

from pathlib import Path

import pytest

from quantumlayer.qtest import Language, ToolMissing, warm_toolchains
from quantumlayer.qtest.environments.toolchains import ADVICE, require


async def test_what_is_prepared_once_is_ready(cache: Path) -> None:
    found = await warm_toolchains(cache)
    assert found == dict.fromkeys(
        (Language.GO, Language.JAVA, Language.RUST, Language.C, Language.CPP), ""
    )


@pytest.mark.parametrize("tool", sorted(ADVICE))
def test_an_absent_tool_is_named_with_how_to_get_it(
    tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match=f"`{tool.replace('+', '.')}` is not installed.*Install"):
        require(tool, "Its tests")
