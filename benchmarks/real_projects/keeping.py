"""The last word on each release is kept: a whole run is long, and parts of it can be repeated."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.real_projects.catalogue import Project
from benchmarks.real_projects.row import Row


def keep(row: Row, folder: Path) -> None:
    """Write a row down in place of an earlier one of the same release."""
    folder.mkdir(parents=True, exist_ok=True)
    place_of(row.project, folder).write_text(row.model_dump_json(indent=2))


def kept(projects: Iterable[Project], folder: Path) -> list[Row]:
    """The rows of these releases, as far as there are any, with what the catalogue says now."""
    return list(_kept(projects, folder))


def _kept(projects: Iterable[Project], folder: Path) -> Iterator[Row]:
    for project in projects:
        place = place_of(project, folder)
        if place.is_file():
            row = Row.model_validate_json(place.read_text())
            yield row.model_copy(update={"project": project})


def place_of(project: Project, folder: Path) -> Path:
    """Where the row of a release is kept."""
    name = f"{project.ecosystem}-{project.title}".replace("/", "+").replace(" ", "-")
    return folder / f"{name}.json"
