"""Generated services on node:http, judged by their own tests, by walks and by their README."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from quantumlayer.builtin.writing import plan
from quantumlayer.qlayer import FileRole
from quantumlayer.qlayer.requirements import Language, Requirements
from tests.support.generated_tree import write_tree
from tests.support.served import readme_commands, refused_commands, served
from tests.support.service_domains import ALL, DOMAINS, chosen
from tests.support.walks import walk

pytestmark = pytest.mark.slow

SAMPLED = 6
"""Of so many mutants, one is tried where not all are."""

WALK = """// Walks along recorded steps.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { startService } from "./support.js";

const steps = JSON.parse(readFileSync(new URL("walk.json", import.meta.url), "utf8"));

test("walk", async (t) => {
  const { client } = await startService(t);
  for (const [number, step] of steps.entries()) {
    const sent = step.body === null ? undefined : JSON.stringify(step.body);
    const { status, body } = await client.ask(step.method, step.path, sent);
    const told = `${number} ${JSON.stringify(step)} ${JSON.stringify(body)}`;
    assert.equal(status, step.status, told);
    assert.ok(step.by.length === 0 || step.by.includes(body.requirement ?? null), told);
  }
});
"""


def _node(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", *arguments], cwd=root, capture_output=True, text=True, check=False, timeout=240
    )


def _requirements(name: str) -> Requirements:
    return DOMAINS[name]().model_copy(update={"language": Language.JAVASCRIPT})


@pytest.fixture(scope="module", params=chosen("invoices"))
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_tree(_requirements(request.param), tmp_path_factory.mktemp(request.param))
    steps = json.dumps(walk(DOMAINS[request.param]()))
    (root / "tests" / "walk.json").write_text(steps, encoding="utf-8")
    (root / "tests" / "walk.test.js").write_text(WALK, encoding="utf-8")
    return root


def test_its_own_tests_pass_and_it_does_what_the_description_does(tree: Path) -> None:
    done = _node(tree, "--test")
    assert done.returncode == 0, done.stdout[-4000:]
    assert re.search(r"^# pass [1-9]\d+$", done.stdout, re.MULTILINE)
    assert re.search(r"^# (?:skipped|todo) [1-9]", done.stdout, re.MULTILINE) is None


def test_every_command_of_the_readme_works(tree: Path) -> None:
    with served(tree, "node", "src/server.js") as url:
        assert refused_commands(url, readme_commands(tree)) == {}


def test_no_line_is_longer_than_its_formatter_allows(tree: Path) -> None:
    long = [
        line
        for path in tree.rglob("src/**/*.js")
        for line in path.read_text(encoding="utf-8").splitlines()
        if len(line) > 100 and not re.match(r'\s*(?:\*|/\*\*|//|"|\'|test\()', line)
    ]
    assert long == []


@pytest.mark.parametrize("name", DOMAINS)
def test_every_requirement_is_named_by_a_file_and_by_a_test(name: str) -> None:
    requirements = _requirements(name)
    wanted = {item.id for item in requirements.items}
    for role in (FileRole.SOURCE, FileRole.TEST):
        files = plan(requirements).files
        named = {each for file in files if file.role is role for each in file.requirements}
        assert named == wanted, role


def _mutants(root: Path) -> Iterator[tuple[Path, str]]:
    """Files of rules without one of their checks, or without asking it on one occasion."""
    for path in sorted((root / "src" / "rules").glob("*.js")):
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(r"^const (R\w+) = ", text, re.MULTILINE):
            yield path, f"{text}{found[1]}.isBroken = () => false;\n"
        for found in re.finditer(r"(?<=[\[ ])R\d+(?:_\d+)?(?=[,\]]),?", text):
            yield path, text[: found.start()] + text[found.end() :]
    rules = (path.read_text(encoding="utf-8") for path in (root / "src" / "rules").glob("*.js"))
    if any("unique:" in text for text in rules):
        path = root / "src" / "store" / "table.js"
        text = path.read_text(encoding="utf-8")
        assert "throw ruleBroken(rule);" in text
        yield path, text.replace("throw ruleBroken(rule);", "")


@pytest.mark.parametrize("name", ["library", "rules_on_rules"] if ALL else ["rules_on_rules"])
def test_a_rule_that_is_not_kept_fails_its_tests(name: str, tmp_path: Path) -> None:
    origin = write_tree(_requirements(name), tmp_path / "origin")
    mutants = list(_mutants(origin))[:: 1 if ALL else SAMPLED]

    def survives(numbered: tuple[int, tuple[Path, str]]) -> str:
        number, (path, text) = numbered
        root = tmp_path / str(number)
        shutil.copytree(origin, root)
        (root / path.relative_to(origin)).write_text(text, encoding="utf-8")
        done = _node(root, "--test", "tests/rules.test.js")
        shutil.rmtree(root)
        return "" if done.returncode == 1 else f"{path.name}: {done.stdout[-800:]}"

    with ThreadPoolExecutor(2) as pool:
        survivors = [found for found in pool.map(survives, enumerate(mutants)) if found]
    assert len(mutants) > 2
    assert survivors == []
