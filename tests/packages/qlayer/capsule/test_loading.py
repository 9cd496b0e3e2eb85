"""What is loaded for a capsule, and when."""

import subprocess
import sys

import pytest

WRITERS = ("cyclonedx", "securesystemslib")


@pytest.mark.parametrize(
    "module",
    [
        "quantumlayer.qlayer.capsule.layout",
        "quantumlayer.qlayer.revision.capsules",
        "quantumlayer.worker.composition",
        "quantumlayer.api.app",
    ],
)
def test_nobody_waits_for_what_signs_capsules_before_there_is_one(module: str) -> None:
    program = f"import sys, {module}; print(*(one for one in {WRITERS} if one in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == []
