"""Whose fault it is that a build failed."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from quantumlayer.qtest.payload.absences import absence


def told(folder: Path, said: str, files: Mapping[str, str]) -> str:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return absence(said, str(folder))


def missing(header: str, written: str) -> tuple[str, dict[str, str]]:
    """What gcc says of a header, and the source that asks for it."""
    said = f"a.c:1:10: fatal error: {header}: No such file or directory\n"
    return said, {"a.c": f"#include {written}\n"}


@pytest.mark.parametrize(
    ("header", "written", "files"),
    [
        ("curl/curl.h", "<curl/curl.h>", {}),
        ("gtest/gtest.h", '"gtest/gtest.h"', {"Makefile": "LDLIBS = -lgtest -lpthread\n"}),
        ("SDL2/SDL.h", '"SDL2/SDL.h"', {"CMakeLists.txt": "find_package(SDL2 REQUIRED)\n"}),
        ("curses.h", "<curses.h>", {"b.c": "", "include/own.h": ""}),
    ],
)
def test_a_header_of_the_machine(
    header: str, written: str, files: dict[str, str], tmp_path: Path
) -> None:
    said, source = missing(header, written)
    assert f"The header {header} is not on this machine (a.c, line 1" in told(
        tmp_path, said, {**source, **files}
    )


@pytest.mark.parametrize(
    ("header", "written", "files"),
    [
        ("local.h", '"local.h"', {}),
        ("../other/x.h", '"../other/x.h"', {"Makefile": "LDLIBS = -lx\n"}),
        ("own/part.h", "<own/part.h>", {"include/own/other.h": ""}),
        ("clock.h", "<clock.h>", {"src/clock.c": ""}),
        ("config.h", "<config.h>", {"config.h.in": ""}),
        ("there.h", "<there.h>", {"include/there.h": ""}),
    ],
)
def test_a_header_of_the_project(
    header: str, written: str, files: dict[str, str], tmp_path: Path
) -> None:
    said, source = missing(header, written)
    assert told(tmp_path, said, {**source, **files}) == ""


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("/usr/bin/ld: cannot find -lsodium: No such file or directory\n", "sodium"),
        ("/bin/sh: 1: flex: not found\nmake: *** [Makefile:3: l.c] Error 127\n", "flex"),
        ("make[1]: nosuch-yacc: No such file or directory\n", "nosuch-yacc"),
        ("/usr/bin/env: ‘nosuch’: No such file or directory\n", "nosuch"),  # noqa: RUF001 - as the tool prints it
        ("cc1: error: unrecognized command-line option ‘-std=c49’\n", "-std=c49"),  # noqa: RUF001 - as the tool prints it
        ("gcc: fatal error: cannot execute ‘cc1obj’: execvp\n", "cc1obj"),  # noqa: RUF001 - as the tool prints it
        ("Package nosuch was not found in the pkg-config search path.\n", "nosuch"),
        (
            ("CMake Error at /usr/share/cmake/F.cmake:1 (message):\n"
            "  Could NOT find\n  CURL (missing: CURL_LIBRARY)\n"), "CURL",
        ),
        (
            ("CMake Error at CMakeLists.txt:1 (cmake_minimum_required):\n"
            "  CMake 4.2 or higher is required.  You are running version 3.25.1\n"), "CMake 4.2",
        ),
    ],
)  # fmt: skip
def test_what_else_the_machine_may_lack(said: str, names: str, tmp_path: Path) -> None:
    assert names in told(tmp_path, said, {"a.c": ""})


@pytest.mark.parametrize(
    ("said", "files"),
    [
        ("ld: cannot find -lown\n", {"CMakeLists.txt": "add_library(own a.c)\n"}),
        ("ld: cannot find -lown\n", {"Makefile": "libown.a: a.o\n\tar rcs $@ $^\n"}),
        ("/bin/sh: 1: runner: not found\n", {"Makefile": "runner: a.c\n\t$(CC) -o $@ $^\n"}),
        ("/bin/sh: 1: ./runner: not found\n", {}),
        ("cat: expected.txt: No such file or directory\n", {}),
        ("a.c:1:5: error: expected ‘;’ before ‘}’ token\n", {}),  # noqa: RUF001 - as the tool prints it
        ("-- Could NOT find CURL (missing: CURL_LIBRARY)\na.c:1:5: error: unknown type\n", {}),
        (
            "CMake Error at CMakeLists.txt:1 (find_package):\n  Could NOT find Own (missing: O)\n",
            {"cmake/FindOwn.cmake": ""},
        ),
    ],
)
def test_what_the_project_lacks_is_its_own_fault(
    said: str, files: dict[str, str], tmp_path: Path
) -> None:
    assert told(tmp_path, said, {"a.c": "", **files}) == ""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("rust-lld: error: unable to find library -lzmq\n", "The library zmq"),
        ("ld: library not found: sodium\n", "The library sodium"),
        ("The system library `dbus-1` required by crate `dbus` was not found.\n", "package dbus-1"),
        ("Could not find directory of OpenSSL installation\n", "package OpenSSL"),
        ('exec: "pkgconf": executable file not found in $PATH\n', "calls `pkgconf`"),
        ("error: linker `mold` not found\n", "calls `mold`"),
        ("is `nasm9` not installed?\n", "calls `nasm9`"),
        ("Could not find `protoc`\n", "calls `protoc`"),
        ("error: rustc 1.80.0 is not supported by the following package:\n", "rustc 1.80.0"),
        ("error[E0554]: `#![feature]` may not be used on the stable release channel\n", "nightly"),
    ],
)
def test_what_linkers_and_build_scripts_of_other_languages_lack(
    said: str, expected: str, tmp_path: Path
) -> None:
    assert expected in told(tmp_path, said, {"src/lib.rs": ""})


def test_a_library_or_a_program_that_the_project_holds_is_its_own_to_find(tmp_path: Path) -> None:
    said = "rust-lld: error: unable to find library -lown\nerror: linker `tools/link` not found\n"
    assert told(tmp_path, said, {"native/libown.a": "", "tools/link": ""}) == ""
