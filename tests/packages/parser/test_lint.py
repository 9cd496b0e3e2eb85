"""Linters' findings: ruff with rules of ours, whatever the project's own settings say."""

import os
from pathlib import Path

import pytest

from quantumlayer.parser import Edit, Finding, LinterFailed, Severity, SourceText, lint
from quantumlayer.parser.lint_rules import KNOWN_BETTER
from quantumlayer.parser.rules import rules


async def findings_of(content: str, path: str = "app.py") -> dict[str, Finding]:
    found = await lint([SourceText(path=path, content=content)])
    return {finding.rule: finding for finding in found}


async def test_clean_python_has_no_findings() -> None:
    assert await findings_of('"""A module."""\n\nANSWER = 42\n') == {}


@pytest.mark.parametrize(
    ("rule", "severity", "content"),
    [
        ("F821", Severity.HIGH, "print(unknown)\n"),
        ("invalid-syntax", Severity.HIGH, "x = (\n"),
        ("S110", Severity.MEDIUM, "try:\n    f = 1\nexcept Exception:\n    pass\n"),
        ("BLE001", Severity.MEDIUM, "try:\n    f = 1\nexcept Exception:\n    f = 2\n"),
        ("F401", Severity.MEDIUM, "import os\n"),
        ("I001", Severity.LOW, "import sys\nimport os\nprint(sys, os)\n"),
    ],
)
async def test_a_finding_has_the_severity_of_its_rule(
    rule: str, severity: Severity, content: str
) -> None:
    found = await findings_of(content)
    assert rule in found
    assert found[rule].severity is severity
    assert found[rule].tool == "ruff"


async def test_of_weaknesses_that_our_rules_know_ruff_is_not_asked() -> None:
    content = (
        "import hashlib\nimport pickle\nimport subprocess\n\ntoken_type = 'bearer'\n"
        "PASSWORD = 'hunter2!'\nsubprocess.run(['ls'])\nsubprocess.run(input(), shell=True)\n"
        "pickle.loads(b'')\nhashlib.md5(b'')\neval(input())\nopen('/tmp/a', 'w')\n"
        "print(f'Select {PASSWORD} from the list')\n"
    )
    found = await findings_of(content)
    assert not [rule for rule in found if rule[0] == "S" and rule[1:].isdigit()]


def test_what_ruff_is_not_asked_is_what_a_rule_of_ours_says_it_knows() -> None:
    known = {name for rule in rules() for name in rule.known_as if name.startswith("S")}
    assert sorted(KNOWN_BETTER) == sorted(known)
    assert {"S105", "S106", "S506", "S608", "S324", "S301"} <= known


async def test_a_file_in_an_encoding_that_it_declares_is_read() -> None:
    content = '# -*- coding: latin-1 -*-\n"""Größe."""\nimport os\n'.encode("latin-1")
    found = await lint([SourceText(path="a.py", content=content)])
    assert "F401" in {one.rule for one in found}
    assert not [one for one in found if one.severity is Severity.HIGH]


async def test_a_finding_tells_place_and_fix() -> None:
    found = (await findings_of("X = 1\nimport os\n", "src/app.py"))["F401"]
    assert (found.path, found.line, found.column) == ("src/app.py", 2, 8)
    assert found.fix is not None
    assert found.fix.safe
    assert found.fix.edits == (Edit(line=2, column=1, end_line=3, end_column=1, text=""),)


async def test_tests_may_assert_and_sources_may_not() -> None:
    content = "def test_a() -> None:\n    assert 1 < 2\n"
    assert "S101" not in await findings_of(content, "tests/test_a.py")
    assert "S101" in await findings_of(content, "src/a.py")


async def test_a_folder_is_read_and_its_own_settings_count_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "a.py").write_text("import os\n")
    (tmp_path / "ruff.toml").write_text('exclude = ["pkg"]\n[lint]\nselect = []\n')
    (tmp_path / ".gitignore").write_text("pkg\n")
    found = await lint(tmp_path)
    assert {finding.path for finding in found} == {"pkg/a.py"}
    assert "D100" not in {finding.rule for finding in found}
    assert "F401" in {finding.rule for finding in found}


async def test_files_in_other_languages_are_left_alone() -> None:
    assert await lint([SourceText(path="a.js", content="eval(x)")]) == ()


@pytest.mark.parametrize("path", ["/etc/a.py", "../a.py", "a/../../b.py"])
async def test_a_path_outside_the_tree_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="inside the tree"):
        await lint([SourceText(path=path, content="")])


async def test_a_linter_without_a_report_is_an_error_not_a_clean_result(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import os\n")
    with pytest.raises(LinterFailed, match="stopped after 0 s"):
        await lint(tmp_path, time_limit_seconds=0)


async def test_links_are_not_followed_and_pipes_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text("import os\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "own.py").write_text("import sys\n")
    (project / "linked.py").symlink_to(tmp_path / "outside.py")
    os.mkfifo(project / "pipe.py")
    assert {one.path for one in await lint(project)} == {"own.py"}


async def test_the_projects_own_settings_switch_nothing_on_or_off(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("import sys\n")
    plain = await lint(tmp_path)
    for name, text in {
        "ruff.toml": 'extend = "/absent.toml"\n[lint]\nignore = ["F401"]\n',
        ".ruff.toml": '[lint]\nignore = ["F401"]\n',
        "pyproject.toml": '[tool.ruff]\nextend-exclude = ["own.py"]\nrequired-version = ">=99"\n',
        ".gitignore": "own.py\n",
    }.items():
        (tmp_path / name).write_text(text)
    assert await lint(tmp_path) == plain != ()
