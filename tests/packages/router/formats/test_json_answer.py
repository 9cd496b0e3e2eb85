"""Reading JSON as models write it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from quantumlayer.router.formats.json_answer import NotJsonError, read_json

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
texts = st.text(st.characters(codec="utf-8"), max_size=40)
values = st.recursive(
    scalars | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(texts, values, min_size=1, max_size=5)
PROSE = ("", "Here you are:\n\n", "Sure! I thought about {this} and [that].\n")


@given(document=documents, indent=st.sampled_from([None, 2]), prose=st.sampled_from(PROSE))
def test_a_document_is_read_as_it_was_written_whatever_is_around_it(
    document: dict[str, JsonValue], indent: int | None, prose: str
) -> None:
    written = json.dumps(document, indent=indent, ensure_ascii=False)

    assert read_json(written) == document
    assert read_json(f"{prose}```json\n{written}\n```\nShall I change it?") == document


@given(document=documents, data=st.data())
def test_a_document_that_was_cut_off_is_never_read(
    document: dict[str, JsonValue], data: st.DataObject
) -> None:
    written = json.dumps(document)
    cut = data.draw(st.integers(min_value=1, max_value=len(written) - 1))

    with pytest.raises(NotJsonError):
        read_json(written[:cut])


@given(text=st.text())
def test_any_text_is_either_read_or_refused(text: str) -> None:
    try:
        json.dumps(read_json(text))
    except NotJsonError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('{"a": [1, 2,], "b": {"c": 3,},}', {"a": [1, 2], "b": {"c": 3}}),
        ('{"a": ",]", "b": 1,}', {"a": ",]", "b": 1}),
        ('{"a": "first\nsecond"}', {"a": "first\nsecond"}),
        ("{'a': 'it', 'b': True}", {"a": "it", "b": True}),
        ('{a: 1, b: "x"}', {"a": 1, "b": "x"}),
        ('{"a": 1 "b": 2}', {"a": 1, "b": 2}),
        ('<think>{"a": 0}</think>{"a": 1}', {"a": 1}),
        ('\ufeff{"a": 1}', {"a": 1}),
        ('{"example": 1} is the form; mine is {"answer": {"value": 2}}', {"answer": {"value": 2}}),
        ('{"code": "```python\\nprint(1)\\n```"}', {"code": "```python\nprint(1)\n```"}),
    ],
)
def test_punctuation_is_forgiven(written: str, meant: JsonValue) -> None:
    assert read_json(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        '{"code": "print("hi")", "b": 1}',
        '{"a": "he said "}", "b": 1}',
        '{"a": 1, // a remark that would be lost\n "b": 2}',
        '{"price": 1,000}',
        '{"a": NaN}',
    ],
)
def test_what_could_only_be_guessed_is_not_read_as_something_else(written: str) -> None:
    try:
        value = read_json(written)
    except NotJsonError:
        return
    assert value == {"code": 'print("hi")', "b": 1}


@pytest.mark.parametrize(
    "written",
    [
        '{"files": [{"path": "a.py"}, {"path": "b',
        'Here: {"files": [{"path": "a.py"},',
        '```json\n{"name": "Ada"',
    ],
)
def test_a_complete_part_of_a_cut_off_document_is_not_taken_for_the_whole(written: str) -> None:
    with pytest.raises(NotJsonError) as caught:
        read_json(written)
    assert caught.value.cut_off


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "empty"),
        ("I cannot do that.", "no JSON object"),
        ('{"a": 1, "b": }', "line 1, column 15"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ('{"a": ' + "9" * 5_000 + "}", "not JSON"),
    ],
)
def test_a_refusal_says_what_is_wrong(written: str, says: str) -> None:
    with pytest.raises(NotJsonError, match=says):
        read_json(written)
