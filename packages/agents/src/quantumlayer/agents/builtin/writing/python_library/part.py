"""A part of a library: code for one module, and the tests that prove it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """What one block contributes; several parts may share a module.

    `code` and `tests` are Python in which `PACKAGE` stands for the library's package.
    """

    module: str
    title: str
    code: str
    tests: str
    test_name: str
    public: tuple[str, ...]
    requirements: tuple[str, ...]
