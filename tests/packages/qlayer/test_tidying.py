"""What is tidied of a tree, with what, and which fixes are not taken."""

import pytest

from quantumlayer.parser import FileAnalysis, SourceText, analyze
from quantumlayer.qlayer import Blueprint, FileRole, SourceFile, SourceTree
from quantumlayer.qlayer.tidying import goes_too_far, may_be_tidied, tools_for

PLAN = {
    "name": "sums",
    "test_command": ["run"],
    "files": [{"path": "a", "role": "source", "purpose": "It"}],
}
FASTAPI = b"from fastapi import FastAPI\n"
CONTENTS = {"src/sums/bad.py": "def f(:\n", "tests/data/expected.json": "{}\n"}


def plan(kind: str, language: str) -> Blueprint:
    return Blueprint.model_validate({**PLAN, "kind": kind, "language": language})


def of(path: str, origin: str) -> SourceFile:
    return SourceFile(path=path, sha256="0" * 64, size=1, role=FileRole.SOURCE, origin=origin)


async def analysed(**files: str) -> list[FileAnalysis]:
    texts = [SourceText(path=path.replace("__", "/").replace("_dot_", "."), content=text)
             for path, text in files.items()]  # fmt: skip
    return list(await analyze(texts))


@pytest.mark.parametrize(("kind", "language", "contents", "tool", "fixed"), [
    ("library", "python", {"sums.py": b"x = 1\n"}, "ruff", "src/*/py.typed"),
    ("service", "python", {"app.py": FASTAPI, "Dockerfile": b""}, "ruff", "src/*/health.py"),
    ("service", "javascript", {"index.js": b"1\n"}, "biome", "Dockerfile"),
    # What is written in another language beside is no reason to tidy with its tools.
    ("library", "python", {"go.mod": b"module x\n", "sums.py": b"x = 1\n"}, "ruff", ""),
])  # fmt: skip
def test_the_stack_of_the_plan_tells_the_tools(
    kind: str, language: str, contents: dict[str, bytes], tool: str, fixed: str
) -> None:
    tools = tools_for(contents, plan(kind, language))
    assert tools is not None
    assert all(tool in " ".join(command) for command in tools.commands)
    assert tools.commands[-1] == tools.formats[-1]
    assert not fixed or fixed in tools.fixed


def test_a_plan_with_a_stack_has_its_tools_and_what_it_fixes_under_its_own_name() -> None:
    planned = plan("service", "java").model_copy(update={"stack": "java-service"})
    tools = tools_for({}, planned)
    assert tools is not None
    assert "src/main/java/com/example/sums/web/Health.java" in tools.fixed


async def test_only_sound_files_of_a_model_that_the_stack_does_not_fix_are_tidied() -> None:
    # given
    tools = tools_for({"Dockerfile": b"", "a.py": FASTAPI}, plan("service", "python"))
    tree = SourceTree(files=(
        of("src/sums/app.py", "generator"), of("src/sums/health.py", "generator"),
        of("src/sums/bad.py", "repairer"), of("src/sums/made.py", "packager"),
        of("tests/test_app.py", "tester"), of("LICENSE", "generator"),
        of("tests/fixtures/untidy.py", "tester"), of("tests/data/expected.json", "tester"),
    ))  # fmt: skip
    names = [file.path for file in tree.files]
    texts = [SourceText(path=path, content=CONTENTS.get(path, "x = 1\n"))
             for path in names]  # fmt: skip
    # when
    assert tools is not None
    found = may_be_tidied(tree, tools, await analyze(texts))
    # then
    assert found == ("src/sums/app.py", "tests/test_app.py")


SELF = "import os\nfrom json import dumps\nimport sums.tables\nfrom .fixtures import client\n"


@pytest.mark.parametrize(("gone", "elsewhere", "too_far"), [
    ("import os\n", "", False),
    ("from json import dumps\n", "", False),
    ("import sums.tables\n", "", True),
    ("from .fixtures import client\n", "", True),
    ("from json import dumps\n", "from sums.app import dumps\n", True),
    ("from json import dumps\n", "from sums.app import *\n", True),
    ("import os\n", "from .app import os\n", True),
    ("from json import dumps\n", "from json import dumps\n", False),
    ("from json import dumps\n", "from sums.app import other\n", False),
    ("from json import dumps\n", "import sums.app\n", True),
    ("from json import dumps\n", "import sums.tables\n", False),
], ids=lambda value: str(value).strip())  # fmt: skip
async def test_an_import_that_others_may_live_on_is_not_taken_away(
    gone: str, elsewhere: str, too_far: bool
) -> None:
    # given
    before, other, *rest = await analysed(
        sums__app_dot_py=SELF, sums__other_dot_py=elsewhere, sums__tables_dot_py="",
        sums__fixtures_dot_py="",
    )  # fmt: skip
    (after,) = await analysed(sums__app_dot_py=SELF.replace(gone, ""))
    # then
    assert goes_too_far(before, after, [before, other, *rest]) is too_far


@pytest.mark.parametrize(("gone", "too_far"), [
    ('import "./styles.js";\n', True),
    ('import { join } from "node:path";\n', False),
    ('import { rows } from "@/rows.js";\n', True),
], ids=lambda value: str(value).strip())  # fmt: skip
async def test_scripts_keep_what_is_theirs_too(gone: str, too_far: bool) -> None:
    text = 'import "./styles.js";\nimport { join } from "node:path";\n'
    text += 'import { rows } from "@/rows.js";\nexport const x = 1;\n'
    (before,) = await analysed(src__app_dot_js=text)
    (after,) = await analysed(src__app_dot_js=text.replace(gone, ""))
    assert goes_too_far(before, after, [before]) is too_far


async def test_what_is_broken_afterwards_goes_too_far() -> None:
    before, after = await analysed(a_dot_py="x = 1\n"), await analysed(a_dot_py="x = (\n")
    assert goes_too_far(before[0], after[0], before)
    assert not goes_too_far(before[0], before[0], before)
