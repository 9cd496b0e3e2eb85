"""Stands for the programs of a build that need root's rights over other accounts.

A build in a sandbox is root in name only. What would be given to others is written into the ledger
(owner, whether all below, path), from which the container's writable folders follow; accounts go
into the image's own files, as they would.
"""

import os
import posixpath
import re
import sys
from pathlib import Path

LEDGER = Path("/.quantumlayer/ledger")
PASSWD, GROUP = Path("/etc/passwd"), Path("/etc/group")
LONG_WITH_VALUE = frozenset({
    "uid", "gid", "home", "home-dir", "shell", "ingroup", "gecos", "comment", "groups", "base-dir",
})  # fmt: skip
WITH_VALUE = {
    "useradd": "bcdefgGkKpsuZRP", "adduser": "hgsGDuk", "groupadd": "gKpRP", "addgroup": "g",
}  # fmt: skip


def given(owner: str, path: str, *, below: bool) -> None:
    place = posixpath.normpath(posixpath.join(Path.cwd(), path))
    append(LEDGER, f"{owner}\t{int(below)}\t{place}\n")


def append(path: Path, line: str) -> None:
    with path.open("a") as stream:
        stream.write(line)


def chown(words: list[str]) -> int:
    below = any(re.match(r"-[a-zA-Z]*R|--recursive", word) for word in words)
    reference = [word for word in words if word.startswith("--reference")]
    plain = [word for word in words if not word.startswith("-")]
    if reference or len(plain) < 2:
        sys.stderr.write("chown: this form is not understood\n")
        return 1
    for path in plain[1:]:
        if not (Path(path).exists() or Path(path).is_symlink()):
            sys.stderr.write(f"chown: cannot access '{path}': No such file or directory\n")
            return 1
        given(plain[0].replace(".", ":"), path, below=below)
    return 0


def chgrp(words: list[str]) -> int:
    return 0 if words else 1


def install(words: list[str]) -> int:
    kept, owner, skip = [], "", False
    for index, word in enumerate(words):
        if skip:
            skip = False
            continue
        if word in ("-o", "-g", "--owner", "--group"):
            owner = words[index + 1] if word in ("-o", "--owner") else owner
            skip = True
        elif word.startswith(("--owner=", "--group=")):
            owner = word.partition("=")[2] if word.startswith("--owner") else owner
        else:
            kept.append(word)
    if owner and kept:
        given(owner, kept[-1], below=True)
    os.execv("/usr/bin/install", ["install", *kept])  # noqa: S606 - it becomes the real one


def options(name: str, words: list[str]) -> tuple[dict[str, str], list[str]]:
    """Options with their values, long ones by their names, and what else there is."""
    found: dict[str, str] = {}
    plain: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word.startswith("--"):
            key, equals, value = word[2:].partition("=")
            takes = key in LONG_WITH_VALUE and not equals and bool(rest)
            found[key] = rest.pop(0) if takes else value
        elif word.startswith("-") and len(word) > 1:
            for place, letter in enumerate(word[1:], 1):
                if letter in WITH_VALUE[name] and not (name == "adduser" and letter == "D"):
                    found[letter] = word[place + 1 :] or (rest.pop(0) if rest else "")
                    break
                found[letter] = ""
        else:
            plain.append(word)
    return found, plain


def rows(path: Path) -> list[list[str]]:
    return [line.split(":") for line in path.read_text().splitlines() if line]


def free_number(path: Path, *, system: bool) -> int:
    taken = {int(row[2]) for row in rows(path)}
    numbers = range(999, 100, -1) if system else range(1000, 60000)
    return next(number for number in numbers if number not in taken)


def group_number(name: str) -> int:
    found = [row for row in rows(GROUP) if name in (row[0], row[2])]
    if not found:
        raise SystemExit(f"group '{name}' does not exist")
    return int(found[0][2])


def add_group(name: str, number: int) -> None:
    append(GROUP, f"{name}:x:{number}:\n")


def groupadd(words: list[str], name: str = "groupadd") -> int:
    found, plain = options(name, words)
    wanted = found.get("g") or found.get("gid")
    system = bool({"r", "S", "system"} & set(found))
    if not plain:
        return 2
    if any(row[0] == plain[0] for row in rows(GROUP)):
        return 0 if name == "addgroup" or "f" in found else 9
    add_group(plain[0], int(wanted) if wanted else free_number(GROUP, system=system))
    return 0


def useradd(words: list[str], name: str = "useradd") -> int:
    found, plain = options(name, words)
    if not plain:
        return 2
    user = plain[0]
    if any(row[0] == user for row in rows(PASSWD)):
        sys.stderr.write(f"{name}: user '{user}' already exists\n")
        return 9
    system = bool({"r", "S", "system"} & set(found))
    uid = found.get("u") or found.get("uid")
    number = int(uid) if uid else free_number(PASSWD, system=system)
    group = found.get("gid") or found.get("ingroup")
    group = group or (found.get("G") if name == "adduser" else found.get("g"))
    if group:
        group_id = group_number(group)
    else:
        group_id = number
        add_group(user, number)
    home = (found.get("home") or found.get("home-dir")
            or found.get("h" if name == "adduser" else "d") or f"/home/{user}")  # fmt: skip
    append(PASSWD, f"{user}:x:{number}:{group_id}::{home}:/bin/sh\n")
    without = {"no-create-home", "M", "H"} & set(found)
    wants = name == "adduser" or {"m", "create-home"} & set(found)
    if wants and not without:
        Path(home).mkdir(parents=True, exist_ok=True)
        given(str(number), home, below=True)
    return 0


def main() -> int:
    name, words = Path(sys.argv[0]).name, sys.argv[1:]
    if name in ("adduser", "addgroup"):
        return (useradd if name == "adduser" else groupadd)(words, name)
    return {"chown": chown, "chgrp": chgrp, "install": install, "useradd": useradd,
            "groupadd": groupadd}[name](words)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
