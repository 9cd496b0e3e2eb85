"""Generated command-line tools: planned, written, run on data, and held to strict tools."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from quantumlayer.agents.builtin.understanding.tool import understand_tool
from quantumlayer.agents.builtin.writing import UnknownFile, plan, write
from quantumlayer.qlayer import Blueprint, FileRole
from quantumlayer.qlayer.requirements import Requirements

EXPENSES = """\
date,category,country,amount
2024-01-05,food,DE,12.50
2024-01-19,rent,DE,900.00
2024-02-02,food,FR,7.25
2024-02-17,books,DE,100.00
2024-03-08,food,DE,100.01
"""
ACCESS = """\
192.0.2.1 - - [10/May/2024:13:55:36 +0000] "GET /a HTTP/1.1" 200 2326
192.0.2.1 - - [10/May/2024:13:56:36 +0000] "GET /b HTTP/1.1" 404 12
192.0.2.7 - bob [10/May/2024:14:01:00 +0000] "POST /a HTTP/1.1" 500 - "http://x.org" "curl/8"
192.0.2.1 - - [10/May/2024:14:02:00 +0000] "GET /a HTTP/1.1" 200 100
"""
PROMPTS = (
    "A command line tool that reads a CSV of expenses and prints the total per category",
    "Read a CSV of sales, group sales by region and month and show sum, average and count",
    "Filter a CSV where amount is at least 10 or country is DE, sort by date, newest first",
    "Validate a CSV: email must be valid, age between 0 and 120, id unique, report the line",
    "rename the columns first to first_name and drop the column internal_id of a CSV",
    "A CLI tool that converts CSV to JSON and back",
    "count words in a text file and print the ten most frequent",
    "grep-like search with line numbers in a text file",
    "log analyser: requests per status code, top 10 IPs, errors per hour from an access log",
    "find duplicate files in a folder by content and the 20 largest files",
    "a tool to convert temperatures between Celsius and Fahrenheit",
    "tip calculator with default tip of 18%",
    "a todo list stored in a JSON file (add, list, done, remove) with priority and due date",
    "password generator with length 20, no ambiguous characters",
)


@cache
def _requirements(prompt: str) -> Requirements:
    return understand_tool(prompt)


def _generated(prompt: str, folder: Path) -> tuple[Blueprint, str]:
    requirements = _requirements(prompt)
    blueprint = plan(requirements)
    for file in blueprint.files:
        target = folder / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(write(requirements, file.path), encoding="utf-8")
    assert requirements.tool is not None
    return blueprint, requirements.tool.package


def _run(folder: Path, *command: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
    )


def _rows(prompt: str, folder: Path, data: str, *arguments: str, name: str = "data.csv") -> object:
    _, package = _generated(prompt, folder)
    (folder / name).write_text(data, encoding="utf-8")
    done = _run(folder, package, *arguments, name, "--json")
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_every_requirement_is_planned_in_a_test_and_named_in_one(prompt: str) -> None:
    requirements = _requirements(prompt)
    blueprint = plan(requirements)
    tests = [file for file in blueprint.files if file.role is FileRole.TEST]
    planned = {one for file in tests for one in file.requirements}
    assert planned >= {item.id for item in requirements.items} - _fields_only(requirements)
    text = "\n".join(write(requirements, file.path) for file in tests)
    missing = [
        item.id
        for item in requirements.items
        if f"def test_{item.id.lower()}_" not in text and item.id not in _fields_only(requirements)
    ]
    assert missing == []


def _fields_only(requirements: Requirements) -> set[str]:
    """Requirements that say what a record has; the tests of its commands are theirs."""
    return {item.id for item in requirements.items if item.statement.startswith("A record has:")}


@pytest.mark.parametrize("prompt", PROMPTS)
def test_a_plan_is_whole_and_runs_without_dependencies(prompt: str) -> None:
    requirements = _requirements(prompt)
    blueprint = plan(requirements)
    assert requirements.tool is not None
    assert blueprint.run_command == ("python", "-m", requirements.tool.package)
    assert blueprint.test_command == ("python", "-m", "pytest")
    assert all(dependency.development for dependency in blueprint.dependencies)
    paths = [file.path for file in blueprint.files]
    for path in ("README.md", "pyproject.toml", "requirements.txt", "requirements-dev.txt"):
        assert path in paths
    assert write(requirements, "requirements.txt").startswith("#")
    assert "--hash=sha256:" in write(requirements, "requirements-dev.txt")


def test_a_file_does_not_depend_on_the_order_of_writing() -> None:
    requirements = _requirements(PROMPTS[0])
    paths = [file.path for file in plan(requirements).files]
    forward = {path: write(requirements, path) for path in paths}
    assert {path: write(requirements, path) for path in reversed(paths)} == forward


def test_only_planned_files_can_be_written() -> None:
    with pytest.raises(UnknownFile, match=r"nothing\.py is not planned"):
        write(_requirements(PROMPTS[0]), "nothing.py")


def test_requirements_survive_json_and_give_the_same_files() -> None:
    requirements = _requirements(PROMPTS[1])
    again = Requirements.model_validate_json(requirements.model_dump_json())
    assert plan(again) == plan(requirements)
    path = plan(requirements).files[-1].path
    assert write(again, path) == write(requirements, path)


# Figures on data of our own


def test_totals_per_category(tmp_path: Path) -> None:
    rows = _rows(PROMPTS[0], tmp_path, EXPENSES)
    assert rows == [
        {"category": "books", "total": 100.00},
        {"category": "food", "total": 119.76},
        {"category": "rent", "total": 900.00},
    ]


def test_totals_are_printed_exactly_as_a_table(tmp_path: Path) -> None:
    _, package = _generated(PROMPTS[0], tmp_path)
    done = _run(tmp_path, package, "-", given=EXPENSES)
    assert done.stdout.splitlines() == [
        "category   total",
        "--------  ------",
        "books     100.00",
        "food      119.76",
        "rent      900.00",
    ]


def test_conditions_hold_and_can_be_changed(tmp_path: Path) -> None:
    prompt = "A CLI that filters rows of a CSV where amount is greater than 100 and country is DE"
    rows = _rows(prompt, tmp_path, EXPENSES)
    assert isinstance(rows, list)
    assert [row["amount"] for row in rows] == [900.00, 100.01]
    _, package = _generated(prompt, tmp_path)
    done = _run(tmp_path, package, "data.csv", "--amount-above", "5", "--country", "FR", "--json")
    assert [row["category"] for row in json.loads(done.stdout)] == ["food"]


def test_months_and_derived_columns(tmp_path: Path) -> None:
    prompt = (
        "CSV of orders with columns date, customer, units, price. Compute revenue = units * price "
        "and print total revenue per customer per month, sorted by revenue descending, top 2"
    )
    data = (
        "date,customer,units,price\n2024-01-05,Ann,2,1.50\n2024-01-06,Ann,1,0.10\n"
        "2024-02-01,Ann,1,9\n2024-01-01,Ben,10,2\n"
    )
    assert _rows(prompt, tmp_path, data) == [
        {"customer": "Ben", "month": "2024-01", "total": 20},
        {"customer": "Ann", "month": "2024-02", "total": 9},
    ]


def test_groups_with_enough_members_and_shares(tmp_path: Path) -> None:
    prompt = "Compute the percentage of each category in expenses.csv"
    rows = _rows(prompt, tmp_path, EXPENSES)
    assert isinstance(rows, list)
    assert [(row["category"], row["count"], row["percent"]) for row in rows] == [
        ("books", 1, 8.9),
        ("food", 3, 10.7),
        ("rent", 1, 80.4),
    ]


def test_a_bad_number_is_told_with_its_line_or_left_out(tmp_path: Path) -> None:
    _, package = _generated(PROMPTS[0], tmp_path)
    data = EXPENSES.replace("7.25", "seven")
    done = _run(tmp_path, package, "-", given=data)
    assert done.returncode == 1
    assert done.stderr == (
        'expense-report: standard input:4: column "amount": "seven" is not a number such as 12.50\n'
    )
    skipped = _run(tmp_path, package, "-", "--skip-invalid", given=data)
    assert skipped.returncode == 0
    assert "left out 1 bad records" in skipped.stderr


def test_validation_tells_line_column_and_problem(tmp_path: Path) -> None:
    _, package = _generated(PROMPTS[3], tmp_path)
    data = "id,email,age\n1,a@b.org,30\n1,nobody,121\n2,c@d.org,-1\n3,,0\n"
    done = _run(tmp_path, package, "-", "--json", given=data)
    assert done.returncode == 1
    problems = [(row["line"], row["column"], row["value"]) for row in json.loads(done.stdout)]
    assert sorted(problems) == [
        (3, "age", "121"),
        (3, "email", "nobody"),
        (3, "id", "1"),
        (4, "age", "-1"),
    ]


def test_conversion_there_and_back_gives_the_same_file(tmp_path: Path) -> None:
    _, package = _generated(PROMPTS[5], tmp_path)
    (tmp_path / "a.csv").write_text(EXPENSES, encoding="utf-8")
    (tmp_path / "b.json").write_text(_run(tmp_path, package, "a.csv").stdout, encoding="utf-8")
    assert _run(tmp_path, package, "b.json").stdout == EXPENSES


def test_words_are_counted(tmp_path: Path) -> None:
    text = "The fox, the dog and the Fox.\nL'été: l'été!\n"
    rows = _rows(PROMPTS[6], tmp_path, text, "--top", "3", name="data.txt")
    assert rows == [
        {"word": "the", "count": 3},
        {"word": "fox", "count": 2},
        {"word": "l'été", "count": 2},
    ]


def test_lines_are_searched(tmp_path: Path) -> None:
    _, package = _generated(PROMPTS[7], tmp_path)
    done = _run(tmp_path, package, "fox", "-", given="a dog\na fox\nA FOX\n")
    assert done.stdout == "2:a fox\n"
    both = _run(tmp_path, package, "fox", "-", "--ignore-case", given="a dog\na fox\nA FOX\n")
    assert both.stdout == "2:a fox\n3:A FOX\n"


def test_access_logs_are_analysed(tmp_path: Path) -> None:
    rows = _rows(PROMPTS[8], tmp_path, ACCESS, name="access.log")
    assert isinstance(rows, dict)
    assert rows["requests_per_status"] == [
        {"status": 200, "count": 2},
        {"status": 404, "count": 1},
        {"status": 500, "count": 1},
    ]
    assert rows["errors_per_hour"] == [
        {"hour": "2024-05-10T13:00", "count": 1},
        {"hour": "2024-05-10T14:00", "count": 1},
    ]
    assert rows["top_10_requests_per_ip"] == [
        {"ip": "192.0.2.1", "count": 3},
        {"ip": "192.0.2.7", "count": 1},
    ]


def test_units_are_converted(tmp_path: Path) -> None:
    _, package = _generated(PROMPTS[10], tmp_path)
    assert _run(tmp_path, package, "37").stdout == "37 °C = 98.60 °F\n"
    back = _run(tmp_path, package, "98.6", "--from", "F", "--to", "celsius", "--decimals", "1")
    assert back.stdout == "98.6 °F = 37.0 °C\n"


def test_the_described_percentage_is_the_default(tmp_path: Path) -> None:
    _, package = _generated(PROMPTS[11], tmp_path)
    done = _run(tmp_path, package, "50", "--people", "2", "--json")
    assert json.loads(done.stdout) == {"tip": 9.00, "total": 59.00, "per_person": 29.50}


def test_records_are_kept_between_runs(tmp_path: Path) -> None:
    _, package = _generated(PROMPTS[12], tmp_path)
    assert _run(tmp_path, package, "add", "Buy", "milk", "--priority", "high").returncode == 0
    assert _run(tmp_path, package, "add", "Sleep", "--due", "2024-05-31").returncode == 0
    assert _run(tmp_path, package, "done", "1").stdout == "done: task 1\n"
    done = _run(tmp_path, package, "list", "--open", "--json")
    assert json.loads(done.stdout) == [
        {"id": 2, "title": "Sleep", "priority": None, "due": "2024-05-31", "done": False}
    ]
    assert _run(tmp_path, package, "remove", "9").returncode == 1


# Strict tools


@pytest.mark.slow
@pytest.mark.parametrize("prompt", PROMPTS)
def test_a_generated_tool_is_clean_and_passes_its_own_tests(prompt: str, tmp_path: Path) -> None:
    _generated(prompt, tmp_path)
    for command in (
        ("ruff", "check", "--no-cache", "."),
        ("ruff", "format", "--no-cache", "--check", "."),
        ("mypy", "--cache-dir", str(tmp_path / ".cache"), "."),
    ):
        done = _run(tmp_path, *command)
        assert done.returncode == 0, done.stdout + done.stderr
    report = tmp_path / "report.xml"
    done = _run(
        tmp_path,
        "pytest",
        "-p",
        "no:cacheprovider",
        f"--junitxml={report}",
        "--cov",
        "--cov-branch",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'errors="0" failures="0"' in report.read_text(encoding="utf-8")
