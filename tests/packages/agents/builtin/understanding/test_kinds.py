"""Which kind of application is asked for, when the words for it are misleading or missing."""

import pytest

from quantumlayer.agents.builtin.understanding import NotUnderstood, understand
from quantumlayer.qlayer.requirements import ApplicationKind
from quantumlayer.qlayer.requirements.library import CheckBlock

SERVICE, TOOL, LIBRARY = (
    ApplicationKind.SERVICE,
    ApplicationKind.COMMAND_LINE_TOOL,
    ApplicationKind.LIBRARY,
)


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ("Survey tool; surveys: title, open until; questions: text, survey", SERVICE),
        ("A tool to keep my recipes: recipes (title, minutes), cooks (name, email)", SERVICE),
        ("Book club tool. Members have a name. Meetings have a date and a book.", SERVICE),
        ('{"Book": {"title": "string", "pages": "int"}}', SERVICE),
        ("POST /orders creates an order\nGET /orders lists orders", SERVICE),
        ("event bus with on, off, once and emit", LIBRARY),
        ("parse and format durations", LIBRARY),
        ("a stack and a queue with size limit", LIBRARY),
        ("validator for ages between 0 and 130", LIBRARY),
        ("group orders.csv by customer and print count and average amount as json", TOOL),
        ("tool to validate a csv: email must be valid, age between 18 and 99", TOOL),
    ],
)
def test_records_make_a_service_and_code_makes_a_library(
    prompt: str, kind: ApplicationKind
) -> None:
    assert understand(prompt).kind is kind


@pytest.mark.parametrize(
    "prompt",
    ["validator for ages between 0 and 130", "A library that validates ages between 0 and 130"],
)
def test_a_validator_is_read_with_its_limits_and_nothing_beside(prompt: str) -> None:
    requirements = understand(prompt)

    assert requirements.library is not None
    (block,) = requirements.library.blocks
    assert isinstance(block, CheckBlock)
    assert (block.function, block.minimum, block.maximum) == ("check_age", "0", "130")
    assert requirements.not_understood == ()


def test_a_file_name_between_group_and_by_does_not_hide_the_group() -> None:
    statements = [item.statement for item in understand(
        "group orders.csv by customer and print count and average amount as json"
    ).items]  # fmt: skip

    assert statements[0] == (
        "For each customer of the orders, show the count and the average of amount."
    )


def test_a_tool_that_would_change_files_is_refused_rather_than_made_something_else() -> None:
    with pytest.raises(NotUnderstood, match="rename, move, copy or delete files are not built"):
        understand("A command line tool that renames all files in a folder to lower case")
