"""Getting a release's sources from its registry, with the registry's own client."""

import json
import shutil
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.real_projects.boxed import run_boxed
from benchmarks.real_projects.catalogue import Ecosystem, Project

CARGO_MANIFEST = '[package]\nname = "fetching"\nversion = "0.0.0"\nedition = "2021"\n'


class NotFetched(Exception):  # noqa: N818 - it says what happened
    """A release could not be got; the message is what the client said."""


def fetch(project: Project, folder: Path) -> Path:
    """The folder with the project's sources, fetched unless it is there."""
    place = folder / project.ecosystem / f"{project.name.replace('/', '+')}-{project.version}"
    if not place.is_dir():
        draft = place.with_name(f".{place.name}")
        shutil.rmtree(draft, ignore_errors=True)
        (draft / "download").mkdir(parents=True)
        FETCHERS[project.ecosystem](project, draft)
        shutil.rmtree(place, ignore_errors=True)
        (draft / "project").rename(place)
        shutil.rmtree(draft, ignore_errors=True)
    return place


def asked(folder: Path, *command: str, variables: Mapping[str, str] | None = None) -> str:
    ended = run_boxed(command, folder, variables)
    if ended.status != 0:
        raise NotFetched(ended.output.strip()[-500:])
    return ended.output


def unpacked(draft: Path) -> None:
    """The one archive that was downloaded, unpacked: what it holds becomes the project."""
    (archive,) = (draft / "download").glob("*.t*gz")
    with tarfile.open(archive) as opened:
        opened.extractall(draft / "unpacked", filter="data")
    (top,) = (draft / "unpacked").iterdir()
    top.rename(draft / "project")


def from_python(project: Project, draft: Path) -> None:
    wanted = f"{project.name}=={project.version}"
    asked(
        draft / "download", "python3", "-m", "pip", "download", "--quiet", "--no-deps",
        "--no-binary", ":all:", "--dest", ".", wanted,
    )  # fmt: skip
    unpacked(draft)


def from_npm(project: Project, draft: Path) -> None:
    asked(draft / "download", "npm", "pack", "--silent", f"{project.name}@{project.version}")
    unpacked(draft)


def from_go(project: Project, draft: Path) -> None:
    download = draft / "download"
    (download / "go.mod").write_text("module fetching\n")
    said = asked(
        download, "go", "mod", "download", "-json", f"{project.name}@{project.version}",
        variables={"GOMODCACHE": str(download / "cache"), "GOFLAGS": "-modcacherw"},
    )  # fmt: skip
    found = json.loads(said[said.index("{") :])
    shutil.copytree(found["Dir"], draft / "project", symlinks=True)


def from_cargo(project: Project, draft: Path) -> None:
    download = draft / "download"
    (download / "src").mkdir()
    (download / "src" / "lib.rs").write_text("")
    wanted = f'[dependencies]\n{project.name} = "={project.version}"\n'
    (download / "Cargo.toml").write_text(f"{CARGO_MANIFEST}{wanted}")
    asked(download, "cargo", "vendor", "--quiet", "--versioned-dirs")
    shutil.copytree(download / "vendor" / f"{project.name}-{project.version}", draft / "project")
    (draft / "project" / ".cargo-checksum.json").unlink(missing_ok=True)


def from_maven(project: Project, draft: Path) -> None:
    """Sources and test sources, which some projects publish, and the pom, put together again."""
    group, artifact = project.name.split(":")
    for classifier, kind in (("sources", "jar"), ("test-sources", "jar"), ("", "pom")):
        name = f"{group}:{artifact}:{project.version}:{kind}" + (classifier and f":{classifier}")
        asked(
            draft / "download", "mvn", "--quiet", "--batch-mode",
            "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy", f"-Dartifact={name}",
            "-DoutputDirectory=.", f"-Dmaven.repo.local={draft / 'download' / 'repository'}",
        )  # fmt: skip
    base = f"{artifact}-{project.version}"
    for archive, where in (("sources", "main"), ("test-sources", "test")):
        shutil.unpack_archive(draft / "download" / f"{base}-{archive}.jar", draft / where, "zip")
        place_sources(draft / where, draft / "project" / "src" / where)
    shutil.copy(draft / "download" / f"{base}.pom", draft / "project" / "pom.xml")


def place_sources(unpacked_jar: Path, target: Path) -> None:
    """A sources archive holds code and resources together; Maven wants them apart."""
    for path in sorted(unpacked_jar.rglob("*")):
        inside = path.relative_to(unpacked_jar)
        if path.is_file() and inside.parts[0] != "META-INF":
            place = target / ("java" if path.suffix == ".java" else "resources") / inside
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)


FETCHERS: Mapping[Ecosystem, Callable[[Project, Path], None]] = {
    "python": from_python,
    "npm": from_npm,
    "go": from_go,
    "cargo": from_cargo,
    "maven": from_maven,
}
