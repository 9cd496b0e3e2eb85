"""A sandbox that fills a folder of the host can change that folder and nothing else."""

import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import pytest

from quantumlayer.qtest import BubblewrapSandbox, Limits, SandboxResult, SandboxUnavailable
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.filling import Target, bytes_in, walked

MIB = 1024 * 1024
QUICK = Limits(wall_seconds=30, cpu_seconds=30, disk_bytes=16 * MIB)


@pytest.fixture(
    params=[True, False] if os.getuid() == 0 else [False],
    ids=["private host user", "single step"] if os.getuid() == 0 else ["single step"],
)
def walls(request: pytest.FixtureRequest) -> BubblewrapSandbox:
    return BubblewrapSandbox(private_host_user=request.param)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "above" / "target"
    (made / "below").mkdir(parents=True)
    (made / "given.txt").write_text("given")
    return made


async def fill(walls: BubblewrapSandbox, folder: Path, *script: str) -> SandboxResult:
    command: Sequence[str] = ["/bin/sh", "-c", "; ".join(script)]
    return await walls.fill(command, Target(folder, folder / "below"), limits=QUICK)


async def test_what_it_leaves_is_there_and_ours(walls: BubblewrapSandbox, folder: Path) -> None:
    result = await fill(walls, folder, "cat ../given.txt", "pwd", "mkdir a", "echo left > a/file",
                        "ln -s a/file link")  # fmt: skip
    assert result.stdout == f"given{folder}/below\n", result
    left = folder / "below" / "a" / "file"
    assert left.read_text() == "left\n"
    assert {status.st_uid for _, status in walked(folder)} == {os.getuid()}


async def test_what_it_reads_may_lie_beside_it_in_the_folder_for_temporary_files(
    walls: BubblewrapSandbox, folder: Path
) -> None:
    # Temporary files of the host are in a folder that the sandbox has one of its own for.
    beside = folder.parent / "beside.txt"
    beside.write_text("beside")
    place = PurePosixPath("/tmp/else") / folder.name  # noqa: S108 - inside of the sandbox
    places = (PurePosixPath(beside), place / "beside.txt")
    mounts = [Mount(source=beside, target=place) for place in places]
    command = ["/bin/sh", "-c", f"cat {beside} {place}/beside.txt; pwd"]
    target = Target(folder, folder / "below")
    result = await walls.fill(command, target, mounts=mounts, limits=QUICK)
    assert result.stdout == f"besidebeside{folder}/below\n", result


async def test_nothing_beside_it_is_seen_or_changed(walls: BubblewrapSandbox, folder: Path) -> None:
    (folder.parent / "beside.txt").write_text("beside")
    result = await fill(
        walls, folder, "ls ../..", "touch ../../beside.txt", "touch /usr/x", "rmdir ../../target"
    )
    assert result.stdout == "target\n"
    assert (folder.parent / "beside.txt").read_text() == "beside"
    assert (folder / "given.txt").read_text() == "given"


async def test_a_program_of_another_user_is_no_such_thing_afterwards(
    walls: BubblewrapSandbox, folder: Path
) -> None:
    await fill(walls, folder, "cp /bin/true own", "chmod 6755 own")
    assert (folder / "below" / "own").stat().st_mode & 0o7000 == 0


@pytest.mark.parametrize("script", ["ln -s / ../out", "ln -s ../../beside.txt ../out"])
async def test_a_link_that_leads_out_is_refused(
    walls: BubblewrapSandbox, folder: Path, script: str
) -> None:
    with pytest.raises(SandboxUnavailable, match="leads outside: out"):
        await fill(walls, folder, script)


async def test_a_pipe_is_refused(walls: BubblewrapSandbox, folder: Path) -> None:
    with pytest.raises(SandboxUnavailable, match="no file: pipe"):
        await fill(walls, folder, "mkfifo pipe")


async def test_it_has_a_size(walls: BubblewrapSandbox, folder: Path) -> None:
    result = await fill(
        walls, folder, "i=0; while [ $i -lt 400 ]; do head -c 1000000 /dev/zero > $i; "
        "i=$((i + 1)); sleep 0.01; done"
    )  # fmt: skip
    assert result.limits_hit == ("disk_bytes",)


def test_a_file_with_two_names_counts_once(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(bytes(MIB))
    before = bytes_in(tmp_path)
    (tmp_path / "two").hardlink_to(tmp_path / "one")
    assert MIB <= before == bytes_in(tmp_path)
