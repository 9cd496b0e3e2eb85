"""What is wished that no stack serves: said as what to build with, not as what it is about."""

import pytest

from quantumlayer.agents import unserved_wish, with_unserved, without_unserved
from quantumlayer.qlayer.requirements import UNSERVED
from tests.support import sample_project as sample


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("A shop API in Ruby on Rails", ("rails", "ruby")),
        ("A PHP blog with comments", ("php",)),
        ("A mobile app in Swift for my runs", ("mobile app", "swift")),
        ("I want a Flutter app for birds", ("flutter",)),
        ("A Vue dashboard", ("vue",)),
        ("A GUI for notes", ("gui",)),
        ("Write it in Ruby, please.", ("ruby",)),
        ("A Kanban board with React, Express and MongoDB", ("express", "mongodb")),
        ("An app for Android and iOS", ("android", "ios")),
        ("Todo list, built with Vue and Firebase", ("firebase", "vue")),
        ("a REST API with a PostgreSQL database", ("postgresql",)),
    ],
)
def test_what_it_is_to_be_built_with_is_a_wish(prompt: str, words: tuple[str, ...]) -> None:
    found = unserved_wish(prompt)

    assert found is not None
    assert found.unserved == words


@pytest.mark.parametrize(
    "prompt",
    [
        "A bookmark API in Python with SQLite",
        "A service that stores mobile phone numbers and desktop computers of employees",
        "A game catalogue: games with title and platform (Windows, iOS, Android)",
        "A device inventory: devices with name and system, which is android or ios",
        "Courses: name, language (PHP, Ruby) and teacher",
        "Gems in a mine: ruby, pearl. A ruby has a weight.",
        "Orders with express delivery",
        "A shop with express shipping for perl jewels",
        "An API in Python for a gin distillery: bottles, gin and rum",
        "Trips: a Kotlin island trip has a date and a price.",
    ],
)
def test_what_it_is_about_is_none(prompt: str) -> None:
    assert unserved_wish(prompt) is None


def test_an_unserved_wish_is_in_the_requirements_until_it_is_known_to_be_none() -> None:
    wish = unserved_wish("A shop API in Ruby on Rails")
    asked = sample.partly_understood()

    with_wish = with_unserved(asked, wish)

    added = with_wish.not_understood[len(asked.not_understood) :]
    assert [one.text for one in added] == ["rails", "ruby"]
    assert wish is not None
    reason = f"{UNSERVED}; the nearest is {wish.stack.title}."
    assert {one.reason for one in added} == {reason}
    assert without_unserved(with_wish) == asked
    assert with_unserved(asked, None) == asked
