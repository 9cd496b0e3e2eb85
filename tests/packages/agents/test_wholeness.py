"""Whole files are told from those that leave code out by what they define, not by their words."""

from collections.abc import AsyncIterator, Mapping

import pytest
import pytest_asyncio

from quantumlayer.agents import (
    EditFailed,
    Outline,
    Tree,
    outline,
    planned_but_missing,
    promised_but_missing,
)
from quantumlayer.agents.repairer import keep_code, keep_tests
from quantumlayer.parser import Parser, SourceText
from quantumlayer.qlayer import FileRole, PlannedFile

PYTHON = '''import re


def minutes(text: str) -> int:
    """`text`, written H:MM, as minutes."""
{body}
'''
WHOLE = {
    "a.py": PYTHON.format(body="    hours, rest = text.split(':')\n    return int(hours) * 60"),
    "a.js": "export function minutes(text) {\n  return Number(text);\n}\n",
    "a.ts": "export const minutes = (text: string): number => Number(text);\n",
    "a.go": "package a\n\nfunc minutes(text string) int { return len(text) }\n",
    "a.rs": "pub fn minutes(text: &str) -> usize { text.len() }\n",
    "A.java": "class A { static int minutes(String text) { return text.length(); } }\n",
}
JAVA = """class A {
    int minutes(String text) {
        throw new UnsupportedOperationException("later");
    }
}
"""
NOTHING_IN_IT = "a.py: `minutes` is planned, and nothing stands in it"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def parser() -> AsyncIterator[Parser]:
    async with Parser() as opened:
        yield opened


async def outlines(parser: Parser, texts: Mapping[str, str]) -> dict[str, Outline]:
    sources = [SourceText(path=path, content=text) for path, text in texts.items()]
    return {one.path: outline(texts[one.path], one) for one in await parser.analyze(sources)}


async def problems(parser: Parser, path: str, text: str, interface: str) -> list[str]:
    planned = PlannedFile(path=path, role=FileRole.SOURCE, purpose="", interface=interface)
    return planned_but_missing(planned, (await outlines(parser, {path: text}))[path])


@pytest.mark.parametrize(
    "body",
    [
        "    # ... rest of the code remains the same ...",
        "    # ... (el resto del código permanece igual)\n    raise NotImplementedError",
        "    # ... der Rest bleibt unverändert",
        "    # 以下は変更なし ...",
        "    ...",
        "    # …",
        "    pass",
        "",
        "    raise NotImplementedError('later')",
    ],
)
@pytest.mark.parametrize("interface", ["minutes(text: str) -> int", ""])
async def test_a_planned_function_with_nothing_in_it_is_missing(
    parser: Parser, body: str, interface: str
) -> None:
    assert await problems(parser, "a.py", PYTHON.format(body=body), interface) == [NOTHING_IN_IT]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.js", "export function minutes(text) {\n  // ... existing code ...\n}\n"),
        ("a.js", "export const minutes = (text) => { throw new Error(); };\n"),
        ("a.ts", "export function minutes(text: string) {\n  // der Rest wie gehabt\n}\n"),
        ("a.go", 'package a\n\nfunc minutes(text string) int {\n\tpanic("")\n}\n'),
        ("a.rs", "pub fn minutes(text: &str) -> usize { todo!() }\n"),
        ("A.java", JAVA),
    ],
)
async def test_so_it_is_in_other_languages(parser: Parser, path: str, text: str) -> None:
    (problem,) = await problems(parser, path, text, "minutes(text)")
    assert "nothing stands in it" in problem


@pytest.mark.parametrize("path", WHOLE)
async def test_what_is_whole_is_not_complained_about(parser: Parser, path: str) -> None:
    assert await problems(parser, path, WHOLE[path], "minutes(text)") == []
    assert await problems(parser, path, WHOLE[path], "") == []


@pytest.mark.parametrize(
    "text",
    [
        WHOLE["a.py"].replace("    hours", "    # the rest stays the same as before\n    hours"),
        "class Store(Protocol):\n    def minutes(self, text: str) -> int: ...\n",
        "class Store(ABC):\n    @abstractmethod\n    def minutes(self) -> int:\n        ...\n",
        "class Quiet:\n    def minutes(self) -> None:\n        pass\n",
        "from parts import minutes\n\n\ndef other() -> int:\n    return minutes('1:00')\n",
    ],
)
async def test_honest_code_that_looks_like_it_is_none(parser: Parser, text: str) -> None:
    found = await problems(parser, "a.py", text, "minutes(text)")
    assert [one for one in found if "is not there" in one] == []
    assert (await outlines(parser, {"a.py": text}))["a.py"].hollow == {}


async def test_a_planned_function_that_is_only_spoken_of_is_not_there(parser: Parser) -> None:
    text = "# minutes(text) stays as it was\n\n\ndef hours() -> int:\n    return 1\n"
    found = await problems(parser, "a.py", text, "minutes(text) -> int; hours() -> int")
    assert found == ["a.py: `minutes` is planned, and is not there"]


async def all_parse(_: Mapping[str, str]) -> dict[str, str]:
    return {}


class TestRepairs:
    """An edit keeps what was there, unless the model takes it away by name."""

    BEFORE = WHOLE["a.py"] + "\n\ndef hours(text: str) -> int:\n    return minutes(text) // 60\n"

    @pytest.mark.parametrize(
        "after",
        [
            WHOLE["a.py"] + "\n\n# ... existing code ...\n",
            WHOLE["a.py"] + "\n\n# 他はそのまま\n",
            WHOLE["a.py"],
            WHOLE["a.py"] + "\n\ndef hours(text: str) -> int:\n    ...\n",
            WHOLE["a.py"] + "\n\ndef hours(text: str) -> int:\n    pass\n",
        ],
    )
    async def test_what_is_left_out_is_named(self, parser: Parser, after: str) -> None:
        with pytest.raises(EditFailed, match=r"a\.py: hours"):
            await keep_code(self.tree(parser), {"a.py": after}, "Everything else stays.")

    async def test_what_is_taken_away_by_name_may_go(self, parser: Parser) -> None:
        await keep_code(self.tree(parser), {"a.py": WHOLE["a.py"]}, "Nobody needs `hours`.")

    async def test_what_moves_to_another_file_is_kept(self, parser: Parser) -> None:
        moved = "def hours(text: str) -> int:\n    return 1\n"
        await keep_code(self.tree(parser), {"a.py": WHOLE["a.py"], "b.py": moved}, "")

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("t.py", "def test_a():\n    assert 1\n\n\ndef test_b():\n    assert 1\n"),
            ("t.test.js", 'test("a", () => {});\nit("b", () => {});\n'),
            ("t_test.go", "func TestA(t *testing.T) {}\n\nfunc TestB(t *testing.T) {}\n"),
            ("t.rs", "#[test]\nfn a() {}\n#[tokio::test]\nfn b() {}\n"),
            ("T.java", "@Test void a() {}\n@ParameterizedTest void b() {}\n"),
        ],
    )
    def test_no_test_goes_whatever_is_said(self, path: str, text: str) -> None:
        async def nothing(_: Mapping[str, str]) -> dict[str, Outline]:
            return {}

        fewer = "\n".join(text.splitlines()[: len(text.splitlines()) // 2]) + "\n// ...\n"
        with pytest.raises(EditFailed, match="1 tests would be removed"):
            keep_tests(Tree({path: text}, frozenset({path}), nothing, all_parse), {path: fewer})

    def tree(self, parser: Parser) -> Tree:
        async def read(texts: Mapping[str, str]) -> dict[str, Outline]:
            return await outlines(parser, texts)

        return Tree({"a.py": self.BEFORE}, frozenset(), read, all_parse)


@pytest.mark.parametrize(
    "interface",
    [
        "minutes(text: str) -> int; takes what Database.transaction() gives",
        "class attributes of errors are told by minutes(text)",
        "minutes(text) reads the tables hours(id) and UNIQUE(name)",
    ],
)
async def test_words_of_a_plan_that_are_no_promise_of_the_file_are_not_asked_for(
    parser: Parser, interface: str
) -> None:
    text = f'{WHOLE["a.py"]}\n\nSQL = "CREATE TABLE hours(id, UNIQUE(name))"\n'
    assert await problems(parser, "a.py", text, interface) == []


async def test_a_method_that_is_planned_by_its_class_must_be_there(parser: Parser) -> None:
    text = "class Cart:\n    def add(self) -> None:\n        print(1)\n"
    said = await problems(parser, "a.py", text, "Cart.add(), Cart.total() -> int")
    assert said == ["a.py: `total` is planned, and is not there"]


INTERFACES = {
    "a.py": PYTHON.format(body="    raise NotImplementedError"),
    "a.ts": "export function minutes(text: string) {\n  throw new Error('not written');\n}\n",
    "a.go": 'package a\n\nfunc minutes(text string) int {\n\tpanic("not written")\n}\n',
    "a.rs": "pub fn minutes(text: &str) -> usize {\n    todo!()\n}\n",
    "A.java": JAVA,
}


@pytest.mark.parametrize("path", INTERFACES)
async def test_what_an_interface_declares_must_be_written_under_its_name(
    parser: Parser, path: str
) -> None:
    interface = (await outlines(parser, {path: INTERFACES[path]}))[path]

    async def said(text: str) -> list[str]:
        found = (await outlines(parser, {path: text}))[path]
        return promised_but_missing(path, interface, found)

    assert await said(WHOLE[path]) == []
    assert await said(INTERFACES[path]) == [
        f"{path}: `minutes` is declared, and nothing stands in it"
    ]
    renamed = WHOLE[path].replace("minutes", "hours")
    assert f"{path}: `minutes` is declared by the interface, and is not there" in await said(
        renamed
    )
