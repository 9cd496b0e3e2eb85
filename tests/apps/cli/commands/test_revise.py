"""`quantumlayer revise`, `generate --from` and `runs versions`: changing what exists."""

from __future__ import annotations

from pathlib import Path

import pytest

from quantumlayer.qlayer.capsule import build_capsule
from tests.support import capsules
from tests.support.api_client import ApiClient
from tests.support.capsules import repacked
from tests.support.command_line import CommandLine
from tests.support.foreign_projects import PYTHON
from tests.support.scripted_run import REVISABLE


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder of somebody's, with a secret."""
    folder = tmp_path / "doubling"
    for path, content in {**PYTHON.files, ".env": "TOKEN=hush"}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
    return folder


async def test_a_run_is_changed_and_every_version_can_be_fetched(
    ql: CommandLine, api: ApiClient
) -> None:
    first = (await ql.run("generate", REVISABLE, "--json")).json["runId"]

    ended = await ql.run("revise", first[-12:], "It answers twice")

    assert ended.status == 0
    told = ended.out.splitlines()
    start = next(number for number, line in enumerate(told) if line.startswith("  requirements"))
    assert [line.strip() for line in told[start : start + 8]] == [
        "requirements  + R2 It answers twice.",
        "~ R1 It answers at once.",
        "1 kept",
        "changed       ~ src/answer.py (+2 -1)",
        "+ src/logo.bin",
        "by hand       src/answer.py",
        "before        failed: test_old",
        "note          .env was left out: may hold secrets.",
    ]
    second = told[0].split()[1]
    versions = await ql.run("runs", "versions", second)
    assert [line.split()[:2] for line in versions.out.splitlines()] == [
        [first, "passed"],
        ["*", second],
    ]
    listed = (await ql.run("runs", "versions", first, "--json")).json
    assert [(one["runId"], one["parent"]) for one in listed] == [
        (first, None),
        (second, {"id": first}),
    ]
    assert (await ql.run("runs", "download", first)).status == 0


async def test_a_folder_is_sent_without_what_is_nobodys_business(
    ql: CommandLine, project: Path
) -> None:
    ended = await ql.run("generate", "--from", str(project), "It triples, too", "--json")

    assert ended.status == 0
    assert ended.json["changes"]["files"][0]["path"] == "src/answer.py"
    assert ".env was left out: may hold secrets." in ended.error


async def test_a_capsule_is_changed_as_a_file_or_unpacked_and_edited(
    ql: CommandLine, tmp_path: Path
) -> None:
    capsule, unpacked = tmp_path / "one.capsule.zip", tmp_path / "unpacked"
    capsule.write_bytes(build_capsule(capsules.inputs()))
    for path, content in capsules.inputs().contents.items():
        place = unpacked / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    assert (await ql.run("revise", capsule.name, "More", "--no-watch")).status == 0
    assert (await ql.run("revise", "unpacked", "More", "--no-watch")).status == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("revise", "gone/away", "More"), "is not there: name a run, a capsule or a folder"),
        (("revise", "ffffffff", "More"), "no run's id begins or ends with ffffffff"),
        (("revise", "doubling", " "), "the prompt is empty"),
        (("generate", "--from", "doubling", "--language", "go", "More"), "leave it out with"),
        (("revise", "changed.zip", "More"), "does not verify: README.md was changed"),
        (("revise", "empty", "More"), "holds no file that could be changed"),
    ],
)
async def test_what_cannot_be_changed_is_said(
    ql: CommandLine, tmp_path: Path, project: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "empty").mkdir()
    forged = repacked(build_capsule(capsules.inputs()), {"README.md": b"# Mine\n"})
    (tmp_path / "changed.zip").write_bytes(forged)

    ended = await ql.run(*arguments)

    assert ended.status in (1, 2)
    assert said in ended.err
    assert ended.out == ""
