"""Where in a file a text stands that a model wrote from memory: forgiving, and never by chance.

Models copy blanks, indentation and punctuation badly, and words well. A text is looked for as it
is, then without regard to blanks at the ends of lines, to indentation, and to characters that look
alike. The first of these ways that finds anything decides: one place is it, several are refused,
for a looser way could only find more. The cascade is that of codex and aider; what is not taken
over is any matching by likeness, which now and then changes the wrong place.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from quantumlayer.agents.edits.anchors import Region, allowed, anchored
from quantumlayer.agents.edits.edit import Replace
from quantumlayer.agents.edits.elision import pieces
from quantumlayer.agents.edits.leftovers import leftover
from quantumlayer.agents.edits.lines import (
    Change,
    Line,
    line_end,
    lines_of,
    plain,
    with_changes,
    without_empty_ends,
    written_lines,
)
from quantumlayer.agents.edits.nearest import NoMatch, Nowhere, nowhere, several
from quantumlayer.agents.edits.readings import readings
from quantumlayer.agents.edits.rewriting import hanging, rewritten


@dataclass(frozen=True, slots=True)
class _File:
    """A file's text, and where in it an edit may lie."""

    text: str
    lines: Sequence[Line]
    region: Region
    at_end: bool


def replaced(text: str, search: str, replacement: str) -> str:
    """`text` with `replacement` in the one place where `search` stands; raises NoMatch."""
    return with_changes(text, changes(text, Replace("", search, replacement)))


def changes(text: str, edit: Replace) -> tuple[Change, ...]:
    """What `edit` changes in `text`; raises NoMatch with a reason for the model.

    Lines that search and replacement share stay as the file has them, new ones take the
    indentation of their place and the file's own ends of lines. A search that stands nowhere is
    read again without what models add to the lines that they copy.
    """
    lines = lines_of(text)
    file = _File(text, lines, anchored(lines, edit.anchors), edit.at_end)
    if not edit.search.strip():
        return _added(file, edit)
    failure: Nowhere | None = None
    for search, replacement in readings(edit.search, edit.replacement):
        try:
            return _found(file, edit.path, search, replacement)
        except Nowhere as error:
            failure = failure or error
    if around := pieces(edit.search, edit.replacement):
        return _around_elisions(file, edit.path, around)
    raise failure or Nowhere("the text to search for is empty")


def _found(file: _File, path: str, search: str, replacement: str) -> tuple[Change, ...]:
    spans = [place for place in _places(file.text, search) if _whole(file.text, place, len(search))]
    windows = [_lines_at(file.lines, place, place + len(search)) for place in spans]
    if (chosen := _chosen(file, windows)) is not None:
        _check(path, search, replacement)
        return _exactly(file, spans[chosen], windows[chosen], search, replacement)
    wanted = without_empty_ends(written_lines(search))
    for same in (str.rstrip, str.strip, plain):
        windows = [
            range(begin, begin + len(wanted)) for begin in _windows(file.lines, wanted, same)
        ]
        if (chosen := _chosen(file, windows)) is not None:
            _check(path, search, replacement)
            given = _without_same_ends(search, replacement)
            return rewritten(file.text, file.lines, windows[chosen], wanted, given)
    raise nowhere(file.lines, search, replacement)


def _check(path: str, search: str, replacement: str) -> None:
    if reason := leftover(path, search, replacement):
        raise NoMatch(reason)


def _chosen(file: _File, windows: Sequence[range]) -> int | None:
    """Which of the places is meant; None when there are none. Raises NoMatch for any doubt."""
    inside = [
        index
        for index, window in enumerate(windows)
        if allowed(file.region, window)
        and not (file.at_end and _filled_after(file.lines, window.stop))
    ]
    if len(inside) > 1:
        raise several([windows[index].start + 1 for index in inside])
    if windows and not inside:
        raise NoMatch(
            f"the text to search for stands in line {windows[0].start + 1}, which is not where the "
            "edit says that it is"
        )
    return inside[0] if inside else None


def _filled_after(lines: Sequence[Line], place: int) -> bool:
    return any(line.words.strip() for line in lines[place:])


def _exactly(
    file: _File, place: int, window: range, search: str, replacement: str
) -> tuple[Change, ...]:
    """The change of a text that stands there to the letter: of lines, if it is lines."""
    text, end = file.text, place + len(search)
    first, last = file.lines[window.start], file.lines[window.stop - 1]
    at_line_end = end in (last.ends, last.begins + len(last.words))
    if place == first.begins and at_line_end:
        wanted, given = written_lines(search), written_lines(replacement)
        return rewritten(text, file.lines, window, wanted, given, exact=True)
    alone = len(window) == 1 and at_line_end and not text[first.begins : place].strip()
    if alone and hanging(first, replacement):
        given = written_lines(replacement)
        return rewritten(text, file.lines, window, [search.rstrip("\n")], given)
    ending = line_end(text)
    return (Change(place, end, replacement.replace("\r\n", "\n").replace("\n", ending)),)


def _added(file: _File, edit: Replace) -> tuple[Change, ...]:
    """What is written with nothing to search for: into an empty file, or at the end of one."""
    text = file.text
    if not text or not (text.strip() or edit.search):
        return (Change(0, len(text), edit.replacement),)
    if not file.at_end:
        raise NoMatch(
            "the text to search for is empty; search for the lines beside which the new ones "
            "shall stand, and repeat them in the replacement"
        )
    between = "" if text.endswith("\n") else line_end(text)
    added = "".join(f"{line}{line_end(text)}" for line in written_lines(edit.replacement))
    return (Change(len(text), len(text), between + added),)


def _around_elisions(
    file: _File, path: str, around: Sequence[tuple[str, str]]
) -> tuple[Change, ...]:
    """Each piece in the one place where it stands, all in the order in which they are said."""
    found: list[Change] = []
    for search, replacement in around:
        made = _found(file, path, search, replacement)
        if found and made and made[0].begin < found[-1].end:
            raise NoMatch("the lines around ... stand in the file in another order")
        found += made
    return tuple(found)


def _places(text: str, search: str) -> Iterator[int]:
    place = text.find(search)
    while place >= 0:
        yield place
        place = text.find(search, place + 1)


def _whole(text: str, place: int, length: int) -> bool:
    """Whether a match neither begins nor ends inside of a word, as `x = 1` in `max = 10` does.

    Nor may it within an end of line.
    """
    return not any(
        0 < edge < len(text) and _belong_together(text[edge - 1], text[edge])
        for edge in (place, place + length)
    )


def _belong_together(one: str, next_one: str) -> bool:
    if one == "\r":
        return next_one == "\n"
    return all(character.isalnum() or character == "_" for character in (one, next_one))


def _lines_at(lines: Sequence[Line], begin: int, end: int) -> range:
    """The lines that the characters from `begin` to `end` touch."""
    touched = [index for index, line in enumerate(lines) if line.begins < end and begin < line.ends]
    return range(touched[0], touched[-1] + 1)


def _windows(lines: Sequence[Line], wanted: Sequence[str], same: Callable[[str], str]) -> list[int]:
    """Where a run of lines begins that is `wanted`, as `same` sees them."""
    seen, searched = [same(line.words) for line in lines], [same(line) for line in wanted]
    return [
        begin
        for begin in range(len(seen) - len(searched) + 1)
        if seen[begin : begin + len(searched)] == searched
    ]


def _without_same_ends(search: str, replacement: str) -> list[str]:
    """The lines of `replacement` without the empty ones around it that `search` has as well."""
    wanted, given = written_lines(search), written_lines(replacement)
    for take in (0, -1):
        spare = list(wanted)
        while given and spare and not given[take].strip() and not spare[take].strip():
            given.pop(take)
            spare.pop(take)
    return given
