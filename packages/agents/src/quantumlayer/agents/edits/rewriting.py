"""Lines that were found, and what a model wrote in their place → the least change of the file."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from quantumlayer.agents.edits.indentation import shifted
from quantumlayer.agents.edits.lines import Change, Line, indentation, line_end, written_lines
from quantumlayer.agents.edits.nearest import NoMatch

_OPENS = (":", "{", "(", "[", "=>", "->")


def rewritten(
    text: str,
    lines: Sequence[Line],
    window: range,
    wanted: Sequence[str],
    given: Sequence[str],
    *,
    exact: bool = False,
) -> tuple[Change, ...]:
    """What changes in the lines of `window`, which the model wrote as `wanted`; raises NoMatch.

    What is the same in the model's own two texts is what it did not mean to change. `exact` says
    that it wrote the lines as they are, so that nothing need be moved.
    """
    there = lines[window.start : window.stop]
    _refuse_twice(lines, window, wanted, given)
    ours = list(wanted) if exact else [line.rstrip() for line in wanted]
    theirs = list(given) if exact else [line.rstrip() for line in given]
    found: list[Change] = []
    opcodes = SequenceMatcher(a=ours, b=theirs, autojunk=False).get_opcodes()
    for kind, first, last, begin, end in opcodes:
        if kind == "equal":
            continue
        new = list(given[begin:end])
        if not exact:
            moved = shifted(new, zip(wanted, there, strict=True), lines)
            if moved is None:
                raise NoMatch(
                    "the text to search for stands there with another indentation; copy its lines "
                    "exactly"
                )
            new = moved
        found.append(_change(text, there, first, last, new))
    return tuple(found)


def hanging(line: Line, replacement: str) -> bool:
    """Whether new lines are indented as if `line` began where its first word does.

    The model copied a line without its indentation: so are the others, unless they are too deep.
    """
    first, *others = [line for line in written_lines(replacement) if line.strip()] or [""]
    if not others:
        return False
    depth = len(indentation(line.words))
    if first.rstrip().endswith(_OPENS) and len(indentation(others[0])) <= depth:
        return True
    return min(len(indentation(other)) for other in others) < depth


def _change(text: str, there: Sequence[Line], first: int, last: int, new: Sequence[str]) -> Change:
    begin = there[first].begins if first < len(there) else there[-1].ends
    end = there[last - 1].ends if first < last else begin
    ending = "\r\n" if text[there[0].begins : there[0].ends].endswith("\r\n") else line_end(text)
    written = "".join(f"{line}{ending}" for line in new)
    if end == len(text) and not text.endswith("\n"):
        written = written.removesuffix(ending)
        if first == last and written:
            written = ending + written
    return Change(begin, end, written)


def _refuse_twice(
    lines: Sequence[Line], window: range, wanted: Sequence[str], given: Sequence[str]
) -> None:
    """Refuses lines that stand beside the place already: the edit was applied before."""
    more = len(given) - len(wanted)
    added = [line for line in given if line not in wanted]
    if more <= 0 or not any(character.isalnum() for line in added for character in line):
        return
    seen, written = [line.words.strip() for line in lines], [line.strip() for line in given]
    for begin in range(max(0, window.start - more), window.start + 1):
        if seen[begin : begin + len(written)] == written:
            raise NoMatch("what the edit adds is there already; leave it as it is")
