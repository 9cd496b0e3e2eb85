"""Which building blocks a library gets for what its description says, in users' own words."""

import pytest

from quantumlayer.agents.builtin.understanding import NotUnderstood, understand
from quantumlayer.qlayer.requirements import ApplicationKind, Requirements


def blocks_of(requirements: Requirements) -> list[str]:
    """What each block is: its id in the catalogue, its quantity, its function or its class."""
    library = requirements.library
    assert library is not None
    names = ("id", "quantity", "function", "name")
    return [
        next(str(getattr(block, name)) for name in names if hasattr(block, name))
        for block in library.blocks
    ]


@pytest.mark.parametrize(
    ("prompt", "blocks"),
    [
        (
            "Python library with functions to validate IBAN and credit card numbers",
            ["is_iban", "is_card_number"],
        ),
        (
            "a library for validating email addresses, urls and ip addresses and phone numbers",
            ["is_email", "is_url", "is_ip", "is_phone"],
        ),
        ("I want a module with a function to check passwords", ["password_problems"]),
        (
            "A library for converting temperatures between Celsius, Fahrenheit and Kelvin",
            ["temperature"],
        ),
        (
            "a library which converts kilometers to miles, kilograms to pounds, litres to gallons",
            ["length", "weight", "volume"],
        ),
        ("A Python library with a Stack and a Queue class", ["stack", "queue"]),
        ("I need a small package with an LRU cache", ["lru_cache"]),
        (
            "Data structures: trie, priority queue, union find and a graph with shortest path",
            ["trie", "priority_queue", "union_find", "graph"],
        ),
        ("data structures library", ["stack", "queue", "priority_queue", "lru_cache"]),
        ("ring buffer of the last 50 values", ["ring_buffer"]),
        ("state machine library", ["state_machine"]),
        ("write me python module for roman numerals", ["roman"]),
        ("library to slugify titles and truncate texts", ["slugify", "truncate"]),
        (
            "Utility library: levenshtein distance, palindrome check, word count",
            ["levenshtein", "palindrome", "word_count"],
        ),
        (
            "a library of statistics: mean, median, mode and standard deviation",
            ["mean", "median", "mode", "variance"],
        ),
        (
            "helper library: add months, business days between two dates, age from birth date",
            ["add_months", "business_days", "age"],
        ),
        ("A function that checks whether a number is prime", ["primes"]),
        (
            "small lib to compute fibonacci and factorial and gcd",
            ["fibonacci", "combinatorics", "gcd_lcm"],
        ),
        ("matrix library with addition, multiplication and transpose", ["matrix"]),
        ("library that parse arithmetic expressions and evaluates them", ["expression"]),
        ("a money type that splits bills without losing a cent", ["money"]),
        ("a retry decorator with exponential backoff", ["retry"]),
        ("Library for rate limiting", ["token_bucket"]),
        ("a library that converts hex colours to rgb and back", ["color"]),
        ("a library to paginate lists", ["pagination"]),
        ("A bank account class with deposit and withdraw", ["BankAccount"]),
    ],
)
def test_a_library_has_the_blocks_that_its_description_names(
    prompt: str, blocks: list[str]
) -> None:
    requirements = understand(prompt)
    assert requirements.kind is ApplicationKind.LIBRARY
    assert blocks_of(requirements) == blocks


@pytest.mark.parametrize(
    ("prompt", "parameters"),
    [
        ("an LRU cache with a time to live of 30 seconds", {"DEFAULT_TIME_TO_LIVE": "30"}),
        ("ring buffer of the last 50 values", {"DEFAULT_CAPACITY": "50"}),
        ("a retry decorator, up to 5 attempts", {"DEFAULT_ATTEMPTS": "5"}),
        (
            "Library for rate limiting, 100 requests per second with burst 20",
            {"DEFAULT_CAPACITY": "20", "DEFAULT_RATE": "100"},
        ),
        ("a library to paginate lists with 25 items per page", {"DEFAULT_SIZE": "25"}),
        (
            "shopping cart class, add items, remove items, total, 10% discount above 100 euros",
            {"DISCOUNT_PERCENT": "10", "DISCOUNT_ABOVE": "100"},
        ),
    ],
)
def test_numbers_of_the_description_become_constants(
    prompt: str, parameters: dict[str, str]
) -> None:
    library = understand(prompt).library
    assert library is not None
    (block,) = library.blocks
    assert dict(getattr(block, "parameters", ())) == parameters


def test_what_is_not_known_is_named() -> None:
    requirements = understand("A library that converts Roman numerals and folds proteins")
    assert blocks_of(requirements) == ["roman"]
    assert any("proteins" in unclear.text for unclear in requirements.not_understood)


@pytest.mark.parametrize(
    "prompt",
    [
        "A library that talks to Mars and sorts spaghetti",
        "a python package for folding proteins",
    ],
)
def test_a_library_of_which_nothing_is_known_is_refused_with_what_there_is(prompt: str) -> None:
    with pytest.raises(NotUnderstood, match="Libraries can hold"):
        understand(prompt)


@pytest.mark.parametrize(
    "prompt",
    [
        "A library service: books with title and author, members with name and email",
        "City library with books and members who borrow books",
        "Library: books and members",
        "A song library with songs, artists and albums",
        "a queue of patients with name and number",
        "cart items with name and price",
    ],
)
def test_a_library_of_things_is_a_service(prompt: str) -> None:
    assert understand(prompt).kind is ApplicationKind.SERVICE


def test_the_same_description_gives_the_same_requirements() -> None:
    prompt = "a library of statistics: mean, median and a stack"
    assert understand(prompt) == understand(prompt)
