"""Files as tagged text: whatever they hold, they come back as they were, and a cut is noticed."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quantumlayer.router import TaggedFiles, WrittenFiles, written
from quantumlayer.router.stitching import overlap

PATHS = ("src/app.py", "README.md", "tests/test_app.py")
# What ends, begins or wraps a file, what begins a thought, and every kind of line end.
LINES = st.sampled_from(
    [
        "</file>",
        "  </file>",
        "</file end-1>",
        '<file path="src/app.py">',
        "<file path='other.py' end=\"end-1\">",
        '<note path="x">',
        "</note>",
        "```",
        "```python",
        "~~~~",
        "<think>",
        "</think>",
        "[/THINK]",
        "<|channel|>final<|message|>",
        "x = '</file>'",
        '{"content": "',
        "\ufeff",
        "ünïcode \u2028 \x85 \x0b",
        "",
        "def answer() -> int:",
        "    return 42",
    ]
)
CONTENTS = st.one_of(
    st.lists(st.tuples(LINES, st.sampled_from(["\n", "\r\n", "\r", ""]))).map(
        lambda pairs: "".join(line + end for line, end in pairs)
    ),
    st.text(st.characters(codec="utf-8")),
)
FILES = st.dictionaries(st.sampled_from(PATHS), CONTENTS, min_size=1)


def form(files: dict[str, str]) -> TaggedFiles:
    return TaggedFiles(tuple(files))


@given(files=FILES, before=st.sampled_from(["", "Here they are:\n\n", "<think>\nHm.\n</think>\n"]))
def test_any_content_survives_letter_by_letter(files: dict[str, str], before: str) -> None:
    asked = form(files)

    said = asked.said(before + written(files) + "\nThat is all.")

    assert asked.read(said).files == files


@given(files=FILES, data=st.data())
def test_any_cut_is_noticed(files: dict[str, str], data: st.DataObject) -> None:
    asked, whole = form(files), written(files).rstrip("\n")
    cut = data.draw(st.integers(min_value=0, max_value=len(whole) - 1))

    said = asked.said(whole[:cut])

    assert not asked.is_complete(said)
    between_files = asked.is_begun(said) and not asked.is_cut_off(said)
    with pytest.raises(ValueError, match=r"did not come|no end mark"):
        asked.read(said)
    # Nothing but a cut between two files could have been meant so.
    assert not between_files or said.endswith((">", ">\n"))


@given(files=FILES, data=st.data())
def test_what_was_cut_and_goes_on_at_the_next_character_is_whole(
    files: dict[str, str], data: st.DataObject
) -> None:
    asked, whole = form(files), written(files)
    cut = data.draw(st.integers(min_value=1, max_value=len(whole) - 1))
    partial, rest = asked.said(whole[:cut]), whole[cut:]
    # A long line that comes twice in a row is taken for a repeated end.
    assume(overlap(partial, rest) == 0)

    joined = asked.stitch(partial, rest)

    if asked.is_cut_off(partial) and not rest.lstrip().startswith(("```", "<")):
        assert asked.read(joined).files == files


@given(files=FILES)
def test_notes_come_with_the_files(files: dict[str, str]) -> None:
    text = written(files, {"app/other.py": "It must know `<b>`,\nbecause …"})

    (note,) = form(files).read(text).notes

    assert (note.path, note.text) == ("app/other.py", "It must know `<b>`,\nbecause …")


def read(text: str, *paths: str) -> WrittenFiles:
    asked = TaggedFiles(paths or ("a.py",))
    return asked.read(asked.said(text))


CODE = "def answer() -> int:\n    return 42\n"


class TestForgivingReading:
    """What models do to the form is passed over; what they write is not touched."""

    @pytest.mark.parametrize(
        "text",
        [
            f'<file path="a.py">\n{CODE}</file>',
            f"<file path='a.py'>\n{CODE}</file>\n",
            f"<file path=a.py>\n{CODE}</file>",
            f'<file language="python" path="a.py">\n{CODE}</file>',
            f'<file name="./a.py" lines="2">\n{CODE}</file>',
            f'  <file path="/a.py">\r\n{CODE}</file>\r\n',
            f'<file path="a.py">\n```python\n{CODE}```\n</file>',
            f'<file path="a.py">\n\n```\n{CODE}```\n\n</file>',
            f'```xml\n<file path="a.py">\n{CODE}</file>\n```',
            f'Certainly!\n\n<file path="a.py">\n{CODE}</file>\n\nI added a function.',
            f'<file path="a.py">\n{CODE.rstrip()}\n</file path="a.py">',
            f'<think>\nFirst <file path="a.py">\nhalf</think>\n<file path="a.py">\n{CODE}</file>',
            f'<file path="a.py">\nhalf\n</think>\n<file path="a.py">\n{CODE}</file>',
            f'<file path="a.py">\ndraft\n</file>\nNo.\n</think>\n<file path="a.py">\n{CODE}</file>',
            f'<file path="a.py">\ndraft\n</file>\nBetter:\n<file path="a.py">\n{CODE}</file>',
            f'<file path="a.py">\nhalf a dra\n<file path="a.py">\n{CODE}</file>',
        ],
    )
    def test_the_file_is_found(self, text: str) -> None:
        assert read(text).files == {"a.py": CODE}

    def test_an_end_mark_behind_the_last_line_ends_the_file(self) -> None:
        text = '<file path="a.py">\nx = 1</file>\n<file path="b.py">y = 2</file>'
        assert read(text, "a.py", "b.py").files == {"a.py": "x = 1", "b.py": "y = 2"}

    def test_a_tag_that_closes_itself_is_an_empty_file(self) -> None:
        text = f'<file path="__init__.py"/>\n<file path="a.py">\n{CODE}</file>'
        assert read(text, "__init__.py", "a.py").files == {"__init__.py": "", "a.py": CODE}

    def test_of_several_end_marks_the_last_before_the_next_file_counts(self) -> None:
        inside = "One:\n</file>\nTwo:\n</file>\nThree.\n"
        text = f'<file path="a.md">\n{inside}</file>\n\n<file path="a.py">\n{CODE}</file>'
        assert read(text, "a.md", "a.py").files == {"a.md": inside, "a.py": CODE}

    def test_an_example_of_files_inside_of_a_file_is_content(self) -> None:
        inside = 'Say\n<file path="x">\n1\n</file>\n<file path="a.md">\n2\n</file>\nand so on.\n'
        assert read(f'<file path="a.md">\n{inside}</file>', "a.md").files == {"a.md": inside}

    def test_a_file_that_nobody_asked_for_is_not_taken(self) -> None:
        text = f'<file path="a.py">\n{CODE}</file>\n<file path="b.py">\nx\n</file>\n'
        assert read(text).files == {"a.py": CODE}

    def test_a_fence_that_is_the_files_own_stays(self) -> None:
        text = "```sh\nmake\n```\nand then\n```sh\nmake test\n```\n"
        assert read(f'<file path="a.md">\n{text}</file>', "a.md").files == {"a.md": text}
        docstring = '"""Use it:\n```\nanswer()\n```\n"""\n'
        assert read(f'<file path="a.py">\n{docstring}</file>').files == {"a.py": docstring}

    def test_marks_of_thoughts_inside_of_a_file_are_content(self) -> None:
        content = 'OPEN = "<think>"\n<think>\n</think>\n'
        assert read(f'Now:\n<file path="a.py">\n{content}</file>').files == {"a.py": content}
        asked = TaggedFiles(("a.py",))
        assert asked.said(f'Now:\n<file path="a.py">\n{content}x').endswith(f"{content}x")

    def test_one_file_may_come_as_json(self) -> None:
        assert read('```json\n{"content": "x = {}\\n"}\n```').files == {"a.py": "x = {}\n"}
        half = TaggedFiles(("a.py",)).said('{"content": "def answer')
        assert TaggedFiles(("a.py",)).is_cut_off(half)

    @pytest.mark.parametrize("text", ["", "I cannot do that.", '{"answer": 42}', "```\nx\n```"])
    def test_anything_else_is_no_answer(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"did not come: `a\.py`"):
            read(text)


class TestWhatIsMissing:
    """What did not come, or has no end, is named; what came is kept."""

    TEXT = f'<file path="a.py">\n{CODE}</file>\n<file path="b.py">\nhalf'

    def test_the_paths_are_named(self) -> None:
        asked = TaggedFiles(("a.py", "b.py", "c.py"))
        with pytest.raises(ValueError, match=r"did not come: `c\.py`\. .* no end .*: `b\.py`\.$"):
            asked.read(self.TEXT)

    def test_what_came_is_an_answer_where_a_part_will_do(self) -> None:
        answer = TaggedFiles(("a.py", "b.py"), partial=True).read(self.TEXT)
        assert (answer.files, answer.missing) == ({"a.py": CODE}, ("b.py",))
        with pytest.raises(ValueError, match="did not come"):
            TaggedFiles(("b.py", "c.py"), partial=True).read(self.TEXT)

    def test_what_is_asked_for_again_joins_what_came(self) -> None:
        asked = TaggedFiles(("a.py", "b.py"))
        later = f'Here it is:\n<file path="b.py">\n{CODE}</file>'
        assert asked.read(asked.together(self.TEXT, later)).files == {"a.py": CODE, "b.py": CODE}

    def test_what_stands_behind_the_last_file_may_be_a_part_of_it(self) -> None:
        text = f'<file path="a.py">\n{CODE}</file>\nfurther'
        assert not TaggedFiles(("a.py",)).is_complete(text)
        assert not TaggedFiles(("a.py",)).is_cut_off(text)


NUMBERED = "".join(f"def function_{number}(value: int) -> int: ...\n" for number in range(40))
TWO = {"a.py": NUMBERED, "b.py": CODE}
CUTS = st.integers(min_value=60, max_value=len(NUMBERED))


class TestContinuations:
    """However a model goes on from a cut, no letter is lost and none comes twice."""

    asked = TaggedFiles(tuple(TWO))
    whole = written(TWO)

    def together(self, partial: str, rest: str) -> dict[str, str]:
        return self.asked.read(self.asked.stitch(self.asked.said(partial), rest)).files

    @given(cut=CUTS, repeated=st.integers(min_value=30, max_value=50))
    def test_a_repeated_end_is_dropped(self, cut: int, repeated: int) -> None:
        assert self.together(self.whole[:cut], self.whole[cut - repeated :]) == TWO

    @given(cut=CUTS)
    def test_a_tag_that_is_opened_again_is_dropped(self, cut: int) -> None:
        rest = f'<file path="a.py">\n{self.whole[cut:]}'
        assert self.together(self.whole[:cut], rest) == TWO

    @given(cut=CUTS)
    def test_a_file_that_is_begun_anew_replaces_its_part(self, cut: int) -> None:
        assert self.together(self.whole[:cut], f"Once more:\n{self.whole}") == TWO
        assert self.together(self.whole[:cut], self.whole) == TWO
        inside = self.whole.partition("\n")[2]
        assert self.together(self.whole[:cut], inside) == TWO

    @given(cut=CUTS)
    def test_a_fence_around_the_rest_is_dropped(self, cut: int) -> None:
        assert self.together(self.whole[:cut], f"```\n{self.whole[cut:]}```") == TWO
        thought = f"<think>\nWhere was I?\n</think>\n{self.whole[cut:]}"
        if not self.whole[cut:].startswith("\n"):
            assert self.together(self.whole[:cut], thought) == TWO

    def test_a_reply_that_goes_on_with_the_next_file_leaves_the_cut_one_open(self) -> None:
        rest = f'<file path="b.py">\n{CODE}</file>'
        joined = self.asked.stitch(self.whole[:100], rest)
        with pytest.raises(ValueError, match=r"no end mark.*: `a\.py`"):
            self.asked.read(joined)

    def test_a_fence_that_belongs_to_the_file_stays(self) -> None:
        asked = TaggedFiles(("a.md",))
        content = "Run\n```sh\nmake\n```\nand be glad.\n"
        text = written({"a.md": content})
        cut = text.index("```sh")
        assert asked.read(asked.stitch(text[:cut], text[cut:])).files == {"a.md": content}
