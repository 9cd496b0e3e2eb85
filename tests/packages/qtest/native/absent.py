"""Projects that lack something: of this machine, which nobody can hold against them, or of their own."""

# ruff: noqa: E501 - programs as data

TEST = "int main(void) { return 0 == 1; }\n"
CODE = "int f(void) { return 1; }\n"
CMAKE = "cmake_minimum_required(VERSION 3.10)\nproject(p C CXX)\nenable_testing()\n"
RUNS = "add_executable(t test_p.c)\nadd_test(NAME t COMMAND t)\n"
GAUGE = '#include "p.h"\nint main(void) { return p() == 1 ? 0 : 1; }\n'


def including(*lines: str) -> str:
    return "".join(f"#include {line}\n" for line in lines) + TEST


# name → (files, what the reason names)
OF_THE_MACHINE: dict[str, tuple[dict[str, str], str]] = {
    "a header in brackets": ({"test_p.c": including("<nosuchlib.h>")}, "nosuchlib.h"),
    "a header in a folder": ({"test_p.c": including("<nosuch/api.h>"), "p.c": CODE}, "nosuch/api.h"),
    "a header in quotes, of a library that Make names": (
        {"test_p.c": including('"nosuch/nosuch.h"'), "Makefile": "test: test_p\n\t./test_p\ntest_p: test_p.c\n\t$(CC) $< -lnosuch -o $@\n"}, "nosuch/nosuch.h"),
    "a header of another system": ({"test_p.c": TEST, "Makefile": "test: test_p p.o\n\t./test_p\n", "p.c": "#include <windows.h>\n"}, "windows.h"),
    "a library for the linker": (
        {"test_p.c": TEST, "Makefile": "LDLIBS = -lnosuch\ntest: test_p\n\t./test_p\n"}, "nosuch"),
    "a library for the linker, under CMake": (
        {"test_p.c": TEST, "CMakeLists.txt": CMAKE + RUNS + "target_link_libraries(t nosuch)\n"}, "nosuch"),
    "find_package": ({"test_p.c": TEST, "CMakeLists.txt": CMAKE + "find_package(NoSuch REQUIRED)\n" + RUNS}, "NoSuch"),
    "find_package with a module of CMake": (
        {"test_p.c": TEST, "CMakeLists.txt": CMAKE + "find_package(HDF5 REQUIRED)\n" + RUNS}, "HDF5"),
    "find_package with a version": (
        {"test_p.c": TEST, "CMakeLists.txt": CMAKE + "find_package(Threads REQUIRED)\nfind_package(PkgConfig 99 REQUIRED)\n" + RUNS}, "PkgConfig"),
    "pkg_check_modules": (
        {"test_p.c": TEST, "CMakeLists.txt": CMAKE + "find_package(PkgConfig REQUIRED)\npkg_check_modules(N REQUIRED nosuch>=1.2)\n" + RUNS}, "nosuch"),
    "find_library": ({"test_p.c": TEST, "CMakeLists.txt": CMAKE + "find_library(N NAMES nosuch REQUIRED)\n" + RUNS}, "nosuch"),
    "pkg-config in a Makefile": (
        {"test_p.c": TEST, "Makefile": "test: test_p.c\n\tpkg-config --exists --print-errors nosuch\n\t$(CC) $< -o t && ./t\n"}, "nosuch"),
    "a download": (
        {"test_p.c": TEST, "CMakeLists.txt": CMAKE + "include(FetchContent)\nFetchContent_Declare(g URL https://example.invalid/g.tar.gz)\nFetchContent_MakeAvailable(g)\n" + RUNS}, "no network"),
    "a newer CMake": ({"test_p.c": TEST, "CMakeLists.txt": "cmake_minimum_required(VERSION 9.1)\nproject(p C)\n"}, "9.1"),
    "a newer dialect": ({"test_p.c": TEST, "Makefile": "CFLAGS = -std=c49\ntest: test_p\n\t./test_p\n"}, "-std=c49"),
    "a tool in a Makefile": ({"test_p.c": TEST, "Makefile": "test: p.c test_p\n\t./test_p\np.c: p.y\n\tnosuch-yacc p.y\n", "p.y": ""}, "nosuch-yacc"),
    "a tool behind a shell": ({"test_p.c": TEST, "Makefile": "test: test_p\n\tset -e; nosuch-grind ./test_p\n"}, "nosuch-grind"),
    "another compiler": ({"test_p.c": TEST, "Makefile": "CC = nosuch-cc\ntest: test_p\n\t./test_p\n"}, "nosuch-cc"),
    "Meson": ({"p/test_p.c": including('"made.h"'), "meson.build": "project('p', 'c')\ntest('t', executable('t', 'p/test_p.c'))\n"}, "Meson"),
    "Autotools": ({"configure.ac": "AC_INIT([p],[1])\n", "Makefile.am": "TESTS = t\n", "test_p.c": including('"made.h"')}, "Autotools"),
}  # fmt: skip
OF_THE_PROJECT: dict[str, dict[str, str]] = {
    "a header in quotes": {"test_p.c": including('"local.h"')},
    "a header in quotes, with a library beside it": {
        "test_p.c": including('"local.h"'), "Makefile": "LDLIBS = -lm\ntest: test_p\n\t./test_p\n"},
    "a header called like a source": {"test_p.c": including("<gauge.h>"), "gauge.c": CODE},
    "a header in a folder of the project's own": {"test_p.c": including("<p/two.h>"), "include/p/one.h": "\n"},
    "a header that is there, but not where it is looked for": {
        "test_p.c": including("<one.h>"), "include/one.h": "\n", "CMakeLists.txt": CMAKE + RUNS},
    "a library that the project makes": {
        "test_p.c": TEST, "p.c": "int f(void) { return }\n",
        "Makefile": "LDLIBS = -L. -lp\ntest: test_p\n\t./test_p\nlibp.a: p.o\n\tar rcs $@ $^\n"},
    "a program that the project makes": {
        "test_p.c": TEST, "Makefile": "test: test_p\n\trun-p\nrun-p: p.c\n\t$(CC) -o run-p p.c\n", "p.c": TEST},
    "a module for find_package of its own": {
        "test_p.c": TEST, "cmake/FindOwn.cmake": "include(FindPackageHandleStandardArgs)\nfind_package_handle_standard_args(Own DEFAULT_MSG OWN_PATH)\n",
        "CMakeLists.txt": CMAKE + "list(APPEND CMAKE_MODULE_PATH ${CMAKE_SOURCE_DIR}/cmake)\nfind_package(Own REQUIRED)\n" + RUNS},
    "a makefile that cannot be read": {"test_p.c": TEST, "Makefile": "test: test_p\n./test_p\n"},
    "a file that its rule needs": {"test_p.c": TEST, "Makefile": "test: test_p gone.txt\n\t./test_p\n"},
    "a configuration that CMake refuses": {"test_p.c": TEST, "CMakeLists.txt": CMAKE + "add_executable(t gone.c)\n"},
    "a file that a script reads": {
        "test_p.c": TEST, "Makefile": "test: test_p\n\t./test_p\n\tcat gone.txt\n"},
}  # fmt: skip

# Right projects whose build lacks nothing that their tests need.
ENOUGH: dict[str, dict[str, str]] = {
    "a source for another system": {
        "test_p.c": GAUGE, "p.h": "int p(void);\n", "p.c": "int p(void) { return 1; }\n",
        "window.c": "#include <windows.h>\nint w(void) { return 0; }\n"},
    "headers in folders": {
        "test_p.c": GAUGE.replace('"p.h"', "<deep/p.h>"), "include/deep/p.h": "int p(void);\n",
        "p.c": "int p(void) { return 1; }\n"},
    "a tool that is optional": {
        "test_p.c": TEST, "Makefile": "test: test_p\n\t-nosuch-lint p.c\n\t./test_p\n"},
    "a package that is optional": {
        "test_p.c": TEST, "CMakeLists.txt": CMAKE + "find_package(NoSuch)\n" + RUNS},
    "Latin-1, a mark of byte order, and ends of lines": {
        "test_p.c": '\ufeff#include "p.h"\r\n/* gr\u00fc\u00df */\r\nint main(void) {\r\n\treturn p() - 1;\r\n}\r\n',
        "p.h": "int p(void);\r\n", "p.c": "/* na\u00efve */\r\nint p(void) { return 1; }\r\n"},
}  # fmt: skip
