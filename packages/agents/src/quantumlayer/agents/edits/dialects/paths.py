"""Paths as models write them above, in or beside an edit."""

import re

_LABEL = re.compile(r"(?:file(?:name)?|path)\s*:\s*", re.IGNORECASE)
_DECORATION = "`*_\"' \t"
_PATH = re.compile(r"[\w.@()\[\]+~-]+(?:[/\\][\w.@()\[\]+ ~-]+)*")
_FENCE = re.compile(r"(`{3,}|~{3,})\s*(?P<rest>.*)")


def path_in(line: str) -> str:
    """The path that a line consists of, without what models put around it; empty for none."""
    words = line.strip()
    if fence := _FENCE.fullmatch(words):
        words = fence["rest"].rpartition(" ")[2] if " " in fence["rest"] else fence["rest"]
        words = words.rpartition(":")[2]
        if "." not in words and "/" not in words:
            return ""
    words = words.lstrip("#").strip(_DECORATION).removesuffix(":").strip(_DECORATION)
    words = _LABEL.sub("", words, count=1).strip(_DECORATION)
    looks = _PATH.fullmatch(words) and not words.endswith(".")
    if not looks or (" " in words and "/" not in words):
        return ""
    return normal(words)


def normal(path: str) -> str:
    """`path` with the tree's separators, and without what only says `here`."""
    words = path.strip(_DECORATION).replace("\\", "/")
    while words.startswith("./"):
        words = words[2:]
    return words
