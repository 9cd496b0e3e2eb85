"""Files and notes as tagged text: raw contents between a line that names a path and an end mark.

    <file path="src/app.py">
    …the content, letter by letter…
    </file>
    <note path="src/other.py">what must change there, and why</note>

What is written here says every content exactly: one that holds such lines itself, or does not end
with a line break, gets an end mark of its own (`<file path="…" end="end-1">…</file end-1>`). Models
need not know that, so reading is forgiving: of several plain end marks the last before the next
file counts, and Markdown fences around a whole content are taken off.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Literal

from quantumlayer.router.thoughts import spoken

Kind = Literal["file", "note"]

_ATTRIBUTES = r"""(?:[^<>"'\n]|"[^"\n]*"|'[^'\n]*')*"""
_OPENING = rf"^[ \t]*<(?P<kind>file|note)(?P<attributes>\s{_ATTRIBUTES})>(?:[ \t\r]*\n)?"
_CLOSING = r"^</file(?:[ \t][^<>\n]*)?>[ \t\r]*$"
_OPEN = re.compile(_OPENING, re.MULTILINE)
_MARK = re.compile(rf"{_OPENING}|(?P<closing>{_CLOSING})", re.MULTILINE)
_END_OF_LINE = re.compile(r"</file>[ \t\r]*$", re.MULTILINE)
_ATTRIBUTE = re.compile(r"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'/]\S*))""")
_PATHS = ("path", "name", "filename", "file")
_BEGUN = re.compile(r"<(?:file|note)\s[^<>\n]*\Z")
_FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,})(?P<language>[\w+#.-]*)[ \t\r]*$", re.MULTILINE)
_PROSE = (".md", ".markdown", ".mdx", ".rst", ".adoc", ".txt")
_SENTINEL = "\0"


@dataclass(frozen=True, slots=True)
class Block:
    """A file or a note in a text, from `start` to `end`; `end` is None where no end mark came."""

    kind: Kind
    path: str
    content: str
    start: int
    body: int
    end: int | None


def blocks(text: str, asked: Collection[str]) -> list[Block]:
    """The files and notes in `text`, in their order.

    The path of one of the `asked` files always begins a file; that of another may be content.
    """
    found: list[Block] = []
    position = 0
    while opening := _OPEN.search(text, position):
        block, position = _block(text, opening, asked)
        found.append(block)
    return found


def whole_files(text: str, asked: Collection[str]) -> dict[str, Block]:
    """Path → the last whole block of each of the `asked` files that has one."""
    return {
        block.path: block
        for block in blocks(text, asked)
        if block.kind == "file" and block.path in asked and block.end is not None
    }


def open_block(text: str, asked: Collection[str]) -> Block | None:
    """The file or note that `text` ends in the middle of."""
    found = blocks(text, asked)
    return found[-1] if found and found[-1].end is None else None


def ends_in_a_tag(text: str) -> bool:
    """Whether `text` stops inside of a tag that would begin a file or a note."""
    line = text.rpartition("\n")[2].lstrip()
    begins = line != "" and any(tag.startswith(line) for tag in ("<file ", "<note "))
    return begins or _BEGUN.match(line) is not None


def without_thoughts(text: str, asked: Collection[str]) -> str:
    """`text` without what the model only thought; a mark inside a file is none."""
    body = text.lstrip("\ufeff \t\r\n")
    found = blocks(body, asked)
    places = [(block.start, block.end) for block in found if block.end is not None]
    last = found[-1] if found else None
    if last is not None and last.end is None:
        before = spoken(body[: last.start] + _SENTINEL, places)
        if before.endswith(_SENTINEL):
            places.append((last.start, len(body) + 1))
    kept = spoken(body, places)
    return kept if kept.strip() else ""


def written(files: Mapping[str, str], notes: Mapping[str, str] | None = None) -> str:
    """The text from which `files` (path → content), and notes by the path they are about, are read.

    Raises ValueError for a path that no tag can hold.
    """
    parts = [_written_file(path, content) for path, content in files.items()]
    parts += [f"<note path={_quoted(path)}>{text}</note>\n" for path, text in (notes or {}).items()]
    return "".join(parts)


def normalized(path: str) -> str:
    """A path as plans have it, whatever a model put around it."""
    return path.strip().replace("\\", "/").removeprefix("./").lstrip("/")


def _written_file(path: str, content: str) -> str:
    if _is_plain(path, content):
        return f"<file path={_quoted(path)}>\n{content}</file>\n"
    words = (f"end-{number}" for number in count(1))
    word = next(word for word in words if f"</file {word}>" not in content)
    return f'<file path={_quoted(path)} end="{word}">\n{content}</file {word}>\n'


def _is_plain(path: str, content: str) -> bool:
    """Whether the forgiving way of reading takes nothing away, wherever the text is cut."""
    ends_well = not content or content.endswith("\n")
    holds_marks = "</file" in content or _MARK.search(content) is not None
    return ends_well and not holds_marks and _unfenced(path, content) == content


def _quoted(path: str) -> str:
    quote = '"' if '"' not in path else "'"
    if quote in path or "\n" in path or normalized(path) != path:
        raise ValueError(f"no tag can hold the path {path!r}")
    return f"{quote}{path}{quote}"


def _block(text: str, opening: re.Match[str], asked: Collection[str]) -> tuple[Block, int]:
    """The block that begins with `opening`, and where to look for the next one."""
    kind: Kind = "note" if opening["kind"] == "note" else "file"
    attributes = _attributes(opening["attributes"])
    path = _path(attributes)
    start, body = opening.start(), opening.end()

    def block(content_end: int, end: int | None) -> Block:
        content = text[body:content_end]
        return Block(kind, path, content, start, body, end)

    if opening["attributes"].rstrip().endswith("/"):
        return block(body, body), body
    if kind == "note" or "end" in attributes:
        mark = "</note>" if kind == "note" else f"</file {attributes['end']}>"
        place = text.find(mark, body)
        if place < 0:
            return block(len(text), None), len(text)
        return block(place, place + len(mark)), place + len(mark)
    found, limit = _last_closing(text, opening, path, asked)
    if found is None:
        return block(limit, None), limit
    plain = block(found[0], found[1])
    return (
        Block(kind, path, _unfenced(path, plain.content), start, body, plain.end),
        max(limit, found[1]),
    )


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1].lower(): found[2] or found[3] or found[4] or ""
        for found in _ATTRIBUTE.finditer(text)
    }


def _path(attributes: Mapping[str, str]) -> str:
    return normalized(next((attributes[name] for name in _PATHS if name in attributes), ""))


def _last_closing(
    text: str, opening: re.Match[str], path: str, asked: Collection[str]
) -> tuple[tuple[int, int] | None, int]:
    """The place of the end mark of the file that `opening` begins, and where the file's part ends.

    Examples of files inside of a file have end marks of their own, so depth is counted.
    """
    depth, limit = 1, len(text)
    at_its_end: re.Match[str] | None = None
    latest: re.Match[str] | None = None
    for mark in _MARK.finditer(text, opening.end()):
        if mark["closing"] is not None:
            depth, latest = max(depth - 1, 0), mark
            at_its_end = mark if depth == 0 else at_its_end
        elif depth == 0 or _begins_another(text, mark, depth, path, asked):
            limit = mark.start()
            break
        elif mark["kind"] == "file":
            depth += 1
    if at_its_end is not None:
        return at_its_end.span(), limit
    if latest is not None and not text[latest.end() : limit].strip():
        return latest.span(), limit
    for inline in reversed(list(_END_OF_LINE.finditer(text, opening.end(), limit))):
        return inline.span(), limit
    return None, limit


def _begins_another(
    text: str, mark: re.Match[str], depth: int, path: str, asked: Collection[str]
) -> bool:
    """Whether a tag inside of a file that is still open begins another file, or this one anew."""
    if mark["kind"] != "file":
        return False
    named = _path(_attributes(mark["attributes"]))
    if named != path:
        return named in asked
    return not _comes_to_its_end(text, mark, depth)


def _comes_to_its_end(text: str, mark: re.Match[str], depth: int) -> bool:
    """Whether all that is open at `mark` is closed one by one, so that it is an example inside."""
    for each in _MARK.finditer(text, mark.start()):
        depth += -1 if each["closing"] is not None else each["kind"] == "file"
        if depth == 0:
            return True
    return False


def _unfenced(path: str, content: str) -> str:
    """`content` without a Markdown fence around all of it, where that is none of its own."""
    stripped = content.strip()
    first = _FENCE.match(stripped)
    if first is None or not stripped.endswith(first["fence"]):
        return content
    if path.lower().endswith(_PROSE) and first["language"].lower() not in ("markdown", "md"):
        return content
    inside = stripped[first.end() :].removeprefix("\n").removesuffix(first["fence"])
    if not inside.endswith("\n"):
        return "" if not inside.strip() else content
    fences = [found for found in _FENCE.finditer(inside) if found["fence"][0] == first["fence"][0]]
    return inside if len(fences) % 2 == 0 else content
