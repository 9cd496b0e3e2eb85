"""Descriptions are read as what they were made from, or refused with the words that were not."""

import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from quantumlayer.builtin.domain import domain_of
from quantumlayer.builtin.language import NotUnderstood, read_description
from quantumlayer.builtin.language.constructs import Construct, constructs
from quantumlayer.builtin.language.page import page
from quantumlayer.builtin.language.vocabulary import DECLARATIONS as DECLARATION_GRAMMAR
from quantumlayer.builtin.language.vocabulary import RULES as RULE_GRAMMAR
from quantumlayer.qlayer.requirements import Language
from tests.packages.builtin.language.wordings import DECLARATIONS, RULES, UNKNOWN
from tests.packages.builtin.printing import describe
from tests.packages.builtin.sketch import sketch

HERE = Path(__file__).parent
DESCRIPTIONS = [
    json.loads(line) for line in (HERE / "descriptions.jsonl").read_text("utf-8").splitlines()
]
FOREIGN = [
    line.replace("\\n", "\n") for line in (HERE / "foreign.txt").read_text("utf-8").splitlines()
]
SENTENCES = (HERE / "foreign_sentences.txt").read_text("utf-8").splitlines()


def refused(description: str) -> NotUnderstood:
    with pytest.raises(NotUnderstood) as refusal:
        read_description(description)
    return refusal.value


@pytest.mark.parametrize("case", DESCRIPTIONS, ids=lambda case: str(case["description"])[:40])
def test_a_description_gives_these_lines_or_is_refused_for_these_words(
    case: dict[str, Any],
) -> None:
    if "gives" in case:
        assert sketch(read_description(case["description"])) == case["gives"]
    else:
        assert [each.words for each in refused(case["description"]).problems] == case["refused"]


@pytest.mark.parametrize("each", constructs(), ids=lambda each: each.id)
def test_the_example_of_a_construct_gives_what_the_table_says(each: Construct) -> None:
    requirements = read_description(each.example)
    assert sketch(requirements) == list(each.gives)
    again = read_description(describe(domain_of(requirements)))
    assert sorted(sketch(again)) == sorted(each.gives)


@pytest.mark.parametrize("each", constructs(), ids=lambda each: each.id)
def test_the_table_names_rules_that_the_grammar_has(each: Construct) -> None:
    grammar = f"\n{DECLARATION_GRAMMAR}\n{RULE_GRAMMAR}"
    assert [rule for rule in each.rules if f"\n{rule}:" not in grammar] == []


def test_the_page_is_current() -> None:
    written = (Path(__file__).parents[4] / "docs/built-in-language.md").read_text("utf-8")
    command = "python -m quantumlayer.builtin.language.page > docs/built-in-language.md"
    assert written == page(), f"write it again: {command}"


@pytest.mark.parametrize("description", FOREIGN, ids=lambda text: text[:40])
def test_what_asks_for_more_than_records_and_rules_is_refused(description: str) -> None:
    assert refused(description).problems


def test_many_may_read_at_the_same_time() -> None:
    described = [str(each.example) for each in constructs()]
    alone = [sketch(read_description(text)) for text in described]
    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(lambda text: sketch(read_description(text)), described))
    assert at_once == alone


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Sentences in random wordings and any order, with the lines that they must be read as."""
    rules = draw(st.lists(st.sampled_from(RULES), max_size=6, unique=True))
    sentences = [draw(st.sampled_from(wordings)) for wordings, _ in (*DECLARATIONS, *rules)]
    lines = [line for _, given in DECLARATIONS for line in given] + [line for _, line in rules]
    random.Random(draw(st.integers())).shuffle(sentences)  # noqa: S311 - no secret
    return sentences, lines


@settings(max_examples=25, deadline=None, phases=[Phase.generate], derandomize=True)
@given(worlds())
def test_any_wording_in_any_order_is_read_as_what_it_was_made_from(
    world: tuple[list[str], list[str]],
) -> None:
    sentences, lines = world
    requirements = read_description(". ".join(sentences) + ".")
    assert sorted(sketch(requirements)) == sorted(lines)


@settings(max_examples=25, deadline=None, phases=[Phase.generate], derandomize=True)
@given(worlds(), st.sampled_from(SENTENCES), st.integers(0, 9))
def test_one_foreign_sentence_is_enough_to_be_refused_and_is_named(
    world: tuple[list[str], list[str]], foreign: str, place: int
) -> None:
    sentences, _ = world
    sentences.insert(1 + place % len(sentences), foreign)
    problems = refused(". ".join(sentences) + ".").problems
    assert problems
    for each in problems:
        assert each.words.strip(" .") in foreign


@settings(max_examples=25, deadline=None, phases=[Phase.generate], derandomize=True)
@given(worlds(), st.sampled_from(RULES), st.sampled_from(UNKNOWN), st.data())
def test_an_unknown_word_in_a_rule_is_never_passed_over(
    world: tuple[list[str], list[str]],
    rule: tuple[tuple[str, ...], str],
    unknown: str,
    data: st.DataObject,
) -> None:
    words = data.draw(st.sampled_from(rule[0])).split()
    words.insert(data.draw(st.integers(1, len(words))), unknown)
    description = ". ".join((*world[0], " ".join(words))) + "."
    assert any(each.words in " ".join(words) for each in refused(description).problems)


def test_every_wording_of_every_rule_is_read() -> None:
    opening = ". ".join(wordings[0] for wordings, _ in DECLARATIONS)
    for wordings, line in RULES:
        for wording in wordings:
            assert line in sketch(read_description(f"{opening}. {wording}.")), wording


def test_a_refusal_says_where_and_what_is_nearest() -> None:
    (problem,) = refused("Rooms have a name.\nThe nam of a room must be unique.").problems
    assert (problem.words, problem.line, problem.column) == (
        "The nam of a room must be unique",
        2,
        1,
    )
    assert "“nam” is not known" in problem.reason
    assert problem.instead == "did you mean “name”?"


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        ("Rooms have a name and a price (within reason).", "“within” is not understood"),
        ("Rooms have a name and a stock from 10 to 5.", "“10 to 5” does not make sense here"),
        ("Rooms have a name, a price and must shine.", "“must” is not understood after “and”"),
        ("Rooms have a name. Rooms must not overlapp.", "“overlapp” is not known"),
        ("Rooms have a name. Parcels must be weighed.", "“Parcels” is not declared"),
        ("Rooms have a name. Guests can log in.", "“log in” asks for accounts and permissions"),
        ("A forum with HTML: rooms have a name.", "“HTML” asks for pages or an app"),
    ],
)
def test_a_refusal_names_the_words_at_which_the_reading_ended(
    description: str, reason: str
) -> None:
    assert reason in refused(description).problems[0].reason


def test_rules_about_what_a_refused_declaration_was_to_declare_are_told_apart() -> None:
    refusal = refused(
        "Rooms have a name. Stays have a price (within reason). Stays must not overlap."
        " A stay cannot be deleted."
    )
    assert [each.words for each in refusal.problems] == ["Stays have a price (within reason)"]
    assert [each.words for each in refusal.following] == [
        "Stays must not overlap",
        "A stay cannot be deleted",
    ]
    assert refusal.partial is not None
    assert len(refusal.partial.not_understood) == 3


def test_what_no_service_does_is_told_once_however_often_it_is_asked_for() -> None:
    table = "| GET | /rooms |\n| POST | /rooms |"
    refusal = refused(f"Rooms have a name.\n{table}\nThe endpoint /free returns free rooms.")
    assert [each.words for each in refusal.problems] == [table]
    assert len(refusal.following) == 1


@pytest.mark.parametrize(
    "wishes",
    ["Manage roles.", "Soft delete. Dark mode.", "## Features\n- Soft delete\n- Dark mode"],
)
def test_wishes_do_not_pass_as_names_of_the_application(wishes: str) -> None:
    assert refused(f"# Rooms\n{wishes}\n\nRooms have a name.").problems


@pytest.mark.parametrize(
    "opening",
    [
        "This is a simple REST API for managing a list of rooms.",
        "A RESTful service that allows users to manage rooms.",
        "We need a simple backend in Node.js for our shop.",
        "# Rooms\n\nA small backend in Node.js to keep track of rooms.",
        "# Rooms\n## Features",
    ],
)
def test_an_opening_names_the_application_and_no_more(opening: str) -> None:
    assert sketch(read_description(f"{opening}\nRooms have a name.")) == ["Room.name text"]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("A service in JavaScript: rooms have a name.", Language.JAVASCRIPT),
        ("An API built with Node.js. Rooms have a name.", Language.JAVASCRIPT),
        ("A Node.js API for rooms with a name.", Language.JAVASCRIPT),
        ("Rooms have a name. Write it in JavaScript.", Language.JAVASCRIPT),
        ("Rooms have a name. It should be written in Node.", Language.JAVASCRIPT),
        ("JavaScript, please. Rooms have a name.", Language.JAVASCRIPT),
        ("An API built with FastAPI: rooms have a name.", Language.PYTHON),
        ("Rooms have a name. The service must be written in Python.", Language.PYTHON),
    ],
)
def test_a_service_is_written_in_the_language_that_is_named(said: str, language: Language) -> None:
    read = read_description(said)
    assert read.language is language
    assert not any("no language was named" in str(each) for each in read.assumptions)


def test_a_language_that_records_speak_of_is_none_of_the_service() -> None:
    read = read_description("Snippets have a name and a language: python or javascript.")
    assert read.language is Language.PYTHON
    assert any("no language was named" in str(each) for each in read.assumptions)


def test_two_languages_are_refused() -> None:
    fault = refused("A Python service for rooms. Rooms have a name. Write it in JavaScript.")
    assert "two languages" in fault.problems[0].reason


def test_bullets_below_a_heading_are_its_fields() -> None:
    text = "## Rooms\n- name: string, unique\n- model: string (max 100)\n- opened on"
    assert sketch(read_description(text)) == [
        "Room.name text unique",
        "Room.model text length ..100",
        "Room.opened_on date",
    ]


def test_a_sentence_ends_where_a_reader_would_end_it() -> None:
    text = "Rooms have a size. The size must be at least 3 and at most 9 max. Rooms have a name."
    (problem,) = refused(text).problems
    assert problem.words == "The size must be at least 3 and at most 9 max"


def test_a_sentence_with_two_meanings_is_refused_with_both() -> None:
    two = (
        "Rooms have a start and an end. Desks have a start and an end. "
        "The end must be after the start."
    )
    assert "do not go together" in refused(two).problems[0].reason


def test_what_was_understood_is_kept_beside_what_was_not() -> None:
    refusal = refused("Rooms have a name. Rooms are painted at noon.")
    assert refusal.partial is not None
    assert sketch(refusal.partial) == ["Room.name text"]
    assert [each.text for each in refusal.partial.not_understood] == ["Rooms are painted at noon"]


def test_a_specification_in_yaml_is_the_same_language() -> None:
    text = (
        "title: Booking system\n"
        "entities:\n"
        "  Room: {fields: {name: text unique, capacity: integer 1..50}}\n"
        "  Booking: {fields: {room: Room, start: datetime, end: datetime}}\n"
        "rules:\n"
        "  - Bookings of a room must not overlap\n"
        "reports:\n"
        "  - Number of bookings per room\n"
    )
    requirements = read_description(text)
    assert (requirements.name, requirements.title) == ("booking-system", "Booking system")
    assert sketch(requirements) == [
        "Room.name text unique",
        "Room.capacity integer >= 1 <= 50",
        "Booking.room_id -> Room",
        "Booking.start datetime",
        "Booking.end datetime",
        "no overlap Booking start..end per room_id",
        "count Booking per room_id",
    ]


def test_an_unknown_key_of_a_specification_is_refused_with_the_nearest() -> None:
    text = "entities:\n  Room: {fields: {name: text}}\nrule: []\n"
    (problem,) = refused(text).problems
    assert (problem.line, problem.instead) == (3, "did you mean “rules”?")


LISTS: dict[str, Callable[[list[str]], str]] = {
    "choices in parentheses": lambda names: f"Rooms have a kind ({', '.join(names)}).",
    "choices after a colon": lambda names: f"Rooms have a kind: {', '.join(names)}.",
    "alternatives": lambda names: f"Rooms have a kind ({' or '.join(names)}).",
    "fields": lambda names: f"Rooms have {', '.join(f'a {name}' for name in names)}.",
    "steps": lambda names: (
        f"Rooms have a name and a status. The status goes from {' to '.join(names)}."
    ),
}


@pytest.mark.parametrize("said", LISTS.values(), ids=LISTS)
def test_a_long_list_is_read(said: Callable[[list[str]], str]) -> None:
    names = [f"ko{first}{second}lo" for first in "abcdefghjk" for second in "abcdefghjklmnpq"]
    assert len(sketch(read_description(said(names)))) >= 1


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        (f"Rooms have a kind ({', '.join(['kind'] * 1000)}).", "this sentence is too long"),
        (f"Rooms have a {'(' * 1000}name{')' * 1000}.", "this sentence is too long"),
        ("rooms " * 5000, "this sentence is too long"),
        ("Rooms have a name. " * 600, "these are too many sentences"),
    ],
)
def test_what_would_take_too_long_is_refused(description: str, reason: str) -> None:
    with pytest.raises(NotUnderstood) as refusal:
        read_description(description)
    assert [problem.reason for problem in refusal.value.problems] == [reason]
