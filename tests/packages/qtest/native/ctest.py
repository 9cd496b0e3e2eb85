"""Projects with CMake: what properties make of a status, and what is skipped."""

# ruff: noqa: E501 - programs as data

from quantumlayer.qtest import CaseOutcome, Verdict

PASSED, FAILED, NOTHING = Verdict.PASSED, Verdict.FAILED, Verdict.NO_TESTS
HEAD = "cmake_minimum_required(VERSION 3.10)\nproject(gauge C)\nenable_testing()\n"
GAUGE = {
    "gauge.h": "int level(const char *text);\n",
    "gauge.c": '#include <stdlib.h>\n#include "gauge.h"\nint level(const char *text) { char *end; long n = strtol(text, &end, 10); return *end ? -1 : (int)n; }\n',
    "app.c": '#include <stdio.h>\n#include "gauge.h"\n'
    'int main(int count, char **words) { int n = level(count > 1 ? words[1] : "7"); if (n < 0) { puts("bad"); return 2; } if (n == 77) return 77; printf("level %d\\n", n); return 0; }\n',
    "unit.c": '#include "gauge.h"\nint main(void) { return level("12") == 12 && level("x") < 0 ? 0 : 1; }\n',
}
WRONG = ("*end ? -1 : (int)n", "n == 77 ? 77 : (int)n + (*end ? 0 : 1)")
TARGETS = "add_executable(app app.c gauge.c)\nadd_executable(unit unit.c gauge.c)\nadd_test(NAME unit COMMAND unit)\n"
SKIP = "add_test(NAME device COMMAND app 77)\nset_tests_properties(device PROPERTIES SKIP_RETURN_CODE 77)\n"

# name → (what follows in CMakeLists.txt, files beside it, verdict on right code, on wrong code)
PROJECTS: dict[str, tuple[str, dict[str, str], Verdict, Verdict]] = {
    "properties of all kinds": (
        TARGETS + """
add_test(NAME refuses COMMAND app letters)
set_tests_properties(refuses PROPERTIES WILL_FAIL TRUE)
add_test(NAME says COMMAND app 4)
set_tests_properties(says PROPERTIES PASS_REGULAR_EXPRESSION "level 4" LABELS "quick;io" TIMEOUT 20)
add_test(NAME silent COMMAND app 5)
set_tests_properties(silent PROPERTIES FAIL_REGULAR_EXPRESSION "bad|error" ENVIRONMENT "LEVEL=1" WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
add_test(NAME never COMMAND app)
set_tests_properties(never PROPERTIES DISABLED TRUE)
add_test(NAME shy COMMAND app 6)
set_tests_properties(shy PROPERTIES SKIP_REGULAR_EXPRESSION "level [67]")
""" + SKIP, {}, PASSED, FAILED),
    "only properties": (
        "add_executable(app app.c gauge.c)\nadd_test(NAME refuses COMMAND app letters)\nset_tests_properties(refuses PROPERTIES WILL_FAIL TRUE)\n",
        {}, PASSED, FAILED),
    "fixtures and dependencies": (
        TARGETS + """
add_test(NAME make_it COMMAND ${CMAKE_COMMAND} -E make_directory store)
add_test(NAME fill_it COMMAND sh -c "$<TARGET_FILE:app> 9 > store/out.txt")
add_test(NAME same COMMAND ${CMAKE_COMMAND} -E compare_files store/out.txt ${CMAKE_SOURCE_DIR}/expected.txt)
add_test(NAME drop_it COMMAND ${CMAKE_COMMAND} -E remove_directory store)
set_tests_properties(make_it PROPERTIES FIXTURES_SETUP store)
set_tests_properties(drop_it PROPERTIES FIXTURES_CLEANUP store)
set_tests_properties(fill_it same PROPERTIES FIXTURES_REQUIRED store)
set_tests_properties(same PROPERTIES DEPENDS fill_it)
""", {"expected.txt": "level 9\n"}, PASSED, FAILED),
    "a script that compares": (
        "add_executable(app app.c gauge.c)\nadd_test(NAME script COMMAND sh ${CMAKE_SOURCE_DIR}/run.sh $<TARGET_FILE:app>)\n",
        {"run.sh": "set -e\n$1 3 > out.txt\nprintf 'level 3\\n' | cmp - out.txt\n"}, PASSED, FAILED),
    "a script that forgets": (
        "add_executable(unit unit.c gauge.c)\nadd_test(NAME script COMMAND sh -c \"$<TARGET_FILE:unit> || true\")\n",
        {}, PASSED, FAILED),
    "a folder of tests behind an option": (
        'option(GAUGE_TESTS "Build the tests" OFF)\nif(GAUGE_TESTS)\n  add_subdirectory(tests)\nendif()\n',
        {"tests/CMakeLists.txt": "add_executable(unit ../unit.c ../gauge.c)\ntarget_include_directories(unit PRIVATE ..)\nadd_test(NAME unit COMMAND unit)\n"}, PASSED, FAILED),
    "a target called check": (
        "add_executable(unit unit.c gauge.c)\nadd_custom_target(check COMMAND unit DEPENDS unit)\n", {}, PASSED, FAILED),
    "CMake builds, Make tests": (
        "add_library(gauge gauge.c)\n",
        {"Makefile": "check: unit\n\t./unit\nunit: unit.o gauge.o\n"}, PASSED, FAILED),
    "CMake builds, nobody tests": (
        "add_library(gauge gauge.c)\n", {"tests/test_gauge.c": GAUGE["unit.c"].replace('"gauge.h"', '"../gauge.h"')}, PASSED, FAILED),
    "everything is skipped": ("add_executable(app app.c gauge.c)\n" + SKIP, {}, NOTHING, NOTHING),
    "commands that prove nothing": (
        "add_executable(app app.c gauge.c)\nadd_test(NAME yes COMMAND true)\nadd_test(NAME echo COMMAND ${CMAKE_COMMAND} -E echo passed)\n", {}, NOTHING, NOTHING),
    "a program that is not there": (
        TARGETS + "add_test(NAME gone COMMAND ${CMAKE_BINARY_DIR}/gone)\n", {}, FAILED, FAILED),
    "a program that cannot start is no wanted failure": (
        TARGETS + "add_test(NAME gone COMMAND app letters)\nset_tests_properties(gone PROPERTIES WILL_FAIL TRUE ENVIRONMENT \"LD_LIBRARY_PATH=/nowhere;LD_BIND_NOW=1\")\n", {}, PASSED, FAILED),
    "a fixture that fails": (
        TARGETS + """
add_test(NAME setup COMMAND app letters)
add_test(NAME user COMMAND app 1)
set_tests_properties(setup PROPERTIES FIXTURES_SETUP s)
set_tests_properties(user PROPERTIES FIXTURES_REQUIRED s)
""", {}, FAILED, FAILED),
    "too slow for its TIMEOUT": (
        TARGETS + "add_test(NAME slow COMMAND sleep 5)\nset_tests_properties(slow PROPERTIES TIMEOUT 1)\n", {}, FAILED, FAILED),
}  # fmt: skip

OUTCOMES = {
    "unit": CaseOutcome.PASSED, "refuses": CaseOutcome.PASSED, "says": CaseOutcome.PASSED,
    "silent": CaseOutcome.PASSED, "never": CaseOutcome.SKIPPED, "shy": CaseOutcome.SKIPPED,
    "device": CaseOutcome.SKIPPED,
}  # fmt: skip
"""How the tests of the first project end on right code."""
