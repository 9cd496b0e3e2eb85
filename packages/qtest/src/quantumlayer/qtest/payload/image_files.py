"""Runs inside the sandbox in which an image is built: puts files where a Dockerfile wants them.

usage: image_files.main() with STEPS, a list in JSON, each step an object with `do` and its
arguments. Writes a list of answers; the first that is `wrong` is the last.
"""

import json
import os
import posixpath
import shutil
import stat
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

from quantumlayer.qtest.payload.image_paths import Wrong, inside, make_folder, matching, path_of

STANDARD_MASK = 0o022
READ_AND_ENTER = 0o500
OF_SYSTEM = ("/proc", "/sys", "/dev", "/usr/lib", "/usr/share", "/.quantumlayer", "/var/lib")
ARCHIVES = (".jar", ".war", ".zip", ".whl", ".pyz", ".asar", ".tgz", ".tar.gz")
LARGEST_SEARCHED = 128 * 1024 * 1024


def copy(step: dict[str, Any]) -> dict[str, Any]:
    root, origin, target = Path(step["root"]), Path(step["origin"]), step["target"]
    sources: list[Path] = []
    for pattern in step["sources"]:
        found = matching(origin, pattern)
        if not found:
            raise Wrong(f"`{pattern}` is not there to be copied")
        sources += found
    into = target.endswith("/") or len(sources) > 1 or inside(root, target).is_dir()
    for source in sources:
        real = inside(origin, path_of(source, origin))
        if not real.exists():
            raise Wrong(f"`{path_of(source, origin)}` is a link that leads to nothing")
        if step["unpack"] and real.is_file() and tarfile.is_tarfile(real):
            with tarfile.open(real) as archive:
                archive.extractall(make_folder(root, target), filter="data")
        elif real.is_dir():
            merge(real, make_folder(root, target))
        else:
            wanted = posixpath.join(target, source.name) if into else target
            make_folder(root, posixpath.dirname(wanted))
            place = inside(root, wanted)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(real, place)
            if step["mode"]:
                place.chmod(int(step["mode"], 8))
    return {}


def merge(source: Path, target: Path) -> None:
    """Copy what is in a folder over another one; links stay links."""
    for entry in sorted(source.iterdir()):
        place = target / entry.name
        if place.is_symlink() or (place.exists() and place.is_dir() != entry.is_dir()):
            place.unlink()
        if entry.is_symlink():
            place.unlink(missing_ok=True)
            place.symlink_to(entry.readlink())
        elif entry.is_dir():
            place.mkdir(exist_ok=True)
            merge(entry, place)
            shutil.copystat(entry, place)
        elif entry.is_file():
            shutil.copy2(entry, place)


def write(step: dict[str, Any]) -> dict[str, Any]:
    root, target = Path(step["root"]), step["target"]
    path = f"{target}{step['name']}" if target.endswith("/") else target
    make_folder(root, posixpath.dirname(path))
    inside(root, path).write_text(step["content"])
    return {}


def folder(step: dict[str, Any]) -> dict[str, Any]:
    make_folder(Path(step["root"]), step["path"])
    return {}


def account(step: dict[str, Any]) -> dict[str, Any]:
    """The numbers and the home of a USER, as the image's own files tell them."""
    root = Path(step["root"])
    name, _, group = step["user"].partition(":")
    rows = rows_of(root, "/etc/passwd")
    row = next((row for row in rows if len(row) > 5 and name in (row[0], row[2])), None)
    if row is None and not name.isdigit():
        raise Wrong(f"the user `{name}` is not in the image's /etc/passwd")
    own = row[3] if row else "0"
    if group and not group.isdigit():
        found = next((each for each in rows_of(root, "/etc/group") if each[0] == group), None)
        if found is None:
            raise Wrong(f"the group `{group}` is not in the image's /etc/group")
        group = found[2]
    return {"user": int(row[2] if row else name), "group": int(group or own),
            "home": row[5] if row else "/"}  # fmt: skip


def rows_of(root: Path, path: str) -> list[list[str]]:
    try:
        return [line.split(":") for line in inside(root, path).read_text().splitlines()]
    except OSError:
        return []


def volume(step: dict[str, Any]) -> dict[str, Any]:
    """Fill a new volume with what the image has at its place, as Docker does."""
    root = Path(step["root"])
    place = inside(root, step["path"])
    if place.is_dir():
        merge(place, Path(step["to"]))
    else:
        make_folder(root, step["path"])
    return {}


def deployed(step: dict[str, Any]) -> dict[str, Any]:
    """Fill a new volume as Docker does, where files have owners: with those.

    `granted` is the USER to whom the platform gives it, None where it does not.
    """
    root, target = Path(step["root"]), Path(step["to"])
    place = inside(root, step["path"])
    if place.is_dir():
        subprocess.run(["/bin/cp", "-a", "--", f"{place}/.", str(target)], check=True)  # noqa: S603 - ours
    if step["granted"] is not None:
        given = account({"root": step["root"], "user": step["granted"]})
        for folder, _, names in os.walk(target):
            for path in (folder, *(f"{folder}/{name}" for name in names)):
                os.lchown(path, given["user"], given["group"])
    return {}


def exists(step: dict[str, Any]) -> dict[str, Any]:
    place = inside(Path(step["root"]), step["path"])
    return {"there": place.exists()}


def withhold(step: dict[str, Any]) -> dict[str, Any]:
    """Take from an application what its user may not read or enter, but for the places `kept`.

    All files have one owner here, as whom the application runs: what the image keeps from others,
    or from root's group where `group` says that the user is in it, is kept from that owner. The
    folders `ours` were made to mount something.
    """
    if os.umask(STANDARD_MASK) & ~STANDARD_MASK:
        return {}  # what was made here is closed anyway, so modes tell nothing of the image
    root, shift = Path(step["root"]), 3 if step["group"] else 0
    kept = {str(inside(root, path)) for path in step["kept"]}
    ours = {f"{root}{path}" for path in step["ours"]}
    found: list[tuple[Path, int]] = []
    for folder, names, files in os.walk(root):
        names[:] = [name for name in names if f"{folder}/{name}" not in kept]
        places = [Path(folder, name) for name in (*names, *files)]
        found += [(place, place.lstat().st_mode) for place in places
                  if not place.is_symlink() and str(place) not in kept | ours]  # fmt: skip
    # What is within a folder goes before it.
    for place, mode in reversed(found):
        withheld = READ_AND_ENTER & mode & ~(mode << 6 - shift)
        if withheld:
            place.chmod(stat.S_IMODE(mode) & ~withheld)
    return {}


def holds(step: dict[str, Any]) -> dict[str, Any]:
    """Whether a file of the image has a text in it; `there` is None where one is closed to us."""
    text = step["text"].encode()
    there: bool | None = False
    for folder, names, files in os.walk(step["root"]):
        inner = folder[len(step["root"]) :]
        names[:] = [name for name in names if f"{inner}/{name}" not in OF_SYSTEM
                    and name != "node_modules"]  # fmt: skip
        for name in files:
            place = Path(folder, name)
            if place.is_symlink() or not place.is_file() or place.stat().st_size > LARGEST_SEARCHED:
                continue
            if text in place.read_bytes():
                return {"there": True}
            there = None if name.endswith(ARCHIVES) else there
    return {"there": there}


STEPS = {"copy": copy, "write": write, "folder": folder, "account": account, "volume": volume,
         "deployed": deployed, "exists": exists, "withhold": withhold, "holds": holds}  # fmt: skip


def answers_to(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Do the steps; what each of them answers, up to the first that is `wrong`."""
    answers = []
    for step in steps:
        try:
            answers.append(STEPS[step["do"]](step))
        except (
            Wrong,
            OSError,
            ValueError,
            tarfile.TarError,
            subprocess.CalledProcessError,
        ) as error:
            answers.append({"wrong": str(error)})
            break
    return answers


def main() -> None:
    sys.stdout.write(json.dumps(answers_to(json.loads(sys.argv[1]))))
