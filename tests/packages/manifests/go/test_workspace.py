"""Where Go tests are run from, as go.work and go.mod files say."""

import pytest

from quantumlayer.manifests import FilesInMemory, GoRoot, NotUnderstood, go_roots
from quantumlayer.manifests.go.grammar import directives
from quantumlayer.manifests.go.versions import is_newer


def roots(**contents: str) -> tuple[GoRoot, ...]:
    """The roots of files, given as path=content with `__` for slashes and `_mod` for `.mod`."""
    return go_roots(FilesInMemory({path: text.encode() for path, text in contents.items()}))


def of(files: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {root.folder: root.patterns for root in roots(**files)}


MOD = "module m.test/{0}\n\ngo 1.21\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"go.mod": MOD, "a_test.go": ""}, {".": ("./...",)}),
        ({"go.mod": MOD, "a_test.go": "", "b/go.mod": MOD, "b/b_test.go": ""},
         {".": ("./...",), "b": ("./...",)}),
        ({"go.mod": MOD, "a_test.go": "", "tools/go.mod": MOD}, {".": ("./...",)}),
        ({"go.mod": MOD, "a_test.go": "", "examples/go.mod": MOD, "examples/a_test.go": ""},
         {".": ("./...",)}),
        ({"go.mod": MOD, "a_test.go": "", "testdata/x/go.mod": "?", "_b/go.mod": "?"},
         {".": ("./...",)}),
        ({"go.work": "use (\n./a\n./b\n)\n", "a/go.mod": MOD.format("a"), "a/a_test.go": "",
          "b/go.mod": MOD.format("b")}, {".": ("./a/...", "./b/...")}),
        ({"go.work": "use ./a\n", "a/go.mod": MOD, "a/a_test.go": "", "c/go.mod": MOD,
          "c/c_test.go": ""}, {".": ("./a/...",), "c": ("./...",)}),
        ({"a_test.go": ""}, {}),
    ],
)  # fmt: skip
def test_each_module_with_tests_is_tested_from_where_it_belongs(
    files: dict[str, str], expected: dict[str, tuple[str, ...]]
) -> None:
    assert of(files) == expected


def test_what_is_required_has_its_place_and_what_is_at_hand_does_not_count() -> None:
    text = (
        "module m.test/a // the first\n\ngo 1.21\n\nrequire (\n\tx.test/far v1.2.3 // indirect\n"
        '\t"x.test/near" v0.0.0\n)\nrequire x.test/one v1.0.0\nexclude x.test/far v1.0.0\n'
        "retract [v1.0.0, v1.1.0]\nreplace x.test/near => ./near\n"
    )
    [root] = [one for one in roots(**{
        "go.mod": text, "a_test.go": "", "near/go.mod": MOD,
    }) if one.folder == "."]  # fmt: skip
    assert root.required == {"x.test/far": ("go.mod", 6), "x.test/one": ("go.mod", 9)}


@pytest.mark.parametrize(
    ("text", "line"),
    [('module "m.test/a\n', 1), ("module m.test/a\nrequire (\nx v1\n", None)],
)
def test_what_is_malformed_is_told_with_its_line(text: str, line: int | None) -> None:
    with pytest.raises(NotUnderstood) as told:
        directives(text, "go.mod")
    assert (told.value.path, told.value.line) == ("go.mod", line)


@pytest.mark.parametrize(
    ("wanted", "here", "newer"),
    [
        ("1.22", "go1.26.8", False), ("1.26.9", "go1.26.8", True), ("go1.27rc1", "go1.26.8", True),
        ("1.26", "go1.26.8", False), ("2.0", "go1.26.8", True), ("default", "go1.26.8", False),
        ("1.26.8", "go1.26.8", False), ("1.27", "go1.27rc1", True),
    ],
)  # fmt: skip
def test_versions_are_compared_as_go_compares_them(wanted: str, here: str, newer: bool) -> None:
    assert is_newer(wanted, here) is newer
