"""Requirements files: lines, includes, constraints; options are the installer's business."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from quantumlayer.manifests.model import Malformed, ProjectFiles
from quantumlayer.manifests.python.declaration import Wanted
from quantumlayer.manifests.python.needs import Shortfall
from quantumlayer.manifests.python.texts import folder_of, inside, text_of, within

_COMMENT = re.compile(r"(^|\s)#.*$")
_INCLUDE = re.compile(r"^(?:-r|--requirements?)(?:\s+|=|(?=\S))\s*(?P<path>.+)$")
_CONSTRAINT = re.compile(r"^(?:-c|--constraints?)(?:\s+|=|(?=\S))\s*(?P<path>.+)$")
_EDITABLE = re.compile(r"^(?:-e|--editable)(?:\s+|=)\s*(?P<what>.+)$")
_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")
_HASH = re.compile(r"--hash[= ]\S+")
MOST_DEEP = 20


@dataclass(frozen=True)
class Listed:
    """What a requirements file and those it includes ask for."""

    wanted: tuple[Wanted, ...] = ()
    constraints: tuple[Wanted, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()


def listed(files: ProjectFiles, path: str) -> Listed:
    """The entries of a file. Raises Malformed for what pip refuses, too."""
    found: list[Wanted | Shortfall] = []
    constraints: list[Wanted | Shortfall] = []
    for one, only_constrains in _entries(files, path, frozenset()):
        (constraints if only_constrains else found).append(one)
    return Listed(
        wanted=tuple(one for one in found if isinstance(one, Wanted)),
        constraints=tuple(one for one in constraints if isinstance(one, Wanted)),
        shortfalls=tuple(one for one in (*found, *constraints) if isinstance(one, Shortfall)),
    )


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """(number of its first line, text) of each entry, continued lines as one, without comments."""
    begun, parts = 0, list[str]()
    for number, raw in enumerate(text.splitlines(), 1):
        begun = begun or number
        # As in pip: a comment line ends nothing that is continued.
        continued = raw.endswith("\\") and not raw.lstrip().startswith("#")
        parts.append(raw.removesuffix("\\") if continued else raw)
        if continued:
            continue
        line = " ".join(_COMMENT.sub("", " ".join(parts)).split())
        if line:
            yield begun, line
        begun, parts = 0, []
    rest = " ".join(_COMMENT.sub("", " ".join(parts)).split())
    if rest:
        yield begun, rest


def _entries(
    files: ProjectFiles, path: str, seen: frozenset[str]
) -> Iterator[tuple[Wanted | Shortfall, bool]]:
    """(entry, whether it only constrains) of a file and those it includes."""
    text = text_of(files, path)
    if text is None:
        raise Malformed("it is named but does not exist, or cannot be read", path=path)
    for number, line in logical_lines(text):
        include, constraint = _INCLUDE.match(line), _CONSTRAINT.match(line)
        named = include or constraint
        if named is None:
            entry = entry_of(line, path, number)
            if entry is not None:
                yield entry, False
            continue
        target = named["path"].strip("\"' ")
        place = None if "://" in target else within(folder_of(path), target)
        if place is None:
            reason = f"`{target}` lies outside the project"
            yield Shortfall(reason=reason, path=path, line=number), bool(constraint)
        elif place not in seen | {path} and len(seen) < MOST_DEEP:
            if files.content(place) is None:
                raise Malformed(f"`{target}` does not exist", path=path, line=number)
            for one, only in _entries(files, place, seen | {path}):
                yield one, only or bool(constraint)


def entry_of(line: str, path: str, number: int | None) -> Wanted | Shortfall | None:
    """One line as a requirement; None for an option, which is the installer's business."""
    editable = _EDITABLE.match(line)
    if line.startswith("-") and not editable:
        return None
    whole = editable["what"].strip("\"' ") if editable else line
    if _VARIABLE.search(whole):
        reason = f"`{whole[:80]}` takes its place from the environment"
        return Shortfall(reason=reason, path=path, line=number)
    hashes = _HASH.findall(whole)
    plain = whole.split(" --", 1)[0].strip()
    return Wanted(" ".join([plain, *hashes]), path, number)


def words_of(line: str) -> list[str]:
    """The words of a command line; empty when its quotes do not close."""
    try:
        return shlex.split(line)
    except ValueError:
        return []


_PURPOSE = r"(?:dev|develop|development|test|tests|testing|ci|qa|pytest)"
_DEVELOPMENT = re.compile(
    rf"^(?:requirements?[-_.]{_PURPOSE}(?:[-_.]\w+)?|{_PURPOSE}[-_.]requirements?"
    rf"|requirements?/{_PURPOSE}(?:[-_.]\w+)?|tests?/requirements?(?:[-_.]\w+)?"
    rf"|requirements?/requirements?[-_.]{_PURPOSE})\.(?P<kind>txt|in|pip)$",
    re.IGNORECASE,
)
RUNTIME = ("requirements.txt", "requirements.in", "requirements/base.txt", "requirements/main.txt",
           "requirements/requirements.txt", "requirements/prod.txt", "requirements/production.txt",
           "requirements/default.txt")  # fmt: skip


def development_lists(files: ProjectFiles, folder: str) -> list[str]:
    """The lists of what tests need, where people put them: those beside the project first."""
    start = "" if folder == "." else f"{folder}/"
    names = [path.removeprefix(start) for path in files.paths() if path.startswith(start)]
    found = [name for name in names if _DEVELOPMENT.match(name)]
    # Of a pair, the one that was compiled from the other has the versions.
    kept = [name for name in found if not (name.endswith(".in") and f"{name[:-3]}.txt" in found)]
    kept.sort(key=lambda name: ("/" in name, "test" not in name, name))
    return [inside(folder, name) for name in kept]


def runtime_list(files: ProjectFiles, folder: str) -> str | None:
    """The list of what the project itself needs, when there is one."""
    known = set(files.paths())
    places = (inside(folder, name) for name in RUNTIME)
    return next((place for place in places if place in known), None)
