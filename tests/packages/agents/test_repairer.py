"""Repairs of runs older than the integrator."""

import pytest
from pydantic import ValidationError

from quantumlayer.agents.repairer import FileEdit


@pytest.mark.parametrize("path", ["../x.py", "/etc/passwd", "a/../../b", "capsule.json", "a\\b"])
def test_an_edit_cannot_leave_the_tree(path: str) -> None:
    with pytest.raises(ValidationError):
        FileEdit(path=path, action="write", content="x")
