"""What installers may reach, and what is said when that is not enough."""

from pathlib import Path

import pytest

from quantumlayer.qtest import DependencyError, Fault, warm_environment
from tests.packages.qtest.environments.conftest import Index

ELSEWHERE = "127.0.0.2:9"


@pytest.fixture
def elsewhere(index: Index) -> Index:
    """An index whose page leads to a file on another host."""
    folder = index.folder / "simple" / "thing"
    folder.mkdir(parents=True)
    name = "thing-1.0-py3-none-any.whl"
    (folder / "index.html").write_text(f'<a href="http://{ELSEWHERE}/{name}">{name}</a>')
    return index


async def test_a_host_that_is_no_registry_is_named_with_the_way_to_allow_it(
    elsewhere: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    with pytest.raises(DependencyError) as caught:
        await warm_environment("thing", tmp_path / "cache")
    assert caught.value.fault is Fault.INFRASTRUCTURE
    assert ELSEWHERE in str(caught.value)
    assert "QL_REGISTRY_HOSTS" in str(caught.value)


async def test_a_host_that_is_named_is_tried(
    elsewhere: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    monkeypatch.setenv("QL_REGISTRY_HOSTS", ELSEWHERE)
    with pytest.raises(DependencyError) as caught:
        await warm_environment("thing", tmp_path / "cache")
    assert caught.value.fault is Fault.INFRASTRUCTURE
    assert "QL_REGISTRY_HOSTS" not in str(caught.value)


async def test_what_is_no_host_is_told(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QL_REGISTRY_HOSTS", "mirror.example, https://mirror.example/simple")
    with pytest.raises(DependencyError, match=r"names `https://mirror\.example/simple`") as caught:
        await warm_environment("", tmp_path / "cache")
    assert caught.value.fault is Fault.INFRASTRUCTURE
