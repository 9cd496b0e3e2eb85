"""The test command that a project's own people type, with what it needs installed."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from uv import find_uv_bin

from benchmarks.real_projects.boxed import Ended, run_boxed
from benchmarks.real_projects.catalogue import Ecosystem, Project
from benchmarks.real_projects.tally import (
    Tally,
    of_cargo_output,
    of_go_events,
    of_javascript_output,
    of_junit_reports,
    of_unittest_output,
)

# The project's copy; home, environment and reports lie beside it, where no test looks for files.
PROJECT = "project"
Outcome = Literal["passed", "failed", "timed out", "not run"]


@dataclass(frozen=True)
class Native:
    """How the native command ended, and what its tool told of the tests."""

    ended: Ended
    tally: Tally

    @property
    def outcome(self) -> Outcome:
        """`not run` is no word on the tests: it agrees with nothing."""
        if self.ended.status is None:
            return "timed out"
        if self.tally.any_failed:
            return "failed"
        return "passed" if self.ended.status == 0 and self.tally.any_ran else "not run"


def run_native(project: Project, sources: Path, folder: Path) -> Native:
    """Install and test a copy of the sources in `folder`; the installing is not timed."""
    shutil.copytree(sources, folder / PROJECT, symlinks=True)
    return RUNS[project.ecosystem](project, folder)


def in_python(project: Project, folder: Path) -> Native:
    uv, environment, report = find_uv_bin(), folder / "environment", folder / "report.xml"
    made = run_boxed([uv, "venv", "--quiet", str(environment)], folder)
    wanted = ("pytest", ".", *project.install)
    add = [uv, "pip", "install", "--quiet", "--python", str(environment / "bin" / "python")]
    made = run_boxed([*add, *wanted], folder, inside=PROJECT) if made.status == 0 else made
    if made.status != 0:
        return Native(made, Tally())
    path = {"PATH": f"{environment / 'bin'}:/usr/local/bin:/usr/bin:/bin"}
    if "unittest" in project.native:
        ended = run_boxed(project.native, folder, path, PROJECT)
        return Native(ended, of_unittest_output(ended.output))
    command = project.native or ("python", "-m", "pytest", "-q")
    ended = run_boxed([*command, f"--junit-xml={report}"], folder, path, PROJECT)
    return Native(ended, of_junit_reports([report.read_text()] if report.is_file() else []))


def in_npm(project: Project, folder: Path) -> Native:
    add = ("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *project.install)
    made = run_boxed(add, folder, inside=PROJECT)
    if made.status != 0:
        return Native(made, Tally())
    command = project.native or ("npm", "test")
    ended = run_boxed(command, folder, inside=PROJECT)
    return Native(ended, of_javascript_output(ended.output, ended.status, command[0] == "node"))


def in_go(project: Project, folder: Path) -> Native:
    cache = {"GOFLAGS": "-modcacherw", "GOMODCACHE": str(folder / "home" / "modules")}
    made = run_boxed(["go", "mod", "download"], folder, cache, PROJECT)
    if made.status != 0:
        return Native(made, Tally())
    command = project.native or ("go", "test", "-json", "./...")
    ended = run_boxed(command, folder, cache, PROJECT)
    return Native(ended, of_go_events(ended.output))


def in_cargo(project: Project, folder: Path) -> Native:
    home = {"CARGO_HOME": str(folder / "home" / "cargo")}
    made = run_boxed(["cargo", "fetch"], folder, home, PROJECT)
    if made.status != 0:
        return Native(made, Tally())
    command = project.native or ("cargo", "test", "--quiet")
    ended = run_boxed(command, folder, home, PROJECT)
    return Native(ended, of_cargo_output(ended.output))


def in_maven(project: Project, folder: Path) -> Native:
    command = project.native or ("mvn", "--quiet", "--batch-mode", "test")
    repository = f"-Dmaven.repo.local={folder / 'home' / 'repository'}"
    ended = run_boxed([*command, repository], folder, inside=PROJECT)
    reports = sorted((folder / PROJECT).glob("**/target/surefire-reports/TEST-*.xml"))
    return Native(ended, of_junit_reports(report.read_text() for report in reports))


RUNS: Mapping[Ecosystem, Callable[[Project, Path], Native]] = {
    "python": in_python,
    "npm": in_npm,
    "go": in_go,
    "cargo": in_cargo,
    "maven": in_maven,
}
