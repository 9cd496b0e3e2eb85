"""Every shape in which a model makes a call is read; what cannot be is refused with a reason."""

import json

import pytest

from quantumlayer.agents.integrator import (
    Call,
    Edit,
    Finish,
    Patch,
    Plan,
    Read,
    Refused,
    Run,
    Search,
    Start,
    Test,
    Write,
    calls_in,
)
from quantumlayer.agents.integrator.reading import MOST_CALLS
from quantumlayer.router import Message, ReasoningPart, TextPart, ToolCallPart


def text(words: str) -> Message:
    return Message(role="assistant", content=words)


def native(name: str, arguments: str, words: str = "") -> Message:
    parts = (TextPart(text=words), ToolCallPart(id="c1", name=name, arguments=arguments))
    return Message(role="assistant", content=parts)


def only(message: Message) -> Call | Refused:
    (found,) = calls_in(message)
    return found


class TestNativeCalls:
    @pytest.mark.parametrize(
        ("name", "arguments", "expected"),
        [
            ("run", '{"command": "ls"}', Run(command="ls")),
            ("run", '{"command": "ls", "description": "looks"}', Run(command="ls")),
            ("read", '{"path": "a.py", "from_line": "3"}', Read(path="a.py", from_line=3)),
            ("test", "", Test()),
            ("test", "null", Test()),
            ("test", " {} ", Test()),
            ("run", json.dumps('{"command": "ls"}'), Run(command="ls")),
            ("finish", "{}", Finish()),
        ],
        ids=["plain", "more than asked", "a number as text", "left out", "null", "blanks",
             "twice in a string", "empty"],
    )  # fmt: skip
    def test_arguments_are_read_in_every_form(
        self, name: str, arguments: str, expected: object
    ) -> None:
        found = only(native(name, arguments))
        assert isinstance(found, Call)
        assert (found.tool, found.arguments, found.id) == (name, expected, "c1")

    @pytest.mark.parametrize(
        ("name", "arguments", "reason"),
        [
            ("run", '{"command": "ls', "no JSON object"),
            ("run", "[1]", "it is a list"),
            ("run", "{}", "command: Field required"),
            ("bash", '{"command": "ls"}', "there is no tool 'bash'; there are run, test"),
            ("run", '{"command": ""}', "at least 1 character"),
            ("run", '{"command": "ls", "seconds": 9999}', "less than or equal to 300"),
            ("start", '{"requests": [{"path": "books"}]}', "requests.0.path"),
        ],
    )
    def test_what_cannot_be_read_is_refused_with_its_reason(
        self, name: str, arguments: str, reason: str
    ) -> None:
        found = only(native(name, arguments))
        assert isinstance(found, Refused)
        assert (reason in found.reason, found.id) == (True, "c1"), found.reason

    def test_thoughts_and_words_are_no_calls(self) -> None:
        thought = ReasoningPart(text="<run>\nrm -rf /\n</run>")
        said = Message(role="assistant", content=(thought, TextPart(text="I would use <run>.")))
        assert calls_in(said) == ()

    def test_blocks_in_the_text_come_before_native_calls(self) -> None:
        file = '<file path="a.py">\nx = 1\n</file>'
        first, second = calls_in(native("test", "{}", file))
        assert isinstance(first, Call)
        assert isinstance(second, Call)
        assert first.arguments == Write(path="a.py", content="x = 1\n")
        assert (first.id, second.id) == (None, "c1")

    def test_nothing_is_done_behind_finish_nor_behind_too_many(self) -> None:
        finished = [*calls_in(text("<finish>\ndone\n</finish>\n<test/>"))]
        assert isinstance(finished[1], Refused)
        many = calls_in(text("<test/>\n" * (MOST_CALLS + 3)))
        assert [isinstance(one, Call) for one in many] == [True] * MOST_CALLS + [False] * 3

    def test_what_is_no_text_is_refused_with_a_way_out(self) -> None:
        refused = only(text('<start>\nPOST /orders {"item": "\\ud800"}\n</start>\n'))
        assert isinstance(refused, Refused)
        assert "half of a surrogate pair" in refused.reason


class TestBlocks:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("<run>\npytest -q\n</run>", Run(command="pytest -q")),
            ('<run seconds="90">pytest</run>', Run(command="pytest", seconds=90)),
            ("<test/>", Test()),
            ("<test>", Test()),
            ('Look:\n  <test matching="r1"></test>', Test(matching="r1")),
            ('<read path="a.py"/>', Read(path="a.py")),
            ("<read path='a.py' from='3' lines='2' />", Read(path="a.py", from_line=3, lines=2)),
            ('<search paths="*.py">\ndef <T>\n</search>', Search(pattern="def <T>", paths="*.py")),
            ("<finish>\nAll done.\n</finish>", Finish(summary="All done.")),
            ("<finish/>", Finish()),
            ("```\n<run>\nls\n</run>\n```", Run(command="ls")),
        ],
    )
    def test_a_block_is_read(self, words: str, expected: object) -> None:
        found = only(text(words))
        assert isinstance(found, Call), found
        assert found.arguments == expected

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "x = 1\n",
            "x = 1\n\n\n",
            "a < b && c > d \\ \" ' {{ }} \t\n",
            "</run>\n<b>\n",
            'page = """\n</file>\n"""\n',
            "\r\nx\r\n",
        ],
        ids=["empty", "a line", "empty lines", "signs", "other marks", "the mark itself", "CRLF"],
    )
    def test_a_file_is_taken_to_the_byte(self, content: str) -> None:
        found = only(text(f'<file path="a.py">\n{content}</file>\n'))
        assert isinstance(found, Call)
        assert found.arguments == Write(path="a.py", content=content)

    def test_files_stand_beside_each_other_and_beside_other_blocks(self) -> None:
        words = (
            'First.\n<file path="a.py">\na\n</file>\nThen.\n<file path="b.py">\nb\n</file>\n'
            "<test/>\n"
        )
        found = [one.arguments for one in calls_in(text(words)) if isinstance(one, Call)]
        assert found == [
            Write(path="a.py", content="a\n"),
            Write(path="b.py", content="b\n"),
            Test(),
        ]

    def test_a_block_within_a_file_is_a_part_of_it(self) -> None:
        content = "Use it so:\n<run>\nls\n</run>\nThat is all.\n"
        found = only(text(f'<file path="README.md">\n{content}</file>\n'))
        assert isinstance(found, Call)
        assert found.arguments == Write(path="README.md", content=content)

    def test_a_fence_around_the_code_is_taken_off(self) -> None:
        found = only(text('<file path="a.py">\n```python\nx = 1\n```\n</file>'))
        assert isinstance(found, Call)
        assert found.arguments == Write(path="a.py", content="x = 1\n")

    def test_an_edit_holds_several_changes(self) -> None:
        change = "<<<<<<< SEARCH\nold {n}\n=======\nnew {n}\n>>>>>>> REPLACE\n"
        body = change.replace("{n}", "1") + change.replace("{n}", "2")
        found = calls_in(text(f'<edit path="a.py" contradicts="R1">\n{body}</edit>'))
        assert [one.arguments for one in found if isinstance(one, Call)] == [
            Edit(path="a.py", search=f"old {n}\n", replacement=f"new {n}\n", contradicts="R1")
            for n in (1, 2)
        ]

    def test_a_patch_that_stands_by_itself_is_one(self) -> None:
        patch = "*** Begin Patch\n*** Update File: a.py\n-x = 1\n+x = 2\n*** End Patch"
        found = calls_in(text(f"<test/>\nSo:\n{patch}\n<run>\nls\n</run>\n"))
        assert [one.arguments for one in found if isinstance(one, Call)] == [
            Test(),
            Patch(patch=patch),
            Run(command="ls"),
        ]
        file = only(text(f'<file path="how.md">\n{patch}\n</file>\n'))
        assert isinstance(file, Call)
        assert file.arguments == Write(path="how.md", content=f"{patch}\n")

    def test_a_plan_and_a_start_are_lists_of_lines(self) -> None:
        plan = only(text("<plan>\n- [x] read it\n[>] mend it\n[ ] finish\n</plan>"))
        assert isinstance(plan, Call)
        assert isinstance(plan.arguments, Plan)
        assert [one.state for one in plan.arguments.outcomes] == ["done", "doing", "open"]
        start = only(
            text('<start>\nPOST /books {"title": "a b"}\nGET /books?q=1\nPAGE /\n</start>')
        )
        assert isinstance(start, Call)
        assert isinstance(start.arguments, Start)
        post, get = start.arguments.requests
        assert (post.method, post.body, get.path) == ("POST", {"title": "a b"}, "/books?q=1")
        assert start.arguments.pages == ("/",)

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            ('<file path="a.py">\nx = 1\n', "has no end: close it with </file>, alone on its"),
            ('<file path="a.py">\nx = 1 </file>\n', "has no end"),
            ("<run>\nls\n", "has no end: close it with </run>;"),
            ('<edit path="a.py">\nold\n</edit>', "<<<<<<< SEARCH"),
            ("<plan>\nmend it\n</plan>", "`[x] done`"),
            ("<plan>\n[ ] a\n[ ] b\n</plan>", "exactly one outcome is `doing`"),
            ("<plan>\n[>] a\n</plan>", "at least 2 items"),
            ("<start>\nplease\n</start>", "is no visit"),
            ("<start>\nPOST /a {x}\n</start>", "is no JSON"),
            ("<file>\nx\n</file>", "path: Field required"),
            ('<read path="a.py" to="3"/>', "unknown attribute 'to'; there is: path, from, lines"),
        ],
    )
    def test_what_is_written_wrongly_is_refused_with_how_it_has_to_be(
        self, words: str, reason: str
    ) -> None:
        found = only(text(words))
        assert isinstance(found, Refused), found
        assert reason in found.reason
