"""Reading tests as text, before anything runs: which there are, and which could never fail.

No parser: comments and the contents of literals are blanked, then functions are found by their
heads and matching braces. What is asked is coarse enough for that: is there, in a test or in any
function of the project that it calls, something that can fail? Where this is wrong it errs towards
yes: an unknown call with the test's own handle, or any word that sounds like a check, counts.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.qtest.sandbox.inside import NOT_COPIED
from quantumlayer.qtest.untrusted import text_of

LARGEST_FILE = 1024 * 1024
MOST_FILES = 5_000
NOT_SOURCES = NOT_COPIED | {"target", "build", "vendor", "out", "dist"}

COMMENT = r"//[^\n]*|/\*.*?\*/"
QUOTED = r'"(?:\\.|[^"\\\n])*"'
CHARACTER = r"'(?:\\[^'\n]+|[^'\\\n])'"
LITERALS = {
    "go": re.compile(rf"{COMMENT}|`[^`]*`|{QUOTED}|{CHARACTER}", re.DOTALL),
    "rust": re.compile(rf'{COMMENT}|b?r(#*)".*?"\1|"(?:\\.|[^"\\])*"|{CHARACTER}', re.DOTALL),
    "java": re.compile(rf'{COMMENT}|""".*?"""|{QUOTED}|{CHARACTER}', re.DOTALL),
    "c": re.compile(rf'{COMMENT}|R"(\w*)\(.*?\)\1"|{QUOTED}|{CHARACTER}', re.DOTALL),
}
ARGUMENTS = r"\([^;{}()]*(?:\([^;{}()]*(?:\([^;{}()]*\)[^;{}()]*)*\)[^;{}()]*)*\)"
HEADS = {
    "go": re.compile(r"^func\s+(?:\([^)\n]*\)\s*)?(?P<name>\w+)", re.MULTILINE),
    "rust": re.compile(r"\bfn\s+(?P<name>\w+)"),
    "java": re.compile(rf"\b(?P<name>\w+)\s*{ARGUMENTS}\s*(?:throws\s[\w\s.,]+)?(?=\{{)"),
    "c": re.compile(
        rf"\b(?P<name>\w+)\s*{ARGUMENTS}\s*(?:(?:const|noexcept|override|final)\s*)*"
        r"(?:->\s*[\w:<>*&\s]+)?(?=\{)"
    ),
}
NOT_FUNCTIONS = frozenset({"if", "for", "while", "switch", "catch", "synchronized", "try", "do"})
CALL = re.compile(r"\b(\w+)\s*(?:::<[^>]*>)?\(")

TESTS = {
    "go": re.compile(r"^(Test|Fuzz|Example)([^a-z]|$)"),
    "rust": re.compile(r"#\[\s*(\w+::)*(test|rstest|test_case|quickcheck|wasm_bindgen_test)\b"),
    "java": re.compile(
        r"@(org\.junit\.[\w.]*)?(Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate"
        r"|Property)\b"
    ),
    "c": re.compile(r"$^"),
}
CHECKS = {
    "go": re.compile(
        r"\.(Error|Errorf|Fatal|Fatalf|Fail|FailNow)\(|\bpanic\(|\bos\.Exit\("
        r"|\b\w*(assert|require|must|expect|check|verify)\w*(\.\w+)?\(|\w\(\s*t\b",
        re.IGNORECASE,
    ),
    "rust": re.compile(
        r"\b\w*(assert|panic|unreachable|todo|check|verify|expect|prop|snapshot)\w*!"
        r"|\.unwrap\w*\(|\.expect\w*\(|\?\s*[;,.)]|\bErr\(|should_panic|\bassert\w*\("
    ),
    "java": re.compile(
        r"\b(assert\w*|fail|verify\w*|expect\w*|check\w*|should\w*|then\w*)\s*\("
        r"|\bthrow\s|\bassert\s|\.is[A-Z]\w+\(|dynamicTest\("
    ),
    "c": re.compile(
        r"\b(assert\w*|abort|terminate|throw|\w*(ASSERT|EXPECT|CHECK|REQUIRE|VERIFY)\w*"
        r"|\w*(assert|check|expect|verify|require|fail)\w*)\s*[(;!]"
        r"|\bexit\s*\((?!\s*(0|EXIT_SUCCESS)\s*\))"
    ),
}
SAME = r"(?P<same>[\w.]+|\"\s*\")\s*,\s*(?P=same)\s*[,)]"
EMPTY_CHECKS = {
    "go": re.compile(r"\bif\s+(false|(?P<n>\d+)\s*!=\s*(?P=n))\s*\{[^{}]*\}"),
    "rust": re.compile(rf"\bassert!\(\s*true\s*[,)]|\bassert_eq!\(\s*{SAME}"),
    "java": re.compile(
        rf"\bassertTrue\(\s*true\s*[,)]|\bassertFalse\(\s*false\s*[,)]|\bassertEquals\(\s*{SAME}"
    ),
    "c": re.compile(
        r"#\s*(include|define)[^\n]*|\b(assert|ASSERT_TRUE|EXPECT_TRUE|CHECK|REQUIRE)"
        r"\s*\(\s*(1|true)\s*\)"
    ),
}
ANNOTATION = re.compile(rf"(@\w+)\s*{ARGUMENTS.replace(';{}', '')}")


@dataclass(frozen=True)
class Function:
    """A function with what stands before its name and what is in its braces, blanked."""

    path: str
    name: str
    line: int
    head: str
    body: str


def blanked(content: str, style: str) -> str:
    """The same text, line for line, with comments and the insides of literals as spaces."""

    def blank(match: "re.Match[str]") -> str:
        whole = match[0]
        inside = re.sub(r"[^\n]", " ", whole)
        return inside if whole.startswith("/") else f'"{inside[1:-1]}"'

    return LITERALS[style].sub(blank, content)


def source_files(project: Path, suffixes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(path in the project, content) of each source; links are not followed."""
    wanted, seen = tuple(suffixes), 0
    for path in sorted(project.rglob("*")):
        relative = path.relative_to(project)
        if path.suffix not in wanted or NOT_SOURCES & set(relative.parts[:-1]):
            continue
        text = text_of(path, largest=LARGEST_FILE, encoding="utf-8")
        if text is None:
            continue
        seen += 1
        if seen > MOST_FILES:
            return
        yield str(relative), text


def functions_in(path: str, content: str, style: str) -> Iterator[Function]:
    """Every function of a file that has a body."""
    text = blanked(content, style)
    if style == "java":
        text = ANNOTATION.sub(
            lambda found: found[1] + re.sub(r"[^\n]", " ", found[0][len(found[1]) :]), text
        )
    for match in HEADS[style].finditer(text):
        if match["name"] in NOT_FUNCTIONS:
            continue
        opening = re.compile(r"[{;]").search(text, match.end())
        if opening is None or opening[0] == ";":
            continue
        begins = max(text.rfind(mark, 0, match.start()) for mark in "{};") + 1
        yield Function(
            path=path,
            name=match["name"],
            line=text.count("\n", 0, match.start("name")) + 1,
            head=text[begins : match.start()] + content[begins : match.start()],
            body=text[match.end() : closing(text, opening.start())],
        )


def closing(text: str, opening: int) -> int:
    """Where the brace that opens at an index closes."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(text, opening):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.end()
    return len(text)


def is_test(function: Function, style: str) -> bool:
    """Whether a runner would take the function for a test."""
    if style == "go":
        named = TESTS["go"].match(function.name) is not None
        return named and function.path.endswith("_test.go")
    return TESTS[style].search(function.head) is not None


def unable_to_fail(functions: Iterable[Function], style: str) -> list[Function]:
    """The tests in which nothing can fail, nor in any function of the project that they call."""
    everything = list(functions)
    able = {function.name for function in everything if can_fail(function, style)}
    while True:
        more = {
            function.name
            for function in everything
            if function.name not in able and able & set(CALL.findall(function.body))
        }
        if not more:
            break
        able |= more
    tested = [function for function in everything if is_test(function, style)]
    return [
        test
        for test in tested
        if not can_fail(test, style)
        and not able & (set(CALL.findall(test.body)) - {test.name})
        and not (style == "go" and test.name.startswith("Example"))
    ]


def can_fail(function: Function, style: str) -> bool:
    body = EMPTY_CHECKS[style].sub(" ", function.body)
    if style == "java" and "expected" in function.head:
        return True
    return CHECKS[style].search(body) is not None or (
        style == "rust" and "should_panic" in function.head
    )
