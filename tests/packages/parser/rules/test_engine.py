"""The engine follows values inside a function, knows names by what they are imported as, stops."""

import pytest

from quantumlayer.parser import Parser, SourceText, SyntaxTier
from quantumlayer.parser.rules.engine import MAX_FINDINGS
from tests.support.rule_corpus import findings


def python(content: str, path: str = "") -> list[tuple[str, int]]:
    return [(one.rule, one.line) for one in findings("python", content, path)]


SQL = "sql-built-from-values"


@pytest.mark.parametrize(
    "body",
    [
        'sql = f"SELECT a FROM t WHERE b = {b}"\n    db.execute(sql)',
        'sql = "SELECT a FROM t WHERE b = %s" % b\n    db.execute(sql)',
        'sql = "SELECT a FROM t"\n    sql += " WHERE b = " + b\n    db.execute(sql)',
        'where = "b = " + b\n    sql = "SELECT a FROM t WHERE " + where\n    db.execute(sql)',
        'q = "SELECT 1"\n    if b:\n        q = "SELECT a FROM t WHERE b=" + b\n    db.execute(q)',
        'for one in b:\n        db.execute("DELETE FROM t WHERE a = " + one)',
        'db.execute("SELECT a FROM t WHERE b IN (" + ",".join(b) + ")")',
        'db.execute("SELECT a FROM {} WHERE 1".format(b))',
        'with db.begin() as c:\n        c.execute(f"UPDATE t SET a = {b}")',
    ],
)
def test_text_that_is_built_before_is_found_where_it_is_used(body: str) -> None:
    assert [rule for rule, _ in python(f"def f(db, b):\n    {body}\n")] == [SQL]


@pytest.mark.parametrize(
    "body",
    [
        'sql = f"SELECT a FROM {T}"\n    db.execute(sql)',
        'sql = f"SELECT a FROM t WHERE b = {b}"\n    sql = "SELECT 1 FROM t"\n    db.execute(sql)',
        'db.execute(f"SELECT a FROM t LIMIT {int(b)}")',
        'marks = ",".join("?" for _ in b)\n    db.execute(f"DELETE FROM t WHERE b IN ({marks})")',
        'if b not in ("x", "y"):\n        raise ValueError\n    db.execute(f"DELETE FROM {b}")',
        'order = {"up": "ASC", "down": "DESC"}[b]\n    db.execute(f"DELETE FROM {order}")',
        'db.execute("SELECT a FROM t WHERE b = ?", (f"%{b}%",))',
        'log.info(f"select {b} from the list")',
    ],
)
def test_what_is_constant_in_the_end_is_left_alone(body: str) -> None:
    assert python(f'T = "table"\n\n\ndef f(db, b):\n    {body}\n') == []


def test_an_assignment_in_another_function_does_not_count() -> None:
    source = (
        'def g(b):\n    sql = f"DELETE FROM t WHERE {b}"\n\ndef f(db, sql):\n    db.execute(sql)\n'
    )
    assert python(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "import hashlib\nhashlib.md5(b'')\n",
        "import hashlib as h\nh.md5(b'')\n",
        "from hashlib import md5\nmd5(b'')\n",
        "from hashlib import sha256, md5 as digest\ndigest(b'')\n",
        "def f():\n    from hashlib import md5\n    return md5(b'')\n",
    ],
)
def test_a_name_is_known_by_what_it_is_imported_as(source: str) -> None:
    assert [rule for rule, _ in python(source)] == ["weak-hash"]


def test_a_function_of_the_same_name_is_another() -> None:
    assert python("from mine import md5\n\nmd5(b'')\nself.md5(b'')\n") == []


@pytest.mark.parametrize(
    "source",
    [
        "const { exec: run } = require('child_process');\nfunction f(a) { run('ls ' + a); }",
        "import { exec as run } from 'node:child_process';\nfunction f(a) { run(`ls ${a}`); }",
        "const cp = require('node:child_process');\nconst f = (a) => cp.execSync('ls ' + a);",
    ],
)
def test_the_same_holds_for_modules_of_node(source: str) -> None:
    rules = [one.rule for one in findings("javascript", source)]
    assert rules == ["shell-command-built-from-values"]


def test_comments_and_texts_are_not_code() -> None:
    assert python("# eval(x)\nHELP = 'eval(x)'\n") == []


def test_a_line_may_say_that_a_finding_is_known() -> None:
    source = "import pickle\npickle.loads(x)"
    assert python(f"{source}\n") == [("unsafe-deserialisation", 2)]
    assert python(f"{source}  # noqa: S301\n") == []
    assert python(f"{source}  # quantumlayer: ignore[unsafe-deserialisation]\n") == []
    assert python(f"{source}  # noqa: S999\n") == [("unsafe-deserialisation", 2)]


def test_tests_may_know_passwords() -> None:
    source = "PASSWORD = 'correct-horse-7'\n"
    assert python(source, "src/a.py") == [("hard-coded-credential", 1)]
    assert python(source, "tests/test_a.py") == []


def test_places_count_characters() -> None:
    (found,) = findings("python", "ü = 'ä'; eval(ü + input())\n")
    assert (found.line, found.column) == (1, 10)


def test_one_rule_cannot_flood_the_report() -> None:
    assert len(python("eval(x)\n" * (MAX_FINDINGS + 50))) == MAX_FINDINGS


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("python", "eval(\n" * 20_000 + ")" * 20_000),
        ("python", "f(eval(x),\n" * 3_000 + ")" * 3_000),
        ("python", "x = (" + "a +\n" * 20_000 + "eval(x))\n"),
        ("javascript", "a.b(\n" * 5_000 + "eval(x)" + ")" * 5_000),
    ],
)
async def test_what_nests_deeper_than_people_write_costs_no_answer(
    language: str, source: str
) -> None:
    async with Parser(workers=1, time_limit_seconds=20, node="") as parser:
        path = f"a.{'py' if language == 'python' else 'js'}"
        (analysis,) = await parser.analyze([SourceText(path=path, content=source)])
    assert analysis.syntax.tier is not SyntaxTier.STOPPED
    assert {one.rule for one in analysis.findings} >= {"code-from-data"} or {
        one.rule for one in analysis.findings
    } >= {"rules-not-finished"}


async def test_findings_are_part_of_an_analysis(parser: Parser) -> None:
    (analysis,) = await parser.analyze([SourceText(path="a.js", content="eval(x)")])
    assert [(one.rule, one.tool, one.cwe) for one in analysis.findings] == [
        ("code-from-data", "quantumlayer", 95)
    ]
