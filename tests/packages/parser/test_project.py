"""All that is found in a project comes together, and nothing twice."""

from quantumlayer.parser import Parser, Registries, Severity, SourceText, project_findings

FILES = {
    "requirements.txt": "fastapi\nreqeusts\n",
    "app.py": (
        '"""An app."""\n\nimport hashlib\n\nimport httpq\n\n\n'
        'def key(db: httpq.Db, name: str) -> str:\n    """Answers."""\n'
        '    sql = "SELECT a FROM t WHERE b = " + name\n    db.execute(sql)\n'
        "    return hashlib.md5(name.encode()).hexdigest()\n"
    ),
    "web/app.js": "eval(input)\n",
    "Dockerfile": 'FROM python:latest\nUSER app\nCMD ["python"]\n',
}


async def test_every_source_of_findings_is_heard_once(parser: Parser) -> None:
    files = [SourceText(path=path, content=content) for path, content in FILES.items()]
    found = await project_findings(files, await parser.analyze(files))
    severe = [(one.path, one.line, one.rule) for one in found if one.severity is Severity.HIGH]
    assert severe == [
        ("app.py", 5, "import-resolves-to-nothing"),
        ("app.py", 10, "S608"),
        ("app.py", 11, "sql-built-from-values"),
        ("app.py", 12, "S324"),
        ("web/app.js", 1, "code-from-data"),
    ]
    others = {(one.path, one.rule) for one in found if one.severity is not Severity.HIGH}
    assert {
        ("Dockerfile", "image-without-version"),
        ("requirements.txt", "dependency-imitates-another"),
    } <= others


async def test_what_a_linter_says_of_a_line_is_not_said_again(parser: Parser) -> None:
    content = FILES["app.py"]
    files = [SourceText(path="app.py", content=content)]
    analyses = await parser.analyze(files)
    assert "weak-hash" in {one.rule for one in analyses[0].findings}
    assert "weak-hash" not in {one.rule for one in await project_findings(files, analyses)}


async def test_what_no_registry_answers_for_is_said_where_it_is_declared() -> None:
    nobody = Registries(pypi="http://127.0.0.1:9/simple/", npm="http://127.0.0.1:9/")
    files = [SourceText(path="requirements.txt", content="\nanything\n")]
    found = await project_findings(files, (), registries=nobody)
    assert [(one.rule, one.path, one.line, one.severity) for one in found] == [
        ("dependency-unchecked", "requirements.txt", 2, Severity.LOW)
    ]
