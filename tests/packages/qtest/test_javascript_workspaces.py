"""Packages of one repository that use each other, as npm, yarn and pnpm have it."""

import json

import pytest

from quantumlayer.qtest import Verdict, find_units
from tests.packages.qtest.conftest import Check, MakeProject

Files = dict[str, str]
HEAD = "import test from 'node:test';\nimport assert from 'node:assert/strict';\n"
UNITS = "export const boxes = (pieces) => Math.ceil(pieces / 12);\n"
REPORT = "import { boxes } from '@store/units';\nexport const line = (n) => `${boxes(n)} boxes`;\n"


def package(name: str, **more: object) -> str:
    """A manifest of an ES module with its tests under node:test."""
    fields = {"name": name, "version": "1.4.0", "type": "module", "exports": "./index.js"}
    return json.dumps({**fields, "scripts": {"test": "node --test"}, **more}, indent=2)


def store(wanted: str, *, folder: str = "packages", **root: object) -> Files:
    """Two packages, one of which uses the other as `wanted` says; each has tests."""
    return {
        "package.json": json.dumps({"name": "store", "private": True, **root}),
        f"{folder}/units/package.json": package("@store/units"),
        f"{folder}/units/index.js": UNITS,
        f"{folder}/units/units.test.js": HEAD
        + "import { boxes } from '@store/units';\n"
        + "test('one more needs another', () => assert.equal(boxes(13), 2));\n",
        f"{folder}/report/package.json": package(
            "@store/report", dependencies={"@store/units": wanted}
        ),
        f"{folder}/report/index.js": REPORT,
        f"{folder}/report/report.test.js": HEAD
        + "import { line } from './index.js';\n"
        + "test('tells boxes', () => assert.equal(line(24), '2 boxes'));\n",
    }


WAYS: dict[str, Files] = {
    "npm": store("file:../units", workspaces=["packages/*"],
                 scripts={"test": "npm test --workspaces"}),
    "yarn": store("workspace:^1.0.0", workspaces={"packages": ["packages/*"]},
                  scripts={"test": "yarn workspaces foreach -A run test"}),
    "pnpm": {
        **store("workspace:*", scripts={"test": "pnpm -r test"}),
        "pnpm-workspace.yaml": "packages:\n  - 'packages/**'\n  - '!**/examples/**'\n",
    },
    "linked": store("link:../units", workspaces=["./packages/report", "packages/units/"]),
    "without a script": store("file:../units", folder="libs", workspaces=["libs/{units,report}"]),
    "one root command": store("workspace:~", workspaces=["packages/*"],
                              scripts={"test": "node --test packages/"}),
    "not a workspace": {
        **store("file:../units", scripts={"test": "cd packages/report && node --test"}),
        "package.json": json.dumps({
            "name": "store", "private": True,
            "dependencies": {"@store/report": "file:packages/report"},
            "scripts": {"test": "npm --prefix packages/report test && cd packages/units && npm t"},
        }),
    },
}  # fmt: skip


def test_folders_that_use_each_other_are_one_part(make_project: MakeProject) -> None:
    for wanted, folders in (
        ("file:../units", ["."]),
        ("^1.0.0", ["packages/report", "packages/units"]),
    ):
        files = store(wanted)
        del files["package.json"]
        found = find_units(make_project(files))
        assert [unit.folder for unit in found] == folders


async def test_folders_without_a_common_manifest_find_each_other(check: Check) -> None:
    files = store("file:../units")
    del files["package.json"]
    report = await check(files)
    assert (report.verdict, report.passed) == (Verdict.PASSED, 2), report.reason


@pytest.mark.parametrize("way", WAYS)
async def test_packages_find_each_other_and_all_tests_run(check: Check, way: str) -> None:
    report = await check(WAYS[way])
    assert report.verdict is Verdict.PASSED, report.reason
    assert sorted(case.name for case in report.cases) == ["one more needs another", "tells boxes"]
    assert report.coverage is not None
    measured = {entry.path for entry in report.coverage.files}
    assert {path.rpartition("/")[2] for path in measured} == {"index.js"}
    assert len(measured) == 2


@pytest.mark.parametrize("way", ["npm", "pnpm", "without a script"])
async def test_a_fault_in_a_package_fails_those_that_use_it(check: Check, way: str) -> None:
    wrong = {
        path: text.replace("Math.ceil", "Math.floor").replace("/ 12", "/ 11")
        for path, text in WAYS[way].items()
    }
    report = await check(wrong)
    assert report.verdict is Verdict.FAILED
    assert any(case.path.endswith("units/units.test.js") for case in report.cases)


async def test_a_package_without_tests_takes_nothing_from_the_others(check: Check) -> None:
    files = dict(WAYS["npm"])
    files["packages/types/package.json"] = package("@store/types", scripts={})
    files["packages/types/index.js"] = "export const nothing = 1;\n"
    report = await check(files)
    assert (report.verdict, report.passed) == (Verdict.PASSED, 2)
    assert report.coverage is not None
    unloaded = {entry.path: entry.lines_percent for entry in report.coverage.files}
    assert unloaded["packages/types/index.js"] == 0.0


async def test_members_of_members_and_members_taken_away(check: Check) -> None:
    files = store("file:../units", workspaces=["packages/*", "!packages/old"])
    files["packages/old/package.json"] = package("@store/old")
    files["packages/old/old.test.js"] = "throw new Error('not meant');\n"
    files["packages/report/package.json"] = package(
        "@store/report", workspaces=["parts/*"], dependencies={"@store/units": "file:../units"}
    )
    files["packages/report/parts/ink/package.json"] = package("@store/ink")
    files["packages/report/parts/ink/ink.test.js"] = (
        HEAD + "import { boxes } from '@store/units';\n"
        "test('from below', () => assert.equal(boxes(1), 1));\n"
    )
    files["packages/report/package.json"] = files["packages/report/package.json"].replace(
        "node --test", "node --test report.test.js"
    )
    report = await check(files)
    assert report.verdict is Verdict.PASSED, report.reason
    assert sorted(case.name for case in report.cases) == [
        "from below", "one more needs another", "tells boxes",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("workspace:*", "names no package of this workspace"),
        ("file:../../../elsewhere", "leads out of the project"),
        ("file:../nothing", "names a folder without a package.json"),
        ("git+ssh://git@example.org/a.git", "neither in the registry nor a folder"),
        ("https://example.org/a.tgz", "neither in the registry nor a folder"),
        ("catalog:odd", "is not in the catalogue"),
    ],
)
async def test_what_cannot_be_had_is_nobodys_failure_and_has_its_line(
    check: Check, wanted: str, said: str
) -> None:
    files = dict(WAYS["npm"])
    files["packages/report/package.json"] = package("@store/report", dependencies={"odd": wanted})
    report = await check(files)
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR
    assert report.reason.startswith("packages/report/package.json:10: ")
    assert said in report.reason


@pytest.mark.parametrize(
    ("wanted", "verdict"),
    [
        (">=99", Verdict.INFRASTRUCTURE_ERROR),
        ("^98.1.0 || >= 99", Verdict.INFRASTRUCTURE_ERROR),
        (">=12", Verdict.PASSED),
        ("^99 || >=14.17", Verdict.PASSED),
        ("*", Verdict.PASSED),
        ("< 30", Verdict.PASSED),
    ],
)
async def test_a_newer_node_is_named_beside_the_one_that_is_here(
    check: Check, wanted: str, verdict: Verdict
) -> None:
    manifest = package("units", engines={"node": wanted})
    test = HEAD + "test('adds', () => assert.equal(1 + 1, 2));\n"
    report = await check({"package.json": manifest, "a.test.js": test})
    assert report.verdict is verdict, report.reason
    if verdict is not Verdict.PASSED:
        assert wanted in report.reason
        assert "this machine has v" in report.reason


def mixed(expected: int) -> Files:
    """A workspace whose members are tested by four runners, each in its own way."""
    member = {"version": "1.0.0", "dependencies": {"@mixed/one": "workspace:*"}}
    test = f"from '@mixed/one';\ntest('one', () => assert.equal(one, {expected}));\n"
    return {
        "package.json": json.dumps({"private": True, "workspaces": ["packages/*"]}),
        "settings.json": '{"compilerOptions": {"module": "nodenext", "target": "es2022", '
        '"strict": true, "skipLibCheck": true}}',
        "packages/one/package.json": package("@mixed/one"),
        "packages/one/index.js": "export const one = 1;\n",
        "packages/one/index.d.ts": "export const one: number;\n",
        "packages/one/one.test.js": f"{HEAD}import {{ one }} {test}",
        "packages/two/package.json": json.dumps({
            **member, "name": "@mixed/two", "type": "module", "scripts": {"test": "vitest run"},
            "devDependencies": {"vitest": "2.1.9"},
        }),
        "packages/two/two.test.js": "import { assert, test } from 'vitest';\n"
        f"import {{ one }} {test}",
        "packages/three/package.json": json.dumps({
            **member, "name": "@mixed/three", "scripts": {"test": "mocha *.test.mjs"},
            "devDependencies": {"mocha": "10.8.2"},
        }),
        "packages/three/three.test.mjs": "import assert from 'node:assert';\n"
        f"import {{ one }} {test.replace('test(', 'it(')}",
        "packages/four/package.json": json.dumps({
            **member, "name": "@mixed/four", "type": "module",
            "scripts": {"test": "tsc && node --test dist/"},
            "devDependencies": {"typescript": "5.6.3", "@types/node": "20.17.6"},
        }),
        "packages/four/tsconfig.json": '{"extends": "../../settings.json", "include": ["test"], '
        '"compilerOptions": {"outDir": "dist"}}',
        "packages/four/test/four.test.ts": f"{HEAD}import {{ one }} {test}",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("expected", "verdict"), [(1, Verdict.PASSED), (2, Verdict.FAILED)])
async def test_each_member_is_tested_by_its_own_runner(
    check: Check, expected: int, verdict: Verdict
) -> None:
    report = await check(mixed(expected))
    assert report.verdict is verdict, report.reason
    assert report.executed == 4
    assert len({case.path.split("/")[1] for case in report.cases}) == 4
