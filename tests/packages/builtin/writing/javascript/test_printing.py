"""Code is laid out as its usual formatter does."""

from quantumlayer.builtin.writing.javascript.printing import all_of, array, call, record
from quantumlayer.builtin.writing.layout import WIDTH, Group, layout

LONG = [f'"{letter * 20}"' for letter in "abcdef"]


def test_what_fits_stays_on_one_line() -> None:
    assert layout(call("make", [record(["a: 1", "b"])])) == "make({ a: 1, b })"
    assert layout(array([])) == "[]"


def test_what_does_not_fit_has_an_item_a_line_and_a_comma_behind_the_last() -> None:
    text = layout(array(LONG))
    assert text.split("\n") == ["[", *(f"  {item}," for item in LONG), "]"]


def test_an_object_at_the_end_of_a_call_stays_beside_its_parenthesis() -> None:
    text = layout(call("make", ["first", record(f"k: {item}" for item in LONG)]))
    assert text.startswith("make(first, {\n  k: ")
    assert text.endswith(",\n})")


def test_rows_of_a_table_stand_below_each_other() -> None:
    rows = array([array(["1", "2"]), array(["3", "4"])])
    assert layout(rows) == "[\n  [1, 2],\n  [3, 4],\n]"


def test_a_long_condition_is_broken_behind_its_operators() -> None:
    text = layout(Group(all_of(f"{item} === one" for item in LONG)))
    assert all(len(line) <= WIDTH for line in text.split("\n"))
    assert text.count(" &&\n") == len(LONG) - 1
