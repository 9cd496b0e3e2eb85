"""Which files of a tree a model is shown: none that tells it nothing, and as many as fit."""

import re
from collections.abc import Collection, Mapping

# What tools write and nobody reads: on a small project half of all that there is.
_LOCK = re.compile(
    r"(^|/)([^/]*[-.]lock(file)?(\.(json|ya?ml))?|npm-shrinkwrap\.json|bun\.lockb|go\.sum"
    r"|gradle\.lockfile|requirements[^/]*\.txt)$"
)


def most_relevant(
    texts: Mapping[str, str], evidence: str, room: int, unread: Collection[str] = ()
) -> tuple[dict[str, str], list[str]]:
    """The files that fit into `room` characters, and the paths of the others, both by path.

    Those that the evidence names come first, then the shorter ones. Locks, and the files of which
    the caller says that they are `unread`, are shown where the evidence names them alone.
    """
    ranked = sorted(texts, key=lambda path: (path not in evidence, len(texts[path]), path))
    shown: dict[str, str] = {}
    left_out: list[str] = []
    for path in ranked:
        is_due = path in evidence or is_read(path, unread)
        if is_due and len(texts[path]) <= room:
            shown[path] = texts[path]
            room -= len(texts[path])
        else:
            left_out.append(path)
    return dict(sorted(shown.items())), sorted(left_out)


def is_read(path: str, unread: Collection[str] = ()) -> bool:
    """Whether a file tells something to who is not pointed to it: no lock, and none of `unread`."""
    return path not in unread and not _LOCK.search(path)
