"""Interfaces without bodies are judged by the type checker of their stack.

`QL_STACKS` names the stacks that are tried: `all`, or some of them; else one that is checked apart
and one whose tests compile what they run.
"""

import os
from pathlib import Path

import pytest

from quantumlayer.core.settings import PlatformSettings
from quantumlayer.qlayer import FileRole
from quantumlayer.qlayer.stacks import Stack, ground, role_of, stacks
from quantumlayer.qlayer.type_checking import TypesSeen, allow_unfinished, check_types
from tests.support.stack_model import StackModel

ASKED = os.environ.get("QL_STACKS", "python-tool go-tool")
TRIED = [one for one in stacks() if ASKED == "all" or one.name in ASKED.split()]
# By the ending of a file: what no compiler takes.
WRONG = {
    ".py": "\n\ndef wrong() -> int:\n    return 'text'\n",
    ".ts": "\nexport const wrong: number = 'text';\n",
    ".tsx": "\nexport const wrong: number = 'text';\n",
    ".js": "\n/** @type {number} */\nexport const wrong = 'text';\n",
    ".go": '\nvar Wrong int = "text"\n',
    ".rs": '\npub const WRONG: usize = "text";\n',
    ".java": '\nclass Wrong { int wrong = "text"; }\n',
}

of_each = pytest.mark.parametrize("one", TRIED, ids=lambda one: one.name)


def laid_out(one: Stack, folder: Path) -> StackModel:
    """The starter without its example, and over it the example's interfaces, but no tests."""
    model = StackModel(one)
    starter = {file.path: file.text for file in ground(model.stack)}
    interfaces = {path: model.interface(path) for path in model.files
                  if role_of(model.stack, path) is not FileRole.TEST}  # fmt: skip
    for path, text in {**starter, **interfaces}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return model


async def seen(model: StackModel, folder: Path) -> TypesSeen:
    return await check_types(folder, model.stack, PlatformSettings(_env_file=None).cache_dir)


@of_each
@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_interfaces_without_bodies_compile_and_a_wrong_type_has_its_place(
    one: Stack, tmp_path: Path
) -> None:
    # given
    model = laid_out(one, tmp_path)
    # when
    first = await seen(model, tmp_path)
    # then
    assert first == TypesSeen()
    # when: one of them is wrong
    path = next(each for each in model.files if (tmp_path / each).suffix in WRONG
                and (tmp_path / each).is_file())  # fmt: skip
    with (tmp_path / path).open("a") as file:
        file.write(WRONG[Path(path).suffix])
    second = await seen(model, tmp_path)
    # then
    assert second.unknown == ""
    assert any(complaint.startswith(f"{path}:") for complaint in second.complaints)


def test_settings_say_otherwise_only_what_is_not_finished(tmp_path: Path) -> None:
    one = next(each for each in stacks() if each.name == "typescript-service")
    laid_out(one, tmp_path)
    before = (tmp_path / "tsconfig.json").read_text()

    allow_unfinished(tmp_path, one)

    after = (tmp_path / "tsconfig.json").read_text()
    assert '"noUnusedLocals": false' in after
    assert after.replace("false", "true") == before.replace("false", "true")
    assert '"strict": true' in after


async def test_what_cannot_be_told_is_said(tmp_path: Path) -> None:
    one = next(each for each in stacks() if each.name == "python-tool")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\n')

    found = await seen(StackModel(one), tmp_path)

    assert (found.complaints, found.unknown != "") == ((), True)
