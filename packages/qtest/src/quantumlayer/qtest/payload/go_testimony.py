"""What a Go test program said of itself, and where its tests wrote what."""

import re

TEST_LINE = re.compile(r"^\s*(?P<path>[\w./-]+_test\.go):(?P<line>\d+): ?(?P<message>.*)$")
FRAMING = re.compile(r"^\s*(=== \w+ |--- \w+: )")
LEFT_BY_TESTS = ("_test.go", "_testmain.go")

Said = list[list[str]]
"""What one test program said: words of each line."""


def endings(words: Said) -> dict[str, list[str]]:
    """How each test ended: the worst where `M.Run` was called more than once."""
    found: dict[str, list[str]] = {}
    for kind, *rest in words:
        if kind == "ended" and found.get(rest[0], [""])[0] != "failed":
            found[rest[0]] = rest[1:]
    return found


def left_early(words: Said) -> bool:
    """Whether `TestMain` itself, or another function of the tests, chose that nothing be run."""
    if any(kind == "running" for kind, *_ in words):
        return False
    return any(
        kind == "left" and rest[0] == "success" and rest[1].endswith(LEFT_BY_TESTS)
        for kind, *rest in words
    )


def place_in(said: str) -> tuple[str, int | None, str]:
    """Where a test logged first, and what."""
    for each in said.splitlines():
        match = TEST_LINE.match(each)
        if match:
            return match["path"], int(match["line"]), match["message"]
    lines = [each.strip() for each in said.splitlines() if not FRAMING.match(each)]
    return "", None, next((each for each in lines if each), "")
