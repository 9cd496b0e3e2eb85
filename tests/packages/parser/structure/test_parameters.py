"""Parameters' names, from the text of a list."""

import pytest

from quantumlayer.parser.language import ParameterStyle
from quantumlayer.parser.structure.parameters import parameter_names

FIRST, LAST, WORDS = ParameterStyle.NAME_FIRST, ParameterStyle.NAME_LAST, ParameterStyle.WORDS


@pytest.mark.parametrize(
    ("written", "style", "names"),
    [
        ("()", FIRST, ()),
        ("(self, a, *rest, **options)", FIRST, ("self", "a", "*rest", "**options")),
        ("(a, /, b, *, c)", FIRST, ("a", "b", "c")),
        ("(a: dict[str, int] = {1: 2}, b=(1, 2))", FIRST, ("a", "b")),
        ("(a = \"x, y\", b = '(')", FIRST, ("a", "b")),
        ("({ a, b }, [c], d = () => 1)", FIRST, ("{ a, b }", "[c]", "d")),
        ("(f: (x: number, y: number) => void, g: Map<A, B>)", FIRST, ("f", "g")),
        ("(a, b int, c ...string)", FIRST, ("a", "b", "c")),
        ("(&mut self, mut a: &'a str, b: &'a str)", FIRST, ("&mut self", "a", "b")),
        ("(with name: String, _ age: Int = 3)", FIRST, ("name", "age")),
        ("(vararg rest: Int)", FIRST, ("rest",)),
        ("(a, b = 1, *c, d:, &e)", FIRST, ("a", "b", "*c", "d", "&e")),
        ("(final Map<String, T> a, int... rest)", LAST, ("a", "rest")),
        ("(const char *argv[], int (*callback)(int), ...)", LAST, ("argv", "callback")),
        ("(void)", LAST, ()),
        ("(const std::string &a, int b = f(1, 2))", LAST, ("a", "b")),
        ("(?int $a = null, &...$rest)", LAST, ("$a", "$rest")),
        ("(int a, [int b = 1, int c], {int d})", LAST, ("a", "b", "c", "d")),
        ("number flag", WORDS, ("number", "flag")),
    ],
)
def test_names_are_found(written: str, style: ParameterStyle, names: tuple[str, ...]) -> None:
    assert parameter_names(written.encode(), style) == names
