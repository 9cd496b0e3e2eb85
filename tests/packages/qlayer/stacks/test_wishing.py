"""Words lead to a stack, and what none serves is said."""

import pytest

from quantumlayer.qlayer.stacks import nearest


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("A bookmark API", "python-service"),
        ("Bookmarks as a REST service in Python", "python-service"),
        ("A tool in Python that renames photos", "python-tool"),
        ("A command-line tool", "python-tool"),
        ("A library for intervals", "python-library"),
        ("A REST service in TypeScript", "typescript-service"),
        ("An API in JavaScript", "javascript-service"),
        ("A bookmark API in Go", "go-service"),
        ("A Go command-line tool", "go-tool"),
        ("A library in Go for intervals", "go-library"),
        ("A landing page for a bakery", "web-page"),
        ("A kanban board as a web application in TypeScript", "full-stack"),
        ("A React dashboard in TypeScript with a service behind it", "full-stack"),
        ("A command-line tool in Rust", "rust-tool"),
        ("A Rust crate for intervals", "rust-library"),
        ("A Java library for intervals", "java-library"),
        ("An API where users can go back in time", "python-service"),
        ("A CLI in TypeScript that renames photos", "typescript-tool"),
        ("A TypeScript library for intervals", "typescript-library"),
    ],
)
def test_a_wish_leads_to_a_stack(wish: str, name: str) -> None:
    found = nearest(wish)

    assert found is not None
    assert (found.stack.name, found.unserved) == (name, ())


@pytest.mark.parametrize(
    ("wish", "name", "unserved"),
    [
        ("A shop API in Ruby on Rails", "python-service", ("rails", "ruby")),
        ("A TypeScript API with Express", "typescript-service", ("express",)),
        ("A Kanban board with React, Express and MongoDB", "full-stack", ("express", "mongodb")),
        ("An app for Android and iOS", "web-page", ("android", "ios")),
        ("A service in Python with Django and MySQL", "python-service", ("django", "mysql")),
    ],
)
def test_what_no_stack_serves_is_said(wish: str, name: str, unserved: tuple[str, ...]) -> None:
    found = nearest(wish)

    assert found is not None
    assert (found.stack.name, found.unserved) == (name, unserved)


def test_words_that_only_look_alike_ask_for_nothing() -> None:
    assert nearest("Restful sleep for everybody, and rapid trainings") is None
