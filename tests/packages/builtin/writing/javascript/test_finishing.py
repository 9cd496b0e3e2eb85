"""Lines that names have made too long are broken; all others stay."""

import pytest

from quantumlayer.builtin.writing.javascript.finishing import break_long_lines

NAME = "n" * 60


@pytest.mark.parametrize(
    "line",
    [
        "const short = [1, 2];",
        f" * A comment about {NAME} and {NAME}, which stays as long as it is.",
        f"const {NAME} = {NAME};",
    ],
)
def test_what_fits_or_has_no_brackets_stays(line: str) -> None:
    assert break_long_lines(line) == line


def test_the_outermost_list_is_broken() -> None:
    line = f'  for (const name of ["{NAME}", "b, c", "[d"]) {{ // and then it goes on and on'
    assert break_long_lines(line).split("\n") == [
        "  for (const name of [",
        f'    "{NAME}",',
        '    "b, c",',
        '    "[d",',
        "  ]) { // and then it goes on and on",
    ]


def test_the_last_argument_is_broken_where_it_is_an_object() -> None:
    line = f'has(created, {{ one: "{NAME}", other: "a text that makes the line too long" }});'
    assert break_long_lines(line).split("\n") == [
        "has(created, {",
        f'  one: "{NAME}",',
        '  other: "a text that makes the line too long",',
        "});",
    ]


def test_an_object_with_one_member_is_broken_too() -> None:
    line = f'  const second = await make.somethingOrOther({{ name: "{NAME} {NAME}" }});'
    assert break_long_lines(line).split("\n")[0].endswith("make.somethingOrOther({")


def test_a_long_text_stands_below_its_name() -> None:
    line = f'  description: "{NAME}, {NAME}",'
    assert break_long_lines(line) == f'  description:\n    "{NAME}, {NAME}",'
