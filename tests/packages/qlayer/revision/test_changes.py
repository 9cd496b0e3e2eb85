"""What became of the files, and by how many lines."""

from hypothesis import given
from hypothesis import strategies as st

from quantumlayer.qlayer.revision.changes import file_changes, line_counts

LINES = st.lists(st.sampled_from([b"a", b"b", b"c"]), max_size=12)


def test_each_file_that_differs_is_named_once_with_its_lines() -> None:
    before = {"a.py": b"1\n2\n3\n", "b.py": b"x\n", "c.py": b"same\n", "d.png": b"\0"}
    after = {"a.py": b"1\ntwo\n3\n4\n", "c.py": b"same\n", "d.png": b"\0\0", "e.py": b"new\n"}

    shown = [
        (one.path, one.change, one.lines_added, one.lines_removed)
        for one in file_changes(before, after)
    ]

    assert shown == [
        ("a.py", "changed", 2, 1),
        ("b.py", "removed", 0, 1),
        ("d.png", "changed", None, None),
        ("e.py", "added", 1, 0),
    ]


@given(LINES, LINES)
def test_what_is_added_and_removed_makes_the_difference(
    before: list[bytes], after: list[bytes]
) -> None:
    added, removed = line_counts(before, after)
    assert len(before) - removed == len(after) - added
    assert added >= 0
    assert removed >= 0


def test_files_that_are_long_and_wholly_different_are_counted_in_time() -> None:
    many = [str(number).encode() for number in range(20_000)]
    other = [line + b"!" for line in many]
    assert line_counts(many, other) == (20_000, 20_000)
