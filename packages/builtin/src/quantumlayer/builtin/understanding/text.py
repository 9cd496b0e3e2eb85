"""Text as it is read: normalised without moving a character, in sentences that know their place.

Every function is linear in the length of the text, so that a prompt can do no harm.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SAME_LENGTH = str.maketrans(
    {
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\t": " ",
        "\r": " ",
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u2013": "-",
        "\u2014": "\u2014",
        "\u2212": "-",
        "\u2022": "\u2022",
        "`": " ",
    }
)
_BULLET = re.compile(r"(?:[-*\u2022\u2013+]|\(?\d{1,3}[.)]|\(?[a-z]\))[ ]+(?=\S)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|max|min|incl|resp|nr|no)|\b[a-z]\.[a-z])$", re.IGNORECASE
)
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, a bullet or a heading of the prompt.

    `text` is normalised and trimmed, without bullet and final punctuation; `start` and `end` are
    its place in the prompt; `heading` is the text of the line that it stands under.
    """

    text: str
    start: int
    end: int
    bullet: bool = False
    heading: str = ""
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int
    indent: int
    bullet: bool
    marked_heading: bool


def normalised(text: str) -> str:
    """The text with plain quotes, hyphens and spaces; every character keeps its place."""
    plain = text.translate(_SAME_LENGTH)
    return re.sub(r"[*]{2}|__(?=\w)|(?<=\w)__", "  ", plain)


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a normalised text; wrapped lines are joined."""
    flat = _flattened(text)
    parents: list[tuple[int, str]] = []
    found: list[Sentence] = []
    blocks = _blocks(flat)
    for position, block in enumerate(blocks):
        following = blocks[position + 1] if position + 1 < len(blocks) else None
        raw = flat[block.start : block.end].strip()
        deeper = following is not None and following.indent > block.indent
        heads = block.marked_heading or (
            following is not None
            and (
                (deeper and following.bullet) or (raw.endswith(":") and not raw[:-1].endswith(":"))
            )
        )
        while parents and parents[-1][0] >= block.indent:
            parents.pop()
        heading = parents[-1][1] if parents else ""
        pieces = list(_sentence_spans(flat, block.start, block.end))
        for number, (start, end) in enumerate(pieces):
            sentence = flat[start:end].strip(" \n.!?;:")
            if sentence:
                last = number == len(pieces) - 1
                found.append(
                    Sentence(
                        " ".join(sentence.split()),
                        start,
                        end,
                        block.bullet,
                        heading,
                        heads and last,
                    )
                )
        if heads and found:
            parents.append((block.indent, found[-1].text))
    return tuple(found)


def _flattened(text: str) -> str:
    """The text with every line break inside braces turned into a comma."""
    if "{" not in text:
        return text
    depth, out = 0, []
    for character in text:
        depth = max(0, depth + (character == "{") - (character == "}"))
        out.append("," if character in "\n;" and depth else character)
    return "".join(out) if depth == 0 else text


def _blocks(text: str) -> list[_Block]:
    blocks: list[_Block] = []
    offset, previous = 0, ""
    for line in text.split("\n"):
        start, offset = offset, offset + len(line) + 1
        stripped = line.strip()
        if not stripped or set(stripped) <= set("-=_*#~ "):
            previous = ""
            continue
        indent = len(line) - len(line.lstrip())
        marks = re.match(r"#{1,6} ", stripped)
        bullet = _BULLET.match(stripped)
        if not marks and not bullet and blocks and _continues(previous, stripped):
            last = blocks[-1]
            blocks[-1] = _Block(
                last.start, start + len(line), last.indent, last.bullet, last.marked_heading
            )
        else:
            shift = (marks or bullet).end() if (marks or bullet) else 0  # type: ignore[union-attr]
            # A bullet belongs to the line above it even when both begin at the margin.
            depth = -8 + len(marks.group()) if marks else indent * 2 + bool(bullet)
            blocks.append(
                _Block(start + indent + shift, start + len(line), depth, bool(bullet), bool(marks))
            )
        previous = stripped
    return blocks


def _continues(previous: str, line: str) -> bool:
    """Whether a line goes on with the sentence of the line before it."""
    if not previous or previous[-1] in ".;:!?":
        return False
    if re.match(r"\w+(?: \w+)?\s*[:({]", line):
        return False
    if previous[-1] == "," or re.search(r"\b(?:and|or|with|a|an|the|of|to|by|for|in)$", previous):
        return True
    return line[:1].islower() and len(previous) >= 50


def _sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    depth, begin, quote = 0, start, ""
    for position in range(start, end):
        character = text[position]
        if character == '"':
            quote = "" if quote else character
        depth = max(0, depth + (character in _OPEN) - (character in _CLOSE))
        if depth or quote or character not in ".!?;":
            continue
        after = text[position + 1 : position + 2]
        if character != ";" and after and not after.isspace():
            continue
        if character == "." and _ABBREVIATION.search(text, max(begin, position - 8), position):
            continue
        yield begin, position + 1
        begin = position + 1
    if begin < end:
        yield begin, end


# Lists, parentheses and quotes


def top_level_split(text: str, separator: re.Pattern[str]) -> tuple[str, ...]:
    """The parts of a text between separators that stand outside parentheses and double quotes."""
    parts, begin, depth, quoted_now = [], 0, 0, False
    ends = {match.start(): match.end() for match in separator.finditer(text)}
    position = 0
    while position < len(text):
        character = text[position]
        if character == '"':
            quoted_now = not quoted_now
        depth = max(0, depth + (character in _OPEN) - (character in _CLOSE))
        if position in ends and not depth and not quoted_now and ends[position] > position:
            parts.append(text[begin:position])
            position = begin = ends[position]
        else:
            position += 1
    parts.append(text[begin:])
    return tuple(part.strip() for part in parts if part.strip(" ,"))


_LIST = re.compile(
    r"\s*,\s*(?:(?:and|or|plus(?! one\b)|as well as)\b\s+|&\s+)?|\s+(?:and|n|plus(?! one\b)|as well as|&|\+(?=\s+[a-z]))\s+(?:also\s+)?",
    re.IGNORECASE,
)
_ALTERNATIVES = re.compile(
    r"\s*,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+|\s*[|/;]\s*|\s*->\s*", re.IGNORECASE
)
_BETWEEN = re.compile(r"(?i)\b(between [$€£]?-?\d[^\s,;()]*(?: [a-z]+)?)\s+and\s+(?=[$€£]?-?\d)")
_JOINED = "\0"


def list_items(text: str) -> tuple[str, ...]:
    """The items of "a, b and c", with parentheses and "between 1 and 5" kept whole."""
    kept = _BETWEEN.sub(lambda match: f"{match[1]}{_JOINED}", text.strip())
    return tuple(item.replace(_JOINED, " and ") for item in top_level_split(kept, _LIST))


def alternatives(text: str) -> tuple[str, ...]:
    """The values of "a, b or c", "a | b", "a/b", "'a' and 'b'", without their quotes."""
    values = top_level_split(re.sub(r"(?i)^\s*(?:either|one of)\s+", "", text), _ALTERNATIVES)
    cleaned = (re.sub(r"(?i)^(?:or|and)\s+", "", value).strip(" '\".") for value in values)
    return tuple(dict.fromkeys(value for value in cleaned if value))


def parenthesised(text: str) -> tuple[str, tuple[str, ...]]:
    """The text outside parentheses, and the contents of its outermost parentheses."""
    outside: list[str] = []
    inside: list[str] = []
    depth, begin = 0, 0
    for position, character in enumerate(text):
        if character in _OPEN:
            if depth == 0:
                begin = position + 1
            depth += 1
        elif character in _CLOSE and depth:
            depth -= 1
            if depth == 0:
                inside.append(text[begin:position].strip())
                outside.append(" ")
        elif depth == 0:
            outside.append(character)
    if depth:
        inside.append(text[begin:].strip())
    return " ".join("".join(outside).split()), tuple(part for part in inside if part)


def quoted(text: str) -> tuple[str, ...]:
    """The values in double or single quotes; an apostrophe within a word is no quote."""
    return tuple(
        first or second
        for first, second in re.findall(r"\"([^\"]{1,200})\"|(?<!\w)'([^']{1,200})'(?!\w)", text)
    )


# Numbers

_UNIT_WORDS = """zero one two three four five six seven eight nine ten eleven twelve thirteen
fourteen fifteen sixteen seventeen eighteen nineteen"""
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: value for value, word in enumerate(_UNIT_WORDS.split())}
_TENS = {word: value * 10 for value, word in enumerate(_TEN_WORDS.split(), start=2)}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}
_NUMBER_WORD = "|".join((*_UNITS, *_TENS, *_SCALES))
_NUMBER_WORDS = re.compile(
    rf"\b(?:a\s+(?=hundred|thousand|million|dozen))?(?:{_NUMBER_WORD})"
    rf"(?:[\s-](?:and\s+)?(?:{_NUMBER_WORD}))*\b(?!\s+of\b|\s+or\s+more|\s+another|-to-)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\b(\d{1,3}(?:,\d{3})+)\b")
_THOUSANDS = re.compile(r"\b(\d+)k\b")


def with_digits(text: str) -> str:
    """The text with number words and grouped digits written as plain digits: "five" → "5"."""
    text = _DIGITS.sub(lambda match: match.group(1).replace(",", ""), text)
    text = _THOUSANDS.sub(lambda match: match.group(1) + "000", text)
    return _NUMBER_WORDS.sub(lambda match: str(_value(match.group())), text)


def _value(phrase: str) -> int:
    total, current = 0, 0
    for word in re.split(r"[\s-]+", phrase.lower()):
        if word in _UNITS:
            current += _UNITS[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word in _SCALES:
            scale = _SCALES[word]
            current = max(current, 1) * scale
            if scale >= 1000:
                total, current = total + current, 0
    return total + current
