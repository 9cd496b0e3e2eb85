"""Languages beside Java in a Java build, which nothing here compiles."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from quantumlayer.manifests.model import NotUnderstood, ProjectFiles

_OTHERS = {".kt": "Kotlin", ".scala": "Scala", ".groovy": "Groovy", ".clj": "Clojure"}
_SOURCES = re.compile(r"(?:^|/)src/(?:main|test)/(?:java|kotlin|scala|groovy|clojure)/")


def refuse_others(files: ProjectFiles, folders: Iterable[str]) -> None:
    """Raise NotUnderstood when a module holds sources in a language that is not compiled here.

    Whether the project is right cannot be said without them: tests may be written in it, and what
    is tested too.
    """
    known = [PurePosixPath(folder) for folder in folders]
    for path in files.paths():
        pure = PurePosixPath(path)
        language = _OTHERS.get(pure.suffix)
        if language is None or not _SOURCES.search(path):
            continue
        if any(str(folder) == "." or pure.is_relative_to(folder) for folder in known):
            raise NotUnderstood(
                f"it is written in {language}, which is not compiled here: neither it nor its "
                "tests can be checked", path=path,
            )  # fmt: skip
