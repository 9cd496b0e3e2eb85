"""What a project says of the pages that people use: whether it has some, and of their colours."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from pydantic import ValidationError

from quantumlayer.manifests import ProjectFiles
from quantumlayer.qlayer.capsule.layout import REQUIREMENTS
from quantumlayer.qlayer.noun import Noun
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.stacks import Builds, Stack

WITH_PAGES = (Builds.PAGE, Builds.FULL_STACK)
PAGE_NAMES = frozenset({
    "index.html", "index.htm", "index.html.j2", "index.jinja", "index.jinja2", "index.ejs",
    "index.hbs", "index.pug", "index.tmpl", "index.gohtml", "index.html.tmpl",
})  # fmt: skip
NOT_FOR_USERS = frozenset({
    "doc", "docs", "documentation", "test", "tests", "__tests__", "spec", "e2e", "fixtures",
    "testdata", "example", "examples", "coverage", "htmlcov", "storybook", "email", "emails",
    "mail", "mails", "capsule", "node_modules", "target", ".storybook", "benchmarks", "javadoc",
})  # fmt: skip
SERVED_FOLDERS = frozenset({
    "public", "static", "templates", "views", "www", "web", "wwwroot", "htdocs", "html", "client",
    "frontend", "assets", "dist", "build", "resources", "src", "app", "pages", "ui",
})  # fmt: skip
# What those read who serve pages beside the image.
OF_HOSTS = frozenset({
    "netlify.toml", "vercel.json", "firebase.json", "wrangler.toml", "wrangler.jsonc", "CNAME",
    "Caddyfile", "staticwebapp.config.json", "amplify.yml", "render.yaml", "now.json", ".nojekyll",
    "electron-builder.yml", "capacitor.config.ts", "capacitor.config.json",
})  # fmt: skip
PUBLISHES = re.compile(r"\.github/workflows/[^/]*(?:pages|deploy|publish)[^/]*")
TITLE = re.compile(r"<title>[^<>{}%$]{2,80}</title>")
MOST_PLACES = 12
DOCKERFILES = ("Dockerfile", "Containerfile")
ROOT = "/"
ASKS_FOR_DARK = re.compile(
    r"(?<!no )(?<!without )(?<!without a )(?<!no need for )\b(?:"
    r"(?:dark|night)[- ](?:mode|theme|scheme|colou?rs?|variant)s?|"
    r"(?:light and|light or|light/)\s?dark|dark(?: and | or |/)light|prefers-color-scheme)\b",
    re.IGNORECASE,
)


class FrontPages(Noun):
    """`promised` are the paths at which people begin by what the project is made of.

    `file` is a page of the project's own of which that is not known, `places` where it may be
    found, and `words` its title, where nothing of the project says that somebody else delivers it;
    empty where there is none.
    """

    promised: tuple[str, ...] = ()
    file: str = ""
    places: tuple[str, ...] = ()
    words: str = ""


def front_pages(files: ProjectFiles, fit: Iterable[Stack], sources: Sequence[str]) -> FrontPages:
    """What a project whose image is made from `sources` says of its pages.

    One whose stack has pages that go into the image promises one. Of others that hold a page it is
    not known where, or by whom, it is delivered; what another image is made from is not theirs.
    """
    paths = list(files.paths())
    pages = [path for path in paths if is_page(path)]
    with_pages = any(one.builds in WITH_PAGES for one in fit)
    if with_pages and any(taken(page, sources) for page in pages):
        return FrontPages(promised=(ROOT,))
    own = [page for page in pages if not has_own_image(page, paths)]
    if not own:
        return FrontPages()
    places = dict.fromkeys(place for page in own for place in places_of(page))
    words = "" if any(is_of_hosts(path) for path in paths) else titled(files.content(own[0]))
    return FrontPages(file=own[0], places=tuple(places)[:MOST_PLACES], words=words)


def titled(content: bytes | None) -> str:
    """The title of a page, empty where it has none that is written out."""
    match = TITLE.search((content or b"").decode(errors="replace"))
    return match[0] if match else ""


def is_of_hosts(path: str) -> bool:
    """Whether a file tells a host of pages, or another server, what it is to serve."""
    name = path.rpartition("/")[2]
    return name in OF_HOSTS or name.endswith(".conf") or PUBLISHES.fullmatch(path) is not None


def is_page(path: str) -> bool:
    """Whether people may begin at a file; what explains or tests software is for others."""
    *folders, name = path.split("/")
    return name in PAGE_NAMES and not NOT_FOR_USERS & {folder.lower() for folder in folders}


def places_of(path: str) -> Iterator[str]:
    """Where servers usually show a page: below the folder that they serve, or with it."""
    folders = path.split("/")[:-1]
    roots = [number for number, folder in enumerate(folders) if folder.lower() in SERVED_FOLDERS]
    for begin in dict.fromkeys((max(roots, default=-1) + 1, len(folders) - 1, *roots)):
        below = "".join(f"{folder}/" for folder in folders[max(begin, 0) :])
        yield f"/{below}"
        yield f"/{below}index.html"


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
    return any(f"{folder}/{name}" in paths for folder in above for name in DOCKERFILES)


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
