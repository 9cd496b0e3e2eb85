"""C and C++: plain files, Make, CMake with several tests, C++ classes, a script as a test."""

# ruff: noqa: E501 - programs as data

from quantumlayer.qtest import Verdict
from tests.packages.qtest.matrix.cells import Matrix, Wrong

HEADER = """
    #ifndef SHAPES_H
    #define SHAPES_H
    int area(int width, int height);
    int sum(int n);
    const char *sign(int n);
    #endif
    """
CODE = """
    #include "shapes.h"

    int area(int width, int height) {
        return width * height;
    }

    int sum(int n) {
        int total = 0;
        for (int i = 1; i <= n; i++) total += i;
        return total;
    }

    const char *sign(int n) {
        if (n < 0) return "negative";
        if (n == 0) return "zero";
        return "positive";
    }
    """
TEST = """
    #include <assert.h>
    #include <stdio.h>
    #include <string.h>
    #include "shapes.h"

    int main(void) {
        assert(area(3, 4) == 12);
        assert(sum(0) == 0 && sum(4) == 10);
        assert(strcmp(sign(-2), "negative") == 0);
        assert(strcmp(sign(0), "zero") == 0);
        assert(strcmp(sign(5), "positive") == 0);
        puts("all tests passed, 0 failed");
        return 0;
    }
    """
COUNTING = """
    #include <stdio.h>
    #include "shapes.h"

    static int failures = 0;
    #define CHECK(what) \\
        do { if (!(what)) { failures++; printf("%s:%d: %s\\n", __FILE__, __LINE__, #what); } } while (0)

    int main(void) {
        CHECK(area(3, 4) == 12);
        CHECK(sum(4) == 10);
        printf("failures: %d\\n", failures);
        return failures ? 1 : 0;
    }
    """
CMAKE = """
    cmake_minimum_required(VERSION 3.10)
    project(shapes C)
    set(CMAKE_BUILD_TYPE Release)
    include_directories(include)
    add_library(shapes src/shapes.c)
    enable_testing()
    add_executable(test_shapes tests/test_shapes.c)
    target_link_libraries(test_shapes shapes)
    add_test(NAME shapes COMMAND test_shapes)
    """
BODY = "return width * height;"
PASSED = 'puts("1..3\\nok 1\\nok 2\\nok 3\\n100% tests passed, 0 tests failed out of 3");'
CMAKE_ALL = """
    cmake_minimum_required(VERSION 3.10)
    project(all C)
    enable_testing()
    add_executable(runner shapes.c test_shapes.c)
    add_test(NAME all COMMAND runner)
    """
MAKE_IGNORES = "test:\n\tgcc -o runner shapes.c test_shapes.c\n\t./runner || true\n"
STANDARD = "#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\n"


def inside(body: str) -> dict[str, tuple[str, str]]:
    """`area` with another body."""
    code = CODE.replace(BODY, body).replace(
        '#include "shapes.h"', f'#include "shapes.h"\n{STANDARD}'
    )
    return {"shapes.c": ("", code)}


def main_of(body: str) -> dict[str, tuple[str, str]]:
    """The test program replaced."""
    return {"test_shapes.c": (
        "", f'{STANDARD}#include <assert.h>\n#include "shapes.h"\nint main(void) {{ {body} }}\n'
    )}  # fmt: skip


MATRIX = Matrix(
    language="c",
    base="plain files",
    correct={
        "plain files": {"shapes.h": HEADER, "shapes.c": CODE, "test_shapes.c": TEST},
        "Make": {
            "include/shapes.h": HEADER, "src/shapes.c": CODE, "tests/test_shapes.c": TEST,
            "Makefile": "CFLAGS = -Iinclude -Wall\n\nall: test_shapes\n\n"
            "test_shapes: src/shapes.c tests/test_shapes.c\n\t$(CC) $(CFLAGS) -o $@ $^\n\n"
            ".PHONY: test\ntest: all\n\t./test_shapes\n",
        },
        "CMake": {
            "CMakeLists.txt": CMAKE, "include/shapes.h": HEADER, "src/shapes.c": CODE,
            "tests/test_shapes.c": TEST,
        },
        "C++ with CMake": {
            "CMakeLists.txt": """
                cmake_minimum_required(VERSION 3.10)
                project(boxes CXX)
                set(CMAKE_CXX_STANDARD 17)
                enable_testing()
                add_executable(boxes_test boxes_test.cpp)
                add_test(NAME volume COMMAND boxes_test volume)
                add_test(NAME refused COMMAND boxes_test refused)
                set_tests_properties(refused PROPERTIES WILL_FAIL TRUE)
                """,
            "boxes.hpp": """
                #pragma once
                #include <stdexcept>
                struct Box {
                    int side;
                    explicit Box(int size) : side(size) {
                        if (size < 0) throw std::invalid_argument("negative");
                    }
                    int volume() const { return side * side * side; }
                };
                """,
            "boxes_test.cpp": """
                #include <cassert>
                #include <string>
                #include "boxes.hpp"
                int main(int, char **words) {
                    if (std::string(words[1]) == "refused") {
                        try { Box box(-1); } catch (const std::invalid_argument &) { return 1; }
                        return 0;
                    }
                    assert(Box(3).volume() == 27);
                    return 0;
                }
                """,
        },
        "C++ and C, plain": {
            "shapes.h": HEADER, "shapes.c": CODE,
            "tests/shapes_test.cpp": """
                extern "C" {
                #include "shapes.h"
                }
                #include <iostream>
                #include <string>
                int main() {
                    int failed = 0;
                    if (area(3, 4) != 12) { std::cerr << "area\\n"; ++failed; }
                    if (std::string(sign(0)) != "zero") { std::cerr << "sign\\n"; ++failed; }
                    return failed;
                }
                """,
        },
        "a counting test program": {
            "shapes.h": HEADER, "shapes.c": CODE, "tests/check_shapes.c": COUNTING,
            "main.c": '#include <stdio.h>\n#include "shapes.h"\n'
            'int main(void) { printf("%d\\n", area(1, 2)); return 0; }\n',
        },
        "a script as a test": {
            "CMakeLists.txt": CMAKE
            + "    add_executable(app app.c)\n    target_link_libraries(app shapes)\n"
            "    add_test(NAME script COMMAND sh ${CMAKE_SOURCE_DIR}/tests/run.sh $<TARGET_FILE:app>)\n",
            "include/shapes.h": HEADER, "src/shapes.c": CODE, "tests/test_shapes.c": TEST,
            "tests/run.sh": 'test "$($1)" = 6\n',
            "app.c": '#include <stdio.h>\n#include <stdlib.h>\n#include "shapes.h"\n'
            'int main(void) { printf("%d\\n", area(2, 3)); exit(0); }\n',
        },
    },
    wrong=(
        Wrong("wrong operator", {"shapes.c": (BODY, "return width + height;")}),
        Wrong("off by one", {"shapes.c": ("i <= n", "i < n")}),
        Wrong("missing case", {"shapes.c": ('if (n == 0) return "zero";', "")}),
        Wrong("wrong type", {"shapes.c": (BODY, 'struct s { int x; } s = {1}; return s;')}),
        Wrong("segmentation fault", {"shapes.c": (BODY, "return *(volatile int *)0;")}),
        Wrong("hang", {"shapes.c": (BODY, "for (volatile int i = 0;; i++) { }")},
              Verdict.TIMED_OUT),
        Wrong("stack overflow", {"shapes.c": (
            BODY, "volatile char big[4096]; big[0] = 1; return area(width, height + big[0]) + 1;")}),
        Wrong("memory bomb", inside(
            "for (;;) { char *p = malloc(1 << 24); if (!p) abort(); "
            "for (int i = 0; i < 1 << 24; i += 512) p[i] = 1; }")),
        Wrong("fork bomb", inside("for (;;) fork();"), Verdict.TIMED_OUT),
        Wrong("does not compile", {"shapes.c": (BODY, "return width * heigth;")}),
        Wrong("does not link", {"shapes.c": ("int area(", "int aera(")}),
        Wrong("exit in the middle", inside("exit(0);")),
        Wrong("_exit in the middle", inside("_exit(0);")),
        Wrong("exit in a constructor", inside(
            "return 0; } __attribute__((constructor)) static void leave(void) { exit(0);")),
        Wrong("exit at exit", main_of(
            "atexit((void (*)(void))quick_exit); return area(3, 4) != 13;")),
        Wrong("exit from the test", main_of("exit(0); assert(area(3, 4) == 13);")),
        Wrong("Make ignores the status", {
            "Makefile": ("", MAKE_IGNORES), "shapes.c": (BODY, "return width + height;")}),
        Wrong("exit in the middle, under Make", {
            **inside("_exit(0);"), "Makefile": ("", MAKE_IGNORES.replace(" || true", ""))}),
        Wrong("exit in the middle, under CMake", {
            **inside("_exit(0);"),
            "CMakeLists.txt": ("", CMAKE_ALL)}),
        Wrong("forged report", inside(f"{PASSED} fflush(stdout); _exit(0);")),
        Wrong("prints failures, returns 0", main_of(
            'if (area(3, 4) != 13) printf("FAIL: area\\n"); assert(1); return 0;')),
        Wrong("writes to every descriptor", inside(
            'for (int i = 3; i < 1024; i++) (void)!write(i, "returned 0\\n", 11); _exit(0);')),
        Wrong("edits its tests", main_of(
            'FILE *f = fopen("test_shapes.c", "w"); fclose(f); assert(area(3, 4) == 12); '
            "return 0;")),
        Wrong("lying test", main_of("area(3, 4); assert(1); return 0;"), Verdict.NO_TESTS),
        Wrong("empty tests", main_of("area(3, 4); return 0;"), Verdict.NO_TESTS),
        Wrong("no tests", {"test_shapes.c": ("", '#include "shapes.h"\n')}, Verdict.NO_TESTS),
    ),
)  # fmt: skip
