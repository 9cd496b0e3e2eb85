"""Conditionals of the preprocessor: what each branch defines is found, whatever braces it opens."""

from textwrap import dedent

import pytest

from quantumlayer.parser.analysis import analyse
from quantumlayer.parser.preprocessing import configurations

CASES = {
    "a block that each branch opens": ("c", """
        int send(int n) {
        #ifdef FAST
            for (int i = 0; i < n; i += 8) {
        #else
            for (int i = 0; i < n; i++) {
        #endif
                n--;
            }
            return n;
        }
        int last(void) { return 1; }
        """, ["send", "last"]),
    "heads that are chosen": ("c", """
        #if defined(A)
        static int f(int a, int b)
        #elif defined(B) && \\
              defined(C)
        static int f(int a)
        #else
        static int f(void)
        #endif
        {
            return 1;
        }
        """, ["f"]),
    "an else that is chosen": ("c", """
        int level(int n) {
            if (n == 0) return 0;
        #ifndef QUIET
            else if (n > 9) { return 9; }
        #endif
            else return n;
        }
        int other(int n) { if (n) {
        #if 0
            } } }
        #endif
            return 2; } return 1; }
        """, ["level", "other"]),
    "functions of one branch only": ("c", """
        int f(void) {
        #ifdef A
            {
        #else
            if (1) {
        #endif
            } return 0; }
        #ifdef _WIN32
        int windows(void) { return 1; }
        #else
        int others(void) { return 2; }
        #endif
        """, ["f", "windows", "others"]),
    "macros for brackets and for loops": ("c", """
        #define BEGIN {
        #define END }
        int total(const int *all, int n) BEGIN
            int sum = 0;
            each_of(i, n) {
                sum += all[i];
            }
            return sum;
        END
        int last(void) { return 1; }
        """, ["total", "last"]),
    "methods and constructors": ("cpp", """
        class Box {
        public:
            Box(int n) { size = n; }
        #ifdef FAST
            int area() const noexcept {
        #else
            int area() const {
        #endif
                return size * size;
            }
            ~Box() {}
            int size;
        };
        """, ["Box", "Box", "area", "~Box"]),
    "C#": ("csharp", """
        class Part {
        #if NEW
            int F(int a) {
        #else
            int F() {
        #endif
                return 1; }
            Part(int b) { }
        }
        """, ["Part", "F", "Part"]),
    "Objective-C": ("objc", """
        @implementation Part
        #ifdef A
        - (int)f:(int)a {
        #else
        - (int)g {
        #endif
            return 1; }
        @end
        """, ["f", "g"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_braces_that_only_the_preprocessor_balances_hide_nothing(name: str) -> None:
    language, text, names = CASES[name]
    found = analyse(language, "source", dedent(text).lstrip("\n").encode())
    assert [symbol["name"] for symbol in found["symbols"]] == names
    assert not found["syntax"]["errors"]
    assert not found["syntax"]["doubts"]


@pytest.mark.parametrize("name", CASES)
def test_what_is_kept_stays_in_its_place(name: str) -> None:
    language, text, _ = CASES[name]
    data = dedent(text).encode()
    for shown in configurations(data, blocks=language in ("c", "objc")):
        assert len(shown) == len(data)
        lines = zip(shown.split(b"\n"), data.split(b"\n"), strict=True)
        assert all(len(one) == len(other) for one, other in lines)


def test_a_chosen_function_has_the_measures_of_one_branch() -> None:
    language, text, _ = CASES["a block that each branch opens"]
    send, last = analyse(language, "io.c", dedent(text).encode())["symbols"]
    assert (send["metrics"]["cyclomatic"], last["metrics"]["cyclomatic"]) == (2, 1)
    assert (send["line"], send["end_line"]) == (2, 11)


@pytest.mark.parametrize(
    "text",
    [
        "int wrong(int a { return a; }\n#ifdef A\nint x;\n#endif\n",
        "#ifdef A\nint f(void) {\n#else\nint f(int) {\n#endif\nreturn 1;\n",
        "int f(void) { return }\n#define BEGIN {\n",
    ],
)
def test_what_no_branch_makes_right_is_an_error(text: str) -> None:
    syntax = analyse("c", "wrong.c", text.encode())["syntax"]
    assert syntax["errors"] or syntax["doubts"]


@pytest.mark.parametrize(
    "text",
    [
        'const char *s = "#if";\n/* #if A\n#else */\nint f(void) { return 1; }\n',
        "#endif\n#else\nint f(void) {\n",
        "int f(void) { return 1; }\n",
    ],
)
def test_without_a_conditional_there_is_nothing_to_choose(text: str) -> None:
    assert configurations(text.encode(), blocks=True) == ()


def test_a_conditional_that_is_never_closed_is_left_alone() -> None:
    assert b"open" in b"".join(configurations(b"#if A\nint open;\n#define E\nE\n", blocks=True))
