"""The test command that a project's own people type, with what it needs installed."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from uv import find_uv_bin

from benchmarks.real_projects.boxed import Ended, run_boxed
from benchmarks.real_projects.catalogue import Ecosystem, Project


def run_native(project: Project, sources: Path, folder: Path) -> Ended:
    """Install and test a copy of the sources in `folder`; the installing is not timed."""
    place = folder / "native"
    shutil.copytree(sources, place, symlinks=True)
    return RUNS[project.ecosystem](project, place)


def in_python(project: Project, place: Path) -> Ended:
    uv = find_uv_bin()
    made = run_boxed([uv, "venv", "--quiet", ".native"], place)
    python = str(place / ".native" / "bin" / "python")
    wanted = ("pytest", ".", *project.install)
    add = [uv, "pip", "install", "--quiet", "--python", python, *wanted]
    made = run_boxed(add, place) if made.status == 0 else made
    if made.status != 0:
        return made
    return run_boxed(project.native or [python, "-m", "pytest", "-q"], place, native_path(place))


def native_path(place: Path) -> dict[str, str]:
    """So that rows can say `python` and mean the environment's."""
    return {"PATH": f"{place / '.native' / 'bin'}:/usr/local/bin:/usr/bin:/bin"}


def in_npm(project: Project, place: Path) -> Ended:
    add = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *project.install]
    made = run_boxed(add, place)
    return made if made.status != 0 else run_boxed(project.native or ["npm", "test"], place)


def in_go(project: Project, place: Path) -> Ended:
    cache = {"GOFLAGS": "-modcacherw", "GOMODCACHE": str(place / ".home" / "modules")}
    made = run_boxed(["go", "mod", "download"], place, cache)
    command = project.native or ["go", "test", "./..."]
    return made if made.status != 0 else run_boxed(command, place, cache)


def in_cargo(project: Project, place: Path) -> Ended:
    home = {"CARGO_HOME": str(place / ".home" / "cargo")}
    made = run_boxed(["cargo", "fetch"], place, home)
    command = project.native or ["cargo", "test", "--quiet"]
    return made if made.status != 0 else run_boxed(command, place, home)


def in_maven(project: Project, place: Path) -> Ended:
    command = project.native or ["mvn", "--quiet", "--batch-mode", "test"]
    return run_boxed([*command, f"-Dmaven.repo.local={place / '.home' / 'repository'}"], place)


RUNS: Mapping[Ecosystem, Callable[[Project, Path], Ended]] = {
    "python": in_python,
    "npm": in_npm,
    "go": in_go,
    "cargo": in_cargo,
    "maven": in_maven,
}
