"""Where Temporal comes from, and what is said when it comes from nowhere."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from quantumlayer.cli.errors import PlatformError
from quantumlayer.cli.platform import temporal_binary
from quantumlayer.cli.platform.temporal_binary import (
    VERSION,
    cached_path,
    find_temporal,
    obtain_temporal,
    version_of,
)

GOOD = "#!/bin/sh\necho 'temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)'\n"


def program(path: Path, text: str = GOOD) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of our own: the system's tools, and nothing named temporal or go."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return folder


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that nobody serves: every request out of this machine is refused."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")


def test_the_pinned_version_is_the_modules() -> None:
    module = Path(__file__).parents[4] / "infrastructure" / "temporal" / "go.mod"
    assert f"github.com/temporalio/cli v{VERSION}" in module.read_text()


def test_setting_comes_before_path_and_path_before_cache(tmp_path: Path, tools: Path) -> None:
    cache = tmp_path / "cache"
    assert find_temporal(None, cache) is None
    program(cached_path(cache))
    found = find_temporal(None, cache)
    assert found is not None
    assert (found.path, found.source) == (cached_path(cache), "cache")
    on_path = program(tools / "temporal")
    found = find_temporal(None, cache)
    assert found is not None
    assert (found.path, found.source) == (on_path, "path")
    chosen = program(tmp_path / "chosen")
    found = find_temporal(chosen, cache)
    assert found is not None
    assert (found.path, found.source) == (chosen, "setting")


def test_a_setting_that_cannot_be_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match=r"QL_TEMPORAL_BINARY names .*/absent"):
        find_temporal(tmp_path / "absent", tmp_path)


@pytest.mark.parametrize(
    "text", ["#!/bin/sh\necho something else\n", "#!/bin/sh\nexit 3\n", "not a program"]
)
def test_a_binary_that_is_no_temporal_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(PlatformError, match="remove it"):
        version_of(program(tmp_path / "temporal", text))


@pytest.mark.usefixtures("no_network")
def test_without_network_and_go_it_says_what_to_do(tmp_path: Path, tools: Path) -> None:
    said: list[str] = []
    with pytest.raises(PlatformError, match=r"install Go .* or set QL_TEMPORAL_BINARY"):
        obtain_temporal(None, tmp_path, said.append)
    assert any("download did not work" in line for line in said)
    assert not cached_path(tmp_path).exists()


@pytest.mark.usefixtures("no_network")
def test_a_build_lands_whole_in_the_cache_and_happens_once(tmp_path: Path, tools: Path) -> None:
    calls = tmp_path / "calls"
    # Stands for the Go compiler: writes the program to where `-o` says.
    program(
        tools / "go",
        f'#!/bin/sh\necho call >>{calls}\nwhile [ "$1" != -o ]; do shift; done\n'
        f'cat >"$2" <<\'END\'\n{GOOD}END\nchmod +x "$2"\n',
    )
    said: list[str] = []
    threads = [
        threading.Thread(target=obtain_temporal, args=(None, tmp_path, said.append))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert version_of(cached_path(tmp_path)).startswith("temporal version")
    assert calls.read_text().count("call") == 1
    assert any("building" in line for line in said)
    left = {path.name for path in cached_path(tmp_path).parent.iterdir()}
    assert left == {"temporal", "lock"}


@pytest.mark.usefixtures("no_network")
def test_a_failed_build_shows_the_compilers_reason(tmp_path: Path, tools: Path) -> None:
    program(tools / "go", "#!/bin/sh\necho 'go: module lookup disabled' >&2\nexit 1\n")
    with pytest.raises(PlatformError, match=r"module lookup disabled.*GOPROXY"):
        obtain_temporal(None, tmp_path, lambda _line: None)
    assert not cached_path(tmp_path).exists()


@pytest.mark.usefixtures("no_network")
def test_a_build_without_a_checkout_is_refused(
    tmp_path: Path, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tools / "go", "#!/bin/sh\nexit 0\n")
    monkeypatch.setattr(temporal_binary, "__file__", str(tmp_path / "installed.py"))
    with pytest.raises(PlatformError, match="no checkout"):
        obtain_temporal(None, tmp_path / "cache", lambda _line: None)
