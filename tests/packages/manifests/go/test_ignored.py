"""Which Go files the go command leaves out: by folder, by name, by build constraint."""

import pytest

from quantumlayer.manifests import is_ignored_by_go

TAKEN = {
    "plain": ("core.go", "package core\n"),
    "this system": ("core_linux.go", "package core\n"),
    "this system and processor": ("core_linux_amd64_test.go", "package core\n"),
    "a name that is only a system": ("linux.go", "package core\n"),
    "a word that looks like a system": ("core_posix.go", "package core\n"),
    "a constraint that holds": ("core.go", "//go:build linux || darwin\n\npackage core\n"),
    "a family of systems": ("core.go", "// Copyright.\n\n//go:build unix && !js\n\npackage core\n"),
    "a release that is past": ("core.go", "//go:build go1.18\n\npackage core\n"),
    "an old constraint": ("core.go", "// +build linux,amd64 windows\n\npackage core\n"),
    "both, and the new one counts": (
        "core.go", "//go:build linux\n// +build windows\n\npackage core\n",
    ),
    "words of a comment in the middle": (
        "core.go", "package core\n\n//go:build ignore\nvar x int\n",
    ),
    "brackets": ("core.go", "//go:build (linux && amd64) || (windows && !cgo)\n\npackage core\n"),
}  # fmt: skip
LEFT = {
    "a folder with an underscore": ("_attic/core.go", "package core\n"),
    "a hidden folder": ("a/.old/core.go", "package core\n"),
    "testdata": ("a/testdata/b/core.go", "package core\n"),
    "vendored": ("vendor/x/core.go", "package core\n"),
    "an underscore": ("_core.go", "package core\n"),
    "a dot": (".core.go", "package core\n"),
    "another system": ("core_windows.go", "package core\n"),
    "another processor": ("core_linux_arm64_test.go", "package core\n"),
    "a tag that nobody sets": ("core_test.go", "//go:build integration\n\npackage core\n"),
    "a tag of ours that is refused": ("core.go", "//go:build !linux\n\npackage core\n"),
    "ignored on purpose": ("core.go", "\n// A tool.\n\n//go:build ignore\n\npackage main\n"),
    "an old constraint": ("core.go", "// +build windows\n// +build amd64\n\npackage core\n"),
    "a release to come": ("core.go", "//go:build go1.200\n\npackage core\n"),
    "half of a constraint": ("core.go", "/* License */\n//go:build linux && slow\n\npackage a\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_what_belongs_to_this_machine_is_taken(name: str) -> None:
    assert not is_ignored_by_go(*TAKEN[name])


@pytest.mark.parametrize("name", LEFT)
def test_what_does_not_is_left_out(name: str) -> None:
    assert is_ignored_by_go(*LEFT[name])
