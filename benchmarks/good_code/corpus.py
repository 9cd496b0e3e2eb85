"""Whole packages that many people rely on, fetched once by their registries' own clients.

Nothing of them is run.
"""

import re
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks.real_projects.catalogue import Ecosystem, Project
from benchmarks.real_projects.sources import asked, from_cargo, from_go, from_npm
from quantumlayer.parser.precision import record

REQUIRED = re.compile(r"^Requires-Dist: *([\w.-]+)", re.MULTILINE)
UV = str(Path(sys.executable).with_name("uv"))
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"


def corpus(cache: Path) -> Iterator[Path]:
    """The folder of each package of the record, fetched into `cache` where it is not there yet."""
    for ecosystem, packages in record()["corpus"].items():
        for package in packages:
            folder = cache / ecosystem / re.sub(r"[/:]", "+", package)
            if not folder.is_dir():
                fetch(ecosystem, package, folder)
            yield folder


def fetch(ecosystem: str, package: str, folder: Path) -> None:
    """Get one package; `folder` is there when it is complete. Raises NotFetched."""
    draft = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "download").mkdir(parents=True)
    kind, separator = ECOSYSTEMS[ecosystem]
    name, _, version = package.rpartition(separator)
    FETCHERS[ecosystem](Project(ecosystem=kind, name=name, version=version), draft)
    (draft / "project").rename(folder)
    shutil.rmtree(draft)


def from_pypi(project: Project, draft: Path) -> None:
    """A wheel, unpacked; what it requires is written where a project would declare it."""
    asked(
        draft, UV, "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:",
        "--python", sys.executable, "--target", "project", f"{project.name}=={project.version}",
        variables={"UV_CACHE_DIR": str(draft / "download")},
    )  # fmt: skip
    folder = draft / "project"
    for told in folder.glob("*.dist-info/METADATA"):
        names = REQUIRED.findall(told.read_text("utf-8", errors="replace"))
        (folder / "requirements.txt").write_text("\n".join(sorted(set(names))) + "\n")


def from_maven(project: Project, draft: Path) -> None:
    """The jar of sources of an artifact."""
    download = draft / "download"
    asked(
        download, "mvn", "--quiet", "--batch-mode", COPY, "-DoutputDirectory=.",
        f"-Dartifact={project.name}:{project.version}:jar:sources",
        f"-Dmaven.repo.local={download / 'repository'}",
    )  # fmt: skip
    (jar,) = download.glob("*.jar")
    with zipfile.ZipFile(jar) as archive:
        archive.extractall(draft / "project")


# Ecosystem of the record → that of its client, and what stands before a version.
ECOSYSTEMS: Mapping[str, tuple[Ecosystem, str]] = {
    "pypi": ("python", "=="),
    "npm": ("npm", "@"),
    "go": ("go", "@"),
    "cargo": ("cargo", "@"),
    "maven": ("maven", ":"),
}
FETCHERS: Mapping[str, Callable[[Project, Path], None]] = {
    "pypi": from_pypi,
    "npm": from_npm,
    "go": from_go,
    "cargo": from_cargo,
    "maven": from_maven,
}
