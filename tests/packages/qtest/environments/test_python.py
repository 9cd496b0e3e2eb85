"""Python environments, installed by the real uv from an index on loopback."""

import asyncio
from pathlib import Path, PurePosixPath

import pytest

from quantumlayer.qtest import (
    DependencyError,
    Environment,
    Fault,
    Limits,
    Mount,
    Sandbox,
    Verdict,
    prepare_environment,
    run_tests,
    warm_environment,
)
from tests.packages.qtest.environments.conftest import Index


def packages(environment: Environment) -> set[str]:
    assert environment.folder is not None
    [folder] = environment.folder.glob("lib/python*/site-packages")
    return {path.name.split("-")[0] for path in folder.glob("*.dist-info")}


def drafts(folder: Path) -> list[Path]:
    """Folders that are there, finished or not."""
    return [path for path in folder.glob("*") if path.is_dir()]


async def test_a_lock_is_installed_with_the_tools_it_lacks(index: Index, tmp_path: Path) -> None:
    index.add_wheel("thing")
    environment = await warm_environment("thing==1.0\n", tmp_path / "cache")
    assert packages(environment) == {"thing", "pytest", "coverage"}


async def test_a_project_without_requirements_gets_the_tools_alone(
    index: Index, tmp_path: Path
) -> None:
    environment = await prepare_environment(tmp_path, "python", tmp_path / "cache")
    assert packages(environment) == {"pytest", "coverage"}
    assert environment == await warm_environment("", tmp_path / "cache")


async def test_the_projects_own_version_of_a_tool_is_kept(index: Index, tmp_path: Path) -> None:
    index.add_wheel("pytest", "8.1")
    (tmp_path / "requirements.txt").write_text("pytest==8.1\n")
    environment = await prepare_environment(tmp_path, "python", tmp_path / "cache")
    assert environment.folder is not None
    assert list(environment.folder.glob("lib/python*/site-packages/pytest-8.1.dist-info"))


async def test_the_second_time_nothing_is_asked_of_the_index(index: Index, tmp_path: Path) -> None:
    first = await warm_environment("", tmp_path / "cache")
    asked = len(index.asked)
    assert await warm_environment("", tmp_path / "cache") == first
    assert len(index.asked) == asked


async def test_callers_at_the_same_time_share_one_installation(
    index: Index, tmp_path: Path
) -> None:
    found = await asyncio.gather(*(warm_environment("", tmp_path / "cache") for _ in range(4)))
    assert len({environment.folder for environment in found}) == 1
    assert sum(path.endswith("pytest-9.0-py3-none-any.whl") for path in index.asked) <= 2


async def test_another_lock_is_another_environment(index: Index, tmp_path: Path) -> None:
    index.add_wheel("thing", "1.0")
    index.add_wheel("thing", "2.0")
    one = await warm_environment("thing==1.0", tmp_path / "cache")
    two = await warm_environment("thing==2.0", tmp_path / "cache")
    assert one.key != two.key


@pytest.mark.parametrize(
    ("manifest", "text", "line", "named"),
    [
        ("requirements.txt", "other\n# seven\nthing==7\n", 3, "`thing` (==7)"),
        ("requirements.txt", "no_such.thing==1.0\n", 1, "`no_such.thing` (==1.0)"),
        (
            "pyproject.toml",
            '[project]\nname = "a"\ndependencies = [\n  "thing>=7",\n]\n',
            4,
            "thing",
        ),
        (
            "pyproject.toml",
            '[tool.poetry]\nname = "a"\n[tool.poetry.dependencies]\nThing = "^7.0"\n',
            4,
            "`Thing` (^7.0)",
        ),
        ("requirements.txt", "other\nneedy==1.0\n", 2, "`needy` (==1.0)"),
    ],
    ids=["version", "name", "range", "poetry", "of a dependency"],
)
async def test_what_the_index_does_not_have_is_nobodys_fault_and_told_with_its_line(
    index: Index, tmp_path: Path, manifest: str, text: str, line: int, named: str
) -> None:
    index.add_wheel("thing")
    index.add_wheel("other")
    index.add_wheel("needy", requires=("absent>=3",))
    project = tmp_path / "project"
    project.mkdir()
    (project / manifest).write_text(text)
    with pytest.raises(DependencyError, match=rf"^{manifest}:{line}: nothing was tested") as caught:
        await prepare_environment(project, "python", tmp_path / "cache")
    assert caught.value.fault is Fault.INFRASTRUCTURE
    assert named in str(caught.value)
    assert [(one.path, one.line) for one in caught.value.undetermined] == [(manifest, line)]


async def test_requirements_that_contradict_each_other_are_the_projects_fault(
    index: Index, tmp_path: Path
) -> None:
    index.add_wheel("thing", "1.0")
    project = tmp_path / "project"
    project.mkdir()
    (project / "requirements.txt").write_text("other\nthing>=3\nthing<2\n")
    index.add_wheel("other")
    with pytest.raises(DependencyError, match=r"^requirements.txt:2: ") as caught:
        await prepare_environment(project, "python", tmp_path / "cache")
    assert caught.value.fault is Fault.PROJECT
    assert not caught.value.undetermined


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (["source_only-1.0.tar.gz"], "source-only==1.0"),
        (["source_only-1.0.tar.gz"], "source-only"),
        (["source_only-1.0.tar.gz", "source_only-2.0.tar.gz"], "source-only"),
        (["source_only-1.0.tar.gz", "source_only-2.0.tar.gz"], "source-only>=1,<3"),
        (["source_only-1.0-cp27-cp27m-win32.whl"], "source-only"),
        (["source_only-1.0-cp27-cp27m-win32.whl", "source_only-2.0.tar.gz"], "source-only"),
    ],
)
async def test_a_package_without_a_wheel_is_not_built_and_nobody_is_to_blame(
    files: list[str], wanted: str, index: Index, tmp_path: Path
) -> None:
    for name in files:
        index.add_file("source_only", name, b"never unpacked")
    with pytest.raises(DependencyError, match=r"^Nothing was tested.*source-only") as caught:
        await warm_environment(wanted, tmp_path / "cache")
    assert caught.value.fault is Fault.INFRASTRUCTURE


@pytest.mark.parametrize(
    ("files", "asked"),
    [
        (["source_only-1.0.tar.gz"], ["source-only"]),
        (["source_only-2.3.tar.gz", "source_only-2.4.tar.gz"], ["Source_Only[more]>=2,<3"]),
        (["source_only-1.0-cp27-cp27m-win32.whl"], ["source-only==1.0"]),
        (["source_only-1.0.tar.gz", "second-1.0.tar.gz"], ["source-only", "second>=1"]),
    ],
)
async def test_a_project_gets_the_rest_of_what_it_asks_for(
    files: list[str], asked: list[str], index: Index, tmp_path: Path
) -> None:
    index.add_wheel("thing")
    for name in files:
        index.add_file(name.partition("-")[0], name, b"never unpacked")
    lines = ["# what tests need", "thing", *asked]
    (tmp_path / "requirements-dev.txt").write_text("\n".join(lines) + "\n")
    environment = await prepare_environment(tmp_path, "python", tmp_path / "cache")
    assert packages(environment) == {"thing", "pytest", "coverage"}
    places = sorted(one.place for one in environment.shortfalls)
    assert places == [f"requirements-dev.txt:{3 + number}" for number in range(len(asked))]
    assert all("sources only" in one.reason for one in environment.shortfalls)


async def test_what_a_requirement_requires_is_not_left_out(index: Index, tmp_path: Path) -> None:
    index.add_file("source_only", "source_only-1.0.tar.gz", b"never unpacked")
    index.add_wheel("thing", requires=("source-only",))
    project = tmp_path / "project"
    project.mkdir()
    (project / "requirements.txt").write_text("thing\n")
    with pytest.raises(
        DependencyError, match=r"^requirements.txt:1: nothing was tested.*source-only"
    ) as caught:
        await prepare_environment(project, "python", tmp_path / "cache")
    assert caught.value.fault is Fault.INFRASTRUCTURE


async def test_what_does_not_exist_is_not_left_out(index: Index, tmp_path: Path) -> None:
    index.add_file("source_only", "source_only-1.0.tar.gz", b"never unpacked")
    project = tmp_path / "project"
    project.mkdir()
    (project / "requirements.txt").write_text("source-only\nno-such-thing\n")
    with pytest.raises(DependencyError, match="no-such-thing") as caught:
        await prepare_environment(project, "python", tmp_path / "cache")
    assert caught.value.fault is Fault.INFRASTRUCTURE


@pytest.mark.parametrize(("constraint", "version"), [("thing<2", "1.0"), ("other==7", "2.0")])
async def test_constraints_hold_for_what_is_installed(
    constraint: str, version: str, index: Index, tmp_path: Path
) -> None:
    index.add_wheel("thing", "1.0")
    index.add_wheel("thing", "2.0")
    (tmp_path / "requirements.txt").write_text("-c held.txt\nthing\n")
    (tmp_path / "held.txt").write_text(f"{constraint}\n")
    environment = await prepare_environment(tmp_path, "python", tmp_path / "cache")
    assert environment.folder is not None
    assert list(environment.folder.glob(f"lib/python*/site-packages/thing-{version}.dist-info"))


async def test_a_constraint_that_cannot_be_met_is_the_projects_fault(
    index: Index, tmp_path: Path
) -> None:
    index.add_wheel("thing", "1.0")
    (tmp_path / "requirements.txt").write_text("-c held.txt\nthing>=1\n")
    (tmp_path / "held.txt").write_text("thing<1\n")
    with pytest.raises(DependencyError) as caught:
        await prepare_environment(tmp_path, "python", tmp_path / "cache")
    assert caught.value.fault is Fault.PROJECT


async def test_groups_for_tests_are_installed_and_others_are_offered(
    index: Index, tmp_path: Path
) -> None:
    for name in ("thing", "helper", "handbook"):
        index.add_wheel(name)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.poetry]\nname = "shop"\nversion = "1"\n'
        '[tool.poetry.dependencies]\npython = "^3.9"\nthing = "^1.0"\n'
        '[tool.poetry.group.dev.dependencies]\nhelper = "*"\n'
        "[tool.poetry.group.docs]\noptional = true\n"
        '[tool.poetry.group.docs.dependencies]\nhandbook = "*"\n'
    )
    environment = await prepare_environment(tmp_path, "python", tmp_path / "cache")
    assert packages(environment) == {"thing", "helper", "pytest", "coverage"}
    again = await prepare_environment(tmp_path, "python", tmp_path / "cache", environment.offered)
    assert packages(again) == {"thing", "helper", "handbook", "pytest", "coverage"}


async def test_a_file_that_is_not_the_locked_one_is_not_installed_and_nobody_is_to_blame(
    index: Index, tmp_path: Path
) -> None:
    index.add_wheel("thing")
    with pytest.raises(DependencyError, match=r"[Hh]ash mismatch") as caught:
        await warm_environment(f"thing==1.0 --hash=sha256:{'0' * 64}", tmp_path / "cache")
    assert caught.value.fault is Fault.INFRASTRUCTURE


async def test_an_index_that_cannot_be_reached_is_nobodys_code(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    with pytest.raises(DependencyError, match=r"^Nothing was tested") as caught:
        await warm_environment("", tmp_path / "cache")
    assert caught.value.fault is Fault.INFRASTRUCTURE
    assert not list((tmp_path / "cache" / "environments").glob("*/"))


async def test_the_fault_decides_the_verdict(
    index: Index,
    tmp_path: Path,
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "requirements.txt").write_text("thing>3\nthing<2\n")
    index.add_wheel("thing")
    report = await run_tests(project, cache=tmp_path / "cache", sandbox=sandbox)
    assert (report.verdict, "thing>3" in report.reason) == (Verdict.FAILED, True)
    (project / "requirements.txt").write_text("no-such-thing\n")
    report = await run_tests(project, cache=tmp_path / "cache", sandbox=sandbox)
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR
    assert report.reason.startswith("requirements.txt:1: ")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    report = await run_tests(project, cache=tmp_path / "cache", sandbox=sandbox)
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR


async def test_the_sandbox_reads_an_environment_and_cannot_change_it(
    index: Index, tmp_path: Path, sandbox: Sandbox
) -> None:
    index.add_wheel("thing", "3.0")
    environment = await warm_environment("thing", tmp_path / "cache")
    program = """
import sys, thing
print(thing.VERSION, sys.prefix)
try:
    open(thing.__file__, "a").write("poison")
except OSError as error:
    print("refused")
"""
    result = await sandbox.run(
        [str(environment.executable), "-c", program], mounts=environment.mounts
    )
    assert result.stdout == "3.0 /opt/environment\nrefused\n", result.stderr


async def test_an_environment_cannot_replace_the_sandboxs_own_programs(
    index: Index, tmp_path: Path, sandbox: Sandbox
) -> None:
    # A package may bring a program named `cp`; the project's copy must not be made with it.
    fake = tmp_path / "fake"
    fake.mkdir()
    for name in ("cp", "chown", "xargs", "sh"):
        (fake / name).write_text("#!/bin/false\n")
        (fake / name).chmod(0o755)
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "file").write_text("copied")
    result = await sandbox.run(
        ["/usr/bin/cat", "file"],
        workspace=tmp_path / "project",
        mounts=[Mount(source=fake, target=PurePosixPath("/opt/fake"))],
        environment={"PATH": "/opt/fake:/usr/bin"},
        limits=Limits(),
    )
    assert result.stdout == "copied", result.stderr


async def test_cancelling_an_installation_leaves_nothing_behind(
    index: Index, tmp_path: Path
) -> None:
    building = asyncio.create_task(warm_environment("", tmp_path / "cache"))
    folder = tmp_path / "cache" / "environments"
    async with asyncio.timeout(20):
        while not drafts(folder):  # noqa: ASYNC110 - the installer is another process
            await asyncio.sleep(0.005)
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building
    assert drafts(folder) == []
