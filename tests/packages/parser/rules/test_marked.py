"""Each weak line is found, once, as grave as it is proved; of good lines nothing is said."""

import re
import tomllib
from pathlib import Path

import pytest

from quantumlayer.parser import Severity
from quantumlayer.parser.rules import rules
from tests.support.rule_corpus import findings

MARK = re.compile(r"(?:#|//) (weak|doubtful): ([\w-]+)")
SOURCES = tomllib.loads(Path(__file__).with_name("marked.toml").read_text("utf-8"))["source"]
GRAVE = {rule.id for rule in rules() if rule.severity is Severity.HIGH}


@pytest.mark.parametrize("source", SOURCES, ids=[one["name"] for one in SOURCES])
def test_what_is_marked_and_nothing_else_is_found(source: dict[str, str]) -> None:
    found = [
        (one.line, one.rule, "weak" if one.severity is Severity.HIGH else "doubtful")
        for one in findings(source["language"], source["content"])
        if one.rule in GRAVE
    ]
    marked = [
        (number, mark[2], mark[1])
        for number, line in enumerate(source["content"].split("\n"), 1)
        if (mark := MARK.search(line))
    ]
    assert sorted(found) == sorted(marked)


def test_weaknesses_of_tests_and_of_packed_files_are_left_alone() -> None:
    weak = 'def f(cur, name):\n    cur.execute("SELECT * FROM t WHERE a = \'" + name + "\'")\n'
    assert findings("python", weak)
    for path in ("tests/test_a.py", "a/tests.py", "pkg/fixtures/a.py", "my_tests/a.py"):
        assert not findings("python", weak, path)
    assert findings("python", weak, "contest/latest.py")
    packed = "var a=1;" * 2_000 + "document.body.innerHTML=location.hash;"
    assert not findings("javascript", packed)
