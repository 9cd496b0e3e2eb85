"""Stands for the programs of a build that need root's rights over other accounts.

A build in a sandbox is root in name only. What would be given to others is written into the ledger
(owner, whether all below, path), from which the container's writable folders follow; accounts go
into the image's own files, as they would.
"""

import os
import re
import sys

LEDGER = os.environ.get("QUANTUMLAYER_LEDGER", "/.quantumlayer/ledger")
WITH_VALUE = {
    "useradd": "bcdefgGkKpsuZRP", "adduser": "hgsGDuk", "groupadd": "gKpRP", "addgroup": "g",
}  # fmt: skip


def given(owner: str, path: str, *, below: bool) -> None:
    with open(LEDGER, "a") as stream:
        stream.write(f"{owner}\t{int(below)}\t{os.path.abspath(path)}\n")


def chown(words: list[str]) -> int:
    below = any(re.match(r"-[a-zA-Z]*R|--recursive", word) for word in words)
    reference = [word for word in words if word.startswith("--reference")]
    plain = [word for word in words if not word.startswith("-")]
    if reference or len(plain) < 2:
        sys.stderr.write("chown: this form is not understood\n")
        return 1
    for path in plain[1:]:
        if not os.path.lexists(path):
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
    os.execv("/usr/bin/install", ["install", *kept])  # noqa: S606


def options(name: str, words: list[str]) -> tuple[dict[str, str], list[str]]:
    """Options with their values, long ones by their names, and what else there is."""
    found: dict[str, str] = {}
    plain: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word.startswith("--"):
            key, equals, value = word[2:].partition("=")
            takes = key in ("uid", "gid", "home", "home-dir", "shell", "ingroup", "gecos",
                            "comment", "groups", "base-dir")  # fmt: skip
            found[key] = value if equals else rest.pop(0) if takes and rest else ""
        elif word.startswith("-") and len(word) > 1:
            for place, letter in enumerate(word[1:], 1):
                if letter in WITH_VALUE[name] and not (name == "adduser" and letter == "D"):
                    found[letter] = word[place + 1:] or (rest.pop(0) if rest else "")
                    break
                found[letter] = ""
        else:
            plain.append(word)
    return found, plain


def rows(path: str) -> list[list[str]]:
    with open(path) as stream:
        return [line.rstrip("\n").split(":") for line in stream if line.strip()]


def free_number(path: str, *, system: bool) -> int:
    taken = {int(row[2]) for row in rows(path)}
    numbers = range(999, 100, -1) if system else range(1000, 60000)
    return next(number for number in numbers if number not in taken)


def group_number(name: str) -> int:
    found = [row for row in rows("/etc/group") if name in (row[0], row[2])]
    if not found:
        raise SystemExit(f"group '{name}' does not exist")
    return int(found[0][2])


def add_group(name: str, number: int) -> None:
    with open("/etc/group", "a") as stream:
        stream.write(f"{name}:x:{number}:\n")


def groupadd(words: list[str], name: str = "groupadd") -> int:
    found, plain = options(name, words)
    wanted = found.get("g") or found.get("gid")
    system = bool({"r", "S", "system"} & set(found))
    if not plain:
        return 2
    if any(row[0] == plain[0] for row in rows("/etc/group")):
        return 0 if name == "addgroup" or "f" in found else 9
    add_group(plain[0], int(wanted) if wanted else free_number("/etc/group", system=system))
    return 0


def useradd(words: list[str], name: str = "useradd") -> int:
    found, plain = options(name, words)
    if not plain:
        return 2
    user = plain[0]
    if any(row[0] == user for row in rows("/etc/passwd")):
        sys.stderr.write(f"{name}: user '{user}' already exists\n")
        return 9
    system = bool({"r", "S", "system"} & set(found))
    uid = found.get("u") or found.get("uid")
    number = int(uid) if uid else free_number("/etc/passwd", system=system)
    group = found.get("gid") or found.get("ingroup")
    group = group or (found.get("G") if name == "adduser" else found.get("g"))
    if group:
        group_id = group_number(group)
    else:
        group_id = number
        add_group(user, number)
    home = (found.get("home") or found.get("home-dir")
            or found.get("h" if name == "adduser" else "d") or f"/home/{user}")  # fmt: skip
    with open("/etc/passwd", "a") as stream:
        stream.write(f"{user}:x:{number}:{group_id}::{home}:/bin/sh\n")
    without = {"no-create-home", "M", "H"} & set(found)
    wants = name == "adduser" or {"m", "create-home"} & set(found)
    if wants and not without:
        os.makedirs(home, exist_ok=True)
        given(str(number), home, below=True)
    return 0


def main() -> int:
    name, words = os.path.basename(sys.argv[0]), sys.argv[1:]
    if name in ("adduser", "addgroup"):
        return (useradd if name == "adduser" else groupadd)(words, name)
    return {"chown": chown, "chgrp": chgrp, "install": install, "useradd": useradd,
            "groupadd": groupadd}[name](words)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
