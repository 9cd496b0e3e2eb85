"""What is read as edits, and what is not."""

from typing import get_args

import pytest

from quantumlayer.agents.edits import Replace, Unreadable, Write, instructions, read_edits
from quantumlayer.agents.edits.dialects.paths import path_in
from quantumlayer.router.profiles.profile import EditDialect

DIALECTS: tuple[EditDialect, ...] = get_args(EditDialect)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_example_of_the_instructions_is_itself_read(dialect: EditDialect) -> None:
    edits = read_edits(dialect, instructions(dialect))
    assert edits
    assert not [edit for edit in edits if isinstance(edit, Unreadable)]
    assert edits[0].path == "src/orders.py"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_words_alone_are_no_edit(dialect: EditDialect) -> None:
    assert read_edits(dialect, "I would change `src/app.py` so that it returns 1.\n") == ()


def test_an_example_in_a_fence_is_no_file_where_no_file_was_asked_for() -> None:
    answer = "src/app.py\n```python\nreturn 1\n```\n"
    assert read_edits("search_replace", answer) == ()
    assert read_edits("whole", answer) == (Write("src/app.py", "return 1\n"),)


def test_code_is_taken_to_the_letter() -> None:
    code = 'a = "\\n\\t" + r"\\d"  # <b>&amp;</b>\n\n\tb = `x`\n'
    answer = f"a.py\n<<<<<<< SEARCH\nold\n=======\n{code}>>>>>>> REPLACE\n"
    assert read_edits("search_replace", answer) == (Replace("a.py", "old\n", code),)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("src/app.py", "src/app.py"),
        ("**src/app.py**", "src/app.py"),
        ("### `./src/app.py`:", "src/app.py"),
        ("File: src\\app.py", "src/app.py"),
        ("```python src/app.py", "src/app.py"),
        ("```python:src/app.py", "src/app.py"),
        ("app/[id]/page.tsx", "app/[id]/page.tsx"),
        ("Makefile", "Makefile"),
        ("```python", ""),
        ("Here is the change:", ""),
        ("I changed src/app.py as you said.", ""),
        ("", ""),
    ],
)
def test_a_path_is_known_by_its_line(line: str, path: str) -> None:
    assert path_in(line) == path
