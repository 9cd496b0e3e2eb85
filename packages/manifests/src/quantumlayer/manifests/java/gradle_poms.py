"""A Gradle build's dependencies as poms, so that Maven's resolver can be asked for them.

Each module has two: what it needs itself, and what those that lean on it get to see.
"""

import re
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from quantumlayer.manifests.java.gradle_model import EXPORTED, Draft, Wanted

GROUP = "gradle.build"
CONSUMERS = "consumers.xml"
_PLACE = re.compile(r"<!-- (?P<path>\S+):(?P<line>\d+) -->")


def place_in(pom: str, line: int) -> tuple[str, int] | None:
    """The file and line of a build file that a line of a pom stands for."""
    lines = pom.splitlines()
    found = _PLACE.search(lines[line - 1]) if 0 < line <= len(lines) else None
    return (found["path"], int(found["line"])) if found else None


def pom_of(draft: Draft, modules: Sequence[str]) -> str:
    """What a module needs; the root's names all others."""
    libraries = "\n".join(entry(one, one.scope) for one in draft.wanted if stays(one))
    processors = "\n".join(
        f"<path>{coordinates(one)}</path>"
        for one in draft.wanted
        if one.scope == "processor" and one.kind == "library"
    )
    named = "\n".join(f"<module>{escape(folder)}</module>" for folder in modules)
    build = (
        "<build><plugins><plugin><artifactId>maven-compiler-plugin</artifactId><configuration>"
        f"<annotationProcessorPaths>\n{processors}\n</annotationProcessorPaths></configuration>"
        "</plugin></plugins></build>"
        if processors
        else ""
    )
    modules_of = f"<packaging>pom</packaging><modules>\n{named}\n</modules>" if modules else ""
    return whole(draft, libraries, f"{modules_of}{build}")


def consumers_pom(draft: Draft) -> str:
    """What a module's dependants see: what it exports to compile against, the rest to run."""
    return whole(draft, "\n".join(
        entry(one, "compile" if one.configuration in EXPORTED else "runtime")
        for one in draft.wanted
        if stays(one) and one.scope in ("compile", "runtime")
    ), "")  # fmt: skip


def whole(draft: Draft, libraries: str, rest: str) -> str:
    managed = "\n".join(managed_entries(draft))
    return (
        "<project><modelVersion>4.0.0</modelVersion>"
        f"<groupId>{GROUP}</groupId><artifactId>{artifact(draft.folder)}</artifactId>"
        f"<version>1</version>\n<dependencyManagement><dependencies>\n{managed}\n"
        f"</dependencies></dependencyManagement>\n<dependencies>\n{libraries}\n</dependencies>\n"
        f"{rest}</project>\n"
    )


def stays(one: Wanted) -> bool:
    return one.kind in ("library", "module") and one.scope not in ("", "processor")


def managed_entries(draft: Draft) -> Iterator[str]:
    for one in draft.wanted:
        if one.kind == "bom":
            yield (
                f"<dependency>{coordinates(one)}<type>pom</type><scope>import</scope>"
                f"{comment(one)}</dependency>"
            )
        elif one.kind == "constraint" and one.version:
            yield f"<dependency>{coordinates(one)}{comment(one)}</dependency>"


def entry(one: Wanted, scope: str) -> str:
    if one.kind == "module":
        named = (
            f"<groupId>{GROUP}</groupId><artifactId>{artifact(one.name)}</artifactId>"
            "<version>1</version>"
        )
    else:
        named = coordinates(one)
    left_out = "".join(
        f"<exclusion><groupId>{escape(group)}</groupId><artifactId>{escape(name)}</artifactId>"
        "</exclusion>"
        for group, name in one.excludes
    )
    exclusions = f"<exclusions>{left_out}</exclusions>" if left_out else ""
    return f"<dependency>{named}<scope>{scope}</scope>{exclusions}{comment(one)}</dependency>"


def coordinates(one: Wanted) -> str:
    version = f"<version>{escape(one.version)}</version>" if one.version else ""
    classifier = f"<classifier>{escape(one.classifier)}</classifier>" if one.classifier else ""
    return (
        f"<groupId>{escape(one.group)}</groupId><artifactId>{escape(one.name)}</artifactId>"
        f"{version}{classifier}"
    )


def comment(one: Wanted) -> str:
    return f"<!-- {one.path.replace('--', '__').replace(' ', '_')}:{one.line} -->"


def artifact(folder: str) -> str:
    return "module" if folder == "." else "module-" + re.sub(r"[^\w.-]", "-", folder)
