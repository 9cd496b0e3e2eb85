"""Telling from the text which tests there are and which could never fail."""

import pytest

from quantumlayer.qtest.runners.sources import blanked, functions_in, is_test, unable_to_fail


def empty_tests(path: str, content: str, style: str) -> list[str]:
    return [test.name for test in unable_to_fail(list(functions_in(path, content, style)), style)]


def test_comments_and_literals_are_blanked_line_for_line() -> None:
    source = "a(\"x { y\"); // {\n/* {\n */ b('{');\n"
    found = blanked(source, "c")
    assert "{" not in found
    assert (found.count("\n"), len(found)) == (source.count("\n"), len(source))


@pytest.mark.parametrize(
    ("style", "path", "content", "tests"),
    [
        ("go", "a_test.go", "func TestA(t *testing.T) {}\nfunc Testing() {}", ["TestA"]),
        ("rust", "a.rs", "#[tokio::test]\nasync fn a() {}\nfn b() {}", ["a"]),
        ("java", "A.java", "class A { @Test void a() throws X { } void b() { } }", ["a"]),
        (
            "java",
            "A.java",
            "@ParameterizedTest\n@ValueSource(ints = {1, 2})\nvoid a(int n) { }",
            ["a"],
        ),
    ],
)
def test_tests_are_found_by_what_marks_them(
    style: str, path: str, content: str, tests: list[str]
) -> None:
    functions = functions_in(path, content, style)
    assert [each.name for each in functions if is_test(each, style)] == tests


@pytest.mark.parametrize(
    ("style", "path", "body"),
    [
        ("go", "a_test.go", "func TestA(t *testing.T) {{ {} }}"),
        ("rust", "a.rs", "#[test] fn TestA() {{ {} }}"),
        ("java", "A.java", "@Test void TestA() {{ {} }}"),
    ],
)
@pytest.mark.parametrize(
    ("go", "rust", "java", "empty"),
    [
        ("Add(1, 2)", "add(1, 2);", "add(1, 2);", True),
        ("if false { t.Fatal() }", "assert!(true);", "assertTrue(true);", True),
        ("// t.Fatal()", "// assert!(x)", "/* fail(); */", True),
        ("if 1 != 1 { t.Fail() }", "assert_eq!(1, 1);", "assertEquals(1, 1);", True),
        (
            "if Add(1) != 1 { t.Fail() }",
            "assert_eq!(add(1), 1);",
            "assertEquals(1, add(1));",
            False,
        ),
        ("check(t, 1)", "x().unwrap();", "throw new Error();", False),
    ],
)
def test_a_test_in_which_nothing_can_fail_is_told_from_one_that_checks(
    style: str, path: str, body: str, go: str, rust: str, java: str, *, empty: bool
) -> None:
    content = body.format({"go": go, "rust": rust, "java": java}[style])
    assert (empty_tests(path, content, style) == ["TestA"]) is empty


def test_a_check_in_a_function_that_the_test_calls_counts() -> None:
    source = (
        "fn same(a: i32) { assert_eq!(a, f()); }\n#[test] fn a() { deep(); }\n"
        "fn deep() { same(1); }"
    )
    assert empty_tests("a.rs", source, "rust") == []


GO = 'package a\nimport "testing"\nfunc TestA(t *testing.T)'
JAVA = "import static org.junit.Assert.assertEquals;\nclass ATest {\n  @Test void a()"


@pytest.mark.parametrize(
    ("style", "path", "content", "empty"),
    [
        ("go", "a_test.go", GO + " { if Add(1,2) != 3 { t.Fatal() } }", []),
        ("go", "a_test.go", GO + " { require.Equal(t, 3, Add(1,2)) }", []),
        (
            *("go", "a_test.go"),
            GO + " {}\nfunc ExampleAdd() {\n\tprint(3)\n\t// Output: 3\n}",
            ["TestA"],
        ),
        ("java", "ATest.java", JAVA + " { assertEquals(3, A.add(1, 2)); }\n}", []),
        ("rust", "lib.rs", "#[test]\nfn a() { assert_eq!(add(1, 2), 3); }", []),
        ("rust", "lib.rs", "#[test]\nfn a() { add(1, 2).unwrap(); }", []),
        ("go", "a_test.go", GO + " { Add(1, 2) } // t.Fatal()", ["TestA"]),
        ("java", "ATest.java", JAVA + " { A.add(1, 2); }\n}", ["a"]),
        ("rust", "lib.rs", "#[test]\nfn a() { add(1, 2); }", ["a"]),
    ],
)
def test_whole_files_of_tests_are_told_apart(
    style: str, path: str, content: str, empty: list[str]
) -> None:
    assert empty_tests(path, content, style) == empty
