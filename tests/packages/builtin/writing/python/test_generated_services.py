"""Generated services, judged by the tools and by the tests that they come with."""

import json
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from quantumlayer.builtin.writing import plan, write
from quantumlayer.qlayer import FileRole
from tests.support.generated_tree import run, write_tree
from tests.support.service_domains import ALL, DOMAINS, chosen, library

pytestmark = pytest.mark.slow

SAMPLED = 4
"""Of so many mutants, one is tried where not all are."""


@pytest.fixture(scope="module", params=chosen("rules_on_rules"))
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tree(DOMAINS[request.param](), tmp_path_factory.mktemp(request.param))


def test_every_linter_rule_but_the_named_exceptions_is_kept(tree: Path) -> None:
    done = run(tree, "ruff", "check", "--no-cache", ".")
    assert done.returncode == 0, done.stdout
    done = run(tree, "ruff", "format", "--check", "--no-cache", ".")
    assert done.returncode == 0, done.stdout


def test_types_are_strict(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = tmp_path_factory.getbasetemp() / "mypy-of-generated-services"
    done = run(tree, "mypy", "--cache-dir", str(cache), ".")
    assert done.returncode == 0, done.stdout


def test_its_own_tests_pass_and_reach_every_line(tree: Path, tmp_path: Path) -> None:
    report = tmp_path / "coverage.json"
    done = run(tree, "pytest", "-p", "no:cacheprovider", "--cov", f"--cov-report=json:{report}")
    assert done.returncode == 0, done.stdout[-4000:]
    totals = json.loads(report.read_text(encoding="utf-8"))["totals"]
    assert totals["percent_covered"] == 100.0, done.stdout[-4000:]


def test_every_requirement_is_named_by_a_file_and_by_a_test() -> None:
    for make in DOMAINS.values():
        requirements = make()
        files = plan(requirements).files
        wanted = {item.id for item in requirements.items}
        for role in (FileRole.SOURCE, FileRole.TEST):
            named = {name for file in files if file.role is role for name in file.requirements}
            assert named == wanted, (requirements.name, role)


def _mutants(root: Path) -> Iterator[tuple[Path, str, str]]:
    """Files without one of their checks: path, text, and the requirement that suffers."""
    for path in sorted(root.glob("*/*/rules.py")):
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(r'"(R\d+)"\),\n    """(.*?)"""', text, re.DOTALL):
            yield path, text[: found.start(2)] + "FALSE" + text[found.end(2) :], found[1]
        groups = text.index("\n\n", text.rindex('"""'))
        for found in re.finditer(r"_(R\d+)\w*,?", text[groups:]):
            start, end = groups + found.start(), groups + found.end()
            yield path, text[:start] + text[end:], found[1]
    for path in root.glob("*/migrations/*.sql"):
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(r'CREATE UNIQUE INDEX "\w+?_(r\d+)_[^;]*;', text):
            yield path, text[: found.start()] + text[found.end() :], found[1]


@pytest.mark.parametrize("name", ["library", "rules_on_rules"] if ALL else ["library"])
def test_a_rule_that_is_not_kept_fails_its_tests(name: str, tmp_path: Path) -> None:
    origin = write_tree(DOMAINS[name](), tmp_path / "origin")
    mutants = list(_mutants(origin))[:: 1 if ALL else SAMPLED]

    def survives(numbered: tuple[int, tuple[Path, str, str]]) -> str:
        number, (path, text, requirement) = numbered
        root = tmp_path / str(number)
        shutil.copytree(origin, root)
        (root / path.relative_to(origin)).write_text(text, encoding="utf-8")
        only = f"_{requirement.lower()}_"
        arguments = ("-x", "-p", "no:cacheprovider", "tests/test_rules.py", "-k", only)
        done = run(root, "pytest", *arguments)
        shutil.rmtree(root)
        said = f"{path.name} without {requirement}: {done.stdout[-800:]}"
        return "" if done.returncode == 1 else said

    with ThreadPoolExecutor(2) as pool:
        survivors = [found for found in pool.map(survives, enumerate(mutants)) if found]
    assert mutants
    assert survivors == []


def test_the_lock_files_name_versions_and_hashes_and_no_registry() -> None:
    for path in ("requirements.txt", "requirements-dev.txt"):
        text = write(library(), path)
        assert "fastapi==" in text
        assert "--hash=sha256:" in text
        assert "http://" not in text
        assert "https://" not in text
        assert "find-links" not in text
