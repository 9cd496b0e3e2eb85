"""Gradle's build files as statements: words, and what stands in braces after them.

Both dialects, Groovy's and Kotlin's, look alike as far as a build is declared. Code that computes
is kept as the text that it is; whoever meets it where it matters says that it is not understood.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

_OPEN, _CLOSE = "([", ")]"
_QUOTES = ('"""', "'''", '"', "'")
_GOES_ON = (".", "?.", "?:", "+", "&&", "||", "=", "else", "catch", "finally", "to ")
_NOT_DONE = (",", "(", "[", "=", "+", "?:", "&&", "||", ".", "\\", "->")


@dataclass
class Statement:
    """One statement: its text without comments, its line, and the block after it, if any."""

    text: str
    line: int
    block: "list[Statement] | None" = None


@dataclass
class _Reader:
    source: str
    place: int = 0
    line: int = 1
    found: list[Statement] = field(default_factory=list)

    def statements(self) -> list[Statement]:
        """All up to the brace that closes, or to the end."""
        made: list[Statement] = []
        text, began, depth = "", self.line, 0
        while self.place < len(self.source):
            if self.skipped_comment():
                continue
            quote = self.quote()
            if quote:
                text += self.literal(quote)
                continue
            mark = self.source[self.place]
            if not text.strip():
                began = self.line
            if mark == "{" and depth == 0:
                self.step()
                block = self.statements()
                made.append(Statement(text.strip(), began, block))
                text = ""
                continue
            if mark == "}" and depth == 0:
                self.step()
                break
            if mark in _OPEN + "{":
                depth += 1
            elif mark in _CLOSE + "}":
                depth = max(depth - 1, 0)
            if mark in "\n;" and depth == 0 and (mark == ";" or self.ends(text)):
                if text.strip():
                    made.append(Statement(text.strip(), began))
                text = ""
            else:
                text += " " if mark == "\n" else mark
            self.step()
        if text.strip():
            made.append(Statement(text.strip(), began))
        return made

    def ends(self, text: str) -> bool:
        """Whether a line's end is the end of what is said."""
        if text.rstrip().endswith(_NOT_DONE):
            return False
        rest = self.source[self.place :].lstrip()
        return not (text.strip() and rest.startswith(_GOES_ON))

    def step(self, count: int = 1) -> None:
        passed = self.source[self.place : self.place + count]
        self.line += passed.count("\n")
        self.place += count

    def skipped_comment(self) -> bool:
        if self.source.startswith("//", self.place):
            end = self.source.find("\n", self.place)
            self.step((len(self.source) if end < 0 else end) - self.place)
            return True
        if self.source.startswith("/*", self.place):
            end = self.source.find("*/", self.place)
            self.step((len(self.source) if end < 0 else end + 2) - self.place)
            return True
        return False

    def quote(self) -> str:
        return next((one for one in _QUOTES if self.source.startswith(one, self.place)), "")

    def literal(self, quote: str) -> str:
        """A string with its quotes, whatever stands in it."""
        begin = self.place
        self.step(len(quote))
        while self.place < len(self.source):
            if self.source[self.place] == "\\":
                self.step(2)
            elif self.source.startswith(quote, self.place):
                self.step(len(quote))
                break
            elif self.source[self.place] == "\n" and len(quote) == 1:
                break
            else:
                self.step()
        return self.source[begin : self.place]


def statements(source: str) -> list[Statement]:
    """The statements of a build file."""
    reader = _Reader(source)
    found: list[Statement] = []
    while reader.place < len(source):
        found += reader.statements()
    return found


def flat(given: list[Statement], prefix: str = "") -> Iterator[tuple[str, int]]:
    """Every statement without a block, with the heads of the blocks around it, joined by dots."""
    for one in given:
        text = f"{prefix}.{one.text}" if prefix and one.text else prefix or one.text
        if one.block is None:
            yield text, one.line
        elif one.block:
            yield from flat(one.block, text)
        else:
            yield f"{text}.", one.line
