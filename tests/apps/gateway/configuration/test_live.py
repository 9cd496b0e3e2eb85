"""What is served with is always valid: files, changes by administrators, and both at once."""

import asyncio
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quantumlayer.gateway.configuration import Change, ChangesInFile, Live, Overtaken
from quantumlayer.router.configuration import Configuration, ConfigurationError
from quantumlayer.router.configuration.problems import wrong

BASE = """\
providers: {openai: {api_key: sk-one}}
models:
  fast: {deployments: [{model: openai/one}]}
organisations: {acme: {models: [fast]}}
"""


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "gateway.yaml"
    return written(path, BASE)


def live(file: Path) -> Live[Configuration]:
    return Live(file, ChangesInFile(file.with_suffix(".changes")), lambda read: read, {})


def models(served: Live[Configuration]) -> list[str]:
    return list(served.current.models)


def read(path: Path) -> str:
    return path.read_text()


def gone(path: Path) -> None:
    path.unlink()


def in_place_of(file: Path, other: Path) -> None:
    os.utime(other, (time.time(), file.stat().st_mtime))
    other.replace(file)


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110 - files tell nobody that they changed
            await asyncio.sleep(0.02)


async def test_a_file_that_changed_is_used_and_a_wrong_one_never(file: Path) -> None:
    served = live(file)
    watching = asyncio.create_task(served.watch())
    try:
        written(file, BASE.replace("fast:", "quick:").replace("[fast]", "[quick]"))
        await until(lambda: models(served) == ["quick"])
        written(file, "providers: [")
        await until(lambda: served.problem is not None)
        assert "1:13" in str(served.problem)
        assert models(served) == ["quick"]
        gone(file)
        await asyncio.sleep(1.2)
        assert models(served) == ["quick"]
        written(file, BASE)
        await until(lambda: models(served) == ["fast"])
        assert served.problem is None
    finally:
        watching.cancel()


async def test_a_change_is_in_use_and_there_again_after_a_restart(file: Path) -> None:
    served = live(file)
    await served.change({"models": {"slow": {"deployments": [{"model": "openai/two"}]}}}, "ada")
    assert models(served) == ["fast", "slow"]
    again = live(file)
    assert models(again) == ["fast", "slow"]
    assert [change.by for change in again.log] == ["ada"]
    assert read(file) == BASE


async def test_what_was_taken_away_stays_away_and_may_come_back_new(file: Path) -> None:
    served = live(file)
    await served.change({"organisations": {"acme": None}}, "ada")
    assert served.current.organisations == {}
    await served.change({"organisations": {"acme": {"budgets": [{"usd": 1}]}}}, "ada")
    assert live(file).current.organisations["acme"].models is None


async def test_a_change_that_would_be_wrong_is_refused_and_leaves_no_trace(file: Path) -> None:
    served = live(file)
    before = served.current
    with pytest.raises(ConfigurationError, match="no such key"):
        await served.change({"models": {"fast": {"colour": "red"}}}, "ada")
    assert served.current is before
    assert served.log == ()
    assert not file.with_suffix(".changes").exists()


async def test_two_processes_see_each_others_changes_and_lose_none(file: Path) -> None:
    one, two = live(file), live(file)
    for number in range(10):
        await one.change({"organisations": {f"one-{number}": {}}}, "one")
        await two.change({"organisations": {f"two-{number}": {}}}, "two")
    await one.reload()
    assert len(one.current.organisations) == len(two.current.organisations) == 21


def test_of_two_changes_at_the_same_moment_one_is_told_to_read_again(file: Path) -> None:
    changes = ChangesInFile(file.with_suffix(".changes"))
    first = Change(datetime.now(UTC), "ada", {})
    changes.append(first)
    with pytest.raises(Overtaken):
        changes.append(Change(datetime.now(UTC), "bob", {}))
    assert changes.read() == (first,)


def test_a_line_that_a_crash_cut_is_no_change_and_in_nobodys_way(file: Path) -> None:
    path = file.with_suffix(".changes")
    changes = ChangesInFile(path)
    first = Change(datetime.now(UTC), "ada", {"cache": {"seconds": 1}})
    changes.append(first)
    with path.open("ab") as log:
        log.write(b'{"at":"2030-01-01T00:00')
    assert changes.read() == (first,)
    second = Change(datetime.now(UTC), "ada", {}, previous=first.hash)
    changes.append(second)
    assert changes.read() == (first, second)


@pytest.mark.parametrize("line", [0, 1])
def test_a_change_that_was_taken_out_or_rewritten_is_noticed(file: Path, line: int) -> None:
    path = file.with_suffix(".changes")
    changes = ChangesInFile(path)
    previous = Change(datetime.now(UTC), "ada", {})
    changes.append(previous)
    for _ in range(2):
        previous = Change(datetime.now(UTC), "ada", {}, previous=previous.hash)
        changes.append(previous)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:line] + lines[line + 1 :]))
    with pytest.raises(ConfigurationError, match="does not follow"):
        changes.read()
    path.write_bytes(b"".join(lines).replace(b'"ada"', b'"bob"', 1))
    with pytest.raises(ConfigurationError, match="does not follow"):
        changes.read()


async def test_a_wrong_file_at_the_start_is_refused(file: Path) -> None:
    written(file, "providers: {}")
    with pytest.raises(ConfigurationError, match="at least 1 item"):
        live(file)


async def test_a_log_of_changes_that_was_tampered_with_stops_the_start(file: Path) -> None:
    file.with_suffix(".changes").write_text("{}\n")
    with pytest.raises(ConfigurationError, match="cannot be trusted: this is no change"):
        live(file)


async def test_a_file_of_the_same_size_and_second_is_seen_when_it_is_put_in_place(
    file: Path,
) -> None:
    served = live(file)
    other = file.with_name("other.yaml")
    written(other, BASE.replace("fast", "tiny"))
    in_place_of(file, other)
    watching = asyncio.create_task(served.watch())
    try:
        await until(lambda: models(served) == ["tiny"])
    finally:
        watching.cancel()


def test_what_cannot_be_made_ready_is_named_with_its_line(file: Path) -> None:
    def build(_: Configuration) -> None:
        raise wrong(("models", "fast", "deployments", 0, "profile"), "no such fact")

    with pytest.raises(ConfigurationError) as raised:
        Live(file, ChangesInFile(file.with_suffix(".changes")), build, {})
    assert "gateway.yaml:3:24: models.fast.deployments.0.profile: no such fact" in str(raised.value)
    assert "{deployments: [{model: openai/one}]}" in str(raised.value)
