"""What tells that parts which run are of another age than the code."""

import os
from pathlib import Path

import pytest

import quantumlayer
from quantumlayer.cli.platform.environment import code_fingerprint


@pytest.fixture
def member(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "core" / "__pycache__").mkdir(parents=True)
    (tmp_path / "core" / "clock.py").write_text("NOW = 1\n", encoding="utf-8")
    monkeypatch.setattr(quantumlayer, "__path__", [str(tmp_path)])
    return tmp_path / "core"


def test_the_same_code_has_the_same_fingerprint(member: Path) -> None:
    before = code_fingerprint()
    (member / "__pycache__" / "clock.pyc").write_bytes(b"compiled")
    assert code_fingerprint() == before


def test_changed_new_and_removed_files_are_noticed(member: Path) -> None:
    seen = {code_fingerprint()}
    (member / "clock.py").write_text("NOW = 22\n", encoding="utf-8")
    seen.add(code_fingerprint())
    (member / "page.jinja").write_text("{{ now }}\n", encoding="utf-8")
    seen.add(code_fingerprint())
    os.utime(member / "page.jinja", ns=(1, 1))
    seen.add(code_fingerprint())
    (member / "clock.py").unlink()
    seen.add(code_fingerprint())
    assert len(seen) == 5
