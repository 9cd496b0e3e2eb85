"""Reading a Dockerfile into stages of instructions, each with its line. Nothing is run."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from quantumlayer.manifests import NotUnderstood

KNOWN = frozenset({
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL",
    "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
})  # fmt: skip
DIRECTIVE = re.compile(r"#\s*(?P<name>\w+)\s*=\s*(?P<value>.+?)\s*$")
FLAG = re.compile(r"--(?P<name>[a-z-]+)(?:=(?P<value>\S*))?(?:\s+|$)")
HEREDOC = re.compile(r"<<(?P<tabs>-)?(?P<quote>['\"]?)(?P<name>[A-Za-z_]\w*)(?P=quote)")
STAGE = re.compile(r"(?P<base>\S+)(?:\s+[Aa][Ss]\s+(?P<name>\S+))?")
WITH_HEREDOCS = ("RUN", "COPY", "ADD")


@dataclass(frozen=True)
class HereDocument:
    """A file or script within the Dockerfile. `literal`: nothing in it is expanded."""

    name: str
    content: str
    literal: bool


@dataclass(frozen=True)
class Instruction:
    """One instruction. `words` are those of the exec form, None in the shell form."""

    name: str
    line: int
    text: str
    words: tuple[str, ...] | None
    flags: tuple[tuple[str, str], ...] = ()
    documents: tuple[HereDocument, ...] = ()

    def flag(self, name: str) -> str | None:
        """The value of `--name`, the last of several; None when it is not there."""
        return dict(self.flags).get(name)


@dataclass(frozen=True)
class Stage:
    """From one FROM to the next."""

    base: str
    name: str
    line: int
    platform: str | None
    instructions: tuple[Instruction, ...]


@dataclass(frozen=True)
class Dockerfile:
    """`arguments`: those before the first FROM, which only FROM sees."""

    path: str
    escape: str
    arguments: tuple[Instruction, ...]
    stages: tuple[Stage, ...]


def read_dockerfile(text: str, path: str = "Dockerfile") -> Dockerfile:
    """The stages of a Dockerfile. Raises NotUnderstood with the line."""
    if "\0" in text:
        raise NotUnderstood("this is no text", path=path)
    lines = text.splitlines()
    escape = escape_of(lines)
    arguments: list[Instruction] = []
    stages: list[tuple[Instruction, list[Instruction]]] = []
    for one in instructions(lines, escape, path):
        if one.name == "FROM":
            stages.append((one, []))
        elif stages:
            stages[-1][1].append(one)
        elif one.name == "ARG":
            arguments.append(one)
        else:
            raise NotUnderstood(f"`{one.name}` stands before the first FROM", path=path,
                                line=one.line)  # fmt: skip
    if not stages:
        raise NotUnderstood("there is no FROM in it", path=path)
    read = tuple(stage_of(begin, inside, path) for begin, inside in stages)
    return Dockerfile(path, escape, tuple(arguments), read)


def stage_of(begin: Instruction, inside: list[Instruction], path: str) -> Stage:
    match = STAGE.fullmatch(begin.text)
    if match is None:
        raise NotUnderstood(f"`FROM {begin.text}` is no stage", path=path, line=begin.line)
    name = (match["name"] or "").lower()
    return Stage(match["base"], name, begin.line, begin.flag("platform"), tuple(inside))


def escape_of(lines: list[str]) -> str:
    """The character that continues a line: a directive at the top may change it."""
    for line in lines:
        match = DIRECTIVE.match(line.strip())
        if match is None:
            break
        if match["name"].lower() == "escape" and match["value"] in ("`", "\\"):
            return match["value"]
    return "\\"


def instructions(lines: list[str], escape: str, path: str) -> Iterator[Instruction]:
    place = 0
    while place < len(lines):
        first = place
        parts: list[str] = []
        goes_on = False
        while place < len(lines):
            line = lines[place].strip() if not parts else lines[place].rstrip()
            place += 1
            if not line.strip() or line.lstrip().startswith("#"):
                if not parts:
                    break
                continue
            goes_on = line.endswith(escape)
            parts.append(line[:-1] if goes_on else line)
            if not goes_on:
                break
        if not parts:
            continue
        name, rest = [*"".join(parts).split(maxsplit=1), ""][:2]
        name = name.upper()
        if name not in KNOWN:
            raise NotUnderstood(f"`{name}` is no instruction", path=path, line=first + 1)
        documents: list[HereDocument] = []
        if name in WITH_HEREDOCS:
            for match in HEREDOC.finditer(rest):
                content, place = document(lines, place, match, path)
                documents.append(HereDocument(match["name"], content, bool(match["quote"])))
        yield instruction(name, rest.strip(), first + 1, tuple(documents))


def document(lines: list[str], place: int, match: re.Match[str], path: str) -> tuple[str, int]:
    """The here-document that begins at `place`, and the place after its end."""
    kept: list[str] = []
    for index in range(place, len(lines)):
        line = lines[index].lstrip("\t") if match["tabs"] else lines[index]
        if line == match["name"]:
            return "".join(f"{each}\n" for each in kept), index + 1
        kept.append(line)
    raise NotUnderstood(f"`<<{match['name']}` is never ended", path=path, line=place)


def instruction(
    name: str, rest: str, line: int, documents: tuple[HereDocument, ...]
) -> Instruction:
    flags: list[tuple[str, str]] = []
    while match := FLAG.match(rest):
        flags.append((match["name"], match["value"] or ""))
        rest = rest[match.end() :]
    return Instruction(name, line, rest, exec_words(rest), tuple(flags), documents)


def exec_words(text: str) -> tuple[str, ...] | None:
    """The words of the exec form, a list in JSON; None for any other text."""
    if not text.startswith("["):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    valid = isinstance(found, list) and all(isinstance(word, str) for word in found)
    return tuple(found) if valid else None
