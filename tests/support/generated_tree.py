"""Generated projects on disk, and the programs that judge them."""

import os
import subprocess
import sys
from pathlib import Path

from quantumlayer.builtin.writing import plan, write_all
from quantumlayer.qlayer.requirements import Requirements


def write_tree(requirements: Requirements, root: Path) -> Path:
    """Write all files of a project under `root`, which is returned."""
    files = plan(requirements).files
    for name, content in write_all(requirements, (file.path for file in files)).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return root


def run(root: Path, *command: str, seconds: float = 240) -> subprocess.CompletedProcess[str]:
    """Run `python -m …` in a project, with an environment that holds nothing of ours."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("QL_", "PYTEST"))
    }
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=root,
        env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )
