"""Which changes JavaScript and TypeScript can suffer, and which would tell nothing."""

import re
import textwrap

import pytest

from quantumlayer.qtest.mutation.javascript.operators import mutations_of
from quantumlayer.qtest.mutation.mutations import Mutation, Place, mutated
from quantumlayer.qtest.runners.javascript_tree import parsed


def found(content: str, path: str = "src/shop.ts") -> list[Mutation]:
    return mutations_of(path, textwrap.dedent(content))[0]


def changed(content: str, path: str = "src/shop.ts") -> set[str]:
    """All that a source becomes, on one line each."""
    text = textwrap.dedent(content)
    return {
        " ".join(mutated(text.encode(), one).decode().split())
        for one in mutations_of(path, text)[0]
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f = (a, b) => a < b;", {"f = (a, b) => a <= b;", "f = (a, b) => true;",
                                  "f = (a, b) => false;"}),
        ("f = (a, b) => !a;", {"f = (a, b) => a;", "f = (a, b) => true;", "f = (a, b) => false;"}),
        ("if (a) b();", {"if (!a) b();", "if (a) ;"}),
        ("if (a === b) c();", {"if (a !== b) c();", "if (a === b) ;"}),
        ("x = a + b;", {"x = a - b;"}),
        ("x = a + 'b';", set()),
        ("x = a + b + `c`;", {"x = a - b + `c`;"}),
        ("x += 'more';", set()),
        ("x = -a;", {"x = a;"}),
        ("x = a ?? b;", {"x = a && b;"}),
        ("x = a ?? b ?? c;", set()),
        ("x = a ? b : c;", {"x = !a ? b : c;"}),
        ("x = [true, 2, 0.5, 3n];", {"x = [false, 2, 0.5, 3n];", "x = [true, 3, 0.5, 3n];",
                                     "x = [true, 2, 1.5, 3n];", "x = [true, 2, 0.5, 4n];"}),
        ("x = a.some(b);", {"x = a.every(b);"}),
        ("x = Math.min(a, b);", {"x = Math.max(a, b);"}),
        ("this.a = b;", {";"}),
        ("await a.b();", {";"}),
        ("throw new Error('a');", {";"}),
        ("for (const a of b) { break; }", {"for (const a of b) { continue; }"}),
        ("switch (a) { case b: break; }", set()),
        ("f = () => a.b;", {"f = () => undefined;"}),
        ("f = () => 'text';", set()),
        ("q = 'SELECT a FROM b WHERE c < 1';", {"q = 'SELECT a FROM b WHERE c <= 1';"}),
    ],
)  # fmt: skip
def test_each_operator(before: str, after: set[str]) -> None:
    assert changed(before) == after


@pytest.mark.parametrize(
    "untouched",
    [
        "import a from 'b';",
        "export { a } from 'b';",
        "type A = { a: 1 } | true;",
        "interface A { a: 1; b(): true }",
        "enum A { B = 1 }",
        "declare function f(a: 1): true;",
        "const a = b as 1;",
        "function f(a: 1): asserts a is 1 {}",
        "console.log(1);",
        "logger.info('a', 1);",
        "this.log.warn(1);",
        "if (import.meta.main) { start(1); }",
        "x = { description: 'a', maxsize: 3 };",
        "X.displayName = 'X';",
        "/* v8 ignore next */\nif (a) { b(); }",
        "if (a) b(); // Stryker disable",
        "constructed = class extends A { constructor() { super(); } };",
        "f(setTimeout, 'a');\n".replace("f(", "x = g("),
    ],
)
def test_what_would_tell_nothing_is_left_as_it_is(untouched: str) -> None:
    assert changed(untouched) == set()


def test_what_works_something_out_is_no_talk() -> None:
    assert changed("Math.log(1);") == {";", "Math.log(2);"}
    assert changed("x = setTimeout(f, 100);") == set()
    assert changed("x = repeated(f, 100);") == {"x = repeated(f, 101);"}


COMPONENT = """
    export function Notes({ notes }: { notes: string[] }) {
      if (notes.length === 0) {
        return <p tabIndex={0} className="a">None</p>;
      }
      return (
        <ul style={{ margin: 3 }}>
          {notes.map((note) => <li key={note}>{note}</li>)}
        </ul>
      );
    }
    const Small = memo(() => <b/>);
    export default function Chosen({ on }) {
      return on && <i/>;
    }
"""


def test_a_component_shows_nothing() -> None:
    shown = [one for one in found(COMPONENT, "src/notes.tsx") if one.operator == "renders nothing"]
    assert [one.function for one in shown] == ["Notes", "Notes", "Notes", "Small", "Chosen"]
    assert all(one.replacement.strip("(\n)") == "null" for one in shown)


def test_how_a_component_looks_is_left_as_it_is() -> None:
    numbers = [one for one in found(COMPONENT, "src/notes.tsx") if one.operator == "constant"]
    assert [one.before for one in numbers] == ["if (notes.length === 0) {"]


@pytest.mark.parametrize("path", ["src/notes.tsx", "src/notes.jsx"])
def test_whatever_is_changed_can_still_be_read(path: str) -> None:
    text = textwrap.dedent(
        COMPONENT if path.endswith("tsx") else re.sub(r": \{.*\}\)", ")", COMPONENT)
    )
    for one in mutations_of(path, text)[0]:
        after = mutated(text.encode(), one).decode()
        tree = parsed(path, after)
        assert tree is not None
        assert not tree.root_node.has_error, after
        assert after.count("\n") == text.count("\n")


def test_functions_are_named_by_what_holds_them_and_by_whom_they_are_given_to() -> None:
    names = {
        one.function: one.place
        for one in found(
            """
            const LIMIT = 5;
            const rules = { open: { isBroken: (loan) => loan.count } };
            class Shop { #sum = () => this.a.b; get size() { return this.all.size; } }
            app.get('/notes', (context) => context.json(all()));
            function outer() { return items.map((one) => one.name); }
            """
        )
    }
    assert names == {
        "": Place.LOADING,
        "rules.open.isBroken": Place.BODY,
        "Shop.#sum": Place.BODY,
        "Shop.size": Place.BODY,
        "app.get /notes": Place.BODY,
        "outer": Place.BODY,
    }


def test_points_count_as_javascript_does() -> None:
    mutations, points = mutations_of("a.js", "x = '😀é' && a;\n  y = b < c;\n")
    assert points == [(1, 10), (2, 8)]
    assert [(one.first_line, one.line, one.column) for one in mutations] == [(0, 1, 10), (1, 2, 9)]


def test_a_constant_is_the_business_of_the_functions_that_read_it() -> None:
    (limit, *_) = found(
        """
        const LIMIT = 5;
        function reads(a) { return a < LIMIT; }
        function other(a) { return a < 3; }
        """
    )
    (about,) = limit.about
    mutations = found("const LIMIT = 5;\nfunction reads(a) { return a < LIMIT; }\n")
    assert limit.name == "LIMIT"
    assert about == (1, max(one.first_line for one in mutations))


def test_code_may_say_which_group_it_serves() -> None:
    def ids(text: str) -> list[str]:
        return re.findall(r"R\d", text)

    mutations, _ = mutations_of(
        "a.js",
        textwrap.dedent(
            """
            const R1 = { isBroken: (a) => a.b };
            const rules = [{ id: "R2", isBroken: (a) => a.c }, { isBroken: (a) => a.d }];
            // R3: not before the day
            export function late(a) { return a.e; }
            """
        ),
        ids,
    )
    assert [(one.before.split("=> ")[-1], set(one.serves)) for one in mutations] == [
        ("a.b };", {"R1"}),
        ("a.d }];", {"R2"}),
        ("a.d }];", set()),
        ("export function late(a) { return a.e; }", {"R3"}),
    ]


@pytest.mark.parametrize(
    "content",
    ["if (a < {", "x = 1" + " + a" * 5_000 + ";", "x = " + "a ? b : " * 5_000 + "c;"],
)
def test_what_cannot_be_read_or_nobody_wrote_is_left_as_it_is(content: str) -> None:
    assert mutations_of("a.js", content) == ([], [])


def test_what_is_deep_is_read_as_well() -> None:
    assert len(found("x = 1" + "\n + a" * 2_000 + ";")) == 2_001
    assert len(found("x = " + "a ?\n b : " * 2_000 + "c;")) == 2_000
