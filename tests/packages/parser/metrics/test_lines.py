"""Lines of code, of comments, and repeated ones."""

import pytest

from quantumlayer.parser.metrics import Lines, count_lines
from quantumlayer.parser.structure import Span

RUN = b"".join(b"call_number_%d(with_some, arguments)\n" % number for number in range(6))


def spans(data: bytes, *comments: bytes) -> list[Span]:
    return [Span(data.index(one), data.index(one) + len(one)) for one in comments]


@pytest.mark.parametrize(
    ("data", "comments", "code", "comment_lines"),
    [
        (b"", (), 0, 0),
        (b"\n  \n\t\n", (), 0, 0),
        (b"a\n\nb", (), 2, 0),
        (b"a // why\n// because\n", (b"// why", b"// because"), 1, 1),
        (b"/* one\n\n two */\na\n", (b"/* one\n\n two */",), 1, 2),
        (b"a /* one\n two */ b\n", (b"/* one\n two */",), 2, 0),
        (b"/* a */ /* b */\n", (b"/* a */", b"/* b */"), 0, 1),
    ],
)
def test_a_line_with_anything_but_comments_is_code(
    data: bytes, comments: tuple[bytes, ...], code: int, comment_lines: int
) -> None:
    counted = count_lines(data, spans(data, *comments))
    assert counted == Lines(code, comment_lines, 0)


def test_a_run_that_stands_twice_is_duplicated() -> None:
    assert count_lines(RUN + b"between\n" + RUN, []).duplicated == 12


def test_indentation_and_blank_lines_do_not_hide_a_repetition() -> None:
    indented = b"\n".join(b"    " + line for line in RUN.splitlines()) + b"\n\n"
    assert count_lines(RUN + indented, []).duplicated == 12


def test_shorter_runs_and_brackets_alone_do_not_count() -> None:
    shorter = b"".join(RUN.splitlines(keepends=True)[:5])
    assert count_lines(shorter + b"between\n" + shorter, []).duplicated == 0
    assert count_lines(b"}\n" * 50, []).duplicated == 0
