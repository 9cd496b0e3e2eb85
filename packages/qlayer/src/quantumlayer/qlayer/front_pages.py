"""What a project says of the pages that people use: whether it has some, and of their colours."""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from pydantic import ValidationError

from quantumlayer.manifests import ProjectFiles
from quantumlayer.qlayer.capsule.layout import REQUIREMENTS
from quantumlayer.qlayer.noun import Noun
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.stacks import Builds, Stack

WITH_PAGES = (Builds.PAGE, Builds.FULL_STACK)
PAGE_FILES = ("index.html", "*/index.html")
IMAGE_FILES = ("Dockerfile", "Containerfile")
ROOT = "/"
ASKS_FOR_DARK = re.compile(
    r"(?<!no )(?<!without )(?<!without a )(?<!no need for )\b(?:"
    r"(?:dark|night)[- ](?:mode|theme|scheme|colou?rs?|variant)s?|"
    r"(?:light and|light or|light/)\s?dark|dark(?: and | or |/)light|prefers-color-scheme)\b",
    re.IGNORECASE,
)


class FrontPages(Noun):
    """`promised` are the paths at which people begin by what the project is made of.

    `elsewhere` is one of which it is not known who delivers it; empty where there is none.
    """

    promised: tuple[str, ...] = ()
    elsewhere: str = ""


def front_pages(files: ProjectFiles, fit: Iterable[Stack], sources: Sequence[str]) -> FrontPages:
    """What a project whose image is made from `sources` says of its pages."""
    if not any(one.builds in WITH_PAGES for one in fit):
        return FrontPages()
    paths = list(files.paths())
    pages = [path for path in paths if any(fnmatchcase(path, each) for each in PAGE_FILES)]
    if any(taken(page, sources) for page in pages):
        return FrontPages(promised=(ROOT,))
    others = [page for page in pages if not has_own_image(page, paths)]
    return FrontPages(elsewhere=others[0] if others else "")


def taken(path: str, sources: Sequence[str]) -> bool:
    """Whether a file is among what goes into an image by COPY or ADD."""
    parts = path.split("/")
    above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    for source in sources:
        plain = source.removeprefix("./").strip("/")
        if plain in ("", ".") or any(fnmatchcase(each, plain) for each in above):
            return True
    return False


def has_own_image(path: str, paths: Sequence[str]) -> bool:
    """Whether a folder that a file lies in, below the top, is made into an image of its own."""
    parts = path.split("/")[:-1]
    above = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return any(f"{folder}/{name}" in paths for folder in above for name in IMAGE_FILES)


def asks_for_dark(requirements: Requirements | None) -> bool:
    """Whether it was asked that pages can be dark."""
    return requirements is not None and any(
        ASKS_FOR_DARK.search(one.statement) for one in requirements.items
    )


def requirements_of(files: ProjectFiles) -> Requirements | None:
    """The requirements of a capsule; None of any other project."""
    content = files.content(REQUIREMENTS)
    if content is None:
        return None
    try:
        return Requirements.model_validate_json(content)
    except ValidationError:
        return None
