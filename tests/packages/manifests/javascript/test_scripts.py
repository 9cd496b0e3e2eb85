"""What the scripts of packages come to, read as a shell would."""

import json
from typing import Any

import pytest

from quantumlayer.manifests import FilesInMemory
from quantumlayer.manifests.javascript import commands, read_workspace

NODE = {"test": "node --test"}


def found(root: dict[str, str], **members: dict[str, str]) -> list[tuple[str, str]]:
    """The commands that the root's test script comes to: folder and words."""
    manifests: dict[str, Any] = {"package.json": {"workspaces": ["packages/*"], "scripts": root}}
    for name, scripts in members.items():
        manifests[f"packages/{name}/package.json"] = {"name": name, "scripts": scripts}
    contents = {path: json.dumps(fields).encode() for path, fields in manifests.items()}
    workspace = read_workspace(FilesInMemory(contents))
    return [
        (one.package.folder, " ".join(one.words)) for one in commands(workspace, workspace.root)
    ]


@pytest.mark.parametrize(
    ("script", "more", "wanted"),
    [
        ("node --test", {}, ["node --test"]),
        ("npm run a && npm run unit", {"a": "eslint .", "unit": "jest"}, ["eslint .", "jest"]),
        ("yarn unit", {"unit": "vitest run"}, ["vitest run"]),
        ("pnpm run unit", {"unit": "mocha"}, ["mocha"]),
        ("node --run unit", {"unit": "tape test.js"}, ["tape test.js"]),
        ("run-s a test:*", {"a": "xo", "test:b": "ava", "test:c": "jest"}, ["xo", "ava", "jest"]),
        ("concurrently 'npm:unit' \"node a.js\"", {"unit": "jest"}, ["jest", "node a.js"]),
        ("c8 --reporter=text -x foo node --test", {}, ["node --test"]),
        ("nyc tape 'test/**/*.js'", {}, ["tape test/**/*.js"]),
        ("cross-env NODE_ENV=test A=1 mocha --exit test/*.js", {}, ["mocha --exit test/*.js"]),
        ("NODE_OPTIONS=--no-warnings npx -y jest", {}, ["jest"]),
        ("bash -c 'mocha test'", {}, ["mocha test"]),
        ("yarn jest", {}, ["jest"]),
        ("tape test | tap-spec", {}, ["tape test"]),
        ("jest || true", {}, ["jest"]),
        ("jest; node --test > out.txt 2>&1", {}, ["jest", "node --test"]),
        ("npm test", {}, []),
        ("npm run a", {"a": "npm run b", "b": "npm run a && jest"}, ["jest"]),
        ("echo 'unclosed", {}, []),
        ("", {}, []),
    ],
)  # fmt: skip
def test_aliases_are_followed_and_wrappers_taken_off(
    script: str, more: dict[str, str], wanted: list[str]
) -> None:
    assert [words for _, words in found({"test": script, **more})] == wanted


@pytest.mark.parametrize(
    ("script", "folders"),
    [
        ("npm test --workspaces", "ab"),
        ("npm run test -ws --if-present", "ab"),
        ("npm -w a test", "a"),
        ("npm test --workspace=packages/b", "b"),
        ("yarn workspaces run test", "ab"),
        ("yarn workspaces foreach -A run test", "ab"),
        ("yarn workspace b test", "b"),
        ("pnpm -r test", "ab"),
        ("pnpm --filter ./packages/a test && pnpm --filter b run test", "ab"),
        ("lerna run test --stream", "ab"),
        ("turbo run test", "ab"),
        ("nx run-many -t test", "ab"),
        ("npm --prefix packages/a test", "a"),
        ("cd packages/b && npm test", "b"),
    ],
)
def test_scripts_of_members_are_found_however_they_are_asked_for(script: str, folders: str) -> None:
    assert found({"test": script}, a=NODE, b=NODE) == [
        (f"packages/{name}", "node --test") for name in folders
    ]


def test_variables_stay_with_their_command() -> None:
    contents = {
        "package.json": json.dumps(
            {"scripts": {"test": "A=1 npm run b", "b": "cross-env TZ=UTC jest"}}
        ).encode()
    }
    workspace = read_workspace(FilesInMemory(contents))
    (one,) = commands(workspace, workspace.root)
    assert dict(one.variables) == {"A": "1", "TZ": "UTC"}
