"""Words of a Dockerfile: quotes, escapes and variables, as Docker reads them."""

import re
from collections.abc import Mapping

from quantumlayer.manifests import NotUnderstood

NAME = re.compile(r"[A-Za-z_]\w*")
BRACED = re.compile(r"(?P<name>[A-Za-z_]\w*)(?P<kind>:?[-+])?(?P<word>.*)", re.DOTALL)

# Of a variable, as the kernel takes it; those that hold others grow with each that they hold.
LONGEST = 128 * 1024


def words(text: str, variables: Mapping[str, str], *, escape: str = "\\") -> list[str]:
    """The words of an instruction with quotes taken off and variables put in.

    Nothing is expanded within single quotes. Raises NotUnderstood for other forms of `${…}`.
    """
    found: list[str] = []
    current: list[str] | None = None
    quote, place, grown = "", 0, 0
    while place < len(text):
        char = text[place]
        if not quote and char.isspace():
            if current is not None:
                found.append("".join(current))
            current, place = None, place + 1
            continue
        current = [] if current is None else current
        if char == escape and quote != "'" and place + 1 < len(text):
            following = text[place + 1]
            keeps = quote and following not in (quote, "$", escape)
            current.append(escape + following if keeps else following)
            place += 2
        elif char in "'\"" and quote in ("", char):
            quote = "" if quote else char
            place += 1
        elif char == "$" and quote != "'":
            value, place = variable(text, place, variables)
            current.append(value)
            grown += len(value)
            if grown > LONGEST:
                raise NotUnderstood("variables make it longer than any program takes",
                                    path="Dockerfile")  # fmt: skip
        else:
            current.append(char)
            place += 1
    return found if current is None else [*found, "".join(current)]


def expanded(text: str, variables: Mapping[str, str], *, escape: str = "\\") -> str:
    """One text as a single word: of WORKDIR, USER, FROM and the like."""
    return " ".join(words(text, variables, escape=escape))


def variable(text: str, place: int, variables: Mapping[str, str]) -> tuple[str, int]:
    """The value of the variable at `place`, and where the text goes on."""
    if text.startswith("${", place):
        end = closing(text, place + 2)
        match = BRACED.fullmatch(text[place + 2 : end])
        if match is None or (match["word"] and not match["kind"]):
            raise NotUnderstood(f"`{text[place : end + 1]}` is no variable that is understood",
                                path="Dockerfile")  # fmt: skip
        return chosen(match, variables), end + 1
    name = NAME.match(text, place + 1)
    if name is None:
        return "$", place + 1
    return variables.get(name[0], ""), name.end()


def chosen(match: re.Match[str], variables: Mapping[str, str]) -> str:
    value, kind = variables.get(match["name"]), match["kind"] or ""
    word = expanded(match["word"], variables) if kind else ""
    there = value is not None and not (kind.startswith(":") and value == "")
    if kind.endswith("-"):
        return value or "" if there else word
    if kind.endswith("+"):
        return word if there else ""
    return value or ""


def closing(text: str, place: int) -> int:
    """Where the brace that is open at `place` closes."""
    depth = 1
    for index in range(place, len(text)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if depth == 0:
            return index
    raise NotUnderstood("a `${` is never closed", path="Dockerfile")
