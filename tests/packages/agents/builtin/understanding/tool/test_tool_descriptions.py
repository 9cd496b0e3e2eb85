"""Descriptions of command-line tools and what is understood of them, in a compact notation.

A pipeline is written `source → steps → output`; several reports are separated by `‖`.
"""

import pytest

from quantumlayer.agents.builtin.understanding import NotUnderstood
from quantumlayer.agents.builtin.understanding.kind import kind_of
from quantumlayer.agents.builtin.understanding.text import normalised
from quantumlayer.agents.builtin.understanding.tool import speaks_of_a_tool, understand_tool
from quantumlayer.qlayer.requirements import ApplicationKind, Language, Requirements
from quantumlayer.qlayer.requirements.tool import (
    Calculator,
    CellCondition,
    CellOperator,
    Converter,
    Filter,
    Group,
    Keeper,
    Limit,
    PasswordMaker,
    Pipeline,
    Rename,
    Select,
    Sort,
    Step,
    Unique,
    Validate,
)

_SIGNS = {
    CellOperator.EQUAL: "=",
    CellOperator.NOT_EQUAL: "!=",
    CellOperator.LESS: "<",
    CellOperator.LESS_OR_EQUAL: "<=",
    CellOperator.GREATER: ">",
    CellOperator.GREATER_OR_EQUAL: ">=",
    CellOperator.CONTAINS: "~",
    CellOperator.STARTS_WITH: "^",
    CellOperator.ONE_OF: " in ",
    CellOperator.IS_SET: " is set",
    CellOperator.IS_EMPTY: " is empty",
}


def _condition(condition: CellCondition) -> str:
    value = condition.argument.upper() if condition.argument else "/".join(condition.values)
    return f"{condition.column}{_SIGNS[condition.operator]}{value}"


def _step(step: Step) -> str:  # noqa: C901, PLR0911 - one a kind
    match step:
        case Filter():
            joined = {"all": " & ", "any": " | "}[step.match].join(map(_condition, step.conditions))
            return f"{'drop' if step.drop else 'keep'} {joined or '?'}"
        case Select():
            return f"{'omit' if step.drop else 'select'} {','.join(step.columns) or '?'}"
        case Rename():
            return f"rename {','.join(f'{old}:{new}' for old, new in step.names) or '?'}"
        case Group():
            figures = ",".join(
                f"{m.function.value}({m.column})" if m.column else m.function.value
                for m in step.measures
            )
            return f"{figures} by {','.join(step.by)}" if step.by else figures
        case Sort():
            keys = ",".join(f"{'-' if key.descending else '+'}{key.column}" for key in step.keys)
            return f"sort {keys or '?'}"
        case Limit():
            return f"{'last' if step.last else 'first'} {step.count}"
        case Unique():
            return f"unique {','.join(step.by) or 'all'}"
        case Validate():
            checks = (f"{c.column}:{c.rule.value}{'/'.join(c.values)}" for c in step.checks)
            return f"check {' '.join(checks)}"
    match step.kind:
        case "derive":
            return f"{step.column}={''.join(step.terms)}"
        case "date_part":
            return f"{step.column} of {step.of}"
        case "share":
            return f"{step.column} of {step.of}"
        case "change":
            detail = f" {step.old}:{step.new}" if step.action == "replace" else ""
            return f"{step.action}{detail}"


def _sketch(requirements: Requirements) -> str:
    assert requirements.tool is not None
    match requirements.tool.program:
        case Pipeline() as pipeline:
            shared = [_step(step) for step in pipeline.shared]
            reports = [" → ".join(map(_step, report.steps)) for report in pipeline.reports]
            parts = [pipeline.source.value, *shared, " ‖ ".join(filter(None, reports))]
            numbered = "#" if pipeline.line_numbers else ""
            return " → ".join(filter(None, (*parts, pipeline.output.value + numbered)))
        case Converter() as converter:
            return f"{converter.units[0].name} to {converter.units[1].name}, {converter.decimals}"
        case Calculator() as calculator:
            return ", ".join(calculation.name for calculation in calculator.calculations)
        case Keeper() as keeper:
            fields = ",".join(
                f"{field.name}{'' if field.required else '?'}" for field in keeper.fields
            )
            names = " ".join(command.name for command in keeper.commands)
            return f"{keeper.noun}({fields}) {names} in {keeper.file}"
        case PasswordMaker() as maker:
            return f"{maker.count} x {maker.length} of {'+'.join(maker.classes)}"


LIBRARY = (
    "A library service: books with title, author and isbn, members with name and email, loans that "
    "link a book to a member with a due date. Members can have at most 5 open loans."
)
DESCRIPTIONS = {
    # Records: groups and figures
    "A command line tool that reads a CSV of expenses and prints the total per category": (
        "csv → sum(amount) by category → table"
    ),
    (
        "Read a CSV of sales, group sales by region and month and show sum, average and count, "
        "as a table or JSON"
    ): ("csv → month of date → sum(amount),mean(amount),count by region,month → table"),
    (
        "A command line tool that reads a CSV file of orders with columns date, customer, product, "
        "quantity and price, computes total = quantity * price, and prints the total per customer "
        "sorted by total descending, top 5"
    ): "csv → total=quantity*price → sum(total) by customer → sort -total → first 5 → table",
    (
        "Write a Python script to read expenses.csv and show average amount per category and the "
        "number of expenses per month"
    ): "csv → mean(amount) by category ‖ month of date → count by month → table",
    "i want tool who read csv file sales and give me sum for every country please": (
        "csv → sum(amount) by country → table"
    ),
    "top 10 customers by revenue from orders.csv": (
        "csv → sum(revenue) by customer → sort -total → first 10 → table"
    ),
    (
        "Build me a CLI that takes a CSV with employees (name, department, salary) and shows "
        "average salary by department, highest first, only departments with more than 3 employees"
    ): ("csv → count,mean(salary) by department → keep count>=4 → sort -average → table"),
    "Count how many orders each customer made and list the 3 customers with the most orders": (
        "csv → count by customer → sort -count → first 3 → table"
    ),
    (
        "A tool that computes statistics (min, max, mean, median) of a column of numbers in a CSV "
        "file"
    ): ("csv → count,minimum(amount),maximum(amount),mean(amount),median(amount) → table"),
    (
        "a command-line utility that reads weather.csv with columns date, city, temperature and "
        "prints min, max and mean temperature per city"
    ): "csv → minimum(temperature),maximum(temperature),mean(temperature) by city → table",
    "Compute the percentage of each category in expenses.csv": (
        "csv → count,sum(amount) by category → percent of total → table"
    ),
    "I need a script to analyse my bank transactions CSV. Sum of amount per month. As JSON.": (
        "csv → month of date → sum(amount) by month → json"
    ),
    "Count rows in CSV per status": "csv → count by status → table",
    "Find duplicate emails in customers.csv": "csv → count by email → keep count>=2 → table",
    # Records: rows
    "A CLI that filters rows of a CSV where amount is greater than 100 and country is DE": (
        "csv → keep amount>100 & country=DE → csv"
    ),
    'show orders where total >= 1000 or customer is "ACME Corp"': (
        "csv → keep total>=1000 | customer=ACME Corp → csv"
    ),
    (
        "tool reads transactions CSV, keep only rows where status is paid or refunded and amount "
        "between 10 and 500, output JSON"
    ): "csv → keep status in paid/refunded & amount>=10 & amount<=500 → json",
    "Read orders.csv and exclude rows where status is cancelled": (
        "csv → drop status=cancelled → csv"
    ),
    (
        'Filter a JSON lines file: level is ERROR and service starts with "api", print as table'
    ): "jsonl → keep level=ERROR & service^api → table",
    "Sort a JSON lines file by timestamp": "jsonl → sort +timestamp → jsonl",
    "print the 10 most expensive products from products.csv": "csv → sort -price → first 10 → csv",
    "print the first 10 rows of a csv": "csv → first 10 → csv",
    "CLI to remove duplicate rows from a CSV by email": "csv → unique email → csv",
    (
        "rename the columns first to first_name and last to last_name and drop the column "
        "internal_id"
    ): "csv → omit internal_id → rename first:first_name,last:last_name → csv",
    "csv tool: keep columns name and email, drop duplicates by email, sort by name, output tsv": (
        "csv → unique email → sort +name → select name,email → tsv"
    ),
    "Rename columns and select columns of a CSV": "csv → select ? → rename ? → csv",
    "A tool that filters a CSV by a condition given by the user": "csv → keep ? → csv",
    # Records: conversion, merging, validation
    "Convert CSV to JSON and back": "csv → opposite",
    "Convert TSV to CSV": "tsv → csv",
    "Merge several CSV files": "csv → csv",
    (
        "Validate a CSV: email must be valid, age between 0 and 120, report the line of errors"
    ): "csv → check email:email age:at_least0 age:at_most120 → table",
    (
        "Check that every row of users.csv has a unique id, a non-empty name, and status is one of "
        "active, inactive"
    ): "csv → check status:one_ofactive/inactive id:unique name:required → table",
    "Check a CSV for missing values and report line numbers": "csv → check *:required → table",
    # Text
    "count words in a text file and print the ten most frequent": (
        "words → count by word → sort -count,+word → first 10 → table"
    ),
    "A command line tool that counts lines, words and characters of a text file": (
        "lines → count,sum(words),sum(characters) → table"
    ),
    "find duplicate lines": "lines → count by text → keep count>=2 → sort -count → table",
    "grep-like search with line numbers": "lines → keep text~PATTERN → lines#",
    'A tool which prints all lines containing "ERROR" with line numbers': (
        "lines → keep text~ERROR → lines#"
    ),
    "Remove duplicate lines from a text file and sort them": (
        "lines → unique text → sort +text → lines"
    ),
    'replace all occurrences of "foo" with "bar" in a file': "lines → replace foo:bar → lines",
    "CLI to replace a word with another in a text file": "lines → replace None:None → lines",
    "last 20 lines of a file": "lines → last 20 → lines",
    "print lines longer than 80 characters": "lines → keep characters>80 → lines",
    "CLI tool in Python to extract unique email addresses from a text file": (
        "emails → unique email → lines"
    ),
    # Logs
    ("log analyser: requests per status code / top 10 IPs, errors per hour from an access log"): (
        "access_log → count by status ‖ keep status>=400 → hour of time → count by hour ‖ "
        "count by ip → sort -count → first 10 → table"
    ),
    "Write a tool that reads server logs and shows the top 5 URLs with the most 500 errors": (
        "access_log → keep status=500 → count by path → sort -count → first 5 → table"
    ),
    "Read a log file and count lines by log level": "level_log → count by level → table",
    "Show only WARNING and ERROR entries of a log file": (
        "level_log → keep level in WARNING/ERROR → table"
    ),
    # Folders
    "Find the 20 largest files in a directory": (
        "files → sort -size,+path → first 20 → select path,size → table"
    ),
    "checksum of files in a folder, find large files": (
        "files → keep size>10000000 → sort -size,+path → select path,size ‖ "
        "select sha256,path → table"
    ),
    "find duplicate files in a folder by content": (
        "files → count,list(path) by sha256 → keep count>=2 → table"
    ),
    "A CLI that shows total size and number of files per extension in a directory": (
        "files → count,sum(size) by extension → table"
    ),
    # Converters, calculators, passwords
    "a tool to convert temperatures between Celsius and Fahrenheit": "celsius to fahrenheit, 2",
    "convert kg to lbs rounded to 3 decimals": "kilograms to pounds, 3",
    "calculate interest on a loan": "interest, loan",
    "BMI calculator": "bmi",
    "tip calculator with default tip of 18%, split among people": "tip",
    "A CLI calculator that can add, subtract, multiply and divide two numbers": (
        "add, subtract, multiply, divide"
    ),
    "days between two dates": "days",
    "password generator with length 20, digits and symbols, no ambiguous characters": (
        "1 x 20 of lower+upper+digits+symbols"
    ),
    "CLI that generates 10 random passwords with 12 characters without symbols": (
        "10 x 12 of lower+upper+digits"
    ),
    # Keepers
    "a todo list on the command line stored in a JSON file (add, list, done, remove)": (
        "task(title) add list done remove in tasks.json"
    ),
    (
        "An expense tracker CLI: add expenses with amount, category and date, list them, show "
        "total per category, delete"
    ): "expense(description,amount,category,date?) add list remove total in expenses.json",
    (
        "contact book: add contacts with name, email and phone, search, edit, remove; saved in "
        "contacts.json"
    ): "contact(name,email?,phone?) add list edit remove search in contacts.json",
    (
        "A task manager CLI with priority (low, medium, high) and due date, mark tasks as done, "
        "clear completed"
    ): "task(title,priority?,due?) add list done remove clear in tasks.json",
    (
        "A CLI for managing books: add a book with title, author and year, list books, mark as "
        "read, delete"
    ): "book(title,year,author?) add list done remove in books.json",
}


@pytest.mark.parametrize(("prompt", "expected"), DESCRIPTIONS.items())
def test_a_description_becomes_the_tool_that_it_describes(prompt: str, expected: str) -> None:
    assert _sketch(understand_tool(prompt)) == expected


@pytest.mark.parametrize("prompt", DESCRIPTIONS)
def test_every_requirement_has_an_id_that_the_domain_refers_to(prompt: str) -> None:
    requirements = understand_tool(prompt)
    assert requirements.kind is ApplicationKind.COMMAND_LINE_TOOL
    assert requirements.language is Language.PYTHON
    assert requirements.tool is not None
    ids = [item.id for item in requirements.items]
    assert ids == [f"R{number}" for number in range(1, len(ids) + 1)]
    referred = requirements.tool.model_dump_json()
    assert [one for one in ids if f'"{one}"' not in referred] == []


def test_the_same_description_gives_the_same_requirements() -> None:
    for prompt in DESCRIPTIONS:
        assert understand_tool(prompt) == understand_tool(prompt)


@pytest.mark.parametrize(
    ("prompt", "left_over"),
    [
        (
            "Read orders.csv, drop rows with status = paid, send the report by email to my boss",
            "send the report by email to my boss",
        ),
        ("List invoices after 2024-01-01 that are unpaid", "unpaid"),
        (
            "Read employees from a JSON file and list those older than 30 in the Sales department",
            "Sales department",
        ),
        ("convert miles to kilometers and pounds to kilograms", "pounds to kilograms"),
        ("Sum amount per category of an Excel file", "Excel"),
    ],
)
def test_what_is_not_understood_is_quoted_with_a_reason(prompt: str, left_over: str) -> None:
    unclear = understand_tool(prompt).not_understood
    assert left_over in [part.text for part in unclear]
    assert all(part.reason for part in unclear)


@pytest.mark.parametrize(
    "prompt",
    [
        "A tool that plays chess",
        "make me a website scraper",
        "A command line tool that converts currencies between USD and EUR",
        "A tool that renames files in a folder by adding a date prefix",
        "A command line tool",
        "do something with my data please",
    ],
)
def test_nothing_essential_is_a_refusal_that_says_what_can_be_done(prompt: str) -> None:
    with pytest.raises(NotUnderstood, match="Such tools can: read CSV"):
        understand_tool(prompt)


def test_decisions_where_the_description_is_silent_are_told() -> None:
    requirements = understand_tool("A tool that prints the total per category of a CSV of expenses")
    assert 'Where no column is named, numbers are taken from the column "amount".' in (
        requirements.assumptions
    )


def test_another_language_is_told_and_python_is_written() -> None:
    requirements = understand_tool(
        "A command line tool in JavaScript that reads a CSV of expenses and prints the total per "
        "category"
    )
    assert requirements.language is Language.PYTHON
    assert "Command-line tools are written in Python." in [
        part.reason for part in requirements.not_understood
    ]


@pytest.mark.parametrize("prompt", DESCRIPTIONS)
def test_a_tool_is_known_as_one_even_where_it_is_not_called_one(prompt: str) -> None:
    plain = normalised(prompt)
    assert speaks_of_a_tool(plain) or kind_of(plain) is ApplicationKind.COMMAND_LINE_TOOL


@pytest.mark.parametrize(
    "prompt",
    [
        LIBRARY,
        "REST API for tasks with title, due date and priority",
        "A booking system for meeting rooms: rooms, people and reservations that never overlap",
        "An online shop with products, customers and orders",
        "An API that stores CSV files of expenses and returns totals per category",
        "A mortgage backend with customers and loans",
    ],
)
def test_a_service_is_not_taken_for_a_tool(prompt: str) -> None:
    assert not speaks_of_a_tool(normalised(prompt))
