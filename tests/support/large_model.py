"""A model that plans far more files than one answer holds, each of them small."""

import re
from typing import Any

from quantumlayer.qlayer import FileRole
from quantumlayer.qlayer.stacks import stack
from tests.support.model_server import JsonReply, Reply
from tests.support.model_server.choosing import texts
from tests.support.stack_model import StackModel

MODULE = '''"""Multiples of {factor}."""


def multiple_{name}(number: int) -> int:
    """Give a number {factor} times."""
    return number * {factor}
'''
TEST = """from night_orders.scale_{name}_store import multiple_{name}


def test_r1_scale_{name}_multiplies() -> None:
    assert multiple_{name}(3) == {expected}
    assert multiple_{name}(0) == 0
"""
_AT_MOST = re.compile(r"[Aa]t most (\d+) (?:in one answer|of them now)")


class LargeModel(StackModel):
    """Builds the example of the Python library, and modules and tests up to so many files."""

    def __init__(self, files: int) -> None:
        """Nothing was asked yet."""
        super().__init__(stack("python-library"))
        for factor in range(2, 2 + (files - len(self.files)) // 2):
            name = f"{factor:03}"
            self.files |= {
                f"src/night_orders/scale_{name}_store.py": MODULE.format(factor=factor, name=name),
                f"tests/unit/test_scale_{name}.py": TEST.format(name=name, expected=3 * factor),
            }

    def __call__(self, request: dict[str, Any]) -> Reply:
        """The plan in pieces, as many files each as are asked for; all else as of any stack."""
        item = texts(request)[-1]
        if item.startswith("Go on with the plan"):
            self.asked.append(item)
        elif not item.startswith("Choose what this application"):
            return super().__call__(request)
        else:
            self.asked.append(item)
        (most,) = map(int, _AT_MOST.findall(item))
        known = set(re.findall(r"(?m)^- (\S+) \(\w+\): ", item))
        left = [one for one in self._plan()["files"] if one["path"] not in known]
        # Sources first, as is asked for.
        left.sort(key=lambda one: one["role"] == FileRole.TEST.value)
        piece = {**self._plan(), "files": left[:most], "more": len(left) > most}
        return JsonReply(value=piece)
