"""The commands that a package's scripts come to: read as a shell would, never run.

Aliases are followed (`npm run unit`, `run-s`, `yarn workspaces`), wrappers taken off (`c8`,
`cross-env`, `npx`). What stands behind `||` or a pipe only forgives or formats, and is left out.
"""

import fnmatch
import posixpath
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quantumlayer.manifests.javascript.package import Package
from quantumlayer.manifests.javascript.programs import (
    KNOWN_PROGRAMS,
    MANAGERS,
    RUN_ALL,
    SEVERAL,
    WRAPPERS,
)
from quantumlayer.manifests.javascript.workspaces import Workspace

MOST_ALIASES = 20
_ASSIGNED = re.compile(r"^[A-Za-z_]\w*=")
_SEPARATORS = re.compile(r"^[&|;()]+$")
_REDIRECTED = re.compile(r"^\d*[<>&]+\d*$")
_ALL_MEMBERS = frozenset({"--workspaces", "-ws", "--ws", "-r", "--recursive", "workspaces", "-A"})
_ONE_MEMBER = re.compile(r"^(?:--workspace|-w|--filter|-F|--scope)(?:=(?P<name>.+))?$")
_ELSEWHERE = re.compile(r"^(?:--prefix|-C|--cwd|--dir)(?:=(?P<folder>.+))?$")
_SCRIPT_WORDS = frozenset({"run", "run-script", "exec", "foreach", "rum", "urn"})
_TESTING = frozenset({"test", "t", "tst"})


Above = tuple[tuple[str, str], ...]
"""The scripts that led here, by folder and name."""


@dataclass(frozen=True)
class Command:
    """A program with its arguments and the variables set for it, run in the folder of a package."""

    package: Package
    words: tuple[str, ...]
    variables: tuple[tuple[str, str], ...] = ()

    @property
    def program(self) -> str:
        """The program's name, without where it is."""
        return posixpath.basename(self.words[0]) if self.words else ""


def commands(workspace: Workspace, package: Package, script: str = "test") -> tuple[Command, ...]:
    """What a script of a package comes to, in order; nothing where there is no such script."""
    return tuple(_Reader(workspace).script(package, script, ()))


@dataclass
class _Reader:
    workspace: Workspace

    def script(self, package: Package, name: str, above: Above) -> Iterator[Command]:
        place = (package.folder, name)
        if place in above or len(above) > MOST_ALIASES:
            return
        here = package
        for words in _simple(package.script(name)):
            if words[0] == "cd" and len(words) > 1:
                folder = posixpath.normpath(f"{here.folder}/{words[1]}")
                here = next(iter(self.inside(folder)), Package(folder))
            else:
                yield from self.command(here, words, (*above, place))

    def command(self, package: Package, words: Sequence[str], above: Above) -> Iterator[Command]:
        left = list(words)
        assigned: list[str] = []
        while left and _ASSIGNED.match(left[0]):
            assigned.append(left.pop(0))
        if not left:
            return
        program = posixpath.basename(left[0])
        if program in WRAPPERS:
            inner = _inner(left[1:])
            before = left[1 : len(left) - len(inner)]
            assigned += [word for word in before if _ASSIGNED.match(word)]
            found = self.command(package, inner, above)
        elif program in SEVERAL:
            found = self.several(package, left[1:], above)
        elif program in RUN_ALL:
            found = self.everywhere(left[1:], above)
        elif program in MANAGERS:
            found = self.managed(package, program, left[1:], above)
        elif program == "node" and "--run" in left[:-1]:
            found = self.script(package, left[left.index("--run") + 1], above)
        else:
            found = iter((Command(package, tuple(left)),))
        variables = tuple(_pair(word) for word in assigned)
        for one in found:
            yield replace(one, variables=(*variables, *one.variables))

    def several(self, package: Package, words: Sequence[str], above: Above) -> Iterator[Command]:
        """Scripts by their names or patterns, or whole commands, one a word."""
        for word in words:
            name = word.removeprefix("npm:")
            for found in fnmatch.filter(package.table("scripts"), name.replace("**", "*")):
                yield from self.script(package, found, above)
            if " " in name:
                for inner in _simple(name):
                    yield from self.command(package, inner, above)

    def everywhere(self, words: Sequence[str], above: Above) -> Iterator[Command]:
        """A script of all members: `lerna run test`, `turbo test`, `nx run-many -t test`."""
        name = next((word for word in words if re.match(r"^[\w:]*test[\w:]*$", word)), "test")
        for member in self.workspace.members:
            yield from self.script(member, name, above)

    def managed(
        self, package: Package, program: str, words: Sequence[str],
        above: Above,
    ) -> Iterator[Command]:  # fmt: skip
        """What a package manager is told: a script, of which packages, or a program."""
        chosen, rest = self.chosen(package, words)
        named = [word for word in rest if word not in _SCRIPT_WORDS and word not in _ALL_MEMBERS]
        name = named[0] if named else ""
        if program == "bun" and rest[:1] == ["test"]:
            yield Command(package, ("bun", *rest))
            return
        for one in chosen:
            script = "test" if name in _TESTING and not one.script(name) else name
            if one.script(script):
                yield from self.script(one, script, above)
            elif named and program != "npm":
                yield from self.command(one, named, above)
            elif "exec" in rest:
                yield from self.command(one, _inner(rest[rest.index("exec") + 1 :]), above)

    def chosen(
        self, package: Package, words: Sequence[str]
    ) -> tuple[list[Package], list[str]]:  # fmt: skip
        """The packages that are meant, and the words that say what is to be done."""
        chosen: list[Package] = [package]
        rest: list[str] = []
        left = list(words)
        while left and left[0] != "--":
            word = left.pop(0)
            one, other = _ONE_MEMBER.match(word), _ELSEWHERE.match(word)
            if word in _ALL_MEMBERS or (word == "workspace" and left):
                named = left.pop(0) if word == "workspace" else None
                chosen = [each for each in self.workspace.members if named in (None, each.name)]
            elif one is not None:
                wanted = one["name"] or (left.pop(0) if left else "")
                more = self.members(wanted)
                chosen = more if chosen == [package] else [*chosen, *more]
            elif other is not None:
                folder = other["folder"] or (left.pop(0) if left else "")
                chosen = self.inside(posixpath.normpath(f"{package.folder}/{folder}"))
            elif not word.startswith("-"):
                rest += [word, *left]
                if chosen == [package]:
                    chosen = self.behind(left) or chosen
                break
        return chosen, rest

    def behind(self, words: Sequence[str]) -> list[Package]:
        """The members that options behind the name of a script choose."""
        found: list[Package] = []
        for word, following in zip(words, [*words, ""][1:], strict=True):
            if word == "--":
                break
            one = _ONE_MEMBER.match(word)
            if word in _ALL_MEMBERS:
                return list(self.workspace.members)
            if one is not None:
                found += self.members(one["name"] or following)
        return found

    def members(self, wanted: str) -> list[Package]:
        plain = posixpath.normpath(wanted.strip("./{}") or ".")
        return [
            one
            for one in self.workspace.members
            if fnmatch.fnmatch(one.name, wanted) or one.folder == plain
        ]

    def inside(self, folder: str) -> list[Package]:
        return [one for one in self.workspace.packages if one.folder == folder]


def _pair(assigned: str) -> tuple[str, str]:
    name, _, value = assigned.partition("=")
    return name, value


def _simple(script: str) -> Iterator[list[str]]:
    """The simple commands of a script that decide how it ends."""
    lexer = shlex.shlex(script, posix=True, punctuation_chars="&|;()<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    words: list[str] = []
    decides, redirected = True, False
    try:
        tokens = list(lexer)
    except ValueError:
        tokens = []
    for token in [*tokens, ";"]:
        if _SEPARATORS.match(token):
            if decides and words:
                yield words
            words = []
            decides = token not in ("|", "||", "|&")
        elif redirected:
            redirected = False
        elif _REDIRECTED.match(token):
            redirected = True
            if words and words[-1].isdigit():
                words.pop()
        else:
            words.append(token)


def _inner(words: Sequence[str]) -> list[str]:
    """The command that a wrapper runs: what begins with no option, assignment or value of one.

    Whether a word behind an option is its value cannot be seen: the first word that names a program
    known here is taken, else the first that is no option.
    """
    left = list(words)
    for place, word in enumerate(left):
        name = posixpath.basename(word)
        if name in KNOWN_PROGRAMS and not word.startswith("-"):
            return [*left[place:]]
        if word in ("-c", "--command") and place + 1 < len(left):
            return next(_simple(left[place + 1]), [])
    plain = [place for place, word in enumerate(left) if not word.startswith("-")
             and not _ASSIGNED.match(word)]  # fmt: skip
    return left[plain[0] :] if plain else []
