"""Languages' own checkers: what they refuse is refused, what they take is taken."""

import shutil
from pathlib import Path

import pytest

from quantumlayer.qtest import CHECKERS, Sandbox, check_syntax
from tests.packages.qtest.conftest import MakeProject

SOUND = {
    "go": ("a.go", "package a\n\nfunc F() int { return 1 }\n"),
    "typescript": ("a.d.ts", "declare global {\n  var x: { abstract: boolean };\n}\nexport {};\n"),
    "tsx": ("a.tsx", "export const a = <b className='x'>{1 as number}</b>;\n"),
    "java": ("A.java", "class A { Unknown x = Elsewhere.make(); }\n"),
    "rust": ("a.rs", "mod elsewhere;\nfn main() { elsewhere::run!(); }\n"),
    "c": ("a.c", '#include <stdio.h>\nint main(void) { return puts("x") < 0; }\n'),
    "cpp": ("a.cpp", "#include <concepts>\ntemplate <std::integral T> T f(T x) { return x; }\n"),
    "bash": ("a.sh", "shopt -s extglob\nrm !(keep|also)\n"),
    "php": ("a.php", "<?php\nfunction f(): int { return 1; }\n"),
    "ruby": ("a.rb", "def f\n  1\nend\n"),
    "lua": ("a.lua", "local x = 1\nreturn x\n"),
}
BROKEN = {
    "go": ("b.go", "package a\n\nfunc F( {\n", 3),
    "typescript": ("b.ts", "const x: number = 1;\nconst y: = 2;\n", 2),
    "tsx": ("b.tsx", "export const a = <b>;\n", 1),
    "java": ("B.java", "class B {\n  int f() { return 1 }\n}\n", 2),
    "rust": ("b.rs", "fn main() {\n    let x = ;\n}\n", 2),
    "c": ("b.c", "int main(void) {\n    return 0\n}\n", 2),
    "cpp": ("b.cpp", "int main() {\n    return undeclared;\n}\n", 2),
    "bash": ("b.sh", "if true; then\n    echo x\nfi }\n", 3),
    "php": ("b.php", "<?php\nfunction f( { }\n", 2),
    "ruby": ("b.rb", "def f\n  1 +\nend\n", 3),
    "lua": ("b.lua", "local x = = 1\n", 1),
}
FETCHED = {"typescript", "tsx"}
PRESENT = [
    name
    for name, checker in CHECKERS.items()
    if name in FETCHED or checker.locate(None) is not None
]


def test_every_checker_has_its_examples() -> None:
    assert set(CHECKERS) == set(SOUND) == set(BROKEN)


@pytest.mark.parametrize("language", PRESENT)
async def test_the_checker_has_its_say(
    language: str, make_project: MakeProject, sandbox: Sandbox, cache: Path
) -> None:
    good, content = SOUND[language]
    bad, wrong, line = BROKEN[language]
    project = make_project({good: content, bad: wrong})
    found = await check_syntax(project, {language: [good, bad]}, cache=cache, sandbox=sandbox)
    told = {one.path: one for one in found}
    assert told.keys() == {good, bad}
    assert told[good].problems == ()
    assert told[bad].problems[0].line == line
    assert {one.tier for one in found} == {CHECKERS[language].tier}


async def test_a_missing_header_is_no_fault_of_the_file(
    make_project: MakeProject, sandbox: Sandbox
) -> None:
    project = make_project({"a.c": "#include <no_such_library.h>\nint x = y;\n"})
    assert await check_syntax(project, {"c": ["a.c"]}, sandbox=sandbox) == ()


async def test_what_a_build_may_define_is_not_held_against_a_file(
    make_project: MakeProject, sandbox: Sandbox
) -> None:
    undefined = "const char *version = VERSION;\n"
    broken = "const char *version = VERSION\nint x;\n"
    project = make_project({"Makefile": "all:\n", "a.c": undefined, "b.c": broken})
    found = await check_syntax(project, {"c": ["a.c", "b.c"]}, sandbox=sandbox)
    assert [(one.path, bool(one.problems)) for one in found] == [("b.c", True)]


@pytest.mark.parametrize("manifest", ["Makefile", "Cargo.toml", "setup.py", "binding.gyp"])
async def test_macros_of_a_build_may_have_any_grammar(
    make_project: MakeProject, sandbox: Sandbox, manifest: str
) -> None:
    sources = {
        "block.c": "int f(int *l) { synchronized_on(l) { return 1; } return 0; }\n",
        "mark.c": "EXPORTED int f(void) CALLED_SO { return 1; }\n",
        "choice.c": "#ifndef WIDTH\n#error no width\n#endif\nstruct s WIDTH f;\n",
        "block.cpp": "int f(int *l) { synchronized_on(l) { return 1; } return 0; }\n",
        "broken.c": "int f(int *l) { if (l) { return 1; return 0; }\n",
        "unclosed.c": "int f(int l) { return (l + 1; }\n",
        "broken.cpp": "int f(int l) { return l + 1 }\n",
    }
    project = make_project({manifest: "", **sources})
    asked = {"c": [path for path in sources if path.endswith(".c")],
             "cpp": [path for path in sources if path.endswith(".cpp")]}  # fmt: skip
    found = await check_syntax(project, asked, sandbox=sandbox)
    assert sorted(one.path for one in found if one.problems) == [
        "broken.c", "broken.cpp", "unclosed.c",
    ]  # fmt: skip


async def test_an_encoding_that_nobody_declared_is_no_matter_of_syntax(
    make_project: MakeProject, sandbox: Sandbox
) -> None:
    project = make_project({"A.java": "class A { } // J?rg\n"})
    (project / "A.java").write_bytes("class A { } // Jörg\n".encode("latin-1"))
    found = await check_syntax(project, {"java": ["A.java"]}, sandbox=sandbox)
    assert not [one.problems for one in found if one.problems]


async def test_names_like_options_are_names(make_project: MakeProject, sandbox: Sandbox) -> None:
    project = make_project({"-c.sh": "echo hello\n"})
    (found,) = await check_syntax(project, {"bash": ["-c.sh"]}, sandbox=sandbox)
    assert found.problems == ()


async def test_without_a_checker_there_is_no_answer(
    make_project: MakeProject, sandbox: Sandbox
) -> None:
    project = make_project({"a.kt": "fun main() {}\n"})
    assert await check_syntax(project, {"kotlin": ["a.kt"]}, sandbox=sandbox) == ()
    assert shutil.which("bash")
