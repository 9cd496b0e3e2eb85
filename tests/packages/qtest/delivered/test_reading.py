"""Reading a Dockerfile and a .dockerignore, without running anything."""

from pathlib import Path

import pytest

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.delivered.context import copy_context
from quantumlayer.qtest.delivered.dockerfile import read_dockerfile
from quantumlayer.qtest.delivered.dockerfile_words import words
from quantumlayer.qtest.delivered.reasons import doubt, quoted


def test_stages_have_names_lines_and_both_forms_of_a_command() -> None:
    # given
    text = (
        "# escape=`\nARG V=1\nFROM base:${V} AS Build\nRUN a `\n  # a comment\n\n  b\n"
        'FROM scratch\nCOPY --from=build --chown=1:1 /a /b\nCMD ["run", "it"]\n'
    )
    # when
    read = read_dockerfile(text)
    # then
    build, last = read.stages
    assert (build.base, build.name, build.line, read.escape) == ("base:${V}", "build", 3, "`")
    assert (build.instructions[0].text.split(), build.instructions[0].line) == (["a", "b"], 4)
    copy, command = last.instructions
    assert (copy.flag("from"), copy.flag("chown"), copy.text) == ("build", "1:1", "/a /b")
    assert (command.words, command.line) == (("run", "it"), 10)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("RUN x\n", "Dockerfile:1: `RUN` stands before the first FROM"),
        ("FROM a\nFORM b\n", "Dockerfile:2: `FORM` is no instruction"),
        ("FROM a\nRUN <<EOF\nx\n", "`<<EOF` is never ended"),
        ("# nothing\n", "there is no FROM in it"),
    ],
)
def test_what_is_no_dockerfile_is_refused_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(NotUnderstood, match=complaint):
        read_dockerfile(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('A="b c" D=e\\ f', ["A=b c", "D=e f"]),
        ("$X ${X} '$X' \\$X", ["1", "1", "$X", "$X"]),
        ("${N:-two words} ${X:+set} ${E-none} ${E:-none}", ["two words", "set", "", "none"]),
        ('"a \\" \\n"', ['a " \\n']),
    ],
)
def test_words_are_those_that_docker_reads(text: str, found: list[str]) -> None:
    assert words(text, {"X": "1", "E": ""}) == found


def test_a_context_is_without_what_is_ignored_and_follows_no_link(tmp_path: Path) -> None:
    # given
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "key").write_text("secret")
    project, target = tmp_path / "project", tmp_path / "context"
    for name in ("a/x.log", "a/keep.log", "b/c/x.pyc", "node_modules/m/i.js", "kept.py", "x.py"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(name)
    (project / "link").symlink_to(outside)
    (project / ".dockerignore").write_text("**/*.log\n!a/keep.log\n**/*.pyc\nnode_modules\n?.py\n")
    target.mkdir()
    # when
    copy_context(project, target)
    # then
    files = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert files == {".dockerignore", "a/keep.log", "kept.py"}
    assert (target / "link").is_symlink()


@pytest.mark.parametrize(
    ("log", "line", "cause"),
    [
        ("ok\nOSError: [Errno 30] Read-only file system: 'x'\n  at y\n", 2, "root is read-only"),
        ("Error: Cannot find module '/app/dist/i.js'\n  at z\n", 1, "a module is not in the image"),
        ("panic: no limits\ngoroutine 1\n", 1, ""),
        ("KeyError: 'SECRET_KEY'\n", 1, "a setting or secret"),
    ],
)
def test_a_log_tells_its_line_and_its_cause(log: str, line: int, cause: str) -> None:
    said = quoted(log)
    assert f"Line {line} of its log" in said
    assert cause in said


@pytest.mark.parametrize(
    ("log", "made_up", "companions", "said"),
    [
        ("Error: connect ECONNREFUSED 127.0.0.1:5432", (), ("database",), "not here: database"),
        ("psycopg.OperationalError: could not translate host name", ("DSN",), (), "`DSN`"),
        ("ValueError: DATABASE_URL is no URL", ("DATABASE_URL",), (), "was made up"),
        ("Error: connect ECONNREFUSED 127.0.0.1:5432", (), (), ""),
        ("Error: getaddrinfo ENOTFOUND database", (), ("database",), "not here: database"),
        ("KeyError: 'SECRET_KEY'", ("SESSION_SECRET",), ("database",), ""),
        ("FileNotFoundError: [Errno 2]: '/app/words.json'", ("SECRET",), ("database",), ""),
        ("DatabaseHostNotFoundError: words", ("SECRET",), (), ""),
        ("KeyError: 'SECRET'", ("SECRET_KEY",), (), ""),
        ("", ("SECRET",), ("database",), ""),
    ],
)
def test_what_may_be_for_want_of_what_is_not_here_is_not_called_broken(
    log: str, made_up: tuple[str, ...], companions: tuple[str, ...], said: str
) -> None:
    assert bool(doubt(log, made_up, companions)) is bool(said)
    assert said in doubt(log, made_up, companions)
