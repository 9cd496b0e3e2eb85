"""What is wrong with a tree, grouped by its cause: a fault is told once, with all its places."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_CHARACTERS = 20_000
_PLACES = 8
_VOLATILE = re.compile(r"0x[0-9a-f]+|\d+(?:\.\d+)?|'[^'\n]*'|\"[^\"\n]*\"")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: of what kind, where it shows, what is said of it.

    What has the same `cause` but for names and numbers is one fault. `details` are shown of the
    first of them alone.
    """

    kind: str
    place: str
    cause: str
    details: str = ""


def grouped(problems: Iterable[Problem]) -> str:
    """The problems by cause, those with most places first, within MOST_CHARACTERS."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for one in problems:
        groups.setdefault((one.kind, _VOLATILE.sub("…", one.cause)), []).append(one)
    ordered = sorted(groups.values(), key=len, reverse=True)
    told: list[str] = []
    room = MOST_CHARACTERS
    for number, group in enumerate(ordered):
        words = _told(group)
        if len(words) > room:
            told.append(f"… and {len(ordered) - number} more causes.")
            break
        told.append(words)
        room -= len(words)
    return "\n\n".join(told)


def _told(group: Sequence[Problem]) -> str:
    first = group[0]
    places = [one.place for one in group if one.place]
    rest = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
    where = f" ({', '.join(places[:_PLACES])}{rest})" if places else ""
    count = f"{len(group)} times: " if len(group) > 1 else ""
    return f"{count}{first.kind}{where}: {first.cause}\n{first.details}".rstrip()
