import pytest

from starter_name.counting import count_words


@pytest.mark.parametrize(
    ("lines", "counted"),
    [
        ([], []),
        (["  ", "!?"], []),
        (["b c", "B a"], [("b", 2), ("a", 1), ("c", 1)]),
        (["größer Größer"], [("größer", 2)]),
    ],
)
def test_words_are_counted(lines: list[str], counted: list[tuple[str, int]]) -> None:
    assert count_words(lines) == counted
