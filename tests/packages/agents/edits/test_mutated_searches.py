"""Whatever a model gets wrong in a search: what changes is the place it meant, or nothing."""

import html
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from quantumlayer.agents.edits import Replace, apply_edits

_LINES = st.sampled_from(
    [
        "a = 1",
        "b = 'x'",
        "if a < b:",
        "    call(a)",
        "        return a",
        "\tgo()",
        "",
        "}",
        "# - end",
    ]
)
_NEW = "meant = True"


def _numbered(lines: list[str]) -> list[str]:
    return [f"{number}: {line}" for number, line in enumerate(lines, 7)]


_MUTATIONS: dict[str, Callable[[list[str]], list[str]]] = {
    "none": lambda lines: lines,
    "blanks behind": lambda lines: [f"{line}  " for line in lines],
    "indented": lambda lines: [f"    {line}" if line else line for line in lines],
    "trimmed": lambda lines: [line.strip() for line in lines],
    "tabs for blanks": lambda lines: [line.replace("    ", "\t") for line in lines],
    "look-alikes": lambda lines: [
        line.replace("'", "\u2019").replace("-", "\u2013") for line in lines
    ],
    "listing": _numbered,
    "diff": lambda lines: [f"-{line}" for line in lines],
    "entities": lambda lines: [html.escape(line) for line in lines],
    "a line less": lambda lines: lines[1:],
    "a line twice": lambda lines: [*lines, *lines[-1:]],
    "another word": lambda lines: [line.replace("a", "q") for line in lines],
    "elided": lambda lines: [*lines[:1], "...", *lines[-1:]],
}


# What is measured is what is found, on machines of any speed.
@settings(deadline=None, max_examples=400)
@given(
    st.lists(_LINES, min_size=1, max_size=14),
    st.integers(0, 13),
    st.integers(1, 4),
    st.sampled_from(sorted(_MUTATIONS)),
    st.sampled_from(["\n", "\r\n"]),
)
def test_no_other_place_is_ever_changed(
    lines: list[str], begin: int, size: int, mutation: str, ending: str
) -> None:
    begin %= len(lines)
    window = lines[begin : begin + size]
    text = "".join(f"{line}{ending}" for line in lines)
    wanted = _MUTATIONS[mutation](window)
    search = "".join(f"{line}\n" for line in wanted)
    marked = "".join(f"{line}\n" for line in _marked(wanted, mutation))
    applied = apply_edits({"f.py": text}, [Replace("f.py", search, marked)])
    assert len(applied.changed) + len(applied.refused) <= 1
    for changed in applied.changed.values():
        assert changed is not None
        after = changed.split(ending)
        place = next(index for index, line in enumerate(after) if line.strip() == _NEW)
        # All that was there is there, in its order, and the new line stands by the lines meant.
        assert [line for line in (*after[:place], *after[place + 1 :]) if line] == [
            line for line in lines if line
        ]
        filled = [line.strip() for line in window if line.strip()]
        if mutation not in ("a line less", "a line twice", "another word"):
            above = [line.strip() for line in after[:place] if line.strip()]
            assert above[-len(filled) :] == filled


def _marked(wanted: list[str], mutation: str) -> list[str]:
    """What replaces the search: the same lines, and a new one below them."""
    new = {"listing": f"{len(wanted) + 7}: {_NEW}", "diff": f"+{_NEW}"}.get(mutation, _NEW)
    kept = [f" {line[1:]}" for line in wanted] if mutation == "diff" else wanted
    return [*kept, new]
