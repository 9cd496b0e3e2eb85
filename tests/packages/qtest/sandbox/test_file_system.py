"""What a sandbox sees of files, in the order in which bubblewrap makes it."""

from pathlib import Path, PurePosixPath

from quantumlayer.qtest.model import MIB, Limits
from quantumlayer.qtest.sandbox.file_system import file_system, folders_above
from quantumlayer.qtest.sandbox.filling import Target
from quantumlayer.qtest.sandbox.model import Mount

TEMPORARY = "/tmp"  # noqa: S108 - inside the sandbox
LIMITS = Limits(disk_bytes=2_000 * MIB)


def mount(target: str) -> Mount:
    return Mount(source=Path("/usr/share"), target=PurePosixPath(target))


def test_folders_on_the_way_come_parents_first_and_once() -> None:
    found = folders_above([PurePosixPath("/opt/a/b"), PurePosixPath("/opt/c")])
    assert [str(one) for one in found] == ["/etc", "/mnt", "/opt", "/opt/a"]


def test_what_lies_in_the_disk_of_its_own_is_made_behind_it() -> None:
    options = file_system([mount("/opt/a"), mount(f"{TEMPORARY}/b/c")], [], LIMITS)
    places = [options.index(one) for one in ("/opt", TEMPORARY, f"{TEMPORARY}/b")]
    assert places == sorted(places)
    assert options[options.index("/opt") - 2 :][:2] == ["0755", "--dir"]


def test_links_stand_behind_the_mounts_that_they_lead_to() -> None:
    options = file_system([mount("/usr")], [("usr/lib", "/lib")], LIMITS)
    assert options[-3:] == ["--symlink", "usr/lib", "/lib"]
    assert options.index("/usr") < options.index("/lib")


def test_beside_a_folder_that_is_filled_the_disk_in_memory_is_small() -> None:
    def disk(target: Target | None) -> str:
        options = file_system([], [], LIMITS, target)
        return options[options.index(TEMPORARY) - 4]

    folder = Path("/srv/environment")
    assert disk(None) == str(2_000 * MIB)
    assert disk(Target(folder, folder)) == str(512 * MIB)
