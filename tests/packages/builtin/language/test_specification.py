"""Specifications in YAML that are wrong: refused with the line, the key and what is allowed."""

import pytest

from quantumlayer.builtin.language import NotUnderstood, read_description
from tests.packages.builtin.sketch import sketch

ROOM = "entities:\n  Room: {fields: {name: text}}\n"


@pytest.mark.parametrize(
    ("text", "line", "words", "reason"),
    [
        ("entities:\n  Room: {fields: {name: text}\nrules: []\n", 3, "rules: []\n", "not YAML"),
        ("entities:\n\tRoom: {fields: {name: text}}\n", 2, "\tRoom: {fields: {nam", "not YAML"),
        (f"{ROOM}rule:\n  - x\n", 3, "rule", "no key of a specification"),
        ("entities:\n  Room: {field: {name: text}}\n", 2, "field", "no key"),
        ("entities:\n  Room: {fields: {name: 5}}\n", 2, "5", "the field name"),
        ("entities:\n  Room: {fields: {name: {type: text}}}\n", 2, "name", "the field name"),
        ("entities:\n  Room: {fields: {name: text, size: }}\n", 2, "size", "the field size"),
        ("entities:\n  Room: {fields: {name: txet}}\n", 2, "txet", "no type"),
        ("entities:\n  Room: {fields: [name]}\n", 2, "Room", "mapping of its fields"),
        ("entities: [Room]\n", 1, "entities", "cannot be read as entities"),
        ("entities:\n  5: {fields: {name: text}}\n", 2, "5", "no name"),
        (f"{ROOM}rules: Rooms must not overlap\n", 3, "rules", "cannot be read as rules"),
        (f'{ROOM}rules:\n  - ""\n', 4, '""', "a sentence"),
        (f"{ROOM}reports:\n  - {{a: b}}\n", 4, "{a: b}", "a sentence"),
        (f"title: [a]\n{ROOM}", 1, "title", "cannot be read as title"),
        (f"{ROOM}  Room: {{fields: {{title: text}}}}\n", 3, "Room", "twice"),
        (f"{ROOM}rules:\n  - Rooms are purple\n", 4, "Rooms are purple", "“purple”"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    text: str, line: int, words: str, reason: str
) -> None:
    with pytest.raises(NotUnderstood) as refusal:
        read_description(text)
    first = refusal.value.problems[0]
    assert (first.line, first.words) == (line, words)
    assert reason in first.reason


def test_entities_alone_are_a_specification() -> None:
    requirements = read_description("Student:\n  name: text unique\nCourse:\n  title: text\n")
    assert sketch(requirements) == ["Student.name text unique", "Course.title text"]
