"""Which files the rules leave alone: tests, for most rules, and what a tool packed."""

import re

_LEAST_PACKED = 8_192
_LONG_LINE = 400
_TESTS = re.compile(
    r"(?:^|/)(?:[\w.-]*[_-])?(?:tests?|__tests__|specs?|e2e|testing|fixtures?|testdata|mocks?)"
    r"(?:[_-][\w.-]*)?/|(?:^|/)(?:test_[^/]*|tests|conftest)\.py$"
    r"|(?:_tests?\.(?:py|go|js)|\.(?:test|spec|tst)\.[cm]?[jt]sx?|(?:Tests?|IT|Spec)\.java)$"
)


def is_test(path: str) -> bool:
    """Whether the file tests the program, or is read by tests: it endangers nobody who runs it."""
    return _TESTS.search(path) is not None


def is_packed(data: bytes) -> bool:
    """Whether a tool packed the file: its lines are longer than anybody writes them."""
    return len(data) > _LEAST_PACKED and data.count(b"\n") * _LONG_LINE < len(data)
