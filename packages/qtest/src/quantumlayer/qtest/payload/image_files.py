"""Runs inside the sandbox in which an image is built: puts files where a Dockerfile wants them.

usage: image_files.py STEPS, a list in JSON, each step an object with `do` and its arguments. Prints
a list of answers. Paths of an image are resolved within its root, links included.
"""

import fnmatch
import json
import os
import shutil
import sys
import tarfile
from typing import Any

LINKS = 40


class Wrong(Exception):  # noqa: N818 - what is said to the author of the Dockerfile
    """A step cannot be done; says why."""


def inside(root: str, path: str) -> str:
    """Where a path of an image is, with every link on the way followed within the root."""
    parts = [part for part in path.split("/") if part]
    found: list[str] = []
    links = 0
    while parts:
        part = parts.pop(0)
        if part == ".":
            continue
        if part == "..":
            found = found[:-1]
            continue
        place = os.path.join(root, *found, part)
        if os.path.islink(place):
            links += 1
            if links > LINKS:
                raise Wrong(f"{path}: too many links")
            target = os.readlink(place)
            found = [] if target.startswith("/") else found
            parts = [each for each in target.split("/") if each] + parts
        else:
            found.append(part)
    return os.path.join(root, *found)


def make_folder(root: str, path: str) -> str:
    place = inside(root, path)
    try:
        os.makedirs(place, exist_ok=True)
    except OSError as error:
        raise Wrong(f"{path} cannot be made: {error.strerror}") from error
    return place


def matching(root: str, pattern: str) -> list[str]:
    """The entries below a root that a pattern of Docker's means: `*` stays within a folder."""
    parts = [part for part in os.path.normpath("/" + pattern).split("/") if part]
    found = [inside(root, "/")]
    for index, part in enumerate(parts):
        following: list[str] = []
        for folder in found:
            inner = inside(root, folder[len(root):]) if os.path.islink(folder) else folder
            if not os.path.isdir(inner):
                continue
            if any(char in part for char in "*?["):
                names = sorted(os.listdir(inner))
                chosen = [name for name in names if fnmatch.fnmatchcase(name, part)]
            else:
                chosen = [part] if os.path.lexists(os.path.join(inner, part)) else []
            following += [os.path.join(inner, name) for name in chosen]
        found = following
        if not found and index < len(parts):
            return []
    return found


def copy(step: dict[str, Any]) -> dict[str, Any]:
    root, origin, target = step["root"], step["origin"], step["target"]
    sources: list[str] = []
    for pattern in step["sources"]:
        found = matching(origin, pattern)
        if not found:
            raise Wrong(f"`{pattern}` is not there to be copied")
        sources += found
    as_folder = target.endswith("/") or len(sources) > 1 or os.path.isdir(inside(root, target))
    for source in sources:
        real = inside(origin, source[len(origin):])
        if step.get("unpack") and os.path.isfile(real) and tarfile.is_tarfile(real):
            with tarfile.open(real) as archive:
                archive.extractall(make_folder(root, target), filter="data")
        elif os.path.isdir(real):
            merge(real, make_folder(root, target))
        else:
            name = os.path.basename(source)
            wanted = os.path.join(target, name) if as_folder else target
            make_folder(root, os.path.dirname(wanted) or "/")
            place = inside(root, wanted)
            shutil.copy2(real, place)
            if step.get("mode"):
                os.chmod(place, int(step["mode"], 8))
    return {}


def merge(source: str, target: str) -> None:
    """Copy what is in a folder over another one; links stay links."""
    for entry in sorted(os.scandir(source), key=lambda each: each.name):
        place = os.path.join(target, entry.name)
        if entry.is_symlink():
            if os.path.lexists(place):
                os.unlink(place)
            os.symlink(os.readlink(entry.path), place)
        elif entry.is_dir():
            if os.path.islink(place) or not os.path.isdir(place):
                if os.path.lexists(place):
                    os.unlink(place)
                os.mkdir(place)
            merge(entry.path, place)
            shutil.copystat(entry.path, place)
        elif entry.is_file():
            if os.path.islink(place):
                os.unlink(place)
            shutil.copy2(entry.path, place)


def write(step: dict[str, Any]) -> dict[str, Any]:
    target = step["target"] + (step["name"] if step["target"].endswith("/") else "")
    make_folder(step["root"], os.path.dirname(target) or "/")
    with open(inside(step["root"], target), "w") as stream:
        stream.write(step["content"])
    return {}


def folder(step: dict[str, Any]) -> dict[str, Any]:
    make_folder(step["root"], step["path"])
    return {}


def account(step: dict[str, Any]) -> dict[str, Any]:
    """The numbers and the home of a USER, as the image's own files tell them."""
    name, _, group = step["user"].partition(":")
    rows = rows_of(step["root"], "/etc/passwd")
    row = next((row for row in rows if len(row) > 5 and name in (row[0], row[2])), None)
    if row is None and not name.isdigit():
        raise Wrong(f"the user `{name}` is not in the image's /etc/passwd")
    user = int(row[2]) if row else int(name)
    own = int(row[3]) if row else 0
    if group and not group.isdigit():
        groups = rows_of(step["root"], "/etc/group")
        found = next((each for each in groups if each[0] == group), None)
        if found is None:
            raise Wrong(f"the group `{group}` is not in the image's /etc/group")
        group = found[2]
    return {"user": user, "group": int(group) if group else own, "home": row[5] if row else "/"}


def rows_of(root: str, path: str) -> list[list[str]]:
    try:
        with open(inside(root, path)) as stream:
            return [line.rstrip("\n").split(":") for line in stream]
    except OSError:
        return []


def volume(step: dict[str, Any]) -> dict[str, Any]:
    """Fill a new volume with what the image has at its place, as Docker does."""
    place = inside(step["root"], step["path"])
    there = os.path.isdir(place)
    if there:
        merge(place, step["to"])
    else:
        make_folder(step["root"], step["path"])
    return {"there": there}


def exists(step: dict[str, Any]) -> dict[str, Any]:
    return {"there": os.path.lexists(inside(step["root"], step["path"]))}


STEPS = {"copy": copy, "write": write, "folder": folder, "account": account, "volume": volume,
         "exists": exists}  # fmt: skip


def main() -> int:
    answers = []
    for step in json.loads(sys.argv[1]):
        try:
            answers.append(STEPS[step["do"]](step))
        except (Wrong, OSError, ValueError, tarfile.TarError) as error:
            answers.append({"wrong": str(error)})
            break
    print(json.dumps(answers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
