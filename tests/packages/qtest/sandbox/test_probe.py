"""Without a sandbox nothing runs, and the reason is said."""

from pathlib import Path

import pytest

from quantumlayer.qtest import SandboxUnavailable, Verdict, probe_sandbox, run_tests


@pytest.fixture
def forgotten_probe() -> None:
    probe_sandbox.cache_clear()


def test_a_working_machine_names_its_tier() -> None:
    assert probe_sandbox().tier.startswith("bubblewrap")


def test_without_bubblewrap_the_error_says_what_to_install(
    forgotten_probe: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        SandboxUnavailable, match=r"apt-get install bubblewrap.*quantumlayer doctor"
    ):
        probe_sandbox()


def test_a_bubblewrap_that_may_not_work_is_not_trusted(
    forgotten_probe: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    forbidden = tmp_path / "bwrap"
    forbidden.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
    )
    forbidden.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(SandboxUnavailable, match="No permissions to create new namespace"):
        probe_sandbox()


async def test_a_project_is_not_run_without_a_sandbox(
    forgotten_probe: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cache: Path
) -> None:
    (tmp_path / "test_it.py").write_text("def test_it(): open('ran', 'w')\n")
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    report = await run_tests(tmp_path, cache=cache)
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR
    assert "apt-get install bubblewrap" in report.reason
    assert not (tmp_path / "ran").exists()
