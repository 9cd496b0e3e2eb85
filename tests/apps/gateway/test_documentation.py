"""What docs/gateway.md shows works as it stands there."""

import re
from pathlib import Path

from quantumlayer.gateway.serving.building import check
from quantumlayer.router.configuration import read_text

DOCUMENT = Path(__file__).parents[3] / "docs" / "gateway.md"


def test_the_configuration_that_is_shown_can_be_used() -> None:
    shown = re.search(r"```yaml\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert shown is not None
    hashes = iter("abcdef")
    text = re.sub("sha256:…", lambda _: "sha256:" + next(hashes) * 64, shown[1])
    check(read_text(text, {"OPENAI_API_KEY": "one", "ANTHROPIC_API_KEY": "two"}))
