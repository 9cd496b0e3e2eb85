"""All that is found in a project comes together, and nothing twice."""

from quantumlayer.parser import (
    Parser,
    Registries,
    Severity,
    SourceText,
    examined,
    project_findings,
)

FILES = {
    "requirements.txt": "fastapi\nreqeusts\n",
    "app.py": (
        '"""An app."""\n\nimport hashlib\n\nimport httpq\n\n\n'
        'def key(db: httpq.Db, name: str) -> str:\n    """Answers."""\n'
        '    sql = "SELECT a FROM t WHERE b = " + name\n    db.execute(sql)\n'
        "    return hashlib.md5(name.encode()).hexdigest()\n"
    ),
    "web/app.js": "export const run = (req) => eval(req.query.code);\n",
    "Dockerfile": 'FROM python:latest\nUSER app\nCMD ["python"]\n',
}


async def test_every_source_of_findings_is_heard_once(parser: Parser) -> None:
    files = [SourceText(path=path, content=content) for path, content in FILES.items()]
    found = await project_findings(files, await parser.analyze(files))
    severe = [(one.path, one.line, one.rule) for one in found if one.severity is Severity.HIGH]
    assert severe == [
        ("app.py", 11, "sql-built-from-values"),
        ("web/app.js", 1, "code-from-data"),
    ]
    others = {(one.path, one.rule) for one in found if one.severity is not Severity.HIGH}
    assert {
        ("app.py", "import-resolves-to-nothing"),
        ("app.py", "weak-hash"),
        ("Dockerfile", "image-without-version"),
        ("requirements.txt", "dependency-imitates-another"),
    } <= others


async def test_a_weakness_is_told_once_a_place_whoever_finds_it(parser: Parser) -> None:
    key = "AKIA" + "QYLPMN5HHHFPZAM2"
    content = (
        '"""Keys."""\n\nimport hashlib\n\n'
        f'AWS_ACCESS_KEY = "{key}"\n'
        'SECRET_KEY = "w8#kP-2mQ"\n'
        "\n\ndef stored(password: bytes) -> bytes:\n"
        '    """Of a password."""\n    return hashlib.md5(password).digest()\n'
    )
    files = [SourceText(path="app.py", content=content)]
    found = await project_findings(files, await parser.analyze(files))
    weak = [(one.line, one.cwe) for one in found if one.cwe is not None]
    assert [line for line, _ in weak] == [5, 6, 11]


async def test_what_the_service_and_the_command_tell_is_what_a_check_tells(parser: Parser) -> None:
    content = f"token: {'ghp_' + 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}\n"
    files = [
        SourceText(path="deploy.yaml", content=content),
        SourceText(path="notes", content=content),
        SourceText(path="app.py", content=FILES["app.py"]),
    ]
    checked = await project_findings(files, await parser.analyze(files))
    weak = {(one.path, one.line, one.rule) for one in checked if one.cwe is not None}
    told = {
        (one.path, one.line, one.rule)
        for analysis in await examined(parser, files)
        for one in analysis.findings
    }
    assert told == weak
    assert ("notes", 1, "secret-in-source") in told


async def test_what_no_registry_answers_for_is_said_where_it_is_declared() -> None:
    nobody = Registries(pypi="http://127.0.0.1:9/simple/", npm="http://127.0.0.1:9/")
    files = [SourceText(path="requirements.txt", content="\nanything\n")]
    found = await project_findings(files, (), registries=nobody)
    assert [(one.rule, one.path, one.line, one.severity) for one in found] == [
        ("dependency-unchecked", "requirements.txt", 2, Severity.LOW)
    ]
