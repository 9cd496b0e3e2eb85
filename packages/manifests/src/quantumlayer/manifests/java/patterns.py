"""Patterns on paths, as Ant, Maven and Gradle have them, as regular expressions."""

import re
from collections.abc import Iterable

_SUFFIX = re.compile(r"\.(?:java|class)$")
_REGEX = re.compile(r"^%regex\[(?P<pattern>.*)\]$")
_WILD = re.compile(r"\*\*/|/\*\*$|\*\*|\*|\?")


def path_pattern(pattern: str) -> str:
    """A regular expression for paths: `**` is any folders, `*` anything but a slash."""
    return _expression(pattern, "/")


def class_pattern(pattern: str) -> str:
    """A regular expression for the full names of classes, from a pattern on their files."""
    exact = _REGEX.match(pattern.strip())
    if exact:
        return f"^{_SUFFIX.sub('', exact['pattern']).replace('/', '[./]')}$"
    words = _SUFFIX.sub("", pattern.strip())
    if "/" not in words:
        # `*Test` is a class in any package, `shop.*Test` one in that package.
        words = words.replace(".", "/") if "." in words else f"**/{words}"
    return _expression(words, ".")


def matches(path: str, includes: Iterable[str], excludes: Iterable[str]) -> bool:
    """Whether a path is meant by patterns; without any that include, everything is."""
    wanted = [re.compile(path_pattern(one)) for one in includes]
    refused = [re.compile(path_pattern(one)) for one in excludes]
    return (not wanted or any(one.match(path) for one in wanted)) and not any(
        one.match(path) for one in refused
    )


def _expression(pattern: str, separator: str) -> str:
    between, within = re.escape(separator), f"[^{re.escape(separator)}]"
    meaning = {
        "**/": f"(?:.*{between})?", "/**": f"(?:{between}.*)?", "**": ".*", "*": f"{within}*",
        "?": within,
    }  # fmt: skip
    words = pattern.strip().replace("\\", "/").removeprefix("/")
    if words.endswith("/"):
        words += "**"
    made, position = "", 0
    for match in _WILD.finditer(words):
        made += re.escape(words[position : match.start()]).replace("/", between)
        made += meaning[match[0]]
        position = match.end()
    return f"^{made}{re.escape(words[position:]).replace('/', between)}$"
