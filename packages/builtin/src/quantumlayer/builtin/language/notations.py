"""Notations of one thing: sentences, lines, bullets, headings and braces become statements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from quantumlayer.builtin.language.tokens import Raw, raw_tokens
from quantumlayer.builtin.language.vocabulary import VOCABULARY

_BULLET = re.compile(
    r"\s*(?:[-*\u2022+\u2713\u2714\u2705\u2611\u25aa\u00b7]\ufe0f?|\d+[.)]|[a-z]\))\s+"
)
_HEADING = re.compile(r"\s*(?:#{1,6}\s+|\*\*(?=[^*]+\*\*:?\s*$))")
_SHORT = frozenset(("max", "min", "etc", "no", "nr", "approx"))
_NEVER_LAST = frozenset(("e.g", "i.e"))
_BEGIN = frozenset(("have", "has", "with", "{", "must", "cannot", "can", "may"))
_AFTER_NAME = frozenset((":", "-", "\u2013", "\u2014"))
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that the description says: its tokens, and where it stands.

    `items` are the bullets below a heading that may be its fields, or statements of their own.
    """

    raws: tuple[Raw, ...]
    start: int
    end: int
    items: tuple["Statement", ...] = ()
    bullet: bool = False

    def combined(self) -> "Statement":
        """The heading with its bullets as a list: "Laptop: serial number (string), model"."""
        raws = [*(raw for raw in self.raws if raw.text != ":"), _sign(":", self.end)]
        for item in self.items:
            raws += [*item.enclosed(), _sign(",", item.end)]
        return Statement(tuple(raws[:-1]), self.start, self.items[-1].end)

    def enclosed(self) -> list[Raw]:
        """What stands after a colon in parentheses, as it may hold commas."""
        cuts = (at for at, raw in enumerate(self.raws) if at and raw.text in _AFTER_NAME)
        at = next(cuts, 0)
        if not at or not self.raws[at - 1].text[0].isalpha():
            return list(self.raws)
        opened, said = _sign("(", self.raws[at].start), self.raws[at + 1 :]
        return [*self.raws[:at], opened, *said, _sign(")", self.end)]


def _sign(sign: str, at: int) -> Raw:
    return Raw(sign, at, at, (sign,))


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int
    bullet: bool
    heading: bool


def statements(description: str) -> list[Statement]:
    """The statements of a description, in its order."""
    found: list[Statement] = []
    lines = _lines(description)
    for at, line in enumerate(lines):
        said = list(_sentences(line))
        if line.bullet and found and _takes_items(lines, at, found[-1]):
            head = found.pop()
            items = tuple(replace(each, bullet=True) for each in said if each.raws)
            found.append(Statement(head.raws, head.start, head.end, (*head.items, *items)))
            continue
        found += [replace(_without_head(each), bullet=line.bullet) for each in said]
    return [each for each in found if each.raws]


def _takes_items(lines: list[_Line], at: int, last: Statement) -> bool:
    before = at - 1
    while lines[before].bullet:
        before -= 1
        if before < 0:
            return False
    head = lines[before]
    return last.start >= head.start and bool(last.raws)


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    depth, start = 0, 0
    for position in [*(at for at, sign in enumerate(text) if sign == "\n"), len(text)]:
        line = text[start:position]
        depth += sum((sign in _OPEN) - (sign in _CLOSE) for sign in line)
        if (
            depth > 0
            and position < len(text)
            and text.count("}", position) + text.count(")", position)
        ):
            continue
        depth = 0
        _add_line(found, line, start)
        start = position + 1
    return [line for line in found if line.text.strip(" `-=_\r\n\t")]


def _add_line(found: list[_Line], line: str, start: int) -> None:
    bullet, heading = _BULLET.match(line), _HEADING.match(line)
    match = heading or bullet
    if match is not None:
        cut = match.end()
        found.append(_Line(line[cut:], start + cut, bool(bullet and not heading), bool(heading)))
        return
    last = found[-1] if found else None
    if last and not last.heading and (_runs_on(last.text, line) or _is_row(last.text, line)):
        gap = " " * (start - last.start - len(last.text))
        found[-1] = _Line(last.text + gap + line, last.start, last.bullet, False)
        return
    found.append(_Line(line, start, False, False))


def _runs_on(text: str, line: str) -> bool:
    said = line.strip()
    begun = said.lower().split()[:5]
    if any(word in _BEGIN or word.endswith(":") or "(" in word for word in begun):
        return False
    ended = text.rstrip()[-1:]
    return bool(said) and said[0].islower() and ended not in ".:;!?}" and len(text.split()) > 6


def _is_row(text: str, line: str) -> bool:
    """Whether a line is one more row of a table."""
    return text.lstrip().startswith("|") and line.lstrip().startswith("|")


def _sentences(line: _Line) -> Iterator[Statement]:
    raws = raw_tokens(line.text, line.start)
    depth, begun = 0, 0
    for at, raw in enumerate(raws):
        depth += (raw.text in _OPEN) - (raw.text in _CLOSE)
        ends = raw.text in {".", "!"} and not _abbreviates(raws, at)
        if depth <= 0 and (ends or raw.text == ";" or (raw.text == "?" and at + 1 == len(raws))):
            yield _statement(raws[begun:at])
            begun = at + 1
        if raw.text == "}" and depth <= 0:
            yield _statement(raws[begun : at + 1])
            begun = at + 1
    yield _statement(raws[begun:])


def _abbreviates(raws: list[Raw], at: int) -> bool:
    if not 0 < at < len(raws) - 1:
        return False
    word = raws[at - 1].text.lower()
    return word in _NEVER_LAST or (word in _SHORT and not raws[at + 1].text[0].isupper())


def _statement(raws: list[Raw]) -> Statement:
    said = tuple(raw for raw in raws if raw.text not in {"\\", "@", "."})
    while said and said[-1].text in {":", ",", "-"}:
        said = said[:-1]
    while said and said[0].text in {",", "-", "\u2013", ":"}:
        said = said[1:]
    if not said:
        return Statement((), 0, 0)
    return Statement(said, said[0].start, said[-1].end)


def _without_head(said: Statement) -> Statement:
    """Without "Rules:", "Entities", "As a librarian I want that" before what is said."""
    raws = said.raws
    words = [raw.text.lower() for raw in raws[:10]]
    if words[:1] == ["as"] and "want" in words and "that" in words:
        return _statement(list(raws[words.index("that") + 1 :]))
    for count in (3, 2, 1):
        atoms = tuple(atom for raw in raws[:count] for atom in raw.atoms)
        if "ACT" not in VOCABULARY.kinds(atoms) or len(raws) < count:
            continue
        rest = raws[count:]
        if not rest:
            return Statement((), 0, 0)
        if rest[0].text == ":":
            return _statement(list(rest[1:]))
    return said
