"""A text that a model wrote from memory is found where it stands, or nowhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantumlayer.agents.edits.matching import replaced
from quantumlayer.agents.edits.nearest import NoMatch

CODE = """\
def total(items):
    result = 0
    for item in items:
        result += item.price
    return result


def count(items):
    return len(items)
"""


def changed(old: str, new: str) -> str:
    assert CODE.count(old) == 1
    return CODE.replace(old, new)


@pytest.mark.parametrize(
    ("search", "replacement", "expected"),
    [
        ("result = 0", "result = 1", changed("result = 0", "result = 1")),
        ("    result = 0  \n", "    result = 1\n", changed("result = 0", "result = 1")),
        ("result = 0   ", "result = 1", changed("result = 0", "result = 1")),
        ("    return len(items)\n", "", changed("    return len(items)\n", "")),
        (
            "for item in items:\n    result += item.price",
            "for item in items:\n    result += item.price * item.count",
            changed("item.price", "item.price * item.count"),
        ),
        (
            "            result += item.price\n        return result\n",
            "            result += item.cost\n        return result\n",
            changed("item.price", "item.cost"),
        ),
        (
            "\n\n    for item in items:\n        result += item.price\n\n",
            "\n\n    for item in items:\n        result -= item.price\n\n",
            changed("result += ", "result -= "),
        ),
        (
            "for item in items:\n    result += item.price\nreturn result",
            "for item in items:\n    if item.price:\n\n        result += item.price\nreturn result",
            changed(
                "        result += item.price\n",
                "        if item.price:\n\n            result += item.price\n",
            ),
        ),
    ],
    ids=[
        "exact",
        "blanks behind",
        "blanks behind a part",
        "taken away",
        "too little indentation",
        "too much indentation",
        "empty lines around",
        "new lines move along",
    ],
)
def test_blanks_and_indentation_may_be_wrong(search: str, replacement: str, expected: str) -> None:
    assert replaced(CODE, search, replacement) == expected


def test_characters_that_look_alike_are_the_same_and_stay_as_the_file_has_them() -> None:
    text = 'title = "It\u2019s here"\nsize = 3 \u2212 1\nend = 0\n'
    search = "title = \u201cIt's here\u201d\nsize = 3 - 1\nend = 0"
    replacement = "title = \u201cIt's here\u201d\nsize = 3 - 1\nend = 1"
    assert replaced(text, search, replacement) == text.replace("end = 0", "end = 1")


def test_a_file_keeps_its_ends_of_lines() -> None:
    text = "a = 1\r\nb = 2\r\nc = 3\r\n"
    assert replaced(text, "a = 1\nb = 2\n", "a = 1\nx = 0\nb = 3\n") == (
        "a = 1\r\nx = 0\r\nb = 3\r\nc = 3\r\n"
    )
    assert replaced(text, "c = 3", "c = 4\nd = 5") == "a = 1\r\nb = 2\r\nc = 4\r\nd = 5\r\n"


def test_a_file_without_a_last_end_of_line_gets_none() -> None:
    assert replaced("a = 1\nb = 2", "  b = 2  ", "  b = 3") == "a = 1\nb = 3"


def test_a_word_is_not_found_inside_of_another() -> None:
    assert replaced("max = 10\nx = 1\n", "x = 1", "x = 2") == "max = 10\nx = 2\n"
    with pytest.raises(NoMatch, match="occurs 0 times"):
        replaced("max = 10\n", "x = 1", "x = 2")


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("  \n ", "is empty"),
        ("items", r"occurs 4 times.*lines 1, 3, 8, 9.*more lines around"),
        ("result = 1", "occurs 0 times"),
        (
            "def total(items):\n    result = 0\n    for thing in items:\n",
            "from line 1 on it nearly does, but in line 3 the file has 'for item in items:'",
        ),
        ("    return len(items)\n\n\ndef more():", "nearly does, but in line 10 the file ends"),
        ("for item in items:\nresult += item.price", "with another indentation"),
        ("def total(items):\n    ...\n    return result", "but in line 2 the file has"),
    ],
    ids=["empty", "several", "none", "nearly", "over the end", "indentation", "left out"],
)
def test_what_stands_nowhere_or_often_is_refused_with_what_is_there(search: str, said: str) -> None:
    with pytest.raises(NoMatch, match=f"(?s){said}"):
        replaced(CODE, search, "pass")


def test_the_strictest_way_that_finds_something_decides() -> None:
    # Without regard to indentation there would be two.
    text = "if a:\n    go()\nelse:\n        go()  \n"
    assert replaced(text, "    go()\nelse:", "    stop()\nelse:") == text.replace(
        "    go()\nelse", "    stop()\nelse"
    )
    with pytest.raises(NoMatch, match="occurs 2 times"):
        replaced(text, "\tgo()", "\tstop()")


_WORDS = st.sampled_from(["a = 1", "b = 2", "call(x)", "if y:", "    z()", "return 'q'", "", "}"])


# What is measured is what is found, on machines of any speed.
@settings(deadline=None)
@given(
    st.lists(_WORDS, min_size=1, max_size=12),
    st.integers(0, 11),
    st.integers(1, 4),
    st.sampled_from(["", "    ", "\t"]),
    st.sampled_from(["", "  "]),
)
def test_what_is_changed_is_the_place_that_was_meant_or_nothing(
    lines: list[str], begin: int, size: int, indentation: str, behind: str
) -> None:
    begin %= len(lines)
    window = lines[begin : begin + size]
    text = "".join(f"{line}\n" for line in lines)
    search = "".join(f"{indentation + line if line else line}{behind}\n" for line in window)
    meant = "".join(
        f"{line}\n" for line in (*lines[:begin], *window, "new", *lines[begin + size :])
    )
    try:
        found = replaced(text, search, f"{search}{indentation}new\n")
    except NoMatch:
        stripped = [line.strip() for line in lines]
        wanted = [line.strip() for line in window]
        filled = any(wanted)
        while filled and not wanted[0]:
            wanted = wanted[1:]
        while filled and not wanted[-1]:
            wanted = wanted[:-1]
        places = [
            place
            for place in range(len(stripped))
            if stripped[place : place + len(wanted)] == wanted
        ]
        assert not filled or len(places) > 1
    else:
        assert [line for line in found.splitlines() if line] == [
            line for line in meant.splitlines() if line
        ]
