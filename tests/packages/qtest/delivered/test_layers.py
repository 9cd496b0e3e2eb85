"""Kept layers: whole or not there, bounded, and taken only where nothing has changed."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from quantumlayer.qtest import Limits
from quantumlayer.qtest.delivered import Delivery, emulating_starter
from quantumlayer.qtest.delivered.dockerfile import read_dockerfile
from quantumlayer.qtest.delivered.emulated_image import EmulatedImage
from quantumlayer.qtest.delivered.emulation import EmulatingStarter
from quantumlayer.qtest.delivered.image import Given
from quantumlayer.qtest.delivered.keys import Keys
from quantumlayer.qtest.delivered.layers import FACTS, LONGEST_LIFE_SECONDS, Layers
from quantumlayer.qtest.delivered.model import BUILD_LIMITS
from quantumlayer.qtest.delivered.outline import Outline

GIVEN = (Given("app", "/data", True),)
KEEPER = """
import asyncio, sys
from pathlib import Path
from quantumlayer.qtest.delivered.layers import Layers
print("begun", flush=True)
asyncio.run(Layers(Path(sys.argv[1])).keep("key", Path(sys.argv[2]), ()))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small root with what roots hold."""
    folder = tmp_path / "root"
    (folder / "app").mkdir(parents=True)
    (folder / "app/service.py").write_text("print(1)\n")
    (folder / "app/run").write_text("#!/bin/sh\n")
    (folder / "app/run").chmod(0o755)
    (folder / "bin").symlink_to("usr/bin")
    return folder


async def test_what_was_kept_comes_back_as_it_was(tmp_path: Path, root: Path) -> None:
    layers, there = Layers(tmp_path / "cache"), tmp_path / "there"
    # given
    await layers.keep("key", root, GIVEN)
    # when
    given = await layers.restored("key", there)
    # then
    assert given == GIVEN
    assert (there / "app/service.py").read_text() == "print(1)\n"
    assert os.access(there / "app/run", os.X_OK)
    assert str((there / "bin").readlink()) == "usr/bin"


async def test_what_is_not_kept_leaves_nothing_where_it_should_go(tmp_path: Path) -> None:
    there = tmp_path / "there"
    assert await Layers(tmp_path / "cache").restored("key", there) is None
    assert not there.exists()


async def test_a_root_that_holds_more_than_files_is_not_kept(tmp_path: Path, root: Path) -> None:
    layers = Layers(tmp_path / "cache")
    # given
    os.mkfifo(root / "pipe")
    # when
    await layers.keep("key", root, ())
    # then
    assert not layers.has("key")
    assert not list(layers.folder.iterdir())


async def test_two_builds_that_keep_the_same_at_once_leave_one(tmp_path: Path, root: Path) -> None:
    layers = Layers(tmp_path / "cache")
    await asyncio.gather(*(layers.keep("key", root, GIVEN) for _ in range(4)))
    assert [path.name for path in layers.folder.iterdir()] == ["key"]
    assert await layers.restored("key", tmp_path / "there") == GIVEN


async def test_a_builder_that_is_killed_leaves_nothing_that_could_be_taken(
    tmp_path: Path, root: Path
) -> None:
    layers = Layers(tmp_path / "cache")
    # given: so much that keeping takes a while
    for number in range(800):
        (root / f"file-{number}").write_text("x")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KEEPER, str(tmp_path / "cache"), str(root),
        stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    await process.stdout.readline()
    drafts: list[Path] = []
    while not drafts:
        drafts = list(layers.folder.glob(".key.*/root")) if layers.folder.is_dir() else []
        await asyncio.sleep(0.002)
    # when
    os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
    # then
    assert await layers.restored("key", tmp_path / "there") is None
    # and the next one keeps it, and clears the draft away when it is old
    for draft in layers.folder.glob(".key.*"):
        os.utime(draft, (0, 0))
    await layers.keep("key", root, ())
    assert [path.name for path in layers.folder.iterdir()] == ["key"]


async def test_a_layer_that_is_forgotten_while_it_is_taken_is_not_taken_for_whole(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers = Layers(tmp_path / "cache")
    await layers.keep("key", root, ())
    # given: it is forgotten as soon as the copy is made
    from quantumlayer.qtest.delivered import layers as module  # noqa: PLC0415 - only this test needs it

    real = module.copied

    async def copied(source: Path, target: Path) -> None:
        await real(source, target)
        layers.forget("key")

    monkeypatch.setattr(module, "copied", copied)
    # when, then
    assert await layers.restored("key", tmp_path / "there") is None
    assert not (tmp_path / "there").exists()


async def test_what_was_not_used_for_longest_makes_room(tmp_path: Path, root: Path) -> None:
    # given: room for two of them
    (root / "large").write_bytes(os.urandom(1 << 20))
    layers = Layers(tmp_path / "cache", largest=5 << 19)
    await layers.keep("first", root, ())
    await layers.keep("second", root, ())
    for name, moment in (("first", 2), ("second", 1)):
        os.utime(layers.folder / name, (moment, moment))
    # when
    await layers.keep("third", root, ())
    # then
    assert {path.name for path in layers.folder.iterdir()} == {"first", "third"}


async def test_what_alone_is_too_large_is_not_kept(tmp_path: Path, root: Path) -> None:
    (root / "large").write_bytes(os.urandom(1 << 20))
    layers = Layers(tmp_path / "cache", largest=1 << 19)
    await layers.keep("key", root, ())
    assert not layers.has("key")


async def test_an_old_layer_is_made_anew(tmp_path: Path, root: Path) -> None:
    layers = Layers(tmp_path / "cache")
    await layers.keep("key", root, ())
    # given
    old = time.time() - LONGEST_LIFE_SECONDS - 1
    os.utime(layers.folder / "key" / FACTS, (old, old))
    # then
    assert not layers.has("key")
    # when
    await layers.keep("key", root, GIVEN)
    # then
    assert layers.has("key")
    assert await layers.restored("key", tmp_path / "there") == GIVEN


DOCKERFILE = """\
FROM debian:bookworm-slim AS build
ARG VERSION=1
WORKDIR /app
COPY lock ./
RUN make $VERSION
COPY *.txt sources ./

FROM debian:bookworm-slim
ENV LEVEL=info
COPY --from=build /app /app
CMD ["/app/run"]
"""
COPIED_LOCK, RAN, COPIED_SOURCES = 2, 3, 4


async def keys_of(folder: Path, text: str, limits: Limits = BUILD_LIMITS) -> list[list[str]]:
    outline = Outline(read_dockerfile(text), {})
    keys = Keys(outline, folder, limits, folder)
    return [await keys.of_stage(index) for index in (0, 1)]


def changed(text: str, before: str, after: str) -> str:
    assert text.count(before) == 1
    return text.replace(before, after)


@pytest.fixture
def context(tmp_path: Path) -> Path:
    folder = tmp_path / "context"
    (folder / "sources").mkdir(parents=True)
    for name in ("lock", "notes.txt", "sources/main", "other"):
        (folder / name).write_text(name)
    return folder


@pytest.mark.parametrize(
    ("name", "first_changed"),
    [("lock", COPIED_LOCK), ("sources/main", COPIED_SOURCES), ("new.txt", COPIED_SOURCES)],
)
async def test_a_changed_file_changes_what_follows_from_it(
    name: str, first_changed: int, context: Path
) -> None:
    before = await keys_of(context.parent, DOCKERFILE)
    # when
    (context / name).write_text("changed")
    # then
    after = await keys_of(context.parent, DOCKERFILE)
    same = [one == other for one, other in zip(before[0], after[0], strict=True)]
    assert same == [place < first_changed for place in range(len(same))]
    assert before[1][-1] != after[1][-1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ARG VERSION=1", "ARG VERSION=2"),
        ("RUN make $VERSION", "RUN make  all"),
        ("WORKDIR /app\n", "WORKDIR /srv\n"),
        ("FROM debian:bookworm-slim AS", "FROM debian:bookworm AS"),
        ("COPY lock ./", "COPY --chmod=700 lock ./"),
    ],
)
async def test_what_is_said_otherwise_changes_what_follows(
    before: str, after: str, context: Path
) -> None:
    first = await keys_of(context.parent, DOCKERFILE)
    second = await keys_of(context.parent, changed(DOCKERFILE, before, after))
    assert first[0][RAN] != second[0][RAN]
    assert first[1][-1] != second[1][-1]


async def test_what_files_do_not_come_from_changes_nothing(context: Path) -> None:
    first = await keys_of(context.parent, DOCKERFILE)
    # when: a comment, a setting that comes later, another stage's command
    text = changed(DOCKERFILE, "WORKDIR /app", "# where it is\nWORKDIR /app")
    text = changed(text, '["/app/run"]', '["/app/run", "--fast"]')
    # then
    assert await keys_of(context.parent, text) == first


async def test_a_link_on_the_way_makes_all_files_count(context: Path) -> None:
    # given
    (context / "lock").unlink()
    (context / "lock").symlink_to("other")
    before = await keys_of(context.parent, DOCKERFILE)
    # when
    (context / "other").write_text("changed")
    # then
    after = await keys_of(context.parent, DOCKERFILE)
    assert before[0][COPIED_LOCK] != after[0][COPIED_LOCK]


async def test_other_limits_are_another_outcome(context: Path) -> None:
    less = BUILD_LIMITS.model_copy(update={"cpu_seconds": 1})
    first = await keys_of(context.parent, DOCKERFILE)
    assert first != await keys_of(context.parent, DOCKERFILE, less)


async def test_what_cannot_be_told_before_it_is_played_has_no_key(context: Path) -> None:
    text = changed(DOCKERFILE, "COPY --from=build", "COPY --from=registry.test/other")
    _, after = await keys_of(context.parent, text)
    assert after[0]
    assert after[1:] == ["", ""]


MADE = """\
FROM debian:bookworm-slim AS build
COPY lock ./
RUN cat /proc/sys/kernel/random/uuid > /made && chown 10001 /made
FROM debian:bookworm-slim
COPY --from=build /made /made
COPY notes.txt ./
USER 10001
CMD ["cat", "/made"]
"""


@pytest.mark.slow
async def test_an_unchanged_beginning_of_a_build_is_not_played_again(
    context: Path, tmp_path: Path
) -> None:
    sandbox = emulating_starter(tmp_path / "cache").sandbox
    starter = EmulatingStarter(sandbox, tmp_path / "cache", slow_seconds=0.0)
    (context / "Dockerfile").write_text(MADE)

    async def made() -> tuple[str, str]:
        async with starter.build(Delivery(folder=context)) as image:
            assert isinstance(image, EmulatedImage)
            root = image.workshop.work / image.image.root
            return (root / "made").read_text(), (root / "notes.txt").read_text()

    # given
    first = await made()
    # when, then: something that comes later has changed
    (context / "notes.txt").write_text("changed")
    assert await made() == (first[0], "changed")
    # when, then: something that comes before has changed
    (context / "lock").write_text("changed")
    assert (await made())[0] != first[0]
