"""Which changes a module offers, and that each leaves a module that compiles."""

import textwrap
from pathlib import Path

import pytest

import quantumlayer.qtest.mutation
from quantumlayer.manifests.python.trees import made_tree
from quantumlayer.qtest.mutation.mutations import Mutation, Place, mutated
from quantumlayer.qtest.mutation.operators import mutations_of

SOURCE_FILES = sorted(Path(quantumlayer.qtest.mutation.__file__).parent.glob("*.py"))


def found(source: str) -> list[Mutation]:
    return mutations_of("shop/prices.py", textwrap.dedent(source))


def changed(source: str) -> set[str]:
    """The lines that differ after each mutation, as they then stand there."""
    text = textwrap.dedent(source)
    lines: set[str] = set()
    for one in mutations_of("prices.py", text):
        after = mutated(text.encode(), one).decode()
        lines |= {line.strip() for line in after.split("\n")} - {
            line.strip() for line in text.split("\n")
        }
    return lines - {""}


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("a < b", "a <= b"),
        ("a <= b", "a < b"),
        ("a > b", "a >= b"),
        ("a >= b", "a > b"),
        ("a == b", "a != b"),
        ("a is None", "a is not None"),
        ("a is  not None", "a is None"),
        ("a in b", "a not in b"),
        ("a not in b", "a in b"),
        ("a and b", "a or b"),
        ("not a", "a"),
        ("-a", "a"),
        ("a + b", "a - b"),
        ("a // b", "a / b"),
        ("a ** b", "a * b"),
        ("b if a else c", "b if not a else c"),
        ("[c for c in a if c.open]", "[c for c in a if not c.open]"),
        ("min(a, b)", "max(a, b)"),
        ("a.startswith(b)", "a.endswith(b)"),
        ("f(a)", "None"),
        ("5", "6"),
        ("True", "False"),
    ],
)
def test_an_expression_is_changed_to_its_nearest_neighbour(line: str, instead: str) -> None:
    assert f"return {instead}" in changed(f"def f(a, b, c):\n    return {line}\n")


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("raise ValueError(a)", "pass"),
        ("check(a)", "pass"),
        ("await check(a)", "pass"),
        ("a.total = 5", "pass"),
        ("a += 1", "a -= 1"),
        ("if check(a): b = 1", "if not check(a): b = 1"),
        ("while a: break", "while a: continue"),
        ('q("SELECT x WHERE y IS NULL")', 'q("SELECT x WHERE y IS NOT NULL")'),
        ('q("SELECT x WHERE y >= :z")', 'q("SELECT x WHERE y > :z")'),
    ],
)
def test_a_statement_is_changed_or_removed(line: str, instead: str) -> None:
    assert instead in changed(f"async def f(a):\n    {line}\n")


@pytest.mark.parametrize(
    "source",
    [
        '"""A module of 5 things."""',
        "import os",
        '__version__ = "1"',
        "__all__ = ['a', 'b']",
        "def f(a: int = ...) -> list[int] | None: ...",
        "def f():\n    log.info('%s', 1 + 2)",
        "def f():\n    logging.getLogger('x').warning('%s', 3)",
        "def f():\n    raise NotImplementedError",
        "def __repr__(self):\n    return f'{self.a + 1}'",
        "if TYPE_CHECKING:\n    limit = 5",
        "if __name__ == '__main__':\n    main(5)",
        "number: int | str",
        "Number = int | None",
        "def f():\n    assert a > 5",
        "def f():\n    return 'total: ' + text",
        "total = 5  # pragma: no mutate",
        "try:\n    f()\nexcept OSError:  # pragma: no cover\n    total = 5 + f(6)",
        "this does not parse",
    ],
)
def test_what_says_nothing_about_tests_is_left_alone(source: str) -> None:
    spoken_of = [
        one for one in found(source) if one.operator not in {"return value", "call removed"}
    ]
    assert not spoken_of


@pytest.mark.parametrize("path", SOURCE_FILES, ids=lambda path: path.name)
def test_every_mutation_of_real_code_compiles_and_moves_no_line(path: Path) -> None:
    content = path.read_text()
    for one in mutations_of(path.name, content):
        after = mutated(content.encode(), one)
        made_tree(after)
        assert after.count(b"\n") == content.count("\n"), one
        assert after != content.encode()


def test_a_mutation_says_where_it_is_and_what_it_does() -> None:
    [boundary] = found("""
        class Cart:
            def discount(self, total):
                é = "größer"
                return é if total > self.limit else None
        """)[1:2]
    assert boundary.path == "shop/prices.py"
    assert (boundary.line, boundary.column) == (5, 27)
    assert boundary.function == "Cart.discount"
    assert boundary.before == "return é if total > self.limit else None"
    assert boundary.after == "return é if total >= self.limit else None"
    assert {"cart", "discount", "price"} <= boundary.words


def test_code_is_placed_by_when_it_runs() -> None:
    places = {
        one.before: one.place
        for one in found("""
            LIMIT = 5
            SHOWN = 6
            TEXT = f"{SHOWN}"
            TAKEN = 7

            class Cart:
                size = 8

            def f(a, b=9):
                return a + LIMIT + 10
            """)
    }
    assert places["LIMIT = 5"] is Place.CONSTANT
    assert places["SHOWN = 6"] is Place.LOADING
    assert places["size = 8"] is Place.LOADING
    assert places["def f(a, b=9):"] is Place.LOADING
    assert places["return a + LIMIT + 10"] is Place.BODY


def test_a_constant_that_another_module_imports_is_no_private_matter() -> None:
    source = "LIMIT = 5\n\ndef f(a):\n    return a > LIMIT\n"
    assert mutations_of("a.py", source)[0].place is Place.CONSTANT
    assert mutations_of("a.py", source, {"LIMIT"})[0].place is Place.LOADING
