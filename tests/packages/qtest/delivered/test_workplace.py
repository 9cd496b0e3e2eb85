"""Folders of builders that were killed are cleared away, and never those of the living."""

import subprocess
import sys
from pathlib import Path

import pytest

from quantumlayer.qtest.delivered import workplace as module
from quantumlayer.qtest.delivered.workplace import PREFIX, workplace

HOLDER = """
import time
from quantumlayer.qtest.delivered.workplace import workplace
with workplace() as folder:
    print(folder, flush=True)
    time.sleep(60)
"""


def test_what_a_killed_builder_leaves_is_cleared_away_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given: two builders in a folder for temporary files of their own
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(module, "YOUNG_SECONDS", 0.0)
    (tmp_path / f"{PREFIX}link").symlink_to("/etc")
    command = [sys.executable, "-c", HOLDER]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as living,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as dead,
    ):
        assert living.stdout is not None
        assert dead.stdout is not None
        kept, left = Path(living.stdout.readline().strip()), Path(dead.stdout.readline().strip())
        (left / "roots").mkdir()
        # when
        dead.kill()
        dead.wait()
        with workplace() as own:
            # then
            assert not left.exists()
            assert kept.is_dir()
            assert own.is_dir()
        assert not own.exists()
        living.kill()
